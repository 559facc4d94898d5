/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs that die, jobs that wait for each other, many at once, and one that is
 * killed at any time: after each the register is whole and nobody has a copy
 * too many.
 */
#include "register-file.h"
#include <miyin/refusal.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- recovery --------------------------------------------------------- */

/* A process that holds its job: one copy reserved, one sending. */
static pid_t start_job(const char *uuid, int *end)
{
	int ends[2];
	char ready;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		g_autoptr(miyin_register) reg = open_register();
		GPtrArray *copies;

		close(ends[0]);
		if (!miyin_register_lock_job(reg, uuid, NULL))
			_exit(1);
		copies = issue(reg, uuid, 2, 99);
		if (!miyin_register_claim(reg, copies->pdata[0], 100, NULL) ||
		    !miyin_register_start_device(reg, 100, NULL) ||
		    write(ends[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], &ready, 1), 1);
	*end = ends[0];
	return child;
}

static void stop_job(pid_t child, int end)
{
	int status;

	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	close(end);
}

/* Whether a job of another server lives is not seen from here. */
START_TEST(recovers_its_own)
{
	const miyin_config one = { .register_path = path,
				   .server = (char *)"one" };
	const miyin_config two = { .register_path = path,
				   .server = (char *)"two" };
	g_autoptr(miyin_register) first = miyin_register_open(&one, TRUE, NULL);
	g_autoptr(miyin_register) second =
		miyin_register_open(&two, FALSE, NULL);
	g_autoptr(GPtrArray) copies = issue(first, "job-1", 2, 9);
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_claim(first, copies->pdata[0], 100, NULL));
	ck_assert(miyin_register_recover(second, NULL, NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state"
				    " IN ('reserved', 'sending')"),
			 2);
	/* Its scheduler has a job of that number, too. */
	assert_state(miyin_register_start_device(second, 100, &error), &error);
	ck_assert(miyin_register_start_device(first, 100, NULL));
	ck_assert(miyin_register_recover(first, NULL, NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state"
				    " IN ('reserved', 'sending')"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM jobs WHERE server ="
				    " 'one'"),
			 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE server ="
				    " 'one' AND EXISTS(SELECT 1 FROM log WHERE"
				    " instr(entry, event) > 0 AND"
				    " substr(entry, -3) = x'6f6e65')"),
			 5);
}
END_TEST

START_TEST(recovers_the_dead)
{
	g_autoptr(miyin_register) reg = open_register();
	int end_1, end_2;
	pid_t live = start_job("job-live", &end_1);
	pid_t dead = start_job("job-dead", &end_2);

	ck_assert(miyin_register_recover(reg, NULL, NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state"
				    " IN ('reserved', 'sending')"),
			 4);
	stop_job(dead, end_2);
	/* A job leaves its own copies to its own second run. */
	ck_assert(miyin_register_recover(reg, "job-dead", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state"
				    " IN ('reserved', 'sending')"),
			 4);
	ck_assert(miyin_register_recover(reg, "job-mine", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies c JOIN jobs j"
				    " ON j.id = c.job WHERE uuid = 'job-live'"
				    " AND state IN ('reserved', 'sending')"),
			 2);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies c JOIN jobs j"
				    " ON j.id = c.job WHERE uuid = 'job-dead'"
				    " AND (state = 'doubt' AND copy_no = 1 OR"
				    " state = 'void' AND copy_no = 2) AND"
				    " settled_at <> ''"),
			 2);
	/* What was reserved came back, what may be on paper did not. */
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 3);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event IN"
				    " ('void', 'doubt') AND result = 'failed'"
				    " AND detail <> ''"),
			 2);
	/* Once is enough. */
	ck_assert(miyin_register_recover(reg, "job-mine", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event IN"
				    " ('void', 'doubt')"),
			 2);
	stop_job(live, end_1);
	assert_sound();
}
END_TEST

START_TEST(recovers_what_never_started)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-dead", 1, 1);
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_claim(reg, copies->pdata[0], 100, NULL));
	ck_assert(miyin_register_recover(reg, "job-mine", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state ="
				    " 'void'"),
			 1);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 0);
	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	assert_sound();
}
END_TEST

/* The gate died and the guard did not: what it wrote is what happened. */
static const struct {
	const char *what;
	miyin_device_record seen;
	const char *state;
	int used;
} evidence[] = {
	{ "it came out",
	  { .end = MIYIN_DEVICE_DONE, .reached = TRUE, .pages = 3 },
	  "printed",
	  1 },
	{ "the device failed",
	  { .end = MIYIN_DEVICE_FAILED, .reached = TRUE },
	  "partial",
	  1 },
	{ "it was off", { .end = MIYIN_DEVICE_FAILED }, "void", 0 },
	{ "the guard's backend was killed",
	  { .end = MIYIN_DEVICE_KILLED, .reached = TRUE },
	  "partial",
	  1 },
	{ "nobody knows", { .end = MIYIN_DEVICE_NONE }, "doubt", 1 },
};

START_TEST(recovers_by_evidence)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-dead", 1, 1);
	g_autofree char *sql = g_strdup_printf(
		"SELECT count(*) FROM copies WHERE state = '%s'",
		evidence[_i].state);

	ck_assert(miyin_register_claim(reg, copies->pdata[0], 100, NULL));
	ck_assert(miyin_register_start_device(reg, 100, NULL));
	if (evidence[_i].seen.end != MIYIN_DEVICE_NONE)
		ck_assert(miyin_register_end_device(reg, 100,
						    &evidence[_i].seen, NULL));
	ck_assert(miyin_register_recover(reg, "job-mine", NULL));
	ck_assert_msg(get_number(sql) == 1, "%s", evidence[_i].what);
	ck_assert_int_eq(get_number("SELECT used FROM documents"),
			 evidence[_i].used);
	assert_sound();
}
END_TEST

/* The next process sees the copy go, and cannot send it. */
START_TEST(recovered_cannot_be_claimed)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(miyin_register) other = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 1, 1);
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_recover(other, NULL, NULL));
	assert_state(miyin_register_claim(reg, copies->pdata[0], 100, &error),
		     &error);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 0);
	assert_sound();
}
END_TEST

START_TEST(lock_waits_for_the_one_before)
{
	g_autoptr(miyin_register) reg = open_register();
	gint64 before;
	int ends[2];
	char ready;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		miyin_register *own = open_register();

		if (!miyin_register_lock_job(own, "job-1", NULL) ||
		    write(ends[1], "", 1) != 1)
			_exit(1);
		g_usleep(G_USEC_PER_SEC / 2);
		miyin_register_close(own);
		_exit(0);
	}
	ck_assert_int_eq(read(ends[0], &ready, 1), 1);
	before = g_get_monotonic_time();
	ck_assert(miyin_register_lock_job(reg, "job-1", NULL));
	ck_assert_int_gt(g_get_monotonic_time() - before, G_USEC_PER_SEC / 5);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* Nor does a job that is killed, whatever its name: one file has all locks. */
START_TEST(lock_leaves_nothing)
{
	g_autoptr(GDir) folder = NULL;
	const char *name;
	miyin_register *reg;

	for (int i = 0; i < 5; i++) {
		g_autofree char *uuid =
			g_strdup_printf("../../etc/passwd%d", i);
		int end;
		pid_t child = start_job(uuid, &end);

		stop_job(child, end);
	}
	reg = open_register();
	ck_assert(miyin_register_lock_job(reg, "../../etc/passwd1", NULL));
	miyin_register_close(reg);
	folder = g_dir_open(dir, 0, NULL);
	while ((name = g_dir_read_name(folder)))
		ck_assert_msg(g_str_equal(name, "register.db") ||
				      g_str_equal(name, "last-event") ||
				      g_str_has_suffix(name, "-key") ||
				      g_str_equal(name, "jobs.lock"),
			      "%s", name);
}
END_TEST

/* ---- many at once ----------------------------------------------------- */

#ifdef UNDER_VALGRIND /* where each holds the lock for long */
#define N_RACERS 4
#else
#define N_RACERS 8
#endif
#define RACE_LIMIT 100

static G_GNUC_NORETURN void race(int racer, unsigned n_tries, unsigned n_each)
{
	miyin_register *reg = open_register();
	int granted = 0;

	for (unsigned i = 0; i < n_tries; i++) {
		g_autofree char *uuid = g_strdup_printf("%d-%u", racer, i);
		const miyin_request request =
			new_request(uuid, n_each, RACE_LIMIT);
		g_autoptr(GPtrArray) copies = NULL;
		g_autoptr(GError) error = NULL;

		if (miyin_register_issue(reg, &request, &copies, &error))
			granted += copies->len;
		else if (!g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_OVER_LIMIT))
			_exit(255);
	}
	miyin_register_close(reg);
	_exit(granted);
}

/* Alone and three at a time: 33 times 3, and one copy stays. */
static const struct {
	unsigned n_tries, n_each;
	int granted;
} races[] = { { 26, 1, 100 }, { 10, 3, 99 } };

START_TEST(race_for_the_last_copy)
{
	pid_t children[N_RACERS];
	int granted = 0;

	miyin_register_close(open_register());
	for (int i = 0; i < N_RACERS; i++) {
		children[i] = fork();
		if (children[i] == 0)
			race(i, races[_i].n_tries, races[_i].n_each);
	}
	for (int i = 0; i < N_RACERS; i++) {
		int status;

		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert(WIFEXITED(status));
		ck_assert_int_ne(WEXITSTATUS(status), 255);
		granted += WEXITSTATUS(status);
	}
	ck_assert_int_eq(granted, races[_i].granted);
	ck_assert_int_eq(get_number("SELECT count(DISTINCT serial) FROM"
				    " copies WHERE serial BETWEEN 1 AND 100"),
			 granted);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), granted);
	ck_assert_int_eq(get_number("SELECT max(serial) FROM copies"), granted);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), granted);
	assert_sound();
}
END_TEST

/* The first registers that a new server opens, all at once. */
START_TEST(race_to_create)
{
	pid_t children[N_RACERS];

	for (int i = 0; i < N_RACERS; i++) {
		children[i] = fork();
		if (children[i] == 0)
			race(i, 1, 1);
	}
	for (int i = 0; i < N_RACERS; i++) {
		int status;

		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert(WIFEXITED(status));
		ck_assert_int_eq(WEXITSTATUS(status), 1);
	}
	assert_sound();
}
END_TEST

/* ---- killed at any time ----------------------------------------------- */

#define N_KILLS 30

static G_GNUC_NORETURN void print_for_ever(int round, int told_fd)
{
	for (unsigned i = 0;; i++) {
		miyin_register *reg = open_register();
		g_autofree char *uuid = g_strdup_printf("%d-%u", round, i);
		GPtrArray *copies;

		if (!miyin_register_lock_job(reg, uuid, NULL))
			_exit(1);
		copies = issue(reg, uuid, 3, 100000);
		if (i == 0 && write(told_fd, "", 1) != 1)
			_exit(1);
		if (!miyin_register_claim(reg, copies->pdata[0], 100, NULL) ||
		    !miyin_register_start_device(reg, 100, NULL) ||
		    !miyin_register_settle(reg, copies->pdata[0],
					   MIYIN_COPY_PRINTED, 3, "", NULL) ||
		    !miyin_register_void(reg, copies->pdata[1], "", NULL) ||
		    !miyin_register_claim(reg, copies->pdata[2], 101, NULL) ||
		    !miyin_register_settle(reg, copies->pdata[2],
					   MIYIN_COPY_PARTIAL, 1, "", NULL))
			_exit(1);
		g_ptr_array_unref(copies);
		miyin_register_close(reg);
	}
}

START_TEST(killed)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(6);

	miyin_register_close(open_register());
	for (int round = 0; round < N_KILLS; round++) {
		g_autoptr(miyin_register) reg = NULL;
		int status, ends[2];
		pid_t child;
		char told;

		ck_assert_int_eq(pipe(ends), 0);
		child = fork();
		if (child == 0)
			print_for_ever(round, ends[1]);
		close(ends[1]);
		/* On a busy machine a fixed time may be over too soon. */
		ck_assert_int_eq(read(ends[0], &told, 1), 1);
		close(ends[0]);
		g_usleep(g_rand_int_range(rand, 5000, 120000));
		ck_assert_int_eq(kill(child, SIGKILL), 0);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert(WIFSIGNALED(status));
		assert_sound();
		reg = open_register();
		/* What the file beside it says was committed before. */
		ck_assert(miyin_register_is_whole(reg, NULL));
		ck_assert(miyin_register_recover(reg, NULL, NULL));
		ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE"
					    " state IN ('reserved',"
					    " 'sending')"),
				 0);
		assert_sound();
	}
	/* It did get somewhere, and was hit in the middle. */
	ck_assert_int_gt(get_number("SELECT count(*) FROM copies"), N_KILLS);
	ck_assert_int_gt(get_number("SELECT count(*) FROM events WHERE event IN"
				    " ('void', 'doubt') AND detail <> ''"),
			 0);
}
END_TEST

/* ---- the lot ---------------------------------------------------------- */

int main(void)
{
	Suite *suite = suite_create("recovery");
	TCase *tcase = new_tcase(suite, "crash", 300);

	tcase_add_test(tcase, recovers_the_dead);
	tcase_add_test(tcase, recovers_its_own);
	tcase_add_test(tcase, recovers_what_never_started);
	tcase_add_loop_test(tcase, recovers_by_evidence, 0,
			    G_N_ELEMENTS(evidence));
	tcase_add_test(tcase, recovered_cannot_be_claimed);
	tcase_add_test(tcase, lock_waits_for_the_one_before);
	tcase_add_test(tcase, lock_leaves_nothing);
	tcase_add_loop_test(tcase, race_for_the_last_copy, 0,
			    G_N_ELEMENTS(races));
	tcase_add_test(tcase, race_to_create);
	tcase_add_test(tcase, killed);
	return run_suite(suite);
}

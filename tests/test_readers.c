/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who reads does not hold up who prints; who holds the file for a while does
 * not lose a print; a database that fails is not one without rows.
 *
 *   MIYIN_COPIES   copies in the register of the long test (default 20000)
 */
#include "register-file.h"
#include "backend/report.h"
#include "backend/tell.h"
#include "registry/store.h"
#include <cups/backend.h>
#include <miyin/memfile.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void change(const char *sql)
{
	char *reason = NULL;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &reason) == SQLITE_OK,
		      "%s", reason);
	sqlite3_close(db);
}

/* ---- a reader that stands still --------------------------------------- */

static miyin_register *writer;

/* Without patience: whatever the reader holds would make this fail. */
static gboolean print_meanwhile(int n)
{
	g_autofree char *uuid = g_strdup_printf("meanwhile-%d", n);

	writer->wait_s = 0;
	print_one(writer, uuid, 1000 + n);
	return FALSE;
}

static gboolean on_event(const miyin_event *event, gpointer data)
{
	(void)event;
	return print_meanwhile(++*(int *)data);
}

static gboolean on_copy(const miyin_copy_record *copy, gpointer data)
{
	return on_event(NULL, data) && copy;
}

START_TEST(prints_while_a_list_waits)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 3, 9);
	const miyin_filter all = { NULL };
	int n = 0;

	writer = open_register();
	ck_assert(miyin_register_log(reg, &all, on_event, &n, NULL));
	ck_assert(miyin_register_find_copies(
		reg, &(const miyin_filter){ .document = HASH_A }, on_copy, &n,
		NULL));
	ck_assert_int_eq(n, 2);
	miyin_register_close(writer);
	assert_sound();
}
END_TEST

/* ---- a list over many pages ------------------------------------------- */

/* N jobs of one copy each. */
static void fill(int n)
{
	g_autoptr(GString) sql = NULL;
	g_autofree char *text = NULL, *number = g_strdup_printf("%d", n);

	ck_assert(g_file_get_contents("tests/fill.sql", &text, NULL, NULL));
	sql = g_string_new(text);
	g_string_replace(sql, "@N@", number, 0);
	change(sql->str);
}

static gboolean in_order(const miyin_event *event, gpointer data)
{
	gint64 *last = data;

	ck_assert_int_eq(event->seq, *last + 1);
	ck_assert_str_eq(event->title, "关于印发的通知");
	*last = event->seq;
	return TRUE;
}

static gboolean count_event(const miyin_event *event, gpointer n)
{
	ck_assert_str_eq(event->user, "li");
	++*(int *)n;
	return TRUE;
}

static gboolean stop_at_1500(const miyin_event *event, gpointer n)
{
	(void)event;
	return ++*(int *)n < 1500;
}

START_TEST(list_over_many_pages)
{
	g_autoptr(miyin_register) reg = open_register();
	const miyin_filter all = { NULL }, li = { .user = "li" };
	gint64 last = 0;
	int n = 0;

	fill(1234);
	ck_assert(miyin_register_log(reg, &all, in_order, &last, NULL));
	ck_assert_int_eq(last, 3 * 1234);
	print_one(reg, "job-1", 9000);
	ck_assert(miyin_register_log(reg, &li, count_event, &n, NULL));
	ck_assert_int_eq(n, 3);
	n = 0;
	ck_assert(miyin_register_log(reg, &all, stop_at_1500, &n, NULL));
	ck_assert_int_eq(n, 1500);
}
END_TEST

/* ---- a reader that never stops ---------------------------------------- */

static gboolean nothing(const miyin_event *event, gpointer data)
{
	(void)event;
	(void)data;
	return TRUE;
}

static pid_t start_reader(void)
{
	const miyin_filter all = { NULL };
	pid_t child = fork();

	if (child != 0)
		return child;
	for (;;) {
		g_autoptr(miyin_register) reg = open_register();

		if (!miyin_register_log(reg, &all, nothing, NULL, NULL))
			_exit(1);
	}
}

static int n_filled(void)
{
	const char *text = g_getenv("MIYIN_COPIES");

	return text ? atoi(text) : 20000;
}

START_TEST(prints_under_readers)
{
	g_autoptr(miyin_register) reg = open_register();
	gint64 longest = 0;
	pid_t readers[2];
	int status;

	fill(n_filled());
	for (int i = 0; i < 2; i++)
		readers[i] = start_reader();
	for (int i = 0; i < 100; i++) {
		g_autofree char *uuid = g_strdup_printf("job-%d", i);
		gint64 before = g_get_monotonic_time();

		print_one(reg, uuid, 100 + i);
		longest = MAX(longest, g_get_monotonic_time() - before);
	}
	for (int i = 0; i < 2; i++) {
		/* Still at it. */
		ck_assert_int_eq(waitpid(readers[i], &status, WNOHANG), 0);
		kill(readers[i], SIGKILL);
		waitpid(readers[i], &status, 0);
	}
	printf("%d copies: 100 of 100 printed, the slowest in %" G_GINT64_FORMAT
	       " ms\n",
	       n_filled(), longest / 1000);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies c JOIN jobs j"
				    " ON j.id = c.job WHERE j.user = 'li' AND"
				    " c.state = 'printed'"),
			 100);
	ck_assert_int_lt(longest, 30 * G_USEC_PER_SEC);
}
END_TEST

/* ---- who has the file open -------------------------------------------- */

/* A process that holds it (SHARED after a SELECT, or all) for some time. */
static pid_t hold_file(const char *sql, int hold_s)
{
	int ends[2];
	char ready;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		sqlite3 *db;

		if (sqlite3_open(path, &db) != SQLITE_OK ||
		    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK ||
		    write(ends[1], "", 1) != 1)
			_exit(1);
		sleep(hold_s);
		_exit(0);
	}
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], &ready, 1), 1);
	close(ends[0]);
	return child;
}

static const char *const holds[] = {
	"BEGIN; SELECT count(*) FROM events",
	"BEGIN IMMEDIATE",
	"BEGIN EXCLUSIVE",
};

/* Longer than the ten seconds after which prints were lost. */
START_TEST(waits_for_who_holds_it)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 1, 9);
	miyin_copy *copy = copies->pdata[0];
	volatile sig_atomic_t stop = 1;
	pid_t child;

	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	ck_assert(miyin_register_start_device(reg, 100, NULL));
	child = hold_file(holds[_i], 12);
	/* Also when the job is canceled: the paper is there. */
	reg->stop = &stop;
	ck_assert(miyin_register_settle(reg, copy, MIYIN_COPY_PRINTED, 3, "",
					NULL));
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

/* Nor is a refusal lost: a cancel is one, and somebody may read just then. */
START_TEST(refusal_waits)
{
	g_autoptr(miyin_register) reg = open_register();
	const miyin_request request = new_request("job-1", 1, 1);
	g_autoptr(GError) error = NULL;
	volatile sig_atomic_t stop = 1;
	pid_t child = hold_file(holds[2], 2);

	reg->stop = &stop;
	ck_assert_msg(miyin_register_refuse(reg, &request, "canceled",
					    "Canceled.", &error),
		      "%s", error ? error->message : "");
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'refuse' AND reason = 'canceled'"),
			 1);
}
END_TEST

/* What has not begun to print ends at once when it is canceled. */
START_TEST(cancel_waits_for_nobody)
{
	g_autoptr(miyin_register) reg = open_register();
	const miyin_request request = new_request("job-1", 1, 1);
	g_autoptr(GPtrArray) copies = NULL;
	g_autoptr(GError) error = NULL;
	volatile sig_atomic_t stop = 1;
	gint64 before = g_get_monotonic_time();
	pid_t child = hold_file(holds[2], 30);

	reg->stop = &stop;
	ck_assert(!miyin_register_issue(reg, &request, &copies, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_BUSY));
	ck_assert_int_lt(g_get_monotonic_time() - before, 5 * G_USEC_PER_SEC);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}
END_TEST

/* ---- failure is not absence ------------------------------------------- */

typedef gboolean (*act)(miyin_register *reg, GError **error);

static miyin_copy *a_copy;

static gboolean act_recover(miyin_register *reg, GError **error)
{
	return miyin_register_recover(reg, NULL, error);
}

static gboolean act_issue(miyin_register *reg, GError **error)
{
	const miyin_request request = new_request("job-2", 1, 9);
	g_autoptr(GPtrArray) copies = NULL;

	return miyin_register_issue(reg, &request, &copies, error);
}

static gboolean act_second_run(miyin_register *reg, GError **error)
{
	const miyin_request request = new_request("job-1", 1, 9);
	g_autoptr(GPtrArray) copies = NULL;

	return miyin_register_issue(reg, &request, &copies, error);
}

static gboolean act_over_limit(miyin_register *reg, GError **error)
{
	const miyin_request request = new_request("job-3", 9, 2);
	g_autoptr(GPtrArray) copies = NULL;

	return miyin_register_issue(reg, &request, &copies, error);
}

static gboolean act_reprint(miyin_register *reg, GError **error)
{
	const miyin_request request = new_request("job-4", 1, 9);
	gboolean reprint;

	return miyin_register_is_reprint(reg, &request, &reprint, error);
}

static gboolean act_start(miyin_register *reg, GError **error)
{
	return miyin_register_start_device(reg, 100, error);
}

static gboolean act_read_device(miyin_register *reg, GError **error)
{
	miyin_device_record record = { 0 };
	gboolean ok = miyin_register_read_device(reg, a_copy, &record, error);

	miyin_device_record_clear(&record);
	return ok;
}

static gboolean see(const miyin_copy_record *copy, gpointer data)
{
	return copy && !data;
}

static gboolean act_copies(miyin_register *reg, GError **error)
{
	return miyin_register_find_copies(
		reg, &(const miyin_filter){ .document = HASH_A }, see, NULL,
		error);
}

static gboolean act_log(miyin_register *reg, GError **error)
{
	const miyin_filter all = { NULL };

	return miyin_register_log(reg, &all, nothing, NULL, error);
}

static gboolean act_note(miyin_register *reg, GError **error)
{
	return miyin_register_note(reg, NOTE("trace", "li", NULL, ""),
				   a_copy->copy_id, error);
}

static const struct {
	const char *what;
	act func;
	const char *tables[4]; /* that it cannot do without */
} acts[] = {
	{ "recover", act_recover, { "copies_open", "jobs", "copies", NULL } },
	{ "issue",
	  act_issue,
	  { "documents", "sqlite_autoindex_jobs_1", "contents", NULL } },
	{ "a second run",
	  act_second_run,
	  { "sqlite_autoindex_jobs_1", "copies_of_job", "copies", NULL } },
	{ "over the limit",
	  act_over_limit,
	  { "documents", "copies", "contents", NULL } },
	{ "is it a reprint",
	  act_reprint,
	  { "sqlite_autoindex_jobs_1", "contents", "copies", NULL } },
	{ "start", act_start, { "copies_of_device", "copies", NULL } },
	{ "read the device", act_read_device, { "copies", "devices", NULL } },
	{ "copies", act_copies, { "contents", "copies", "jobs", NULL } },
	{ "log", act_log, { "events", NULL } },
	{ "note", act_note, { "sqlite_autoindex_copies_1", NULL } },
};

/* Write nonsense over the page that the table begins with. */
static void break_table(const char *name)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT rootpage FROM sqlite_schema WHERE name = '%s'", name);
	const off_t page = get_number(sql);
	const off_t size = get_number("PRAGMA page_size");
	g_autofree char *waste = g_malloc(size);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	memset(waste, 0xa5, size);
	ck_assert_int_eq(pwrite(fd, waste, size, (page - 1) * size), size);
	close(fd);
}

static void assert_fails(const char *table, gboolean locked, int n)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 1, 9);
	g_autoptr(GError) error = NULL;
	pid_t child = 0;
	gboolean ok;

	a_copy = copies->pdata[0];
	ck_assert(miyin_register_claim(reg, a_copy, 100, NULL));
	if (locked) {
		child = hold_file("BEGIN EXCLUSIVE", 60);
		reg->wait_s = 0;
	} else {
		g_clear_pointer(&reg, miyin_register_close);
		break_table(table);
		reg = open_register();
	}
	ok = acts[n].func(reg, &error);
	if (child) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	ck_assert_msg(!ok, "%s without %s", acts[n].what, table);
	ck_assert_msg(
		g_error_matches(error, MIYIN_ERROR,
				locked ? MIYIN_ERROR_BUSY : MIYIN_ERROR_SYSTEM),
		"%s without %s: %s", acts[n].what, table, error->message);
}

START_TEST(locked_is_not_empty)
{
	assert_fails("a lock", TRUE, _i);
}
END_TEST

/* What must be written waits for long, and is not lost without a word. */
START_TEST(lost_refusal_is_told)
{
	static const volatile sig_atomic_t stop = 1;
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) documents = g_ptr_array_new();
	g_autoptr(GError) reason = miyin_refusal_new(MIYIN_REFUSAL_BANNER);
	miyin_job job = { .status = &miyin_tell,
			  .user = (char *)"li",
			  .title = (char *)"Plan",
			  .asked = { (char *)"", (char *)"", (char *)"" },
			  .documents = documents };
	miyin_printing p = { .job = &job, .reg = reg, .stop = &stop };
	g_auto(miyin_fd) said = miyin_memfile_new("said", NULL);
	g_auto(miyin_fd) before = dup(STDERR_FILENO);
	pid_t child = hold_file("BEGIN EXCLUSIVE", 60);
	g_autofree char *text = NULL;
	int status;

	reg->wait_s = 0;
	dup2(said, STDERR_FILENO);
	status = miyin_report(&p, MIYIN_PRINT_REFUSED, reason);
	dup2(before, STDERR_FILENO);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	text = miyin_memfile_text(said, G_MAXSIZE, NULL);
	ck_assert_int_eq(status, CUPS_BACKEND_CANCEL);
	ck_assert_msg(strstr(text, "WARNING: This refusal is not in the"
				   " register: banner, \"Plan\" of li ("),
		      "%s", text);
}
END_TEST

START_TEST(broken_is_not_empty)
{
	for (int i = 0; acts[_i].tables[i]; i++) {
		if (i > 0) {
			remove_dir();
			make_dir();
		}
		assert_fails(acts[_i].tables[i], FALSE, _i);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("readers");
	TCase *quick = new_tcase(suite, "quick", 60);
	TCase *slow = new_tcase(suite, "slow", 600);

	tcase_add_test(quick, prints_while_a_list_waits);
	tcase_add_test(quick, list_over_many_pages);
	tcase_add_test(quick, cancel_waits_for_nobody);
	tcase_add_test(quick, refusal_waits);
	tcase_add_test(quick, lost_refusal_is_told);
	tcase_add_loop_test(quick, locked_is_not_empty, 0, G_N_ELEMENTS(acts));
	tcase_add_loop_test(quick, broken_is_not_empty, 0, G_N_ELEMENTS(acts));
	tcase_add_loop_test(slow, waits_for_who_holds_it, 0,
			    G_N_ELEMENTS(holds));
	tcase_add_test(slow, prints_under_readers);
	return run_suite(suite);
}

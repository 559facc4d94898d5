/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the register lets nobody do: a copy's steps out of order, an issue by
 * half, a change by hand; and which files it does not open, or not write.
 */
#include "register-file.h"
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- what may not be -------------------------------------------------- */

START_TEST(claim_twice)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(miyin_register) other = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 1, 1);
	g_autoptr(GPtrArray) same = issue(other, "job-1", 1, 1);
	miyin_copy *copy = copies->pdata[0], *stale = same->pdata[0];
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	assert_state(miyin_register_claim(reg, copy, 101, &error), &error);
	ck_assert_int_eq(copy->device_job, 100);
	/* Another process that still believes it is reserved. */
	assert_state(miyin_register_claim(other, stale, 101, &error), &error);
	ck_assert_int_eq(stale->state, MIYIN_COPY_RESERVED);
	ck_assert_int_eq(stale->device_job, 0);
	assert_state(miyin_register_void(other, stale, "", &error), &error);
	ck_assert_int_eq(get_number("SELECT device_job FROM copies"), 100);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 2);
	assert_sound();
}
END_TEST

START_TEST(out_of_order)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 1, 1);
	miyin_copy *copy = copies->pdata[0];
	g_autoptr(GError) error = NULL;

	for (int to = 0; to < MIYIN_N_COPY_STATES; to++)
		assert_state(
			miyin_register_settle(reg, copy, to, 1, "", &error),
			&error);
	ck_assert_int_eq(copy->state, MIYIN_COPY_RESERVED);
	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	ck_assert(miyin_register_start_device(reg, 100, NULL));
	assert_state(miyin_register_void(reg, copy, "", &error), &error);
	assert_state(miyin_register_settle(reg, copy, MIYIN_COPY_VOID, 0, "",
					   &error),
		     &error);
	assert_state(miyin_register_settle(reg, copy, MIYIN_COPY_RESERVED, 0,
					   "", &error),
		     &error);
	ck_assert(miyin_register_settle(reg, copy, MIYIN_COPY_DOUBT, 0, "",
					NULL));
	for (int to = 0; to < MIYIN_N_COPY_STATES; to++)
		assert_state(
			miyin_register_settle(reg, copy, to, 1, "", &error),
			&error);
	assert_state(miyin_register_claim(reg, copy, 101, &error), &error);
	ck_assert_int_eq(copy->state, MIYIN_COPY_DOUBT);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 3);
}
END_TEST

START_TEST(device_starts_once)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	miyin_copy *copy = copies->pdata[0];
	g_autoptr(GError) error = NULL;

	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	assert_state(miyin_register_start_device(reg, 99, &error), &error);
	assert_state(miyin_register_start_device(reg, 0, &error), &error);
	ck_assert(miyin_register_start_device(reg, 100, NULL));
	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	ck_assert(miyin_register_settle(reg, copy, MIYIN_COPY_PRINTED, 3, "",
					NULL));
	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	/* Claimed and settled before the device's turn came. */
	ck_assert(miyin_register_claim(reg, copies->pdata[1], 101, NULL));
	ck_assert(miyin_register_settle(reg, copies->pdata[1], MIYIN_COPY_DOUBT,
					0, "", NULL));
	assert_state(miyin_register_start_device(reg, 101, &error), &error);
}
END_TEST

/* Of two copies with one number neither may print, and neither is marked. */
START_TEST(device_starts_none_of_two)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_claim(reg, copies->pdata[0], 100, NULL));
	ck_assert(miyin_register_claim(reg, copies->pdata[1], 100, NULL));
	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	ck_assert_int_eq(get_number("SELECT sum(device_started) FROM copies"),
			 0);
}
END_TEST

static miyin_device_record read_device(miyin_register *reg,
				       const miyin_copy *copy)
{
	miyin_device_record record = { 0 };

	ck_assert(miyin_register_read_device(reg, copy, &record, NULL));
	return record;
}

/* What the guard writes is what the gate reads: once, and late too. */
START_TEST(device_ends_once)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	miyin_copy *copy = copies->pdata[0], nobody = { .row = 99 };
	miyin_device_record seen = { .end = MIYIN_DEVICE_KILLED,
				     .reached = TRUE,
				     .bytes = G_GUINT64_CONSTANT(5000000000),
				     .pages = 2,
				     .detail = (char *)"signal 9" };
	miyin_device_record record;
	g_autoptr(GError) error = NULL;

	ck_assert_int_eq(read_device(reg, copy).end, MIYIN_DEVICE_NONE);
	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	assert_state(miyin_register_end_device(reg, 100, &seen, &error),
		     &error);
	ck_assert(miyin_register_start_device(reg, 100, NULL));
	ck_assert_int_eq(read_device(reg, copy).end, MIYIN_DEVICE_STARTED);
	ck_assert(miyin_register_settle(reg, copy, MIYIN_COPY_DOUBT, 0, "",
					NULL));
	seen.end = MIYIN_DEVICE_STARTED;
	assert_state(miyin_register_end_device(reg, 100, &seen, &error),
		     &error);
	seen.end = MIYIN_DEVICE_KILLED;
	assert_state(miyin_register_end_device(reg, 0, &seen, &error), &error);
	ck_assert(miyin_register_end_device(reg, 100, &seen, NULL));
	assert_state(miyin_register_end_device(reg, 100, &seen, &error),
		     &error);
	record = read_device(reg, copy);
	ck_assert_int_eq(record.end, MIYIN_DEVICE_KILLED);
	ck_assert(record.reached && record.bytes == seen.bytes);
	ck_assert_uint_eq(record.pages, 2);
	ck_assert_str_eq(record.detail, "signal 9");
	miyin_device_record_clear(&record);
	ck_assert(!miyin_register_read_device(reg, &nobody, &record, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING));
}
END_TEST

/* The printer was off: nothing left, and the budget comes back. */
START_TEST(not_reached)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	const miyin_device_record off = { .end = MIYIN_DEVICE_FAILED };
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < 2; i++) {
		ck_assert(miyin_register_claim(reg, copies->pdata[i], 100 + i,
					       NULL));
		ck_assert(miyin_register_start_device(reg, 100 + i, NULL));
	}
	assert_state(miyin_register_void(reg, copies->pdata[0], "", &error),
		     &error);
	ck_assert(miyin_register_end_device(reg, 100, &off, NULL));
	/* All that may be, in one transaction; the other stays. */
	ck_assert(miyin_register_void_all(reg, copies, "off", NULL));
	ck_assert_int_eq(((miyin_copy *)copies->pdata[0])->state,
			 MIYIN_COPY_VOID);
	ck_assert_int_eq(((miyin_copy *)copies->pdata[1])->state,
			 MIYIN_COPY_SENDING);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 1);
	assert_sound();
}
END_TEST

/* Claimed, but the device never started: nothing left, and nothing will. */
START_TEST(never_started)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	miyin_copy *copy = copies->pdata[0], *other = copies->pdata[1];
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	ck_assert(miyin_register_claim(reg, other, 101, NULL));
	ck_assert(miyin_register_start_device(reg, 101, NULL));
	ck_assert(miyin_register_void(reg, copy, "refused", NULL));
	ck_assert_int_eq(copy->state, MIYIN_COPY_VOID);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'void' AND detail = 'refused' AND serial"
				    " = 1"),
			 1);
	/* The device job may still be there, and its turn may come. */
	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	assert_state(miyin_register_void(reg, other, "", &error), &error);
	ck_assert_int_eq(other->state, MIYIN_COPY_SENDING);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 1);
	assert_sound();
}
END_TEST

/* A fault of ours stops printing; nothing is issued by half. */
static const struct {
	const char *what;
	const char *user;
	const char *second_holder;
	unsigned pages;
} faults[] = {
	{ "no user", "", "李四", 3 },
	{ "an empty holder", "li", "", 3 },
	{ "no pages", "li", "李四", 0 },
};

START_TEST(nothing_by_half)
{
	g_autoptr(miyin_register) reg = open_register();
	char *const names[] = { (char *)"张三",
				(char *)faults[_i].second_holder, NULL };
	miyin_request request = new_request("job-1", 2, 9);
	GPtrArray *copies = (GPtrArray *)&request;
	g_autoptr(GError) error = NULL;

	request.user = faults[_i].user;
	request.holders = names;
	request.pages = faults[_i].pages;
	ck_assert_msg(!miyin_register_issue(reg, &request, &copies, &error),
		      "%s", faults[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_eq(copies, &request);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM jobs"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 0);
}
END_TEST

/* Whatever people type. */
static const char *const texts[] = {
	"'; DROP TABLE events; --",
	"\"quoted\"",
	"=1+2",
	"?1 :a @b $c",
	"100%",
	"_",
	"关于印发的通知",
	"a\nb",
};

static gboolean same_text(const miyin_event *event, gpointer text)
{
	ck_assert_str_eq(event->title, text);
	ck_assert_str_eq(event->reference, text);
	ck_assert_str_eq(event->holder, text);
	ck_assert_str_eq(event->user, text);
	return TRUE;
}

static gboolean count_copy(const miyin_copy_record *copy, gpointer n)
{
	(void)copy;
	++*(unsigned *)n;
	return TRUE;
}

START_TEST(any_text)
{
	g_autoptr(miyin_register) reg = open_register();
	char *const names[] = { (char *)texts[_i], NULL };
	miyin_request request = new_request(texts[_i], 1, 1);
	const miyin_filter filter = { .user = texts[_i] };
	g_autoptr(GPtrArray) copies = NULL;
	unsigned n = 0;

	request.user = request.title = request.reference = texts[_i];
	request.holders = names;
	ck_assert(miyin_register_issue(reg, &request, &copies, NULL));
	ck_assert(miyin_register_log(reg, &filter, same_text,
				     (gpointer)texts[_i], NULL));
	ck_assert(miyin_register_find_copies(
		reg, &(const miyin_filter){ .document = texts[_i] }, count_copy,
		&n, NULL));
	ck_assert_uint_eq(n, 1);
	assert_sound();
}
END_TEST

/* ---- append-only ------------------------------------------------------ */

static const struct {
	const char *what, *sql, *why;
} forbidden[] = {
	{ "an event changed", "UPDATE events SET user = 'wang'",
	  "append-only" },
	{ "an event renumbered", "UPDATE events SET seq = seq + 100",
	  "append-only" },
	{ "an event deleted", "DELETE FROM events WHERE seq = 1",
	  "append-only" },
	{ "all events deleted", "DELETE FROM events", "append-only" },
	{ "an event replaced",
	  "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 1",
	  "append-only" },
	{ "an event inserted in the place of one",
	  "REPLACE INTO events SELECT * FROM events", "append-only" },
	{ "an upsert",
	  "INSERT INTO events SELECT * FROM events WHERE seq = 1"
	  " ON CONFLICT(seq) DO UPDATE SET user = 'wang'",
	  "append-only" },
	{ "an entry changed", "UPDATE log SET entry = x''", "append-only" },
	{ "an entry deleted", "DELETE FROM log", "append-only" },
	{ "an entry replaced", "REPLACE INTO log SELECT * FROM log",
	  "append-only" },
	{ "a head changed",
	  "INSERT INTO heads VALUES(64, ''); UPDATE heads SET"
	  " note = 'x'",
	  "heads are kept" },
	{ "a head deleted",
	  "INSERT INTO heads VALUES(64, ''); DELETE FROM"
	  " heads",
	  "heads are kept" },
	{ "a second state of the log", "UPDATE log_state SET id = 2", "CHECK" },
	{ "a copy deleted", "DELETE FROM copies", "copies are kept" },
	{ "a copy replaced", "REPLACE INTO copies SELECT * FROM copies",
	  "copies are kept" },
	{ "a copy replaced by another of its serial",
	  "REPLACE INTO copies SELECT id + 9, copy_id + 1, 'XXXXXXXX',"
	  " document, job, copy_no + 1, serial, holder, state, device_job,"
	  " device_started, pages_done, issued_at, settled_at FROM copies"
	  " LIMIT 1",
	  "copies are kept" },
	{ "another holder", "UPDATE copies SET holder = '王五'",
	  "keeps its numbers" },
	{ "another serial", "UPDATE copies SET serial = serial + 10",
	  "keeps its numbers" },
	{ "another copy id", "UPDATE copies SET copy_id = 5",
	  "keeps its numbers" },
	{ "a document deleted", "DELETE FROM documents", "" },
	{ "a document replaced",
	  "REPLACE INTO documents SELECT * FROM documents",
	  "documents are kept" },
	{ "serials given again",
	  "UPDATE documents SET last_serial = 0,"
	  " used = 0",
	  "never used twice" },
	{ "more used than issued", "UPDATE documents SET used = 99", "CHECK" },
	{ "used below 0", "UPDATE documents SET used = -1", "CHECK" },
	{ "a state of no name", "UPDATE copies SET state = 'lost'", "CHECK" },
	{ "an end of a device changed",
	  "UPDATE devices SET end = 'failed', reached = 0", "stands" },
	{ "an end of a device deleted", "DELETE FROM devices", "stands" },
	{ "an end of a device replaced",
	  "REPLACE INTO devices SELECT * FROM devices", "stands" },
	{ "another key of the same number", "UPDATE keys SET fingerprint = 'b'",
	  "keeps its number" },
	{ "a key forgotten", "DELETE FROM keys", "keeps its number" },
	{ "a key replaced", "REPLACE INTO keys SELECT * FROM keys",
	  "keeps its number" },
	{ "a result of no name",
	  "INSERT INTO events SELECT NULL, at, event, 'fine', reason, detail,"
	  " user, host, printer, job_id, level, period, reference, title,"
	  " serial, holder, pages, copy_code, server FROM events LIMIT 1",
	  "CHECK" },
};

START_TEST(append_only)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	static const char sums[] =
		"SELECT count(*) + sum(seq) * 100 + sum(user = 'li') * 10000 +"
		" (SELECT count(*) + sum(serial) + sum(id) FROM copies) * 7 +"
		" (SELECT used + last_serial FROM documents) FROM events";
	const miyin_device_record done = { .end = MIYIN_DEVICE_DONE,
					   .reached = TRUE };
	int before;
	sqlite3 *db;
	char *reason = NULL;

	ck_assert(miyin_register_claim(reg, copies->pdata[0], 100, NULL));
	ck_assert(miyin_register_start_device(reg, 100, NULL));
	ck_assert(miyin_register_end_device(reg, 100, &done, NULL));
	before = get_number(sums);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db,
				      "INSERT INTO keys VALUES(1, 'a',"
				      " '')",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, forbidden[_i].sql, NULL, NULL,
				   &reason) == SQLITE_CONSTRAINT,
		      "%s", forbidden[_i].what);
	ck_assert_msg(strstr(reason, forbidden[_i].why) != NULL, "%s: %s",
		      forbidden[_i].what, reason);
	sqlite3_free(reason);
	sqlite3_close(db);
	ck_assert_int_eq(get_number(sums), before);
}
END_TEST

/* ---- files that cannot be --------------------------------------------- */

static void assert_not_opened(const char *file, gboolean create,
			      const char *word)
{
	const miyin_config config = { .register_path = (char *)file };
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_register_open(&config, create, &error));
	ck_assert_msg(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM),
		      "%s", error->message);
	ck_assert_msg(strstr(error->message, word) != NULL, "%s",
		      error->message);
}

START_TEST(missing_file)
{
	assert_not_opened(path, FALSE, "does not exist");
	ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(missing_folder)
{
	g_autofree char *nowhere = g_build_filename(dir, "no", "a.db", NULL);

	assert_not_opened(nowhere, TRUE, nowhere);
}
END_TEST

START_TEST(empty_file)
{
	ck_assert(g_file_set_contents(path, "", 0, NULL));
	assert_not_opened(path, FALSE, "version");
}
END_TEST

START_TEST(other_file)
{
	ck_assert(g_file_set_contents(path,
				      "no database, by far: it is a text"
				      " of more than a hundred bytes, so that"
				      " its head cannot be one, and no other",
				      -1, NULL));
	assert_not_opened(path, TRUE, "register");
}
END_TEST

static const char *const strange[] = {
	"PRAGMA user_version = 2",
	"PRAGMA user_version = 3",
	"PRAGMA user_version = 4",
	"PRAGMA user_version = 5",
	"PRAGMA user_version = -1",
	"PRAGMA application_id = 7; CREATE TABLE a(b)",
	"CREATE TABLE documents(a)",
};

START_TEST(other_database)
{
	sqlite3 *db;
	g_autoptr(GError) error = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, strange[_i], NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	assert_not_opened(path, TRUE, "register");
	assert_not_opened(path, FALSE, "register");
}
END_TEST

/* In layers, a lock of one run is none of the next. */
static int open_on_overlay(void)
{
	g_autofree char *below = g_build_filename(dir, "below", NULL);
	g_autofree char *above = g_build_filename(dir, "above", NULL);
	g_autofree char *work = g_build_filename(dir, "work", NULL);
	g_autofree char *both = g_build_filename(dir, "both", NULL);
	g_autofree char *file = g_build_filename(both, "register.db", NULL);
	g_autofree char *options = g_strdup_printf(
		"lowerdir=%s,upperdir=%s,workdir=%s", below, above, work);
	g_autoptr(GError) error = NULL;

	if (g_mkdir(below, 0700) || g_mkdir(above, 0700) ||
	    g_mkdir(work, 0700) || g_mkdir(both, 0700) ||
	    unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("overlay", both, "overlay", 0, options) != 0)
		return 77;
	if (miyin_register_open(CONFIG(file), TRUE, &error))
		return 1;
	return strstr(error->message, "an overlay") ? 0 : 2;
}

START_TEST(file_system_in_layers)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(open_on_overlay());
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

START_TEST(mode_of_new_file)
{
	GStatBuf status;

	miyin_register_close(open_register());
	ck_assert_int_eq(g_stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0600);
}
END_TEST

/* root may write anywhere, so as nobody. */
static int run_as_nobody(int (*func)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(99);
		_exit(func());
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int create_it(void)
{
	g_autoptr(GError) error = NULL;

	if (miyin_register_open(CONFIG(path), TRUE, &error))
		return 1;
	if (!g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM))
		return 2;
	return strstr(error->message, path) ? 0 : 3;
}

static int write_it(void)
{
	g_autoptr(GError) error = NULL;
	const miyin_request request = new_request("job-1", 1, 1);
	g_autoptr(GPtrArray) copies = NULL;
	g_autoptr(miyin_register) reg =
		miyin_register_open(CONFIG(path), FALSE, &error);

	if (reg && miyin_register_issue(reg, &request, &copies, &error))
		return 1;
	if (!g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM))
		return 2;
	return strstr(error->message, "register") ? 0 : 3;
}

START_TEST(read_only_folder)
{
	ck_assert_int_eq(g_chmod(dir, 0555), 0);
	ck_assert_int_eq(run_as_nobody(create_it), 0);
	ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(read_only_file)
{
	miyin_register_close(open_register());
	ck_assert_int_eq(g_chmod(path, 0444), 0);
	ck_assert_int_eq(g_chmod(dir, 0555), 0);
	ck_assert_int_eq(run_as_nobody(write_it), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 0);
}
END_TEST

START_TEST(file_of_another)
{
	miyin_register_close(open_register());
	ck_assert_int_eq(g_chmod(dir, 0777), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(run_as_nobody(write_it), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 0);
}
END_TEST

/* ---- the lot ---------------------------------------------------------- */

static void add_rule_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "rule", 20);

	tcase_add_test(tcase, claim_twice);
	tcase_add_test(tcase, out_of_order);
	tcase_add_test(tcase, device_starts_once);
	tcase_add_test(tcase, device_starts_none_of_two);
	tcase_add_test(tcase, device_ends_once);
	tcase_add_test(tcase, not_reached);
	tcase_add_test(tcase, never_started);
	tcase_add_loop_test(tcase, nothing_by_half, 0, G_N_ELEMENTS(faults));
	tcase_add_loop_test(tcase, any_text, 0, G_N_ELEMENTS(texts));
	tcase_add_loop_test(tcase, append_only, 0, G_N_ELEMENTS(forbidden));
}

static void add_file_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "file", 20);

	tcase_add_test(tcase, missing_file);
	tcase_add_test(tcase, missing_folder);
	tcase_add_test(tcase, empty_file);
	tcase_add_test(tcase, other_file);
	tcase_add_loop_test(tcase, other_database, 0, G_N_ELEMENTS(strange));
	/* Needs root, and a kernel that lets it mount. */
	if (geteuid() == 0)
		tcase_add_test(tcase, file_system_in_layers);
	tcase_add_test(tcase, mode_of_new_file);
	tcase_add_test(tcase, read_only_folder);
	tcase_add_test(tcase, read_only_file);
	tcase_add_test(tcase, file_of_another);
}

int main(void)
{
	Suite *suite = suite_create("register");

	add_rule_cases(suite);
	add_file_cases(suite);
	return run_suite(suite);
}

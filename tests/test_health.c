/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the register tells of itself, its copies elsewhere, and whole keys. */
#include "register-file.h"
#include <miyin/keys.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void change(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

START_TEST(another_key_of_its_number)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_use_key(reg, 1, "aa", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM keys"), 0);
	copies = issue(reg, "job-1", 1, 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM keys WHERE id = 1 AND"
				    " fingerprint = 'aa'"),
			 1);
	ck_assert(miyin_register_use_key(reg, 1, "aa", NULL));
	ck_assert(miyin_register_use_key(reg, 2, "bb", NULL));
	ck_assert(!miyin_register_use_key(reg, 1, "bb", &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_TAMPER));
}
END_TEST

/* Two that begin with a key each: the second one's paper would look forged. */
START_TEST(two_first_keys)
{
	g_autoptr(miyin_register) one = open_register();
	g_autoptr(miyin_register) two = open_register();
	const miyin_request request = new_request("job-2", 1, 9);
	g_autoptr(GPtrArray) copies = NULL, none = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_use_key(one, 1, "aa", NULL));
	ck_assert(miyin_register_use_key(two, 1, "bb", NULL));
	copies = issue(one, "job-1", 1, 9);
	ck_assert(!miyin_register_issue(two, &request, &none, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_TAMPER));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 1);
}
END_TEST

START_TEST(examines)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	miyin_register_health health = { 0 };

	ck_assert(miyin_register_examine(reg, &health, NULL));
	ck_assert_ptr_null(health.damage);
	ck_assert_ptr_null(health.backwards);
	ck_assert_ptr_null(health.backup);
	ck_assert_ptr_nonnull(health.first);
	ck_assert_ptr_nonnull(health.last);
	miyin_register_health_clear(&health);
	change("INSERT INTO events SELECT NULL, '2020-01-01T00:00:00+00:00',"
	       " event, result, reason, detail, user, host, printer, job_id,"
	       " level, period, reference, title, serial, holder, pages,"
	       " copy_code, server FROM events LIMIT 1;"
	       "UPDATE jobs SET document = 77");
	ck_assert(miyin_register_examine(reg, &health, NULL));
	ck_assert_str_eq(health.damage, "a row of jobs without its documents");
	ck_assert_str_eq(health.backwards, "2020-01-01T00:00:00+00:00");
	ck_assert_str_eq(health.last, "2020-01-01T00:00:00+00:00");
	miyin_register_health_clear(&health);
}
END_TEST

START_TEST(backup)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	g_autofree char *file = g_build_filename(dir, "copy.db", NULL);
	g_autoptr(miyin_register) other = NULL;
	miyin_register_health health = { 0 };
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_backup(reg, file, "root", NULL));
	/* What is there is not written over. */
	ck_assert(!miyin_register_backup(reg, file, "root", &error));
	ck_assert(miyin_register_examine(reg, &health, NULL));
	ck_assert_ptr_nonnull(health.backup);
	miyin_register_health_clear(&health);
	other = miyin_register_open(CONFIG(file), FALSE, NULL);
	ck_assert_ptr_nonnull(other);
	ck_assert(miyin_register_examine(other, &health, NULL));
	ck_assert_ptr_null(health.damage);
	miyin_register_health_clear(&health);
}
END_TEST

START_TEST(backup_that_is_not_entered)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autofree char *file = g_build_filename(dir, "copy.db", NULL);

	change("CREATE TRIGGER full BEFORE INSERT ON events"
	       " BEGIN SELECT RAISE(ABORT, 'full'); END");
	ck_assert(!miyin_register_backup(reg, file, "root", NULL));
	ck_assert(!g_file_test(file, G_FILE_TEST_EXISTS));
}
END_TEST

/* A folder may be behind one, the file itself not. */
START_TEST(backup_through_a_link)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autofree char *link = g_build_filename(dir, "link", NULL);
	g_autofree char *aim = g_build_filename(dir, "aim", NULL);
	g_autofree char *file = g_build_filename(link, "copy.db", NULL);
	g_autofree char *trap = g_build_filename(dir, "trap.db", NULL);

	ck_assert_int_eq(g_mkdir(aim, 0700), 0);
	ck_assert_int_eq(symlink(aim, link), 0);
	ck_assert_int_eq(symlink("aim/other.db", trap), 0);
	ck_assert(miyin_register_backup(reg, file, "root", NULL));
	ck_assert(!miyin_register_backup(reg, trap, "root", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'backup'"),
			 1);
}
END_TEST

/* ---- a register that went back ------------------------------------------ */

static void copy_file(const char *from, const char *to)
{
	g_autofree char *text = NULL;
	gsize length;

	ck_assert(g_file_get_contents(from, &text, &length, NULL));
	ck_assert(g_file_set_contents(to, text, (gssize)length, NULL));
}

static miyin_register_gap gap_of(miyin_register *reg)
{
	miyin_register_gap gap;

	ck_assert(miyin_register_find_gap(reg, &gap, NULL));
	ck_assert_int_eq(miyin_register_is_whole(reg, NULL), gap.last == 0);
	return gap;
}

/* Events 1 and 2 are in the backup, one reserved and one that is sent. */
static miyin_register *put_back(const char *kept)
{
	miyin_register *reg = open_register();
	g_autoptr(GPtrArray) early = issue(reg, "job-1", 2, 99);
	g_autoptr(GPtrArray) late = NULL;

	ck_assert(miyin_register_claim(reg, early->pdata[0], 7, NULL));
	copy_file(path, kept);
	ck_assert_int_eq(gap_of(reg).last, 0);
	late = issue(reg, "job-2", 2, 99);
	miyin_register_close(reg);
	copy_file(kept, path);
	return open_register();
}

START_TEST(older_is_seen)
{
	g_autofree char *kept = g_build_filename(dir, "kept.db", NULL);
	g_autoptr(miyin_register) reg = put_back(kept);
	const miyin_request request = new_request("job-3", 1, 99);
	g_autoptr(GPtrArray) copies = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert_int_eq(gap_of(reg).first, 4);
	ck_assert_int_eq(gap_of(reg).last, 5);
	ck_assert(!miyin_register_issue(reg, &request, &copies, &error));
	ck_assert_ptr_null(copies);
	ck_assert_ptr_nonnull(strstr(error->message, "events 4 to 5, until "));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	/* What is entered meanwhile does not hide it, nor its reason. */
	for (int i = 0; i < 3; i++)
		ck_assert(miyin_register_refuse(reg, &request, "register", "no",
						NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE detail"
				    " LIKE 'no [the register is older than what"
				    " was printed: events 4 to 5, %'"),
			 1);
	ck_assert_int_eq(gap_of(reg).first, 4);
	ck_assert_int_eq(gap_of(reg).last, 5);
}
END_TEST

START_TEST(older_claims_nothing)
{
	g_autofree char *kept = g_build_filename(dir, "kept.db", NULL);
	g_autoptr(miyin_register) reg = put_back(kept);
	g_autoptr(GPtrArray) copies = NULL;

	ck_assert(miyin_register_job_copies(reg, "job-1", 1, 1, &copies, NULL));
	ck_assert(!miyin_register_claim(reg, copies->pdata[1], 8, NULL));
	/* What was printed is entered all the same. */
	ck_assert(miyin_register_settle(reg, copies->pdata[0],
					MIYIN_COPY_PRINTED, 3, "", NULL));
}
END_TEST

START_TEST(older_is_accepted)
{
	g_autofree char *kept = g_build_filename(dir, "kept.db", NULL);
	g_autoptr(miyin_register) reg = put_back(kept);
	g_autoptr(GPtrArray) copies = NULL;
	miyin_register_gap gap;

	ck_assert(miyin_register_accept(reg, "root", &gap, NULL));
	ck_assert_int_eq(gap.first, 4);
	ck_assert_int_eq(gap.last, 5);
	ck_assert_int_eq(gap_of(reg).last, 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'restore' AND user = 'root' AND detail"
				    " LIKE 'events 4 to 5, until %'"),
			 1);
	/* Both may have come out after the backup. */
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state ="
				    " 'doubt'"),
			 2);
	copies = issue(reg, "job-3", 1, 99);
	ck_assert_uint_gt(((miyin_copy *)copies->pdata[0])->serial, 4);
	assert_sound();
	ck_assert(miyin_register_accept(reg, "root", &gap, NULL));
	ck_assert_int_eq(gap.last, 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'restore'"),
			 1);
}
END_TEST

/* An older build wrote none; a power cut may leave it behind. */
START_TEST(file_lost_or_behind)
{
	g_autofree char *file = g_build_filename(dir, "last-event", NULL);
	g_autofree char *kept = g_build_filename(dir, "kept", NULL);
	g_autoptr(miyin_register) reg = open_register();

	ck_assert_int_eq(gap_of(reg).last, 0);
	g_ptr_array_unref(issue(reg, "job-1", 1, 99));
	copy_file(file, kept);
	g_ptr_array_unref(issue(reg, "job-2", 1, 99));
	copy_file(kept, file);
	ck_assert_int_eq(gap_of(reg).last, 0);
	ck_assert_int_eq(g_unlink(file), 0);
	ck_assert_int_eq(gap_of(reg).last, 0);
	ck_assert(g_file_set_contents(file, "last 9 xy", -1, NULL));
	ck_assert_int_eq(gap_of(reg).last, 0);
	g_ptr_array_unref(issue(reg, "job-3", 1, 99));
	copy_file(file, kept);
	ck_assert_int_eq(gap_of(reg).last, 0);
}
END_TEST

START_TEST(file_that_cannot_be_written)
{
	g_autofree char *file = g_build_filename(dir, "last-event", NULL);
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 99), none = NULL;
	const miyin_request request = new_request("job-2", 1, 99);
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_claim(reg, copies->pdata[0], 7, NULL));
	ck_assert_int_eq(g_unlink(file), 0);
	ck_assert_int_eq(g_mkdir(file, 0700), 0);
	ck_assert(!miyin_register_claim(reg, copies->pdata[1], 8, &error));
	ck_assert_ptr_nonnull(strstr(error->message, "last-event"));
	ck_assert(!miyin_register_issue(reg, &request, &none, NULL));
	ck_assert(miyin_register_settle(reg, copies->pdata[0],
					MIYIN_COPY_PRINTED, 3, "", NULL));
}
END_TEST

/* A full disk, after some bytes. */
START_TEST(key_file_whole_or_not_at_all)
{
	g_autofree char *file = g_build_filename(dir, "keys", NULL);
	const struct rlimit little = { 20, 20 };
	int status;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &little);
		_exit(miyin_keys_create(file, NULL) ? 1 : 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ck_assert(!g_file_test(file, G_FILE_TEST_EXISTS));
	ck_assert(miyin_keys_create(file, NULL));
	/* And never twice: paper of the first would look forged. */
	ck_assert(!miyin_keys_create(file, NULL));
	miyin_keys_free(miyin_keys_open(file, NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("health");
	TCase *tcase = new_tcase(suite, "health", 20);

	tcase_add_test(tcase, another_key_of_its_number);
	tcase_add_test(tcase, examines);
	tcase_add_test(tcase, two_first_keys);
	tcase_add_test(tcase, backup);
	tcase_add_test(tcase, backup_that_is_not_entered);
	tcase_add_test(tcase, backup_through_a_link);
	tcase_add_test(tcase, older_is_seen);
	tcase_add_test(tcase, older_claims_nothing);
	tcase_add_test(tcase, older_is_accepted);
	tcase_add_test(tcase, file_lost_or_behind);
	tcase_add_test(tcase, file_that_cannot_be_written);
	tcase_add_test(tcase, key_file_whole_or_not_at_all);
	return run_suite(suite);
}

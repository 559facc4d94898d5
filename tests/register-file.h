/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register of one test: a file in a folder of its own, a job of li that
 * asks it for copies, and what the file itself says afterwards. Each case of
 * new_tcase makes the folder before a test and removes it after.
 */
#ifndef REGISTER_FILE_H
#define REGISTER_FILE_H

#include <check.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <miyin/error.h>
#include <miyin/register.h>

/* Hashes of contents; the first two begin with the same eight digits. */
#define HASH_A                                                                 \
	"aaaaaaaa1111111111111111111111111111111111111111111111111111111a"
#define HASH_B                                                                 \
	"aaaaaaaa2222222222222222222222222222222222222222222222222222222b"
#define HASH_C                                                                 \
	"cccccccc3333333333333333333333333333333333333333333333333333333c"

static char *dir, *path; /* of the register */

#define CONFIG(path) (&(const miyin_config){ .register_path = path })

static inline void make_dir(void)
{
	dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	path = g_build_filename(dir, "register.db", NULL);
}

static inline void remove_dir(void)
{
	g_autofree char *command = g_strdup_printf("rm -r %s", dir);

	ck_assert_int_eq(system(command), 0);
	g_free(path);
	g_free(dir);
}

static inline miyin_register *open_register(void)
{
	g_autoptr(GError) error = NULL;
	miyin_register *reg = miyin_register_open(CONFIG(path), TRUE, &error);

	ck_assert_msg(reg != NULL, "%s", error ? error->message : "");
	return reg;
}

/* Of the copies of a job, in their order. */
static char *const holders[] = { (char *)"张三", (char *)"李四", (char *)"王五",
				 (char *)"赵六", (char *)"钱七", NULL };

static inline miyin_request new_request(const char *uuid, unsigned n_copies,
					unsigned limit)
{
	return (miyin_request){ .job_uuid = uuid,
				.job_id = 7,
				.document_no = 1,
				.user = "li",
				.uid = 1000,
				.host = "localhost",
				.printer = "secret",
				.title = "Plan",
				.content_hash = HASH_A,
				.scheme = "cn-gb9704",
				.level = "mimi",
				.level_text = "秘密",
				.level_rank = 2,
				.period = "10年",
				.pages = 3,
				.n_copies = n_copies,
				.holders = holders,
				.copies_per_document = limit };
}

static inline GPtrArray *issue(miyin_register *reg, const char *uuid,
			       unsigned n_copies, unsigned limit)
{
	const miyin_request request = new_request(uuid, n_copies, limit);
	g_autoptr(GError) error = NULL;
	GPtrArray *copies = NULL;

	ck_assert_msg(miyin_register_issue(reg, &request, &copies, &error),
		      "%s", error ? error->message : "");
	ck_assert_uint_eq(copies->len, n_copies);
	return copies;
}

/* A copy of a new job, from its issue to its end. */
static inline void print_one(miyin_register *reg, const char *uuid,
			     int device_job)
{
	const miyin_device_record done = { .end = MIYIN_DEVICE_DONE,
					   .reached = TRUE,
					   .bytes = 1000,
					   .pages = 3 };
	g_autoptr(GPtrArray) copies = issue(reg, uuid, 1, 999);
	g_autoptr(GError) error = NULL;
	miyin_copy *copy = copies->pdata[0];

	ck_assert_msg(
		miyin_register_claim(reg, copy, device_job, &error) &&
			miyin_register_start_device(reg, device_job, &error) &&
			miyin_register_end_device(reg, device_job, &done,
						  &error) &&
			miyin_register_settle(reg, copy, MIYIN_COPY_PRINTED, 3,
					      "", &error),
		"%s", error->message);
}

static inline void assert_issued(miyin_register *reg,
				 const miyin_request *request)
{
	g_autoptr(GPtrArray) copies = NULL;

	ck_assert(miyin_register_issue(reg, request, &copies, NULL));
}

/* What miyin_register_note and miyin_register_document take. */
#define NOTE(e, who, queue, what)                                              \
	(&(const miyin_event){                                                 \
		.event = e, .user = who, .printer = queue, .detail = what })
#define CHANGE(...) (&(const miyin_document_change){ __VA_ARGS__ })

/* Refused, for in the state of the copy it may not be. */
static inline void assert_state(gboolean ok, GError **error)
{
	ck_assert(!ok);
	ck_assert_msg(g_error_matches(*error, MIYIN_ERROR, MIYIN_ERROR_STATE),
		      "%s", (*error)->message);
	g_clear_error(error);
}

/* What the file itself says, over a connection of our own. */
static inline int get_number(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	int number;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

/* What holds at any time. */
static inline void assert_sound(void)
{
	ck_assert_int_eq(get_number("SELECT count(*) FROM"
				    " pragma_integrity_check WHERE"
				    " integrity_check <> 'ok'"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM"
				    " pragma_foreign_key_check"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents d WHERE"
				    " used <> (SELECT count(*) FROM copies c"
				    " WHERE c.document = d.id AND"
				    " c.state <> 'void')"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) - count(DISTINCT"
				    " document || '/' || serial) FROM copies"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) - count(DISTINCT copy_id)"
				    " FROM copies"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies c WHERE NOT"
				    " EXISTS(SELECT 1 FROM events e WHERE"
				    " e.event = 'issue' AND"
				    " e.copy_code = c.copy_code)"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies c WHERE"
				    " state NOT IN ('reserved', 'void') AND NOT"
				    " EXISTS(SELECT 1 FROM events e WHERE"
				    " e.event = 'claim' AND"
				    " e.copy_code = c.copy_code)"),
			 0);
}

static inline TCase *new_tcase(Suite *suite, const char *name, int timeout_s)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, timeout_s);
	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif

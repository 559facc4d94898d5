/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A register of an earlier version is brought to this one: whole, or not at
 * all. samples/register holds one of each, made by the program of its time.
 */
#include "register-file.h"
#include "registry/schema.h"
#include <miyin/refusal.h>
#include <string.h>

static void make_version(const char *file)
{
	g_autofree char *sql = NULL;
	char *reason = NULL;
	sqlite3 *db;

	ck_assert(g_file_get_contents(file, &sql, NULL, NULL));
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &reason) == SQLITE_OK,
		      "%s", reason);
	sqlite3_close(db);
}

static void change(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* The rows are there, and what was not asked then is filled in. */
START_TEST(version_1)
{
	g_autoptr(miyin_register) reg = NULL;
	g_autoptr(GError) error = NULL;
	int n_events;

	make_version("samples/register/version-1.sql");
	n_events = get_number("SELECT count(*) FROM events");
	reg = miyin_register_open(CONFIG(path), FALSE, &error);
	ck_assert_msg(reg != NULL, "%s", error ? error->message : "");
	ck_assert_int_eq(get_number("PRAGMA user_version"),
			 MIYIN_SCHEMA_VERSION);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 4);
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents WHERE"
				    " (reference = '局字12号') = (owner = 'li')"
				    " AND owner <> ''"),
			 2);
	ck_assert_int_eq(get_number("SELECT count(*) FROM contents"), 2);
	/* Two references of one look: the first has it, the officer reads of
	 * the second. */
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents WHERE"
				    " reference IS NOT NULL AND skeleton IS"
				    " NULL AND owner = 'wang'"),
			 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'look-alike' AND user = 'wang' AND"
				    " length(at) = 25"),
			 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"),
			 n_events + 1);
	assert_sound();
}
END_TEST

/* What was printed before binds what is printed now. */
START_TEST(goes_on)
{
	g_autoptr(miyin_register) reg = NULL;
	miyin_request request = new_request("job-9", 1, 9);
	g_autoptr(GPtrArray) copies = NULL;
	g_autoptr(GError) error = NULL;

	make_version("samples/register/version-1.sql");
	reg = miyin_register_open(CONFIG(path), FALSE, NULL);
	ck_assert(miyin_register_recover(reg, NULL, NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state ="
				    " 'doubt'"),
			 1);
	ck_assert(!miyin_register_issue(reg, &request, &copies, &error));
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_LEVEL_LOWERED));
	request.level_rank = 3;
	ck_assert(miyin_register_issue(reg, &request, &copies, NULL));
	ck_assert_uint_eq(((miyin_copy *)copies->pdata[0])->serial, 4);
	assert_sound();
}
END_TEST

/* What was a row becomes bytes too, and what was reserved is recovered: it is
 * of a server without a name. */
START_TEST(version_3)
{
	g_autoptr(miyin_register) reg = NULL;
	g_autoptr(GError) error = NULL;
	int n_events;

	make_version("samples/register/version-3.sql");
	n_events = get_number("SELECT count(*) FROM events");
	reg = miyin_register_open(CONFIG(path), FALSE, &error);
	ck_assert_msg(reg != NULL, "%s", error ? error->message : "");
	ck_assert_int_eq(get_number("SELECT count(*) FROM events JOIN log ON"
				    " instr(entry, 'events' || char(0, 0, 0,"
				    " length(seq)) || seq) > 0 AND"
				    " instr(entry, events.at) > 0"),
			 n_events);
	ck_assert_int_eq(get_number("SELECT size FROM log_state"), 1);
	ck_assert(miyin_register_recover(reg, NULL, NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state"
				    " IN ('reserved', 'sending')"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"),
			 n_events + 2);
	ck_assert_int_gt(get_number("SELECT size FROM log_state"), 1);
	assert_sound();
}
END_TEST

/* What had its bytes beside it has them in the log. */
START_TEST(version_4)
{
	g_autoptr(miyin_register) reg = NULL;
	g_autoptr(GError) error = NULL;
	int n_events;

	make_version("samples/register/version-4.sql");
	n_events = get_number("SELECT count(*) FROM events");
	reg = miyin_register_open(CONFIG(path), FALSE, &error);
	ck_assert_msg(reg != NULL, "%s", error ? error->message : "");
	ck_assert_int_eq(get_number("SELECT count(*) FROM events JOIN log ON"
				    " instr(entry, 'events' || char(0, 0, 0,"
				    " length(seq)) || seq) > 0"),
			 n_events);
	ck_assert_int_eq(get_number("SELECT count(*) FROM sqlite_schema WHERE"
				    " name = 'entries'"),
			 0);
	assert_issued(
		reg, &(const miyin_request[]){ new_request("job-9", 1, 9) }[0]);
	assert_sound();
}
END_TEST

/* References that were two, and look alike to a reader, stay two documents:
 * each is its owner's by its letters; what comes later is the first one's. */
START_TEST(version_2)
{
	static const struct {
		const char *user, *reference, *hash;
		int document; /* 0: refused */
	} later[] = {
		{ "li", "JM〔2026〕12号", HASH_A, 1 },
		{ "wang", "JM〔2026〕012号", HASH_B, 2 },
		{ "wang", "JM〔2026〕012号", HASH_C, 2 },
		{ "li", "JM〔2026〕第十二號", HASH_C, 3 },
		{ "li", "JM〔2026〕12號", HASH_C, 1 },
		{ "wang", "JM〔2026〕十二号", HASH_B, 0 },
		{ "wang", "JM〔2026〕0012号", HASH_B, 0 },
		{ "zhao", "局字第007号", HASH_B, 4 },
	};
	g_autoptr(miyin_register) reg = NULL;
	g_autoptr(GError) error = NULL;

	make_version("samples/register/version-2.sql");
	reg = miyin_register_open(CONFIG(path), FALSE, &error);
	ck_assert_msg(reg != NULL, "%s", error ? error->message : "");
	ck_assert_int_eq(get_number("PRAGMA user_version"),
			 MIYIN_SCHEMA_VERSION);
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents WHERE"
				    " skeleton IS NULL AND id IN (2, 3)"),
			 2);
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents WHERE"
				    " skeleton IS NOT NULL"),
			 2);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'look-alike'"),
			 2);
	for (unsigned i = 0; i < G_N_ELEMENTS(later); i++) {
		g_autofree char *uuid = g_strdup_printf("later-%u", i);
		g_autoptr(GPtrArray) copies = NULL;
		g_autofree char *sql = g_strdup_printf(
			"SELECT coalesce((SELECT document FROM jobs WHERE uuid"
			" = '%s'), 0)",
			uuid);
		miyin_request request = new_request(uuid, 1, 9);

		request.user = later[i].user;
		request.reference = later[i].reference;
		request.content_hash = later[i].hash;
		ck_assert_msg(
			miyin_register_issue(reg, &request, &copies, NULL) ==
				(later[i].document > 0),
			"%s", later[i].reference);
		ck_assert_msg(get_number(sql) == later[i].document, "%s: %d",
			      later[i].reference, get_number(sql));
	}
	assert_sound();
}
END_TEST

/* A fault on the way leaves the file as it was. */
START_TEST(whole_or_not_at_all)
{
	g_autoptr(GError) error = NULL;

	make_version("samples/register/version-1.sql");
	change("CREATE TABLE keys(a)");
	ck_assert_ptr_null(miyin_register_open(CONFIG(path), FALSE, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_int_eq(get_number("PRAGMA user_version"), 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM sqlite_schema WHERE"
				    " name = 'contents'"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM"
				    " pragma_table_info('documents') WHERE"
				    " name = 'owner'"),
			 0);
}
END_TEST

START_TEST(of_another_program)
{
	g_autoptr(GError) error = NULL;

	make_version("samples/register/version-1.sql");
	change("PRAGMA application_id = 7");
	ck_assert_ptr_null(miyin_register_open(CONFIG(path), TRUE, &error));
	ck_assert(strstr(error->message, "another database") != NULL);
	ck_assert_int_eq(get_number("PRAGMA user_version"), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("upgrade");
	TCase *tcase = new_tcase(suite, "upgrade", 20);

	tcase_add_test(tcase, version_1);
	tcase_add_test(tcase, goes_on);
	tcase_add_test(tcase, version_2);
	tcase_add_test(tcase, version_3);
	tcase_add_test(tcase, version_4);
	tcase_add_test(tcase, whole_or_not_at_all);
	tcase_add_test(tcase, of_another_program);
	return run_suite(suite);
}

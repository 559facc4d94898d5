/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Units of work may be run again. Each commit here fails once: what was asked
 * for is then asked for again, and must come out as if nothing had been.
 */
#include "register-file.h"

static gboolean is_failing; /* the next commit */

static int fail_once(void *data)
{
	(void)data;
	if (!is_failing)
		return 0;
	is_failing = FALSE;
	return 1; /* SQLite rolls back */
}

static int hook(sqlite3 *db, char **reason, const void *api)
{
	(void)reason;
	(void)api;
	sqlite3_commit_hook(db, fail_once, NULL);
	return SQLITE_OK;
}

static miyin_register *reg;

static void set_up(void)
{
	make_dir();
	ck_assert_int_eq(sqlite3_auto_extension((void (*)(void))hook),
			 SQLITE_OK);
	is_failing = FALSE;
	reg = open_register();
}

static void tear_down(void)
{
	miyin_register_close(reg);
	sqlite3_reset_auto_extension();
	remove_dir();
}

/* Evaluates a call that is to fail and then not to. */
#define TWICE(call)                                                            \
	do {                                                                   \
		g_autoptr(GError) error = NULL;                                \
		is_failing = TRUE;                                             \
		ck_assert(!(call));                                            \
		ck_assert_ptr_nonnull(error);                                  \
		g_clear_error(&error);                                         \
		ck_assert(!is_failing);                                        \
		ck_assert_msg((call), "%s", error ? error->message : "");      \
	} while (0)

static GPtrArray *issue_twice(const char *uuid, unsigned n, unsigned limit)
{
	const miyin_request request = new_request(uuid, n, limit);
	GPtrArray *copies = NULL;

	TWICE(miyin_register_issue(reg, &request, &copies, &error));
	ck_assert_uint_eq(copies->len, n);
	return copies;
}

START_TEST(issues)
{
	g_autoptr(GPtrArray) copies = NULL;
	const miyin_copy *last;

	ck_assert(miyin_register_use_key(reg, 1, "aa", NULL));
	copies = issue_twice("job-1", 3, 3);
	last = copies->pdata[2];
	ck_assert_uint_eq(last->serial, 3);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 3);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 3);
	ck_assert_int_eq(get_number("SELECT count(*) FROM keys"), 1);
	assert_sound();
}
END_TEST

/* claim, and what the guard writes */
START_TEST(prints)
{
	const miyin_device_record done = { .end = MIYIN_DEVICE_DONE };
	g_autoptr(GPtrArray) copies = issue_twice("job-1", 1, 1);
	miyin_copy *copy = copies->pdata[0];

	TWICE(miyin_register_claim(reg, copy, 9, &error));
	ck_assert_int_eq(copy->device_job, 9);
	TWICE(miyin_register_start_device(reg, 9, &error));
	TWICE(miyin_register_end_device(reg, 9, &done, &error));
	TWICE(miyin_register_settle(reg, copy, MIYIN_COPY_PRINTED, 3, NULL,
				    &error));
	ck_assert_int_eq(copy->state, MIYIN_COPY_PRINTED);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 3);
	assert_sound();
}
END_TEST

START_TEST(voids)
{
	g_autoptr(GPtrArray) copies = issue_twice("job-1", 3, 3);
	miyin_copy *first = copies->pdata[0], *second = copies->pdata[1];

	TWICE(miyin_register_void(reg, first, "one", &error));
	TWICE(miyin_register_void_all(reg, copies, "all", &error));
	ck_assert_int_eq(second->state, MIYIN_COPY_VOID);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'void'"),
			 3);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 0);
	assert_sound();
}
END_TEST

START_TEST(recovers)
{
	g_autoptr(GPtrArray) copies = issue_twice("job-1", 2, 2);

	ck_assert(miyin_register_claim(reg, copies->pdata[0], 9, NULL));
	TWICE(miyin_register_recover(reg, NULL, &error));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state"
				    " IN ('reserved', 'sending')"),
			 0);
	assert_sound();
}
END_TEST

static gboolean is_same(const char *a, const char *b)
{
	return g_str_equal(a, b);
}

START_TEST(notes)
{
	char *printers[] = { (char *)"secret", NULL };
	const miyin_counted counted = { "ipp://one/", printers, is_same };
	const unsigned counter = 10;
	const miyin_request request = new_request("job-1", 1, 1);
	miyin_document_record record;
	miyin_reading reading;
	g_autoptr(GPtrArray) copies = issue_twice("job-1", 1, 1);

	TWICE(miyin_register_refuse(reg, &request, "over-limit", "no", &error));
	TWICE(miyin_register_note(reg, NOTE("trace", "wang", NULL, "found"),
				  ((miyin_copy *)copies->pdata[0])->copy_id,
				  &error));
	TWICE(miyin_register_document(
		reg, CHANGE("sha256:" HASH_A, "wang", 1, "root"), &record,
		&error));
	ck_assert_str_eq(record.owner, "wang");
	miyin_document_record_clear(&record);
	TWICE(miyin_register_count(reg, "root", &counted, &counter, &reading,
				   &error));
	ck_assert(reading.is_first);
	miyin_reading_clear(&reading);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 5);
	/* Each is bytes, too. */
	ck_assert_int_eq(get_number("SELECT count(*) FROM events JOIN log ON"
				    " instr(entry, 'events' || char(0, 0, 0,"
				    " length(seq)) || seq) > 0 AND"
				    " instr(entry, event) > 0 AND instr(entry,"
				    " title) > 0"),
			 5);
}
END_TEST

/* The number of an event that was taken back is not missed later. */
START_TEST(goes_on)
{
	miyin_register_gap gap;

	for (int i = 0; i < 3; i++)
		TWICE(miyin_register_note(
			reg, NOTE("trace", "wang", NULL, "none"), 0, &error));
	ck_assert(miyin_register_find_gap(reg, &gap, NULL));
	ck_assert_int_eq(gap.last, 0);
	ck_assert_int_eq(get_number("SELECT max(seq) FROM events"), 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("work");
	TCase *tcase = tcase_create("work");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, issues);
	tcase_add_test(tcase, prints);
	tcase_add_test(tcase, voids);
	tcase_add_test(tcase, recovers);
	tcase_add_test(tcase, notes);
	tcase_add_test(tcase, goes_on);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

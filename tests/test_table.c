/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/table.h"
#include "console/cells.h"
#include "console/when.h"

#include <check.h>
#include <stdlib.h>

#include <miyin/error.h>

#define BOM "\xef\xbb\xbf"

/* ---- one cell in CSV and JSON ----------------------------------------- */

static const struct {
	const char *what;
	miyin_cell_kind kind;
	const char *cell, *csv, *json;
} cells[] = {
	{ "plain", MIYIN_CELL_TEXT, "Plan B", "\"Plan B\"", "\"Plan B\"" },
	{ "nothing", MIYIN_CELL_TEXT, NULL, "\"\"", "\"\"" },
	{ "Chinese", MIYIN_CELL_TEXT, "机密", "\"机密\"", "\"机密\"" },
	{ "a comma", MIYIN_CELL_TEXT, "a,b", "\"a,b\"", "\"a,b\"" },
	{ "a quote", MIYIN_CELL_TEXT, "say \"x\"", "\"say \"\"x\"\"\"",
	  "\"say \\\"x\\\"\"" },
	{ "a line end", MIYIN_CELL_TEXT, "a\nb", "\"a\nb\"", "\"a\\nb\"" },
	{ "a formula", MIYIN_CELL_TEXT, "=1+2", "\"'=1+2\"", "\"=1+2\"" },
	{ "a plus", MIYIN_CELL_TEXT, "+1", "\"'+1\"", "\"+1\"" },
	{ "a minus", MIYIN_CELL_TEXT, "-1", "\"'-1\"", "\"-1\"" },
	{ "an at sign", MIYIN_CELL_TEXT, "@A1", "\"'@A1\"", "\"@A1\"" },
	{ "a wide =", MIYIN_CELL_TEXT, "＝1", "\"'＝1\"", "\"＝1\"" },
	{ "a tab first", MIYIN_CELL_TEXT, "\t=1", "\"'\t=1\"", "\"\\t=1\"" },
	{ "a return first", MIYIN_CELL_TEXT, "\r=1", "\"'\r=1\"", "\"\\r=1\"" },
	{ "a sign inside", MIYIN_CELL_TEXT, "a=b", "\"a=b\"", "\"a=b\"" },
	{ "an escape", MIYIN_CELL_TEXT, "\x1b[2J", "\"\xef\xbf\xbd[2J\"",
	  "\"\xef\xbf\xbd[2J\"" },
	{ "a number", MIYIN_CELL_NUMBER, "17", "\"17\"", "17" },
	{ "no number", MIYIN_CELL_NUMBER, "", "\"\"", "null" },
	{ "a serial", MIYIN_CELL_SERIAL, "1", "\"000001\"", "1" },
	{ "a long serial", MIYIN_CELL_SERIAL, "1234567", "\"1234567\"",
	  "1234567" },
	{ "no serial", MIYIN_CELL_SERIAL, "", "\"\"", "null" },
};

static char *write_one(miyin_table_form form, int i)
{
	const miyin_column columns[] = { { .name = "c", .kind = cells[i].kind },
					 { .name = NULL } };
	g_autoptr(miyin_table) table = miyin_table_new(form, columns, 0);

	miyin_table_add(table, &cells[i].cell);
	return miyin_table_format(table);
}

START_TEST(csv_cell)
{
	g_autofree char *text = write_one(MIYIN_TABLE_CSV, _i);
	g_autofree char *want =
		g_strdup_printf(BOM "\"c\"\r\n%s\r\n", cells[_i].csv);

	ck_assert_msg(g_str_equal(text, want), "%s: %s", cells[_i].what, text);
}
END_TEST

START_TEST(json_cell)
{
	g_autofree char *text = write_one(MIYIN_TABLE_JSON, _i);
	g_autofree char *want =
		g_strdup_printf("[\n{\"c\":%s}\n]\n", cells[_i].json);

	ck_assert_msg(g_str_equal(text, want), "%s: %s", cells[_i].what, text);
}
END_TEST

/* ---- a table for people ----------------------------------------------- */

static const struct {
	const char *what;
	unsigned width;
	const char *rows[2][4], *text;
} tables[] = {
	{ "no rows, no names", 0, { { NULL } }, "" },
	{ "wide characters take two columns",
	  0,
	  { { "1", "张三", "Plan", "x" }, { "20", "Lisa", "Plan B", "y" } },
	  "Serial  Holder  Title   Queue\n"
	  "000001  张三    Plan    x\n"
	  "000020  Lisa    Plan B  y\n" },
	{ "an empty last cell leaves no spaces",
	  0,
	  { { "1", "A", "B", "" } },
	  "Serial  Holder  Title  Queue\n"
	  "000001  A       B\n" },
	{ "no terminal, no cutting",
	  0,
	  { { "1", "A", "a title of twenty-five c.", "x" } },
	  "Serial  Holder  Title                      Queue\n"
	  "000001  A       a title of twenty-five c.  x\n" },
	{ "the title is cut to fit",
	  35,
	  { { "1", "A", "a title of twenty-five c.", "x" } },
	  "Serial  Holder  Title         Queue\n"
	  "000001  A       a title of …  x\n" },
	{ "a wide character is never halved",
	  30,
	  { { "1", "A", "关于印发的通知", "x" } },
	  "Serial  Holder  Title    Queue\n"
	  "000001  A       关于印…  x\n" },
	{ "a column is left out before one becomes too narrow",
	  25,
	  { { "1", "A", "a title of twenty-five c.", "x" } },
	  "Serial  Holder  Title\n"
	  "000001  A       a title …\n"
	  "(No room for: Queue)\n" },
	{ "a serial is never cut",
	  10,
	  { { "1", "A", "Plan", "x" } },
	  "Serial  Holder  Title\n"
	  "000001  A       Plan\n"
	  "(No room for: Queue)\n" },
	{ "escapes do not reach the terminal",
	  0,
	  { { "1", "\x1b]0;x\a",
	      "\xc2\x9b"
	      "2J",
	      "a\nb" } },
	  "Serial  Holder  Title  Queue\n"
	  "000001  \xef\xbf\xbd]0;x\xef\xbf\xbd  \xef\xbf\xbd"
	  "2J    a\xef\xbf\xbd"
	  "b\n" },
	{ "nor does turned text or what is not UTF-8",
	  0,
	  { { "1",
	      "a\xe2\x80\xae"
	      "b",
	      "\xff", "" } },
	  "Serial  Holder  Title  Queue\n"
	  "000001  a\xef\xbf\xbd"
	  "b     \xef\xbf\xbd\n" },
};

START_TEST(people)
{
	const miyin_column columns[] = {
		{ .name = "Serial", .kind = MIYIN_CELL_SERIAL },
		{ .name = "Holder" },
		{ .name = "Title", .least = 7 },
		{ .name = "Queue", .leave = 1 },
		{ .name = NULL },
	};
	g_autoptr(miyin_table) table =
		miyin_table_new(MIYIN_TABLE_PEOPLE, columns, tables[_i].width);
	g_autofree char *text = NULL;

	for (unsigned row = 0; row < 2 && tables[_i].rows[row][0]; row++)
		miyin_table_add(table, tables[_i].rows[row]);
	text = miyin_table_format(table);
	ck_assert_msg(g_str_equal(text, tables[_i].text), "%s:\n%s",
		      tables[_i].what, text);
}
END_TEST

START_TEST(empty)
{
	const miyin_column columns[] = { { .name = "c" }, { .name = NULL } };
	g_autoptr(miyin_table) csv =
		miyin_table_new(MIYIN_TABLE_CSV, columns, 0);
	g_autoptr(miyin_table) json =
		miyin_table_new(MIYIN_TABLE_JSON, columns, 0);
	g_autofree char *csv_text = miyin_table_format(csv);
	g_autofree char *json_text = miyin_table_format(json);

	ck_assert_str_eq(csv_text, BOM "\"c\"\r\n");
	ck_assert_str_eq(json_text, "[]\n");
	ck_assert_uint_eq(miyin_table_count(csv), 0);
}
END_TEST

/* ---- times ------------------------------------------------------------ */

/* Now is 2026-11-21 20:27:15 in China. */
static const struct {
	const char *typed, *since, *until;
} times[] = {
	{ "2026-11-21", "2026-11-20T16:00:00+00:00",
	  "2026-11-21T15:59:59+00:00" },
	{ "2024-02-29", "2024-02-28T16:00:00+00:00",
	  "2024-02-29T15:59:59+00:00" },
	{ "2026-11-21 14:00", "2026-11-21T06:00:00+00:00",
	  "2026-11-21T06:00:00+00:00" },
	{ "2026-11-21T14:00:30", "2026-11-21T06:00:30+00:00",
	  "2026-11-21T06:00:30+00:00" },
	{ "2026-11-21T14:00:30.75", "2026-11-21T06:00:30+00:00",
	  "2026-11-21T06:00:30+00:00" },
	{ "2026-11-21T14:00Z", "2026-11-21T14:00:00+00:00",
	  "2026-11-21T14:00:00+00:00" },
	{ "2026-11-21T14:00:00+01:00", "2026-11-21T13:00:00+00:00",
	  "2026-11-21T13:00:00+00:00" },
	{ "2026-11-21 14:00-0330", "2026-11-21T17:30:00+00:00",
	  "2026-11-21T17:30:00+00:00" },
	{ "today", "2026-11-20T16:00:00+00:00", "2026-11-21T15:59:59+00:00" },
	{ "yesterday", "2026-11-19T16:00:00+00:00",
	  "2026-11-20T15:59:59+00:00" },
	{ "7d", "2026-11-14T12:27:15+00:00", "2026-11-14T12:27:15+00:00" },
	{ "12h", "2026-11-21T00:27:15+00:00", "2026-11-21T00:27:15+00:00" },
	{ "30min", "2026-11-21T11:57:15+00:00", "2026-11-21T11:57:15+00:00" },
};

static const char *const not_times[] = {
	"7d\033[2J\n",	 "0226-11-11",	"",
	"tomorrow",	 "2026-02-30",	"2026-13-01",
	"2026-11",	 "21.11.2026",	"2026-11-21 25:00",
	"2026-11-21 14", "7",		"d",
	"-7d",		 "7 d",		"999999d",
	"99999999h",	 "2026-11-21x", "2026-11-21 14:00 x",
	"\xff",		 "7d\n",
};

START_TEST(time_typed)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_offset(8 * 3600);
	g_autoptr(GDateTime) now =
		g_date_time_new(zone, 2026, 11, 21, 20, 27, 15);
	g_autofree char *since =
		miyin_when_parse(times[_i].typed, FALSE, now, NULL);
	g_autofree char *until =
		miyin_when_parse(times[_i].typed, TRUE, now, NULL);

	ck_assert_str_eq(since, times[_i].since);
	ck_assert_str_eq(until, times[_i].until);
}
END_TEST

START_TEST(time_refused)
{
	g_autoptr(GDateTime) now = g_date_time_new_utc(2026, 11, 21, 0, 0, 0);
	g_autoptr(GError) error = NULL;
	char *time = miyin_when_parse(not_times[_i], FALSE, now, &error);

	ck_assert_msg(!time, "\"%s\" gave %s", not_times[_i], time);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_ptr_nonnull(strstr(error->message, "is not a time"));
	ck_assert_ptr_null(strpbrk(error->message, "\033\n"));
}
END_TEST

/* The night when clocks go back has 25 hours. */
START_TEST(time_long_day)
{
	g_autoptr(GTimeZone) zone =
		g_time_zone_new_identifier("CET-1CEST,M3.5.0,M10.5.0/3");
	g_autoptr(GDateTime) now =
		g_date_time_new(zone, 2026, 10, 25, 12, 0, 0);
	g_autofree char *since = miyin_when_parse("today", FALSE, now, NULL);
	g_autofree char *until = miyin_when_parse("today", TRUE, now, NULL);

	ck_assert_str_eq(since, "2026-10-24T22:00:00+00:00");
	ck_assert_str_eq(until, "2026-10-25T22:59:59+00:00");
}
END_TEST

static const struct {
	const char *at, *text;
} shown[] = {
	{ "2026-11-21T12:27:15+00:00", "2026-11-21 20:27" },
	{ "2026-12-31T16:00:00+00:00", "2027-01-01 00:00" },
	{ "some day", "some day" },
	{ "", "" },
	{ NULL, "" },
};

START_TEST(time_shown)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_offset(8 * 3600);
	g_autofree char *text =
		miyin_cells_format_time(shown[_i].at, zone, "%Y-%m-%d %H:%M");

	ck_assert_str_eq(text, shown[_i].text);
}
END_TEST

/* ---- words ------------------------------------------------------------ */

START_TEST(level_without_scheme)
{
	g_autofree char *both =
		miyin_cells_format_level("/nowhere", "cn", "jimi", "10年");
	g_autofree char *level =
		miyin_cells_format_level("/nowhere", NULL, "jimi", NULL);
	g_autofree char *none =
		miyin_cells_format_level("/nowhere", "cn", NULL, "10年");

	ck_assert_str_eq(both, "jimi 10年");
	ck_assert_str_eq(level, "jimi");
	ck_assert_str_eq(none, "");
}
END_TEST

START_TEST(word_unknown)
{
	ck_assert_str_eq(miyin_cells_format_word("printed"), "printed");
	ck_assert_str_eq(miyin_cells_format_word("other"), "other");
	ck_assert_str_eq(miyin_cells_format_word(""), "");
	ck_assert_str_eq(miyin_cells_format_word(NULL), "");
}
END_TEST

static TCase *table_cases(void)
{
	TCase *tcase = tcase_create("table");

	tcase_add_loop_test(tcase, csv_cell, 0, G_N_ELEMENTS(cells));
	tcase_add_loop_test(tcase, json_cell, 0, G_N_ELEMENTS(cells));
	tcase_add_loop_test(tcase, people, 0, G_N_ELEMENTS(tables));
	tcase_add_test(tcase, empty);
	tcase_add_test(tcase, level_without_scheme);
	tcase_add_test(tcase, word_unknown);
	return tcase;
}

static TCase *time_cases(void)
{
	TCase *tcase = tcase_create("time");

	tcase_add_loop_test(tcase, time_typed, 0, G_N_ELEMENTS(times));
	tcase_add_loop_test(tcase, time_refused, 0, G_N_ELEMENTS(not_times));
	tcase_add_loop_test(tcase, time_shown, 0, G_N_ELEMENTS(shown));
	tcase_add_test(tcase, time_long_day);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("table");
	SRunner *runner;
	int n_failed;

	suite_add_tcase(suite, table_cases());
	suite_add_tcase(suite, time_cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

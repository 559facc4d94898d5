/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An inquiry: what is found of a code and of the codes of a sheet, and that
 * nothing is told which the register did not take.
 */
#include "register-file.h"
#include <miyin/humancode.h>
#include <miyin/inquiry.h>
#include <string.h>

#define N_SIGHTINGS 3

typedef struct {
	miyin_actor actor;
	miyin_config config;
	miyin_office office;
	miyin_inquiry inquiry;
	GPtrArray *copies; /* of two, of three pages each */
} desk;

static void open_desk(desk *d)
{
	g_autofree char *keys = g_build_filename(dir, "keys", NULL);
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GError) error = NULL;

	*d = (desk){ .actor = { .name = (char *)"wang",
				.host = (char *)"desk" },
		     .config = { .site = 7,
				 .user = (char *)g_get_user_name(),
				 .register_path = path,
				 .keys_path = keys } };
	d->copies = issue(reg, "job-1", 2, 2);
	ck_assert(miyin_keys_create(keys, NULL));
	ck_assert(miyin_office_open(&d->office, &d->actor, &d->config, &error));
	ck_assert(miyin_inquiry_open(&d->inquiry, &d->office, &error));
}

static void close_desk(desk *d)
{
	miyin_inquiry_close(&d->inquiry);
	miyin_office_close(&d->office);
	g_ptr_array_unref(d->copies);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(desk, close_desk)

static guint64 copy_id(const desk *d, unsigned copy)
{
	return ((const miyin_copy *)d->copies->pdata[copy])->copy_id;
}

static char *new_payload(const desk *d, unsigned copy)
{
	const miyin_payload payload = {
		.key_id = miyin_keys_current(d->inquiry.keys),
		.copy_id = copy_id(d, copy),
		.page = 2,
		.pages = 3,
		.site = 7,
	};
	char text[MIYIN_PAYLOAD_LENGTH + 1];

	ck_assert(miyin_payload_format(&payload, d->inquiry.keys, text, NULL));
	return g_strdup(text);
}

static int count_events(void)
{
	return get_number("SELECT count(*) FROM events WHERE event = 'trace'"
			  " AND user = 'wang' AND host = 'desk'");
}

/* The register takes n events of an inquiry, and then none. */
static void refuse_after(unsigned n)
{
	g_autofree char *sql = g_strdup_printf(
		"CREATE TRIGGER full BEFORE INSERT ON events WHEN"
		" NEW.event = 'trace' AND (SELECT count(*) FROM events WHERE"
		" event = 'trace') >= %u BEGIN SELECT RAISE(ABORT, 'full');"
		" END",
		n);
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* ---- codes ------------------------------------------------------------ */

/* A code, and where its letter is changed or the copy is none of ours. */
typedef enum { PAYLOAD, HUMAN, COPY } code;

static const struct {
	const char *what;
	code kind;
	gboolean stranger, changed;
	unsigned page;
	miyin_verdict verdict;
	const char *detail; /* the event's, up to the code */
} codes[] = {
	{ "a payload", PAYLOAD, FALSE, FALSE, 2, MIYIN_FOUND,
	  "found: page 2 typed " },
	{ "a changed payload", PAYLOAD, FALSE, TRUE, 2, MIYIN_FOUND_FORGED,
	  "forged: page 2 typed " },
	{ "a human code", HUMAN, FALSE, FALSE, 3, MIYIN_FOUND,
	  "found: page 3 typed " },
	{ "a mistyped human code", HUMAN, FALSE, TRUE, 3, MIYIN_FOUND_NOTHING,
	  "nothing: typed " },
	{ "of a page that it has not", HUMAN, FALSE, FALSE, 4,
	  MIYIN_FOUND_FORGED, "forged: page 4 typed " },
	{ "of a copy that was never issued", HUMAN, TRUE, FALSE, 1,
	  MIYIN_FOUND_UNKNOWN, "unknown: page 1 typed " },
	{ "a copy's code", COPY, FALSE, FALSE, 0, MIYIN_FOUND,
	  "found: typed " },
};

static char *new_code(const desk *d, int i)
{
	const guint64 id = copy_id(d, 0) ^ (codes[i].stranger ? 1 << 20 : 0);
	char human[MIYIN_HUMANCODE_LENGTH + 1];
	char *text;

	if (codes[i].kind == COPY)
		miyin_copycode_format(id, human);
	else
		miyin_humancode_format(id, codes[i].page, human);
	text = codes[i].kind == PAYLOAD ? new_payload(d, 0) : g_strdup(human);
	if (codes[i].changed)
		text[strlen(text) - 1] =
			text[strlen(text) - 1] == '7' ? '8' : '7';
	return text;
}

START_TEST(is_judged_and_entered)
{
	g_auto(desk) d = { 0 };
	g_autofree char *text = (open_desk(&d), new_code(&d, _i));
	const miyin_source from = { .name = text, .fd = -1 };
	g_autoptr(GPtrArray) findings =
		miyin_inquiry_answer(&d.inquiry, &from, 1, NULL);
	g_autofree char *sql = g_strdup_printf(
		"SELECT count(*) FROM events WHERE event = 'trace' AND detail ="
		" '%s%s'",
		codes[_i].detail, text);
	const miyin_finding *found;

	ck_assert_ptr_nonnull(findings);
	ck_assert_uint_eq(findings->len, 1);
	found = findings->pdata[0];
	ck_assert_msg(found->verdict == codes[_i].verdict, "%s: %s",
		      codes[_i].what, found->why);
	if (found->verdict == MIYIN_FOUND)
		ck_assert_str_eq(found->copy.holder, "张三");
	ck_assert_int_eq(count_events(), 1);
	ck_assert_int_eq(get_number(sql), 1);
}
END_TEST

START_TEST(no_answer_without_its_event)
{
	g_auto(desk) d = { 0 };
	g_autofree char *text = (open_desk(&d), new_code(&d, _i));
	const miyin_source from = { .name = text, .fd = -1 };
	g_autoptr(GPtrArray) findings = NULL;
	g_autoptr(GError) error = NULL;

	refuse_after(0);
	findings = miyin_inquiry_answer(&d.inquiry, &from, 1, &error);
	ck_assert_msg(findings == NULL, "%s", codes[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_int_eq(count_events(), 0);
}
END_TEST

/* ---- sheets ----------------------------------------------------------- */

/* A code of a side of 100 pixels. */
typedef struct {
	unsigned copy;
	int x, y;
} spot;

/* Of two copies: the second one's codes stand in the corners. */
static const spot spots[N_SIGHTINGS + 1] = {
	{ 0, 800, 900 },
	{ 1, 1500, 100 },
	{ 1, 100, 2200 },
	{ 0 },
};

static void add_sighting(const desk *d, miyin_traced *traced, const spot *at)
{
	const miyin_corners corners = {
		.x = { at->x, at->x + 100, at->x + 100, at->x },
		.y = { at->y, at->y, at->y + 100, at->y + 100 },
	};
	miyin_sighting *seen = miyin_sighting_new();

	seen->sheet = 1;
	seen->width_px = 1654;
	seen->height_px = 2339;
	seen->text = new_payload(d, at->copy);
	seen->reader = g_strdup("test");
	g_array_append_val(seen->places, corners);
	g_ptr_array_add(traced->sightings, seen);
}

/* Of one sheet and n codes on it. */
static miyin_source new_sheet(const desk *d, unsigned n)
{
	miyin_source from = { .name = "scan.png", .fd = -1 };

	from.traced = g_new0(miyin_traced, 1);
	from.traced->sightings = g_ptr_array_new_with_free_func(
		(GDestroyNotify)miyin_sighting_free);
	from.traced->n_sheets = 1;
	for (unsigned i = 0; i < n; i++)
		add_sighting(d, from.traced, &spots[i]);
	return from;
}

START_TEST(own_marks_come_first)
{
	g_auto(desk) d = { 0 };
	miyin_source from = (open_desk(&d), new_sheet(&d, N_SIGHTINGS));
	g_autoptr(GPtrArray) findings =
		miyin_inquiry_answer(&d.inquiry, &from, 1, NULL);

	ck_assert_uint_eq(findings->len, N_SIGHTINGS);
	for (unsigned i = 0; i < N_SIGHTINGS; i++) {
		const miyin_finding *found = findings->pdata[i];

		ck_assert_uint_eq(found->n_copies, 2);
		ck_assert_int_eq(found->standing, i < 2 ? MIYIN_STANDS_OUTSIDE
							: MIYIN_STANDS_WITHIN);
		ck_assert_str_eq(found->copy.holder, i < 2 ? "李四" : "张三");
	}
	ck_assert_int_eq(count_events(), N_SIGHTINGS);
	miyin_source_clear(&from);
}
END_TEST

START_TEST(nothing_is_entered_too)
{
	g_auto(desk) d = { 0 };
	miyin_source from = (open_desk(&d), new_sheet(&d, 0));
	g_autoptr(GPtrArray) findings =
		miyin_inquiry_answer(&d.inquiry, &from, 1, NULL);
	const miyin_finding *found = findings->pdata[0];

	ck_assert_uint_eq(findings->len, 1);
	ck_assert_int_eq(found->verdict, MIYIN_FOUND_NOTHING);
	ck_assert_int_eq(count_events(), 1);
	miyin_source_clear(&from);
}
END_TEST

/* Nor a part of the answer. */
START_TEST(no_sheet_without_all_events)
{
	g_auto(desk) d = { 0 };
	miyin_source from = (open_desk(&d), new_sheet(&d, N_SIGHTINGS));
	g_autoptr(GPtrArray) findings = NULL;
	g_autoptr(GError) error = NULL;

	refuse_after(_i);
	findings = miyin_inquiry_answer(&d.inquiry, &from, 1, &error);
	if (_i == N_SIGHTINGS) {
		ck_assert_uint_eq(findings->len, N_SIGHTINGS);
	} else {
		ck_assert_ptr_null(findings);
		ck_assert_ptr_nonnull(error);
	}
	ck_assert_int_eq(count_events(), _i);
	miyin_source_clear(&from);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("inquiry");
	TCase *typed = new_tcase(suite, "codes", 20);
	TCase *sheet = new_tcase(suite, "sheets", 20);

	tcase_add_loop_test(typed, is_judged_and_entered, 0,
			    G_N_ELEMENTS(codes));
	tcase_add_loop_test(typed, no_answer_without_its_event, 0,
			    G_N_ELEMENTS(codes));
	tcase_add_test(sheet, own_marks_come_first);
	tcase_add_test(sheet, nothing_is_entered_too);
	tcase_add_loop_test(sheet, no_sheet_without_all_events, 0,
			    N_SIGHTINGS + 1);
	return run_suite(suite);
}

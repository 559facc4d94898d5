/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/place.h"

#include <check.h>
#include <stdlib.h>

#define MM MIYIN_PT_PER_MM
#define NEAR_MM 0.01
#define PRINTABLE_MM 4.2	/* what most devices leave blank */

#define N_MARKS 9

/* ---- boxes in millimetres, from the sheet's upper left ----------------- */

typedef struct {
	double left, top, right, bottom;
} area;

typedef struct {
	const char *name;
	area area;
} mark;

static area to_area(miyin_box box, double height_mm)
{
	return (area){ box.x / MM, height_mm - (box.y + box.h) / MM,
		       (box.x + box.w) / MM, height_mm - box.y / MM };
}

static gboolean overlap(area a, area b)
{
	return a.left < b.right - NEAR_MM && b.left < a.right - NEAR_MM &&
	       a.top < b.bottom - NEAR_MM && b.top < a.bottom - NEAR_MM;
}

static gboolean is_within(area a, area b)
{
	return a.left >= b.left - NEAR_MM && a.right <= b.right + NEAR_MM &&
	       a.top >= b.top - NEAR_MM && a.bottom <= b.bottom + NEAR_MM;
}

static void place_page(double width_mm, double height_mm, miyin_place *place)
{
	double least_w, least_h;

	ck_assert_msg(miyin_place_page(width_mm * MM, height_mm * MM, place,
				       &least_w, &least_h),
		      "%g × %g mm is too small", width_mm, height_mm);
}

static void get_marks(const miyin_place *place, double height_mm,
		      mark marks[N_MARKS])
{
	const mark all[N_MARKS] = {
		{ "serial", to_area(place->serial, height_mm) },
		{ "level", to_area(place->level, height_mm) },
		{ "upper QR code", to_area(place->qr[0], height_mm) },
		{ "lower QR code", to_area(place->qr[1], height_mm) },
		{ "upper human code", to_area(place->code[0], height_mm) },
		{ "lower human code", to_area(place->code[1], height_mm) },
		{ "upper page number", to_area(place->page[0], height_mm) },
		{ "lower page number", to_area(place->page[1], height_mm) },
		{ "running line", to_area(place->foot, height_mm) },
	};

	for (int i = 0; i < N_MARKS; i++)
		marks[i] = all[i];
}

/* ---- the official page ------------------------------------------------ */

/* GB/T 9704-2012: the type area is 156 × 225 mm, 28 mm from the left and 37
 * mm from the top of A4; the page number's dashes are 7 mm below it, the
 * number is 14 pt, and stands one character (16 pt) from either side. */
static const area type_area = { 28, 37, 184, 262 };
static const area number_zone = { 28, 265, 184, 272.5 };

START_TEST(a4_positions)
{
	miyin_place place;
	area serial, level, qr, lower;

	place_page(210, 297, &place);
	serial = to_area(place.serial, 297);
	level = to_area(place.level, 297);
	qr = to_area(place.qr[0], 297);
	lower = to_area(place.qr[1], 297);
	/* First line and second line at the left edge of the type area. */
	ck_assert_double_eq_tol(serial.left, 28, NEAR_MM);
	ck_assert_double_eq_tol(level.left, 28, NEAR_MM);
	ck_assert_double_eq_tol(level.top, serial.bottom, NEAR_MM);
	ck_assert_double_lt(serial.top, level.top);
	/* Baselines of look/page.png: 17 and 25.5 mm. */
	ck_assert(serial.top < 17 && serial.bottom > 17);
	ck_assert(level.top < 25.5 && level.bottom > 25.5);
	/* 17 mm codes: at the right edge of the type area, and in the corner
	 * below it to the left. */
	ck_assert_double_eq_tol(qr.right, 184, NEAR_MM);
	ck_assert_double_eq_tol(qr.right - qr.left, 17, NEAR_MM);
	ck_assert_double_eq_tol(qr.bottom - qr.top, 17, NEAR_MM);
	ck_assert_double_eq_tol(lower.left, 8, NEAR_MM);
	ck_assert_double_eq_tol(lower.bottom, 289, NEAR_MM);
	ck_assert_double_eq_tol(lower.right - lower.left, 17, NEAR_MM);
}
END_TEST

START_TEST(type_area_is_free)
{
	miyin_place place;
	mark marks[N_MARKS];

	place_page(210, 297, &place);
	get_marks(&place, 297, marks);
	for (int i = 0; i < N_MARKS; i++) {
		ck_assert_msg(!overlap(marks[i].area, type_area),
			      "the %s is in the type area", marks[i].name);
		ck_assert_msg(!overlap(marks[i].area, number_zone),
			      "the %s is on the page number", marks[i].name);
	}
	for (int i = 0; i < MIYIN_N_CUT; i++) {
		area cut = to_area(place.cut[i], 297);

		ck_assert_msg(!overlap(cut, type_area),
			      "cut %d is in the type area", i);
		ck_assert_msg(!overlap(cut, number_zone),
			      "cut %d is on the page number", i);
	}
}
END_TEST

/* ---- every sheet ------------------------------------------------------ */

static const struct {
	const char *name;
	double width_mm, height_mm;
} sheets[] = {
	{ "A6", 105, 148 },	     { "A5", 148, 210 },
	{ "A4", 210, 297 },	     { "A3", 297, 420 },
	{ "A2", 420, 594 },	     { "B5", 176, 250 },
	{ "JIS B5", 182, 257 },	     { "JIS B4", 257, 364 },
	{ "16K", 184, 260 },	     { "Letter", 215.9, 279.4 },
	{ "Legal", 215.9, 355.6 },   { "Tabloid", 279.4, 431.8 },
	{ "Executive", 184.2, 266.7 }, { "DL envelope", 110, 220 },
	{ "the least", 100, 90.01 },   { "a banner", 210, 2000 },
	{ "just narrow", 179.9, 250 }, { "just wide", 180, 250 },
	{ "200 inches", 5080, 5080 },
};

#define N_SHEETS (2 * (int)G_N_ELEMENTS(sheets))

static void get_sheet(int i, double *width_mm, double *height_mm)
{
	gboolean turned = i >= (int)G_N_ELEMENTS(sheets);

	i %= G_N_ELEMENTS(sheets);
	*width_mm = turned ? sheets[i].height_mm : sheets[i].width_mm;
	*height_mm = turned ? sheets[i].width_mm : sheets[i].height_mm;
	if (*width_mm < 100)
		*width_mm = 100.01;
}

START_TEST(marks_on_sheet)
{
	miyin_place place;
	mark marks[N_MARKS];
	double w, h;
	area sheet;

	get_sheet(_i, &w, &h);
	place_page(w, h, &place);
	get_marks(&place, h, marks);
	sheet = (area){ PRINTABLE_MM, PRINTABLE_MM, w - PRINTABLE_MM,
			h - PRINTABLE_MM };
	for (int i = 0; i < N_MARKS; i++) {
		const area a = marks[i].area;

		ck_assert_msg(is_within(a, sheet),
			      "%g × %g: the %s is beyond what prints", w, h,
			      marks[i].name);
		ck_assert_msg(a.right - a.left > 17 - NEAR_MM &&
				      a.bottom - a.top > 4,
			      "%g × %g: the %s has no room", w, h,
			      marks[i].name);
		for (int k = i + 1; k < N_MARKS; k++)
			ck_assert_msg(!overlap(a, marks[k].area),
				      "%g × %g: the %s is on the %s", w, h,
				      marks[i].name, marks[k].name);
	}
}
END_TEST

/* The even-odd clip of the body is right only when they are disjoint. */
START_TEST(cuts_of_sheet)
{
	miyin_place place;
	mark marks[N_MARKS];
	area cuts[MIYIN_N_CUT], sheet;
	double w, h;

	get_sheet(_i, &w, &h);
	place_page(w, h, &place);
	get_marks(&place, h, marks);
	sheet = (area){ PRINTABLE_MM, PRINTABLE_MM, w - PRINTABLE_MM,
			h - PRINTABLE_MM };
	for (int i = 0; i < MIYIN_N_CUT; i++)
		cuts[i] = to_area(place.cut[i], h);
	for (int i = 0; i < MIYIN_N_CUT; i++) {
		ck_assert_msg(is_within(cuts[i], sheet),
			      "%g × %g: cut %d is beyond what prints", w, h,
			      i);
		for (int k = i + 1; k < MIYIN_N_CUT; k++)
			ck_assert_msg(!overlap(cuts[i], cuts[k]),
				      "%g × %g: cuts %d and %d overlap", w, h,
				      i, k);
	}
	for (int m = 0; m < N_MARKS; m++) {
		gboolean safe = FALSE;

		for (int i = 0; i < MIYIN_N_CUT; i++)
			safe = safe || is_within(marks[m].area, cuts[i]);
		ck_assert_msg(safe, "%g × %g: the body reaches the %s", w, h,
			      marks[m].name);
	}
}
END_TEST

/* Four modules of white on each side: ISO/IEC 18004. */
START_TEST(quiet_zones_of_sheet)
{
	miyin_place place;
	double w, h;

	get_sheet(_i, &w, &h);
	place_page(w, h, &place);
	for (int i = 0; i < MIYIN_N_QR; i++) {
		area qr = to_area(place.qr[i], h);
		area cut = to_area(place.cut[i], h);
		double quiet = 4 * (qr.right - qr.left) / MIYIN_QR_MODULES;

		ck_assert_double_ge(qr.left - cut.left, quiet - NEAR_MM);
		ck_assert_double_ge(cut.right - qr.right, quiet - NEAR_MM);
		ck_assert_double_ge(qr.top - cut.top, quiet - NEAR_MM);
		ck_assert_double_ge(cut.bottom - qr.bottom, quiet - NEAR_MM);
	}
}
END_TEST

/* A body that is scaled to fit touches no mark. */
START_TEST(frame_of_sheet)
{
	miyin_place place;
	area frame;
	double w, h;

	get_sheet(_i, &w, &h);
	place_page(w, h, &place);
	frame = to_area(place.frame, h);
	ck_assert(is_within(frame, (area){ 0, 0, w, h }));
	ck_assert_double_gt(frame.bottom - frame.top, 30);
	for (int i = 0; i < MIYIN_N_CUT; i++)
		ck_assert_msg(!overlap(frame, to_area(place.cut[i], h)),
			      "%g × %g: cut %d is in the frame", w, h, i);
}
END_TEST

/* ---- too small -------------------------------------------------------- */

static const struct {
	const char *name;
	double width_mm, height_mm;
} small[] = {
	{ "A7", 74, 105 },	       { "A7 turned", 105, 74 },
	{ "a label", 12.7, 12.7 },     { "a visiting card", 85, 54 },
	{ "a hair too narrow", 99.9, 200 }, { "a hair too low", 200, 89.9 },
	{ "nothing", 0, 0 },	       { "a line", 200, 0 },
	{ "less than nothing", -210, -297 },
};

START_TEST(too_small)
{
	miyin_place place = { .serial = { 1, 2, 3, 4 } };
	double least_w = 0, least_h = 0;

	ck_assert_msg(!miyin_place_page(small[_i].width_mm * MM,
					small[_i].height_mm * MM, &place,
					&least_w, &least_h),
		      "%s", small[_i].name);
	ck_assert_double_eq_tol(least_w / MM, 100, NEAR_MM);
	ck_assert_double_eq_tol(least_h / MM, 90, NEAR_MM);
	ck_assert_double_eq(place.serial.x, 1);
	ck_assert_double_eq(place.serial.h, 4);
	/* What it says is enough. */
	ck_assert(miyin_place_page(least_w, least_h, &place, &least_w,
				   &least_h));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("place");
	TCase *tcase = tcase_create("place");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tcase, a4_positions);
	tcase_add_test(tcase, type_area_is_free);
	tcase_add_loop_test(tcase, marks_on_sheet, 0, N_SHEETS);
	tcase_add_loop_test(tcase, cuts_of_sheet, 0, N_SHEETS);
	tcase_add_loop_test(tcase, quiet_zones_of_sheet, 0, N_SHEETS);
	tcase_add_loop_test(tcase, frame_of_sheet, 0, N_SHEETS);
	tcase_add_loop_test(tcase, too_small, 0, G_N_ELEMENTS(small));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where marks stand, without drawing any: the official page to the
 * millimetre, then every shipped scheme on every sheet that a printer feeds.
 * Run in the source folder.
 */
#include <cairo.h>
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <miyin/scheme.h>
#include "filter/mark/shift.h"

#define SCHEMES "samples/schemes"
#define REPRINT " again"
#define NEAR_PT 0.02
#define NEAR_MM 0.05
#define A4_W_MM 210.0
#define A4_H_MM 297.0
#define PT(mm) ((mm)*MIYIN_PT_PER_MM)

static const miyin_words words = {
	.mark = "机密★20年",
	.level = "机密",
	.period = "20年",
	.serial = "000001",
	.holder = "张三",
	.date = "2026-03-14",
	.document = "JM2-2026-000123",
	.title = "通知",
	.unit = "办公室",
	.user = "zhang",
	.original = "000001",
	.copy_no = 1,
	.n_copies = 12,
	.n_pages = 3,
};

/* --- the official page ---------------------------------------------------- */

static miyin_layout *layout_of(const char *name, const char *level,
			       gboolean reprint)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(SCHEMES, name, &error);
	const miyin_level *found;

	ck_assert_msg(scheme != NULL, "%s", error ? error->message : "");
	found = miyin_scheme_find_level(scheme, level);
	ck_assert_ptr_nonnull(found);
	return miyin_scheme_layout(scheme, found, &words, reprint);
}

static const miyin_box *find_box(const miyin_layout *layout,
				 const miyin_place *place, const char *name)
{
	if (g_str_equal(name, "modules 1"))
		return &place->codes[0];
	if (g_str_equal(name, "modules 2"))
		return &place->codes[1];
	for (unsigned i = 0; i < layout->lines->len; i++) {
		const miyin_line *line = layout->lines->pdata[i];

		if (g_str_equal(line->name, name))
			return &place->lines[i];
	}
	ck_abort_msg("no line %s", name);
	return NULL;
}

/* From the sheet's upper left corner, as the standard counts. The serial and
 * the level are flush with the type area; the codes stand where ink can begin. */
static const struct {
	const char *name;
	double left_mm, right_mm, top_mm, bottom_mm;
} official[] = {
	{ "serial", 28, 90, 4.2, 11.09 },
	{ "level", 28, 118, 11.11, 18 },
	{ "modules 1", 191.3, 205.8, 4.2, 18.7 },
	{ "code-1", 158.3, 188.3, 4.2, 8.07 },
	{ "page-1", 158.3, 188.3, 8.1, 11.97 },
	{ "modules 2", 4.2, 18.7, 278.3, 292.8 },
	{ "trace-2", 21.7, 121.7, 285.47, 289.13 },
	{ "foot", 21.7, 186.7, 289.13, 292.79 },
};

START_TEST(official_page_in_mm)
{
	g_autoptr(miyin_layout) layout = layout_of("cn-gb9704", "jimi", FALSE);
	miyin_place place;
	const miyin_box *box;

	ck_assert(miyin_place_page(PT(A4_W_MM), PT(A4_H_MM), layout,
				   MIYIN_FIRST_PAGE, FALSE, &place));
	box = find_box(layout, &place, official[_i].name);
	ck_assert_double_eq_tol(box->x / MIYIN_PT_PER_MM, official[_i].left_mm,
				NEAR_MM);
	ck_assert_double_eq_tol((box->x + box->w) / MIYIN_PT_PER_MM,
				official[_i].right_mm, NEAR_MM);
	ck_assert_double_eq_tol(A4_H_MM - (box->y + box->h) / MIYIN_PT_PER_MM,
				official[_i].top_mm, NEAR_MM);
	ck_assert_double_eq_tol(A4_H_MM - box->y / MIYIN_PT_PER_MM,
				official[_i].bottom_mm, NEAR_MM);
	miyin_place_clear(&place);
}
END_TEST

static gboolean meet(const miyin_box *a, const miyin_box *b)
{
	return a->w > 0 && b->w > 0 && a->x < b->x + b->w - NEAR_PT &&
	       b->x < a->x + a->w - NEAR_PT && a->y < b->y + b->h - NEAR_PT &&
	       b->y < a->y + a->h - NEAR_PT;
}

static unsigned n_boxes(const miyin_place *place)
{
	return place->n_lines + place->n_codes;
}

static const miyin_box *nth_box(const miyin_place *place, unsigned i)
{
	return i < place->n_lines ? &place->lines[i]
				  : &place->quiet[i - place->n_lines];
}

/* What the standard gives to the document: the type area, and below it the
 * page number, on the right of odd and on the left of even pages. */
static const struct {
	const char *what;
	double left_mm, right_mm, top_mm, bottom_mm;
} kept_free[] = {
	{ "type area", 28, 184, 37, 262 },
	{ "page number of odd pages", 150, 184, 262, 276 },
	{ "page number of even pages", 28, 60, 262, 276 },
};

static void assert_kept_free(const miyin_layout *layout, miyin_page_class class,
			     unsigned row)
{
	const miyin_box area = {
		PT(kept_free[row].left_mm),
		PT(A4_H_MM - kept_free[row].bottom_mm),
		PT(kept_free[row].right_mm - kept_free[row].left_mm),
		PT(kept_free[row].bottom_mm - kept_free[row].top_mm)
	};
	miyin_place place;

	ck_assert(miyin_place_page(PT(A4_W_MM), PT(A4_H_MM), layout, class,
				   FALSE, &place));
	for (unsigned i = 0; i < n_boxes(&place); i++)
		ck_assert_msg(!meet(&area, nth_box(&place, i)),
			      "box %u stands in the %s", i,
			      kept_free[row].what);
	miyin_place_clear(&place);
}

START_TEST(official_page_keeps_free)
{
	static const char *const levels[] = { "juemi", "jimi", "mimi",
					      "neibu" };

	for (unsigned i = 0; i < 2 * G_N_ELEMENTS(levels); i++) {
		g_autoptr(miyin_layout) layout =
			layout_of("cn-gb9704", levels[i / 2], i % 2);

		assert_kept_free(layout, MIYIN_FIRST_PAGE, _i);
		assert_kept_free(layout, MIYIN_OTHER_PAGE, _i);
	}
}
END_TEST

/* --- any scheme on any sheet ---------------------------------------------- */

static const struct {
	const char *what;
	double w_mm, h_mm;
	gboolean official; /* cn-gb9704 has room for its marks */
} sheets[] = {
	{ "A4", 210, 297, TRUE },
	{ "A4 across", 297, 210, TRUE },
	{ "A3", 297, 420, TRUE },
	{ "A3 across", 420, 297, TRUE },
	{ "Letter", 215.9, 279.4, TRUE },
	{ "Letter across", 279.4, 215.9, TRUE },
	{ "Legal", 215.9, 355.6, TRUE },
	{ "Legal across", 355.6, 215.9, TRUE },
	{ "B5", 176, 250, TRUE },
	{ "B5 across", 250, 176, TRUE },
	{ "A5", 148, 210, TRUE },
	{ "A5 across", 210, 148, TRUE },
	{ "A6", 105, 148, TRUE },
	{ "A6 across", 148, 105, TRUE },
	{ "a roll", 100, 300, TRUE },
	{ "a roll across", 300, 100, TRUE },
	{ "a plan", 841, 1189, TRUE },
	{ "odd", 137.3, 211.9, TRUE },
	{ "a photograph", 89, 127, TRUE },
	{ "a receipt", 58, 1000, FALSE },
	{ "a ribbon", 1000, 40, FALSE },
	{ "a label", 50, 50, FALSE },
	{ "a stamp", 20, 20, FALSE },
};

static const struct {
	const char *what;
	miyin_page_class class;
	gboolean even;
} pages[] = {
	{ "first page", MIYIN_FIRST_PAGE, FALSE },
	{ "first page as an even one", MIYIN_FIRST_PAGE, TRUE },
	{ "other page", MIYIN_OTHER_PAGE, FALSE },
	{ "even page", MIYIN_OTHER_PAGE, TRUE },
	{ "cover", MIYIN_COVER_PAGE, FALSE },
};

static const double edges_mm[] = { 4.2, 6.35, 12.7 };

static void assert_inside(const miyin_box *box, double w_pt, double h_pt,
			  double edge_mm, const char *where)
{
	const double edge = PT(edge_mm) - NEAR_PT;

	ck_assert_msg(box->x >= edge && box->y >= edge &&
			      box->x + box->w <= w_pt - edge &&
			      box->y + box->h <= h_pt - edge,
		      "%s: %.1f %.1f + %.1f %.1f pt is out of reach", where,
		      box->x, box->y, box->w, box->h);
}

/* Codes are turned so that the corner without a finder is the sheet's. */
static void assert_turned(const miyin_place *place, double w_pt, double h_pt,
			  const char *where)
{
	static const unsigned turn_of_corner[2][2] = { { 3, 0 }, { 2, 1 } };

	for (unsigned i = 0; i < place->n_codes; i++) {
		const miyin_box *code = &place->codes[i];
		gboolean right = code->x + code->w / 2 > w_pt / 2;
		gboolean top = code->y + code->h / 2 > h_pt / 2;

		ck_assert_msg(place->turns[i] == turn_of_corner[top][right],
			      "%s: turn of code %u", where, i + 1);
	}
}

/* A page that is ink to its edges comes clear of all marks, on the sheet. */
static void assert_shifted(const miyin_place *place, double w_pt, double h_pt,
			   const char *where)
{
	const miyin_sheet sheet = { .width_pt = w_pt, .height_pt = h_pt };
	g_autoptr(miyin_ink) ink = miyin_ink_new(w_pt, h_pt, NULL);
	double scale = 1;
	miyin_shift shift = miyin_shift_find(&sheet, place, ink, &scale);
	const miyin_box body = { shift.x, shift.y, w_pt * shift.scale,
				 h_pt * shift.scale };
	gboolean marked = FALSE;

	for (unsigned i = 0; i < n_boxes(place); i++)
		marked |= nth_box(place, i)->w > 0;
	ck_assert_msg(scale > 0.3 && (scale < 1) == marked &&
			      shift.scale == scale,
		      "%s: scale %g", where, scale);
	ck_assert_msg(body.x >= -NEAR_PT && body.y >= -NEAR_PT &&
			      body.x + body.w <= w_pt + NEAR_PT &&
			      body.y + body.h <= h_pt + NEAR_PT,
		      "%s: the body leaves the sheet", where);
	for (unsigned i = 0; i < n_boxes(place); i++)
		ck_assert_msg(!meet(nth_box(place, i), &body),
			      "%s: the body meets box %u", where, i);
}

static void assert_placed(const miyin_layout *layout, const miyin_place *place,
			  double w_pt, double h_pt, const char *where)
{
	for (unsigned i = 0; i < n_boxes(place); i++) {
		const miyin_box *box = nth_box(place, i);

		if (box->w <= 0)
			continue;
		/* A quiet zone needs no ink. */
		assert_inside(box, w_pt, h_pt,
			      i < place->n_lines ? MIYIN_PRINTABLE_MM : 0,
			      where);
		ck_assert_msg(!meet(box, &place->frame),
			      "%s: box %u meets the frame", where, i);
		for (unsigned j = 0; j < i; j++)
			ck_assert_msg(!meet(box, nth_box(place, j)),
				      "%s: boxes %u and %u meet", where, i, j);
	}
	for (unsigned i = 0; i < place->n_lines; i++)
		ck_assert_msg(place->lines[i].w == 0 ||
				      fabs(place->lines[i].h -
					   miyin_line_height_pt(
						   layout->lines->pdata[i])) <
					      NEAR_PT,
			      "%s: line %u is squeezed", where, i);
	for (unsigned i = 0; i < place->n_codes; i++)
		assert_inside(&place->codes[i], w_pt, h_pt, MIYIN_PRINTABLE_MM,
			      where);
	assert_turned(place, w_pt, h_pt, where);
}

/* All that is on a page of the class is on it, and no more. */
static void assert_complete(const miyin_layout *layout,
			    const miyin_place *place, miyin_page_class class,
			    const char *where)
{
	ck_assert_uint_eq(place->n_lines, layout->lines->len);
	ck_assert_uint_eq(place->n_codes, layout->codes->len);
	for (unsigned i = 0; i < place->n_lines; i++) {
		const miyin_line *line = layout->lines->pdata[i];

		ck_assert_msg((place->lines[i].w > 0) ==
				      ((line->classes & class) != 0),
			      "%s: line %s", where, line->name);
	}
}

static gboolean check_sheet(const miyin_layout *layout, double w_pt,
			    double h_pt, gboolean shifted, const char *where)
{
	gboolean all = TRUE;

	for (unsigned p = 0; p < G_N_ELEMENTS(pages); p++) {
		g_autofree char *page =
			g_strdup_printf("%s, %s", where, pages[p].what);
		miyin_place place;

		if (!miyin_place_page(w_pt, h_pt, layout, pages[p].class,
				      pages[p].even, &place)) {
			ck_assert_ptr_null(place.lines);
			all = FALSE;
			continue;
		}
		assert_complete(layout, &place, pages[p].class, page);
		assert_placed(layout, &place, w_pt, h_pt, page);
		if (shifted)
			assert_shifted(&place, w_pt, h_pt, page);
		miyin_place_clear(&place);
	}
	return all;
}

/* A user who is told "at least so large" and feeds that gets his print. */
static void assert_least(const miyin_layout *layout, double w_pt, double h_pt,
			 const char *where)
{
	g_autofree char *larger = g_strdup_printf("%s made larger", where);
	double least_w, least_h;

	miyin_place_least(w_pt, h_pt, layout, &least_w, &least_h);
	ck_assert_msg(fabs(least_w / least_h - w_pt / h_pt) <
			      0.001 * w_pt / h_pt,
		      "%s: another shape", where);
	ck_assert_msg(check_sheet(layout, least_w, least_h, FALSE, larger),
		      "%s: even %.0f x %.0f mm is refused", where,
		      least_w / MIYIN_PT_PER_MM, least_h / MIYIN_PT_PER_MM);
	ck_assert_msg(!check_sheet(layout, least_w / 1.05, least_h / 1.05,
				   FALSE, larger),
		      "%s: less than %.0f x %.0f mm would do", where,
		      least_w / MIYIN_PT_PER_MM, least_h / MIYIN_PT_PER_MM);
}

typedef void (*layout_func)(const miyin_scheme *scheme,
			    const miyin_layout *layout, const char *where,
			    int row);

static void for_levels(const char *name, int row, layout_func check)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(SCHEMES, name, &error);
	unsigned n;

	ck_assert_msg(scheme != NULL, "%s", error ? error->message : "");
	n = scheme->levels->len;
	for (unsigned i = 0; i < 4 * n; i++) {
		const miyin_level *level = scheme->levels->pdata[i % n];
		gboolean reprint = i / n % 2;

		scheme->stamps_first = i / n / 2;
		if (scheme->stamps_first && !level->first_stamp)
			break;
		g_autoptr(miyin_layout) layout =
			miyin_scheme_layout(scheme, level, &words, reprint);
		g_autofree char *where =
			g_strdup_printf("%s, %s%s%s", name, level->id,
					scheme->stamps_first ? ", stamped" : "",
					reprint ? REPRINT : "");

		check(scheme, layout, where, row);
	}
}

static void for_schemes(int row, layout_func check)
{
	g_autoptr(GDir) names = g_dir_open(SCHEMES, 0, NULL);
	const char *name;
	int n = 0;

	ck_assert_ptr_nonnull(names);
	while ((name = g_dir_read_name(names))) {
		g_autofree char *base = g_strdup(name);

		if (!g_str_has_suffix(base, ".scheme"))
			continue;
		base[strlen(base) - strlen(".scheme")] = '\0';
		for_levels(base, row, check);
		n++;
	}
	ck_assert_int_gt(n, 0);
}

static void check_row(const miyin_scheme *scheme, const miyin_layout *layout,
		      const char *where, int row)
{
	const double w_pt = PT(sheets[row].w_mm), h_pt = PT(sheets[row].h_mm);
	g_autofree char *on =
		g_strdup_printf("%s on %s", where, sheets[row].what);
	/* Each kind once: it takes a while. */
	gboolean shifted =
		!g_str_has_suffix(where, REPRINT) && row < 11 && row % 2 == 0;
	gboolean ok = check_sheet(layout, w_pt, h_pt, shifted, on);

	if (!ok)
		assert_least(layout, w_pt, h_pt, on);
	if (g_str_equal(scheme->name, "cn-gb9704") && !scheme->stamps_first &&
	    !g_str_has_suffix(where, REPRINT))
		ck_assert_msg(ok == sheets[row].official, "%s: %s", on,
			      ok ? "there is room" : "there is no room");
	if (row == 0)
		ck_assert_msg(ok, "%s: no room", on);
}

START_TEST(schemes_on_sheets)
{
	for_schemes(_i, check_row);
}
END_TEST

/* --- printers that reach less of a sheet ----------------------------------- */

static void check_edge(const miyin_scheme *scheme, const miyin_layout *layout,
		       const char *where, int row)
{
	miyin_layout narrow = *layout;

	(void)scheme;
	narrow.edge_mm = edges_mm[row];
	for (unsigned i = 0; i < G_N_ELEMENTS(pages); i++) {
		miyin_place place;

		ck_assert_msg(miyin_place_page(PT(A4_W_MM), PT(A4_H_MM),
					       &narrow, pages[i].class,
					       pages[i].even, &place),
			      "%s: no room", where);
		for (unsigned n = 0; n < place.n_codes; n++)
			assert_inside(&place.codes[n], PT(A4_W_MM), PT(A4_H_MM),
				      edges_mm[row], where);
		for (unsigned n = 0; n < place.n_lines; n++)
			if (place.lines[n].w > 0)
				assert_inside(&place.lines[n], PT(A4_W_MM),
					      PT(A4_H_MM), edges_mm[row],
					      where);
		assert_placed(&narrow, &place, PT(A4_W_MM), PT(A4_H_MM), where);
		miyin_place_clear(&place);
	}
}

START_TEST(edges)
{
	for_schemes(_i, check_edge);
}
END_TEST

/* --- what the document loses to them -------------------------------------- */

static miyin_ink *draw_block(double w_pt, double h_pt, double margin_pt)
{
	const double scale = miyin_ink_dpi(w_pt, h_pt) / 72;
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)ceil(w_pt * scale),
		(int)ceil(h_pt * scale));
	cairo_t *cr = cairo_create(surface);
	miyin_ink *ink;

	cairo_scale(cr, scale, scale);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_set_source_rgb(cr, 0, 0, 0);
	cairo_rectangle(cr, margin_pt, margin_pt, w_pt - 2 * margin_pt,
			h_pt - 2 * margin_pt);
	cairo_fill(cr);
	cairo_destroy(cr);
	ink = miyin_ink_new(w_pt, h_pt, surface);
	cairo_surface_destroy(surface);
	return ink;
}

/* Margins as word processors have them, filled with ink to the last point. */
static const struct {
	const char *what;
	double margin_mm, least_scale;
} margins[] = {
	{ "a wide margin, 25.4 mm", 25.4, 1 },
	{ "an ordinary margin, 20 mm", 20, 1 },
	{ "a narrow margin, 12.7 mm", 12.7, 0.95 },
	{ "no margin", 0, 0.88 },
};

static void check_margins(const miyin_scheme *scheme,
			  const miyin_layout *layout, const char *where,
			  int row)
{
	static const miyin_page_class classes[] = { MIYIN_FIRST_PAGE,
						    MIYIN_OTHER_PAGE };
	const double w_pt = PT(sheets[row].w_mm), h_pt = PT(sheets[row].h_mm);
	const miyin_sheet sheet = { .width_pt = w_pt, .height_pt = h_pt };

	/* A copy stamp, and lines in the type area, take what they take. */
	if (g_str_has_suffix(where, REPRINT) || scheme->stamps_first)
		return;
	for (unsigned i = 0; i < 2 * G_N_ELEMENTS(margins); i++) {
		g_autoptr(miyin_ink) ink =
			draw_block(w_pt, h_pt, PT(margins[i / 2].margin_mm));
		double scale = 1;
		miyin_place place;

		ck_assert(miyin_place_page(w_pt, h_pt, layout, classes[i % 2],
					   FALSE, &place));
		miyin_shift_find(&sheet, &place, ink, &scale);
		ck_assert_msg(scale >= margins[i / 2].least_scale,
			      "%s on %s, %s: body at %.1f %%", where,
			      sheets[row].what, margins[i / 2].what,
			      100 * scale);
		miyin_place_clear(&place);
	}
}

START_TEST(ordinary_margins)
{
	for_schemes(_i, check_margins);
}
END_TEST

/* Ink that is in nobody's way stays; what is in the way goes aside by no more
 * than it must. */
START_TEST(moved_by_little)
{
	g_autoptr(miyin_layout) layout = layout_of("cn-gb9704", "jimi", FALSE);
	const miyin_sheet sheet = { .width_pt = PT(A4_W_MM),
				    .height_pt = PT(A4_H_MM) };
	g_autoptr(miyin_ink) wide =
		draw_block(PT(A4_W_MM), PT(A4_H_MM), PT(25));
	g_autoptr(miyin_ink) narrow =
		draw_block(PT(A4_W_MM), PT(A4_H_MM), PT(20));
	miyin_place place;
	miyin_shift shift;
	double scale = 1;

	ck_assert(miyin_place_page(sheet.width_pt, sheet.height_pt, layout,
				   MIYIN_OTHER_PAGE, FALSE, &place));
	shift = miyin_shift_find(&sheet, &place, wide, &scale);
	ck_assert(shift.scale == 1 && shift.x == 0 && shift.y == 0);
	shift = miyin_shift_find(&sheet, &place, narrow, &scale);
	ck_assert(scale == 1 && (shift.x != 0 || shift.y != 0));
	ck_assert_double_lt(fabs(shift.x), PT(2));
	ck_assert_double_lt(fabs(shift.y), PT(2));
	miyin_place_clear(&place);
}
END_TEST

/* --- even pages ----------------------------------------------------------- */

static void assert_mirrored(const miyin_layout *layout, double w_pt,
			    double h_pt, const char *where)
{
	miyin_place odd, even;

	if (!miyin_place_page(w_pt, h_pt, layout, MIYIN_OTHER_PAGE, FALSE,
			      &odd)) {
		ck_assert(!miyin_place_page(w_pt, h_pt, layout,
					    MIYIN_OTHER_PAGE, TRUE, &even));
		return;
	}
	ck_assert_msg(miyin_place_page(w_pt, h_pt, layout, MIYIN_OTHER_PAGE,
				       TRUE, &even),
		      "%s: room on odd pages only", where);
	for (unsigned i = 0; i < n_boxes(&odd); i++) {
		const miyin_box *a = nth_box(&odd, i), *b = nth_box(&even, i);
		double x = layout->swap_even ? w_pt - a->x - a->w : a->x;

		ck_assert_msg(a->w == 0 || fabs(b->x - x) < NEAR_PT,
			      "%s: box %u at %.1f, not %.1f pt", where, i, b->x,
			      x);
		ck_assert_double_eq_tol(b->w, a->w, NEAR_PT);
		ck_assert_double_eq_tol(b->y, a->y, NEAR_PT);
		ck_assert_double_eq_tol(b->h, a->h, NEAR_PT);
	}
	miyin_place_clear(&odd);
	miyin_place_clear(&even);
}

static void check_even(const miyin_scheme *scheme, const miyin_layout *layout,
		       const char *where, int row)
{
	const double w_pt = PT(sheets[row].w_mm), h_pt = PT(sheets[row].h_mm);
	miyin_layout turned = *layout;

	(void)scheme;
	turned.swap_even = TRUE;
	assert_mirrored(&turned, w_pt, h_pt, where);
	turned.swap_even = FALSE;
	assert_mirrored(&turned, w_pt, h_pt, where);
}

START_TEST(even_pages_are_mirrored)
{
	for_schemes(_i, check_even);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("place");
	TCase *tcase = tcase_create("place");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, official_page_in_mm, 0,
			    G_N_ELEMENTS(official));
	tcase_add_loop_test(tcase, official_page_keeps_free, 0,
			    G_N_ELEMENTS(kept_free));
	tcase_add_loop_test(tcase, schemes_on_sheets, 0, G_N_ELEMENTS(sheets));
	tcase_add_loop_test(tcase, even_pages_are_mirrored, 0,
			    G_N_ELEMENTS(sheets));
	tcase_add_test(tcase, moved_by_little);
	tcase_add_loop_test(tcase, edges, 0, G_N_ELEMENTS(edges_mm));
	/* A4 and Letter. */
	tcase_add_loop_test(tcase, ordinary_margins, 0, 1);
	tcase_add_loop_test(tcase, ordinary_margins, 4, 5);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

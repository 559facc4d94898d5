/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures that show a reader the same, and such that look nearly so: each is a
 * page of text at 150 dpi, and the same page with something done to it.
 */
#include "filter/mark/canvas.h"
#include "filter/mark/likeness.h"

#include <check.h>
#include <stdlib.h>

#define SCALE (150.0 / 72)

enum { WIDTH_PT = 300, HEIGHT_PT = 200 };

typedef enum { NOTHING, DOTS, GREY, GREEN } ground;

typedef struct {
	double x, y, scale;	   /* where the text lies, points */
	const char *mark;	   /* a level that one of the two has */
	double red, green, blue;   /* of the mark */
	double size;		   /* of it, points */
	ground ground;		   /* under both */
	int more_px;		   /* by which the second is higher */
	gboolean without_a_letter; /* the second */
	gboolean same;
} page;

static const page pages[] = {
	{ .same = TRUE },
	{ .x = 0.17, .y = -0.11, .same = TRUE }, /* a layout's rounding */
	{ .x = 0.48, .y = 0.48, .same = TRUE },	 /* a pixel */
	{ .x = -0.6, .y = 0.6, .same = TRUE },
	{ .more_px = 1, .same = TRUE },
	{ .more_px = 3 },
	{ .scale = 1.0005, .same = TRUE }, /* 595 points on A4 */
	{ .scale = 0.97 },
	{ .x = 3 },
	{ .without_a_letter = TRUE },
	{ .mark = "SECRET", .size = 16 },
	{ .mark = "SECRET", .size = 7 },
	{ .mark = "SECRET", .size = 16, .x = 0.3 },
	{ .mark = "SECRET", .size = 16, .red = 1 },
	{ .mark = "SECRET", .size = 16, .red = 1, .green = 1 },
	{ .mark = "SECRET",
	  .size = 16,
	  .red = 0.92,
	  .green = 0.92,
	  .blue = 0.92 }, /* as a watermark */
	{ .mark = "SECRET",
	  .size = 40,
	  .red = 0.92,
	  .green = 0.92,
	  .blue = 0.92 },
	{ .mark = "SECRET", .size = 16, .ground = DOTS },
	{ .mark = "SECRET", .size = 16, .ground = GREY },
	/* as bright as its ground, in grey */
	{ .mark = "SECRET", .size = 16, .ground = GREEN, .red = 0.6 },
};

static void draw_ground(cairo_t *cr, ground g)
{
	if (g == GREY)
		cairo_set_source_rgb(cr, 0.5, 0.5, 0.5);
	else if (g == GREEN)
		cairo_set_source_rgb(cr, 0, 0.6, 0);
	else
		cairo_set_source_rgb(cr, 0, 0, 0);
	if (g == GREY || g == GREEN)
		cairo_rectangle(cr, 0, 0, WIDTH_PT, HEIGHT_PT / 2.0);
	for (int y = 0; g == DOTS && y < HEIGHT_PT; y += 2)
		for (int x = 0; x < WIDTH_PT; x += 2)
			cairo_rectangle(cr, x, y, 0.5, 0.5);
	cairo_fill(cr);
}

static cairo_surface_t *draw(const page *p, gboolean second)
{
	cairo_t *cr = miyin_canvas_open((int)(WIDTH_PT * SCALE),
					(int)(HEIGHT_PT * SCALE) +
						(second ? p->more_px : 0));

	cairo_scale(cr, SCALE, SCALE);
	draw_ground(cr, p->ground);
	if (second && p->mark) {
		cairo_set_source_rgb(cr, p->red, p->green, p->blue);
		cairo_set_font_size(cr, p->size);
		cairo_move_to(cr, 40, 30);
		cairo_show_text(cr, p->mark);
	}
	if (second) {
		cairo_translate(cr, p->x, p->y);
		if (p->scale > 0)
			cairo_scale(cr, p->scale, p->scale);
	}
	cairo_set_source_rgb(cr, 0, 0, 0);
	cairo_set_font_size(cr, 10);
	for (int i = 0; i < 9; i++) {
		cairo_move_to(cr, 20, 60 + 14 * i);
		cairo_show_text(cr, i == 4 && second && p->without_a_letter
					    ? "The quick brown fox jumps over "
					      "the azy dog"
					    : "The quick brown fox jumps over "
					      "the lazy dog");
	}
	return miyin_canvas_close(cr, NULL);
}

START_TEST(likeness)
{
	g_autoptr(cairo_surface_t) one = draw(&pages[_i], FALSE);
	g_autoptr(cairo_surface_t) other = draw(&pages[_i], TRUE);

	ck_assert_int_eq(miyin_likeness_is_same(one, other), pages[_i].same);
	ck_assert_int_eq(miyin_likeness_is_same(other, one), pages[_i].same);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("likeness");
	TCase *tc = tcase_create("likeness");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(tc, likeness, 0, G_N_ELEMENTS(pages));
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

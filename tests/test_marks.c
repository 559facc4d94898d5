/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks on paper, read back: any words on any sheet stay in their boxes and
 * leave the codes readable, or are refused. A name is what a user types, so
 * nothing in it may reach another mark.
 */
#include "layout-page.h"
#include <fontconfig/fontconfig.h>
#include <stdio.h>
#include <stdlib.h>

#include <miyin/refusal.h>
#include <miyin/text.h>

#ifdef UNDER_VALGRIND
#define N_CASES 20
#define N_PARTS 1
#else
#define N_CASES 500
#define N_PARTS 10
#endif
#define DPI 60.0
#define SLACK_PT 0.7 /* of an antialiased edge */

/* --- words ---------------------------------------------------------------- */

static const char *const pieces[] = {
	"张三",
	"欧阳修",
	"李",
	"王小明",
	"司马相如",
	"·",
	"办公厅",
	"𠮷野",
	"㐂",
	"龘",
	"𩸽",
	"䶮",
	"喆",
	"堃",
	"葛\U000e0100城",
	"John Smith",
	"Müller-Lüdenscheidt",
	"O'Brien",
	"Å",
	"W",
	"i",
	"Nguyễn Văn Ánh",
	"Владимир",
	"Ελένη",
	"김철수",
	"さくら",
	"محمد بن عبد الله",
	"فاطمة",
	"יוסף כהן",
	"שָׁלוֹם",
	"q\u0323\u0307",
	"e\u0301\u0302\u0303\u0304",
	"o\u0338\u0336",
	"{code}",
	"(副本)",
	"……",
	"—",
	"ｆｕｌｌ",
	"%s",
	"\\",
	"<b>",
	"&amp;",
	"12",
	"№ 7",
	"ﬁ",
	"𠂇",
};

/* A few hundred marks upon one letter. */
static char *make_tower(GRand *dice)
{
	GString *text = g_string_new("A");
	int n = g_rand_int_range(dice, 1, 126);

	for (int i = 0; i < n; i++)
		g_string_append_unichar(text,
					g_rand_int_range(dice, 0x300, 0x370));
	return g_string_free(text, FALSE);
}

static char *make_text(GRand *dice, unsigned max)
{
	unsigned n = g_rand_int_range(dice, 1, max + 1);
	g_autoptr(GString) text = g_string_new(NULL);

	if (g_rand_int_range(dice, 0, 60) == 0)
		return make_tower(dice);
	if (g_rand_boolean(dice)) /* one writing */
		n = MIN(n, 12);
	while (g_utf8_strlen(text->str, -1) < n) {
		g_string_append(text, pieces[g_rand_int_range(
					      dice, 0, G_N_ELEMENTS(pieces))]);
		if (g_rand_boolean(dice))
			g_string_append_c(text, ' ');
	}
	return miyin_text_clean(text->str, n);
}

static const struct {
	double w_mm, h_mm;
} sheets[] = {
	{ 210, 297 },	  { 148, 210 },	    { 105, 148 }, { 297, 420 },
	{ 215.9, 279.4 }, { 215.9, 355.6 }, { 176, 250 }, { 100, 300 },
	{ 420, 297 },	  { 137.3, 211.9 }, { 180, 180 }, { 50, 50 },
};

typedef struct {
	page_job job;
	double w_pt, h_pt;
	char *texts[9];
} random_case;

static void make_case(GRand *dice, GPtrArray *schemes, random_case *c)
{
	unsigned i = g_rand_int_range(dice, 0, G_N_ELEMENTS(sheets));
	gboolean across = g_rand_boolean(dice);
	miyin_words *words = &c->job.words;

	memset(c, 0, sizeof(*c));
	c->w_pt = PT(across ? sheets[i].h_mm : sheets[i].w_mm);
	c->h_pt = PT(across ? sheets[i].w_mm : sheets[i].h_mm);
	c->job.scheme = schemes->pdata[g_rand_int_range(dice, 0, schemes->len)];
	c->job.n_level = g_rand_int_range(dice, 0, 100);
	c->job.reprint = g_rand_boolean(dice);
	c->job.body = g_rand_boolean(dice) ? MIYIN_BODY_FIT : MIYIN_BODY_KEEP;
	c->job.swap_even = g_rand_boolean(dice);
	for (unsigned n = 0; n < G_N_ELEMENTS(c->texts); n++)
		c->texts[n] = make_text(dice, MIYIN_TEXT_MAX);
	words->holder = c->texts[0];
	words->title = c->texts[1];
	words->unit = c->texts[2];
	words->user = c->texts[3];
	words->document = c->texts[4];
	words->period = g_rand_int_range(dice, 0, 3) ? "20年" : c->texts[5];
	words->date = g_rand_int_range(dice, 0, 3) ? "2026-03-14" : c->texts[6];
	words->serial = g_rand_int_range(dice, 0, 3) ? "000012" : c->texts[7];
	words->original = g_rand_int_range(dice, 0, 3) ? "000003" : c->texts[8];
	words->copy_no = g_rand_int_range(dice, 1, 1000);
	words->n_copies = 999;
}

static void clear_case(random_case *c)
{
	for (unsigned n = 0; n < G_N_ELEMENTS(c->texts); n++)
		g_free(c->texts[n]);
}

/* --- what the fonts have, by another way than Pango's ---------------------- */

static FcCharSet *characters(void)
{
	FcPattern *any = FcPatternCreate();
	FcObjectSet *what = FcObjectSetBuild(FC_CHARSET, NULL);
	FcFontSet *fonts = FcFontList(NULL, any, what);
	FcCharSet *all = FcCharSetCreate();

	for (int i = 0; i < fonts->nfont; i++) {
		FcCharSet *set;

		if (FcPatternGetCharSet(fonts->fonts[i], FC_CHARSET, 0, &set) ==
		    FcResultMatch)
			FcCharSetMerge(all, set, NULL);
	}
	FcFontSetDestroy(fonts);
	FcObjectSetDestroy(what);
	FcPatternDestroy(any);
	return all;
}

/* Space, our own two, and selectors of variants, which need no glyph. */
static gboolean is_invisible(gunichar c)
{
	return c == ' ' || c == 0xe000 || c == 0xe001 || c == 0x34f ||
	       (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

static gboolean all_known(const FcCharSet *known, const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (!is_invisible(c) && !FcCharSetHasChar(known, c))
			return FALSE;
	}
	return TRUE;
}

static gboolean order_is_known(const FcCharSet *known, const miyin_order *order)
{
	for (unsigned i = 0; i < order->layout->lines->len; i++) {
		const miyin_line *line = order->layout->lines->pdata[i];

		if (!all_known(known, line->text))
			return FALSE;
	}
	return TRUE;
}

/* --- ink ------------------------------------------------------------------ */

static gboolean place_of(const page_copy *page, unsigned i, miyin_place *place)
{
	const miyin_sheet *sheet =
		miyin_marks_sheet(page->order, page->sheets, i);

	return miyin_place_page(
		sheet->width_pt, sheet->height_pt, page->order->layout,
		miyin_order_class(page->order, i), i % 2, place);
}

/* White out the boxes; what is left is ink that no box holds. */
static void wipe(cairo_surface_t *surface, const miyin_place *place,
		 double h_pt, double dpi)
{
	cairo_t *cr = cairo_create(surface);

	cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_scale(cr, dpi / 72, dpi / 72);
	for (unsigned i = 0; i < place->n_lines + place->n_codes; i++) {
		const miyin_box *box =
			i < place->n_lines ? &place->lines[i]
					   : &place->quiet[i - place->n_lines];

		if (box->w > 0)
			cairo_rectangle(cr, box->x - SLACK_PT,
					h_pt - box->y - box->h - SLACK_PT,
					box->w + 2 * SLACK_PT,
					box->h + 2 * SLACK_PT);
	}
	cairo_fill(cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
}

static void assert_in_boxes(const page_copy *page, PopplerDocument *document,
			    unsigned i, int n)
{
	const miyin_sheet *sheet =
		miyin_marks_sheet(page->order, page->sheets, i);
	cairo_surface_t *surface = page_render(document, i, DPI);
	const miyin_box all = { 0, 0, sheet->width_pt, sheet->height_pt };
	miyin_place place;
	page_ink ink;

	ck_assert(place_of(page, i, &place));
	for (unsigned k = 0; k < place.n_lines; k++) {
		const miyin_line *line = page->order->layout->lines->pdata[k];

		if (place.lines[k].w <= 0)
			continue;
		ink = page_find_ink(surface, place.lines[k], sheet->height_pt,
				    DPI);
		ck_assert_msg(ink.right > 0, "case %d page %u: no %s", n, i,
			      line->name);
	}
	wipe(surface, &place, sheet->height_pt, DPI);
	ink = page_find_ink(surface, all, sheet->height_pt, DPI);
	ck_assert_msg(ink.right == 0,
		      "case %d page %u of %.0f x %.0f pt: ink outside, from "
		      "%.1f, %.1f to %.1f, %.1f pt",
		      n, i, all.w, all.h, ink.left * 72 / DPI,
		      ink.top * 72 / DPI, ink.right * 72 / DPI,
		      ink.bottom * 72 / DPI);
	miyin_place_clear(&place);
	cairo_surface_destroy(surface);
}

/* --- any words on any sheet ----------------------------------------------- */

static struct {
	unsigned marked, no_glyph, too_small, too_long;
} counts;

static void assert_refusal(const page_copy *page, const GError *error,
			   const FcCharSet *known, int n)
{
	miyin_place place;

	if (g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_BAD_GLYPH)) {
		ck_assert_msg(!order_is_known(known, page->order),
			      "case %d: all glyphs are there: %s", n,
			      error->message);
		counts.no_glyph++;
		return;
	}
	if (g_error_matches(error, MIYIN_REFUSAL,
			    MIYIN_REFUSAL_MARK_TOO_LONG)) {
		counts.too_long++;
		return;
	}
	ck_assert_msg(g_error_matches(error, MIYIN_REFUSAL,
				      MIYIN_REFUSAL_PAGE_TOO_SMALL),
		      "case %d: %s", n, error->message);
	for (unsigned i = 0; i < page->order->n_pages; i++) {
		if (!place_of(page, i, &place)) {
			counts.too_small++;
			return;
		}
		miyin_place_clear(&place);
	}
	ck_abort_msg("case %d: large enough, but %s", n, error->message);
}

static void check_case(GRand *dice, GPtrArray *schemes, const FcCharSet *known,
		       int n)
{
	g_autoptr(GBytes) document = NULL;
	g_autoptr(GError) error = NULL;
	random_case c;
	page_copy page;

	make_case(dice, schemes, &c);
	document = page_document(n % 4 ? 1 : 2, c.w_pt, c.h_pt);
	if (!page_stamp(&c.job, document, &page, &error)) {
		ck_assert_ptr_null(page.copy);
		assert_refusal(&page, error, known, n);
	} else {
		PopplerDocument *pdf = page_open(page.copy);

		ck_assert_msg(order_is_known(known, page.order),
			      "case %d: drawn without a glyph: %s", n,
			      page.order->layout->watermark_text);
		ck_assert_msg(
			verify_copy(page.copy, page.sheets, page.order, &error),
			"case %d: %s", n, error ? error->message : "");
		for (unsigned i = 0; i < page.order->n_pages; i++)
			assert_in_boxes(&page, pdf, i, n);
		counts.marked++;
		g_object_unref(pdf);
	}
	page_clear(&page);
	clear_case(&c);
}

START_TEST(any_words_on_any_sheet)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(1000 + _i);
	g_autoptr(GPtrArray) schemes = page_schemes();
	FcCharSet *known = characters();
	const int n_cases = N_CASES / N_PARTS;

	for (int n = 0; n < n_cases; n++)
		check_case(dice, schemes, known, _i * n_cases + n);
	printf("%d words on sheets: %u marked, %u without a glyph, %u too "
	       "small, %u too long\n",
	       n_cases, counts.marked, counts.no_glyph, counts.too_small,
	       counts.too_long);
	ck_assert_uint_gt(counts.marked, n_cases * 3 / 5);
	FcCharSetDestroy(known);
}
END_TEST

/* --- glyphs --------------------------------------------------------------- */

static const page_job plain = {
	.scheme = "cn-gb9704",
	.level = "jimi",
	.words = { .period = "20年",
		   .serial = "000012",
		   .holder = "张三",
		   .date = "2026-03-14",
		   .document = "JM2-2026-000123",
		   .title = "通知",
		   .unit = "办公室",
		   .user = "zhang",
		   .original = "000003",
		   .copy_no = 12,
		   .n_copies = 30 },
};

static const struct {
	const char *what, *holder;
	gboolean has; /* fonts-noto-cjk has it, or nobody */
} glyphs[] = {
	{ "a common name", "张三", TRUE },
	{ "Extension A", "㐂", TRUE },
	{ "many strokes", "龘", TRUE },
	{ "Extension B", "𠮷𠂇𩸽", TRUE },
	{ "Extension G", "\U00030edd", TRUE },
	{ "a variant of a name's character", "葛\U000e0100城", TRUE },
	{ "a name of Latin with marks", "Nguyễn Văn Ánh", TRUE },
	{ "the rest of Extension B", "\U0002a6a5", FALSE },
	{ "hieroglyphs", "\U00013000\U00013001", FALSE },
	{ "one cuneiform among others", "张\U00012000三", FALSE },
	{ "Tangut", "\U00017000", FALSE },
	{ "what was no UTF-8", "\ufffd\U00017001", FALSE },
};

START_TEST(missing_glyph_is_refused)
{
	g_autoptr(GBytes) document = page_document(1, PT(210), PT(297));
	g_autoptr(GError) error = NULL;
	page_job job = plain;
	page_copy page;
	gboolean ok;

	job.words.holder = glyphs[_i].holder;
	job.watermark = TRUE;
	ok = page_stamp(&job, document, &page, &error);
	ck_assert_msg(ok == glyphs[_i].has, "%s: %s", glyphs[_i].what,
		      error ? error->message : "was drawn");
	if (!ok)
		ck_assert(g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_BAD_GLYPH));
	ck_assert((page.copy != NULL) == ok);
	page_clear(&page);
}
END_TEST

/* Also in the watermark alone, and in lines that differ from page to page. */
START_TEST(missing_glyph_anywhere)
{
	g_autoptr(GBytes) document = page_document(1, PT(210), PT(297));
	g_autoptr(GBytes) base = NULL;
	g_autoptr(miyin_sheets) paper = NULL;
	g_autoptr(miyin_order) order = page_compose(&plain, 1);
	g_autoptr(GError) error = NULL;
	miyin_layout *layout = order->layout;
	miyin_marks *marks;

	ck_assert(miyin_prepare(document, &base, NULL, &paper, NULL));
	if (_i == 0) {
		layout->watermark = MIYIN_WATERMARK_LIGHT;
		g_free(layout->watermark_text);
		layout->watermark_text = g_strdup("\U00013000");
	} else {
		miyin_line *line = layout->lines->pdata[0];

		g_free(line->text);
		line->text = g_strdup("\U00013000 " MIYIN_PAGE_MARK);
	}
	marks = miyin_marks_new(order, paper, &error);
	ck_assert_ptr_null(marks);
	ck_assert(
		g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_BAD_GLYPH));
}
END_TEST

/* --- too long ------------------------------------------------------------- */

#define FINE_DPI 300.0

/* Width and height of the last n blots of ink in a box, from the right. */
static int last_blots(cairo_surface_t *surface, miyin_box box, double h_pt,
		      page_ink *blots, int n)
{
	const double px = 72 / FINE_DPI;
	page_ink all = page_find_ink(surface, box, h_pt, FINE_DPI);
	int found = 0, end = 0;

	for (int x = all.right; x >= all.left - 1 && found < n; x--) {
		miyin_box column = { (x + 0.25) * px, box.y, px / 2, box.h };
		page_ink ink = page_find_ink(surface, column, h_pt, FINE_DPI);

		if (ink.right > 0 && !end)
			end = x + 1;
		if (ink.right > 0 || !end)
			continue;
		column.x = (x + 1.25) * px;
		column.w = (end - x - 1.5) * px;
		blots[found++] = page_find_ink(surface, column, h_pt, FINE_DPI);
		end = 0;
	}
	return found;
}

/* Three dots of one size. */
static gboolean ends_in_dots(const page_copy *page, const char *name)
{
	cairo_surface_t *surface;
	PopplerDocument *pdf = page_open(page->copy);
	miyin_place place;
	page_ink dots[3];
	gboolean ends = FALSE;

	ck_assert(place_of(page, 0, &place));
	surface = page_render(pdf, 0, FINE_DPI);
	for (unsigned k = 0; k < place.n_lines; k++) {
		const miyin_line *line = page->order->layout->lines->pdata[k];
		double em_px = line->size_pt * FINE_DPI / 72;

		if (!g_str_equal(line->name, name))
			continue;
		ck_assert_int_eq(
			last_blots(surface, place.lines[k], PT(297), dots, 3),
			3);
		ends = TRUE;
		for (int i = 0; i < 3; i++)
			ends = ends &&
			       dots[i].right - dots[i].left < 0.2 * em_px &&
			       dots[i].bottom - dots[i].top < 0.2 * em_px &&
			       abs(dots[i].top - dots[0].top) <= 1;
	}
	miyin_place_clear(&place);
	cairo_surface_destroy(surface);
	g_object_unref(pdf);
	return ends;
}

static const struct {
	const char *what;
	unsigned n_holder;
	gboolean cut;
} lengths[] = {
	{ "a name", 3, FALSE },
	{ "a long one is set smaller", 25, FALSE },
	{ "one too long is cut", 60, TRUE },
	{ "the longest", MIYIN_TEXT_MAX, TRUE },
};

START_TEST(too_long_is_cut_with_dots)
{
	g_autoptr(GBytes) document = page_document(1, PT(210), PT(297));
	g_autoptr(GString) holder = g_string_new(NULL);
	page_job job = plain;
	page_copy page;

	for (unsigned i = 0; i < lengths[_i].n_holder; i++)
		g_string_append(holder, "阳");
	job.words.holder = holder->str;
	ck_assert(page_stamp(&job, document, &page, NULL));
	ck_assert_msg(ends_in_dots(&page, "foot") == lengths[_i].cut, "%s",
		      lengths[_i].what);
	page_clear(&page);
}
END_TEST

/* A level line that ends in dots would be another level or period. */
static const struct {
	const char *what, *level;
	unsigned n_period, n_holder;
	double width_mm;
	gboolean has_room;
} marks[] = {
	{ "a period", "jimi", 3, 3, 210, TRUE },
	{ "a condition", "jimi", 18, 3, 210, TRUE },
	{ "a condition and a long holder", "jimi", 18, 60, 210, TRUE },
	{ "one that is set smaller", "jimi", 19, 3, 210, TRUE },
	{ "one too long", "jimi", 60, 3, 210, FALSE },
	{ "the longest", "jimi", MIYIN_TEXT_MAX, 3, 210, FALSE },
	{ "a condition on a narrow sheet", "jimi", 18, 3, 148, FALSE },
	{ "none, and a long holder", "neibu", 0, 60, 210, TRUE },
};

START_TEST(mark_is_never_cut)
{
	double w_pt = PT(marks[_i].width_mm);
	g_autoptr(GBytes) document = page_document(1, w_pt, w_pt * G_SQRT2);
	g_autoptr(GString) period = g_string_new(NULL);
	g_autoptr(GString) holder = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	page_job job = plain;
	page_copy page;
	gboolean ok;

	for (unsigned i = 0; i < marks[_i].n_period; i++)
		g_string_append(period, "布");
	for (unsigned i = 0; i < marks[_i].n_holder; i++)
		g_string_append(holder, "阳");
	job.level = marks[_i].level;
	job.words.period = period->str;
	job.words.holder = holder->str;
	ok = page_stamp(&job, document, &page, &error);
	ck_assert_msg(ok == marks[_i].has_room, "%s: %s", marks[_i].what,
		      error ? error->message : "was drawn");
	if (ok)
		ck_assert(!ends_in_dots(&page, "level"));
	else
		ck_assert(g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_MARK_TOO_LONG));
	page_clear(&page);
}
END_TEST

/* --- large ---------------------------------------------------------------- */

/* A page number as large as a hand is not cut at its glyphs' edges: its digit
 * is as much higher than a small one as its type is. */
START_TEST(large_numbers_are_whole)
{
	static const double sizes_pt[] = { 10, 100 };
	double heights_pt[2];

	for (int k = 0; k < 2; k++) {
		g_autoptr(GBytes) document = page_document(1, PT(210), PT(297));
		g_autoptr(GBytes) base = NULL, copy = NULL;
		g_autoptr(miyin_sheets) paper = NULL;
		g_autoptr(miyin_order) order = page_compose(&plain, 1);
		miyin_line *line = order->layout->lines->pdata[0];
		const miyin_box all = { 0, 0, PT(210), PT(297) };
		int fd = miyin_memfile_new("copy", NULL);
		PopplerDocument *pdf;
		cairo_surface_t *surface;
		page_ink ink;

		g_ptr_array_set_size(order->layout->lines, 1);
		g_array_set_size(order->layout->codes, 0);
		g_free(line->text);
		line->text = g_strdup(MIYIN_PAGE_MARK);
		line->size_pt = sizes_pt[k];
		ck_assert(miyin_prepare(document, &base, NULL, &paper, NULL));
		ck_assert(miyin_stamp(fd, base, paper, order, NULL));
		copy = miyin_memfile_map(fd, NULL);
		pdf = page_open(copy);
		surface = page_render(pdf, 0, FINE_DPI);
		ink = page_find_ink(surface, all, PT(297), FINE_DPI);
		heights_pt[k] = (ink.bottom - ink.top) * 72 / FINE_DPI;
		cairo_surface_destroy(surface);
		g_object_unref(pdf);
		close(fd);
	}
	ck_assert_double_eq_tol(heights_pt[1] / heights_pt[0], 10, 0.7);
}
END_TEST

/* Where a small sheet's copy stamp stands there is no watermark to look for, and
 * on the next page there is no stamp. */
START_TEST(reprints_on_small_sheets)
{
	static const double sides_mm[][2] = { { 148, 210 }, { 105, 148 } };
	page_job job = plain;

	job.reprint = TRUE;
	job.words.original = "000001";
	job.watermark = TRUE;
	for (unsigned i = 0; i < G_N_ELEMENTS(sides_mm); i++) {
		g_autoptr(GBytes) document = page_document(
			3, PT(sides_mm[i][0]), PT(sides_mm[i][1]));
		g_autoptr(GError) error = NULL;
		page_copy page;

		ck_assert_msg(page_stamp(&job, document, &page, &error), "%s",
			      error ? error->message : "");
		ck_assert_msg(
			verify_copy(page.copy, page.sheets, page.order, &error),
			"%s", error ? error->message : "");
		page_clear(&page);
	}
}
END_TEST

/* --- specimen ------------------------------------------------------------- */

/* 样张 SPECIMEN covers nothing that a machine reads. */
START_TEST(specimen_is_readable)
{
	const double w_pt = PT(sheets[_i].w_mm), h_pt = PT(sheets[_i].h_mm);
	g_autoptr(GBytes) document = page_document(1, w_pt, h_pt);
	g_autoptr(GError) error = NULL;
	page_job job = plain;
	page_copy page;

	job.specimen = TRUE;
	job.watermark = TRUE;
	if (page_stamp(&job, document, &page, &error)) {
		ck_assert_msg(
			verify_copy(page.copy, page.sheets, page.order, &error),
			"%s", error ? error->message : "");
	} else {
		ck_assert(g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_PAGE_TOO_SMALL));
	}
	page_clear(&page);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("marks");
	TCase *tcase = tcase_create("marks");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, any_words_on_any_sheet, 0, N_PARTS);
	tcase_add_loop_test(tcase, missing_glyph_is_refused, 0,
			    G_N_ELEMENTS(glyphs));
	tcase_add_loop_test(tcase, missing_glyph_anywhere, 0, 2);
	tcase_add_loop_test(tcase, too_long_is_cut_with_dots, 0,
			    G_N_ELEMENTS(lengths));
	tcase_add_loop_test(tcase, mark_is_never_cut, 0, G_N_ELEMENTS(marks));
	tcase_add_test(tcase, large_numbers_are_whole);
	tcase_add_test(tcase, reprints_on_small_sheets);
	tcase_add_loop_test(tcase, specimen_is_readable, 0,
			    G_N_ELEMENTS(sheets));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

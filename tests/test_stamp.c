/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks on pages of every kind: they stand whatever the body does, and the
 * body is as it was; what cannot be stamped leaves not a byte of a copy. What a
 * document may hold is test_prepare.c's; how copies are judged, test_inspect.c's.
 */
#include "marked-copy.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <miyin/error.h>

/* Each page is drawn by two engines, which takes valgrind its time. */
#ifdef UNDER_VALGRIND
#define N_MANY 4
#define N_KINDS 4
#define N_HOSTILE 4
#define LARGE_PT 1440
#else
#define N_MANY 60
#define N_KINDS G_N_ELEMENTS(pages)
#define N_HOSTILE G_N_ELEMENTS(hostile)
/* The greatest page that PDF has without units: 200 inches. */
#define LARGE_PT 14400
#endif

/* Not a byte of a copy that must not be. */
static void assert_stamp_refused(const marked *m, miyin_refusal refusal,
				 const char *words)
{
	int fd = miyin_memfile_new("copy", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert(!miyin_stamp(fd, m->base, m->sheets, m->order, &error));
	ck_assert_msg(g_error_matches(error, MIYIN_REFUSAL, refusal), "%d %s",
		      error->code, error->message);
	ck_assert_msg(!words || g_str_equal(error->message, words), "%s",
		      error->message);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}

/* ---- pages of every kind ---------------------------------------------- */

#define GREEN_FORM                                                             \
	"<</Type/XObject/Subtype/Form/BBox[0 0 10 10]/Length 21>>stream\n"     \
	"0 1 0 rg 0 0 10 10 re\nendstream"

static const struct {
	const char *name, *entries, *content;
	const char *more; /* object 6 */
	double width_pt, height_pt;
} pages[] = {
	{ "plain", A4 USES, BODY "BT /F 20 Tf 100 500 Td (Text) Tj ET", NULL,
	  595, 842 },
	{ "turned to the right", A4 "/Rotate 90", BODY, NULL, 842, 595 },
	{ "upside down", A4 "/Rotate 180", BODY, NULL, 595, 842 },
	{ "turned to the left", A4 "/Rotate 270", BODY, NULL, 842, 595 },
	{ "turned by -90", A4 "/Rotate -90", BODY, NULL, 842, 595 },
	{ "turned by 450", A4 "/Rotate 450", BODY, NULL, 842, 595 },
	{ "landscape", "/MediaBox[0 0 842 595]", BODY, NULL, 842, 595 },
	{ "A6", "/MediaBox[0 0 298 420]",
	  "1 0 0 rg 100 150 80 40 re 100 190 30 40 re f", NULL, 298, 420 },
	{ "A3", "/MediaBox[0 0 842 1191]", BODY, NULL, 842, 1191 },
	{ "cropped", A4 "/CropBox[50 60 500 700]", BODY, NULL, 450, 640 },
	{ "cropped and turned", A4 "/CropBox[50 60 500 700]/Rotate 90", BODY,
	  NULL, 640, 450 },
	{ "cropped beyond its sheet", A4 "/CropBox[-99 -99 9999 9999]", BODY,
	  NULL, 595, 842 },
	{ "trimmed to a stamp",
	  A4 "/TrimBox[0 0 10 10]/ArtBox[0 0 10 10]/BleedBox[0 0 10 10]", BODY,
	  NULL, 595, 842 },
	{ "from below zero", "/MediaBox[-300 -400 295 442]",
	  "1 0 0 rg -100 -100 120 40 re -100 -60 40 80 re f", NULL, 595, 842 },
	{ "from below zero and turned",
	  "/MediaBox[-300 -400 295 442]/Rotate 270",
	  "1 0 0 rg -100 -100 120 40 re -100 -60 40 80 re f", NULL, 842, 595 },
	{ "corners the other way", "/MediaBox[595 842 0 0]", BODY, NULL, 595,
	  842 },
	{ "in units of two", "/MediaBox[0 0 298 421]/UserUnit 2",
	  "1 0 0 rg 100 150 60 20 re 100 170 20 40 re f", NULL, 596, 842 },
	{ "in units of two, turned and cropped",
	  "/MediaBox[0 0 298 421]/CropBox[10 20 288 401]/UserUnit 2/Rotate 90",
	  "1 0 0 rg 100 150 60 20 re 100 170 20 40 re f", NULL, 762, 556 },
	{ "of no size, which is Letter", "", BODY, NULL, 612, 792 },
	{ "without resources", A4, BODY, NULL, 595, 842 },
	{ "a group of CMYK",
	  A4 "/Group<</S/Transparency/CS/DeviceCMYK/K true"
	     "/I true>>",
	  BODY, NULL, 595, 842 },
};

START_TEST(page_of_every_kind)
{
	g_autoptr(GBytes) pdf =
		make_page(pages[_i].entries, pages[_i].content, pages[_i].more);
	g_autoptr(marked) m = mark(pages[_i].name, pdf, FALSE);
	const miyin_sheet *sheet =
		&g_array_index(m->sheets->pages, miyin_sheet, 0);

	ck_assert_double_eq_tol(sheet->width_pt, pages[_i].width_pt, 0.01);
	ck_assert_double_eq_tol(sheet->height_pt, pages[_i].height_pt, 0.01);
	assert_same_body(pages[_i].name, pdf, m);
	assert_engines_read(pages[_i].name, m);
}
END_TEST

/* Bodies that want to be over the marks, or to take them along. Objects: 5 a
 * font, 6 see there. */
#define COVER "1 g 0 0 9999 9999 re f 0 g "

static const struct {
	const char *name, *entries, *content, *more;
} hostile[] = {
	{ "white all over", A4, COVER, NULL },
	{ "white beyond the sheet", A4, "1 g -9999 -9999 99999 99999 re f",
	  NULL },
	{ "a stroke over all", A4, "1 G 5000 w 0 0 m 595 842 l S", NULL },
	{ "Q too often", A4, "Q Q Q Q q Q Q " COVER, NULL },
	{ "Q too often, then tiny", A4, "Q Q Q Q .001 0 0 .001 0 0 cm", NULL },
	{ "q too often", A4, "q q q q q .001 0 0 .001 0 0 cm", NULL },
	{ "a clip that stays", A4, "q 0 0 1 1 re W n", NULL },
	{ "a clip of nothing", A4, "0 0 0 0 re W n", NULL },
	{ "a path that stays open", A4, "0 0 m 595 842 l 0 842 l", NULL },
	{ "a clip of a path that stays open", A4, "0 0 1 1 re W", NULL },
	{ "a text that stays open, as clip", A4 USES, "BT 7 Tr /F 9 Tf (x) Tj",
	  NULL },
	{ "a text clip", A4 USES, "BT 7 Tr /F 9 Tf (x) Tj ET", NULL },
	{ "invisible text", A4 USES, "BT 3 Tr /F 9 Tf (x) Tj", NULL },
	{ "a string that stays open", A4, "(((", NULL },
	{ "a dictionary that stays open", A4, "/OC <</A <</B [", NULL },
	{ "an inline image that stays open", A4,
	  "BI /W 9 /H 9 /BPC 8 /CS /G ID xxx", NULL },
	{ "BX that stays open", A4, "BX BX foo", NULL },
	{ "a comment at the end", A4, "0 g %", NULL },
	{ "a layer that is off and stays open",
	  A4 "/Resources<</Properties<</L 6 0 R>>>>", "/OC /L BDC",
	  "<</Type/OCG/Name(L)>>" },
	{ "a mark that stays open", A4, "/Span BMC", NULL },
	{ "no transform at all", A4, "0 0 0 0 0 0 cm", NULL },
	{ "far away", A4, "1 0 0 1 99999 99999 cm", NULL },
	{ "all transparent",
	  A4 "/Resources<</ExtGState<</G<</ca 0/CA 0/BM/Multiply>>>>>>",
	  "/G gs", NULL },
	{ "all through a mask",
	  A4 "/Resources<</ExtGState<</G<</SMask<</S/Luminosity/G 6 0 R>>>>>>"
	     ">>",
	  "/G gs",
	  "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Group<</S/Transparency"
	  "/CS/DeviceGray>>/Length 0>>stream\n\nendstream" },
	{ "a form that paints itself", A4 "/Resources<</XObject<</X 6 0 R>>>>",
	  "/X Do",
	  "<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<<"
	  "/X 6 0 R>>>>/Length 5>>stream\n/X Do\nendstream" },
	{ "our own names",
	  A4 "/Resources<</XObject<</O 6 0 R/K 6 0 R/m0 6 0 R"
	     ">>>>",
	  "/O Do /K Do /m0 Do", GREEN_FORM },
	{ "an annotation over all",
	  A4 "/Annots[<</Type/Annot/Subtype/Square/F 4/Rect[0 0 595 842]/AP<<"
	     "/N 6 0 R>>>>]",
	  "0 g",
	  "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 16>>stream\n"
	  "1 g 0 0 9 9 re f\nendstream" },
	{ "an annotation over all that no screen shows",
	  A4 "/Annots[<</Type/Annot/Subtype/Square/F 36/Rect[0 0 595 842]/AP<<"
	     "/N 6 0 R>>>>]",
	  "0 g",
	  "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 16>>stream\n"
	  "1 g 0 0 9 9 re f\nendstream" },
	{ "no content", A4 "/Contents null", "", NULL },
	{ "content that is no stream", A4 "/Contents 6 0 R", "", "(text)" },
	{ "content that is a list of itself", A4 "/Contents 6 0 R", "",
	  "[6 0 R 6 0 R]" },
	{ "content that is not there", A4 "/Contents 99 0 R", "", NULL },
	{ "content of an unknown filter", A4 "/Contents 6 0 R", "",
	  "<</Filter/Nonsense/Length 5>>stream\nxxxxx\nendstream" },
	{ "a turn that is none", A4 "/Rotate 45", "0 g", NULL },
	{ "a turn of a word", A4 "/Rotate/Right", "0 g", NULL },
	{ "a unit of nothing", A4 "/UserUnit 0", "0 g", NULL },
	{ "a unit below nothing", A4 "/UserUnit -2", "0 g", NULL },
	{ "a crop of nothing", A4 "/CropBox[9 9 9 9]", "0 g", NULL },
	{ "a box of words", "/MediaBox[/a /b /c /d]", "0 g", NULL },
	{ "a box of four numbers and more", "/MediaBox[0 0 595 842 9 9]", "0 g",
	  NULL },
};

START_TEST(hostile_page)
{
	g_autoptr(GBytes) pdf = make_page(
		hostile[_i].entries, hostile[_i].content, hostile[_i].more);
	g_autoptr(marked) m = mark(hostile[_i].name, pdf, _i % 2);
	miyin_place place;
	const miyin_sheet *sheet =
		&g_array_index(m->sheets->pages, miyin_sheet, 0);

	/* Other engines may call such a body broken; the marks must stand. */
	write_file("copy.pdf", m->copy);
	run(hostile[_i].name,
	    "mutool draw -q -r 150 -c gray -o m.pgm copy.pdf & "
	    "gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=pgmraw -r150 -o g.pgm"
	    " copy.pdf; wait");
	find_place(m, 0, &place);
	for (int e = 0; e < 2; e++) {
		g_autoptr(GBytes) pgm = read_file(e ? "g.pgm" : "m.pgm");

		for (unsigned q = 0; q < N_CODES; q++)
			ck_assert_msg(
				reads(pgm, place.quiet[q], sheet->height_pt,
				      m->order->pages[0].codes[MIYIN_CODE_QR]),
				"%s: %s lost code %u", hostile[_i].name,
				e ? "gs" : "mutool", q);
	}
	miyin_place_clear(&place);
}
END_TEST

/* ---- whole documents -------------------------------------------------- */

/* More leaves of the page tree than one. */
START_TEST(many_pages)
{
	g_autofree double *sizes = g_new0(double, 2 * N_MANY + 1);
	g_autoptr(GBytes) pdf = NULL;
	g_autoptr(marked) m = NULL;

	for (int i = 0; i < N_MANY; i++) {
		sizes[2 * i] = 595;
		sizes[2 * i + 1] = 842;
	}
	pdf = make_pages(sizes);
	m = mark("many", pdf, FALSE);
	ck_assert_uint_eq(m->sheets->pages->len, N_MANY);
	write_file("copy.pdf", m->copy);
	run("many", "qpdf --check copy.pdf");
	/* It takes the pieces of a page as one text, and tells of what it does
	 * not know in it. */
	run("many", "pdftocairo -r 10 -png copy.pdf many");
	run("many",
	    "test $(qpdf --show-npages copy.pdf) = " G_STRINGIFY(N_MANY));
}
END_TEST

START_TEST(large_sheets)
{
	const double sizes[] = { 595,	   LARGE_PT, LARGE_PT, 595,
				 LARGE_PT, LARGE_PT, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark("large", pdf, FALSE);

	ck_assert_uint_eq(m->sheets->pages->len, 3);
}
END_TEST

/* Scaled into the frame, so that all of it is seen. */
START_TEST(fitted)
{
	/* Where the codes stand. */
	g_autoptr(GBytes) pdf = make_page(
		A4, "1 0 0 rg 12 12 40 40 re 543 790 40 40 re f", NULL);
	g_autoptr(marked) kept = mark("kept", pdf, FALSE);
	g_autoptr(marked) fit = mark("fit", pdf, TRUE);
	const miyin_sheet *sheet =
		&g_array_index(fit->sheets->pages, miyin_sheet, 0);
	unsigned n_was = count_colour(pdf, sheet, RED);
	unsigned n_kept = count_colour(kept->copy, sheet, RED);
	unsigned n_fit = count_colour(fit->copy, sheet, RED);
	double scale = FIT_SCALE;

	ck_assert_uint_gt(n_was, 700);
	ck_assert_uint_lt(n_kept, n_was / 10);
	ck_assert_double_eq_tol(n_fit, n_was * scale * scale, 0.15 * n_was);
	assert_engines_read("fit", fit);
}
END_TEST

/* Before the first page, of its size, with marks and codes but no body. */
START_TEST(cover)
{
	const double sizes[] = { 842, 595, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = prepare("cover", pdf);
	g_autoptr(GBytes) bad = NULL, swapped = NULL;
	g_autoptr(GError) error = NULL;

	m->order = compose("nato", "nato-cts", "li", COPY_ID, 3);
	ck_assert(m->order->cover);
	m->order->layout->watermark = MIYIN_WATERMARK_OFF;
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert_msg(verify_copy(m->copy, m->sheets, m->order, &error), "%s",
		      error ? error->message : "");
	for (unsigned i = 0; i < 3; i++) {
		const miyin_sheet *sheet =
			miyin_marks_sheet(m->order, m->sheets, i);
		unsigned n = count_page(m->copy, i, sheet, RED);

		ck_assert_msg(i == 0 ? n < 20 : n > 500, "page %u: %u", i + 1,
			      n);
		ck_assert_double_eq_tol(sheet->width_pt,
					sizes[i > 0 ? 2 * i - 2 : 0], 0.01);
	}
	assert_engines_read("cover", m);
	run("cover", "qpdf copy.pdf --pages . 2-3 -- bad.pdf");
	bad = read_file("bad.pdf");
	assert_not_verified("no cover", bad, m, "1\tthe copy cannot be opened");
	run("cover", "qpdf copy.pdf --pages . 2,1,3 -- bad.pdf");
	swapped = read_file("bad.pdf");
	assert_not_verified("the cover second", swapped, m, "1\tcode 1");
}
END_TEST

/* Left and right change on even pages, and each has its own codes there. */
START_TEST(swapped_on_even_pages)
{
	const double sizes[] = { 595, 842, 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = prepare("swapped", pdf);
	g_autoptr(GError) error = NULL;
	miyin_place odd, even;

	m->order = new_order(COPY_ID, 3);
	m->order->layout->swap_even = TRUE;
	m->copy = stamp(m->base, m->sheets, m->order);
	find_place(m, 0, &odd);
	find_place(m, 1, &even);
	for (unsigned q = 0; q < N_CODES; q++)
		ck_assert_double_eq_tol(even.codes[q].x,
					595 - odd.codes[q].x - odd.codes[q].w,
					0.01);
	miyin_place_clear(&odd);
	miyin_place_clear(&even);
	ck_assert_msg(verify_copy(m->copy, m->sheets, m->order, &error), "%s",
		      error ? error->message : "");
	assert_engines_read("swapped", m);
	m->order->layout->swap_even = FALSE;
	ck_assert(!verify_copy(m->copy, m->sheets, m->order, NULL));
}
END_TEST

START_TEST(specimen)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL);
	g_autoptr(marked) m = mark("specimen", pdf, FALSE);
	g_autoptr(GBytes) plain = g_bytes_ref(m->copy);

	m->order->specimen = TRUE;
	g_bytes_unref(m->copy);
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert(!g_bytes_equal(plain, m->copy));
	ck_assert(verify_copy(m->copy, m->sheets, m->order, NULL));
	assert_engines_read("specimen", m);
}
END_TEST

/* A name longer than its line, or of letters that no font has. */
static const struct {
	const char *name;
	enum { DRAWN, REFUSED, BY_FONT } is;
} names[] = {
	{ "", DRAWN },
	{ "An Officer Whose Name Has Very Many Letters And Whose Department "
	  "Has Even More Than That, Department of Long Names, Third Floor",
	  DRAWN },
	{ "\xf0\x9f\x98\x80\xf0\x93\x80\x80", REFUSED },
	{ "张\xf0\x93\x80\x80三", REFUSED },
	{ "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf", BY_FONT },
	{ "<b>&amp;\\()%", DRAWN },
};

static gboolean can_draw(const miyin_order *order, const miyin_sheets *sheets)
{
	g_autoptr(miyin_marks) marks = miyin_marks_new(order, sheets, NULL);

	return marks != NULL;
}

START_TEST(any_name)
{
	const double sizes[] = { 595, 842, 298, 420, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark("names", pdf, FALSE);

	miyin_order_free(m->order);
	m->order = compose("cn-gb9704", "jimi", names[_i].name, COPY_ID, 2);
	if (names[_i].is == REFUSED ||
	    (names[_i].is == BY_FONT && !can_draw(m->order, m->sheets))) {
		assert_stamp_refused(m, MIYIN_REFUSAL_BAD_GLYPH, NULL);
		return;
	}
	g_bytes_unref(m->copy);
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert(verify_copy(m->copy, m->sheets, m->order, NULL));
	write_file("copy.pdf", m->copy);
	run(names[_i].name, "qpdf --check copy.pdf");
}
END_TEST

/* ---- sheets too small ------------------------------------------------- */

/* It says which page, how large it is, and a size that would do. */
static const struct {
	const char *what;
	double width_pt, height_pt;
	const char *words;
} small[] = {
	{ "a label", 142, 142, "2\t50 × 50\t77 × 77" },
	{ "a receipt", 164, 842, "2\t58 × 297\t76 × 391" },
	{ "a ribbon", 842, 113, "2\t297 × 40\t514 × 69" },
};

START_TEST(too_small)
{
	const double sizes[] = { 595, 842, small[_i].width_pt,
				 small[_i].height_pt, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = prepare(small[_i].what, pdf);
	g_autoptr(miyin_order) look = new_order(COPY_ID, 0);
	g_autoptr(GError) error = NULL;
	miyin_inspection is = { 42, 42, 42 };

	m->order = new_order(COPY_ID, 2);
	ck_assert(!miyin_inspect(pdf, m->sheets, look, &is, &error));
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_PAGE_TOO_SMALL));
	ck_assert_msg(g_str_equal(error->message, small[_i].words), "%s: %s",
		      small[_i].what, error->message);
	ck_assert(is.moved == 42 && is.scale == 42 && is.declared == 42);
	assert_stamp_refused(m, MIYIN_REFUSAL_PAGE_TOO_SMALL, small[_i].words);
}
END_TEST

/* Who takes the size that the refusal names is not refused again. */
START_TEST(large_enough)
{
	const char *least = strrchr(small[_i].words, '\t') + 1;
	double w_mm = strtod(least, NULL);
	double h_mm = strtod(strstr(least, "× ") + strlen("× "), NULL);
	const double sizes[] = { round(w_mm * MM), round(h_mm * MM), 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark(small[_i].what, pdf, FALSE);

	ck_assert_uint_eq(m->sheets->pages->len, 1);
}
END_TEST

/* ---- stamping what does not fit together ------------------------------ */

static void assert_not_stamped(GBytes *base, const miyin_sheets *sheets,
			       const miyin_order *order, const char *why)
{
	int fd = miyin_memfile_new("copy", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert(!miyin_stamp(fd, base, sheets, order, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_msg(strstr(error->message, why) != NULL, "%s",
		      error->message);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}

START_TEST(order_of_another_document)
{
	const double sizes[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark("two pages", pdf, FALSE);
	g_autoptr(miyin_order) fewer = new_order(COPY_ID, 1);
	g_autoptr(miyin_order) more = new_order(COPY_ID, 3);
	g_autoptr(miyin_order) none = new_order(COPY_ID, 0);
	g_autoptr(GError) error = NULL;

	assert_not_stamped(m->base, m->sheets, fewer, "not for this document");
	assert_not_stamped(m->base, m->sheets, more, "not for this document");
	assert_not_stamped(m->base, m->sheets, none, "not for this document");
	fewer->cover = TRUE;
	assert_not_stamped(m->base, m->sheets, fewer, "not for this document");
	fewer->cover = FALSE;
	ck_assert(!verify_copy(m->copy, m->sheets, fewer, &error));
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_NOT_MARKED));
}
END_TEST

START_TEST(base_of_another_document)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL);
	g_autoptr(marked) m = mark("one page", pdf, FALSE);
	gsize length = g_bytes_get_size(m->base);
	g_autoptr(GBytes) part = NULL, none = g_bytes_new("", 0);
	guint64 xref = m->sheets->xref;

	assert_not_stamped(none, m->sheets, m->order, "differ");
	part = g_bytes_new_from_bytes(m->base, 0, xref + 30);
	assert_not_stamped(part, m->sheets, m->order, "differ");
	m->sheets->xref = xref - 1;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
	m->sheets->xref = length;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
	m->sheets->xref = G_MAXINT64;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
	m->sheets->xref = xref;
	m->sheets->n_objects++;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
	m->sheets->n_objects = 8388607;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
}
END_TEST

START_TEST(nowhere_to_write)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL);
	g_autoptr(marked) m = mark("one page", pdf, FALSE);
	int fd = g_open("/dev/full", O_WRONLY | O_CLOEXEC, 0);
	g_autoptr(GError) error = NULL;

	ck_assert(!miyin_stamp(fd, m->base, m->sheets, m->order, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	close(fd);
}
END_TEST

/* ---- the lot ---------------------------------------------------------- */

static void add_document_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "document");

	tcase_add_test(tcase, many_pages);
	tcase_add_test(tcase, large_sheets);
	tcase_add_test(tcase, fitted);
	tcase_add_test(tcase, cover);
	tcase_add_test(tcase, swapped_on_even_pages);
	tcase_add_test(tcase, specimen);
	tcase_add_loop_test(tcase, any_name, 0, G_N_ELEMENTS(names));
}

static void add_refused_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "refused");

	tcase_add_loop_test(tcase, too_small, 0, G_N_ELEMENTS(small));
	tcase_add_loop_test(tcase, large_enough, 0, G_N_ELEMENTS(small));
	tcase_add_test(tcase, order_of_another_document);
	tcase_add_test(tcase, base_of_another_document);
	tcase_add_test(tcase, nowhere_to_write);
}

int main(void)
{
	Suite *suite = suite_create("stamp");
	TCase *tcase = new_tcase(suite, "page");
	SRunner *runner;
	int n_failed;

	tcase_add_unchecked_fixture(tcase, find_fonts, NULL);
	tcase_add_loop_test(tcase, page_of_every_kind, 0, N_KINDS);
	tcase_add_loop_test(tcase, hostile_page, 0, N_HOSTILE);
	add_document_cases(suite);
	add_refused_cases(suite);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

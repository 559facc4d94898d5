/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is taken over of a user's document, and what is refused at the door:
 * pages with all that they inherit and share, annotations that print and
 * nothing that is not on paper; no garbage, no false counts, no passwords.
 */
#include "marked-copy.h"

/* ---- whole documents -------------------------------------------------- */

START_TEST(sizes_in_one_file)
{
	const double sizes[] = { 595,  842, 842, 595, 298, 420, 842,
				 1191, 612, 792, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark("sizes", pdf, FALSE);

	ck_assert_uint_eq(m->sheets->pages->len, 6);
	for (unsigned i = 0; i < 6; i++) {
		const miyin_sheet *sheet =
			&g_array_index(m->sheets->pages, miyin_sheet, i);

		ck_assert_double_eq_tol(sheet->width_pt, sizes[2 * i], 0.01);
		ck_assert_double_eq_tol(sheet->height_pt, sizes[2 * i + 1],
					0.01);
	}
	assert_same_body("sizes", pdf, m);
	assert_engines_read("sizes", m);
}
END_TEST

/* Three pages over one stream, with another font each. */
START_TEST(shared_content)
{
	g_autofree char *stream = make_stream("", BODY "/X Do");
	g_autofree char *green =
		make_stream("/Type/XObject/Subtype/Form/BBox[0 0 99 99]",
			    "0 1 0 rg 0 0 99 99 re f");
	g_autofree char *nothing = make_stream(
		"/Type/XObject/Subtype/Form/BBox[0 0 99 99]", "0 g");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 3/Kids[3 0 R 4 0 R 5 0 R]" A4 ">>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<</XObject"
		"<</X 8 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<</XObject"
		"<</X 7 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents[6 0 R]/Resources<</XObject"
		"<</X 8 0 R>>>>>>",
		stream,
		green,
		nothing,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("shared", pdf, FALSE);
	g_autoptr(GBytes) second = NULL;

	ck_assert_uint_eq(m->sheets->pages->len, 3);
	assert_same_body("shared", pdf, m);
	write_file("copy.pdf", m->copy);
	run("shared", "qpdf --empty --pages copy.pdf 2 -- two.pdf");
	second = read_file("two.pdf");
	/* Each page keeps what its names mean on it. */
	ck_assert_uint_eq(
		count_colour(m->copy,
			     &g_array_index(m->sheets->pages, miyin_sheet, 0),
			     GREEN),
		0);
	ck_assert_uint_gt(
		count_colour(second,
			     &g_array_index(m->sheets->pages, miyin_sheet, 1),
			     GREEN),
		1000);
	assert_engines_read("shared", m);
}
END_TEST

/* A form that needs its page's resources, alone and then within another: each
 * page's names mean its own, however the first page came by them. */
#define FORM "/Type/XObject/Subtype/Form/BBox[0 0 595 842]"

START_TEST(form_within_form)
{
	g_autofree char *first = make_stream("", BODY "/X Do /Y Do"),
			*second = make_stream("", BODY "/Y Do"),
			*x = make_stream(FORM "/Resources<<>>", "/Z Do"),
			*y = make_stream(FORM "/Resources<</XObject<<"
					      "/X 7 0 R>>>>",
					 "/X Do"),
			*green = make_stream(FORM, "0 1 0 rg 0 0 99 99 re f"),
			*nothing = make_stream(FORM, "0 g");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]" A4 ">>",
		"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</XObject"
		"<</X 7 0 R/Y 11 0 R/Z 9 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<</XObject"
		"<</X 7 0 R/Y 11 0 R/Z 10 0 R>>>>>>",
		first,
		second,
		x,
		"null",
		nothing,
		green,
		y,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("bare", pdf, FALSE);
	g_autoptr(GBytes) last = NULL;

	ck_assert_uint_eq(m->sheets->pages->len, 2);
	write_file("copy.pdf", m->copy);
	run("bare", "qpdf --empty --pages copy.pdf 2 -- two.pdf");
	last = read_file("two.pdf");
	ck_assert_uint_eq(
		count_colour(m->copy,
			     &g_array_index(m->sheets->pages, miyin_sheet, 0),
			     GREEN),
		0);
	ck_assert_uint_gt(
		count_colour(last,
			     &g_array_index(m->sheets->pages, miyin_sheet, 1),
			     GREEN),
		1000);
}
END_TEST

/* One form or tile under two names is painted where either stands. */
static const struct {
	const char *name, *resources, *of_painted, *content, *annotations;
} painted_twice[] = {
	{ "a form", "/XObject<</X 5 0 R/Y 5 0 R>>", FORM "/Resources<<>>",
	  "1 0 0 1 100 300 cm /X Do 1 0 0 1 200 0 cm /Y Do", "" },
	{ "a form of the page's resources", "/XObject<</X 5 0 R/Y 5 0 R>>",
	  FORM, "1 0 0 1 100 300 cm /X Do 1 0 0 1 200 0 cm /Y Do", "" },
	{ "a form in two lists", "/XObject<</X 5 0 R/Y 6 0 R>>",
	  FORM "/Resources<<>>",
	  "1 0 0 1 100 300 cm /X Do 1 0 0 1 200 0 cm /Y Do", "" },
	{ "a tile", "/Pattern<</X 5 0 R/Y 5 0 R>>",
	  "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 99 99]/XStep 99"
	  "/YStep 99/Resources<<>>",
	  "/Pattern cs /X scn 99 297 99 99 re f /Y scn 297 297 99 99 re f",
	  "" },
	{ "an appearance", "",
	  "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<<>>", "",
	  "<</Subtype/Stamp/F 4/Rect[100 300 199 399]/AP<</N 5 0 R>>>>"
	  "<</Subtype/Stamp/F 36/Rect[300 300 399 399]/AP<</N 5 0 R>>>>" },
};

START_TEST(one_under_two_names)
{
	g_autofree char *page = g_strdup_printf(
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<%s>>"
		"/Annots[%s]>>",
		painted_twice[_i].resources, painted_twice[_i].annotations);
	g_autofree char *content =
		g_strconcat(BODY " ", painted_twice[_i].content, NULL);
	g_autofree char *contents = make_stream("", content);
	g_autofree char *painted = make_stream(painted_twice[_i].of_painted,
					       "1 0 0 rg 0 0 99 99 re f");
	g_autofree char *within =
		make_stream(FORM "/Resources<</XObject<</Z 5 0 R>>>>", "/Z Do");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]" A4 ">>",
		page,
		contents,
		painted,
		within,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark(painted_twice[_i].name, pdf, FALSE);

	assert_same_body(painted_twice[_i].name, pdf, m);
}
END_TEST

/* Nothing can be read of its only stream: a blank page is not its page. */
START_TEST(damaged_from_the_first_byte)
{
	static const char *const streams[] = {
		"<</Length 8/Filter/FlateDecode>>stream\nnonsense\nendstream",
		"<</Length 0/Filter/FlateDecode>>stream\n\nendstream",
	};
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4 "/Contents 4 0 R>>",
		streams[_i],
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, ""), base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(GError) error = NULL;
	gboolean ok = miyin_prepare(pdf, &base, NULL, &sheets, &error);

	ck_assert_int_eq(ok, _i == 1);
	ck_assert(ok ||
		  g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_DAMAGED));
}
END_TEST

/* A token is never split, but a string of operators may be. */
START_TEST(content_in_pieces)
{
	g_autofree char *first = make_stream("", "1 0 0 rg 150 300 120"),
			*second = make_stream("", "40 re 150 340 40 80 re"),
			*third = make_stream("", "f");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4 "/Contents[4 0 R 5 0 R 6 0 R]>>",
		first,
		second,
		third,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("pieces", pdf, FALSE);

	assert_same_body("pieces", pdf, m);
	assert_engines_read("pieces", m);
}
END_TEST

/* What a page has from its parents. */
START_TEST(inherited)
{
	g_autofree char *stream = make_stream("", BODY "/X Do");
	g_autofree char *green =
		make_stream("/Type/XObject/Subtype/Form/BBox[0 0 99 99]",
			    "0 1 0 rg 0 0 99 99 re f");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]"
		"/CropBox[10 20 585 822]/Rotate 90/Resources<</XObject<<"
		"/X 6 0 R>>>>>>",
		"<</Type/Pages/Parent 2 0 R/Count 1/Kids[4 0 R]>>",
		"<</Type/Page/Parent 3 0 R/Contents 5 0 R>>",
		stream,
		green,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("inherited", pdf, FALSE);
	const miyin_sheet *sheet =
		&g_array_index(m->sheets->pages, miyin_sheet, 0);

	ck_assert_double_eq_tol(sheet->width_pt, 802, 0.01);
	ck_assert_double_eq_tol(sheet->height_pt, 575, 0.01);
	assert_same_body("inherited", pdf, m);
	ck_assert_uint_gt(count_colour(m->copy, sheet, GREEN), 500);
}
END_TEST

/* One page object as two pages. */
START_TEST(page_twice)
{
	g_autofree char *stream = make_stream("", BODY);
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4 "/Contents 4 0 R>>",
		stream,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("twice", pdf, FALSE);

	ck_assert_uint_eq(m->sheets->pages->len, 2);
	assert_engines_read("twice", m);
}
END_TEST

/* What is not on paper does not leave with the copy. */
START_TEST(nothing_but_pages)
{
	g_autofree char *stream = make_stream("", BODY);
	g_autofree char *file =
		make_stream("/Type/EmbeddedFile", "an attached secret");
	g_autofree char *metadata = make_stream("/Type/Metadata/Subtype/XML",
						"<x>a described secret</x>");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R/OpenAction 8 0 R/Metadata 7 0 R"
		"/Names<</EmbeddedFiles<</Names[(f)<</Type/Filespec/F(f)/EF<<"
		"/F 6 0 R>>>>]>>>>/AcroForm<</Fields[]/NeedAppearances true>>"
		">>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4 "/Contents 4 0 R/AA<</O 8 0 R"
		">>/Thumb 6 0 R/PieceInfo<</P<</Private(a private secret)>>>>"
		">>",
		stream,
		"<</Title(a titled secret)/Author(li)>>",
		file,
		metadata,
		"<</S/JavaScript/JS(app.alert\\('a scripted secret'\\))>>",
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "/Info 5 0 R");
	g_autoptr(marked) m = mark("extras", pdf, FALSE);
	static const char *const gone[] = { "secret",	  "JavaScript",
					    "OpenAction", "EmbeddedFile",
					    "Metadata",	  "AcroForm",
					    "/Info",	  "/AA" };
	gsize length;
	const char *bytes;

	write_file("copy.pdf", m->copy);
	run("extras", "qpdf --qdf --stream-data=uncompress copy.pdf q.pdf");
	bytes = g_bytes_get_data(m->copy, &length);
	for (unsigned i = 0; i < G_N_ELEMENTS(gone); i++)
		ck_assert_msg(!memmem(bytes, length, gone[i], strlen(gone[i])),
			      "%s is in the copy", gone[i]);
	ck_assert_ptr_null(memmem(bytes, length, "Encrypt", 7));
	run("extras", "! grep -a -q secret q.pdf");
}
END_TEST

/* A printer's language could not write these names; both glyphs must stay. */
START_TEST(glyphs_named_by_their_characters)
{
	g_autofree char *content =
		make_stream("", BODY "BT /T 100 Tf 200 300 Td (\\() Tj ET");
	g_autofree char *green = make_stream("", "1 0 0 0 1 1 d1 0 0 1 1 re f");
	g_autofree char *nothing = make_stream("", "1 0 0 0 1 1 d1");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
		"/Resources<</Font<</T 5 0 R>>>>>>",
		content,
		"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix"
		"[1 0 0 1 0 0]/FirstChar 40/LastChar 41/Widths[1 1]"
		"/Encoding<</Differences[40/#28/#29/#5b/#5d/#7b/#7d/#2f/#25/#e0/#e1/#23]>>"
		"/CharProcs<</#28 6 0 R/#29 7 0 R/#5b 7 0 R/#5d 7 0 R"
		"/#7b 7 0 R/#7d 7 0 R/#2f 7 0 R/#25 7 0 R/#e0 7 0 R/#e1 7 0 R"
		"/#23 7 0 R>>>>",
		green,
		nothing,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("glyphs", pdf, FALSE);
	unsigned n = count_colour(
		m->copy, &g_array_index(m->sheets->pages, miyin_sheet, 0), RED);

	/* The box of the body is red, and so is the glyph, 50 dots square. */
	ck_assert_msg(n > 1000 + 2000, "%u pixels", n);
}
END_TEST

/* ---- annotations ------------------------------------------------------ */

#define ANNOTATION(entries) A4 "/Annots[<</Type/Annot" entries ">>]"
#define SQUARE "/Subtype/Square/Rect[200 300 300 400]/AP<</N 6 0 R>>"

static const struct {
	const char *name, *entries, *form;
	gboolean drawn;
} annotations[] = {
	{ "that prints", ANNOTATION(SQUARE "/F 4"), GREEN_BOX, TRUE },
	{ "that prints, though no screen shows it", ANNOTATION(SQUARE "/F 36"),
	  GREEN_BOX, TRUE },
	{ "of which nothing is said", ANNOTATION(SQUARE), GREEN_BOX, FALSE },
	{ "for the screen", ANNOTATION(SQUARE "/F 0"), GREEN_BOX, FALSE },
	{ "that is hidden", ANNOTATION(SQUARE "/F 6"), GREEN_BOX, FALSE },
	{ "that pops up",
	  ANNOTATION("/Subtype/Popup/Rect[200 300 300 400]/AP<</N 6 0 R>>"
		     "/F 4"),
	  GREEN_BOX, FALSE },
	{ "without a look",
	  ANNOTATION("/Subtype/Square/Rect[200 300 300 400]/F 4"), GREEN_BOX,
	  FALSE },
	{ "a field that is on",
	  ANNOTATION("/Subtype/Widget/Rect[200 300 300 400]/F 4/AS/On/AP<<"
		     "/N<</On 6 0 R>>>>"),
	  GREEN_BOX, TRUE },
	{ "a field that is off",
	  ANNOTATION("/Subtype/Widget/Rect[200 300 300 400]/F 4/AS/Off/AP<<"
		     "/N<</On 6 0 R>>>>"),
	  GREEN_BOX, FALSE },
	{ "of no area",
	  ANNOTATION("/Subtype/Square/Rect[200 300 200 300]/F 4/AP<</N 6 0 R"
		     ">>"),
	  GREEN_BOX, FALSE },
	{ "of a look without area", ANNOTATION(SQUARE "/F 4"),
	  "<</BBox[0 0 0 0]/Length 22>>stream\n0 1 0 rg 0 0 9 9 re f \n"
	  "endstream",
	  FALSE },
	{ "that is turned", ANNOTATION(SQUARE "/F 4"),
	  "<</BBox[0 0 10 10]/Matrix[0 1 -1 0 0 0]/Length 25>>stream\n"
	  "0 1 0 rg 0 0 10 10 re f  \nendstream",
	  TRUE },
	{ "of no list", A4 "/Annots 6 0 R", GREEN_BOX, FALSE },
	{ "of a broken list", A4 "/Annots[null 99 0 R (x) 3 0 R]", GREEN_BOX,
	  FALSE },
};

START_TEST(annotation)
{
	g_autoptr(GBytes) pdf =
		make_page(annotations[_i].entries, BODY, annotations[_i].form);
	g_autoptr(marked) m = mark(annotations[_i].name, pdf, FALSE);
	const miyin_sheet *sheet =
		&g_array_index(m->sheets->pages, miyin_sheet, 0);
	unsigned n = count_colour(m->copy, sheet, GREEN);

	ck_assert_msg(annotations[_i].drawn ? n > 2000 : n == 0,
		      "an annotation %s: %u pixels", annotations[_i].name, n);
	/* The body is there whatever hangs on its page. */
	n = count_colour(m->copy, sheet, RED);
	ck_assert_msg(n > 1000, "an annotation %s: %u pixels",
		      annotations[_i].name, n);
}
END_TEST

/* ---- what is refused -------------------------------------------------- */

static void assert_refused(const char *name, GBytes *pdf, miyin_refusal refusal,
			   const char *words)
{
	GBytes *base = (GBytes *)&name;
	miyin_sheets *sheets = (miyin_sheets *)&name;
	g_autoptr(GError) error = NULL;

	ck_assert_msg(!miyin_prepare(pdf, &base, NULL, &sheets, &error),
		      "%s was prepared", name);
	ck_assert_ptr_eq(base, &name);
	ck_assert_ptr_eq(sheets, &name);
	ck_assert_msg(g_error_matches(error, MIYIN_REFUSAL, refusal),
		      "%s: %d %s", name, error->code, error->message);
	ck_assert_msg(!words || g_str_equal(error->message, words), "%s: %s",
		      name, error->message);
}

static const struct {
	const char *name, *bytes;
} garbage[] = {
	{ "nothing", "" },
	{ "a word", "hello" },
	{ "a header alone", "%PDF-1.7\n" },
	{ "a header and an end", "%PDF-1.7\n%%EOF\n" },
	{ "a picture", "\x89PNG\r\n\x1a\n" },
	{ "PostScript", "%!PS-Adobe-3.0\nshowpage\n" },
	{ "a table of nothing",
	  "%PDF-1.7\nxref\n0 0\ntrailer<<>>\nstartxref\n9\n%%EOF\n" },
	{ "a root that is not there",
	  "%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1"
	  "/Root 7 0 R>>\nstartxref\n9\n%%EOF\n" },
};

START_TEST(not_a_pdf)
{
	g_autoptr(GBytes) pdf =
		g_bytes_new(garbage[_i].bytes, strlen(garbage[_i].bytes));

	assert_refused(garbage[_i].name, pdf, MIYIN_REFUSAL_DAMAGED, "");
}
END_TEST

START_TEST(no_pages)
{
	const char *const objects[] = { "<</Type/Catalog/Pages 2 0 R>>",
					"<</Type/Pages/Count 0/Kids[]>>",
					NULL };
	g_autoptr(GBytes) pdf = make_pdf(objects, "");

	assert_refused("no pages", pdf, MIYIN_REFUSAL_NO_PAGES, "");
}
END_TEST

/* A page of which nothing can be read would come out blank. */
START_TEST(unreadable_page)
{
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4 "/Contents 4 0 R>>",
		"<</Filter/FlateDecode/Length 5>>stream\nxxxxx\nendstream",
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");

	assert_refused("a broken filter", pdf, MIYIN_REFUSAL_DAMAGED, "");
}
END_TEST

/* /Count is only what the file says. */
START_TEST(false_count)
{
	g_autofree char *stream = make_stream("", BODY);
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 9999999999/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4 "/Contents 4 0 R>>",
		stream,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = prepare("false count", pdf);

	ck_assert_uint_eq(m->sheets->pages->len, 1);
}
END_TEST

START_TEST(too_many_pages)
{
	g_autofree double *sizes = g_new0(double, 2 * 1024 + 1);
	g_autoptr(GBytes) pdf = NULL, fewer = NULL, base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;

	for (int i = 0; i < 2 * 1024; i++)
		sizes[i] = 595;
	pdf = make_pages(sizes);
	assert_refused("1024 pages", pdf, MIYIN_REFUSAL_TOO_MANY_PAGES,
		       "1024\t1023");
	sizes[2 * 1023] = 0;
	fewer = make_pages(sizes);
	ck_assert(miyin_prepare(fewer, &base, NULL, &sheets, NULL));
	ck_assert_uint_eq(sheets->pages->len, 1023);
}
END_TEST

/* Cut anywhere: refused, or repaired so that each page has its marks. */
START_TEST(truncated)
{
	const double sizes[] = { 595, 842, 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	gsize length = g_bytes_get_size(pdf) * (_i + 1) / 21;
	g_autoptr(GBytes) part = g_bytes_new_from_bytes(pdf, 0, length);
	g_autoptr(GBytes) base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(GError) error = NULL;

	if (miyin_prepare(part, &base, NULL, &sheets, &error)) {
		g_autoptr(marked) m = mark("truncated", part, FALSE);

		assert_engines_read("truncated", m);
		return;
	}
	ck_assert_msg(
		g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_DAMAGED) ||
			g_error_matches(error, MIYIN_REFUSAL,
					MIYIN_REFUSAL_NO_PAGES),
		"%s", error->message);
	ck_assert_ptr_null(base);
	ck_assert_ptr_null(sheets);
}
END_TEST

static const struct {
	const char *name, *options;
	gboolean user_password;
} encryptions[] = {
	{ "40 bits, owner", "--allow-weak-crypto --encrypt '' own 40 --",
	  FALSE },
	{ "128 bits, owner", "--allow-weak-crypto --encrypt '' own 128 --",
	  FALSE },
	{ "128 bits of AES, owner",
	  "--allow-weak-crypto --encrypt '' own 128 --use-aes=y --", FALSE },
	{ "256 bits, owner, no printing",
	  "--encrypt '' own 256 --print=none --", FALSE },
	{ "40 bits, user", "--allow-weak-crypto --encrypt pass own 40 --",
	  TRUE },
	{ "128 bits, user", "--allow-weak-crypto --encrypt pass own 128 --",
	  TRUE },
	{ "256 bits, user", "--encrypt pass own 256 --", TRUE },
};

START_TEST(encrypted)
{
	g_autoptr(GBytes) plain = make_page(A4, BODY, NULL), pdf = NULL;
	g_autofree char *command = g_strdup_printf("qpdf %s in.pdf out.pdf",
						   encryptions[_i].options);

	write_file("in.pdf", plain);
	run(encryptions[_i].name, command);
	pdf = read_file("out.pdf");
	if (encryptions[_i].user_password) {
		assert_refused(encryptions[_i].name, pdf,
			       MIYIN_REFUSAL_PASSWORD, "");
	} else {
		g_autoptr(marked) m = mark(encryptions[_i].name, pdf, FALSE);
		gsize length;
		const char *bytes = g_bytes_get_data(m->copy, &length);

		assert_same_body(encryptions[_i].name, plain, m);
		ck_assert_ptr_null(memmem(bytes, length, "/Encrypt", 8));
	}
}
END_TEST

/* ---- the lot ---------------------------------------------------------- */

static void add_refused_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "refused");

	tcase_add_loop_test(tcase, not_a_pdf, 0, G_N_ELEMENTS(garbage));
	tcase_add_test(tcase, no_pages);
	tcase_add_test(tcase, unreadable_page);
	tcase_add_test(tcase, false_count);
	tcase_add_test(tcase, too_many_pages);
	tcase_add_loop_test(tcase, truncated, 0, 20);
	tcase_add_loop_test(tcase, encrypted, 0, G_N_ELEMENTS(encryptions));
}

int main(void)
{
	Suite *suite = suite_create("prepare");
	TCase *tcase = new_tcase(suite, "document");
	SRunner *runner;
	int n_failed;

	tcase_add_unchecked_fixture(tcase, find_fonts, NULL);
	tcase_add_test(tcase, sizes_in_one_file);
	tcase_add_test(tcase, shared_content);
	tcase_add_test(tcase, form_within_form);
	tcase_add_loop_test(tcase, one_under_two_names, 0,
			    G_N_ELEMENTS(painted_twice));
	tcase_add_loop_test(tcase, damaged_from_the_first_byte, 0, 2);
	tcase_add_test(tcase, content_in_pieces);
	tcase_add_test(tcase, inherited);
	tcase_add_test(tcase, page_twice);
	tcase_add_test(tcase, nothing_but_pages);
	tcase_add_test(tcase, glyphs_named_by_their_characters);
	tcase_add_loop_test(tcase, annotation, 0, G_N_ELEMENTS(annotations));
	add_refused_cases(suite);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

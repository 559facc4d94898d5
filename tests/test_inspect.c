/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking at pages with a second engine: at a copy, which is believed only
 * with the marks that were ordered, and at a document, for ink where the
 * marks will stand and for the level that it declares.
 */
#include "marked-copy.h"

/* ---- copies that must not be believed --------------------------------- */

/* What is done with copy.pdf, of two A4 pages, and over.pdf is put over page
 * 2. */
static const struct {
	const char *name;
	const char *over; /* content of over.pdf */
	const char *command, *words;
} frauds[] = {
	{ "the upper code painted over", "1 g 539 786 48 48 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tcode 1" },
	{ "half of the upper code painted over", "0 g 540 785 24 50 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tcode 1" },
	{ "the lower code painted over", "1 g 15 15 65 65 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tcode 2" },
	{ "all painted over", "1 g 0 0 595 842 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=1"
	  " -- bad.pdf",
	  "1\tcode 1" },
	{ "the pages swapped", "", "qpdf copy.pdf --pages . 2,1 -- bad.pdf",
	  "1\tcode 1" },
	{ "the first page twice", "", "qpdf copy.pdf --pages . 1,1 -- bad.pdf",
	  "2\tcode 1" },
	{ "a page left out", "", "qpdf copy.pdf --pages . 1 -- bad.pdf",
	  "1\tthe copy cannot be opened" },
	{ "a page too many", "", "qpdf copy.pdf --pages . 1-2,1 -- bad.pdf",
	  "1\tthe copy cannot be opened" },
	{ "a page upside down", "", "qpdf copy.pdf --rotate=180:2 bad.pdf",
	  "2\tline “000012”" },
	{ "a page turned", "", "qpdf copy.pdf --rotate=90:2 bad.pdf",
	  "2\tpage size" },
	{ "the original", "", "cp plain.pdf bad.pdf", "1\tcode 1" },
	{ "another copy", "", "cp other.pdf bad.pdf", "1\tcode 1" },
	{ "a page of another copy", "",
	  "qpdf --empty --pages copy.pdf 1 other.pdf 2 -- bad.pdf",
	  "2\tcode 1" },
	{ "the watermark taken away", "",
	  "LC_ALL=C sed 's|([ab])Tj|     |' copy.pdf > bad.pdf",
	  "1\twatermark" },
	{ "the watermark painted over",
	  "0 g 0 0 1 1 re f 1 g 0 100 595 630 re "
	  "f",
	  "qpdf copy.pdf --overlay over.pdf --to=2 -- bad.pdf",
	  "2\twatermark" },
	{ "ink in a quiet zone", "0 g 538 800 2 20 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tquiet zone of code 1" },
	{ "grey in the lower quiet zone", "0.7 g 14 55.5 30 2 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=1"
	  " -- bad.pdf",
	  "1\tquiet zone of code 2" },
	{ "the level painted over", "1 g 70 789 300 20.5 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tline “机密★10年”" },
	{ "the level made faint", "0.8 g 79 793 100 16 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tline “机密★10年”" },
	{ "the level struck through", "0 g 79 800.5 120 0.6 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=1"
	  " -- bad.pdf",
	  "1\tline “机密★10年”" },
	{ "a dot in the serial", "0 g 82 813 2 2 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tline “000012”" },
	{ "a word after the serial", "BT /F 16 Tf 160 814.6 Td (9) Tj ET",
	  "qpdf copy.pdf --overlay over.pdf --to=2 -- bad.pdf",
	  "2\tline “000012”" },
	{ "the foot painted over", "1 g 60 5 480 17 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tline “机密★10年　份号 000012　第2份 共3份　持有人 张三”" },
	{ "the words beside the code painted over", "1 g 440 807.5 95 11 re f",
	  "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tline “第2页 共2页”" },
	{ "no PDF", "", "echo hello >bad.pdf", "1\tthe copy cannot be opened" },
	{ "nothing", "", ": >bad.pdf", "1\tthe copy cannot be opened" },
};

START_TEST(fraud)
{
	const double sizes[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), bad = NULL, other = NULL;
	g_autoptr(GBytes) over = make_page(A4 USES, frauds[_i].over, NULL);
	g_autoptr(marked) m = mark("honest", pdf, FALSE);
	g_autoptr(miyin_order) order = new_order(COPY_ID + 1, 2);

	other = stamp(m->base, m->sheets, order);
	ck_assert(verify_copy(other, m->sheets, order, NULL));
	write_file("plain.pdf", pdf);
	write_file("copy.pdf", m->copy);
	write_file("other.pdf", other);
	write_file("over.pdf", over);
	run(frauds[_i].name, frauds[_i].command);
	bad = read_file("bad.pdf");
	assert_not_verified(frauds[_i].name, bad, m, frauds[_i].words);
}
END_TEST

/* Whatever a body has under the watermark, its ink is seen or not missed;
 * where there is light, it is missed. */
static const struct {
	const char *name, *body;
	gboolean missed;
} bodies[] = {
	{ "white", "1 g 0 0 595 842 re f", TRUE },
	{ "light grey", "0.9 g 0 0 595 842 re f", TRUE },
	{ "red", "1 0 0 rg 0 0 595 842 re f", TRUE },
	{ "magenta", "1 0 1 rg 0 0 595 842 re f", TRUE },
	{ "dark above", "0 g 0 421 595 421 re f", TRUE },
	{ "dark below", "0 g 0 0 595 421 re f", TRUE },
	{ "stripes", "0 g 30 w [2] 0 d 0 421 m 595 421 l S", TRUE },
	{ "middle grey", "0.5 g 0 0 595 842 re f", FALSE },
	{ "black", "0 g 0 0 595 842 re f", FALSE },
};

START_TEST(watermark)
{
	g_autoptr(GBytes) pdf = make_page(A4, bodies[_i].body, NULL),
			  bad = NULL;
	g_autoptr(marked) m = mark(bodies[_i].name, pdf, FALSE);
	g_autoptr(GError) error = NULL;

	ck_assert_msg(verify_copy(m->copy, m->sheets, m->order, &error),
		      "%s: %s", bodies[_i].name, error ? error->message : "");
	if (!bodies[_i].missed)
		return;
	write_file("copy.pdf", m->copy);
	run(bodies[_i].name,
	    "LC_ALL=C sed 's|([ab])Tj|     |' copy.pdf > bad.pdf");
	bad = read_file("bad.pdf");
	assert_not_verified(bodies[_i].name, bad, m, "1\twatermark");
}
END_TEST

/* What was drawn for another layout than the one that was ordered. */
static const struct {
	const char *name;
	double code_x_mm, line_x_mm, line_pt;
	const char *line_text, *words;
} other_layouts[] = {
	{ "the same", 0, 0, 0, NULL, NULL },
	{ "a code moved by 1.5 mm", 1.5, 0, 0, NULL, "1\tplace of code 1" },
	{ "a code moved by 0.5 mm", 0.5, 0, 0, NULL,
	  "1\tquiet zone of code 1" },
	{ "a code moved away", 40, 0, 0, NULL, "1\tcode 1" },
	{ "the level moved by 1 mm", 0, 1, 0, NULL, "1\tline “机密★10年”" },
	{ "the level smaller", 0, 0, -2, NULL, "1\tline “机密★10年”" },
	{ "a lower level", 0, 0, 0, "秘密★10年", "1\tline “机密★10年”" },
	{ "another period", 0, 0, 0, "机密★1年", "1\tline “机密★10年”" },
	{ "no level", 0, 0, 0, "", "1\tline “机密★10年”" },
};

START_TEST(another_layout)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL), copy = NULL;
	g_autoptr(marked) m = mark("ordered", pdf, FALSE);
	g_autoptr(miyin_order) other = new_order(COPY_ID, 1);
	miyin_line *level = other->layout->lines->pdata[1];

	g_array_index(other->layout->codes, miyin_codeplace, 0).x_mm +=
		other_layouts[_i].code_x_mm;
	level->x_mm += other_layouts[_i].line_x_mm;
	level->size_pt += other_layouts[_i].line_pt;
	if (other_layouts[_i].line_text) {
		g_free(level->text);
		level->text = g_strdup(other_layouts[_i].line_text);
		level->n_whole = g_utf8_strlen(level->text, -1);
	}
	copy = stamp(m->base, m->sheets, other);
	if (other_layouts[_i].words)
		assert_not_verified(other_layouts[_i].name, copy, m,
				    other_layouts[_i].words);
	else
		ck_assert(verify_copy(copy, m->sheets, m->order, NULL));
}
END_TEST

/* A level without codes is known by its line alone. */
START_TEST(level_without_codes)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL), bad = NULL;
	g_autoptr(GBytes) over = make_page(A4, "1 g 0 780 595 62 re f", NULL);
	g_autoptr(marked) m = prepare("no codes", pdf);

	m->order = compose("cn-company", "gs-gongkai", "li", COPY_ID, 1);
	ck_assert_uint_eq(m->order->layout->codes->len, 0);
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert(verify_copy(m->copy, m->sheets, m->order, NULL));
	write_file("copy.pdf", m->copy);
	write_file("over.pdf", over);
	run("no codes", "qpdf copy.pdf --overlay over.pdf -- bad.pdf");
	bad = read_file("bad.pdf");
	assert_not_verified("no line", bad, m, "1\tline “公开资料”");
	assert_not_verified("the original", pdf, m, "1\tline “公开资料”");
}
END_TEST

/* Letters that are nearly another's, and one that has lost its ink. */
static const struct {
	const char *on_copy, *ordered;
} names[] = {
	{ "王　意", "王如意" }, { "王如意", "王　意" }, { "大卫", "太卫" },
	{ "人民", "入民" },	{ "己知", "已知" },	{ "方平", "万平" },
	{ "密", "蜜" },		{ "Q", "O" },		{ "A1", "A7" },
	{ "A3", "A8" },		{ "A5", "A6" },		{ "A.", "A," },
};

START_TEST(letters)
{
	const double sizes[] = { 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), copy = NULL;
	g_autoptr(marked) m = mark("letters", pdf, FALSE);
	g_autoptr(miyin_order) is =
		compose("cn-gb9704", "jimi", names[_i].on_copy, COPY_ID, 1);
	g_autoptr(miyin_order) must =
		compose("cn-gb9704", "jimi", names[_i].ordered, COPY_ID, 1);
	g_autoptr(GError) error = NULL;

	copy = stamp(m->base, m->sheets, is);
	ck_assert(verify_copy(copy, m->sheets, is, NULL));
	ck_assert(!verify_copy(copy, m->sheets, must, &error));
	ck_assert_msg(g_error_matches(error, MIYIN_REFUSAL,
				      MIYIN_REFUSAL_NOT_MARKED) &&
			      strstr(error->message, names[_i].ordered),
		      "%s", error->message);
}
END_TEST

/* Where a printer's edges put the marks: letters fall on other pixels, and those
 * of a line may close or open a gap between them. In tenths of a millimetre. */
static const char *const wide[] = { "ZMWB-92QA-01VQ", "MWMW-WMWM-0WMW" };
enum { EDGE_FROM = 42, EDGE_TO = 70, N_EDGES = (EDGE_TO - EDGE_FROM) * 5 / 2 };

START_TEST(anywhere)
{
	const double sizes[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), copy = NULL;
	g_autoptr(marked) m = mark("edges", pdf, FALSE);
	g_autoptr(GError) error = NULL;

	m->order->layout->edge_mm = (EDGE_FROM + _i / 2.5) / 10;
	for (unsigned i = 0; i < G_N_ELEMENTS(wide); i++)
		g_strlcpy(m->order->pages[i].human, wide[i],
			  sizeof(m->order->pages[i].human));
	copy = stamp(m->base, m->sheets, m->order);
	ck_assert_msg(verify_copy(copy, m->sheets, m->order, &error), "%s",
		      error ? error->message : "");
}
END_TEST

/* Only what is asked for is looked at, and the first wrong page is named. */
START_TEST(some_pages)
{
	const double sizes[] = { 595, 842, 595, 842, 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), bad = NULL;
	g_autoptr(marked) m = mark("four pages", pdf, FALSE);
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(unsigned));
	g_autoptr(GError) error = NULL;

	write_file("copy.pdf", m->copy);
	run("some", "qpdf copy.pdf --pages . 1,3,3,1 -- bad.pdf");
	bad = read_file("bad.pdf");
	for (unsigned i = 0; i < 4; i += 2)
		g_array_append_val(chosen, i);
	ck_assert(miyin_verify_pages(bad, m->sheets, m->order, chosen, NULL));
	g_array_append_vals(chosen, (unsigned[]){ 3, 1 }, 2);
	ck_assert(
		!miyin_verify_pages(bad, m->sheets, m->order, chosen, &error));
	ck_assert_str_eq(error->message, "4\tcode 1");
}
END_TEST

/* The same ways about leave an honest copy honest. */
START_TEST(honest_after_qpdf)
{
	const double sizes[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), again = NULL;
	g_autoptr(GBytes) over = make_page(A4, "1 g 200 300 99 99 re f", NULL);
	g_autoptr(marked) m = mark("honest", pdf, FALSE);

	write_file("copy.pdf", m->copy);
	write_file("over.pdf", over);
	run("honest", "qpdf copy.pdf --overlay over.pdf --to=2 -- same.pdf");
	again = read_file("same.pdf");
	ck_assert(verify_copy(again, m->sheets, m->order, NULL));
}
END_TEST

/* ---- ink where the marks will stand ----------------------------------- */

static const struct {
	const char *name, *entries, *content, *more;
	gboolean makes_room;
} inks[] = {
	{ "an empty page", A4, "", NULL, FALSE },
	{ "the type area, filled", A4, "0 g 80 105 442 632 re f", NULL, FALSE },
	{ "the page number", A4 USES, "BT /F 14 Tf 480 76 Td (- 3 -) Tj ET",
	  NULL, FALSE },
	{ "a line of text in the head", A4 USES,
	  "BT /F 9 Tf 85 800 Td (Memo) Tj ET", NULL, TRUE },
	{ "a picture at the right edge of the head", A4,
	  "0 g 540 760 40 40 re f", NULL, TRUE },
	{ "a number in the corner", A4 USES, "BT /F 9 Tf 30 40 Td (17) Tj ET",
	  NULL, TRUE },
	{ "a footer", A4 USES, "BT /F 8 Tf 300 25 Td (Foot) Tj ET", NULL,
	  TRUE },
	{ "a hairline around the sheet", A4, "0 w 30 30 535 782 re S", NULL,
	  TRUE },
	{ "white all over", A4, "1 g 0 0 595 842 re f", NULL, FALSE },
	{ "nearly white all over", A4, "0.98 g 0 0 595 842 re f", NULL, FALSE },
	{ "light grey all over", A4, "0.9 g 0 0 595 842 re f", NULL, TRUE },
	{ "yellow all over", A4, "1 1 0 rg 0 0 595 842 re f", NULL, TRUE },
	{ "ink under white", A4, "0 g 0 0 595 842 re f 1 g 0 0 595 842 re f",
	  NULL, FALSE },
	{ "ink outside the crop", A4 "/CropBox[100 100 500 700]",
	  "0 g 0 0 90 842 re f", NULL, FALSE },
	{ "ink in the corner of the crop", A4 "/CropBox[100 100 500 700]",
	  "0 g 120 120 20 20 re f", NULL, TRUE },
	{ "the foot of a turned page", A4 "/Rotate 90",
	  "0 g 560 300 10 100 re f", NULL, TRUE },
	{ "the side of a turned page", A4 "/Rotate 90",
	  "0 g 250 30 100 10 re f", NULL, FALSE },
	{ "a corner in units of two", "/MediaBox[0 0 298 421]/UserUnit 2",
	  "0 g 15 15 20 20 re f", NULL, TRUE },
	{ "the middle in units of two", "/MediaBox[0 0 298 421]/UserUnit 2",
	  "0 g 60 60 170 300 re f", NULL, FALSE },
	{ "an annotation that prints",
	  A4 "/Annots[<</Type/Annot/Subtype/Square/Rect[540 760 580 800]/F 4"
	     "/AP<</N 6 0 R>>>>]",
	  "", GREEN_BOX, TRUE },
	{ "an annotation for the screen",
	  A4 "/Annots[<</Type/Annot/Subtype/Square/Rect[540 760 580 800]/F 0"
	     "/AP<</N 6 0 R>>>>]",
	  "", GREEN_BOX, FALSE },
};

START_TEST(room)
{
	g_autoptr(GBytes) pdf =
		make_page(inks[_i].entries, inks[_i].content, inks[_i].more);
	g_autoptr(GBytes) base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(miyin_order) order = new_order(COPY_ID, 0);
	miyin_inspection is = { .moved = !inks[_i].makes_room };

	order->body = MIYIN_BODY_AUTO;
	ck_assert(miyin_prepare(pdf, &base, NULL, &sheets, NULL));
	ck_assert(miyin_inspect(pdf, sheets, order, &is, NULL));
	ck_assert_msg(is.moved == inks[_i].makes_room, "%s", inks[_i].name);
	ck_assert_msg(is.moved || is.scale == 1, "%s: smaller where it was",
		      inks[_i].name);
	ck_assert_int_eq(is.declared, -1);
}
END_TEST

/* A body that is made to fit is taken for ink all over, one that is kept for
 * none. */
START_TEST(room_that_is_told)
{
	const double sizes[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), base = NULL;
	g_autoptr(GBytes) full = make_page(A4, "0 g 0 0 595 842 re f", NULL);
	g_autoptr(GBytes) full_base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL, full_sheets = NULL;
	g_autoptr(miyin_order) order = new_order(COPY_ID, 0);
	miyin_inspection is;

	order->body = MIYIN_BODY_FIT;
	ck_assert(miyin_prepare(pdf, &base, NULL, &sheets, NULL));
	ck_assert(miyin_inspect(pdf, sheets, order, &is, NULL));
	ck_assert_double_eq_tol(is.scale, FIT_SCALE, 0.002);
	order->body = MIYIN_BODY_KEEP;
	ck_assert(miyin_prepare(full, &full_base, NULL, &full_sheets, NULL));
	ck_assert(miyin_inspect(full, full_sheets, order, &is, NULL));
	ck_assert(!is.moved && is.scale == 1);
}
END_TEST

START_TEST(room_on_a_later_page)
{
	g_autofree char *ink = make_stream("", "0 g 540 760 40 40 re f");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]" A4 ">>",
		"<</Type/Page/Parent 2 0 R>>",
		"<</Type/Page/Parent 2 0 R/Contents 5 0 R>>",
		ink,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, ""), base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(miyin_order) order = new_order(COPY_ID, 0);
	miyin_inspection is = { .moved = FALSE };

	order->body = MIYIN_BODY_AUTO;
	ck_assert(miyin_prepare(pdf, &base, NULL, &sheets, NULL));
	ck_assert(miyin_inspect(pdf, sheets, order, &is, NULL));
	ck_assert(is.moved && is.scale == 1);
	ck_assert(g_array_index(sheets->pages, miyin_sheet, 0).shift.x == 0);
	ck_assert(g_array_index(sheets->pages, miyin_sheet, 1).shift.x != 0 ||
		  g_array_index(sheets->pages, miyin_sheet, 1).shift.y != 0);
}
END_TEST

/* What may stand there is test_declared.c's; here the way from the page. */
static const struct {
	const char *name, *first, *second;
	int declared; /* place in the levels of scheme us */
} declarations[] = {
	{ "nothing", "", "", -1 },
	{ "a level on the first page", "SECRET", "", 1 },
	{ "the higher of two", "SECRET) Tj 0 -30 Td (TOP SECRET", "", 0 },
	{ "a level on the second page alone", "Notice", "SECRET", -1 },
};

START_TEST(declared_level)
{
	g_autofree char *first_text = g_strdup_printf(
		"BT /F 20 Tf 200 500 Td (%s) Tj ET", declarations[_i].first);
	g_autofree char *second_text = g_strdup_printf(
		"BT /F 20 Tf 200 500 Td (%s) Tj ET", declarations[_i].second);
	g_autofree char *first = make_stream("", first_text);
	g_autofree char *second = make_stream("", second_text);
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]" A4 USES ">>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R>>",
		"<</Type/Page/Parent 2 0 R/Contents 7 0 R>>",
		FONT,
		first,
		second,
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, ""), base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(miyin_order) order = compose("us", "us-c", "li", COPY_ID, 0);
	miyin_inspection is = { .declared = 42 };

	ck_assert(miyin_prepare(pdf, &base, NULL, &sheets, NULL));
	ck_assert(miyin_inspect(pdf, sheets, order, &is, NULL));
	ck_assert_msg(is.declared == declarations[_i].declared, "%s: %d",
		      declarations[_i].name, is.declared);
}
END_TEST

/* The second engine must see the pages that the first saw. */
START_TEST(room_in_another_document)
{
	const double one[] = { 595, 842, 0 }, two[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(one), other = make_pages(two);
	g_autoptr(GBytes) base = NULL, none = g_bytes_new("hello", 5);
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(miyin_order) order = new_order(COPY_ID, 0);
	GBytes *const strange[] = { other, none };

	ck_assert(miyin_prepare(pdf, &base, NULL, &sheets, NULL));
	for (int i = 0; i < 2; i++) {
		miyin_inspection is = { 42, 42, 42 };
		g_autoptr(GError) error = NULL;

		ck_assert(
			!miyin_inspect(strange[i], sheets, order, &is, &error));
		ck_assert(g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_DAMAGED));
		ck_assert(is.moved == 42 && is.scale == 42 &&
			  is.declared == 42);
	}
}
END_TEST

/* ---- the lot ---------------------------------------------------------- */

static void add_inspect_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "inspect");

	tcase_add_loop_test(tcase, room, 0, G_N_ELEMENTS(inks));
	tcase_add_test(tcase, room_that_is_told);
	tcase_add_test(tcase, room_on_a_later_page);
	tcase_add_loop_test(tcase, declared_level, 0,
			    G_N_ELEMENTS(declarations));
	tcase_add_test(tcase, room_in_another_document);
}

int main(void)
{
	Suite *suite = suite_create("look");
	TCase *tcase = new_tcase(suite, "verify");
	SRunner *runner;
	int n_failed;

	tcase_add_unchecked_fixture(tcase, find_fonts, NULL);
	tcase_add_loop_test(tcase, fraud, 0, G_N_ELEMENTS(frauds));
	tcase_add_loop_test(tcase, watermark, 0, G_N_ELEMENTS(bodies));
	tcase_add_loop_test(tcase, another_layout, 0,
			    G_N_ELEMENTS(other_layouts));
	tcase_add_test(tcase, level_without_codes);
	tcase_add_loop_test(tcase, letters, 0, G_N_ELEMENTS(names));
	tcase_add_loop_test(tcase, anywhere, 0, N_EDGES);
	tcase_add_test(tcase, some_pages);
	tcase_add_test(tcase, honest_after_qpdf);
	add_inspect_cases(suite);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

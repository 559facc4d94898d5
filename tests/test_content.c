/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Operators written anew: what a stream leaves open is closed, what closes too
 * much is left out, and nothing is left that a reader or a printer language
 * could take for anything else. And what is told of a document: the identity of
 * what it paints, and its appearance.
 */
#include "filter/mark/appearance.h"
#include "filter/mark/canvas.h"
#include "filter/mark/content.h"
#include "filter/mark/fontprogram.h"
#include "filter/mark/inert.h"
#include "filter/mark/prepare.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- operators --------------------------------------------------------- */

static const char *rename_known(void *data, const char *kind, const char *name)
{
	(void)data;
	if (g_str_equal(name, "/Gone"))
		return NULL;
	return g_str_equal(kind, "/Font") && g_str_equal(name, "/Drawn") ? "/T1"
	       : g_str_equal(kind, "/Font")				 ? "/F1"
					    : "/R1";
}

static gboolean is_off(void *data, const char *name)
{
	(void)data;
	return g_str_equal(name, "/Off");
}

static const char *take_image(void *data, const char *dictionary,
			      const void *bytes, gsize length)
{
	g_string_append_printf(data, "%s%.*s|", dictionary, (int)length,
			       (const char *)bytes);
	return "/R2";
}

static const struct {
	const char *name, *content, *written;
} streams[] = {
	{ "a path", "0 0 9 9 re f", "0 0 9 9 re\nf\n" },
	{ "a saved state", "q q 1 g", "q\nq\n1 g\nQ\nQ\n" },
	{ "one that was not saved", "Q Q q Q Q 1 g", "q\nQ\n1 g\n" },
	{ "a text", "BT /X 9 Tf (a) Tj", "BT\n/F1 9 Tf\n(a) Tj\nET\n" },
	{ "a text in a text", "BT BT ET ET", "BT\nET\nBT\nET\n" },
	{ "a path that is not painted", "0 0 9 9 re W", "0 0 9 9 re\nW\nn\n" },
	{ "a clip of nothing", "W n", "n\n" },
	{ "a layer that is off", "/OC /Off BDC 0 0 9 9 re f 1 g",
	  "0 0 9 9 re\nn\n1 g\n" },
	{ "one that is on", "/OC /On BDC 0 0 9 9 re f", "0 0 9 9 re\nf\n" },
	{ "one in another", "/OC /Off BDC /P BMC EMC f EMC f", "n\nf\n" },
	{ "ends of marks without a beginning", "EMC EMC /OC /Off BDC f",
	  "n\n" },
	{ "text on a layer that is off",
	  "BT /X 9 Tf 1 Tr /OC /Off BDC (a) Tj EMC (b) Tj ET",
	  "BT\n/F1 9 Tf\n1 Tr\n3 Tr\n(a) Tj\n1 Tr\n(b) Tj\nET\n" },
	{ "text of a drawn font on a layer that is off",
	  "BT /Drawn 9 Tf /OC /Off BDC (a) Tj EMC (b) Tj ET",
	  "BT\n/T1 9 Tf\n(b) Tj\nET\n" },
	{ "pictures on a layer that is off",
	  "/OC /Off BDC /X Do /X sh EMC /X Do", "/R1 Do\n" },
	{ "marks with properties", "/Span <</ActualText (x)>> BDC f EMC",
	  "f\n" },
	{ "operators that PDF does not have",
	  "BX 1 PS (x) exec showpage { } EX f", "f\n" },
	{ "a name that means nothing", "/Gone Do /Gone gs 1 g", "1 g\n" },
	{ "a string that never ends", "1 g (a\\) Tj", "1 g\n" },
	{ "an array that never ends", "BT [(a) 1 Tj ET", "BT\nET\n" },
	{ "a dictionary that never ends", "/P << /A 1 BDC q", "q\nQ\n" },
	{ "strings of any bytes", "BT (a\\)\\(\\\\) Tj <0aff> Tj ET",
	  "BT\n(a\\)\\(\\\\) Tj\n<0aff> Tj\nET\n" },
	{ "an array for a text", "BT [(a) -120 /N <<>> (b)] TJ ET",
	  "BT\n[(a) -120(b)] TJ\nET\n" },
	{ "too many numbers", "1 2 3 g", "3 g\n" },
	{ "too few", "1 2 rg", "" },
	{ "a string for a number", "(x) w", "" },
	{ "a device's space", "/DeviceCMYK cs /Mine cs",
	  "/DeviceCMYK cs\n/R1 cs\n" },
	{ "a pattern's name", "/P scn 1 0 0 /P scn",
	  "/R1 scn\n1 0 0 /R1 scn\n" },
	{ "an intent of one's own", "/showpage ri /Saturation ri",
	  "/Saturation ri\n" },
	{ "an operator of glyphs", "1 0 0 0 9 9 d1 1 g", "1 g\n" },
	{ "a comment with an operator", "1 g % Q Q\n2 w", "1 g\n2 w\n" },
	{ "an inline picture", "q BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q",
	  "q\n/R2 Do\nQ\n" },
	{ "one on a layer that is off",
	  "/OC /Off BDC BI /W 1 /H 1 /CS /G /BPC 8 ID x EI EMC 1 g", "1 g\n" },
	{ "one that never ends", "q BI /W 9 /H 9 /BPC 8 ID xxxxx", "q\nQ\n" },
	{ "one that never begins", "q EI ID", "q\nQ\n" },
};

START_TEST(stream)
{
	g_autoptr(GString) images = g_string_new(NULL);
	const miyin_content_names names = { images, rename_known, is_off,
					    take_image };
	const char *content = streams[_i].content;
	GString *written =
		miyin_content_rewrite(content, strlen(content), FALSE, &names);

	ck_assert_msg(g_str_equal(written->str, streams[_i].written), "%s: %s",
		      streams[_i].name, written->str);
	g_string_free(written, TRUE);
}
END_TEST

START_TEST(inline_picture)
{
	static const char content[] =
		"BI /W 2/H 1/BPC 8/CS[/I /RGB 1 <ff>]/F[/AHx]/L 4 ID 0001> EI";
	g_autoptr(GString) images = g_string_new(NULL);
	const miyin_content_names names = { images, rename_known, is_off,
					    take_image };
	GString *written =
		miyin_content_rewrite(content, strlen(content), FALSE, &names);

	ck_assert_str_eq(written->str, "/R2 Do\n");
	ck_assert_msg(strstr(images->str, "/Width 2/Height 1") ||
			      strstr(images->str, "/Width 2"),
		      "%s", images->str);
	ck_assert_ptr_nonnull(strstr(images->str, "/Indexed"));
	ck_assert_ptr_nonnull(strstr(images->str, "/ASCIIHexDecode"));
	ck_assert_ptr_null(strstr(images->str, "/Length"));
	g_string_free(written, TRUE);
}
END_TEST

START_TEST(glyph)
{
	g_autoptr(GString) images = g_string_new(NULL);
	const miyin_content_names names = { images, rename_known, is_off,
					    take_image };
	static const char content[] = "9 0 0 0 9 9 d1 9 0 d0 q 0 0 9 9 re f";
	GString *written =
		miyin_content_rewrite(content, strlen(content), TRUE, &names);

	ck_assert_str_eq(written->str, "9 0 0 0 9 9 d1\nq\n0 0 9 9 re\nf\nQ\n");
	g_string_free(written, TRUE);
}
END_TEST

/* ---- fonts ---------------------------------------------------------------- */

#define CFF_HEAD "\1\0\4\1"
#define CFF_INDEX "\0\1\1\1\x0b"

START_TEST(font_names)
{
	static const char cff[] =
		CFF_HEAD CFF_INDEX "A{exec} /b"
				   "\0\0" CFF_INDEX "s) def(x%y";
	g_autofree guint8 *bytes = g_memdup2(cff, sizeof(cff));
	const gsize length = sizeof(cff) - 1;

	/* Spelled where they stand: 4 bytes of head, 5 of index before. */
	ck_assert(miyin_fontprogram_spell_cff(bytes, length));
	ck_assert(memcmp(bytes + 9,
			 "A\xE6"
			 "exec\xE7\xEA\xE8"
			 "b",
			 10) == 0);
	ck_assert_ptr_null(memchr(bytes + 9, '{', length - 9));
	for (gsize cut = 0; cut < length - 2; cut++)
		miyin_fontprogram_spell_cff(bytes, cut);
}
END_TEST

/* Glyphs may be named by their characters. */
START_TEST(names_stay_different)
{
	for (unsigned i = 0; i < 0xA0; i++) {
		guint8 letter = miyin_inert_letter((guint8)i);

		ck_assert(letter >= 0xA0 || (letter == i && letter > ' '));
		ck_assert(!letter || !strchr("()<>[]{}/%#", letter));
		for (unsigned j = 0; j < i; j++)
			ck_assert_uint_ne(miyin_inert_letter((guint8)j),
					  letter);
	}
	ck_assert_uint_eq(miyin_inert_letter('A'), 'A');
	ck_assert_uint_eq(miyin_inert_letter(0xC4), 0xC4);
}
END_TEST

START_TEST(glyphs_stay_different)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *plain = miyin_inert_glyph("/f_i.alt");
	g_autofree char *more = g_strnfill(300, '(');

	for (unsigned i = 1; i < 256; i++) {
		const char name[] = { '/', (char)i, '\0' };
		char *spelled = miyin_inert_glyph(name);

		for (const char *at = spelled + 1; *at; at++)
			ck_assert(g_ascii_isgraph(*at) &&
				  !strchr("()<>[]{}/%#", *at));
		ck_assert_msg(g_hash_table_add(seen, spelled), "%u", i);
	}
	ck_assert_str_eq(plain, "/f_i.alt");
	*more = '/';
	g_hash_table_add(seen, miyin_inert_glyph(more));
	more[299] = ')';
	ck_assert(g_hash_table_add(seen, miyin_inert_glyph(more)));
}
END_TEST

/* ---- identity -------------------------------------------------------------- */

static GBytes *make(const char *content, const char *font, const char *trailer,
		    gboolean other_numbers)
{
	GString *pdf = g_string_new("%PDF-1.7\n");
	int n = other_numbers ? 40 : 4;

	g_string_append_printf(
		pdf,
		"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
		"/Contents %d 0 R/Resources<</Font<</F%d %d 0 R/U %d 0 R>>>>"
		"%s>>endobj\n%d 0 obj<</Length %zu>>stream\n%s\nendstream\n"
		"endobj\n%d 0 obj<</Type/Font/Subtype/Type1/BaseFont/%s>>"
		"endobj\ntrailer<</Root 1 0 R%s>>\n",
		n, n, n + 1, n + 1,
		other_numbers ? "/LastModified(D:2026)/PieceInfo<</A 1>>" : "",
		n, strlen(content), content, n + 1, font, trailer);
	return g_string_free_to_bytes(pdf);
}

static char *identify(GBytes *pdf)
{
	g_autoptr(GError) error = NULL;
	char *identity = miyin_prepare_identity(pdf, NULL, &error);

	ck_assert_msg(identity != NULL, "%s", error ? error->message : "");
	ck_assert_uint_eq(strlen(identity), 64);
	return identity;
}

#define TEXT "BT /F4 9 Tf 100 100 Td (a) Tj ET"

static const struct {
	const char *name, *content, *font, *trailer;
	gboolean other_numbers, same;
} others[] = {
	{ "itself", TEXT, "Helvetica", "", FALSE, TRUE },
	{ "other ids", TEXT, "Helvetica", "/ID[<00><01>]", FALSE, TRUE },
	{ "other numbers, names, spaces and dates",
	  "BT  /F40 9 Tf\n100 100 Td(a)Tj % D:2026\nET", "Helvetica", "", TRUE,
	  TRUE },
	{ "another word", "BT /F4 9 Tf 100 100 Td (b) Tj ET", "Helvetica", "",
	  FALSE, FALSE },
	{ "another place", "BT /F4 9 Tf 100 101 Td (a) Tj ET", "Helvetica", "",
	  FALSE, FALSE },
	{ "another font", TEXT, "Courier", "", FALSE, FALSE },
	{ "words behind a date",
	  TEXT " % /CreationDate (\nBT /F4 9 Tf (b) Tj ET", "Helvetica", "",
	  FALSE, FALSE },
};

START_TEST(identity)
{
	g_autoptr(GBytes) first = make(TEXT, "Helvetica", "", FALSE);
	g_autoptr(GBytes) second =
		make(others[_i].content, others[_i].font, others[_i].trailer,
		     others[_i].other_numbers);
	g_autofree char *a = identify(first), *b = identify(second);

	ck_assert_msg(g_str_equal(a, b) == others[_i].same, "%s",
		      others[_i].name);
}
END_TEST

/* Two texts that searching for /CreationDate takes for one. */
START_TEST(hidden_behind_a_date)
{
	g_autoptr(GBytes) first = make("BT /F4 9 Tf /CreationDate (one) Tj ET",
				       "Helvetica", "", FALSE);
	g_autoptr(GBytes) second = make("BT /F4 9 Tf /CreationDate (two) Tj ET",
					"Helvetica", "", FALSE);
	g_autofree char *a = identify(first), *b = identify(second);

	ck_assert_str_ne(a, b);
}
END_TEST

/* ---- appearance -----------------------------------------------------------
 */

#define LINE "The quick brown fox jumps over the lazy dog 1234567890 "
#define PAGE                                                                   \
	"BT /F4 9 Tf 50 700 Td (" LINE ") Tj 0 -12 Td (" LINE ") Tj 0 -12 Td " \
	"(" LINE ") Tj ET"
/* A program that sets it anew. */
#define RESET                                                                  \
	"BT /F4 11 Tf 60 650 Td (" LINE ") Tj 0 -14 Td (" LINE                 \
	") Tj 0 -14 Td "                                                       \
	"(" LINE ") Tj ET"
#define OTHER                                                                  \
	"BT /F4 9 Tf 50 700 Td (" LINE ") Tj 0 -12 Td (" LINE ") Tj 0 -12 Td " \
	"(The quick brown fox jumps over the lazy dog 1234567891 ) Tj ET"

static const struct {
	const char *name, *content;
	gboolean same_look, same_words;
} looks[] = {
	{ "itself", PAGE, TRUE, TRUE },
	{ "a state that is opened and closed", "q Q " PAGE, TRUE, TRUE },
	{ "a matrix that does nothing", "1 0 0 1 0 0 cm " PAGE, TRUE, TRUE },
	{ "what is not seen", PAGE " 1 1 1 rg 9 9 50 50 re f", TRUE, TRUE },
	{ "another dot", PAGE " 9 9 1 1 re f", FALSE, TRUE },
	{ "another colour", "1 0 0 rg " PAGE, FALSE, TRUE },
	{ "another size", RESET, FALSE, TRUE },
	{ "another digit", OTHER, FALSE, FALSE },
};

static void look_at(const char *content, miyin_appearance *appearance)
{
	g_autoptr(GBytes) pdf = make(content, "Helvetica", "", FALSE);
	g_autoptr(GBytes) plain = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *hash = miyin_prepare_identity(pdf, &plain, &error);

	ck_assert_msg(hash && miyin_appearance_read(plain, appearance, &error),
		      "%s", error ? error->message : "");
}

START_TEST(appearance)
{
	g_auto(miyin_appearance) a = { NULL, NULL, 0 }, b = { NULL, NULL, 0 };

	look_at(PAGE, &a);
	look_at(looks[_i].content, &b);
	ck_assert_uint_eq(strlen(a.shown), 64);
	ck_assert_uint_eq(strlen(a.words), 64);
	ck_assert_msg(g_str_equal(a.shown, b.shown) == looks[_i].same_look,
		      "%s: look", looks[_i].name);
	ck_assert_msg(g_str_equal(a.words, b.words) == looks[_i].same_words,
		      "%s: words", looks[_i].name);
}
END_TEST

/* Cairo paints nothing and says so to who asks. */
START_TEST(canvas)
{
	cairo_surface_t *small =
		miyin_canvas_close(miyin_canvas_open(0, 0), NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_nonnull(small);
	ck_assert_int_eq(cairo_image_surface_get_data(small)[0], 255);
	cairo_surface_destroy(small);
	ck_assert_ptr_null(
		miyin_canvas_close(miyin_canvas_open(40000, 40000), &error));
	ck_assert_ptr_nonnull(strstr(error->message, "Out of memory"));
}
END_TEST

/* Nothing to see and little to read: alike with nobody. */
START_TEST(appearance_of_little)
{
	g_auto(miyin_appearance) blank = { NULL, NULL, 0 },
				 little = { NULL, NULL, 0 };

	look_at("1 1 1 rg " PAGE, &blank);
	look_at(TEXT, &little);
	ck_assert_str_eq(blank.shown, "");
	ck_assert_uint_eq(strlen(little.shown), 64);
	ck_assert_str_eq(little.words, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("content");
	TCase *tcase = tcase_create("content");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, stream, 0, G_N_ELEMENTS(streams));
	tcase_add_test(tcase, inline_picture);
	tcase_add_test(tcase, glyph);
	tcase_add_test(tcase, font_names);
	tcase_add_test(tcase, names_stay_different);
	tcase_add_test(tcase, glyphs_stay_different);
	tcase_add_loop_test(tcase, identity, 0, G_N_ELEMENTS(others));
	tcase_add_test(tcase, hidden_behind_a_date);
	tcase_add_loop_test(tcase, appearance, 0, G_N_ELEMENTS(looks));
	tcase_add_test(tcase, appearance_of_little);
	tcase_add_test(tcase, canvas);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

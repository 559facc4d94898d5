/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in a form and is drawn, as it is read back. */
#include "filter/collect/acroform.h"
#include <miyin/memfile.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WIDGET "<</Type/Annot/Subtype/Widget/F 4/Rect[100 700 300 720]"
#define TEXT WIDGET "/FT/Tx"
#define AP(words)                                                              \
	"4 0 obj <</Subtype/Form/BBox[0 0 200 20]/Length 37>> stream\n"        \
	"BT /F 12 Tf 2 5 Td (" words ") Tj ET\nendstream endobj\n"
#define FONT "/DR<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>>>"
#define STALE "/NeedAppearances true"

static const struct {
	const char *name;
	const char *form;   /* in /AcroForm */
	const char *widget; /* object 3, and others */
	const char *seen;
} fields[] = {
	{ "a value", "", TEXT "/V(red)>>", "red" },
	{ "no value", "", TEXT ">>", "" },
	{ "Chinese", "", TEXT "/V<FEFF673A5BC6>/DA(/Song 12 Tf)>>", "机密" },
	{ "UTF-8", "", TEXT "/V<EFBBBFE69CBAE5AF86>>>", "机密" },
	{ "a value of the field above", "",
	  WIDGET "/Parent 5 0 R>> endobj\n5 0 obj <</FT/Tx/V(above)>>",
	  "above" },
	{ "parents in a circle", "",
	  WIDGET "/Parent 5 0 R>> endobj\n5 0 obj <</FT/Tx/Parent 5 0 R>>",
	  "" },
	{ "lines", "", TEXT "/Ff 4096/V(one\\r\\ntwo\\rthree)>>",
	  "one\ntwo\nthree" },
	{ "cells", "", TEXT "/Ff 16777216/MaxLen 4/V(wxyz)>>", "w x y z" },
	{ "a password", "", TEXT "/Ff 8192/V(secret)>>", "******" },
	{ "a choice", "",
	  WIDGET "/FT/Ch/V(b)/Opt[[(a)(A-word)][(b)(B-word)]]>>", "B-word" },
	{ "a choice without words", "", WIDGET "/FT/Ch/V(b)/Opt[(a)(b)]>>",
	  "b" },
	{ "several choices", "", WIDGET "/FT/Ch/V[(a)(b)]/Opt[(a)(b)]>>",
	  "a\nb" },
	{ "a box that is marked", "",
	  WIDGET "/FT/Btn/V/On/AS/On/MK<</CA(l)>>>>", "●" },
	{ "a box that is not", "", WIDGET "/FT/Btn/V/Off/AS/Off>>", "" },
	{ "a button", "", WIDGET "/FT/Btn/Ff 65536/V/On/MK<</CA(Go)>>>>", "" },
	{ "a drawn one", FONT,
	  TEXT "/V(new)/AP<</N 4 0 R>>>> endobj\n" AP("old"), "old" },
	{ "a drawn one whose value is newer", FONT STALE,
	  TEXT "/V(new)/AP<</N 4 0 R>>>> endobj\n" AP("old"), "new" },
	{ "a drawn one without a value", FONT STALE,
	  TEXT "/AP<</N 4 0 R>>>> endobj\n" AP("old"), "old" },
	{ "a value of no text", "", TEXT "/V 7>>", "" },
	{ "no rectangle", "", "<</Subtype/Widget/FT/Tx/V(x)>>", "" },
	{ "not a dictionary", "", "[/Widget]", "" },
};

static int new_pdf(const char *form, const char *object)
{
	g_autofree char *text = g_strdup_printf(
		"%%PDF-1.6\n1 0 obj <</Type/Catalog/Pages 2 0 R"
		"/AcroForm<<%s>>"
		"/OCProperties<</OCGs[8 0 R 9 0 R]/D<</OFF[8 0 R]>>>>>> endobj\n"
		"2 0 obj <</Type/Pages/Count 1/Kids[6 0 R]>> endobj\n"
		"6 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
		"/Annots[3 0 R]>> endobj\n"
		"8 0 obj <</Type/OCG/Name(off)>> endobj\n"
		"9 0 obj <</Type/OCG/Name(on)>> endobj\n"
		"3 0 obj %s endobj\n"
		"trailer <</Root 1 0 R/Size 10>>\n",
		form, object);
	int fd = miyin_memfile_new("pdf", NULL);

	ck_assert(miyin_memfile_write(fd, text, strlen(text), NULL));
	return fd;
}

/* After layout, which makes annotations part of their page. */
static char *read_text(int pdf)
{
	g_autofree char *command = g_strdup_printf(
		"qpdf --warning-exit-0 --flatten-annotations=print "
		"/proc/%d/fd/%d - | pdftotext -layout - -",
		getpid(), pdf);
	FILE *pipe = popen(command, "r");
	g_autoptr(GString) all = g_string_new(NULL);
	g_autoptr(GRegex) blanks = g_regex_new(" +", 0, 0, NULL);
	char part[4096];
	size_t n;

	ck_assert_ptr_nonnull(pipe);
	while ((n = fread(part, 1, sizeof(part), pipe)) > 0)
		g_string_append_len(all, part, n);
	ck_assert_int_eq(pclose(pipe), 0);
	g_strdelimit(all->str, "\f", ' ');
	return g_regex_replace_literal(blanks, all->str, -1, 0, " ", 0, NULL);
}

START_TEST(field_is_drawn)
{
	g_autofree char *form =
		g_strconcat("/Fields[3 0 R]", fields[_i].form, NULL);
	int pdf = new_pdf(form, fields[_i].widget);
	int drawn = miyin_acroform_draw(pdf);
	g_auto(GStrv) lines = NULL;
	g_autofree char *text = NULL;
	g_autofree char *seen = NULL;

	ck_assert_msg(drawn >= 0, "%s", fields[_i].name);
	text = read_text(drawn);
	lines = g_strsplit(g_strstrip(text), "\n", -1);
	for (char **line = lines; *line; line++)
		g_strstrip(*line);
	seen = g_strjoinv("\n", lines);
	ck_assert_msg(g_str_equal(seen, fields[_i].seen), "%s: \"%s\"",
		      fields[_i].name, seen);
	close(drawn);
	close(pdf);
}
END_TEST

/* Layout flattens annotations and does not ask for their layers. */
START_TEST(hidden_annotation_goes)
{
	static const struct {
		const char *layer;
		gboolean left;
	} layers[] = {
		{ "", TRUE },
		{ "/OC 8 0 R", FALSE },
		{ "/OC 9 0 R", TRUE },
		{ "/OC<</Type/OCMD/OCGs[8 0 R]>>", FALSE },
	};
	g_autofree char *note = g_strdup_printf(
		"<</Subtype/Square/F 4/Rect[9 9 99 99]/Contents(note)%s>>",
		layers[_i].layer);
	int pdf = new_pdf("", note);
	int drawn = miyin_acroform_draw(pdf);
	g_autoptr(GBytes) bytes = NULL;

	ck_assert_int_ge(drawn, 0);
	bytes = miyin_memfile_map(drawn, NULL);
	ck_assert_msg(!!memmem(g_bytes_get_data(bytes, NULL),
			       g_bytes_get_size(bytes), "/Square",
			       7) == layers[_i].left,
		      "%d", _i);
	close(drawn);
	close(pdf);
}
END_TEST

START_TEST(damaged_is_left)
{
	int pdf = miyin_memfile_new("pdf", NULL);

	ck_assert(miyin_memfile_write(pdf, "%PDF-1.7\nno", 11, NULL));
	ck_assert_int_eq(miyin_acroform_draw(pdf), -1);
	close(pdf);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("acroform");
	TCase *tcase = tcase_create("acroform");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, field_is_drawn, 0, G_N_ELEMENTS(fields));
	tcase_add_loop_test(tcase, hidden_annotation_goes, 0, 4);
	tcase_add_test(tcase, damaged_is_left);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? 1 : 0;
}

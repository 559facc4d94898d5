/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control sheet as a form: which words stand in which row, those of its
 * scheme or, without any, the ones of before. How it looks is
 * in tests/golden, that it is printed in tests/control.sh. */
#include <miyin/controlsheet.h>
#include <check.h>
#include <stdlib.h>

static const miyin_controlsheet_row two[] = { { 1, "张三" }, { 2, "李四" } };

static const miyin_scheme without;

static const miyin_words words = {
	.mark = "秘密★10年",
	.level = "秘密",
	.date = "2026-11-21",
	.document = "某发〔2026〕1号",
	.title = "某通知",
	.unit = "某某中心",
	.user = "wang",
	.n_copies = 2,
	.n_pages = 3,
};

static miyin_form *draw(const miyin_scheme *scheme, const miyin_words *of,
			double width_pt, double height_pt)
{
	const miyin_controlsheet sheet = {
		.scheme = scheme,
		.words = of,
		.job = "Office-12",
		.rows = two,
		.n_rows = 2,
		.width_pt = width_pt,
		.height_pt = height_pt,
	};

	return miyin_controlsheet_new(&sheet);
}

/* The second cell of the row of the first table that begins with a word, or
 * NULL. */
static const char *field(const miyin_form *form, const char *name)
{
	const miyin_form_table *fields = form->tables->pdata[0];

	for (unsigned i = 0; i < fields->rows->len; i++) {
		char *const *row = fields->rows->pdata[i];

		if (g_str_equal(row[0], name))
			return row[1];
	}
	return NULL;
}

static const struct {
	const char *what, *level, *original, *approver, *missing;
	const char *name, *becomes;
} fields[] = {
	{ "who approved", "秘密", NULL, "李主任", NULL, "批准人", "李主任" },
	{ "nobody yet: room for ink", "秘密", NULL, NULL, NULL, "批准人", "" },
	{ "the first ones", "秘密", NULL, NULL, NULL, "制作类别", "首次制作" },
	{ "more of them", "秘密", "000001", NULL, NULL, "制作类别",
	  "再次制作，首份份号 000001" },
	{ "more of them, in English", "SECRET", "000001", NULL, NULL, "Made",
	  "again; the first serial is 000001" },
	{ "a level in kana is no Chinese one", "ひみつ", NULL, NULL, NULL,
	  "Pages of each", "3" },
	{ "a sign for what no font has", "秘密", NULL, "李𓀀", "𓀀", "批准人",
	  "李〓" },
	{ "their serials", "秘密", NULL, NULL, NULL, "份号起止",
	  "000001–000002" },
	{ "their number", "秘密", NULL, NULL, NULL, "制作数量（份）", "2" },
};

START_TEST(says)
{
	miyin_words of = words;
	g_autoptr(miyin_form) form = NULL;
	const char *seen;

	of.level = fields[_i].level;
	of.original = fields[_i].original;
	of.approver = fields[_i].approver;
	of.missing = fields[_i].missing;
	form = draw(&without, &of, 595, 842);
	seen = field(form, fields[_i].name);
	ck_assert_msg(g_strcmp0(seen, fields[_i].becomes) == 0, "%s: %s",
		      fields[_i].what, seen ? seen : "no such row");
}
END_TEST

static const struct {
	const char *name, *approver, *last, *mark;
} schemes[] = {
	{ "cn-company", "批准人", "日期", "控制单" },
	{ "cn-gb9704", "批准人", "日期", "控制单" },
	{ "cn-trade", "批准人", "日期", "控制单" },
	{ "cn-work", "批准人", "日期", "控制单" },
	{ "eu", "Approved by", "Date", "CONTROL" },
	{ "nato", "Approved by", "Date", "CONTROL" },
	{ "tlp", "Approved by", "Date", "CONTROL" },
	{ "uk", "Approved by", "Date", "CONTROL" },
	{ "us", "Approved by", "Date", "CONTROL" },
};

START_TEST(has_a_row_for_each_holder)
{
	g_autoptr(miyin_form) form = draw(&without, &words, 595, 842);
	const miyin_form_table *holders = form->tables->pdata[1];

	ck_assert_uint_eq(holders->rows->len, 2);
	for (unsigned i = 0; i < 2; i++) {
		char *const *row = holders->rows->pdata[i];
		g_autofree char *serial =
			g_strdup_printf("%06u", two[i].serial);

		ck_assert_str_eq(row[0], serial);
		ck_assert_str_eq(row[1], two[i].holder);
		ck_assert_str_eq(row[2], "");
	}
}
END_TEST

/* A shipped scheme has its words itself. */
START_TEST(has_the_words_of_its_scheme)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open("samples/schemes", schemes[_i].name, &error);
	g_autoptr(miyin_form) form = NULL;
	const miyin_form_table *spoilt;

	ck_assert_msg(scheme && scheme->control, "%s", schemes[_i].name);
	form = draw(scheme, &words, 595, 842);
	ck_assert_str_eq(field(form, schemes[_i].approver), "");
	spoilt = form->tables->pdata[2];
	ck_assert_str_eq(spoilt->heading[6], schemes[_i].last);
	ck_assert_str_eq(miyin_controlsheet_mark(scheme, words.level),
			 schemes[_i].mark);
}
END_TEST

/* It is signed and filed: a landscape document has an upright one. */
START_TEST(stands_upright)
{
	g_autoptr(miyin_form) form = draw(&without, &words, 842, 595);

	ck_assert_double_eq(form->width_pt, 595);
	ck_assert_double_eq(form->height_pt, 842);
}
END_TEST

static const struct {
	unsigned serials[3], n;
	const char *range;
} ranges[] = {
	{ { 7 }, 1, "000007" },
	{ { 1, 2, 3 }, 3, "000001–000003" },
	{ { 9, 4, 5 }, 3, "000004–000009" },
	{ { 1000000 }, 1, "1000000" },
};

START_TEST(serials)
{
	miyin_controlsheet_row rows[3];
	g_autofree char *range = NULL;

	for (unsigned i = 0; i < 3; i++)
		rows[i] = (miyin_controlsheet_row){ ranges[_i].serials[i], "" };
	range = miyin_controlsheet_serials(rows, ranges[_i].n);
	ck_assert_str_eq(range, ranges[_i].range);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("controlsheet");
	TCase *tcase = tcase_create("controlsheet");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, says, 0, G_N_ELEMENTS(fields));
	tcase_add_test(tcase, has_a_row_for_each_holder);
	tcase_add_loop_test(tcase, has_the_words_of_its_scheme, 0,
			    G_N_ELEMENTS(schemes));
	tcase_add_test(tcase, stands_upright);
	tcase_add_loop_test(tcase, serials, 0, G_N_ELEMENTS(ranges));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

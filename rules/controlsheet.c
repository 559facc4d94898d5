/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/controlsheet.h>
#include <miyin/text.h>
#include <glib/gi18n.h>

#define GROUP "control"
#define N_SPOILT_ROWS 3
#define FIELD_PT 20
#define SIGN_PT 30 /* room for a signature */

enum {
	FORM,
	SERIAL,
	REFERENCE,
	TITLE,
	MARK,
	SCOPE,
	MADE,
	PAGES,
	SERIALS,
	KIND,
	FIRST,
	AGAIN,
	APPROVER,
	USER,
	JOB,
	DATE,
	HOLDERS,
	SPOILT,
	N_WORDS
};

/* The key of each, and its words in a scheme of before there were such keys. */
static const struct {
	const char *key, *chinese, *english;
} words_of[N_WORDS] = {
	[FORM] = { "form", "文件制作发放控制单", "Control sheet" },
	[SERIAL] = { "serial", "控制单", "CONTROL" },
	[REFERENCE] = { "reference", "文号", "Reference" },
	[TITLE] = { "title", "题名", "Title" },
	[MARK] = { "mark", "密级和保密期限", "Level and period" },
	[SCOPE] = { "scope", "发放范围", "Distribution" },
	[MADE] = { "made", "制作数量（份）", "Copies made" },
	[PAGES] = { "pages", "每份页数", "Pages of each" },
	[SERIALS] = { "serials", "份号起止", "Serials" },
	[KIND] = { "kind", "制作类别", "Made" },
	[FIRST] = { "first", "首次制作", "for the first time" },
	[AGAIN] = { "again", "再次制作，首份份号",
		    "again; the first serial is" },
	[APPROVER] = { "approver", "批准人", "Approved by" },
	[USER] = { "user", "打印人", "Printed by" },
	[JOB] = { "job", "打印作业", "Print job" },
	[DATE] = { "date", "制作日期", "Date" },
	[HOLDERS] = { "holders", "份号, 持有人, 签收人, 签收时间, 清退时间",
		      "Serial, Holder, Received by, Received on, Returned on" },
	[SPOILT] = { "spoilt",
		     "废页份号, 废页数, 原因, 处理方式, 处理人, 见证人, 日期",
		     "Spoilt: serial, Pages, Reason, Disposal, By, Witness, "
		     "Date" },
};

/* Parts of a table's width; 0 behind the last column. */
static const unsigned holder_columns[] = { 12, 30, 20, 19, 19, 0 };
static const unsigned spoilt_columns[] = { 17, 11, 18, 16, 13, 13, 12, 0 };

static unsigned count(const unsigned *columns)
{
	unsigned n = 0;

	while (columns[n] > 0)
		n++;
	return n;
}

static const char *word(const miyin_scheme *scheme, const char *level,
			int which)
{
	if (scheme->control)
		return scheme->control[which];
	for (const char *at = level; *at; at = g_utf8_next_char(at))
		if (g_unichar_get_script(g_utf8_get_char(at)) ==
		    G_UNICODE_SCRIPT_HAN)
			return words_of[which].chinese;
	return words_of[which].english;
}

static const char *label(const miyin_controlsheet *sheet, int which)
{
	return word(sheet->scheme, sheet->words->level, which);
}

/* Without a text it is left empty, for ink. */
static void add_field(miyin_form_table *table, const miyin_words *words,
		      const char *name, const char *text)
{
	g_autofree char *shown = miyin_text_substitute(text, words->missing);

	miyin_form_add_row(table, (const char *[]){ name, shown, NULL });
}

static void add_fields(miyin_form *form, const miyin_controlsheet *sheet)
{
	const miyin_words *words = sheet->words;
	g_autofree char *made = g_strdup_printf("%u", words->n_copies);
	g_autofree char *pages = g_strdup_printf("%u", words->n_pages);
	g_autofree char *serials =
		miyin_controlsheet_serials(sheet->rows, sheet->n_rows);
	g_autofree char *again =
		words->original ? g_strdup_printf("%s %s", label(sheet, AGAIN),
						  words->original)
				: NULL;
	const struct {
		int name;
		const char *text;
	} fields[] = {
		{ REFERENCE, words->document },
		{ TITLE, words->title },
		{ MARK, words->mark },
		{ SCOPE, words->scope },
		{ MADE, made },
		{ PAGES, pages },
		{ SERIALS, serials },
		{ KIND, again ? again : label(sheet, FIRST) },
		{ APPROVER, words->approver },
		{ USER, words->user },
		{ JOB, sheet->job },
		{ DATE, words->date },
	};
	miyin_form_table *table =
		miyin_form_add_table(form, 2, (unsigned[]){ 1, 3 },
				     (const char *[]){ "", "" }, FIELD_PT);

	for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++)
		add_field(table, words, label(sheet, fields[i].name),
			  fields[i].text);
}

static miyin_form_table *add_table(miyin_form *form,
				   const miyin_controlsheet *sheet, int heads,
				   const unsigned *columns)
{
	g_auto(GStrv) names = miyin_text_parts(label(sheet, heads));

	return miyin_form_add_table(form, count(columns), columns,
				    (const char *const *)names, SIGN_PT);
}

static void check_columns(miyin_keyfile_group *g, int which, const char *text,
			  const unsigned *columns)
{
	g_auto(GStrv) names = miyin_text_parts(text);

	if (g_strv_length(names) != count(columns) ||
	    g_strv_contains((const char *const *)names, ""))
		miyin_keyfile_fail(
			g, words_of[which].key,
			_(" must be %u words with \",\" between them"),
			count(columns));
}

char **miyin_controlsheet_read(miyin_keyfile_group *g)
{
	const char *keys[N_WORDS + 1] = { NULL };
	g_autofree char *all = NULL;
	g_auto(GStrv) words = g_new0(char *, N_WORDS + 1);

	for (int i = 0; i < N_WORDS; i++)
		keys[i] = words_of[i].key;
	all = g_strjoinv(" ", (char **)keys);
	miyin_keyfile_check_group(g, all);
	for (int i = 0; i < N_WORDS && !g->failed; i++)
		words[i] = miyin_keyfile_get_word(g, keys[i]);
	check_columns(g, HOLDERS, words[HOLDERS], holder_columns);
	check_columns(g, SPOILT, words[SPOILT], spoilt_columns);
	return g->failed ? NULL : g_steal_pointer(&words);
}

const char *miyin_controlsheet_key(unsigned i)
{
	return words_of[i].key;
}

char *miyin_controlsheet_serials(const miyin_controlsheet_row *rows,
				 unsigned n_rows)
{
	unsigned least = rows[0].serial, greatest = rows[0].serial;

	for (unsigned i = 1; i < n_rows; i++) {
		least = MIN(least, rows[i].serial);
		greatest = MAX(greatest, rows[i].serial);
	}
	return least == greatest
		       ? g_strdup_printf("%06u", least)
		       : g_strdup_printf("%06u–%06u", least, greatest);
}

miyin_form *miyin_controlsheet_new(const miyin_controlsheet *sheet)
{
	const miyin_words *words = sheet->words;
	g_autofree char *title =
		g_strconcat(words->unit, "  ", label(sheet, FORM), NULL);
	miyin_form *form =
		miyin_form_new(MIN(sheet->width_pt, sheet->height_pt),
			       MAX(sheet->width_pt, sheet->height_pt), title);
	miyin_form_table *table;

	add_fields(form, sheet);
	table = add_table(form, sheet, HOLDERS, holder_columns);
	for (unsigned i = 0; i < sheet->n_rows; i++) {
		g_autofree char *serial =
			g_strdup_printf("%06u", sheet->rows[i].serial);

		add_field(table, words, serial, sheet->rows[i].holder);
	}
	table = add_table(form, sheet, SPOILT, spoilt_columns);
	for (unsigned i = 0; i < N_SPOILT_ROWS; i++)
		miyin_form_add_row(table, (const char *[]){ NULL });
	return form;
}

const char *miyin_controlsheet_name(const miyin_scheme *scheme,
				    const char *level)
{
	return word(scheme, level, FORM);
}

const char *miyin_controlsheet_mark(const miyin_scheme *scheme,
				    const char *level)
{
	return word(scheme, level, SERIAL);
}

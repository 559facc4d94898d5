/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/controlsheet.h>
#include <miyin/text.h>

#define N_HOLDER_COLUMNS 5
#define N_SPOILT_COLUMNS 7
#define N_SPOILT_ROWS 3
#define FIELD_PT 20
#define SIGN_PT 30		/* room for a signature */

typedef struct {
	const char *form, *serial;
	const char *reference, *title, *mark, *scope, *made, *pages, *serials,
		*kind, *first, *again, *approver, *user, *job, *date;
	const char *holders[N_HOLDER_COLUMNS];
	const char *spoilt[N_SPOILT_COLUMNS];
} wording;

static const wording chinese = {
	.form = "文件制作发放控制单",
	.serial = "控制单",
	.reference = "文号",
	.title = "题名",
	.mark = "密级和保密期限",
	.scope = "发放范围",
	.made = "制作数量（份）",
	.pages = "每份页数",
	.serials = "份号起止",
	.kind = "制作类别",
	.first = "首次制作",
	.again = "再次制作，首份份号",
	.approver = "批准人",
	.user = "打印人",
	.job = "打印作业",
	.date = "制作日期",
	.holders = { "份号", "持有人", "签收人", "签收时间", "清退时间" },
	.spoilt = { "废页份号", "废页数", "原因", "处理方式", "处理人",
		    "见证人", "日期" },
};

static const wording english = {
	.form = "Control sheet",
	.serial = "CONTROL",
	.reference = "Reference",
	.title = "Title",
	.mark = "Level and period",
	.scope = "Distribution",
	.made = "Copies made",
	.pages = "Pages of each",
	.serials = "Serials",
	.kind = "Made",
	.first = "for the first time",
	.again = "again; the first serial is",
	.approver = "Approved by",
	.user = "Printed by",
	.job = "Print job",
	.date = "Date",
	.holders = { "Serial", "Holder", "Received by", "Received on",
		     "Returned on" },
	.spoilt = { "Spoilt: serial", "Pages", "Reason", "Disposal", "By",
		    "Witness", "Date" },
};

static const wording *wording_of(const char *level)
{
	for (const char *at = level; *at; at = g_utf8_next_char(at))
		if (g_unichar_get_script(g_utf8_get_char(at)) ==
		    G_UNICODE_SCRIPT_HAN)
			return &chinese;
	return &english;
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

/* Without a text it is left empty, for ink. */
static void add_field(miyin_form_table *table, const miyin_words *words,
		      const char *name, const char *text)
{
	g_autofree char *shown = miyin_text_substitute(text, words->missing);

	miyin_form_add_row(table, (const char *[]){ name, shown, NULL });
}

static void add_fields(miyin_form *form, const miyin_words *words,
		       const char *job, const miyin_controlsheet_row *rows,
		       unsigned n_rows)
{
	const wording *labels = wording_of(words->level);
	g_autofree char *made = g_strdup_printf("%u", words->n_copies);
	g_autofree char *pages = g_strdup_printf("%u", words->n_pages);
	g_autofree char *serials = miyin_controlsheet_serials(rows, n_rows);
	g_autofree char *again =
		words->original ? g_strdup_printf("%s %s", labels->again,
						  words->original)
				: NULL;
	miyin_form_table *table = miyin_form_add_table(
		form, 2, (unsigned[]){ 1, 3 }, (const char *[]){ "", "" },
		FIELD_PT);

	add_field(table, words, labels->reference, words->document);
	add_field(table, words, labels->title, words->title);
	add_field(table, words, labels->mark, words->mark);
	add_field(table, words, labels->scope, words->scope);
	add_field(table, words, labels->made, made);
	add_field(table, words, labels->pages, pages);
	add_field(table, words, labels->serials, serials);
	add_field(table, words, labels->kind, again ? again : labels->first);
	add_field(table, words, labels->approver, words->approver);
	add_field(table, words, labels->user, words->user);
	add_field(table, words, labels->job, job);
	add_field(table, words, labels->date, words->date);
}

static void add_holders(miyin_form *form, const miyin_words *words,
			const miyin_controlsheet_row *rows, unsigned n_rows)
{
	miyin_form_table *table = miyin_form_add_table(
		form, N_HOLDER_COLUMNS,
		(const unsigned[N_HOLDER_COLUMNS]){ 12, 30, 20, 19, 19 },
		wording_of(words->level)->holders, SIGN_PT);

	for (unsigned i = 0; i < n_rows; i++) {
		g_autofree char *serial =
			g_strdup_printf("%06u", rows[i].serial);

		add_field(table, words, serial, rows[i].holder);
	}
}

static void add_spoilt(miyin_form *form, const wording *labels)
{
	miyin_form_table *table = miyin_form_add_table(
		form, N_SPOILT_COLUMNS,
		(const unsigned[N_SPOILT_COLUMNS]){ 17, 11, 18, 16, 13, 13,
						    12 },
		labels->spoilt, SIGN_PT);

	for (unsigned i = 0; i < N_SPOILT_ROWS; i++)
		miyin_form_add_row(table, (const char *[]){ NULL });
}

miyin_form *miyin_controlsheet_new(const miyin_words *words, const char *job,
				   const miyin_controlsheet_row *rows,
				   unsigned n_rows, double width_pt,
				   double height_pt)
{
	const wording *labels = wording_of(words->level);
	g_autofree char *title =
		g_strconcat(words->unit, "  ", labels->form, NULL);
	miyin_form *form = miyin_form_new(MIN(width_pt, height_pt),
					  MAX(width_pt, height_pt), title);

	add_fields(form, words, job, rows, n_rows);
	add_holders(form, words, rows, n_rows);
	add_spoilt(form, labels);
	return form;
}

const char *miyin_controlsheet_name(const char *level)
{
	return wording_of(level)->form;
}

const char *miyin_controlsheet_mark(const char *level)
{
	return wording_of(level)->serial;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control.h"
#include <miyin/text.h>
#include <string.h>
#include <unistd.h>

/* Documents of a job are numbered from 1; their control sheets from here. */
#define NUMBER_FROM 1000

#define N_HOLDER_COLUMNS 5
#define N_SPOILT_COLUMNS 7
#define N_SPOILT_ROWS 3
#define FIELD_PT 20
#define SIGN_PT 30		/* room for a signature */

/* In the language of the scheme, not of the user: it is kept with the paper. */
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

static const wording *wording_of(const miyin_level *level);
static miyin_frame *new_frame(const miyin_job *job, const miyin_document *of);
static miyin_form *fill_form(const miyin_job *job, const miyin_document *of,
			     const char *date);
static void add_fields(miyin_form *form, const miyin_job *job,
		       const miyin_document *of, const char *date);
static void add_field(miyin_form_table *table, const miyin_document *of,
		      const char *name, const char *text);
static void add_holders(miyin_form *form, const miyin_document *of);
static void add_spoilt(miyin_form *form, const wording *words);
static char *format_serials(const miyin_document *of);

gboolean miyin_control_is_wanted(const miyin_document *document)
{
	return document->level->control ||
	       g_strcmp0(miyin_frame_get(document->frame, "control"),
			 "true") == 0;
}

miyin_document *miyin_control_new(const miyin_job *job, const char *program_dir,
				  const miyin_document *of, const char *date,
				  GError **error)
{
	g_autoptr(miyin_form) form = fill_form(job, of, date);
	g_autofree char *serials = format_serials(of);
	miyin_document *control;
	int pdf_fd = miyin_press_form(program_dir, form, error);

	if (pdf_fd < 0)
		return NULL;
	control = g_new0(miyin_document, 1);
	control->control_of = of;
	control->frame = new_frame(job, of);
	control->prepared = miyin_press_prepare(program_dir, pdf_fd, error);
	close(pdf_fd);
	if (!control->prepared) {
		miyin_document_free(control);
		return NULL;
	}
	control->prepared->fit = TRUE;
	control->level = of->level;
	control->limits = of->limits;
	control->mark = g_strdup(of->mark);
	control->period = g_strdup(of->period);
	control->missing = g_strdup(of->missing);
	control->number = g_strdup("1");
	control->holders = g_new0(char *, 2);
	control->holders[0] = g_strdup(job->user);
	control->detail = g_strdup_printf("control sheet of serials %s",
					  serials);
	miyin_document_request(job, control);
	control->request.document_no = NUMBER_FROM + of->request.document_no;
	control->request.n_copies = 1;
	control->request.detail = control->detail;
	control->request.pages = control->prepared->n_pages;
	return control;
}

const char *miyin_control_serial(const miyin_document *document)
{
	return wording_of(document->level)->serial;
}

static const wording *wording_of(const miyin_level *level)
{
	for (const char *at = level->text; *at; at = g_utf8_next_char(at))
		if (g_unichar_get_script(g_utf8_get_char(at)) ==
		    G_UNICODE_SCRIPT_HAN)
			return &chinese;
	return &english;
}

/* What the device queue needs is that of the document. No reference: a copy
 * of the document would be one fewer. No content either: the hash of what
 * the sheet is about cannot be another document's, and a second run of the
 * job has it again. */
static miyin_frame *new_frame(const miyin_job *job, const miyin_document *of)
{
	static const char *const names[] = { "media", "page-size", "sides" };
	miyin_frame *frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	g_autofree char *title = g_strconcat(wording_of(of->level)->form, " ",
					     of->request.title, NULL);
	g_autofree char *about = g_strdup_printf("control sheet %u of %s",
						 of->request.document_no,
						 job->uuid);
	g_autofree char *hash =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, about, -1);

	miyin_frame_add(frame, "title", title);
	miyin_frame_add(frame, "content-hash", hash);
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		miyin_frame_add(frame, names[i],
				miyin_frame_get(of->frame, names[i]));
	for (unsigned i = 0; i < of->frame->fields->len; i++) {
		const char *field = of->frame->fields->pdata[i];

		if (g_str_has_prefix(field, "device="))
			miyin_frame_add(frame, "device",
					field + strlen("device="));
	}
	return frame;
}

/* Upright on the document's paper, however that is turned. */
static miyin_form *fill_form(const miyin_job *job, const miyin_document *of,
			     const char *date)
{
	const miyin_prepared *sheet = of->prepared;
	const wording *words = wording_of(of->level);
	g_autofree char *title =
		g_strconcat(job->unit, "  ", words->form, NULL);
	miyin_form *form =
		miyin_form_new(MIN(sheet->width_pt, sheet->height_pt),
			       MAX(sheet->width_pt, sheet->height_pt), title);

	add_fields(form, job, of, date);
	add_holders(form, of);
	add_spoilt(form, words);
	return form;
}

static void add_fields(miyin_form *form, const miyin_job *job,
		       const miyin_document *of, const char *date)
{
	const miyin_request *request = &of->request;
	const wording *words = wording_of(of->level);
	const miyin_copy *first = of->copies->pdata[0];
	const char *approver = miyin_frame_get(of->frame, "approver");
	const char *scope = miyin_frame_get(of->frame, "scope");
	g_autofree char *made = g_strdup_printf("%u", request->n_copies);
	g_autofree char *pages = g_strdup_printf("%u", request->pages);
	g_autofree char *serials = format_serials(of);
	g_autofree char *again =
		g_strdup_printf("%s %06u", words->again, first->original);
	g_autofree char *name =
		g_strdup_printf("%s-%d", job->printer, job->job_id);
	miyin_form_table *table = miyin_form_add_table(
		form, 2, (unsigned[]){ 1, 3 }, (const char *[]){ "", "" },
		FIELD_PT);

	add_field(table, of, words->reference, request->reference);
	add_field(table, of, words->title, request->title);
	add_field(table, of, words->mark, of->mark);
	add_field(table, of, words->scope, scope);
	add_field(table, of, words->made, made);
	add_field(table, of, words->pages, pages);
	add_field(table, of, words->serials, serials);
	add_field(table, of, words->kind,
		  first->original > 0 ? again : words->first);
	add_field(table, of, words->approver, approver);
	add_field(table, of, words->user, job->user);
	add_field(table, of, words->job, name);
	add_field(table, of, words->date, date);
}

/* Without a text it is left empty, for ink. */
static void add_field(miyin_form_table *table, const miyin_document *of,
		      const char *name, const char *text)
{
	g_autofree char *shown = miyin_text_substitute(text, of->missing);

	miyin_form_add_row(table, (const char *[]){ name, shown, NULL });
}

static void add_holders(miyin_form *form, const miyin_document *of)
{
	const wording *words = wording_of(of->level);
	miyin_form_table *table = miyin_form_add_table(
		form, N_HOLDER_COLUMNS,
		(const unsigned[N_HOLDER_COLUMNS]){ 12, 30, 20, 19, 19 },
		words->holders, SIGN_PT);

	for (unsigned i = 0; i < of->copies->len; i++) {
		const miyin_copy *copy = of->copies->pdata[i];
		g_autofree char *serial = g_strdup_printf("%06u",
							  copy->serial);

		add_field(table, of, serial, copy->holder);
	}
}

static void add_spoilt(miyin_form *form, const wording *words)
{
	miyin_form_table *table = miyin_form_add_table(
		form, N_SPOILT_COLUMNS,
		(const unsigned[N_SPOILT_COLUMNS]){ 17, 11, 18, 16, 13, 13,
						    12 },
		words->spoilt, SIGN_PT);

	for (unsigned i = 0; i < N_SPOILT_ROWS; i++)
		miyin_form_add_row(table, (const char *[]){ NULL });
}

static char *format_serials(const miyin_document *of)
{
	const miyin_copy *copy = of->copies->pdata[0];
	unsigned least = copy->serial, greatest = copy->serial;

	for (unsigned i = 1; i < of->copies->len; i++) {
		copy = of->copies->pdata[i];
		least = MIN(least, copy->serial);
		greatest = MAX(greatest, copy->serial);
	}
	return least == greatest
		       ? g_strdup_printf("%06u", least)
		       : g_strdup_printf("%06u–%06u", least, greatest);
}

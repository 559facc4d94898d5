/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/memfile.h>
#include <miyin/control.h>
#include <miyin/controlsheet.h>
#include <string.h>
#include <unistd.h>

gboolean miyin_control_is_wanted(const miyin_document *document)
{
	return document->level->control ||
	       g_strcmp0(miyin_frame_get(document->frame, "control"), "true") ==
		       0;
}

/* Free with g_free; the holders are borrowed. */
static miyin_controlsheet_row *list_copies(const miyin_document *of)
{
	miyin_controlsheet_row *rows =
		g_new(miyin_controlsheet_row, of->copies->len);

	for (unsigned i = 0; i < of->copies->len; i++) {
		const miyin_copy *copy = of->copies->pdata[i];

		rows[i] =
			(miyin_controlsheet_row){ copy->serial, copy->holder };
	}
	return rows;
}

static int draw(const miyin_job *job, const char *program_dir,
		const miyin_document *of, const miyin_controlsheet_row *rows,
		const char *date, GError **error)
{
	miyin_words words = miyin_document_compose(job, of, date).words;
	const miyin_copy *first = of->copies->pdata[0];
	g_autofree char *original = g_strdup_printf("%06u", first->original);
	g_autofree char *name =
		g_strdup_printf("%s-%d", job->printer, job->job_id);
	const miyin_controlsheet sheet = {
		.scheme = job->scheme,
		.words = &words,
		.job = name,
		.rows = rows,
		.n_rows = of->copies->len,
		.width_pt = of->prepared->width_pt,
		.height_pt = of->prepared->height_pt,
	};
	g_autoptr(miyin_form) form = NULL;

	words.original = first->original > 0 ? original : NULL;
	form = miyin_controlsheet_new(&sheet);
	return miyin_engine_form(program_dir, form, error);
}

/* Its drawing goes to the sheet's edges. */
static gboolean make_room(const miyin_job *job, const char *program_dir,
			  miyin_document *control, const char *date,
			  GError **error)
{
	miyin_composition composition =
		miyin_document_compose(job, control, date);
	g_autoptr(miyin_order) order = miyin_compose(&composition, NULL, error);

	if (!order)
		return FALSE;
	order->cover = FALSE;
	return miyin_engine_inspect(program_dir, control->prepared, order,
				    error);
}

/* What the device queue needs is that of the document. No reference: a copy
 * of the document would be one fewer. No content either: the hash of what
 * the sheet is about cannot be another document's, and a second run of the
 * job has it again. */
static miyin_frame *new_frame(const miyin_job *job, const miyin_document *of)
{
	static const char *const names[] = { "media", "page-size", "edge",
					     "sides" };
	miyin_frame *frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	g_autofree char *title = g_strconcat(
		miyin_controlsheet_name(job->scheme, of->level->text), " ",
		of->request.title, NULL);
	g_autofree char *about = g_strdup_printf(
		"control sheet %u of %s", of->request.document_no, job->uuid);
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

miyin_document *miyin_control_new(const miyin_job *job, const char *program_dir,
				  const miyin_document *of, const char *date,
				  GError **error)
{
	g_autofree miyin_controlsheet_row *rows = list_copies(of);
	g_autofree char *serials =
		miyin_controlsheet_serials(rows, of->copies->len);
	g_auto(miyin_fd) pdf_fd = draw(job, program_dir, of, rows, date, error);
	g_autoptr(miyin_document) control = NULL;

	if (pdf_fd < 0)
		return NULL;
	control = g_new0(miyin_document, 1);
	control->control_of = of;
	control->frame = new_frame(job, of);
	control->prepared = miyin_engine_prepare(program_dir, pdf_fd, error);
	if (!control->prepared)
		return NULL;
	control->level = of->level;
	control->limits = of->limits;
	control->mark = g_strdup(of->mark);
	control->period = g_strdup(of->period);
	control->missing = g_strdup(of->missing);
	control->number = g_strdup("1");
	control->holders = g_new0(char *, 2);
	control->holders[0] = g_strdup(job->user);
	control->detail =
		g_strdup_printf("control sheet of serials %s", serials);
	miyin_document_request(job, control);
	control->request.document_no =
		MIYIN_CONTROL_FROM + of->request.document_no;
	control->request.n_copies = 1;
	control->request.detail = control->detail;
	control->request.pages = control->prepared->n_pages;
	return make_room(job, program_dir, control, date, error)
		       ? g_steal_pointer(&control)
		       : NULL;
}

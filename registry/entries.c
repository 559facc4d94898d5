/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "entries.h"
#include "ledger.h"
#include "work.h"
#include <miyin/error.h>
#include <glib/gi18n.h>

#define FIELDS_MAX 32

char *miyin_entries_now(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();

	return g_date_time_format(now, "%Y-%m-%dT%H:%M:%S+00:00");
}

miyin_event miyin_entries_of(const miyin_request *request)
{
	return (miyin_event){
		.user = request->user,
		.host = request->host,
		.printer = request->printer,
		.job_id = request->job_id,
		.level = request->level,
		.period = request->period,
		.reference = request->reference,
		.title = request->title,
		.pages = request->pages,
	};
}

static gboolean add_row(miyin_register *reg, const miyin_event *event,
			gint64 *seq, GError **error)
{
	miyin_value values[FIELDS_MAX] = { { .name = NULL } };
	int n = 0;

	for (const miyin_event_field *field = miyin_event_fields; field->name;
	     field++, n++) {
		g_assert(n < FIELDS_MAX - 1);
		if (field->is_text)
			values[n] = (miyin_value)TEXT(
				field->name, miyin_event_text(event, field));
		else
			values[n] = (miyin_value)NUMBER(
				field->name, miyin_event_number(event, field));
	}
	return miyin_store_insert(reg, "events", values, seq, error);
}

gboolean miyin_entries_add(miyin_register *reg, const miyin_event *event,
			   GError **error)
{
	g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
	g_autofree char *now = miyin_entries_now();
	g_autoptr(GBytes) entry = NULL;
	miyin_event entered = *event;
	gint64 seq;

	entered.at = now;
	entered.server = reg->server;
	entry = miyin_event_format(&entered, error);
	if (!entry ||
	    !miyin_event_parse(g_bytes_get_data(entry, NULL),
			       g_bytes_get_size(entry), &entered, text,
			       error) ||
	    !add_row(reg, &entered, &seq, error))
		return FALSE;
	miyin_ledger_enter(reg, seq, entry);
	if (reg->first_new == 0)
		reg->first_new = seq;
	return TRUE;
}

#define OF_COPY                                                                \
	"SELECT j.user, j.host, j.printer, j.job_id, j.level, j.period,"       \
	" d.reference, j.title, c.serial, c.holder, c.copy_code"               \
	" FROM copies c JOIN jobs j ON j.id = c.job"                           \
	" JOIN documents d ON d.id = c.document WHERE "

/* What a copy is; the strings are the row's. */
static void describe_copy(miyin_rows *row, miyin_event *event)
{
	event->level = miyin_rows_text(row, "level");
	event->period = miyin_rows_text(row, "period");
	event->reference = miyin_rows_text(row, "reference");
	event->title = miyin_rows_text(row, "title");
	event->serial = (unsigned)miyin_rows_number(row, "serial");
	event->holder = miyin_rows_text(row, "holder");
	event->copy_code = miyin_rows_text(row, "copy_code");
}

gboolean miyin_entries_add_step(miyin_register *reg, gint64 copy,
				const miyin_event *step, GError **error)
{
	g_autoptr(miyin_rows) row =
		miyin_store_select(reg, OF_COPY "c.id = :copy",
				   VALUES(NUMBER("copy", copy)), error);
	miyin_event event = *step;

	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error) &&
		       miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The register has no such copy."));
	event.user = miyin_rows_text(row, "user");
	event.host = miyin_rows_text(row, "host");
	event.printer = miyin_rows_text(row, "printer");
	event.job_id = (int)miyin_rows_number(row, "job_id");
	describe_copy(row, &event);
	return miyin_entries_add(reg, &event, error);
}

typedef struct {
	const miyin_event *note;
	guint64 copy_id; /* 0: of none */
} noting;

static gboolean add_note(miyin_register *reg, gpointer data, GError **error)
{
	const noting *n = data;
	g_autoptr(miyin_rows) row =
		miyin_store_select(reg, OF_COPY "c.copy_id = :id AND :id <> 0",
				   VALUES(NUMBER("id", n->copy_id)), error);
	miyin_event event = *n->note;

	event.result = "ok";
	if (miyin_rows_next(row))
		describe_copy(row, &event);
	else if (!miyin_rows_end(row, error))
		return FALSE;
	return miyin_entries_add(reg, &event, error);
}

gboolean miyin_register_note(miyin_register *reg, const miyin_event *note,
			     guint64 copy_id, GError **error)
{
	noting n = { note, copy_id };

	return miyin_work_do(reg, add_note, &n, error);
}

void miyin_entries_read(miyin_rows *row, miyin_event *event, GStringChunk *text)
{
	*event = (miyin_event){ .seq = miyin_rows_number(row, "seq") };
	for (const miyin_event_field *field = miyin_event_fields; field->name;
	     field++)
		if (field->is_text)
			miyin_event_set_text(
				event, field,
				miyin_rows_keep(row, field->name, text));
		else
			miyin_event_set_number(
				event, field,
				(unsigned)miyin_rows_number(row, field->name));
}

gboolean miyin_entries_find_last(miyin_register *reg, gint64 *seq,
				 GError **error)
{
	return miyin_store_number(reg,
				  "SELECT coalesce(max(seq), 0) FROM events",
				  NULL, seq, error);
}

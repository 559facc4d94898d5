/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin log: what happened, from the register. */
#include <miyin/commands.h>
#include "note.h"
#include "cells.h"
#include "printout.h"
#include "when.h"

#include <glib/gi18n.h>
#include <miyin/error.h>

typedef struct {
	char *since, *until; /* as typed, then in the register's form */
	char *result;
	miyin_selection what;
} options;

/* What CSV and JSON have: every field, under names that never change in JSON
 * and in English. */
static const miyin_column fields[] = {
	{ .name = NC_("heading", "seq"), .kind = MIYIN_CELL_NUMBER },
	{ .name = NC_("heading", "at") },
	{ .name = NC_("heading", "local_time") },
	{ .name = NC_("heading", "event") },
	{ .name = NC_("heading", "result") },
	{ .name = NC_("heading", "reason") },
	{ .name = NC_("heading", "detail") },
	{ .name = NC_("heading", "user") },
	{ .name = NC_("heading", "host") },
	{ .name = NC_("heading", "printer") },
	{ .name = NC_("heading", "job_id"), .kind = MIYIN_CELL_NUMBER },
	{ .name = NC_("heading", "level") },
	{ .name = NC_("heading", "period") },
	{ .name = NC_("heading", "reference") },
	{ .name = NC_("heading", "title") },
	{ .name = NC_("heading", "serial"), .kind = MIYIN_CELL_SERIAL },
	{ .name = NC_("heading", "holder") },
	{ .name = NC_("heading", "pages"), .kind = MIYIN_CELL_NUMBER },
	{ .name = NC_("heading", "copy_code") },
	{ .name = NC_("heading", "document") },
	{ .name = NULL },
};

static void clear_options(options *wish)
{
	g_free(wish->since);
	g_free(wish->until);
	g_free(wish->result);
	miyin_selection_clear(&wish->what);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options, clear_options)

static gboolean parse_times(options *wish, GError **error)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	char **typed[] = { &wish->since, &wish->until };

	for (unsigned i = 0; i < G_N_ELEMENTS(typed); i++) {
		g_autofree char *text = g_steal_pointer(typed[i]);

		if (!text)
			continue;
		*typed[i] = miyin_when_parse(text, i == 1, now, error);
		if (!*typed[i])
			return FALSE;
	}
	return TRUE;
}

static gboolean parse_options(int argc, char **argv, options *wish,
			      GError **error)
{
	const GOptionEntry entries[] = {
		{ "since", 0, 0, G_OPTION_ARG_STRING, &wish->since,
		  N_("Not before this time: 2026-11-21, \"2026-11-21 14:00\", "
		     "today, yesterday, 7d, 12h"),
		  N_("TIME") },
		{ "until", 0, 0, G_OPTION_ARG_STRING, &wish->until,
		  N_("Not after this time; a day counts to its end"),
		  N_("TIME") },
		{ "result", 0, 0, G_OPTION_ARG_STRING, &wish->result,
		  N_("Only ok, refused or failed"), N_("RESULT") },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_set_summary(context,
				     _("List the events of the register."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!miyin_selection_parse(&wish->what, context, &argc, &argv, error))
		return FALSE;
	if (argc > 1 ||
	    (wish->result && !miyin_cells_find_result(wish->result)))
		return miyin_fail(
			error, MIYIN_ERROR_INPUT, "%s",
			argc > 1 ? _("log takes no arguments.")
				 : _("--result is ok, refused or failed."));
	return parse_times(wish, error);
}

/* 文件: what miyin copies takes for it, the title, or both. */
static char *format_document(const miyin_event *event)
{
	g_autofree char *name = miyin_cells_format_document(event->document);
	gboolean title = event->title && *event->title;

	return g_strdup_printf("%s%s%s", name, *name && title ? " " : "",
			       title ? event->title : "");
}

static void add_for_people(miyin_printout *out, const miyin_event *event)
{
	g_autofree char *time =
		miyin_cells_format_time(event->at, out->zone, "%Y-%m-%d %H:%M");
	g_autofree char *job = miyin_table_format_number(event->job_id);
	g_autofree char *serial = miyin_table_format_number(event->serial);
	g_autofree char *pages = miyin_table_format_number(event->pages);
	g_autofree char *document = format_document(event);
	g_autofree char *note =
		miyin_note_format(out->levels, event->reason, event->detail);
	const char *cells[] = {
		time,
		miyin_cells_format_word(event->event),
		miyin_cells_format_word(event->result),
		event->user,
		event->printer,
		job,
		miyin_levels_text(out->levels, event->scheme, event->level),
		serial,
		event->holder,
		pages,
		document,
		event->copy_code,
		note,
	};

	miyin_printout_add(out, cells);
}

static void add_fields(miyin_printout *out, const miyin_event *event)
{
	g_autofree char *seq = miyin_table_format_number(event->seq);
	g_autofree char *time = miyin_cells_format_time(event->at, out->zone,
							"%Y-%m-%d %H:%M:%S");
	g_autofree char *job = miyin_table_format_number(event->job_id);
	g_autofree char *serial = miyin_table_format_number(event->serial);
	g_autofree char *pages = miyin_table_format_number(event->pages);
	const gboolean read = out->form == MIYIN_TABLE_CSV;
	g_autofree char *note =
		read ? miyin_note_format_detail(out->levels, event->reason,
						event->detail)
		     : NULL;
	g_autofree char *level =
		miyin_printout_level(out, event->scheme, event->level);
	const char *cells[] = {
		seq,
		event->at,
		time,
		miyin_printout_word(out, event->event),
		miyin_printout_word(out, event->result),
		read ? miyin_note_format_reason(event->reason) : event->reason,
		read ? note : event->detail,
		event->user,
		event->host,
		event->printer,
		job,
		level,
		event->period,
		event->reference,
		event->title,
		serial,
		event->holder,
		pages,
		event->copy_code,
		event->document,
	};

	miyin_printout_add(out, cells);
}

static gboolean add_event(const miyin_event *event, gpointer data)
{
	miyin_printout *out = data;

	if (out->form == MIYIN_TABLE_PEOPLE)
		add_for_people(out, event);
	else
		add_fields(out, event);
	return TRUE;
}

int miyin_command_log(int argc, char **argv, const miyin_config *config,
		      GError **error)
{
	/* What people see, in the order of the paper forms. */
	const miyin_column columns[] = {
		{ .name = _("Time") },
		{ .name = _("Event") },
		{ .name = _("Result"), .leave = 3 },
		{ .name = _("User"), .least = 6 },
		{ .name = _("Queue"), .least = 6, .leave = 4 },
		{ .name = _("Job"), .kind = MIYIN_CELL_NUMBER, .leave = 1 },
		{ .name = _("Level"), .leave = 5 },
		{ .name = _("Serial"), .kind = MIYIN_CELL_SERIAL },
		{ .name = _("Holder"), .least = 6 },
		{ .name = _("Pages"), .kind = MIYIN_CELL_NUMBER, .leave = 2 },
		{ .name = _("Document"), .least = 8 },
		{ .name = _("Copy code"), .leave = 1 },
		{ .name = _("Note"), .least = 8 },
		{ .name = NULL },
	};
	g_auto(options) typed = { 0 };
	g_auto(miyin_actor) actor = { 0 };
	g_auto(miyin_office) office = { 0 };
	g_auto(miyin_printout) out = { 0 };
	miyin_wish wish;

	if (!parse_options(argc, argv, &typed, error))
		return 2;
	miyin_actor_init_here(&actor, MIYIN_ROLE_OFFICER,
			      g_getenv("SUDO_USER"));
	miyin_printout_open(&out, &typed.what, columns, fields, config);
	if (!miyin_selection_resolve(&typed.what, config, &wish, error))
		return 1;
	wish.filter.since = typed.since;
	wish.filter.until = typed.until;
	wish.filter.result =
		typed.result ? miyin_cells_find_result(typed.result) : NULL;
	if (!miyin_office_open(&office, &actor, config, error) ||
	    !miyin_listing_events(&office, out.levels, &wish, add_event, &out,
				  error))
		return 1;
	miyin_printout_end(&out);
	return 0;
}

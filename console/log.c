/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin log: what happened, from the register. */
#include "commands.h"
#include <miyin/service.h>
#include "table.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include <miyin/error.h>
#include <miyin/register.h>

typedef struct {
	char *since, *until; /* as typed, then in the register's form */
	char *user, *printer, *level, *result;
	gboolean json, csv;
} options;

typedef struct {
	miyin_table *table;
	miyin_table_form form;
	GTimeZone *zone;
} listing;

/* What CSV and JSON have: every field, under names that never change. */
static const miyin_column fields[] = {
	{ .name = "seq", .kind = MIYIN_CELL_NUMBER },
	{ .name = "at" },
	{ .name = "local_time" },
	{ .name = "event" },
	{ .name = "result" },
	{ .name = "reason" },
	{ .name = "detail" },
	{ .name = "user" },
	{ .name = "host" },
	{ .name = "printer" },
	{ .name = "job_id", .kind = MIYIN_CELL_NUMBER },
	{ .name = "level" },
	{ .name = "period" },
	{ .name = "reference" },
	{ .name = "title" },
	{ .name = "serial", .kind = MIYIN_CELL_SERIAL },
	{ .name = "holder" },
	{ .name = "pages", .kind = MIYIN_CELL_NUMBER },
	{ .name = "copy_code" },
	{ .name = NULL },
};

static gboolean parse_options(int argc, char **argv, options *wish,
			      GError **error);
static gboolean parse_times(options *wish, GError **error);
static gboolean read_log(const miyin_config *config, const options *wish,
			 listing *list, GError **error);

static void clear_options(options *wish)
{
	g_free(wish->since);
	g_free(wish->until);
	g_free(wish->user);
	g_free(wish->printer);
	g_free(wish->level);
	g_free(wish->result);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options, clear_options)

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
		{ .name = _("Note"), .least = 8 },
		{ .name = NULL },
	};
	g_auto(options) wish = { 0 };
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();
	g_autoptr(miyin_table) table = NULL;
	g_autofree char *text = NULL;
	listing list = { .zone = zone };

	if (!parse_options(argc, argv, &wish, error))
		return 2;
	list.form = wish.json  ? MIYIN_TABLE_JSON
		    : wish.csv ? MIYIN_TABLE_CSV
			       : MIYIN_TABLE_PEOPLE;
	table = miyin_table_new(
		list.form, list.form == MIYIN_TABLE_PEOPLE ? columns : fields,
		miyin_table_terminal_width(STDOUT_FILENO));
	list.table = table;
	if (!read_log(config, &wish, &list, error))
		return 1;
	text = miyin_table_format(table);
	fputs(text, stdout);
	if (list.form == MIYIN_TABLE_PEOPLE && !miyin_table_count(table))
		fprintf(stderr, "%s\n", _("No entries."));
	return 0;
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
		{ "user", 0, 0, G_OPTION_ARG_STRING, &wish->user,
		  N_("Only what this user did"), N_("USER") },
		{ "printer", 0, 0, G_OPTION_ARG_STRING, &wish->printer,
		  N_("Only this queue"), N_("QUEUE") },
		{ "level", 0, 0, G_OPTION_ARG_STRING, &wish->level,
		  N_("Only this level, by its id"), N_("LEVEL") },
		{ "result", 0, 0, G_OPTION_ARG_STRING, &wish->result,
		  N_("Only ok, refused or failed"), N_("RESULT") },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &wish->json,
		  N_("Print an array of JSON objects"), NULL },
		{ "csv", 0, 0, G_OPTION_ARG_NONE, &wish->csv,
		  N_("Print CSV for WPS and Excel"), NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_set_summary(context,
				     _("List the events of the register."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (argc > 1 || (wish->json && wish->csv) ||
	    (wish->result && !g_str_equal(wish->result, "ok") &&
	     !g_str_equal(wish->result, "refused") &&
	     !g_str_equal(wish->result, "failed"))) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT, "%s",
			    argc > 1 ? _("log takes no arguments.")
			    : wish->json && wish->csv
				    ? _("--json and --csv exclude each other.")
				    : _("--result is ok, refused or failed."));
		return FALSE;
	}
	return parse_times(wish, error);
}

static gboolean parse_times(options *wish, GError **error)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	char **typed[] = { &wish->since, &wish->until };

	for (unsigned i = 0; i < G_N_ELEMENTS(typed); i++) {
		g_autofree char *text = g_steal_pointer(typed[i]);

		if (!text)
			continue;
		*typed[i] = miyin_table_parse_time(text, i == 1, now, error);
		if (!*typed[i])
			return FALSE;
	}
	return TRUE;
}

/* 文件: the reference, the title, or both. */
static char *format_document(const miyin_event *event)
{
	gboolean reference = event->reference && *event->reference;
	gboolean title = event->title && *event->title;

	return g_strdup_printf("%s%s%s", reference ? event->reference : "",
			       reference && title ? " " : "",
			       title ? event->title : "");
}

static char *format_note(const miyin_event *event)
{
	gboolean reason = event->reason && *event->reason;
	gboolean detail = event->detail && *event->detail;

	return g_strdup_printf("%s%s%s", reason ? event->reason : "",
			       reason && detail ? ": " : "",
			       detail ? event->detail : "");
}

static void add_for_people(listing *list, const miyin_event *event)
{
	g_autofree char *time = miyin_table_format_time(event->at, list->zone,
							"%Y-%m-%d %H:%M");
	g_autofree char *job = miyin_table_format_number(event->job_id);
	g_autofree char *serial = miyin_table_format_number(event->serial);
	g_autofree char *pages = miyin_table_format_number(event->pages);
	g_autofree char *document = format_document(event);
	g_autofree char *note = format_note(event);
	const char *cells[] = {
		time,
		miyin_table_format_word(event->event),
		miyin_table_format_word(event->result),
		event->user,
		event->printer,
		job,
		event->level,
		serial,
		event->holder,
		pages,
		document,
		note,
	};

	miyin_table_add(list->table, cells);
}

static void add_fields(listing *list, const miyin_event *event)
{
	g_autofree char *seq = miyin_table_format_number(event->seq);
	g_autofree char *time = miyin_table_format_time(event->at, list->zone,
							"%Y-%m-%d %H:%M:%S");
	g_autofree char *job = miyin_table_format_number(event->job_id);
	g_autofree char *serial = miyin_table_format_number(event->serial);
	g_autofree char *pages = miyin_table_format_number(event->pages);
	const char *cells[] = {
		seq,
		event->at,
		time,
		event->event,
		event->result,
		event->reason,
		event->detail,
		event->user,
		event->host,
		event->printer,
		job,
		event->level,
		event->period,
		event->reference,
		event->title,
		serial,
		event->holder,
		pages,
		event->copy_code,
	};

	miyin_table_add(list->table, cells);
}

static gboolean add_event(const miyin_event *event, gpointer data)
{
	listing *list = data;

	if (list->form == MIYIN_TABLE_PEOPLE)
		add_for_people(list, event);
	else
		add_fields(list, event);
	return TRUE;
}

static gboolean read_log(const miyin_config *config, const options *wish,
			 listing *list, GError **error)
{
	g_autoptr(miyin_register) reg = NULL;
	const miyin_event_filter filter = {
		.since = wish->since,
		.until = wish->until,
		.user = wish->user,
		.printer = wish->printer,
		.level = wish->level,
		.result = wish->result,
	};

	if (!miyin_service_become(config->user, error))
		return FALSE;
	reg = miyin_register_open(config->register_path, FALSE, error);
	return reg && miyin_register_log(reg, &filter, add_event, list, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin copies: all copies of one document, from the register. */
#include "commands.h"
#include <miyin/service.h>
#include "table.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include <miyin/crockford.h>
#include <miyin/error.h>
#include <miyin/register.h>

typedef struct {
	char **document;
	gboolean json, csv;
} options;

typedef struct {
	miyin_table *table;
	miyin_table_form form;
	GTimeZone *zone;
	const char *scheme_dir;
} listing;

static const miyin_column fields[] = {
	{ .name = "document" },
	{ .name = "title" },
	{ .name = "serial", .kind = MIYIN_CELL_SERIAL },
	{ .name = "copy", .kind = MIYIN_CELL_NUMBER },
	{ .name = "copies", .kind = MIYIN_CELL_NUMBER },
	{ .name = "state" },
	{ .name = "holder" },
	{ .name = "pages", .kind = MIYIN_CELL_NUMBER },
	{ .name = "pages_done", .kind = MIYIN_CELL_NUMBER },
	{ .name = "user" },
	{ .name = "host" },
	{ .name = "printer" },
	{ .name = "issued_at" },
	{ .name = "settled_at" },
	{ .name = "local_time" },
	{ .name = "job_id", .kind = MIYIN_CELL_NUMBER },
	{ .name = "job_uuid" },
	{ .name = "scheme" },
	{ .name = "level" },
	{ .name = "period" },
	{ .name = "copy_code" },
	{ .name = "verified" },
	{ .name = NULL },
};

static gboolean parse_options(int argc, char **argv, options *wish,
			      GError **error);
static gboolean read_copies(const miyin_config *config, const char *document,
			    listing *list, GError **error);

static void clear_options(options *wish)
{
	g_strfreev(wish->document);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options, clear_options)

int miyin_command_copies(int argc, char **argv, const miyin_config *config,
			 GError **error)
{
	const miyin_column columns[] = {
		{ .name = _("Serial"), .kind = MIYIN_CELL_SERIAL },
		{ .name = _("Copy"), .leave = 4 },
		{ .name = _("State") },
		{ .name = _("Holder"), .least = 6 },
		{ .name = _("Pages"), .leave = 3 },
		{ .name = _("User"), .least = 6 },
		{ .name = _("Queue"), .least = 6, .leave = 5 },
		{ .name = _("Time") },
		{ .name = _("Job"), .kind = MIYIN_CELL_NUMBER, .leave = 1 },
		{ .name = _("Level"), .leave = 6 },
		{ .name = _("Title"), .least = 8, .leave = 2 },
		{ .name = NULL },
	};
	g_auto(options) wish = { 0 };
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();
	g_autoptr(miyin_table) table = NULL;
	g_autofree char *text = NULL;
	listing list = { .zone = zone, .scheme_dir = config->scheme_dir };

	if (!parse_options(argc, argv, &wish, error))
		return 2;
	list.form = wish.json  ? MIYIN_TABLE_JSON
		    : wish.csv ? MIYIN_TABLE_CSV
			       : MIYIN_TABLE_PEOPLE;
	table = miyin_table_new(
		list.form, list.form == MIYIN_TABLE_PEOPLE ? columns : fields,
		miyin_table_terminal_width(STDOUT_FILENO));
	list.table = table;
	if (!read_copies(config, wish.document[0], &list, error))
		return 1;
	text = miyin_table_format(table);
	fputs(text, stdout);
	return 0;
}

static gboolean parse_options(int argc, char **argv, options *wish,
			      GError **error)
{
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &wish->json,
		  N_("Print an array of JSON objects"), NULL },
		{ "csv", 0, 0, G_OPTION_ARG_NONE, &wish->csv,
		  N_("Print CSV for WPS and Excel"), NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY,
		  &wish->document, NULL, NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context = g_option_context_new(_("DOCUMENT"));

	g_option_context_set_summary(
		context, _("List the copies of a document, named by its "
			   "reference or by the first 8 or more digits of its "
			   "content hash."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (!wish->document || !*wish->document[0] || wish->document[1]) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("copies needs the name of one document."));
		return FALSE;
	}
	if (wish->json && wish->csv) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("--json and --csv exclude each other."));
		return FALSE;
	}
	return TRUE;
}

/* When it came out, or when its serial was given while it has not. */
static const char *copy_time(const miyin_copy_record *copy)
{
	return copy->settled_at && *copy->settled_at ? copy->settled_at
						     : copy->issued_at;
}

static char *format_pages(const miyin_copy_record *copy)
{
	if (!copy->pages_done || copy->pages_done == copy->pages)
		return g_strdup_printf("%u", copy->pages);
	return g_strdup_printf(_("%u of %u"), copy->pages_done, copy->pages);
}

static void add_for_people(listing *list, const miyin_copy_record *copy)
{
	g_autofree char *serial = miyin_table_format_number(copy->serial);
	g_autofree char *number =
		g_strdup_printf(_("%u of %u"), copy->copy_no, copy->n_copies);
	g_autofree char *pages = format_pages(copy);
	g_autofree char *time = miyin_table_format_time(
		copy_time(copy), list->zone, "%Y-%m-%d %H:%M");
	g_autofree char *job = miyin_table_format_number(copy->job_id);
	g_autofree char *level = miyin_table_format_level(
		list->scheme_dir, copy->scheme, copy->level, copy->period);
	const char *cells[] = {
		serial,
		number,
		miyin_table_format_word(copy->state),
		copy->holder,
		pages,
		copy->user,
		copy->printer,
		time,
		job,
		level,
		copy->title,
	};

	miyin_table_add(list->table, cells);
}

/* The copy's part of its human codes, as miyin_event.copy_code has it. */
static char *format_copy_code(guint64 copy_id)
{
	char *code = g_malloc0(9);

	for (unsigned i = 0; i < 8; i++)
		code[i] = miyin_crockford_char(copy_id >> (35 - 5 * i) & 31);
	return code;
}

static void add_fields(listing *list, const miyin_copy_record *copy)
{
	g_autofree char *serial = miyin_table_format_number(copy->serial);
	g_autofree char *number = miyin_table_format_number(copy->copy_no);
	g_autofree char *copies = miyin_table_format_number(copy->n_copies);
	g_autofree char *pages = miyin_table_format_number(copy->pages);
	g_autofree char *done = g_strdup_printf("%u", copy->pages_done);
	g_autofree char *time = miyin_table_format_time(
		copy_time(copy), list->zone, "%Y-%m-%d %H:%M:%S");
	g_autofree char *job = miyin_table_format_number(copy->job_id);
	g_autofree char *code = format_copy_code(copy->copy_id);
	const char *cells[] = {
		copy->document,
		copy->title,
		serial,
		number,
		copies,
		copy->state,
		copy->holder,
		pages,
		done,
		copy->user,
		copy->host,
		copy->printer,
		copy->issued_at,
		copy->settled_at,
		time,
		job,
		copy->job_uuid,
		copy->scheme,
		copy->level,
		copy->period,
		code,
		copy->verified,
	};

	miyin_table_add(list->table, cells);
}

static gboolean add_copy(const miyin_copy_record *copy, gpointer data)
{
	listing *list = data;

	if (list->form == MIYIN_TABLE_PEOPLE)
		add_for_people(list, copy);
	else
		add_fields(list, copy);
	return TRUE;
}

static gboolean read_copies(const miyin_config *config, const char *document,
			    listing *list, GError **error)
{
	g_autoptr(miyin_register) reg = NULL;

	if (!miyin_service_become(config->user, error))
		return FALSE;
	reg = miyin_register_open(config->register_path, FALSE, error);
	return reg &&
	       miyin_register_copies(reg, document, add_copy, list, error);
}

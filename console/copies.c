/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin copies: all copies of one document, from the register. */
#include <miyin/commands.h>
#include "cells.h"
#include "printout.h"

#include <glib/gi18n.h>
#include <miyin/error.h>

typedef struct {
	char **document;
	miyin_selection what;
} options;

static const miyin_column fields[] = {
	{ .name = NC_("heading", "document") },
	{ .name = NC_("heading", "title") },
	{ .name = NC_("heading", "serial"), .kind = MIYIN_CELL_SERIAL },
	{ .name = NC_("heading", "copy"), .kind = MIYIN_CELL_NUMBER },
	{ .name = NC_("heading", "copies"), .kind = MIYIN_CELL_NUMBER },
	{ .name = NC_("heading", "state") },
	{ .name = NC_("heading", "holder") },
	{ .name = NC_("heading", "pages"), .kind = MIYIN_CELL_NUMBER },
	{ .name = NC_("heading", "pages_done"), .kind = MIYIN_CELL_NUMBER },
	{ .name = NC_("heading", "user") },
	{ .name = NC_("heading", "host") },
	{ .name = NC_("heading", "printer") },
	{ .name = NC_("heading", "issued_at") },
	{ .name = NC_("heading", "settled_at") },
	{ .name = NC_("heading", "local_time") },
	{ .name = NC_("heading", "job_id"), .kind = MIYIN_CELL_NUMBER },
	{ .name = NC_("heading", "job_uuid") },
	{ .name = NC_("heading", "scheme") },
	{ .name = NC_("heading", "level") },
	{ .name = NC_("heading", "period") },
	{ .name = NC_("heading", "copy_code") },
	{ .name = NC_("heading", "verified") },
	{ .name = NULL },
};

static void clear_options(options *wish)
{
	g_strfreev(wish->document);
	miyin_selection_clear(&wish->what);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options, clear_options)

/* The argument and --document are one; something must be asked for, since all
 * copies there are is no answer to a question. */
static gboolean take_document(options *wish, GError **error)
{
	miyin_selection *what = &wish->what;

	if (wish->document && !what->document && *wish->document[0] &&
	    !wish->document[1])
		what->document = g_strdup(wish->document[0]);
	else if (wish->document)
		g_clear_pointer(&what->document, g_free);
	if (what->document ||
	    (!wish->document && (what->holder || what->event || what->user ||
				 what->printer || what->level)))
		return TRUE;
	return miyin_fail(
		error, MIYIN_ERROR_INPUT,
		_("copies needs the name of one document, or an option "
		  "such as --holder."));
}

static gboolean parse_options(int argc, char **argv, options *wish,
			      GError **error)
{
	const GOptionEntry entries[] = { { G_OPTION_REMAINING, 0, 0,
					   G_OPTION_ARG_STRING_ARRAY,
					   &wish->document, NULL, NULL },
					 G_OPTION_ENTRY_NULL };
	g_autoptr(GOptionContext) context = g_option_context_new(_("DOCUMENT"));

	g_option_context_set_summary(
		context, _("List the copies of a document, named by its "
			   "reference or by the first 8 or more digits of its "
			   "content hash, or those that the options ask "
			   "for."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	return miyin_selection_parse(&wish->what, context, &argc, &argv,
				     error) &&
	       take_document(wish, error);
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

static void add_for_people(miyin_printout *out, const miyin_copy_record *copy)
{
	g_autofree char *serial = miyin_table_format_number(copy->serial);
	g_autofree char *number =
		g_strdup_printf(_("%u of %u"), copy->copy_no, copy->n_copies);
	g_autofree char *pages = format_pages(copy);
	g_autofree char *time = miyin_cells_format_time(
		copy_time(copy), out->zone, "%Y-%m-%d %H:%M");
	g_autofree char *job = miyin_table_format_number(copy->job_id);
	g_autofree char *level = miyin_cells_format_level(
		out->scheme_dir, copy->scheme, copy->level, copy->period);
	g_autofree char *document = miyin_cells_format_document(copy->document);
	const char *cells[] = {
		serial,		 number,   miyin_cells_format_word(copy->state),
		copy->holder,	 pages,	   copy->user,
		copy->printer,	 time,	   job,
		level,		 document, copy->title,
		copy->copy_code,
	};

	miyin_printout_add(out, cells);
}

static void add_fields(miyin_printout *out, const miyin_copy_record *copy)
{
	g_autofree char *serial = miyin_table_format_number(copy->serial);
	g_autofree char *number = miyin_table_format_number(copy->copy_no);
	g_autofree char *copies = miyin_table_format_number(copy->n_copies);
	g_autofree char *pages = miyin_table_format_number(copy->pages);
	g_autofree char *done = g_strdup_printf("%u", copy->pages_done);
	g_autofree char *time = miyin_cells_format_time(
		copy_time(copy), out->zone, "%Y-%m-%d %H:%M:%S");
	g_autofree char *job = miyin_table_format_number(copy->job_id);
	g_autofree char *level =
		miyin_printout_level(out, copy->scheme, copy->level);
	const char *cells[] = {
		copy->document,
		copy->title,
		serial,
		number,
		copies,
		miyin_printout_word(out, copy->state),
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
		level,
		copy->period,
		copy->copy_code,
		copy->verified,
	};

	miyin_printout_add(out, cells);
}

static gboolean add_copy(const miyin_copy_record *copy, gpointer data)
{
	miyin_printout *out = data;

	if (out->form == MIYIN_TABLE_PEOPLE)
		add_for_people(out, copy);
	else
		add_fields(out, copy);
	return TRUE;
}

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
		{ .name = _("Document"), .least = 8, .leave = 7 },
		{ .name = _("Title"), .least = 8, .leave = 2 },
		{ .name = _("Copy code"), .leave = 1 },
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
	if (!miyin_selection_resolve(&typed.what, config, &wish, error) ||
	    !miyin_office_open(&office, &actor, config, error) ||
	    !miyin_listing_copies(&office, out.levels, &wish, add_copy, &out,
				  error))
		return 1;
	miyin_printout_end(&out);
	return 0;
}

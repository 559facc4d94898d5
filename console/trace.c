/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyin trace: from a page, or a code typed from it, to its copy and holder.
 * The files are opened as the caller, everything else is done as the service.
 */
#include <miyin/commands.h>
#include "answer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/stat.h>

#include <miyin/error.h>
#include <miyin/inquiry.h>
#include <miyin/service.h>

typedef struct {
	char **names;
	gboolean json;
} options;

static void clear_options(options *wish)
{
	g_strfreev(wish->names);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options, clear_options)

static gboolean parse_options(int argc, char **argv, options *wish,
			      GError **error)
{
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &wish->json,
		  N_("Print an array of JSON objects"), NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		  &wish->names, NULL, NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new(_("FILE|CODE..."));

	g_option_context_set_summary(
		context,
		_("Find the copy and the holder of a page: from a scan or "
		  "photo of it, or from a code typed in."));
	g_option_context_set_description(
		context, _("The exit status is 0 when all were found, 1 when "
			   "nothing was found, 2 when a code is forged, "
			   "unknown or of a specimen, or codes of several "
			   "copies are on one sheet."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (wish->names)
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_INPUT,
			  _("trace needs a file or a code."));
}

/* A name that is no file is a code. O_NONBLOCK: a pipe must not hold us. */
static void open_source(miyin_source *from)
{
	struct stat status;

	if (stat(from->name, &status) < 0)
		return;
	from->fd = open(from->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (from->fd < 0)
		miyin_fail(&from->error, MIYIN_ERROR_SYSTEM,
			   _("The file cannot be opened: %s"),
			   g_strerror(errno));
	else if (fstat(from->fd, &status) < 0 || !S_ISREG(status.st_mode))
		miyin_fail(&from->error, MIYIN_ERROR_INPUT,
			   _("This is not a file."));
}

static GArray *open_sources(char *const *names)
{
	GArray *sources = g_array_new(FALSE, FALSE, sizeof(miyin_source));

	g_array_set_clear_func(sources, (GDestroyNotify)miyin_source_clear);
	for (; *names; names++) {
		miyin_source from = { .name = *names, .fd = -1 };

		open_source(&from);
		g_array_append_val(sources, from);
	}
	return sources;
}

static void tell(const GPtrArray *findings, const miyin_config *config)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();
	g_autofree char *several = miyin_answer_format_several(findings);

	if (several)
		fputs(several, stdout);
	for (unsigned i = 0; i < findings->len; i++) {
		g_autofree char *text = miyin_answer_format(
			findings->pdata[i], config->scheme_dir, zone);

		fputs(text, stdout);
	}
}

/* Builder is NULL for people. */
static gboolean answer(const miyin_inquiry *inquiry, const miyin_source *from,
		       JsonBuilder *builder, int *status, GError **error)
{
	for (unsigned sheet = 1; sheet <= miyin_source_sheets(from); sheet++) {
		g_autoptr(GPtrArray) findings =
			miyin_inquiry_answer(inquiry, from, sheet, error);

		if (!findings)
			return FALSE;
		for (unsigned i = 0; i < findings->len; i++) {
			*status = MAX(*status,
				      miyin_answer_status(findings->pdata[i]));
			if (builder)
				miyin_answer_build(findings->pdata[i], builder);
		}
		if (!builder)
			tell(findings, inquiry->office->config);
	}
	return TRUE;
}

static void print_json(JsonBuilder *builder)
{
	g_autoptr(JsonNode) root = NULL;
	g_autofree char *text = NULL;

	json_builder_end_array(builder);
	root = json_builder_get_root(builder);
	text = json_to_string(root, TRUE);
	puts(text);
}

int miyin_command_trace(int argc, char **argv, const miyin_config *config,
			GError **error)
{
	g_auto(options) wish = { 0 };
	g_auto(miyin_actor) actor = { 0 };
	g_auto(miyin_office) office = { 0 };
	g_auto(miyin_inquiry) inquiry = { 0 };
	g_autoptr(GArray) sources = NULL;
	g_autoptr(JsonBuilder) builder = NULL;
	int status = 0;

	if (!parse_options(argc, argv, &wish, error))
		return 2;
	miyin_actor_init_here(&actor, MIYIN_ROLE_OFFICER,
			      g_getenv("SUDO_USER"));
	sources = open_sources(wish.names);
	if (!miyin_service_become(config->user, error))
		return 1;
	for (unsigned i = 0; i < sources->len; i++)
		miyin_source_read(&g_array_index(sources, miyin_source, i));
	if (!miyin_office_open(&office, &actor, config, error) ||
	    !miyin_inquiry_open(&inquiry, &office, error))
		return 1;
	if (wish.json) {
		builder = json_builder_new();
		json_builder_begin_array(builder);
	}
	for (unsigned i = 0; i < sources->len; i++)
		if (!answer(&inquiry, &g_array_index(sources, miyin_source, i),
			    builder, &status, error))
			return MAX(status, 1);
	if (builder)
		print_json(builder);
	return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyin trace: from a page, or a code typed from it, to its copy and holder.
 *
 * The files are opened as the caller, everything else is done as the service:
 * read the codes, and only then open keys and register; judge each code, enter
 * the answer in the register, then give it.
 */
#include <miyin/commands.h>
#include "answer.h"
#include "several.h"
#include "source.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <miyin/error.h>
#include <miyin/humancode.h>
#include <miyin/memfile.h>
#include <miyin/payload.h>
#include <miyin/service.h>

typedef struct {
	char **names;
	gboolean json;
} options;

typedef struct {
	const miyin_config *config;
	miyin_keys *keys, *specimen;
	miyin_register *reg;
	GTimeZone *zone;
	const char *caller;
	JsonBuilder *builder; /* NULL: for people */
	int status;
} tracer;

static gboolean open_tracer(tracer *trace, GError **error);
static void clear_tracer(tracer *trace);
static gboolean trace_source(tracer *trace, const miyin_source *from,
			     GError **error);
static gboolean judge_payload(tracer *trace, miyin_finding *found,
			      GError **error);
static gboolean find_copy(tracer *trace, miyin_finding *found, GError **error);
static gboolean answer(tracer *trace, const miyin_finding *found,
		       GError **error);

static void clear_options(options *wish)
{
	g_strfreev(wish->names);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options, clear_options)

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(tracer, clear_tracer)

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
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
		    _("trace needs a file or a code."));
	return FALSE;
}

int miyin_command_trace(int argc, char **argv, const miyin_config *config,
			GError **error)
{
	g_auto(options) wish = { 0 };
	g_auto(tracer) trace = { .config = config };
	g_autoptr(GArray) sources = NULL;
	g_autofree char *caller = NULL;

	if (!parse_options(argc, argv, &wish, error))
		return 2;
	caller = miyin_service_caller(g_getenv("SUDO_USER"));
	sources = miyin_sources_open(wish.names);
	trace.caller = caller;
	trace.builder = wish.json ? json_builder_new() : NULL;
	if (!miyin_service_become(config->user, error))
		return 1;
	for (unsigned i = 0; i < sources->len; i++)
		miyin_source_read(&g_array_index(sources, miyin_source, i));
	if (!open_tracer(&trace, error))
		return 1;
	if (trace.builder)
		json_builder_begin_array(trace.builder);
	for (unsigned i = 0; i < sources->len; i++) {
		const miyin_source *from =
			&g_array_index(sources, miyin_source, i);

		if (!trace_source(&trace, from, error))
			return MAX(trace.status, 1);
	}
	if (trace.builder) {
		g_autoptr(JsonNode) root = NULL;
		g_autofree char *text = NULL;

		json_builder_end_array(trace.builder);
		root = json_builder_get_root(trace.builder);
		text = json_to_string(root, TRUE);
		puts(text);
	}
	return trace.status;
}

static gboolean open_tracer(tracer *trace, GError **error)
{
	const miyin_config *config = trace->config;

	trace->zone = g_time_zone_new_local();
	trace->keys = miyin_keys_open(config->keys_path, error);
	if (!trace->keys)
		return FALSE;
	trace->specimen = miyin_keys_specimen();
	trace->reg = miyin_register_open(config->register_path, FALSE, error);
	return trace->reg != NULL;
}

static void clear_tracer(tracer *trace)
{
	g_clear_pointer(&trace->keys, miyin_keys_free);
	g_clear_pointer(&trace->specimen, miyin_keys_free);
	g_clear_pointer(&trace->reg, miyin_register_close);
	g_clear_pointer(&trace->zone, g_time_zone_unref);
	g_clear_object(&trace->builder);
}

/* ---- arguments -------------------------------------------------------- */

static gboolean answer_empty(tracer *trace, const miyin_source *from,
			     unsigned sheet, gboolean foreign, GError **error)
{
	g_auto(miyin_finding) found = { .source = from->name,
					.kind = "file",
					.sheet = sheet,
					.verdict = MIYIN_FOUND_NOTHING };

	found.why = g_strdup(foreign ? _("There are codes on it, but none of "
					 "miyin.")
				     : _("There is no code on it that can be "
					 "read."));
	return answer(trace, &found, error);
}

static void free_finding(gpointer data)
{
	miyin_finding *found = data;

	miyin_finding_clear(found);
	g_free(found);
}

/* NULL with an error when the register cannot be asked. */
static miyin_finding *judge_sighting(tracer *trace, const miyin_source *from,
				     const miyin_sighting *sighting,
				     GError **error)
{
	miyin_finding *found = g_new0(miyin_finding, 1);

	*found = (miyin_finding){ .source = from->name,
				  .kind = "file",
				  .sheet = sighting->sheet,
				  .sighting = sighting,
				  .text = g_strdup(sighting->text) };
	if (judge_payload(trace, found, error))
		return found;
	free_finding(found);
	return NULL;
}

/* All of a sheet are judged before one is told: whose marks they are depends
 * on the others. */
static GPtrArray *judge_sheet(tracer *trace, const miyin_source *from,
			      unsigned sheet, GError **error)
{
	g_autoptr(GPtrArray) findings =
		g_ptr_array_new_with_free_func(free_finding);
	const GPtrArray *sightings = from->traced->sightings;

	for (unsigned i = 0; i < sightings->len; i++) {
		const miyin_sighting *sighting = sightings->pdata[i];
		miyin_finding *found;

		if (sighting->sheet != sheet)
			continue;
		found = judge_sighting(trace, from, sighting, error);
		if (!found)
			return NULL;
		g_ptr_array_add(findings, found);
	}
	miyin_several_judge(findings);
	return g_steal_pointer(&findings);
}

static gboolean trace_sheet(tracer *trace, const miyin_source *from,
			    unsigned sheet, const miyin_traced *traced,
			    GError **error)
{
	g_autoptr(GPtrArray) findings = judge_sheet(trace, from, sheet, error);
	g_autofree char *note = NULL;

	if (!findings)
		return FALSE;
	if (findings->len == 0)
		return answer_empty(
			trace, from, sheet,
			traced->n_foreign > 0 && traced->n_sheets == 1, error);
	note = miyin_several_format(findings);
	if (note && !trace->builder)
		fputs(note, stdout);
	for (unsigned i = 0; i < findings->len; i++)
		if (!answer(trace, findings->pdata[i], error))
			return FALSE;
	return TRUE;
}

static gboolean trace_file(tracer *trace, const miyin_source *from,
			   GError **error)
{
	const miyin_traced *traced = from->traced;

	for (unsigned sheet = 1; sheet <= traced->n_sheets; sheet++)
		if (!trace_sheet(trace, from, sheet, traced, error))
			return FALSE;
	return TRUE;
}

static gboolean judge_human_code(tracer *trace, miyin_finding *found,
				 GError **error)
{
	g_autoptr(GError) reason = NULL;
	g_autofree char *hint = NULL;
	char text[MIYIN_HUMANCODE_LENGTH + 1];

	found->kind = "human code";
	if (miyin_humancode_parse(found->text, &found->claim.copy_id,
				  &found->claim.page, &hint, &reason)) {
		found->has_claim = TRUE;
		miyin_humancode_format(found->claim.copy_id, found->claim.page,
				       text);
		g_free(found->text);
		found->text = g_strdup(text);
		return find_copy(trace, found, error);
	}
	found->verdict = MIYIN_FOUND_NOTHING;
	if (hint)
		found->why = g_strdup_printf(_("%s Did you mean %s?"),
					     reason->message, hint);
	else
		found->why = g_strdup_printf(_("There is no such file. %s"),
					     reason->message);
	return TRUE;
}

/* What miyin log and miyin copies print of a copy. */
static gboolean judge_copy_code(tracer *trace, miyin_finding *found,
				GError **error)
{
	found->kind = "copy code";
	found->has_claim = TRUE;
	if (!find_copy(trace, found, error))
		return FALSE;
	if (!found->why)
		found->why = g_strdup(_("A copy code has no check characters: "
					"see that it was typed rightly."));
	return TRUE;
}

/* As people type: in groups, in small letters. */
static char *plain_code(const char *typed)
{
	g_autofree char *valid = g_utf8_make_valid(typed, -1);
	g_auto(GStrv) words = g_strsplit_set(valid, " \t-", -1);
	g_autofree char *joined = g_strjoinv("", words);

	return g_ascii_strup(joined, -1);
}

static gboolean trace_typed(tracer *trace, const miyin_source *from,
			    GError **error)
{
	g_auto(miyin_finding)
		found = { .source = from->name, .kind = "payload" };

	found.text = plain_code(from->name);
	if (strlen(found.text) == MIYIN_PAYLOAD_LENGTH) {
		if (!judge_payload(trace, &found, error))
			return FALSE;
	} else if (miyin_copycode_parse(found.text, &found.claim.copy_id)) {
		if (!judge_copy_code(trace, &found, error))
			return FALSE;
	} else if (!judge_human_code(trace, &found, error)) {
		return FALSE;
	}
	return answer(trace, &found, error);
}

static gboolean trace_source(tracer *trace, const miyin_source *from,
			     GError **error)
{
	g_auto(miyin_finding) found = { .source = from->name,
					.kind = "file",
					.verdict = MIYIN_FOUND_NOTHING };

	if (from->error) {
		found.why = g_strdup(from->error->message);
		return answer(trace, &found, error);
	}
	if (from->fd >= 0)
		return trace_file(trace, from, error);
	return trace_typed(trace, from, error);
}

/* ---- judging ---------------------------------------------------------- */

/* The strings of a record live for the call. */
static gboolean keep_copy(const miyin_copy_record *copy, gpointer data)
{
	miyin_finding *found = data;
	const char **kept[] = {
		&found->copy.state,	 &found->copy.holder,
		&found->copy.document,	 &found->copy.title,
		&found->copy.scheme,	 &found->copy.level,
		&found->copy.period,	 &found->copy.user,
		&found->copy.host,	 &found->copy.printer,
		&found->copy.job_uuid,	 &found->copy.issued_at,
		&found->copy.settled_at,
	};

	found->copy = *copy;
	found->has_copy = TRUE;
	found->strings = g_string_chunk_new(256);
	for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
		*kept[i] = g_string_chunk_insert(found->strings,
						 *kept[i] ? *kept[i] : "");
	return FALSE;
}

static gboolean find_copy(tracer *trace, miyin_finding *found, GError **error)
{
	g_autoptr(GError) reason = NULL;
	unsigned page = found->claim.page;

	if (!miyin_register_find_copy(trace->reg, found->claim.copy_id,
				      keep_copy, found, &reason)) {
		if (!g_error_matches(reason, MIYIN_ERROR,
				     MIYIN_ERROR_MISSING)) {
			g_propagate_error(error, g_steal_pointer(&reason));
			return FALSE;
		}
		found->verdict = MIYIN_FOUND_UNKNOWN;
		found->why = g_strdup(_("The register has no such copy."));
		return TRUE;
	}
	/* A copy code names no page; a code of a page names one. */
	if ((page == 0 && !g_str_equal(found->kind, "copy code")) ||
	    page > found->copy.pages) {
		found->verdict = MIYIN_FOUND_FORGED;
		found->why = g_strdup_printf(
			_("The code says page %u, but the copy has %u."), page,
			found->copy.pages);
		return TRUE;
	}
	found->verdict = MIYIN_FOUND;
	if (g_str_equal(found->copy.state, "void") ||
	    g_str_equal(found->copy.state, "reserved"))
		found->why = g_strdup(_("Attention: by the register this copy "
					"never reached a printer."));
	return TRUE;
}

static gboolean judge_payload(tracer *trace, miyin_finding *found,
			      GError **error)
{
	g_autoptr(GError) reason = NULL;
	unsigned site = trace->config->site;

	found->has_claim = TRUE;
	found->mac = MIYIN_SIGNATURE_HOLDS;
	if (miyin_payload_parse(found->text, trace->keys, &found->claim,
				&reason)) {
		if (found->claim.site == site)
			return find_copy(trace, found, error);
		found->verdict = MIYIN_FOUND_UNKNOWN;
		found->why = g_strdup_printf(
			_("It was printed on site %u; this is site %u."),
			found->claim.site, site);
		return TRUE;
	}
	if (!g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_TAMPER)) {
		found->has_claim = FALSE;
		found->mac = MIYIN_SIGNATURE_NONE;
		found->verdict = MIYIN_FOUND_NOTHING;
		found->why = g_strdup(reason->message);
		return TRUE;
	}
	if (miyin_payload_parse(found->text, trace->specimen, &found->claim,
				NULL)) {
		found->verdict = MIYIN_FOUND_SPECIMEN;
		found->why = g_strdup(_("Anybody can make such a page; no "
					"copy was issued for it."));
		return TRUE;
	}
	found->mac = MIYIN_SIGNATURE_BROKEN;
	found->verdict = MIYIN_FOUND_FORGED;
	found->why = g_strdup(_("This site did not make the code."));
	return TRUE;
}

/* ---- answering -------------------------------------------------------- */

/* First the register, then the person: no answer without its event. */
static gboolean answer(tracer *trace, const miyin_finding *found,
		       GError **error)
{
	g_autofree char *detail = miyin_finding_format_detail(found);
	g_autofree char *text = NULL;

	if (!miyin_register_note(trace->reg, "trace", trace->caller, NULL,
				 found->has_copy ? found->copy.copy_id : 0,
				 detail, error))
		return FALSE;
	trace->status = MAX(trace->status, miyin_finding_status(found));
	if (trace->builder) {
		miyin_finding_build(found, trace->builder);
		return TRUE;
	}
	text = miyin_finding_format(found, trace->config->scheme_dir,
				    trace->zone);
	fputs(text, stdout);
	return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/inquiry.h>

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include <miyin/error.h>
#include <miyin/humancode.h>
#include <miyin/memfile.h>
#include <miyin/text.h>
#include "several.h"

/* A scan of 100 pages of A4 at 600 dpi has some 100 MB; /dev/zero has more. */
#define FILE_MAX (G_GUINT64_CONSTANT(1) << 30)

/* ---- one code --------------------------------------------------------- */

static gboolean find_copy(const miyin_inquiry *inquiry, miyin_finding *found,
			  GError **error)
{
	g_autoptr(GError) reason = NULL;
	unsigned page = found->claim.page;

	found->strings = g_string_chunk_new(256);
	found->has_copy = miyin_register_find_copy(
		inquiry->office->reg, found->claim.copy_id, &found->copy,
		found->strings, &reason);
	if (!found->has_copy) {
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

static gboolean judge_code(const miyin_inquiry *inquiry, miyin_code_kind kind,
			   miyin_finding *found, GError **error)
{
	g_autoptr(GError) reason = NULL;
	unsigned site = inquiry->office->config->site;

	found->has_claim = TRUE;
	found->mac = MIYIN_SIGNATURE_HOLDS;
	if (miyin_code_parse(kind, found->text, inquiry->keys, &found->claim,
			     &reason)) {
		if (found->claim.site == site)
			return find_copy(inquiry, found, error);
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
	if (miyin_code_parse(kind, found->text, inquiry->specimen,
			     &found->claim, NULL)) {
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

static gboolean judge_human_code(const miyin_inquiry *inquiry,
				 miyin_finding *found, GError **error)
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
		miyin_text_replace(&found->text, g_strdup(text));
		return find_copy(inquiry, found, error);
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
static gboolean judge_copy_code(const miyin_inquiry *inquiry,
				miyin_finding *found, GError **error)
{
	found->kind = "copy code";
	found->has_claim = TRUE;
	if (!find_copy(inquiry, found, error))
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

/* ---- what was asked about --------------------------------------------- */

static miyin_finding *add_finding(GPtrArray *findings, const miyin_source *from,
				  const char *kind)
{
	miyin_finding *found = g_new0(miyin_finding, 1);

	found->source = from->name;
	found->kind = kind;
	found->verdict = MIYIN_FOUND_NOTHING;
	g_ptr_array_add(findings, found);
	return found;
}

static void find_nothing(GPtrArray *findings, const miyin_source *from,
			 unsigned sheet, const char *why)
{
	miyin_finding *found = add_finding(findings, from, "file");

	found->sheet = sheet;
	found->why = g_strdup(why);
}

/* All of a sheet are judged before one is told: whose marks they are depends
 * on the others. */
static gboolean judge_sheet(const miyin_inquiry *inquiry,
			    const miyin_source *from, unsigned sheet,
			    GPtrArray *findings, GError **error)
{
	const miyin_traced *traced = from->traced;

	for (unsigned i = 0; i < traced->sightings->len; i++) {
		const miyin_sighting *sighting = traced->sightings->pdata[i];
		miyin_finding *found;

		if (sighting->sheet != sheet)
			continue;
		found = add_finding(findings, from, "file");
		found->sheet = sheet;
		found->sighting = sighting;
		found->text = g_strdup(sighting->text);
		if (!judge_code(inquiry, sighting->kind, found, error))
			return FALSE;
	}
	if (findings->len == 0)
		find_nothing(findings, from, sheet,
			     traced->n_foreign > 0 && traced->n_sheets == 1
				     ? _("There are codes on it, but none of "
					 "miyin.")
				     : _("There is no code on it that can be "
					 "read."));
	miyin_several_judge(findings);
	return TRUE;
}

static gboolean judge_typed(const miyin_inquiry *inquiry,
			    const miyin_source *from, GPtrArray *findings,
			    GError **error)
{
	miyin_finding *found = add_finding(findings, from, "payload");

	found->text = plain_code(from->name);
	if (strlen(found->text) == MIYIN_PAYLOAD_LENGTH)
		return judge_code(inquiry, MIYIN_CODE_QR, found, error);
	if (miyin_copycode_parse(found->text, &found->claim.copy_id))
		return judge_copy_code(inquiry, found, error);
	return judge_human_code(inquiry, found, error);
}

static gboolean judge(const miyin_inquiry *inquiry, const miyin_source *from,
		      unsigned sheet, GPtrArray *findings, GError **error)
{
	if (from->traced)
		return judge_sheet(inquiry, from, sheet, findings, error);
	if (!from->error)
		return judge_typed(inquiry, from, findings, error);
	find_nothing(findings, from, 0, from->error->message);
	return TRUE;
}

/* ---- the register ----------------------------------------------------- */

/* One line, the same in every language. */
static char *format_detail(const miyin_finding *found)
{
	static const char *const notes[] = {
		[MIYIN_STANDS_SOMEWHERE] = " with several copies",
		[MIYIN_STANDS_OUTSIDE] = " with several copies, outermost",
		[MIYIN_STANDS_WITHIN] = " with several copies, within another",
	};
	g_autoptr(GString) detail = g_string_new(NULL);

	g_string_append_printf(detail, "%s:", miyin_finding_verdict(found));
	if (found->has_claim && found->claim.page)
		g_string_append_printf(detail, " page %u", found->claim.page);
	if (found->sheet)
		g_string_append_printf(
			detail, " sheet %u%s of", found->sheet,
			found->n_copies > 1 ? notes[found->standing] : "");
	else if (!g_str_equal(found->kind, "file"))
		g_string_append(detail, " typed");
	g_string_append_printf(detail, " %s", found->source);
	return miyin_text_clean(detail->str, MIYIN_TEXT_MAX);
}

static gboolean enter(const miyin_office *office, const miyin_finding *found,
		      GError **error)
{
	g_autofree char *detail = format_detail(found);
	const miyin_event event = { .event = "trace",
				    .user = office->actor->name,
				    .host = office->actor->host,
				    .detail = detail };

	return miyin_register_note(office->reg, &event,
				   found->has_copy ? found->copy.copy_id : 0,
				   error);
}

/* ---- public ----------------------------------------------------------- */

void miyin_source_read(miyin_source *from)
{
	g_auto(miyin_fd) fd = -1;

	if (from->fd < 0 || from->error)
		return;
	fd = miyin_memfile_new("scan", &from->error);
	if (fd < 0 ||
	    !miyin_memfile_fill(fd, from->fd, FILE_MAX, NULL, &from->error))
		return;
	miyin_memfile_rewind(fd);
	from->traced = miyin_trace_sandboxed(fd, from->name, &from->error);
}

unsigned miyin_source_sheets(const miyin_source *from)
{
	return from->traced ? from->traced->n_sheets : 1;
}

void miyin_source_clear(miyin_source *from)
{
	miyin_fd_clear(&from->fd);
	g_clear_pointer(&from->traced, miyin_traced_free);
	g_clear_error(&from->error);
}

gboolean miyin_inquiry_open(miyin_inquiry *inquiry, const miyin_office *office,
			    GError **error)
{
	inquiry->office = office;
	inquiry->keys = miyin_keys_open(office->config->keys_path, error);
	if (inquiry->keys)
		inquiry->specimen = miyin_keys_specimen();
	return inquiry->keys != NULL;
}

void miyin_inquiry_close(miyin_inquiry *inquiry)
{
	g_clear_pointer(&inquiry->keys, miyin_keys_free);
	g_clear_pointer(&inquiry->specimen, miyin_keys_free);
}

GPtrArray *miyin_inquiry_answer(const miyin_inquiry *inquiry,
				const miyin_source *from, unsigned sheet,
				GError **error)
{
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(
		(GDestroyNotify)miyin_finding_free);

	if (!judge(inquiry, from, sheet, findings, error))
		return NULL;
	for (unsigned i = 0; i < findings->len; i++)
		if (!enter(inquiry->office, findings->pdata[i], error))
			return NULL;
	return g_steal_pointer(&findings);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer.h"
#include "cells.h"
#include "table.h"
#include <miyin/humancode.h>
#include <glib/gi18n.h>

/* Words for people, exit status. */
static const struct {
	const char *words;
	int status;
} verdicts[] = {
	[MIYIN_FOUND] = { N_("Found."), 0 },
	[MIYIN_FOUND_NOTHING] = { N_("Nothing found."), 1 },
	[MIYIN_FOUND_FORGED] = { N_("Forged."), 2 },
	[MIYIN_FOUND_UNKNOWN] = { N_("Unknown."), 2 },
	[MIYIN_FOUND_SPECIMEN] = { N_("A specimen, not a copy."), 2 },
};

int miyin_answer_status(const miyin_finding *found)
{
	if (found->n_copies > 1)
		return 2;
	return verdicts[found->verdict].status;
}

/* ---- for people -------------------------------------------------------- */

static char *format_source(const miyin_finding *found)
{
	g_autofree char *name = miyin_table_clean(found->source);
	const miyin_sighting *sighting = found->sighting;

	if (!found->sheet)
		return g_strdup(name);
	if (!sighting)
		return g_strdup_printf(_("%s, sheet %u"), name, found->sheet);
	return g_strdup_printf(ngettext("%s, sheet %u, %u code, read by %s",
					"%s, sheet %u, %u codes, read by %s",
					sighting->places->len),
			       name, found->sheet, sighting->places->len,
			       sighting->reader);
}

static const char *format_signature(const miyin_finding *found)
{
	if (found->verdict == MIYIN_FOUND_SPECIMEN)
		return _("by the key of specimens, which is public");
	switch (found->mac) {
	case MIYIN_SIGNATURE_HOLDS:
		return _("holds");
	case MIYIN_SIGNATURE_BROKEN:
		return _("does not hold");
	default:
		return _("typed code, no signature");
	}
}

/* As the scan lies. */
typedef struct {
	const char *id, *words;
} third;

static const third thirds[3][3] = {
	{ { "top-left", N_("top left") },
	  { "top-centre", N_("top centre") },
	  { "top-right", N_("top right") } },
	{ { "left", N_("left") },
	  { "centre", N_("centre") },
	  { "right", N_("right") } },
	{ { "bottom-left", N_("bottom left") },
	  { "bottom-centre", N_("bottom centre") },
	  { "bottom-right", N_("bottom right") } },
};

static unsigned third_of(const int *at, unsigned side_px)
{
	double centre = ((double)at[0] + at[1] + at[2] + at[3]) / 4;

	return (unsigned)CLAMP(3 * centre / side_px, 0, 2);
}

static const third *find_third(const miyin_sighting *sighting,
			       const miyin_corners *c)
{
	return &thirds[third_of(c->y, sighting->height_px)]
		      [third_of(c->x, sighting->width_px)];
}

/* top right 14.5 mm, bottom left 14.5 mm; in hundredths of the scan's width
 * where the file does not say how large it is. */
static char *format_places(const miyin_sighting *sighting)
{
	GString *out = g_string_new(NULL);

	for (unsigned i = 0; i < sighting->places->len; i++) {
		const miyin_corners *c =
			&g_array_index(sighting->places, miyin_corners, i);
		const char *where = find_third(sighting, c)->words;
		double side = miyin_corners_side(c);

		if (i > 0)
			g_string_append(out, _(", "));
		if (sighting->dpi)
			g_string_append_printf(out, _("%s %.1f mm"), _(where),
					       side * 25.4 / sighting->dpi);
		else
			g_string_append_printf(out, _("%s %.1f%% of the width"),
					       _(where),
					       side * 100 / sighting->width_px);
	}
	return g_string_free(out, FALSE);
}

static const char *format_standing(const miyin_finding *found)
{
	if (found->n_copies < 2)
		return "";
	switch (found->standing) {
	case MIYIN_STANDS_OUTSIDE:
		return _("outermost, as a sheet's own marks are");
	case MIYIN_STANDS_WITHIN:
		return _("between the codes of another copy, as a picture in "
			 "the document");
	default:
		return _("cannot be told");
	}
}

static void add_line(miyin_table *block, const char *label, const char *value)
{
	g_autofree char *indented = g_strconcat("  ", label, NULL);
	const char *cells[] = { indented, value };

	if (value && *value)
		miyin_table_add(block, cells);
}

static void add_claim(miyin_table *block, const miyin_finding *found)
{
	unsigned pages = found->has_copy && !found->claim.pages
				 ? found->copy.pages
				 : found->claim.pages;
	g_autofree char *page =
		pages ? g_strdup_printf(_("%u of %u"), found->claim.page, pages)
		      : g_strdup_printf("%u", found->claim.page);
	char code[MIYIN_HUMANCODE_LENGTH + 1];

	if (found->claim.page)
		miyin_humancode_format(found->claim.copy_id, found->claim.page,
				       code);
	else
		miyin_copycode_format(found->claim.copy_id, code);
	add_line(block, _("Signature"), format_signature(found));
	add_line(block, _("Code"), code);
	if (found->claim.page)
		add_line(block, _("Page"), page);
}

static void add_places(miyin_table *block, const miyin_finding *found)
{
	g_autofree char *places = format_places(found->sighting);

	add_line(block, _("Place"), places);
	add_line(block, _("Own marks"), format_standing(found));
}

static void add_copy(miyin_table *block, const miyin_copy_record *copy,
		     const char *scheme_dir, GTimeZone *zone)
{
	const char *when =
		*copy->settled_at ? copy->settled_at : copy->issued_at;
	g_autofree char *level = miyin_cells_format_level(
		scheme_dir, copy->scheme, copy->level, copy->period);
	g_autofree char *serial =
		g_strdup_printf(_("%06u, copy %u of %u"), copy->serial,
				copy->copy_no, copy->n_copies);
	g_autofree char *time =
		miyin_cells_format_time(when, zone, "%Y-%m-%d %H:%M:%S");
	g_autofree char *where =
		g_strdup_printf(*copy->host ? _("%s, from %s") : "%s%s",
				copy->printer, copy->host);
	g_autofree char *job = g_strdup_printf("%d", copy->job_id);

	add_line(block, _("Document"), copy->document);
	add_line(block, _("Title"), copy->title);
	add_line(block, _("Level"), level);
	add_line(block, _("Serial"), serial);
	add_line(block, _("Holder"), copy->holder);
	add_line(block, _("User"), copy->user);
	add_line(block, _("Time"), time);
	add_line(block, _("Queue"), where);
	add_line(block, _("Job"), job);
	add_line(block, _("State"), miyin_cells_format_word(copy->state));
}

char *miyin_answer_format(const miyin_finding *found, const char *scheme_dir,
			  GTimeZone *zone)
{
	static const miyin_column columns[] = { { .name = "" },
						{ .name = "" },
						{ .name = NULL } };
	g_autoptr(miyin_table) block =
		miyin_table_new(MIYIN_TABLE_PEOPLE, columns, 0);
	g_autofree char *from = format_source(found);
	g_autofree char *why = miyin_table_clean(found->why);
	g_autofree char *lines = NULL, *head = NULL;

	if (found->has_claim)
		add_claim(block, found);
	if (found->sighting)
		add_places(block, found);
	if (found->has_copy)
		add_copy(block, &found->copy, scheme_dir, zone);
	lines = miyin_table_format(block);
	/* Behind a sheet's number stands a language's colon. */
	head = g_strdup_printf(found->sheet ? _("%s: %s") : "%s: %s", from,
			       _(verdicts[found->verdict].words));
	return g_strdup_printf("%s%s%s\n%s", head, *why ? " " : "", why, lines);
}

char *miyin_answer_format_several(const GPtrArray *findings)
{
	const miyin_finding *first =
		findings->len > 0 ? findings->pdata[0] : NULL;
	g_autofree char *name = NULL;

	if (!first || first->n_copies < 2)
		return NULL;
	name = miyin_table_clean(first->source);
	return g_strdup_printf(
		first->standing == MIYIN_STANDS_OUTSIDE
			? _("%s, sheet %u: Attention: it has codes of %u "
			    "copies; those of the first one below stand where "
			    "a sheet's own marks do, the others between them: "
			    "compare the holder in the watermark.\n")
			: _("%s, sheet %u: Attention: it has codes of %u "
			    "copies, and their places do not tell which are "
			    "its own marks: compare the holder in the "
			    "watermark.\n"),
		name, first->sheet, first->n_copies);
}

/* ---- for programs ------------------------------------------------------- */

static void build_text(JsonBuilder *builder, const char *name, const char *text)
{
	g_autofree char *clean = miyin_table_clean(text);

	json_builder_set_member_name(builder, name);
	json_builder_add_string_value(builder, clean);
}

static void build_number(JsonBuilder *builder, const char *name, gint64 number)
{
	json_builder_set_member_name(builder, name);
	json_builder_add_int_value(builder, number);
}

static void build_claim(JsonBuilder *builder, const miyin_finding *found)
{
	char code[MIYIN_HUMANCODE_LENGTH + 1];

	json_builder_set_member_name(builder, "claim");
	if (!found->has_claim) {
		json_builder_add_null_value(builder);
		return;
	}
	json_builder_begin_object(builder);
	miyin_copycode_format(found->claim.copy_id, code);
	build_text(builder, "copy_code", code);
	if (found->claim.page) {
		miyin_humancode_format(found->claim.copy_id, found->claim.page,
				       code);
		build_text(builder, "human_code", code);
		build_number(builder, "page", found->claim.page);
	}
	if (found->claim.pages) {
		build_number(builder, "pages", found->claim.pages);
		build_number(builder, "site", found->claim.site);
		build_number(builder, "key_id", found->claim.key_id);
	}
	json_builder_end_object(builder);
}

static void build_copy(JsonBuilder *builder, const miyin_finding *found)
{
	const miyin_copy_record *copy = &found->copy;

	json_builder_set_member_name(builder, "copy");
	if (!found->has_copy) {
		json_builder_add_null_value(builder);
		return;
	}
	json_builder_begin_object(builder);
	build_text(builder, "document", copy->document);
	build_text(builder, "title", copy->title);
	build_text(builder, "scheme", copy->scheme);
	build_text(builder, "level", copy->level);
	build_text(builder, "period", copy->period);
	build_number(builder, "serial", copy->serial);
	build_number(builder, "copy", copy->copy_no);
	build_number(builder, "copies", copy->n_copies);
	build_text(builder, "state", copy->state);
	build_text(builder, "holder", copy->holder);
	build_number(builder, "pages", copy->pages);
	build_number(builder, "pages_done", copy->pages_done);
	build_text(builder, "user", copy->user);
	build_text(builder, "host", copy->host);
	build_text(builder, "printer", copy->printer);
	build_number(builder, "job_id", copy->job_id);
	build_text(builder, "job_uuid", copy->job_uuid);
	build_text(builder, "issued_at", copy->issued_at);
	build_text(builder, "settled_at", copy->settled_at);
	json_builder_end_object(builder);
}

static void build_places(JsonBuilder *builder, const miyin_sighting *sighting)
{
	json_builder_set_member_name(builder, "places");
	json_builder_begin_array(builder);
	for (unsigned i = 0; i < sighting->places->len; i++) {
		const miyin_corners *c =
			&g_array_index(sighting->places, miyin_corners, i);
		double side = miyin_corners_side(c);

		json_builder_begin_object(builder);
		build_text(builder, "where", find_third(sighting, c)->id);
		json_builder_set_member_name(builder, "share_of_width");
		json_builder_add_double_value(builder,
					      side / sighting->width_px);
		json_builder_set_member_name(builder, "mm");
		if (sighting->dpi)
			json_builder_add_double_value(
				builder, side * 25.4 / sighting->dpi);
		else
			json_builder_add_null_value(builder);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
}

/* null: alone, or nobody can tell. */
static void build_own(JsonBuilder *builder, const miyin_finding *found)
{
	json_builder_set_member_name(builder, "own_marks");
	if (found->n_copies < 2 || found->standing == MIYIN_STANDS_SOMEWHERE)
		json_builder_add_null_value(builder);
	else
		json_builder_add_boolean_value(
			builder, found->standing == MIYIN_STANDS_OUTSIDE);
}

void miyin_answer_build(const miyin_finding *found, JsonBuilder *builder)
{
	json_builder_begin_object(builder);
	build_text(builder, "source", found->source);
	build_text(builder, "kind", found->kind);
	if (found->sheet)
		build_number(builder, "sheet", found->sheet);
	if (found->sighting) {
		build_number(builder, "codes", found->sighting->places->len);
		build_text(builder, "reader", found->sighting->reader);
		build_places(builder, found->sighting);
		build_number(builder, "copies_on_sheet", found->n_copies);
		build_own(builder, found);
	}
	build_text(builder, "text", found->text);
	build_text(builder, "verdict", miyin_finding_verdict(found));
	build_text(builder, "message", found->why);
	json_builder_set_member_name(builder, "signature_holds");
	if (found->mac == MIYIN_SIGNATURE_NONE)
		json_builder_add_null_value(builder);
	else
		json_builder_add_boolean_value(
			builder,
			found->mac == MIYIN_SIGNATURE_HOLDS &&
				found->verdict != MIYIN_FOUND_SPECIMEN);
	build_claim(builder, found);
	build_copy(builder, found);
	json_builder_end_object(builder);
}

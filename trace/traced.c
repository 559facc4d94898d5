/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traced.h"
#include <miyin/error.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <string.h>

#define PLACES_MAX 1000 /* of one code, on one sheet */
#define SIDE_MAX_PX MIYIN_PICTURE_PIXELS_MAX
#define READER_MAX 40

void miyin_sighting_free(miyin_sighting *sighting)
{
	if (!sighting)
		return;
	g_free(sighting->text);
	g_free(sighting->reader);
	g_array_unref(sighting->places);
	g_free(sighting);
}

miyin_traced *miyin_traced_new(void)
{
	miyin_traced *traced = g_new0(miyin_traced, 1);

	traced->sightings = g_ptr_array_new_with_free_func(
		(GDestroyNotify)miyin_sighting_free);
	return traced;
}

miyin_sighting *miyin_sighting_new(void)
{
	miyin_sighting *sighting = g_new0(miyin_sighting, 1);

	sighting->places = g_array_new(FALSE, TRUE, sizeof(miyin_corners));
	return sighting;
}

void miyin_traced_free(miyin_traced *traced)
{
	if (!traced)
		return;
	g_ptr_array_unref(traced->sightings);
	g_free(traced);
}

static void format_places(GString *text, const GArray *places)
{
	for (unsigned i = 0; i < MIN(places->len, PLACES_MAX); i++) {
		const miyin_corners *c =
			&g_array_index(places, miyin_corners, i);

		for (int k = 0; k < 4; k++)
			g_string_append_printf(
				text, "%s%u,%u",
				k > 0 ? "," : (i > 0 ? ";" : ""),
				(unsigned)CLAMP(c->x[k], 0, SIDE_MAX_PX),
				(unsigned)CLAMP(c->y[k], 0, SIDE_MAX_PX));
	}
}

char *miyin_traced_format(const miyin_traced *traced, const GError *reason)
{
	GString *text = g_string_new(NULL);

	if (!traced) {
		g_autofree char *clean =
			miyin_text_clean(reason->message, MIYIN_TEXT_MAX);

		g_string_printf(
			text, "MYE1 %s %s\n",
			g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_INPUT)
				? "input"
				: "system",
			clean);
		return g_string_free(text, FALSE);
	}
	g_string_printf(text, "MYT3 %u %u\n", traced->n_sheets,
			traced->n_foreign);
	for (unsigned i = 0; i < traced->sightings->len; i++) {
		const miyin_sighting *sighting = traced->sightings->pdata[i];
		g_autofree char *code =
			miyin_code_write(sighting->kind, sighting->text);

		g_string_append_printf(text, "%u %u %u %u %s ", sighting->sheet,
				       sighting->width_px, sighting->height_px,
				       sighting->dpi, code);
		format_places(text, sighting->places);
		g_string_append_printf(text, " %s\n", sighting->reader);
	}
	g_string_append(text, "end\n");
	return g_string_free(text, FALSE);
}

static gboolean parse_head(const char *line, miyin_traced *traced)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	return g_strv_length(words) == 3 && g_str_equal(words[0], "MYT3") &&
	       miyin_text_to_number(words[1], 1, MIYIN_PICTURE_PAGES_MAX,
				    &traced->n_sheets) &&
	       miyin_text_to_number(words[2], 0, G_MAXUINT, &traced->n_foreign);
}

static gboolean parse_places(const char *word, GArray *places)
{
	g_auto(GStrv) codes = g_strsplit(word, ";", PLACES_MAX + 1);

	for (char **code = codes; *code; code++) {
		g_auto(GStrv) numbers = g_strsplit(*code, ",", 9);
		miyin_corners c;

		if (places->len == PLACES_MAX || g_strv_length(numbers) != 8)
			return FALSE;
		for (int i = 0; i < 4; i++) {
			unsigned x, y;

			if (!miyin_text_to_number(numbers[2 * i], 0,
						  SIDE_MAX_PX, &x) ||
			    !miyin_text_to_number(numbers[2 * i + 1], 0,
						  SIDE_MAX_PX, &y))
				return FALSE;
			c.x[i] = (int)x;
			c.y[i] = (int)y;
		}
		g_array_append_val(places, c);
	}
	return places->len > 0;
}

static gboolean is_reader(const char *word)
{
	return *word && strlen(word) <= READER_MAX &&
	       strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789 ") ==
		       strlen(word);
}

static gboolean parse_sighting(const char *line, miyin_traced *traced)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 7);
	GPtrArray *all = traced->sightings;
	const miyin_sighting *last =
		all->len > 0 ? all->pdata[all->len - 1] : NULL;
	g_autoptr(miyin_sighting) sighting = miyin_sighting_new();
	const char *text;

	if (g_strv_length(words) != 7 ||
	    !miyin_text_to_number(words[0], last ? last->sheet : 1,
				  traced->n_sheets, &sighting->sheet) ||
	    !miyin_text_to_number(words[1], 1, SIDE_MAX_PX,
				  &sighting->width_px) ||
	    !miyin_text_to_number(words[2], 1, SIDE_MAX_PX,
				  &sighting->height_px) ||
	    !miyin_text_to_number(words[3], 0, MIYIN_TRACED_DPI_MAX,
				  &sighting->dpi) ||
	    !miyin_code_read(words[4], &sighting->kind, &text) ||
	    !parse_places(words[5], sighting->places) || !is_reader(words[6]))
		return FALSE;
	sighting->text = g_strdup(text);
	sighting->reader = g_strdup(words[6]);
	g_ptr_array_add(all, g_steal_pointer(&sighting));
	return TRUE;
}

static gboolean parse_failure(const char *line, GError **error)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 3);
	g_autofree char *clean = NULL;
	gboolean input;

	if (g_strv_length(words) != 3 || !g_str_equal(words[0], "MYE1"))
		return FALSE;
	input = g_str_equal(words[1], "input");
	if (!input && !g_str_equal(words[1], "system"))
		return FALSE;
	clean = miyin_text_clean(words[2], MIYIN_TEXT_MAX);
	if (!*clean)
		return FALSE;
	g_set_error_literal(error, MIYIN_ERROR,
			    input ? MIYIN_ERROR_INPUT : MIYIN_ERROR_SYSTEM,
			    clean);
	return TRUE;
}

miyin_traced *miyin_traced_parse(const char *text, gsize length, GError **error)
{
	g_autoptr(miyin_traced) traced = miyin_traced_new();
	g_autofree char *copy = g_strndup(text, length);
	g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
	unsigned n = g_strv_length(lines), i = 1;
	gboolean whole = length <= MIYIN_TRACED_MAX && strlen(copy) == length &&
			 n >= 2 && !*lines[n - 1];

	if (whole && n == 2 && parse_failure(lines[0], error))
		return NULL;
	whole = whole && n >= 3 && g_str_equal(lines[n - 2], "end") &&
		parse_head(lines[0], traced);
	while (whole && i < n - 2)
		whole = parse_sighting(lines[i++], traced);
	if (whole)
		return g_steal_pointer(&traced);
	miyin_fail(error, MIYIN_ERROR_INPUT,
		   _("The reader of the scan gave no proper answer."));
	return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/layout.h>
#include <glib/gi18n.h>
#include <miyin/keyfile.h>
#include <string.h>

/* Box height by type size: room for ideographs (0.88 em over the base line) and
 * for the tails of letters (0.25 em under it), and no more: what a box takes
 * the document loses. */
#define LINE_FACTOR 1.22
#define MM_MAX 500.0

const char *const miyin_watermark_words[] = { "off", "light", "tile", NULL };

static const char *const anchors[] = {
	"top-left",
	"top-centre",
	"top-right",
	"bottom-left",
	"bottom-centre",
	"bottom-right",
	"left-of-code-1",
	"right-of-code-1",
	"left-of-code-2",
	"right-of-code-2",
	NULL,
};

void miyin_line_free(miyin_line *line)
{
	if (!line)
		return;
	g_free(line->name);
	g_free(line->text);
	g_free(line->font);
	g_free(line);
}

miyin_layout *miyin_layout_new(void)
{
	miyin_layout *layout = g_new0(miyin_layout, 1);

	layout->lines =
		g_ptr_array_new_with_free_func((GDestroyNotify)miyin_line_free);
	layout->codes = g_array_new(FALSE, TRUE, sizeof(miyin_codeplace));
	layout->watermark_text = g_strdup("");
	layout->edge_mm = MIYIN_PRINTABLE_MM;
	return layout;
}

void miyin_layout_free(miyin_layout *layout)
{
	if (!layout)
		return;
	g_ptr_array_unref(layout->lines);
	g_array_unref(layout->codes);
	g_free(layout->watermark_text);
	g_free(layout);
}

miyin_line *miyin_line_copy(const miyin_line *line)
{
	miyin_line *copy = g_new(miyin_line, 1);

	*copy = *line;
	copy->name = g_strdup(line->name);
	copy->text = g_strdup(line->text);
	copy->font = g_strdup(line->font);
	return copy;
}

static double get_mm(miyin_keyfile_group *g, const char *key, double least)
{
	return miyin_keyfile_get_measure(g, key, least, MM_MAX);
}

static unsigned get_colour(miyin_keyfile_group *g)
{
	g_autofree char *text = miyin_keyfile_get_text(g, "colour");
	guint64 value = 0;

	if (!text || text[0] != '#' || strlen(text) != 7 ||
	    !g_ascii_string_to_unsigned(text + 1, 16, 0, 0xffffff, &value,
					NULL))
		miyin_keyfile_fail(g, "colour", _(" must be like #000000"));
	return value;
}

miyin_line *miyin_line_read(miyin_keyfile_group *g)
{
	static const char *const weights[] = { "normal", "bold", NULL };
	static const char *const whens[] = { "always", "reprint", NULL };
	g_autoptr(miyin_line) line = g_new0(miyin_line, 1);
	const char *name = strchr(g->group, ' ');

	miyin_keyfile_check_group(g, "text at x y width font weight size"
				     " colour when");
	line->at = miyin_keyfile_get_choice(g, "at", anchors);
	line->x_mm = get_mm(g, "x", 0);
	line->y_mm = get_mm(g, "y", 0);
	line->width_mm = get_mm(g, "width", 5);
	line->size_pt = get_mm(g, "size", 4);
	line->bold = miyin_keyfile_get_choice(g, "weight", weights);
	line->reprint_only = miyin_keyfile_get_choice(g, "when", whens);
	line->colour = get_colour(g);
	line->classes = MIYIN_FIRST_PAGE | MIYIN_OTHER_PAGE;
	line->name = g_strdup(name ? name + 1 : g->group);
	line->text = miyin_keyfile_get_text(g, "text");
	line->font = miyin_keyfile_get_text(g, "font");
	return g->failed ? NULL : g_steal_pointer(&line);
}

static void set_mm(GKeyFile *file, const char *group, const char *key,
		   double mm)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_key_file_set_string(file, group, key,
			      g_ascii_formatd(text, sizeof(text), "%.4f", mm));
}

void miyin_line_write(GKeyFile *file, const char *group, const miyin_line *line)
{
	char colour[8];

	g_snprintf(colour, sizeof(colour), "#%06x", line->colour & 0xffffff);
	g_key_file_set_string(file, group, "text", line->text);
	g_key_file_set_string(file, group, "at", anchors[line->at]);
	set_mm(file, group, "x", line->x_mm);
	set_mm(file, group, "y", line->y_mm);
	set_mm(file, group, "width", line->width_mm);
	set_mm(file, group, "size", line->size_pt);
	g_key_file_set_string(file, group, "font", line->font);
	g_key_file_set_string(file, group, "weight",
			      line->bold ? "bold" : "normal");
	g_key_file_set_string(file, group, "colour", colour);
	g_key_file_set_string(file, group, "when",
			      line->reprint_only ? "reprint" : "always");
}

gboolean miyin_codeplace_read(miyin_keyfile_group *g, miyin_codeplace *spot)
{
	miyin_keyfile_check_group(g, "at x y size");
	spot->at = miyin_keyfile_get_choice(g, "at", anchors);
	spot->x_mm = get_mm(g, "x", 0);
	spot->y_mm = get_mm(g, "y", 0);
	spot->size_mm = get_mm(g, "size", 10);
	if (spot->at > MIYIN_AT_BOTTOM_RIGHT)
		miyin_keyfile_fail(g, "at",
				   _(" must be a corner of the sheet"));
	return !g->failed;
}

void miyin_codeplace_write(GKeyFile *file, const char *group,
			   const miyin_codeplace *spot)
{
	g_key_file_set_string(file, group, "at", anchors[spot->at]);
	set_mm(file, group, "x", spot->x_mm);
	set_mm(file, group, "y", spot->y_mm);
	set_mm(file, group, "size", spot->size_mm);
}

double miyin_line_height_pt(const miyin_line *line)
{
	return line->size_pt * LINE_FACTOR;
}

gboolean miyin_line_is_dynamic(const miyin_line *line)
{
	return strstr(line->text, MIYIN_PAGE_MARK) != NULL ||
	       strstr(line->text, MIYIN_CODE_MARK) != NULL;
}

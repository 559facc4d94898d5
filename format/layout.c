/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/layout.h>
#include <glib/gi18n.h>
#include <miyin/keyfile.h>
#include <math.h>
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

static const char *const line_keys[] = { "text",   "at",   "x",	     "y",
					 "width",  "font", "weight", "size",
					 "colour", "when", NULL };
static const char *const spot_keys[] = { "at", "x", "y", "size", NULL };

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

static gboolean get_mm(GKeyFile *file, const char *path, const char *group,
		       const char *key, double least, double *mm,
		       GError **error)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);
	char *end = NULL;
	double value = text ? g_ascii_strtod(text, &end) : NAN;

	if (!text || end == text || *end || !isfinite(value) || value < least ||
	    value > MM_MAX) {
		return miyin_keyfile_fail(path, group, key, error,
					  _(" must be a number from %g to %g"),
					  least, MM_MAX);
	}
	*mm = value;
	return TRUE;
}

static gboolean get_colour(GKeyFile *file, const char *path, const char *group,
			   unsigned *colour, GError **error)
{
	g_autofree char *text =
		g_key_file_get_string(file, group, "colour", NULL);
	guint64 value;

	if (!text || text[0] != '#' || strlen(text) != 7 ||
	    !g_ascii_string_to_unsigned(text + 1, 16, 0, 0xffffff, &value,
					NULL)) {
		return miyin_keyfile_fail(path, group, "colour", error,
					  _(" must be like #000000"));
	}
	*colour = value;
	return TRUE;
}

miyin_line *miyin_line_read(GKeyFile *file, const char *path, const char *group,
			    GError **error)
{
	static const char *const weights[] = { "normal", "bold", NULL };
	static const char *const whens[] = { "always", "reprint", NULL };
	g_autoptr(miyin_line) line = g_new0(miyin_line, 1);
	int at, weight, when;

	if (!miyin_keyfile_check_group(file, path, group, line_keys, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "at", anchors, &at,
				      error) ||
	    !get_mm(file, path, group, "x", 0, &line->x_mm, error) ||
	    !get_mm(file, path, group, "y", 0, &line->y_mm, error) ||
	    !get_mm(file, path, group, "width", 5, &line->width_mm, error) ||
	    !get_mm(file, path, group, "size", 4, &line->size_pt, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "weight", weights,
				      &weight, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "when", whens, &when,
				      error) ||
	    !get_colour(file, path, group, &line->colour, error))
		return NULL;
	line->at = at;
	line->bold = weight;
	line->reprint_only = when;
	line->classes = MIYIN_FIRST_PAGE | MIYIN_OTHER_PAGE;
	line->name =
		g_strdup(strchr(group, ' ') ? strchr(group, ' ') + 1 : group);
	line->text = g_key_file_get_string(file, group, "text", NULL);
	line->font = g_key_file_get_string(file, group, "font", NULL);
	return g_steal_pointer(&line);
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

gboolean miyin_codeplace_read(GKeyFile *file, const char *path,
			      const char *group, miyin_codeplace *spot,
			      GError **error)
{
	int at;

	if (!miyin_keyfile_check_group(file, path, group, spot_keys, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "at", anchors, &at,
				      error) ||
	    !get_mm(file, path, group, "x", 0, &spot->x_mm, error) ||
	    !get_mm(file, path, group, "y", 0, &spot->y_mm, error) ||
	    !get_mm(file, path, group, "size", 10, &spot->size_mm, error))
		return FALSE;
	spot->at = at;
	if (at > MIYIN_AT_BOTTOM_RIGHT) {
		return miyin_keyfile_fail(path, group, "at", error,
					  _(" must be a corner of the sheet"));
	}
	return TRUE;
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

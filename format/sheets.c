/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/sheets.h>
#include <miyin/error.h>
#include <miyin/payload.h>
#include <miyin/text.h>
#include <string.h>

#define N_NUMBERS 11
#define N_COLUMNS (N_NUMBERS + 4)
#define N_TURNS 4
#define OBJECTS_MAX 8388607 /* readers' limit on object numbers */
#define PLACE_MAX 1e7	    /* no honest coordinate is larger */
#define SIDE_MIN_PT 0.99    /* as prepare measures, and a rounding */
#define SIDE_MAX_PT 14401

char *miyin_sheets_format(const miyin_sheets *sheets)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(
		text, "miyin-sheets 4 %u %u %" G_GUINT64_FORMAT "\n",
		sheets->pages->len, sheets->n_objects, sheets->xref);
	for (unsigned i = 0; i < sheets->pages->len; i++) {
		const miyin_sheet *sheet =
			&g_array_index(sheets->pages, miyin_sheet, i);
		const double numbers[N_NUMBERS] = {
			sheet->width_pt,  sheet->height_pt, sheet->matrix[0],
			sheet->matrix[1], sheet->matrix[2], sheet->matrix[3],
			sheet->matrix[4], sheet->matrix[5], sheet->shift.scale,
			sheet->shift.x,	  sheet->shift.y,
		};

		for (int n = 0; n < N_NUMBERS; n++) {
			char number[G_ASCII_DTOSTR_BUF_SIZE];

			g_string_append(text,
					g_ascii_formatd(number, sizeof(number),
							"%.5f", numbers[n]));
			g_string_append_c(text, ' ');
		}
		g_string_append_printf(text, "%u %u %u %u\n", sheet->turn,
				       sheet->content, sheet->annotations,
				       sheet->group);
	}
	return g_string_free(text, FALSE);
}

static gboolean parse_head(const char *line, miyin_sheets *sheets,
			   unsigned *n_pages)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	return g_strv_length(words) == 5 &&
	       g_str_equal(words[0], "miyin-sheets") &&
	       g_str_equal(words[1], "4") &&
	       miyin_text_to_number(words[2], 1, MIYIN_PAGES_MAX, n_pages) &&
	       miyin_text_to_number(words[3], 1, OBJECTS_MAX,
				    &sheets->n_objects) &&
	       g_ascii_string_to_unsigned(words[4], 10, 1, G_MAXINT64,
					  &sheets->xref, NULL);
}

static gboolean parse_page(const char *line, unsigned n_objects,
			   miyin_sheet *sheet)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	double numbers[N_NUMBERS];

	if (g_strv_length(words) != N_COLUMNS)
		return FALSE;
	for (int i = 0; i < N_NUMBERS; i++)
		if (!miyin_text_to_measure(words[i], -PLACE_MAX, PLACE_MAX,
					   &numbers[i]))
			return FALSE;
	if (numbers[0] < SIDE_MIN_PT || numbers[0] > SIDE_MAX_PT ||
	    numbers[1] < SIDE_MIN_PT || numbers[1] > SIDE_MAX_PT ||
	    numbers[8] <= 0 || numbers[8] > 1)
		return FALSE;
	sheet->width_pt = numbers[0];
	sheet->height_pt = numbers[1];
	memcpy(sheet->matrix, numbers + 2, sizeof(sheet->matrix));
	sheet->shift = (miyin_shift){ numbers[8], numbers[9], numbers[10] };
	return miyin_text_to_number(words[N_NUMBERS], 0, N_TURNS - 1,
				    &sheet->turn) &&
	       miyin_text_to_number(words[N_NUMBERS + 1], 0, n_objects - 1,
				    &sheet->content) &&
	       miyin_text_to_number(words[N_NUMBERS + 2], 0, n_objects - 1,
				    &sheet->annotations) &&
	       miyin_text_to_number(words[N_NUMBERS + 3], 0, n_objects - 1,
				    &sheet->group);
}

miyin_sheets *miyin_sheets_parse(const char *text, gsize length, GError **error)
{
	g_autofree char *copy = g_strndup(text, length);
	g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
	g_autoptr(miyin_sheets) sheets = g_new0(miyin_sheets, 1);
	unsigned n_pages;

	sheets->pages = g_array_new(FALSE, FALSE, sizeof(miyin_sheet));
	if (!lines[0] || !parse_head(lines[0], sheets, &n_pages) ||
	    g_strv_length(lines) != n_pages + 2)
		goto malformed;
	for (unsigned i = 1; i <= n_pages; i++) {
		miyin_sheet sheet;

		if (!parse_page(lines[i], sheets->n_objects, &sheet))
			goto malformed;
		g_array_append_val(sheets->pages, sheet);
	}
	return g_steal_pointer(&sheets);
malformed:
	miyin_fail(error, MIYIN_ERROR_INPUT, "The list of pages is malformed.");
	return NULL;
}

void miyin_sheets_free(miyin_sheets *sheets)
{
	if (!sheets)
		return;
	g_array_unref(sheets->pages);
	g_free(sheets);
}

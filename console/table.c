/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define GAP 2 /* spaces between two columns */
#define FLUSH_ROWS 1000

struct miyin_table {
	miyin_table_form form;
	const miyin_column *columns;
	unsigned n_columns, width;
	unsigned n_rows;
	GPtrArray *cells; /* people: char *, row after row */
	unsigned *widths; /* people: of the columns that were flushed */
	gboolean flushed;
	GString *text; /* CSV and JSON: the rows so far */
};

/* How wide each column becomes; a hidden one is left out. */
typedef struct {
	unsigned width;
	gboolean hidden;
} layout;

/* ---- text ------------------------------------------------------------- */

/* Escape sequences work on whoever reads the list; so does a character that
 * turns the reading direction around. */
static gboolean steers_terminal(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return TRUE;
	default:
		return FALSE;
	}
}

static char *clean_text(const char *text, const char *keep)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *clean = g_string_sized_new(strlen(valid));

	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (steers_terminal(c) && !(c < 0x80 && strchr(keep, (int)c)))
			c = 0xfffd;
		g_string_append_unichar(clean, c);
	}
	return g_string_free(clean, FALSE);
}

/* Columns that a terminal gives to it. */
static unsigned width_of(gunichar c)
{
	return g_unichar_iswide(c) ? 2 : g_unichar_iszerowidth(c) ? 0 : 1;
}

static unsigned text_width(const char *text)
{
	unsigned width = 0;

	for (; *text; text = g_utf8_next_char(text))
		width += width_of(g_utf8_get_char(text));
	return width;
}

/* ---- CSV -------------------------------------------------------------- */

/*
 * A cell that begins like a formula would be run by the spreadsheet, so it
 * gets an apostrophe. The wide forms of the signs are taken for the narrow
 * ones by spreadsheets in Chinese and Japanese.
 */
static gboolean looks_like_formula(const char *cell)
{
	static const char *const signs[] = { "=",  "+",	 "-",  "@",  "\t", "\r",
					     "\n", "＝", "＋", "－", "＠" };

	for (unsigned i = 0; i < G_N_ELEMENTS(signs); i++) {
		if (g_str_has_prefix(cell, signs[i]))
			return TRUE;
	}
	return FALSE;
}

/* Every cell is quoted: an import wizard then takes a serial for text. */
static void append_csv_cell(GString *text, const char *cell)
{
	g_string_append_c(text, '"');
	if (looks_like_formula(cell))
		g_string_append_c(text, '\'');
	for (; *cell; cell++) {
		if (*cell == '"')
			g_string_append_c(text, '"');
		g_string_append_c(text, *cell);
	}
	g_string_append_c(text, '"');
}

static void begin_csv(miyin_table *table)
{
	g_string_append(table->text, "\xef\xbb\xbf");
	for (unsigned i = 0; i < table->n_columns; i++) {
		g_string_append(table->text, i ? "," : "");
		append_csv_cell(
			table->text,
			g_dpgettext2(NULL, "heading", table->columns[i].name));
	}
	g_string_append(table->text, "\r\n");
}

/* A cell as text; a serial gets its zeros. Free with g_free. */
static char *cell_text(const miyin_column *column, const char *cell,
		       const char *keep)
{
	if (column->kind == MIYIN_CELL_SERIAL && cell && *cell)
		return g_strdup_printf("%06" G_GUINT64_FORMAT,
				       g_ascii_strtoull(cell, NULL, 10));
	return clean_text(cell ? cell : "", keep);
}

static void add_csv(miyin_table *table, const char *const *cells)
{
	for (unsigned i = 0; i < table->n_columns; i++) {
		g_autofree char *cell =
			cell_text(&table->columns[i], cells[i], "\t\r\n");

		g_string_append(table->text, i ? "," : "");
		append_csv_cell(table->text, cell);
	}
	g_string_append(table->text, "\r\n");
}

/* ---- JSON ------------------------------------------------------------- */

static void build_member(JsonBuilder *builder, const miyin_column *column,
			 const char *cell)
{
	g_autofree char *text = clean_text(cell ? cell : "", "\t\r\n");

	json_builder_set_member_name(builder, column->name);
	if (column->kind == MIYIN_CELL_TEXT)
		json_builder_add_string_value(builder, text);
	else if (!*text)
		json_builder_add_null_value(builder);
	else
		json_builder_add_int_value(builder,
					   g_ascii_strtoll(text, NULL, 10));
}

static void add_json(miyin_table *table, const char *const *cells)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;
	g_autofree char *text = NULL;

	json_builder_begin_object(builder);
	for (unsigned i = 0; i < table->n_columns; i++)
		build_member(builder, &table->columns[i], cells[i]);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	text = json_to_string(root, FALSE);
	g_string_append_printf(table->text, "%s\n%s", table->n_rows ? "," : "",
			       text);
}

/* ---- a table for people ----------------------------------------------- */

static void add_people(miyin_table *table, const char *const *cells)
{
	for (unsigned i = 0; i < table->n_columns; i++)
		g_ptr_array_add(table->cells,
				cell_text(&table->columns[i], cells[i], ""));
}

static void measure(const miyin_table *table, layout *place)
{
	for (unsigned i = 0; i < table->n_columns; i++)
		place[i].width = MAX(table->widths[i],
				     text_width(table->columns[i].name));
	for (unsigned i = 0; i < table->cells->len; i++) {
		layout *at = &place[i % table->n_columns];

		at->width = MAX(at->width, text_width(table->cells->pdata[i]));
	}
}

/* The next rows stand under these. */
static void keep_widths(miyin_table *table, const layout *place)
{
	for (unsigned i = 0; i < table->n_columns; i++)
		table->widths[i] = place[i].width;
	g_ptr_array_set_size(table->cells, 0);
	table->flushed = TRUE;
}

static unsigned least_width(const miyin_column *column, const layout *place)
{
	return column->least ? MIN(column->least, place->width) : place->width;
}

/* Width of a line, as it is or with everything cut as far as it may be. */
static unsigned line_width(const miyin_table *table, const layout *place,
			   gboolean cut)
{
	unsigned width = 0;

	for (unsigned i = 0; i < table->n_columns; i++) {
		if (place[i].hidden)
			continue;
		width += width ? GAP : 0;
		width += cut ? least_width(&table->columns[i], &place[i])
			     : place[i].width;
	}
	return width;
}

/* Hide the next column that may be left out; FALSE when there is none. */
static gboolean hide_one(const miyin_table *table, layout *place)
{
	int next = -1;

	for (unsigned i = 0; i < table->n_columns; i++) {
		unsigned leave = table->columns[i].leave;

		if (place[i].hidden || !leave)
			continue;
		if (next < 0 || leave < table->columns[next].leave)
			next = i;
	}
	if (next < 0)
		return FALSE;
	place[next].hidden = TRUE;
	return TRUE;
}

/* Make the widest column that may be cut one narrower. */
static gboolean cut_one(const miyin_table *table, layout *place)
{
	int widest = -1;

	for (unsigned i = 0; i < table->n_columns; i++) {
		if (place[i].hidden || !table->columns[i].least ||
		    place[i].width <= table->columns[i].least)
			continue;
		if (widest < 0 || place[i].width > place[widest].width)
			widest = i;
	}
	if (widest < 0)
		return FALSE;
	place[widest].width--;
	return TRUE;
}

/* What still does not fit is left to the terminal to wrap: no cell that
 * must stay is ever cut. */
static void fit(const miyin_table *table, layout *place)
{
	if (!table->width)
		return;
	while (line_width(table, place, TRUE) > table->width)
		if (!hide_one(table, place))
			break;
	while (line_width(table, place, FALSE) > table->width)
		if (!cut_one(table, place))
			break;
}

static void append_cell(GString *line, const char *cell, unsigned width,
			gboolean right)
{
	unsigned used = text_width(cell);
	gboolean cut = used > width;

	if (right && !cut)
		g_string_append_printf(line, "%*s", (int)(width - used), "");
	if (!cut) {
		g_string_append(line, cell);
	} else {
		used = 1; /* the ellipsis */
		for (; *cell; cell = g_utf8_next_char(cell)) {
			gunichar c = g_utf8_get_char(cell);

			if (used + width_of(c) > width)
				break;
			g_string_append_unichar(line, c);
			used += width_of(c);
		}
		g_string_append(line, "…");
	}
	if (!right && used < width)
		g_string_append_printf(line, "%*s", (int)(width - used), "");
}

static void append_line(const miyin_table *table, const layout *place,
			char *const *cells, GString *text)
{
	g_autoptr(GString) line = g_string_new(NULL);
	gboolean first = TRUE;

	for (unsigned i = 0; i < table->n_columns; i++) {
		const miyin_column *column = &table->columns[i];

		if (place[i].hidden)
			continue;
		if (!first)
			g_string_append_printf(line, "%*s", GAP, "");
		first = FALSE;
		append_cell(line, cells ? cells[i] : column->name,
			    place[i].width, column->kind != MIYIN_CELL_TEXT);
	}
	g_strchomp(line->str);
	g_string_append_printf(text, "%s\n", line->str);
}

static void append_left_out(const miyin_table *table, const layout *place,
			    GString *text)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *list = NULL;

	for (unsigned i = 0; i < table->n_columns; i++)
		if (place[i].hidden)
			g_ptr_array_add(names, (char *)table->columns[i].name);
	if (!names->len)
		return;
	g_ptr_array_add(names, NULL);
	list = g_strjoinv(", ", (char **)names->pdata);
	g_string_append_printf(text, _("(No room for: %s)\n"), list);
}

static char *format_people(miyin_table *table, gboolean last)
{
	g_autofree layout *place = g_new0(layout, table->n_columns);
	g_autoptr(GString) text = g_string_new(NULL);

	if (!table->n_rows)
		return g_strdup("");
	measure(table, place);
	fit(table, place);
	if (*table->columns[0].name && !table->flushed)
		append_line(table, place, NULL, text);
	for (unsigned i = 0; i < table->cells->len; i += table->n_columns)
		append_line(table, place, (char **)table->cells->pdata + i,
			    text);
	if (last)
		append_left_out(table, place, text);
	else
		keep_widths(table, place);
	return g_strdup(text->str);
}

/* ---- public ----------------------------------------------------------- */

miyin_table *miyin_table_new(miyin_table_form form, const miyin_column *columns,
			     unsigned width)
{
	miyin_table *table = g_new0(miyin_table, 1);

	table->form = form;
	table->columns = columns;
	table->width = width;
	while (columns[table->n_columns].name)
		table->n_columns++;
	table->cells = g_ptr_array_new_with_free_func(g_free);
	table->widths = g_new0(unsigned, table->n_columns);
	table->text = g_string_new(form == MIYIN_TABLE_JSON ? "[" : NULL);
	if (form == MIYIN_TABLE_CSV)
		begin_csv(table);
	return table;
}

void miyin_table_free(miyin_table *table)
{
	if (!table)
		return;
	g_ptr_array_unref(table->cells);
	g_free(table->widths);
	g_string_free(table->text, TRUE);
	g_free(table);
}

void miyin_table_add(miyin_table *table, const char *const *cells)
{
	switch (table->form) {
	case MIYIN_TABLE_PEOPLE:
		add_people(table, cells);
		break;
	case MIYIN_TABLE_CSV:
		add_csv(table, cells);
		break;
	case MIYIN_TABLE_JSON:
		add_json(table, cells);
		break;
	}
	table->n_rows++;
}

unsigned miyin_table_count(const miyin_table *table)
{
	return table->n_rows;
}

char *miyin_table_flush(miyin_table *table)
{
	g_autofree char *text = NULL;

	if (table->n_rows == 0 || table->n_rows % FLUSH_ROWS != 0)
		return NULL;
	if (table->form == MIYIN_TABLE_PEOPLE)
		return format_people(table, FALSE);
	text = g_strdup(table->text->str);
	g_string_truncate(table->text, 0);
	return g_steal_pointer(&text);
}

char *miyin_table_format(miyin_table *table)
{
	switch (table->form) {
	case MIYIN_TABLE_PEOPLE:
		return format_people(table, TRUE);
	case MIYIN_TABLE_JSON:
		return g_strdup_printf("%s%s]\n", table->text->str,
				       table->n_rows ? "\n" : "");
	default:
		return g_strdup(table->text->str);
	}
}

unsigned miyin_table_terminal_width(int fd)
{
	struct winsize size;

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

char *miyin_table_clean(const char *text)
{
	return clean_text(text ? text : "", "");
}

char *miyin_table_format_number(guint64 number)
{
	if (!number)
		return g_strdup("");
	return g_strdup_printf("%" G_GUINT64_FORMAT, number);
}

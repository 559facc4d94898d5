/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/form.h>
#include <miyin/keyfile.h>

#define NAME "form"
#define TABLES_MAX 9
#define SIDE_MIN_PT 72
#define SIDE_MAX_PT 14400
#define LEAST_MAX_PT 200

static void table_free(miyin_form_table *table)
{
	g_strfreev(table->heading);
	g_ptr_array_unref(table->rows);
	g_free(table);
}

miyin_form *miyin_form_new(double width_pt, double height_pt, const char *title)
{
	miyin_form *form = g_new0(miyin_form, 1);

	form->width_pt = width_pt;
	form->height_pt = height_pt;
	form->title = g_strdup(title);
	form->tables =
		g_ptr_array_new_with_free_func((GDestroyNotify)table_free);
	return form;
}

void miyin_form_free(miyin_form *form)
{
	g_free(form->title);
	g_ptr_array_unref(form->tables);
	g_free(form);
}

miyin_form_table *miyin_form_add_table(miyin_form *form, unsigned n_columns,
				       const unsigned *widths,
				       const char *const *heading,
				       double least_pt)
{
	miyin_form_table *table = g_new0(miyin_form_table, 1);

	table->n_columns = n_columns;
	table->heading = g_new0(char *, n_columns + 1);
	table->least_pt = least_pt;
	table->rows =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	for (unsigned i = 0; i < n_columns; i++) {
		table->widths[i] = widths[i];
		table->heading[i] = g_strdup(heading[i]);
	}
	g_ptr_array_add(form->tables, table);
	return table;
}

void miyin_form_add_row(miyin_form_table *table, const char *const *texts)
{
	char **row = g_new0(char *, table->n_columns + 1);

	for (unsigned i = 0; i < table->n_columns; i++) {
		row[i] = g_strdup(*texts ? *texts : "");
		if (*texts)
			texts++;
	}
	g_ptr_array_add(table->rows, row);
}

static void set_pt(GKeyFile *file, const char *group, const char *key,
		   double pt)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_key_file_set_string(file, group, key,
			      g_ascii_formatd(text, sizeof(text), "%.2f", pt));
}

static void write_table(GKeyFile *file, const char *group,
			const miyin_form_table *table)
{
	int widths[MIYIN_FORM_COLUMNS_MAX];

	for (unsigned i = 0; i < table->n_columns; i++)
		widths[i] = (int)table->widths[i];
	g_key_file_set_integer_list(file, group, "columns", widths,
				    table->n_columns);
	g_key_file_set_string_list(file, group, "heading",
				   (const char *const *)table->heading,
				   table->n_columns);
	set_pt(file, group, "least", table->least_pt);
	g_key_file_set_integer(file, group, "n-rows", table->rows->len);
	for (unsigned i = 0; i < table->rows->len; i++) {
		char number[12];

		g_snprintf(number, sizeof(number), "%u", i + 1);
		g_key_file_set_string_list(
			file, group, number,
			(const char *const *)table->rows->pdata[i],
			table->n_columns);
	}
}

char *miyin_form_format(const miyin_form *form)
{
	g_autoptr(GKeyFile) file = g_key_file_new();

	g_key_file_set_string(file, NAME, "title", form->title);
	set_pt(file, NAME, "width", form->width_pt);
	set_pt(file, NAME, "height", form->height_pt);
	g_key_file_set_integer(file, NAME, "n-tables", form->tables->len);
	for (unsigned i = 0; i < form->tables->len; i++) {
		g_autofree char *group = g_strdup_printf("table %u", i + 1);

		write_table(file, group, form->tables->pdata[i]);
	}
	return g_key_file_to_data(file, NULL, NULL);
}

/* n texts, or a failure. */
static char **get_texts(miyin_keyfile_group *g, const char *key, unsigned n)
{
	char **texts =
		g_key_file_get_string_list(g->file, g->group, key, NULL, NULL);

	if (!texts || g_strv_length(texts) != n)
		miyin_keyfile_fail(g, key, " has not %u texts", n);
	return texts;
}

static void parse_table(miyin_keyfile_group *g, miyin_form *form)
{
	gsize n = 0;
	g_autofree int *columns = g_key_file_get_integer_list(
		g->file, g->group, "columns", &n, NULL);
	g_auto(GStrv) heading = NULL;
	unsigned widths[MIYIN_FORM_COLUMNS_MAX], n_rows;
	miyin_form_table *table;
	double least;

	if (n < 1 || n > MIYIN_FORM_COLUMNS_MAX)
		miyin_keyfile_fail(g, "columns", " is wrong");
	heading = get_texts(g, "heading", n);
	least = miyin_keyfile_get_measure(g, "least", 0, LEAST_MAX_PT);
	n_rows = miyin_keyfile_get_number(g, "n-rows", 0, MIYIN_FORM_ROWS_MAX);
	for (gsize i = 0; !g->failed && i < n; i++) {
		if (columns[i] < 1 || columns[i] > 1000)
			miyin_keyfile_fail(g, "columns", " is wrong");
		widths[i] = columns[i];
	}
	if (g->failed)
		return;
	table = miyin_form_add_table(form, n, widths,
				     (const char *const *)heading, least);
	for (unsigned i = 0; i < n_rows && !g->failed; i++) {
		g_auto(GStrv) row = NULL;
		char number[12];

		g_snprintf(number, sizeof(number), "%u", i + 1);
		row = get_texts(g, number, n);
		if (!g->failed)
			miyin_form_add_row(table, (const char *const *)row);
	}
}

miyin_form *miyin_form_parse(const char *text, gsize length, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(miyin_form) form = miyin_form_new(0, 0, NULL);
	miyin_keyfile_group g = { file, NULL, NAME, error, FALSE };
	unsigned n_tables;

	if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE,
				       NULL)) {
		miyin_keyfile_fail(&g, NULL, " is no key file");
		return NULL;
	}
	miyin_keyfile_check_group(&g, "title width height n-tables");
	form->width_pt = miyin_keyfile_get_measure(&g, "width", SIDE_MIN_PT,
						   SIDE_MAX_PT);
	form->height_pt = miyin_keyfile_get_measure(&g, "height", SIDE_MIN_PT,
						    SIDE_MAX_PT);
	n_tables = miyin_keyfile_get_number(&g, "n-tables", 0, TABLES_MAX);
	form->title = miyin_keyfile_get_text(&g, "title");
	for (unsigned i = 0; i < n_tables && !g.failed; i++) {
		g_autofree char *group = g_strdup_printf("table %u", i + 1);

		g.group = group;
		parse_table(&g, form);
	}
	if (g.failed)
		return NULL;
	return g_steal_pointer(&form);
}

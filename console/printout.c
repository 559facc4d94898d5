/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "printout.h"
#include "cells.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

void miyin_printout_open(miyin_printout *out, const miyin_selection *typed,
			 const miyin_column *people, const miyin_column *fields,
			 const miyin_config *config)
{
	out->form = typed->json	 ? MIYIN_TABLE_JSON
		    : typed->csv ? MIYIN_TABLE_CSV
				 : MIYIN_TABLE_PEOPLE;
	out->table = miyin_table_new(
		out->form, out->form == MIYIN_TABLE_PEOPLE ? people : fields,
		miyin_table_terminal_width(STDOUT_FILENO));
	out->zone = g_time_zone_new_local();
	out->levels = miyin_levels_open(config->scheme_dir);
	out->scheme_dir = config->scheme_dir;
}

void miyin_printout_add(miyin_printout *out, const char *const *cells)
{
	g_autofree char *text = NULL;

	miyin_table_add(out->table, cells);
	text = miyin_table_flush(out->table);
	if (text)
		fputs(text, stdout);
}

void miyin_printout_end(miyin_printout *out)
{
	g_autofree char *text = miyin_table_format(out->table);

	fputs(text, stdout);
	if (out->form == MIYIN_TABLE_PEOPLE && !miyin_table_count(out->table))
		fprintf(stderr, "%s\n", _("No entries."));
}

void miyin_printout_clear(miyin_printout *out)
{
	g_clear_pointer(&out->table, miyin_table_free);
	g_clear_pointer(&out->zone, g_time_zone_unref);
	g_clear_pointer(&out->levels, g_ptr_array_unref);
}

const char *miyin_printout_word(const miyin_printout *out, const char *id)
{
	return out->form == MIYIN_TABLE_CSV ? miyin_cells_format_word(id) : id;
}

char *miyin_printout_level(const miyin_printout *out, const char *scheme,
			   const char *level)
{
	return out->form == MIYIN_TABLE_CSV
		       ? miyin_levels_typed(out->levels, scheme, level)
		       : g_strdup(level);
}

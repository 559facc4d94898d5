/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyinmark: the marking engine, a program of steps. Only `prepare` parses
 * the user's document, only `stamp` draws marks, `inspect` and `verify` look
 * with a second engine. Files come and go over numbered descriptors:
 *
 *   miyinmark prepare   0 document   1 base      3 sheets (out)      4 plain
 *   miyinmark identity  0 document   1 identity                      4 plain
 *   miyinmark appearance  0 plain                           1 appearance
 *   miyinmark inspect   0 plain      3 sheets (in, out)   4 order    1 answer
 *   miyinmark raster    0 plain      1 base      3 sheets (in, out)   4 answer
 *   miyinmark stamp     0 base       3 sheets    4 order    1 copy
 *   miyinmark verify    0 copy       3 sheets    4 order     1 pages
 *   miyinmark form      0 form       1 document
 *   miyinmark glyphs                             4 order     1 characters
 *   miyinmark blend     0 copy       1 answer
 *
 * The answer is "kept SCALE LEVEL" or "moved SCALE LEVEL"; without the last
 * word the first page bears no level. raster, for levels that ask for it,
 * makes a base of pictures instead of the one of prepare; it answers its least
 * resolution, "300". The appearance is two words, "-" for none. glyphs finds
 * the characters of the order's words that no font here has. blend answers
 * "blends" or "opaque". The pages to verify are numbers, 1 up, a line each;
 * without any, all are.
 *
 * Every step works in a sandbox once it has its files.
 * Exit 0, or 1 with one line on standard error: a refusal's id and its
 * arguments, tab separated.
 */
#include "appearance.h"
#include "blend.h"
#include "fault.h"
#include "formpdf.h"
#include "inspect.h"
#include "prepare.h"
#include "raster.h"
#include "stamp.h"
#include "type.h"
#include "verify.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/order.h>
#include <miyin/sandbox.h>
#include <miyin/sheets.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	FD_IN = 0,
	FD_OUT = 1,
	FD_PAGES = 1,
	FD_SHEETS = 3,
	FD_ORDER = 4,
	FD_ANSWER = 4,
	FD_PLAIN = 4
};

typedef gboolean (*step_func)(GError **error);

static gboolean write_bytes(int fd, GBytes *bytes, GError **error)
{
	return miyin_memfile_write(fd, g_bytes_get_data(bytes, NULL),
				   g_bytes_get_size(bytes), error);
}

static gboolean step_prepare(GError **error)
{
	g_autoptr(GBytes) pdf = miyin_memfile_map(FD_IN, error);
	g_autoptr(GBytes) base = NULL, plain = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autofree char *text = NULL;

	if (!pdf || !miyin_sandbox_enter(MIYIN_SANDBOX_PARSE, NULL, error) ||
	    !miyin_prepare(pdf, &base, &plain, &sheets, error))
		return FALSE;
	text = miyin_sheets_format(sheets);
	return write_bytes(FD_OUT, base, error) &&
	       write_bytes(FD_PLAIN, plain, error) &&
	       miyin_memfile_write(FD_SHEETS, text, strlen(text), error);
}

static gboolean step_identity(GError **error)
{
	g_autoptr(GBytes) pdf = miyin_memfile_map(FD_IN, error);
	g_autoptr(GBytes) plain = NULL;
	g_autofree char *identity = NULL;

	if (!pdf || !miyin_sandbox_enter(MIYIN_SANDBOX_PARSE, NULL, error))
		return FALSE;
	identity = miyin_prepare_identity(pdf, &plain, error);
	return identity && write_bytes(FD_PLAIN, plain, error) &&
	       miyin_memfile_write(FD_OUT, identity, strlen(identity), error);
}

static gboolean step_appearance(GError **error)
{
	g_autoptr(GBytes) pdf = miyin_memfile_map(FD_IN, error);
	g_auto(miyin_appearance) seen = { NULL, NULL, 0 };
	g_autofree char *answer = NULL;

	if (!pdf || !miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, error) ||
	    !miyin_appearance_read(pdf, &seen, error))
		return FALSE;
	answer = g_strdup_printf("%s %s %u", *seen.shown ? seen.shown : "-",
				 *seen.words ? seen.words : "-", seen.carried);
	return miyin_memfile_write(FD_OUT, answer, strlen(answer), error);
}

/* Turned: the steps after this one must see the pages as it did. */
static gboolean rewrite_sheets(const miyin_sheets *sheets, GError **error)
{
	g_autofree char *text = miyin_sheets_format(sheets);

	miyin_memfile_rewind(FD_SHEETS);
	if (ftruncate(FD_SHEETS, 0) != 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The list of pages cannot be written.");
		return FALSE;
	}
	return miyin_memfile_write(FD_SHEETS, text, strlen(text), error);
}

static miyin_sheets *read_sheets(GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(FD_SHEETS, error);

	return bytes ? miyin_sheets_parse(g_bytes_get_data(bytes, NULL),
					  g_bytes_get_size(bytes), error)
		     : NULL;
}

static miyin_order *read_order(GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(FD_ORDER, error);

	return bytes ? miyin_order_parse(g_bytes_get_data(bytes, NULL),
					 g_bytes_get_size(bytes), error)
		     : NULL;
}

static gboolean step_inspect(GError **error)
{
	g_autoptr(GBytes) pdf = miyin_memfile_map(FD_IN, error);
	g_autoptr(miyin_sheets) sheets = pdf ? read_sheets(error) : NULL;
	g_autoptr(miyin_order) order = sheets ? read_order(error) : NULL;
	miyin_inspection inspection;
	char scale[G_ASCII_DTOSTR_BUF_SIZE];
	g_autofree char *answer = NULL;

	if (!order || !miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, error) ||
	    !miyin_inspect(pdf, sheets, order, &inspection, error))
		return FALSE;
	g_ascii_formatd(scale, sizeof(scale), "%.4f", inspection.scale);
	answer = g_strjoin(" ", inspection.moved ? "moved" : "kept", scale,
			   inspection.declared < 0
				   ? NULL
				   : order->levels[inspection.declared].id,
			   NULL);
	return miyin_memfile_write(FD_OUT, answer, strlen(answer), error) &&
	       rewrite_sheets(sheets, error);
}

static gboolean step_raster(GError **error)
{
	g_autoptr(GBytes) pdf = miyin_memfile_map(FD_IN, error);
	g_autoptr(miyin_sheets) sheets = pdf ? read_sheets(error) : NULL;
	char answer[G_ASCII_DTOSTR_BUF_SIZE];
	double dpi;

	if (!sheets ||
	    !miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, error) ||
	    !miyin_raster(FD_OUT, pdf, sheets, &dpi, error))
		return FALSE;
	g_ascii_formatd(answer, sizeof(answer), "%.0f", dpi);
	return miyin_memfile_write(FD_ANSWER, answer, strlen(answer), error) &&
	       rewrite_sheets(sheets, error);
}

static gboolean step_stamp(GError **error)
{
	g_autoptr(GBytes) base = miyin_memfile_map(FD_IN, error);
	g_autoptr(miyin_sheets) sheets = base ? read_sheets(error) : NULL;
	g_autoptr(miyin_order) order = sheets ? read_order(error) : NULL;

	return order &&
	       miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, error) &&
	       miyin_stamp(FD_OUT, base, sheets, order, error);
}

static GArray *read_pages(const miyin_order *order, GError **error)
{
	g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(unsigned));
	g_autoptr(GBytes) bytes = miyin_memfile_map(FD_PAGES, NULL);
	g_autofree char *text =
		bytes && g_bytes_get_size(bytes) > 0
			? g_strndup(g_bytes_get_data(bytes, NULL),
				    g_bytes_get_size(bytes))
			: g_strdup("");
	g_auto(GStrv) words = g_strsplit(g_strchomp(text), "\n", -1);

	for (int i = 0; words[i]; i++) {
		guint64 page;

		if (!g_ascii_string_to_unsigned(words[i], 10, 1, order->n_pages,
						&page, error))
			return NULL;
		page--;
		g_array_append_vals(pages, &(unsigned){ page }, 1);
	}
	for (unsigned i = 0; !words[0] && i < order->n_pages; i++)
		g_array_append_val(pages, i);
	return g_steal_pointer(&pages);
}

static gboolean step_verify(GError **error)
{
	g_autoptr(GBytes) copy = miyin_memfile_map(FD_IN, error);
	g_autoptr(miyin_sheets) sheets = copy ? read_sheets(error) : NULL;
	g_autoptr(miyin_order) order = sheets ? read_order(error) : NULL;
	g_autoptr(GArray) pages = order ? read_pages(order, error) : NULL;
	g_autoptr(GBytes) lines =
		pages ? miyin_verify_lines(sheets, order, error) : NULL;

	return lines &&
	       miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, error) &&
	       miyin_verify_pages(copy, lines, sheets, order, pages, error);
}

static gboolean step_form(GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(FD_IN, error);
	g_autoptr(miyin_form) form =
		bytes ? miyin_form_parse(g_bytes_get_data(bytes, NULL),
					 g_bytes_get_size(bytes), error)
		      : NULL;
	g_autoptr(GByteArray) pdf =
		form && miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, error)
			? miyin_formpdf_draw(form, error)
			: NULL;

	return pdf && miyin_memfile_write(FD_OUT, pdf->data, pdf->len, error);
}

static gboolean step_glyphs(GError **error)
{
	g_autoptr(miyin_order) order = read_order(error);
	g_autofree char *missing = NULL;

	if (!order || !miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, error))
		return FALSE;
	missing = miyin_type_find_missing(order->layout);
	return miyin_memfile_write(FD_OUT, missing, strlen(missing), error);
}

static gboolean step_blend(GError **error)
{
	g_autoptr(GBytes) copy = miyin_memfile_map(FD_IN, error);
	gboolean blends;
	const char *answer;

	if (!copy || !miyin_sandbox_enter(MIYIN_SANDBOX_PARSE, NULL, error) ||
	    !miyin_blend_find(copy, &blends, error))
		return FALSE;
	answer = blends ? "blends" : "opaque";
	return miyin_memfile_write(FD_OUT, answer, strlen(answer), error);
}

static const struct {
	const char *name;
	step_func run;
} steps[] = {
	{ "prepare", step_prepare },	   { "identity", step_identity },
	{ "appearance", step_appearance }, { "inspect", step_inspect },
	{ "raster", step_raster },	   { "stamp", step_stamp },
	{ "verify", step_verify },	   { "form", step_form },
	{ "glyphs", step_glyphs },	   { "blend", step_blend },
};

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *line = NULL;

	setlocale(LC_ALL, "C.UTF-8");
	for (unsigned i = 0; argc == 2 && i < G_N_ELEMENTS(steps); i++) {
		if (!g_str_equal(argv[1], steps[i].name))
			continue;
		if (steps[i].run(&error))
			return 0;
		line = miyin_fault_format(error);
		fprintf(stderr, "%s\n", line);
		return 1;
	}
	fprintf(stderr, "Usage: miyinmark prepare|identity|appearance|inspect|"
			"raster|stamp|verify|form|glyphs|blend\n");
	return 2;
}

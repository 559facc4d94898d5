/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyinmark: the marking engine, a program of steps, each a run of it or a fork
 * of `miyinmark serve`, which is warm (server.h). Only `prepare` parses
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
 * resolution, "300". The appearance is two hashes, "-" for none, and a page. glyphs finds
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
#include <miyin/server.h>
#include <miyin/sheets.h>
#include <fontconfig/fontconfig.h>
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

/* What a step has read of its descriptors before it is in its sandbox. */
typedef struct {
	GBytes *in;
	miyin_sheets *sheets;
	miyin_order *order;
} step_input;

static void step_input_clear(step_input *i)
{
	g_clear_pointer(&i->in, g_bytes_unref);
	g_clear_pointer(&i->sheets, miyin_sheets_free);
	g_clear_pointer(&i->order, miyin_order_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(step_input, step_input_clear)

static gboolean write_bytes(int fd, GBytes *bytes, GError **error)
{
	return miyin_memfile_write(fd, g_bytes_get_data(bytes, NULL),
				   g_bytes_get_size(bytes), error);
}

static gboolean write_text(int fd, const char *text, GError **error)
{
	return miyin_memfile_write(fd, text, strlen(text), error);
}

static gboolean step_prepare(const step_input *i, GError **error)
{
	g_autoptr(GBytes) base = NULL, plain = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autofree char *text = NULL;

	if (!miyin_prepare(i->in, &base, &plain, &sheets, error))
		return FALSE;
	text = miyin_sheets_format(sheets);
	return write_bytes(FD_OUT, base, error) &&
	       write_bytes(FD_PLAIN, plain, error) &&
	       write_text(FD_SHEETS, text, error);
}

static gboolean step_identity(const step_input *i, GError **error)
{
	g_autoptr(GBytes) plain = NULL;
	g_autofree char *identity =
		miyin_prepare_identity(i->in, &plain, error);

	return identity && write_bytes(FD_PLAIN, plain, error) &&
	       write_text(FD_OUT, identity, error);
}

static gboolean step_appearance(const step_input *i, GError **error)
{
	g_auto(miyin_appearance) seen = { NULL, NULL, 0 };
	g_autofree char *answer = NULL;

	if (!miyin_appearance_read(i->in, &seen, error))
		return FALSE;
	answer = g_strdup_printf("%s %s %u", *seen.shown ? seen.shown : "-",
				 *seen.words ? seen.words : "-", seen.carried);
	return write_text(FD_OUT, answer, error);
}

/* Turned: the steps after this one must see the pages as it did. */
static gboolean rewrite_sheets(const miyin_sheets *sheets, GError **error)
{
	g_autofree char *text = miyin_sheets_format(sheets);

	miyin_memfile_rewind(FD_SHEETS);
	if (ftruncate(FD_SHEETS, 0) != 0)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  "The list of pages cannot be written.");
	return write_text(FD_SHEETS, text, error);
}

static gboolean step_inspect(const step_input *i, GError **error)
{
	miyin_inspection inspection;
	char scale[G_ASCII_DTOSTR_BUF_SIZE];
	g_autofree char *answer = NULL;

	if (!miyin_inspect(i->in, i->sheets, i->order, &inspection, error))
		return FALSE;
	g_ascii_formatd(scale, sizeof(scale), "%.4f", inspection.scale);
	answer = g_strjoin(" ", inspection.moved ? "moved" : "kept", scale,
			   inspection.declared < 0
				   ? NULL
				   : i->order->levels[inspection.declared].id,
			   NULL);
	return write_text(FD_OUT, answer, error) &&
	       rewrite_sheets(i->sheets, error);
}

static gboolean step_raster(const step_input *i, GError **error)
{
	char answer[G_ASCII_DTOSTR_BUF_SIZE];
	double dpi;

	if (!miyin_raster(FD_OUT, i->in, i->sheets, &dpi, error))
		return FALSE;
	g_ascii_formatd(answer, sizeof(answer), "%.0f", dpi);
	return write_text(FD_ANSWER, answer, error) &&
	       rewrite_sheets(i->sheets, error);
}

static gboolean step_stamp(const step_input *i, GError **error)
{
	return miyin_stamp(FD_OUT, i->in, i->sheets, i->order, error);
}

static GArray *read_pages(const miyin_order *order, GError **error)
{
	g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(unsigned));
	g_autofree char *text = miyin_memfile_text(FD_PAGES, G_MAXSIZE, NULL);
	g_auto(GStrv) words =
		g_strsplit(text ? g_strchomp(text) : "", "\n", -1);

	for (int i = 0; words[i]; i++) {
		guint64 page;

		if (!g_ascii_string_to_unsigned(words[i], 10, 1, order->n_pages,
						&page, error))
			return NULL;
		g_array_append_vals(pages, &(unsigned){ page - 1 }, 1);
	}
	for (unsigned i = 0; !words[0] && i < order->n_pages; i++)
		g_array_append_val(pages, i);
	return g_steal_pointer(&pages);
}

static gboolean step_verify(const step_input *i, GError **error)
{
	g_autoptr(GArray) pages = read_pages(i->order, error);

	return pages &&
	       miyin_verify_pages(i->in, i->sheets, i->order, pages, error);
}

static gboolean step_form(const step_input *i, GError **error)
{
	g_autoptr(miyin_form) form = miyin_form_parse(
		g_bytes_get_data(i->in, NULL), g_bytes_get_size(i->in), error);
	g_autoptr(GByteArray) pdf =
		form ? miyin_formpdf_draw(form, error) : NULL;

	return pdf && miyin_memfile_write(FD_OUT, pdf->data, pdf->len, error);
}

static gboolean step_glyphs(const step_input *i, GError **error)
{
	g_autofree char *missing = miyin_type_find_missing(i->order->layout);

	return write_text(FD_OUT, missing, error);
}

static gboolean step_blend(const step_input *i, GError **error)
{
	gboolean blends;

	return miyin_blend_find(i->in, &blends, error) &&
	       write_text(FD_OUT, blends ? "blends" : "opaque", error);
}

enum { IN = 1, SHEETS = 2, ORDER = 4 };

static const struct step {
	const char *name;
	int needs;
	miyin_sandbox kind;
	gboolean (*run)(const step_input *i, GError **error);
} steps[] = {
	{ "prepare", IN, MIYIN_SANDBOX_PARSE, step_prepare },
	{ "identity", IN, MIYIN_SANDBOX_PARSE, step_identity },
	{ "appearance", IN, MIYIN_SANDBOX_RENDER, step_appearance },
	{ "inspect", IN | SHEETS | ORDER, MIYIN_SANDBOX_RENDER, step_inspect },
	{ "raster", IN | SHEETS, MIYIN_SANDBOX_RENDER, step_raster },
	{ "stamp", IN | SHEETS | ORDER, MIYIN_SANDBOX_RENDER, step_stamp },
	{ "verify", IN | SHEETS | ORDER, MIYIN_SANDBOX_RENDER, step_verify },
	{ "form", IN, MIYIN_SANDBOX_RENDER, step_form },
	{ "glyphs", ORDER, MIYIN_SANDBOX_RENDER, step_glyphs },
	{ "blend", IN, MIYIN_SANDBOX_PARSE, step_blend },
};

static gboolean read_input(const struct step *step, step_input *i,
			   GError **error)
{
	g_autoptr(GBytes) sheets = NULL, order = NULL;

	if (step->needs & IN && !(i->in = miyin_memfile_map(FD_IN, error)))
		return FALSE;
	if (step->needs & SHEETS) {
		sheets = miyin_memfile_map(FD_SHEETS, error);
		i->sheets = sheets ? miyin_sheets_parse(
					     g_bytes_get_data(sheets, NULL),
					     g_bytes_get_size(sheets), error)
				   : NULL;
		if (!i->sheets)
			return FALSE;
	}
	if (step->needs & ORDER) {
		order = miyin_memfile_map(FD_ORDER, error);
		i->order = order ? miyin_order_parse(
					   g_bytes_get_data(order, NULL),
					   g_bytes_get_size(order), error)
				 : NULL;
		if (!i->order)
			return FALSE;
	}
	return TRUE;
}

static gboolean run(const struct step *step, GError **error)
{
	g_auto(step_input) i = { NULL };

	return read_input(step, &i, error) &&
	       miyin_sandbox_enter(step->kind, NULL, error) &&
	       step->run(&i, error);
}

static int work(const char *name, gpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *line = NULL;

	(void)data;
	for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
		if (!g_str_equal(name, steps[i].name))
			continue;
		if (run(&steps[i], &error))
			return 0;
		line = miyin_fault_format(error);
		fprintf(stderr, "%s\n", line);
		return 1;
	}
	fprintf(stderr, "Usage: miyinmark prepare|identity|appearance|inspect|"
			"raster|stamp|verify|form|glyphs|blend|serve\n");
	return 2;
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	if (argc != 2 || !g_str_equal(argv[1], "serve"))
		return work(argc == 2 ? argv[1] : "", NULL);
	/* Not Pango's part of it, which makes threads. */
	FcInit();
	miyin_server_run(work, NULL);
	return 0;
}

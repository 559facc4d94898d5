/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "convert.h"
#include "bare.h"
#include "acroform.h"
#include "pages.h"
#include "image.h"
#include "raster.h"
#include "run.h"
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BARE_PX "256" /* a stripe of one of 16 pages on a sheet is eight */

typedef struct {
	const char *job; /* a word for argv */
	const miyin_budget *budget;
} running;

static gboolean is_empty(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_size == 0;
}

void miyin_converted_clear(miyin_converted *converted)
{
	if (converted->pdf >= 0)
		close(converted->pdf);
	if (converted->source >= 0)
		close(converted->source);
	converted->pdf = converted->source = -1;
	g_clear_pointer(&converted->turns, g_free);
}

/* What is laid out is also what is looked at as its source. */
static int draw_form(int pdf, miyin_converted *to)
{
	int drawn = miyin_acroform_draw(pdf);

	if (drawn < 0)
		return pdf;
	if (to->source >= 0)
		close(to->source);
	to->source = drawn;
	return drawn;
}

/* The data is named /dev/stdin, so that the filters can seek in it and need
 * no temporary copy on disk. */
static int run_filter(const char *name, int input, const char *copies,
		      const char *options, const running *how, GError **error)
{
	const char *bin = g_getenv("CUPS_SERVERBIN");
	g_autofree char *path = g_build_filename(bin ? bin : "/usr/lib/cups",
						 "filter", name, NULL);
	const char *argv[] = { name,   how->job, "miyin",      "document",
			       copies, options,	 "/dev/stdin", NULL };

	return miyin_run(path, argv, input, how->budget, error);
}

/* Layout turns pages and does not tell how far. What it did to bare pages of
 * the same sizes can be seen. NULL when that cannot be done: marks then stand
 * as the paper does. */
static char *find_turns(int bare, const char *layout, const running *how)
{
	const char *const argv[] = { "pdftoppm", "-gray",      "-scale-to",
				     BARE_PX,	 "/dev/stdin", NULL };
	g_autoptr(GError) reason = NULL;
	g_autoptr(GBytes) bytes = NULL;
	int laid_out = run_filter("pdftopdf", bare, "1", layout, how, &reason);
	int pictures = laid_out < 0 ? -1
				    : miyin_run("/usr/bin/pdftoppm", argv,
						laid_out, how->budget, &reason);

	if (pictures >= 0)
		bytes = miyin_memfile_map(pictures, &reason);
	if (laid_out >= 0)
		close(laid_out);
	if (pictures >= 0)
		close(pictures);
	if (!bytes)
		fprintf(stderr,
			"DEBUG: how pages are turned is not known: "
			"%s\n",
			reason->message);
	return bytes ? miyin_bare_read(bytes) : NULL;
}

/* A page of a tree costs its writer a few bytes, and us a page's layout. */
static gboolean lay_out_pages(int pdf, const miyin_options *options,
			      const running *how, miyin_converted *to,
			      GError **error)
{
	miyin_counted counted;

	if (!miyin_pages_count(pdf, how->budget->pages, options->turns,
			       &counted, error))
		return FALSE;
	if (counted.n_pages > how->budget->pages)
		miyin_refuse(error, miyin_budget_refusal(how->budget,
							 MIYIN_BUDGET_PAGES));
	else
		to->pdf = run_filter("pdftopdf",
				     counted.form ? draw_form(pdf, to) : pdf,
				     "1", options->layout, how, error);
	if (to->pdf >= 0 && counted.bare >= 0)
		to->turns = find_turns(counted.bare, options->layout, how);
	if (counted.bare >= 0)
		close(counted.bare);
	return to->pdf >= 0;
}

/* pdftocairo does not ask. */
static gboolean may_be_printed(int input, const running *how, GError **error)
{
	const char *const argv[] = { "pdfinfo", "/dev/stdin", NULL };
	int answer =
		miyin_run("/usr/bin/pdfinfo", argv, input, how->budget, error);
	g_autoptr(GBytes) bytes =
		answer < 0 ? NULL : miyin_memfile_map(answer, error);
	gboolean forbidden =
		bytes && memmem(g_bytes_get_data(bytes, NULL),
				g_bytes_get_size(bytes), "(print:no", 9);

	if (answer >= 0)
		close(answer);
	if (forbidden)
		miyin_refuse_for(error, MIYIN_REFUSAL_FORBIDDEN);
	return bytes && !forbidden;
}

/* A new PDF of the pages, as Poppler sees them. */
static int repair(int input, const running *how, GError **error)
{
	const char *const argv[] = { "pdftocairo", "-pdf", "/dev/stdin", "-",
				     NULL };

	return may_be_printed(input, how, error)
		       ? miyin_run("/usr/bin/pdftocairo", argv, input,
				   how->budget, error)
		       : -1;
}

/* Poppler opens files that qpdf, which is in pdftopdf, gives up. Why it did
 * is what the user is told when that does not help. */
static gboolean lay_out_pdf(int input, const miyin_options *options,
			    const running *how, miyin_converted *to,
			    GError **error)
{
	g_autoptr(GError) reason = NULL;
	g_autoptr(GError) worse = NULL;

	if (lay_out_pages(input, options, how, to, &reason)) {
		if (to->source < 0)
			to->source = miyin_memfile_again(input, error);
		return to->source >= 0;
	}
	miyin_converted_clear(to);
	if (g_error_matches(reason, MIYIN_REFUSAL, MIYIN_REFUSAL_DAMAGED))
		to->source = repair(input, how, &worse);
	if (to->source >= 0)
		lay_out_pages(to->source, options, how, to, &worse);
	to->repaired = to->pdf >= 0;
	if (to->repaired)
		fputs("DEBUG: The PDF is damaged; it is printed as Poppler "
		      "reads it.\n",
		      stderr);
	else if (g_error_matches(worse, MIYIN_REFUSAL,
				 MIYIN_REFUSAL_FORBIDDEN) ||
		 g_error_matches(worse, MIYIN_REFUSAL, MIYIN_REFUSAL_BUDGET))
		g_propagate_error(error, g_steal_pointer(&worse));
	else
		g_propagate_error(error, g_steal_pointer(&reason));
	return to->repaired;
}

static void close_all(GArray *take_files)
{
	for (unsigned i = 0; i < take_files->len; i++)
		close(g_array_index(take_files, int, i));
	g_array_unref(take_files);
}

/* The pictures of an image, as PDFs of a page each and without their colours
 * (descriptors), and whether one of them, or an option, turns the page. */
typedef struct {
	GArray *pages, *bare;
	GArray *less; /* of double: miyin_image.less of the bare ones */
	gboolean turns;
} image_pages;

static gboolean set_pictures(const miyin_input *input,
			     const miyin_options *options, const running *how,
			     image_pages *to, GError **error)
{
	miyin_image picture = { .more = TRUE };

	for (unsigned i = 0; picture.more; i++) {
		int page;

		if (i >= how->budget->pages)
			return miyin_refuse(error, miyin_budget_refusal(
							   how->budget,
							   MIYIN_BUDGET_PAGES));
		if (!miyin_image_read(input->fd, i, how->budget, &picture,
				      error))
			return FALSE;
		page = run_filter("imagetopdf",
				  picture.flat >= 0 ? picture.flat : input->fd,
				  "1", options->layout, how, error);
		if (page >= 0)
			g_array_append_val(to->pages, page);
		if (picture.bare >= 0) {
			g_array_append_val(to->bare, picture.bare);
			g_array_append_val(to->less, picture.less);
		}
		picture.bare = -1;
		miyin_image_clear(&picture);
		if (page < 0)
			return FALSE;
		to->turns = to->turns || picture.wide;
	}
	return TRUE;
}

/* What imagetopdf and pdftopdf did to each, as find_turns. */
static char *find_turns_of_pictures(const image_pages *all,
				    const miyin_options *options,
				    const char *pages_layout,
				    const running *how)
{
	const GArray *bare = all->bare;
	GArray *pages = g_array_new(FALSE, FALSE, sizeof(int));
	char *turns = NULL;
	int joined = -1;

	for (unsigned i = 0; i < bare->len; i++) {
		/* With fewer pixels to the inch it is as large. */
		unsigned ppi = (unsigned)lround(
			options->ppi / g_array_index(all->less, double, i));
		g_autofree char *layout =
			options->ppi == 0
				? g_strdup(options->layout)
				: g_strdup_printf("%s ppi=%u", options->layout,
						  MAX(1, ppi));
		int page = run_filter("imagetopdf", g_array_index(bare, int, i),
				      "1", layout, how, NULL);

		if (page >= 0)
			g_array_append_val(pages, page);
	}
	if (pages->len == bare->len && pages->len > 0)
		joined = miyin_pages_join(pages, NULL);
	if (joined >= 0) {
		turns = find_turns(joined, pages_layout, how);
		close(joined);
	}
	close_all(pages);
	return turns;
}

/* CUPS lays no pages out for a picture that is alone: whole it stays, on a sheet
 * of its own. */
static char *choose_layout(const image_pages *all, const miyin_options *options)
{
	return all->pages->len > 1
		       ? g_strdup(options->picture_layout)
		       : g_strdup_printf("PageSize=%s sides=%s",
					 options->page_size, options->sides);
}

static gboolean lay_out_image(const miyin_input *input,
			      const miyin_options *options, const running *how,
			      miyin_converted *to, GError **error)
{
	image_pages all = { g_array_new(FALSE, FALSE, sizeof(int)),
			    g_array_new(FALSE, FALSE, sizeof(int)),
			    g_array_new(FALSE, FALSE, sizeof(double)),
			    options->turns };
	g_autofree char *layout = NULL;
	int joined = -1;

	if (set_pictures(input, options, how, &all, error))
		joined = miyin_pages_join(all.pages, error);
	layout = choose_layout(&all, options);
	if (joined >= 0) {
		to->pdf =
			run_filter("pdftopdf", joined, "1", layout, how, error);
		close(joined);
	}
	if (to->pdf >= 0 && all.turns)
		to->turns = find_turns_of_pictures(&all, options, layout, how);
	close_all(all.pages);
	close_all(all.bare);
	g_array_unref(all.less);
	return to->pdf >= 0;
}

/* Ghostscript by itself, for gstopdf calls a document empty, or damaged, when
 * its gs was killed: a small picture of each page. */
static gboolean paints_pages(int input, const running *how, gboolean *pages,
			     GError **error)
{
	const char *const argv[] = {
		"gs",
		"-q",
		"-dSAFER",
		"-dNOPAUSE",
		"-dBATCH",
		"-sDEVICE=pbmraw",
		"-r2",
		"-sstdout=%stderr",
		"-sOutputFile=%stdout",
		"/dev/stdin",
		NULL,
	};
	int pictures =
		miyin_run("/usr/bin/gs", argv, input, how->budget, error);

	if (pictures < 0)
		return FALSE;
	*pages = !is_empty(pictures);
	close(pictures);
	return TRUE;
}

/* What the user is told of PostScript that gave no pages: it has none, or
 * cannot be read, or it was our fault. */
static gboolean tell_why(int input, const running *how, GError **error)
{
	gboolean pages;

	if (!paints_pages(input, how, &pages, error))
		return FALSE;
	if (pages)
		fputs("DEBUG: gstopdf failed with a document that "
		      "Ghostscript reads.\n",
		      stderr);
	return miyin_refuse_for(error, pages ? MIYIN_REFUSAL_SERVER
					     : MIYIN_REFUSAL_NO_PAGES);
}

/* A PDF of PostScript as its source. With copies 1 gstopdf lets the document's
 * own /NumCopies multiply its pages inside what we take for one copy. */
static gboolean distill(int input, const miyin_options *options,
			const running *how, miyin_converted *to, GError **error)
{
	g_autofree char *paper =
		g_strdup_printf("PageSize=%s", options->page_size);
	g_autoptr(GError) reason = NULL;

	to->source = run_filter("gstopdf", input, "2", paper, how, &reason);
	if (to->source >= 0 ? is_empty(to->source)
			    : g_error_matches(reason, MIYIN_REFUSAL,
					      MIYIN_REFUSAL_DAMAGED))
		return tell_why(input, how, error);
	if (to->source < 0)
		g_propagate_error(error, g_steal_pointer(&reason));
	return to->source >= 0;
}

static gboolean lay_out_postscript(int input, const miyin_options *options,
				   const running *how, miyin_converted *to,
				   GError **error)
{
	return distill(input, options, how, to, error) &&
	       lay_out_pages(to->source, options, how, to, error);
}

static gboolean lay_out_raster(const miyin_input *input,
			       const miyin_options *options, const running *how,
			       miyin_converted *to, GError **error)
{
	if (miyin_raster_check(input->fd, error))
		to->source = run_filter("rastertopdf", input->fd, "1", "", how,
					error);
	return to->source >= 0 &&
	       lay_out_pages(to->source, options, how, to, error);
}

static void tell_plain(void)
{
	g_autofree char *said = g_strdup_printf(
		_("The option %s gives texts no heads and no bold words here."),
		"prettyprint");

	fprintf(stderr, "INFO: %s\n", said);
}

static gboolean lay_out_text(const miyin_input *input,
			     const miyin_options *options, const running *how,
			     miyin_converted *to, GError **error)
{
	if (options->pretty)
		tell_plain();
	to->source =
		miyin_lines_set(input->fd, &options->lines, how->budget, error);
	return to->source >= 0 &&
	       lay_out_pages(to->source, options, how, to, error);
}

static gboolean convert(const miyin_input *input, const miyin_options *options,
			const running *how, miyin_converted *to, GError **error)
{
	switch (input->type) {
	case MIYIN_INPUT_PDF:
		return lay_out_pdf(input->fd, options, how, to, error);
	case MIYIN_INPUT_DAMAGED:
		return miyin_refuse_for(error, MIYIN_REFUSAL_DAMAGED);
	case MIYIN_INPUT_IMAGE:
		return lay_out_image(input, options, how, to, error);
	case MIYIN_INPUT_RASTER:
		return lay_out_raster(input, options, how, to, error);
	case MIYIN_INPUT_TEXT:
		return lay_out_text(input, options, how, to, error);
	case MIYIN_INPUT_POSTSCRIPT:
		return lay_out_postscript(input->fd, options, how, to, error);
	case MIYIN_INPUT_OTHER:
		return miyin_refuse_for(error, MIYIN_REFUSAL_FORMAT,
					input->what);
	default:
		return miyin_refuse_for(error, MIYIN_REFUSAL_RAW_DATA,
					input->what);
	}
}

gboolean miyin_convert(const miyin_input *input, const miyin_options *options,
		       const char *job, const miyin_budget *budget,
		       miyin_converted *converted, GError **error)
{
	const running how = { job, budget };
	miyin_converted to = { -1, -1, FALSE, NULL };

	if (!convert(input, options, &how, &to, error)) {
		miyin_converted_clear(&to);
		return FALSE;
	}
	if (is_empty(to.pdf)) {
		miyin_converted_clear(&to);
		return miyin_refuse_for(error, MIYIN_REFUSAL_NO_PAGES);
	}
	if (!to.turns)
		to.turns = g_strdup("");
	*converted = to;
	return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A marked page as a test sees it: compose, stamp, render, find the ink.
 * Pixels are the oracle. Run in the source folder.
 */
#ifndef LAYOUT_PAGE_H
#define LAYOUT_PAGE_H

#include <check.h>
#include <cairo-pdf.h>
#include <math.h>
#include <poppler.h>
#include <string.h>
#include <unistd.h>

#include <miyin/compose.h>
#include <miyin/memfile.h>
#include "filter/mark/inspect.h"
#include "filter/mark/view.h"
#include "verify-copy.h"
#include "filter/mark/marks.h"
#include "filter/mark/place.h"
#include "filter/mark/prepare.h"
#include "filter/mark/stamp.h"

#define SCHEMES "samples/schemes"
#define PT(mm) ((mm)*MIYIN_PT_PER_MM)
#define INK_GREY 250 /* darker is ink */

typedef struct {
	const char *scheme;
	const char *level; /* NULL: number n_level of the scheme */
	unsigned n_level;
	miyin_words words; /* mark, level and n_pages are filled in */
	miyin_body body;
	gboolean reprint, specimen, watermark, swap_even;
	gboolean stamp_all; /* the copy stamp on further pages too */
} page_job;

typedef struct {
	miyin_sheets *sheets;
	miyin_order *order;
	GBytes *copy;
} page_copy;

/* Pixels of a rendered page that are not white, with their bounds; right and
 * bottom are the first ones outside. left = right: none. */
typedef struct {
	int left, top, right, bottom;
} page_ink;

/* By its name; "NAME stamp" is NAME with first-page = stamp. */
static inline miyin_scheme *page_scheme(const char *name)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) words = g_strsplit(name, " ", 2);
	miyin_scheme *scheme = miyin_scheme_open(SCHEMES, words[0], &error);

	ck_assert_msg(scheme != NULL, "%s", error ? error->message : "");
	scheme->stamps_first = words[1] != NULL;
	return scheme;
}

static inline int page_by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The shipped schemes with each of their first pages, always in the same
 * order. */
static inline GPtrArray *page_schemes(void)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) names = g_dir_open(SCHEMES, 0, NULL);
	const char *name;

	ck_assert_ptr_nonnull(names);
	while ((name = g_dir_read_name(names)))
		if (g_str_has_suffix(name, ".scheme"))
			g_ptr_array_add(
				all,
				g_strndup(name,
					  strlen(name) - strlen(".scheme")));
	for (unsigned i = all->len; i-- > 0;) {
		g_autoptr(miyin_scheme) scheme = page_scheme(all->pdata[i]);
		const miyin_level *level = scheme->levels->pdata[0];

		if (level->first_stamp)
			g_ptr_array_add(
				all, g_strconcat(scheme->name, " stamp", NULL));
	}
	g_ptr_array_sort(all, page_by_name);
	ck_assert_uint_gt(all->len, 0);
	return all;
}

static inline cairo_status_t page_append(void *to, const unsigned char *bytes,
					 unsigned length)
{
	g_byte_array_append(to, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

/* A document of white or black pages. */
static inline GBytes *page_painted(unsigned n_pages, double w_pt, double h_pt,
				   gboolean black)
{
	GByteArray *pdf = g_byte_array_new();
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		page_append, pdf, w_pt, h_pt);
	cairo_t *cr = cairo_create(surface);

	for (unsigned i = 0; i < n_pages; i++) {
		if (black)
			cairo_paint(cr);
		cairo_show_page(cr);
	}
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
	return g_byte_array_free_to_bytes(pdf);
}

static inline GBytes *page_document(unsigned n_pages, double w_pt, double h_pt)
{
	return page_painted(n_pages, w_pt, h_pt, FALSE);
}

/* As an office does that wants the copy stamp on all pages: its lines, which
 * the first page has, are named in `other` too. */
static inline void page_stamp_all(gpointer data, gpointer in)
{
	miyin_level *level = data;
	const miyin_layout *layout = in;
	GPtrArray *names = g_ptr_array_new();

	for (char **name = level->other; *name; name++)
		g_ptr_array_add(names, *name);
	g_free(level->other);
	for (unsigned i = 0; i < layout->lines->len; i++) {
		const miyin_line *line = layout->lines->pdata[i];

		if (line->reprint_only &&
		    g_strv_contains((const char *const *)level->first,
				    line->name))
			g_ptr_array_add(names, g_strdup(line->name));
	}
	g_ptr_array_add(names, NULL);
	level->other = (char **)g_ptr_array_free(names, FALSE);
}

static inline miyin_order *page_compose(const page_job *job, unsigned n_pages)
{
	g_autoptr(miyin_scheme) scheme = page_scheme(job->scheme);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	g_autofree char *mark = NULL;
	miyin_composition c = { .scheme = scheme,
				.words = job->words,
				.reprint = job->reprint,
				.body = job->body,
				.specimen = job->specimen,
				.copy_id = 0x123456789a,
				.site = 42 };
	miyin_order *order;

	if (job->stamp_all)
		g_ptr_array_foreach(scheme->levels, page_stamp_all,
				    scheme->layout);
	c.level = job->level
			  ? miyin_scheme_find_level(scheme, job->level)
			  : scheme->levels
				    ->pdata[job->n_level % scheme->levels->len];
	ck_assert_ptr_nonnull(c.level);
	mark = miyin_level_format_mark(c.level,
				       c.words.period ? c.words.period : "");
	c.words.mark = mark;
	c.words.level = c.level->text;
	c.words.n_pages = n_pages + (miyin_level_has_cover(c.level) ? 1 : 0);
	order = miyin_compose(&c, keys, NULL);
	ck_assert_ptr_nonnull(order);
	if (!job->watermark)
		order->layout->watermark = MIYIN_WATERMARK_OFF;
	order->layout->swap_even |= job->swap_even;
	return order;
}

static inline void page_clear(page_copy *page)
{
	g_clear_pointer(&page->sheets, miyin_sheets_free);
	g_clear_pointer(&page->order, miyin_order_free);
	g_clear_pointer(&page->copy, g_bytes_unref);
}

static inline gboolean page_stamp(const page_job *job, GBytes *document,
				  page_copy *page, GError **error)
{
	g_autoptr(GBytes) base = NULL, plain = NULL;
	int fd = miyin_memfile_new("copy", NULL);
	miyin_inspection inspection;
	gboolean ok = TRUE;

	memset(page, 0, sizeof(*page));
	ck_assert(miyin_prepare(document, &base, &plain, &page->sheets, NULL));
	page->order = page_compose(job, page->sheets->pages->len);
	if (job->body != MIYIN_BODY_KEEP)
		ok = miyin_inspect(plain, page->sheets, page->order,
				   &inspection, error);
	ok = ok && miyin_stamp(fd, base, page->sheets, page->order, error);
	if (ok)
		page->copy = miyin_memfile_map(fd, NULL);
	close(fd);
	return ok;
}

static inline PopplerDocument *page_open(GBytes *pdf)
{
	PopplerDocument *document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);

	ck_assert_ptr_nonnull(document);
	return document;
}

static inline cairo_surface_t *page_render(PopplerDocument *document,
					   unsigned i, double dpi)
{
	PopplerPage *page = poppler_document_get_page(document, (int)i);
	cairo_surface_t *surface;
	cairo_t *cr;
	double w, h;

	ck_assert_ptr_nonnull(page);
	poppler_page_get_size(page, &w, &h);
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
					     (int)ceil(w * dpi / 72),
					     (int)ceil(h * dpi / 72));
	cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, dpi / 72, dpi / 72);
	poppler_page_render_for_printing(page, cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	g_object_unref(page);
	return surface;
}

/* The darkest of the three colours. */
static inline int page_grey(cairo_surface_t *surface, int x, int y)
{
	const guint8 *pixel =
		cairo_image_surface_get_data(surface) +
		(gsize)y * cairo_image_surface_get_stride(surface) + 4 * x;

	return MIN(pixel[0], MIN(pixel[1], pixel[2]));
}

/* The ink among the pixels that a box of the page takes up, a little more. */
static inline page_ink page_find_ink(cairo_surface_t *surface, miyin_box box,
				     double h_pt, double dpi)
{
	const double scale = dpi / 72;
	int width = cairo_image_surface_get_width(surface);
	int height = cairo_image_surface_get_height(surface);
	int left = MAX(0, (int)floor(box.x * scale));
	int right = MIN(width, (int)ceil((box.x + box.w) * scale));
	int top = MAX(0, (int)floor((h_pt - box.y - box.h) * scale));
	int bottom = MIN(height, (int)ceil((h_pt - box.y) * scale));
	page_ink ink = { width, height, 0, 0 };

	for (int y = top; y < bottom; y++)
		for (int x = left; x < right; x++) {
			if (page_grey(surface, x, y) >= INK_GREY)
				continue;
			ink.left = MIN(ink.left, x);
			ink.right = MAX(ink.right, x + 1);
			ink.top = MIN(ink.top, y);
			ink.bottom = MAX(ink.bottom, y + 1);
		}
	return ink.right ? ink : (page_ink){ 0, 0, 0, 0 };
}

#endif

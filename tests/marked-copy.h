/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A user's PDF, written here by hand, becomes a marked copy and is read back.
 * The oracle is pixels: codes are read from what Poppler, MuPDF and
 * Ghostscript paint, and the body is compared with what Poppler paints of the
 * original. Run in the source folder.
 */
#ifndef MARKED_COPY_H
#define MARKED_COPY_H

#include <check.h>
#include <pango/pangocairo.h>
#include <poppler.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zbar.h>

#include <miyin/compose.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include "filter/mark/inspect.h"
#include "filter/mark/view.h"
#include "verify-copy.h"
#include "filter/mark/marks.h"
#include "filter/mark/place.h"
#include "filter/mark/prepare.h"
#include "filter/mark/stamp.h"

#define MM MIYIN_PT_PER_MM
#define COPY_ID G_GUINT64_CONSTANT(0x123456789a)
#define BODY_DPI 36.0
#define CODE_DPI 150
#define N_CODES 2 /* on every page of the schemes used here */

/* ---- a folder of one's own -------------------------------------------- */

static char *dir;

static inline void make_dir(void)
{
	dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
}

static inline void remove_dir(void)
{
	g_autofree char *command = g_strdup_printf("rm -r %s", dir);

	ck_assert_int_eq(system(command), 0);
	g_free(dir);
}

static inline void write_file(const char *name, GBytes *bytes)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	ck_assert(g_file_set_contents(path, g_bytes_get_data(bytes, NULL),
				      g_bytes_get_size(bytes), NULL));
}

static inline GBytes *read_file(const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	char *bytes;
	gsize length;

	ck_assert_msg(g_file_get_contents(path, &bytes, &length, NULL), "no %s",
		      name);
	return g_bytes_new_take(bytes, length);
}

/* A command in that folder; it must end well and say nothing. */
static inline void run(const char *what, const char *command)
{
	g_autofree char *line =
		g_strdup_printf("cd %s && { %s; } >log 2>&1", dir, command);
	int status = system(line);
	g_autoptr(GBytes) log = read_file("log");

	ck_assert_msg(status == 0, "%s: %s: %.*s", what, command,
		      (int)g_bytes_get_size(log),
		      (const char *)g_bytes_get_data(log, NULL));
}

/* ---- writing PDFs ----------------------------------------------------- */

/* A file of these objects, numbered from 1; the first is the catalog. */
static inline GBytes *make_pdf(const char *const *objects, const char *trailer)
{
	GString *pdf = g_string_new("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
	g_autoptr(GString) table = g_string_new("0000000000 65535 f \n");
	unsigned n = 0;
	gsize start;

	for (; objects[n]; n++) {
		g_string_append_printf(table, "%010zu 00000 n \n", pdf->len);
		g_string_append_printf(pdf, "%u 0 obj\n%s\nendobj\n", n + 1,
				       objects[n]);
	}
	start = pdf->len;
	g_string_append_printf(pdf,
			       "xref\n0 %u\n%strailer\n<</Size %u/Root 1 0 R"
			       "%s>>\nstartxref\n%zu\n%%%%EOF\n",
			       n + 1, table->str, n + 1, trailer, start);
	return g_string_free_to_bytes(pdf);
}

/* With entries of its dictionary before its length. */
static inline char *make_stream(const char *entries, const char *content)
{
	return g_strdup_printf("<<%s/Length %zu>>stream\n%s\nendstream",
			       entries, strlen(content), content);
}

#define FONT "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
#define USES "/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>"
#define A4 "/MediaBox[0 0 595 842]"

/* An arrow of two squares, so that a turned or mirrored body shows. */
#define BODY "1 0 0 rg 150 300 120 40 re 150 340 40 80 re f "
#define GREEN_BOX                                                              \
	"<</Type/XObject/Subtype/Form/BBox[0 0 10 10]/Length 25>>stream\n"     \
	"0 1 0 rg 0 0 10 10 re f  \nendstream"

/* One page: 3 is the page, 4 its content, 5 a font, 6 one more object. */
static inline GBytes *make_page(const char *entries, const char *content,
				const char *more)
{
	g_autofree char *page = g_strdup_printf(
		"<</Type/Page/Parent 2 0 R%s%s>>",
		strstr(entries, "/Contents") ? "" : "/Contents 4 0 R", entries);
	g_autofree char *stream = make_stream("", content);
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		page,
		stream,
		FONT,
		more ? more : "<<>>",
		NULL,
	};

	return make_pdf(objects, "");
}

/* Pages of sizes in points, width and height in turns, ended by 0. Each shows
 * a red square. */
static inline GBytes *make_pages(const double *sizes)
{
	g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) kids = g_string_new(NULL);
	unsigned n = 0;

	g_ptr_array_add(objects, g_strdup("<</Type/Catalog/Pages 2 0 R>>"));
	g_ptr_array_add(objects, NULL);
	g_ptr_array_add(objects,
			make_stream("", "1 0 0 rg 100 120 60 40 re f"));
	for (; sizes[2 * n] > 0; n++) {
		g_string_append_printf(kids, "%u 0 R ", n + 4);
		/* It cannot tell that a double of 0 has ended the loop.
		 * NOLINTBEGIN(clang-analyzer-core.CallAndMessage) */
		g_ptr_array_add(objects,
				g_strdup_printf("<</Type/Page/Parent 2 0 R"
						"/Contents 3 0 R/MediaBox"
						"[0 0 %d %d]>>",
						(int)sizes[2 * n],
						(int)sizes[2 * n + 1]));
		/* NOLINTEND(clang-analyzer-core.CallAndMessage) */
	}
	objects->pdata[1] = g_strdup_printf(
		"<</Type/Pages/Count %u/Kids[%s]/Resources<<>>>>", n,
		kids->str);
	g_ptr_array_add(objects, NULL);
	return make_pdf((const char *const *)objects->pdata, "");
}

/* ---- marking ---------------------------------------------------------- */

#define SCHEMES "samples/schemes"

/* On A4 the head of cn-gb9704 ends 28.85 mm below the upper edge, with its
 * code's quiet zone and a gap; its foot 28.35 mm above the lower one. */
#define FIT_SCALE 0.8875 /* of a page that is ink to its edges */

/* n_pages counts the cover; 0: an order to inspect with. */
static inline miyin_order *compose(const char *scheme_name, const char *level,
				   const char *holder, guint64 copy_id,
				   unsigned n_pages)
{
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(SCHEMES, scheme_name, NULL);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = {
		.scheme = scheme,
		.words = { .period = "10年",
			   .serial = "000012",
			   .holder = holder,
			   .date = "2026-11-21",
			   .document = "JM2-2026-0123",
			   .title = "notice",
			   .unit = "某某中心",
			   .user = "wang",
			   .original = "000003",
			   .copy_no = 2,
			   .n_copies = 3,
			   .n_pages = n_pages },
		.copy_id = copy_id,
		.site = 1,
	};
	g_autofree char *line = NULL;
	miyin_order *order;

	ck_assert_ptr_nonnull(scheme);
	c.level = miyin_scheme_find_level(scheme, level);
	ck_assert_ptr_nonnull(c.level);
	line = miyin_level_format_mark(c.level, c.words.period);
	c.words.mark = line;
	c.words.level = c.level->text;
	order = miyin_compose(&c, n_pages ? keys : NULL, NULL);
	ck_assert_ptr_nonnull(order);
	return order;
}

static inline miyin_order *new_order(guint64 copy_id, unsigned n_pages)
{
	return compose("cn-gb9704", "jimi", "张三", copy_id, n_pages);
}

static inline GBytes *stamp(GBytes *base, const miyin_sheets *sheets,
			    const miyin_order *order)
{
	int fd = miyin_memfile_new("copy", NULL);
	g_autoptr(GError) error = NULL;
	GBytes *copy;

	ck_assert_msg(miyin_stamp(fd, base, sheets, order, &error), "%s",
		      error ? error->message : "");
	copy = miyin_memfile_map(fd, NULL);
	close(fd);
	return copy;
}

/* A PDF on its way; order and copy are NULL until they are made. */
typedef struct {
	GBytes *base, *plain, *copy;
	miyin_sheets *sheets;
	miyin_order *order;
} marked;

static inline void marked_free(marked *m)
{
	g_bytes_unref(m->base);
	g_bytes_unref(m->plain);
	g_clear_pointer(&m->copy, g_bytes_unref);
	miyin_sheets_free(m->sheets);
	miyin_order_free(m->order);
	g_free(m);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(marked, marked_free)

static inline marked *prepare(const char *name, GBytes *pdf)
{
	marked *m = g_new0(marked, 1);
	g_autoptr(GError) error = NULL;

	ck_assert_msg(
		miyin_prepare(pdf, &m->base, &m->plain, &m->sheets, &error),
		"%s: %s", name, error ? error->message : "");
	return m;
}

static inline marked *mark(const char *name, GBytes *pdf, gboolean fit)
{
	marked *m = prepare(name, pdf);
	g_autoptr(GError) error = NULL;
	miyin_inspection inspection;

	m->order = new_order(COPY_ID, m->sheets->pages->len);
	m->order->body = fit ? MIYIN_BODY_FIT : MIYIN_BODY_KEEP;
	ck_assert_msg(miyin_inspect(m->plain, m->sheets, m->order, &inspection,
				    &error),
		      "%s: %s", name, error ? error->message : "");
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert_msg(verify_copy(m->copy, m->sheets, m->order, &error),
		      "%s: %s", name, error ? error->message : "");
	return m;
}

static inline void assert_not_verified(const char *name, GBytes *copy,
				       const marked *m, const char *words)
{
	g_autoptr(GError) error = NULL;

	ck_assert_msg(!verify_copy(copy, m->sheets, m->order, &error),
		      "%s was believed", name);
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_NOT_MARKED));
	ck_assert_msg(g_str_equal(error->message, words), "%s: %s", name,
		      error->message);
}

/* ---- reading back ----------------------------------------------------- */

/* Of a binary PGM, which may have one line of comment. */
static inline const guint8 *get_pixels(GBytes *pgm, int *w, int *h)
{
	gsize length;
	const char *bytes = g_bytes_get_data(pgm, &length);
	const char *at = length > 3 ? bytes + 3 : "";
	int n = 0;

	if (*at == '#')
		at = strchr(at, '\n');
	if (!at || sscanf(at, "%d %d 255%n", w, h, &n) < 2 || n == 0)
		return NULL;
	at += n + 1;
	ck_assert_uint_ge(length, (at - bytes) + (gsize)*w * *h);
	return (const guint8 *)at;
}

/* Whether the code in a box of a page's picture says this. */
static inline gboolean reads(GBytes *pgm, miyin_box box, double height_pt,
			     const char *payload)
{
	const double scale = CODE_DPI / 72.0;
	int w = 0, h = 0;
	const guint8 *pixels = get_pixels(pgm, &w, &h);
	int left = (int)(box.x * scale);
	int top = (int)((height_pt - box.y - box.h) * scale);
	int width = MIN((int)(box.w * scale), w - left);
	int height = MIN((int)(box.h * scale), h - top);
	g_autofree guint8 *cut = NULL;
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	const zbar_symbol_t *symbol;
	gboolean same = FALSE;

	ck_assert_msg(pixels && width > 0 && height > 0, "no picture");
	cut = g_malloc0((gsize)width * height);
	for (int y = 0; y < height; y++)
		memcpy(cut + y * width, pixels + (gsize)(top + y) * w + left,
		       width);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, width, height);
	zbar_image_set_data(image, cut, (unsigned long)width * height, NULL);
	zbar_scan_image(scanner, image);
	for (symbol = zbar_image_first_symbol(image); symbol;
	     symbol = zbar_symbol_next(symbol))
		same = same ||
		       g_str_equal(zbar_symbol_get_data(symbol), payload);
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return same;
}

static const struct {
	const char *name, *command;
} engines[] = {
	{ "mutool", "mutool draw -q -r 150 -c gray -o mutool%d.pgm copy.pdf" },
	{ "gs", "gs -q -dSAFER -dBATCH -dNOPAUSE -dPDFSTOPONERROR"
		" -sDEVICE=pgmraw -r150 -o gs%d.pgm copy.pdf" },
};

/* Of a page, 0 up; the caller clears it. */
static inline void find_place(const marked *m, unsigned page,
			      miyin_place *place)
{
	const miyin_sheet *sheet = miyin_marks_sheet(m->order, m->sheets, page);

	ck_assert(miyin_place_page(
		sheet->width_pt, sheet->height_pt, m->order->layout,
		miyin_order_class(m->order, page), page % 2, place));
	ck_assert_uint_eq(place->n_codes, N_CODES);
}

/* Both codes of every page, as other engines paint them. */
static inline void assert_engines_read(const char *name, const marked *m)
{
	write_file("copy.pdf", m->copy);
	run(name, "qpdf --check copy.pdf");
	for (unsigned e = 0; e < G_N_ELEMENTS(engines); e++) {
		run(name, engines[e].command);
		for (unsigned i = 0; i < m->order->n_pages; i++) {
			const miyin_sheet *sheet =
				miyin_marks_sheet(m->order, m->sheets, i);
			g_autofree char *file = g_strdup_printf(
				"%s%u.pgm", engines[e].name, i + 1);
			g_autoptr(GBytes) pgm = read_file(file);
			miyin_place place;

			find_place(m, i, &place);
			for (unsigned q = 0; q < N_CODES; q++)
				ck_assert_msg(
					reads(pgm, place.quiet[q],
					      sheet->height_pt,
					      m->order->pages[i]
						      .codes[MIYIN_CODE_QR]),
					"%s: %s, page %u: code %u is lost",
					name, engines[e].name, i + 1, q);
			miyin_place_clear(&place);
		}
	}
}

/* A page as Poppler prints it, scaled to the sheet; Poppler leaves /UserUnit
 * to its caller. */
static inline cairo_surface_t *paint(GBytes *pdf, unsigned number,
				     const miyin_sheet *sheet)
{
	g_autoptr(PopplerDocument) document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);
	g_autoptr(PopplerPage) page =
		poppler_document_get_page(document, (int)number);
	const double scale = BODY_DPI / 72;
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)(sheet->width_pt * scale),
		(int)(sheet->height_pt * scale));
	cairo_t *cr = cairo_create(surface);
	double w, h;

	poppler_page_get_size(page, &w, &h);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, scale * sheet->width_pt / w,
		    scale * sheet->height_pt / h);
	poppler_page_render_for_printing(page, cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	return surface;
}

typedef enum { RED, GREEN } colour;

/* The watermark's thin grey lines may lie over it. */
static inline gboolean is_colour(cairo_surface_t *surface, int x, int y,
				 colour c)
{
	const guint8 *p = cairo_image_surface_get_data(surface) +
			  y * cairo_image_surface_get_stride(surface) + 4 * x;

	return c == RED ? p[2] > 150 && p[1] < 110 && p[0] < 110
			: p[1] > 150 && p[2] < 110 && p[0] < 110;
}

static inline unsigned count_page(GBytes *pdf, unsigned number,
				  const miyin_sheet *sheet, colour c)
{
	cairo_surface_t *surface = paint(pdf, number, sheet);
	unsigned n = 0;

	for (int y = 0; y < cairo_image_surface_get_height(surface); y++)
		for (int x = 0; x < cairo_image_surface_get_width(surface); x++)
			n += is_colour(surface, x, y, c);
	cairo_surface_destroy(surface);
	return n;
}

static inline unsigned count_colour(GBytes *pdf, const miyin_sheet *sheet,
				    colour c)
{
	return count_page(pdf, 0, sheet, c);
}

/* What is red on the original is red on the copy, and nothing else. */
static inline void assert_same_body(const char *name, GBytes *pdf,
				    const marked *m)
{
	for (unsigned i = 0; i < m->order->n_pages; i++) {
		const miyin_sheet *sheet =
			&g_array_index(m->sheets->pages, miyin_sheet, i);
		cairo_surface_t *was = paint(pdf, i, sheet);
		cairo_surface_t *is = paint(m->copy, i, sheet);
		unsigned n_red = 0, n_other = 0;

		for (int y = 0; y < cairo_image_surface_get_height(is); y++)
			for (int x = 0; x < cairo_image_surface_get_width(is);
			     x++) {
				gboolean red = is_colour(was, x, y, RED);

				n_red += red;
				n_other += red != is_colour(is, x, y, RED);
			}
		cairo_surface_destroy(was);
		cairo_surface_destroy(is);
		ck_assert_msg(n_red >= 100, "%s: %u red pixels", name, n_red);
		ck_assert_msg(n_other <= n_red / 20,
			      "%s, page %u: %u of %u pixels differ", name,
			      i + 1, n_other, n_red);
	}
}

/* ---- a suite of it ---------------------------------------------------- */

/* In the process that forks the tests: fonts are then found once. Pango from
 * 1.52 on asks a thread of the font map for them, and a fork has none. */
static inline void find_fonts(void)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL);
	g_autoptr(marked) m = mark("fonts", pdf, FALSE);

	pango_cairo_font_map_set_default(NULL);
}

/* Each of its tests has a folder of its own. */
static inline TCase *new_tcase(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 180);
	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	suite_add_tcase(suite, tcase);
	return tcase;
}

#endif

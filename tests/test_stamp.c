/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a user's PDF to a marked copy and back: prepare, stamp, verify. The
 * PDFs are written here by hand; the oracle is pixels: codes are read from
 * what Poppler, MuPDF and Ghostscript paint, and the body is compared with
 * what Poppler paints of the original.
 */
#include "filter/look.h"
#include "filter/marks.h"
#include "filter/place.h"
#include "filter/prepare.h"
#include "filter/stamp.h"

#include <miyin/compose.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>

#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zbar.h>

#define MM MIYIN_PT_PER_MM
#define COPY_ID G_GUINT64_CONSTANT(0x123456789a)
#define BODY_DPI 36.0
#define CODE_DPI 150
#define N_CODES 2 /* on every page of the schemes used here */

/* Each page is drawn by two engines, which takes valgrind its time. */
#ifdef UNDER_VALGRIND
#define N_MANY 4
#define N_KINDS 4
#define N_HOSTILE 4
#define LARGE_PT 1440
#else
#define N_MANY 60
#define N_KINDS G_N_ELEMENTS(pages)
#define N_HOSTILE G_N_ELEMENTS(hostile)
/* The greatest page that PDF has without units: 200 inches. */
#define LARGE_PT 14400
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)

/* ---- a folder of one's own -------------------------------------------- */

static char *dir;

static void make_dir(void)
{
	dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
}

static void remove_dir(void)
{
	g_autofree char *command = g_strdup_printf("rm -r %s", dir);

	ck_assert_int_eq(system(command), 0);
	g_free(dir);
}

static void write_file(const char *name, GBytes *bytes)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	ck_assert(g_file_set_contents(path, g_bytes_get_data(bytes, NULL),
				      g_bytes_get_size(bytes), NULL));
}

static GBytes *read_file(const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	char *bytes;
	gsize length;

	ck_assert_msg(g_file_get_contents(path, &bytes, &length, NULL),
		      "no %s", name);
	return g_bytes_new_take(bytes, length);
}

/* A command in that folder; it must end well and say nothing. */
static void run(const char *what, const char *command)
{
	g_autofree char *line = g_strdup_printf("cd %s && { %s; } >log 2>&1",
						dir, command);
	int status = system(line);
	g_autoptr(GBytes) log = read_file("log");

	ck_assert_msg(status == 0, "%s: %s: %.*s", what, command,
		      (int)g_bytes_get_size(log),
		      (const char *)g_bytes_get_data(log, NULL));
}

/* ---- writing PDFs ----------------------------------------------------- */

/* A file of these objects, numbered from 1; the first is the catalog. */
static GBytes *make_pdf(const char *const *objects, const char *trailer)
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

static char *make_stream(const char *entries, const char *content)
{
	return g_strdup_printf("<<%s/Length %zu>>stream\n%s\nendstream",
			       entries, strlen(content), content);
}

#define FONT "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
#define USES "/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>"
#define A4 "/MediaBox[0 0 595 842]"

/* One page: 3 is the page, 4 its content, 5 a font, 6 one more object. */
static GBytes *make_page(const char *entries, const char *content,
			 const char *more)
{
	g_autofree char *page = g_strdup_printf(
		"<</Type/Page/Parent 2 0 R%s%s>>",
		strstr(entries, "/Contents") ? "" : "/Contents 4 0 R",
		entries);
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
static GBytes *make_pages(const double *sizes)
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

/* n_pages counts the cover; 0: an order to inspect with. */
static miyin_order *compose(const char *scheme_name, const char *level,
			    const char *holder, guint64 copy_id,
			    unsigned n_pages)
{
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(SCHEMES, scheme_name, NULL);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = {
		.scheme = scheme,
		.words = { .period = "10年", .serial = "000012",
			   .holder = holder, .date = "2026-11-21",
			   .document = "JM2-2026-0123", .title = "notice",
			   .unit = "某某中心", .user = "wang",
			   .original = "000003", .copy_no = 2, .n_copies = 3,
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

static miyin_order *new_order(guint64 copy_id, unsigned n_pages)
{
	return compose("cn-gb9704", "jimi", "张三", copy_id, n_pages);
}

static GBytes *stamp(GBytes *base, const miyin_sheets *sheets,
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

typedef struct {
	GBytes *base, *copy;
	miyin_sheets *sheets;
	miyin_order *order;
} marked;

static void marked_free(marked *m)
{
	g_bytes_unref(m->base);
	g_clear_pointer(&m->copy, g_bytes_unref);
	miyin_sheets_free(m->sheets);
	miyin_order_free(m->order);
	g_free(m);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(marked, marked_free)

static marked *prepare(const char *name, GBytes *pdf)
{
	marked *m = g_new0(marked, 1);
	g_autoptr(GError) error = NULL;

	ck_assert_msg(miyin_prepare(pdf, NULL, &m->base, &m->sheets, &error),
		      "%s: %s", name, error ? error->message : "");
	return m;
}

static marked *mark(const char *name, GBytes *pdf, gboolean fit)
{
	marked *m = prepare(name, pdf);
	g_autoptr(GError) error = NULL;

	m->order = new_order(COPY_ID, m->sheets->pages->len);
	m->order->fit = fit;
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert_msg(miyin_look_verify(m->copy, m->sheets, m->order, &error),
		      "%s: %s", name, error ? error->message : "");
	return m;
}

/* Not a byte of a copy that must not be. */
static void assert_stamp_refused(const marked *m, miyin_refusal refusal,
				 const char *words)
{
	int fd = miyin_memfile_new("copy", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert(!miyin_stamp(fd, m->base, m->sheets, m->order, &error));
	ck_assert_msg(g_error_matches(error, MIYIN_REFUSAL, refusal), "%d %s",
		      error->code, error->message);
	ck_assert_msg(!words || g_str_equal(error->message, words), "%s",
		      error->message);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}

static void assert_not_verified(const char *name, GBytes *copy,
				const marked *m, const char *words)
{
	g_autoptr(GError) error = NULL;

	ck_assert_msg(!miyin_look_verify(copy, m->sheets, m->order, &error),
		      "%s was believed", name);
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_NOT_MARKED));
	ck_assert_msg(g_str_equal(error->message, words), "%s: %s", name,
		      error->message);
}

/* ---- reading back ----------------------------------------------------- */

/* Of a binary PGM, which may have one line of comment. */
static const guint8 *get_pixels(GBytes *pgm, int *w, int *h)
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
static gboolean reads(GBytes *pgm, miyin_box box, double height_pt,
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
		same = same || g_str_equal(zbar_symbol_get_data(symbol),
					   payload);
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

static void find_place(const marked *m, unsigned page, miyin_place *place)
{
	const miyin_sheet *sheet =
		miyin_marks_sheet(m->order, m->sheets, page);

	ck_assert(miyin_place_page(sheet->width_pt, sheet->height_pt,
				   m->order->layout,
				   miyin_order_class(m->order, page), page % 2,
				   place));
	ck_assert_uint_eq(place->n_codes, N_CODES);
}

/* Both codes of every page, as other engines paint them. */
static void assert_engines_read(const char *name, const marked *m)
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
					      m->order->pages[i].payload),
					"%s: %s, page %u: code %u is lost",
					name, engines[e].name, i + 1, q);
			miyin_place_clear(&place);
		}
	}
}

/* A page as Poppler prints it, scaled to the sheet; Poppler leaves /UserUnit
 * to its caller. */
static cairo_surface_t *paint(GBytes *pdf, unsigned number,
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
static gboolean is_colour(cairo_surface_t *surface, int x, int y, colour c)
{
	const guint8 *p = cairo_image_surface_get_data(surface) +
			  y * cairo_image_surface_get_stride(surface) + 4 * x;

	return c == RED ? p[2] > 150 && p[1] < 110 && p[0] < 110
			: p[1] > 150 && p[2] < 110 && p[0] < 110;
}

static unsigned count_page(GBytes *pdf, unsigned number,
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

static unsigned count_colour(GBytes *pdf, const miyin_sheet *sheet, colour c)
{
	return count_page(pdf, 0, sheet, c);
}

/* What is red on the original is red on the copy, and nothing else. */
static void assert_same_body(const char *name, GBytes *pdf, const marked *m)
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

/* ---- pages of every kind ---------------------------------------------- */

/* An arrow of two squares, so that a turned or mirrored body shows. */
#define BODY "1 0 0 rg 150 300 120 40 re 150 340 40 80 re f "
#define GREEN_FORM                                                             \
	"<</Type/XObject/Subtype/Form/BBox[0 0 10 10]/Length 21>>stream\n"     \
	"0 1 0 rg 0 0 10 10 re\nendstream"

static const struct {
	const char *name, *entries, *content;
	const char *more;		/* object 6 */
	double width_pt, height_pt;
} pages[] = {
	{ "plain", A4 USES, BODY "BT /F 20 Tf 100 500 Td (Text) Tj ET", NULL,
	  595, 842 },
	{ "turned to the right", A4 "/Rotate 90", BODY, NULL, 842, 595 },
	{ "upside down", A4 "/Rotate 180", BODY, NULL, 595, 842 },
	{ "turned to the left", A4 "/Rotate 270", BODY, NULL, 842, 595 },
	{ "turned by -90", A4 "/Rotate -90", BODY, NULL, 842, 595 },
	{ "turned by 450", A4 "/Rotate 450", BODY, NULL, 842, 595 },
	{ "landscape", "/MediaBox[0 0 842 595]", BODY, NULL, 842, 595 },
	{ "A6", "/MediaBox[0 0 298 420]",
	  "1 0 0 rg 100 150 80 40 re 100 190 30 40 re f", NULL, 298, 420 },
	{ "A3", "/MediaBox[0 0 842 1191]", BODY, NULL, 842, 1191 },
	{ "cropped", A4 "/CropBox[50 60 500 700]", BODY, NULL, 450, 640 },
	{ "cropped and turned", A4 "/CropBox[50 60 500 700]/Rotate 90", BODY,
	  NULL, 640, 450 },
	{ "cropped beyond its sheet", A4 "/CropBox[-99 -99 9999 9999]", BODY,
	  NULL, 595, 842 },
	{ "trimmed to a stamp",
	  A4 "/TrimBox[0 0 10 10]/ArtBox[0 0 10 10]/BleedBox[0 0 10 10]",
	  BODY, NULL, 595, 842 },
	{ "from below zero", "/MediaBox[-300 -400 295 442]",
	  "1 0 0 rg -100 -100 120 40 re -100 -60 40 80 re f", NULL, 595, 842 },
	{ "from below zero and turned",
	  "/MediaBox[-300 -400 295 442]/Rotate 270",
	  "1 0 0 rg -100 -100 120 40 re -100 -60 40 80 re f", NULL, 842,
	  595 },
	{ "corners the other way", "/MediaBox[595 842 0 0]", BODY, NULL, 595,
	  842 },
	{ "in units of two", "/MediaBox[0 0 298 421]/UserUnit 2",
	  "1 0 0 rg 100 150 60 20 re 100 170 20 40 re f", NULL, 596, 842 },
	{ "in units of two, turned and cropped",
	  "/MediaBox[0 0 298 421]/CropBox[10 20 288 401]/UserUnit 2/Rotate 90",
	  "1 0 0 rg 100 150 60 20 re 100 170 20 40 re f", NULL, 762, 556 },
	{ "of no size, which is Letter", "",
	  BODY, NULL, 612, 792 },
	{ "without resources", A4, BODY, NULL, 595, 842 },
	{ "a group of CMYK", A4 "/Group<</S/Transparency/CS/DeviceCMYK/K true"
	  "/I true>>", BODY, NULL, 595, 842 },
};

START_TEST(page_of_every_kind)
{
	g_autoptr(GBytes) pdf = make_page(pages[_i].entries, pages[_i].content,
					  pages[_i].more);
	g_autoptr(marked) m = mark(pages[_i].name, pdf, FALSE);
	const miyin_sheet *sheet =
		&g_array_index(m->sheets->pages, miyin_sheet, 0);

	ck_assert_double_eq_tol(sheet->width_pt, pages[_i].width_pt, 0.01);
	ck_assert_double_eq_tol(sheet->height_pt, pages[_i].height_pt, 0.01);
	assert_same_body(pages[_i].name, pdf, m);
	assert_engines_read(pages[_i].name, m);
}
END_TEST

/* Bodies that want to be over the marks, or to take them along. Objects: 5 a
 * font, 6 see there. */
#define COVER "1 g 0 0 9999 9999 re f 0 g "

static const struct {
	const char *name, *entries, *content, *more;
} hostile[] = {
	{ "white all over", A4, COVER, NULL },
	{ "white beyond the sheet", A4,
	  "1 g -9999 -9999 99999 99999 re f", NULL },
	{ "a stroke over all", A4, "1 G 5000 w 0 0 m 595 842 l S", NULL },
	{ "Q too often", A4, "Q Q Q Q q Q Q " COVER, NULL },
	{ "Q too often, then tiny", A4, "Q Q Q Q .001 0 0 .001 0 0 cm", NULL },
	{ "q too often", A4, "q q q q q .001 0 0 .001 0 0 cm", NULL },
	{ "a clip that stays", A4, "q 0 0 1 1 re W n", NULL },
	{ "a clip of nothing", A4, "0 0 0 0 re W n", NULL },
	{ "a path that stays open", A4, "0 0 m 595 842 l 0 842 l", NULL },
	{ "a clip of a path that stays open", A4, "0 0 1 1 re W", NULL },
	{ "a text that stays open, as clip", A4 USES,
	  "BT 7 Tr /F 9 Tf (x) Tj", NULL },
	{ "a text clip", A4 USES, "BT 7 Tr /F 9 Tf (x) Tj ET", NULL },
	{ "invisible text", A4 USES, "BT 3 Tr /F 9 Tf (x) Tj", NULL },
	{ "a string that stays open", A4, "(((", NULL },
	{ "a dictionary that stays open", A4, "/OC <</A <</B [", NULL },
	{ "an inline image that stays open", A4,
	  "BI /W 9 /H 9 /BPC 8 /CS /G ID xxx", NULL },
	{ "BX that stays open", A4, "BX BX foo", NULL },
	{ "a comment at the end", A4, "0 g %", NULL },
	{ "a layer that is off and stays open",
	  A4 "/Resources<</Properties<</L 6 0 R>>>>", "/OC /L BDC",
	  "<</Type/OCG/Name(L)>>" },
	{ "a mark that stays open", A4, "/Span BMC", NULL },
	{ "no transform at all", A4, "0 0 0 0 0 0 cm", NULL },
	{ "far away", A4, "1 0 0 1 99999 99999 cm", NULL },
	{ "all transparent",
	  A4 "/Resources<</ExtGState<</G<</ca 0/CA 0/BM/Multiply>>>>>>",
	  "/G gs", NULL },
	{ "all through a mask",
	  A4 "/Resources<</ExtGState<</G<</SMask<</S/Luminosity/G 6 0 R>>>>>>"
	  ">>", "/G gs",
	  "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Group<</S/Transparency"
	  "/CS/DeviceGray>>/Length 0>>stream\n\nendstream" },
	{ "a form that paints itself",
	  A4 "/Resources<</XObject<</X 6 0 R>>>>", "/X Do",
	  "<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<<"
	  "/X 6 0 R>>>>/Length 5>>stream\n/X Do\nendstream" },
	{ "our own names", A4 "/Resources<</XObject<</O 6 0 R/K 6 0 R/m0 6 0 R"
	  ">>>>", "/O Do /K Do /m0 Do", GREEN_FORM },
	{ "an annotation over all",
	  A4 "/Annots[<</Type/Annot/Subtype/Square/F 4/Rect[0 0 595 842]/AP<<"
	  "/N 6 0 R>>>>]", "0 g",
	  "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 16>>stream\n"
	  "1 g 0 0 9 9 re f\nendstream" },
	{ "an annotation over all that no screen shows",
	  A4 "/Annots[<</Type/Annot/Subtype/Square/F 36/Rect[0 0 595 842]/AP<<"
	  "/N 6 0 R>>>>]", "0 g",
	  "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 16>>stream\n"
	  "1 g 0 0 9 9 re f\nendstream" },
	{ "no content", A4 "/Contents null", "", NULL },
	{ "content that is no stream", A4 "/Contents 6 0 R", "", "(text)" },
	{ "content that is a list of itself", A4 "/Contents 6 0 R", "",
	  "[6 0 R 6 0 R]" },
	{ "content that is not there", A4 "/Contents 99 0 R", "", NULL },
	{ "content of a broken filter", A4 "/Contents 6 0 R", "",
	  "<</Filter/FlateDecode/Length 5>>stream\nxxxxx\nendstream" },
	{ "content of an unknown filter", A4 "/Contents 6 0 R", "",
	  "<</Filter/Nonsense/Length 5>>stream\nxxxxx\nendstream" },
	{ "a turn that is none", A4 "/Rotate 45", "0 g", NULL },
	{ "a turn of a word", A4 "/Rotate/Right", "0 g", NULL },
	{ "a unit of nothing", A4 "/UserUnit 0", "0 g", NULL },
	{ "a unit below nothing", A4 "/UserUnit -2", "0 g", NULL },
	{ "a crop of nothing", A4 "/CropBox[9 9 9 9]", "0 g", NULL },
	{ "a box of words", "/MediaBox[/a /b /c /d]", "0 g", NULL },
	{ "a box of four numbers and more", "/MediaBox[0 0 595 842 9 9]",
	  "0 g", NULL },
};

START_TEST(hostile_page)
{
	g_autoptr(GBytes) pdf = make_page(hostile[_i].entries,
					  hostile[_i].content,
					  hostile[_i].more);
	g_autoptr(marked) m = mark(hostile[_i].name, pdf, _i % 2);
	miyin_place place;
	const miyin_sheet *sheet =
		&g_array_index(m->sheets->pages, miyin_sheet, 0);

	/* Other engines may call such a body broken; the marks must stand. */
	write_file("copy.pdf", m->copy);
	run(hostile[_i].name,
	    "mutool draw -q -r 150 -c gray -o m.pgm copy.pdf & "
	    "gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=pgmraw -r150 -o g.pgm"
	    " copy.pdf; wait");
	find_place(m, 0, &place);
	for (int e = 0; e < 2; e++) {
		g_autoptr(GBytes) pgm = read_file(e ? "g.pgm" : "m.pgm");

		for (unsigned q = 0; q < N_CODES; q++)
			ck_assert_msg(reads(pgm, place.quiet[q],
					    sheet->height_pt,
					    m->order->pages[0].payload),
				      "%s: %s lost code %u", hostile[_i].name,
				      e ? "gs" : "mutool", q);
	}
	miyin_place_clear(&place);
}
END_TEST

/* ---- whole documents -------------------------------------------------- */

START_TEST(sizes_in_one_file)
{
	const double sizes[] = { 595, 842, 842,	 595, 298, 420, 842,
				 1191, 612, 792, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark("sizes", pdf, FALSE);

	ck_assert_uint_eq(m->sheets->pages->len, 6);
	for (unsigned i = 0; i < 6; i++) {
		const miyin_sheet *sheet =
			&g_array_index(m->sheets->pages, miyin_sheet, i);

		ck_assert_double_eq_tol(sheet->width_pt, sizes[2 * i], 0.01);
		ck_assert_double_eq_tol(sheet->height_pt, sizes[2 * i + 1],
					0.01);
	}
	assert_same_body("sizes", pdf, m);
	assert_engines_read("sizes", m);
}
END_TEST

/* More leaves of the page tree than one. */
START_TEST(many_pages)
{
	g_autofree double *sizes = g_new0(double, 2 * N_MANY + 1);
	g_autoptr(GBytes) pdf = NULL;
	g_autoptr(marked) m = NULL;

	for (int i = 0; i < N_MANY; i++) {
		sizes[2 * i] = 595;
		sizes[2 * i + 1] = 842;
	}
	pdf = make_pages(sizes);
	m = mark("many", pdf, FALSE);
	ck_assert_uint_eq(m->sheets->pages->len, N_MANY);
	write_file("copy.pdf", m->copy);
	run("many", "qpdf --check copy.pdf");
	run("many", "test $(qpdf --show-npages copy.pdf) = "
		    G_STRINGIFY(N_MANY));
}
END_TEST

START_TEST(large_sheets)
{
	const double sizes[] = { 595, LARGE_PT, LARGE_PT, 595,
				 LARGE_PT, LARGE_PT, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark("large", pdf, FALSE);

	ck_assert_uint_eq(m->sheets->pages->len, 3);
}
END_TEST

/* Three pages over one stream, with another font each. */
START_TEST(shared_content)
{
	g_autofree char *stream = make_stream("", BODY "/X Do");
	g_autofree char *green = make_stream(
		"/Type/XObject/Subtype/Form/BBox[0 0 99 99]",
		"0 1 0 rg 0 0 99 99 re f");
	g_autofree char *nothing = make_stream(
		"/Type/XObject/Subtype/Form/BBox[0 0 99 99]", "0 g");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 3/Kids[3 0 R 4 0 R 5 0 R]" A4 ">>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<</XObject"
		"<</X 8 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<</XObject"
		"<</X 7 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents[6 0 R]/Resources<</XObject"
		"<</X 8 0 R>>>>>>",
		stream, green, nothing, NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("shared", pdf, FALSE);
	g_autoptr(GBytes) second = NULL;

	ck_assert_uint_eq(m->sheets->pages->len, 3);
	assert_same_body("shared", pdf, m);
	write_file("copy.pdf", m->copy);
	run("shared", "qpdf --empty --pages copy.pdf 2 -- two.pdf");
	second = read_file("two.pdf");
	/* Each page keeps what its names mean on it. */
	ck_assert_uint_eq(count_colour(m->copy,
				       &g_array_index(m->sheets->pages,
						      miyin_sheet, 0),
				       GREEN), 0);
	ck_assert_uint_gt(count_colour(second,
				       &g_array_index(m->sheets->pages,
						      miyin_sheet, 1),
				       GREEN), 1000);
	assert_engines_read("shared", m);
}
END_TEST

/* A token is never split, but a string of operators may be. */
START_TEST(content_in_pieces)
{
	g_autofree char *first = make_stream("", "1 0 0 rg 150 300 120"),
			*second = make_stream("", "40 re 150 340 40 80 re"),
			*third = make_stream("", "f");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4
		"/Contents[4 0 R 5 0 R 6 0 R]>>",
		first, second, third, NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("pieces", pdf, FALSE);

	assert_same_body("pieces", pdf, m);
	assert_engines_read("pieces", m);
}
END_TEST

/* What a page has from its parents. */
START_TEST(inherited)
{
	g_autofree char *stream = make_stream("", BODY "/X Do");
	g_autofree char *green = make_stream(
		"/Type/XObject/Subtype/Form/BBox[0 0 99 99]",
		"0 1 0 rg 0 0 99 99 re f");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]"
		"/CropBox[10 20 585 822]/Rotate 90/Resources<</XObject<<"
		"/X 6 0 R>>>>>>",
		"<</Type/Pages/Parent 2 0 R/Count 1/Kids[4 0 R]>>",
		"<</Type/Page/Parent 3 0 R/Contents 5 0 R>>",
		stream, green, NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("inherited", pdf, FALSE);
	const miyin_sheet *sheet =
		&g_array_index(m->sheets->pages, miyin_sheet, 0);

	ck_assert_double_eq_tol(sheet->width_pt, 802, 0.01);
	ck_assert_double_eq_tol(sheet->height_pt, 575, 0.01);
	assert_same_body("inherited", pdf, m);
	ck_assert_uint_gt(count_colour(m->copy, sheet, GREEN), 500);
}
END_TEST

/* One page object as two pages. */
START_TEST(page_twice)
{
	g_autofree char *stream = make_stream("", BODY);
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4 "/Contents 4 0 R>>",
		stream, NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("twice", pdf, FALSE);

	ck_assert_uint_eq(m->sheets->pages->len, 2);
	assert_engines_read("twice", m);
}
END_TEST

/* What is not on paper does not leave with the copy. */
START_TEST(nothing_but_pages)
{
	g_autofree char *stream = make_stream("", BODY);
	g_autofree char *file = make_stream("/Type/EmbeddedFile",
					    "an attached secret");
	g_autofree char *metadata = make_stream("/Type/Metadata/Subtype/XML",
						"<x>a described secret</x>");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R/OpenAction 8 0 R/Metadata 7 0 R"
		"/Names<</EmbeddedFiles<</Names[(f)<</Type/Filespec/F(f)/EF<<"
		"/F 6 0 R>>>>]>>>>/AcroForm<</Fields[]/NeedAppearances true>>"
		">>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4 "/Contents 4 0 R/AA<</O 8 0 R"
		">>/Thumb 6 0 R/PieceInfo<</P<</Private(a private secret)>>>>"
		">>",
		stream,
		"<</Title(a titled secret)/Author(li)>>",
		file,
		metadata,
		"<</S/JavaScript/JS(app.alert\\('a scripted secret'\\))>>",
		NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "/Info 5 0 R");
	g_autoptr(marked) m = mark("extras", pdf, FALSE);
	static const char *const gone[] = { "secret",	  "JavaScript",
					    "OpenAction", "EmbeddedFile",
					    "Metadata",	  "AcroForm",
					    "/Info",	  "/AA" };
	gsize length;
	const char *bytes;

	write_file("copy.pdf", m->copy);
	run("extras", "qpdf --qdf --stream-data=uncompress copy.pdf q.pdf");
	bytes = g_bytes_get_data(m->copy, &length);
	for (unsigned i = 0; i < G_N_ELEMENTS(gone); i++)
		ck_assert_msg(!memmem(bytes, length, gone[i], strlen(gone[i])),
			      "%s is in the copy", gone[i]);
	ck_assert_ptr_null(memmem(bytes, length, "Encrypt", 7));
	run("extras", "! grep -a -q secret q.pdf");
}
END_TEST

/* On A4 the head of cn-gb9704 ends 28.85 mm below the upper edge, with its
 * code's quiet zone and a gap; its foot 28.35 mm above the lower one. */
#define FIT_SCALE ((842 - 57.2 * MM) / 842)

/* Scaled into the frame, so that all of it is seen. */
START_TEST(fitted)
{
	/* Where the codes stand. */
	g_autoptr(GBytes) pdf = make_page(
		A4, "1 0 0 rg 17 17 60 60 re 467 764 60 60 re f", NULL);
	g_autoptr(marked) kept = mark("kept", pdf, FALSE);
	g_autoptr(marked) fit = mark("fit", pdf, TRUE);
	const miyin_sheet *sheet =
		&g_array_index(fit->sheets->pages, miyin_sheet, 0);
	unsigned n_was = count_colour(pdf, sheet, RED);
	unsigned n_kept = count_colour(kept->copy, sheet, RED);
	unsigned n_fit = count_colour(fit->copy, sheet, RED);
	double scale = FIT_SCALE;

	ck_assert_uint_gt(n_was, 1500);
	ck_assert_uint_lt(n_kept, n_was / 10);
	ck_assert_double_eq_tol(n_fit, n_was * scale * scale, 0.15 * n_was);
	assert_engines_read("fit", fit);
}
END_TEST

/* Before the first page, of its size, with marks and codes but no body. */
START_TEST(cover)
{
	const double sizes[] = { 842, 595, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = prepare("cover", pdf);
	g_autoptr(GBytes) bad = NULL, swapped = NULL;
	g_autoptr(GError) error = NULL;

	m->order = compose("nato", "nato-cts", "li", COPY_ID, 3);
	ck_assert(m->order->cover);
	m->order->layout->watermark = MIYIN_WATERMARK_OFF;
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert_msg(miyin_look_verify(m->copy, m->sheets, m->order, &error),
		      "%s", error ? error->message : "");
	for (unsigned i = 0; i < 3; i++) {
		const miyin_sheet *sheet =
			miyin_marks_sheet(m->order, m->sheets, i);
		unsigned n = count_page(m->copy, i, sheet, RED);

		ck_assert_msg(i == 0 ? n < 20 : n > 500, "page %u: %u", i + 1,
			      n);
		ck_assert_double_eq_tol(sheet->width_pt,
					sizes[i > 0 ? 2 * i - 2 : 0], 0.01);
	}
	assert_engines_read("cover", m);
	run("cover", "qpdf copy.pdf --pages . 2-3 -- bad.pdf");
	bad = read_file("bad.pdf");
	assert_not_verified("no cover", bad, m,
			    "1\tthe copy cannot be opened");
	run("cover", "qpdf copy.pdf --pages . 2,1,3 -- bad.pdf");
	swapped = read_file("bad.pdf");
	assert_not_verified("the cover second", swapped, m, "1\tcode 1");
}
END_TEST

/* Left and right change on even pages, and each has its own codes there. */
START_TEST(swapped_on_even_pages)
{
	const double sizes[] = { 595, 842, 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = prepare("swapped", pdf);
	g_autoptr(GError) error = NULL;
	miyin_place odd, even;

	m->order = new_order(COPY_ID, 3);
	m->order->layout->swap_even = TRUE;
	m->copy = stamp(m->base, m->sheets, m->order);
	find_place(m, 0, &odd);
	find_place(m, 1, &even);
	for (unsigned q = 0; q < N_CODES; q++)
		ck_assert_double_eq_tol(even.codes[q].x,
					595 - odd.codes[q].x - odd.codes[q].w,
					0.01);
	miyin_place_clear(&odd);
	miyin_place_clear(&even);
	ck_assert_msg(miyin_look_verify(m->copy, m->sheets, m->order, &error),
		      "%s", error ? error->message : "");
	assert_engines_read("swapped", m);
	m->order->layout->swap_even = FALSE;
	ck_assert(!miyin_look_verify(m->copy, m->sheets, m->order, NULL));
}
END_TEST

START_TEST(specimen)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL);
	g_autoptr(marked) m = mark("specimen", pdf, FALSE);
	g_autoptr(GBytes) plain = g_bytes_ref(m->copy);

	m->order->specimen = TRUE;
	g_bytes_unref(m->copy);
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert(!g_bytes_equal(plain, m->copy));
	ck_assert(miyin_look_verify(m->copy, m->sheets, m->order, NULL));
	assert_engines_read("specimen", m);
}
END_TEST

/* A name longer than its line, or of letters that no font has. */
static const struct {
	const char *name;
	enum { DRAWN, REFUSED, BY_FONT } is;
} names[] = {
	{ "", DRAWN },
	{ "An Officer Whose Name Has Very Many Letters And Whose Department "
	  "Has Even More Than That, Department of Long Names, Third Floor",
	  DRAWN },
	{ "\xf0\x9f\x98\x80\xf0\x93\x80\x80", REFUSED },
	{ "张\xf0\x93\x80\x80三", REFUSED },
	{ "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf", BY_FONT },
	{ "<b>&amp;\\()%", DRAWN },
};

static gboolean can_draw(const miyin_order *order, const miyin_sheets *sheets)
{
	g_autoptr(miyin_marks) marks = miyin_marks_draw(order, sheets, NULL);

	return marks != NULL;
}

START_TEST(any_name)
{
	const double sizes[] = { 595, 842, 298, 420, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark("names", pdf, FALSE);

	miyin_order_free(m->order);
	m->order = compose("cn-gb9704", "jimi", names[_i].name, COPY_ID, 2);
	if (names[_i].is == REFUSED ||
	    (names[_i].is == BY_FONT && !can_draw(m->order, m->sheets))) {
		assert_stamp_refused(m, MIYIN_REFUSAL_BAD_GLYPH, NULL);
		return;
	}
	g_bytes_unref(m->copy);
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert(miyin_look_verify(m->copy, m->sheets, m->order, NULL));
	write_file("copy.pdf", m->copy);
	run(names[_i].name, "qpdf --check copy.pdf");
}
END_TEST

/* ---- annotations ------------------------------------------------------ */

#define ANNOTATION(entries) A4 "/Annots[<</Type/Annot" entries ">>]"
#define SQUARE "/Subtype/Square/Rect[200 300 300 400]/AP<</N 6 0 R>>"
#define GREEN_BOX                                                              \
	"<</Type/XObject/Subtype/Form/BBox[0 0 10 10]/Length 25>>stream\n"     \
	"0 1 0 rg 0 0 10 10 re f  \nendstream"

static const struct {
	const char *name, *entries, *form;
	gboolean drawn;
} annotations[] = {
	{ "that prints", ANNOTATION(SQUARE "/F 4"), GREEN_BOX, TRUE },
	{ "that prints, though no screen shows it",
	  ANNOTATION(SQUARE "/F 36"), GREEN_BOX, TRUE },
	{ "of which nothing is said", ANNOTATION(SQUARE), GREEN_BOX, FALSE },
	{ "for the screen", ANNOTATION(SQUARE "/F 0"), GREEN_BOX, FALSE },
	{ "that is hidden", ANNOTATION(SQUARE "/F 6"), GREEN_BOX, FALSE },
	{ "that pops up",
	  ANNOTATION("/Subtype/Popup/Rect[200 300 300 400]/AP<</N 6 0 R>>"
		     "/F 4"), GREEN_BOX, FALSE },
	{ "without a look",
	  ANNOTATION("/Subtype/Square/Rect[200 300 300 400]/F 4"), GREEN_BOX,
	  FALSE },
	{ "a field that is on",
	  ANNOTATION("/Subtype/Widget/Rect[200 300 300 400]/F 4/AS/On/AP<<"
		     "/N<</On 6 0 R>>>>"), GREEN_BOX, TRUE },
	{ "a field that is off",
	  ANNOTATION("/Subtype/Widget/Rect[200 300 300 400]/F 4/AS/Off/AP<<"
		     "/N<</On 6 0 R>>>>"), GREEN_BOX, FALSE },
	{ "of no area",
	  ANNOTATION("/Subtype/Square/Rect[200 300 200 300]/F 4/AP<</N 6 0 R"
		     ">>"), GREEN_BOX, FALSE },
	{ "of a look without area", ANNOTATION(SQUARE "/F 4"),
	  "<</BBox[0 0 0 0]/Length 22>>stream\n0 1 0 rg 0 0 9 9 re f \n"
	  "endstream", FALSE },
	{ "that is turned", ANNOTATION(SQUARE "/F 4"),
	  "<</BBox[0 0 10 10]/Matrix[0 1 -1 0 0 0]/Length 25>>stream\n"
	  "0 1 0 rg 0 0 10 10 re f  \nendstream", TRUE },
	{ "of no list", A4 "/Annots 6 0 R", GREEN_BOX, FALSE },
	{ "of a broken list", A4 "/Annots[null 99 0 R (x) 3 0 R]", GREEN_BOX,
	  FALSE },
};

START_TEST(annotation)
{
	g_autoptr(GBytes) pdf = make_page(annotations[_i].entries, BODY,
					  annotations[_i].form);
	g_autoptr(marked) m = mark(annotations[_i].name, pdf, FALSE);
	const miyin_sheet *sheet =
		&g_array_index(m->sheets->pages, miyin_sheet, 0);
	unsigned n = count_colour(m->copy, sheet, GREEN);

	ck_assert_msg(annotations[_i].drawn ? n > 2000 : n == 0,
		      "an annotation %s: %u pixels", annotations[_i].name, n);
	/* The body is there whatever hangs on its page. */
	n = count_colour(m->copy, sheet, RED);
	ck_assert_msg(n > 1000, "an annotation %s: %u pixels",
		      annotations[_i].name, n);
}
END_TEST

/* ---- what is refused -------------------------------------------------- */

static void assert_refused(const char *name, GBytes *pdf, const char *password,
			   miyin_refusal refusal, const char *words)
{
	GBytes *base = (GBytes *)&name;
	miyin_sheets *sheets = (miyin_sheets *)&name;
	g_autoptr(GError) error = NULL;

	ck_assert_msg(!miyin_prepare(pdf, password, &base, &sheets, &error),
		      "%s was prepared", name);
	ck_assert_ptr_eq(base, &name);
	ck_assert_ptr_eq(sheets, &name);
	ck_assert_msg(g_error_matches(error, MIYIN_REFUSAL, refusal),
		      "%s: %d %s", name, error->code, error->message);
	ck_assert_msg(!words || g_str_equal(error->message, words), "%s: %s",
		      name, error->message);
}

static const struct {
	const char *name, *bytes;
} garbage[] = {
	{ "nothing", "" },
	{ "a word", "hello" },
	{ "a header alone", "%PDF-1.7\n" },
	{ "a header and an end", "%PDF-1.7\n%%EOF\n" },
	{ "a picture", "\x89PNG\r\n\x1a\n" },
	{ "PostScript", "%!PS-Adobe-3.0\nshowpage\n" },
	{ "a table of nothing",
	  "%PDF-1.7\nxref\n0 0\ntrailer<<>>\nstartxref\n9\n%%EOF\n" },
	{ "a root that is not there",
	  "%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1"
	  "/Root 7 0 R>>\nstartxref\n9\n%%EOF\n" },
};

START_TEST(not_a_pdf)
{
	g_autoptr(GBytes) pdf = g_bytes_new(garbage[_i].bytes,
					    strlen(garbage[_i].bytes));

	assert_refused(garbage[_i].name, pdf, NULL, MIYIN_REFUSAL_DAMAGED, "");
}
END_TEST

START_TEST(no_pages)
{
	const char *const objects[] = { "<</Type/Catalog/Pages 2 0 R>>",
					"<</Type/Pages/Count 0/Kids[]>>",
					NULL };
	g_autoptr(GBytes) pdf = make_pdf(objects, "");

	assert_refused("no pages", pdf, NULL, MIYIN_REFUSAL_NO_PAGES, "");
}
END_TEST

/* /Count is only what the file says. */
START_TEST(false_count)
{
	g_autofree char *stream = make_stream("", BODY);
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 9999999999/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R" A4 "/Contents 4 0 R>>",
		stream, NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, "");
	g_autoptr(marked) m = mark("false count", pdf, FALSE);

	ck_assert_uint_eq(m->sheets->pages->len, 1);
}
END_TEST

START_TEST(too_many_pages)
{
	g_autofree double *sizes = g_new0(double, 2 * 1024 + 1);
	g_autoptr(GBytes) pdf = NULL, fewer = NULL, base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;

	for (int i = 0; i < 2 * 1024; i++)
		sizes[i] = 595;
	pdf = make_pages(sizes);
	assert_refused("1024 pages", pdf, NULL, MIYIN_REFUSAL_TOO_MANY_PAGES,
		       "1024\t1023");
	sizes[2 * 1023] = 0;
	fewer = make_pages(sizes);
	ck_assert(miyin_prepare(fewer, NULL, &base, &sheets, NULL));
	ck_assert_uint_eq(sheets->pages->len, 1023);
}
END_TEST

/* It says which page, how large it is, and a size that would do. */
static const struct {
	const char *what;
	double width_pt, height_pt;
	const char *words;
} small[] = {
	{ "a label", 142, 142, "2\t50 × 50\t90 × 90" },
	{ "a receipt", 164, 842, "2\t58 × 297\t79 × 407" },
	{ "a ribbon", 842, 113, "2\t297 × 40\t677 × 91" },
};

START_TEST(too_small)
{
	const double sizes[] = { 595, 842, small[_i].width_pt,
				 small[_i].height_pt, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = prepare(small[_i].what, pdf);
	g_autoptr(miyin_order) look = new_order(COPY_ID, 0);
	g_autoptr(GError) error = NULL;
	miyin_inspection is = { 42, 42, 42 };

	m->order = new_order(COPY_ID, 2);
	ck_assert(!miyin_look_inspect(pdf, m->sheets, look, &is, &error));
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_PAGE_TOO_SMALL));
	ck_assert_msg(g_str_equal(error->message, small[_i].words), "%s: %s",
		      small[_i].what, error->message);
	ck_assert(is.touched == 42 && is.scale == 42 && is.declared == 42);
	assert_stamp_refused(m, MIYIN_REFUSAL_PAGE_TOO_SMALL, small[_i].words);
}
END_TEST

/* Who takes the size that the refusal names is not refused again. */
START_TEST(large_enough)
{
	const char *least = strrchr(small[_i].words, '\t') + 1;
	double w_mm = strtod(least, NULL);
	double h_mm = strtod(strstr(least, "× ") + strlen("× "), NULL);
	const double sizes[] = { round(w_mm * MM), round(h_mm * MM), 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark(small[_i].what, pdf, FALSE);

	ck_assert_uint_eq(m->sheets->pages->len, 1);
}
END_TEST

/* Cut anywhere: refused, or repaired so that each page has its marks. */
START_TEST(truncated)
{
	const double sizes[] = { 595, 842, 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	gsize length = g_bytes_get_size(pdf) * (_i + 1) / 21;
	g_autoptr(GBytes) part = g_bytes_new_from_bytes(pdf, 0, length);
	g_autoptr(GBytes) base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(GError) error = NULL;

	if (miyin_prepare(part, NULL, &base, &sheets, &error)) {
		g_autoptr(marked) m = mark("truncated", part, FALSE);

		assert_engines_read("truncated", m);
		return;
	}
	ck_assert_msg(g_error_matches(error, MIYIN_REFUSAL,
				      MIYIN_REFUSAL_DAMAGED) ||
			      g_error_matches(error, MIYIN_REFUSAL,
					      MIYIN_REFUSAL_NO_PAGES),
		      "%s", error->message);
	ck_assert_ptr_null(base);
	ck_assert_ptr_null(sheets);
}
END_TEST

static const struct {
	const char *name, *options;
	gboolean user_password;
} encryptions[] = {
	{ "40 bits, owner", "--allow-weak-crypto --encrypt '' own 40 --", FALSE },
	{ "128 bits, owner", "--allow-weak-crypto --encrypt '' own 128 --",
	  FALSE },
	{ "128 bits of AES, owner",
	  "--allow-weak-crypto --encrypt '' own 128 --use-aes=y --", FALSE },
	{ "256 bits, owner, no printing",
	  "--encrypt '' own 256 --print=none --", FALSE },
	{ "40 bits, user", "--allow-weak-crypto --encrypt pass own 40 --",
	  TRUE },
	{ "128 bits, user", "--allow-weak-crypto --encrypt pass own 128 --",
	  TRUE },
	{ "256 bits, user", "--encrypt pass own 256 --", TRUE },
};

START_TEST(encrypted)
{
	g_autoptr(GBytes) plain = make_page(A4, BODY, NULL), pdf = NULL;
	g_autoptr(GBytes) base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autofree char *command = g_strdup_printf("qpdf %s in.pdf out.pdf",
						   encryptions[_i].options);

	write_file("in.pdf", plain);
	run(encryptions[_i].name, command);
	pdf = read_file("out.pdf");
	if (encryptions[_i].user_password) {
		assert_refused(encryptions[_i].name, pdf, NULL,
			       MIYIN_REFUSAL_PASSWORD, "");
		assert_refused(encryptions[_i].name, pdf, "Pass",
			       MIYIN_REFUSAL_PASSWORD, "");
		ck_assert(miyin_prepare(pdf, "pass", &base, &sheets, NULL));
		ck_assert_uint_eq(sheets->pages->len, 1);
	} else {
		g_autoptr(marked) m = mark(encryptions[_i].name, pdf, FALSE);
		gsize length;
		const char *bytes = g_bytes_get_data(m->copy, &length);

		assert_same_body(encryptions[_i].name, plain, m);
		ck_assert_ptr_null(memmem(bytes, length, "/Encrypt", 8));
	}
}
END_TEST

/* ---- stamping what does not fit together ------------------------------ */

static void assert_not_stamped(GBytes *base, const miyin_sheets *sheets,
			       const miyin_order *order, const char *why)
{
	int fd = miyin_memfile_new("copy", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert(!miyin_stamp(fd, base, sheets, order, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_msg(strstr(error->message, why) != NULL, "%s",
		      error->message);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}

START_TEST(order_of_another_document)
{
	const double sizes[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes);
	g_autoptr(marked) m = mark("two pages", pdf, FALSE);
	g_autoptr(miyin_order) fewer = new_order(COPY_ID, 1);
	g_autoptr(miyin_order) more = new_order(COPY_ID, 3);
	g_autoptr(miyin_order) none = new_order(COPY_ID, 0);
	g_autoptr(GError) error = NULL;

	assert_not_stamped(m->base, m->sheets, fewer, "not for this document");
	assert_not_stamped(m->base, m->sheets, more, "not for this document");
	assert_not_stamped(m->base, m->sheets, none, "not for this document");
	fewer->cover = TRUE;
	assert_not_stamped(m->base, m->sheets, fewer, "not for this document");
	fewer->cover = FALSE;
	ck_assert(!miyin_look_verify(m->copy, m->sheets, fewer, &error));
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_NOT_MARKED));
}
END_TEST

START_TEST(base_of_another_document)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL);
	g_autoptr(marked) m = mark("one page", pdf, FALSE);
	gsize length = g_bytes_get_size(m->base);
	g_autoptr(GBytes) part = NULL, none = g_bytes_new("", 0);
	guint64 xref = m->sheets->xref;

	assert_not_stamped(none, m->sheets, m->order, "differ");
	part = g_bytes_new_from_bytes(m->base, 0, xref + 30);
	assert_not_stamped(part, m->sheets, m->order, "differ");
	m->sheets->xref = xref - 1;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
	m->sheets->xref = length;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
	m->sheets->xref = G_MAXINT64;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
	m->sheets->xref = xref;
	m->sheets->n_objects++;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
	m->sheets->n_objects = 8388607;
	assert_not_stamped(m->base, m->sheets, m->order, "differ");
}
END_TEST

START_TEST(nowhere_to_write)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL);
	g_autoptr(marked) m = mark("one page", pdf, FALSE);
	int fd = g_open("/dev/full", O_WRONLY | O_CLOEXEC, 0);
	g_autoptr(GError) error = NULL;

	ck_assert(!miyin_stamp(fd, m->base, m->sheets, m->order, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	close(fd);
}
END_TEST

/* ---- copies that must not be believed --------------------------------- */

/* What is done with copy.pdf, of two A4 pages, and over.pdf is put over page
 * 2. */
static const struct {
	const char *name;
	const char *over;	/* content of over.pdf */
	const char *command, *words;
} frauds[] = {
	{ "the upper code painted over",
	  "1 g 455 745 80 80 re f", "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf", "2\tcode 1" },
	{ "half of the upper code painted over",
	  "0 g 473 745 26 80 re f", "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf", "2\tcode 1" },
	{ "the lower code painted over",
	  "1 g 15 15 65 65 re f", "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf", "2\tcode 2" },
	{ "all painted over",
	  "1 g 0 0 595 842 re f", "qpdf copy.pdf --overlay over.pdf --to=1"
	  " -- bad.pdf", "1\tcode 1" },
	{ "the pages swapped", "", "qpdf copy.pdf --pages . 2,1 -- bad.pdf",
	  "1\tcode 1" },
	{ "the first page twice", "", "qpdf copy.pdf --pages . 1,1 -- bad.pdf",
	  "2\tcode 1" },
	{ "a page left out", "", "qpdf copy.pdf --pages . 1 -- bad.pdf",
	  "1\tthe copy cannot be opened" },
	{ "a page too many", "", "qpdf copy.pdf --pages . 1-2,1 -- bad.pdf",
	  "1\tthe copy cannot be opened" },
	{ "a page upside down", "", "qpdf copy.pdf --rotate=180:2 bad.pdf",
	  "2\tcode 1" },
	{ "a page turned", "", "qpdf copy.pdf --rotate=90:2 bad.pdf",
	  "2\tpage size" },
	{ "the original", "", "cp plain.pdf bad.pdf", "1\tcode 1" },
	{ "another copy", "", "cp other.pdf bad.pdf", "1\tcode 1" },
	{ "a page of another copy", "",
	  "qpdf --empty --pages copy.pdf 1 other.pdf 2 -- bad.pdf",
	  "2\tcode 1" },
	{ "ink in a quiet zone",
	  "0 g 467.5 775 2 20 re f", "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf", "2\tquiet zone of code 1" },
	{ "grey in the lower quiet zone",
	  "0.7 g 20 71.5 50 2 re f", "qpdf copy.pdf --overlay over.pdf --to=1"
	  " -- bad.pdf", "1\tquiet zone of code 2" },
	{ "the level painted over",
	  "1 g 70 760 400 32 re f", "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf", "2\tline “机密★10年”" },
	{ "the level made faint",
	  "0.8 g 79 764 100 24 re f", "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf", "2\tline “机密★10年”" },
	{ "the level struck through",
	  "0 g 79 777 120 0.6 re f", "qpdf copy.pdf --overlay over.pdf --to=1"
	  " -- bad.pdf", "1\tline “机密★10年”" },
	{ "a dot in the serial",
	  "0 g 82 803 2 2 re f", "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf", "2\tline “000012”" },
	{ "a word after the serial",
	  "BT /F 16 Tf 160 800 Td (9) Tj ET",
	  "qpdf copy.pdf --overlay over.pdf --to=2 -- bad.pdf",
	  "2\tline “000012”" },
	{ "the foot painted over",
	  "1 g 78 5 500 30 re f", "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf",
	  "2\tline “机密★10年　份号 000012　第2份 共3份　持有人 张三”" },
	{ "the words beside the code painted over",
	  "1 g 372 789 90 14 re f", "qpdf copy.pdf --overlay over.pdf --to=2"
	  " -- bad.pdf", "2\tline “第2页 共2页”" },
	{ "no PDF", "", "echo hello >bad.pdf",
	  "1\tthe copy cannot be opened" },
	{ "nothing", "", ": >bad.pdf", "1\tthe copy cannot be opened" },
};

START_TEST(fraud)
{
	const double sizes[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), bad = NULL, other = NULL;
	g_autoptr(GBytes) over = make_page(A4 USES, frauds[_i].over, NULL);
	g_autoptr(marked) m = mark("honest", pdf, FALSE);
	g_autoptr(miyin_order) order = new_order(COPY_ID + 1, 2);

	other = stamp(m->base, m->sheets, order);
	ck_assert(miyin_look_verify(other, m->sheets, order, NULL));
	write_file("plain.pdf", pdf);
	write_file("copy.pdf", m->copy);
	write_file("other.pdf", other);
	write_file("over.pdf", over);
	run(frauds[_i].name, frauds[_i].command);
	bad = read_file("bad.pdf");
	assert_not_verified(frauds[_i].name, bad, m, frauds[_i].words);
}
END_TEST

/* What was drawn for another layout than the one that was ordered. */
static const struct {
	const char *name;
	double code_x_mm, line_x_mm, line_pt;
	const char *line_text, *words;
} other_layouts[] = {
	{ "the same", 0, 0, 0, NULL, NULL },
	{ "a code moved by 1.5 mm", 1.5, 0, 0, NULL, "1\tplace of code 1" },
	{ "a code moved by 0.5 mm", 0.5, 0, 0, NULL,
	  "1\tquiet zone of code 1" },
	{ "a code moved away", 40, 0, 0, NULL, "1\tcode 1" },
	{ "the level moved by 1 mm", 0, 1, 0, NULL, "1\tline “机密★10年”" },
	{ "the level smaller", 0, 0, -2, NULL, "1\tline “机密★10年”" },
	{ "a lower level", 0, 0, 0, "秘密★10年", "1\tline “机密★10年”" },
	{ "another period", 0, 0, 0, "机密★1年", "1\tline “机密★10年”" },
	{ "no level", 0, 0, 0, "", "1\tline “机密★10年”" },
};

START_TEST(another_layout)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL), copy = NULL;
	g_autoptr(marked) m = mark("ordered", pdf, FALSE);
	g_autoptr(miyin_order) other = new_order(COPY_ID, 1);
	miyin_line *level = other->layout->lines->pdata[1];

	g_array_index(other->layout->codes, miyin_spot, 0).x_mm +=
		other_layouts[_i].code_x_mm;
	level->x_mm += other_layouts[_i].line_x_mm;
	level->size_pt += other_layouts[_i].line_pt;
	if (other_layouts[_i].line_text) {
		g_free(level->text);
		level->text = g_strdup(other_layouts[_i].line_text);
	}
	copy = stamp(m->base, m->sheets, other);
	if (other_layouts[_i].words)
		assert_not_verified(other_layouts[_i].name, copy, m,
				    other_layouts[_i].words);
	else
		ck_assert(miyin_look_verify(copy, m->sheets, m->order, NULL));
}
END_TEST

/* A level without codes is known by its line alone. */
START_TEST(level_without_codes)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL), bad = NULL;
	g_autoptr(GBytes) over = make_page(A4, "1 g 0 780 595 62 re f", NULL);
	g_autoptr(marked) m = prepare("no codes", pdf);

	m->order = compose("cn-company", "gs-gongkai", "li", COPY_ID, 1);
	ck_assert_uint_eq(m->order->layout->codes->len, 0);
	m->copy = stamp(m->base, m->sheets, m->order);
	ck_assert(miyin_look_verify(m->copy, m->sheets, m->order, NULL));
	write_file("copy.pdf", m->copy);
	write_file("over.pdf", over);
	run("no codes", "qpdf copy.pdf --overlay over.pdf -- bad.pdf");
	bad = read_file("bad.pdf");
	assert_not_verified("no line", bad, m, "1\tline “公开资料”");
	assert_not_verified("the original", pdf, m, "1\tline “公开资料”");
}
END_TEST

/* Only what is asked for is looked at, and the first wrong page is named. */
START_TEST(some_pages)
{
	const double sizes[] = { 595, 842, 595, 842, 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), bad = NULL, lines = NULL;
	g_autoptr(marked) m = mark("four pages", pdf, FALSE);
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(unsigned));
	g_autoptr(GError) error = NULL;

	write_file("copy.pdf", m->copy);
	run("some", "qpdf copy.pdf --pages . 1,3,3,1 -- bad.pdf");
	bad = read_file("bad.pdf");
	lines = miyin_look_lines(m->sheets, m->order, NULL);
	for (unsigned i = 0; i < 4; i += 2)
		g_array_append_val(chosen, i);
	ck_assert(miyin_look_verify_pages(bad, lines, m->sheets, m->order,
					  chosen, NULL));
	g_array_append_vals(chosen, (unsigned[]){ 3, 1 }, 2);
	ck_assert(!miyin_look_verify_pages(bad, lines, m->sheets, m->order,
					   chosen, &error));
	ck_assert_str_eq(error->message, "4\tcode 1");
}
END_TEST

/* The same ways about leave an honest copy honest. */
START_TEST(honest_after_qpdf)
{
	const double sizes[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), again = NULL;
	g_autoptr(GBytes) over =
		make_page(A4, "1 g 200 300 99 99 re f", NULL);
	g_autoptr(marked) m = mark("honest", pdf, FALSE);

	write_file("copy.pdf", m->copy);
	write_file("over.pdf", over);
	run("honest", "qpdf copy.pdf --overlay over.pdf --to=2 -- same.pdf");
	again = read_file("same.pdf");
	ck_assert(miyin_look_verify(again, m->sheets, m->order, NULL));
}
END_TEST

/* ---- ink where the marks will stand ----------------------------------- */

static const struct {
	const char *name, *entries, *content, *more;
	gboolean touched;
} inks[] = {
	{ "an empty page", A4, "", NULL, FALSE },
	{ "the type area, filled", A4, "0 g 80 105 442 632 re f", NULL,
	  FALSE },
	{ "the page number", A4 USES,
	  "BT /F 14 Tf 480 76 Td (- 3 -) Tj ET", NULL, FALSE },
	{ "a line of text in the head", A4 USES,
	  "BT /F 9 Tf 85 800 Td (Memo) Tj ET", NULL, TRUE },
	{ "a picture at the right edge of the head", A4,
	  "0 g 470 760 40 40 re f", NULL, TRUE },
	{ "a number in the corner", A4 USES,
	  "BT /F 9 Tf 30 40 Td (17) Tj ET", NULL, TRUE },
	{ "a footer", A4 USES, "BT /F 8 Tf 300 25 Td (Foot) Tj ET", NULL,
	  TRUE },
	{ "a hairline around the sheet", A4, "0 w 30 30 535 782 re S", NULL,
	  TRUE },
	{ "white all over", A4, "1 g 0 0 595 842 re f", NULL, FALSE },
	{ "nearly white all over", A4, "0.98 g 0 0 595 842 re f", NULL,
	  FALSE },
	{ "light grey all over", A4, "0.9 g 0 0 595 842 re f", NULL, TRUE },
	{ "yellow all over", A4, "1 1 0 rg 0 0 595 842 re f", NULL, TRUE },
	{ "ink under white", A4, "0 g 0 0 595 842 re f 1 g 0 0 595 842 re f",
	  NULL, FALSE },
	{ "ink outside the crop", A4 "/CropBox[100 100 500 700]",
	  "0 g 0 0 90 842 re f", NULL, FALSE },
	{ "ink in the corner of the crop", A4 "/CropBox[100 100 500 700]",
	  "0 g 120 120 20 20 re f", NULL, TRUE },
	{ "the foot of a turned page", A4 "/Rotate 90",
	  "0 g 560 300 10 100 re f", NULL, TRUE },
	{ "the side of a turned page", A4 "/Rotate 90",
	  "0 g 250 30 100 10 re f", NULL, FALSE },
	{ "a corner in units of two", "/MediaBox[0 0 298 421]/UserUnit 2",
	  "0 g 15 15 20 20 re f", NULL, TRUE },
	{ "the middle in units of two", "/MediaBox[0 0 298 421]/UserUnit 2",
	  "0 g 60 60 170 300 re f", NULL, FALSE },
	{ "an annotation that prints",
	  A4 "/Annots[<</Type/Annot/Subtype/Square/Rect[470 760 510 800]/F 4"
	  "/AP<</N 6 0 R>>>>]", "", GREEN_BOX, TRUE },
	{ "an annotation for the screen",
	  A4 "/Annots[<</Type/Annot/Subtype/Square/Rect[470 760 510 800]/F 0"
	  "/AP<</N 6 0 R>>>>]", "", GREEN_BOX, FALSE },
};

START_TEST(touched)
{
	g_autoptr(GBytes) pdf = make_page(inks[_i].entries, inks[_i].content,
					  inks[_i].more);
	g_autoptr(GBytes) base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(miyin_order) order = new_order(COPY_ID, 0);
	miyin_inspection is = { .touched = !inks[_i].touched };

	ck_assert(miyin_prepare(pdf, NULL, &base, &sheets, NULL));
	ck_assert(miyin_look_inspect(pdf, sheets, order, &is, NULL));
	ck_assert_msg(is.touched == inks[_i].touched, "%s", inks[_i].name);
	ck_assert_int_eq(is.declared, -1);
}
END_TEST

/* A body that is made to fit is out of their way; it becomes this small. */
START_TEST(touched_not_when_fitted)
{
	const double sizes[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(sizes), base = NULL;
	g_autoptr(GBytes) full = make_page(A4, "0 g 0 0 595 842 re f", NULL);
	g_autoptr(GBytes) full_base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL, full_sheets = NULL;
	g_autoptr(miyin_order) order = new_order(COPY_ID, 0);
	miyin_inspection is = { .touched = TRUE };

	order->fit = TRUE;
	ck_assert(miyin_prepare(full, NULL, &full_base, &full_sheets, NULL));
	ck_assert(miyin_look_inspect(full, full_sheets, order, &is, NULL));
	ck_assert(!is.touched);
	ck_assert_double_eq_tol(is.scale, FIT_SCALE, 0.001);
	order->fit = FALSE;
	ck_assert(miyin_prepare(pdf, NULL, &base, &sheets, NULL));
	ck_assert(miyin_look_inspect(pdf, sheets, order, &is, NULL));
	ck_assert(!is.touched);
	ck_assert_double_eq_tol(is.scale, FIT_SCALE, 0.001);
}
END_TEST

START_TEST(touched_on_a_later_page)
{
	g_autofree char *ink = make_stream("", "0 g 470 760 40 40 re f");
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]" A4 ">>",
		"<</Type/Page/Parent 2 0 R>>",
		"<</Type/Page/Parent 2 0 R/Contents 5 0 R>>", ink, NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, ""), base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(miyin_order) order = new_order(COPY_ID, 0);
	miyin_inspection is = { .touched = FALSE };

	ck_assert(miyin_prepare(pdf, NULL, &base, &sheets, NULL));
	ck_assert(miyin_look_inspect(pdf, sheets, order, &is, NULL));
	ck_assert(is.touched);
}
END_TEST

/* What may stand there is test_declared.c's; here the way from the page. */
static const struct {
	const char *name, *first, *second;
	int declared;	/* place in the levels of scheme us */
} declarations[] = {
	{ "nothing", "", "", -1 },
	{ "a level on the first page", "SECRET", "", 1 },
	{ "the higher of two", "SECRET) Tj 0 -30 Td (TOP SECRET", "", 0 },
	{ "a level on the second page alone", "Notice", "SECRET", -1 },
};

START_TEST(declared_level)
{
	g_autofree char *first_text =
		g_strdup_printf("BT /F 20 Tf 200 500 Td (%s) Tj ET",
				declarations[_i].first);
	g_autofree char *second_text =
		g_strdup_printf("BT /F 20 Tf 200 500 Td (%s) Tj ET",
				declarations[_i].second);
	g_autofree char *first = make_stream("", first_text);
	g_autofree char *second = make_stream("", second_text);
	const char *const objects[] = {
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]" A4 USES ">>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R>>",
		"<</Type/Page/Parent 2 0 R/Contents 7 0 R>>",
		FONT, first, second, NULL,
	};
	g_autoptr(GBytes) pdf = make_pdf(objects, ""), base = NULL;
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(miyin_order) order = compose("us", "us-c", "li", COPY_ID, 0);
	miyin_inspection is = { .declared = 42 };

	ck_assert(miyin_prepare(pdf, NULL, &base, &sheets, NULL));
	ck_assert(miyin_look_inspect(pdf, sheets, order, &is, NULL));
	ck_assert_msg(is.declared == declarations[_i].declared, "%s: %d",
		      declarations[_i].name, is.declared);
}
END_TEST

/* The second engine must see the pages that the first saw. */
START_TEST(touched_of_another_document)
{
	const double one[] = { 595, 842, 0 }, two[] = { 595, 842, 595, 842, 0 };
	g_autoptr(GBytes) pdf = make_pages(one), other = make_pages(two);
	g_autoptr(GBytes) base = NULL, none = g_bytes_new("hello", 5);
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(miyin_order) order = new_order(COPY_ID, 0);
	GBytes *const strange[] = { other, none };

	ck_assert(miyin_prepare(pdf, NULL, &base, &sheets, NULL));
	for (int i = 0; i < 2; i++) {
		miyin_inspection is = { 42, 42, 42 };
		g_autoptr(GError) error = NULL;

		ck_assert(!miyin_look_inspect(strange[i], sheets, order, &is,
					      &error));
		ck_assert(g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_DAMAGED));
		ck_assert(is.touched == 42 && is.scale == 42 &&
			  is.declared == 42);
	}
}
END_TEST

/* ---- the lot ---------------------------------------------------------- */

/* In the process that forks the tests: fonts are then found once. */
static void find_fonts(void)
{
	g_autoptr(GBytes) pdf = make_page(A4, BODY, NULL);
	g_autoptr(marked) m = mark("fonts", pdf, FALSE);
}

static TCase *new_tcase(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 180);
	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static void add_document_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "document");

	tcase_add_test(tcase, sizes_in_one_file);
	tcase_add_test(tcase, many_pages);
	tcase_add_test(tcase, large_sheets);
	tcase_add_test(tcase, shared_content);
	tcase_add_test(tcase, content_in_pieces);
	tcase_add_test(tcase, inherited);
	tcase_add_test(tcase, page_twice);
	tcase_add_test(tcase, nothing_but_pages);
	tcase_add_test(tcase, fitted);
	tcase_add_test(tcase, cover);
	tcase_add_test(tcase, swapped_on_even_pages);
	tcase_add_test(tcase, specimen);
	tcase_add_loop_test(tcase, any_name, 0, G_N_ELEMENTS(names));
	tcase_add_loop_test(tcase, annotation, 0, G_N_ELEMENTS(annotations));
}

static void add_refused_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "refused");

	tcase_add_loop_test(tcase, not_a_pdf, 0, G_N_ELEMENTS(garbage));
	tcase_add_test(tcase, no_pages);
	tcase_add_test(tcase, false_count);
	tcase_add_test(tcase, too_many_pages);
	tcase_add_loop_test(tcase, too_small, 0, G_N_ELEMENTS(small));
	tcase_add_loop_test(tcase, large_enough, 0, G_N_ELEMENTS(small));
	tcase_add_loop_test(tcase, truncated, 0, 20);
	tcase_add_loop_test(tcase, encrypted, 0, G_N_ELEMENTS(encryptions));
	tcase_add_test(tcase, order_of_another_document);
	tcase_add_test(tcase, base_of_another_document);
	tcase_add_test(tcase, nowhere_to_write);
}

static void add_look_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "look");

	tcase_add_loop_test(tcase, fraud, 0, G_N_ELEMENTS(frauds));
	tcase_add_loop_test(tcase, another_layout, 0,
			    G_N_ELEMENTS(other_layouts));
	tcase_add_test(tcase, level_without_codes);
	tcase_add_test(tcase, some_pages);
	tcase_add_test(tcase, honest_after_qpdf);
	tcase_add_loop_test(tcase, touched, 0, G_N_ELEMENTS(inks));
	tcase_add_test(tcase, touched_not_when_fitted);
	tcase_add_test(tcase, touched_on_a_later_page);
	tcase_add_loop_test(tcase, declared_level, 0,
			    G_N_ELEMENTS(declarations));
	tcase_add_test(tcase, touched_of_another_document);
}

int main(void)
{
	Suite *suite = suite_create("stamp");
	TCase *tcase = new_tcase(suite, "page");
	SRunner *runner;
	int n_failed;

	tcase_add_unchecked_fixture(tcase, find_fonts, NULL);
	tcase_add_loop_test(tcase, page_of_every_kind, 0, N_KINDS);
	tcase_add_loop_test(tcase, hostile_page, 0, N_HOSTILE);
	add_document_cases(suite);
	add_refused_cases(suite);
	add_look_cases(suite);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"
#include "canvas.h"
#include "declared.h"
#include "fault.h"
#include "likeness.h"
#include "running.h"
#include <math.h>
#include <miyin/payload.h>
#include <poppler.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#define DPI 150.0	  /* measured: a mark of 16 pt is read at 150 */
#define WIDTH_MAX_PX 1800 /* of large pages; their letters are large, too */
#define TOP 0.4		  /* the part of a page that is read as a picture */
#define WHOLE 1.0	  /* all of it, to tell it from others */
#define PAIRS_LEAST 20	  /* fewer pairs of letters tell nothing */
#define PAIRS_SURE 0.6 /* where some lines speak for all: else all are read */
#define PAIRS_SHARED                                                           \
	0.25	  /* of those seen, in the text: less is another text          \
		   */
#define WHITE 245 /* a scan is never quite white */
#define SURE 60	  /* Tesseract's confidence */

typedef struct {
	const miyin_order_level *levels;
	unsigned n_levels;
	miyin_reading *reading;
	miyin_ocr *ocr;
	GPtrArray *pictures; /* of pages that were read */
} finder;

static void look_into(finder *f, const char *text)
{
	g_autofree char *period = NULL;
	int level = miyin_declared_read(text, f->levels, f->n_levels, &period);
	miyin_reading *r = f->reading;

	if (level < 0 ||
	    (r->level >= 0 && f->levels[level].rank < f->levels[r->level].rank))
		return;
	if (r->level < 0 || f->levels[level].rank > f->levels[r->level].rank)
		g_clear_pointer(&r->period, g_free);
	r->level = level;
	if (!r->period)
		r->period = g_steal_pointer(&period);
}

/* ---- text ------------------------------------------------------------------
 */

/* Poppler gives the bytes of a font 宋体 under WinAnsiEncoding as Latin-1:
 * »úÃÜ is 机密 in GBK. By ICU: glibc's converters are files, and there are none
 * in the sandbox. NULL when ICU fails. */
static char *read_as_gbk(const char *text)
{
	UErrorCode code = U_ZERO_ERROR;
	UConverter *latin = ucnv_open("windows-1252", &code);
	UConverter *gbk = ucnv_open("gb18030", &code);
	int32_t room = (int32_t)MIN(strlen(text), 1 << 20) * 4 + 16;
	g_autofree char *bytes = g_malloc0((gsize)room);
	g_autofree UChar *wide = g_new0(UChar, room);
	int32_t n = 0;
	char *out = NULL;

	u_strFromUTF8(wide, room, &n, text, -1, &code);
	n = ucnv_fromUChars(latin, bytes, room, wide, n, &code);
	n = ucnv_toUChars(gbk, wide, room, bytes, n, &code);
	if (U_SUCCESS(code))
		out = g_utf16_to_utf8(wide, n, NULL, NULL, NULL);
	ucnv_close(latin);
	ucnv_close(gbk);
	return out;
}

/* What Tesseract makes of ★ between a level and a digit: 广, x, * and the
 * like. */
static char *mend_stars(const char *text, const finder *f)
{
	GString *mended = g_string_new(text);

	for (unsigned i = 0; i < f->n_levels; i++) {
		g_autofree char *word =
			g_regex_escape_string(f->levels[i].text, -1);
		g_autofree char *form = g_strdup_printf(
			"(%s)\\s?[^\\d\\s★一二三四五六七八九十长]{1,2}\\s?"
			"(?=\\d+ ?[年个月天日])",
			word);
		g_autoptr(GRegex) star = g_regex_new(form, 0, 0, NULL);
		char *next = star ? g_regex_replace(star, mended->str, -1, 0,
						    "\\1★", 0, NULL)
				  : NULL;

		if (next) {
			g_string_assign(mended, next);
			g_free(next);
		}
	}
	return g_string_free(mended, FALSE);
}

/* ---- two readings of a page
 * --------------------------------------------------- */

static gboolean is_counted(gunichar c)
{
	return g_ascii_isalpha((char)(c < 0x80 ? c : 0)) ||
	       g_unichar_get_script(c) == G_UNICODE_SCRIPT_HAN;
}

/* Pairs of letters beside each other, and how often; spaces do not part. */
static GHashTable *count_pairs(const char *text, unsigned *n)
{
	GHashTable *pairs = g_hash_table_new(NULL, NULL);
	g_autofree char *plain =
		g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
	gunichar before = 0;

	*n = 0;
	for (const char *at = plain ? plain : ""; *at;
	     at = g_utf8_next_char(at)) {
		gunichar c = g_unichar_tolower(g_utf8_get_char(at));
		gpointer key;

		if (!is_counted(c))
			continue;
		key = GSIZE_TO_POINTER((gsize)before << 24 | c);
		g_hash_table_insert(
			pairs, key,
			GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(
						 pairs, key)) +
					 1));
		before = c;
		++*n;
	}
	return pairs;
}

/* Whether what is seen is in the text, or nobody can tell. */
static gboolean agree(const char *seen, const char *text, double least)
{
	unsigned n_seen, n_text, shared = 0;
	g_autoptr(GHashTable) in_picture = count_pairs(seen, &n_seen);
	g_autoptr(GHashTable) in_text = count_pairs(text, &n_text);
	GHashTableIter iter;
	gpointer key, value;

	if (n_seen < PAIRS_LEAST || n_text < PAIRS_LEAST)
		return TRUE;
	g_hash_table_iter_init(&iter, in_picture);
	while (g_hash_table_iter_next(&iter, &key, &value))
		shared += MIN(
			GPOINTER_TO_UINT(value),
			GPOINTER_TO_UINT(g_hash_table_lookup(in_text, key)));
	return shared >= least * n_seen;
}

/* A page as it is held when it is turned by quarters. */
typedef struct {
	PopplerPage *page;
	double width, height; /* points, so turned */
	double scale;	      /* pixels a point */
	double dpi; /* what Tesseract is told; it takes no less than 70 */
	cairo_matrix_t pixels; /* from points of the page */
} view;

static view view_of(PopplerPage *page, int quarters)
{
	view v = { .page = page };
	double w, h;

	poppler_page_get_size(page, &w, &h);
	v.width = quarters % 2 ? h : w;
	v.height = quarters % 2 ? w : h;
	v.scale = MIN(DPI / 72, WIDTH_MAX_PX / MAX(w, h));
	v.dpi = MAX(70, 72 * v.scale);
	cairo_matrix_init_scale(&v.pixels, v.scale, v.scale);
	cairo_matrix_translate(&v.pixels, v.width / 2, v.height / 2);
	cairo_matrix_rotate(&v.pixels, quarters * G_PI / 2);
	cairo_matrix_translate(&v.pixels, -w / 2, -h / 2);
	return v;
}

/* Its top, or all of it. */
static cairo_surface_t *paint(const view *v, double part, GError **error)
{
	cairo_t *cr = miyin_canvas_open((int)(v->width * v->scale),
					(int)(v->height * v->scale * part));

	cairo_transform(cr, &v->pixels);
	poppler_page_render_for_printing(v->page, cr);
	return miyin_canvas_close(cr, error);
}

/* Whether a page that looks so was read before; else from now on it was. One
 * that was not read stands for none: many small changes are a large one. */
static gboolean find_known(finder *f, PopplerPage *page, gboolean *known,
			   GError **error)
{
	const view v = view_of(page, 0);
	cairo_surface_t *surface = paint(&v, WHOLE, error);

	if (!surface)
		return FALSE;
	*known = FALSE;
	for (guint i = 0; i < f->pictures->len && !*known; i++)
		*known = miyin_likeness_is_same(f->pictures->pdata[i], surface);
	if (*known)
		cairo_surface_destroy(surface);
	else
		g_ptr_array_add(f->pictures, surface);
	return TRUE;
}

/* Whether the page lies so, and its text is what it shows. */
typedef enum { BLURRED, CLEAR, OTHER } sight;

static sight read_picture(finder *f, const view *v, cairo_surface_t *surface,
			  const char *text, double least)
{
	int confidence;
	g_autofree char *seen =
		miyin_ocr_read(f->ocr, surface, v->dpi, &confidence);
	g_autofree char *mended = mend_stars(seen, f);

	look_into(f, mended);
	if (confidence < SURE)
		return BLURRED;
	return agree(mended, text, least) ? CLEAR : OTHER;
}

/* Without its running text, unless what is left is another one than the page's.
 * Where there is running text the page lies so: code and numbers that Tesseract
 * is not sure of become no clearer when they are turned. */
static gboolean read_turned(finder *f, const view *v, const char *text,
			    sight *got, GError **error)
{
	g_autoptr(cairo_surface_t) surface = paint(v, TOP, error);
	g_autoptr(cairo_surface_t) whole = NULL;
	g_autoptr(GArray) lines = NULL;

	if (!surface)
		return FALSE;
	lines = miyin_ocr_lines(f->ocr, surface, v->dpi);
	if (miyin_running_blank(lines, surface, v->page, &v->pixels) > 0) {
		*got = read_picture(f, v, surface, text, PAIRS_SURE);
		if (*got != OTHER) {
			*got = CLEAR;
			return TRUE;
		}
		whole = paint(v, TOP, error);
		if (!whole)
			return FALSE;
	}
	*got = read_picture(f, v, whole ? whole : surface, text, PAIRS_SHARED);
	return TRUE;
}

/* A page that was turned when it was made, or scanned, is read when it is
 * turned back; first as its text runs. */
static gboolean read_every_way(finder *f, PopplerPage *page, const char *text,
			       unsigned no, GError **error)
{
	const int first = miyin_running_quarters(page);
	gboolean doubt = FALSE;
	sight got = BLURRED;

	for (int i = 0; i < 4 && got != CLEAR; i++) {
		const view v = view_of(page, (first + i) % 4);

		if (!read_turned(f, &v, text, &got, error))
			return FALSE;
		doubt |= got == OTHER;
	}
	if (doubt && got != CLEAR && f->reading->unreadable == 0)
		f->reading->unreadable = no;
	return TRUE;
}

static gboolean read_page(finder *f, PopplerPage *page, unsigned no,
			  GError **error)
{
	g_autofree char *text = poppler_page_get_text(page);
	g_autofree char *gbk = read_as_gbk(text ? text : "");
	gboolean known;

	look_into(f, text ? text : "");
	look_into(f, gbk ? gbk : "");
	return find_known(f, page, &known, error) &&
	       (known || read_every_way(f, page, text ? text : "", no, error));
}

/* ---- pages
 * --------------------------------------------------------------------- */

static gboolean find_ink(PopplerPage *page, gboolean *ink, GError **error)
{
	double w, h;
	g_autoptr(cairo_surface_t) surface = NULL;

	poppler_page_get_size(page, &w, &h);
	surface = miyin_canvas_page(page, MIN(0.5, 600 / MAX(w, h)), error);
	if (surface)
		*ink = miyin_canvas_has_ink(surface, WHITE);
	return surface != NULL;
}

/* Pages without ink cost little, and there are no more than a job has. */
static gboolean read_pages(finder *f, GBytes *pdf, unsigned first,
			   unsigned last, GError **error)
{
	g_autoptr(PopplerDocument) document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);
	unsigned seen = 0;
	int n;

	if (!document)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	n = MIN(poppler_document_get_n_pages(document), MIYIN_PAGES_MAX);
	for (int i = 0; i < n && seen < last; i++) {
		g_autoptr(PopplerPage) page =
			poppler_document_get_page(document, i);
		gboolean ink = FALSE;

		if (page && !find_ink(page, &ink, error))
			return FALSE;
		if (!ink || ++seen < first)
			continue;
		if (!read_page(f, page, (unsigned)i + 1, error))
			return FALSE;
	}
	return TRUE;
}

gboolean miyin_reading_read(const miyin_reading_question *asked,
			    miyin_reading *reading, GError **error)
{
	g_autoptr(miyin_ocr) own = asked->ocr ? NULL : miyin_ocr_new(error);
	miyin_ocr *ocr = asked->ocr ? asked->ocr : own;
	g_autoptr(GPtrArray) pictures = g_ptr_array_new_with_free_func(
		(GDestroyNotify)cairo_surface_destroy);
	miyin_reading found = { .level = -1 };
	finder f = { asked->levels, asked->n_levels, &found, ocr, pictures };

	if (!ocr)
		return FALSE;
	look_into(&f, asked->words ? asked->words : "");
	if (!read_pages(&f, asked->pdf, asked->first, asked->last, error) ||
	    (asked->printed && asked->first == 1 &&
	     !read_pages(&f, asked->printed, 1, 1, error))) {
		g_free(found.period);
		return FALSE;
	}
	*reading = found;
	return TRUE;
}

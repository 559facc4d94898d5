/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bare.h"
#include <miyin/pdfnumbers.h>
#include <miyin/qpdf.h>
#include <miyin/payload.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Downwards each stripe is lighter than the last, and every fourth as dark as
 * the first again: a step up in grey is small, all others are large. */
#define STRIPES 8
#define GREYS 4
#define STEP 40	      /* of 255 */
#define STEP_MAX 50   /* of 255; a step that was blurred is less */
#define LIGHTEST 180  /* more is paper */
#define SIDE_MAX 4096 /* pixels */

static const char *const boxes[] = { "/MediaBox", "/CropBox", "/TrimBox",
				     "/BleedBox", "/ArtBox" };

static gboolean is_wide(qpdf_data q, qpdf_oh page)
{
	const gboolean lies = miyin_qpdf_get_turn(q, page) % 180 != 0;
	double box[4];

	for (unsigned i = 0; i < G_N_ELEMENTS(boxes); i++)
		if (miyin_qpdf_get_rect(q, page, boxes[i], box) &&
		    (lies ? box[3] - box[1] > box[2] - box[0]
			  : box[2] - box[0] > box[3] - box[1]))
			return TRUE;
	return FALSE;
}

static gboolean any_is_wide(qpdf_data q, int n_pages)
{
	gboolean wide = FALSE;

	for (int i = 0; i < n_pages && !wide; i++) {
		qpdf_oh page = qpdf_get_page_n(q, (size_t)i);

		wide = is_wide(q, page);
		qpdf_oh_release(q, page);
	}
	return wide;
}

/* In page space; the side that is seen at the top comes first. */
static void append_stripes(GString *to, const double box[4], int rotate)
{
	const double w = box[2] - box[0], h = box[3] - box[1];

	for (int i = 0; i < STRIPES; i++) {
		const double from = (double)i / STRIPES, part = 1.0 / STRIPES;
		const double grey = i % GREYS * STEP / 255.0;
		double stripe[4] = { box[0], box[1], w, h };

		if (rotate == 90)
			stripe[0] += from * w;
		else if (rotate == 180)
			stripe[1] += from * h;
		else if (rotate == 270)
			stripe[0] += (1 - from - part) * w;
		else
			stripe[1] += (1 - from - part) * h;
		stripe[rotate % 180 ? 2 : 3] *= part;
		miyin_pdfnumbers_append(to, &grey, 1);
		g_string_append(to, "g ");
		miyin_pdfnumbers_append(to, stripe, 4);
		g_string_append(to, "re f\n");
	}
}

/* Boxes that nobody can read are left out, as layout will. */
static gboolean add_page(qpdf_data q, qpdf_oh page, qpdf_data to)
{
	const int rotate = miyin_qpdf_get_turn(q, page);
	const double unit = miyin_qpdf_get_number(q, page, "/UserUnit", 1);
	double box[4], seen[4] = { 0, 0, 612, 792 };
	qpdf_oh bare = qpdf_oh_new_dictionary(to);
	g_autoptr(GString) stripes = g_string_new(NULL);
	gboolean ok;

	miyin_qpdf_set(to, bare, "/Type", qpdf_oh_new_name(to, "/Page"));
	miyin_qpdf_set(to, bare, "/Rotate", qpdf_oh_new_integer(to, rotate));
	if (unit != 1)
		miyin_qpdf_set(to, bare, "/UserUnit",
			       qpdf_oh_new_real_from_double(to, unit, 6));
	for (unsigned i = 0; i < G_N_ELEMENTS(boxes); i++)
		if (miyin_qpdf_get_rect(q, page, boxes[i], box)) {
			miyin_qpdf_set(to, bare, boxes[i],
				       miyin_qpdf_numbers(to, box, 4));
			if (i == 0)
				memcpy(seen, box, sizeof(seen));
			miyin_qpdf_cut_rect(seen, box);
		}
	append_stripes(stripes, seen, rotate);
	miyin_qpdf_set(to, bare, "/Contents",
		       miyin_qpdf_stream(to, stripes->str, stripes->len));
	miyin_qpdf_set(to, bare, "/Resources", qpdf_oh_new_dictionary(to));
	ok = !(qpdf_add_page(to, to, bare, QPDF_FALSE) & QPDF_ERRORS);
	qpdf_oh_release(to, bare);
	return ok;
}

gboolean miyin_bare_write(qpdf_data document, gboolean turns, int fd)
{
	qpdf_data to;
	int n_pages;
	gboolean ok;

	qpdf_push_inherited_attributes_to_page(document);
	n_pages = qpdf_get_num_pages(document);
	if (!turns && !any_is_wide(document, n_pages))
		return TRUE;
	to = qpdf_init();
	qpdf_silence_errors(to);
	ok = n_pages > 0 && !(qpdf_empty_pdf(to) & QPDF_ERRORS);
	for (int i = 0; ok && i < n_pages; i++) {
		qpdf_oh page = qpdf_get_page_n(document, (size_t)i);

		ok = add_page(document, page, to);
		qpdf_oh_release(document, page);
	}
	ok = ok && miyin_qpdf_write(to, fd);
	qpdf_cleanup(&to);
	return ok;
}

unsigned miyin_bare_grey(int row, int n_rows)
{
	return (unsigned)((gint64)row * STRIPES / n_rows % GREYS * STEP);
}

/* What a step between two pixels says of the way from one to the other. */
static int weigh(guint8 from, guint8 to)
{
	int step = to - from;

	return from < LIGHTEST && to < LIGHTEST && ABS(step) <= STEP_MAX ? step
									 : 0;
}

static char find_turn(const guint8 *pixels, int w, int h)
{
	gint64 right = 0, down = 0, n_dark = 0;

	for (int y = 0; y + 1 < h; y++)
		for (int x = 0; x + 1 < w; x++) {
			const guint8 *at = pixels + (gsize)y * w + x;

			n_dark += at[0] < LIGHTEST;
			right += weigh(at[0], at[1]);
			down += weigh(at[0], at[w]);
		}
	/* Too small to be told. */
	if (2 * MAX(ABS(down), ABS(right)) < n_dark)
		return '0';
	if (ABS(down) >= ABS(right))
		return down < 0 ? '2' : '0';
	return right > 0 ? '1' : '3';
}

/* "P5 WIDTH HEIGHT 255", each after any space, and one line end. */
static const char *read_head(const char *at, const char *end, int *w, int *h)
{
	g_autofree char *head = g_strndup(at, MIN(end - at, 40));
	int length = 0;

	if (sscanf(head, "P5 %4d %4d 255%n", w, h, &length) != 2 ||
	    length == 0 || !g_ascii_isspace(head[length]) || *w < 1 || *h < 1 ||
	    *w > SIDE_MAX || *h > SIDE_MAX)
		return NULL;
	return at + length + 1;
}

char *miyin_bare_read(GBytes *pictures)
{
	GString *turns = g_string_new(NULL);
	gsize length;
	const char *at = g_bytes_get_data(pictures, &length);
	const char *end = at + length;
	int w, h;

	while (at < end && turns->len < MIYIN_PAGES_MAX &&
	       (at = read_head(at, end, &w, &h)) && end - at >= (gssize)w * h) {
		g_string_append_c(turns, find_turn((const guint8 *)at, w, h));
		at += (gsize)w * h;
	}
	return g_string_free(turns, FALSE);
}

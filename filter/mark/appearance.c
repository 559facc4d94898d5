/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "appearance.h"
#include "canvas.h"
#include "carried.h"
#include "fault.h"
#include <poppler.h>

#define SIDE_MAX_PX 1200 /* of large sheets, which have large letters */
#define WORDS_LEAST 100	 /* two forms may share fewer letters */
#define WHITE 255

typedef struct {
	GChecksum *shown, *words;
	gboolean ink;
	gsize n_words;
	unsigned carried;
} reader;

/* ---- pictures --------------------------------------------------------- */

static gboolean add_picture(reader *r, PopplerPage *page, gboolean *ink,
			    GError **error)
{
	double w, h;
	g_autoptr(cairo_surface_t) surface = NULL;

	poppler_page_get_size(page, &w, &h);
	surface =
		miyin_canvas_page(page, MIN(1, SIDE_MAX_PX / MAX(w, h)), error);
	if (!surface)
		return FALSE;
	miyin_canvas_hash(surface, r->shown);
	*ink = miyin_canvas_has_ink(surface, WHITE);
	r->ink = r->ink || *ink;
	return TRUE;
}

/* ---- words ------------------------------------------------------------ */

/* Spaces, signs and the ends of lines are the writing program's. */
static void add_words(reader *r, PopplerPage *page)
{
	g_autofree char *text = poppler_page_get_text(page);
	g_autofree char *plain =
		text ? g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE)
		     : NULL;

	for (const char *at = plain; at && *at; at = g_utf8_next_char(at)) {
		if (!g_unichar_isalnum(g_utf8_get_char(at)))
			continue;
		g_checksum_update(r->words, (const guchar *)at,
				  g_utf8_next_char(at) - at);
		r->n_words++;
	}
}

/* ---- document --------------------------------------------------------- */

static gboolean read_pages(reader *r, GBytes *pdf, GError **error)
{
	g_autoptr(PopplerDocument) document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);

	if (!document)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	for (int i = 0; i < poppler_document_get_n_pages(document); i++) {
		g_autoptr(PopplerPage) page =
			poppler_document_get_page(document, i);
		gboolean ink, carried = FALSE;

		if (!page)
			return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED,
					       NULL);
		if (!add_picture(r, page, &ink, error) ||
		    (ink && r->carried == 0 &&
		     !miyin_carried_find(page, &carried, error)))
			return FALSE;
		if (carried)
			r->carried = (unsigned)i + 1;
		add_words(r, page);
	}
	return TRUE;
}

gboolean miyin_appearance_read(GBytes *pdf, miyin_appearance *appearance,
			       GError **error)
{
	g_autoptr(GChecksum) shown = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(GChecksum) words = g_checksum_new(G_CHECKSUM_SHA256);
	reader r = { .shown = shown, .words = words };

	if (!read_pages(&r, pdf, error))
		return FALSE;
	appearance->carried = r.carried;
	appearance->shown = g_strdup(r.ink ? g_checksum_get_string(shown) : "");
	appearance->words = g_strdup(
		r.n_words >= WORDS_LEAST ? g_checksum_get_string(words) : "");
	return TRUE;
}

void miyin_appearance_clear(miyin_appearance *appearance)
{
	g_clear_pointer(&appearance->shown, g_free);
	g_clear_pointer(&appearance->words, g_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/trace.h>
#include "decode.h"
#include "picture.h"
#include "traced.h"

static void take_codes(miyin_traced *traced, unsigned sheet, PIX *grey,
		       GPtrArray *codes)
{
	for (guint i = 0; i < codes->len; i++) {
		miyin_decoded *code = codes->pdata[i];
		miyin_sighting *sighting;

		if (!code->ours) {
			traced->n_foreign += code->places->len;
			continue;
		}
		sighting = miyin_sighting_new();
		sighting->sheet = sheet;
		sighting->width_px = pixGetWidth(grey);
		sighting->height_px = pixGetHeight(grey);
		sighting->dpi = (unsigned)CLAMP(pixGetXRes(grey), 0,
						MIYIN_TRACED_DPI_MAX);
		sighting->kind = code->kind;
		sighting->text = g_steal_pointer(&code->text);
		g_array_append_vals(sighting->places, code->places->data,
				    code->places->len);
		sighting->reader = g_strdup(code->reader);
		g_ptr_array_add(traced->sightings, sighting);
	}
}

miyin_traced *miyin_trace_picture(miyin_picture *picture, GError **error)
{
	g_autoptr(miyin_traced) traced = miyin_traced_new();

	traced->n_sheets = miyin_picture_pages(picture);
	for (unsigned sheet = 1; sheet <= traced->n_sheets; sheet++) {
		g_autoptr(PIX) grey = miyin_picture_read(picture, sheet, error);
		g_autoptr(GPtrArray) codes = NULL;

		if (!grey)
			return NULL;
		codes = miyin_decode_page(grey);
		take_codes(traced, sheet, grey, codes);
	}
	return g_steal_pointer(&traced);
}

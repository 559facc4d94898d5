/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "raster.h"
#include "child.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include <cups/raster.h>
#include <string.h>

#define LINE_MAX_BYTES (64u << 20)
#define AHEAD 16 /* bytes */

typedef struct {
	const guint8 *bytes;
	gsize length, at;
} source;

gboolean miyin_raster_sniff(const guint8 *bytes, gsize length)
{
	return (length >= 14 && memcmp(bytes, "RaS2PwgRaster", 14) == 0) ||
	       (length >= 8 && memcmp(bytes, "UNIRAST", 8) == 0);
}

/* A few at a time: libcups reads ahead, and where a page ends would not be
 * known. */
static ssize_t read_on(void *context, unsigned char *to, size_t length)
{
	source *from = context;
	gsize n = MIN(MIN(length, AHEAD), from->length - from->at);

	memcpy(to, from->bytes + from->at, n);
	from->at += n;
	return (ssize_t)n;
}

/* What rastertopdf makes of another is a blank or a black page. Colour spaces:
 * PWG 5102.4, table 9, but for those of a device, and Apple's. */
static gboolean is_sound(const cups_page_header2_t *header)
{
	switch (header->cupsColorSpace) {
	case CUPS_CSPACE_W:
	case CUPS_CSPACE_K:
	case CUPS_CSPACE_SW:
	case CUPS_CSPACE_RGB:
	case CUPS_CSPACE_SRGB:
	case CUPS_CSPACE_ADOBERGB:
	case CUPS_CSPACE_CMYK:
		break;
	default:
		return FALSE;
	}
	return header->HWResolution[0] > 0 && header->HWResolution[1] > 0 &&
	       header->cupsWidth > 0 && header->cupsHeight > 0;
}

static gboolean read_page(cups_raster_t *raster,
			  const cups_page_header2_t *header)
{
	const unsigned n = header->cupsBytesPerLine;
	g_autofree guint8 *line =
		n > 0 && n <= LINE_MAX_BYTES ? g_malloc(n) : NULL;

	for (unsigned y = 0; line && y < header->cupsHeight; y++)
		if (cupsRasterReadPixels(raster, line, n) != n)
			return FALSE;
	return line != NULL;
}

/* A header that was cut off is none, but some of its bytes are there. */
static int work_check(gpointer data)
{
	source from = { .at = 0 };
	cups_raster_t *raster;
	cups_page_header2_t header;
	unsigned n_pages = 0;
	gsize end = 0;
	gboolean whole = TRUE;

	from.bytes = g_bytes_get_data(data, &from.length);
	raster = cupsRasterOpenIO(read_on, &from, CUPS_RASTER_READ);
	while (raster && whole && cupsRasterReadHeader2(raster, &header)) {
		whole = is_sound(&header) && read_page(raster, &header);
		end = from.at;
		n_pages++;
	}
	if (raster)
		cupsRasterClose(raster);
	return !(whole && n_pages > 0 && end == from.length);
}

gboolean miyin_raster_check(int file, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(file, error);
	int end;

	if (!bytes)
		return FALSE;
	end = miyin_child_run(MIYIN_SANDBOX_PARSE, work_check, bytes, 0);
	if (end < 0)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  "The raster cannot be read here.");
	return end == 0 || miyin_refuse_for(error, MIYIN_REFUSAL_DAMAGED);
}

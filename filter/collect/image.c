/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image.h"
#include "bare.h"
#include "child.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include <leptonica/allheaders.h>
#include <libexif/exif-data.h>
#include <unistd.h>

#define BARE_PX 512 /* its shape counts, not its pixels */
#define WHITE 0xffffff00

typedef struct {
	gboolean read, wide, more, flat;
	double less;
} answer;

typedef struct {
	GBytes *file;
	unsigned number;
	int answer, flat, bare; /* memory files of the results */
} reading;

static gboolean is_tiff(const guint8 *bytes, gsize length)
{
	l_int32 format = IFF_UNKNOWN;

	if (length < 12)
		return FALSE;
	findFileFormatBuffer(bytes, &format);
	return format == IFF_TIFF ||
	       (format >= IFF_TIFF_PACKBITS && format <= IFF_TIFF_ZIP);
}

static gboolean has_tiff_page(const guint8 *bytes, gsize length, unsigned i)
{
	l_int32 w, h, bps, spp, res, cmap, format;

	return readHeaderMemTiff(bytes, length, (l_int32)i, &w, &h, &bps, &spp,
				 &res, &cmap, &format) == 0;
}

/* 1 to 8, as EXIF has it; 1 for what has no word of it. */
static unsigned read_exif(const guint8 *bytes, gsize length)
{
	ExifData *exif = exif_data_new_from_data(bytes, (unsigned)length);
	ExifEntry *entry =
		exif ? exif_data_get_entry(exif, EXIF_TAG_ORIENTATION) : NULL;
	unsigned way = 1;

	if (entry && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2)
		way = exif_get_short(entry->data,
				     exif_data_get_byte_order(exif));
	if (exif)
		exif_data_unref(exif);
	return way >= 1 && way <= 8 ? way : 1;
}

/* Quarters clockwise, then mirrored or not: what rights each of the eight. */
static PIX *turn(PIX *take_pix, unsigned way)
{
	static const struct {
		int quarters;
		gboolean mirror;
	} ways[9] = { { 0, 0 }, { 0, 0 }, { 0, 1 }, { 2, 0 }, { 2, 1 },
		      { 1, 1 }, { 1, 0 }, { 3, 1 }, { 3, 0 } };
	const l_int32 x_dpi = pixGetXRes(take_pix);
	const l_int32 y_dpi = pixGetYRes(take_pix);
	PIX *turned;

	if (way == 1)
		return take_pix;
	turned = pixRotateOrth(take_pix, ways[way].quarters);
	pixDestroy(&take_pix);
	if (turned && ways[way].mirror)
		pixFlipLR(turned, turned);
	if (turned && ways[way].quarters % 2)
		pixSetResolution(turned, y_dpi, x_dpi);
	return turned;
}

/* Returns whether there was anything to see through. */
static gboolean lay_on_white(PIX **pix)
{
	const l_int32 x_dpi = pixGetXRes(*pix), y_dpi = pixGetYRes(*pix);
	PIXCMAP *palette = pixGetColormap(*pix);
	l_int32 opaque = 1;
	PIX *seen = NULL, *white;

	if (palette)
		pixcmapIsOpaque(palette, &opaque);
	else if (pixGetSpp(*pix) == 4)
		pixAlphaIsOpaque(*pix, &opaque);
	if (opaque)
		return FALSE;
	if (palette)
		seen = pixRemoveColormap(*pix, REMOVE_CMAP_WITH_ALPHA);
	white = pixAlphaBlendUniform(seen ? seen : *pix, WHITE);
	pixDestroy(&seen);
	pixDestroy(pix);
	*pix = white;
	if (white)
		pixSetResolution(white, x_dpi, y_dpi);
	return TRUE;
}

static PIX *make_8_bits(PIX *take_pix)
{
	PIX *less;

	if (pixGetDepth(take_pix) != 16)
		return take_pix;
	less = pixConvert16To8(take_pix, L_MS_BYTE);
	pixDestroy(&take_pix);
	return less;
}

/* imagetopdf may compare pixels, or inches. */
static gboolean is_wide(PIX *pix)
{
	const gint64 w = pixGetWidth(pix), h = pixGetHeight(pix);

	return w > h || w * pixGetYRes(pix) > h * pixGetXRes(pix);
}

static gboolean write_tiff(PIX *pix, l_int32 kind, int to)
{
	l_uint8 *bytes = NULL;
	size_t length = 0;

	return pixWriteMemTiff(&bytes, &length, pix, kind) == 0 &&
	       miyin_memfile_write(to, bytes, length, NULL);
}

static gboolean write_bare(PIX *pix, double less, int to)
{
	const l_int32 w = pixGetWidth(pix), h = pixGetHeight(pix);
	const l_int32 x_dpi = pixGetXRes(pix), y_dpi = pixGetYRes(pix);
	PIX *bare = pixCreate(MAX(1, (l_int32)(w / less)),
			      MAX(1, (l_int32)(h / less)), 8);
	l_int32 high = bare ? pixGetHeight(bare) : 0;

	for (l_int32 y = 0; y < high; y++)
		for (l_int32 x = 0; x < pixGetWidth(bare); x++)
			pixSetPixel(bare, x, y, miyin_bare_grey(y, high));
	if (bare && x_dpi > 0 && y_dpi > 0)
		pixSetResolution(bare, MAX(1, (l_int32)(x_dpi / less)),
				 MAX(1, (l_int32)(y_dpi / less)));
	return bare && write_tiff(bare, IFF_TIFF, to);
}

static gboolean tell(const answer *a, int to)
{
	return miyin_memfile_write(to, a, sizeof(*a), NULL);
}

/* That there is more is said before anything is decoded, which may fail; the
 * last answer counts. */
static int work_read(gpointer data)
{
	const reading *r = data;
	gsize length;
	const guint8 *bytes = g_bytes_get_data(r->file, &length);
	answer a = { 0 };
	unsigned way = 1;
	gboolean tiff;
	PIX *pix;

	setMsgSeverity(L_SEVERITY_NONE);
	tiff = is_tiff(bytes, length);
	if (tiff)
		a.more = has_tiff_page(bytes, length, r->number + 1);
	else
		way = read_exif(bytes, length);
	if (!tell(&a, r->answer) || (!tiff && r->number > 0))
		return 1;
	pix = tiff ? pixReadMemTiff(bytes, length, (l_int32)r->number)
		   : pixReadMem(bytes, length);
	if (!pix)
		return 1;
	/* Of a TIFF, imagetopdf knows few kinds. */
	a.flat = tiff || way != 1;
	if (lay_on_white(&pix))
		a.flat = TRUE;
	if (pix)
		pix = turn(make_8_bits(pix), way);
	if (!pix)
		return 1;
	a.wide = is_wide(pix);
	a.less = MAX(1, MAX(pixGetWidth(pix), pixGetHeight(pix)) /
				(double)BARE_PX);
	a.read = TRUE;
	return !(
		write_bare(pix, a.less, r->bare) &&
		(!a.flat ||
		 write_tiff(pix, pixGetDepth(pix) == 1 ? IFF_TIFF_G4 : IFF_TIFF,
			    r->flat)) &&
		tell(&a, r->answer));
}

/* Of a reader that did not get to its end no picture is taken. */
static void take_files(const reading *r, miyin_image *picture)
{
	answer a = { 0 };

	if (pread(r->answer, &a, sizeof(a), sizeof(a)) != sizeof(a) &&
	    pread(r->answer, &a, sizeof(a), 0) != sizeof(a))
		a = (answer){ 0 };
	picture->more = a.more;
	if (a.read && miyin_memfile_seal(r->bare, NULL) &&
	    miyin_memfile_seal(r->flat, NULL)) {
		picture->wide = a.wide;
		picture->less = a.less >= 1 ? a.less : 1;
		picture->bare = r->bare;
		picture->flat = a.flat ? r->flat : -1;
	}
}

gboolean miyin_image_read(int file, unsigned number, const miyin_budget *budget,
			  miyin_image *picture, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(file, error);
	g_auto(miyin_fd) said = bytes ? miyin_memfile_new("answer", error) : -1;
	g_auto(miyin_fd) flat =
		said >= 0 ? miyin_memfile_new("picture", error) : -1;
	g_auto(miyin_fd) bare =
		flat >= 0 ? miyin_memfile_new("bare", error) : -1;
	reading r = { bytes, number, said, flat, bare };
	int end = -1;

	*picture = (miyin_image){ .flat = -1, .bare = -1 };
	if (!bytes)
		return FALSE;
	if (bare >= 0)
		end = miyin_child_run(MIYIN_SANDBOX_PARSE, work_read, &r,
				      (guint64)budget->temporary_mib << 20);
	take_files(&r, picture);
	if (picture->flat >= 0)
		g_steal_fd(&flat);
	if (picture->bare >= 0)
		g_steal_fd(&bare);
	if (end < 0) {
		if (error && !*error)
			miyin_fail(error, MIYIN_ERROR_SYSTEM,
				   "A picture cannot be read.");
		return FALSE;
	}
	/* imagetopdf would print the first of several and no other. */
	return picture->bare >= 0 || (number == 0 && !picture->more) ||
	       miyin_refuse_for(error, MIYIN_REFUSAL_DAMAGED);
}

void miyin_image_clear(miyin_image *picture)
{
	if (picture->flat >= 0)
		close(picture->flat);
	if (picture->bare >= 0)
		close(picture->bare);
	picture->flat = picture->bare = -1;
}

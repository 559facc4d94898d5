/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a picture of a page to the codes on it. Reading only: whether a MAC
 * holds and whose copy it is, is asked elsewhere (payload.h, register.h).
 */
#ifndef MIYIN_TRACE_H
#define MIYIN_TRACE_H

#include <glib.h>
#include <miyin/code.h>

/* The corners of a code, one after the other around it, pixels of the scan. */
typedef struct {
	int x[4], y[4];
} miyin_corners;

typedef struct {
	unsigned sheet;		      /* page of the file, 1 up */
	unsigned width_px, height_px; /* of the scan of that sheet */
	unsigned dpi;		      /* as the file says; 0: it does not */
	miyin_code_kind kind;
	char *text;	/* that has its form */
	GArray *places; /* of miyin_corners: each code that said so */
	char *reader;	/* which decoder and pass found it first */
} miyin_sighting;

miyin_sighting *miyin_sighting_new(void);
void miyin_sighting_free(miyin_sighting *sighting);

typedef struct {
	unsigned n_sheets;    /* pages of the file */
	unsigned n_foreign;   /* codes read that are not ours */
	GPtrArray *sightings; /* of miyin_sighting, by sheet */
} miyin_traced;

void miyin_traced_free(miyin_traced *traced);

/*
 * Read the codes on a scan: PNG, JPEG, TIFF (all its pages), PNM, WebP or PDF.
 * Nobody knows who made the file: a child process in a sandbox reads it and
 * hands back nothing but codes (traced.h). The child is a copy of this process,
 * so ask before keys are in memory.
 *
 *   fd     borrowed
 *   name   for messages
 *
 * Errors: INPUT when it is no picture or larger than 200 megapixels a page, or
 * the child did not survive it; SYSTEM. No code found is not an error:
 * sightings is then empty.
 */
miyin_traced *miyin_trace_sandboxed(int fd, const char *name, GError **error);

/* The mean length of its sides, pixels. */
double miyin_corners_side(const miyin_corners *corners);

/*
 * Whose codes frame a sheet. A sheet's own stand in opposite corners, farther
 * out than all that a document can have (place.h); so of several copies it is
 * the one that has two codes of a size with all codes of the others between
 * them. It need not be the sheet's when its own codes were cut off.
 *
 *   places   of each copy, an array of miyin_corners
 *
 * Returns its index, or -1 when no copy does so, or more than one.
 */
int miyin_trace_framing(GArray *const *places, unsigned n_copies);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_sighting, miyin_sighting_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_traced, miyin_traced_free)

#endif

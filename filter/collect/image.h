/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures as people mean them: CUPS' imagetopdf prints the first page of a
 * TIFF only, makes of what is transparent whatever its memory holds, and does
 * not heed the way a camera was held.
 */
#ifndef MIYIN_COLLECT_IMAGE_H
#define MIYIN_COLLECT_IMAGE_H

#include <glib.h>
#include <miyin/budget.h>

typedef struct {
	int flat;      /* a memory file: the picture upright on white, a TIFF;
			   -1 when the file it came from will do */
	int bare;      /* one of its shape and resolution with stripes, as in
			   bare.h; -1 when it cannot be read */
	double less;   /* so many times fewer pixels has it along a side */
	gboolean wide; /* wider than high */
	gboolean more; /* there is another one in the file */
} miyin_image;

/*
 * Read a picture, in a sandbox.
 *
 *   file    of some picture format
 *   number  of the picture in it, 0 up
 *
 * Errors: damaged for one of several; SYSTEM. What cannot be read as the only
 * one may be of a format that imagetopdf knows; its marks stand as the paper
 * does.
 */
gboolean miyin_image_read(int file, unsigned number, const miyin_budget *budget,
			  miyin_image *picture, GError **error);
void miyin_image_clear(miyin_image *picture);

#endif

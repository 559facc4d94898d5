/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PPD of a device queue: the printer's own, but the scheduler is told to
 * run no filter. It hands each copy as it is to miyindevice, which runs the
 * printer's filters itself, under limits. Their lines stay in the file, as
 * comments, so that options that are set with lpadmin reach the driver:
 *
 *   *cupsFilter: "application/vnd.cups-raster 0 rastertopcl"
 *   *%miyin: *cupsFilter: "application/vnd.cups-raster 0 rastertopcl"
 */
#ifndef MIYIN_DEVICEPPD_H
#define MIYIN_DEVICEPPD_H

#include <glib.h>

/*
 * Make the device queue's PPD out of the printer's.
 *
 *   monitor   the queue's port monitor; NULL or "none" for none
 *
 * Errors: INPUT when it is no PPD, or a device queue's already.
 */
char *miyin_deviceppd_make(const char *ppd, const char *monitor,
			   GError **error);

/*
 * The printer's own again.
 *
 *   monitor   set to its port monitor, or to NULL
 *
 * Errors: INPUT when it is not of miyin_deviceppd_make, or would let the
 * scheduler run a filter.
 */
char *miyin_deviceppd_restore(const char *ppd, char **monitor, GError **error);

#endif

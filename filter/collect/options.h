/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of a document: which go to the programs that lay its pages
 * out, which to the device queue, and which are ours. Nothing that is not on
 * a list here goes on, and listed values are checked: argv[5] is whatever
 * the client sent.
 */
#ifndef MIYIN_COLLECT_OPTIONS_H
#define MIYIN_COLLECT_OPTIONS_H

#include "lines.h"
#include <glib.h>
#include <miyin/frame.h>

typedef struct {
	unsigned copies;
	char *layout;	      /* option string for pdftopdf, gstopdf */
	char *picture_layout; /* what is left after imagetopdf scaled it */
	miyin_lines lines;    /* of a text */
	gboolean pretty;      /* prettyprint, which is not done */
	unsigned ppi;	      /* of a picture; 0: its own */
	gboolean turns;	      /* layout may turn pages that stand upright */
	char *media;	      /* PWG name: iso_a4_210x297mm */
	char *page_size;      /* PPD name: A4 */
	unsigned edge;	      /* what the printer leaves free, mm / 100 */
	char *sides;	      /* two-sided-long-edge */
	char *level, *period, *document, *holders; /* clean text, or "" */
	char *approver, *scope;			   /* the same */
	gboolean control;   /* a control sheet is asked for */
	GPtrArray *device;  /* of char *: "NAME=VALUE" */
	GPtrArray *ignored; /* of char *: names that do not go on */
} miyin_options;

/*
 * Read argv[5].
 *
 *   ppd_path   the gate queue's PPD, or NULL
 *
 * Errors: the refusals bad-option, unknown-option and paper.
 */
miyin_options *miyin_options_read(const char *text, const char *copies,
				  const char *ppd_path, GError **error);
void miyin_options_free(miyin_options *options);

/* Put what the backend needs into the frame's header. */
void miyin_options_add_to_frame(const miyin_options *options,
				miyin_frame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_options, miyin_options_free)

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pages of a document as they would come out, made by the same programs,
 * with the public specimen key and without register or printer. Nothing is
 * entered, so it asks for no actor.
 *
 * Calling order: new; copies and control sheet in any order; free.
 */
#ifndef MIYIN_PREVIEW_H
#define MIYIN_PREVIEW_H

#include <miyin/config.h>
#include <miyin/scheme.h>

/* All is borrowed; texts but file, title, scheme, level and date may be
 * NULL. */
typedef struct {
	const char *file; /* that this process may read */
	const char *title;
	char *scheme, *level, *period, *document, *approver, *scope, *date;
	char *holders;	       /* a list, one for each copy */
	char *media, *options; /* of print */
	gboolean control;      /* a control sheet, though the level has none */
	gboolean reprint;
	int copies;
	char *const *environment; /* of the program that converts */
} miyin_preview_wish;

typedef struct miyin_preview miyin_preview;

/* Errors: INPUT, SYSTEM; the refusals of a document, a period or its marks. */
miyin_preview *miyin_preview_new(const miyin_config *config,
				 const miyin_preview_wish *wish,
				 GError **error);
void miyin_preview_free(miyin_preview *preview);

const miyin_level *miyin_preview_level(const miyin_preview *preview);

/* The higher level that the document itself bears, or NULL. Where it is printed
 * such a document is refused, or entered as it is. */
const miyin_level *miyin_preview_declared(const miyin_preview *preview);

/*
 * A copy, 1 up, or the control sheet, as a PDF.
 *
 * Errors: as miyin_engine_copy; of the sheet, as of a document.
 */
GBytes *miyin_preview_copy(const miyin_preview *preview, unsigned copy_no,
			   GError **error);
gboolean miyin_preview_has_control(const miyin_preview *preview);
GBytes *miyin_preview_control(const miyin_preview *preview, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_preview, miyin_preview_free)

#endif

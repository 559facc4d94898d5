/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was given for the lines of a text: as CUPS's own filter for texts takes
 * it. */
#ifndef MIYIN_TEXTOPTIONS_H
#define MIYIN_TEXTOPTIONS_H

#include "given.h"
#include "options.h"
#include "paper.h"

/* Into options->lines and pretty; wide: the page lies on its side. Errors: the
 * refusal of an option's value. */
gboolean miyin_textoptions_read(const miyin_given *given,
				const miyin_paper *paper, gboolean wide,
				miyin_options *options, GError **error);

#endif

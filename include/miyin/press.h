/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps of miyinmark, each a child process with memory files and nothing
 * else: prepare a document once, then make its copies. A step that comes to a
 * limit of time or memory is the refusal too-large.
 */
#ifndef MIYIN_PRESS_H
#define MIYIN_PRESS_H

#include <glib.h>
#include <miyin/form.h>
#include <miyin/compose.h>
#include <miyin/order.h>
#include <miyin/policy.h>

typedef struct {
	int base_fd, sheets_fd;	/* memory files */
	unsigned n_pages;
	double width_pt, height_pt;	/* of the first page */
	gboolean fit;		/* the body must make room for the marks */
	double scale;		/* of the body: 1, or less when it is made to fit */
	unsigned dpi;		/* of its pictures at least; 0: it has none */
	char *declared;		/* level id that the first page bears, or NULL */
} miyin_prepared;

/*
 * Read, clean and measure a document.
 *
 *   program_dir   folder of miyinmark
 *   pdf_fd        borrowed
 *
 * Errors: the refusals of prepare.h, in the user's words; SYSTEM.
 */
miyin_prepared *miyin_press_prepare(const char *program_dir, int pdf_fd,
				    GError **error);

/*
 * See that the marks have room on every page, and decide what becomes of the
 * body; look for a level on the first page.
 *
 *   order   for its layout and levels
 *   body    AUTO: it is made to fit if it has ink where marks will stand;
 *           RASTER: the same, and it becomes pictures
 *
 * Errors: the refusals of miyin_look_inspect; SYSTEM.
 */
gboolean miyin_press_inspect(const char *program_dir, int pdf_fd,
			     miyin_prepared *prepared,
			     const miyin_order *order, miyin_body body,
			     GError **error);
void miyin_prepared_free(miyin_prepared *prepared);

/*
 * Make one copy and read it back, by several processes where there are several
 * cores.
 *
 *   n_verified   how many of its pages were read back; set on success,
 *                may be NULL
 *
 * Returns a memory file, or -1. Errors: the refusal not-marked; SYSTEM.
 */
int miyin_press_copy(const char *program_dir, const miyin_prepared *prepared,
		     const miyin_order *order, miyin_verify verify,
		     unsigned *n_verified, GError **error);

/*
 * The pages to verify, of unsigned, 1 up, in order. A sample is the first, the
 * last and one in five of the others, by the random numbers of the system.
 *
 * Errors: SYSTEM.
 */
GArray *miyin_press_choose(miyin_verify verify, unsigned n_pages,
			   GError **error);

/*
 * Draw a form.
 *
 * Returns a memory file with a PDF, or -1. Errors: the refusal bad-glyph;
 * SYSTEM.
 */
int miyin_press_form(const char *program_dir, const miyin_form *form,
		     GError **error);

/*
 * The characters of a copy's words that no font here has, each once; "" when
 * all are there. Free with g_free.
 *
 *   composition   for its words; pages and codes are not needed
 *
 * Errors: SYSTEM.
 */
char *miyin_press_find_missing(const char *program_dir,
			       const miyin_composition *composition,
			       GError **error);

/* The same for the fixed words of all levels of a scheme. */
char *miyin_press_find_missing_of_scheme(const char *program_dir,
					 const miyin_scheme *scheme,
					 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_prepared, miyin_prepared_free)

#endif

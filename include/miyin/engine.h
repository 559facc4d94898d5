/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps of miyinmark, each a child process with memory files and nothing
 * else: prepare a document once, then make its copies. A step that comes to a
 * limit of its CPU time is the refusal too-large; one that does not end is
 * timeout. At the end of the budget's seconds or memory it is the budget's;
 * without a budget that of memory is too-large, too.
 */
#ifndef MIYIN_ENGINE_H
#define MIYIN_ENGINE_H

#include <glib.h>
#include <signal.h>
#include <miyin/budget.h>
#include <miyin/form.h>
#include <miyin/compose.h>
#include <miyin/order.h>
#include <miyin/policy.h>

typedef struct {
	int base_fd, sheets_fd; /* memory files */
	int plain_fd; /* its pages as they are printed, but for marks */
	int sent_fd;  /* the same before layout; -1: not known */
	unsigned n_pages;
	double width_pt, height_pt; /* of the first page */
	double scale;		    /* of the body, 1 or less */
	gboolean moved;		    /* on some page */
	unsigned dpi;	     /* of its pictures at least; 0: it has none */
	char *declared;	     /* level id that the first page bears, or NULL */
	char *identity;	     /* of what it paints, 64 letters; or NULL */
	char *shown, *words; /* of its appearance, the same */
	unsigned carried;    /* first page with a marked copy's code, or 0 */
} miyin_prepared;

/* No step begins any more when *stop is set. */
void miyin_engine_set_stop(const volatile sig_atomic_t *stop);

/*
 * Have the engine warm: steps are forked from programs that run, instead of
 * started. They die with this process; processes forked from it use them, too.
 *
 *   reads   also what reads declarations
 */
void miyin_engine_warm(const char *program_dir, gboolean reads);

/* Nothing more is to be read. What reads is large, and a job may wait long for
 * its printer. */
void miyin_engine_end_reading(void);

/* From now on all steps together have the seconds of a job's budget; the one
 * that is at work then is ended, and the refusal is the budget's. NULL: each
 * has its own limits alone. */
void miyin_engine_set_budget(const miyin_budget *budget);

/*
 * Read, clean and measure a document.
 *
 *   program_dir   folder of miyinmark
 *   pdf_fd        borrowed
 *
 * Errors: the refusals of prepare.h, in the user's words; SYSTEM.
 */
miyin_prepared *miyin_engine_prepare(const char *program_dir, int pdf_fd,
				     GError **error);

/*
 * See that the marks have room on every page, and decide what becomes of the
 * body; look for a level on the first page.
 *
 *   order   for its layout, levels and body; AUTO: it makes room where it has
 *           ink in the place of a mark, by moving or else by becoming smaller;
 *           RASTER: the same, as pictures
 *
 * Errors: the refusals of miyin_inspect; SYSTEM.
 */
gboolean miyin_engine_inspect(const char *program_dir, miyin_prepared *prepared,
			      const miyin_order *order, GError **error);
void miyin_prepared_free(miyin_prepared *prepared);

/*
 * Find what a document is, whatever its bytes and its layout: the identity of
 * what it paints, and its pages before layout: prepared->sent_fd. Two files
 * that differ only in dates, ids, metadata, numbers of objects or compression
 * have the same identity.
 *
 *   source_fd   the document as it was sent, borrowed; -1: there is none
 *   pdf_fd      as it was laid out, for a source that cannot be read
 *
 * Errors: as miyin_engine_prepare.
 */
gboolean miyin_engine_identify(const char *program_dir, int source_fd,
			       int pdf_fd, miyin_prepared *prepared,
			       GError **error);

/*
 * Look at an identified document as a reader has it: prepared->shown is the
 * same of two that look alike to the pixel, words of two that have the same
 * ones, and carried is set. Errors: as miyin_engine_prepare.
 */
gboolean miyin_engine_look(const char *program_dir, miyin_prepared *prepared,
			   GError **error);

/*
 * Make one copy and read it back, by several processes where there are several
 * cores.
 *
 *   pages   those to read back, of miyin_engine_choose_pages
 *
 * Returns a memory file, or -1. Errors: the refusal not-marked; SYSTEM.
 */
int miyin_engine_copy(const char *program_dir, const miyin_prepared *prepared,
		      const miyin_order *order, const GArray *pages,
		      GError **error);

/*
 * The pages to verify, of unsigned, 1 up, in order. A sample is the first, the
 * last and one in five of the others, by the random numbers of the system.
 *
 * Errors: SYSTEM.
 */
GArray *miyin_engine_choose_pages(miyin_verify verify, unsigned n_pages,
				  GError **error);

/*
 * Draw a form.
 *
 * Returns a memory file with a PDF, or -1. Errors: the refusal bad-glyph;
 * SYSTEM.
 */
int miyin_engine_form(const char *program_dir, const miyin_form *form,
		      GError **error);

/*
 * The characters of a copy's words that no font here has, each once; "" when
 * all are there. Free with g_free.
 *
 *   composition   for its words; pages and codes are not needed
 *
 * Errors: SYSTEM.
 */
char *miyin_engine_find_missing(const char *program_dir,
				const miyin_composition *composition,
				GError **error);

/* The same for the fixed words of all levels of a scheme. */
char *miyin_engine_find_missing_of_scheme(const char *program_dir,
					  const miyin_scheme *scheme,
					  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_prepared, miyin_prepared_free)

#endif

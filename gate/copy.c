/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A marked copy (engine.h): stamped in one piece, then verified by several. */
#include <miyin/engine.h>
#include "step.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <glib/gi18n.h>
#include <openssl/rand.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE_SHARE 5 /* one in so many of the pages in between */
#define VERIFIERS_MAX 8
#define VERIFIER_MIB 256 /* a page takes some 100 MB of memory */
#define VERIFIER_PAGES 4 /* for fewer no process more is worth its start */

/* At random: who can tamper with one page would choose one that is not looked
 * at. */
static gboolean random_below(unsigned n, unsigned *number, GError **error)
{
	guint64 random;

	if (RAND_bytes((unsigned char *)&random, sizeof(random)) != 1)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("No random numbers to choose pages."));
	*number = random % n;
	return TRUE;
}

GArray *miyin_engine_choose_pages(miyin_verify verify, unsigned n_pages,
				  GError **error)
{
	g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(unsigned));
	unsigned left = n_pages > 2 ? n_pages - 2 : 0;
	unsigned wanted = (left + SAMPLE_SHARE - 1) / SAMPLE_SHARE;

	for (unsigned i = 1; i <= n_pages && verify != MIYIN_VERIFY_STRUCTURAL;
	     i++) {
		gboolean take = verify == MIYIN_VERIFY_EVERY_PAGE || i == 1 ||
				i == n_pages;
		unsigned number = 0;

		if (!take) {
			if (!random_below(left--, &number, error))
				return NULL;
			take = number < wanted;
			wanted -= take ? 1 : 0;
		}
		if (take)
			g_array_append_val(pages, i);
	}
	return g_steal_pointer(&pages);
}

static unsigned count_verifiers(unsigned n_pages)
{
	unsigned n = MIN(MIN(g_get_num_processors(), VERIFIERS_MAX),
			 (n_pages + VERIFIER_PAGES - 1) / VERIFIER_PAGES);

	return MIN(n, miyin_step_fit(VERIFIER_MIB));
}

/* The i-th of n parts of the pages, a line each. */
static char *list_part(const GArray *pages, unsigned i, unsigned n)
{
	GString *text = g_string_new(NULL);

	for (unsigned k = pages->len * i / n; k < pages->len * (i + 1) / n; k++)
		g_string_append_printf(text, "%u\n",
				       g_array_index(pages, unsigned, k));
	return g_string_free(text, FALSE);
}

static gboolean start_verifier(const char *program_dir,
			       const int fds[MIYIN_STEP_FDS], const char *pages,
			       unsigned n_beside, miyin_step *verifier,
			       GError **error)
{
	g_auto(miyin_fd) list = miyin_memfile_new_text("pages", pages, error);
	int given[MIYIN_STEP_FDS];

	memcpy(given, fds, sizeof(given));
	given[1] = list;
	return list >= 0 && miyin_step_start(program_dir, "verify", given,
					     n_beside, verifier, error);
}

/* Each verifier has its part of the pages, in order: the first one that
 * complains names the same page as one verifier of all would. */
static gboolean verify_pages(const char *program_dir,
			     const int fds[MIYIN_STEP_FDS], const GArray *pages,
			     GError **error)
{
	const unsigned n = count_verifiers(pages->len);
	miyin_step verifiers[VERIFIERS_MAX];
	unsigned n_started = 0;
	gboolean ok = TRUE;

	for (unsigned i = 0; i < n && ok; i++) {
		g_autofree char *part = list_part(pages, i, n);

		ok = start_verifier(program_dir, fds, part, n, &verifiers[i],
				    error);
		n_started += ok ? 1 : 0;
	}
	for (unsigned i = 0; i < n_started; i++)
		if (!miyin_step_finish(&verifiers[i], "verify",
				       ok ? error : NULL))
			ok = FALSE;
	return ok;
}

int miyin_engine_copy(const char *program_dir, const miyin_prepared *prepared,
		      const miyin_order *order, const GArray *pages,
		      GError **error)
{
	g_auto(miyin_fd) order_fd = miyin_order_write(order, error);
	g_auto(miyin_fd) copy_fd =
		order_fd >= 0 ? miyin_memfile_new("copy", error) : -1;

	if (copy_fd < 0 ||
	    !miyin_step_run(program_dir, "stamp",
			    (int[MIYIN_STEP_FDS]){ prepared->base_fd, copy_fd,
						   -1, prepared->sheets_fd,
						   order_fd },
			    error) ||
	    !miyin_memfile_seal(copy_fd, error) ||
	    !verify_pages(program_dir,
			  (int[MIYIN_STEP_FDS]){ copy_fd, -1, -1,
						 prepared->sheets_fd,
						 order_fd },
			  pages, error))
		return -1;
	miyin_memfile_rewind(copy_fd);
	return g_steal_fd(&copy_fd);
}

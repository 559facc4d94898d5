/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "declaration.h"
#include "step.h"
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/engine.h>
#include <miyin/text.h>
#include <unistd.h>

#define READERS_MAX 8
#define READER_MIB 512

typedef struct {
	miyin_step step;
	int answer;
} reader;

struct miyin_readers {
	const miyin_scheme *scheme;
	reader all[READERS_MAX];
	unsigned n; /* that were started */
};

/* Of pages with ink, first to last. */
static char *write_question(const miyin_declaration_question *asked,
			    unsigned first, unsigned last)
{
	const miyin_scheme *scheme = asked->scheme;
	GString *list = g_string_new(NULL);

	g_string_printf(list, "%u %u", first, last);
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		g_string_append_printf(list, "\n%u\t%s\t%s", level->rank,
				       level->text, level->text_en);
	}
	g_string_append_printf(list, "\n\n%s",
			       asked->words ? asked->words : "");
	return g_string_free(list, FALSE);
}

/* It saw the user's document, so its answer is looked at again. */
static gboolean take_answer(int fd, const miyin_scheme *scheme,
			    miyin_declaration *declaration, GError **error)
{
	g_autofree char *text =
		miyin_memfile_text(fd, MIYIN_STEP_SAYS_MAX, error);
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", 4);
	gint64 level;
	unsigned page;

	if (g_strv_length(lines) < 3 ||
	    !g_ascii_string_to_signed(lines[0], 10, -1,
				      (gint64)scheme->levels->len - 1, &level,
				      NULL) ||
	    !miyin_text_to_number(lines[2], 0, G_MAXUINT, &page))
		return text && miyin_fail(error, MIYIN_ERROR_SYSTEM,
					  _("miyinread gave an answer that is "
					    "none."));
	*declaration = (miyin_declaration){
		.level = level < 0 ? NULL : scheme->levels->pdata[level],
		.period = *lines[1] ? miyin_text_clean(lines[1], MIYIN_TEXT_MAX)
				    : NULL,
		.unreadable = page,
	};
	return TRUE;
}

/* Those before layout, where they are known, and beside them what is printed.
 */
static gboolean start_reader(const char *program_dir,
			     const miyin_declaration_question *asked,
			     const char *text, unsigned n_beside, reader *r,
			     GError **error)
{
	const int sent = asked->prepared->sent_fd;
	const int printed = asked->prepared->plain_fd;
	g_auto(miyin_fd) question =
		miyin_memfile_new_text("question", text, error);
	g_auto(miyin_fd) answer =
		question < 0 ? -1 : miyin_memfile_new("answer", error);

	if (answer < 0 ||
	    !miyin_step_start(program_dir, "read",
			      (int[MIYIN_STEP_FDS]){ sent < 0 ? printed : sent,
						     answer, -1, question,
						     sent < 0 ? -1 : printed },
			      n_beside, &r->step, error))
		return FALSE;
	r->answer = g_steal_fd(&answer);
	return TRUE;
}

static unsigned count_readers(const miyin_declaration_question *asked)
{
	unsigned n = MIN(MIN(g_get_num_processors(), READERS_MAX),
			 MIN(asked->prepared->n_pages, asked->n_pages));

	return MAX(1, MIN(n, miyin_step_fit(READER_MIB)));
}

miyin_readers *miyin_readers_start(const char *program_dir,
				   const miyin_declaration_question *asked,
				   GError **error)
{
	g_autoptr(miyin_readers) readers = g_new0(miyin_readers, 1);
	const unsigned n = count_readers(asked);
	const unsigned pages = MIN(asked->n_pages, asked->prepared->n_pages);

	readers->scheme = asked->scheme;
	for (unsigned i = 0; i < n; i++) {
		g_autofree char *text = write_question(
			asked, pages * i / n + 1,
			i + 1 == n ? asked->n_pages : pages * (i + 1) / n);

		if (!start_reader(program_dir, asked, text, n, &readers->all[i],
				  error))
			return NULL;
		readers->n++;
	}
	return g_steal_pointer(&readers);
}

/* As one reader of all would say it: the highest level, the period that stands
 * behind it first, and the first page that is in doubt. */
static void add(miyin_declaration *all, miyin_declaration *part)
{
	const unsigned rank = all->level ? all->level->rank : 0;

	if (all->unreadable == 0)
		all->unreadable = part->unreadable;
	if (!part->level || (all->level && part->level->rank < rank))
		return;
	if (!all->level || part->level->rank > rank) {
		g_clear_pointer(&all->period, g_free);
		all->level = part->level;
	}
	if (!all->period)
		all->period = g_steal_pointer(&part->period);
}

gboolean miyin_readers_finish(miyin_readers *readers,
			      miyin_declaration *declaration, GError **error)
{
	g_auto(miyin_declaration) all = { NULL };
	gboolean ok = TRUE;

	for (unsigned i = 0; i < readers->n; i++) {
		reader *r = &readers->all[i];
		g_auto(miyin_declaration) part = { NULL };

		if (ok)
			ok = miyin_step_finish(&r->step, "read", error) &&
			     take_answer(r->answer, readers->scheme, &part,
					 error);
		else
			miyin_step_stop(&r->step);
		if (ok)
			add(&all, &part);
	}
	for (unsigned i = 0; i < readers->n; i++)
		close(readers->all[i].answer);
	readers->n = 0;
	if (ok) {
		*declaration = all;
		all.period = NULL;
	}
	return ok;
}

void miyin_readers_free(miyin_readers *readers)
{
	for (unsigned i = 0; i < readers->n; i++) {
		miyin_step_stop(&readers->all[i].step);
		close(readers->all[i].answer);
	}
	g_free(readers);
}

void miyin_declaration_clear(miyin_declaration *declaration)
{
	g_clear_pointer(&declaration->period, g_free);
}

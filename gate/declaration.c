/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "declaration.h"
#include "step.h"
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/engine.h>
#include <miyin/text.h>
#include <unistd.h>

static char *write_question(const miyin_declaration_question *asked)
{
	const miyin_scheme *scheme = asked->scheme;
	GString *list = g_string_new(NULL);

	g_string_printf(list, "%u", asked->n_pages);
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

gboolean miyin_declaration_read(const char *program_dir,
				const miyin_declaration_question *asked,
				miyin_declaration *declaration, GError **error)
{
	const int sent = asked->prepared->sent_fd;
	const int printed = asked->prepared->plain_fd;
	g_autofree char *text = write_question(asked);
	g_auto(miyin_fd) question =
		miyin_memfile_new_text("question", text, error);
	g_auto(miyin_fd) answer =
		question < 0 ? -1 : miyin_memfile_new("answer", error);

	/* Those before layout, where they are known, and beside them what is
	 * printed. */
	return answer >= 0 &&
	       miyin_step_run(program_dir, "read",
			      (int[MIYIN_STEP_FDS]){ sent < 0 ? printed : sent,
						     answer, -1, question,
						     sent < 0 ? -1 : printed },
			      error) &&
	       take_answer(answer, asked->scheme, declaration, error);
}

void miyin_declaration_clear(miyin_declaration *declaration)
{
	g_clear_pointer(&declaration->period, g_free);
}

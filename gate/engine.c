/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/engine.h>
#include "step.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/payload.h>
#include <miyin/refusal.h>
#include <miyin/sheets.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#define SHEETS_MAX (300 * (MIYIN_PAGES_MAX + 1))
#define DPI_MAX 2400
#define SCALE_MIN 0.01

static gboolean said_nonsense(const char *step, GError **error)
{
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("miyinmark %s gave an answer that is none."), step);
}

/* All that a step wrote: what stands behind a zero is not left out. */
static char *read_text(const char *step, int fd, gsize max, GError **error)
{
	g_autofree char *text = miyin_memfile_text(fd, max, error);

	if (!text || lseek(fd, 0, SEEK_END) == (off_t)strlen(text))
		return g_steal_pointer(&text);
	said_nonsense(step, error);
	return NULL;
}

static gboolean read_pages(const char *step, miyin_prepared *prepared,
			   GError **error)
{
	g_autofree char *text =
		read_text(step, prepared->sheets_fd, SHEETS_MAX, error);
	g_autoptr(miyin_sheets) sheets =
		text ? miyin_sheets_parse(text, strlen(text), error) : NULL;
	const miyin_sheet *first;

	if (!sheets)
		return FALSE;
	first = &g_array_index(sheets->pages, miyin_sheet, 0);
	prepared->n_pages = sheets->pages->len;
	prepared->width_pt = first->width_pt;
	prepared->height_pt = first->height_pt;
	return TRUE;
}

miyin_prepared *miyin_engine_prepare(const char *program_dir, int pdf_fd,
				     GError **error)
{
	g_autoptr(miyin_prepared) prepared = g_new0(miyin_prepared, 1);

	prepared->plain_fd = prepared->sent_fd = prepared->sheets_fd = -1;
	prepared->base_fd = miyin_memfile_new("base", error);
	if (prepared->base_fd >= 0)
		prepared->sheets_fd = miyin_memfile_new("sheets", error);
	if (prepared->sheets_fd >= 0)
		prepared->plain_fd = miyin_memfile_new("plain", error);
	if (prepared->plain_fd < 0 ||
	    !miyin_step_run(program_dir, "prepare",
			    (int[MIYIN_STEP_FDS]){ pdf_fd, prepared->base_fd,
						   -1, prepared->sheets_fd,
						   prepared->plain_fd },
			    error) ||
	    !read_pages("prepare", prepared, error) ||
	    !miyin_memfile_seal(prepared->base_fd, error) ||
	    !miyin_memfile_seal(prepared->plain_fd, error))
		return NULL;
	return g_steal_pointer(&prepared);
}

static gboolean is_level(const miyin_order *order, const char *id)
{
	for (unsigned i = 0; i < order->n_levels; i++)
		if (g_str_equal(order->levels[i].id, id))
			return TRUE;
	return FALSE;
}

/* What a step says of a document, from its standard output. */
static char *ask(const char *program_dir, const char *step, int document,
		 int sheets, int beside, GError **error)
{
	g_auto(miyin_fd) answer = miyin_memfile_new("answer", error);
	char *text = NULL;

	if (answer >= 0 &&
	    miyin_step_run(program_dir, step,
			   (int[MIYIN_STEP_FDS]){ document, answer, -1, sheets,
						  beside },
			   error))
		text = read_text(step, answer, MIYIN_STEP_SAYS_MAX, error);
	return text ? g_strchomp(text) : NULL;
}

/* "moved 0.8054" or "kept 1.0000", and the id of a level if one was seen */
static gboolean read_inspection(const char *text, const miyin_order *order,
				miyin_prepared *prepared, GError **error)
{
	g_auto(GStrv) words = g_strsplit(text, " ", 4);
	gboolean moved;
	double scale;

	if (g_strv_length(words) < 2 || g_strv_length(words) > 3)
		return said_nonsense("inspect", error);
	moved = g_str_equal(words[0], "moved");
	if ((!moved && !g_str_equal(words[0], "kept")) ||
	    !miyin_text_to_measure(words[1], SCALE_MIN, 1, &scale) ||
	    scale <= SCALE_MIN || (words[2] && !is_level(order, words[2])))
		return said_nonsense("inspect", error);
	prepared->moved = moved;
	prepared->scale = scale;
	miyin_text_replace(&prepared->declared, g_strdup(words[2]));
	return TRUE;
}

/* Pictures in the place of what the user sent. */
static gboolean flatten(const char *program_dir, miyin_prepared *prepared,
			GError **error)
{
	g_auto(miyin_fd) base = miyin_memfile_new("base", error);
	g_auto(miyin_fd) answer =
		base < 0 ? -1 : miyin_memfile_new("answer", error);
	g_autofree char *text = NULL;
	unsigned dpi;

	if (answer >= 0 &&
	    miyin_step_run(program_dir, "raster",
			   (int[MIYIN_STEP_FDS]){ prepared->plain_fd, base, -1,
						  prepared->sheets_fd, answer },
			   error))
		text = read_text("raster", answer, MIYIN_STEP_SAYS_MAX, error);
	if (!text)
		return FALSE;
	if (!miyin_text_to_number(g_strchomp(text), 1, DPI_MAX, &dpi) ||
	    !miyin_memfile_seal(base, NULL))
		return said_nonsense("raster", error);
	close(prepared->base_fd);
	prepared->base_fd = g_steal_fd(&base);
	prepared->dpi = dpi;
	return TRUE;
}

gboolean miyin_engine_inspect(const char *program_dir, miyin_prepared *prepared,
			      const miyin_order *order, GError **error)
{
	const unsigned n_pages = prepared->n_pages;
	g_auto(miyin_fd) order_fd = -1;
	g_autofree char *text = NULL;

	/* A copy's pages have numbers of 10 bits, its cover too. */
	if (n_pages + (order->cover ? 1 : 0) > MIYIN_PAGES_MAX) {
		g_autofree char *many = g_strdup_printf("%u", n_pages + 1);

		return miyin_refuse_for(error, MIYIN_REFUSAL_TOO_MANY_PAGES,
					many, G_STRINGIFY(MIYIN_PAGES_MAX));
	}
	order_fd = miyin_order_write(order, error);
	if (order_fd >= 0)
		text = ask(program_dir, "inspect", prepared->plain_fd,
			   prepared->sheets_fd, order_fd, error);
	return text && read_inspection(text, order, prepared, error) &&
	       (order->body != MIYIN_BODY_RASTER ||
		flatten(program_dir, prepared, error)) &&
	       read_pages("inspect", prepared, error) &&
	       (prepared->n_pages == n_pages ||
		said_nonsense("inspect", error)) &&
	       miyin_memfile_seal(prepared->sheets_fd, error);
}

gboolean miyin_engine_identify(const char *program_dir, int source_fd,
			       int pdf_fd, miyin_prepared *prepared,
			       GError **error)
{
	const gboolean first = source_fd >= 0;
	g_auto(miyin_fd) plain = miyin_memfile_new("sent", error);
	g_autofree char *text = plain < 0 ? NULL
					  : ask(program_dir, "identity",
						first ? source_fd : pdf_fd, -1,
						plain, first ? NULL : error);

	if (first && text && miyin_memfile_seal(plain, NULL))
		prepared->sent_fd = g_steal_fd(&plain);
	if (plain >= 0 && !text && first &&
	    miyin_step_may_start("identity", NULL))
		return miyin_engine_identify(program_dir, -1, pdf_fd, prepared,
					     error);
	/* The first try set no error: there was no time or memory for it. */
	if (!text && error && !*error)
		return miyin_step_may_start("identity", error);
	if (!text)
		return FALSE;
	if (!miyin_text_is_hash(text))
		return said_nonsense("identity", error);
	miyin_text_replace(&prepared->identity, g_steal_pointer(&text));
	return TRUE;
}

/* "HASH HASH PAGE", the hashes "-" and the page 0 when there is none */
gboolean miyin_engine_look(const char *program_dir, miyin_prepared *prepared,
			   GError **error)
{
	const int pages =
		prepared->sent_fd >= 0 ? prepared->sent_fd : prepared->plain_fd;
	g_autofree char *text =
		ask(program_dir, "appearance", pages, -1, -1, error);
	g_auto(GStrv) words = text ? g_strsplit(text, " ", 4) : NULL;
	unsigned carried;

	if (!text)
		return FALSE;
	if (g_strv_length(words) != 3 ||
	    !miyin_text_to_number(words[2], 0, MIYIN_PAGES_MAX, &carried))
		return said_nonsense("appearance", error);
	for (unsigned i = 0; i < 2; i++)
		if (!miyin_text_is_hash(words[i]) &&
		    !g_str_equal(words[i], "-"))
			return said_nonsense("appearance", error);
	g_free(prepared->shown);
	g_free(prepared->words);
	prepared->shown =
		miyin_text_is_hash(words[0]) ? g_strdup(words[0]) : NULL;
	prepared->words =
		miyin_text_is_hash(words[1]) ? g_strdup(words[1]) : NULL;
	prepared->carried = carried;
	return TRUE;
}

void miyin_prepared_free(miyin_prepared *prepared)
{
	if (!prepared)
		return;
	miyin_fd_clear(&prepared->base_fd);
	miyin_fd_clear(&prepared->sheets_fd);
	miyin_fd_clear(&prepared->plain_fd);
	miyin_fd_clear(&prepared->sent_fd);
	g_free(prepared->declared);
	g_free(prepared->identity);
	g_free(prepared->shown);
	g_free(prepared->words);
	g_free(prepared);
}

int miyin_engine_form(const char *program_dir, const miyin_form *form,
		      GError **error)
{
	g_autofree char *text = miyin_form_format(form);
	g_auto(miyin_fd) form_fd = miyin_memfile_new_text("form", text, error);
	g_auto(miyin_fd) pdf_fd =
		form_fd < 0 ? -1 : miyin_memfile_new("document", error);
	const gboolean ok =
		pdf_fd >= 0 &&
		miyin_step_run(
			program_dir, "form",
			(int[MIYIN_STEP_FDS]){ form_fd, pdf_fd, -1, -1, -1 },
			error);

	return ok ? g_steal_fd(&pdf_fd) : -1;
}

char *miyin_engine_find_missing(const char *program_dir,
				const miyin_composition *composition,
				GError **error)
{
	g_autoptr(miyin_order) order = miyin_compose(composition, NULL, error);
	g_auto(miyin_fd) order_fd =
		order ? miyin_order_write(order, error) : -1;
	g_autofree char *text = order_fd < 0 ? NULL
					     : ask(program_dir, "glyphs", -1,
						   -1, order_fd, error);

	if (!text || g_utf8_validate(text, -1, NULL))
		return g_steal_pointer(&text);
	said_nonsense("glyphs", error);
	return NULL;
}

char *miyin_engine_find_missing_of_scheme(const char *program_dir,
					  const miyin_scheme *scheme,
					  GError **error)
{
	g_autoptr(GString) all = g_string_new(NULL);
	g_autofree char *control =
		scheme->control ? g_strjoinv("", scheme->control) : NULL;

	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];
		g_autofree char *mark =
			miyin_level_format_mark(level, level->period);
		const miyin_composition composition = {
			.scheme = scheme,
			.level = level,
			/* A line without a word would be left out. */
			.words = { .mark = mark,
				   .level = level->text,
				   .period = level->period,
				   .serial = "0",
				   .holder = control ? control : "0",
				   .date = "0",
				   .document = "0",
				   .title = "0",
				   .unit = "0",
				   .user = "0",
				   .original = "0",
				   .approver = "0",
				   .scope = "0" },
			.reprint = TRUE,
		};
		g_autofree char *missing = miyin_engine_find_missing(
			program_dir, &composition, error);

		if (!missing)
			return NULL;
		for (const char *at = missing; *at; at = g_utf8_next_char(at))
			if (g_utf8_strchr(all->str, -1, g_utf8_get_char(at)) ==
			    NULL)
				g_string_append_unichar(all,
							g_utf8_get_char(at));
	}
	return g_string_free(g_steal_pointer(&all), FALSE);
}

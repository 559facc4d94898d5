/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyinread: what a document says of itself. It gets memory files and looks at
 * the document in a sandbox; it is a program of its own, for Tesseract and what
 * it needs are more than the steps of miyinmark should have in their memory.
 *
 *   miyinread serve    forks for each read, with the model in memory (server.h)
 *   miyinread read     0 document as it was sent, 1 answer, 3 question,
 *                      4 its pages as they are printed, when these are others
 *
 * The question is FIRST LAST, pages with ink, then a line a level, RANK TAB
 * TEXT TAB ENGLISH, an empty line, and the words of a text or nothing.
 *
 * The answer is three lines: the place of the level or -1, the period, and the
 * page that cannot be read or 0.
 */
#include "reading.h"
#include "fault.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/sandbox.h>
#include <miyin/server.h>
#include <miyin/text.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FD_IN, FD_OUT, FD_QUESTION = 3, FD_PRINTED };

/* Nobody is told that nothing was found when nobody knows what was asked. */
static gboolean read_question(char **lines, miyin_order_level *levels,
			      miyin_reading_question *q)
{
	g_auto(GStrv) pages = g_strsplit(lines[0] ? lines[0] : "", " ", 2);
	gboolean ok = pages[0] && pages[1] &&
		      miyin_text_to_number(pages[0], 1, G_MAXUINT, &q->first) &&
		      miyin_text_to_number(pages[1], 1, G_MAXUINT, &q->last);

	q->levels = levels;
	for (int i = 1; ok && lines[i]; i++) {
		g_auto(GStrv) parts = g_strsplit(lines[i], "\t", 3);
		unsigned rank = 0;

		ok = q->n_levels < MIYIN_LEVELS_MAX &&
		     g_strv_length(parts) == 3 &&
		     miyin_text_to_number(parts[0], 0, G_MAXUINT, &rank);
		if (ok)
			levels[q->n_levels++] = (miyin_order_level){
				.rank = rank,
				.text = g_steal_pointer(&parts[1]),
				.text_en = g_strdup(parts[2]),
			};
	}
	return ok && q->n_levels > 0;
}

static gboolean answer(miyin_ocr *ocr, GError **error)
{
	g_autoptr(GBytes) pdf = miyin_memfile_map(FD_IN, error);
	g_autoptr(GBytes) printed = NULL;
	g_autofree char *text =
		miyin_memfile_text(FD_QUESTION, G_MAXSIZE, error);
	g_auto(GStrv) parts = g_strsplit(text ? text : "", "\n\n", 2);
	g_auto(GStrv) lines = g_strsplit(parts[0] ? parts[0] : "", "\n", -1);
	const gboolean laid_out = fcntl(FD_PRINTED, F_GETFD) >= 0;
	miyin_order_level levels[MIYIN_LEVELS_MAX];
	miyin_reading_question q = {
		.pdf = pdf,
		.words = parts[0] && parts[1] ? parts[1] : "",
		.ocr = ocr,
	};
	miyin_reading reading = { .level = -1 };
	g_autofree char *said = NULL;

	if (!text)
		return FALSE;
	if (!read_question(lines, levels, &q))
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  "The question is none.");
	if (laid_out)
		q.printed = printed = miyin_memfile_map(FD_PRINTED, error);
	if (!pdf || (laid_out && !printed) ||
	    !miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, error) ||
	    !miyin_reading_read(&q, &reading, error))
		return FALSE;
	said = g_strdup_printf("%d\n%s\n%u\n", reading.level,
			       reading.period ? reading.period : "",
			       reading.unreadable);
	return miyin_memfile_write(FD_OUT, said, strlen(said), error);
}

/* Tesseract talks to stderr, where only a fault of ours is awaited. In the
 * sandbox it can open no file for that, and 5.5 dies of one that it cannot
 * open: stderr becomes nothing before. NULL when it cannot. */
static FILE *keep_stderr(void)
{
	const int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, FD_PRINTED + 1);

	if (kept < 0 || !freopen("/dev/null", "w", stderr))
		return NULL;
	return fdopen(kept, "w");
}

static int work(const char *name, gpointer ocr)
{
	FILE *faults = keep_stderr();
	g_autoptr(GError) error = NULL;
	g_autofree char *line = NULL;

	(void)name;
	if (!faults)
		return 1;
	if (!answer(ocr, &error)) {
		line = miyin_fault_format(error);
		fprintf(faults, "%s\n", line);
	}
	fclose(faults);
	return line ? 1 : 0;
}

int main(int argc, char **argv)
{
	g_autoptr(miyin_ocr) ocr = NULL;

	if (argc != 2 || !g_str_equal(argv[1], "serve"))
		return work("read", NULL);
	ocr = miyin_ocr_new(NULL);
	if (ocr)
		miyin_server_run(work, ocr);
	return 0;
}

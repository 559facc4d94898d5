/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "making.h"
#include <miyin/controlsheet.h>
#include <miyin/engine.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <miyin/text.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define NICENESS 10 /* before its turn it waits for what is asked for now */

/* What a process gets. */
typedef struct {
	const miyin_printing *printing;
	const miyin_document *document;
	const miyin_copy *copy;
	const GArray *pages;
	int pdf_fd;
} task;

static miyin_order *write_order(const miyin_printing *p,
				const miyin_document *document,
				const miyin_copy *copy, GError **error)
{
	g_autofree char *serial = g_strdup_printf("%06u", copy->serial);
	g_autofree char *original = g_strdup_printf("%06u", copy->original);
	miyin_composition composition =
		miyin_document_compose(p->job, document, p->date);
	miyin_order *order;

	/* Its row has a serial, but on paper that would be a copy's. */
	composition.words.serial =
		document->control_of
			? miyin_controlsheet_mark(p->job->scheme,
						  document->level->text)
			: serial;
	composition.words.holder = copy->holder;
	composition.words.copy_no = copy->copy_no;
	composition.words.original = original;
	/* Only where room was made for the stamp: another document of this job, or
	 * of another one just now, may have been first meanwhile. */
	composition.reprint = document->reprint && copy->original > 0;
	composition.copy_id = copy->copy_id;
	order = miyin_compose(&composition, p->keys, error);
	if (order && document->control_of)
		order->cover = FALSE;
	return order;
}

static int make(const miyin_printing *p, const miyin_document *document,
		const miyin_copy *copy, const GArray *pages, GError **error)
{
	g_autoptr(miyin_order) order = write_order(p, document, copy, error);
	int pdf_fd = -1;

	/* Of seconds each copy has as many as the job had until here. */
	miyin_engine_set_budget(miyin_policy_budget(p->job->policy));
	if (order)
		pdf_fd = miyin_engine_copy(p->config->program_dir,
					   document->prepared, order, pages,
					   error);
	miyin_engine_set_budget(NULL);
	return pdf_fd;
}

static GArray *choose_pages(const miyin_document *document, GError **error)
{
	return miyin_engine_choose_pages(document->limits->verify,
					 document->request.pages, error);
}

static int work(gpointer data)
{
	const task *t = data;
	g_auto(miyin_fd) made = -1;

	(void)!nice(NICENESS);
	made = make(t->printing, t->document, t->copy, t->pages, NULL);
	return made >= 0 &&
			       miyin_memfile_fill(t->pdf_fd, made, G_MAXINT64,
						  NULL, NULL) &&
			       miyin_memfile_seal(t->pdf_fd, NULL)
		       ? 0
		       : 1;
}

static miyin_making *find(miyin_printing *p, const miyin_copy *copy)
{
	const unsigned n = MIN(g_get_num_processors(), MIYIN_AHEAD_MAX);

	for (unsigned i = 0; i < n; i++)
		if (p->ahead[i].copy == copy)
			return &p->ahead[i];
	return NULL;
}

gboolean miyin_making_begin(miyin_printing *p, const miyin_document *document,
			    const miyin_copy *copy)
{
	miyin_making *ahead = find(p, copy) ? NULL : find(p, NULL);
	GArray *pages = ahead ? choose_pages(document, NULL) : NULL;
	task t = { p, document, copy, pages, -1 };
	const miyin_process process = {
		.work = work,
		.data = &t,
		.death_signal = SIGKILL,
	};

	if (!ahead)
		return find(p, copy) != NULL;
	t.pdf_fd = pages ? miyin_memfile_new("ahead", NULL) : -1;
	*ahead = (miyin_making){ copy, pages, 0, FALSE, t.pdf_fd };
	if (t.pdf_fd >= 0)
		ahead->pid = miyin_process_start(&process);
	return TRUE;
}

/* End it if it is at work. */
static void clear(miyin_making *ahead)
{
	if (ahead->pid > 0) {
		kill(ahead->pid, SIGKILL);
		miyin_process_wait(ahead->pid);
	}
	if (ahead->pages)
		g_array_unref(ahead->pages);
	if (ahead->copy)
		miyin_fd_clear(&ahead->pdf_fd);
	*ahead = (miyin_making){ NULL };
}

static void end(miyin_making *ahead, int status)
{
	ahead->pid = 0;
	ahead->made = WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

gboolean miyin_making_is_ready(miyin_printing *p, const miyin_copy *copy)
{
	miyin_making *ahead = find(p, copy);
	int status;

	if (ahead && ahead->pid > 0 &&
	    waitpid(ahead->pid, &status, WNOHANG) == ahead->pid)
		end(ahead, status);
	return ahead && ahead->made;
}

/* What was made ahead and came out well, or -1. */
static int take_ahead(miyin_making *ahead, unsigned limit_s)
{
	int status;

	if (ahead && ahead->pid > 0) {
		miyin_process_wait_for(ahead->pid, limit_s, &status);
		end(ahead, status);
	}
	if (!ahead || !ahead->made)
		return -1;
	miyin_memfile_rewind(ahead->pdf_fd);
	return g_steal_fd(&ahead->pdf_fd);
}

int miyin_making_take(miyin_printing *p, const miyin_document *document,
		      miyin_copy *copy, GError **error)
{
	miyin_making *ahead = find(p, copy);
	const miyin_budget *budget = miyin_policy_budget(p->job->policy);
	int pdf_fd = take_ahead(ahead, budget->seconds);
	g_autoptr(GArray) pages = pdf_fd >= 0 ? g_steal_pointer(&ahead->pages)
					      : choose_pages(document, error);

	if (ahead)
		clear(ahead);
	if (pdf_fd < 0 && pages)
		pdf_fd = make(p, document, copy, pages, error);
	if (pdf_fd >= 0)
		miyin_text_replace(
			&copy->verified,
			g_strdup_printf(
				"%s %u/%u",
				miyin_verify_words[document->limits->verify],
				pages->len, document->request.pages));
	return pdf_fd;
}

void miyin_making_drop(miyin_printing *p)
{
	for (unsigned i = 0; i < MIYIN_AHEAD_MAX; i++)
		clear(&p->ahead[i]);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report.h"
#include "tell.h"
#include <miyin/error.h>
#include <miyin/refusal.h>
#include <cups/backend.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define TITLE_MAX_CHARS 40

/* What is neither a refusal nor told by now is the register's. */
static GError *in_words(const GError *reason)
{
	gboolean outside = reason->domain == MIYIN_ERROR &&
			   (reason->code == MIYIN_ERROR_SYSTEM ||
			    reason->code == MIYIN_ERROR_BUSY);
	GError *words = g_error_copy(reason);

	miyin_status_refuse(&miyin_tell, &words,
			    outside ? MIYIN_REFUSAL_REGISTER
				    : MIYIN_REFUSAL_CONFIG);
	return words;
}

/* What was refused before it was read: a filter that cannot write its rest
 * would be called failed, and the reason given here would be lost. */
static void drain(const miyin_printing *p)
{
	char waste[65536];

	while (!*p->stop && read(STDIN_FILENO, waste, sizeof(waste)) > 0)
		;
}

/* What is refused before it is admitted has a level by name only. */
static void open_scheme(const miyin_printing *p)
{
	miyin_job *job = p->job;

	if (!job->scheme && p->config)
		job->scheme = miyin_scheme_open(p->config->scheme_dir,
						job->scheme_name, NULL);
}

static void refuse(miyin_printing *p, const GError *reason)
{
	g_autoptr(GError) words = in_words(reason);
	g_autoptr(GError) sentence = miyin_outcome_refusal(&p->outcome, words);
	const char *id = miyin_refusal_id(sentence->code);
	g_autofree char *lost = NULL;
	g_autoptr(GError) error = NULL;
	miyin_request request;

	/* The user first: the register may have to be waited for. */
	miyin_tell_error(sentence->message);
	if (p->job && p->reg) {
		open_scheme(p);
		request = miyin_job_request(p->job);
		if (!miyin_register_refuse(p->reg, &request, id,
					   sentence->message, &error)) {
			lost = g_strdup_printf(
				_("This refusal is not in the register: %s, "
				  "\"%s\" of %s (%s)"),
				id, request.title,
				request.user ? request.user : "?",
				error->message);
			miyin_tell_warning(lost);
		}
	}
	drain(p);
}

/* 000001–000003, 000007: of a document's copies, in order of serial */
static void append_serials(GString *text, const GPtrArray *copies)
{
	for (unsigned i = 0, last; i < copies->len; i = last + 1) {
		const miyin_copy *first = copies->pdata[i], *copy = first;

		for (last = i; last + 1 < copies->len; last++) {
			const miyin_copy *next = copies->pdata[last + 1];

			if (next->serial != copy->serial + 1)
				break;
			copy = next;
		}
		g_string_append_printf(text, "%s%06u", i > 0 ? _(", ") : "",
				       first->serial);
		if (copy != first)
			g_string_append_printf(text, "–%06u", copy->serial);
	}
}

/* What tells two files apart stands mostly at the end. */
static char *shorten(const char *title)
{
	glong length = g_utf8_strlen(title, -1);
	g_autofree char *head = NULL, *tail = NULL;

	if (length <= TITLE_MAX_CHARS)
		return g_strdup(title);
	head = g_utf8_substring(title, 0, TITLE_MAX_CHARS / 2);
	tail = g_utf8_substring(title, length - TITLE_MAX_CHARS / 2, length);
	return g_strconcat(head, "…", tail, NULL);
}

/* Which copies are his, for the user who must hand them out: each file of a
 * job has serials of its own. */
static void praise(const miyin_printing *p)
{
	g_autoptr(GString) serials = g_string_new(NULL);
	g_autofree char *sentence = NULL;
	unsigned n_files = 0;

	for (unsigned i = 0; i < p->job->documents->len; i++) {
		const miyin_document *document = p->job->documents->pdata[i];

		n_files += document->control_of ? 0 : 1;
	}
	for (unsigned i = 0; i < p->job->documents->len; i++) {
		const miyin_document *document = p->job->documents->pdata[i];
		g_autofree char *title = shorten(document->request.title);

		if (document->control_of)
			continue;
		if (serials->len > 0)
			g_string_append(serials, _("; "));
		append_serials(serials, document->copies);
		if (n_files > 1)
			g_string_append_printf(serials, _(" (%s)"), title);
	}
	sentence = miyin_outcome_success(&p->outcome, serials->str);
	miyin_tell_info(sentence);
}

int miyin_report(miyin_printing *p, miyin_print_end end, const GError *reason)
{
	switch (end) {
	case MIYIN_PRINT_DONE:
		praise(p);
		return CUPS_BACKEND_OK;
	case MIYIN_PRINT_LEFT:
		return CUPS_BACKEND_RETRY_CURRENT;
	case MIYIN_PRINT_REFUSED:
		refuse(p, reason);
		return CUPS_BACKEND_CANCEL;
	default:
		refuse(p, reason);
		return CUPS_BACKEND_FAILED;
	}
}

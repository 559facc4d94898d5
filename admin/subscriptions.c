/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "subscriptions.h"
#include "checkup.h"
#include "queue.h"
#include <string.h>
#include <cups/cups.h>
#include <glib/gi18n.h>
#include <miyin/error.h>

/* One group of an answer. */
typedef struct {
	int id, job;
	const char *user, *recipient, *printer; /* of the answer */
} row;

static void subscription_free(miyin_subscription *subscription)
{
	g_free(subscription->user);
	g_free(subscription->recipient);
	g_free(subscription);
}

static ipp_t *ask(ipp_op_t operation, int id)
{
	ipp_t *request = ippNewRequest(operation);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri",
		     NULL, "ipp://localhost/");
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL, cupsUser());
	if (id > 0)
		ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER,
			      "notify-subscription-id", id);
	return cupsDoRequest(CUPS_HTTP_DEFAULT, request, "/");
}

static void read_attribute(row *r, ipp_attribute_t *a)
{
	const char *name = ippGetName(a);

	if (!name)
		return;
	if (g_str_equal(name, "notify-subscription-id"))
		r->id = ippGetInteger(a, 0);
	else if (g_str_equal(name, "notify-job-id"))
		r->job = ippGetInteger(a, 0);
	else if (g_str_equal(name, "notify-subscriber-user-name"))
		r->user = ippGetString(a, 0, NULL);
	else if (g_str_equal(name, "notify-recipient-uri"))
		r->recipient = ippGetString(a, 0, NULL);
	else if (g_str_equal(name, "notify-printer-uri"))
		r->printer = ippGetString(a, 0, NULL);
}

static gboolean is_of(const char *uri, const GPtrArray *queues)
{
	const char *slash = strrchr(uri, '/');
	g_autofree char *name =
		g_uri_unescape_string(slash ? slash + 1 : uri, NULL);

	return name && queues && miyin_checkup_has(queues, name);
}

static gboolean is_open(const row *r, const GPtrArray *queues)
{
	gboolean shown = r->recipient && g_str_has_prefix(r->recipient, "rss:");

	return r->id > 0 && r->job == 0 &&
	       (!r->printer || is_of(r->printer, queues)) &&
	       (shown || g_strcmp0(r->user, "root") != 0);
}

static void take(GPtrArray *list, row *r, const GPtrArray *queues)
{
	miyin_subscription *s;

	if (is_open(r, queues)) {
		s = g_new0(miyin_subscription, 1);
		s->id = r->id;
		s->user = g_strdup(r->user ? r->user : "?");
		s->recipient = g_strdup(r->recipient);
		g_ptr_array_add(list, s);
	}
	*r = (row){ 0 };
}

GPtrArray *miyin_subscriptions_list(const GPtrArray *queues, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(
		(GDestroyNotify)subscription_free);
	g_autoptr(ipp_t) answer = ask(IPP_OP_GET_SUBSCRIPTIONS, 0);
	row r = { 0 };

	/* Without any it says "not found". */
	if (cupsLastError() > IPP_STATUS_OK_CONFLICTING &&
	    cupsLastError() != IPP_STATUS_ERROR_NOT_FOUND) {
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("The scheduler does not answer: %s."),
			   cupsLastErrorString());
		return NULL;
	}
	for (ipp_attribute_t *a = ippFirstAttribute(answer); a;
	     a = ippNextAttribute(answer)) {
		if (ippGetGroupTag(a) == IPP_TAG_SUBSCRIPTION)
			read_attribute(&r, a);
		else
			take(list, &r, queues);
	}
	take(list, &r, queues);
	return g_steal_pointer(&list);
}

gboolean miyin_subscriptions_cancel(const GPtrArray *queues, GError **error)
{
	g_autoptr(GPtrArray) list = miyin_subscriptions_list(queues, error);

	for (unsigned i = 0; list && i < list->len; i++) {
		const miyin_subscription *s = list->pdata[i];

		ippDelete(ask(IPP_OP_CANCEL_SUBSCRIPTION, s->id));
		if (cupsLastError() <= IPP_STATUS_OK_CONFLICTING)
			continue;
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The scheduler does not answer: %s."),
				  cupsLastErrorString());
	}
	return list != NULL;
}

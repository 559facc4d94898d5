/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>
#include <cups/cups.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include "queues.h"

#define CONNECT_MS 5000

static const char *no_password(const char *prompt, http_t *http,
			       const char *method, const char *resource,
			       void *data)
{
	(void)prompt;
	(void)http;
	(void)method;
	(void)resource;
	(void)data;
	return NULL;
}

gboolean miyin_queues_reachable(void)
{
	g_autoptr(ipp_t) answer = NULL;
	http_t *http;

	cupsSetPasswordCB2(no_password, NULL);
	http = httpConnect2(cupsServer(), ippPort(), NULL, AF_UNSPEC,
			    cupsEncryption(), 1, CONNECT_MS, NULL);
	if (!http)
		return FALSE;
	answer = cupsDoRequest(http, ippNewRequest(IPP_OP_CUPS_GET_DEFAULT),
			       "/");
	httpClose(http);
	/* A scheduler without a default printer says "not found". */
	return answer != NULL &&
	       cupsLastError() != IPP_STATUS_ERROR_SERVICE_UNAVAILABLE;
}

static ipp_t *new_request(ipp_op_t operation, const char *name)
{
	ipp_t *request = ippNewRequest(operation);
	char uri[HTTP_MAX_URI];

	cupsSetPasswordCB2(no_password, NULL);
	if (name) {
		httpAssembleURIf(HTTP_URI_CODING_ALL, uri, sizeof(uri), "ipp",
				 NULL, "localhost", 0, "/printers/%s", name);
		ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI,
			     "printer-uri", NULL, uri);
	}
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL, cupsUser());
	return request;
}

/* The answer is NULL unless it is a success. */
static ipp_t *send_request(ipp_t *take_request, const char *resource,
			   const char *ppd, GError **error)
{
	g_autoptr(ipp_t) request = take_request;
	g_autoptr(ipp_t) answer = NULL;
	g_auto(miyin_fd) fd =
		ppd ? miyin_memfile_new_text("ppd", ppd, error) : -1;

	if (ppd && fd < 0)
		return NULL;
	miyin_memfile_rewind(fd);
	answer = cupsDoIORequest(CUPS_HTTP_DEFAULT, g_steal_pointer(&request),
				 resource, fd, -1);
	if (answer && cupsLastError() < IPP_STATUS_REDIRECTION_OTHER_SITE)
		return g_steal_pointer(&answer);
	miyin_fail(error,
		   cupsLastError() == IPP_STATUS_ERROR_NOT_FOUND
			   ? MIYIN_ERROR_MISSING
			   : MIYIN_ERROR_SYSTEM,
		   _("The scheduler refused: %s"), cupsLastErrorString());
	return NULL;
}

GPtrArray *miyin_queues_list(GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(
		(GDestroyNotify)miyin_queue_free);
	g_autoptr(ipp_t) answer = send_request(
		new_request(IPP_OP_CUPS_GET_PRINTERS, NULL), "/", NULL, NULL);
	ipp_attribute_t *at;

	/* Without any queue it says "not found". */
	if (!answer && cupsLastError() == IPP_STATUS_ERROR_NOT_FOUND)
		return g_steal_pointer(&list);
	if (!answer) {
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("The scheduler does not answer: %s."),
			   cupsLastErrorString());
		return NULL;
	}
	at = ippFirstAttribute(answer);
	while (at) {
		miyin_queue *queue = NULL;

		at = miyin_queue_read(at, answer, &queue);
		if (queue)
			g_ptr_array_add(list, queue);
	}
	return g_steal_pointer(&list);
}

const miyin_queue *miyin_queues_find(const GPtrArray *list, const char *name)
{
	for (unsigned i = 0; i < list->len; i++) {
		const miyin_queue *queue = list->pdata[i];

		/* The scheduler takes Office and office for the same. */
		if (g_ascii_strcasecmp(queue->name, name) == 0)
			return queue;
	}
	return NULL;
}

miyin_queue *miyin_queue_open(const char *name, GError **error)
{
	g_autoptr(miyin_queue) queue = NULL;
	g_autoptr(GError) reason = NULL;
	g_autoptr(ipp_t) answer =
		send_request(new_request(IPP_OP_GET_PRINTER_ATTRIBUTES, name),
			     "/", NULL, &reason);
	ipp_attribute_t *at;

	/* The scheduler's words for one that is missing do not name it. */
	if (!answer &&
	    !g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_MISSING)) {
		g_propagate_error(error, g_steal_pointer(&reason));
		return NULL;
	}
	at = answer ? ippFirstAttribute(answer) : NULL;
	while (at && !queue)
		at = miyin_queue_read(at, answer, &queue);
	if (!queue)
		miyin_fail(error, MIYIN_ERROR_MISSING,
			   _("There is no queue \"%s\"."), name);
	return g_steal_pointer(&queue);
}

char *miyin_queues_get(const char *resource, GError **error)
{
	g_auto(miyin_fd) fd = miyin_memfile_new("file", error);
	http_status_t status;

	if (fd < 0)
		return NULL;
	cupsSetPasswordCB2(no_password, NULL);
	status = cupsGetFd(CUPS_HTTP_DEFAULT, resource, fd);
	if (status == HTTP_STATUS_OK)
		return miyin_memfile_text(fd, G_MAXSIZE, error);
	miyin_fail(error,
		   status == HTTP_STATUS_NOT_FOUND ? MIYIN_ERROR_MISSING
						   : MIYIN_ERROR_SYSTEM,
		   _("The scheduler did not give %s: %s."), resource,
		   httpStatus(status));
	return NULL;
}

char *miyin_queue_read_ppd(const char *name, GError **error)
{
	/* libcups encodes it. */
	g_autofree char *resource =
		g_strconcat("/printers/", name, ".ppd", NULL);

	/* Not cupsGetPPD3: on a local server it takes /etc/cups/ppd, which
	 * need not be that server's folder. */
	return miyin_queues_get(resource, error);
}

static void add_text(ipp_t *request, ipp_tag_t tag, const char *name,
		     const char *value)
{
	if (value)
		ippAddString(request, IPP_TAG_PRINTER, tag, name, NULL, value);
}

static void add_switch(ipp_t *request, const char *name, miyin_switch value)
{
	if (value != MIYIN_KEEP)
		ippAddBoolean(request, IPP_TAG_PRINTER, name,
			      value == MIYIN_YES);
}

static void add_change(ipp_t *request, const miyin_queue_change *change)
{
	add_text(request, IPP_TAG_URI, "device-uri", change->device_uri);
	add_text(request, IPP_TAG_NAME, "printer-op-policy", change->op_policy);
	add_text(request, IPP_TAG_NAME, "printer-error-policy",
		 change->error_policy);
	add_text(request, IPP_TAG_TEXT, "printer-info", change->info);
	add_text(request, IPP_TAG_TEXT, "printer-location", change->location);
	add_text(request, IPP_TAG_NAME, "port-monitor", change->port_monitor);
	add_text(request, IPP_TAG_NAME, "requesting-user-name-allowed",
		 change->only_user);
	if (change->sheets[0])
		ippAddStrings(request, IPP_TAG_PRINTER, IPP_TAG_NAME,
			      "job-sheets-default", 2, NULL, change->sheets);
	add_switch(request, "printer-is-shared", change->shared);
	add_switch(request, "printer-is-accepting-jobs", change->accepting);
	if (change->running != MIYIN_KEEP)
		ippAddInteger(
			request, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state",
			change->running == MIYIN_YES ? IPP_PSTATE_IDLE
						     : IPP_PSTATE_STOPPED);
}

static gboolean send_plain(ipp_t *take_request, const char *ppd, GError **error)
{
	g_autoptr(ipp_t) answer =
		send_request(take_request, "/admin/", ppd, error);

	return answer != NULL;
}

gboolean miyin_queue_change_apply(const char *name,
				  const miyin_queue_change *change,
				  GError **error)
{
	ipp_t *request = new_request(IPP_OP_CUPS_ADD_MODIFY_PRINTER, name);

	add_change(request, change);
	return send_plain(request, change->ppd, error);
}

/* Set, or else take away, each default that is not as in defaults. */
static gboolean change_defaults(const char *name, GHashTable *defaults,
				gboolean set, GError **error)
{
	g_autoptr(miyin_queue) now = miyin_queue_open(name, error);
	GHashTable *from;
	GHashTableIter iter;
	gpointer key, value;
	cups_option_t *options = NULL;
	int n_options = 0;
	ipp_t *request;

	if (!now)
		return FALSE;
	from = set ? defaults : now->defaults;
	request = new_request(IPP_OP_CUPS_ADD_MODIFY_PRINTER, name);
	g_hash_table_iter_init(&iter, from);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		GHashTable *other = set ? now->defaults : defaults;

		if (g_strcmp0(g_hash_table_lookup(other, key), value) == 0)
			continue;
		n_options = cupsAddOption(key, value, n_options, &options);
		if (!set)
			ippAddInteger(request, IPP_TAG_PRINTER,
				      IPP_TAG_DELETEATTR, key, 0);
	}
	if (set)
		cupsEncodeOptions2(request, n_options, options,
				   IPP_TAG_PRINTER);
	cupsFreeOptions(n_options, options);
	if (n_options)
		return send_plain(request, NULL, error);
	ippDelete(request);
	return TRUE;
}

/* Taking away what an administrator set brings the built-in default back; only
 * what differs then was set before. */
gboolean miyin_queue_restore_defaults(const char *name, GHashTable *defaults,
				      GError **error)
{
	return change_defaults(name, defaults, FALSE, error) &&
	       change_defaults(name, defaults, TRUE, error);
}

gboolean miyin_queue_drop_auth_info(const char *name, GError **error)
{
	ipp_t *request = new_request(IPP_OP_CUPS_ADD_MODIFY_PRINTER, name);

	ippAddString(request, IPP_TAG_PRINTER, IPP_TAG_KEYWORD,
		     "auth-info-required", NULL, "unset");
	return send_plain(request, NULL, error);
}

gboolean miyin_queue_delete(const char *name, GError **error)
{
	return send_plain(new_request(IPP_OP_CUPS_DELETE_PRINTER, name), NULL,
			  error);
}

int miyin_queue_count_jobs(const char *name, GError **error)
{
	ipp_t *request = new_request(IPP_OP_GET_JOBS, name);
	g_autoptr(ipp_t) answer = NULL;
	ipp_attribute_t *at;
	int count = 0;

	if (!name)
		ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI,
			     "printer-uri", NULL, "ipp://localhost/");
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs",
		     NULL, "not-completed");
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
		     "requested-attributes", NULL, "job-id");
	answer = send_request(request, "/", NULL, error);
	if (!answer)
		return -1;
	for (at = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER); at;
	     at = ippFindNextAttribute(answer, "job-id", IPP_TAG_INTEGER))
		count++;
	return count;
}

gboolean miyin_queue_cancel_jobs(const char *name, GError **error)
{
	return send_plain(new_request(IPP_OP_CANCEL_JOBS, name), NULL, error);
}

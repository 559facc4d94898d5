/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scheduler.h"

#define CONNECT_MS 30000

static ipp_t *ask_about(http_t *http, ipp_op_t operation, const char *name,
			const char *uri, const char *wanted)
{
	ipp_t *request = ippNewRequest(operation);
	g_auto(GStrv) names = g_strsplit(wanted, " ", -1);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, name, NULL, uri);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL, cupsUser());
	ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
		      "requested-attributes", (int)g_strv_length(names), NULL,
		      (const char *const *)names);
	return cupsDoRequest(http, request, "/");
}

http_t *miyin_scheduler_connect(void)
{
	return httpConnect2(cupsServer(), ippPort(), NULL, AF_UNSPEC,
			    HTTP_ENCRYPTION_IF_REQUESTED, 1, CONNECT_MS, NULL);
}

ipp_t *miyin_scheduler_ask_job(http_t *http, int job, const char *wanted)
{
	g_autofree char *uri = g_strdup_printf("ipp://localhost/jobs/%d", job);

	return ask_about(http, IPP_OP_GET_JOB_ATTRIBUTES, "job-uri", uri,
			 wanted);
}

ipp_t *miyin_scheduler_ask_queue(http_t *http, const char *queue,
				 const char *wanted)
{
	char uri[HTTP_MAX_URI];

	httpAssembleURIf(HTTP_URI_CODING_ALL, uri, sizeof(uri), "ipp", NULL,
			 "localhost", 0, "/printers/%s", queue);
	return ask_about(http, IPP_OP_GET_PRINTER_ATTRIBUTES, "printer-uri",
			 uri, wanted);
}

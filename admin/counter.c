/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <cups/cups.h>
#include <miyin/text.h>
#include "counter.h"
#include "queue.h"

#define WAIT_MS 5000
#define LIFE_COUNT "1.3.6.1.2.1.43.10.2.1.4.1.1"

static gboolean read_ipp(const char *uri, const char *host, int port,
			 const char *resource, gboolean tls, unsigned *counter)
{
	static const char wanted[] = "printer-impressions-completed";
	http_t *http = httpConnect2(host, port, NULL, AF_UNSPEC,
				    tls ? HTTP_ENCRYPTION_ALWAYS
					: HTTP_ENCRYPTION_IF_REQUESTED,
				    1, WAIT_MS, NULL);
	g_autoptr(ipp_t) answer = NULL;
	ipp_t *request;
	ipp_attribute_t *attribute;

	if (!http)
		return FALSE;
	httpSetTimeout(http, WAIT_MS / 1000.0, NULL, NULL);
	request = ippNewRequest(IPP_OP_GET_PRINTER_ATTRIBUTES);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri",
		     NULL, uri);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
		     "requested-attributes", NULL, wanted);
	answer = cupsDoRequest(http, request, resource);
	attribute = ippFindAttribute(answer, wanted, IPP_TAG_INTEGER);
	if (attribute)
		*counter = MAX(0, ippGetInteger(attribute, 0));
	httpClose(http);
	return attribute != NULL;
}

static gboolean read_snmp(const char *host, unsigned *counter)
{
	g_autofree char *agent = strchr(host, ':')
					 ? g_strdup_printf("udp6:[%s]", host)
					 : g_strdup_printf("udp:%s", host);
	const char *argv[] = { "snmpget", "-v1", "-c",	     "public",
			       "-t",	  "1",	 "-r",	     "4",
			       "-Oqv",	  agent, LIFE_COUNT, NULL };
	g_autofree char *text = NULL;
	int status;

	return g_spawn_sync(NULL, (char **)argv, NULL,
			    G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
			    NULL, NULL, &text, NULL, &status, NULL) &&
	       status == 0 &&
	       miyin_text_to_number(g_strchomp(text), 0, G_MAXINT32, counter);
}

gboolean miyin_counter_read(const char *uri, unsigned *counter)
{
	char scheme[32], user[256], host[256], resource[1024];
	int port;

	if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof(scheme),
			    user, sizeof(user), host, sizeof(host), &port,
			    resource, sizeof(resource)) < HTTP_URI_STATUS_OK)
		return FALSE;
	if (g_str_equal(scheme, "ipp") || g_str_equal(scheme, "ipps"))
		return read_ipp(uri, host, port, resource,
				g_str_equal(scheme, "ipps"), counter);
	return (g_str_equal(scheme, "socket") || g_str_equal(scheme, "lpd")) &&
	       !strstr(resource, "snmp=false") && read_snmp(host, counter);
}

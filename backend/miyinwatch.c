/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyinwatch: asks an IPP printer for one of its jobs until that is completed.
 * The backend of CUPS asks for it too, but once a second, and as long as it has
 * not ended the device queue takes no other copy.
 *
 *   miyinwatch JOB USER   DEVICE_URI names the printer, JOB is its number there
 *
 * It ends with 0, and PAGE: total N on standard output when the printer counts
 * pages, as soon as the printer says that the job was completed, and no more
 * than that. All else is the backend's to find out and to tell: then, and where
 * it would need a password, it ends with 1. It runs without any right, for it
 * reads what a printer says.
 */
#include <cups/cups.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONNECT_MS 5000
#define FIRST_MS 30
#define LAST_MS 1000 /* as often as the backend */

typedef struct {
	char scheme[16], login[256], host[256], path[1024];
	int port;
} printer;

/* An address that the backend would first look up, or take options from, is
 * not for us. */
static int find_printer(const char *uri, printer *p)
{
	return uri &&
	       httpSeparateURI(HTTP_URI_CODING_ALL, uri, p->scheme,
			       sizeof(p->scheme), p->login, sizeof(p->login),
			       p->host, sizeof(p->host), &p->port, p->path,
			       sizeof(p->path)) >= HTTP_URI_STATUS_OK &&
	       (strcmp(p->scheme, "ipp") == 0 ||
		strcmp(p->scheme, "ipps") == 0) &&
	       !*p->login && !strchr(p->path, '?') && !strstr(p->host, "._");
}

static http_t *connect_to(const printer *p)
{
	return httpConnect2(p->host, p->port, NULL, AF_UNSPEC,
			    strcmp(p->scheme, "ipps") == 0
				    ? HTTP_ENCRYPTION_ALWAYS
				    : HTTP_ENCRYPTION_IF_REQUESTED,
			    1, CONNECT_MS, NULL);
}

static ipp_t *ask(http_t *http, const printer *p, int job)
{
	static const char *const wanted[] = {
		"job-state",
		"job-state-reasons",
		"job-impressions-completed",
		"job-media-sheets-completed",
	};
	ipp_t *request = ippNewRequest(IPP_OP_GET_JOB_ATTRIBUTES);
	char uri[HTTP_MAX_URI];

	httpAssembleURI(HTTP_URI_CODING_ALL, uri, sizeof(uri), "ipp", NULL,
			p->host, p->port, p->path);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri",
		     NULL, uri);
	ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id",
		      job);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL, cupsUser());
	ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
		      "requested-attributes",
		      (int)(sizeof(wanted) / sizeof(*wanted)), NULL, wanted);
	return cupsDoRequest(http, request, p->path);
}

/* Not with errors, and not by somebody who ended it. */
static int is_well(ipp_t *answer)
{
	ipp_attribute_t *reasons =
		ippFindAttribute(answer, "job-state-reasons", IPP_TAG_KEYWORD);

	for (int i = 0; i < ippGetCount(reasons); i++) {
		const char *reason = ippGetString(reasons, i, NULL);

		if (strcmp(reason, "none") != 0 &&
		    strcmp(reason, "job-completed-successfully") != 0)
			return 0;
	}
	return 1;
}

static void tell_pages(ipp_t *answer)
{
	ipp_attribute_t *pages = ippFindAttribute(
		answer, "job-impressions-completed", IPP_TAG_INTEGER);

	if (!pages)
		pages = ippFindAttribute(answer, "job-media-sheets-completed",
					 IPP_TAG_INTEGER);
	if (pages && ippGetInteger(pages, 0) > 0)
		printf("PAGE: total %d\n", ippGetInteger(pages, 0));
}

/* Its state; 0 when the printer does not say. */
static ipp_jstate_t look(http_t *http, const printer *p, int job)
{
	ipp_t *answer = ask(http, p, job);
	ipp_attribute_t *state =
		ippFindAttribute(answer, "job-state", IPP_TAG_ENUM);
	ipp_jstate_t found = (ipp_jstate_t)0;

	if (state && ippGetStatusCode(answer) <= IPP_STATUS_OK_CONFLICTING)
		found = (ipp_jstate_t)ippGetInteger(state, 0);
	if (found == IPP_JSTATE_COMPLETED) {
		if (is_well(answer))
			tell_pages(answer);
		else
			found = IPP_JSTATE_ABORTED;
	}
	ippDelete(answer);
	return found;
}

static void wait_ms(int ms)
{
	nanosleep(&(const struct timespec){ ms / 1000, ms % 1000 * 1000000L },
		  NULL);
}

/* NULL: no password, and nobody to ask for one. */
static const char *no_password(const char *prompt, http_t *http,
			       const char *method, const char *resource,
			       void *data)
{
	(void)prompt, (void)http, (void)method, (void)resource, (void)data;
	return NULL;
}

int main(int argc, char **argv)
{
	const int job = argc == 3 ? atoi(argv[1]) : 0;
	ipp_jstate_t state = IPP_JSTATE_PROCESSING;
	printer p;
	http_t *http;
	int ms = FIRST_MS;

	if (job <= 0 || !find_printer(getenv("DEVICE_URI"), &p))
		return 1;
	cupsSetUser(argv[2]);
	cupsSetPasswordCB2(no_password, NULL);
	http = connect_to(&p);
	if (!http)
		return 1;
	while (state >= IPP_JSTATE_PENDING && state <= IPP_JSTATE_PROCESSING) {
		wait_ms(ms);
		ms = ms + ms / 2 < LAST_MS ? ms + ms / 2 : LAST_MS;
		state = look(http, &p, job);
	}
	httpClose(http);
	return state == IPP_JSTATE_COMPLETED ? 0 : 1;
}

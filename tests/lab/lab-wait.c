/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lab-wait [SECONDS]: wait (60 s), LAB_PATIENCE times as long, until no queue
 * has an unfinished job; a held job counts. On time-out list them and return 1.
 *
 * One question to the server covers all queues: it falls under the default
 * policy, so root sees the jobs of device queues too. It is put every 20 ms on
 * one connection: lpstat would do, and was a third of what the tests cost.
 */
#include <cups/cups.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static ipp_t *ask(http_t *http)
{
	static const char *const wanted[] = { "job-id", "job-printer-uri" };
	ipp_t *request = ippNewRequest(IPP_OP_GET_JOBS);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri",
		     NULL, "ipp://localhost/");
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL, cupsUser());
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs",
		     NULL, "not-completed");
	ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
		      "requested-attributes", 2, NULL, wanted);
	return cupsDoRequest(http, request, "/");
}

/* NULL: the server does not answer, which is not "no jobs": it may be
 * restarting. */
static ipp_t *jobs_get(http_t **http)
{
	ipp_t *answer;

	if (!*http)
		*http = httpConnect2(cupsServer(), ippPort(), NULL, AF_UNSPEC,
				     cupsEncryption(), 1, 30000, NULL);
	answer = *http ? ask(*http) : NULL;
	if (answer && ippGetStatusCode(answer) <= IPP_STATUS_OK_EVENTS_COMPLETE)
		return answer;
	ippDelete(answer);
	httpClose(*http);
	*http = NULL;
	return NULL;
}

static void print_jobs(ipp_t *jobs)
{
	ipp_attribute_t *attribute;

	if (!jobs)
		fputs("(no server)\n", stderr);
	for (attribute = ippFirstAttribute(jobs); attribute;
	     attribute = ippNextAttribute(jobs))
		if (ippGetGroupTag(attribute) == IPP_TAG_JOB &&
		    ippGetName(attribute)) {
			char value[256];

			ippAttributeString(attribute, value, sizeof(value));
			fprintf(stderr, "%s %s\n", ippGetName(attribute),
				value);
		}
}

int main(int argc, char **argv)
{
	const char *patience = getenv("LAB_PATIENCE");
	time_t limit = time(NULL) + (argc > 1 ? atoi(argv[1]) : 60) *
					    (patience ? atoi(patience) : 1);
	http_t *http = NULL;
	ipp_t *jobs;

	for (;;) {
		jobs = jobs_get(&http);
		if (jobs && !ippFindAttribute(jobs, "job-id", IPP_TAG_INTEGER))
			return 0;
		if (time(NULL) > limit)
			break;
		ippDelete(jobs);
		usleep(20000);
	}
	fputs("lab-wait: not finished:\n", stderr);
	print_jobs(jobs);
	return 1;
}

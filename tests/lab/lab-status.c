/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lab-status JOB: print "STATE<TAB>message" of a job, finished or not. JOB is
 * a number or QUEUE-number as lp prints it.
 *
 * The job is asked for with Get-Jobs on the whole server, not with
 * Get-Job-Attributes: that falls under the queue's policy, and a device
 * queue's policy refuses everyone but the service user.
 */
#include <cups/cups.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *state_name(int state)
{
	switch (state) {
	case IPP_JSTATE_PENDING:
		return "pending";
	case IPP_JSTATE_HELD:
		return "held";
	case IPP_JSTATE_PROCESSING:
		return "processing";
	case IPP_JSTATE_STOPPED:
		return "stopped";
	case IPP_JSTATE_CANCELED:
		return "canceled";
	case IPP_JSTATE_ABORTED:
		return "aborted";
	case IPP_JSTATE_COMPLETED:
		return "completed";
	default:
		return "unknown";
	}
}

static ipp_t *ask(http_t *http, int job)
{
	static const char *const wanted[] = { "job-id", "job-state",
					      "job-printer-state-message" };
	ipp_t *request = ippNewRequest(IPP_OP_GET_JOBS);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri",
		     NULL, "ipp://localhost/");
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL, cupsUser());
	ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-ids",
		      job);
	ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
		      "requested-attributes", 3, NULL, wanted);
	return cupsDoRequest(http, request, "/");
}

static int print_status(ipp_t *answer)
{
	ipp_attribute_t *state, *message;

	state = ippFindAttribute(answer, "job-state", IPP_TAG_ENUM);
	message = ippFindAttribute(answer, "job-printer-state-message",
				   IPP_TAG_TEXT);
	if (!state)
		return -1;
	printf("%s\t%s\n", state_name(ippGetInteger(state, 0)),
	       message ? ippGetString(message, 0, NULL) : "");
	return 0;
}

int main(int argc, char **argv)
{
	const char *dash = argc == 2 ? strrchr(argv[1], '-') : NULL;
	int job = argc == 2 ? atoi(dash ? dash + 1 : argv[1]) : 0;
	http_t *http;
	ipp_t *answer;
	int result;

	if (job < 1) {
		fputs("usage: lab-status JOB\n", stderr);
		return 2;
	}
	http = httpConnect2(cupsServer(), ippPort(), NULL, AF_UNSPEC,
			    cupsEncryption(), 1, 30000, NULL);
	answer = http ? ask(http, job) : NULL;
	result = answer ? print_status(answer) : -1;
	if (result != 0)
		fprintf(stderr, "lab-status: %s: %s\n", argv[1],
			answer && cupsLastError() <=
						IPP_STATUS_OK_EVENTS_COMPLETE
				? "no such job"
				: cupsLastErrorString());
	ippDelete(answer);
	httpClose(http);
	return result == 0 ? 0 : 1;
}

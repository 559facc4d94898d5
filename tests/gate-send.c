/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lp will not say to a print server, for tests/gate.sh:
 *
 *   gate-send [OPTION...] QUEUE FORMAT FILE [FORMAT FILE...]
 *       One job of all these documents. Prints its number.
 *
 *     -r NAME         requesting-user-name, whoever we are
 *     -t TITLE        job-name
 *     -s NAME=VALUE   a job attribute of syntax name
 *     -u NAME=VALUE   of syntax uri
 *     -i NAME=VALUE   of syntax integer
 *
 *   gate-send -x OPERATION JOB [URI]
 *       restart, reprocess, resubmit, release, get (a document, to standard
 *       output) or print-uri (JOB is then a queue).
 *
 * Values are sent as they are, whatever bytes they have. Who we are the
 * server sees by the socket. Exit status 1: the server said no, and why is on
 * standard error.
 */
#include <cups/cups.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	ipp_tag_t tag;
	char *name, *value;
} attribute;

static const struct {
	const char *name;
	ipp_op_t op;
} operations[] = {
	{ "restart", IPP_OP_RESTART_JOB },
	{ "reprocess", IPP_OP_REPROCESS_JOB },
	{ "resubmit", IPP_OP_RESUBMIT_JOB },
	{ "release", IPP_OP_RELEASE_JOB },
	{ "get", IPP_OP_CUPS_GET_DOCUMENT },
	{ "print-uri", IPP_OP_PRINT_URI },
};

static const char *requester;

static ipp_t *new_request(ipp_op_t op, const char *name, const char *uri)
{
	ipp_t *request = ippNewRequest(op);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, name, NULL, uri);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL,
		     requester ? requester : cupsUser());
	return request;
}

static int said_no(void)
{
	if (cupsLastError() <= IPP_STATUS_OK_CONFLICTING)
		return 0;
	fprintf(stderr, "gate-send: %s\n", cupsLastErrorString());
	return 1;
}

static int create(const char *queue, const char *title, const attribute *list,
		  int n)
{
	char uri[1024];
	ipp_t *request, *answer;
	ipp_attribute_t *id;
	int job;

	snprintf(uri, sizeof(uri), "ipp://localhost/printers/%s", queue);
	request = new_request(IPP_OP_CREATE_JOB, "printer-uri", uri);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL,
		     title);
	for (int i = 0; i < n; i++)
		if (list[i].tag == IPP_TAG_INTEGER)
			ippAddInteger(request, IPP_TAG_JOB, IPP_TAG_INTEGER,
				      list[i].name, atoi(list[i].value));
		else
			ippAddString(request, IPP_TAG_JOB, list[i].tag,
				     list[i].name, NULL, list[i].value);
	answer = cupsDoRequest(CUPS_HTTP_DEFAULT, request, "/");
	id = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER);
	job = id ? ippGetInteger(id, 0) : 0;
	ippDelete(answer);
	return said_no() ? 0 : job;
}

static int send_document(int job, const char *format, const char *file,
			 int last)
{
	char uri[64];
	ipp_t *request;

	snprintf(uri, sizeof(uri), "ipp://localhost/jobs/%d", job);
	request = new_request(IPP_OP_SEND_DOCUMENT, "job-uri", uri);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE,
		     "document-format", NULL, format);
	ippAddBoolean(request, IPP_TAG_OPERATION, "last-document", last);
	ippDelete(cupsDoFileRequest(CUPS_HTTP_DEFAULT, request, "/", file));
	return !said_no();
}

static int operate(const char *name, const char *what, const char *target)
{
	const char *dash = strrchr(what, '-');
	char uri[1024];
	ipp_t *request;
	unsigned i;

	for (i = 0; strcmp(operations[i].name, name) != 0;)
		if (++i == sizeof(operations) / sizeof(*operations))
			return 2;
	if (operations[i].op == IPP_OP_PRINT_URI) {
		snprintf(uri, sizeof(uri), "ipp://localhost/printers/%s", what);
		request = new_request(operations[i].op, "printer-uri", uri);
		ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI,
			     "document-uri", NULL, target);
	} else {
		snprintf(uri, sizeof(uri), "ipp://localhost/jobs/%s",
			 dash ? dash + 1 : what);
		request = new_request(operations[i].op, "job-uri", uri);
	}
	if (operations[i].op == IPP_OP_CUPS_GET_DOCUMENT) {
		ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER,
			      "document-number", 1);
		ippDelete(cupsDoIORequest(CUPS_HTTP_DEFAULT, request, "/", -1,
					  STDOUT_FILENO));
	} else {
		ippDelete(cupsDoRequest(CUPS_HTTP_DEFAULT, request, "/"));
	}
	return said_no();
}

int main(int argc, char **argv)
{
	attribute list[16];
	const char *title = "gate", *operation = NULL;
	int c, job, n = 0;

	while ((c = getopt(argc, argv, "r:t:s:u:i:x:")) != -1) {
		char *value = optarg ? strchr(optarg, '=') : NULL;

		switch (c) {
		case 'r':
			requester = optarg;
			break;
		case 't':
			title = optarg;
			break;
		case 'x':
			operation = optarg;
			break;
		default:
			if (!value || n == 16)
				return 2;
			*value = '\0';
			list[n].tag = c == 'i'	 ? IPP_TAG_INTEGER
				      : c == 'u' ? IPP_TAG_URI
						 : IPP_TAG_NAME;
			list[n].name = optarg;
			list[n++].value = value + 1;
		}
	}
	if (operation && argc > optind)
		return operate(operation, argv[optind], argv[optind + 1]);
	if (argc - optind < 3 || (argc - optind) % 2 == 0)
		return 2;
	job = create(argv[optind], title, list, n);
	if (job == 0)
		return 1;
	for (int i = optind + 1; i < argc; i += 2)
		if (!send_document(job, argv[i], argv[i + 1], i + 2 == argc)) {
			cupsCancelJob2(CUPS_HTTP_DEFAULT, NULL, job, 0);
			return 1;
		}
	printf("%d\n", job);
	return 0;
}

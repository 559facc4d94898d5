/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * print-name QUEUE FILE.pdf NAME VALUE ...: print a file with job attributes
 * sent as names, whatever their type should be. Prints the job's number.
 */
#include <cups/cups.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	ipp_t *request = ippNewRequest(IPP_OP_PRINT_JOB), *answer;
	ipp_attribute_t *id = NULL;
	char uri[256];

	if (argc < 3 || argc % 2 == 0)
		return 2;
	httpAssembleURIf(HTTP_URI_CODING_ALL, uri, sizeof(uri), "ipp", NULL,
			 "localhost", 0, "/printers/%s", argv[1]);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri",
		     NULL, uri);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL, cupsUser());
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE,
		     "document-format", NULL, "application/pdf");
	for (int i = 3; i < argc; i += 2)
		ippAddString(request, IPP_TAG_JOB, IPP_TAG_NAME, argv[i], NULL,
			     argv[i + 1]);
	answer = cupsDoFileRequest(CUPS_HTTP_DEFAULT, request, "/printers/",
				   argv[2]);
	if (answer)
		id = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER);
	if (!id) {
		fprintf(stderr, "print-name: %s\n", cupsLastErrorString());
		return 1;
	}
	printf("%d\n", ippGetInteger(id, 0));
	return 0;
}

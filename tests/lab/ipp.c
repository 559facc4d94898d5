/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A raw IPP client: one request, byte for byte as the command line says, and
 * one answer. lp and ipptool log in by themselves, fill in names, and give up
 * on what they do not know; an attacker does none of that.
 *
 *   ipp [OPTIONS] OPERATION URI [GROUP TAG NAME VALUE[|VALUE...]]...
 *   ipp -m     as many as there are lines on standard input, each of them such
 *              a command line without "ipp", its words parted by tabs; prints
 *              the first line of each answer only
 *
 *     -c HOST:PORT      over TCP (default: the socket CUPS_SERVER)
 *     -e                TLS from the first byte
 *     -w USER           ask as this user, for root to use
 *     -p                log in as the socket's peer, with my own name
 *     -b USER:PASSWORD  log in with a password
 *     -a TEXT           this Authorization
 *     -n                no requesting-user-name
 *     -u NAME           this requesting-user-name (default: my own)
 *     -r RESOURCE       post to this (default: /)
 *     -f FILE           a document behind the request, - is standard input
 *
 *   OPERATION  a name or a number; GROUP one of o j p s (operation, job,
 *              printer, subscription); TAG as ipptool has it
 *
 * Prints "http CODE" or the IPP status, then NAME=VALUE lines. Exit status 0
 * when there was an answer, whatever it says.
 */
#include <cups/cups.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	const char *server, *login, *basic, *name, *resource, *file;
	int tls, peer, anonymous, brief;
} settings;

static const char *my_name(void)
{
	const struct passwd *account = getpwuid(geteuid());

	return account ? account->pw_name : "nobody";
}

static void usage(void)
{
	fputs("usage: ipp [-c HOST:PORT] [-e] [-p | -b USER:PASSWORD | "
	      "-a TEXT] [-n | -u NAME] [-r RESOURCE] [-f FILE] OPERATION URI "
	      "[GROUP TAG NAME VALUE]...\n",
	      stderr);
	exit(2);
}

/* The scheduler asks the socket for the effective user of its peer. */
static void become(const char *name)
{
	const struct passwd *account = getpwnam(name);

	if (!account || seteuid(account->pw_uid) != 0) {
		perror(name);
		exit(2);
	}
}

static void parse(int argc, char **argv, settings *s)
{
	int c;

	optind = 0;
	while ((c = getopt(argc, argv, "+c:epb:a:nu:r:f:w:")) != -1)
		switch (c) {
		case 'w':
			become(optarg);
			break;
		case 'c':
			s->server = optarg;
			break;
		case 'e':
			s->tls = 1;
			break;
		case 'p':
			s->peer = 1;
			break;
		case 'b':
			s->basic = optarg;
			break;
		case 'a':
			s->login = optarg;
			break;
		case 'n':
			s->anonymous = 1;
			break;
		case 'u':
			s->name = optarg;
			break;
		case 'r':
			s->resource = optarg;
			break;
		case 'f':
			s->file = optarg;
			break;
		default:
			usage();
		}
	if (argc - optind < 2 || (argc - optind - 2) % 4 != 0)
		usage();
}

static http_t *connect_server(const settings *s)
{
	http_encryption_t encryption =
		s->tls ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_NEVER;
	char host[256];
	char *port;

	if (!s->server)
		return httpConnect2(cupsServer(), ippPort(), NULL, AF_UNSPEC,
				    encryption, 1, 10000, NULL);
	snprintf(host, sizeof(host), "%s", s->server);
	port = strrchr(host, ':');
	if (!port)
		usage();
	*port++ = '\0';
	return httpConnect2(host, atoi(port), NULL, AF_UNSPEC, encryption, 1,
			    10000, NULL);
}

static ipp_tag_t group_of(const char *letter)
{
	switch (*letter) {
	case 'j':
		return IPP_TAG_JOB;
	case 'p':
		return IPP_TAG_PRINTER;
	case 's':
		return IPP_TAG_SUBSCRIPTION;
	default:
		return IPP_TAG_OPERATION;
	}
}

static void add(ipp_t *request, char **words)
{
	ipp_tag_t group = group_of(words[0]), tag = ippTagValue(words[1]);
	const char *list[64];
	int n = 0;

	for (char *p = strtok(words[3], "|"); p && n < 64;
	     p = strtok(NULL, "|"))
		list[n++] = p;
	if (n == 0)
		ippAddOutOfBand(request, group, IPP_TAG_NOVALUE, words[2]);
	else if (tag == IPP_TAG_INTEGER || tag == IPP_TAG_ENUM)
		ippAddInteger(request, group, tag, words[2], atoi(list[0]));
	else if (tag == IPP_TAG_BOOLEAN)
		ippAddBoolean(request, group, words[2],
			      strcmp(list[0], "true") == 0);
	else
		ippAddStrings(request, group, tag, words[2], n, NULL, list);
}

/* Operation attributes first, whatever the order on the command line. */
static ipp_t *make_request(const settings *s, int n_words, char **words)
{
	ipp_op_t operation = ippOpValue(words[0]);
	ipp_t *request =
		ippNewRequest(operation == IPP_OP_CUPS_INVALID
				      ? (ipp_op_t)strtol(words[0], NULL, 0)
				      : operation);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI,
		     strstr(words[1], "/jobs/") ? "job-uri" : "printer-uri",
		     NULL, words[1]);
	if (!s->anonymous)
		ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
			     "requesting-user-name", NULL,
			     s->name ? s->name : my_name());
	for (int others = 0; others < 2; others++)
		for (int i = 2; i < n_words; i += 4)
			if ((*words[i] != 'o') == others)
				add(request, words + i);
	return request;
}

static void log_in(http_t *http, const settings *s)
{
	char text[16384], code[1024];

	if (s->peer) {
		snprintf(text, sizeof(text), "PeerCred %s", my_name());
	} else if (s->basic) {
		httpEncode64_2(code, sizeof(code), s->basic,
			       (int)strlen(s->basic));
		snprintf(text, sizeof(text), "Basic %s", code);
	} else if (s->login) {
		snprintf(text, sizeof(text), "%s", s->login);
	} else {
		return;
	}
	httpSetField(http, HTTP_FIELD_AUTHORIZATION, text);
}

static void send_file(http_t *http, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	char chunk[16384];
	size_t n;

	if (!file) {
		perror(path);
		exit(2);
	}
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		if (httpWrite2(http, chunk, n) < (ssize_t)n)
			break;
	if (file != stdin)
		fclose(file);
}

static http_status_t send_request(http_t *http, const settings *s,
				  ipp_t *request)
{
	http_status_t status;

	httpClearFields(http);
	httpSetField(http, HTTP_FIELD_CONTENT_TYPE, "application/ipp");
	log_in(http, s);
	httpSetLength(http, s->file ? 0 : ippLength(request));
	if (httpPost(http, s->resource ? s->resource : "/"))
		return HTTP_STATUS_ERROR;
	ippSetState(request, IPP_STATE_IDLE);
	while (ippWrite(http, request) != IPP_STATE_DATA)
		if (httpError(http))
			break;
	if (s->file) {
		send_file(http, s->file);
		httpWrite2(http, "", 0);
	}
	while ((status = httpUpdate(http)) == HTTP_STATUS_CONTINUE)
		;
	return status;
}

static void print_answer(http_t *http, int brief)
{
	ipp_t *answer = ippNew();
	ipp_state_t state;

	while ((state = ippRead(http, answer)) != IPP_STATE_DATA)
		if (state == IPP_STATE_ERROR)
			break;
	puts(ippErrorString(ippGetStatusCode(answer)));
	for (ipp_attribute_t *a = brief ? NULL : ippFirstAttribute(answer); a;
	     a = ippNextAttribute(answer)) {
		char text[4096];

		if (!ippGetName(a))
			continue;
		ippAttributeString(a, text, sizeof(text));
		printf("%s=%s\n", ippGetName(a), text);
	}
	ippDelete(answer);
}

static int run(int argc, char **argv, int brief)
{
	settings s = { .brief = brief };
	http_status_t status;
	http_t *http;
	ipp_t *request;

	parse(argc, argv, &s);
	request = make_request(&s, argc - optind, argv + optind);
	http = connect_server(&s);
	if (!http) {
		fprintf(stderr, "ipp: no connection: %s\n",
			cupsLastErrorString());
		ippDelete(request);
		return 1;
	}
	status = send_request(http, &s, request);
	if (status == HTTP_STATUS_OK)
		print_answer(http, brief);
	else
		printf("http %d\n", (int)status);
	ippDelete(request);
	httpClose(http);
	return status == HTTP_STATUS_ERROR;
}

static int run_lines(char *name)
{
	char line[8192], *words[128];
	int failed = 0;

	while (fgets(line, sizeof(line), stdin)) {
		int n = 0;

		line[strcspn(line, "\n")] = '\0';
		words[n++] = name;
		for (char *rest = line; rest && n < 127;)
			words[n++] = strsep(&rest, "\t");
		words[n] = NULL;
		failed |= run(n, words, 1);
		fflush(stdout);
		if (geteuid() != getuid() && seteuid(getuid()) != 0)
			return 2;
	}
	return failed;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "-m") == 0)
		return run_lines(argv[0]);
	return run(argc, argv, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyincollect: the CUPS filter of a gate queue. It runs as user lp, like
 * every filter, so whoever has taken over another one can reach it; nothing of
 * a document goes through it. It only says what the scheduler takes the
 * document for. The backend has the file from the spool folder itself and
 * converts it in a place that lp cannot reach.
 *
 * It always exits 0 when it could write its record: the scheduler stops a job
 * whose filter failed and says "Filter failed", whatever the filter said
 * (seen with CUPS 2.4.2 and 2.4.10).
 *
 *   miyincollect job-id user title copies options [filename]
 */
#include <miyin/frame.h>
#include <miyin/text.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

static void drain(int fd)
{
	char waste[65536];

	while (read(fd, waste, sizeof(waste)) > 0)
		;
}

static miyin_frame *claim(const char *job)
{
	miyin_frame *frame = miyin_frame_new(MIYIN_FRAME_CLAIM);
	g_autofree char *type =
		miyin_text_clean(g_getenv("CONTENT_TYPE"), MIYIN_TEXT_MAX);
	g_autofree char *kind =
		miyin_text_clean(g_getenv("CUPS_FILETYPE"), MIYIN_TEXT_MAX);

	miyin_frame_add(frame, "job", job);
	miyin_frame_add(frame, "type", type);
	miyin_frame_add(frame, "kind", kind);
	return frame;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_frame) frame = NULL;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	closefrom(STDERR_FILENO + 1); /* cupsd's ways to the printer */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 6 || argc > 7) {
		fprintf(stderr,
			"Usage: %s job-id user title copies options "
			"[file]\n",
			argv[0]);
		return 1;
	}
	/* What unpacks a document for us is not to fail either. */
	if (argc == 6)
		drain(STDIN_FILENO);
	frame = claim(argv[1]);
	if (miyin_frame_write(frame, STDOUT_FILENO, &error))
		return 0;
	fprintf(stderr, "DEBUG: %s\n", error->message);
	return 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * adopt COMMAND...: become COMMAND, as the parent of every process below it
 * that loses its own. So tests/lab/run finds what a test left behind, however
 * it was started, and reaps it even where process 1 does not. Ctrl-C works
 * again for COMMAND when a script started it with & (a shell then ignores it,
 * and bash cannot trap what was ignored when it began).
 */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: adopt COMMAND...\n", stderr);
		return 2;
	}
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
		execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}

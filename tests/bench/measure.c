/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * measure FILE ROW COMMAND...: run COMMAND and append to FILE one line of what
 * it took: seconds by the clock, seconds of CPU, peak KiB of memory.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
	return time.tv_sec + time.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double start = now();
	struct rusage usage;
	FILE *file;
	int status;
	pid_t pid;

	if (argc < 4)
		return 2;
	pid = fork();
	if (pid == 0) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
		return 1;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return 1;
	file = fopen(argv[1], "a");
	if (!file)
		return 1;
	fprintf(file, "row %s wall=%.4f cpu=%.4f kib=%ld\n", argv[2],
		now() - start,
		seconds(usage.ru_utime) + seconds(usage.ru_stime),
		usage.ru_maxrss);
	return fclose(file) == 0 ? 0 : 1;
}

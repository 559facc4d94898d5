/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sink DIR EXT [DIR EXT]...: printers that keep what a socket:// queue sends.
 *
 * Each pair is a printer on a free port of 127.0.0.1; the ports are printed
 * on one line. A connection that sent something becomes DIR/001.EXT,
 * DIR/002.EXT ... in the order in which connections ended. The file is
 * complete when it appears, and it appears before the connection is closed:
 * CUPS' socket backend waits for that, so a completed job has its paper.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_PRINTERS = 8, BACKLOG = 64, MAX_PAPERS = 100000 };

static int listen_anywhere(unsigned *port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 ||
	    listen(fd, BACKLOG) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		return -1;
	*port = ntohs(address.sin_port);
	return fd;
}

static int write_all(int fd, const char *data, ssize_t n_bytes)
{
	while (n_bytes > 0) {
		ssize_t n = write(fd, data, (size_t)n_bytes);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			data += n;
			n_bytes -= n;
		}
	}
	return 0;
}

/* Bytes stored, or -1. A reset connection ends like a closed one: what came
 * is on the paper. */
static long long store(int connection, int file)
{
	static char buffer[65536];
	long long total = 0;
	ssize_t n;

	for (;;) {
		n = read(connection, buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return total;
		if (write_all(file, buffer, n) != 0)
			return -1;
		total += n;
	}
}

/* link() fails when the number is taken, so two connections that end at once
 * get two numbers. */
static int number_paper(const char *part, const char *dir, const char *ext)
{
	char path[4096];
	int i;

	for (i = 1; i < MAX_PAPERS; i++) {
		snprintf(path, sizeof(path), "%s/%03d.%s", dir, i, ext);
		if (link(part, path) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return -1;
}

static int serve(int connection, const char *dir, const char *ext)
{
	char part[4096];
	long long total;
	int file, result = 0;

	snprintf(part, sizeof(part), "%s/.%d.part", dir, (int)getpid());
	file = open(part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
	if (file < 0)
		return 1;
	total = store(connection, file);
	close(file);
	if (total < 0 || (total > 0 && number_paper(part, dir, ext) != 0))
		result = 1;
	unlink(part);
	return result;
}

int main(int argc, char **argv)
{
	struct pollfd printers[MAX_PRINTERS];
	nfds_t i, n = (nfds_t)(argc - 1) / 2;
	unsigned port;

	if (argc < 3 || argc % 2 != 1 || n > MAX_PRINTERS) {
		fputs("usage: sink DIR EXT [DIR EXT]...\n", stderr);
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	for (i = 0; i < n; i++) {
		printers[i].fd = listen_anywhere(&port);
		printers[i].events = POLLIN;
		if (printers[i].fd < 0) {
			perror("sink");
			return 1;
		}
		printf("%u%c", port, i + 1 < n ? ' ' : '\n');
	}
	fflush(stdout);
	for (;;) {
		if (poll(printers, n, -1) < 0 && errno != EINTR)
			return 1;
		for (i = 0; i < n; i++) {
			int connection;

			if (!(printers[i].revents & POLLIN))
				continue;
			connection = accept(printers[i].fd, NULL, NULL);
			if (connection >= 0 && fork() == 0)
				_exit(serve(connection, argv[1 + 2 * i],
					    argv[2 + 2 * i]));
			if (connection >= 0)
				close(connection);
		}
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ports N: claim N free TCP ports of 127.0.0.1, print them, hold them.
 *
 * A second cupsd on a used port "starts" without a word, so labs that run at
 * once must never draw the same number. The claim is an abstract unix socket
 * named after the port: it needs no file and ends with this process.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Below Linux's range for outgoing connections (32768 up), which could take
 * the number between our test and cupsd's bind. */
enum { PORT_FIRST = 20000, N_PORTS = 12000, TRIES = 1000 };

static int claim_name(unsigned port)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int n = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1,
			 "miyin-lab-port-%u", port);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				       1 + (size_t)n);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&name, length) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int is_free(unsigned port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((unsigned short)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int bound = fd >= 0 &&
		    bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	if (fd >= 0)
		close(fd);
	return bound;
}

static unsigned claim_port(void)
{
	unsigned port;
	int fd, i;

	for (i = 0; i < TRIES; i++) {
		if (getrandom(&port, sizeof(port), 0) != sizeof(port))
			return 0;
		port = PORT_FIRST + port % N_PORTS;
		fd = claim_name(port);
		if (fd >= 0 && is_free(port))
			return port;
		if (fd >= 0)
			close(fd);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int i, n = argc == 2 ? atoi(argv[1]) : 0;

	if (n < 1) {
		fputs("usage: ports N\n", stderr);
		return 2;
	}
	for (i = 0; i < n; i++) {
		unsigned port = claim_port();

		if (!port) {
			fputs("ports: none is free\n", stderr);
			return 1;
		}
		printf("%u%c", port, i + 1 < n ? ' ' : '\n');
	}
	fflush(stdout);
	for (;;)
		pause();
}

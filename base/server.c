/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/server.h>
#include <miyin/memfile.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME_BYTES 16 /* as much as the kernel keeps of a name */
#define TAKEN_S 10    /* for a server that is warming up yet */
#define TOLD_S 5      /* as for a process */
#define FDS_MAX (1 + MIYIN_PROCESS_FDS)

/* Its descriptors come beside it: the channel, then those that are given. It has
 * no gap, in which something of the asker's memory would come along. */
typedef struct {
	char name[NAME_BYTES];
	gint32 niceness;
	guint32 cpu_s;
	guint64 memory_bytes, file_bytes;
	guint32 n_fds;
	guint32 given; /* a bit each */
} request;

typedef union {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int) * FDS_MAX)];
} rights;

/* ---- the server ---------------------------------------------------------- */

typedef struct {
	miyin_server_work work;
	gpointer data;
	GArray *children; /* of child */
} service;

typedef struct {
	request r;
	const service *service;
} errand;

typedef struct {
	pid_t pid;
	int channel;
} child;

static int do_work(gpointer data)
{
	errand *e = data;

	setpriority(PRIO_PROCESS, 0, e->r.niceness);
	prctl(PR_SET_NAME, e->r.name);
	return e->service->work(e->r.name, e->service->data);
}

/* Returns FALSE at the end. What is not whole has no channel. */
static gboolean take_request(request *r, int fds[FDS_MAX])
{
	rights control;
	struct iovec bytes = { r, sizeof(*r) };
	struct msghdr message = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_LEN(sizeof(int) * FDS_MAX),
	};
	ssize_t n = recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *head = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	const gsize room = FDS_MAX * sizeof(int);

	for (unsigned i = 0; i < FDS_MAX; i++)
		fds[i] = -1;
	if (head && head->cmsg_type == SCM_RIGHTS)
		memcpy(fds, CMSG_DATA(head),
		       MIN(head->cmsg_len - CMSG_LEN(0), room));
	/* A process without numbers of its own would have ours. */
	if (n != sizeof(*r) || r->n_fds == 0 || r->n_fds > MIYIN_PROCESS_FDS)
		miyin_fd_clear(&fds[0]);
	r->name[NAME_BYTES - 1] = '\0';
	return n > 0 || (n < 0 && errno == EINTR);
}

/* It is said before it is done: what nobody was told of may be done by others. */
static void begin(errand *e, int fds[FDS_MAX])
{
	miyin_process process = {
		.work = do_work,
		.data = e,
		.n_fds = e->r.n_fds,
		.cpu_s = e->r.cpu_s,
		.memory_bytes = e->r.memory_bytes,
		.file_bytes = e->r.file_bytes,
		.death_signal = SIGKILL,
		.no_new_privs = TRUE,
	};
	child c = { -1, g_steal_fd(&fds[0]) };

	for (unsigned i = 0, next = 1; i < e->r.n_fds; i++)
		process.fds[i] = e->r.given & 1u << i ? fds[next++] : -1;
	if (write(c.channel, "", 1) == 1)
		c.pid = miyin_process_start(&process);
	if (c.pid > 0)
		g_array_append_val(e->service->children, c);
	else
		miyin_fd_clear(&c.channel);
}

static gboolean serve_next(const service *s)
{
	errand e = { .service = s };
	int fds[FDS_MAX];
	gboolean more = take_request(&e.r, fds);

	if (fds[0] >= 0)
		begin(&e, fds);
	for (unsigned i = 0; i < FDS_MAX; i++)
		miyin_fd_clear(&fds[i]);
	return more;
}

/* One that nobody waits for any more is killed first. */
static void look_after(GArray *children, unsigned i, gboolean is_left)
{
	child *c = &g_array_index(children, child, i);
	int status;

	if (is_left)
		kill(c->pid, SIGKILL);
	if (waitpid(c->pid, &status, is_left ? 0 : WNOHANG) != c->pid)
		return;
	/* Who does not listen any more needs no answer. */
	(void)!write(c->channel, &status, sizeof(status));
	close(c->channel);
	g_array_remove_index_fast(children, i);
}

/* Returns FALSE at the end. */
static gboolean serve_once(const service *s, int ends)
{
	const unsigned n = s->children->len;
	g_autofree struct pollfd *polled = g_new0(struct pollfd, 2 + n);
	struct signalfd_siginfo info;

	polled[0] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
	polled[1] = (struct pollfd){ ends, POLLIN, 0 };
	for (unsigned i = 0; i < n; i++)
		polled[2 + i] = (struct pollfd){
			g_array_index(s->children, child, i).channel, POLLRDHUP,
			0
		};
	if (poll(polled, 2 + n, -1) < 0)
		return errno == EINTR;
	if (polled[1].revents && read(ends, &info, sizeof(info)) < 0)
		return FALSE;
	for (unsigned i = n; i-- > 0;)
		look_after(s->children, i, polled[2 + i].revents != 0);
	return !polled[0].revents || serve_next(s);
}

void miyin_server_run(miyin_server_work work, gpointer data)
{
	g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(child));
	const service s = { work, data, children };
	g_auto(miyin_fd) ends = -1;
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, SIGCHLD);
	sigprocmask(SIG_BLOCK, &one, NULL);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_DUMPABLE, MIYIN_SANITIZED, 0, 0, 0);
	ends = signalfd(-1, &one, SFD_CLOEXEC);
	while (ends >= 0 && serve_once(&s, ends))
		;
}

/* ---- who asks ------------------------------------------------------------ */

miyin_server miyin_server_start(const miyin_process *program)
{
	miyin_process process = *program;
	g_auto(miyin_fd) null = open("/dev/null", O_RDWR | O_CLOEXEC);
	miyin_server server = { -1, 0 };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return server;
	process.fds[0] = ends[1];
	process.fds[1] = process.fds[2] = null;
	process.n_fds = 3;
	process.death_signal = SIGKILL;
	process.no_new_privs = TRUE;
	server = (miyin_server){ ends[0], miyin_process_start(&process) };
	close(ends[1]);
	return server;
}

static gboolean send_request(int socket, const char *name,
			     const miyin_process *p, int channel)
{
	request r = {
		.niceness = getpriority(PRIO_PROCESS, 0),
		.cpu_s = p->cpu_s,
		.memory_bytes = p->memory_bytes,
		.file_bytes = p->file_bytes,
		.n_fds = p->n_fds,
	};
	rights control = { .head = { .cmsg_level = SOL_SOCKET,
				     .cmsg_type = SCM_RIGHTS } };
	struct iovec bytes = { &r, sizeof(r) };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
	int fds[FDS_MAX] = { channel };
	unsigned n = 1;

	g_strlcpy(r.name, name, sizeof(r.name));
	for (unsigned i = 0; i < p->n_fds; i++) {
		if (p->fds[i] < 0)
			continue;
		r.given |= 1u << i;
		fds[n++] = p->fds[i];
	}
	control.head.cmsg_len = CMSG_LEN(n * sizeof(int));
	message.msg_control = &control;
	message.msg_controllen = CMSG_SPACE(n * sizeof(int));
	memcpy(CMSG_DATA(&control.head), fds, n * sizeof(int));
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) ==
	       sizeof(r);
}

/* An answer, or its end. */
static gboolean answers_in_time(int channel, unsigned limit_s)
{
	struct pollfd answer = { .fd = channel, .events = POLLIN };
	gint64 end = g_get_monotonic_time() + (gint64)limit_s * G_USEC_PER_SEC;
	int n;

	do {
		gint64 left = MAX(end - g_get_monotonic_time(), 0);
		const struct timespec limit = { left / G_USEC_PER_SEC,
						left % G_USEC_PER_SEC * 1000 };

		n = ppoll(&answer, 1, &limit, NULL);
		if (n < 0)
			end = MIN(end, g_get_monotonic_time() +
					       TOLD_S * G_USEC_PER_SEC);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

/* What the server has not said by then it cannot say any more. */
int miyin_server_ask(miyin_server *server, const char *work,
		     const miyin_process *process)
{
	int ends[2];
	char taken;
	gboolean sent;

	if (server->socket <= 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	sent = send_request(server->socket, work, process, ends[1]);
	close(ends[1]);
	if (sent && !answers_in_time(ends[0], TAKEN_S))
		shutdown(ends[0], SHUT_RDWR);
	if (sent && read(ends[0], &taken, 1) == 1)
		return ends[0];
	miyin_fd_clear(&server->socket);
	close(ends[0]);
	return -1;
}

gboolean miyin_server_wait_for(int channel, unsigned limit_s, int *status)
{
	const gboolean in_time = answers_in_time(channel, limit_s);

	if (!in_time) {
		shutdown(channel, SHUT_WR);
		answers_in_time(channel, TOLD_S);
	}
	if (recv(channel, status, sizeof(*status), MSG_DONTWAIT) !=
	    sizeof(*status))
		*status = SIGKILL;
	close(channel);
	return in_time;
}

void miyin_server_end(miyin_server *server)
{
	if (server->socket > 0)
		close(server->socket);
	if (server->pid > 0)
		kill(server->pid, SIGKILL);
	miyin_process_wait(server->pid);
	*server = (miyin_server){ -1, 0 };
}

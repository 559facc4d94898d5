/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed.h"
#include "lines.h"
#include <miyin/delivery.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <unistd.h>

#define HOLD_BYTES (G_GUINT64_CONSTANT(128) << 20)
#define TICK_MS 250

enum { INPUT, MESSAGES, DRIVER, OUTPUT, ERRORS, DEVICE, WATCH, STOP, N_FDS };

typedef struct {
	miyin_feed *feed;
	int hold;	     /* what the device has not been given yet */
	guint64 held, given; /* offsets in it */
	guint64 written;     /* into the pipe, in all */
	gboolean whole;	     /* input is at its end, and the driver too */
	pid_t pid;	     /* the backend; 0: not started, -1: ended */
	int device_fd;	     /* of the backend's end */
	int pipe[2], errors; /* we keep the pipe's read end to look at */
	gboolean looking;    /* for an address: not connected by that */
	gboolean connecting, connected;
	gboolean accepted; /* the printer had a job for it at some time */
	gint64 changed_us, waited_us;
	miyin_lines messages, words;
} flow;

/* ---- what is said ------------------------------------------------------ */

static void count_pages(miyin_feed *feed, const char *line)
{
	unsigned pages;
	gboolean total;

	if (!miyin_lines_pages(line, &pages, &total))
		return;
	feed->pages = total ? MAX(feed->pages, pages) : feed->pages + pages;
}

static void on_message(const char *line, gpointer data)
{
	flow *f = data;

	count_pages(f->feed, line);
	miyin_lines_tell_filter(line);
}

/* The stock network backends say that they connect while they look their
 * printer's name up, and "-connecting-to-device" when they have its address.
 * What comes after "Connecting to" is the connection; socket has read its
 * first bytes by then, and ipp only says "Connected to". */
static void note_connection(flow *f, const char *line)
{
	if (g_str_has_prefix(line, "DEBUG: Looking up ")) {
		f->looking = TRUE;
	} else if (g_str_has_prefix(line, "DEBUG: Connecting to ")) {
		f->connecting = f->connecting || f->looking;
		f->looking = FALSE;
	} else if (g_str_has_prefix(line, "DEBUG: Connected to ")) {
		f->connected = TRUE;
		f->connecting = FALSE;
	} else if (g_str_has_prefix(line, "STATE: ")) {
		if (strstr(line, "+connecting-to-device"))
			f->connecting = TRUE;
		if (strstr(line, "-connecting-to-device")) {
			f->connected = f->connected || !f->looking;
			f->connecting = FALSE;
		}
	}
}

/* What is in the kernel's buffers when the printer resets is gone, and the
 * backend ends with 0 all the same: socket says it only so; ipp, that it
 * cancelled the printer's job when somebody ended it. */
static void note_break(miyin_feed *feed, const char *line)
{
	if (g_str_has_prefix(line, "DEBUG: Error reading back-channel") ||
	    strstr(line, "sigterm_handler: job_canceled = 1") ||
	    strstr(line, "Print job canceled at printer."))
		feed->broken = TRUE;
}

/* What ipp says of its printer's answer. Create-Job carries no document. With
 * Print-Job, libcups says server-error-service-unavailable of a connection that
 * broke, too. Behind beh, ipp runs again and again: what the printer took once
 * may be on paper, whatever it says later. */
static void note_answer(flow *f, const char *line)
{
	const gboolean create = g_str_has_prefix(line, "DEBUG: Create-Job: ");

	if (!create && !g_str_has_prefix(line, "DEBUG: Print-Job: "))
		return;
	if (strstr(line, ": successful-"))
		f->accepted = TRUE;
	f->feed->refused = !f->accepted &&
			   (create || strstr(line, ": server-error-busy") ||
			    strstr(line, ": server-error-not-accepting-jobs") ||
			    strstr(line, ": client-error-not-possible"));
}

static void on_word(const char *line, gpointer data)
{
	flow *f = data;

	note_connection(f, line);
	note_break(f->feed, line);
	note_answer(f, line);
	miyin_watch_heed(&f->feed->watch, line);
	count_pages(f->feed, line);
	fprintf(stderr, "%s\n", line);
}

/* ---- the backend ------------------------------------------------------- */

static gboolean start_device(flow *f)
{
	int errors[2];
	int fds[3];

	if (pipe2(f->pipe, O_CLOEXEC) != 0 || pipe2(errors, O_CLOEXEC) != 0)
		return FALSE;
	fcntl(f->pipe[1], F_SETFL, O_NONBLOCK);
	fds[0] = f->pipe[0];
	fds[1] = STDOUT_FILENO;
	fds[2] = errors[1];
	f->pid = f->feed->start(fds, f->feed->data);
	close(errors[1]);
	f->errors = errors[0];
	f->device_fd = f->pid > 0 ? pidfd_open(f->pid, 0) : -1;
	f->changed_us = g_get_monotonic_time();
	return f->device_fd >= 0;
}

static void look_at_device(flow *f)
{
	int left = 0;
	guint64 taken;

	if (f->pid == 0 || ioctl(f->pipe[0], FIONREAD, &left) != 0)
		return;
	taken = f->written - (guint64)left;
	if (taken != f->feed->bytes)
		f->changed_us = g_get_monotonic_time();
	f->feed->bytes = taken;
	/* lpd takes all before it looks for its printer, and says so. */
	if (taken > 0 && !f->connecting && f->connected)
		f->feed->reached = TRUE;
}

/* Some backends never say that they connect; they have by now. */
static void end_device(flow *f)
{
	f->feed->status = miyin_process_wait(f->pid);
	f->pid = -1;
	/* One that it started may still hold it open. */
	while (poll(&(struct pollfd){ f->errors, POLLIN, 0 }, 1, 0) > 0 &&
	       miyin_lines_read(&f->words, f->errors, on_word, f))
		;
	look_at_device(f);
	if (f->feed->bytes > 0 && !f->connecting)
		f->feed->reached = TRUE;
}

/* The backend hears it, and is given a moment to close its connection. */
static void stop_device(flow *f)
{
	struct pollfd fds[] = { { f->device_fd, POLLIN, 0 },
				{ f->errors, POLLIN, 0 } };
	gint64 until_us =
		g_get_monotonic_time() + MIYIN_GUARD_END_S * G_USEC_PER_SEC;

	if (f->pid <= 0)
		return;
	kill(f->pid, SIGTERM);
	kill(f->pid, SIGCONT); /* one that is stopped hears nothing */
	while (g_get_monotonic_time() < until_us) {
		poll(fds, G_N_ELEMENTS(fds), TICK_MS);
		if (fds[0].revents)
			break;
		if (fds[1].revents &&
		    !miyin_lines_read(&f->words, f->errors, on_word, f))
			fds[1].fd = -1;
	}
	kill(f->pid, SIGKILL);
	end_device(f);
}

/* ---- bytes ------------------------------------------------------------- */

static gboolean take_input(flow *f)
{
	char chunk[65536];
	ssize_t n = read(f->feed->input, chunk, sizeof(chunk));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return TRUE;
	if (n > 0) {
		if (pwrite(f->hold, chunk, (size_t)n, (off_t)f->held) != n)
			return FALSE;
		f->held += (guint64)n;
		return TRUE;
	}
	miyin_fd_clear(&f->feed->input);
	f->whole = !f->feed->driver;
	return n == 0;
}

static void give_output(flow *f)
{
	char chunk[65536];
	ssize_t n =
		pread(f->hold, chunk, MIN(sizeof(chunk), f->held - f->given),
		      (off_t)f->given);

	n = n > 0 ? write(f->pipe[1], chunk, (size_t)n) : n;
	if (n > 0) {
		f->given += (guint64)n;
		f->written += (guint64)n;
	} else if (errno != EAGAIN && errno != EINTR) {
		miyin_fd_clear(&f->pipe[1]); /* its status says why */
	}
	if (f->given == f->held) {
		f->given = f->held = 0;
		if (ftruncate(f->hold, 0) != 0)
			miyin_fd_clear(&f->pipe[1]);
	}
}

/* ---- the loop ---------------------------------------------------------- */

static gboolean wants_input(const flow *f)
{
	return f->feed->input >= 0 && f->held - f->given < HOLD_BYTES;
}

static void fill(flow *f, struct pollfd fds[N_FDS])
{
	const miyin_feed *feed = f->feed;
	gboolean runs = f->pid > 0;

	for (int i = 0; i < N_FDS; i++)
		fds[i] = (struct pollfd){ -1, POLLIN, 0 };
	fds[STOP].fd = feed->stop_fd;
	fds[MESSAGES].fd = feed->messages;
	if (wants_input(f))
		fds[INPUT].fd = feed->input;
	if (feed->input < 0 && feed->driver && !f->whole)
		fds[DRIVER].fd = miyin_room_fd(feed->driver);
	if (runs && f->given < f->held)
		fds[OUTPUT] = (struct pollfd){ f->pipe[1], POLLOUT, 0 };
	if (runs) {
		fds[ERRORS].fd = f->errors;
		fds[DEVICE].fd = f->device_fd;
	}
	if (runs && feed->watch.pid > 0)
		fds[WATCH].fd = feed->watch.fd;
}

/* Time counts against the driver while nothing else is waited for. */
static gboolean is_late(flow *f, gint64 since_us)
{
	if (!f->whole && (f->pid == 0 || f->given == f->held))
		f->waited_us += g_get_monotonic_time() - since_us;
	return f->waited_us > (gint64)f->feed->driver_s * G_USEC_PER_SEC;
}

/* The device's silence, be it that it takes nothing or that it has all and
 * does not end. It may wait for the driver as long as the driver may take. */
static gboolean is_stuck(flow *f)
{
	gint64 now_us = g_get_monotonic_time();

	if (!f->whole && f->given == f->held)
		f->changed_us = now_us;
	return f->pid > 0 && now_us - f->changed_us >
				     (gint64)f->feed->device_s * G_USEC_PER_SEC;
}

static gboolean read_words(flow *f, const struct pollfd fds[N_FDS])
{
	if (fds[MESSAGES].revents &&
	    !miyin_lines_read(&f->messages, f->feed->messages, on_message, f))
		miyin_fd_clear(&f->feed->messages);
	if (fds[ERRORS].revents)
		f->changed_us = g_get_monotonic_time();
	return !fds[ERRORS].revents ||
	       miyin_lines_read(&f->words, f->errors, on_word, f);
}

static gboolean has_all(const flow *f)
{
	return f->whole && f->given == f->held && f->written > 0 &&
	       f->feed->bytes == f->written;
}

/* A backend that is content with less, or with nothing, printed no copy,
 * whatever it says. */
static miyin_feed_end end_by_itself(flow *f)
{
	end_device(f);
	return f->feed->status == 0 && !has_all(f) ? MIYIN_FEED_SHORT
						   : MIYIN_FEED_DONE;
}

/* The backend would only ask its printer once more. One that is told to end
 * cancels the printer's job, so it is not told. */
static gboolean ends_by_printer(flow *f)
{
	unsigned pages;

	if (!miyin_watch_finish(&f->feed->watch, &pages) || !has_all(f) ||
	    f->feed->broken)
		return FALSE;
	if (pages > 0) {
		fprintf(stderr, "PAGE: total %u\n", pages);
		f->feed->pages = MAX(f->feed->pages, pages);
	}
	kill(f->pid, SIGKILL);
	end_device(f);
	f->feed->status = 0;
	return TRUE;
}

/* -1: go on */
static int step(flow *f, const struct pollfd fds[N_FDS])
{
	miyin_feed *feed = f->feed;

	if (fds[STOP].revents)
		return MIYIN_FEED_STOPPED;
	/* A backend may close it and go on. */
	if (!read_words(f, fds))
		miyin_fd_clear(&f->errors);
	if (fds[INPUT].revents && !take_input(f))
		return MIYIN_FEED_SYSTEM;
	if (fds[DRIVER].revents) {
		feed->driver_end = miyin_room_finish(feed->driver);
		if (feed->driver_end != MIYIN_ROOM_DONE)
			return MIYIN_FEED_DRIVER;
		f->whole = TRUE;
	}
	if (f->pid == 0 && (f->whole || f->held - f->given >= HOLD_BYTES) &&
	    !start_device(f))
		return MIYIN_FEED_SYSTEM;
	if (fds[OUTPUT].revents)
		give_output(f);
	if (f->pid > 0 && f->whole && f->given == f->held)
		miyin_fd_clear(&f->pipe[1]);
	look_at_device(f);
	if (fds[DEVICE].revents)
		return end_by_itself(f);
	return fds[WATCH].revents && ends_by_printer(f) ? MIYIN_FEED_DONE : -1;
}

static miyin_feed_end pump(flow *f)
{
	struct pollfd fds[N_FDS];
	int end = -1;

	while (end < 0) {
		gint64 since_us = g_get_monotonic_time();

		fill(f, fds);
		if (poll(fds, N_FDS, TICK_MS) < 0 && errno != EINTR)
			return MIYIN_FEED_SYSTEM;
		end = step(f, fds);
		if (end < 0 && is_late(f, since_us)) {
			f->feed->driver_end = MIYIN_ROOM_TIME;
			return MIYIN_FEED_DRIVER;
		}
		if (end < 0 && is_stuck(f))
			return MIYIN_FEED_STUCK;
	}
	return (miyin_feed_end)end;
}

static void clear(flow *f)
{
	int *const fds[] = { &f->hold,		&f->pipe[0],   &f->pipe[1],
			     &f->errors,	&f->device_fd, &f->feed->input,
			     &f->feed->messages };

	for (unsigned i = 0; i < G_N_ELEMENTS(fds); i++)
		miyin_fd_clear(fds[i]);
	miyin_lines_clear(&f->messages);
	miyin_lines_clear(&f->words);
}

miyin_feed_end miyin_feed_run(miyin_feed *feed)
{
	flow f = { .feed = feed,
		   .hold = -1,
		   .device_fd = -1,
		   .pipe = { -1, -1 },
		   .errors = -1 };
	miyin_feed_end end = MIYIN_FEED_SYSTEM;

	feed->status = -1;
	feed->watch.fd = feed->watch.out = -1;
	signal(SIGPIPE, SIG_IGN);
	f.hold = miyin_memfile_new("device", NULL);
	if (f.hold >= 0)
		end = pump(&f);
	miyin_watch_stop(&feed->watch);
	stop_device(&f);
	clear(&f);
	return end;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device.h"
#include "chain.h"
#include "feed.h"
#include "postscript.h"
#include <miyin/account.h>
#include <miyin/deviceppd.h>
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/policy.h>
#include <miyin/process.h>
#include <cups/backend.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILTER_USER "lp" /* who runs backends that need no root */
#define COPY_BYTES_MAX (G_GUINT64_CONSTANT(4) << 30)
/* A printer may wait for paper over a long lunch; the scheduler's own limit,
 * MaxJobTime, is the same by default. */
#define DEVICE_S (3 * 3600)
#define WATCH_BYTES (G_GUINT64_CONSTANT(1) << 30) /* for miyinwatch */
#define CANCEL_MS 1000
#define AGAIN_MS 2000 /* at least, before a printer in use is asked again */

/* What is on its way. */
typedef struct {
	miyin_device *device;
	const miyin_config *config;
	miyin_room_limits limits;
	int pdf;   /* the copy */
	char *ppd; /* the printer's own */
	char *monitor;
	uid_t account; /* of a backend that needs no root */
	miyin_chain chain;
	miyin_feed feed;
} passage;

/* ---- the real backend -------------------------------------------------- */

gboolean miyin_device_find_backend(miyin_device *device)
{
	const char *uri = device->uri;
	const char *bin = g_getenv("CUPS_SERVERBIN");
	size_t n = strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789-+");
	g_autofree char *scheme = g_strndup(uri, n);
	g_autofree char *path = NULL;
	struct stat *status = &device->status;

	if (n == 0 || uri[n] != ':' || g_str_has_prefix(scheme, "miyin"))
		return FALSE;
	path = g_build_filename(bin ? bin : "/usr/lib/cups", "backend", scheme,
				NULL);
	if (stat(path, status) != 0 || !S_ISREG(status->st_mode) ||
	    status->st_uid != 0 || (status->st_mode & (S_IWGRP | S_IWOTH)))
		return FALSE;
	device->path = g_steal_pointer(&path);
	return TRUE;
}

void miyin_device_clear(miyin_device *device)
{
	g_clear_pointer(&device->path, g_free);
}

/* One that the scheduler would run as lp has lp's groups and an account of its
 * own, or all filters could reach the copy in it. */
static gboolean drop_rights(gpointer data)
{
	const passage *p = data;
	const uid_t own = p->account;
	const struct passwd *lp;

	if (geteuid() != 0 || !(p->device->status.st_mode & S_IXOTH))
		return TRUE;
	lp = getpwnam(FILTER_USER);
	return lp && initgroups(FILTER_USER, lp->pw_gid) == 0 &&
	       setresgid(lp->pw_gid, lp->pw_gid, lp->pw_gid) == 0 &&
	       setresuid(own, own, own) == 0;
}

static pid_t start_backend(const int fds[3], gpointer data)
{
	const passage *p = data;
	char **own = p->device->argv;
	/* Everybody reads arguments; DEVICE_URI has the password. */
	g_autofree char *shown = miyin_deviceuri_bare(p->device->uri);
	const char *const argv[] = { shown,  own[1], own[2], own[3],
				     own[4], own[5], NULL };
	const miyin_process process = {
		.path = p->device->path,
		.argv = argv,
		.variables = { { "DEVICE_URI", p->device->uri },
			       { "FINAL_CONTENT_TYPE", p->chain.final_type } },
		.data = data,
		.fds = { fds[0], fds[1], fds[2] },
		.n_fds = 3,
		.other_fds = TRUE, /* the scheduler's for a backend */
		.prepare = drop_rights,
		/* Nobody would count what it still sent. */
		.death_signal = SIGKILL,
		.failed = CUPS_BACKEND_FAILED,
	};

	return miyin_recorder_note_start(p->device->recorder)
		       ? miyin_process_start(&process)
		       : -1;
}

static gboolean drop_all_rights(gpointer data)
{
	const passage *p = data;

	return geteuid() != 0 ||
	       miyin_account_become(p->account, (gid_t)p->account);
}

static pid_t start_watch(const char *job, int out, gpointer data)
{
	const passage *p = data;
	g_autofree char *path =
		g_build_filename(p->config->program_dir, "miyinwatch", NULL);
	g_autofree char *bare = miyin_deviceuri_bare(p->device->uri);
	const char *const argv[] = { "miyinwatch", job, p->device->argv[2],
				     NULL };
	const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };
	const miyin_process process = {
		.path = path,
		.argv = argv,
		.environment = (char *const *)environment,
		.variables = { { "DEVICE_URI", p->device->uri } },
		.data = data,
		.fds = { -1, out, -1 },
		.n_fds = 3,
		.prepare = drop_all_rights,
		.death_signal = SIGKILL,
		.no_new_privs = TRUE,
		.cpu_s = p->limits.cpu_s,
		.memory_bytes = WATCH_BYTES,
	};

	/* It has no use for a password, and is not given one. */
	return g_str_has_prefix(bare, "ipp") &&
			       g_str_equal(bare, p->device->uri)
		       ? miyin_process_start(&process)
		       : -1;
}

/* ---- what comes in ----------------------------------------------------- */

static gboolean read_copy(passage *p, GError **error)
{
	const char *path = p->device->argv[6];
	int from = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	char magic[5] = "";
	gboolean ok;

	p->pdf = miyin_memfile_new("copy", error);
	ok = p->pdf >= 0 && from >= 0 &&
	     miyin_memfile_fill(p->pdf, from, COPY_BYTES_MAX, NULL, error);
	if (path && from >= 0)
		close(from);
	ok = ok && pread(p->pdf, magic, sizeof(magic), 0) == sizeof(magic) &&
	     memcmp(magic, "%PDF-", sizeof(magic)) == 0;
	if (!ok && error && !*error)
		miyin_fail(error, MIYIN_ERROR_INPUT,
			   "what came for the device is no marked copy");
	miyin_memfile_rewind(p->pdf);
	return ok;
}

static gboolean read_ppd(passage *p, GError **error)
{
	const char *path = g_getenv("PPD");
	g_autofree char *text = NULL;

	if (!path)
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  "the printer has no driver");
	if (!g_file_get_contents(path, &text, NULL, error))
		return FALSE;
	p->ppd = miyin_deviceppd_restore(text, &p->monitor, error);
	return p->ppd != NULL;
}

/* What the driver reads. */
static int make_input(passage *p, GError **error)
{
	g_autofree char *engine =
		g_build_filename(p->config->program_dir, "miyinmark", NULL);

	if (p->chain.takes_pdf)
		return dup(p->pdf);
	return miyin_postscript_make(p->pdf, engine, &p->limits,
				     p->device->stop_fd, &p->feed.driver_end,
				     error);
}

/* ---- the driver -------------------------------------------------------- */

static gboolean start_driver(passage *p, int input, GError **error)
{
	char **own = p->device->argv;
	const char *printer = g_getenv("PRINTER");
	const char *const argv[] = { printer ? printer : "printer",
				     own[1],
				     own[2],
				     own[3],
				     own[4],
				     own[5],
				     NULL };
	int out[2], words[2];

	if (pipe2(out, O_CLOEXEC) != 0)
		return FALSE;
	if (pipe2(words, O_CLOEXEC) != 0) {
		close(out[0]);
		close(out[1]);
		return FALSE;
	}
	p->feed.driver = miyin_chain_start(
		&p->chain, p->ppd, argv,
		(const int[]){ input, out[1], words[1] }, &p->limits, error);
	close(out[1]);
	close(words[1]);
	p->feed.input = out[0];
	p->feed.messages = words[0];
	return p->feed.driver != NULL;
}

static gboolean prepare(passage *p, GError **error)
{
	return miyin_account_take(getpid(), &p->account) &&
	       read_ppd(p, error) && read_copy(p, error) &&
	       miyin_chain_find(p->ppd, p->monitor, p->device->stop_fd,
				&p->chain, error);
}

/* From the first byte of the copy. */
static gboolean begin(passage *p, GError **error)
{
	gboolean ok = TRUE;
	int input;

	p->feed = (miyin_feed){ .input = -1,
				.messages = -1,
				.stop_fd = p->device->stop_fd,
				.driver_s = p->limits.clock_s,
				.device_s = DEVICE_S,
				.start = start_backend,
				.data = p,
				.watch = { .start = start_watch, .data = p } };
	miyin_memfile_rewind(p->pdf);
	input = make_input(p, error);
	if (input < 0)
		return FALSE;
	if (p->chain.programs[0]) {
		ok = start_driver(p, input, error);
		close(input);
	} else {
		p->feed.input = input;
	}
	return ok;
}

/* ---- how it ended ------------------------------------------------------ */

static const char *const driver_ends[] = {
	[MIYIN_ROOM_DONE] = "the driver of the printer failed",
	[MIYIN_ROOM_FAILED] = "the driver of the printer failed",
	[MIYIN_ROOM_TIME] = "the driver of the printer took too long over it",
	[MIYIN_ROOM_SPACE] =
		"the driver of the printer needed too much space for it",
	[MIYIN_ROOM_STOPPED] = "it was canceled",
};

static const char *why(const GError *error)
{
	return error ? error->message
		     : "the server could not start what it needs";
}

static const char *tell(const passage *p, miyin_feed_end end)
{
	switch (end) {
	case MIYIN_FEED_DRIVER:
		return driver_ends[p->feed.driver_end];
	case MIYIN_FEED_SHORT:
		return "the backend ended before the whole copy was with it";
	case MIYIN_FEED_STUCK:
		return "the printer neither went on nor ended for three hours";
	case MIYIN_FEED_STOPPED:
		return "it was canceled";
	default:
		return why(NULL);
	}
}

/* As cups/backend.h has them. */
static const char *const backend_ends[] = {
	[CUPS_BACKEND_FAILED] = "the backend failed",
	[CUPS_BACKEND_AUTH_REQUIRED] =
		"the printer asks for a name and a password",
	[CUPS_BACKEND_HOLD] = "the printer does not take this account's jobs",
	[CUPS_BACKEND_STOP] = "the backend failed and stopped the queue",
	[CUPS_BACKEND_CANCEL] = "the printer canceled it",
	[CUPS_BACKEND_RETRY] = "the printer did not take it to the end",
	[CUPS_BACKEND_RETRY_CURRENT] = "the printer did not take it to the end",
};

static int fail(miyin_device_record *record, const char *reason)
{
	record->end = MIYIN_DEVICE_FAILED;
	record->detail = g_strdup(reason);
	fprintf(stderr, "ERROR: Not printed to the end: %s.\n", reason);
	return CUPS_BACKEND_FAILED;
}

/* A process that was killed is never a success. */
static int end_of_backend(int status, miyin_device_record *record)
{
	if (WIFEXITED(status)) {
		unsigned code = (unsigned)WEXITSTATUS(status);

		record->end =
			code == 0 ? MIYIN_DEVICE_DONE : MIYIN_DEVICE_FAILED;
		record->detail =
			code > 0 && code < G_N_ELEMENTS(backend_ends)
				? g_strdup(backend_ends[code])
				: g_strdup_printf("the backend ended with %u",
						  code);
		return (int)code;
	}
	record->end = MIYIN_DEVICE_KILLED;
	record->detail = g_strdup_printf("the backend ended with signal %d",
					 WTERMSIG(status));
	fprintf(stderr,
		"ERROR: The backend of the device ended with signal "
		"%d.\n",
		WTERMSIG(status));
	return CUPS_BACKEND_FAILED;
}

/* The printer is in use by others and has no job of this copy: the stock queue
 * has the backend ask again too, which waits before it ends. */
static gboolean is_busy(const passage *p, miyin_feed_end end)
{
	int status = p->feed.status;

	return end == MIYIN_FEED_DONE && p->feed.refused && WIFEXITED(status) &&
	       (WEXITSTATUS(status) == CUPS_BACKEND_RETRY ||
		WEXITSTATUS(status) == CUPS_BACKEND_RETRY_CURRENT);
}

static int end_of_delivery(const passage *p, miyin_feed_end end,
			   miyin_device_record *record)
{
	record->reached = p->feed.reached && !p->feed.refused;
	record->bytes = p->feed.bytes;
	record->pages = p->feed.pages;
	if ((end == MIYIN_FEED_DONE || end == MIYIN_FEED_SHORT) &&
	    p->feed.broken && p->feed.status == 0)
		return fail(record, "the printer broke off the connection");
	if (end == MIYIN_FEED_DONE)
		return end_of_backend(p->feed.status, record);
	return fail(record, tell(p, end));
}

static int deliver(passage *p, miyin_device_record *record)
{
	gint64 until_us =
		g_get_monotonic_time() + DEVICE_S * (gint64)G_USEC_PER_SEC;
	g_autoptr(GError) error = NULL;
	miyin_feed_end end = MIYIN_FEED_SYSTEM;
	gboolean busy = TRUE;

	while (busy) {
		if (!begin(p, &error))
			return fail(record,
				    p->feed.driver_end != MIYIN_ROOM_DONE
					    ? driver_ends[p->feed.driver_end]
					    : why(error));
		end = miyin_feed_run(&p->feed);
		miyin_room_free(p->feed.driver);
		p->feed.driver = NULL;
		busy = is_busy(p, end);
		if (busy) {
			/* Its monitor may have said since that it is idle. */
			fputs("INFO: The printer is in use.\n", stderr);
			poll(&(struct pollfd){ p->device->stop_fd, POLLIN, 0 },
			     1, AGAIN_MS);
		}
		if (busy && g_get_monotonic_time() > until_us) {
			end = MIYIN_FEED_STUCK;
			busy = FALSE;
		}
	}
	return end_of_delivery(p, end, record);
}

static void clear(passage *p)
{
	miyin_room_free(p->feed.driver);
	miyin_fd_clear(&p->pdf);
	miyin_chain_clear(&p->chain);
	g_free(p->ppd);
	g_free(p->monitor);
}

/* A policy that cannot be read lets no job through the gate; a copy that is on
 * its way meanwhile has the usual limits. */
static void read_budget(passage *p)
{
	g_autoptr(miyin_policy) policy =
		miyin_policy_open(p->config->policy_path, NULL);
	const miyin_budget *budget =
		policy ? miyin_policy_budget(policy) : &miyin_budget_default;

	p->limits = (miyin_room_limits){
		.cpu_s = budget->seconds,
		.clock_s = budget->seconds,
		.memory_bytes = (guint64)budget->memory_mib << 20,
		.file_bytes = (guint64)budget->temporary_mib << 20,
	};
}

/* Of a copy that was canceled while it came only a part is here; the signal may
 * be behind it. */
static const char *why_unfit(const passage *p, const GError *error)
{
	struct pollfd stop = { p->device->stop_fd, POLLIN, 0 };

	return poll(&stop, 1, CANCEL_MS) > 0 ? tell(p, MIYIN_FEED_STOPPED)
					     : why(error);
}

int miyin_device_run(miyin_device *device, const miyin_config *config,
		     miyin_device_record *record)
{
	passage p = { .device = device, .config = config, .pdf = -1 };
	g_autoptr(GError) error = NULL;
	int status;

	read_budget(&p);
	status = prepare(&p, &error) ? deliver(&p, record)
				     : fail(record, why_unfit(&p, error));
	clear(&p);
	return status;
}

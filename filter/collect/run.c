/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"
#include <miyin/error.h>
#include <miyin/frame.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG_LINES 40
#define BY_SIGNAL 128 /* exit status, as of a shell */

static const char *lent_ppd;

void miyin_run_lend(const char *ppd)
{
	lent_ppd = ppd;
}

/* In there nobody makes folders. */
static void remove_folder(const char *path)
{
	g_autoptr(GDir) names = g_dir_open(path, 0, NULL);
	const char *name;

	while (names && (name = g_dir_read_name(names))) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		g_unlink(file);
	}
	g_rmdir(path);
}

/* Or near: the limit counts ticks, which on a busy machine were a tenth more
 * than the time that usage tells. */
static gboolean is_out_of_time(const struct rusage *usage,
			       const miyin_budget *budget)
{
	const struct timeval *user = &usage->ru_utime;
	const struct timeval *system = &usage->ru_stime;
	struct rlimit own;
	gint64 most_ms;

	getrlimit(RLIMIT_CPU, &own);
	most_ms = (gint64)MIN(own.rlim_cur, budget->seconds) * 750;
	return (user->tv_sec + system->tv_sec) * 1000 +
		       (user->tv_usec + system->tv_usec) / 1000 >=
	       most_ms;
}

/* Until its end or ours, then for all that it left behind. */
static int wait_for(pid_t pid, const sigset_t *wake, const miyin_budget *budget)
{
	struct rusage usage;
	siginfo_t end = { 0 };
	int status, number;

	do {
		sigwait(wake, &number);
		/* Not taken yet: nobody else gets its number. */
		waitid(P_PID, pid, &end, WEXITED | WNOHANG | WNOWAIT);
	} while (number == SIGCHLD && end.si_pid == 0);
	kill(-pid, SIGKILL);
	wait4(pid, &status, 0, &usage);
	while (waitpid(-pid, NULL, 0) > 0)
		;
	/* gstopdf calls it a success when its gs was killed. */
	return is_out_of_time(&usage, budget) ? W_EXITCODE(0, SIGXCPU) : status;
}

/* What a keeper keeps. */
typedef struct {
	const char *path;
	const char *const *argv;
	int fds[3];
	const miyin_budget *budget;
} errand;

/* The queue's, or the one that is lent, in their folder. Free with g_free. */
static char *find_ppd(const char *folder)
{
	char *path;

	if (!lent_ppd)
		return g_strdup(g_getenv("PPD"));
	path = g_build_filename(folder, "ppd", NULL);
	g_file_set_contents(path, lent_ppd, -1, NULL);
	/* For nobody, whom a filter of root's is. */
	g_chmod(path, 0644);
	return path;
}

/* They are our user's programs and not ours: they see three files, the system
 * and a folder. */
static pid_t start(const errand *e, const char *folder)
{
	g_autofree char *ppd = find_ppd(folder);
	static const miyin_sandbox sandbox = MIYIN_SANDBOX_CONVERT;
	const miyin_sandbox_room room = { folder, ppd };
	const miyin_process process = {
		.path = e->path,
		.argv = e->argv,
		.variables = { { "TMPDIR", folder },
			       { "HOME", folder },
			       { "PPD", ppd } },
		.fds = { e->fds[0], e->fds[1], e->fds[2] },
		.n_fds = 3,
		.own_group = TRUE,
		.cpu_s = e->budget->seconds,
		.memory_bytes = (guint64)e->budget->memory_mib << 20,
		/* Twice, for what one file too large does is less well told. */
		.file_bytes = MIN((guint64)e->budget->temporary_mib << 21,
				  MIYIN_FRAME_BODY_MAX),
		.death_signal = SIGKILL,
		.sandbox = &sandbox,
		.room = &room,
	};

	return miyin_process_start(&process);
}

/*
 * The keeper of a program outlives us by a moment: however we end, it ends the
 * program and those that it started (gs), and removes the folder of their
 * temporary files, which nobody shall find afterwards. Ends as a shell does.
 */
static int keep(gpointer data)
{
	const errand *e = data;
	g_autofree char *folder = NULL;
	sigset_t wake;
	int status = W_EXITCODE(MIYIN_PROCESS_NOT_STARTED, 0);
	pid_t pid = -1;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	sigemptyset(&wake);
	sigaddset(&wake, SIGCHLD);
	sigaddset(&wake, SIGTERM);
	sigprocmask(SIG_BLOCK, &wake, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	folder = g_dir_make_tmp("miyin-XXXXXX", NULL);
	if (folder)
		pid = start(e, folder);
	if (pid > 0)
		status = wait_for(pid, &wake, e->budget);
	if (folder)
		remove_folder(folder);
	return WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* Returns the program's status, -1 on failure. */
static int run(errand *e)
{
	const miyin_process keeper = {
		.work = keep,
		.data = e,
		.own_group = TRUE, /* cupsd signals our whole group */
		.death_signal = SIGTERM,
	};
	int status, end;

	signal(SIGCHLD, SIG_DFL); /* ignored, it is never sent */
	status = miyin_process_run(&keeper);
	if (!WIFEXITED(status))
		return -1;
	end = WEXITSTATUS(status);
	return end > BY_SIGNAL ? W_EXITCODE(0, end - BY_SIGNAL)
			       : W_EXITCODE(end, 0);
}

static void log_debug(const char *program, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", LOG_LINES + 1);

	for (int i = 0; i < LOG_LINES && lines[i]; i++) {
		g_autofree char *clean = miyin_text_clean(lines[i], 200);

		if (*clean)
			fprintf(stderr, "DEBUG: %s: %s\n", program, clean);
	}
}

/* The programs' own words go to the log as DEBUG, cleaned: a filter's
 * standard error is a control channel of cupsd. */
static GError *explain(int log, const char *program, int status)
{
	g_autofree char *said = miyin_memfile_text(log, G_MAXSIZE, NULL);
	const char *text = said ? said : "";

	log_debug(program, text);
	if (WIFSIGNALED(status))
		fprintf(stderr, "DEBUG: %s ended with signal %d\n", program,
			WTERMSIG(status));
	if (strstr(text, "password"))
		return miyin_refusal_new(MIYIN_REFUSAL_PASSWORD);
	if (strstr(text, "unsupported encryption"))
		return miyin_refusal_new(MIYIN_REFUSAL_ENCRYPTED);
	if (strstr(text, "Not allowed to print"))
		return miyin_refusal_new(MIYIN_REFUSAL_FORBIDDEN);
	if (miyin_sandbox_is_limit(status, text))
		return miyin_refusal_new(MIYIN_REFUSAL_TOO_LARGE,
					 _("this print server can lay out"));
	/* Not by itself and not by us: by a system that is out of memory. */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return miyin_refusal_new(MIYIN_REFUSAL_SERVER);
	if (WIFEXITED(status) &&
	    WEXITSTATUS(status) == MIYIN_PROCESS_NOT_STARTED)
		return g_error_new(MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
				   "%s cannot be started.", program);
	return miyin_refusal_new(MIYIN_REFUSAL_DAMAGED);
}

int miyin_run(const char *path, const char *const *argv, int input,
	      const miyin_budget *budget, GError **error)
{
	g_auto(miyin_fd) output = miyin_memfile_new(argv[0], error);
	g_auto(miyin_fd) log = miyin_memfile_new("log", error);
	errand e = { path, argv, { input, output, log }, budget };
	int status = output < 0 || log < 0 ? -1 : run(&e);

	if (status < 0) {
		g_clear_error(error);
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "%s cannot be started.", argv[0]);
		return -1;
	}
	if (status != 0) {
		g_propagate_error(error, explain(log, argv[0], status));
		return -1;
	}
	return miyin_memfile_seal(output, error) ? g_steal_fd(&output) : -1;
}

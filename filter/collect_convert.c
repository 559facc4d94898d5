/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collect_convert.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/text.h>
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CPU_S 600
#define MEMORY_BYTES (G_GUINT64_CONSTANT(4) << 30)
#define LOG_LINES 40
/* Exit statuses as shells have them. */
#define NOT_STARTED 127
#define BY_SIGNAL 128

static int lay_out_pdf(int input, const char *layout, const char *job,
		       gboolean *repaired, GError **error);
static int repair(int input, GError **error);
static gboolean may_be_printed(int input, GError **error);
static int lay_out(int input, const char *first, const char *copies,
		   const miyin_options *options, const char *job,
		   GError **error);
static int set_text(const miyin_input *input, const miyin_options *options,
		    GError **error);
static int run_filter(const char *name, int input, const char *copies,
		      const char *options, const char *job, GError **error);
static int run(const char *path, const char *const *argv, int input,
	       GError **error);
static int start(const char *path, const char *const *argv, const int fds[3]);
static G_GNUC_NORETURN void keep(pid_t parent, const char *path,
				 const char *const *argv, const int fds[3]);
static int wait_for(pid_t pid, const sigset_t *wake);
static gboolean is_out_of_time(const struct rusage *usage);
static G_GNUC_NORETURN void become(const char *path, const char *const *argv,
				   const int fds[3], const char *folder);
static void remove_folder(const char *path);
static GError *explain(int log, const char *program, int status);
static void log_debug(const char *program, const char *text);

int miyin_convert(const miyin_input *input, const miyin_options *options,
		  const char *job, gboolean *repaired, GError **error)
{
	struct stat status;
	int first, last;

	*repaired = FALSE;
	switch (input->type) {
	case MIYIN_INPUT_PDF:
		last = lay_out_pdf(input->fd, options->layout, job, repaired,
				   error);
		break;
	case MIYIN_INPUT_DAMAGED:
		miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_DAMAGED));
		return -1;
	case MIYIN_INPUT_IMAGE:
		first = run_filter("imagetopdf", input->fd, "1",
				   options->layout, job, error);
		last = first < 0 ? -1
				 : run_filter("pdftopdf", first, "1",
					      options->picture_layout, job,
					      error);
		break;
	case MIYIN_INPUT_TEXT:
		first = set_text(input, options, error);
		last = first < 0 ? -1
				 : lay_out(first, "gstopdf", "2", options, job,
					   error);
		break;
	case MIYIN_INPUT_POSTSCRIPT:
		/* With copies 1 gstopdf lets the document's own /NumCopies
		 * multiply its pages inside what we take for one copy. */
		last = lay_out(input->fd, "gstopdf", "2", options, job, error);
		break;
	default:
		miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_RAW_DATA,
						      input->what));
		return -1;
	}
	if (last >= 0 && fstat(last, &status) == 0 && status.st_size == 0) {
		close(last);
		miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_NO_PAGES));
		return -1;
	}
	return last;
}

/* Poppler opens files that qpdf, which is in pdftopdf, gives up. Why it did
 * is what the user is told when that does not help. */
static int lay_out_pdf(int input, const char *layout, const char *job,
		       gboolean *repaired, GError **error)
{
	g_autoptr(GError) reason = NULL;
	g_autoptr(GError) worse = NULL;
	int last = run_filter("pdftopdf", input, "1", layout, job, &reason);
	int pdf = -1;

	if (g_error_matches(reason, MIYIN_REFUSAL, MIYIN_REFUSAL_DAMAGED))
		pdf = repair(input, &worse);
	if (pdf >= 0) {
		last = run_filter("pdftopdf", pdf, "1", layout, job, &worse);
		close(pdf);
	}
	*repaired = pdf >= 0 && last >= 0;
	if (*repaired)
		fputs("DEBUG: The PDF is damaged; it is printed as Poppler "
		      "reads it.\n", stderr);
	else if (g_error_matches(worse, MIYIN_REFUSAL, MIYIN_REFUSAL_FORBIDDEN))
		g_propagate_error(error, g_steal_pointer(&worse));
	else if (reason)
		g_propagate_error(error, g_steal_pointer(&reason));
	return last;
}

/* A new PDF of the pages, as Poppler sees them. */
static int repair(int input, GError **error)
{
	const char *const argv[] = { "pdftocairo", "-pdf", "/dev/stdin", "-",
				     NULL };

	return may_be_printed(input, error)
		       ? run("/usr/bin/pdftocairo", argv, input, error)
		       : -1;
}

/* pdftocairo does not ask. */
static gboolean may_be_printed(int input, GError **error)
{
	const char *const argv[] = { "pdfinfo", "/dev/stdin", NULL };
	int answer = run("/usr/bin/pdfinfo", argv, input, error);
	g_autoptr(GBytes) bytes =
		answer < 0 ? NULL : miyin_memfile_map(answer, error);
	gboolean forbidden =
		bytes && memmem(g_bytes_get_data(bytes, NULL),
				g_bytes_get_size(bytes), "(print:no", 9);

	if (answer >= 0)
		close(answer);
	if (forbidden)
		miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_FORBIDDEN));
	return bytes && !forbidden;
}

static int lay_out(int input, const char *first, const char *copies,
		   const miyin_options *options, const char *job,
		   GError **error)
{
	int pdf = run_filter(first, input, copies, options->layout, job,
			     error);

	return pdf < 0 ? -1
		       : run_filter("pdftopdf", pdf, "1", options->layout, job,
				    error);
}

/* CUPS' own texttopdf has no font for Chinese. Pango has; the margins leave
 * room for the marks. */
static int set_text(const miyin_input *input, const miyin_options *options,
		    GError **error)
{
	gboolean letter = g_str_has_prefix(options->page_size, "Letter");
	g_autoptr(GBytes) bytes = miyin_memfile_map(input->fd, error);
	const char *argv[] = { "paps",
			       letter ? "--paper=letter" : "--paper=a4",
			       "--font=Noto Sans Mono CJK SC 10.5",
			       "--top-margin=88",
			       "--bottom-margin=84",
			       "--left-margin=72",
			       "--right-margin=56",
			       "--encoding=UTF-8",
			       NULL };

	if (!bytes)
		return -1;
	if (!g_utf8_validate(g_bytes_get_data(bytes, NULL),
			     g_bytes_get_size(bytes), NULL))
		argv[G_N_ELEMENTS(argv) - 2] = "--encoding=GB18030";
	return run("/usr/bin/paps", argv, input->fd, error);
}

/* The data is named /dev/stdin, so that the filters can seek in it and need
 * no temporary copy on disk. */
static int run_filter(const char *name, int input, const char *copies,
		      const char *options, const char *job, GError **error)
{
	const char *bin = g_getenv("CUPS_SERVERBIN");
	g_autofree char *path = g_build_filename(
		bin ? bin : "/usr/lib/cups", "filter", name, NULL);
	const char *argv[] = { name,   job,	"miyin",      "document",
			       copies, options, "/dev/stdin", NULL };

	return run(path, argv, input, error);
}

static int run(const char *path, const char *const *argv, int input,
	       GError **error)
{
	int fds[3] = { input, -1, -1 };
	int status;

	fds[1] = miyin_memfile_new(argv[0], error);
	fds[2] = miyin_memfile_new("log", error);
	status = fds[1] < 0 || fds[2] < 0 ? -1 : start(path, argv, fds);
	if (status < 0) {
		g_clear_error(error);
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "%s cannot be started.", argv[0]);
		return -1;
	}
	if (status != 0) {
		g_propagate_error(error, explain(fds[2], argv[0], status));
		close(fds[1]);
		fds[1] = -1;
	} else {
		miyin_memfile_rewind(fds[1]);
	}
	close(fds[2]);
	return fds[1];
}

/* Returns the program's status, -1 on failure. */
static int start(const char *path, const char *const *argv, const int fds[3])
{
	pid_t own = getpid(), pid;
	int status = -1, end;

	signal(SIGCHLD, SIG_DFL);	/* ignored, it is never sent */
	pid = fork();
	if (pid == 0)
		keep(own, path, argv, fds);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status))
		return -1;
	end = WEXITSTATUS(status);
	return end > BY_SIGNAL ? W_EXITCODE(0, end - BY_SIGNAL)
			       : W_EXITCODE(end, 0);
}

/*
 * The keeper of a program outlives us by a moment: however we end, it ends the
 * program and those that it started (gs), and removes the folder of their
 * temporary files, which nobody shall find afterwards. Ends as a shell does.
 */
static G_GNUC_NORETURN void keep(pid_t parent, const char *path,
				 const char *const *argv, const int fds[3])
{
	g_autofree char *folder = NULL;
	sigset_t wake, before;
	int status = W_EXITCODE(NOT_STARTED, 0);
	pid_t pid = -1;

	sigemptyset(&wake);
	sigaddset(&wake, SIGCHLD);
	sigaddset(&wake, SIGTERM);
	sigprocmask(SIG_BLOCK, &wake, &before);
	setpgid(0, 0);	/* cupsd signals our whole group */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (getppid() == parent)
		folder = g_dir_make_tmp("miyin-XXXXXX", NULL);
	if (folder)
		pid = fork();
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		become(path, argv, fds, folder);
	}
	if (pid > 0)
		status = wait_for(pid, &wake);
	if (folder)
		remove_folder(folder);
	_exit(WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status)
				  : WEXITSTATUS(status));
}

/* Until its end or ours, then for all that it left behind. */
static int wait_for(pid_t pid, const sigset_t *wake)
{
	struct rusage usage;
	siginfo_t end = { 0 };
	int status, number;

	setpgid(pid, pid);	/* whoever of the two is first */
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
	return is_out_of_time(&usage) ? W_EXITCODE(0, SIGXCPU) : status;
}

/* Or near: the limit counts ticks, which on a busy machine were a tenth more
 * than the time that usage tells. */
static gboolean is_out_of_time(const struct rusage *usage)
{
	const struct timeval *user = &usage->ru_utime;
	const struct timeval *system = &usage->ru_stime;
	struct rlimit own;
	gint64 most_ms;

	getrlimit(RLIMIT_CPU, &own);
	most_ms = (gint64)MIN(own.rlim_cur, CPU_S) * 750;
	return (user->tv_sec + system->tv_sec) * 1000 +
		       (user->tv_usec + system->tv_usec) / 1000 >=
	       most_ms;
}

/* They are our user's programs and not ours: they see three files, the system
 * and a folder. */
static G_GNUC_NORETURN void become(const char *path, const char *const *argv,
				   const int fds[3], const char *folder)
{
	const miyin_sandbox_room room = { folder, g_getenv("PPD") };
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < 3; i++)
		dup2(fds[i], i);
	closefrom(3);
	setpgid(0, 0);
	g_setenv("TMPDIR", folder, TRUE);
	g_setenv("HOME", folder, TRUE);
	miyin_sandbox_limit(CPU_S, MEMORY_BYTES, MIYIN_FRAME_BODY_MAX);
	signal(SIGPIPE, SIG_DFL);
	if (miyin_sandbox_enter(MIYIN_SANDBOX_CONVERT, &room, &error))
		execv(path, (char *const *)argv);
	_exit(NOT_STARTED);
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

/* The programs' own words go to the log as DEBUG, cleaned: a filter's
 * standard error is a control channel of cupsd. */
static GError *explain(int log, const char *program, int status)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(log, NULL);
	g_autofree char *text = NULL;

	if (bytes)
		text = g_strndup(g_bytes_get_data(bytes, NULL),
				 g_bytes_get_size(bytes));
	log_debug(program, text ? text : "");
	if (WIFSIGNALED(status))
		fprintf(stderr, "DEBUG: %s ended with signal %d\n", program,
			WTERMSIG(status));
	if (text && strstr(text, "password"))
		return miyin_refusal_new(MIYIN_REFUSAL_PASSWORD);
	if (text && strstr(text, "unsupported encryption"))
		return miyin_refusal_new(MIYIN_REFUSAL_ENCRYPTED);
	if (text && strstr(text, "Not allowed to print"))
		return miyin_refusal_new(MIYIN_REFUSAL_FORBIDDEN);
	if (miyin_sandbox_is_limit(status, text ? text : ""))
		return miyin_refusal_new(MIYIN_REFUSAL_TOO_LARGE,
					 _("this print server can lay out"));
	/* Not by itself and not by us: by a system that is out of memory. */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return miyin_refusal_new(MIYIN_REFUSAL_SERVER);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED)
		return g_error_new(MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
				   "%s cannot be started.", program);
	return miyin_refusal_new(MIYIN_REFUSAL_DAMAGED);
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

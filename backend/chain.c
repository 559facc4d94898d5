/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain.h"
#include "finaltype.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <miyin/text.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define CUPSFILTER "/usr/sbin/cupsfilter"
#define PDF "application/pdf"
/* pstops takes this one, and nothing makes a PDF of it first. */
#define POSTSCRIPT "application/vnd.adobe-reader-postscript"
#define BY_SIGNAL 128

/* They ask nothing that is not in PPD and MIME files. */
static const miyin_room_limits small = { 20, 60, G_GUINT64_CONSTANT(1) << 30,
					 1 << 20 };

/* These leave a PDF a PDF: all others read its pages. */
static const char plain[] = "pdftopdf pdftopdffx pdftopjlfx";
/* And these would read a PDF after all. */
static const char readers[] = "gstopdf pdftops pdftopdf rastertopdf";

/* The printer's password may be in them. */
static const char *const secret[] = { "DEVICE_URI", "AUTH_USERNAME",
				      "AUTH_PASSWORD", "AUTH_DOMAIN",
				      "AUTH_NEGOTIATE" };

typedef struct {
	const char *type;
} question;

typedef struct {
	const miyin_chain *chain;
	const char *const *argv;
} work;

static int ask(const char *folder, gpointer data)
{
	const question *q = data;
	const char *root = g_getenv("CUPS_SERVERROOT");
	g_autofree char *ppd = g_build_filename(folder, "ppd", NULL);
	g_autofree char *files = g_build_filename(root ? root : "/etc/cups",
						  "cups-files.conf", NULL);

	/* The file that it is asked about need only be there. */
	execl(CUPSFILTER, CUPSFILTER, "--list-filters", "-e", "-c", files, "-p",
	      ppd, "-i", q->type, "-m", "printer/miyin", ppd, NULL);
	return MIYIN_PROCESS_NOT_STARTED;
}

static const char *server_bin(void)
{
	const char *bin = g_getenv("CUPS_SERVERBIN");

	return bin ? bin : "/usr/lib/cups";
}

static char **read_programs(int fd, GError **error)
{
	g_autofree char *text = miyin_memfile_text(fd, G_MAXSIZE, error);
	g_auto(GStrv) lines = NULL;
	g_autoptr(GPtrArray) paths = g_ptr_array_new();

	if (!text)
		return NULL;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		if (**line == '/')
			g_ptr_array_add(paths, g_strdup(*line));
		else if (**line && !g_str_equal(*line, "-"))
			g_ptr_array_add(paths,
					g_build_filename(server_bin(), "filter",
							 *line, NULL));
	g_ptr_array_add(paths, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&paths), FALSE);
}

/* NULL without an error: there is no way. */
static char **find(const char *ppd, const char *type, int stop_fd,
		   GError **error)
{
	question q = { type };
	g_auto(miyin_fd) answer = miyin_memfile_new("chain", error);
	g_auto(miyin_fd) words =
		answer < 0 ? -1 : miyin_memfile_new("words", error);
	g_autoptr(miyin_room) room = NULL;

	if (words >= 0)
		room = miyin_room_start(
			&(const miyin_room_task){
				.kind = MIYIN_ROOM_DRIVER,
				.limits = &small,
				.fds = { STDIN_FILENO, answer, words },
				.file = ppd,
				.func = ask,
				.data = &q,
			},
			error);
	if (room && miyin_room_wait(room, stop_fd) == MIYIN_ROOM_DONE)
		return read_programs(answer, error);
	return NULL;
}

static gboolean is_of(const char *path, const char *names)
{
	g_autofree char *name = g_path_get_basename(path);

	return miyin_text_has_name(names, name);
}

static gboolean all_plain(char *const *programs)
{
	for (; *programs; programs++)
		if (!is_of(*programs, plain))
			return FALSE;
	return TRUE;
}

static const char *find_reader(char *const *programs)
{
	for (; *programs; programs++)
		if (is_of(*programs, readers))
			return *programs;
	return NULL;
}

static void append(char ***programs, const char *folder, const char *name)
{
	guint n = g_strv_length(*programs);

	*programs = g_renew(char *, *programs, n + 2);
	(*programs)[n] = g_build_filename(server_bin(), folder, name, NULL);
	(*programs)[n + 1] = NULL;
}

static gboolean no_way(GError **error)
{
	if (error && !*error)
		miyin_fail(error, MIYIN_ERROR_INPUT,
			   "the driver of this printer takes no marked page "
			   "as it is");
	return FALSE;
}

gboolean miyin_chain_find(const char *ppd, const char *monitor, int stop_fd,
			  miyin_chain *chain, GError **error)
{
	g_auto(GStrv) pdf = find(ppd, PDF, stop_fd, error);
	g_auto(GStrv) postscript = NULL;
	gboolean takes_pdf = pdf && all_plain(pdf);

	if (!takes_pdf && (!error || !*error))
		postscript = find(ppd, POSTSCRIPT, stop_fd, error);
	if (!takes_pdf && (!postscript || find_reader(postscript)))
		return no_way(error);
	chain->takes_pdf = takes_pdf;
	chain->programs = takes_pdf ? g_steal_pointer(&pdf)
				    : g_steal_pointer(&postscript);
	chain->final_type = miyin_finaltype_find(ppd, chain->programs);
	if (monitor)
		append(&chain->programs, "monitor", monitor);
	return TRUE;
}

void miyin_chain_clear(miyin_chain *chain)
{
	g_strfreev(chain->programs);
	g_free(chain->final_type);
	*chain = (miyin_chain){ NULL, FALSE, NULL };
}

static void set_environment(const miyin_chain *chain, const char *folder)
{
	g_autofree char *ppd = g_build_filename(folder, "ppd", NULL);

	g_setenv("PPD", ppd, TRUE);
	g_setenv("HOME", folder, TRUE);
	g_setenv("CONTENT_TYPE", chain->takes_pdf ? PDF : POSTSCRIPT, TRUE);
	g_setenv("FINAL_CONTENT_TYPE", chain->final_type, TRUE);
	for (unsigned i = 0; i < G_N_ELEMENTS(secret); i++)
		g_unsetenv(secret[i]);
}

static pid_t start(const char *path, const char *const *argv, int from, int to)
{
	const miyin_process process = {
		.path = path,
		.argv = argv,
		.fds = { from, to, STDERR_FILENO },
		.n_fds = 3,
	};

	return miyin_process_start(&process);
}

/* Of all, the first one in the chain that failed: who writes to it fails
 * after it. */
static int wait_all(const pid_t *pids, unsigned n)
{
	int first = 0;

	for (unsigned i = 0; i < n; i++) {
		int status = miyin_process_wait(pids[i]);
		int end = WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status)
					      : WEXITSTATUS(status);

		if (end != 0)
			fprintf(stderr, "DEBUG: Filter %u ended with %d.\n",
				i + 1, end);
		if (end != 0 && (first == 0 || first == BY_SIGNAL + SIGPIPE))
			first = end;
	}
	return first;
}

static int run_all(const char *folder, gpointer data)
{
	const work *w = data;
	char *const *programs = w->chain->programs;
	unsigned n = g_strv_length((char **)programs);
	g_autofree pid_t *pids = g_new0(pid_t, n + 1);
	int from = dup(STDIN_FILENO);

	set_environment(w->chain, folder);
	for (unsigned i = 0; i < n; i++) {
		int next[2] = { -1, STDOUT_FILENO };

		if (i + 1 < n && pipe(next) != 0)
			return MIYIN_PROCESS_NOT_STARTED;
		pids[i] = start(programs[i], w->argv, from, next[1]);
		close(from);
		if (i + 1 < n)
			close(next[1]);
		from = next[0];
	}
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	return wait_all(pids, n);
}

miyin_room *miyin_chain_start(const miyin_chain *chain, const char *ppd,
			      const char *const *argv, const int fds[3],
			      const miyin_room_limits *limits, GError **error)
{
	work w = { chain, argv };
	const miyin_room_task task = {
		.kind = MIYIN_ROOM_DRIVER,
		.limits = limits,
		.fds = { fds[0], fds[1], fds[2] },
		.file = ppd,
		.func = run_all,
		.data = &w,
	};

	return miyin_room_start(&task, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/press.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include <miyin/sheets.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_FDS 5			/* miyinmark's 0 to 4 */
#define FIRST_FREE_FD 10
#define CPU_S 600
/* The shadow memory of AddressSanitizer is larger than any limit. */
#ifdef __SANITIZE_ADDRESS__
#define MEMORY_BYTES RLIM_INFINITY
#else
#define MEMORY_BYTES (G_GUINT64_CONSTANT(4) << 30)
#endif

static gboolean run(const char *program_dir, const char *step,
		    const int fds[N_FDS], GError **error);
static G_GNUC_NORETURN void become(const char *program_dir, const char *step,
				   const int fds[N_FDS]);
static gboolean explain(const char *step, int log, int status, GError **error);
static gboolean count_pages(miyin_prepared *prepared, GError **error);
static int write_order(const miyin_order *order, GError **error);
static gboolean read_inspection(int answer, miyin_body body,
				miyin_prepared *prepared, GError **error);

miyin_prepared *miyin_press_prepare(const char *program_dir, int pdf_fd,
				    GError **error)
{
	g_autoptr(miyin_prepared) prepared = g_new0(miyin_prepared, 1);

	prepared->base_fd = miyin_memfile_new("base", error);
	prepared->sheets_fd = miyin_memfile_new("sheets", error);
	if (prepared->base_fd < 0 || prepared->sheets_fd < 0 ||
	    !run(program_dir, "prepare",
		 (int[N_FDS]){ pdf_fd, prepared->base_fd, -1,
			       prepared->sheets_fd, -1 }, error) ||
	    !count_pages(prepared, error))
		return NULL;
	return g_steal_pointer(&prepared);
}

gboolean miyin_press_inspect(const char *program_dir, int pdf_fd,
			     miyin_prepared *prepared,
			     const miyin_order *order, miyin_body body,
			     GError **error)
{
	int order_fd = write_order(order, error);
	int answer = miyin_memfile_new("answer", error);
	gboolean ok = order_fd >= 0 && answer >= 0 &&
		      run(program_dir, "inspect",
			  (int[N_FDS]){ pdf_fd, answer, -1,
					prepared->sheets_fd, order_fd },
			  error) &&
		      read_inspection(answer, body, prepared, error);

	if (order_fd >= 0)
		close(order_fd);
	if (answer >= 0)
		close(answer);
	return ok;
}

void miyin_prepared_free(miyin_prepared *prepared)
{
	if (!prepared)
		return;
	if (prepared->base_fd >= 0)
		close(prepared->base_fd);
	if (prepared->sheets_fd >= 0)
		close(prepared->sheets_fd);
	g_free(prepared->declared);
	g_free(prepared);
}

int miyin_press_copy(const char *program_dir, const miyin_prepared *prepared,
		     const miyin_order *order, miyin_verify verify,
		     GError **error)
{
	int order_fd = write_order(order, error);
	int copy_fd = miyin_memfile_new("copy", error);
	gboolean ok = order_fd >= 0 && copy_fd >= 0;

	ok = ok &&
	     run(program_dir, "stamp",
		 (int[N_FDS]){ prepared->base_fd, copy_fd, -1,
			       prepared->sheets_fd, order_fd }, error) &&
	     (verify == MIYIN_VERIFY_STRUCTURAL ||
	      run(program_dir, "verify",
		  (int[N_FDS]){ copy_fd, -1, -1, prepared->sheets_fd,
				order_fd }, error));
	if (order_fd >= 0)
		close(order_fd);
	if (!ok && copy_fd >= 0) {
		close(copy_fd);
		copy_fd = -1;
	}
	if (ok)
		miyin_memfile_rewind(copy_fd);
	return copy_fd;
}

static gboolean run(const char *program_dir, const char *step,
		    const int fds[N_FDS], GError **error)
{
	int log = miyin_memfile_new("log", error);
	int given[N_FDS], status;
	gboolean ok;
	pid_t pid;

	if (log < 0)
		return FALSE;
	memcpy(given, fds, sizeof(given));
	given[2] = log;
	pid = fork();
	if (pid == 0)
		become(program_dir, step, given);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "miyinmark cannot be started: %s",
			    g_strerror(errno));
		ok = FALSE;
	} else {
		ok = status == 0 || explain(step, log, status, error);
	}
	close(log);
	return ok;
}

/* It gets its files, a bare environment and a limit on all it could eat. */
static G_GNUC_NORETURN void become(const char *program_dir, const char *step,
				   const int fds[N_FDS])
{
	g_autofree char *path = g_build_filename(program_dir, "miyinmark",
						 NULL);
	char *const argv[] = { (char *)"miyinmark", (char *)step, NULL };
	char *const environment[] = { (char *)"PATH=/usr/bin:/bin",
				      (char *)"LANG=C.UTF-8",
				      (char *)"HOME=/nonexistent", NULL };
	const struct rlimit cpu = { CPU_S, CPU_S };
	const struct rlimit memory = { MEMORY_BYTES, MEMORY_BYTES };
	const struct rlimit core = { 0, 0 };
	int high[N_FDS];

	for (int i = 0; i < N_FDS; i++)
		high[i] = fds[i] < 0 ? -1
				     : fcntl(fds[i], F_DUPFD, FIRST_FREE_FD);
	for (int i = 0; i < N_FDS; i++) {
		if (high[i] < 0) {
			close(i);
			continue;
		}
		dup2(high[i], i);
		lseek(i, 0, SEEK_SET);
	}
	closefrom(N_FDS);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CORE, &core);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	execve(path, argv, environment);
	_exit(127);
}

/* Its last line names the refusal and the arguments of its sentence. */
static gboolean explain(const char *step, int log, int status, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(log, NULL);
	g_autofree char *text =
		bytes ? g_strndup(g_bytes_get_data(bytes, NULL),
				  g_bytes_get_size(bytes))
		      : g_strdup("");
	g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
	unsigned n = g_strv_length(lines);
	g_auto(GStrv) words =
		g_strsplit(n > 0 ? lines[n - 1] : "", "\t", -1);
	int refusal = words[0] ? miyin_refusal_find(words[0]) : -1;

	if (refusal >= 0)
		return miyin_refuse(
			error, miyin_refusal_new_list(refusal, words + 1));
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
		    "miyinmark %s ended with status %d: %s", step, status,
		    n > 0 ? lines[n - 1] : "");
	return FALSE;
}

static gboolean count_pages(miyin_prepared *prepared, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(prepared->sheets_fd,
						    error);
	g_autoptr(miyin_sheets) sheets =
		bytes ? miyin_sheets_parse(g_bytes_get_data(bytes, NULL),
					   g_bytes_get_size(bytes), error)
		      : NULL;

	if (!sheets)
		return FALSE;
	prepared->n_pages = sheets->pages->len;
	return TRUE;
}

static int write_order(const miyin_order *order, GError **error)
{
	g_autofree char *text = miyin_order_format(order);
	int fd = miyin_memfile_new("order", error);

	if (fd >= 0 && !miyin_memfile_write(fd, text, strlen(text), error)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* "touched 0.8054" or "clear 0.8054", and the id of a level if one was seen */
static gboolean read_inspection(int answer, miyin_body body,
				miyin_prepared *prepared, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(answer, error);
	g_autofree char *text = NULL;
	g_auto(GStrv) words = NULL;

	if (!bytes)
		return FALSE;
	text = g_strndup(g_bytes_get_data(bytes, NULL),
			 g_bytes_get_size(bytes));
	words = g_strsplit(g_strchomp(text), " ", 3);
	if (g_strv_length(words) < 2) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "miyinmark inspect said nothing.");
		return FALSE;
	}
	prepared->fit = body == MIYIN_BODY_FIT ||
			(body == MIYIN_BODY_AUTO &&
			 !g_str_equal(words[0], "clear"));
	prepared->scale = prepared->fit ? g_ascii_strtod(words[1], NULL) : 1;
	g_free(prepared->declared);
	prepared->declared = g_strdup(words[2]);
	return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/press.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/sheets.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_FDS 5			/* miyinmark's 0 to 4 */
#define FIRST_FREE_FD 10
#define CPU_S 600
#define MEMORY_BYTES (G_GUINT64_CONSTANT(4) << 30)
#define SAMPLE_SHARE 5		/* one in so many of the pages in between */
#define VERIFIERS_MAX 8		/* a page takes some 100 MB of memory */
#define VERIFIER_PAGES 4	/* for fewer no process more is worth its start */

typedef struct {
	pid_t pid;
	int log;
} process;

static gboolean random_below(unsigned n, unsigned *number, GError **error);
static gboolean verify_pages(const char *program_dir, const int fds[N_FDS],
			     const GArray *pages, GError **error);
static gboolean start_verifier(const char *program_dir, const int fds[N_FDS],
			       const unsigned *pages, unsigned n_pages,
			       process *verifier, GError **error);
static gboolean run(const char *program_dir, const char *step,
		    const int fds[N_FDS], GError **error);
static gboolean start(const char *program_dir, const char *step,
		      const int fds[N_FDS], process *child, GError **error);
static gboolean finish(process *child, const char *step, GError **error);
static G_GNUC_NORETURN void become(const char *program_dir, const char *step,
				   const int fds[N_FDS]);
static gboolean explain(const char *step, int log, int status, GError **error);
static gboolean count_pages(miyin_prepared *prepared, GError **error);
static int write_order(const miyin_order *order, GError **error);
static int write_text(const char *name, const char *text, GError **error);
static gboolean flatten(const char *program_dir, int pdf_fd,
			miyin_prepared *prepared, GError **error);
static char *read_answer(int answer, GError **error);
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
		      read_inspection(answer, body, prepared, error) &&
		      (body != MIYIN_BODY_RASTER ||
		       flatten(program_dir, pdf_fd, prepared, error));

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

GArray *miyin_press_choose(miyin_verify verify, unsigned n_pages,
			   GError **error)
{
	g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(unsigned));
	unsigned left = n_pages > 2 ? n_pages - 2 : 0;
	unsigned wanted = (left + SAMPLE_SHARE - 1) / SAMPLE_SHARE;

	for (unsigned i = 1;
	     i <= n_pages && verify != MIYIN_VERIFY_STRUCTURAL; i++) {
		gboolean take = verify == MIYIN_VERIFY_EVERY_PAGE || i == 1 ||
				i == n_pages;
		unsigned number;

		if (!take) {
			if (!random_below(left--, &number, error))
				return NULL;
			take = number < wanted;
			wanted -= take ? 1 : 0;
		}
		if (take)
			g_array_append_val(pages, i);
	}
	return g_steal_pointer(&pages);
}

int miyin_press_copy(const char *program_dir, const miyin_prepared *prepared,
		     const miyin_order *order, miyin_verify verify,
		     unsigned *n_verified, GError **error)
{
	g_autoptr(GArray) pages =
		miyin_press_choose(verify, order->n_pages, error);
	int order_fd = pages ? write_order(order, error) : -1;
	int copy_fd = order_fd >= 0 ? miyin_memfile_new("copy", error) : -1;
	gboolean ok = copy_fd >= 0;

	ok = ok &&
	     run(program_dir, "stamp",
		 (int[N_FDS]){ prepared->base_fd, copy_fd, -1,
			       prepared->sheets_fd, order_fd }, error) &&
	     verify_pages(program_dir,
			  (int[N_FDS]){ copy_fd, -1, -1, prepared->sheets_fd,
					order_fd }, pages, error);
	if (order_fd >= 0)
		close(order_fd);
	if (!ok && copy_fd >= 0) {
		close(copy_fd);
		copy_fd = -1;
	}
	if (ok) {
		miyin_memfile_rewind(copy_fd);
		if (n_verified)
			*n_verified = pages->len;
	}
	return copy_fd;
}

int miyin_press_form(const char *program_dir, const miyin_form *form,
		     GError **error)
{
	g_autofree char *text = miyin_form_format(form);
	int form_fd = write_text("form", text, error);
	int pdf_fd = miyin_memfile_new("document", error);
	gboolean ok = form_fd >= 0 && pdf_fd >= 0 &&
		      run(program_dir, "form",
			  (int[N_FDS]){ form_fd, pdf_fd, -1, -1, -1 }, error);

	if (form_fd >= 0)
		close(form_fd);
	if (!ok && pdf_fd >= 0) {
		close(pdf_fd);
		pdf_fd = -1;
	}
	return pdf_fd;
}

char *miyin_press_find_missing(const char *program_dir,
			       const miyin_composition *composition,
			       GError **error)
{
	g_autoptr(miyin_order) order =
		miyin_compose(composition, NULL, error);
	int order_fd = order ? write_order(order, error) : -1;
	int answer = miyin_memfile_new("answer", error);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GString) missing = g_string_new(NULL);

	if (order_fd >= 0 && answer >= 0 &&
	    run(program_dir, "glyphs",
		(int[N_FDS]){ -1, answer, -1, -1, order_fd }, error))
		bytes = miyin_memfile_map(answer, error);
	if (order_fd >= 0)
		close(order_fd);
	if (answer >= 0)
		close(answer);
	/* No bytes are NULL and not "". */
	if (bytes)
		g_string_append_len(missing, g_bytes_get_data(bytes, NULL),
				    g_bytes_get_size(bytes));
	return bytes ? g_strdup(missing->str) : NULL;
}

char *miyin_press_find_missing_of_scheme(const char *program_dir,
					 const miyin_scheme *scheme,
					 GError **error)
{
	GString *all = g_string_new(NULL);

	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];
		g_autofree char *mark =
			miyin_level_format_mark(level, level->period);
		const miyin_composition composition = {
			.scheme = scheme,
			.level = level,
			/* A line without a word would be left out. */
			.words = { .mark = mark, .level = level->text,
				   .period = level->period, .serial = "0",
				   .holder = "0", .date = "0", .document = "0",
				   .title = "0", .unit = "0", .user = "0",
				   .original = "0", .approver = "0",
				   .scope = "0" },
			.reprint = TRUE,
		};
		g_autofree char *missing = miyin_press_find_missing(
			program_dir, &composition, error);

		if (!missing) {
			g_string_free(all, TRUE);
			return NULL;
		}
		for (const char *at = missing; *at; at = g_utf8_next_char(at))
			if (g_utf8_strchr(all->str, -1, g_utf8_get_char(at)) ==
			    NULL)
				g_string_append_unichar(all,
							g_utf8_get_char(at));
	}
	return g_string_free(all, FALSE);
}

/* Not to be foretold: who can choose the page that he tampers with would
 * choose one that is not looked at. */
static gboolean random_below(unsigned n, unsigned *number, GError **error)
{
	guint64 random;

	if (RAND_bytes((unsigned char *)&random, sizeof(random)) != 1) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "No random numbers to choose pages.");
		return FALSE;
	}
	*number = random % n;
	return TRUE;
}

/* Each verifier has its part of the pages, in order: the first one that
 * complains names the same page as one verifier of all would. */
static gboolean verify_pages(const char *program_dir, const int fds[N_FDS],
			     const GArray *pages, GError **error)
{
	unsigned n = MIN(MIN(g_get_num_processors(), VERIFIERS_MAX),
			 (pages->len + VERIFIER_PAGES - 1) / VERIFIER_PAGES);
	process verifiers[VERIFIERS_MAX];
	unsigned n_started = 0;
	gboolean ok = TRUE;

	for (unsigned i = 0; i < n && ok; i++) {
		unsigned from = pages->len * i / n;
		unsigned to = pages->len * (i + 1) / n;

		ok = start_verifier(program_dir, fds,
				    &g_array_index(pages, unsigned, from),
				    to - from, &verifiers[i], error);
		n_started += ok ? 1 : 0;
	}
	for (unsigned i = 0; i < n_started; i++)
		if (!finish(&verifiers[i], "verify", ok ? error : NULL))
			ok = FALSE;
	return ok;
}

static gboolean start_verifier(const char *program_dir, const int fds[N_FDS],
			       const unsigned *pages, unsigned n_pages,
			       process *verifier, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int given[N_FDS], list = miyin_memfile_new("pages", error);
	gboolean ok;

	if (list < 0)
		return FALSE;
	for (unsigned i = 0; i < n_pages; i++)
		g_string_append_printf(text, "%u\n", pages[i]);
	memcpy(given, fds, sizeof(given));
	given[1] = list;
	ok = miyin_memfile_write(list, text->str, text->len, error) &&
	     start(program_dir, "verify", given, verifier, error);
	close(list);
	return ok;
}

static gboolean run(const char *program_dir, const char *step,
		    const int fds[N_FDS], GError **error)
{
	process child;

	return start(program_dir, step, fds, &child, error) &&
	       finish(&child, step, error);
}

static gboolean start(const char *program_dir, const char *step,
		      const int fds[N_FDS], process *child, GError **error)
{
	int log = miyin_memfile_new("log", error);
	int given[N_FDS];
	pid_t pid;

	if (log < 0)
		return FALSE;
	memcpy(given, fds, sizeof(given));
	given[2] = log;
	pid = fork();
	if (pid == 0)
		become(program_dir, step, given);
	if (pid < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "miyinmark cannot be started: %s",
			    g_strerror(errno));
		close(log);
		return FALSE;
	}
	*child = (process){ pid, log };
	return TRUE;
}

static gboolean finish(process *child, const char *step, GError **error)
{
	int status;
	gboolean ok;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	ok = status == 0 || explain(step, child->log, status, error);
	close(child->log);
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
	miyin_sandbox_limit(CPU_S, MEMORY_BYTES, RLIM_INFINITY);
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
		bytes && g_bytes_get_size(bytes) > 0
			? g_strndup(g_bytes_get_data(bytes, NULL),
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
	const miyin_sheet *first;

	if (!sheets)
		return FALSE;
	first = &g_array_index(sheets->pages, miyin_sheet, 0);
	prepared->n_pages = sheets->pages->len;
	prepared->width_pt = first->width_pt;
	prepared->height_pt = first->height_pt;
	return TRUE;
}

static int write_order(const miyin_order *order, GError **error)
{
	g_autofree char *text = miyin_order_format(order);

	return write_text("order", text, error);
}

static int write_text(const char *name, const char *text, GError **error)
{
	int fd = miyin_memfile_new(name, error);

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
	g_autofree char *text = read_answer(answer, error);
	g_auto(GStrv) words = NULL;

	if (!text)
		return FALSE;
	words = g_strsplit(text, " ", 3);
	if (g_strv_length(words) < 2) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "miyinmark inspect said nothing.");
		return FALSE;
	}
	prepared->fit = body == MIYIN_BODY_FIT ||
			(body != MIYIN_BODY_KEEP &&
			 !g_str_equal(words[0], "clear"));
	prepared->scale = prepared->fit ? g_ascii_strtod(words[1], NULL) : 1;
	g_free(prepared->declared);
	prepared->declared = g_strdup(words[2]);
	return TRUE;
}

/* Pictures in the place of what the user sent. */
static gboolean flatten(const char *program_dir, int pdf_fd,
			miyin_prepared *prepared, GError **error)
{
	int base = miyin_memfile_new("base", error);
	int answer = base < 0 ? -1 : miyin_memfile_new("answer", error);
	g_autofree char *text = NULL;
	gboolean ok = answer >= 0 &&
		      run(program_dir, "raster",
			  (int[N_FDS]){ pdf_fd, base, -1, prepared->sheets_fd,
					answer }, error);

	if (ok)
		text = read_answer(answer, error);
	if (text) {
		int of_document = prepared->base_fd;

		prepared->base_fd = base;
		prepared->dpi = strtoul(text, NULL, 10);
		base = of_document;
	}
	if (answer >= 0)
		close(answer);
	if (base >= 0)
		close(base);
	return text != NULL;
}

static char *read_answer(int answer, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(answer, error);

	return bytes ? g_strchomp(g_strndup(g_bytes_get_data(bytes, NULL),
					    g_bytes_get_size(bytes)))
		     : NULL;
}

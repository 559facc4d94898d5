/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/press.h>
#include <miyin/childwait.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/payload.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/sheets.h>
#include <miyin/text.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
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
/* Libraries and fonts, which are mapped and no job's. */
#define PROGRAM_BYTES (G_GUINT64_CONSTANT(512) << 20)
#define GRACE_S 5 /* after its own alarm, which it may not hear */
/* What a step may say at most. It has parsed the user's file: what it says is
 * that file's word as long as nobody has looked at it. */
#define ANSWER_MAX 4096
#define SHEETS_MAX (300 * (MIYIN_PAGES_MAX + 1))
#define WORDS_MAX 8
#define WORD_MAX 200
#define DPI_MAX 2400
#define SAMPLE_SHARE 5 /* one in so many of the pages in between */
#define VERIFIERS_MAX 8
#define VERIFIER_MIB 256 /* a page takes some 100 MB of memory */
#define VERIFIER_PAGES 4 /* for fewer no process more is worth its start */

typedef struct {
	pid_t pid;
	int log;
} process;

/* Of the job that this process prints. */
static struct {
	const volatile sig_atomic_t *stop;
	const miyin_budget *budget;
	gint64 end_us;
} bound;

static gboolean start(const char *program_dir, const char *step,
		      const int fds[N_FDS], unsigned n_beside, process *child,
		      GError **error);

void miyin_press_set_stop(const volatile sig_atomic_t *stop)
{
	bound.stop = stop;
}

void miyin_press_set_budget(const miyin_budget *budget)
{
	bound.budget = budget;
	if (budget)
		bound.end_us = g_get_monotonic_time() +
			       (gint64)budget->seconds * G_USEC_PER_SEC;
}

/* What a step may have while as many as it, itself too, are at work. */
static guint64 memory_bytes(unsigned n_beside)
{
	guint64 job = bound.budget ? (guint64)bound.budget->memory_mib << 20
				   : MEMORY_BYTES;

	return MIN(job / n_beside + PROGRAM_BYTES, MEMORY_BYTES);
}

static gboolean is_stopped(void)
{
	return bound.stop && *bound.stop;
}

/* Of the budget. */
static unsigned left_s(void)
{
	gint64 left_us = bound.end_us - g_get_monotonic_time();

	if (!bound.budget)
		return G_MAXUINT;
	return left_us <= 0 ? 0 : (unsigned)(left_us / G_USEC_PER_SEC) + 1;
}

/* When nothing is left of it. */
static gboolean refuse_budget(miyin_budget_part part, GError **error)
{
	if (error)
		*error = miyin_budget_refusal(bound.budget, part);
	return FALSE;
}

static gboolean may_start(const char *step, GError **error)
{
	if (is_stopped()) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("The job was ended before %s."), step);
		return FALSE;
	}
	return left_s() > 0 || refuse_budget(MIYIN_BUDGET_SECONDS, error);
}

/* It gets its files, a bare environment and a limit on all it could eat. */
static G_GNUC_NORETURN void become(const char *program_dir, const char *step,
				   const int fds[N_FDS], guint64 memory)
{
	const char *program = g_str_equal(step, "read") ? "miyinread"
							: "miyinmark";
	g_autofree char *path = g_build_filename(program_dir, program, NULL);
	char *const argv[] = { (char *)program, (char *)step, NULL };
	char *const environment[] = { (char *)"PATH=/usr/bin:/bin",
				      (char *)"LANG=C.UTF-8",
				      (char *)"OMP_THREAD_LIMIT=1",
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
	miyin_sandbox_limit(CPU_S, memory, MEMORY_BYTES);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	execve(path, argv, environment);
	_exit(127);
}

static gboolean start(const char *program_dir, const char *step,
		      const int fds[N_FDS], unsigned n_beside, process *child,
		      GError **error)
{
	int given[N_FDS], log;
	pid_t pid;

	if (!may_start(step, error))
		return FALSE;
	log = miyin_memfile_new("log", error);
	if (log < 0)
		return FALSE;
	memcpy(given, fds, sizeof(given));
	given[2] = log;
	pid = fork();
	if (pid == 0)
		become(program_dir, step, given, memory_bytes(n_beside));
	if (pid < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("miyinmark cannot be started: %s"),
			    g_strerror(errno));
		close(log);
		return FALSE;
	}
	*child = (process){ pid, log };
	return TRUE;
}

/* It ends by itself at twice its time; one that is stopped does not. */
static unsigned clock_limit_s(void)
{
	struct rlimit cpu = { CPU_S, CPU_S };

	getrlimit(RLIMIT_CPU, &cpu);
	return MIN(2 * MIN(cpu.rlim_cur, CPU_S) + GRACE_S, left_s());
}

static gboolean may_say(int refusal)
{
	static const miyin_refusal said[] = {
		MIYIN_REFUSAL_PASSWORD,	      MIYIN_REFUSAL_NO_PAGES,
		MIYIN_REFUSAL_TOO_MANY_PAGES, MIYIN_REFUSAL_TOO_LARGE,
		MIYIN_REFUSAL_PAGE_TOO_SMALL, MIYIN_REFUSAL_BAD_GLYPH,
		MIYIN_REFUSAL_MARK_TOO_LONG,  MIYIN_REFUSAL_DAMAGED,
		MIYIN_REFUSAL_NOT_MARKED,
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(said); i++)
		if (refusal == (int)said[i])
			return TRUE;
	return FALSE;
}

/* What a step wrote, if it is not longer than its like. */
static GBytes *read_said(int fd, gsize max, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(fd, error);

	if (!bytes || g_bytes_get_size(bytes) <= max)
		return g_steal_pointer(&bytes);
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
		    _("miyinmark said too much."));
	return NULL;
}

/* Its last line names the refusal and the arguments of its sentence. They go
 * to the user and into logs: short and clean, and only refusals that are a
 * step's to make. */
static gboolean explain(const char *step, int log, int status, GError **error)
{
	g_autoptr(GBytes) bytes = read_said(log, ANSWER_MAX, NULL);
	g_autofree char *text =
		bytes ? g_strndup(g_bytes_get_data(bytes, NULL),
				  g_bytes_get_size(bytes))
		      : g_strdup("");
	g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
	unsigned n = g_strv_length(lines);
	g_auto(GStrv) words = g_strsplit(n > 0 ? lines[n - 1] : "", "\t",
					 WORDS_MAX);
	int refusal = words[0] ? miyin_refusal_find(words[0]) : -1;
	g_autofree char *last = NULL;

	for (unsigned i = 0; words[i]; i++) {
		char *clean = miyin_text_clean(words[i], WORD_MAX);

		g_free(words[i]);
		words[i] = clean;
	}
	if (may_say(refusal))
		return miyin_refuse(error,
				    miyin_refusal_new_list(refusal, words + 1));
	/* By its words: of memory. */
	if (bound.budget && miyin_sandbox_is_limit(0, text))
		return refuse_budget(MIYIN_BUDGET_MEMORY, error);
	if (miyin_sandbox_is_limit(status, text))
		return miyin_refuse(
			error,
			miyin_refusal_new(MIYIN_REFUSAL_TOO_LARGE,
					  _("this print server can lay out")));
	last = g_strjoinv(" ", words);
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
		    _("miyinmark %s ended with status %d: %s"), step, status,
		    last);
	return FALSE;
}

static gboolean finish(process *child, const char *step, GError **error)
{
	int status;
	gboolean in_time =
		miyin_childwait(child->pid, clock_limit_s(), &status);
	gboolean ok;

	if (in_time)
		ok = status == 0 || explain(step, child->log, status, error);
	else if (left_s() == 0)
		ok = refuse_budget(MIYIN_BUDGET_SECONDS, error);
	else
		ok = miyin_refuse(
			error, miyin_refusal_new(MIYIN_REFUSAL_TIMEOUT, step));

	close(child->log);
	return ok;
}

static gboolean run(const char *program_dir, const char *step,
		    const int fds[N_FDS], GError **error)
{
	process child;

	return start(program_dir, step, fds, 1, &child, error) &&
	       finish(&child, step, error);
}

static gboolean read_pages(miyin_prepared *prepared, GError **error)
{
	g_autoptr(GBytes) bytes =
		read_said(prepared->sheets_fd, SHEETS_MAX, error);
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

miyin_prepared *miyin_press_prepare(const char *program_dir, int pdf_fd,
				    GError **error)
{
	g_autoptr(miyin_prepared) prepared = g_new0(miyin_prepared, 1);

	prepared->plain_fd = prepared->sent_fd = prepared->sheets_fd = -1;
	prepared->base_fd = miyin_memfile_new("base", error);
	if (prepared->base_fd >= 0)
		prepared->sheets_fd = miyin_memfile_new("sheets", error);
	if (prepared->sheets_fd >= 0)
		prepared->plain_fd = miyin_memfile_new("plain", error);
	if (prepared->plain_fd < 0 ||
	    !run(program_dir, "prepare",
		 (int[N_FDS]){ pdf_fd, prepared->base_fd, -1,
			       prepared->sheets_fd, prepared->plain_fd },
		 error) ||
	    !read_pages(prepared, error) ||
	    !miyin_memfile_seal(prepared->base_fd, error) ||
	    !miyin_memfile_seal(prepared->plain_fd, error))
		return NULL;
	return g_steal_pointer(&prepared);
}

static gboolean said_nonsense(const char *step, GError **error)
{
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
		    _("miyinmark %s gave an answer that is none."), step);
	return FALSE;
}

static int write_order(const miyin_order *order, GError **error)
{
	g_autofree char *text = miyin_order_format(order);

	return miyin_memfile_new_text("order", text, error);
}

static gboolean is_level(const miyin_order *order, const char *id)
{
	for (unsigned i = 0; i < order->n_levels; i++)
		if (g_str_equal(order->levels[i].id, id))
			return TRUE;
	return FALSE;
}

static char *read_answer(const char *step, int answer, GError **error)
{
	g_autoptr(GBytes) bytes = read_said(answer, ANSWER_MAX, error);
	gsize length;
	const char *text;

	if (!bytes)
		return NULL;
	text = g_bytes_get_data(bytes, &length);
	if (length == 0 || memchr(text, '\0', length)) {
		said_nonsense(step, error);
		return NULL;
	}
	return g_strchomp(g_strndup(text, length));
}

/* "moved 0.8054" or "kept 1.0000", and the id of a level if one was seen */
static gboolean read_inspection(int answer, const miyin_order *order,
				miyin_prepared *prepared, GError **error)
{
	g_autofree char *text = read_answer("inspect", answer, error);
	g_auto(GStrv) words = NULL;
	gboolean moved;
	double scale;
	char *end;

	if (!text)
		return FALSE;
	words = g_strsplit(text, " ", 4);
	if (g_strv_length(words) < 2 || g_strv_length(words) > 3)
		return said_nonsense("inspect", error);
	moved = g_str_equal(words[0], "moved");
	scale = g_ascii_strtod(words[1], &end);
	if ((!moved && !g_str_equal(words[0], "kept")) || *end ||
	    !(scale > 0.01 && scale <= 1) ||
	    (words[2] && !is_level(order, words[2])))
		return said_nonsense("inspect", error);
	prepared->moved = moved;
	prepared->scale = scale;
	g_free(prepared->declared);
	prepared->declared = g_strdup(words[2]);
	return TRUE;
}

/* Pictures in the place of what the user sent. */
static gboolean flatten(const char *program_dir, miyin_prepared *prepared,
			GError **error)
{
	int base = miyin_memfile_new("base", error);
	int answer = base < 0 ? -1 : miyin_memfile_new("answer", error);
	g_autofree char *text = NULL;
	guint64 dpi = 0;
	gboolean ok =
		answer >= 0 && run(program_dir, "raster",
				   (int[N_FDS]){ prepared->plain_fd, base, -1,
						 prepared->sheets_fd, answer },
				   error);

	if (ok)
		text = read_answer("raster", answer, error);
	if (text && (!g_ascii_string_to_unsigned(text, 10, 1, DPI_MAX, &dpi,
						 NULL) ||
		     !miyin_memfile_seal(base, NULL))) {
		g_clear_pointer(&text, g_free);
		said_nonsense("raster", error);
	}
	if (text) {
		int of_document = prepared->base_fd;

		prepared->base_fd = base;
		prepared->dpi = dpi;
		base = of_document;
	}
	if (answer >= 0)
		close(answer);
	if (base >= 0)
		close(base);
	return text != NULL;
}

gboolean miyin_press_inspect(const char *program_dir, miyin_prepared *prepared,
			     const miyin_order *order, GError **error)
{
	unsigned n_pages = prepared->n_pages;
	int order_fd = -1, answer = -1;
	gboolean ok;

	/* A copy's pages have numbers of 10 bits, its cover too. */
	if (n_pages + (order->cover ? 1 : 0) > MIYIN_PAGES_MAX) {
		g_autofree char *many = g_strdup_printf("%u", n_pages + 1);

		return miyin_refuse(
			error,
			miyin_refusal_new(MIYIN_REFUSAL_TOO_MANY_PAGES, many,
					  G_STRINGIFY(MIYIN_PAGES_MAX)));
	}
	order_fd = write_order(order, error);
	answer = order_fd >= 0 ? miyin_memfile_new("answer", error) : -1;
	ok = order_fd >= 0 && answer >= 0 &&
	     run(program_dir, "inspect",
		 (int[N_FDS]){ prepared->plain_fd, answer, -1,
			       prepared->sheets_fd, order_fd },
		 error) &&
	     read_inspection(answer, order, prepared, error) &&
	     (order->body != MIYIN_BODY_RASTER ||
	      flatten(program_dir, prepared, error)) &&
	     read_pages(prepared, error) &&
	     (prepared->n_pages == n_pages ||
	      said_nonsense("inspect", error)) &&
	     miyin_memfile_seal(prepared->sheets_fd, error);

	if (order_fd >= 0)
		close(order_fd);
	if (answer >= 0)
		close(answer);
	return ok;
}

static gboolean is_hash(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static gboolean hash_operators(const char *program_dir, int source_fd,
			       int pdf_fd, miyin_prepared *prepared,
			       GError **error)
{
	int answer = miyin_memfile_new("identity", error);
	int plain = answer < 0 ? -1 : miyin_memfile_new("sent", error);
	g_autofree char *text = NULL;
	gboolean ok;

	ok = plain >= 0 && run(program_dir, "identity",
			       (int[N_FDS]){ source_fd < 0 ? pdf_fd : source_fd,
					     answer, -1, -1, plain },
			       source_fd < 0 ? error : NULL);
	if (ok)
		text = read_answer("identity", answer, error);
	if (answer >= 0)
		close(answer);
	if (source_fd >= 0 && text && miyin_memfile_seal(plain, NULL))
		prepared->sent_fd = plain;
	else if (plain >= 0)
		close(plain);
	if (plain >= 0 && !ok && source_fd >= 0 && may_start("identity", NULL))
		return hash_operators(program_dir, -1, pdf_fd, prepared, error);
	/* The first try gave no reason. */
	if (!text && error && !*error)
		return may_start("identity", error);
	if (!text)
		return FALSE;
	if (!is_hash(text))
		return said_nonsense("identity", error);
	g_free(prepared->identity);
	prepared->identity = g_steal_pointer(&text);
	return TRUE;
}

/* "HASH HASH PAGE", the hashes "-" and the page 0 when there is none */
static gboolean read_appearance(const char *program_dir,
				miyin_prepared *prepared, GError **error)
{
	const int pages =
		prepared->sent_fd >= 0 ? prepared->sent_fd : prepared->plain_fd;
	int answer = miyin_memfile_new("appearance", error);
	gboolean ok = answer >= 0 &&
		      run(program_dir, "appearance",
			  (int[N_FDS]){ pages, answer, -1, -1, -1 }, error);
	g_autofree char *text =
		ok ? read_answer("appearance", answer, error) : NULL;
	g_auto(GStrv) words = text ? g_strsplit(text, " ", 4) : NULL;
	guint64 carried;

	if (answer >= 0)
		close(answer);
	if (!text)
		return FALSE;
	if (g_strv_length(words) != 3 ||
	    !g_ascii_string_to_unsigned(words[2], 10, 0, MIYIN_PAGES_MAX,
					&carried, NULL))
		return said_nonsense("appearance", error);
	for (unsigned i = 0; i < 2; i++)
		if (!is_hash(words[i]) && !g_str_equal(words[i], "-"))
			return said_nonsense("appearance", error);
	g_free(prepared->shown);
	g_free(prepared->words);
	prepared->shown = is_hash(words[0]) ? g_strdup(words[0]) : NULL;
	prepared->words = is_hash(words[1]) ? g_strdup(words[1]) : NULL;
	prepared->carried = (unsigned)carried;
	return TRUE;
}

gboolean miyin_press_identify(const char *program_dir, int source_fd,
			      int pdf_fd, miyin_prepared *prepared,
			      GError **error)
{
	return hash_operators(program_dir, source_fd, pdf_fd, prepared,
			      error) &&
	       read_appearance(program_dir, prepared, error);
}

void miyin_prepared_free(miyin_prepared *prepared)
{
	if (!prepared)
		return;
	if (prepared->base_fd >= 0)
		close(prepared->base_fd);
	if (prepared->sheets_fd >= 0)
		close(prepared->sheets_fd);
	if (prepared->plain_fd >= 0)
		close(prepared->plain_fd);
	if (prepared->sent_fd >= 0)
		close(prepared->sent_fd);
	g_free(prepared->declared);
	g_free(prepared->identity);
	g_free(prepared->shown);
	g_free(prepared->words);
	g_free(prepared);
}

gboolean miyin_press_read(const char *program_dir,
			  const miyin_prepared *prepared, int answer_fd,
			  int question_fd, GError **error)
{
	const gboolean sent = prepared->sent_fd >= 0;

	return run(program_dir, "read",
		   (int[N_FDS]){ sent ? prepared->sent_fd : prepared->plain_fd,
				 answer_fd, -1, question_fd,
				 sent ? prepared->plain_fd : -1 },
		   error);
}

/* Not to be foretold: who can choose the page that he tampers with would
 * choose one that is not looked at. */
static gboolean random_below(unsigned n, unsigned *number, GError **error)
{
	guint64 random;

	if (RAND_bytes((unsigned char *)&random, sizeof(random)) != 1) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("No random numbers to choose pages."));
		return FALSE;
	}
	*number = random % n;
	return TRUE;
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

static unsigned count_verifiers(unsigned n_pages)
{
	unsigned n = MIN(MIN(g_get_num_processors(), VERIFIERS_MAX),
			 (n_pages + VERIFIER_PAGES - 1) / VERIFIER_PAGES);

	if (bound.budget)
		n = MIN(n, MAX(1, bound.budget->memory_mib / VERIFIER_MIB));
	return n;
}

static gboolean start_verifier(const char *program_dir, const int fds[N_FDS],
			       const unsigned *pages, unsigned n_pages,
			       unsigned n_beside, process *verifier,
			       GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int given[N_FDS], list;
	gboolean ok;

	for (unsigned i = 0; i < n_pages; i++)
		g_string_append_printf(text, "%u\n", pages[i]);
	list = miyin_memfile_new_text("pages", text->str, error);
	if (list < 0)
		return FALSE;
	memcpy(given, fds, sizeof(given));
	given[1] = list;
	ok = start(program_dir, "verify", given, n_beside, verifier, error);
	close(list);
	return ok;
}

/* Each verifier has its part of the pages, in order: the first one that
 * complains names the same page as one verifier of all would. */
static gboolean verify_pages(const char *program_dir, const int fds[N_FDS],
			     const GArray *pages, GError **error)
{
	const unsigned n = count_verifiers(pages->len);
	process verifiers[VERIFIERS_MAX];
	unsigned n_started = 0;
	gboolean ok = TRUE;

	for (unsigned i = 0; i < n && ok; i++) {
		unsigned from = pages->len * i / n;
		unsigned to = pages->len * (i + 1) / n;

		ok = start_verifier(program_dir, fds,
				    &g_array_index(pages, unsigned, from),
				    to - from, n, &verifiers[i], error);
		n_started += ok ? 1 : 0;
	}
	for (unsigned i = 0; i < n_started; i++)
		if (!finish(&verifiers[i], "verify", ok ? error : NULL))
			ok = FALSE;
	return ok;
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
	     miyin_memfile_seal(copy_fd, error) &&
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
	int form_fd = miyin_memfile_new_text("form", text, error);
	int pdf_fd = form_fd < 0 ? -1 : miyin_memfile_new("document", error);
	gboolean ok = pdf_fd >= 0 &&
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
	int answer = order_fd < 0 ? -1 : miyin_memfile_new("answer", error);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GString) missing = g_string_new(NULL);

	if (answer >= 0 &&
	    run(program_dir, "glyphs",
		(int[N_FDS]){ -1, answer, -1, -1, order_fd }, error))
		bytes = read_said(answer, ANSWER_MAX, error);
	if (bytes && !g_utf8_validate_len(g_bytes_get_data(bytes, NULL),
					  g_bytes_get_size(bytes), NULL)) {
		g_clear_pointer(&bytes, g_bytes_unref);
		said_nonsense("glyphs", error);
	}
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

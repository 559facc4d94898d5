/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "step.h"
#include <miyin/engine.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/server.h>
#include <miyin/text.h>
#include <errno.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define CPU_S 600
#define MEMORY_BYTES (G_GUINT64_CONSTANT(4) << 30)
/* Libraries and fonts, which are mapped and no job's. */
#define PROGRAM_BYTES (G_GUINT64_CONSTANT(512) << 20)
#define GRACE_S 5 /* after its own alarm, which it may not hear */
#define WORDS_MAX 8
#define WORD_MAX 200

static const char *const environment[] = { "PATH=/usr/bin:/bin", "LANG=C.UTF-8",
					   "OMP_THREAD_LIMIT=1",
					   "HOME=/nonexistent", NULL };

/* Who judges a copy has no layout of memory in common with those that saw the
 * document before it. */
enum { MARK, VERIFY, READ, N_SERVERS };

/* Of the job that this process prints. */
static struct {
	const volatile sig_atomic_t *stop;
	const miyin_budget *budget;
	gint64 end_us;
	miyin_server servers[N_SERVERS];
} bound;

void miyin_engine_set_stop(const volatile sig_atomic_t *stop)
{
	bound.stop = stop;
}

void miyin_engine_set_budget(const miyin_budget *budget)
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

gboolean miyin_step_may_start(const char *step, GError **error)
{
	if (is_stopped())
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The job was ended before %s."), step);
	return left_s() > 0 || refuse_budget(MIYIN_BUDGET_SECONDS, error);
}

static const char *program_of(const char *step)
{
	return g_str_equal(step, "read") ? "miyinread" : "miyinmark";
}

static miyin_server *server_of(const char *step)
{
	return &bound.servers[g_str_equal(step, "read")	    ? READ
			      : g_str_equal(step, "verify") ? VERIFY
							    : MARK];
}

static void warm(const char *program_dir, const char *step)
{
	const char *const argv[] = { program_of(step), "serve", NULL };
	g_autofree char *path = g_build_filename(program_dir, argv[0], NULL);

	*server_of(step) = miyin_server_start(&(const miyin_process){
		.path = path,
		.argv = argv,
		.environment = (char *const *)environment,
	});
}

void miyin_engine_warm(const char *program_dir, gboolean reads)
{
	warm(program_dir, "prepare");
	if (reads)
		warm(program_dir, "read");
	warm(program_dir, "verify");
}

void miyin_engine_end_reading(void)
{
	miyin_server_end(server_of("read"));
}

/* It gets its files, a bare environment and a limit on all it could eat. */
gboolean miyin_step_start(const char *program_dir, const char *step,
			  const int fds[MIYIN_STEP_FDS], unsigned n_beside,
			  miyin_step *child, GError **error)
{
	const char *program = program_of(step);
	const char *const argv[] = { program, step, NULL };
	g_autofree char *path = g_build_filename(program_dir, program, NULL);
	miyin_process process = {
		.path = path,
		.argv = argv,
		.environment = (char *const *)environment,
		.n_fds = MIYIN_STEP_FDS,
		.cpu_s = CPU_S,
		.memory_bytes = memory_bytes(n_beside),
		.file_bytes = MEMORY_BYTES,
		.death_signal = SIGKILL,
		.no_new_privs = TRUE,
	};

	int log;

	if (!miyin_step_may_start(step, error))
		return FALSE;
	log = miyin_memfile_new("log", error);
	if (log < 0)
		return FALSE;
	for (int i = 0; i < MIYIN_STEP_FDS; i++) {
		process.fds[i] = i == STDERR_FILENO ? log : fds[i];
		miyin_memfile_rewind(process.fds[i]);
	}
	*child = (miyin_step){
		0, miyin_server_ask(server_of(step), step, &process), log
	};
	if (child->channel < 0)
		child->pid = miyin_process_start(&process);
	if (child->channel >= 0 || child->pid > 0)
		return TRUE;
	miyin_fail(error, MIYIN_ERROR_SYSTEM, _("%s cannot be started: %s"),
		   program, g_strerror(errno));
	close(log);
	return FALSE;
}

/* It ends by itself at twice its time; one that is stopped does not. */
static unsigned clock_limit_s(void)
{
	struct rlimit cpu = { CPU_S, CPU_S };

	getrlimit(RLIMIT_CPU, &cpu);
	return MIN(2 * MIN(cpu.rlim_cur, CPU_S) + GRACE_S, left_s());
}

/* What a step may refuse for. */
static const miyin_refusal refusals[] = {
	MIYIN_REFUSAL_PASSWORD,	      MIYIN_REFUSAL_NO_PAGES,
	MIYIN_REFUSAL_TOO_MANY_PAGES, MIYIN_REFUSAL_TOO_LARGE,
	MIYIN_REFUSAL_PAGE_TOO_SMALL, MIYIN_REFUSAL_BAD_GLYPH,
	MIYIN_REFUSAL_MARK_TOO_LONG,  MIYIN_REFUSAL_DAMAGED,
	MIYIN_REFUSAL_NOT_MARKED,
};

/* What verification says is wrong, in the language of the user. */
static char *word_fault(const char *said)
{
	static const char *const phrases[] = {
		N_("watermark"),
		N_("page size"),
		N_("code %s"),
		N_("place of code %s"),
		N_("quiet zone of code %s"),
		N_("line %s"),
		N_("the copy cannot be opened"),
		N_("the order is for another document"),
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(phrases); i++) {
		g_auto(GStrv) values = miyin_text_match(phrases[i], said);

		if (values)
			return miyin_text_fill(_(phrases[i]), values + 1);
	}
	return g_strdup(said);
}

/* Its last line names the refusal and the arguments of its sentence. They go
 * to the user and into logs: short and clean, and only refusals that are a
 * step's to make. */
static gboolean explain(const char *step, int log, int status, GError **error)
{
	g_autofree char *said =
		miyin_memfile_text(log, MIYIN_STEP_SAYS_MAX, NULL);
	const char *text = said ? g_strchomp(said) : "";
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	unsigned n = g_strv_length(lines);
	g_auto(GStrv) words =
		g_strsplit(n > 0 ? lines[n - 1] : "", "\t", WORDS_MAX);
	int refusal = words[0] ? miyin_refusal_find(words[0]) : -1;
	g_autofree char *last = NULL;

	for (unsigned i = 0; words[i]; i++)
		miyin_text_replace(&words[i],
				   miyin_text_clean(words[i], WORD_MAX));
	if (refusal == MIYIN_REFUSAL_NOT_MARKED && words[1] && words[2])
		miyin_text_replace(&words[2], word_fault(words[2]));
	if (miyin_refusal_is_among(refusal, refusals, G_N_ELEMENTS(refusals)))
		return miyin_refuse(error,
				    miyin_refusal_new_list(refusal, words + 1));
	/* By its words: of memory. */
	if (bound.budget && miyin_sandbox_is_limit(0, text))
		return refuse_budget(MIYIN_BUDGET_MEMORY, error);
	if (miyin_sandbox_is_limit(status, text))
		return miyin_refuse_for(error, MIYIN_REFUSAL_TOO_LARGE,
					_("this print server can lay out"));
	last = g_strjoinv(" ", words);
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("%s %s ended with status %d: %s"), program_of(step),
			  step, status, last);
}

static gboolean wait_for(const miyin_step *child, unsigned limit_s, int *status)
{
	return child->channel < 0
		       ? miyin_process_wait_for(child->pid, limit_s, status)
		       : miyin_server_wait_for(child->channel, limit_s, status);
}

gboolean miyin_step_finish(miyin_step *child, const char *step, GError **error)
{
	int status;
	gboolean in_time = wait_for(child, clock_limit_s(), &status);
	gboolean ok;

	if (in_time)
		ok = status == 0 || explain(step, child->log, status, error);
	else if (left_s() == 0)
		ok = refuse_budget(MIYIN_BUDGET_SECONDS, error);
	else
		ok = miyin_refuse_for(error, MIYIN_REFUSAL_TIMEOUT, step);

	close(child->log);
	return ok;
}

void miyin_step_stop(miyin_step *child)
{
	int status;

	wait_for(child, 0, &status);
	close(child->log);
}

gboolean miyin_step_run(const char *program_dir, const char *step,
			const int fds[MIYIN_STEP_FDS], GError **error)
{
	miyin_step child;

	return miyin_step_start(program_dir, step, fds, 1, &child, error) &&
	       miyin_step_finish(&child, step, error);
}

unsigned miyin_step_fit(unsigned memory_mib)
{
	return bound.budget ? MAX(1, bound.budget->memory_mib / memory_mib)
			    : G_MAXUINT;
}

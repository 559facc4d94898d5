/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conversion.h"
#include "asked.h"
#include "spool.h"
#include "warden.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/stream.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct miyin_conversion {
	miyin_budget budget;
	unsigned n_files; /* a document each */
	int frames;	  /* from miyinconvert */
	int control;	  /* closed: the warden ends all */
	pid_t warden;
	GError *not_started;
};

/* What the counterpart of the filter works with. */
typedef struct {
	char **argv;
	const char *program;
	GArray *files;
	char **titles; /* as many */
	int job_id;
	char *budget;
} errand;

/* Of the backend's variables, what miyinconvert reads. */
static const char variables[] =
	"CHARSET CUPS_CACHEDIR CUPS_DATADIR CUPS_SERVERBIN CUPS_SERVERROOT"
	" LANG MIYIN_CONF_DIR PATH PRINTER SOFTWARE";

static gboolean convert(const errand *e, unsigned i, const miyin_frame *claim)
{
	const char *const argv[] = {
		"miyinconvert", e->argv[1], e->argv[2], e->titles[i],
		e->argv[4],	e->argv[5], NULL
	};
	const char *type = miyin_frame_get(claim, "type");
	const char *kind = miyin_frame_get(claim, "kind");
	const miyin_process process = {
		.path = e->program,
		.argv = argv,
		.variables = { { "CONTENT_TYPE", type ? type : "" },
			       { "CUPS_FILETYPE", kind ? kind : "document" } },
		.fds = { g_array_index(e->files, int, i), STDOUT_FILENO,
			 STDERR_FILENO },
		.n_fds = 3,
	};

	return miyin_process_run(&process) == 0;
}

/* The filter lays no hand on the document, but says what it is. */
static gboolean convert_next(const errand *e, unsigned i,
			     const miyin_frame *claim)
{
	return claim->type == MIYIN_FRAME_CLAIM &&
	       miyin_frame_is_of(claim, e->job_id) && i < e->files->len &&
	       convert(e, i, claim);
}

/* What the filter says of each document, one after the other. Anything that
 * is not as it must be leaves the stream of frames without its end. */
static gboolean take_claims(const errand *e)
{
	for (unsigned i = 0;; i++) {
		g_autoptr(miyin_frame) claim = NULL;

		if (!miyin_frame_read(STDIN_FILENO, &claim, NULL))
			return FALSE;
		if (!claim)
			return i == e->files->len;
		if (!convert_next(e, i, claim))
			return FALSE;
	}
}

/* Half a record: the reader finds the stream broken. */
static void break_stream(void)
{
	ssize_t n = write(STDOUT_FILENO, "MYF2", 4);

	(void)n;
}

static int work(void *data)
{
	errand *e = data;
	char waste[65536];

	miyin_sandbox_clear_environment(variables);
	g_setenv("TMPDIR", ".", TRUE);
	g_setenv("HOME", ".", TRUE);
	g_setenv("PPD", MIYIN_WARDEN_PPD, TRUE);
	g_setenv(MIYIN_BUDGET_VARIABLE, e->budget, TRUE);
	if (access(MIYIN_WARDEN_PPD, R_OK) != 0)
		g_unsetenv("PPD");
	if (!take_claims(e))
		break_stream();
	/* A filter that cannot write its rest would be called failed. */
	while (read(STDIN_FILENO, waste, sizeof(waste)) > 0)
		;
	return 0;
}

static G_GNUC_NORETURN void become_warden(char **argv, const char *program_dir,
					  const miyin_budget *budget,
					  GArray *files, int frames,
					  int control)
{
	g_autofree char *program =
		g_build_filename(program_dir, "miyinconvert", NULL);
	const char *ppd = g_getenv("PPD");
	errand e = {
		argv,	       program,
		files,	       miyin_asked_titles(argv[5], argv[3], files->len),
		atoi(argv[1]), miyin_budget_format(budget)
	};
	const miyin_warden_task task = {
		.parent = g_get_tmp_dir(),
		.ppd = ppd && access(ppd, F_OK) == 0 ? ppd : NULL,
		.budget = budget,
		.control = control,
		.work = work,
		.data = &e,
	};

	dup2(frames, STDOUT_FILENO);
	close(frames);
	miyin_warden_keep(&task);
}

static GArray *open_files(char **argv, const miyin_budget *budget,
			  GError **error)
{
	const char *folder = g_getenv("CUPS_REQUESTROOT");
	gboolean too_large;
	GArray *files = miyin_spool_open(
		folder ? folder : "/var/spool/cups", atoi(argv[1]),
		(guint64)budget->input_mib << 20, &too_large, error);

	if (!files && too_large) {
		g_clear_error(error);
		miyin_refuse(error,
			     miyin_budget_refusal(budget, MIYIN_BUDGET_INPUT));
	}
	return files;
}

static void start(miyin_conversion *c, char **argv, const char *program_dir)
{
	g_autoptr(GArray) files = open_files(argv, &c->budget, &c->not_started);
	int frames[2] = { -1, -1 }, control[2] = { -1, -1 };

	if (!files)
		return;
	c->n_files = files->len;
	if (pipe2(frames, O_CLOEXEC) == 0 && pipe2(control, O_CLOEXEC) == 0)
		c->warden = fork();
	if (c->warden == 0) {
		close(frames[0]);
		close(control[1]);
		become_warden(argv, program_dir, &c->budget, files, frames[1],
			      control[0]);
	}
	if (c->warden < 0)
		miyin_fail(&c->not_started, MIYIN_ERROR_SYSTEM,
			   "The conversion cannot be started: %s",
			   g_strerror(errno));
	c->frames = frames[0];
	c->control = control[1];
	miyin_fd_clear(&frames[1]);
	miyin_fd_clear(&control[0]);
}

miyin_conversion *miyin_conversion_start(char **argv, const char *program_dir,
					 const miyin_budget *budget)
{
	miyin_conversion *c = g_new0(miyin_conversion, 1);

	*c = (miyin_conversion){
		.budget = *budget, .frames = -1, .control = -1, .warden = -1
	};
	start(c, argv, program_dir);
	return c;
}

/* Returns the warden's exit status, -1 when it was killed. */
static int end(miyin_conversion *c)
{
	int status;

	miyin_fd_clear(&c->frames);
	miyin_fd_clear(&c->control);
	status = miyin_process_wait(c->warden);
	c->warden = -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A stream that is cut off between two documents looks like a whole one. */
static gboolean is_whole(const miyin_conversion *c, const miyin_job *job,
			 GError **error)
{
	return job->documents->len == c->n_files ||
	       miyin_refuse_for(error, MIYIN_REFUSAL_STREAM,
				_("not all of its files are there"));
}

gboolean miyin_conversion_read(miyin_conversion *c, miyin_job *job,
			       GError **error)
{
	g_autoptr(GError) reason = NULL;
	gboolean ok;
	int status;

	if (c->not_started) {
		g_propagate_error(error, g_steal_pointer(&c->not_started));
		return FALSE;
	}
	ok = miyin_stream_read(job, c->frames, &c->budget, &reason) &&
	     is_whole(c, job, &reason);
	status = end(c);
	if (ok)
		return TRUE;
	if (status > MIYIN_WARDEN_OVER &&
	    status < MIYIN_WARDEN_OVER + MIYIN_BUDGET_N_PARTS)
		return miyin_refuse(
			error, miyin_budget_refusal(
				       &c->budget, status - MIYIN_WARDEN_OVER));
	if (status == MIYIN_WARDEN_FAILED)
		return miyin_fail(
			error, MIYIN_ERROR_SYSTEM,
			"The job's folder or account cannot be made.");
	/* The document is whole where it lies. */
	if ((status == MIYIN_WARDEN_ENDED || status < 0) &&
	    g_error_matches(reason, MIYIN_REFUSAL, MIYIN_REFUSAL_STREAM))
		return miyin_refuse_for(error, MIYIN_REFUSAL_INTERRUPTED);
	g_propagate_error(error, g_steal_pointer(&reason));
	return FALSE;
}

void miyin_conversion_free(miyin_conversion *c)
{
	if (!c)
		return;
	end(c);
	g_clear_error(&c->not_started);
	g_free(c);
}

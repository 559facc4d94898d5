/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "supervisor.h"
#include "cupsjob.h"
#include "deliver.h"
#include "report.h"
#include "tell.h"
#include <miyin/control.h>
#include <miyin/refusal.h>
#include <miyin/service.h>
#include <miyin/text.h>
#include <cups/backend.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIDE_CHANNEL 4 /* the last descriptor that cupsd gives a backend */

static volatile sig_atomic_t stop;
static volatile pid_t worker;

static void on_term(int number)
{
	stop = 1;
	if (worker > 0)
		kill(worker, number);
}

static void wake_up(int number)
{
	(void)number;
}

/* Both are blocked while the supervisor does not wait, so that none is missed
 * and none is sent to a process that took the worker's number. */
static void catch_signals(sigset_t *before)
{
	const struct sigaction term = { .sa_handler = on_term };
	const struct sigaction child = { .sa_handler = wake_up };
	sigset_t both;

	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGCHLD);
	sigprocmask(SIG_BLOCK, &both, before);
	sigaction(SIGTERM, &term, NULL);
	sigaction(SIGCHLD, &child, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* A scheduler that is killed leaves us running, and the next one runs the job
 * again: make way. */
static void die_with_scheduler(void)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!miyin_tell_is_read())
		raise(SIGTERM);
}

static miyin_config *become_service(void)
{
	g_autoptr(miyin_config) config =
		miyin_config_open(miyin_config_dir(), NULL);

	/* The worker finds the same, and tells it. */
	if (!config || !miyin_service_become(config->user, NULL))
		return NULL;
	return g_steal_pointer(&config);
}

static void speak(const miyin_config *config)
{
	miyin_text_set_language(g_getenv("LANG"),
				config ? config->locale_dir : MIYIN_LOCALE_DIR);
}

static int wait_worker(const sigset_t *before)
{
	int status = 0;

	while (waitpid(worker, &status, WNOHANG) == 0)
		sigsuspend(before);
	worker = 0;
	return status;
}

/* Nobody is interested in the pages of somebody who is dead. */
static void ignore_progress(unsigned pages, const char *message,
			    const char *reasons, gpointer data)
{
	(void)pages;
	(void)message;
	(void)reasons;
	(void)data;
}

static gboolean open_all(miyin_printing *p, GError **error)
{
	g_autoptr(GError) reason = NULL;

	p->reg = miyin_register_open_until(p->config, FALSE, &stop, error);
	if (!p->reg || !miyin_register_lock_job(p->reg, p->job->uuid, error))
		return FALSE;
	p->delivery = miyin_deliver_open(p->job->device_queue, p->config->user,
					 &stop, &reason);
	if (!p->delivery)
		miyin_tell_debug(reason->message);
	return TRUE;
}

/* What is with the device may come out whole: the rest is void. */
static miyin_print_end finish_copies(miyin_printing *p, gboolean counts,
				     GPtrArray *copies)
{
	miyin_print_end end = MIYIN_PRINT_FAILED;

	for (unsigned i = 0; i < copies->len; i++) {
		miyin_copy *copy = copies->pdata[i];
		g_autoptr(GError) error = NULL;

		if (copy->state == MIYIN_COPY_SENDING)
			end = miyin_print_follow(p, copy, counts,
						 ignore_progress, NULL, &error);
		else if (copy->state == MIYIN_COPY_RESERVED)
			miyin_register_void(p->reg, copy,
					    "the gate's process was killed",
					    &error);
		else
			miyin_print_count(p, counts, copy->state);
		if (error)
			miyin_tell_debug(error->message);
		if (end == MIYIN_PRINT_LEFT)
			break;
	}
	return end == MIYIN_PRINT_LEFT ? end : MIYIN_PRINT_FAILED;
}

/* The job's documents were not read: one of all copies, one of all sheets. */
static void add_document(miyin_printing *p, GPtrArray *copies,
			 const miyin_document *control_of)
{
	miyin_document *all = g_new0(miyin_document, 1);

	all->request.title = p->job->title;
	all->copies = g_ptr_array_ref(copies);
	all->control_of = control_of;
	g_ptr_array_add(p->job->documents, all);
}

static gboolean are_printed(const GPtrArray *copies)
{
	for (unsigned i = 0; i < copies->len; i++) {
		const miyin_copy *copy = copies->pdata[i];

		if (copy->state != MIYIN_COPY_PRINTED)
			return FALSE;
	}
	return TRUE;
}

static miyin_print_end finish_job(miyin_printing *p, GError **error)
{
	g_autoptr(GPtrArray) copies = NULL, sheets = NULL;
	miyin_print_end end;

	if (!miyin_register_job_copies(p->reg, p->job->uuid, 1,
				       MIYIN_CONTROL_FROM - 1, &copies,
				       error) ||
	    !miyin_register_job_copies(p->reg, p->job->uuid, MIYIN_CONTROL_FROM,
				       G_MAXINT, &sheets, error))
		return MIYIN_PRINT_FAILED;
	p->outcome.wanted = copies->len;
	add_document(p, copies, NULL);
	add_document(p, sheets, p->job->documents->pdata[0]);
	end = finish_copies(p, TRUE, copies);
	if (end != MIYIN_PRINT_LEFT)
		end = finish_copies(p, FALSE, sheets);
	if (end == MIYIN_PRINT_LEFT)
		return end;
	if (stop && miyin_print_why_stopped(p, error) == MIYIN_PRINT_REFUSED)
		return MIYIN_PRINT_REFUSED;
	if (copies->len > 0 && are_printed(copies) && are_printed(sheets))
		return MIYIN_PRINT_DONE;
	miyin_refuse_for(error, MIYIN_REFUSAL_INTERRUPTED);
	return end;
}

static int settle_affairs(char **argv, const miyin_config *config, int status)
{
	miyin_printing p = { .config = config, .stop = &stop };
	g_autofree char *signal_name = g_strdup_printf(
		"The gate's process ended with signal %d.", WTERMSIG(status));
	g_autoptr(GError) error = NULL;
	miyin_print_end end = MIYIN_PRINT_FAILED;
	int result;

	miyin_tell_debug(signal_name);
	if (!config)
		miyin_refuse(&error, miyin_refusal_new(MIYIN_REFUSAL_CONFIG));
	else
		p.job = miyin_cupsjob_new(argv, &error);
	if (p.job && open_all(&p, &error))
		end = finish_job(&p, &error);
	result = miyin_report(&p, end, error);
	miyin_deliver_close(p.delivery);
	miyin_register_close(p.reg);
	miyin_job_free(p.job);
	return result;
}

/* ---- the heir ----------------------------------------------------------- */

/* The scheduler waits for all that hold its pipes. */
static void let_go_of_scheduler(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	for (int fd = STDERR_FILENO + 1; fd <= SIDE_CHANNEL; fd++)
		close(fd);
}

/* Where it is not taken for one of the scheduler's. */
static int move_up(int fd)
{
	int up = fcntl(fd, F_DUPFD_CLOEXEC, SIDE_CHANNEL + 1);

	close(fd);
	return up;
}

/* A job that the scheduler runs again is its next run's. What was canceled
 * is taken from the device too. */
static void settle_inheritance(char **argv, const miyin_config *config)
{
	miyin_printing p = { .config = config, .stop = &stop };
	g_autoptr(GError) error = NULL;
	gboolean canceled = FALSE;
	miyin_print_end end;

	speak(config);
	p.job = miyin_cupsjob_new(argv, NULL);
	if (p.job && open_all(&p, NULL) && p.delivery &&
	    miyin_deliver_is_over(p.delivery, p.job->job_id, &canceled)) {
		stop = canceled;
		end = finish_job(&p, &error);
		miyin_report(&p, end, error);
	}
	miyin_deliver_close(p.delivery);
	miyin_register_close(p.reg);
	miyin_job_free(p.job);
}

/* Who ends in order says so. */
static G_GNUC_NORETURN void inherit(char **argv, int from)
{
	miyin_config *config;
	char word;

	setpgid(0, 0);
	let_go_of_scheduler();
	config = become_service();
	if (config && read(from, &word, 1) == 0)
		settle_inheritance(argv, config);
	miyin_config_free(config);
	_exit(0);
}

/* A purge kills our group, and so does a scheduler that has waited for us long
 * enough.
 * Source: cups 2.4.2, scheduler/job.c, stop_job; process.c, cupsdEndProcess. */
static int start_heir(char **argv)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	for (int i = 0; i < 2; i++)
		ends[i] = move_up(ends[i]);
	pid = fork();
	if (pid == 0) {
		close(ends[1]);
		inherit(argv, ends[0]);
	}
	close(ends[0]);
	return ends[1];
}

static void dismiss_heir(int heir)
{
	if (heir >= 0 && write(heir, "", 1) != 1)
		return; /* it was told by the worker */
}

int miyin_supervise(int argc, char **argv, miyin_supervisor_work work)
{
	g_autoptr(miyin_config) config = NULL;
	g_autoptr(GError) error = NULL;
	sigset_t before;
	pid_t child;
	int heir, status;

	catch_signals(&before);
	heir = start_heir(argv);
	child = fork(); /* by hand: the worker returns to main */
	if (child < 0) {
		miyin_tell_debug(g_strerror(errno));
		error = miyin_refusal_new(MIYIN_REFUSAL_SERVER);
		miyin_tell_error(error->message);
		return CUPS_BACKEND_FAILED;
	}
	if (child == 0) {
		signal(SIGCHLD, SIG_DFL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		status = work(argc, argv, &stop);
		dismiss_heir(heir);
		return status;
	}
	worker = child;
	config = become_service();
	die_with_scheduler();
	speak(config);
	status = wait_worker(&before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	status = WIFEXITED(status) ? WEXITSTATUS(status)
				   : settle_affairs(argv, config, status);
	dismiss_heir(heir);
	return status;
}

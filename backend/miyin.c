/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyin: the CUPS backend of a gate queue. It is installed 0700, so cupsd
 * starts it as root; it becomes the service user before it reads a byte of a
 * document.
 * Then, for each job:
 *
 *   convert while still root it opens the job's files and starts programs under
 *           an account of the job's own (conversion.h)
 *   admit   user known, level and limits allow it
 *   issue   serials, copy ids and holders in the register
 *   print   each copy: draw, stamp, verify, claim, send, follow, settle
 *
 *   DEVICE_URI   miyin:/DEVICE-QUEUE?scheme=S[&level=L]
 *
 * No register row, no paper: every way out before the claim prints nothing.
 * Source: backend(7).
 */
#include "conversion.h"
#include "caller.h"
#include "cupsjob.h"
#include "deliver.h"
#include "report.h"
#include "supervisor.h"
#include "tell.h"
#include <miyin/admit.h>
#include <miyin/print.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/service.h>
#include <miyin/text.h>
#include <cups/backend.h>
#include <stdio.h>
#include <stdlib.h>

/* A file name means that no filter ran: the data is raw. A policy that cannot be
 * read is refused when the job is admitted. The engine warms up while the
 * document is converted. */
static miyin_config *become_service(char **argv, int argc,
				    miyin_conversion **conversion,
				    GError **error)
{
	g_autoptr(miyin_config) config =
		miyin_config_open(miyin_config_dir(), error);
	g_autoptr(miyin_policy) policy =
		config ? miyin_policy_open(config->policy_path, NULL) : NULL;

	if (!config)
		return NULL;
	if (argc < 7)
		*conversion = miyin_conversion_start(
			argv, config->program_dir,
			policy ? miyin_policy_budget(policy)
			       : &miyin_budget_default);
	if (!miyin_service_become(config->user, error))
		return NULL;
	if (argc < 7 && policy)
		miyin_engine_warm(config->program_dir,
				  miyin_policy_reads(policy));
	return g_steal_pointer(&config);
}

static gboolean is_interrupted(const miyin_printing *p, const GError *reason)
{
	/* The collector of a canceled job may end before we are told. */
	return *p->stop || !miyin_tell_is_read() ||
	       ((g_error_matches(reason, MIYIN_REFUSAL, MIYIN_REFUSAL_STREAM) ||
		 g_error_matches(reason, MIYIN_REFUSAL,
				 MIYIN_REFUSAL_INTERRUPTED)) &&
		miyin_print_why_stopped(p, NULL) != MIYIN_PRINT_LEFT);
}

/* With another key of its number all older paper would look forged. */
static gboolean check_key(miyin_printing *p, GError **error)
{
	unsigned id = miyin_keys_current(p->keys);
	char fingerprint[MIYIN_KEY_FINGERPRINT];

	return miyin_keys_fingerprint(p->keys, id, fingerprint, error) &&
	       miyin_register_use_key(p->reg, id, fingerprint, error);
}

static gboolean open_register(miyin_printing *p, GError **error)
{
	/* miyin protect made it. One that is gone must not begin again at
	 * serial 1. */
	p->reg = miyin_register_open_until(p->config, FALSE, p->stop, error);
	if (!p->reg || !miyin_register_is_whole(p->reg, error) ||
	    !miyin_register_lock_job(p->reg, p->job->uuid, error) ||
	    !miyin_register_recover(p->reg, p->job->uuid, error))
		return FALSE;
	miyin_deliver_clear(p->delivery);
	return TRUE;
}

static gboolean check_sandbox(const miyin_config *config, GError **error)
{
	const char *warning;
	gboolean ok =
		miyin_sandbox_check(config->landlock_required, &warning, error);

	if (!ok)
		warning = (*error)->message;
	if (warning)
		miyin_tell_warning(warning);
	return ok;
}

/* The scheduler first: of a register that is locked one can be told to leave,
 * and then must know why. */
static gboolean open_all(miyin_printing *p, GError **error)
{
	p->delivery = miyin_deliver_open(p->job->device_queue, p->config->user,
					 p->stop, error);
	if (!p->delivery)
		miyin_status_refuse(&miyin_tell, error, MIYIN_REFUSAL_SERVER);
	if (!p->delivery || !open_register(p, error))
		return FALSE;
	p->keys = miyin_keys_open(p->config->keys_path, error);
	if (!p->keys || !check_key(p, error))
		return miyin_status_refuse(&miyin_tell, error,
					   MIYIN_REFUSAL_CONFIG);
	return check_sandbox(p->config, error);
}

static int run(miyin_printing *p, miyin_conversion *conversion, GError **error)
{
	gboolean ready = open_all(p, error);
	miyin_print_end end = MIYIN_PRINT_REFUSED;

	if (ready && !conversion)
		ready = miyin_refuse_for(error, MIYIN_REFUSAL_RAW_DATA, "raw");
	if (ready)
		ready = miyin_conversion_read(conversion, p->job, error) &&
			miyin_caller_confirm(p->job->user, p->job->printer,
					     p->job->job_id, error) &&
			miyin_admit(p->job, p->config, p->reg, error) &&
			miyin_print_issue(p, error);
	/* Who was interrupted is not refused for what follows from that: a
	 * document that ended early, a server that does not answer. */
	if (!ready && is_interrupted(p, *error)) {
		g_clear_error(error);
		end = miyin_print_why_stopped(p, error);
	} else if (ready) {
		end = miyin_print_run(p, error);
	}
	return miyin_report(p, end, *error);
}

static int work(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_conversion) conversion = NULL;
	g_autoptr(miyin_config) config =
		become_service(argv, argc, &conversion, &error);
	miyin_printing p = { .config = config, .stop = stop };
	int status;

	miyin_engine_set_stop(stop);
	miyin_text_set_language(g_getenv("LANG"),
				config ? config->locale_dir : MIYIN_LOCALE_DIR);
	if (config)
		p.job = miyin_cupsjob_new(argv, &error);
	status = p.job ? run(&p, conversion, &error)
		       : miyin_report(&p, MIYIN_PRINT_REFUSED, error);
	miyin_deliver_close(p.delivery);
	miyin_keys_free(p.keys);
	miyin_register_close(p.reg);
	miyin_job_free(p.job);
	g_free(p.date);
	return status;
}

int main(int argc, char **argv)
{
	unsetenv("AUTH_PASSWORD");
	if (argc == 1)
		return CUPS_BACKEND_OK; /* nothing to discover */
	if (argc < 6 || argc > 7) {
		fprintf(stderr,
			"Usage: %s job-id user title copies options "
			"[file]\n",
			argv[0]);
		return CUPS_BACKEND_FAILED;
	}
	return miyin_supervise(argc, argv, work);
}

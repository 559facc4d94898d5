/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyin: the CUPS backend of a gate queue. It is installed 0700, so cupsd
 * starts it as root; it becomes the service user before it reads a byte.
 * Then, for each job:
 *
 *   admit   frames whole, user known, level and limits allow it
 *   issue   serials, copy ids and holders in the register
 *   print   each copy: draw, stamp, verify, claim, send, follow, settle
 *
 *   DEVICE_URI   miyin:/DEVICE-QUEUE?scheme=S[&level=L]
 *
 * No register row, no paper: every way out before the claim prints nothing.
 * Source: backend(7).
 */
#include "admit.h"
#include "deliver.h"
#include "print.h"
#include "status.h"
#include <miyin/error.h>
#include <miyin/refusal.h>
#include <miyin/sandbox.h>
#include <miyin/service.h>
#include <miyin/text.h>
#include <cups/backend.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int stop;

static void on_term(int number);
static void catch_signals(void);
static miyin_config *become_service(GError **error);
static int run(miyin_printing *p, int argc, GError **error);
static gboolean is_interrupted(const miyin_printing *p, const GError *reason);
static gboolean open_all(miyin_printing *p, GError **error);
static gboolean check_sandbox(const miyin_config *config, GError **error);
static int refuse(miyin_printing *p, const GError *reason);
static void drain(void);
static int report(miyin_printing *p, miyin_print_end end, GError *error);
static GError *in_words(const GError *reason);

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_config) config = NULL;
	miyin_printing p = { .stop = &stop };
	int status;

	unsetenv("AUTH_PASSWORD");
	if (argc == 1)
		return CUPS_BACKEND_OK;	/* nothing to discover */
	if (argc < 6 || argc > 7) {
		fprintf(stderr, "Usage: %s job-id user title copies options "
				"[file]\n", argv[0]);
		return CUPS_BACKEND_FAILED;
	}
	catch_signals();
	config = become_service(&error);
	miyin_text_set_language(g_getenv("LANG"),
				config ? config->locale_dir
				       : MIYIN_LOCALE_DIR);
	p.config = config;
	if (config)
		p.job = miyin_job_new(argv, &error);
	status = p.job ? run(&p, argc, &error) : refuse(&p, error);
	miyin_delivery_close(p.delivery);
	miyin_keys_free(p.keys);
	miyin_register_close(p.reg);
	miyin_job_free(p.job);
	return status;
}

static void on_term(int number)
{
	(void)number;
	stop = 1;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_term };

	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static miyin_config *become_service(GError **error)
{
	g_autoptr(miyin_config) config =
		miyin_config_open(miyin_config_dir(), error);

	if (!config || !miyin_service_become(config->user, error))
		return NULL;
	return g_steal_pointer(&config);
}

static int run(miyin_printing *p, int argc, GError **error)
{
	gboolean ready = open_all(p, error);
	miyin_print_end end;

	/* A file name means that no filter ran: the data is raw. */
	if (ready && argc == 7)
		ready = miyin_refuse(
			error,
			miyin_refusal_new(MIYIN_REFUSAL_RAW_DATA, "raw"));
	if (ready)
		ready = miyin_admit_stream(p->job, STDIN_FILENO, error) &&
			miyin_admit(p->job, p->config, p->reg, error) &&
			miyin_print_issue(p, error);
	/* Then a document that ended early or a server that does not answer
	 * is no reason. */
	if (!ready && is_interrupted(p, *error)) {
		g_clear_error(error);
		end = miyin_print_stop(p, error);
		return report(p, end, *error);
	}
	if (!ready)
		return refuse(p, *error);
	end = miyin_print_run(p, error);
	return report(p, end, *error);
}

static gboolean is_interrupted(const miyin_printing *p, const GError *reason)
{
	/* The collector of a canceled job may end before we are told. */
	gboolean canceled =
		!stop && p->delivery &&
		g_error_matches(reason, MIYIN_REFUSAL, MIYIN_REFUSAL_STREAM) &&
		miyin_delivery_is_canceled(p->delivery, p->job->job_id);

	return canceled || stop || !miyin_status_is_read();
}

static gboolean open_all(miyin_printing *p, GError **error)
{
	/* miyin protect made it. One that is gone must not begin again at
	 * serial 1. */
	p->reg = miyin_register_open(p->config->register_path, FALSE, error);
	if (!p->reg ||
	    !miyin_register_lock_job(p->reg, p->job->uuid, error) ||
	    !miyin_register_recover(p->reg, p->job->uuid, error))
		return FALSE;
	p->keys = miyin_keys_open(p->config->keys_path, error);
	if (!p->keys) {
		miyin_status_refuse(error, MIYIN_REFUSAL_CONFIG);
		return FALSE;
	}
	if (!check_sandbox(p->config, error))
		return FALSE;
	p->delivery = miyin_delivery_open(p->job->device_queue,
					  p->config->user, &stop, error);
	if (!p->delivery)
		miyin_status_refuse(error, MIYIN_REFUSAL_SERVER);
	return p->delivery != NULL;
}

static gboolean check_sandbox(const miyin_config *config, GError **error)
{
	const char *warning;
	gboolean ok = miyin_sandbox_check(config->landlock_required, &warning,
					  error);

	if (!ok)
		warning = (*error)->message;
	if (warning)
		miyin_status_warning(warning);
	return ok;
}

/* One sentence for the user, one event for the officer. */
static int refuse(miyin_printing *p, const GError *reason)
{
	g_autoptr(GError) words = in_words(reason);
	g_autoptr(GError) error = NULL;
	miyin_request request;

	if (p->job && p->reg) {
		request = miyin_job_request(p->job);
		if (!miyin_register_refuse(p->reg, &request,
					   miyin_refusal_id(words->code),
					   words->message, &error))
			miyin_status_debug(error->message);
	}
	miyin_status_error(words->message);
	drain();
	return CUPS_BACKEND_CANCEL;
}

/* What was refused before it was read: a filter that cannot write its rest
 * would be called failed, and the reason given here would be lost. */
static void drain(void)
{
	char waste[65536];

	while (!stop && read(STDIN_FILENO, waste, sizeof(waste)) > 0)
		;
}

static int report(miyin_printing *p, miyin_print_end end, GError *error)
{
	switch (end) {
	case MIYIN_PRINT_DONE:
		return CUPS_BACKEND_OK;
	case MIYIN_PRINT_LEFT:
		return CUPS_BACKEND_RETRY_CURRENT;
	case MIYIN_PRINT_REFUSED:
		return refuse(p, error);
	default:
		refuse(p, error);
		return CUPS_BACKEND_FAILED;
	}
}

/* What is neither a refusal nor told by now is the register's. */
static GError *in_words(const GError *reason)
{
	gboolean outside = reason->domain == MIYIN_ERROR &&
			   (reason->code == MIYIN_ERROR_SYSTEM ||
			    reason->code == MIYIN_ERROR_BUSY);
	GError *words = g_error_copy(reason);

	miyin_status_refuse(&words, outside ? MIYIN_REFUSAL_REGISTER
					    : MIYIN_REFUSAL_CONFIG);
	return words;
}

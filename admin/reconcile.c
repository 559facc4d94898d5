/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <miyin/office.h>
#include "counter.h"
#include "device.h"
#include "identity.h"
#include "checkup.h"
#include "saved.h"

#define N_AT_ONCE 32

/* What one printer tells, and the gates that it stands behind. */
typedef struct {
	char *uri;
	GPtrArray *gates; /* of borrowed names, NULL at the end */
	gboolean told;
	unsigned counter;
} asked;

static void asked_free(gpointer data)
{
	asked *one = data;

	g_free(one->uri);
	g_ptr_array_unref(one->gates);
	g_free(one);
}

static void tell_no_count(miyin_checkup *c, const char *gate,
			  const GError *reason)
{
	miyin_checkup_hole(
		c,
		_("The counter of %s could not be compared with the register: "
		  "%s"),
		gate, reason->message);
}

/* The register is the service user's. */
static gboolean enter(const miyin_config *config, const miyin_counted *counted,
		      const unsigned *counter, miyin_count *count,
		      miyin_reading *reading, GError **error)
{
	g_auto(miyin_actor) actor = { 0 };
	g_auto(miyin_identity) service = FALSE;
	g_auto(miyin_office) office = { &actor, config, NULL };

	miyin_actor_init_here(&actor, MIYIN_ROLE_ADMINISTRATOR,
			      g_getenv("SUDO_USER"));
	service = miyin_identity_enter(config->user, error);
	if (service)
		office.reg = miyin_register_open(config, FALSE, error);
	return office.reg && miyin_office_reconcile(&office, counted, counter,
						    count, reading, error);
}

static void tell(miyin_checkup *c, const char *gate, miyin_count count,
		 unsigned counter, const miyin_reading *reading)
{
	switch (count) {
	case MIYIN_COUNT_FIRST:
	case MIYIN_COUNT_AGREES:
		break;
	case MIYIN_COUNT_SILENT:
		miyin_checkup_hole(
			c,
			_("The printer of %s does not tell its counter any "
			  "more, which was %u at %s, so nobody sees whether it "
			  "prints more than the register knows; look whether "
			  "it is on and answers."),
			gate, reading->before, reading->at);
		break;
	case MIYIN_COUNT_FELL:
		miyin_checkup_hole(
			c,
			_("The counter of the printer of %s fell from %u to %u "
			  "since %s, so it was reset or is another printer; "
			  "ask who did that."),
			gate, reading->before, counter, reading->at);
		break;
	case MIYIN_COUNT_MORE:
		miyin_checkup_hole(
			c,
			_("The printer of %s printed %u pages since %s and the "
			  "register knows %u of them, so something was printed "
			  "around the gate; look at the printer's own list of "
			  "jobs."),
			gate, counter - reading->before, reading->at,
			reading->pages);
		break;
	}
}

static void reconcile_printer(miyin_checkup *c, const asked *one)
{
	g_autoptr(GError) error = NULL;
	miyin_reading reading = { 0 };
	g_autofree char *device = miyin_deviceuri_bare(one->uri);
	char *const *gates = (char **)one->gates->pdata;
	const miyin_counted counted = { .device = device,
					.printers = gates,
					.is_same = miyin_device_is_same };
	const unsigned *counter = one->told ? &one->counter : NULL;
	miyin_count count;

	if (enter(c->config, &counted, counter, &count, &reading, &error))
		tell(c, gates[0], count, one->counter, &reading);
	else
		tell_no_count(c, gates[0], error);
	miyin_reading_clear(&reading);
}

/* Two queues of one printer have one counter. */
static void add_printer(GPtrArray *printers, const char *uri, char *gate)
{
	asked *one = NULL;

	for (unsigned i = 0; i < printers->len && !one; i++) {
		asked *other = printers->pdata[i];

		if (miyin_device_is_same(other->uri, uri))
			one = other;
	}
	if (!one) {
		one = g_new0(asked, 1);
		one->uri = g_strdup(uri);
		one->gates = g_ptr_array_new_null_terminated(1, NULL, TRUE);
		g_ptr_array_add(printers, one);
	}
	g_ptr_array_add(one->gates, gate);
}

static void ask(gpointer data, gpointer unused)
{
	asked *one = data;

	(void)unused;
	one->told = miyin_counter_read(one->uri, &one->counter);
}

/* Side by side, for one that is off takes its time. */
static void ask_all(const GPtrArray *printers)
{
	GThreadPool *pool =
		g_thread_pool_new(ask, NULL, N_AT_ONCE, FALSE, NULL);

	for (unsigned i = 0; i < printers->len; i++)
		g_thread_pool_push(pool, printers->pdata[i], NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
}

void miyin_reconcile(miyin_checkup *c)
{
	g_autoptr(GPtrArray) printers =
		g_ptr_array_new_with_free_func(asked_free);
	const GPtrArray *gates = c->gates;

	for (unsigned i = 0; i < gates->len; i++) {
		g_autoptr(GError) reason = NULL;
		g_autoptr(miyin_saved) saved =
			miyin_saved_open(c->config, gates->pdata[i], &reason);

		/* Of a gate that protect did not make nobody knows the
		 * printer. */
		if (saved)
			add_printer(printers, saved->queue->device_uri,
				    gates->pdata[i]);
		else if (!g_error_matches(reason, MIYIN_ERROR,
					  MIYIN_ERROR_MISSING))
			tell_no_count(c, gates->pdata[i], reason);
	}
	ask_all(printers);
	for (unsigned i = 0; i < printers->len; i++)
		reconcile_printer(c, printers->pdata[i]);
}

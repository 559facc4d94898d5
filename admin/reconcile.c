/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <miyin/register.h>
#include <miyin/service.h>
#include "counter.h"
#include "device.h"
#include "identity.h"
#include "reconcile.h"
#include "saved.h"

static char *tell_no_count(const char *gate, const GError *reason)
{
	return g_strdup_printf(_("The counter of %s could not be compared with "
				 "the register: %s"),
			       gate, reason->message);
}

/* The register is the service user's. */
static gboolean enter(const miyin_config *config, const miyin_counted *counted,
		      const unsigned *counter, miyin_reading *reading,
		      GError **error)
{
	g_autofree char *caller = miyin_service_caller(g_getenv("SUDO_USER"));
	miyin_register *reg;
	gboolean ok;

	if (!miyin_identity_enter(config->user, error))
		return FALSE;
	reg = miyin_register_open(config, FALSE, error);
	ok = reg && miyin_register_count(reg, caller, counted, counter, reading,
					 error);
	miyin_register_close(reg);
	miyin_identity_leave();
	return ok;
}

/* NULL: all is well. */
static char *judge(const char *gate, const unsigned *counter,
		   const miyin_reading *reading)
{
	if (!counter)
		return g_strdup_printf(
			_("The printer of %s does not tell its counter any "
			  "more, which was %u at %s, so nobody sees whether it "
			  "prints more than the register knows; look whether "
			  "it is on and answers."),
			gate, reading->before, reading->at);
	if (*counter < reading->before)
		return g_strdup_printf(
			_("The counter of the printer of %s fell from %u to %u "
			  "since %s, so it was reset or is another printer; "
			  "ask who did that."),
			gate, reading->before, *counter, reading->at);
	if (*counter - reading->before > reading->pages)
		return g_strdup_printf(
			_("The printer of %s printed %u pages since %s and the "
			  "register knows %u of them, so something was printed "
			  "around the gate; look at the printer's own list of "
			  "jobs."),
			gate, *counter - reading->before, reading->at,
			reading->pages);
	return NULL;
}

static void reconcile_printer(const miyin_config *config, const char *uri,
			      char *const *gates, GPtrArray *problems)
{
	g_autoptr(GError) error = NULL;
	miyin_reading reading = { 0 };
	g_autofree char *device = miyin_deviceuri_bare(uri);
	const miyin_counted counted = { .device = device,
					.printers = gates,
					.is_same = miyin_device_is_same };
	unsigned counter;
	gboolean told = miyin_counter_read(uri, &counter);
	char *problem = NULL;

	if (!enter(config, &counted, told ? &counter : NULL, &reading, &error))
		problem = tell_no_count(gates[0], error);
	else if (!reading.is_first)
		problem = judge(gates[0], told ? &counter : NULL, &reading);
	if (problem)
		g_ptr_array_add(problems, problem);
	miyin_reading_clear(&reading);
}

char **miyin_reconcile(const miyin_config *config, const GPtrArray *gates)
{
	g_autofree char **uris = g_new0(char *, gates->len + 1);
	GPtrArray *problems = g_ptr_array_new();

	for (unsigned i = 0; i < gates->len; i++) {
		g_autoptr(GError) reason = NULL;
		g_autoptr(miyin_saved) saved =
			miyin_saved_open(config, gates->pdata[i], &reason);

		/* Of a gate that protect did not make nobody knows the
		 * printer. */
		if (saved)
			uris[i] = g_strdup(saved->queue->device_uri);
		else if (!g_error_matches(reason, MIYIN_ERROR,
					  MIYIN_ERROR_MISSING))
			g_ptr_array_add(problems,
					tell_no_count(gates->pdata[i], reason));
	}
	/* Two queues of one printer have one counter. */
	for (unsigned i = 0; i < gates->len; i++) {
		g_autoptr(GPtrArray) same = g_ptr_array_new();
		g_autofree char *uri = g_steal_pointer(&uris[i]);

		if (!uri)
			continue;
		g_ptr_array_add(same, gates->pdata[i]);
		for (unsigned k = i + 1; k < gates->len; k++)
			if (uris[k] && miyin_device_is_same(uri, uris[k])) {
				g_ptr_array_add(same, gates->pdata[k]);
				g_clear_pointer(&uris[k], g_free);
			}
		g_ptr_array_add(same, NULL);
		reconcile_printer(config, uri, (char **)same->pdata, problems);
	}
	g_ptr_array_add(problems, NULL);
	return (char **)g_ptr_array_free(problems, FALSE);
}

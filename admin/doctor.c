/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyin doctor: look for ways around the gate. Each hole is one line that says
 * what is wrong, why it matters and what to do. Changes nothing, except that
 * the printers' counters are entered into the register and --repair puts our
 * block of cupsd.conf right.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/gateuri.h>
#include <miyin/sandbox.h>
#include "checkup.h"
#include "beginning.h"
#include <miyin/commands.h>
#include "cover.h"
#include "queues.h"
#include "saved.h"
#include "subscriptions.h"

static gboolean parse_arguments(int argc, char **argv, gboolean *repair,
				GError **error)
{
	const GOptionEntry entries[] = {
		{ "repair", 0, 0, G_OPTION_ARG_NONE, repair,
		  N_("First write the miyin block of cupsd.conf anew and "
		     "take auth-info-required from protected queues"),
		  NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_set_summary(
		context,
		_("Look for ways around the gate: one line for each, and exit "
		  "status 1 when there\nis any."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (argc != 1)
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("miyin doctor takes no arguments."));
	if (geteuid() == 0)
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_DENIED,
			  _("Only root may look everywhere."));
}

static gboolean mend(miyin_checkup *c, GError **error)
{
	for (unsigned i = 0; i < c->gates->len; i++) {
		const miyin_queue *gate =
			miyin_queues_find(c->queues, c->gates->pdata[i]);

		if (gate && gate->auth_info &&
		    !miyin_queue_drop_auth_info(gate->name, error))
			return FALSE;
	}
	if (!miyin_cover_install(c->config->user, error) ||
	    !miyin_subscriptions_cancel(c->gates, error))
		return FALSE;
	g_ptr_array_unref(c->queues);
	c->queues = miyin_queues_list(error);
	return c->queues != NULL;
}

static void add_pair(miyin_checkup *c, const char *gate, const char *uri)
{
	char *device = uri ? miyin_gateuri_device(uri)
			   : g_strconcat(gate, "-device", NULL);

	g_ptr_array_add(c->gates, g_strdup(gate));
	g_ptr_array_add(c->devices, device ? device : g_strdup(""));
}

/* What was protected must be a gate; what sends to our backend is one too,
 * however it came about. */
static void find_pairs(miyin_checkup *c)
{
	for (char **name = c->protected; *name; name++)
		add_pair(c, *name, NULL);
	for (unsigned i = 0; i < c->queues->len; i++) {
		const miyin_queue *queue = c->queues->pdata[i];

		if (queue->device_uri &&
		    g_str_has_prefix(queue->device_uri, MIYIN_GATE_PREFIX) &&
		    !miyin_checkup_has(c->gates, queue->name))
			add_pair(c, queue->name, queue->device_uri);
	}
}

static gboolean begin(miyin_checkup *c, gboolean repair, GError **error)
{
	g_autoptr(GError) reason = NULL;

	c->gates = g_ptr_array_new_with_free_func(g_free);
	c->devices = g_ptr_array_new_with_free_func(g_free);
	c->protected = miyin_protected_list(c->config, error);
	if (!c->protected)
		return FALSE;
	c->queues = miyin_queues_list(&reason);
	if (!c->queues) {
		miyin_checkup_hole(
			c,
			_("The queues could not be looked at: %s; start the "
			  "scheduler and run this again."),
			reason->message);
		return TRUE;
	}
	find_pairs(c);
	return !repair || c->gates->len == 0 || mend(c, error);
}

/* One that runs in a container is in a namespace of its own: not ours. */
static gboolean is_ours(const char *pid)
{
	g_autofree char *path =
		g_build_filename("/proc", pid, "ns", "pid", NULL);
	g_autofree char *theirs = g_file_read_link(path, NULL);
	g_autofree char *ours = g_file_read_link("/proc/self/ns/pid", NULL);

	return !theirs || !ours || g_str_equal(theirs, ours);
}

static void check_browsed(miyin_checkup *c)
{
	g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
	const char *name;

	while (proc && (name = g_dir_read_name(proc))) {
		g_autofree char *path =
			g_build_filename("/proc", name, "comm", NULL);
		g_autofree char *comm = NULL;

		if (g_ascii_isdigit(*name) &&
		    g_file_get_contents(path, &comm, NULL, NULL) &&
		    g_str_equal(g_strchomp(comm), "cups-browsed") &&
		    is_ours(name)) {
			miyin_checkup_hole(
				c,
				_("cups-browsed is running, which adds queues "
				  "for printers that it finds, protected ones "
				  "too; run systemctl disable --now "
				  "cups-browsed."));
			return;
		}
	}
}

/* FALSE: without a register there is nothing to look into. Keys that are there
 * and cannot be read are among the owners. */
static gboolean check_beginning(miyin_checkup *c)
{
	g_autoptr(GError) reason = NULL;
	gboolean first;

	if (!miyin_beginning_check_register(c->config, c->gates->len > 0,
					    &first, &reason)) {
		miyin_checkup_hole(c, _("Nothing is printed: %s"),
				   reason->message);
		return FALSE;
	}
	if (!miyin_beginning_check_keys(c->config, first, &reason) &&
	    !g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_SYSTEM))
		miyin_checkup_hole(c, _("Nothing is printed: %s"),
				   reason->message);
	return TRUE;
}

/* What was said to be dispensable is no hole. */
static void check_sandbox(miyin_checkup *c)
{
	static gboolean (*const checks[])(
		gboolean, const char **,
		GError **) = { miyin_sandbox_check, miyin_sandbox_check_room };

	for (unsigned i = 0; i < G_N_ELEMENTS(checks); i++) {
		g_autoptr(GError) reason = NULL;
		const char *warning;

		if (!checks[i](c->config->landlock_required, &warning, &reason))
			miyin_checkup_hole(c, "%s", reason->message);
		else if (warning)
			miyin_checkup_remark("%s", warning);
	}
}

/* No way around the gate, and other hands may have closed it (hidepid is not
 * the only way): so it is said, but no hole. */
static void check_proc(void)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) mounts = NULL;
	gboolean hidden = FALSE;

	if (!g_file_get_contents("/proc/self/mounts", &text, NULL, NULL))
		return;
	mounts = g_strsplit(text, "\n", -1);
	for (char **mount = mounts; *mount; mount++)
		if (strstr(*mount, " /proc proc "))
			hidden = strstr(*mount, "hidepid=") &&
				 !strstr(*mount, "hidepid=0") &&
				 !strstr(*mount, "hidepid=off");
	if (!hidden)
		miyin_checkup_remark(_("Everybody on this server can read "
				       "titles, references and holders of "
				       "running jobs with ps; mount /proc with "
				       "hidepid=2."));
}

int miyin_command_doctor(int argc, char **argv, const miyin_config *config,
			 GError **error)
{
	g_auto(miyin_checkup) c = { .config = config };
	gboolean repair = FALSE;

	if (!parse_arguments(argc, argv, &repair, error))
		return 2;
	if (!begin(&c, repair, error))
		return 1;
	if (c.queues) {
		miyin_checkqueues(&c);
		miyin_checkconf(&c);
	}
	miyin_ruleshealth_check(&c);
	miyin_serverhealth_check(&c);
	miyin_cupsfiles_check(&c);
	check_browsed(&c);
	miyin_ownership_check(&c);
	if (check_beginning(&c)) {
		miyin_reconcile(&c);
		miyin_registerhealth_check(&c);
	}
	check_sandbox(&c);
	check_proc();
	if (c.n_holes > 0)
		return 1;
	printf(ngettext("No way around the gate was found on %u "
			"protected queue.\n",
			"No way around the gate was found on %u "
			"protected queues.\n",
			c.gates->len),
	       c.gates->len);
	return 0;
}

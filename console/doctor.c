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
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <miyin/sandbox.h>
#include <miyin/press.h>
#include <miyin/scheme.h>
#include "commands.h"
#include "cupsdconf.h"
#include "device.h"
#include "gateppd.h"
#include "ownership.h"
#include "queues.h"
#include "reconcile.h"
#include "saved.h"

typedef struct {
	const miyin_config *config;
	GPtrArray *queues;  /* of miyin_queue, all of the scheduler */
	char **protected;   /* names with something saved */
	GPtrArray *gates;   /* names of gate queues, those and others */
	GPtrArray *devices; /* their device queues, in the same order */
	unsigned n_holes;
} checkup;

static gboolean parse_arguments(int argc, char **argv, gboolean *repair,
				GError **error);
static gboolean begin(checkup *c, gboolean repair, GError **error);
static void find_pairs(checkup *c);
static void add_pair(checkup *c, const char *gate, const char *uri);
static void hole(checkup *c, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void check_pairs(checkup *c);
static void check_gate(checkup *c, const char *name, const char *device);
static void check_device(checkup *c, const char *gate, const char *name);
static void check_saved_uri(checkup *c, const miyin_queue *device,
			    const char *gate);
static void check_policies(checkup *c, const miyin_queue *queue,
			   const char *op_policy);
static void check_neighbours(checkup *c);
static gboolean is_same_device(const char *queue_uri, const char *device_uri);
static void check_classes(checkup *c);
static void check_schemes(checkup *c);
static void check_scheme(checkup *c, const char *name, const char *gate);
static void check_conf(checkup *c);
static void check_block(checkup *c, const char *text);
static void check_file_device(checkup *c);
static void check_browsed(checkup *c);
static void check_counters(checkup *c);
static void check_owners(checkup *c);
static void check_sandbox(checkup *c);
static gboolean has_name(const GPtrArray *names, const char *name);
static gboolean is_off(const char *value);
static void clear(checkup *c);

int miyin_command_doctor(int argc, char **argv, const miyin_config *config,
			 GError **error)
{
	checkup c = { .config = config };
	gboolean repair = FALSE;
	int status = 1;

	if (!parse_arguments(argc, argv, &repair, error))
		return 2;
	if (!begin(&c, repair, error)) {
		clear(&c);
		return 1;
	}
	if (c.queues) {
		check_pairs(&c);
		check_neighbours(&c);
		check_classes(&c);
		check_schemes(&c);
		check_conf(&c);
	}
	check_file_device(&c);
	check_browsed(&c);
	check_counters(&c);
	check_owners(&c);
	check_sandbox(&c);
	if (c.n_holes == 0) {
		printf(g_dngettext(GETTEXT_PACKAGE,
				   "No way around the gate was found on %u "
				   "protected queue.\n",
				   "No way around the gate was found on %u "
				   "protected queues.\n",
				   c.gates->len),
		       c.gates->len);
		status = 0;
	}
	clear(&c);
	return status;
}

static gboolean parse_arguments(int argc, char **argv, gboolean *repair,
				GError **error)
{
	const GOptionEntry entries[] = {
		{ "repair", 0, 0, G_OPTION_ARG_NONE, repair,
		  N_("First write the miyin block of cupsd.conf anew"), NULL },
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
	if (argc != 1) {
		g_set_error_literal(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
				    _("miyin doctor takes no arguments."));
		return FALSE;
	}
	if (geteuid() == 0)
		return TRUE;
	g_set_error_literal(error, MIYIN_ERROR, MIYIN_ERROR_DENIED,
			    _("Only root may look everywhere."));
	return FALSE;
}

static gboolean begin(checkup *c, gboolean repair, GError **error)
{
	g_autoptr(GError) reason = NULL;

	c->gates = g_ptr_array_new_with_free_func(g_free);
	c->devices = g_ptr_array_new_with_free_func(g_free);
	c->protected = miyin_saved_list(c->config, error);
	if (!c->protected)
		return FALSE;
	c->queues = miyin_queues_list(&reason);
	if (!c->queues) {
		hole(c,
		     _("The queues could not be looked at: %s; start the "
		       "scheduler and run this again."),
		     reason->message);
		return TRUE;
	}
	find_pairs(c);
	return !repair || c->gates->len == 0 ||
	       miyin_cupsdconf_install(c->config->user, error);
}

/* What was protected must be a gate; what sends to our backend is one too,
 * however it came about. */
static void find_pairs(checkup *c)
{
	for (char **name = c->protected; *name; name++)
		add_pair(c, *name, NULL);
	for (unsigned i = 0; i < c->queues->len; i++) {
		const miyin_queue *queue = c->queues->pdata[i];

		if (queue->device_uri &&
		    g_str_has_prefix(queue->device_uri, "miyin:/") &&
		    !has_name(c->gates, queue->name))
			add_pair(c, queue->name, queue->device_uri);
	}
}

static void add_pair(checkup *c, const char *gate, const char *uri)
{
	g_autofree char *path = NULL;
	char *device;

	if (uri) {
		path = g_strndup(uri + strlen("miyin:/"),
				 strcspn(uri + strlen("miyin:/"), "?"));
		device = g_uri_unescape_string(path, NULL);
	} else {
		device = g_strconcat(gate, "-device", NULL);
	}
	g_ptr_array_add(c->gates, g_strdup(gate));
	g_ptr_array_add(c->devices, device ? device : g_strdup(""));
}

static void hole(checkup *c, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	/* One hole is one line, whatever somebody called his queue. */
	g_strdelimit(text, "\r\n", ' ');
	printf("%s\n", text);
	c->n_holes++;
}

static void check_pairs(checkup *c)
{
	for (unsigned i = 0; i < c->gates->len; i++) {
		check_gate(c, c->gates->pdata[i], c->devices->pdata[i]);
		check_device(c, c->gates->pdata[i], c->devices->pdata[i]);
	}
}

static void check_gate(checkup *c, const char *name, const char *device)
{
	const miyin_queue *gate = miyin_queues_find(c->queues, name);
	g_autofree char *escaped = g_uri_escape_string(device, NULL, FALSE);
	g_autofree char *uri = g_strconcat("miyin:/", escaped, "?", NULL);
	g_autofree char *ppd = NULL, *line = NULL, *shown = NULL;

	if (!gate) {
		hole(c,
		     _("The protected queue %s is gone, so its users print "
		       "elsewhere; run miyin unprotect %s."),
		     name, name);
		return;
	}
	shown = miyin_queue_bare_uri(gate->device_uri ? gate->device_uri : "?");
	if (!gate->device_uri || !g_str_has_prefix(gate->device_uri, uri))
		hole(c,
		     _("The queue %s does not send to %s but to %s, so "
		       "nothing is marked; run miyin unprotect %s and "
		       "protect it again."),
		     name, device, shown, name);
	check_policies(c, gate, MIYIN_POLICY_GATE);
	ppd = miyin_queue_read_ppd(name, NULL);
	if (!ppd)
		hole(c,
		     _("The queue %s has lost its PPD, so it takes raw data "
		       "only; run miyin unprotect %s and protect it again."),
		     name, name);
	else if (!miyin_gateppd_is_tight(ppd, &line))
		hole(c,
		     _("The PPD of %s does not send everything to "
		       "miyincollect (%s), so jobs fail or go around it; "
		       "run miyin unprotect %s and protect it again."),
		     name, line, name);
	if (gate->reasons &&
	    (g_strv_contains((const char *const *)gate->reasons,
			     "cups-missing-filter-warning") ||
	     g_strv_contains((const char *const *)gate->reasons,
			     "cups-insecure-filter-warning")))
		hole(c,
		     _("The scheduler finds miyincollect missing or open to "
		       "change, so %s prints nothing; install miyin "
		       "again."),
		     name);
}

static void check_device(checkup *c, const char *gate, const char *name)
{
	const miyin_queue *device = miyin_queues_find(c->queues, name);
	g_autofree char *ppd = NULL;

	if (!device) {
		hole(c,
		     _("The device queue %s is gone, so %s prints nothing; "
		       "run miyin unprotect %s and protect it again."),
		     name, gate, gate);
		return;
	}
	check_policies(c, device, MIYIN_POLICY_DEVICE);
	if (device->shared)
		hole(c,
		     _("The device queue %s is shared on the network, where "
		       "it offers unmarked printing; run lpadmin -p %s -o "
		       "printer-is-shared=false."),
		     name, name);
	check_saved_uri(c, device, gate);
	ppd = miyin_queue_read_ppd(name, NULL);
	if (!ppd || miyin_gateppd_is_gate(ppd))
		hole(c,
		     _("The device queue %s has not its printer's PPD, so "
		       "marked pages come out wrong or not at all; run "
		       "miyin unprotect %s and protect it again."),
		     name, gate);
}

static void check_saved_uri(checkup *c, const miyin_queue *device,
			    const char *gate)
{
	g_autoptr(miyin_saved) saved = miyin_saved_open(c->config, gate, NULL);
	const char *uri = device->device_uri ? device->device_uri : "?";
	g_autofree char *real = miyin_deviceuri_unwrap(uri);
	g_autofree char *shown = miyin_queue_bare_uri(uri);

	if (!saved)
		hole(c,
		     _("The queue %s was not made by miyin protect, so "
		       "nobody knows what it was before; remove it and "
		       "protect the printer's own queue."),
		     gate);
	else if (g_strcmp0(real, saved->queue->device_uri))
		hole(c,
		     _("The device queue %s sends to %s and not to the "
		       "printer that was protected, so copies may come out "
		       "in another room; set it back with lpadmin, or "
		       "unprotect and protect %s."),
		     device->name, shown, gate);
}

static void check_policies(checkup *c, const miyin_queue *queue,
			   const char *op_policy)
{
	const char *name = queue->name;

	if (g_strcmp0(queue->op_policy, op_policy))
		hole(c,
		     _("The queue %s has the policy %s and not %s, so "
		       "people may do what they must not; run lpadmin -p %s "
		       "-o printer-op-policy=%s."),
		     name, queue->op_policy ? queue->op_policy : "?", op_policy,
		     name, op_policy);
	if (g_strcmp0(queue->error_policy, "abort-job"))
		hole(c,
		     _("The queue %s has the error policy %s, so a failed "
		       "copy may be printed twice; run lpadmin -p %s -o "
		       "printer-error-policy=abort-job."),
		     name, queue->error_policy ? queue->error_policy : "?",
		     name);
}

static void check_neighbours(checkup *c)
{
	for (unsigned i = 0; i < c->queues->len; i++) {
		const miyin_queue *queue = c->queues->pdata[i];

		if (!queue->device_uri || has_name(c->gates, queue->name) ||
		    has_name(c->devices, queue->name))
			continue;
		for (unsigned d = 0; d < c->devices->len; d++) {
			const miyin_queue *device = miyin_queues_find(
				c->queues, c->devices->pdata[d]);

			if (device && device->device_uri &&
			    is_same_device(queue->device_uri,
					   device->device_uri))
				hole(c,
				     _("The queue %s prints on the device "
				       "of %s, so documents leave it "
				       "without marks; remove it with "
				       "lpadmin -x %s."),
				     queue->name, device->name, queue->name);
		}
	}
}

/* A rogue queue may name our backend in front of the printer too. */
static gboolean is_same_device(const char *queue_uri, const char *device_uri)
{
	g_autofree char *queue = miyin_deviceuri_unwrap(queue_uri);
	g_autofree char *device = miyin_deviceuri_unwrap(device_uri);

	return miyin_device_is_same(queue ? queue : queue_uri,
				    device ? device : device_uri);
}

static void check_classes(checkup *c)
{
	for (unsigned i = 0; i < c->queues->len; i++) {
		const miyin_queue *class = c->queues->pdata[i];

		for (int m = 0; class->members && class->members[m]; m++)
			if (has_name(c->gates, class->members[m]) ||
			    has_name(c->devices, class->members[m]))
				hole(c,
				     _("The class %s contains %s, so the "
				       "class's policy counts and not the "
				       "queue's; take it out with lpadmin "
				       "-p %s -r %s."),
				     class->name, class->members[m],
				     class->members[m], class->name);
	}
}

/* No way around the gate, but none through it either. */
static void check_schemes(checkup *c)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (unsigned i = 0; i < c->gates->len; i++) {
		const miyin_queue *gate =
			miyin_queues_find(c->queues, c->gates->pdata[i]);
		const char *given = gate && gate->device_uri
					    ? strstr(gate->device_uri,
						     "?scheme=")
					    : NULL;
		char *name;

		if (!given)
			continue;
		given += strlen("?scheme=");
		name = g_strndup(given, strcspn(given, "&"));
		if (g_hash_table_add(seen, name))
			check_scheme(c, name, gate->name);
	}
}

static void check_scheme(checkup *c, const char *name, const char *gate)
{
	g_autoptr(GError) reason = NULL;
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(c->config->scheme_dir, name, &reason);
	g_autofree char *missing =
		scheme ? miyin_press_find_missing_of_scheme(
				 c->config->program_dir, scheme, &reason)
		       : NULL;

	if (!missing)
		hole(c, _("The queue %s prints nothing, for its scheme cannot "
			  "be used: %s"), gate, reason->message);
	else if (*missing)
		hole(c, _("The queue %s cannot print some marks, for no font "
			  "here has \"%s\" of scheme %s; install one that has "
			  "it."), gate, missing, name);
}

/* Only protected queues need it. */
static void check_conf(checkup *c)
{
	g_autoptr(GError) reason = NULL;
	g_autofree char *text = NULL, *keep = NULL, *policy = NULL;

	if (c->gates->len == 0)
		return;
	text = miyin_cupsdconf_read(&reason);
	if (!text) {
		hole(c, _("cupsd.conf could not be looked at: %s"),
		     reason->message);
		return;
	}
	check_block(c, text);
	keep = miyin_cupsdconf_get(text, "PreserveJobFiles");
	if (!keep || !is_off(keep))
		hole(c, _("cupsd.conf does not say PreserveJobFiles No, so "
			  "unmarked documents stay in the spool folder; run "
			  "miyin doctor --repair and look for another "
			  "PreserveJobFiles below our block."));
	policy = miyin_cupsdconf_get(text, "DefaultPolicy");
	if (!miyin_cupsdconf_forbids(text, policy ? policy : "default",
				     "CUPS-Get-Document"))
		hole(c,
		     _("The default policy %s of cupsd.conf lets an "
		       "administrator fetch unmarked documents "
		       "(CUPS-Get-Document); run miyin doctor --repair."),
		     policy ? policy : "default");
}

static void check_block(checkup *c, const char *text)
{
	g_autofree char *block = miyin_cupsdconf_block(text);
	g_autofree char *whole = miyin_cupsdconf_add(text, c->config->user);
	g_autofree char *wanted = miyin_cupsdconf_block(whole);

	if (!block)
		hole(c, _("cupsd.conf has no miyin block, so the policies of "
			  "protected queues are not in force; run miyin doctor "
			  "--repair."));
	else if (!g_str_equal(block, wanted))
		hole(c, _("The miyin block of cupsd.conf was altered, or the "
			  "default policy above it, so people may do what they "
			  "must not; run miyin doctor --repair."));
}

/* This file the scheduler shows to nobody. */
static void check_file_device(checkup *c)
{
	g_autofree char *path = g_build_filename(miyin_queue_server_root(),
						 "cups-files.conf", NULL);
	g_autofree char *text = NULL, *value = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	value = miyin_cupsdconf_get(text, "FileDevice");
	if (value && !is_off(value))
		hole(c,
		     _("%s says FileDevice %s, so a queue may write to a "
		       "printer's device file without any backend; say "
		       "FileDevice No and restart the scheduler."),
		     path, value);
}

static void check_browsed(checkup *c)
{
	g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
	const char *name;

	while (proc && (name = g_dir_read_name(proc))) {
		g_autofree char *path =
			g_build_filename("/proc", name, "comm", NULL);
		g_autofree char *comm = NULL;

		if (g_ascii_isdigit(*name) &&
		    g_file_get_contents(path, &comm, NULL, NULL) &&
		    g_str_equal(g_strchomp(comm), "cups-browsed")) {
			hole(c, _("cups-browsed is running, which adds queues "
				  "for printers that it finds, protected ones "
				  "too; run systemctl disable --now "
				  "cups-browsed."));
			return;
		}
	}
}

static void check_counters(checkup *c)
{
	g_auto(GStrv) problems = miyin_reconcile(c->config, c->gates);

	for (char **problem = problems; *problem; problem++)
		hole(c, "%s", *problem);
}

static void check_owners(checkup *c)
{
	g_auto(GStrv) problems = miyin_ownership_check(c->config);

	for (char **problem = problems; *problem; problem++)
		hole(c, "%s", *problem);
}

/* What was said to be dispensable is no hole. */
static void check_sandbox(checkup *c)
{
	g_autoptr(GError) reason = NULL;
	const char *warning;

	if (!miyin_sandbox_check(c->config->landlock_required, &warning,
				 &reason))
		hole(c, "%s", reason->message);
	else if (warning)
		fprintf(stderr, "%s\n", warning);
}

static gboolean has_name(const GPtrArray *names, const char *name)
{
	for (unsigned i = 0; i < names->len; i++)
		if (g_ascii_strcasecmp(names->pdata[i], name) == 0)
			return TRUE;
	return FALSE;
}

static gboolean is_off(const char *value)
{
	static const char *const words[] = { "no", "off", "false", "disabled",
					     "0" };

	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(value, words[i]) == 0)
			return TRUE;
	return FALSE;
}

static void clear(checkup *c)
{
	g_clear_pointer(&c->queues, g_ptr_array_unref);
	g_strfreev(c->protected);
	g_ptr_array_unref(c->gates);
	g_ptr_array_unref(c->devices);
}

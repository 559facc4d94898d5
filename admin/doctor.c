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
#include <miyin/deviceppd.h>
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <miyin/sandbox.h>
#include "beginning.h"
#include <miyin/commands.h>
#include "conversions.h"
#include "cover.h"
#include "cupsdconf.h"
#include "cupsfiles.h"
#include "device.h"
#include "firewall.h"
#include "gateppd.h"
#include "ownership.h"
#include "queues.h"
#include "reconcile.h"
#include "registerhealth.h"
#include "ruleshealth.h"
#include "serverhealth.h"
#include "saved.h"
#include "subscriptions.h"

#define MAX_JOBS 500	   /* of cupsd, where nothing is said */
#define MAX_JOBS_LEAST 100 /* for a server that several people use */

typedef struct {
	const miyin_config *config;
	GPtrArray *queues;    /* of miyin_queue, all of the scheduler */
	char **protected;     /* names with something saved */
	GPtrArray *gates;     /* names of gate queues, those and others */
	GPtrArray *devices;   /* their device queues, in the same order */
	unsigned n_holes;
} checkup;

static void hole(checkup *c, const char *format, ...) G_GNUC_PRINTF(2, 3);

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

static gboolean mend(checkup *c, GError **error)
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

static gboolean has_name(const GPtrArray *names, const char *name)
{
	for (unsigned i = 0; i < names->len; i++)
		if (g_ascii_strcasecmp(names->pdata[i], name) == 0)
			return TRUE;
	return FALSE;
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

static gboolean begin(checkup *c, gboolean repair, GError **error)
{
	g_autoptr(GError) reason = NULL;

	c->gates = g_ptr_array_new_with_free_func(g_free);
	c->devices = g_ptr_array_new_with_free_func(g_free);
	c->protected = miyin_protected_list(c->config, error);
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
	return !repair || c->gates->len == 0 || mend(c, error);
}

/* With another scheme or level its pages bear other marks. */
static void check_gate_uri(checkup *c, const miyin_queue *gate)
{
	g_autoptr(miyin_saved) saved =
		miyin_saved_open(c->config, gate->name, NULL);
	g_autofree char *uri = saved ? miyin_saved_gate_uri(saved) : NULL;

	if (uri && !g_str_equal(uri, gate->device_uri))
		hole(c,
		     _("The queue %s was protected as %s and is %s now, so its "
		       "pages bear other marks; run miyin unprotect %s and "
		       "protect it again."),
		     gate->name, uri, gate->device_uri, gate->name);
}

static void check_running(checkup *c, const miyin_queue *queue)
{
	if (queue->stopped)
		hole(c,
		     _("The queue %s is paused, so nothing is printed; run "
		       "cupsenable %s."),
		     queue->name, queue->name);
	if (!queue->accepting)
		hole(c, _("The queue %s takes no jobs; run cupsaccept %s."),
		     queue->name, queue->name);
}

/* The administrator said so; whoever looks later should know. */
static void tell_allowed(const char *gate, const char *ppd)
{
	g_auto(GStrv) names = ppd ? miyin_gateppd_list_allowed(ppd) : NULL;

	for (int i = 0; names && names[i]; i++)
		fprintf(stderr,
			_("Users of %s may choose the printer's option %s, by "
			  "miyin protect --allow-option; nobody has checked "
			  "that it does not keep, repeat or lighten a page.\n"),
			gate, names[i]);
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

/* Such a document would be laid out by a filter of the scheduler's, as lp, in no
 * account and on no budget of its job. */
static void tell_conversions(checkup *c, const char *name, const char *ppd)
{
	g_auto(GStrv) taken = miyin_gateppd_list_types(ppd);
	g_auto(GStrv) others =
		miyin_conversions_find(NULL, (const char *const *)taken);
	g_autofree char *list = g_strjoinv(_(", "), others);

	if (*list)
		hole(c,
		     _("The server converts %s itself before %s gets it, as lp "
		       "and without a limit; run miyin unprotect %s and "
		       "protect it again."),
		     list, name, name);
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
	shown = miyin_deviceuri_bare(gate->device_uri ? gate->device_uri : "?");
	if (!gate->device_uri || !g_str_has_prefix(gate->device_uri, uri))
		hole(c,
		     _("The queue %s does not send to %s but to %s, so "
		       "nothing is marked; run miyin unprotect %s and "
		       "protect it again."),
		     name, device, shown, name);
	else
		check_gate_uri(c, gate);
	check_running(c, gate);
	check_policies(c, gate, MIYIN_POLICY_GATE);
	if (gate->auth_info)
		hole(c,
		     _("The queue %s has auth-info-required (%s), with which a "
		       "job can name another user or hang the scheduler; run "
		       "miyin doctor --repair."),
		     name, gate->auth_info);
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
	if (ppd)
		tell_conversions(c, name, ppd);
	tell_allowed(name, ppd);
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

static void check_saved_uri(checkup *c, const miyin_queue *device,
			    const char *gate)
{
	g_autoptr(GError) reason = NULL;
	g_autoptr(miyin_saved) saved =
		miyin_saved_open(c->config, gate, &reason);
	const char *uri = device->device_uri ? device->device_uri : "?";
	g_autofree char *real = miyin_deviceuri_unwrap(uri);
	g_autofree char *shown = miyin_deviceuri_bare(uri);

	if (!saved &&
	    !g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_MISSING))
		hole(c,
		     _("What the queue %s was before it was protected cannot "
		       "be read, so nobody sees whether it is changed: %s"),
		     gate, reason->message);
	else if (!saved)
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

static void check_device(checkup *c, const char *gate, const char *name)
{
	const miyin_queue *device = miyin_queues_find(c->queues, name);
	g_autofree char *ppd = NULL;
	g_autofree char *printer = NULL;
	g_autofree char *monitor = NULL;

	if (!device) {
		hole(c,
		     _("The device queue %s is gone, so %s prints nothing; "
		       "run miyin unprotect %s and protect it again."),
		     name, gate, gate);
		return;
	}
	check_running(c, device);
	check_policies(c, device, MIYIN_POLICY_DEVICE);
	/* The stock ipp backend sets "none" by itself. */
	if (device->auth_info && !g_str_equal(device->auth_info, "none"))
		hole(c,
		     _("The device queue %s has auth-info-required (%s), so "
		       "copies wait for a password that nobody gives; put it "
		       "into the device URI and run lpadmin -p %s -o "
		       "auth-info-required=none."),
		     name, device->auth_info, name);
	if (device->shared)
		hole(c,
		     _("The device queue %s is shared on the network, where "
		       "it offers unmarked printing; run lpadmin -p %s -o "
		       "printer-is-shared=false."),
		     name, name);
	check_saved_uri(c, device, gate);
	ppd = miyin_queue_read_ppd(name, NULL);
	printer = ppd ? miyin_deviceppd_restore(ppd, &monitor, NULL) : NULL;
	if (!printer || miyin_gateppd_is_gate(printer))
		hole(c,
		     _("The device queue %s has not its printer's PPD, so "
		       "marked pages come out wrong or not at all; run "
		       "miyin unprotect %s and protect it again."),
		     name, gate);
}

static void check_pairs(checkup *c)
{
	for (unsigned i = 0; i < c->gates->len; i++) {
		check_gate(c, c->gates->pdata[i], c->devices->pdata[i]);
		check_device(c, c->gates->pdata[i], c->devices->pdata[i]);
	}
}

/* CUPS asks the policy of the queue in a request, not that of the job's. */
static void check_cover(checkup *c, const miyin_queue *queue)
{
	if (c->gates->len > 0 && queue->op_policy &&
	    !miyin_cupsdconf_is_cover(queue->op_policy))
		hole(c,
		     _("The queue %s has the policy %s, through which people "
		       "read the jobs of protected queues; run miyin doctor "
		       "--repair."),
		     queue->name, queue->op_policy);
}

/* A rogue queue may name our backend in front of the printer too. */
static gboolean is_same_device(const char *queue_uri, const char *device_uri)
{
	g_autofree char *queue = miyin_deviceuri_unwrap(queue_uri);
	g_autofree char *device = miyin_deviceuri_unwrap(device_uri);

	return miyin_device_is_same(queue ? queue : queue_uri,
				    device ? device : device_uri);
}

static void check_neighbours(checkup *c)
{
	for (unsigned i = 0; i < c->queues->len; i++) {
		const miyin_queue *queue = c->queues->pdata[i];

		if (has_name(c->gates, queue->name) ||
		    has_name(c->devices, queue->name))
			continue;
		check_cover(c, queue);
		if (!queue->device_uri)
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

/* Around every queue, from an account of this server. */
static void check_reach(checkup *c)
{
	if (c->config->direct_accepted && !miyin_firewall_is_wanted())
		return;
	for (unsigned i = 0; i < c->gates->len; i++) {
		const char *gate = c->gates->pdata[i];
		g_autoptr(miyin_saved) saved =
			miyin_saved_open(c->config, gate, NULL);
		const char *uri = saved ? saved->queue->device_uri : NULL;
		g_autofree char *where = uri ? miyin_firewall_reach(uri) : NULL;
		g_autoptr(GError) reason = NULL;

		if (uri && !c->config->direct_accepted &&
		    !miyin_firewall_can_close(uri, &reason))
			hole(c,
			     _("Nobody can try whether other accounts reach "
			       "the printer of %s itself: %s"),
			     gate, reason->message);
		else if (where)
			hole(c,
			     _("Any account of this server reaches the printer "
			       "of %s itself (%s), where nothing is marked; "
			       "run miyin protect --firewall."),
			     gate, where);
	}
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

/* remarks: what is no hole, or NULL. */
static void tell_all(checkup *c, char *const *problems,
		     const GPtrArray *remarks)
{
	for (; *problems; problems++)
		hole(c, "%s", *problems);
	for (unsigned i = 0; remarks && i < remarks->len; i++)
		fprintf(stderr, "%s\n", (char *)remarks->pdata[i]);
}

static void check_rules(checkup *c)
{
	g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) problems = miyin_ruleshealth_check(c->config, c->gates,
							 c->queues, remarks);

	tell_all(c, problems, remarks);
}

static void check_server(checkup *c)
{
	g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) problems = miyin_serverhealth_check(remarks);

	tell_all(c, problems, remarks);
}

/* Each copy is a job of its own while it is printed. One that finds no place
 * for two minutes is void. */
static void check_places(checkup *c, const char *text)
{
	g_autofree char *value = miyin_cupsdconf_get(text, "MaxJobs");
	gint64 places = value ? g_ascii_strtoll(value, NULL, 10) : MAX_JOBS;
	int n_jobs;

	if (places == 0)
		return;
	if (places < MAX_JOBS_LEAST)
		hole(c,
		     _("cupsd.conf says MaxJobs %s, and where so few jobs wait "
		       "the copies of others are not printed; say MaxJobs %d "
		       "or 0, which is without a limit."),
		     value, MAX_JOBS);
	n_jobs = miyin_queue_count_jobs(NULL, NULL);
	if (n_jobs > places / 5 * 4)
		hole(c,
		     _("The scheduler has %d jobs that are not finished and "
		       "takes %d, and copies that find no place are not "
		       "printed; cancel jobs that are held, or raise MaxJobs "
		       "in cupsd.conf."),
		     n_jobs, (int)places);
}

/* cupsd 2.4 forgets what is private of a job that it has put aside: scheduler/
 * ipp.c, copy_job_attrs. Without a history nobody reads how his job ended. */
static void tell_history(const char *text)
{
	g_autofree char *history =
		miyin_cupsdconf_get(text, "PreserveJobHistory");

	if (!history || !miyin_cupsdconf_is_off(history))
		fprintf(stderr, "%s\n",
			_("Whoever may log in can read titles and owners of "
			  "finished jobs from the scheduler; where that is too "
			  "much, say PreserveJobHistory No in cupsd.conf, and "
			  "the messages of finished jobs go too."));
}

static void check_subscriptions(checkup *c)
{
	g_autoptr(GError) reason = NULL;
	g_autoptr(GPtrArray) list = miyin_subscriptions_list(c->gates, &reason);

	if (!list)
		hole(c,
		     _("Whether somebody is told the titles of jobs could not "
		       "be looked at: %s"),
		     reason->message);
	for (unsigned i = 0; list && i < list->len; i++) {
		const miyin_subscription *s = list->pdata[i];

		hole(c,
		     _("The subscription %d of %s to the scheduler's events "
		       "(%s) shows the titles of jobs; run miyin doctor "
		       "--repair."),
		     s->id, s->user, s->recipient ? s->recipient : "ippget");
	}
}

/* With Negotiate cupsd demands no encryption, whatever the policy says, and
 * before the fix of CVE-2025-58060 it took a Basic password too: then no
 * address may be without TLS. Source: cups 2.4.2, scheduler/auth.c,
 * cupsdIsAuthorized. */
static void check_negotiate(checkup *c, const char *text)
{
	g_autofree char *open = miyin_cupsdconf_in_clear(text);

	if (open)
		hole(c,
		     _("cupsd.conf says DefaultAuthType Negotiate, with which "
		       "the scheduler takes tickets and documents in clear at "
		       "%s; say SSLListen with an address there, or "
		       "DefaultAuthType Basic."),
		     open);
}

/* What our policies mean by a login. */
static void check_login(checkup *c, const char *text)
{
	g_autofree char *type = miyin_cupsdconf_get(text, "DefaultAuthType");
	g_autofree char *tls = miyin_cupsdconf_get(text, "DefaultEncryption");

	if (type && g_ascii_strcasecmp(type, "Negotiate") == 0)
		check_negotiate(c, text);
	else if (type && g_ascii_strcasecmp(type, "Basic"))
		hole(c,
		     _("cupsd.conf says DefaultAuthType %s, with which the "
		       "scheduler takes passwords, or names, in clear from the "
		       "network; say DefaultAuthType Basic."),
		     type);
	if (tls && g_ascii_strcasecmp(tls, "Required"))
		hole(c,
		     _("cupsd.conf says DefaultEncryption %s below the miyin "
		       "block, so programs send passwords in clear; take that "
		       "line out."),
		     tls);
}

static void check_block(checkup *c, const char *text)
{
	g_autofree char *block = miyin_cupsdconf_block(text);
	g_autofree char *whole = miyin_cupsdconf_add(text, c->config->user);
	g_autofree char *wanted = miyin_cupsdconf_block(whole);
	g_autofree char *other =
		miyin_cupsdconf_differs(text, c->config->user);

	if (!block)
		hole(c, _("cupsd.conf has no miyin block, or cupsctl took its "
			  "marks away, so nobody knows whether the policies of "
			  "protected queues are in force; run miyin doctor "
			  "--repair."));
	else if (!g_str_equal(block, wanted))
		hole(c, _("The miyin block of cupsd.conf was altered, or the "
			  "default policy above it, so people may do what they "
			  "must not; run miyin doctor --repair."));
	else if (other)
		hole(c, _("Something outside the miyin block of cupsd.conf "
			  "changes who may do what (%s), so people may do what "
			  "they must not; take it out, or run miyin doctor "
			  "--repair."),
		     other);
}

/* Only protected queues need it. */
static void check_conf(checkup *c)
{
	g_autoptr(GError) reason = NULL;
	g_autofree char *text = NULL, *keep = NULL, *events = NULL;

	if (c->gates->len == 0)
		return;
	text = miyin_cupsdconf_read(&reason);
	if (!text) {
		hole(c, _("cupsd.conf could not be looked at: %s"),
		     reason->message);
		return;
	}
	check_block(c, text);
	check_login(c, text);
	check_subscriptions(c);
	keep = miyin_cupsdconf_get(text, "PreserveJobFiles");
	if (!keep || !miyin_cupsdconf_is_off(keep))
		hole(c, _("cupsd.conf does not say PreserveJobFiles No, so "
			  "unmarked documents stay in the spool folder; run "
			  "miyin doctor --repair and look for another "
			  "PreserveJobFiles below our block."));
	check_places(c, text);
	tell_history(text);
	events = miyin_cupsdconf_get(text, "MaxEvents");
	if (g_strcmp0(events, "0"))
		hole(c, _("cupsd.conf does not say MaxEvents 0, so people read "
			  "the titles of others' jobs in the scheduler's "
			  "events; run miyin doctor --repair and look for "
			  "another MaxEvents below our block."));
}

static void check_files(checkup *c)
{
	g_auto(GStrv) problems = miyin_cupsfiles_check(c->config);

	tell_all(c, problems, NULL);
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
		    g_str_equal(g_strchomp(comm), "cups-browsed") &&
		    is_ours(name)) {
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

	tell_all(c, problems, NULL);
}

static void check_owners(checkup *c)
{
	g_auto(GStrv) problems = miyin_ownership_check(c->config);

	tell_all(c, problems, NULL);
}

/* FALSE: without a register there is nothing to look into. Keys that are there
 * and cannot be read are among the owners. */
static gboolean check_beginning(checkup *c)
{
	g_autoptr(GError) reason = NULL;
	gboolean first;

	if (!miyin_beginning_check_register(c->config, c->gates->len > 0,
					    &first, &reason)) {
		hole(c, _("Nothing is printed: %s"), reason->message);
		return FALSE;
	}
	if (!miyin_beginning_check_keys(c->config, first, &reason) &&
	    !g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_SYSTEM))
		hole(c, _("Nothing is printed: %s"), reason->message);
	return TRUE;
}

/* Before the first queue was protected there is none. */
static void check_register(checkup *c)
{
	g_auto(GStrv) problems = NULL;

	if (c->gates->len == 0)
		return;
	problems = miyin_registerhealth_check(c->config);
	tell_all(c, problems, NULL);
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
	g_clear_error(&reason);
	if (!miyin_sandbox_check_room(c->config->landlock_required, &warning,
				      &reason))
		hole(c, "%s", reason->message);
	else if (warning)
		fprintf(stderr, "%s\n", warning);
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
		fprintf(stderr, "%s\n",
			_("Everybody on this server can read titles, "
			  "references and holders of running jobs with ps; "
			  "mount /proc with hidepid=2."));
}

static void clear(checkup *c)
{
	g_clear_pointer(&c->queues, g_ptr_array_unref);
	g_strfreev(c->protected);
	g_ptr_array_unref(c->gates);
	g_ptr_array_unref(c->devices);
}

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
		check_reach(&c);
		check_classes(&c);
		check_conf(&c);
	}
	check_rules(&c);
	check_server(&c);
	check_files(&c);
	check_browsed(&c);
	check_owners(&c);
	if (check_beginning(&c)) {
		check_counters(&c);
		check_register(&c);
	}
	check_sandbox(&c);
	check_proc();
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

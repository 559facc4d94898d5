/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checkup.h"
#include "conversions.h"
#include "cupsdconf.h"
#include "device.h"
#include "firewall.h"
#include "gateppd.h"
#include "queues.h"
#include "saved.h"
#include <glib/gi18n.h>
#include <miyin/deviceppd.h>
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <miyin/gateuri.h>
#include <miyin/queuepolicy.h>

/* With another scheme or level its pages bear other marks. */
static void check_gate_uri(miyin_checkup *c, const miyin_queue *gate)
{
	g_autoptr(miyin_saved) saved =
		miyin_saved_open(c->config, gate->name, NULL);
	g_autofree char *uri = saved ? miyin_saved_gate_uri(saved) : NULL;

	if (uri && !g_str_equal(uri, gate->device_uri))
		miyin_checkup_hole(
			c,
			_("The queue %s was protected as %s and is %s now, "
			  "so its pages bear other marks; run miyin "
			  "unprotect %s and protect it again."),
			gate->name, uri, gate->device_uri, gate->name);
}

static void check_running(miyin_checkup *c, const miyin_queue *queue)
{
	if (queue->stopped)
		miyin_checkup_hole(
			c,
			_("The queue %s is paused, so nothing is printed; "
			  "run cupsenable %s."),
			queue->name, queue->name);
	if (!queue->accepting)
		miyin_checkup_hole(
			c, _("The queue %s takes no jobs; run cupsaccept %s."),
			queue->name, queue->name);
}

/* The administrator said so; whoever looks later should know. */
static void tell_allowed(const char *gate, const char *ppd)
{
	g_auto(GStrv) names = miyin_gateppd_list_allowed(ppd);

	for (int i = 0; names[i]; i++)
		miyin_checkup_remark(
			_("Users of %s may choose the printer's option %s, "
			  "by miyin protect --allow-option; nobody has "
			  "checked that it does not keep, repeat or lighten "
			  "a page."),
			gate, names[i]);
}

static void check_policies(miyin_checkup *c, const miyin_queue *queue,
			   const char *op_policy)
{
	const char *name = queue->name;

	if (g_strcmp0(queue->op_policy, op_policy))
		miyin_checkup_hole(
			c,
			_("The queue %s has the policy %s and not %s, so "
			  "people may do what they must not; run lpadmin -p "
			  "%s -o printer-op-policy=%s."),
			name, queue->op_policy ? queue->op_policy : "?",
			op_policy, name, op_policy);
	if (g_strcmp0(queue->error_policy, "abort-job"))
		miyin_checkup_hole(
			c,
			_("The queue %s has the error policy %s, so a failed "
			  "copy may be printed twice; run lpadmin -p %s -o "
			  "printer-error-policy=abort-job."),
			name, queue->error_policy ? queue->error_policy : "?",
			name);
}

/* Such a document would be laid out by a filter of the scheduler's, as lp, in
 * no account and on no budget of its job. */
static void check_conversions(miyin_checkup *c, const char *name,
			      const char *ppd)
{
	g_auto(GStrv) taken = miyin_gateppd_list_types(ppd);
	g_auto(GStrv) others =
		miyin_conversions_find(NULL, (const char *const *)taken);
	g_autofree char *list = g_strjoinv(_(", "), others);

	if (*list)
		miyin_checkup_hole(
			c,
			_("The server converts %s itself before %s gets it, "
			  "as lp and without a limit; run miyin unprotect %s "
			  "and protect it again."),
			list, name, name);
}

static void check_ppd(miyin_checkup *c, const char *name)
{
	g_autofree char *ppd = miyin_queue_read_ppd(name, NULL);
	g_autofree char *line = NULL;

	if (!ppd) {
		miyin_checkup_hole(
			c,
			_("The queue %s has lost its PPD, so it takes raw "
			  "data only; run miyin unprotect %s and protect it "
			  "again."),
			name, name);
		return;
	}
	if (!miyin_gateppd_is_tight(ppd, &line))
		miyin_checkup_hole(
			c,
			_("The PPD of %s does not send everything to "
			  "miyincollect (%s), so jobs fail or go around it; "
			  "run miyin unprotect %s and protect it again."),
			name, line, name);
	check_conversions(c, name, ppd);
	tell_allowed(name, ppd);
}

static void check_gate(miyin_checkup *c, const char *name, const char *device)
{
	const miyin_queue *gate = miyin_queues_find(c->queues, name);
	g_autofree char *uri = miyin_gateuri_start(device);
	g_autofree char *shown = NULL;

	if (!gate) {
		miyin_checkup_hole(
			c,
			_("The protected queue %s is gone, so its users "
			  "print elsewhere; run miyin unprotect %s."),
			name, name);
		return;
	}
	shown = miyin_deviceuri_bare(gate->device_uri ? gate->device_uri : "?");
	if (!gate->device_uri || !g_str_has_prefix(gate->device_uri, uri))
		miyin_checkup_hole(
			c,
			_("The queue %s does not send to %s but to %s, so "
			  "nothing is marked; run miyin unprotect %s and "
			  "protect it again."),
			name, device, shown, name);
	else
		check_gate_uri(c, gate);
	check_running(c, gate);
	check_policies(c, gate, MIYIN_POLICY_GATE);
	if (gate->auth_info)
		miyin_checkup_hole(
			c,
			_("The queue %s has auth-info-required (%s), with "
			  "which a job can name another user or hang the "
			  "scheduler; run miyin doctor --repair."),
			name, gate->auth_info);
	check_ppd(c, name);
	if (gate->reasons &&
	    (g_strv_contains((const char *const *)gate->reasons,
			     "cups-missing-filter-warning") ||
	     g_strv_contains((const char *const *)gate->reasons,
			     "cups-insecure-filter-warning")))
		miyin_checkup_hole(
			c,
			_("The scheduler finds miyincollect missing or open "
			  "to change, so %s prints nothing; install miyin "
			  "again."),
			name);
}

static void check_saved_uri(miyin_checkup *c, const miyin_queue *device,
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
		miyin_checkup_hole(
			c,
			_("What the queue %s was before it was protected "
			  "cannot be read, so nobody sees whether it is "
			  "changed: %s"),
			gate, reason->message);
	else if (!saved)
		miyin_checkup_hole(
			c,
			_("The queue %s was not made by miyin protect, so "
			  "nobody knows what it was before; remove it and "
			  "protect the printer's own queue."),
			gate);
	else if (g_strcmp0(real, saved->queue->device_uri))
		miyin_checkup_hole(
			c,
			_("The device queue %s sends to %s and not to the "
			  "printer that was protected, so copies may come "
			  "out in another room; set it back with lpadmin, or "
			  "unprotect and protect %s."),
			device->name, shown, gate);
}

static void check_device(miyin_checkup *c, const char *gate, const char *name)
{
	const miyin_queue *device = miyin_queues_find(c->queues, name);
	g_autofree char *ppd = NULL;
	g_autofree char *printer = NULL;
	g_autofree char *monitor = NULL;

	if (!device) {
		miyin_checkup_hole(
			c,
			_("The device queue %s is gone, so %s prints "
			  "nothing; run miyin unprotect %s and protect it "
			  "again."),
			name, gate, gate);
		return;
	}
	check_running(c, device);
	check_policies(c, device, MIYIN_POLICY_DEVICE);
	/* The stock ipp backend sets "none" by itself. */
	if (device->auth_info && !g_str_equal(device->auth_info, "none"))
		miyin_checkup_hole(
			c,
			_("The device queue %s has auth-info-required (%s), "
			  "so copies wait for a password that nobody gives; "
			  "put it into the device URI and run lpadmin -p %s "
			  "-o auth-info-required=none."),
			name, device->auth_info, name);
	if (device->shared)
		miyin_checkup_hole(
			c,
			_("The device queue %s is shared on the network, "
			  "where it offers unmarked printing; run lpadmin -p "
			  "%s -o printer-is-shared=false."),
			name, name);
	check_saved_uri(c, device, gate);
	ppd = miyin_queue_read_ppd(name, NULL);
	printer = ppd ? miyin_deviceppd_restore(ppd, &monitor, NULL) : NULL;
	if (!printer || miyin_gateppd_is_gate(printer))
		miyin_checkup_hole(
			c,
			_("The device queue %s has not its printer's PPD, so "
			  "marked pages come out wrong or not at all; run "
			  "miyin unprotect %s and protect it again."),
			name, gate);
}

static void check_pairs(miyin_checkup *c)
{
	for (unsigned i = 0; i < c->gates->len; i++) {
		check_gate(c, c->gates->pdata[i], c->devices->pdata[i]);
		check_device(c, c->gates->pdata[i], c->devices->pdata[i]);
	}
}

/* CUPS asks the policy of the queue in a request, not that of the job's. */
static void check_cover(miyin_checkup *c, const miyin_queue *queue)
{
	if (c->gates->len > 0 && queue->op_policy &&
	    !miyin_cupsdconf_is_cover(queue->op_policy))
		miyin_checkup_hole(
			c,
			_("The queue %s has the policy %s, through which "
			  "people read the jobs of protected queues; run "
			  "miyin doctor --repair."),
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

static void check_neighbours(miyin_checkup *c)
{
	for (unsigned i = 0; i < c->queues->len; i++) {
		const miyin_queue *queue = c->queues->pdata[i];

		if (miyin_checkup_has(c->gates, queue->name) ||
		    miyin_checkup_has(c->devices, queue->name))
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
				miyin_checkup_hole(
					c,
					_("The queue %s prints on the device "
					  "of %s, so documents leave it "
					  "without marks; remove it with "
					  "lpadmin -x %s."),
					queue->name, device->name, queue->name);
		}
	}
}

/* Around every queue, from an account of this server. */
static void check_reach(miyin_checkup *c)
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
			miyin_checkup_hole(
				c,
				_("Nobody can try whether other accounts "
				  "reach the printer of %s itself: %s"),
				gate, reason->message);
		else if (where)
			miyin_checkup_hole(
				c,
				_("Any account of this server reaches the "
				  "printer of %s itself (%s), where nothing "
				  "is marked; run miyin protect --firewall."),
				gate, where);
	}
}

static void check_classes(miyin_checkup *c)
{
	for (unsigned i = 0; i < c->queues->len; i++) {
		const miyin_queue *class = c->queues->pdata[i];

		for (int m = 0; class->members && class->members[m]; m++)
			if (miyin_checkup_has(c->gates, class->members[m]) ||
			    miyin_checkup_has(c->devices, class->members[m]))
				miyin_checkup_hole(
					c,
					_("The class %s contains %s, so the "
					  "class's policy counts and not the "
					  "queue's; take it out with lpadmin "
					  "-p %s -r %s."),
					class->name, class->members[m],
					class->members[m], class->name);
	}
}

void miyin_checkqueues(miyin_checkup *c)
{
	check_pairs(c);
	check_neighbours(c);
	check_reach(c);
	check_classes(c);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checkup.h"
#include "conftext.h"
#include "cupsdconf.h"
#include "queues.h"
#include "subscriptions.h"
#include <glib/gi18n.h>

#define MAX_JOBS 500	   /* of cupsd, where nothing is said */
#define MAX_JOBS_LEAST 100 /* for a server that several people use */

/* Each copy is a job of its own while it is printed. One that finds no place
 * for two minutes is void. */
static void check_places(miyin_checkup *c, const char *text)
{
	g_autofree char *value = miyin_conftext_get(text, "MaxJobs");
	gint64 places = value ? g_ascii_strtoll(value, NULL, 10) : MAX_JOBS;
	int n_jobs;

	if (places == 0)
		return;
	if (places < MAX_JOBS_LEAST)
		miyin_checkup_hole(c,
				   _("cupsd.conf says MaxJobs %s, and where "
				     "so few jobs wait the copies of others "
				     "are not printed; say MaxJobs %d or 0, "
				     "which is without a limit."),
				   value, MAX_JOBS);
	n_jobs = miyin_queue_count_jobs(NULL, NULL);
	if (n_jobs > places / 5 * 4)
		miyin_checkup_hole(
			c,
			_("The scheduler has %d jobs that are not finished "
			  "and takes %d, and copies that find no place are "
			  "not printed; cancel jobs that are held, or raise "
			  "MaxJobs in cupsd.conf."),
			n_jobs, (int)places);
}

/* cupsd 2.4 forgets what is private of a job that it has put aside: scheduler/
 * ipp.c, copy_job_attrs. Without a history nobody reads how his job ended. */
static void tell_history(const char *text)
{
	g_autofree char *history =
		miyin_conftext_get(text, "PreserveJobHistory");

	if (!history || !miyin_conftext_is_off(history))
		miyin_checkup_remark(
			_("Whoever may log in can read titles and owners of "
			  "finished jobs from the scheduler; where that is "
			  "too much, say PreserveJobHistory No in "
			  "cupsd.conf, and the messages of finished jobs go "
			  "too."));
}

static void check_subscriptions(miyin_checkup *c)
{
	g_autoptr(GError) reason = NULL;
	g_autoptr(GPtrArray) list = miyin_subscriptions_list(c->gates, &reason);

	if (!list)
		miyin_checkup_hole(c,
				   _("Whether somebody is told the titles of "
				     "jobs could not be looked at: %s"),
				   reason->message);
	for (unsigned i = 0; list && i < list->len; i++) {
		const miyin_subscription *s = list->pdata[i];

		miyin_checkup_hole(
			c,
			_("The subscription %d of %s to the scheduler's "
			  "events (%s) shows the titles of jobs; run miyin "
			  "doctor --repair."),
			s->id, s->user, s->recipient ? s->recipient : "ippget");
	}
}

/* With Negotiate cupsd demands no encryption, whatever the policy says, and
 * before the fix of CVE-2025-58060 it took a Basic password too: then no
 * address may be without TLS. Source: cups 2.4.2, scheduler/auth.c,
 * cupsdIsAuthorized. */
static void check_negotiate(miyin_checkup *c, const char *text)
{
	g_autofree char *open = miyin_conftext_in_clear(text);

	if (open)
		miyin_checkup_hole(
			c,
			_("cupsd.conf says DefaultAuthType Negotiate, with "
			  "which the scheduler takes tickets and documents "
			  "in clear at %s; say SSLListen with an address "
			  "there, or DefaultAuthType Basic."),
			open);
}

/* What our policies mean by a login. */
static void check_login(miyin_checkup *c, const char *text)
{
	g_autofree char *type = miyin_conftext_get(text, "DefaultAuthType");
	g_autofree char *tls = miyin_conftext_get(text, "DefaultEncryption");

	if (type && g_ascii_strcasecmp(type, "Negotiate") == 0)
		check_negotiate(c, text);
	else if (type && g_ascii_strcasecmp(type, "Basic"))
		miyin_checkup_hole(
			c,
			_("cupsd.conf says DefaultAuthType %s, with which "
			  "the scheduler takes passwords, or names, in clear "
			  "from the network; say DefaultAuthType Basic."),
			type);
	if (tls && g_ascii_strcasecmp(tls, "Required"))
		miyin_checkup_hole(
			c,
			_("cupsd.conf says DefaultEncryption %s below the "
			  "miyin block, so programs send passwords in clear; "
			  "take that line out."),
			tls);
}

static void check_block(miyin_checkup *c, const char *text)
{
	g_autofree char *block = miyin_cupsdconf_block(text);
	g_autofree char *whole = miyin_cupsdconf_add(text, c->config->user);
	g_autofree char *wanted = miyin_cupsdconf_block(whole);
	g_autofree char *other = miyin_cupsdconf_differs(text, c->config->user);

	if (!block)
		miyin_checkup_hole(
			c, _("cupsd.conf has no miyin block, or cupsctl took "
			     "its marks away, so nobody knows whether the "
			     "policies of protected queues are in force; run "
			     "miyin doctor --repair."));
	else if (!g_str_equal(block, wanted))
		miyin_checkup_hole(
			c,
			_("The miyin block of cupsd.conf was altered, or the "
			  "default policy above it, so people may do what "
			  "they must not; run miyin doctor --repair."));
	else if (other)
		miyin_checkup_hole(
			c,
			_("Something outside the miyin block of cupsd.conf "
			  "changes who may do what (%s), so people may do "
			  "what they must not; take it out, or run miyin "
			  "doctor --repair."),
			other);
}

/* Only protected queues need it. */
void miyin_checkconf(miyin_checkup *c)
{
	g_autoptr(GError) reason = NULL;
	g_autofree char *text = NULL, *keep = NULL, *events = NULL;

	if (c->gates->len == 0)
		return;
	text = miyin_cupsdconf_read(&reason);
	if (!text) {
		miyin_checkup_hole(c,
				   _("cupsd.conf could not be looked at: %s"),
				   reason->message);
		return;
	}
	check_block(c, text);
	check_login(c, text);
	check_subscriptions(c);
	keep = miyin_conftext_get(text, "PreserveJobFiles");
	if (!keep || !miyin_conftext_is_off(keep))
		miyin_checkup_hole(
			c, _("cupsd.conf does not say PreserveJobFiles No, so "
			     "unmarked documents stay in the spool folder; run "
			     "miyin doctor --repair and look for another "
			     "PreserveJobFiles below our block."));
	check_places(c, text);
	tell_history(text);
	events = miyin_conftext_get(text, "MaxEvents");
	if (g_strcmp0(events, "0"))
		miyin_checkup_hole(
			c,
			_("cupsd.conf does not say MaxEvents 0, so people "
			  "read the titles of others' jobs in the "
			  "scheduler's events; run miyin doctor --repair and "
			  "look for another MaxEvents below our block."));
}

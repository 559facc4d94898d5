/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "caller.h"
#include "scheduler.h"
#include "tell.h"
#include <miyin/queuepolicy.h>
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <pwd.h>

static gboolean is_set(const char *text)
{
	return text && *text;
}

/* Whoever has two names for one uid must not choose between them. */
static gboolean is_main_name(const char *name, const char *auth_uid)
{
	const struct passwd *account = getpwnam(name);
	g_autofree char *uid = NULL;

	/* Of another realm: Kerberos vouches, and there is no socket. */
	if (!account)
		return !is_set(auth_uid);
	uid = g_strdup_printf("%u", (unsigned)account->pw_uid);
	if (is_set(auth_uid) && !g_str_equal(uid, auth_uid))
		return FALSE;
	account = getpwuid(account->pw_uid);
	return account && g_str_equal(account->pw_name, name);
}

char *miyin_caller_find(const miyin_caller_words *words)
{
	g_autofree char *clean = NULL;

	if (is_set(words->auth_info_required) &&
	    !g_str_equal(words->auth_info_required, "none")) {
		miyin_tell_debug("the queue has auth-info-required");
		return NULL;
	}
	if (!is_set(words->owner) ||
	    g_strcmp0(words->owner, words->auth_username) != 0) {
		miyin_tell_debug("the job's owner did not log in");
		return NULL;
	}
	clean = miyin_text_clean(words->owner, MIYIN_TEXT_MAX);
	if (!g_str_equal(clean, words->owner) ||
	    !is_main_name(clean, words->auth_uid)) {
		miyin_tell_debug("the owner is not this account's name");
		return NULL;
	}
	return g_steal_pointer(&clean);
}

/* Whether an attribute has this one value; NULL: whether it is not there. */
static gboolean says(ipp_t *answer, const char *name, const char *wanted)
{
	ipp_attribute_t *a = ippFindAttribute(answer, name, IPP_TAG_ZERO);

	if (!wanted)
		return a == NULL;
	return a && ippGetCount(a) == 1 &&
	       g_strcmp0(ippGetString(a, 0, NULL), wanted) == 0;
}

static gboolean job_is_of(http_t *http, int job_id, const char *name)
{
	g_autoptr(ipp_t) answer = miyin_scheduler_ask_job(
		http, job_id, "job-originating-user-name job-id");

	return says(answer, "job-originating-user-name", name);
}

static gboolean queue_asks_for_login(http_t *http, const char *printer)
{
	g_autoptr(ipp_t) answer = miyin_scheduler_ask_queue(
		http, printer, "printer-op-policy auth-info-required");

	return says(answer, "printer-op-policy", MIYIN_POLICY_GATE) &&
	       says(answer, "auth-info-required", NULL);
}

gboolean miyin_caller_confirm(const char *name, const char *printer, int job_id,
			      GError **error)
{
	http_t *http;
	gboolean ok;

	if (!name)
		return miyin_refuse_for(error, MIYIN_REFUSAL_NO_IDENTITY);
	http = miyin_scheduler_connect();
	if (!http) {
		miyin_tell_debug(cupsLastErrorString());
		return miyin_refuse_for(error, MIYIN_REFUSAL_SERVER);
	}
	ok = queue_asks_for_login(http, printer) &&
	     job_is_of(http, job_id, name);
	httpClose(http);
	if (ok)
		return TRUE;
	miyin_tell_debug("the scheduler does not confirm who prints, or "
			 "the queue has another policy");
	return miyin_refuse_for(error, MIYIN_REFUSAL_NO_IDENTITY);
}

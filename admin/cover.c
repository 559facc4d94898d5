/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cover.h"
#include "cupsdconf.h"
#include "queues.h"

/* A policy for another; NULL: leave it. */
typedef char *(*exchange_func)(const char *text, const char *policy);

static char *put_over(const char *text, const char *policy)
{
	if (miyin_cupsdconf_is_ours(policy))
		return NULL;
	return miyin_cupsdconf_cover(text, policy);
}

static char *take_off(const char *text, const char *policy)
{
	if (!miyin_cupsdconf_is_cover(policy))
		return NULL;
	return miyin_cupsdconf_uncover(text, policy);
}

static gboolean exchange(const char *text, exchange_func other, GError **error)
{
	g_autoptr(GPtrArray) list = miyin_queues_list(error);

	if (!list)
		return FALSE;
	for (unsigned i = 0; i < list->len; i++) {
		const miyin_queue *queue = list->pdata[i];
		g_autofree char *policy =
			queue->op_policy ? other(text, queue->op_policy) : NULL;
		const miyin_queue_change change = { .op_policy = policy };

		if (policy &&
		    !miyin_queue_change_apply(queue->name, &change, error))
			return FALSE;
	}
	return TRUE;
}

/* The block first: a queue cannot have a policy that is not there. */
gboolean miyin_cover_install(const char *user, GError **error)
{
	g_autofree char *text = NULL;

	if (!miyin_cupsdconf_install(user, error))
		return FALSE;
	text = miyin_cupsdconf_read(error);
	return text && exchange(text, put_over, error);
}

gboolean miyin_cover_uninstall(GError **error)
{
	g_autofree char *text = miyin_cupsdconf_read(error);

	return text && exchange(text, take_off, error) &&
	       miyin_cupsdconf_uninstall(error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * miyin unprotect QUEUE: give a queue back as it was. Each step may be done
 * twice, so an unprotect that was interrupted is simply given again.
 */
#include <stdio.h>
#include <unistd.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include "beginning.h"
#include <miyin/commands.h>
#include "cover.h"
#include "firewall.h"
#include "identity.h"
#include "queues.h"
#include "saved.h"

#define IDLE_WAIT_S 60

static gboolean parse_arguments(int argc, char **argv, char **name,
				gboolean *force, GError **error)
{
	const GOptionEntry entries[] = {
		{ "force", 0, 0, G_OPTION_ARG_NONE, force,
		  N_("Cancel jobs that are not finished, and go on when the "
		     "register is lost"),
		  NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(_("QUEUE"));

	g_option_context_set_summary(
		context, _("Give a queue back as it was before miyin protect. "
			   "Its device "
			   "queue is removed;\nthe register is kept."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (argc != 2)
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("Name one queue: miyin unprotect QUEUE."));
	if (geteuid() != 0)
		return miyin_fail(error, MIYIN_ERROR_DENIED,
				  _("Only root may unprotect a queue."));
	*name = g_strdup(argv[1]);
	return TRUE;
}

/* As the scheduler does, without regard to case. */
static char *find_protected(char *const *names, const char *name)
{
	for (; *names; names++)
		if (g_ascii_strcasecmp(*names, name) == 0)
			return g_strdup(*names);
	return NULL;
}

/* Where there is no backup either, somebody must be able to give up. */
static gboolean find_register(const miyin_config *config, gboolean force,
			      gboolean *lost, GError **error)
{
	g_autoptr(GError) reason = NULL;
	gboolean first;

	if (miyin_beginning_check_register(config, TRUE, &first, &reason))
		return TRUE;
	*lost = g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_STATE);
	if (*lost && force) {
		fprintf(stderr,
			_("miyin: %s Nothing tells later that this queue was "
			  "protected.\n"),
			reason->message);
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&reason));
	return FALSE;
}

/* A job that waits at the gate would reach the printer without marks, and one
 * that is just being canceled would be started again when its queue changes. */
static gboolean empty_queue(const char *name, gboolean force, GError **error)
{
	int n_jobs = miyin_queue_count_jobs(name, error);

	if (n_jobs < 0)
		return FALSE;
	if (n_jobs > 0 && !force)
		return miyin_fail(
			error, MIYIN_ERROR_STATE,
			_("The queue \"%s\" has unfinished jobs; wait for "
			  "them, or cancel them with --force."),
			name);
	if (n_jobs > 0 && !miyin_queue_cancel_jobs(name, error))
		return FALSE;
	for (int i = 0; i < IDLE_WAIT_S * 10; i++) {
		g_autoptr(miyin_queue) queue = miyin_queue_open(name, error);

		if (!queue || !queue->busy)
			return queue != NULL;
		g_usleep(G_USEC_PER_SEC / 10);
	}
	return miyin_fail(error, MIYIN_ERROR_BUSY,
			  _("The last job of the queue \"%s\" does not end."),
			  name);
}

/* No new job while we look; whoever is gone already needs no look. */
static gboolean close_pair(const char *name, const char *device,
			   const GPtrArray *list, gboolean force,
			   GError **error)
{
	const miyin_queue_change closed = { .accepting = MIYIN_NO };

	return (!miyin_queues_find(list, name) ||
		(miyin_queue_change_apply(name, &closed, error) &&
		 empty_queue(name, force, error))) &&
	       (!miyin_queues_find(list, device) ||
		empty_queue(device, force, error));
}

static void open_gate(const char *name, const GPtrArray *list)
{
	const miyin_queue *queue = miyin_queues_find(list, name);
	const miyin_queue_change open = { .accepting = MIYIN_YES };

	if (queue && queue->accepting)
		miyin_queue_change_apply(name, &open, NULL);
}

static gboolean unprotect(const miyin_config *config, const char *name,
			  gboolean last, gboolean force, GError **error)
{
	g_autofree char *device = g_strconcat(name, "-device", NULL);
	g_autoptr(miyin_saved) saved = miyin_saved_open(config, name, error);
	g_autoptr(GPtrArray) list = NULL;
	gboolean lost = FALSE;

	if (!saved || !find_register(config, force, &lost, error))
		return FALSE;
	list = miyin_queues_list(error);
	if (!list)
		return FALSE;
	if (!close_pair(name, device, list, force, error)) {
		open_gate(name, list);
		return FALSE;
	}
	return miyin_saved_restore(saved, error) &&
	       (!miyin_queues_find(list, device) ||
		miyin_queue_delete(device, error)) &&
	       (last ? miyin_cover_uninstall(error)
		     : miyin_cover_install(config->user, error)) &&
	       (lost ||
		miyin_identity_note(config, "unprotect", name, "", error)) &&
	       miyin_saved_remove(config, name, error) &&
	       (!miyin_firewall_is_wanted() ||
		miyin_firewall_install(config, error));
}

int miyin_command_unprotect(int argc, char **argv, const miyin_config *config,
			    GError **error)
{
	g_autofree char *given = NULL, *name = NULL;
	g_auto(GStrv) names = NULL;
	gboolean force = FALSE;

	if (!parse_arguments(argc, argv, &given, &force, error))
		return 2;
	if (!miyin_saved_lock(config, error))
		return 1;
	names = miyin_protected_list(config, error);
	if (!names)
		return 1;
	name = find_protected(names, given);
	if (!name) {
		miyin_fail(error, MIYIN_ERROR_MISSING,
			   _("The queue \"%s\" is not protected."), given);
		return 1;
	}
	if (!unprotect(config, name, g_strv_length(names) == 1, force, error))
		return 1;
	printf(_("%s is no longer protected; what it prints bears no "
		 "marks.\n"),
	       name);
	return 0;
}

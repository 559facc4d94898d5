/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sys/stat.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <miyin/error.h>
#include <miyin/keys.h>
#include <miyin/register.h>
#include "beginning.h"
#include "identity.h"
#include "saved.h"

/* What is beside a register from its first event on. */
static const char *const traces[] = { "last-event", "jobs.lock" };

/* -1: nobody can tell. An empty register is what a first protect left that
 * could not go on. */
static int exists(const char *path, gboolean filled, GError **error)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		return !filled || st.st_size > 0;
	if (errno == ENOENT)
		return 0;
	miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s.", path,
		   g_strerror(errno));
	return -1;
}

static int has_trace(const miyin_config *config, GError **error)
{
	g_autofree char *journal =
		g_strconcat(config->register_path, "-journal", NULL);
	int found = exists(journal, FALSE, error);

	for (unsigned i = 0; found == 0 && i < G_N_ELEMENTS(traces); i++) {
		g_autofree char *path =
			g_build_filename(config->state_dir, traces[i], NULL);

		found = exists(path, FALSE, error);
	}
	return found;
}

gboolean miyin_beginning_check_register(const miyin_config *config,
					gboolean known, gboolean *first,
					GError **error)
{
	g_auto(GStrv) saved = miyin_protected_list(config, error);
	g_auto(miyin_identity) service =
		saved && miyin_identity_enter(config->user, error);
	int there, traced = 0;

	if (!service)
		return FALSE;
	there = exists(config->register_path, TRUE, error);
	if (there == 0)
		traced = has_trace(config, error);
	if (there < 0 || traced < 0)
		return FALSE;
	if (there == 0 && (traced || known || *saved))
		return miyin_fail(
			error, MIYIN_ERROR_STATE,
			_("The register %s is lost; restore the backup, as "
			  "miyin-backup(1) says."),
			config->register_path);
	*first = there == 0;
	return TRUE;
}

gboolean miyin_beginning_check_keys(const miyin_config *config, gboolean first,
				    GError **error)
{
	g_auto(miyin_identity) service =
		miyin_identity_enter(config->user, error);
	g_autoptr(miyin_keys) keys = NULL;
	int there = service ? exists(config->keys_path, FALSE, error) : -1;

	if (there == 1)
		keys = miyin_keys_open(config->keys_path, error);
	if (there != 0)
		return keys != NULL;
	if (first)
		return TRUE;
	return miyin_fail(
		error, MIYIN_ERROR_STATE,
		_("The keys %s are lost; restore the backup, for with new "
		  "ones all older paper would be called forged."),
		config->keys_path);
}

/* The keys first: a register without them would look as if they were lost. */
gboolean miyin_beginning_make(const miyin_config *config, GError **error)
{
	g_auto(miyin_identity) service =
		miyin_identity_enter(config->user, error);
	g_autoptr(miyin_register) reg = NULL;
	int there = service ? exists(config->keys_path, FALSE, error) : -1;

	if (there == 1 ||
	    (there == 0 && miyin_keys_create(config->keys_path, error)))
		reg = miyin_register_open(config, TRUE, error);
	return reg != NULL;
}

void miyin_beginning_tell(const miyin_config *config)
{
	printf(_("The register was made: %s; miyin backup copies it.\n"),
	       config->register_path);
	printf(_("The keys were made: %s; keep a copy on another computer, for "
		 "without them no paper can be traced.\n"),
	       config->keys_path);
	puts(_("The first key of its log is for a safe: miyin verify "
	       "--first-key prints it once."));
}

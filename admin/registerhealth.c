/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gi18n.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <miyin/error.h>
#include <miyin/keys.h>
#include <miyin/register.h>
#include "identity.h"
#include "registerhealth.h"

#define BACKUP_DAYS 7
#define FREE_MIB 200 /* what must be left at least */
#define N_KEYS 16
#define CLOCK_S 60 /* that a clock may be set back by its server */

static gboolean is_old(const char *at)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autoptr(GDateTime) then =
		at ? g_date_time_new_from_iso8601(at, NULL) : NULL;

	return !then || g_date_time_difference(now, then) >
				BACKUP_DAYS * G_TIME_SPAN_DAY;
}

/* Serials that are given out now would be older than those before them. */
static gboolean is_ahead(const char *at)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autoptr(GDateTime) then =
		at ? g_date_time_new_from_iso8601(at, NULL) : NULL;

	return then &&
	       g_date_time_difference(then, now) > CLOCK_S * G_TIME_SPAN_SECOND;
}

/* A write needs room for its journal: as much as it changes, at most all. */
static void check_room(const miyin_config *config, GPtrArray *problems)
{
	struct stat file;
	struct statvfs disk;
	guint64 mib, least;

	if (stat(config->register_path, &file) != 0 ||
	    statvfs(config->state_dir, &disk) != 0)
		return;
	mib = (guint64)disk.f_bavail * disk.f_frsize >> 20;
	least = MAX(FREE_MIB, (guint64)file.st_size >> 20);
	if (mib < least)
		g_ptr_array_add(
			problems,
			g_strdup_printf(_("The disk of %s has %u MiB left; a "
					  "register of %u "
					  "MiB needs %u, so make room."),
					config->state_dir, (unsigned)mib,
					(unsigned)(file.st_size >> 20),
					(unsigned)least));
}

static void tell(const miyin_register_health *health, GPtrArray *problems)
{
	if (health->damage)
		g_ptr_array_add(
			problems,
			g_strdup_printf(_("The register is damaged (%s); stop "
					  "printing and "
					  "restore it from its last backup."),
					health->damage));
	if (health->backwards)
		g_ptr_array_add(problems,
				g_strdup_printf(_("The times of the register "
						  "run backwards at %s, so "
						  "somebody set the clock; let "
						  "it follow a time "
						  "server."),
						health->backwards));
	if (is_ahead(health->last))
		g_ptr_array_add(problems,
				g_strdup_printf(_("The last event of the "
						  "register is of %s, which is "
						  "still to come, so the clock "
						  "of this server is wrong or "
						  "was; let it follow a time "
						  "server."),
						health->last));
	if (health->first && is_old(health->first) && is_old(health->backup))
		g_ptr_array_add(
			problems,
			g_strdup_printf(
				_("The register was not saved for %d days; run "
				  "miyin "
				  "backup FILE and keep the file elsewhere."),
				BACKUP_DAYS));
}

static void check_gap(miyin_register *reg, GPtrArray *problems)
{
	g_autoptr(GError) reason = NULL;
	miyin_register_gap gap;

	if (!miyin_register_find_gap(reg, &gap, &reason))
		g_ptr_array_add(
			problems,
			g_strdup_printf(
				_("The register cannot be examined: %s"),
				reason->message));
	else if (gap.last > 0)
		g_ptr_array_add(
			problems,
			g_strdup_printf(
				_("The register is older than what was "
				  "printed: its events %u to %u, until %s, are "
				  "missing, and nothing is printed; put a "
				  "newer copy of it back, or run miyin backup "
				  "--restored."),
				(unsigned)gap.first, (unsigned)gap.last,
				gap.until));
}

static void check_keys(miyin_register *reg, const miyin_config *config,
		       GPtrArray *problems)
{
	g_autoptr(miyin_keys) keys = miyin_keys_open(config->keys_path, NULL);

	for (unsigned id = 0; keys && id < N_KEYS; id++) {
		char fingerprint[MIYIN_KEY_FINGERPRINT];
		g_autoptr(GError) reason = NULL;

		if (miyin_keys_fingerprint(keys, id, fingerprint, NULL) &&
		    !miyin_register_use_key(reg, id, fingerprint, &reason) &&
		    g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_TAMPER))
			g_ptr_array_add(
				problems,
				g_strdup_printf(_("Key %u in %s is another key "
						  "than the one "
						  "that older paper was "
						  "printed with, which "
						  "would be called forged; put "
						  "the old key "
						  "back and give the new one "
						  "another number."),
						id, config->keys_path));
	}
}

static void examine(const miyin_config *config, GPtrArray *problems)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_register) reg =
		miyin_register_open(config, FALSE, &error);
	miyin_register_health health = { 0 };

	if (reg && miyin_register_examine(reg, &health, &error)) {
		tell(&health, problems);
		check_gap(reg, problems);
		check_keys(reg, config, problems);
	} else {
		g_ptr_array_add(
			problems,
			g_strdup_printf(
				_("The register cannot be examined: %s"),
				error->message));
	}
	miyin_register_health_clear(&health);
}

char **miyin_registerhealth_check(const miyin_config *config)
{
	GPtrArray *problems = g_ptr_array_new();
	g_autoptr(GError) error = NULL;

	check_room(config, problems);
	if (miyin_identity_enter(config->user, &error)) {
		examine(config, problems);
		miyin_identity_leave();
	} else {
		g_ptr_array_add(problems, g_strdup(error->message));
	}
	g_ptr_array_add(problems, NULL);
	return (char **)g_ptr_array_free(problems, FALSE);
}

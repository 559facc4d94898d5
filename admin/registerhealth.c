/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <miyin/error.h>
#include <miyin/keys.h>
#include <miyin/register.h>
#include "identity.h"
#include "checkup.h"

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
static void check_room(miyin_checkup *c)
{
	struct stat file;
	struct statvfs disk;
	guint64 mib, least;

	if (stat(c->config->register_path, &file) != 0 ||
	    statvfs(c->config->state_dir, &disk) != 0)
		return;
	mib = (guint64)disk.f_bavail * disk.f_frsize >> 20;
	least = MAX(FREE_MIB, (guint64)file.st_size >> 20);
	if (mib < least)
		miyin_checkup_hole(
			c,
			_("The disk of %s has %u MiB left; a register of %u "
			  "MiB needs %u, so make room."),
			c->config->state_dir, (unsigned)mib,
			(unsigned)(file.st_size >> 20), (unsigned)least);
}

static void tell(const miyin_register_health *health, miyin_checkup *c)
{
	if (health->damage)
		miyin_checkup_hole(
			c,
			_("The register is damaged (%s); stop printing and "
			  "restore it from its last backup."),
			health->damage);
	if (health->backwards)
		miyin_checkup_hole(
			c,
			_("The times of the register run backwards at %s, so "
			  "somebody set the clock; let it follow a time server."),
			health->backwards);
	if (is_ahead(health->last))
		miyin_checkup_hole(
			c,
			_("The last event of the register is of %s, which is "
			  "still to come, so the clock of this server is wrong "
			  "or was; let it follow a time server."),
			health->last);
	if (health->first && is_old(health->first) && is_old(health->backup))
		miyin_checkup_hole(
			c,
			_("The register was not saved for %d days; run miyin "
			  "backup FILE and keep the file elsewhere."),
			BACKUP_DAYS);
}

static void check_gap(miyin_register *reg, miyin_checkup *c)
{
	g_autoptr(GError) reason = NULL;
	miyin_register_gap gap;

	if (!miyin_register_find_gap(reg, &gap, &reason))
		miyin_checkup_hole(c, _("The register cannot be examined: %s"),
				   reason->message);
	else if (gap.last > 0)
		miyin_checkup_hole(
			c,
			_("The register is older than what was printed: its "
			  "events %u to %u, until %s, are missing, and nothing "
			  "is printed; put a newer copy of it back, or run "
			  "miyin backup --restored."),
			(unsigned)gap.first, (unsigned)gap.last, gap.until);
}

static void check_keys(miyin_register *reg, miyin_checkup *c)
{
	g_autoptr(miyin_keys) keys =
		miyin_keys_open(c->config->keys_path, NULL);

	for (unsigned id = 0; keys && id < N_KEYS; id++) {
		char fingerprint[MIYIN_KEY_FINGERPRINT];
		g_autoptr(GError) reason = NULL;

		if (miyin_keys_fingerprint(keys, id, fingerprint, NULL) &&
		    !miyin_register_use_key(reg, id, fingerprint, &reason) &&
		    g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_TAMPER))
			miyin_checkup_hole(
				c,
				_("Key %u in %s is another key than the one "
				  "that older paper was printed with, which "
				  "would be called forged; put the old key "
				  "back and give the new one another number."),
				id, c->config->keys_path);
	}
}

static void examine(miyin_checkup *c)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_register) reg =
		miyin_register_open(c->config, FALSE, &error);
	miyin_register_health health = { 0 };

	if (reg && miyin_register_examine(reg, &health, &error)) {
		tell(&health, c);
		check_gap(reg, c);
		check_keys(reg, c);
	} else {
		miyin_checkup_hole(c, _("The register cannot be examined: %s"),
				   error->message);
	}
	miyin_register_health_clear(&health);
}

void miyin_registerhealth_check(miyin_checkup *c)
{
	g_auto(miyin_identity) service = FALSE;
	g_autoptr(GError) error = NULL;

	if (c->gates->len == 0)
		return;
	check_room(c);
	service = miyin_identity_enter(c->config->user, &error);
	if (service)
		examine(c);
	else
		miyin_checkup_hole(c, "%s", error->message);
}

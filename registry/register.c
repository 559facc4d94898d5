/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <errno.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define WAIT_S 300

/* Facts of security.md 3.4: with FULL instead of EXTRA a power cut can
 * forget a page that is on paper. */
static const char settings[] = "PRAGMA journal_mode=DELETE;"
			       "PRAGMA synchronous=EXTRA;"
			       "PRAGMA foreign_keys=ON;"
			       "PRAGMA recursive_triggers=ON;"
			       "PRAGMA trusted_schema=OFF;"
			       "PRAGMA cell_size_check=ON;"
			       "PRAGMA mmap_size=0;"
			       "PRAGMA temp_store=MEMORY;"
			       "PRAGMA secure_delete=ON;";

/* Locks do not hold, and syncs may not, on a file system of the network or in
 * layers: two servers, or two runs of a container, would give out the same
 * serial. */
static gboolean check_filesystem(const char *dir, GError **error)
{
	static const struct {
		long magic;
		const char *name;
	} unfit[] = {
		{ NFS_SUPER_MAGIC, "NFS" },
		{ SMB_SUPER_MAGIC, "SMB" },
		{ CIFS_SUPER_MAGIC, "CIFS" },
		{ SMB2_SUPER_MAGIC, "SMB" },
		{ AFS_SUPER_MAGIC, "AFS" },
		{ V9FS_MAGIC, "9P" },
		{ CEPH_SUPER_MAGIC, "Ceph" },
		{ FUSE_SUPER_MAGIC, "FUSE" },
		{ CODA_SUPER_MAGIC, "Coda" },
		{ OVERLAYFS_SUPER_MAGIC, N_("an overlay") },
	};
	struct statfs status;

	if (statfs(dir, &status) != 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM, "%s: %s",
			    dir, g_strerror(errno));
		return FALSE;
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(unfit); i++) {
		if ((long)status.f_type != unfit[i].magic)
			continue;
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("The register's folder %s is on %s, where locks "
			    "and writing to disk are not to be trusted; it "
			    "must be on a local disk's own file system."),
			    dir, _(unfit[i].name));
		return FALSE;
	}
	return TRUE;
}

static gboolean configure(miyin_register *reg, GError **error)
{
	sqlite3_busy_handler(reg->db, miyin_store_wait, reg);
	sqlite3_db_config(reg->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(reg->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
	sqlite3_db_config(reg->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0,
			  NULL);
	sqlite3_db_config(reg->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(reg->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	if (sqlite3_exec(reg->db, settings, NULL, NULL, NULL) != SQLITE_OK)
		return miyin_store_fail(reg, error);
	return TRUE;
}

miyin_register *miyin_register_open_until(const char *path, gboolean create,
					  const volatile sig_atomic_t *stop,
					  GError **error)
{
	g_autoptr(miyin_register) reg = g_new0(miyin_register, 1);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE |
		    (create ? SQLITE_OPEN_CREATE : 0);
	g_autofree char *dir = g_path_get_dirname(path);
	mode_t mask = umask(077);
	int status;

	reg->lock_fd = -1;
	reg->wait_s = WAIT_S;
	reg->stop = stop;
	reg->locks_path = g_build_filename(dir, "jobs.lock", NULL);
	reg->head_path = g_build_filename(dir, "last-event", NULL);
	status = sqlite3_open_v2(path, &reg->db, flags, NULL);
	umask(mask);
	if (status != SQLITE_OK) {
		gboolean gone =
			!create && sqlite3_system_errno(reg->db) == ENOENT;

		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    gone ? _("The register %s does not exist: no queue "
				   "was protected yet, or it is lost; then "
				   "restore the backup.%s")
				 : _("The register %s cannot be opened: %s."),
			    path,
			    gone ? "" : miyin_store_words(
						sqlite3_errmsg(reg->db)));
		return NULL;
	}
	if (!check_filesystem(dir, error) || !configure(reg, error) ||
	    !miyin_store_upgrade(reg, create, error))
		return NULL;
	return g_steal_pointer(&reg);
}

miyin_register *miyin_register_open(const char *path, gboolean create,
				    GError **error)
{
	return miyin_register_open_until(path, create, NULL, error);
}

void miyin_register_close(miyin_register *reg)
{
	if (!reg)
		return;
	sqlite3_close(reg->db);
	if (reg->lock_fd >= 0)
		close(reg->lock_fd);
	g_free(reg->locks_path);
	g_free(reg->head_path);
	g_free(reg->new_fingerprint);
	g_free(reg->why);
	g_free(reg);
}

void miyin_register_set_patience(miyin_register *reg, unsigned wait_s,
				 const volatile sig_atomic_t *stop)
{
	reg->wait_s = wait_s;
	reg->stop = stop;
}

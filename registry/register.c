/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"
#include "schema.h"
#include <miyin/error.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define BUSY_MS 10000
#define LOCK_WAIT_S 600		/* for a run that still draws a long copy */

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

static gboolean check_filesystem(const char *dir, GError **error);
static gboolean configure(miyin_register *reg, GError **error);
static gboolean ensure_schema(miyin_register *reg, gboolean create,
			      GError **error);
static gboolean get_number(miyin_register *reg, const char *sql, int *number,
			   GError **error);
static char *lock_path(const miyin_register *reg, const char *job_uuid);
static int try_lock(const char *path);
static gboolean recover_job(miyin_register *reg, const char *job_uuid,
			    GError **error);
static gboolean recover_state(miyin_register *reg, const char *job_uuid,
			      gboolean *any, GError **error);

miyin_register *miyin_register_open(const char *path, gboolean create,
				    GError **error)
{
	g_autoptr(miyin_register) reg = g_new0(miyin_register, 1);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE |
		    (create ? SQLITE_OPEN_CREATE : 0);
	mode_t mask = umask(077);
	int status;

	reg->lock_fd = -1;
	reg->dir = g_path_get_dirname(path);
	status = sqlite3_open_v2(path, &reg->db, flags, NULL);
	umask(mask);
	if (status != SQLITE_OK) {
		gboolean gone =
			!create && sqlite3_system_errno(reg->db) == ENOENT;

		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    gone ? "The register %s does not exist: no queue "
				   "was protected yet, or it is lost.%s"
				 : "The register %s cannot be opened: %s.",
			    path, gone ? "" : sqlite3_errmsg(reg->db));
		return NULL;
	}
	if (!check_filesystem(reg->dir, error) || !configure(reg, error) ||
	    !ensure_schema(reg, create, error))
		return NULL;
	return g_steal_pointer(&reg);
}

void miyin_register_close(miyin_register *reg)
{
	if (!reg)
		return;
	sqlite3_close(reg->db);
	if (reg->lock_fd >= 0) {
		unlink(reg->lock_path);
		close(reg->lock_fd);
	}
	g_free(reg->lock_path);
	g_free(reg->dir);
	g_free(reg);
}

gboolean miyin_register_lock_job(miyin_register *reg, const char *job_uuid,
				 GError **error)
{
	g_autofree char *path = lock_path(reg, job_uuid);
	int fd = -1;

	/* After a scheduler restart the first run may be on its way out. */
	for (int i = 0; i < LOCK_WAIT_S * 10; i++) {
		fd = try_lock(path);
		if (fd >= 0 || errno != EWOULDBLOCK)
			break;
		g_usleep(G_USEC_PER_SEC / 10);
	}
	if (fd < 0) {
		g_set_error(error, MIYIN_ERROR,
			    errno == EWOULDBLOCK ? MIYIN_ERROR_BUSY
						 : MIYIN_ERROR_SYSTEM,
			    "The job is held by another process: %s.",
			    g_strerror(errno));
		return FALSE;
	}
	reg->lock_fd = fd;
	reg->lock_path = g_steal_pointer(&path);
	return TRUE;
}

gboolean miyin_register_recover(miyin_register *reg, const char *job_uuid,
				GError **error)
{
	g_autoptr(GPtrArray) uuids = g_ptr_array_new_with_free_func(g_free);
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT DISTINCT j.uuid FROM copies c JOIN jobs j"
		" ON j.id = c.job WHERE c.state IN ('reserved', 'sending')"
		" AND j.uuid <> ?", "s", job_uuid ? job_uuid : "");

	if (!statement)
		return FALSE;
	while (sqlite3_step(statement) == SQLITE_ROW)
		g_ptr_array_add(uuids,
				g_strdup(miyin_store_text(statement, 0)));
	sqlite3_finalize(statement);
	for (unsigned i = 0; i < uuids->len; i++)
		if (!recover_job(reg, uuids->pdata[i], error))
			return FALSE;
	return TRUE;
}

/* Locks do not hold, and syncs may not, on a network or overlay file system:
 * two servers would give out the same serial. */
static gboolean check_filesystem(const char *dir, GError **error)
{
	static const long remote[] = { NFS_SUPER_MAGIC, SMB_SUPER_MAGIC,
				       CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC,
				       AFS_SUPER_MAGIC, V9FS_MAGIC };
	struct statfs status;

	if (statfs(dir, &status) != 0)
		return TRUE;
	for (unsigned i = 0; i < G_N_ELEMENTS(remote); i++) {
		if ((long)status.f_type != remote[i])
			continue;
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The register's folder %s is on a network file "
			    "system; it must be on a local disk.", dir);
		return FALSE;
	}
	return TRUE;
}

static gboolean configure(miyin_register *reg, GError **error)
{
	sqlite3_busy_timeout(reg->db, BUSY_MS);
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

static gboolean ensure_schema(miyin_register *reg, gboolean create,
			      GError **error)
{
	int version, n_tables;
	gboolean ok;

	if (!get_number(reg, "PRAGMA user_version", &version, error))
		return FALSE;
	if (version == MIYIN_SCHEMA_VERSION)
		return TRUE;
	if (version != 0 || !create) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The register is not of this version of miyin.");
		return FALSE;
	}
	if (!miyin_store_begin(reg, error))
		return FALSE;
	ok = get_number(reg, "PRAGMA user_version", &version, error) &&
	     get_number(reg, "SELECT count(*) FROM sqlite_schema", &n_tables,
			error);
	if (ok && version == 0 && n_tables > 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The file is no register of miyin but another "
			    "database.");
		ok = FALSE;
	}
	if (ok && version == 0)
		ok = sqlite3_exec(reg->db, miyin_schema, NULL, NULL, NULL) ==
			     SQLITE_OK &&
		     sqlite3_exec(reg->db,
				  "PRAGMA user_version=" G_STRINGIFY(
					  MIYIN_SCHEMA_VERSION) ";"
				  "PRAGMA application_id=" G_STRINGIFY(
					  MIYIN_APPLICATION_ID),
				  NULL, NULL, NULL) == SQLITE_OK;
	if (!ok) {
		if (error && !*error)
			miyin_store_fail(reg, error);
		miyin_store_rollback(reg);
		return FALSE;
	}
	return miyin_store_commit(reg, error);
}

static gboolean get_number(miyin_register *reg, const char *sql, int *number,
			   GError **error)
{
	gint64 value;

	if (!miyin_store_number(reg, miyin_store_select(reg, error, sql, ""),
				&value, error))
		return FALSE;
	*number = (int)value;
	return TRUE;
}

/* The uuid comes from cupsd, but a name for a file is made of its hash. */
static char *lock_path(const miyin_register *reg, const char *job_uuid)
{
	g_autofree char *hash = g_compute_checksum_for_string(
		G_CHECKSUM_SHA256, job_uuid, -1);

	return g_strdup_printf("%s/job-%.32s.lock", reg->dir, hash);
}

/* A lock on a file that was unlinked meanwhile is no lock. */
static int try_lock(const char *path)
{
	for (;;) {
		int fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		struct stat held, named;

		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
			int reason = errno;

			close(fd);
			errno = reason;
			return -1;
		}
		if (fstat(fd, &held) == 0 && stat(path, &named) == 0 &&
		    held.st_ino == named.st_ino)
			return fd;
		close(fd);
	}
}

/* Only a dead job's lock can be had. */
static gboolean recover_job(miyin_register *reg, const char *job_uuid,
			    GError **error)
{
	g_autofree char *path = lock_path(reg, job_uuid);
	gboolean any = TRUE;
	gboolean ok = TRUE;
	int fd = try_lock(path);

	if (fd < 0)
		return TRUE;
	while (ok && any) {
		ok = miyin_store_begin(reg, error);
		if (!ok)
			break;
		ok = recover_state(reg, job_uuid, &any, error);
		if (ok)
			ok = miyin_store_commit(reg, error);
		else
			miyin_store_rollback(reg);
	}
	unlink(path);
	close(fd);
	return ok;
}

/* One copy a call. */
static gboolean recover_state(miyin_register *reg, const char *job_uuid,
			      gboolean *any, GError **error)
{
	g_autofree char *now = miyin_store_now();
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT c.id, c.device_started FROM copies c JOIN jobs j ON"
		" j.id = c.job WHERE j.uuid = ? AND c.state IN"
		" ('reserved', 'sending') LIMIT 1", "s", job_uuid);
	gboolean started;
	gint64 copy;

	if (!statement)
		return FALSE;
	*any = sqlite3_step(statement) == SQLITE_ROW;
	if (!*any) {
		sqlite3_finalize(statement);
		return TRUE;
	}
	copy = sqlite3_column_int64(statement, 0);
	started = sqlite3_column_int(statement, 1) != 0;
	sqlite3_finalize(statement);
	if (!started)
		return miyin_store_run(reg, NULL, error,
				       "UPDATE documents SET used = used - 1"
				       " WHERE id = (SELECT document FROM"
				       " copies WHERE id = ?)", "l", copy) &&
		       miyin_store_run(reg, NULL, error,
				       "UPDATE copies SET state = 'void',"
				       " settled_at = ? WHERE id = ?", "sl",
				       now, copy) &&
		       miyin_store_copy_event(reg, copy, "void", "failed", 0,
					      "printing ended before the copy "
					      "was sent", error);
	return miyin_store_run(reg, NULL, error,
			       "UPDATE copies SET state = 'doubt',"
			       " settled_at = ? WHERE id = ?", "sl", now,
			       copy) &&
	       miyin_store_copy_event(reg, copy, "doubt", "failed", 0,
				      "printing ended while the copy was sent",
				      error);
}

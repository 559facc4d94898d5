/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"
#include "schema.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <glib/gi18n.h>
#include <errno.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define WAIT_S 300

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

	if (statfs(dir, &status) != 0)
		return errno == ENOENT ||
		       miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", dir,
				  g_strerror(errno));
	for (unsigned i = 0; i < G_N_ELEMENTS(unfit); i++) {
		if ((long)status.f_type != unfit[i].magic)
			continue;
		return miyin_fail(
			error, MIYIN_ERROR_SYSTEM,
			_("The register's folder %s is on %s, where locks "
			  "and writing to disk are not to be trusted; it "
			  "must be on a local disk's own file system."),
			dir, _(unfit[i].name));
	}
	return TRUE;
}

miyin_register *miyin_register_open_until(const miyin_config *config,
					  gboolean create,
					  const volatile sig_atomic_t *stop,
					  GError **error)
{
	g_autoptr(miyin_register) reg = g_new0(miyin_register, 1);
	const char *path = config->register_path;
	g_autofree char *dir = g_path_get_dirname(path);

	reg->server = g_strdup(config->server ? config->server : "");
	reg->lock_fd = -1;
	reg->wait_s = WAIT_S;
	reg->stop = stop;
	reg->locks_path = g_build_filename(dir, "jobs.lock", NULL);
	reg->head_path = g_build_filename(dir, "last-event", NULL);
	reg->ledger = miyin_ledger_new(config);
	/* Before there is a file that somebody takes for a register. */
	if (!check_filesystem(dir, error) ||
	    !miyin_store_open(reg, path, create, error) ||
	    !miyin_schema_upgrade(reg, create, error))
		return NULL;
	return g_steal_pointer(&reg);
}

miyin_register *miyin_register_open(const miyin_config *config, gboolean create,
				    GError **error)
{
	return miyin_register_open_until(config, create, NULL, error);
}

void miyin_register_close(miyin_register *reg)
{
	if (!reg)
		return;
	miyin_store_close(reg);
	miyin_fd_clear(&reg->lock_fd);
	miyin_ledger_free(reg->ledger);
	g_free(reg->server);
	g_free(reg->locks_path);
	g_free(reg->head_path);
	g_free(reg->new_fingerprint);
	g_free(reg->why);
	g_free(reg);
}

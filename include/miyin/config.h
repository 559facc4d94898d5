/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /etc/miyin/miyin.conf: where things are. GKeyFile syntax:
 *
 *   [site]      id = 0-65535            name = text
 *   [service]   user = miyin
 *   [register]  path = /var/lib/miyin/register.db
 *   [keys]      path = /var/lib/miyin/keys
 *   [programs]  path = /usr/lib/cups/filter     locale = /usr/share/locale
 *   [sandbox]   landlock = required, or preferred
 *   [printers]  direct = report, or accept
 *   [server]    name = text
 *   [evidence]  suite = sha256, or sm3
 *
 * All keys are needed but landlock, which is required where nothing is said,
 * direct, which is report: doctor tells when an ordinary account reaches a
 * printer itself, the server's name, which is "": it alone uses its register,
 * and suite, sha256: what the log of a new register is hashed with. An unknown group or key is an error, never ignored.
 * The folder comes from the environment variable MIYIN_CONF_DIR, which
 * only root can set for cupsd's children (SetEnv in cups-files.conf), else
 * it is the compiled-in one.
 */
#ifndef MIYIN_CONFIG_H
#define MIYIN_CONFIG_H

#include <glib.h>

typedef struct {
	unsigned site;
	char *site_name;
	char *user; /* account that owns register and keys */
	char *register_path;
	char *keys_path;
	char *program_dir; /* miyincollect, miyinmark */
	char *locale_dir;
	gboolean landlock_required;
	gboolean direct_accepted;
	char *server;	   /* among those that share a register; or NULL */
	const char *suite; /* not to be freed */
	char *policy_path; /* <folder>/policy.conf */
	char *scheme_dir;  /* <folder>/schemes */
	char *state_dir;   /* folder of the register */
} miyin_config;

/* The folder of the configuration files. Not to be freed. */
const char *miyin_config_dir(void);

/* Errors: SYSTEM, INPUT with file and line or key. */
miyin_config *miyin_config_open(const char *dir, GError **error);
void miyin_config_free(miyin_config *config);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_config, miyin_config_free)

#endif

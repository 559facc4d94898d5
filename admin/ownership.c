/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <glib/gi18n.h>
#include "ownership.h"

/* Nobody but the owner may write; what else he and others may is free. */
#define NOT_WRITABLE (-1)

static void check(GPtrArray *problems, const char *path, const char *owner,
		  int mode)
{
	const struct passwd *account = getpwnam(owner);
	struct stat st;
	int now;

	if (stat(path, &st) != 0) {
		g_ptr_array_add(problems,
				g_strdup_printf(_("%s: %s; install miyin "
						  "again, or correct "
						  "miyin.conf."),
						path, g_strerror(errno)));
		return;
	}
	if (!account || st.st_uid != account->pw_uid)
		g_ptr_array_add(
			problems,
			g_strdup_printf(_("%s does not belong to %s, so "
					  "somebody else can change it; run "
					  "chown %s %s."),
					path, owner, owner, path));
	now = st.st_mode & 07777;
	if (mode == NOT_WRITABLE && (now & (S_IWGRP | S_IWOTH)))
		g_ptr_array_add(
			problems,
			g_strdup_printf(_("%s can be written by others, who "
					  "could so switch off the marks; run "
					  "chmod go-w %s."),
					path, path));
	else if (mode != NOT_WRITABLE && now != mode)
		g_ptr_array_add(
			problems,
			g_strdup_printf(_("%s has the mode %04o and not %04o, "
					  "which the protection rests on; run "
					  "chmod %04o %s."),
					path, now, mode, mode, path));
}

static void check_program(GPtrArray *problems, const char *dir,
			  const char *name, int mode)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	check(problems, path, "root", mode);
}

static void check_tree(GPtrArray *problems, const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	check(problems, path, "root", NOT_WRITABLE);
	/* Not through links: they may lead in circles. */
	while (dir && !g_file_test(path, G_FILE_TEST_IS_SYMLINK) &&
	       (name = g_dir_read_name(dir))) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		check_tree(problems, child);
	}
}

char **miyin_ownership_check(const miyin_config *config)
{
	GPtrArray *problems = g_ptr_array_new();
	g_autofree char *serverbin = g_path_get_dirname(config->program_dir);
	g_autofree char *backends =
		g_build_filename(serverbin, "backend", NULL);

	check(problems, backends, "root", NOT_WRITABLE);
	/* 0700: so the scheduler starts it as root, and it becomes the service
	 * user itself; with more bits it would run as lp. */
	check_program(problems, backends, "miyin", 0700);
	check_program(problems, backends, "miyindevice", 0700);
	check(problems, config->program_dir, "root", NOT_WRITABLE);
	check_program(problems, config->program_dir, "miyincollect",
		      NOT_WRITABLE);
	check_program(problems, config->program_dir, "miyinconvert",
		      NOT_WRITABLE);
	check_program(problems, config->program_dir, "miyinmark", NOT_WRITABLE);
	check_program(problems, config->program_dir, "miyinread", NOT_WRITABLE);
	check_tree(problems, miyin_config_dir());
	check(problems, config->state_dir, config->user, 0700);
	/* The first miyin protect makes them. */
	if (g_file_test(config->keys_path, G_FILE_TEST_EXISTS))
		check(problems, config->keys_path, config->user, 0400);
	g_ptr_array_add(problems, NULL);
	return (char **)g_ptr_array_free(problems, FALSE);
}

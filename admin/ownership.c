/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <glib/gi18n.h>
#include "checkup.h"

/* Nobody but the owner may write; what else he and others may is free. */
#define NOT_WRITABLE (-1)

static void check(miyin_checkup *c, const char *path, const char *owner,
		  int mode)
{
	const struct passwd *account = getpwnam(owner);
	struct stat st;
	int now;

	if (stat(path, &st) != 0) {
		miyin_checkup_hole(
			c,
			_("%s: %s; install miyin again, or correct miyin.conf."),
			path, g_strerror(errno));
		return;
	}
	if (!account || st.st_uid != account->pw_uid)
		miyin_checkup_hole(
			c,
			_("%s does not belong to %s, so somebody else can "
			  "change it; run chown %s %s."),
			path, owner, owner, path);
	now = st.st_mode & 07777;
	if (mode == NOT_WRITABLE && (now & (S_IWGRP | S_IWOTH)))
		miyin_checkup_hole(
			c,
			_("%s can be written by others, who could so switch "
			  "off the marks; run chmod go-w %s."),
			path, path);
	else if (mode != NOT_WRITABLE && now != mode)
		miyin_checkup_hole(
			c,
			_("%s has the mode %04o and not %04o, which the "
			  "protection rests on; run chmod %04o %s."),
			path, now, mode, mode, path);
}

static void check_program(miyin_checkup *c, const char *dir, const char *name,
			  int mode)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	check(c, path, "root", mode);
}

static void check_tree(miyin_checkup *c, const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	check(c, path, "root", NOT_WRITABLE);
	/* Not through links: they may lead in circles. */
	while (dir && !g_file_test(path, G_FILE_TEST_IS_SYMLINK) &&
	       (name = g_dir_read_name(dir))) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		check_tree(c, child);
	}
}

void miyin_ownership_check(miyin_checkup *c)
{
	const miyin_config *config = c->config;
	g_autofree char *serverbin = g_path_get_dirname(config->program_dir);
	g_autofree char *backends =
		g_build_filename(serverbin, "backend", NULL);

	check(c, backends, "root", NOT_WRITABLE);
	/* 0700: so the scheduler starts it as root, and it becomes the service
	 * user itself; with more bits it would run as lp. */
	check_program(c, backends, "miyin", 0700);
	check_program(c, backends, "miyindevice", 0700);
	check(c, config->program_dir, "root", NOT_WRITABLE);
	check_program(c, config->program_dir, "miyincollect", NOT_WRITABLE);
	check_program(c, config->program_dir, "miyinconvert", NOT_WRITABLE);
	check_program(c, config->program_dir, "miyinmark", NOT_WRITABLE);
	check_program(c, config->program_dir, "miyinread", NOT_WRITABLE);
	check_program(c, config->program_dir, "miyinwatch", NOT_WRITABLE);
	check_tree(c, miyin_config_dir());
	check(c, config->state_dir, config->user, 0700);
	/* The first miyin protect makes them. */
	if (g_file_test(config->keys_path, G_FILE_TEST_EXISTS))
		check(c, config->keys_path, config->user, 0400);
}

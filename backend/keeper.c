/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper.h"
#include <miyin/process.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREFIX "miyin-room-"
#define FILES "files"
#define BLOCK 512
#define DEPTH_MAX 64
#define TOO_DEEP (G_GUINT64_CONSTANT(1) << 62)
#define TRIES 100
#define ROUNDS_MAX (1 << 16)
#define LOOK_US 2000

/* ---- a folder's names ---------------------------------------------------- */

static DIR *open_folder(int at, const char *name)
{
	int fd = openat(at, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *names = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !names)
		close(fd);
	return names;
}

static const char *next_name(DIR *names)
{
	const struct dirent *entry;

	do
		entry = readdir(names);
	while (entry && (strcmp(entry->d_name, ".") == 0 ||
			 strcmp(entry->d_name, "..") == 0));
	return entry ? entry->d_name : NULL;
}

/* ---- how much is in it --------------------------------------------------- */

GHashTable *miyin_keeper_seen_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

guint64 miyin_keeper_add(GHashTable *seen, const struct stat *status)
{
	char *key = g_strdup_printf("%ju-%ju", (uintmax_t)status->st_dev,
				    (uintmax_t)status->st_ino);

	return g_hash_table_add(seen, key) ? (guint64)status->st_blocks * BLOCK
					   : 0;
}

static guint64 measure(int at, const char *name, unsigned depth,
		       GHashTable *seen)
{
	g_autoptr(DIR) names = open_folder(at, name);
	const char *inner;
	struct stat status;
	guint64 bytes = depth > 0 ? 0 : TOO_DEEP;

	while (names && bytes < TOO_DEEP && (inner = next_name(names))) {
		if (fstatat(dirfd(names), inner, &status,
			    AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		bytes += miyin_keeper_add(seen, &status);
		if (S_ISDIR(status.st_mode))
			bytes += measure(dirfd(names), inner, depth - 1, seen);
	}
	return MIN(bytes, TOO_DEEP);
}

guint64 miyin_keeper_space(const char *folder, GHashTable *seen)
{
	g_autoptr(GHashTable) own = seen ? NULL : miyin_keeper_seen_new();

	return measure(AT_FDCWD, folder, DEPTH_MAX, seen ? seen : own);
}

/* ---- its removal ----------------------------------------------------------
 */

static gboolean remove_name(int at, const char *name)
{
	return unlinkat(at, name, 0) == 0 ||
	       unlinkat(at, name, AT_REMOVEDIR) == 0;
}

/* Of a folder at the top. What is in there and cannot be removed yet goes to
 * the top, too: so two descriptors will do, however deep they lie. */
static gboolean flatten(int top, const char *name, unsigned *n)
{
	g_autoptr(DIR) names = open_folder(top, name);
	const char *inner;
	gboolean moved = FALSE;

	while (names && (inner = next_name(names))) {
		g_autofree char *at_top = g_strdup_printf("%u", (*n)++);

		moved |= remove_name(dirfd(names), inner) ||
			 renameat(dirfd(names), inner, top, at_top) == 0;
	}
	return moved;
}

/* A folder that is open, and then itself. */
static void remove_folder(DIR *names, const char *path)
{
	unsigned n = 0;
	gboolean goes_on = TRUE;

	for (int i = 0; i < ROUNDS_MAX && goes_on; i++) {
		const char *name;

		goes_on = FALSE;
		rewinddir(names);
		while ((name = next_name(names)))
			goes_on |= remove_name(dirfd(names), name) ||
				   flatten(dirfd(names), name, &n);
	}
	rmdir(path);
}

/* Whom nobody else could have made. */
static gboolean is_ours(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
	       !(status.st_mode & (S_IWGRP | S_IWOTH));
}

/* A folder whose keeper was killed is locked no more. */
static void sweep(const char *place)
{
	g_autoptr(DIR) names = opendir(place);
	const char *name;

	while (names && (name = next_name(names))) {
		g_autofree char *path = g_build_filename(place, name, NULL);
		g_autoptr(DIR) left = g_str_has_prefix(name, PREFIX)
					      ? open_folder(dirfd(names), name)
					      : NULL;

		if (left && is_ours(dirfd(left)) &&
		    flock(dirfd(left), LOCK_EX | LOCK_NB) == 0)
			remove_folder(left, path);
	}
}

/* ---- its life --------------------------------------------------------------
 */

/* Another keeper may have swept it before it was locked: then it is nowhere,
 * and nothing can be made in it. */
static int make(const char *outer)
{
	int fd = open(outer, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int reason;

	if (fd >= 0 && flock(fd, LOCK_EX) == 0 && fchmod(fd, 0711) == 0 &&
	    mkdirat(fd, FILES, 0700) == 0)
		return fd;
	reason = errno;
	if (fd >= 0)
		close(fd);
	rmdir(outer);
	errno = reason;
	return -1;
}

gboolean miyin_keeper_open(miyin_keeper *keeper, const char *place)
{
	int fd = -1;

	sweep(place);
	errno = ENOENT;
	for (int i = 0; i < TRIES && fd < 0 && errno == ENOENT; i++) {
		g_autofree char *outer =
			g_build_filename(place, PREFIX "XXXXXX", NULL);

		if (!g_mkdtemp(outer))
			return FALSE;
		fd = make(outer);
		if (fd >= 0)
			*keeper = (miyin_keeper){
				g_build_filename(outer, FILES, NULL), fd
			};
	}
	return fd >= 0;
}

void miyin_keeper_close(miyin_keeper *keeper)
{
	g_autofree char *outer = g_path_get_dirname(keeper->path);
	g_autoptr(DIR) names = fdopendir(keeper->lock);

	if (names)
		remove_folder(names, outer);
	else
		close(keeper->lock);
	g_free(keeper->path);
	*keeper = (miyin_keeper){ NULL, -1 };
}

void miyin_keeper_leave(miyin_keeper *keeper)
{
	close(keeper->lock);
	g_free(keeper->path);
	*keeper = (miyin_keeper){ NULL, -1 };
}

/* ---- its processes ---------------------------------------------------------
 */

/* FALSE where the kernel does not tell them. */
static gboolean kill_children(void)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) pids = NULL;

	if (!g_file_get_contents("/proc/thread-self/children", &text, NULL,
				 NULL))
		return FALSE;
	pids = g_strsplit(g_strstrip(text), " ", -1);
	for (char **pid = pids; *pid; pid++)
		if (**pid)
			kill((pid_t)g_ascii_strtoll(*pid, NULL, 10), SIGKILL);
	return TRUE;
}

/* All at once, so that none starts another meanwhile. A process may signal
 * those that have its account. */
static int kill_account(gpointer data)
{
	const uid_t account = *(const uid_t *)data;

	return setresuid(account, account, account) != 0 ||
	       kill(-1, SIGKILL) != 0;
}

void miyin_keeper_end_all(pid_t first, uid_t account)
{
	const miyin_process killer = { .work = kill_account, .data = &account };
	gboolean told;

	if (first > 0 && waitpid(first, NULL, WNOHANG) == 0)
		kill(first, SIGKILL);
	do {
		pid_t gone;

		if (account > 0)
			miyin_process_run(&killer);
		told = kill_children();
		do
			gone = waitpid(-1, NULL, WNOHANG);
		while (gone > 0);
		if (gone < 0)
			return;
		g_usleep(LOOK_US);
	} while (told || account > 0);
	waitpid(first, NULL, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files in memory: what users print must not lie about on disk.
 */
#ifndef MIYIN_MEMFILE_H
#define MIYIN_MEMFILE_H

#include <glib.h>
#include <unistd.h>

/* A descriptor that is closed with its variable, unless it is -1: g_auto. */
typedef int miyin_fd;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(miyin_fd, close, -1)

/* Close it, unless it is -1, which it is then. */
void miyin_fd_clear(miyin_fd *fd);

/* A new empty one, close-on-exec; -1 and SYSTEM on failure. */
int miyin_memfile_new(const char *name, GError **error);

/* A new one that holds a text, at its end; -1 and SYSTEM on failure. */
int miyin_memfile_new_text(const char *name, const char *text, GError **error);

/* Another descriptor of it, close-on-exec; -1 and SYSTEM on failure. */
int miyin_memfile_again(int fd, GError **error);

/* Write all of the bytes at the file's place. Errors: SYSTEM. */
gboolean miyin_memfile_write(int fd, const void *bytes, gsize length,
			     GError **error);

/*
 * Nobody changes it any more, whoever has it open or opens it again in /proc;
 * it is then at its start. Errors: SYSTEM.
 */
gboolean miyin_memfile_seal(int fd, GError **error);

/* The whole file, mapped. Errors: SYSTEM. */
GBytes *miyin_memfile_map(int fd, GError **error);

/* The same as a text, up to its first zero; SYSTEM, too, when there are more
 * than max bytes. Free with g_free. */
char *miyin_memfile_text(int fd, gsize max, GError **error);

/* Back to the start. */
void miyin_memfile_rewind(int fd);

/*
 * Copy a stream to its end.
 *
 *   max      bytes; more is an error
 *   length   may be NULL
 *
 * Errors: INPUT when there is more than max, SYSTEM.
 */
gboolean miyin_memfile_fill(int to, int from, guint64 max, guint64 *length,
			    GError **error);

#endif

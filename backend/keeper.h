/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the keepers of programs that are not ours have in common (room.h,
 * warden.h): a folder for the programs' files, which is gone afterwards, and
 * an end of all their processes.
 *
 *   open -> work in the folder -> end_all -> close
 *
 * The folder lies in one that is ours alone, so its user can neither move it
 * nor lay anything beside it. Its keeper holds a lock; one that was killed
 * holds none, and who opens the next folder in the same place removes what it
 * left. What others lay there, under whatever name, is not touched. No path
 * is followed into a folder while it is measured or removed.
 */
#ifndef MIYIN_KEEPER_H
#define MIYIN_KEEPER_H

#include <dirent.h>
#include <glib.h>
#include <sys/stat.h>
#include <sys/types.h>

typedef struct {
	char *path; /* of the folder; 0700, ours until it is given away */
	int lock;   /* held as long as any process has it open */
} miyin_keeper;

/*
 *   place   a folder of root's, or with the sticky bit
 *
 * Returns FALSE with errno on failure.
 */
gboolean miyin_keeper_open(miyin_keeper *keeper, const char *place);

/*
 * The bytes of all that is in a folder. Folders in each other, deeper than
 * anybody's work goes, are more than any limit.
 *
 *   seen   files that count no more, as miyin_keeper_add has it; or NULL
 */
guint64 miyin_keeper_space(const char *folder, GHashTable *seen);

GHashTable *miyin_keeper_seen_new(void);

/* The bytes of a file, 0 when it was seen before. */
guint64 miyin_keeper_add(GHashTable *seen, const struct stat *status);

/*
 * End all children of this process, and theirs: for a subreaper, which
 * orphans fall to.
 *
 *   first     the one that was started; 0 or less: none was
 *   account   that they alone have, or 0
 */
void miyin_keeper_end_all(pid_t first, uid_t account);

/* Remove the folder, and let go of the lock. */
void miyin_keeper_close(miyin_keeper *keeper);

/* Leave it to another process that has it open, too. */
void miyin_keeper_leave(miyin_keeper *keeper);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DIR, closedir)

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cell for code that touches user data: afterwards the process can read
 * and write the descriptors it has, use memory, and end. No network, no
 * program, no process, no file but what its kind needs to read.
 *
 *   check (once, before anything) -> in the child: limit, clear_environment,
 *   enter; process.h limits and enters
 *
 * Kinds, system calls and files: doc/sandbox.md. Whoever is root becomes
 * nobody in there. A build with AddressSanitizer has a wider cell, for what its
 * runtime does: look for leaks and write reports. A build for valgrind has none:
 * that reads files and asks for calls that nobody may have.
 */
#ifndef MIYIN_SANDBOX_H
#define MIYIN_SANDBOX_H

#include <glib.h>

#if defined(__SANITIZE_ADDRESS__)
#define MIYIN_SANITIZED 1
#elif defined(__has_feature)
#define MIYIN_SANITIZED __has_feature(address_sanitizer)
#else
#define MIYIN_SANITIZED 0
#endif

#ifdef UNDER_VALGRIND
#define MIYIN_SANDBOX_OFF 1
#else
#define MIYIN_SANDBOX_OFF 0
#endif

typedef enum {
	MIYIN_SANDBOX_PARSE,   /* no file at all */
	MIYIN_SANDBOX_RENDER,  /* fonts and their maps, to read; threads */
	MIYIN_SANDBOX_CONVERT, /* runs programs of the system; one folder */
} miyin_sandbox;

/* What CONVERT gets besides the system's own files; may be NULL. */
typedef struct {
	const char *folder; /* to make and write files in */
	const char *file;   /* to read, or NULL */
} miyin_sandbox_room;

/*
 * Whether this kernel can hold the cell.
 *
 *   landlock_required   [sandbox] landlock of miyin.conf
 *   warning             may be NULL; set to a sentence for the log when there
 *                       is no Landlock and it is only preferred, else to NULL
 *
 * Errors: MISSING.
 */
gboolean miyin_sandbox_check(gboolean landlock_required, const char **warning,
			     GError **error);

/* What a printer's driver has of its own (sched.h): no network, no process and
 * no memory of others. */
#define MIYIN_ROOM_NAMESPACES (CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC)

/*
 * Whether a printer's driver can be given namespaces of its own here, without
 * which it has the network. Of root.
 *
 *   required, warning   as above
 *
 * Errors: MISSING.
 */
gboolean miyin_sandbox_check_room(gboolean required, const char **warning,
				  GError **error);

/*
 * Limits for this process and those it starts, each by itself; none is set
 * above what it was given. At the end of its time it gets SIGXCPU, and after
 * twice that time by the clock SIGALRM. The alarm is for this process alone:
 * who starts others must end them.
 */
void miyin_sandbox_limit(unsigned cpu_s, guint64 memory_bytes,
			 guint64 file_bytes);

/*
 * Whether a process that failed came to one of these limits: by its end, or,
 * for memory, by what it said.
 *
 *   status   of wait
 *   words    of its standard error
 */
gboolean miyin_sandbox_is_limit(int status, const char *words);

/*
 * Forget the environment, in memory too: other processes of the same user
 * read it in /proc. Strings of it that were asked for before are gone.
 *
 *   keep   names with blanks between
 */
void miyin_sandbox_clear_environment(const char *keep);

/*
 * Enter, for good; from now on the process dies with its parent. A kernel
 * without Landlock is no error here: who must have it asked
 * miyin_sandbox_check.
 *
 *   room   for CONVERT, else NULL
 *
 * Errors: SYSTEM when any part of the cell that this kernel has cannot be set.
 */
gboolean miyin_sandbox_enter(miyin_sandbox kind, const miyin_sandbox_room *room,
			     GError **error);

/*
 * Add to a ruleset of Landlock what may be done at a path and beneath it. What is
 * not there needs no rule, and what is no folder gets the rights of a file only.
 */
gboolean miyin_sandbox_allow(int rules, const char *path, guint64 rights);

#endif

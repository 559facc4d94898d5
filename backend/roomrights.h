/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a process may do in a room of the guard.
 */
#ifndef MIYIN_ROOMRIGHTS_H
#define MIYIN_ROOMRIGHTS_H

#include "room.h"

/*
 * Take the rights of a room, for good: user, limits, files. A kernel without
 * Landlock has only the first two. FALSE when any of it cannot be done.
 *
 *   folder   the room's own, which becomes its user's
 */
gboolean miyin_roomrights_take(miyin_room_kind kind,
			       const miyin_room_limits *limits,
			       const char *folder, uid_t account);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LD_PRELOAD for Debian's ippeveprinter: it connects to Avahi even when told
 * to announce nothing (-r off) and ends when no D-Bus is there. These calls
 * succeed and do nothing.
 */
#include <stddef.h>

static int nothing;

void *avahi_threaded_poll_new(void);
void *avahi_threaded_poll_get(void *poll);
int avahi_threaded_poll_start(void *poll);
void avahi_threaded_poll_lock(void *poll);
void avahi_threaded_poll_unlock(void *poll);
void *avahi_client_new(const void *poll, int flags, void *callback, void *data,
		       int *error);

void *avahi_threaded_poll_new(void)
{
	return &nothing;
}

void *avahi_threaded_poll_get(void *poll)
{
	return poll;
}

int avahi_threaded_poll_start(void *poll)
{
	(void)poll;
	return 0;
}

void avahi_threaded_poll_lock(void *poll)
{
	(void)poll;
}

void avahi_threaded_poll_unlock(void *poll)
{
	(void)poll;
}

void *avahi_client_new(const void *poll, int flags, void *callback, void *data,
		       int *error)
{
	(void)poll;
	(void)flags;
	(void)callback;
	(void)data;
	if (error)
		*error = 0;
	return &nothing;
}

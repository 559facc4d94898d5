/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "custody.h"

/* The last only while its device has not started, or was not reached, which
 * settle.c sees to. */
static const struct {
	miyin_copy_state from, to;
	const char *event;
} table[] = {
	{ MIYIN_COPY_RESERVED, MIYIN_COPY_SENDING, "claim" },
	{ MIYIN_COPY_RESERVED, MIYIN_COPY_VOID, "void" },
	{ MIYIN_COPY_SENDING, MIYIN_COPY_PRINTED, "printed" },
	{ MIYIN_COPY_SENDING, MIYIN_COPY_PARTIAL, "partial" },
	{ MIYIN_COPY_SENDING, MIYIN_COPY_DOUBT, "doubt" },
	{ MIYIN_COPY_SENDING, MIYIN_COPY_VOID, "void" },
};

static const char *const ids[MIYIN_N_COPY_STATES] = {
	[MIYIN_COPY_RESERVED] = "reserved", [MIYIN_COPY_SENDING] = "sending",
	[MIYIN_COPY_PRINTED] = "printed",   [MIYIN_COPY_PARTIAL] = "partial",
	[MIYIN_COPY_DOUBT] = "doubt",	    [MIYIN_COPY_VOID] = "void",
};

const char *miyin_custody_event(miyin_copy_state from, miyin_copy_state to)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(table); i++)
		if (table[i].from == from && table[i].to == to)
			return table[i].event;
	return NULL;
}

const char *miyin_copy_state_id(miyin_copy_state state)
{
	return ids[state];
}

int miyin_copy_state_find(const char *id)
{
	for (int i = 0; i < MIYIN_N_COPY_STATES; i++)
		if (g_str_equal(ids[i], id))
			return i;
	return -1;
}

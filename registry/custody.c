/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "custody.h"

static const struct {
	miyin_copy_state from;
	miyin_act act;
	miyin_copy_state to;
} table[] = {
	{ MIYIN_COPY_RESERVED, MIYIN_ACT_CLAIM, MIYIN_COPY_SENDING },
	{ MIYIN_COPY_RESERVED, MIYIN_ACT_VOID, MIYIN_COPY_VOID },
	{ MIYIN_COPY_SENDING, MIYIN_ACT_PRINTED, MIYIN_COPY_PRINTED },
	{ MIYIN_COPY_SENDING, MIYIN_ACT_PARTIAL, MIYIN_COPY_PARTIAL },
	{ MIYIN_COPY_SENDING, MIYIN_ACT_DOUBT, MIYIN_COPY_DOUBT },
	{ MIYIN_COPY_SENDING, MIYIN_ACT_UNSENT, MIYIN_COPY_VOID },
};

static const char *const ids[MIYIN_N_COPY_STATES] = {
	[MIYIN_COPY_RESERVED] = "reserved", [MIYIN_COPY_SENDING] = "sending",
	[MIYIN_COPY_PRINTED] = "printed",   [MIYIN_COPY_PARTIAL] = "partial",
	[MIYIN_COPY_DOUBT] = "doubt",	    [MIYIN_COPY_VOID] = "void",
};

int miyin_custody_next(miyin_copy_state from, miyin_act act)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(table); i++)
		if (table[i].from == from && table[i].act == act)
			return table[i].to;
	return -1;
}

int miyin_custody_act(miyin_copy_state to)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(table); i++)
		if (table[i].to == to)
			return table[i].act;
	return -1;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work.h"
#include "head.h"
#include "ledger.h"

static gboolean take_back(miyin_register *reg)
{
	miyin_store_rollback(reg);
	miyin_ledger_drop(reg);
	return FALSE;
}

static gboolean commit(miyin_register *reg, GError **error)
{
	miyin_head head = { 0 };
	/* What is on paper already is settled all the same. */
	GError **reason = reg->must ? NULL : error;

	if (reg->first_new != 0 && !miyin_head_read(reg, &head, reason) &&
	    !reg->must)
		return take_back(reg);
	if (!miyin_ledger_commit(reg, error) || !miyin_store_commit(reg, error))
		return take_back(reg);
	miyin_ledger_done(reg);
	return head.seq == 0 || miyin_head_write(reg, &head, reason) ||
	       reg->must;
}

gboolean miyin_work_do(miyin_register *reg, miyin_work work, gpointer data,
		       GError **error)
{
	reg->first_new = 0;
	if (!miyin_store_begin(reg, error))
		return FALSE;
	if (work(reg, data, error))
		return commit(reg, error);
	return take_back(reg);
}

gboolean miyin_work_must(miyin_register *reg, miyin_work work, gpointer data,
			 GError **error)
{
	gboolean ok;

	reg->must = TRUE;
	ok = miyin_work_do(reg, work, data, error);
	reg->must = FALSE;
	return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a copy that was issued: claim, settle, void. */
#include "store.h"
#include <miyin/custody.h>
#include <miyin/error.h>
#include <glib/gi18n.h>

#define STARTED                                                                \
	"(device_started AND NOT EXISTS(SELECT 1 FROM devices WHERE copy ="    \
	" copies.id AND end <> 'done' AND reached = 0))"

static gboolean write_state(miyin_register *reg, const miyin_copy *copy,
			    miyin_act act, miyin_copy_state to,
			    unsigned pages_done, GError **error)
{
	/* One statement, so that the device starts before it or never. What
	 * the guard saw never reach the device is as good as not started. */
	const gboolean unsent = act == MIYIN_ACT_UNSENT;
	g_autofree char *now = miyin_store_now();
	int changes;

	if (!miyin_store_run(reg, &changes, error,
			     "UPDATE copies SET state = ?, device_job = ?,"
			     " pages_done = ?, settled_at = CASE WHEN ? ="
			     " 'sending' THEN NULL ELSE ? END WHERE id = ? AND"
			     " state = ? AND NOT (? AND " STARTED ")",
			     "siisslsi", miyin_copy_state_id(to),
			     copy->device_job, (int)pages_done,
			     miyin_copy_state_id(to), now, copy->row,
			     miyin_copy_state_id(copy->state), unsent))
		return FALSE;
	if (changes != 1) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    _("The copy changed in the register meanwhile."));
		return FALSE;
	}
	if (to != MIYIN_COPY_VOID)
		return TRUE;
	return miyin_store_run(reg, NULL, error,
			       "UPDATE documents SET used = used - 1 WHERE"
			       " id = (SELECT document FROM copies WHERE"
			       " id = ?)",
			       "l", copy->row);
}

gboolean miyin_store_change(miyin_register *reg, const miyin_copy *copy,
			    miyin_act act, unsigned pages_done,
			    const char *detail, GError **error)
{
	static const char *const names[] = {
		[MIYIN_ACT_CLAIM] = "claim",
		[MIYIN_ACT_PRINTED] = "printed",
		[MIYIN_ACT_PARTIAL] = "partial",
		[MIYIN_ACT_DOUBT] = "doubt",
		[MIYIN_ACT_VOID] = "void",
		[MIYIN_ACT_UNSENT] = "void",
	};
	gboolean good = act == MIYIN_ACT_CLAIM || act == MIYIN_ACT_PRINTED;

	return write_state(reg, copy, act, miyin_custody_next(copy->state, act),
			   pages_done, error) &&
	       miyin_store_copy_event(reg, copy->row, names[act],
				      good ? "ok" : "failed", pages_done,
				      detail, error);
}

static gboolean change_state(miyin_register *reg, miyin_copy *copy,
			     miyin_act act, unsigned pages_done,
			     const char *detail, GError **error)
{
	int to = miyin_custody_next(copy->state, act);
	gboolean ready;

	if (to < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    _("A copy that is %s cannot take this step."),
			    miyin_copy_state_id(copy->state));
		return FALSE;
	}
	ready = act == MIYIN_ACT_CLAIM ? miyin_store_begin(reg, error)
				       : miyin_store_begin_must(reg, error);
	if (!ready)
		return FALSE;
	/* Somebody may have put another file in its place meanwhile. */
	if ((act == MIYIN_ACT_CLAIM && !miyin_register_is_whole(reg, error)) ||
	    !miyin_store_change(reg, copy, act, pages_done, detail, error)) {
		miyin_store_rollback(reg);
		return FALSE;
	}
	if (!miyin_store_commit(reg, error))
		return FALSE;
	copy->state = to;
	return TRUE;
}

gboolean miyin_register_claim(miyin_register *reg, miyin_copy *copy,
			      int device_job, GError **error)
{
	int before = copy->device_job;
	g_autofree char *detail =
		copy->verified ? g_strconcat("verified ", copy->verified, NULL)
			       : NULL;

	copy->device_job = device_job;
	if (change_state(reg, copy, MIYIN_ACT_CLAIM, 0, detail, error))
		return TRUE;
	copy->device_job = before;
	return FALSE;
}

gboolean miyin_register_settle(miyin_register *reg, miyin_copy *copy,
			       miyin_copy_state state, unsigned pages_done,
			       const char *detail, GError **error)
{
	int act = miyin_custody_act(state);

	if (act < 0 || act == MIYIN_ACT_CLAIM || act == MIYIN_ACT_VOID) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    _("A copy cannot be settled as %s."),
			    miyin_copy_state_id(state));
		return FALSE;
	}
	return change_state(reg, copy, act, pages_done, detail, error);
}

static miyin_act void_act(const miyin_copy *copy)
{
	return copy->state == MIYIN_COPY_SENDING ? MIYIN_ACT_UNSENT
						 : MIYIN_ACT_VOID;
}

gboolean miyin_register_void(miyin_register *reg, miyin_copy *copy,
			     const char *detail, GError **error)
{
	return change_state(reg, copy, void_act(copy), 0, detail, error);
}

/* 1: it goes; 0: it stays, for the register has it otherwise by now, or the
 * device has started on it; -1: failed. */
static int can_be_void(miyin_register *reg, const miyin_copy *copy,
		       GError **error)
{
	gint64 number;

	if (miyin_custody_next(copy->state, void_act(copy)) < 0)
		return 0;
	if (!miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT count(*) FROM copies WHERE"
				       " id = ? AND state = ? AND NOT " STARTED,
				       "ls", copy->row,
				       miyin_copy_state_id(copy->state)),
		    &number, error))
		return -1;
	return number == 1;
}

static gboolean void_copies(miyin_register *reg, const GPtrArray *copies,
			    const char *detail, GPtrArray *gone, GError **error)
{
	for (unsigned i = 0; i < copies->len; i++) {
		miyin_copy *copy = copies->pdata[i];
		int can = can_be_void(reg, copy, error);

		if (can < 0 ||
		    (can && !miyin_store_change(reg, copy, void_act(copy), 0,
						detail, error)))
			return FALSE;
		if (can)
			g_ptr_array_add(gone, copy);
	}
	return TRUE;
}

gboolean miyin_register_void_all(miyin_register *reg, GPtrArray *copies,
				 const char *detail, GError **error)
{
	g_autoptr(GPtrArray) gone = g_ptr_array_new();

	if (!miyin_store_begin_must(reg, error))
		return FALSE;
	if (!void_copies(reg, copies, detail, gone, error)) {
		miyin_store_rollback(reg);
		return FALSE;
	}
	if (!miyin_store_commit(reg, error))
		return FALSE;
	for (unsigned i = 0; i < gone->len; i++)
		((miyin_copy *)gone->pdata[i])->state = MIYIN_COPY_VOID;
	return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a copy that was issued: claim, settle, void. */
#include "entries.h"
#include "ledger.h"
#include "settle.h"
#include "work.h"
#include <miyin/error.h>
#include <glib/gi18n.h>

#define STARTED                                                                \
	"(device_started AND NOT EXISTS(SELECT 1 FROM devices WHERE copy ="    \
	" copies.id AND end <> 'done' AND reached = 0))"

static gboolean give_back(miyin_register *reg, gint64 copy, GError **error)
{
	gint64 document;

	if (!miyin_store_number(reg,
				"SELECT document FROM copies WHERE id = :copy",
				VALUES(NUMBER("copy", copy)), &document, error))
		return FALSE;
	miyin_ledger_touch(reg, "documents", document);
	return miyin_store_run(
		reg, "UPDATE documents SET used = used - 1 WHERE id = :id",
		VALUES(NUMBER("id", document)), NULL, error);
}

static gboolean write_state(miyin_register *reg, const miyin_copy *copy,
			    miyin_copy_state to, unsigned pages_done,
			    GError **error)
{
	g_autofree char *now = miyin_entries_now();
	int changes;

	/* One statement, so that the device starts before it or never. What
	 * the guard saw never reach the device is as good as not started. */
	if (!miyin_store_run(
		    reg,
		    "UPDATE copies SET state = :to, device_job = :device_job,"
		    " pages_done = :pages_done, settled_at = CASE WHEN :to ="
		    " 'sending' THEN NULL ELSE :now END WHERE id = :copy AND"
		    " state = :from AND NOT (:to = 'void' AND " STARTED ")",
		    VALUES(TEXT("to", miyin_copy_state_id(to)),
			   NUMBER("device_job", copy->device_job),
			   NUMBER("pages_done", pages_done), TEXT("now", now),
			   NUMBER("copy", copy->row),
			   TEXT("from", miyin_copy_state_id(copy->state))),
		    &changes, error))
		return FALSE;
	if (changes != 1)
		return miyin_fail(error, MIYIN_ERROR_STATE,
				  _("The copy changed in the register "
				    "meanwhile."));
	miyin_ledger_touch(reg, "copies", copy->row);
	return to != MIYIN_COPY_VOID || give_back(reg, copy->row, error);
}

gboolean miyin_settle_step(miyin_register *reg, const miyin_copy *copy,
			   miyin_copy_state to, unsigned pages_done,
			   const char *detail, GError **error)
{
	const gboolean good =
		to == MIYIN_COPY_SENDING || to == MIYIN_COPY_PRINTED;
	const miyin_event event = { .event = miyin_custody_event(copy->state,
								 to),
				    .result = good ? "ok" : "failed",
				    .pages = pages_done,
				    .detail = detail };

	if (!event.event)
		return miyin_fail(error, MIYIN_ERROR_STATE,
				  _("A copy that is %s cannot take this step."),
				  miyin_copy_state_id(copy->state));
	return write_state(reg, copy, to, pages_done, error) &&
	       miyin_entries_add_step(reg, copy->row, &event, error);
}

typedef struct {
	const miyin_copy *copy;
	miyin_copy_state to;
	unsigned pages_done;
	const char *detail;
} step;

static gboolean do_step(miyin_register *reg, gpointer data, GError **error)
{
	const step *taken = data;

	/* Somebody may have put another file in its place meanwhile. */
	return (taken->to != MIYIN_COPY_SENDING ||
		miyin_register_is_whole(reg, error)) &&
	       miyin_settle_step(reg, taken->copy, taken->to, taken->pages_done,
				 taken->detail, error);
}

static gboolean change_state(miyin_register *reg, miyin_copy *copy,
			     miyin_copy_state to, unsigned pages_done,
			     const char *detail, GError **error)
{
	step taken = { copy, to, pages_done, detail };
	const gboolean ok =
		to == MIYIN_COPY_SENDING
			? miyin_work_do(reg, do_step, &taken, error)
			: miyin_work_must(reg, do_step, &taken, error);

	if (ok)
		copy->state = to;
	return ok;
}

gboolean miyin_register_claim(miyin_register *reg, miyin_copy *copy,
			      int device_job, GError **error)
{
	int before = copy->device_job;
	g_autofree char *detail =
		copy->verified ? g_strconcat("verified ", copy->verified, NULL)
			       : NULL;

	copy->device_job = device_job;
	if (change_state(reg, copy, MIYIN_COPY_SENDING, 0, detail, error))
		return TRUE;
	copy->device_job = before;
	return FALSE;
}

gboolean miyin_register_settle(miyin_register *reg, miyin_copy *copy,
			       miyin_copy_state state, unsigned pages_done,
			       const char *detail, GError **error)
{
	if (state < MIYIN_COPY_PRINTED || state > MIYIN_COPY_DOUBT)
		return miyin_fail(error, MIYIN_ERROR_STATE,
				  _("A copy cannot be settled as %s."),
				  miyin_copy_state_id(state));
	return change_state(reg, copy, state, pages_done, detail, error);
}

gboolean miyin_register_void(miyin_register *reg, miyin_copy *copy,
			     const char *detail, GError **error)
{
	return change_state(reg, copy, MIYIN_COPY_VOID, 0, detail, error);
}

/* n is 1: it goes; 0: it stays, for the register has it otherwise by now, or
 * the device has started on it. */
static gboolean count_voidable(miyin_register *reg, const miyin_copy *copy,
			       gint64 *n, GError **error)
{
	*n = 0;
	return !miyin_custody_event(copy->state, MIYIN_COPY_VOID) ||
	       miyin_store_number(
		       reg,
		       "SELECT count(*) FROM copies WHERE id = :copy AND"
		       " state = :state AND NOT " STARTED,
		       VALUES(NUMBER("copy", copy->row),
			      TEXT("state", miyin_copy_state_id(copy->state))),
		       n, error);
}

typedef struct {
	const GPtrArray *copies;
	const char *detail;
	GPtrArray *gone; /* of copies */
} voiding;

static gboolean void_copies(miyin_register *reg, gpointer data, GError **error)
{
	voiding *all = data;

	g_ptr_array_set_size(all->gone, 0);
	for (unsigned i = 0; i < all->copies->len; i++) {
		miyin_copy *copy = all->copies->pdata[i];
		gint64 n;

		if (!count_voidable(reg, copy, &n, error))
			return FALSE;
		if (n == 0)
			continue;
		if (!miyin_settle_step(reg, copy, MIYIN_COPY_VOID, 0,
				       all->detail, error))
			return FALSE;
		g_ptr_array_add(all->gone, copy);
	}
	return TRUE;
}

gboolean miyin_register_void_all(miyin_register *reg, GPtrArray *copies,
				 const char *detail, GError **error)
{
	g_autoptr(GPtrArray) gone = g_ptr_array_new();
	voiding all = { copies, detail, gone };

	if (!miyin_work_must(reg, void_copies, &all, error))
		return FALSE;
	for (unsigned i = 0; i < gone->len; i++)
		((miyin_copy *)gone->pdata[i])->state = MIYIN_COPY_VOID;
	return TRUE;
}

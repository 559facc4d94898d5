/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "follow.h"
#include "settle.h"
#include <miyin/refusal.h>

void miyin_print_count(miyin_printing *p, gboolean counts,
		       miyin_copy_state state)
{
	if (!counts)
		return;
	if (state == MIYIN_COPY_PRINTED)
		p->outcome.printed++;
	else if (state == MIYIN_COPY_PARTIAL || state == MIYIN_COPY_DOUBT)
		p->outcome.unclear++;
}

static miyin_stop why_stopped(const miyin_printing *p, unsigned *limit_s)
{
	return p->delivery ? p->delivery->why(p->delivery, p->job->printer,
					      p->job->job_id, p->alive, limit_s)
			   : MIYIN_STOP_LEFT;
}

miyin_print_end miyin_print_why_stopped(const miyin_printing *p, GError **error)
{
	g_autofree char *seconds = NULL;
	unsigned limit_s = 0;

	switch (why_stopped(p, &limit_s)) {
	case MIYIN_STOP_CANCELED:
		miyin_refuse_for(error, MIYIN_REFUSAL_CANCELED);
		return MIYIN_PRINT_REFUSED;
	case MIYIN_STOP_TIME:
		seconds = g_strdup_printf("%u", limit_s);
		miyin_refuse_for(error, MIYIN_REFUSAL_TIME_LIMIT, seconds);
		return MIYIN_PRINT_REFUSED;
	default:
		return MIYIN_PRINT_LEFT;
	}
}

gboolean miyin_follow_is_stopped(const miyin_printing *p)
{
	return *p->stop || !p->job->status->is_read();
}

static GError *not_printed(miyin_copy_state state, const char *reason)
{
	if (state == MIYIN_COPY_DOUBT)
		return miyin_refusal_new(MIYIN_REFUSAL_UNKNOWN);
	return miyin_refusal_new(MIYIN_REFUSAL_DEVICE, *reason ? reason : "?");
}

miyin_print_end miyin_follow_settle(miyin_printing *p, miyin_copy *copy,
				    gboolean counts,
				    const miyin_delivered *result,
				    GError **error)
{
	g_autofree char *reason = NULL;
	miyin_copy_state state;
	gboolean entered =
		miyin_settle_copy(p->reg, copy, result, &state, &reason, error);

	miyin_print_count(p, counts, state);
	if (!entered)
		return MIYIN_PRINT_FAILED;
	if (state == MIYIN_COPY_PRINTED)
		return MIYIN_PRINT_DONE;
	if (miyin_follow_is_stopped(p))
		return miyin_print_why_stopped(p, error);
	miyin_refuse(error, not_printed(state, reason));
	return MIYIN_PRINT_FAILED;
}

/* Without a scheduler there is the guard's word. */
static miyin_delivered follow(const miyin_printing *p, const miyin_copy *copy,
			      miyin_delivery_func func, gpointer data)
{
	if (p->delivery)
		return p->delivery->follow(p->delivery, copy->device_job, func,
					   data);
	return (miyin_delivered){ MIYIN_DELIVERY_OVER, 0, g_strdup("") };
}

miyin_copy *miyin_follow_next(const miyin_printing *p,
			      miyin_document **document)
{
	gboolean passed = FALSE;

	for (unsigned i = 0; i < p->job->documents->len; i++) {
		*document = p->job->documents->pdata[i];
		for (unsigned k = 0; k < (*document)->copies->len; k++) {
			miyin_copy *next = (*document)->copies->pdata[k];

			if (passed && (next->state == MIYIN_COPY_RESERVED ||
				       next->state == MIYIN_COPY_SENDING))
				return next;
			passed = passed || next == p->followed;
		}
	}
	return NULL;
}

void miyin_follow_cancel_next(const miyin_printing *p)
{
	miyin_document *document;
	const miyin_copy *next = miyin_follow_next(p, &document);

	if (p->delivery && next && next->state == MIYIN_COPY_SENDING)
		p->delivery->cancel(p->delivery, next->device_job);
}

/* Its job is over, and its guard has not said how it ended: it was killed. */
static gboolean is_open(const miyin_printing *p, const miyin_copy *copy)
{
	miyin_device_record record = { 0 };
	const gboolean open =
		miyin_register_read_device(p->reg, copy, &record, NULL) &&
		record.end == MIYIN_DEVICE_STARTED;

	miyin_device_record_clear(&record);
	return open;
}

miyin_print_end miyin_print_follow(miyin_printing *p, miyin_copy *copy,
				   gboolean counts, miyin_delivery_func func,
				   gpointer data, GError **error)
{
	miyin_delivered result;
	g_autofree char *message = NULL;
	g_autoptr(GError) why = NULL, reason = NULL;
	miyin_print_end end;

	p->followed = copy;
	result = follow(p, copy, func, data);
	message = result.message;
	if (result.end == MIYIN_DELIVERY_STOPPED) {
		if (miyin_print_why_stopped(p, &why) == MIYIN_PRINT_LEFT)
			return MIYIN_PRINT_LEFT;
		miyin_follow_cancel_next(p);
		p->delivery->cancel(p->delivery, copy->device_job);
	} else if (is_open(p, copy)) {
		miyin_follow_cancel_next(p);
	}
	end = miyin_follow_settle(p, copy, counts, &result, &reason);
	/* Of a doubt its job may still tell something for a while. */
	if (p->delivery && (copy->state == MIYIN_COPY_PRINTED ||
			    copy->state == MIYIN_COPY_PARTIAL ||
			    copy->state == MIYIN_COPY_VOID))
		p->delivery->forget(p->delivery, copy->device_job);
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return MIYIN_PRINT_REFUSED;
	}
	if (reason)
		g_propagate_error(error, g_steal_pointer(&reason));
	return end;
}

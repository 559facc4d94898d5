/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settle.h"
#include <miyin/error.h>

#define END_S 3 /* for a guard that writes a moment later */
#define CANCELED_S (MIYIN_GUARD_END_S + 4) /* for a device told to end */
#define LOOK_US 100000

/* A guard that was killed has a recorder that outlives it. */
static gboolean read_end(miyin_register *reg, const miyin_copy *copy,
			 int limit_s, miyin_device_record *record,
			 GError **error)
{
	gint64 end = g_get_monotonic_time() + (gint64)limit_s * G_USEC_PER_SEC;

	for (;;) {
		g_autoptr(GError) busy = NULL;
		gboolean late = g_get_monotonic_time() > end;

		/* The register waits for nobody once we are told to end, and
		 * just then the guard writes. */
		if (miyin_register_read_device(reg, copy, record, &busy)) {
			if (record->end != MIYIN_DEVICE_STARTED || late)
				return TRUE;
			miyin_device_record_clear(record);
		} else if (late || !g_error_matches(busy, MIYIN_ERROR,
						    MIYIN_ERROR_BUSY)) {
			g_propagate_error(error, g_steal_pointer(&busy));
			return FALSE;
		}
		g_usleep(LOOK_US);
	}
}

static gboolean enter(miyin_register *reg, miyin_copy *copy,
		      miyin_copy_state *state, unsigned pages,
		      const char *detail, GError **error)
{
	g_autoptr(GError) started = NULL;

	if (*state != MIYIN_COPY_VOID)
		return miyin_register_settle(reg, copy, *state, pages, detail,
					     error);
	if (miyin_register_void(reg, copy, detail, &started))
		return TRUE;
	if (!g_error_matches(started, MIYIN_ERROR, MIYIN_ERROR_STATE)) {
		g_propagate_error(error, g_steal_pointer(&started));
		return FALSE;
	}
	/* The device began after we had looked. */
	*state = MIYIN_COPY_DOUBT;
	return miyin_register_settle(reg, copy, *state, pages, detail, error);
}

gboolean miyin_settle_copy(miyin_register *reg, miyin_copy *copy,
			   const miyin_delivered *result,
			   miyin_copy_state *state, char **reason,
			   GError **error)
{
	int limit_s =
		result->end == MIYIN_DELIVERY_STOPPED ? CANCELED_S : END_S;
	const char *words = result->message;
	miyin_device_record record = { 0 };
	const char *detail;
	gboolean ok;

	*state = MIYIN_COPY_DOUBT;
	*reason = g_strdup(words);
	if (!read_end(reg, copy, limit_s, &record, error))
		return FALSE;
	*state = miyin_device_weigh(&record);
	detail = record.detail && *record.detail ? record.detail : words;
	/* The scheduler counts what a driver makes, again for each time that
	 * a busy printer is asked; the guard, the last time. */
	ok = enter(reg, copy, state,
		   record.pages > 0 ? record.pages : result->pages, detail,
		   error);
	g_free(*reason);
	*reason = g_strdup(detail);
	miyin_device_record_clear(&record);
	return ok;
}

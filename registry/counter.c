/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

static gboolean read_last(miyin_register *reg, const char *printer,
			  miyin_reading *reading, gint64 *seq, GError **error);
static gboolean add_pages(miyin_register *reg, const char *printer,
			  gint64 since, unsigned *pages, GError **error);
static gboolean enter_counter(miyin_register *reg, const char *user,
			      const char *printer, unsigned counter,
			      const miyin_reading *reading, GError **error);

gboolean miyin_register_count(miyin_register *reg, const char *user,
			      char *const *printers, const unsigned *counter,
			      miyin_reading *out, GError **error)
{
	miyin_reading reading = { .is_first = TRUE };
	gint64 seq = 0;
	gboolean ok;

	if (!miyin_store_begin(reg, error))
		return FALSE;
	ok = read_last(reg, printers[0], &reading, &seq, error);
	for (int i = 0; ok && printers[i]; i++)
		ok = add_pages(reg, printers[i], seq, &reading.pages, error);
	ok = ok && (!counter || enter_counter(reg, user, printers[0], *counter,
					      &reading, error));
	if (ok)
		ok = miyin_store_commit(reg, error);
	else
		miyin_store_rollback(reg);
	if (ok)
		*out = reading;
	else
		miyin_reading_clear(&reading);
	return ok;
}

void miyin_reading_clear(miyin_reading *reading)
{
	g_clear_pointer(&reading->at, g_free);
}

static gboolean read_last(miyin_register *reg, const char *printer,
			  miyin_reading *reading, gint64 *seq, GError **error)
{
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT seq, at, pages FROM events WHERE event = 'counter' AND"
		" printer = ? ORDER BY seq DESC LIMIT 1", "s", printer);
	int status;

	if (!statement)
		return FALSE;
	status = sqlite3_step(statement);
	if (status == SQLITE_ROW) {
		reading->is_first = FALSE;
		*seq = sqlite3_column_int64(statement, 0);
		reading->at = g_strdup(miyin_store_text(statement, 1));
		reading->before = sqlite3_column_int64(statement, 2);
	}
	sqlite3_finalize(statement);
	return status == SQLITE_ROW || status == SQLITE_DONE ||
	       miyin_store_fail(reg, error);
}

/* At most: what was being sent at a reading may count at it or at the next,
 * and how much of a part came out nobody is sure of. */
static gboolean add_pages(miyin_register *reg, const char *printer,
			  gint64 since, unsigned *pages, GError **error)
{
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT coalesce(sum(pages), 0) FROM (SELECT c.id, j.pages FROM"
		" events e JOIN copies c ON c.copy_code = e.copy_code JOIN jobs"
		" j ON j.id = c.job WHERE e.seq > ? AND e.event IN ('printed',"
		" 'partial', 'doubt') AND j.printer = ? UNION SELECT c.id,"
		" j.pages FROM copies c JOIN jobs j ON j.id = c.job WHERE"
		" c.state = 'sending' AND j.printer = ?)", "lss", since,
		printer, printer);
	gint64 number;

	if (!miyin_store_number(reg, statement, &number, error))
		return FALSE;
	*pages += number;
	return TRUE;
}

static gboolean enter_counter(miyin_register *reg, const char *user,
			      const char *printer, unsigned counter,
			      const miyin_reading *reading, GError **error)
{
	gboolean good = reading->is_first ||
			(counter >= reading->before &&
			 counter - reading->before <= reading->pages);
	g_autofree char *detail =
		reading->is_first
			? g_strdup("first reading")
			: g_strdup_printf("%u before; %u pages in the register "
					  "since",
					  reading->before, reading->pages);
	const miyin_event event = {
		.event = "counter",
		.result = good ? "ok" : "failed",
		.detail = detail,
		.user = user,
		.printer = printer,
		.pages = counter,
	};

	return miyin_store_event(reg, &event, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counter of a device, and what the register knows of it. A device has the
 * gate queues that lead to it now, and those that did at a reading before: the
 * name of a queue is no name of a device.
 */
#include "store.h"

#define LAST_OF                                                                \
	"SELECT seq, at, pages FROM events WHERE event = 'counter' AND event"  \
	" IN ('backup', 'counter') AND host = ? AND (host <> '' OR printer"    \
	" = ?) ORDER BY seq DESC LIMIT 1"

static gboolean is_in(const GPtrArray *names, const char *name)
{
	return g_ptr_array_find_with_equal_func((GPtrArray *)names, name,
						g_str_equal, NULL);
}

static void add_names(GPtrArray *names, const char *list)
{
	g_auto(GStrv) parts = g_strsplit(list, " ", -1);

	for (int i = 0; parts[i]; i++)
		if (*parts[i] && !is_in(names, parts[i]))
			g_ptr_array_add(names, g_strdup(parts[i]));
}

/* Under which URIs the device was read, and through which queues. */
static gboolean find_past(miyin_register *reg, const miyin_counted *counted,
			  GPtrArray *devices, GPtrArray *names, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT DISTINCT host, printer FROM events WHERE event ="
		" 'counter' AND event IN ('backup', 'counter') AND host <> ''",
		"");
	gboolean row = TRUE;

	while (statement && row) {
		const char *device;

		if (!miyin_store_step(reg, statement, &row, error))
			return FALSE;
		device = row ? miyin_store_text(statement, 0) : "";
		if (!row || !counted->is_same(device, counted->device))
			continue;
		if (!is_in(devices, device))
			g_ptr_array_add(devices, g_strdup(device));
		add_names(names, miyin_store_text(statement, 1));
	}
	return statement != NULL;
}

static gboolean read_last(miyin_register *reg, const char *device,
			  const char *printer, miyin_reading *reading,
			  gint64 *seq, GError **error)
{
	g_autoptr(sqlite3_stmt) statement =
		miyin_store_select(reg, error, LAST_OF, "ss", device, printer);
	gboolean row;

	if (!statement || !miyin_store_step(reg, statement, &row, error))
		return FALSE;
	if (!row || sqlite3_column_int64(statement, 0) <= *seq)
		return TRUE;
	miyin_reading_clear(reading);
	reading->is_first = FALSE;
	*seq = sqlite3_column_int64(statement, 0);
	reading->at = g_strdup(miyin_store_text(statement, 1));
	reading->before = sqlite3_column_int64(statement, 2);
	return TRUE;
}

/* While no protected queue led to it, it printed what nobody registered. Back
 * from what is protected now, as far as the reading. */
static gboolean was_left(miyin_register *reg, const miyin_counted *counted,
			 const GPtrArray *names, gint64 since, gboolean *left,
			 GError **error)
{
	g_autoptr(GPtrArray) leading = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT event, printer FROM events WHERE seq > ? AND event IN"
		" ('protect', 'unprotect') ORDER BY seq DESC",
		"l", since);
	gboolean row = TRUE;

	*left = FALSE;
	for (int i = 0; counted->printers[i]; i++)
		g_ptr_array_add(leading, g_strdup(counted->printers[i]));
	while (statement && row && !*left) {
		const char *name;
		guint at;

		if (!miyin_store_step(reg, statement, &row, error))
			return FALSE;
		name = row ? miyin_store_text(statement, 1) : "";
		if (!row || !is_in(names, name))
			continue;
		if (g_str_equal(miyin_store_text(statement, 0), "unprotect"))
			add_names(leading, name);
		else if (g_ptr_array_find_with_equal_func(leading, name,
							  g_str_equal, &at))
			g_ptr_array_remove_index(leading, at);
		*left = leading->len == 0;
	}
	return statement != NULL;
}

/* The last reading of the device that still means something. */
static gboolean find_reading(miyin_register *reg, const miyin_counted *counted,
			     GPtrArray *names, miyin_reading *reading,
			     gint64 *seq, GError **error)
{
	g_autoptr(GPtrArray) devices = g_ptr_array_new_with_free_func(g_free);
	gboolean ok = find_past(reg, counted, devices, names, error);
	gboolean left = FALSE;

	for (unsigned i = 0; ok && i < devices->len; i++)
		ok = read_last(reg, devices->pdata[i], "", reading, seq, error);
	/* An older version wrote down the first queue alone. */
	for (int i = 0; ok && counted->printers[i]; i++) {
		ok = read_last(reg, "", counted->printers[i], reading, seq,
			       error);
		add_names(names, counted->printers[i]);
	}
	ok = ok && (reading->is_first ||
		    was_left(reg, counted, names, *seq, &left, error));
	if (ok && left) {
		miyin_reading_clear(reading);
		*reading = (miyin_reading){ .is_first = TRUE };
	}
	return ok;
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
		" c.state = 'sending' AND j.printer = ?)",
		"lss", since, printer, printer);
	gint64 number;

	if (!miyin_store_number(reg, statement, &number, error))
		return FALSE;
	*pages += number;
	return TRUE;
}

static gboolean enter_counter(miyin_register *reg, const char *user,
			      const miyin_counted *counted, unsigned counter,
			      const miyin_reading *reading, GError **error)
{
	g_autofree char *printers = g_strjoinv(" ", (char **)counted->printers);
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
		.printer = printers,
		.host = counted->device,
		.pages = counter,
	};

	return miyin_store_event(reg, &event, error);
}

gboolean miyin_register_count(miyin_register *reg, const char *user,
			      const miyin_counted *counted,
			      const unsigned *counter, miyin_reading *out,
			      GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	miyin_reading reading = { .is_first = TRUE };
	gint64 seq = 0;
	gboolean ok;

	if (!miyin_store_begin(reg, error))
		return FALSE;
	ok = find_reading(reg, counted, names, &reading, &seq, error);
	for (unsigned i = 0; ok && i < names->len; i++)
		ok = add_pages(reg, names->pdata[i], seq, &reading.pages,
			       error);
	ok = ok && (!counter || enter_counter(reg, user, counted, *counter,
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

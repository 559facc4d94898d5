/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counter of a device, and what the register knows of it. A device has the
 * gate queues that lead to it now, and those that did at a reading before: the
 * name of a queue is no name of a device.
 */
#include "entries.h"
#include "work.h"
#include <miyin/text.h>

#define LAST_OF                                                                \
	"SELECT seq, at, pages FROM events WHERE event = 'counter' AND event"  \
	" IN ('backup', 'counter') AND host = :device AND (host <> '' OR"      \
	" printer = :printer) ORDER BY seq DESC LIMIT 1"

static void add_names(GPtrArray *names, const char *list)
{
	g_auto(GStrv) parts = g_strsplit(list, " ", -1);

	for (int i = 0; parts[i]; i++)
		if (*parts[i] && !miyin_text_is_among(names, parts[i]))
			g_ptr_array_add(names, g_strdup(parts[i]));
}

/* Under which URIs the device was read, and through which queues. */
static gboolean find_past(miyin_register *reg, const miyin_counted *counted,
			  GPtrArray *devices, GPtrArray *names, GError **error)
{
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT DISTINCT host, printer FROM events WHERE event ="
		" 'counter' AND event IN ('backup', 'counter') AND host <> ''",
		NULL, error);

	while (miyin_rows_next(row)) {
		const char *device = miyin_rows_text(row, "host");

		if (!counted->is_same(device, counted->device))
			continue;
		if (!miyin_text_is_among(devices, device))
			g_ptr_array_add(devices, g_strdup(device));
		add_names(names, miyin_rows_text(row, "printer"));
	}
	return miyin_rows_end(row, error);
}

static gboolean read_last(miyin_register *reg, const char *device,
			  const char *printer, miyin_reading *reading,
			  gint64 *seq, GError **error)
{
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg, LAST_OF,
		VALUES(TEXT("device", device), TEXT("printer", printer)),
		error);

	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error);
	if (miyin_rows_number(row, "seq") <= *seq)
		return TRUE;
	miyin_reading_clear(reading);
	reading->is_first = FALSE;
	*seq = miyin_rows_number(row, "seq");
	reading->at = g_strdup(miyin_rows_text(row, "at"));
	reading->before = (unsigned)miyin_rows_number(row, "pages");
	return TRUE;
}

/* While no protected queue led to it, it printed what nobody registered. Back
 * from what is protected now, as far as the reading. */
static gboolean was_left(miyin_register *reg, const miyin_counted *counted,
			 const GPtrArray *names, gint64 since, gboolean *left,
			 GError **error)
{
	g_autoptr(GPtrArray) leading = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT event, printer FROM events WHERE seq > :since AND event"
		" IN ('protect', 'unprotect') ORDER BY seq DESC",
		VALUES(NUMBER("since", since)), error);

	*left = FALSE;
	for (int i = 0; counted->printers[i]; i++)
		g_ptr_array_add(leading, g_strdup(counted->printers[i]));
	while (miyin_rows_next(row)) {
		const char *name = miyin_rows_text(row, "printer");
		guint at;

		if (!miyin_text_is_among(names, name))
			continue;
		if (g_str_equal(miyin_rows_text(row, "event"), "unprotect"))
			add_names(leading, name);
		else if (g_ptr_array_find_with_equal_func(leading, name,
							  g_str_equal, &at))
			g_ptr_array_remove_index(leading, at);
		*left = *left || leading->len == 0;
	}
	return miyin_rows_end(row, error);
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
	gint64 number;

	if (!miyin_store_number(
		    reg,
		    "SELECT coalesce(sum(pages), 0) FROM (SELECT c.id, j.pages"
		    " FROM events e JOIN copies c ON c.copy_code = e.copy_code"
		    " JOIN jobs j ON j.id = c.job WHERE e.seq > :since AND"
		    " e.event IN ('printed', 'partial', 'doubt') AND"
		    " j.printer = :printer UNION SELECT c.id, j.pages FROM"
		    " copies c JOIN jobs j ON j.id = c.job WHERE"
		    " c.state = 'sending' AND j.printer = :printer)",
		    VALUES(NUMBER("since", since), TEXT("printer", printer)),
		    &number, error))
		return FALSE;
	*pages += (unsigned)number;
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

	return miyin_entries_add(reg, &event, error);
}

typedef struct {
	const char *user;
	const miyin_counted *counted;
	const unsigned *counter;
	miyin_reading reading;
} counting;

static gboolean count(miyin_register *reg, gpointer data, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	counting *c = data;
	miyin_reading *reading = &c->reading;
	gint64 seq = 0;

	miyin_reading_clear(reading);
	*reading = (miyin_reading){ .is_first = TRUE };
	if (!find_reading(reg, c->counted, names, reading, &seq, error))
		return FALSE;
	for (unsigned i = 0; i < names->len; i++)
		if (!add_pages(reg, names->pdata[i], seq, &reading->pages,
			       error))
			return FALSE;
	return !c->counter || enter_counter(reg, c->user, c->counted,
					    *c->counter, reading, error);
}

gboolean miyin_register_count(miyin_register *reg, const char *user,
			      const miyin_counted *counted,
			      const unsigned *counter, miyin_reading *reading,
			      GError **error)
{
	counting c = { user, counted, counter, { 0 } };

	if (miyin_work_do(reg, count, &c, error)) {
		*reading = c.reading;
		return TRUE;
	}
	miyin_reading_clear(&c.reading);
	return FALSE;
}

void miyin_reading_clear(miyin_reading *reading)
{
	g_clear_pointer(&reading->at, g_free);
}

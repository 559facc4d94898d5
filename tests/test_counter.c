/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the register says of printers' page counters: how many pages it knows
 * of since the reading before, and whether the new one fits.
 */
#include "register-file.h"
#include <string.h>

/* As the console knows it: by any of its names. */
static gboolean is_same(const char *a, const char *b)
{
	return g_str_equal(a, b) || (g_str_has_prefix(a, "ipp://one") &&
				     g_str_has_prefix(b, "ipp://one"));
}

/* queues: with blanks between */
static miyin_reading count_at(miyin_register *reg, const char *device,
			      const char *queues, const unsigned *counter)
{
	g_auto(GStrv) printers = g_strsplit(queues, " ", -1);
	const miyin_counted counted = { device, printers, is_same };
	miyin_reading reading = { 0 };
	g_autoptr(GError) error = NULL;

	ck_assert_msg(miyin_register_count(reg, "root", &counted, counter,
					   &reading, &error),
		      "%s", error ? error->message : "");
	return reading;
}

static miyin_reading count(miyin_register *reg, unsigned counter)
{
	return count_at(reg, "ipp://one/", "secret Other", &counter);
}

static gint64 last_counter(const char *result)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT pages FROM events WHERE seq = (SELECT max(seq) FROM"
		" events) AND event = 'counter' AND user = 'root' AND printer"
		" = 'secret Other' AND host = 'ipp://one/' AND result = '%s'",
		result);

	return get_number(sql);
}

/* Copies of three pages: what may be on paper counts, what is void does not. */
START_TEST(counts)
{
	static const miyin_copy_state ends[] = { MIYIN_COPY_PRINTED,
						 MIYIN_COPY_PARTIAL,
						 MIYIN_COPY_DOUBT };
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 5, 5);
	miyin_reading reading = count(reg, 1000);

	ck_assert(reading.is_first && !reading.at);
	ck_assert_int_eq(last_counter("ok"), 1000);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert(miyin_register_claim(reg, copies->pdata[i], 100 + i,
					       NULL));
		ck_assert(miyin_register_settle(reg, copies->pdata[i], ends[i],
						1, "", NULL));
	}
	ck_assert(miyin_register_claim(reg, copies->pdata[3], 103, NULL));
	ck_assert(miyin_register_void(reg, copies->pdata[4], "", NULL));
	reading = count(reg, 1012);
	ck_assert(!reading.is_first);
	ck_assert_uint_eq(reading.before, 1000);
	ck_assert_uint_eq(reading.pages, 12);
	ck_assert_int_eq(strlen(reading.at),
			 strlen("2026-11-21T20:27:15+00:00"));
	ck_assert_int_eq(last_counter("ok"), 1012);
	miyin_reading_clear(&reading);
	/* The one that was being sent may have come out since. */
	ck_assert(miyin_register_settle(reg, copies->pdata[3],
					MIYIN_COPY_PRINTED, 3, "", NULL));
	reading = count(reg, 1016);
	ck_assert_uint_eq(reading.before, 1012);
	ck_assert_uint_eq(reading.pages, 3);
	ck_assert_int_eq(last_counter("failed"), 1016);
	miyin_reading_clear(&reading);
	reading = count(reg, 1015);
	ck_assert_uint_eq(reading.pages, 0);
	ck_assert_int_eq(last_counter("failed"), 1015);
	miyin_reading_clear(&reading);
	assert_sound();
}
END_TEST

START_TEST(counts_nothing_unread)
{
	g_autoptr(miyin_register) reg = open_register();
	miyin_reading reading = count_at(reg, "ipp://one/", "secret", NULL);

	ck_assert(reading.is_first);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 0);
	reading = count(reg, 7);
	reading = count_at(reg, "ipp://one/", "secret", NULL);
	ck_assert(!reading.is_first);
	ck_assert_uint_eq(reading.before, 7);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 1);
	miyin_reading_clear(&reading);
}
END_TEST

/* What happens between a reading of 1000 through the queue "secret" and the
 * next one. */
static const struct {
	const char *what;
	const char *events; /* p or u and a queue, with blanks between */
	const char *device, *queues;
	gboolean is_first;
} since[] = {
	{ "nothing", "", "ipp://one/", "secret", FALSE },
	{ "by another name of the device", "", "ipp://one:631/x", "secret",
	  FALSE },
	{ "another device behind the queue", "", "ipp://two/", "secret", TRUE },
	{ "one more queue, which is named first", "pAaa", "ipp://one/",
	  "Aaa secret", FALSE },
	{ "another queue, and the first one given up", "pAaa usecret",
	  "ipp://one/", "Aaa", FALSE },
	{ "the first one given up before another came", "usecret pAaa",
	  "ipp://one/", "Aaa", TRUE },
	{ "unprotected for a time", "usecret psecret", "ipp://one/", "secret",
	  TRUE },
	{ "unprotected for a time, but not the other one",
	  "pAaa usecret psecret", "ipp://one/", "Aaa secret", FALSE },
	{ "a queue of another device", "uAaa pAaa", "ipp://one/", "secret",
	  FALSE },
};

START_TEST(counts_by_device)
{
	const unsigned before = 1000, after = 1003;
	g_autoptr(miyin_register) reg = open_register();
	g_auto(GStrv) events = g_strsplit(since[_i].events, " ", -1);
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 1, 1);
	miyin_reading reading;

	ck_assert(miyin_register_note(
		reg, NOTE("protect", "root", "secret", ""), 0, NULL));
	reading = count_at(reg, "ipp://one/", "secret", &before);
	/* Of the queue "secret", whatever is protected later. */
	ck_assert(miyin_register_claim(reg, copies->pdata[0], 100, NULL));
	ck_assert(miyin_register_settle(reg, copies->pdata[0],
					MIYIN_COPY_PRINTED, 3, "", NULL));
	for (int i = 0; events[i]; i++)
		ck_assert(miyin_register_note(
			reg,
			NOTE(*events[i] == 'p' ? "protect" : "unprotect",
			     "root", events[i] + 1, ""),
			0, NULL));
	reading = count_at(reg, since[_i].device, since[_i].queues, &after);
	ck_assert_msg(reading.is_first == since[_i].is_first, "%s",
		      since[_i].what);
	ck_assert_msg(reading.is_first || reading.before == 1000, "%s: %u",
		      since[_i].what, reading.before);
	ck_assert_msg(reading.is_first || reading.pages == 3, "%s: %u",
		      since[_i].what, reading.pages);
	miyin_reading_clear(&reading);
}
END_TEST

/* A reading of an older version has no device. */
START_TEST(counts_on)
{
	const unsigned counter = 12;
	g_autoptr(miyin_register) reg = open_register();
	miyin_reading reading;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(db,
			     "INSERT INTO events(at, event, result, reason,"
			     " detail, user, host, printer, job_id, level,"
			     " period, reference, title, serial, holder,"
			     " pages, copy_code) VALUES("
			     "'2026-01-01T00:00:00+00:00', 'counter', 'ok',"
			     " '', 'first reading', 'root', '', 'secret', 0,"
			     " '', '', '', '', 0, '', 10, '');",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	reading = count_at(reg, "ipp://one/", "Other secret", &counter);
	ck_assert(!reading.is_first);
	ck_assert_uint_eq(reading.before, 10);
	miyin_reading_clear(&reading);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("counter");
	TCase *tcase = new_tcase(suite, "counter", 20);

	tcase_add_test(tcase, counts);
	tcase_add_test(tcase, counts_nothing_unread);
	tcase_add_loop_test(tcase, counts_by_device, 0, G_N_ELEMENTS(since));
	tcase_add_test(tcase, counts_on);
	return run_suite(suite);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the register says of printers' page counters: how many pages it knows
 * of since the reading before, and whether the new one fits.
 */
#include "register-file.h"
#include <string.h>

static miyin_reading count(miyin_register *reg, unsigned counter)
{
	char *const printers[] = { (char *)"secret", (char *)"Other", NULL };
	miyin_reading reading = { 0 };
	g_autoptr(GError) error = NULL;

	ck_assert_msg(miyin_register_count(reg, "root", printers, &counter,
					   &reading, &error), "%s",
		      error ? error->message : "");
	return reading;
}

static gint64 last_counter(const char *result)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT pages FROM events WHERE seq = (SELECT max(seq) FROM"
		" events) AND event = 'counter' AND user = 'root' AND printer"
		" = 'secret' AND result = '%s'", result);

	return get_number(sql);
}

/* Copies of three pages: what may be on paper counts, what is void does not. */
START_TEST(counts)
{
	static const miyin_copy_state ends[] = {
		MIYIN_COPY_PRINTED, MIYIN_COPY_PARTIAL, MIYIN_COPY_DOUBT
	};
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
	ck_assert_int_eq(strlen(reading.at), strlen("2026-11-21T20:27:15+00:00"));
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
	char *const printers[] = { (char *)"secret", NULL };
	g_autoptr(miyin_register) reg = open_register();
	miyin_reading reading = { 0 };

	ck_assert(miyin_register_count(reg, "root", printers, NULL, &reading,
				       NULL));
	ck_assert(reading.is_first);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 0);
	reading = count(reg, 7);
	ck_assert(miyin_register_count(reg, "root", printers, NULL, &reading,
				       NULL));
	ck_assert(!reading.is_first);
	ck_assert_uint_eq(reading.before, 7);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 1);
	miyin_reading_clear(&reading);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("counter");
	TCase *tcase = new_tcase(suite, "counter", 20);

	tcase_add_test(tcase, counts);
	tcase_add_test(tcase, counts_nothing_unread);
	return run_suite(suite);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the register: a document's copies by its reference or a part of its
 * hash, one copy by its number, how each was verified, and the log by what is
 * asked of it.
 */
#include "register-file.h"
#include <string.h>

typedef struct {
	unsigned n;
	unsigned serials[9];
	char document[80];
	char state[20];
} seen;

static gboolean see_copy(const miyin_copy_record *copy, gpointer data)
{
	seen *to = data;

	to->serials[to->n++] = copy->serial;
	g_strlcpy(to->document, copy->document, sizeof(to->document));
	g_strlcpy(to->state, copy->state, sizeof(to->state));
	ck_assert_str_eq(copy->user, "li");
	ck_assert_str_eq(copy->title, "Plan");
	ck_assert_str_eq(copy->level, "mimi");
	ck_assert_uint_eq(copy->pages, 3);
	return TRUE;
}

/* One with a reference and two that share eight digits of their hash. */
static miyin_register *open_library(void)
{
	miyin_register *reg = open_register();
	miyin_request request = new_request("job-1", 2, 9);

	request.reference = "17号";
	request.content_hash = HASH_C;
	assert_issued(reg, &request);
	request = new_request("job-2", 1, 9);
	assert_issued(reg, &request);
	request = new_request("job-3", 1, 9);
	request.content_hash = HASH_B;
	assert_issued(reg, &request);
	return reg;
}

static const struct {
	const char *what, *name;
	int n; /* copies; or -1 - the error's code */
	const char *document;
} names[] = {
	{ "a reference", "17号", 2, "17号" },
	{ "the hash of a document with a reference", HASH_C, 2, "17号" },
	{ "a hash", HASH_A, 1, "sha256:" HASH_A },
	{ "a hash as it is shown", "sha256:" HASH_A, 1, "sha256:" HASH_A },
	{ "nine digits of it", "aaaaaaaa2", 1, "sha256:" HASH_B },
	{ "eight digits of another", "cccccccc", 2, "17号" },
	{ "digits that two begin with", "aaaaaaaa", -1 - MIYIN_ERROR_INPUT,
	  NULL },
	{ "seven digits", "ccccccc", -1 - MIYIN_ERROR_MISSING, NULL },
	{ "no digits", "sha256:", -1 - MIYIN_ERROR_MISSING, NULL },
	{ "digits of none", "dddddddd", -1 - MIYIN_ERROR_MISSING, NULL },
	{ "one digit too many", HASH_A "0", -1 - MIYIN_ERROR_MISSING, NULL },
	{ "a pattern", "%", -1 - MIYIN_ERROR_MISSING, NULL },
	{ "a pattern of eight", "aaaaaaa_", -1 - MIYIN_ERROR_MISSING, NULL },
	{ "a part of a reference", "17", -1 - MIYIN_ERROR_MISSING, NULL },
};

static gboolean see_verified(const miyin_copy_record *copy, gpointer data)
{
	g_string_append_printf(data, "%s;", copy->verified);
	return TRUE;
}

/* Also in a register that is older than the index. */
START_TEST(says_how_verified)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 3, 3);
	g_autoptr(GString) said = g_string_new(NULL);
	miyin_copy *first = copies->pdata[0];
	sqlite3 *db;

	first->verified = g_strdup("sampled 4/12");
	ck_assert(miyin_register_claim(reg, first, 100, NULL));
	ck_assert(miyin_register_claim(reg, copies->pdata[1], 101, NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE"
				    " event = 'claim' AND serial = 1 AND"
				    " detail = 'verified sampled 4/12'"),
			 1);
	ck_assert(miyin_register_find_copies(
		reg, &(const miyin_filter){ .document = HASH_A }, see_verified,
		said, NULL));
	miyin_register_close(g_steal_pointer(&reg));
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(db, "DROP INDEX claims", NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	reg = open_register();
	ck_assert(miyin_register_find_copies(
		reg, &(const miyin_filter){ .document = HASH_A }, see_verified,
		said, NULL));
	ck_assert_str_eq(said->str, "sampled 4/12;;;sampled 4/12;;;");
	assert_sound();
}
END_TEST

START_TEST(finds_copies)
{
	g_autoptr(miyin_register) reg = open_library();
	g_autoptr(GError) error = NULL;
	seen to = { 0 };
	gboolean ok = miyin_register_find_copies(
		reg, &(const miyin_filter){ .document = names[_i].name },
		see_copy, &to, &error);

	ck_assert_msg(ok == (names[_i].n >= 0), "%s", names[_i].what);
	if (ok) {
		ck_assert_int_eq((int)to.n, names[_i].n);
		ck_assert_str_eq(to.document, names[_i].document);
		for (unsigned i = 0; i < to.n; i++)
			ck_assert_uint_eq(to.serials[i], i + 1);
		return;
	}
	ck_assert_uint_eq(to.n, 0);
	ck_assert(error->domain == MIYIN_ERROR);
	ck_assert_int_eq(error->code, -1 - names[_i].n);
	ck_assert_ptr_nonnull(strstr(error->message, names[_i].name));
}
END_TEST

START_TEST(finds_one_copy)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	miyin_copy *copy = copies->pdata[1];
	g_autoptr(GError) error = NULL;
	g_autoptr(GStringChunk) text = g_string_chunk_new(256);
	miyin_copy_record found;

	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	ck_assert(miyin_register_find_copy(reg, copy->copy_id, &found, text,
					   NULL));
	ck_assert_uint_eq(found.serial, 2);
	ck_assert_str_eq(found.state, "sending");
	ck_assert(!miyin_register_find_copy(reg, copy->copy_id ^ 1, &found,
					    text, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING));
	ck_assert_uint_eq(found.serial, 2);
}
END_TEST

static gboolean count_event(const miyin_event *event, gpointer data)
{
	gint64 *last = data;

	ck_assert_int_gt(event->seq, last[0]);
	last[0] = event->seq;
	last[1]++;
	return TRUE;
}

/* Three issues of li on secret, one refusal of wang on other, one note. */
static const struct {
	const char *what;
	miyin_filter filter;
	int n;
} filters[] = {
	{ "all", { NULL }, 5 },
	{ "an empty name is nobody's", { .holder = "", .event = "issue" }, 0 },
	{ "an empty word is no event", { .event = "" }, 0 },
	{ "a user", { .user = "li" }, 3 },
	{ "a refused one", { .user = "wang" }, 1 },
	{ "nobody", { .user = "zhao" }, 0 },
	{ "a part of a name", { .user = "l" }, 0 },
	{ "a printer", { .printer = "secret" }, 4 },
	{ "another printer", { .printer = "other" }, 1 },
	{ "a level, and the note about a copy of it", { .level = "mimi" }, 4 },
	{ "one of several levels", { .level = "jimi,mimi,neibu" }, 4 },
	{ "a part of a level", { .level = "mi" }, 0 },
	{ "another level", { .level = "jimi" }, 0 },
	{ "an event", { .event = "issue" }, 3 },
	{ "another event", { .event = "trace" }, 1 },
	{ "a holder, and the note about his copy", { .holder = "张三" }, 2 },
	{ "another holder", { .holder = "李四" }, 1 },
	{ "no holder", { .holder = "张" }, 0 },
	{ "a document without a reference", { .document = HASH_A }, 4 },
	{ "the first digits of it", { .document = "sha256:aaaaaaaa" }, 4 },
	{ "a reference that was refused", { .document = "18号" }, 1 },
	{ "all at once",
	  { .level = "mimi",
	    .event = "issue",
	    .holder = "张三",
	    .document = HASH_A,
	    .user = "li",
	    .printer = "secret" },
	  1 },
	{ "what was refused", { .result = "refused" }, 1 },
	{ "what went well", { .result = "ok" }, 4 },
	{ "what went well of one user", { .user = "wang", .result = "ok" }, 0 },
	{ "since long ago", { .since = "2000-01-01T00:00:00+00:00" }, 5 },
	{ "since next century", { .since = "2100-01-01T00:00:00+00:00" }, 0 },
	{ "until long ago", { .until = "2000-01-01T00:00:00+00:00" }, 0 },
	{ "until next century", { .until = "2100-01-01T00:00:00+00:00" }, 5 },
};

START_TEST(log_filter)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 3, 3);
	const miyin_request refused = { .user = "wang",
					.printer = "other",
					.reference = "18号" };
	gint64 last[2] = { 0, 0 };

	ck_assert(
		miyin_register_refuse(reg, &refused, "no-level", "why", NULL));
	ck_assert(miyin_register_note(
		reg, NOTE("trace", "officer", "secret", "scan.png"),
		((miyin_copy *)copies->pdata[0])->copy_id, NULL));
	ck_assert(miyin_register_log(reg, &filters[_i].filter, count_event,
				     last, NULL));
	ck_assert_msg(last[1] == filters[_i].n, "%s: %d", filters[_i].what,
		      (int)last[1]);
}
END_TEST

static gboolean stop_at_second(const miyin_event *event, gpointer data)
{
	(void)event;
	return ++*(int *)data < 2;
}

START_TEST(log_stops)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 5, 5);
	const miyin_filter all = { NULL };
	int n = 0;

	ck_assert(miyin_register_log(reg, &all, stop_at_second, &n, NULL));
	ck_assert_int_eq(n, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *tcase = new_tcase(suite, "reading", 20);

	tcase_add_test(tcase, says_how_verified);
	tcase_add_loop_test(tcase, finds_copies, 0, G_N_ELEMENTS(names));
	tcase_add_test(tcase, finds_one_copy);
	tcase_add_loop_test(tcase, log_filter, 0, G_N_ELEMENTS(filters));
	tcase_add_test(tcase, log_stops);
	return run_suite(suite);
}

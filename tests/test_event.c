/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events as bytes: those of samples/event, and what no event is. */
#include <miyin/error.h>
#include <miyin/event.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	miyin_event event;
} vectors[] = {
	{ "issue",
	  { .at = "2026-11-21T20:27:15+00:00",
	    .event = "issue",
	    .result = "ok",
	    .user = "li",
	    .host = "localhost",
	    .printer = "secret",
	    .job_id = 7,
	    .level = "mimi",
	    .period = "10年",
	    .reference = "局字12号",
	    .title = "关于印发的通知",
	    .serial = 1,
	    .holder = "张三",
	    .pages = 3,
	    .copy_code = "7K3Q9XMD" } },
	{ "refuse",
	  { .at = "2026-11-21T20:28:00+00:00",
	    .event = "refuse",
	    .result = "refused",
	    .reason = "over-limit",
	    .detail = "copies are with 张三 (1)",
	    .user = "li",
	    .host = "localhost",
	    .printer = "secret",
	    .job_id = 8,
	    .level = "mimi",
	    .period = "10年",
	    .title = "a \"title\"\nof two lines",
	    .pages = 3,
	    .server = "二号楼" } },
	{ "empty", { .seq = 12 } }, /* its number is not in its bytes */
	{ "greatest",
	  { .at = "9999-12-31T23:59:59+00:00",
	    .event = "counter",
	    .result = "failed",
	    .job_id = -1, /* 32 bits all the same */
	    .serial = G_MAXUINT32,
	    .pages = G_MAXUINT32 } },
};

static GBytes *read_vector(const char *name)
{
	g_autofree char *path = g_strdup_printf("samples/event/%s.event", name);
	char *bytes;
	gsize length;

	ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
	return g_bytes_new_take(bytes, length);
}

START_TEST(formats)
{
	g_autoptr(GBytes) expected = read_vector(vectors[_i].name);
	g_autoptr(GBytes) found = miyin_event_format(&vectors[_i].event, NULL);

	ck_assert_ptr_nonnull(found);
	ck_assert(g_bytes_equal(found, expected));
}
END_TEST

START_TEST(parses)
{
	g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
	g_autoptr(GBytes) bytes = read_vector(vectors[_i].name);
	miyin_event event;

	ck_assert(miyin_event_parse(g_bytes_get_data(bytes, NULL),
				    g_bytes_get_size(bytes), &event, text,
				    NULL));
	for (const miyin_event_field *field = miyin_event_fields; field->name;
	     field++)
		if (field->is_text)
			ck_assert_str_eq(
				miyin_event_text(&event, field),
				miyin_event_text(&vectors[_i].event, field));
		else
			ck_assert_uint_eq(
				miyin_event_number(&event, field),
				miyin_event_number(&vectors[_i].event, field));
}
END_TEST

static void assert_none(const void *bytes, gsize length, const char *what)
{
	g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
	g_autoptr(GError) error = NULL;
	miyin_event event = { .seq = 42 };

	ck_assert_msg(!miyin_event_parse(bytes, length, &event, text, &error),
		      "%s", what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_int_eq(event.seq, 42);
}

START_TEST(cut_anywhere)
{
	g_autoptr(GBytes) bytes = read_vector("issue");
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);

	for (gsize n = 0; n < length; n++) {
		g_autofree char *cut = g_memdup2(data, n ? n : 1);

		assert_none(cut, n, "cut");
	}
}
END_TEST

/* Each of one vector, with some bytes in the place of others. */
static const struct {
	const char *what, *old, *new;
} changes[] = {
	{ "another head", "miyin-event 1", "miyin-event 2" },
	{ "a number with a zero before it",
	  "\1"
	  "7",
	  "\2"
	  "07" },
	{ "a number with a sign",
	  "\1"
	  "7",
	  "\2"
	  "+7" },
	{ "no number",
	  "\1"
	  "7",
	  "\1"
	  "x" },
	{ "a number of 33 bits",
	  "\1"
	  "7",
	  "\12"
	  "4294967296" },
	{ "an empty number",
	  "\1"
	  "7",
	  "\0" },
	{ "no UTF-8",
	  "\2"
	  "li",
	  "\2"
	  "l\xff" },
	{ "a length that lies",
	  "\2"
	  "li",
	  "\3"
	  "li" },
	{ "more behind", "7K3Q9XMD", "7K3Q9XMDx" },
};

/* old ends where its text ends, new where it does but for a last zero byte. */
static GBytes *replace(GBytes *in, const char *old, const char *new)
{
	gsize length, n_new = MAX(strlen(new), 1);
	const char *data = g_bytes_get_data(in, &length);
	const char *at = memmem(data, length, old, strlen(old));
	GByteArray *out = g_byte_array_new();

	ck_assert_ptr_nonnull(at);
	g_byte_array_append(out, (const guint8 *)data, at - data);
	g_byte_array_append(out, (const guint8 *)new, n_new);
	at += strlen(old);
	g_byte_array_append(out, (const guint8 *)at, data + length - at);
	return g_byte_array_free_to_bytes(out);
}

START_TEST(changed)
{
	g_autoptr(GBytes) whole = read_vector("issue");
	g_autoptr(GBytes) bytes =
		replace(whole, changes[_i].old, changes[_i].new);

	assert_none(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
		    changes[_i].what);
}
END_TEST

START_TEST(not_utf8)
{
	const miyin_event event = { .title = "a\xff"
					     "b" };
	g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
	g_autoptr(GBytes) bytes = miyin_event_format(&event, NULL);
	miyin_event found;

	ck_assert(miyin_event_parse(g_bytes_get_data(bytes, NULL),
				    g_bytes_get_size(bytes), &found, text,
				    NULL));
	ck_assert_str_eq(found.title, "a\xef\xbf\xbd"
				      "b");
}
END_TEST

START_TEST(too_long)
{
	g_autofree char *detail = g_strnfill(MIYIN_EVENT_LENGTH_MAX, 'x');
	const miyin_event event = { .detail = detail };
	g_autoptr(GError) error = NULL;
	g_autofree char *bytes = g_malloc0(MIYIN_EVENT_LENGTH_MAX + 1);

	ck_assert_ptr_null(miyin_event_format(&event, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	assert_none(bytes, MIYIN_EVENT_LENGTH_MAX + 1, "too long");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("event");
	TCase *tcase = tcase_create("event");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(tcase, formats, 0, G_N_ELEMENTS(vectors));
	tcase_add_loop_test(tcase, parses, 0, G_N_ELEMENTS(vectors));
	tcase_add_test(tcase, cut_anywhere);
	tcase_add_loop_test(tcase, changed, 0, G_N_ELEMENTS(changes));
	tcase_add_test(tcase, not_utf8);
	tcase_add_test(tcase, too_long);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

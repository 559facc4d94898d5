/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/error.h>
#include <miyin/frame.h>
#include <miyin/memfile.h>

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY "%PDF-1.5 and so on\n"
#define SOURCE "%PDF-1.4 before any layout\n"

static int new_file(const void *bytes, gsize length)
{
	int fd = miyin_memfile_new("frame", NULL);

	ck_assert_int_ge(fd, 0);
	ck_assert(miyin_memfile_write(fd, bytes, length, NULL));
	miyin_memfile_rewind(fd);
	return fd;
}

static miyin_frame *new_document(void)
{
	miyin_frame *frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);

	miyin_frame_add(frame, "version", "1");
	miyin_frame_add(frame, "title", "关于印发的通知");
	miyin_frame_add(frame, "device", "InputSlot=Tray2");
	miyin_frame_add(frame, "device", "a=b=c");
	miyin_frame_add(frame, "period", "");
	miyin_frame_take_body(frame, new_file(BODY, strlen(BODY)),
			      strlen(BODY));
	miyin_frame_take_source(frame, new_file(SOURCE, strlen(SOURCE)),
				strlen(SOURCE));
	return frame;
}

/* The bytes of a stream: document and trailer. */
static GBytes *write_stream(void)
{
	g_autoptr(miyin_frame) document = new_document();
	g_autoptr(miyin_frame) trailer = miyin_frame_new(MIYIN_FRAME_TRAILER);
	int fd = miyin_memfile_new("stream", NULL);
	GBytes *bytes;

	miyin_frame_add(trailer, "job", "7");
	ck_assert(miyin_frame_write(document, fd, NULL));
	ck_assert(miyin_frame_write(trailer, fd, NULL));
	bytes = miyin_memfile_map(fd, NULL);
	close(fd);
	return bytes;
}

/* Read records until one fails or the stream ends cleanly. */
static gboolean read_stream(const void *bytes, gsize length, unsigned *n,
			    GError **error)
{
	int fd = new_file(bytes, length);
	gboolean ok;

	*n = 0;
	for (;;) {
		miyin_frame *const untouched = (miyin_frame *)&fd;
		miyin_frame *frame = untouched;

		ok = miyin_frame_read(fd, &frame, error);
		if (!ok)
			ck_assert_ptr_eq(frame, untouched);
		if (!ok || !frame)
			break;
		miyin_frame_free(frame);
		++*n;
	}
	close(fd);
	return ok;
}

/* A record put together by hand, with a hash that holds. */
static GBytes *make_record(const char *type, const char *header, gsize n_header,
			   const char *body)
{
	g_autoptr(GChecksum) hash = g_checksum_new(G_CHECKSUM_SHA256);
	GString *text = g_string_new("MYF2");
	guint32 be_header = GUINT32_TO_BE((guint32)n_header);
	guint64 be_body = GUINT64_TO_BE((guint64)strlen(body));
	guint64 be_source = 0;
	guint8 digest[32];
	gsize n_digest = sizeof(digest);

	g_string_append_len(text, type, 4);
	g_string_append_len(text, (char *)&be_header, 4);
	g_string_append_len(text, (char *)&be_body, 8);
	g_string_append_len(text, (char *)&be_source, 8);
	g_string_append_len(text, header, n_header);
	g_string_append(text, body);
	g_checksum_update(hash, (guint8 *)text->str, text->len);
	g_checksum_get_digest(hash, digest, &n_digest);
	g_string_append_len(text, (char *)digest, n_digest);
	return g_string_free_to_bytes(text);
}

/* ---- round trips ------------------------------------------------------ */

START_TEST(round_trip)
{
	g_autoptr(GBytes) bytes = write_stream();
	g_autoptr(miyin_frame) frame = NULL, trailer = NULL;
	g_autoptr(GBytes) body = NULL, source = NULL;
	miyin_frame *end = (miyin_frame *)&end;
	int fd = new_file(g_bytes_get_data(bytes, NULL),
			  g_bytes_get_size(bytes));

	ck_assert(miyin_frame_read(fd, &frame, NULL));
	ck_assert_int_eq(frame->type, MIYIN_FRAME_DOCUMENT);
	ck_assert_uint_eq(frame->fields->len, 5);
	ck_assert_str_eq(miyin_frame_get(frame, "version"), "1");
	ck_assert_str_eq(miyin_frame_get(frame, "title"), "关于印发的通知");
	ck_assert_str_eq(miyin_frame_get(frame, "device"), "InputSlot=Tray2");
	ck_assert_str_eq(frame->fields->pdata[3], "device=a=b=c");
	ck_assert_str_eq(miyin_frame_get(frame, "period"), "");
	ck_assert_ptr_null(miyin_frame_get(frame, "vers"));
	ck_assert_ptr_null(miyin_frame_get(frame, "version1"));
	ck_assert_uint_eq(frame->body_length, strlen(BODY));
	body = miyin_memfile_map(frame->body_fd, NULL);
	ck_assert_uint_eq(g_bytes_get_size(body), strlen(BODY));
	ck_assert_mem_eq(g_bytes_get_data(body, NULL), BODY, strlen(BODY));
	ck_assert_int_eq(lseek(frame->body_fd, 0, SEEK_CUR), 0);
	ck_assert_uint_eq(frame->source_length, strlen(SOURCE));
	source = miyin_memfile_map(frame->source_fd, NULL);
	ck_assert_uint_eq(g_bytes_get_size(source), strlen(SOURCE));
	ck_assert_mem_eq(g_bytes_get_data(source, NULL), SOURCE,
			 strlen(SOURCE));
	ck_assert(fcntl(frame->body_fd, F_GETFD) & FD_CLOEXEC);

	ck_assert(miyin_frame_read(fd, &trailer, NULL));
	ck_assert_int_eq(trailer->type, MIYIN_FRAME_TRAILER);
	ck_assert_int_eq(trailer->body_fd, -1);
	ck_assert_int_eq(trailer->source_fd, -1);
	ck_assert_uint_eq(trailer->body_length, 0);
	ck_assert(miyin_frame_read(fd, &end, NULL));
	ck_assert_ptr_null(end);
	close(fd);
}
END_TEST

/* Through a pipe, in pieces of one byte, with a body larger than a pipe. */
START_TEST(through_a_pipe)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	g_autoptr(miyin_frame) got = NULL;
	g_autofree char *large = g_strnfill(300001, 'x');
	g_autoptr(GBytes) body = NULL;
	int ends[2];
	pid_t child;

	miyin_frame_take_body(frame, new_file(large, 300001), 300001);
	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		int fd = miyin_memfile_new("all", NULL);
		char byte;

		close(ends[0]);
		if (!miyin_frame_write(frame, fd, NULL))
			_exit(1);
		miyin_memfile_rewind(fd);
		for (int i = 0; i < 300 && read(fd, &byte, 1) == 1; i++)
			if (write(ends[1], &byte, 1) != 1)
				_exit(1);
		_exit(!miyin_memfile_fill(ends[1], fd, 1 << 20, NULL, NULL));
	}
	close(ends[1]);
	ck_assert(miyin_frame_read(ends[0], &got, NULL));
	ck_assert_uint_eq(got->fields->len, 0);
	body = miyin_memfile_map(got->body_fd, NULL);
	ck_assert_uint_eq(g_bytes_get_size(body), 300001);
	ck_assert_mem_eq(g_bytes_get_data(body, NULL), large, 300001);
	close(ends[0]);
}
END_TEST

/* A title cannot add a field. */
START_TEST(line_ends_in_values)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_REJECT);
	g_autoptr(miyin_frame) got = NULL;
	int fd = new_file("", 0);

	miyin_frame_add(frame, "title", "a\nlevel=neibu\r\nb");
	miyin_frame_add(frame, "level", "juemi");
	ck_assert(miyin_frame_write(frame, fd, NULL));
	miyin_memfile_rewind(fd);
	ck_assert(miyin_frame_read(fd, &got, NULL));
	ck_assert_int_eq(got->type, MIYIN_FRAME_REJECT);
	ck_assert_uint_eq(got->fields->len, 2);
	ck_assert_str_eq(miyin_frame_get(got, "level"), "juemi");
	ck_assert_str_eq(miyin_frame_get(got, "title"), "a level=neibu  b");
	close(fd);
}
END_TEST

/* Written from the start wherever its place is. */
START_TEST(body_place)
{
	g_autoptr(miyin_frame) frame = new_document();
	g_autoptr(miyin_frame) got = NULL;
	int fd = new_file("", 0);

	lseek(frame->body_fd, 0, SEEK_END);
	ck_assert(miyin_frame_write(frame, fd, NULL));
	miyin_memfile_rewind(fd);
	ck_assert(miyin_frame_read(fd, &got, NULL));
	ck_assert_uint_eq(got->body_length, strlen(BODY));
	close(fd);
}
END_TEST

/* ---- broken streams --------------------------------------------------- */

START_TEST(truncated_anywhere)
{
	g_autoptr(GBytes) bytes = write_stream();
	gsize length = g_bytes_get_size(bytes), first = 0;
	const char *data = g_bytes_get_data(bytes, NULL);
	unsigned n;

	ck_assert(read_stream(data, length, &n, NULL));
	ck_assert_uint_eq(n, 2);
	ck_assert(read_stream(data, 0, &n, NULL));
	ck_assert_uint_eq(n, 0);
	for (gsize cut = 1; cut < length; cut++) {
		g_autoptr(GError) error = NULL;

		if (read_stream(data, cut, &n, &error)) {
			/* Between the two records. */
			ck_assert_uint_eq(first, 0);
			ck_assert_uint_eq(n, 1);
			first = cut;
			continue;
		}
		ck_assert_msg(
			g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT),
			"cut at %zu: %s", cut, error->message);
		ck_assert_uint_eq(n, first > 0);
	}
	ck_assert_mem_eq(data + first, "MYF2TRLR", 8);
}
END_TEST

START_TEST(flipped_anywhere)
{
	g_autoptr(GBytes) bytes = write_stream();
	gsize length = g_bytes_get_size(bytes);
	g_autofree char *data =
		g_memdup2(g_bytes_get_data(bytes, NULL), length);

	for (gsize at = 0; at < length; at++)
		for (int bit = 0; bit < 8; bit++) {
			g_autoptr(GError) error = NULL;
			unsigned n;

			data[at] ^= 1 << bit;
			ck_assert_msg(!read_stream(data, length, &n, &error),
				      "byte %zu, bit %d", at, bit);
			ck_assert(g_error_matches(error, MIYIN_ERROR,
						  MIYIN_ERROR_INPUT));
			ck_assert_uint_lt(n, 2);
			data[at] ^= 1 << bit;
		}
}
END_TEST

/* The first 28 bytes: a length beyond the limits is refused unread. */
static const struct {
	const char *what;
	char fixed[29];
	const char *why;
} heads[] = {
	{ "a PDF, raw", "%PDF-1.4\n1 0 obj\n<< /Type /", "not a frame" },
	{ "PJL", "\x1b%-12345X@PJL JOB\r\n@PJL JOB", "not a frame" },
	{ "another version", "MYF1DOCU\0\0\0\0\0\0\0\0\0\0\0\0",
	  "not a frame" },
	{ "no such type", "MYF2XXXX\0\0\0\0\0\0\0\0\0\0\0\0", "unknown type" },
	{ "a type in small letters", "MYF2docu\0\0\0\0\0\0\0\0\0\0\0\0",
	  "unknown type" },
	{ "a header of 64 KiB and one", "MYF2DOCU\0\1\0\1\0\0\0\0\0\0\0\0",
	  "too large" },
	{ "a header of 4 GiB", "MYF2DOCU\xff\xff\xff\xff\0\0\0\0\0\0\0\0",
	  "too large" },
	{ "a body of 1 GiB and one", "MYF2DOCU\0\0\0\0\0\0\0\0\x40\0\0\1",
	  "too large" },
	{ "a body of 16 EiB",
	  "MYF2DOCU\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", "too large" },
	{ "a source of 1 GiB and one",
	  "MYF2DOCU\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\1", "too large" },
	{ "a source that does not come",
	  "MYF2DOCU\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0",
	  "stops in the middle" },
	{ "a body that does not come", "MYF2DOCU\0\0\0\0\0\0\0\0\x40\0\0\0",
	  "stops in the middle" },
	{ "a header that does not come", "MYF2DOCU\0\1\0\0\0\0\0\0\0\0\0\0",
	  "stops in the middle" },
	{ "no hash", "MYF2TRLR\0\0\0\0\0\0\0\0\0\0\0\0",
	  "stops in the middle" },
};

START_TEST(head_refused)
{
	g_autoptr(GError) error = NULL;
	unsigned n;

	ck_assert_msg(!read_stream(heads[_i].fixed, 28, &n, &error), "%s",
		      heads[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_msg(strstr(error->message, heads[_i].why) != NULL, "%s: %s",
		      heads[_i].what, error->message);
}
END_TEST

/* ---- headers ---------------------------------------------------------- */

#define HEADER(text) (text), sizeof(text) - 1

static const struct {
	const char *what, *header;
	gsize length;
	int n; /* fields, or -1 */
} headers[] = {
	{ "no fields", HEADER(""), 0 },
	{ "one", HEADER("a=b\n"), 1 },
	{ "an empty value", HEADER("a=\n"), 1 },
	{ "a value with =", HEADER("a=b=c\n"), 1 },
	{ "the same name twice", HEADER("a=1\na=2\n"), 2 },
	{ "Chinese", HEADER("level=机密\n"), 1 },
	{ "no line end", HEADER("a=b"), -1 },
	{ "no line end of the last", HEADER("a=b\nc=d"), -1 },
	{ "no =", HEADER("ab\n"), -1 },
	{ "= in the next line only", HEADER("ab\nc=d\n"), -1 },
	{ "no name", HEADER("=b\n"), -1 },
	{ "an empty line", HEADER("a=b\n\nc=d\n"), -1 },
	{ "NUL in a value", HEADER("a=b\0c\n"), -1 },
	{ "NUL in a name", HEADER("a\0=b\n"), -1 },
	{ "not UTF-8", HEADER("a=\xff\n"), -1 },
	{ "an overlong line end", HEADER("a=b\xc0\x8a\n"), -1 },
	{ "truncated in a character", HEADER("a=\xe6\x9c\n"), -1 },
};

START_TEST(header)
{
	g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	/* No byte behind the header may be read. */
	g_autofree char *exact =
		g_memdup2(headers[_i].header, headers[_i].length);
	gboolean ok = miyin_frame_parse_header(
		exact ? exact : "", headers[_i].length, fields, &error);

	ck_assert_msg(ok == (headers[_i].n >= 0), "%s", headers[_i].what);
	if (ok) {
		ck_assert_int_eq((int)fields->len, headers[_i].n);
		return;
	}
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_ptr_nonnull(strstr(error->message, "header"));
}
END_TEST

/* The same in a record whose hash holds. */
START_TEST(header_in_record)
{
	g_autoptr(GBytes) record = make_record("DOCU", headers[_i].header,
					       headers[_i].length, "body");
	g_autoptr(GError) error = NULL;
	unsigned n;
	gboolean ok = read_stream(g_bytes_get_data(record, NULL),
				  g_bytes_get_size(record), &n, &error);

	ck_assert_msg(ok == (headers[_i].n >= 0), "%s", headers[_i].what);
	ck_assert_uint_eq(n, headers[_i].n >= 0);
	if (!ok)
		ck_assert_ptr_nonnull(strstr(error->message, "header"));
}
END_TEST

/* ---- limits of the writer --------------------------------------------- */

START_TEST(header_too_large)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_REJECT);
	g_autofree char *fits = g_strnfill(MIYIN_FRAME_HEADER_MAX - 3, 'x');
	g_autoptr(GError) error = NULL;
	int fd = new_file("", 0);
	unsigned n;
	g_autoptr(GBytes) bytes = NULL;

	miyin_frame_add(frame, "a", fits);
	ck_assert(miyin_frame_write(frame, fd, NULL));
	bytes = miyin_memfile_map(fd, NULL);
	ck_assert(read_stream(g_bytes_get_data(bytes, NULL),
			      g_bytes_get_size(bytes), &n, NULL));
	ck_assert_uint_eq(n, 1);
	miyin_frame_add(frame, "b", "");
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert(!miyin_frame_write(frame, fd, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_ptr_nonnull(strstr(error->message, "too large"));
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}
END_TEST

START_TEST(body_too_large)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	g_autoptr(GError) error = NULL;
	int fd = new_file("", 0);

	miyin_frame_take_body(frame, new_file("", 0), MIYIN_FRAME_BODY_MAX + 1);
	ck_assert(!miyin_frame_write(frame, fd, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_ptr_nonnull(strstr(error->message, "too large"));
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}
END_TEST

/* Who has a document open, or opens it again, cannot change it. */
START_TEST(read_is_sealed)
{
	g_autoptr(miyin_frame) frame = new_document(), got = NULL;
	int fd = new_file("", 0);

	ck_assert(miyin_frame_write(frame, fd, NULL));
	miyin_memfile_rewind(fd);
	ck_assert(miyin_frame_read(fd, &got, NULL));
	for (int i = 0; i < 2; i++) {
		int part = i ? got->source_fd : got->body_fd;
		g_autofree char *path =
			g_strdup_printf("/proc/self/fd/%d", part);
		int again = open(path, O_RDWR | O_CLOEXEC);

		ck_assert_int_eq(pwrite(part, "x", 1, 0), -1);
		ck_assert_int_eq(ftruncate(part, 0), -1);
		ck_assert_int_eq(pwrite(again, "x", 1, 0), -1);
		ck_assert_int_eq(pwrite(again, "x", 1, 100), -1);
		close(again);
	}
	close(fd);
}
END_TEST

START_TEST(body_shorter_than_said)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	g_autoptr(GError) error = NULL;
	int fd = new_file("", 0);

	miyin_frame_take_body(frame, new_file("abc", 3), 4);
	ck_assert(!miyin_frame_write(frame, fd, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_ptr_nonnull(strstr(error->message, "shorter"));
	close(fd);
}
END_TEST

START_TEST(nowhere_to_write)
{
	g_autoptr(miyin_frame) frame = new_document();
	g_autoptr(GError) error = NULL;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	ck_assert(!miyin_frame_write(frame, fd, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, "Writing failed"));
	close(fd);
}
END_TEST

/* Not the sender's fault, and not to be told as such. */
START_TEST(nothing_to_read_from)
{
	miyin_frame *frame = (miyin_frame *)&frame;
	g_autoptr(GError) error = NULL;
	int fd = open("/", O_RDONLY | O_CLOEXEC);

	ck_assert(!miyin_frame_read(fd, &frame, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, "Reading failed"));
	ck_assert_ptr_eq(frame, &frame);
	close(fd);
}
END_TEST

static const struct {
	const char *job;
	gboolean is_of; /* the job 12 */
} jobs[] = {
	{ "12", TRUE },	  { "13", FALSE }, { "12a", FALSE },
	{ " 12", FALSE }, { "", FALSE },   { "4294967308", FALSE },
	{ NULL, FALSE },
};

START_TEST(of_a_job)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_CLAIM);

	if (jobs[_i].job)
		miyin_frame_add(frame, "job", jobs[_i].job);
	ck_assert_int_eq(miyin_frame_is_of(frame, 12), jobs[_i].is_of);
}
END_TEST

static TCase *broken_cases(void)
{
	TCase *tcase = tcase_create("broken");

	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, truncated_anywhere);
	tcase_add_test(tcase, flipped_anywhere);
	tcase_add_loop_test(tcase, head_refused, 0, G_N_ELEMENTS(heads));
	tcase_add_loop_test(tcase, header, 0, G_N_ELEMENTS(headers));
	tcase_add_loop_test(tcase, header_in_record, 0, G_N_ELEMENTS(headers));
	tcase_add_test(tcase, header_too_large);
	tcase_add_test(tcase, body_too_large);
	tcase_add_test(tcase, body_shorter_than_said);
	tcase_add_test(tcase, nowhere_to_write);
	tcase_add_test(tcase, nothing_to_read_from);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("frame");
	TCase *tcase = tcase_create("whole");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, round_trip);
	tcase_add_test(tcase, through_a_pipe);
	tcase_add_test(tcase, line_ends_in_values);
	tcase_add_test(tcase, body_place);
	tcase_add_loop_test(tcase, of_a_job, 0, G_N_ELEMENTS(jobs));
	tcase_add_test(tcase, read_is_sealed);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, broken_cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

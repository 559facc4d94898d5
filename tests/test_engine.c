/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copies as the backend makes them: which pages are read back, by several
 * processes, and what comes of a page that is not as it must be. miyinmark is
 * the real one behind a script that tampers with what it stamped.
 */
#include "gate/declaration.h"
#include <miyin/compose.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/engine.h>
#include <miyin/refusal.h>

#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#define SCHEMES "samples/schemes"
#define N_PAGES 12

/* How a step comes to be. */
enum { STARTED, WARM };

#ifdef UNDER_VALGRIND /* all tests are one process, which stays warm */
#define N_WAYS WARM
#else
#define N_WAYS (WARM + 1)
#endif

static char *build; /* the folder of the programs */
static char *dir;

static void make_dir(void)
{
	dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
}

static void remove_dir(void)
{
	g_autofree char *command = g_strdup_printf("rm -r %s", dir);

	ck_assert_int_eq(system(command), 0);
	g_free(dir);
}

/* ---- which pages ------------------------------------------------------ */

static const struct {
	miyin_verify verify;
	unsigned n_pages, n_chosen;
} choices[] = {
	{ MIYIN_VERIFY_EVERY_PAGE, 1, 1 },
	{ MIYIN_VERIFY_EVERY_PAGE, 1023, 1023 },
	{ MIYIN_VERIFY_STRUCTURAL, 10, 0 },
	{ MIYIN_VERIFY_SAMPLED, 1, 1 },
	{ MIYIN_VERIFY_SAMPLED, 2, 2 },
	{ MIYIN_VERIFY_SAMPLED, 3, 3 },
	{ MIYIN_VERIFY_SAMPLED, 7, 3 },
	{ MIYIN_VERIFY_SAMPLED, 8, 4 },
	{ MIYIN_VERIFY_SAMPLED, 102, 22 },
	{ MIYIN_VERIFY_SAMPLED, 1023, 207 },
};

/* First, last, and so many in between, each once and in order. */
START_TEST(chosen)
{
	unsigned n = choices[_i].n_pages;
	g_autoptr(GArray) pages =
		miyin_engine_choose_pages(choices[_i].verify, n, NULL);

	ck_assert_uint_eq(pages->len, choices[_i].n_chosen);
	for (unsigned i = 0; i < pages->len; i++) {
		unsigned page = g_array_index(pages, unsigned, i);

		ck_assert_uint_gt(page,
				  i > 0 ? g_array_index(pages, unsigned, i - 1)
					: 0);
		ck_assert(i > 0 || page == 1);
		ck_assert(i < pages->len - 1 || page == n);
	}
}
END_TEST

/* 2 of 10 in between, 2,000 times: each 400 times, within 6 deviations. */
START_TEST(chosen_by_chance)
{
	unsigned n_times[13] = { 0 };

	for (unsigned round = 0; round < 2000; round++) {
		g_autoptr(GArray) pages = miyin_engine_choose_pages(
			MIYIN_VERIFY_SAMPLED, 12, NULL);

		for (unsigned i = 0; i < pages->len; i++)
			n_times[g_array_index(pages, unsigned, i)]++;
	}
	ck_assert_uint_eq(n_times[1], 2000);
	ck_assert_uint_eq(n_times[12], 2000);
	for (unsigned page = 2; page < 12; page++)
		ck_assert_msg(n_times[page] > 290 && n_times[page] < 510,
			      "page %u was chosen %u times", page,
			      n_times[page]);
}
END_TEST

/* ---- copies ----------------------------------------------------------- */

static miyin_order *new_order(unsigned n_pages)
{
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(SCHEMES, "cn-gb9704", NULL);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = {
		.scheme = scheme,
		.level = miyin_scheme_find_level(scheme, "jimi"),
		.words = { .mark = "机密★10年",
			   .level = "机密",
			   .period = "10年",
			   .serial = "000012",
			   .holder = "张三",
			   .date = "2026-11-21",
			   .document = "JM2",
			   .title = "notice",
			   .unit = "u",
			   .user = "wang",
			   .original = "",
			   .copy_no = 1,
			   .n_copies = 1,
			   .n_pages = n_pages },
		.copy_id = 0x123456789a,
		.site = 1,
	};
	miyin_order *order = miyin_compose(&c, keys, NULL);

	ck_assert_ptr_nonnull(order);
	return order;
}

/* A document of white pages, prepared. */
static miyin_prepared *prepare(void)
{
	g_autoptr(GString) pdf = g_string_new("%PDF-1.7\n");
	int fd = miyin_memfile_new("document", NULL);
	miyin_prepared *prepared;

	g_string_append(pdf, "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
			     "2 0 obj<</Type/Pages/Kids[");
	for (unsigned i = 0; i < N_PAGES; i++)
		g_string_append_printf(pdf, "%u 0 R ", i + 3);
	g_string_append_printf(pdf, "]/Count %d>>endobj\n", N_PAGES);
	for (unsigned i = 0; i < N_PAGES; i++)
		g_string_append_printf(pdf,
				       "%u 0 obj<</Type/Page/Parent 2 0 R"
				       "/MediaBox[0 0 595 842]>>endobj\n",
				       i + 3);
	g_string_append(pdf, "trailer<</Root 1 0 R>>\n");
	ck_assert(miyin_memfile_write(fd, pdf->str, pdf->len, NULL));
	prepared = miyin_engine_prepare(build, fd, NULL);
	ck_assert_ptr_nonnull(prepared);
	close(fd);
	return prepared;
}

/* A miyinmark that does this with copy.pdf, to out.pdf, after stamping, and
 * before verifying. */
static void write_miyinmark(const char *after, const char *before)
{
	g_autofree char *path = g_build_filename(dir, "miyinmark", NULL);
	g_autofree char *script = g_strdup_printf(
		"#!/bin/bash\nset -e\ncd %s\nif [ $1 = stamp ]; then\n"
		"%s/miyinmark stamp >copy.pdf\n%s\ncat out.pdf\nexit\nfi\n"
		"%s\nexec %s/miyinmark \"$@\"\n",
		dir, build, after, before, build);

	ck_assert(g_file_set_contents(path, script, -1, NULL));
	ck_assert_int_eq(g_chmod(path, 0755), 0);
}

static const struct {
	const char *name, *after, *before;
	miyin_verify verify;
	unsigned n_verified;
	const char *words; /* NULL: it is made */
} copies[] = {
	{ "every page", "cp copy.pdf out.pdf", ":", MIYIN_VERIFY_EVERY_PAGE, 12,
	  NULL },
	{ "a sample", "cp copy.pdf out.pdf", ":", MIYIN_VERIFY_SAMPLED, 4,
	  NULL },
	{ "none", "cp copy.pdf out.pdf", "false", MIYIN_VERIFY_STRUCTURAL, 0,
	  NULL },
	{ "two pages swapped in the last part",
	  "qpdf copy.pdf --pages . 1-9,11,10,12 -- out.pdf", ":",
	  MIYIN_VERIFY_EVERY_PAGE, 0,
	  "page 10 could not be read back (code 1)" },
	{ "the first wrong page is named, though others are sooner known",
	  "qpdf copy.pdf --pages . 1-2,1,4-7,1,1,1,1,1 -- out.pdf",
	  "[ $(head -n 1 <&1) != 1 ] || sleep 0.3", MIYIN_VERIFY_EVERY_PAGE, 0,
	  "page 3 could not be read back (code 1)" },
	{ "the last page in a sample",
	  "qpdf copy.pdf --pages . 1-11,1 -- out.pdf", ":",
	  MIYIN_VERIFY_SAMPLED, 0, "page 12 could not be read back (code 1)" },
	{ "the first page in a sample",
	  "qpdf copy.pdf --pages . 2,2-12 -- out.pdf", ":",
	  MIYIN_VERIFY_SAMPLED, 0, "page 1 could not be read back (code 1)" },
	{ "a page too few", "qpdf copy.pdf --pages . 1-11 -- out.pdf", ":",
	  MIYIN_VERIFY_SAMPLED, 0,
	  "page 1 could not be read back (the copy cannot be opened)" },
};

static int make_copy(const miyin_prepared *prepared, const miyin_order *order,
		     miyin_verify verify, unsigned *n_verified, GError **error)
{
	g_autoptr(GArray) pages =
		miyin_engine_choose_pages(verify, order->n_pages, error);

	ck_assert_ptr_nonnull(pages);
	*n_verified = pages->len;
	return miyin_engine_copy(dir, prepared, order, pages, error);
}

START_TEST(copy)
{
	g_autoptr(miyin_prepared) prepared = prepare();
	g_autoptr(miyin_order) order = new_order(N_PAGES);
	g_autoptr(GError) error = NULL;
	unsigned n_verified;
	int fd;

	write_miyinmark(copies[_i].after, copies[_i].before);
	fd = make_copy(prepared, order, copies[_i].verify, &n_verified, &error);
	if (!copies[_i].words) {
		ck_assert_msg(fd >= 0, "%s: %s", copies[_i].name,
			      error ? error->message : "");
		ck_assert_uint_eq(n_verified, copies[_i].n_verified);
		close(fd);
		return;
	}
	ck_assert_msg(fd < 0, "%s", copies[_i].name);
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_NOT_MARKED));
	ck_assert_msg(strstr(error->message, copies[_i].words), "%s: %s",
		      copies[_i].name, error->message);
}
END_TEST

/* What dies has not said that its pages are good. */
START_TEST(verifier_dies)
{
	g_autoptr(miyin_prepared) prepared = prepare();
	g_autoptr(miyin_order) order = new_order(N_PAGES);
	g_autoptr(GError) error = NULL;
	unsigned n_verified;

	write_miyinmark("cp copy.pdf out.pdf",
			"! grep -qx 12 <&1 || kill -KILL $$");
	ck_assert_int_lt(make_copy(prepared, order, MIYIN_VERIFY_EVERY_PAGE,
				   &n_verified, &error),
			 0);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
}
END_TEST

/* A miyinmark that never ends by itself. */
static const char *const endless[] = { "exec sleep 900",
				       "while :; do :; done" };

#ifdef UNDER_VALGRIND /* all tests are one process, which has had its second */
#define N_ENDLESS 0
#else
#define N_ENDLESS G_N_ELEMENTS(endless)
#endif

START_TEST(out_of_time)
{
	g_autofree char *path = g_build_filename(dir, "miyinmark", NULL);
	g_autofree char *script =
		g_strdup_printf("#!/bin/bash\n%s\n", endless[_i]);
	g_autoptr(GError) error = NULL;
	struct rlimit cpu;
	int fd = miyin_memfile_new("document", NULL);

	ck_assert(g_file_set_contents(path, script, -1, NULL));
	ck_assert_int_eq(g_chmod(path, 0755), 0);
	getrlimit(RLIMIT_CPU, &cpu);
	cpu.rlim_cur = 1;
	setrlimit(RLIMIT_CPU, &cpu);
	ck_assert_ptr_null(miyin_engine_prepare(dir, fd, &error));
	ck_assert(
		g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_TOO_LARGE));
	close(fd);
}
END_TEST

/* A page of 400 MiB of spaces. */
static GByteArray *deflate_spaces(void)
{
	GByteArray *all = g_byte_array_new();
	g_autofree guint8 *spaces = g_malloc(1 << 20);
	guint8 chunk[65536];
	z_stream z = { .zalloc = NULL };

	memset(spaces, ' ', 1 << 20);
	ck_assert_int_eq(deflateInit(&z, 9), Z_OK);
	for (unsigned i = 0; i <= 400; i++) {
		z.next_in = spaces;
		z.avail_in = i < 400 ? 1 << 20 : 0;
		do {
			z.next_out = chunk;
			z.avail_out = sizeof(chunk);
			deflate(&z, i < 400 ? Z_NO_FLUSH : Z_FINISH);
			g_byte_array_append(all, chunk,
					    sizeof(chunk) - z.avail_out);
		} while (z.avail_out == 0);
	}
	deflateEnd(&z);
	return all;
}

START_TEST(out_of_memory)
{
	g_autoptr(GByteArray) stream = deflate_spaces();
	g_autofree char *head = g_strdup_printf(
		"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
		"/Contents 4 0 R>>endobj\n4 0 obj<</Length %u"
		"/Filter/FlateDecode>>stream\n",
		stream->len);
	static const char tail[] =
		"\nendstream endobj\ntrailer<</Root 1 0 R>>\n";
	miyin_budget budget = miyin_budget_default;
	g_autoptr(GError) error = NULL;
	int fd = miyin_memfile_new("document", NULL);

	ck_assert(miyin_memfile_write(fd, head, strlen(head), NULL) &&
		  miyin_memfile_write(fd, stream->data, stream->len, NULL) &&
		  miyin_memfile_write(fd, tail, strlen(tail), NULL));
	if (_i == WARM)
		miyin_engine_warm(build, FALSE);
	budget.memory_mib = 256;
	miyin_engine_set_budget(&budget);
	ck_assert_ptr_null(miyin_engine_prepare(build, fd, &error));
	miyin_engine_set_budget(NULL);
	ck_assert_msg(
		g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_BUDGET),
		"%s", error->message);
	ck_assert_ptr_nonnull(strstr(error->message, "256 MiB of memory"));
	close(fd);
}
END_TEST

/* ---- an engine that somebody else has ----------------------------------- */

#define PAGE "595 842 1 0 0 1 0 0 1 0 0 0 3 0 0\\n"

static const struct {
	const char *name, *step,
		*says; /* a shell's words in that step's place */
	const char *words;
} lies[] = {
	{ "no pages", "prepare", "printf 'miyin-sheets 4 0 9 99\\n' >&3",
	  "list of pages" },
	{ "no list", "prepare", ":", "list of pages" },
	{ "more pages than a copy has", "prepare",
	  "{ printf 'miyin-sheets 4 1024 9 99\\n'; for i in {1..1024}; do "
	  "printf '" PAGE "'; done; } >&3",
	  "list of pages" },
	{ "a list without an end", "prepare", "head -c 9000000 /dev/zero >&3",
	  "too much" },
	{ "a page of no size", "prepare",
	  "printf 'miyin-sheets 4 1 9 99\\nnan 842 1 0 0 1 0 0 1 0 0 0 3 0 0\\n' >&3",
	  "list of pages" },
	{ "a refusal that is not its own", "prepare",
	  "printf 'over-limit\\t1\\tx\\n' >&2; exit 1", "ended with status" },
	{ "words that are commands", "prepare",
	  "printf 'oops \\033[2J\\r\\001x\\n' >&2; exit 1", "oops [2J x" },
	{ "words without an end", "prepare",
	  "head -c 9000000 /dev/zero >&2; exit 1", "ended with status" },
	{ "no answer", "inspect", ":", "answer" },
	{ "an answer of many", "inspect", "head -c 9000 /dev/zero",
	  "too much" },
	{ "a scale that is none", "inspect", "echo moved nan", "answer" },
	{ "a scale beyond", "inspect", "echo moved 1e9", "answer" },
	{ "a scale below", "inspect", "echo moved -1", "answer" },
	{ "another word", "inspect", "echo perhaps 1", "answer" },
	{ "a level that is none", "inspect", "echo kept 1 nosuch", "answer" },
	{ "a word more", "inspect", "echo kept 1 jimi x", "answer" },
	{ "a NUL", "inspect", "printf 'kept 1 ji\\0mi'", "answer" },
	{ "a NUL behind all", "inspect", "printf 'kept 1 jimi\\0x'", "answer" },
	{ "other pages than before", "inspect",
	  "echo kept 1; { printf 'miyin-sheets 4 1 9 99\\n" PAGE "'; } "
	  ">/proc/self/fd/3",
	  "answer" },
	{ "an identity that is none", "identity", "echo 0", "answer" },
	{ "one of other letters", "identity", "printf %064d 1 | tr 0 G",
	  "answer" },
};

static void write_liar(const char *step, const char *says)
{
	g_autofree char *path = g_build_filename(dir, "miyinmark", NULL);
	g_autofree char *script = g_strdup_printf(
		"#!/bin/bash\nif [ $1 = %s ]; then\n%s\nexit\nfi\n"
		"exec %s/miyinmark \"$@\"\n",
		step, says, build);

	ck_assert(g_file_set_contents(path, script, -1, NULL));
	ck_assert_int_eq(g_chmod(path, 0755), 0);
}

/* Without pages, for miyin_engine_inspect. */
static miyin_order *new_inspection(gboolean cover)
{
	miyin_order *order = new_order(0);

	order->cover = cover;
	order->body = MIYIN_BODY_AUTO;
	order->n_levels = 1;
	order->levels = g_new0(miyin_order_level, 2);
	order->levels[0] = (miyin_order_level){ .id = g_strdup("jimi"),
						.rank = 2,
						.text = g_strdup("机密"),
						.text_en = g_strdup("Secret") };
	return order;
}

START_TEST(lie)
{
	gboolean of_prepare = g_str_equal(lies[_i].step, "prepare");
	g_autoptr(miyin_prepared) prepared = of_prepare ? NULL : prepare();
	g_autoptr(miyin_order) order = new_inspection(FALSE);
	g_autoptr(GError) error = NULL;
	int fd = miyin_memfile_new("document", NULL);

	write_liar(lies[_i].step, lies[_i].says);
	if (of_prepare)
		ck_assert_ptr_null(miyin_engine_prepare(dir, fd, &error));
	else if (g_str_equal(lies[_i].step, "inspect"))
		ck_assert_msg(
			!miyin_engine_inspect(dir, prepared, order, &error),
			"%s was believed", lies[_i].name);
	else
		ck_assert(
			!miyin_engine_identify(dir, -1, fd, prepared, &error) ||
			!miyin_engine_look(dir, prepared, &error));
	ck_assert_msg(error->domain == MIYIN_ERROR, "%s: %s", lies[_i].name,
		      error->message);
	ck_assert_msg(strstr(error->message, lies[_i].words), "%s: %s",
		      lies[_i].name, error->message);
	close(fd);
}
END_TEST

/* Its number would not fit into its code, and its serial would be gone. */
START_TEST(cover_on_the_last_page)
{
	g_autoptr(miyin_prepared) prepared = prepare();
	g_autoptr(miyin_order) order = new_inspection(TRUE);
	g_autoptr(GError) error = NULL;
	int fd = miyin_memfile_new("document", NULL);

	prepared->n_pages = 1023;
	ck_assert(!miyin_engine_inspect(build, prepared, order, &error));
	ck_assert(g_error_matches(error, MIYIN_REFUSAL,
				  MIYIN_REFUSAL_TOO_MANY_PAGES));
	close(fd);
}
END_TEST

/* Who reads a copy back cannot change it. */
START_TEST(verifier_writes)
{
	g_autoptr(miyin_prepared) prepared = prepare();
	g_autoptr(miyin_order) order = new_order(N_PAGES);
	g_autoptr(GError) error = NULL;
	unsigned n_verified;

	write_miyinmark("cp copy.pdf out.pdf",
			"[ $1 != verify ] || { ! echo x 1<>/proc/self/fd/0; }");
	ck_assert_msg(make_copy(prepared, order, MIYIN_VERIFY_EVERY_PAGE,
				&n_verified, &error) >= 0,
		      "%s", error ? error->message : "");
}
END_TEST

/* ---- an engine that is warm --------------------------------------------- */

static GBytes *make_bytes(const miyin_prepared *prepared,
			  const miyin_order *order)
{
	g_autoptr(GArray) pages = miyin_engine_choose_pages(
		MIYIN_VERIFY_EVERY_PAGE, N_PAGES, NULL);
	g_autoptr(GError) error = NULL;
	g_auto(miyin_fd) fd =
		miyin_engine_copy(build, prepared, order, pages, &error);

	ck_assert_msg(fd >= 0, "%s", error ? error->message : "");
	return miyin_memfile_map(fd, NULL);
}

/* Returns how many there are. */
static unsigned look_at_servers(void (*look)(const char *pid))
{
	g_autofree char *path =
		g_strdup_printf("/proc/self/task/%d/children", getpid());
	g_autofree char *text = NULL;
	g_auto(GStrv) pids = NULL;
	unsigned n = 0;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	pids = g_strsplit(g_strchomp(text), " ", -1);
	for (; pids[n]; n++)
		look(pids[n]);
	return n;
}

static char *read_proc(const char *pid, const char *name)
{
	g_autofree char *path = g_build_filename("/proc", pid, name, NULL);
	char *text = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

/* A thread would be missing in its children, and what it had mapped of one
 * document the next step would find. */
static void is_bare(const char *pid)
{
	g_autofree char *status = read_proc(pid, "status");
	g_autofree char *maps = read_proc(pid, "maps");

	ck_assert_ptr_null(strstr(status, "State:\tZ"));
	ck_assert_ptr_nonnull(strstr(status, "Threads:\t1\n"));
	ck_assert_ptr_null(strstr(maps, "memfd:"));
	ck_assert_ptr_null(strstr(maps, "rw-s"));
}

static void end(const char *pid)
{
	kill(atoi(pid), SIGKILL);
}

/* The same bytes, however its steps come to be, and when they are gone. */
START_TEST(warm)
{
	g_autoptr(miyin_prepared) prepared = prepare(), again = NULL;
	g_autoptr(miyin_order) order = new_order(N_PAGES);
	g_autoptr(GBytes) started = make_bytes(prepared, order);
	g_autoptr(GBytes) forked = NULL, last = NULL;

	miyin_engine_warm(build, TRUE);
	again = prepare();
	forked = make_bytes(again, order);
	ck_assert(g_bytes_equal(started, forked));
	ck_assert_uint_eq(look_at_servers(is_bare), 3);
	look_at_servers(end);
	last = make_bytes(again, order);
	ck_assert(g_bytes_equal(started, last));
}
END_TEST

/* ---- what it says of itself -------------------------------------------- */

/* What a reader says of the pages that it has, as a case of the shell. The
 * levels of cn-gb9704 are 0 绝密, 1 机密, 2 秘密, 3 内部. */
static const struct {
	const char *what, *says;
	const char *level, *period; /* NULL: none */
	unsigned unreadable;
} answers[] = {
	{ "nothing", "*) say -1 '' 0;;", NULL, NULL, 0 },
	{ "a higher level behind, and a doubt between",
	  "'1 1') say 2 5年 0;; '2 2') say 2 6年 2;; '3 3') say 1 '' 0;;"
	  "*) say 1 '' 2;;",
	  "jimi", NULL, 2 },
	{ "the first period of a level",
	  "'1 1') say 2 '' 0;; '2 2'|'2 3') say 2 6年 3;; '3 3') say 2 7年 3;;"
	  "*) say 2 6年 3;;",
	  "mimi", "6年", 3 },
	{ "a lower level behind", "'1 1'|'1 3') say 1 9年 0;; *) say 2 6年 0;;",
	  "jimi", "9年", 0 },
	{ "one of them fails", "'1 1') say 1 9年 0;; *) exit 1;;", NULL, NULL,
	  0 },
};

START_TEST(readers)
{
	const gboolean fails = strstr(answers[_i].says, "exit") != NULL;
	g_autofree char *path = g_build_filename(dir, "miyinread", NULL);
	g_autofree char *script = g_strdup_printf(
		"#!/bin/sh\n"
		"say() { printf '%%s\\n%%s\\n%%s\\n' \"$@\" >&1; exit 0; }\n"
		"read pages <&3\ncase $pages in %s esac\n",
		answers[_i].says);
	g_autoptr(miyin_prepared) prepared = prepare();
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(SCHEMES, "cn-gb9704", NULL);
	const miyin_declaration_question asked = { .prepared = prepared,
						   .scheme = scheme,
						   .n_pages = 3 };
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_readers) all = NULL;
	g_auto(miyin_declaration) said = { NULL };

	ck_assert(g_file_set_contents(path, script, -1, NULL));
	ck_assert_int_eq(g_chmod(path, 0755), 0);
	all = miyin_readers_start(dir, &asked, &error);
	ck_assert_ptr_nonnull(all);
	ck_assert_msg(miyin_readers_finish(all, &said, &error) != fails, "%s",
		      answers[_i].what);
	ck_assert_str_eq(said.level ? said.level->id : "",
			 answers[_i].level ? answers[_i].level : "");
	ck_assert_str_eq(said.period ? said.period : "",
			 answers[_i].period ? answers[_i].period : "");
	ck_assert_uint_eq(said.unreadable, answers[_i].unreadable);
}
END_TEST

/* A job that is refused for something else does not wait for them. */
START_TEST(readers_are_ended)
{
	g_autofree char *path = g_build_filename(dir, "miyinread", NULL);
	g_autoptr(miyin_prepared) prepared = prepare();
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(SCHEMES, "cn-gb9704", NULL);
	const miyin_declaration_question asked = { .prepared = prepared,
						   .scheme = scheme,
						   .n_pages = 3 };
	const gint64 start_us = g_get_monotonic_time();

	ck_assert(g_file_set_contents(path, "#!/bin/sh\nexec sleep 1000\n", -1,
				      NULL));
	ck_assert_int_eq(g_chmod(path, 0755), 0);
	miyin_readers_free(miyin_readers_start(dir, &asked, NULL));
	ck_assert_int_lt(g_get_monotonic_time() - start_us,
			 60 * G_USEC_PER_SEC);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("engine");
	TCase *tcase = tcase_create("engine");
	g_autofree char *program = g_canonicalize_filename(argv[0], NULL);
	g_autofree char *tests = g_path_get_dirname(program);
	SRunner *runner;
	int n_failed;

	(void)argc;
	build = g_path_get_dirname(tests);
	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	tcase_add_loop_test(tcase, chosen, 0, G_N_ELEMENTS(choices));
	tcase_add_test(tcase, chosen_by_chance);
	tcase_add_loop_test(tcase, copy, 0, G_N_ELEMENTS(copies));
	tcase_add_test(tcase, verifier_dies);
	tcase_add_loop_test(tcase, lie, 0, G_N_ELEMENTS(lies));
	tcase_add_loop_test(tcase, readers, 0, G_N_ELEMENTS(answers));
	tcase_add_test(tcase, readers_are_ended);
	tcase_add_test(tcase, cover_on_the_last_page);
	tcase_add_test(tcase, verifier_writes);
	tcase_add_loop_test(tcase, out_of_time, 0, N_ENDLESS);
	tcase_add_loop_test(tcase, out_of_memory, STARTED, N_WAYS);
	tcase_add_test(tcase, warm);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	g_free(build);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

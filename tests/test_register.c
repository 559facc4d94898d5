/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/error.h>
#include <miyin/refusal.h>
#include <miyin/register.h>

#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HASH_A                                                                 \
	"aaaaaaaa1111111111111111111111111111111111111111111111111111111a"
#define HASH_B                                                                 \
	"aaaaaaaa2222222222222222222222222222222222222222222222222222222b"
#define HASH_C                                                                 \
	"cccccccc3333333333333333333333333333333333333333333333333333333c"

static char *dir, *path;

static void make_dir(void)
{
	dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	path = g_build_filename(dir, "register.db", NULL);
}

static void remove_dir(void)
{
	g_autofree char *command = g_strdup_printf("rm -r %s", dir);

	ck_assert_int_eq(system(command), 0);
	g_free(path);
	g_free(dir);
}

static miyin_register *open_register(void)
{
	g_autoptr(GError) error = NULL;
	miyin_register *reg = miyin_register_open(path, TRUE, &error);

	ck_assert_msg(reg != NULL, "%s", error ? error->message : "");
	return reg;
}

/* ---- asking ----------------------------------------------------------- */

static char *const holders[] = { (char *)"张三", (char *)"李四",
				 (char *)"王五", (char *)"赵六",
				 (char *)"钱七", NULL };

static miyin_request new_request(const char *uuid, unsigned n_copies,
				 unsigned limit)
{
	return (miyin_request){ .job_uuid = uuid,
				.job_id = 7,
				.document_no = 1,
				.user = "li",
				.uid = 1000,
				.host = "localhost",
				.printer = "secret",
				.title = "Plan",
				.content_hash = HASH_A,
				.scheme = "cn-gb9704",
				.level = "mimi",
				.level_text = "秘密",
				.level_rank = 2,
				.period = "10年",
				.pages = 3,
				.n_copies = n_copies,
				.holders = holders,
				.copies_per_document = limit };
}

static GPtrArray *issue(miyin_register *reg, const char *uuid,
			unsigned n_copies, unsigned limit)
{
	const miyin_request request = new_request(uuid, n_copies, limit);
	g_autoptr(GError) error = NULL;
	GPtrArray *copies = NULL;

	ck_assert_msg(miyin_register_issue(reg, &request, &copies, &error),
		      "%s", error ? error->message : "");
	ck_assert_uint_eq(copies->len, n_copies);
	return copies;
}

static void assert_issued(miyin_register *reg, const miyin_request *request)
{
	g_autoptr(GPtrArray) copies = NULL;

	ck_assert(miyin_register_issue(reg, request, &copies, NULL));
}

/* A refusal to issue leaves everything alone. */
static void assert_not_issued(miyin_register *reg, const miyin_request *request,
			      miyin_refusal refusal, const char *const *words)
{
	GPtrArray *const untouched = (GPtrArray *)&words;
	GPtrArray *copies = untouched;
	g_autoptr(GError) error = NULL;

	ck_assert(!miyin_register_issue(reg, request, &copies, &error));
	ck_assert_ptr_eq(copies, untouched);
	ck_assert_msg(g_error_matches(error, MIYIN_REFUSAL, refusal), "%s",
		      error->message);
	for (; *words; words++)
		ck_assert_msg(strstr(error->message, *words) != NULL,
			      "no \"%s\": %s", *words, error->message);
}

static void assert_state(gboolean ok, GError **error)
{
	ck_assert(!ok);
	ck_assert_msg(g_error_matches(*error, MIYIN_ERROR, MIYIN_ERROR_STATE),
		      "%s", (*error)->message);
	g_clear_error(error);
}

/* What the file itself says, over a connection of our own. */
static int get_number(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	int number;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

/* The invariants of facts of security.md 3.3. */
static void assert_sound(void)
{
	ck_assert_int_eq(get_number("SELECT count(*) FROM"
				    " pragma_integrity_check WHERE"
				    " integrity_check <> 'ok'"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM"
				    " pragma_foreign_key_check"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents d WHERE"
				    " used <> (SELECT count(*) FROM copies c"
				    " WHERE c.document = d.id AND"
				    " c.state <> 'void')"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) - count(DISTINCT"
				    " document || '/' || serial) FROM copies"),
			 0);
	ck_assert_int_eq(get_number("SELECT count(*) - count(DISTINCT copy_id)"
				    " FROM copies"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies c WHERE NOT"
				    " EXISTS(SELECT 1 FROM events e WHERE"
				    " e.event = 'issue' AND"
				    " e.copy_code = c.copy_code)"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies c WHERE"
				    " state NOT IN ('reserved', 'void') AND NOT"
				    " EXISTS(SELECT 1 FROM events e WHERE"
				    " e.event = 'claim' AND"
				    " e.copy_code = c.copy_code)"), 0);
}

/* ---- a job ------------------------------------------------------------ */

START_TEST(issues)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 3, 3);

	for (unsigned i = 0; i < 3; i++) {
		const miyin_copy *copy = copies->pdata[i];

		ck_assert_uint_eq(copy->serial, i + 1);
		ck_assert_uint_eq(copy->copy_no, i + 1);
		ck_assert_str_eq(copy->holder, holders[i]);
		ck_assert_int_eq(copy->state, MIYIN_COPY_RESERVED);
		ck_assert_int_eq(copy->device_job, 0);
		ck_assert_uint_lt(copy->copy_id, G_GUINT64_CONSTANT(1) << 40);
	}
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 3);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE"
				    " event = 'issue' AND result = 'ok' AND"
				    " user = 'li' AND printer = 'secret' AND"
				    " job_id = 7 AND pages = 3"), 3);
	assert_sound();
}
END_TEST

START_TEST(prints)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 3, 3);
	static const miyin_copy_state ends[] = {
		MIYIN_COPY_PRINTED, MIYIN_COPY_PARTIAL, MIYIN_COPY_DOUBT
	};

	for (unsigned i = 0; i < 3; i++) {
		miyin_copy *copy = copies->pdata[i];

		ck_assert(miyin_register_claim(reg, copy, 100 + i, NULL));
		ck_assert_int_eq(copy->state, MIYIN_COPY_SENDING);
		ck_assert_int_eq(copy->device_job, 100 + i);
		ck_assert(miyin_register_start_device(reg, 100 + i, NULL));
		ck_assert(miyin_register_settle(reg, copy, ends[i], i + 1,
						"said the device", NULL));
		ck_assert_int_eq(copy->state, ends[i]);
	}
	/* All of them count: they are, or may be, on paper. */
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 3);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE"
				    " event = 'printed' AND result = 'ok' AND"
				    " pages = 1 AND serial = 1 AND"
				    " detail = 'said the device'"), 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE"
				    " event IN ('partial', 'doubt') AND"
				    " result = 'failed'"), 2);
	assert_sound();
}
END_TEST

/* ---- the limit -------------------------------------------------------- */

START_TEST(limit_over_several_jobs)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = issue(reg, "job-1", 2, 3), last = NULL;
	miyin_request request = new_request("job-2", 2, 3);

	/* "秘密 allows 3 copies, 1 left; 张三 (1), 李四 (1)" */
	assert_not_issued(reg, &request, MIYIN_REFUSAL_OVER_LIMIT,
			  (const char *const[]){ "秘密", " 3 ", " 1 ",
						 "张三 (1)", "李四 (1)",
						 NULL });
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 2);
	ck_assert_int_eq(get_number("SELECT count(*) FROM jobs"), 1);
	last = issue(reg, "job-2", 1, 3);
	ck_assert_uint_eq(((miyin_copy *)last->pdata[0])->serial, 3);
	request = new_request("job-3", 1, 3);
	assert_not_issued(reg, &request, MIYIN_REFUSAL_OVER_LIMIT,
			  (const char *const[]){ " 0 ", "张三 (2)", NULL });
	assert_sound();
}
END_TEST

START_TEST(limit_zero)
{
	g_autoptr(miyin_register) reg = open_register();
	const miyin_request request = new_request("job-1", 1, 0);

	assert_not_issued(reg, &request, MIYIN_REFUSAL_OVER_LIMIT,
			  (const char *const[]){ " 0 ", NULL });
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents"), 0);
}
END_TEST

/* An officer who lowers the limit takes nothing back, and gives nothing. */
START_TEST(limit_lowered)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = issue(reg, "job-1", 3, 3);
	const miyin_request request = new_request("job-2", 1, 1);

	assert_not_issued(reg, &request, MIYIN_REFUSAL_OVER_LIMIT,
			  (const char *const[]){ " 1 ", " 0 ", NULL });
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 3);
}
END_TEST

START_TEST(void_gives_back)
{
	g_autoptr(miyin_register) reg = open_register();

	for (unsigned i = 1; i <= 5; i++) {
		g_autofree char *uuid = g_strdup_printf("job-%u", i);
		g_autoptr(GPtrArray) copies = issue(reg, uuid, 1, 1);
		miyin_copy *copy = copies->pdata[0];

		/* The budget comes back, the serial never. */
		ck_assert_uint_eq(copy->serial, i);
		ck_assert(miyin_register_void(reg, copy, "no paper", NULL));
		ck_assert_int_eq(copy->state, MIYIN_COPY_VOID);
		ck_assert_int_eq(get_number("SELECT used FROM documents"), 0);
	}
	ck_assert_int_eq(get_number("SELECT last_serial FROM documents"), 5);
	assert_sound();
}
END_TEST

/* ---- a second run ----------------------------------------------------- */

START_TEST(second_run)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = issue(reg, "job-1", 3, 3), second = NULL;
	miyin_copy *was[3], *is[3];

	memcpy(was, first->pdata, sizeof(was));
	ck_assert(miyin_register_claim(reg, was[0], 100, NULL));
	ck_assert(miyin_register_settle(reg, was[0], MIYIN_COPY_PRINTED, 3, "",
					NULL));
	ck_assert(miyin_register_void(reg, was[1], "", NULL));
	ck_assert(miyin_register_claim(reg, was[2], 102, NULL));
	second = issue(reg, "job-1", 3, 3);
	memcpy(is, second->pdata, sizeof(is));
	ck_assert_uint_eq(is[0]->copy_id, was[0]->copy_id);
	ck_assert_int_eq(is[0]->state, MIYIN_COPY_PRINTED);
	ck_assert_int_eq(is[0]->device_job, 100);
	/* A new copy in the place of the one that was voided. */
	ck_assert_uint_eq(is[1]->copy_no, 2);
	ck_assert_uint_ne(is[1]->copy_id, was[1]->copy_id);
	ck_assert_uint_eq(is[1]->serial, 4);
	ck_assert_str_eq(is[1]->holder, holders[1]);
	ck_assert_int_eq(is[1]->state, MIYIN_COPY_RESERVED);
	ck_assert_uint_eq(is[2]->copy_id, was[2]->copy_id);
	ck_assert_uint_eq(is[2]->serial, 3);
	ck_assert_int_eq(is[2]->state, MIYIN_COPY_SENDING);
	ck_assert_int_eq(is[2]->device_job, 102);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 3);
	ck_assert_int_eq(get_number("SELECT count(*) FROM jobs"), 1);
	assert_sound();
}
END_TEST

/* What another job took meanwhile is gone. */
START_TEST(second_run_over_limit)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = issue(reg, "job-1", 2, 2), other = NULL;
	const miyin_request request = new_request("job-1", 2, 2);

	ck_assert(miyin_register_void(reg, first->pdata[0], "", NULL));
	other = issue(reg, "job-2", 1, 2);
	assert_not_issued(reg, &request, MIYIN_REFUSAL_OVER_LIMIT,
			  (const char *const[]){ " 0 ", NULL });
	assert_sound();
}
END_TEST

static gboolean is_reprint(miyin_register *reg, const char *uuid,
			   const char *reference, const char *hash)
{
	miyin_request request = new_request(uuid, 1, 9);
	gboolean reprint = -1;

	request.reference = reference;
	request.content_hash = hash;
	ck_assert(miyin_register_is_reprint(reg, &request, &reprint, NULL));
	return reprint;
}

/* What is said before the issue holds for the copies after it. */
START_TEST(reprint_is_foreseen)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = NULL, second = NULL, named = NULL;
	miyin_request request = new_request("job-3", 1, 9);

	ck_assert(!is_reprint(reg, "job-1", NULL, HASH_A));
	first = issue(reg, "job-1", 1, 9);
	ck_assert(!is_reprint(reg, "job-1", NULL, HASH_A));
	ck_assert(is_reprint(reg, "job-2", NULL, HASH_A));
	second = issue(reg, "job-2", 1, 9);
	ck_assert_uint_eq(((miyin_copy *)second->pdata[0])->original, 1);
	ck_assert(!is_reprint(reg, "job-1", NULL, HASH_A));
	ck_assert(is_reprint(reg, "job-2", NULL, HASH_A));
	/* By its reference it is another document, as it is for the issue; a
	 * content that was printed under one stays that document. */
	ck_assert(!is_reprint(reg, "job-3", "17号", HASH_C));
	ck_assert(!is_reprint(reg, "job-3", "17号", HASH_A));
	request.reference = "17号";
	request.content_hash = HASH_C;
	ck_assert(miyin_register_issue(reg, &request, &named, NULL));
	ck_assert(is_reprint(reg, "job-4", "17号", HASH_A));
	ck_assert(is_reprint(reg, "job-4", NULL, HASH_C));
	ck_assert(miyin_register_void(reg, named->pdata[0], "", NULL));
	ck_assert(!is_reprint(reg, "job-4", "17号", HASH_C));
}
END_TEST

/* Two documents of one job are two requests, and two documents. */
START_TEST(second_document)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = issue(reg, "job-1", 1, 1), second = NULL;
	miyin_request request = new_request("job-1", 1, 1);

	request.document_no = 2;
	request.content_hash = HASH_C;
	ck_assert(miyin_register_issue(reg, &request, &second, NULL));
	ck_assert_uint_eq(((miyin_copy *)second->pdata[0])->serial, 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents"), 2);
	assert_sound();
}
END_TEST

/* ---- which document --------------------------------------------------- */

static const struct {
	const char *what, *reference, *hash, *reference_2, *hash_2;
	gboolean same;
} identities[] = {
	{ "the same text", NULL, HASH_A, NULL, HASH_A, TRUE },
	{ "another text", NULL, HASH_A, NULL, HASH_C, FALSE },
	{ "the same reference, corrected text", "17号", HASH_A, "17号", HASH_C,
	  TRUE },
	{ "two references, two texts", "17号", HASH_A, "18号", HASH_C, FALSE },
	{ "an empty reference is none", NULL, HASH_A, "", HASH_A, TRUE },
	{ "a text first printed under a reference", "17号", HASH_A, NULL,
	  HASH_A, TRUE },
	{ "another text without reference", "17号", HASH_A, NULL, HASH_C,
	  FALSE },
	{ "a reference that looks like a hash", "sha256:" HASH_A, HASH_C, NULL,
	  HASH_A, FALSE },
};

START_TEST(which_document)
{
	g_autoptr(miyin_register) reg = open_register();
	miyin_request request = new_request("job-1", 1, 1);
	g_autoptr(GPtrArray) first = NULL, second = NULL;
	g_autoptr(GError) error = NULL;
	gboolean ok;

	request.reference = identities[_i].reference;
	request.content_hash = identities[_i].hash;
	ck_assert(miyin_register_issue(reg, &request, &first, NULL));
	request.job_uuid = "job-2";
	request.reference = identities[_i].reference_2;
	request.content_hash = identities[_i].hash_2;
	ok = miyin_register_issue(reg, &request, &second, &error);
	ck_assert_msg(ok == !identities[_i].same, "%s", identities[_i].what);
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents"),
			 identities[_i].same ? 1 : 2);
	if (!ok)
		ck_assert(g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_OVER_LIMIT));
}
END_TEST

START_TEST(level_lowered)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = issue(reg, "job-1", 1, 9);
	miyin_request request = new_request("job-2", 1, 9);

	request.level = "neibu";
	request.level_text = "内部";
	request.level_rank = 1;
	assert_not_issued(reg, &request, MIYIN_REFUSAL_LEVEL_LOWERED,
			  (const char *const[]){ "秘密", "内部", NULL });
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 1);
	/* Nor by leaving out, or by finding out, the reference. */
	request.reference = "17号";
	request.content_hash = HASH_C;
	request.level_rank = 3;
	request.level_text = "机密";
	assert_issued(reg, &request);
	request.job_uuid = "job-3";
	request.reference = NULL;
	request.level_rank = 2;
	request.level_text = "秘密";
	assert_not_issued(reg, &request, MIYIN_REFUSAL_LEVEL_LOWERED,
			  (const char *const[]){ "机密", "秘密", NULL });
}
END_TEST

START_TEST(level_raised)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = issue(reg, "job-1", 1, 9), second = NULL;
	miyin_request request = new_request("job-2", 1, 9);

	request.level = "jimi";
	request.level_text = "机密";
	request.level_rank = 3;
	ck_assert(miyin_register_issue(reg, &request, &second, NULL));
	ck_assert_uint_eq(((miyin_copy *)second->pdata[0])->serial, 2);
	/* From now on it is that. */
	request = new_request("job-3", 1, 9);
	assert_not_issued(reg, &request, MIYIN_REFUSAL_LEVEL_LOWERED,
			  (const char *const[]){ "机密", "秘密", NULL });
	assert_sound();
}
END_TEST

/* ---- what may not be -------------------------------------------------- */

START_TEST(claim_twice)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(miyin_register) other = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 1, 1);
	g_autoptr(GPtrArray) same = issue(other, "job-1", 1, 1);
	miyin_copy *copy = copies->pdata[0], *stale = same->pdata[0];
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	assert_state(miyin_register_claim(reg, copy, 101, &error), &error);
	ck_assert_int_eq(copy->device_job, 100);
	/* Another process that still believes it is reserved. */
	assert_state(miyin_register_claim(other, stale, 101, &error), &error);
	ck_assert_int_eq(stale->state, MIYIN_COPY_RESERVED);
	ck_assert_int_eq(stale->device_job, 0);
	assert_state(miyin_register_void(other, stale, "", &error), &error);
	ck_assert_int_eq(get_number("SELECT device_job FROM copies"), 100);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 2);
	assert_sound();
}
END_TEST

START_TEST(out_of_order)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 1, 1);
	miyin_copy *copy = copies->pdata[0];
	g_autoptr(GError) error = NULL;

	for (int to = 0; to < MIYIN_N_COPY_STATES; to++)
		assert_state(miyin_register_settle(reg, copy, to, 1, "",
						   &error), &error);
	ck_assert_int_eq(copy->state, MIYIN_COPY_RESERVED);
	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	ck_assert(miyin_register_start_device(reg, 100, NULL));
	assert_state(miyin_register_void(reg, copy, "", &error), &error);
	assert_state(miyin_register_settle(reg, copy, MIYIN_COPY_VOID, 0, "",
					   &error), &error);
	assert_state(miyin_register_settle(reg, copy, MIYIN_COPY_RESERVED, 0,
					   "", &error), &error);
	ck_assert(miyin_register_settle(reg, copy, MIYIN_COPY_DOUBT, 0, "",
					NULL));
	for (int to = 0; to < MIYIN_N_COPY_STATES; to++)
		assert_state(miyin_register_settle(reg, copy, to, 1, "",
						   &error), &error);
	assert_state(miyin_register_claim(reg, copy, 101, &error), &error);
	ck_assert_int_eq(copy->state, MIYIN_COPY_DOUBT);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 3);
}
END_TEST

START_TEST(device_starts_once)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	miyin_copy *copy = copies->pdata[0];
	g_autoptr(GError) error = NULL;

	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	assert_state(miyin_register_start_device(reg, 99, &error), &error);
	assert_state(miyin_register_start_device(reg, 0, &error), &error);
	ck_assert(miyin_register_start_device(reg, 100, NULL));
	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	ck_assert(miyin_register_settle(reg, copy, MIYIN_COPY_PRINTED, 3, "",
					NULL));
	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	/* Claimed and settled before the device's turn came. */
	ck_assert(miyin_register_claim(reg, copies->pdata[1], 101, NULL));
	ck_assert(miyin_register_settle(reg, copies->pdata[1],
					MIYIN_COPY_DOUBT, 0, "", NULL));
	assert_state(miyin_register_start_device(reg, 101, &error), &error);
}
END_TEST

/* Claimed, but the device never started: nothing left, and nothing will. */
START_TEST(never_started)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	miyin_copy *copy = copies->pdata[0], *other = copies->pdata[1];
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	ck_assert(miyin_register_claim(reg, other, 101, NULL));
	ck_assert(miyin_register_start_device(reg, 101, NULL));
	ck_assert(miyin_register_void(reg, copy, "refused", NULL));
	ck_assert_int_eq(copy->state, MIYIN_COPY_VOID);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event ="
				    " 'void' AND detail = 'refused' AND serial"
				    " = 1"), 1);
	/* The device job may still be there, and its turn may come. */
	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	assert_state(miyin_register_void(reg, other, "", &error), &error);
	ck_assert_int_eq(other->state, MIYIN_COPY_SENDING);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 1);
	assert_sound();
}
END_TEST

/* A fault of ours stops printing; nothing is issued by half. */
static const struct {
	const char *what;
	const char *user;
	const char *second_holder;
	unsigned pages;
} faults[] = {
	{ "no user", "", "李四", 3 },
	{ "an empty holder", "li", "", 3 },
	{ "no pages", "li", "李四", 0 },
};

START_TEST(nothing_by_half)
{
	g_autoptr(miyin_register) reg = open_register();
	char *const names[] = { (char *)"张三",
				(char *)faults[_i].second_holder, NULL };
	miyin_request request = new_request("job-1", 2, 9);
	GPtrArray *copies = (GPtrArray *)&request;
	g_autoptr(GError) error = NULL;

	request.user = faults[_i].user;
	request.holders = names;
	request.pages = faults[_i].pages;
	ck_assert_msg(!miyin_register_issue(reg, &request, &copies, &error),
		      "%s", faults[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_eq(copies, &request);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM documents"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM jobs"), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 0);
}
END_TEST

/* Whatever people type. */
static const char *const texts[] = {
	"'; DROP TABLE events; --", "\"quoted\"", "=1+2", "?1 :a @b $c",
	"100%", "_", "关于印发的通知", "a\nb",
};

static gboolean same_text(const miyin_event *event, gpointer text)
{
	ck_assert_str_eq(event->title, text);
	ck_assert_str_eq(event->reference, text);
	ck_assert_str_eq(event->holder, text);
	ck_assert_str_eq(event->user, text);
	return TRUE;
}

static gboolean count_copy(const miyin_copy_record *copy, gpointer n)
{
	(void)copy;
	++*(unsigned *)n;
	return TRUE;
}

START_TEST(any_text)
{
	g_autoptr(miyin_register) reg = open_register();
	char *const names[] = { (char *)texts[_i], NULL };
	miyin_request request = new_request(texts[_i], 1, 1);
	const miyin_event_filter filter = { .user = texts[_i] };
	g_autoptr(GPtrArray) copies = NULL;
	unsigned n = 0;

	request.user = request.title = request.reference = texts[_i];
	request.holders = names;
	ck_assert(miyin_register_issue(reg, &request, &copies, NULL));
	ck_assert(miyin_register_log(reg, &filter, same_text,
				     (gpointer)texts[_i], NULL));
	ck_assert(miyin_register_copies(reg, texts[_i], count_copy, &n, NULL));
	ck_assert_uint_eq(n, 1);
	assert_sound();
}
END_TEST

/* ---- append-only ------------------------------------------------------ */

static const struct {
	const char *what, *sql, *why;
} forbidden[] = {
	{ "an event changed", "UPDATE events SET user = 'wang'",
	  "append-only" },
	{ "an event renumbered", "UPDATE events SET seq = seq + 100",
	  "append-only" },
	{ "an event deleted", "DELETE FROM events WHERE seq = 1",
	  "append-only" },
	{ "all events deleted", "DELETE FROM events", "append-only" },
	{ "an event replaced",
	  "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 1",
	  "append-only" },
	{ "an event inserted in the place of one",
	  "REPLACE INTO events SELECT * FROM events", "append-only" },
	{ "an upsert", "INSERT INTO events SELECT * FROM events WHERE seq = 1"
	  " ON CONFLICT(seq) DO UPDATE SET user = 'wang'", "append-only" },
	{ "a copy deleted", "DELETE FROM copies", "copies are kept" },
	{ "a copy replaced", "REPLACE INTO copies SELECT * FROM copies",
	  "copies are kept" },
	{ "a copy replaced by another of its serial",
	  "REPLACE INTO copies SELECT id + 9, copy_id + 1, 'XXXXXXXX',"
	  " document, job, copy_no + 1, serial, holder, state, device_job,"
	  " device_started, pages_done, issued_at, settled_at FROM copies"
	  " LIMIT 1", "copies are kept" },
	{ "another holder", "UPDATE copies SET holder = '王五'",
	  "keeps its numbers" },
	{ "another serial", "UPDATE copies SET serial = serial + 10",
	  "keeps its numbers" },
	{ "another copy id", "UPDATE copies SET copy_id = 5",
	  "keeps its numbers" },
	{ "a document deleted", "DELETE FROM documents", "" },
	{ "a document replaced",
	  "REPLACE INTO documents SELECT * FROM documents",
	  "documents are kept" },
	{ "serials given again", "UPDATE documents SET last_serial = 0,"
	  " used = 0", "never used twice" },
	{ "more used than issued", "UPDATE documents SET used = 99", "CHECK" },
	{ "used below 0", "UPDATE documents SET used = -1", "CHECK" },
	{ "a state of no name", "UPDATE copies SET state = 'lost'", "CHECK" },
	{ "a result of no name",
	  "INSERT INTO events SELECT NULL, at, event, 'fine', reason, detail,"
	  " user, host, printer, job_id, level, period, reference, title,"
	  " serial, holder, pages, copy_code FROM events LIMIT 1", "CHECK" },
};

START_TEST(append_only)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 2, 2);
	static const char sums[] =
		"SELECT count(*) + sum(seq) * 100 + sum(user = 'li') * 10000 +"
		" (SELECT count(*) + sum(serial) + sum(id) FROM copies) * 7 +"
		" (SELECT used + last_serial FROM documents) FROM events";
	int before = get_number(sums);
	sqlite3 *db;
	char *reason = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, forbidden[_i].sql, NULL, NULL,
				   &reason) == SQLITE_CONSTRAINT,
		      "%s", forbidden[_i].what);
	ck_assert_msg(strstr(reason, forbidden[_i].why) != NULL, "%s: %s",
		      forbidden[_i].what, reason);
	sqlite3_free(reason);
	sqlite3_close(db);
	ck_assert_int_eq(get_number(sums), before);
}
END_TEST

/* ---- the printers' counters -------------------------------------------- */

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

/* ---- recovery --------------------------------------------------------- */

/* A process that holds its job: one copy reserved, one sending. */
static pid_t start_job(const char *uuid, int *end)
{
	int ends[2];
	char ready;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		g_autoptr(miyin_register) reg = open_register();
		GPtrArray *copies;

		close(ends[0]);
		if (!miyin_register_lock_job(reg, uuid, NULL))
			_exit(1);
		copies = issue(reg, uuid, 2, 99);
		if (!miyin_register_claim(reg, copies->pdata[0], 100, NULL) ||
		    !miyin_register_start_device(reg, 100, NULL) ||
		    write(ends[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], &ready, 1), 1);
	*end = ends[0];
	return child;
}

static void stop_job(pid_t child, int end)
{
	int status;

	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	close(end);
}

START_TEST(recovers_the_dead)
{
	g_autoptr(miyin_register) reg = open_register();
	int end_1, end_2;
	pid_t live = start_job("job-live", &end_1);
	pid_t dead = start_job("job-dead", &end_2);

	ck_assert(miyin_register_recover(reg, NULL, NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state"
				    " IN ('reserved', 'sending')"), 4);
	stop_job(dead, end_2);
	/* A job leaves its own copies to its own second run. */
	ck_assert(miyin_register_recover(reg, "job-dead", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state"
				    " IN ('reserved', 'sending')"), 4);
	ck_assert(miyin_register_recover(reg, "job-mine", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies c JOIN jobs j"
				    " ON j.id = c.job WHERE uuid = 'job-live'"
				    " AND state IN ('reserved', 'sending')"),
			 2);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies c JOIN jobs j"
				    " ON j.id = c.job WHERE uuid = 'job-dead'"
				    " AND (state = 'doubt' AND copy_no = 1 OR"
				    " state = 'void' AND copy_no = 2) AND"
				    " settled_at <> ''"), 2);
	/* What was reserved came back, what may be on paper did not. */
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 3);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event IN"
				    " ('void', 'doubt') AND result = 'failed'"
				    " AND detail <> ''"), 2);
	/* Once is enough. */
	ck_assert(miyin_register_recover(reg, "job-mine", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE event IN"
				    " ('void', 'doubt')"), 2);
	stop_job(live, end_1);
	assert_sound();
}
END_TEST

START_TEST(recovers_what_never_started)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-dead", 1, 1);
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_claim(reg, copies->pdata[0], 100, NULL));
	ck_assert(miyin_register_recover(reg, "job-mine", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE state ="
				    " 'void'"), 1);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 0);
	assert_state(miyin_register_start_device(reg, 100, &error), &error);
	assert_sound();
}
END_TEST

/* The next process sees the copy go, and cannot send it. */
START_TEST(recovered_cannot_be_claimed)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(miyin_register) other = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 1, 1);
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_register_recover(other, NULL, NULL));
	assert_state(miyin_register_claim(reg, copies->pdata[0], 100, &error),
		     &error);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 0);
	assert_sound();
}
END_TEST

START_TEST(lock_waits_for_the_one_before)
{
	g_autoptr(miyin_register) reg = open_register();
	gint64 before;
	int ends[2];
	char ready;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		miyin_register *own = open_register();

		if (!miyin_register_lock_job(own, "job-1", NULL) ||
		    write(ends[1], "", 1) != 1)
			_exit(1);
		g_usleep(G_USEC_PER_SEC / 2);
		miyin_register_close(own);
		_exit(0);
	}
	ck_assert_int_eq(read(ends[0], &ready, 1), 1);
	before = g_get_monotonic_time();
	ck_assert(miyin_register_lock_job(reg, "job-1", NULL));
	ck_assert_int_gt(g_get_monotonic_time() - before,
			 G_USEC_PER_SEC / 5);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(lock_leaves_nothing)
{
	miyin_register *reg = open_register();
	g_autoptr(GDir) folder = NULL;
	const char *name;

	ck_assert(miyin_register_lock_job(reg, "../../etc/passwd", NULL));
	miyin_register_close(reg);
	folder = g_dir_open(dir, 0, NULL);
	while ((name = g_dir_read_name(folder)))
		ck_assert_str_eq(name, "register.db");
}
END_TEST

/* ---- reading ---------------------------------------------------------- */

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
	int n;			/* copies; or -1 - the error's code */
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
	{ "nothing", "", -1 - MIYIN_ERROR_MISSING, NULL },
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
				    " detail = 'verified sampled 4/12'"), 1);
	ck_assert(miyin_register_copies(reg, HASH_A, see_verified, said, NULL));
	miyin_register_close(g_steal_pointer(&reg));
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "DROP INDEX claims", NULL, NULL,
				      NULL), SQLITE_OK);
	sqlite3_close(db);
	reg = open_register();
	ck_assert(miyin_register_copies(reg, HASH_A, see_verified, said, NULL));
	ck_assert_str_eq(said->str, "sampled 4/12;;;sampled 4/12;;;");
	assert_sound();
}
END_TEST

START_TEST(finds_copies)
{
	g_autoptr(miyin_register) reg = open_library();
	g_autoptr(GError) error = NULL;
	seen to = { 0 };
	gboolean ok = miyin_register_copies(reg, names[_i].name, see_copy, &to,
					    &error);

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
	seen to = { 0 };

	ck_assert(miyin_register_claim(reg, copy, 100, NULL));
	ck_assert(miyin_register_find_copy(reg, copy->copy_id, see_copy, &to,
					   NULL));
	ck_assert_uint_eq(to.n, 1);
	ck_assert_uint_eq(to.serials[0], 2);
	ck_assert_str_eq(to.state, "sending");
	ck_assert(!miyin_register_find_copy(reg, copy->copy_id ^ 1, see_copy,
					    &to, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING));
	ck_assert_uint_eq(to.n, 1);
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
	miyin_event_filter filter;
	int n;
} filters[] = {
	{ "all", { NULL }, 5 },
	{ "empty words do not filter", { "", "", "", "", "", "" }, 5 },
	{ "a user", { .user = "li" }, 3 },
	{ "a refused one", { .user = "wang" }, 1 },
	{ "nobody", { .user = "zhao" }, 0 },
	{ "a part of a name", { .user = "l" }, 0 },
	{ "a printer", { .printer = "secret" }, 4 },
	{ "another printer", { .printer = "other" }, 1 },
	{ "a level", { .level = "mimi" }, 3 },
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
	const miyin_request refused = { .user = "wang", .printer = "other" };
	gint64 last[2] = { 0, 0 };

	ck_assert(miyin_register_refuse(reg, &refused, "no-level", "why",
					NULL));
	ck_assert(miyin_register_note(reg, "trace", "officer", "secret",
				      ((miyin_copy *)copies->pdata[0])->copy_id,
				      "scan.png", NULL));
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
	const miyin_event_filter all = { NULL };
	int n = 0;

	ck_assert(miyin_register_log(reg, &all, stop_at_second, &n, NULL));
	ck_assert_int_eq(n, 2);
}
END_TEST

static gboolean see_refusal(const miyin_event *event, gpointer data)
{
	const miyin_request *request = data;

	ck_assert_str_eq(event->event, "refuse");
	ck_assert_str_eq(event->result, "refused");
	ck_assert_str_eq(event->reason, "no-level");
	ck_assert_str_eq(event->detail, "why");
	ck_assert_str_eq(event->user, request->user ? request->user : "");
	ck_assert_str_eq(event->title, request->title ? request->title : "");
	ck_assert_uint_eq(event->serial, 0);
	ck_assert_str_eq(event->holder, "");
	ck_assert_str_eq(event->copy_code, "");
	ck_assert_uint_eq(strlen(event->at), 25);
	return TRUE;
}

START_TEST(refuses)
{
	g_autoptr(miyin_register) reg = open_register();
	const miyin_request whole = new_request("job-1", 1, 1), none = { 0 };
	const miyin_request *request = _i ? &none : &whole;
	const miyin_event_filter all = { NULL };

	ck_assert(miyin_register_refuse(reg, request, "no-level", "why", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 1);
	ck_assert(miyin_register_log(reg, &all, see_refusal, (gpointer)request,
				     NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM jobs"), 0);
}
END_TEST

/* ---- many at once ----------------------------------------------------- */

#ifdef UNDER_VALGRIND /* where each holds the lock for long */
#define N_RACERS 4
#else
#define N_RACERS 8
#endif
#define RACE_LIMIT 100

static G_GNUC_NORETURN void race(int racer, unsigned n_tries, unsigned n_each)
{
	miyin_register *reg = open_register();
	int granted = 0;

	for (unsigned i = 0; i < n_tries; i++) {
		g_autofree char *uuid = g_strdup_printf("%d-%u", racer, i);
		const miyin_request request =
			new_request(uuid, n_each, RACE_LIMIT);
		GPtrArray *copies = NULL;
		g_autoptr(GError) error = NULL;

		if (miyin_register_issue(reg, &request, &copies, &error))
			granted += copies->len;
		else if (!g_error_matches(error, MIYIN_REFUSAL,
					  MIYIN_REFUSAL_OVER_LIMIT))
			_exit(255);
	}
	miyin_register_close(reg);
	_exit(granted);
}

/* Alone and three at a time: 33 times 3, and one copy stays. */
static const struct {
	unsigned n_tries, n_each;
	int granted;
} races[] = { { 26, 1, 100 }, { 10, 3, 99 } };

START_TEST(race_for_the_last_copy)
{
	pid_t children[N_RACERS];
	int granted = 0;

	miyin_register_close(open_register());
	for (int i = 0; i < N_RACERS; i++) {
		children[i] = fork();
		if (children[i] == 0)
			race(i, races[_i].n_tries, races[_i].n_each);
	}
	for (int i = 0; i < N_RACERS; i++) {
		int status;

		ck_assert_int_eq(waitpid(children[i], &status, 0),
				 children[i]);
		ck_assert(WIFEXITED(status));
		ck_assert_int_ne(WEXITSTATUS(status), 255);
		granted += WEXITSTATUS(status);
	}
	ck_assert_int_eq(granted, races[_i].granted);
	ck_assert_int_eq(get_number("SELECT count(DISTINCT serial) FROM"
				    " copies WHERE serial BETWEEN 1 AND 100"),
			 granted);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), granted);
	ck_assert_int_eq(get_number("SELECT max(serial) FROM copies"),
			 granted);
	ck_assert_int_eq(get_number("SELECT used FROM documents"), granted);
	assert_sound();
}
END_TEST

/* The first registers that a new server opens, all at once. */
START_TEST(race_to_create)
{
	pid_t children[N_RACERS];

	for (int i = 0; i < N_RACERS; i++) {
		children[i] = fork();
		if (children[i] == 0)
			race(i, 1, 1);
	}
	for (int i = 0; i < N_RACERS; i++) {
		int status;

		ck_assert_int_eq(waitpid(children[i], &status, 0),
				 children[i]);
		ck_assert(WIFEXITED(status));
		ck_assert_int_eq(WEXITSTATUS(status), 1);
	}
	assert_sound();
}
END_TEST

/* ---- killed at any time ----------------------------------------------- */

#define N_KILLS 30

static G_GNUC_NORETURN void print_for_ever(int round, int told_fd)
{
	for (unsigned i = 0;; i++) {
		miyin_register *reg = open_register();
		g_autofree char *uuid = g_strdup_printf("%d-%u", round, i);
		GPtrArray *copies;

		if (!miyin_register_lock_job(reg, uuid, NULL))
			_exit(1);
		copies = issue(reg, uuid, 3, 100000);
		if (i == 0 && write(told_fd, "", 1) != 1)
			_exit(1);
		if (!miyin_register_claim(reg, copies->pdata[0], 100, NULL) ||
		    !miyin_register_start_device(reg, 100, NULL) ||
		    !miyin_register_settle(reg, copies->pdata[0],
					   MIYIN_COPY_PRINTED, 3, "", NULL) ||
		    !miyin_register_void(reg, copies->pdata[1], "", NULL) ||
		    !miyin_register_claim(reg, copies->pdata[2], 101, NULL) ||
		    !miyin_register_settle(reg, copies->pdata[2],
					   MIYIN_COPY_PARTIAL, 1, "", NULL))
			_exit(1);
		g_ptr_array_unref(copies);
		miyin_register_close(reg);
	}
}

START_TEST(killed)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(6);

	miyin_register_close(open_register());
	for (int round = 0; round < N_KILLS; round++) {
		g_autoptr(miyin_register) reg = NULL;
		int status, ends[2];
		pid_t child;
		char told;

		ck_assert_int_eq(pipe(ends), 0);
		child = fork();
		if (child == 0)
			print_for_ever(round, ends[1]);
		close(ends[1]);
		/* On a busy machine a fixed time may be over too soon. */
		ck_assert_int_eq(read(ends[0], &told, 1), 1);
		close(ends[0]);
		g_usleep(g_rand_int_range(rand, 5000, 120000));
		ck_assert_int_eq(kill(child, SIGKILL), 0);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert(WIFSIGNALED(status));
		assert_sound();
		reg = open_register();
		ck_assert(miyin_register_recover(reg, NULL, NULL));
		ck_assert_int_eq(get_number("SELECT count(*) FROM copies WHERE"
					    " state IN ('reserved',"
					    " 'sending')"), 0);
		assert_sound();
	}
	/* It did get somewhere, and was hit in the middle. */
	ck_assert_int_gt(get_number("SELECT count(*) FROM copies"), N_KILLS);
	ck_assert_int_gt(get_number("SELECT count(*) FROM events WHERE event IN"
				    " ('void', 'doubt') AND detail <> ''"), 0);
}
END_TEST

/* ---- files that cannot be --------------------------------------------- */

static void assert_not_opened(const char *file, gboolean create,
			      const char *word)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_register_open(file, create, &error));
	ck_assert_msg(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM),
		      "%s", error->message);
	ck_assert_msg(strstr(error->message, word) != NULL, "%s",
		      error->message);
}

START_TEST(missing_file)
{
	assert_not_opened(path, FALSE, "does not exist");
	ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(missing_folder)
{
	g_autofree char *nowhere = g_build_filename(dir, "no", "a.db", NULL);

	assert_not_opened(nowhere, TRUE, nowhere);
}
END_TEST

START_TEST(empty_file)
{
	ck_assert(g_file_set_contents(path, "", 0, NULL));
	assert_not_opened(path, FALSE, "version");
}
END_TEST

START_TEST(other_file)
{
	ck_assert(g_file_set_contents(path, "no database, by far: it is a text"
				      " of more than a hundred bytes, so that"
				      " its head cannot be one, and no other",
				      -1, NULL));
	assert_not_opened(path, TRUE, "register");
}
END_TEST

static const char *const strange[] = {
	"PRAGMA user_version = 2",
	"PRAGMA user_version = -1",
	"PRAGMA application_id = 7; CREATE TABLE a(b)",
	"CREATE TABLE documents(a)",
};

START_TEST(other_database)
{
	sqlite3 *db;
	g_autoptr(GError) error = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, strange[_i], NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	assert_not_opened(path, TRUE, "register");
	assert_not_opened(path, FALSE, "register");
}
END_TEST

START_TEST(mode_of_new_file)
{
	GStatBuf status;

	miyin_register_close(open_register());
	ck_assert_int_eq(g_stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0600);
}
END_TEST

/* root may write anywhere, so as nobody. */
static int run_as_nobody(int (*func)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(99);
		_exit(func());
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int create_it(void)
{
	g_autoptr(GError) error = NULL;

	if (miyin_register_open(path, TRUE, &error))
		return 1;
	if (!g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM))
		return 2;
	return strstr(error->message, path) ? 0 : 3;
}

static int write_it(void)
{
	g_autoptr(GError) error = NULL;
	const miyin_request request = new_request("job-1", 1, 1);
	GPtrArray *copies = NULL;
	miyin_register *reg = miyin_register_open(path, FALSE, &error);

	if (reg && miyin_register_issue(reg, &request, &copies, &error))
		return 1;
	if (!g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM))
		return 2;
	return strstr(error->message, "register") ? 0 : 3;
}

START_TEST(read_only_folder)
{
	ck_assert_int_eq(g_chmod(dir, 0555), 0);
	ck_assert_int_eq(run_as_nobody(create_it), 0);
	ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(read_only_file)
{
	miyin_register_close(open_register());
	ck_assert_int_eq(g_chmod(path, 0444), 0);
	ck_assert_int_eq(g_chmod(dir, 0555), 0);
	ck_assert_int_eq(run_as_nobody(write_it), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 0);
}
END_TEST

START_TEST(file_of_another)
{
	miyin_register_close(open_register());
	ck_assert_int_eq(g_chmod(dir, 0777), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(run_as_nobody(write_it), 0);
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 0);
}
END_TEST

/* ---- the lot ---------------------------------------------------------- */

static TCase *new_tcase(Suite *suite, const char *name, int timeout_s)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, timeout_s);
	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static void add_job_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "job", 20);

	tcase_add_test(tcase, issues);
	tcase_add_test(tcase, prints);
	tcase_add_test(tcase, says_how_verified);
	tcase_add_test(tcase, limit_over_several_jobs);
	tcase_add_test(tcase, limit_zero);
	tcase_add_test(tcase, limit_lowered);
	tcase_add_test(tcase, void_gives_back);
	tcase_add_test(tcase, second_run);
	tcase_add_test(tcase, second_run_over_limit);
	tcase_add_test(tcase, reprint_is_foreseen);
	tcase_add_test(tcase, second_document);
	tcase_add_loop_test(tcase, which_document, 0,
			    G_N_ELEMENTS(identities));
	tcase_add_test(tcase, level_lowered);
	tcase_add_test(tcase, level_raised);
	tcase_add_test(tcase, claim_twice);
	tcase_add_test(tcase, out_of_order);
	tcase_add_test(tcase, device_starts_once);
	tcase_add_test(tcase, never_started);
	tcase_add_test(tcase, counts);
	tcase_add_test(tcase, counts_nothing_unread);
	tcase_add_loop_test(tcase, nothing_by_half, 0, G_N_ELEMENTS(faults));
	tcase_add_loop_test(tcase, any_text, 0, G_N_ELEMENTS(texts));
	tcase_add_loop_test(tcase, append_only, 0, G_N_ELEMENTS(forbidden));
}

static void add_reading_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "reading", 20);

	tcase_add_loop_test(tcase, finds_copies, 0, G_N_ELEMENTS(names));
	tcase_add_test(tcase, finds_one_copy);
	tcase_add_loop_test(tcase, log_filter, 0, G_N_ELEMENTS(filters));
	tcase_add_test(tcase, log_stops);
	tcase_add_loop_test(tcase, refuses, 0, 2);
}

static void add_crash_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "crash", 300);

	tcase_add_test(tcase, recovers_the_dead);
	tcase_add_test(tcase, recovers_what_never_started);
	tcase_add_test(tcase, recovered_cannot_be_claimed);
	tcase_add_test(tcase, lock_waits_for_the_one_before);
	tcase_add_test(tcase, lock_leaves_nothing);
	tcase_add_loop_test(tcase, race_for_the_last_copy, 0,
			    G_N_ELEMENTS(races));
	tcase_add_test(tcase, race_to_create);
	tcase_add_test(tcase, killed);
}

static void add_file_cases(Suite *suite)
{
	TCase *tcase = new_tcase(suite, "file", 20);

	tcase_add_test(tcase, missing_file);
	tcase_add_test(tcase, missing_folder);
	tcase_add_test(tcase, empty_file);
	tcase_add_test(tcase, other_file);
	tcase_add_loop_test(tcase, other_database, 0, G_N_ELEMENTS(strange));
	tcase_add_test(tcase, mode_of_new_file);
	tcase_add_test(tcase, read_only_folder);
	tcase_add_test(tcase, read_only_file);
	tcase_add_test(tcase, file_of_another);
}

int main(void)
{
	Suite *suite = suite_create("register");
	SRunner *runner;
	int n_failed;

	add_job_cases(suite);
	add_reading_cases(suite);
	add_crash_cases(suite);
	add_file_cases(suite);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

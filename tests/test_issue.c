/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who gets a copy: a job's copies from issue to settled, the limit of the
 * document over jobs and second runs, which document a content is, and what a
 * refusal enters.
 */
#include "register-file.h"
#include <miyin/refusal.h>
#include <string.h>

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
	/* Whoever else has a copy is not his business. */
	ck_assert_ptr_null(strstr(error->message, "张三"));
	ck_assert_ptr_null(strstr(error->message, "李四"));
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
				    " job_id = 7 AND pages = 3"),
			 3);
	assert_sound();
}
END_TEST

START_TEST(prints)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "job-1", 3, 3);
	static const miyin_copy_state ends[] = { MIYIN_COPY_PRINTED,
						 MIYIN_COPY_PARTIAL,
						 MIYIN_COPY_DOUBT };

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
				    " detail = 'said the device'"),
			 1);
	ck_assert_int_eq(get_number("SELECT count(*) FROM events WHERE"
				    " event IN ('partial', 'doubt') AND"
				    " result = 'failed'"),
			 2);
	assert_sound();
}
END_TEST

/* ---- the limit -------------------------------------------------------- */

START_TEST(limit_over_several_jobs)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = issue(reg, "job-1", 2, 3), last = NULL;
	miyin_request request = new_request("job-2", 2, 3);

	/* "... that 秘密 allows of this document is 3, with 1 left" */
	assert_not_issued(reg, &request, MIYIN_REFUSAL_OVER_LIMIT,
			  (const char *const[]){ "秘密", " 3,", " 1 ", NULL });
	ck_assert_int_eq(get_number("SELECT used FROM documents"), 2);
	ck_assert_int_eq(get_number("SELECT count(*) FROM jobs"), 1);
	last = issue(reg, "job-2", 1, 3);
	ck_assert_uint_eq(((miyin_copy *)last->pdata[0])->serial, 3);
	request = new_request("job-3", 1, 3);
	assert_not_issued(reg, &request, MIYIN_REFUSAL_OVER_LIMIT,
			  (const char *const[]){ " 0 ", NULL });
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
			  (const char *const[]){ " 1,", " 0 ", NULL });
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

/* The scheduler's numbers begin again, and the client said the old uuid. */
START_TEST(another_job_of_that_name)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(GPtrArray) first = issue(reg, "job-1", 1, 9), again = NULL;
	miyin_request request = new_request("job-1", 1, 9);
	const miyin_request itself = request;

	switch (_i) {
	case 0:
		request.user = "somebody";
		break;
	case 1:
		request.content_hash = HASH_C;
		break;
	default:
		request.level = "neibu";
		request.level_rank = 0;
	}
	request.n_copies = 2;
	ck_assert(!miyin_register_issue(reg, &request, &again, NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 1);
	ck_assert(miyin_register_issue(reg, &itself, &again, NULL));
	assert_sound();
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
			  (const char *const[]){ "内部", NULL });
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
			  (const char *const[]){ "秘密", NULL });
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
			  (const char *const[]){ "秘密", NULL });
	assert_sound();
}
END_TEST

/* ---- a refusal -------------------------------------------------------- */

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
	const miyin_filter all = { NULL };

	ck_assert(miyin_register_refuse(reg, request, "no-level", "why", NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM events"), 1);
	ck_assert(miyin_register_log(reg, &all, see_refusal, (gpointer)request,
				     NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM jobs"), 0);
}
END_TEST

/* ---- the lot ---------------------------------------------------------- */

int main(void)
{
	Suite *suite = suite_create("issue");
	TCase *tcase = new_tcase(suite, "job", 20);

	tcase_add_test(tcase, issues);
	tcase_add_test(tcase, prints);
	tcase_add_test(tcase, limit_over_several_jobs);
	tcase_add_test(tcase, limit_zero);
	tcase_add_test(tcase, limit_lowered);
	tcase_add_test(tcase, void_gives_back);
	tcase_add_test(tcase, second_run);
	tcase_add_test(tcase, second_run_over_limit);
	tcase_add_test(tcase, reprint_is_foreseen);
	tcase_add_loop_test(tcase, another_job_of_that_name, 0, 3);
	tcase_add_test(tcase, second_document);
	tcase_add_loop_test(tcase, which_document, 0, G_N_ELEMENTS(identities));
	tcase_add_test(tcase, level_lowered);
	tcase_add_test(tcase, level_raised);
	tcase_add_loop_test(tcase, refuses, 0, 2);
	return run_suite(suite);
}

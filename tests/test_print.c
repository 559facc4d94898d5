/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The copies of a job with one that waits behind another, on a device that does
 * what a real one does seldom: the register is real, the copies are made
 * already, and the delivery is a table of functions written here.
 */
#include "register-file.h"
#include <miyin/memfile.h>
#include <miyin/print.h>
#include <miyin/refusal.h>

enum { N_COPIES = 4, FIRST_JOB = 101 };

typedef enum {
	ALL_IS_WELL,
	NOT_SENT, /* the second, ahead */
	NO_ROOM,  /* for a job ahead */
	ABORTED,  /* the first, before its device was reached */
	IN_PART,  /* the first, while the second waits */
} misfortune;

static const struct {
	misfortune what;
	const char *states,
		*calls; /* c: create, s: send, x: cancel, f: follow */
	unsigned printed, unclear;
	int refusal; /* -1: none */
} runs[] = {
	{ ALL_IS_WELL, "printed printed printed printed",
	  "c1 s1 f1 c2 s2 f2 c3 s3 f3 c4 s4 f4 ", 4, 0, -1 },
	{ NOT_SENT, "printed void void void", "c1 s1 f1 c2 s2 x2 ", 1, 0,
	  MIYIN_REFUSAL_SERVER },
	{ NO_ROOM, "printed printed printed printed",
	  "c1 s1 f1 c2 s2 f2 c3 s3 f3 c4 s4 f4 ", 4, 0, -1 },
	{ ABORTED, "void void void void", "c1 s1 f1 ", 0, 0,
	  MIYIN_REFUSAL_DEVICE },
	{ IN_PART, "partial void void void", "c1 s1 f1 c2 s2 x2 f2 ", 0, 1,
	  MIYIN_REFUSAL_DEVICE },
};

static misfortune now;
static miyin_printing printing;
static GPtrArray *copies;
static GString *calls;
static int last_job;
static volatile sig_atomic_t stop;

static void call(char what, int job)
{
	g_string_append_printf(calls, "%c%d ", what, job - FIRST_JOB + 1);
}

/* ---- what is made ahead ----------------------------------------------------- */

static gboolean is_made(const miyin_copy *copy)
{
	for (unsigned i = 0; i < MIYIN_AHEAD_MAX; i++)
		if (printing.ahead[i].copy == copy)
			return TRUE;
	return copy->state != MIYIN_COPY_RESERVED;
}

/* As if the next copies had been made while this one prints. */
static void make_next(void)
{
	const unsigned n = MIN(g_get_num_processors(), MIYIN_AHEAD_MAX);

	for (unsigned i = 0, k = 0; i < n; i++) {
		while (k < copies->len && is_made(copies->pdata[k]))
			k++;
		if (!printing.ahead[i].copy && k < copies->len)
			printing.ahead[i] = (miyin_making){
				copies->pdata[k],
				g_array_new(FALSE, FALSE, sizeof(unsigned)), 0,
				TRUE, miyin_memfile_new("made", NULL)
			};
	}
}

/* ---- the device ---------------------------------------------------------- */

static int create(miyin_delivery *delivery, const miyin_frame *frame,
		  miyin_delivery_func func, gpointer data, GError **error)
{
	(void)delivery;
	(void)frame;
	(void)data;
	if (now == NO_ROOM && !func) {
		miyin_fail(error, MIYIN_ERROR_BUSY, "too many jobs");
		return 0;
	}
	call('c', ++last_job);
	return last_job;
}

static gboolean send_it(miyin_delivery *delivery, int job, int pdf_fd,
			GError **error)
{
	(void)delivery;
	(void)pdf_fd;
	call('s', job);
	return now != NOT_SENT || job == FIRST_JOB ||
	       miyin_fail(error, MIYIN_ERROR_SYSTEM, "the connection broke");
}

static void cancel(miyin_delivery *delivery, int job)
{
	(void)delivery;
	call('x', job);
}

static void forget(miyin_delivery *delivery, int job)
{
	(void)delivery;
	(void)job;
}

static miyin_stop why(miyin_delivery *delivery, const char *gate, int gate_job,
		      gint64 alive, unsigned *limit_s)
{
	(void)delivery;
	(void)gate;
	(void)gate_job;
	(void)alive;
	(void)limit_s;
	return MIYIN_STOP_LEFT;
}

static void print(int job, miyin_device_end end)
{
	const miyin_device_record record = {
		.end = end, .reached = TRUE, .bytes = 1000, .pages = 3
	};

	ck_assert(miyin_register_start_device(printing.reg, job, NULL));
	ck_assert(miyin_register_end_device(printing.reg, job, &record, NULL));
}

static gboolean is_canceled(int job)
{
	g_autofree char *told = g_strdup_printf("x%d ", job - FIRST_JOB + 1);

	return strstr(calls->str, told) != NULL;
}

static miyin_delivered follow(miyin_delivery *delivery, int job,
			      miyin_delivery_func func, gpointer data)
{
	const misfortune what = job == FIRST_JOB ? now : ALL_IS_WELL;

	(void)delivery;
	call('f', job);
	make_next();
	if (what != ABORTED && !is_canceled(job)) {
		func(1, "", "none", data);
		print(job, what == IN_PART ? MIYIN_DEVICE_KILLED
					   : MIYIN_DEVICE_DONE);
	}
	func(1, "", NULL, data);
	return (miyin_delivered){ MIYIN_DELIVERY_OVER, 0, g_strdup("jam") };
}

static miyin_delivery delivery = {
	create, send_it, follow, cancel, forget, why
};

/* ---- who is told --------------------------------------------------------- */

static void hear(const char *text)
{
	(void)text;
}

static void count(unsigned pages)
{
	ck_assert_uint_le(pages, 3 * N_COPIES);
}

static gboolean keep(char **shown, const char *reasons)
{
	(void)shown;
	(void)reasons;
	return FALSE;
}

static gboolean is_read(void)
{
	return TRUE;
}

static const miyin_status status = { hear, hear, hear, count, keep, is_read };

/* ---- the job ------------------------------------------------------------- */

static char *list_states(void)
{
	GString *states = g_string_new(NULL);

	for (unsigned i = 0; i < copies->len; i++) {
		const miyin_copy *copy = copies->pdata[i];

		g_string_append_printf(states, "%s%s", i > 0 ? " " : "",
				       miyin_copy_state_id(copy->state));
	}
	return g_string_free(states, FALSE);
}

START_TEST(one_waits_behind)
{
	miyin_limits limits = { .verify = MIYIN_VERIFY_STRUCTURAL };
	g_autoptr(miyin_policy) policy = NULL;
	g_autoptr(GPtrArray) documents = g_ptr_array_new();
	miyin_document document = { .limits = &limits };
	miyin_job job = { .status = &status, .documents = documents };
	g_autoptr(GError) error = NULL;
	g_autofree char *states = NULL;

	now = runs[_i].what;
	last_job = FIRST_JOB - 1;
	calls = g_string_new(NULL);
	printing = (miyin_printing){ .job = &job,
				     .reg = open_register(),
				     .delivery = &delivery,
				     .stop = &stop };
	copies = issue(printing.reg, "job-1", N_COPIES, 9);
	document.copies = copies;
	document.request = new_request("job-1", N_COPIES, 9);
	g_ptr_array_add(documents, &document);
	policy = miyin_policy_open("samples/policies/default.conf", NULL);
	job.policy = policy;
	make_next();
	miyin_print_run(&printing, &error);
	states = list_states();
	ck_assert_str_eq(states, runs[_i].states);
	ck_assert_str_eq(calls->str, runs[_i].calls);
	ck_assert_uint_eq(printing.outcome.printed, runs[_i].printed);
	ck_assert_uint_eq(printing.outcome.unclear, runs[_i].unclear);
	ck_assert_int_eq(error ? error->code : -1, runs[_i].refusal);
	g_string_free(calls, TRUE);
	g_ptr_array_unref(copies);
	miyin_register_close(printing.reg);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("print");
	TCase *tcase = new_tcase(suite, "print", 20);

	tcase_add_loop_test(tcase, one_waits_behind, 0, G_N_ELEMENTS(runs));
	return run_suite(suite);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dossier.h"
#include "entries.h"
#include "health.h"
#include "jobcopies.h"
#include "ledger.h"
#include "work.h"
#include <miyin/crockford.h>
#include <miyin/error.h>
#include <miyin/refusal.h>
#include <glib/gi18n.h>
#include <openssl/rand.h>

static int by_copy_no(gconstpointer a, gconstpointer b)
{
	const miyin_copy *const *left = a, *const *right = b;

	return (int)(*left)->copy_no - (int)(*right)->copy_no;
}

static gboolean add_job(miyin_register *reg, const miyin_request *request,
			miyin_dossier *dossier, GError **error)
{
	g_autofree char *now = miyin_entries_now();
	const char *identity = request->identity;

	return miyin_ledger_insert(
		reg, "jobs",
		VALUES(TEXT("uuid", request->job_uuid),
		       NUMBER("document_no", request->document_no),
		       NUMBER("document", dossier->id),
		       TEXT("content_hash", request->content_hash),
		       TEXT("identity", identity ? identity : ""),
		       NUMBER("job_id", request->job_id),
		       TEXT("user", request->user), NUMBER("uid", request->uid),
		       TEXT("host", request->host),
		       TEXT("printer", request->printer),
		       TEXT("title", request->title),
		       TEXT("scheme", request->scheme),
		       TEXT("level", request->level),
		       TEXT("period", request->period),
		       NUMBER("pages", request->pages),
		       NUMBER("n_copies", request->n_copies),
		       TEXT("server", reg->server), TEXT("at", now)),
		&dossier->job, error);
}

/* Who has the others is for the officer. */
static gboolean refuse_over_limit(miyin_register *reg,
				  const miyin_request *request,
				  const miyin_dossier *dossier, GError **error)
{
	g_autoptr(GString) why = g_string_new("copies are with");
	const unsigned limit = request->copies_per_document;
	g_autofree char *allowed = g_strdup_printf("%u", limit);
	g_autofree char *left = NULL;
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT holder, count(*) AS n FROM copies WHERE"
		" document = :document AND state <> 'void' GROUP BY holder"
		" ORDER BY min(serial)",
		VALUES(NUMBER("document", dossier->id)), error);
	unsigned used = 0;

	while (miyin_rows_next(row)) {
		const unsigned n = (unsigned)miyin_rows_number(row, "n");

		g_string_append_printf(why, "%s %s (%u)", used > 0 ? "," : "",
				       miyin_rows_text(row, "holder"), n);
		used += n;
	}
	if (!miyin_rows_end(row, error))
		return FALSE;
	if (used > 0)
		reg->why = g_string_free(g_steal_pointer(&why), FALSE);
	left = g_strdup_printf("%u", limit > used ? limit - used : 0);
	return miyin_refuse_for(error, MIYIN_REFUSAL_OVER_LIMIT,
				request->level_text, allowed, left);
}

/* The race for the last copy is decided by this one UPDATE. */
static gboolean take_budget(miyin_register *reg, const miyin_request *request,
			    miyin_dossier *dossier, unsigned n, GError **error)
{
	gint64 last;
	int changes;

	if (!miyin_store_run(
		    reg,
		    "UPDATE documents SET used = used + :n,"
		    " last_serial = last_serial + :n WHERE id = :document"
		    " AND used + :n <= :limit",
		    VALUES(NUMBER("n", n), NUMBER("document", dossier->id),
			   NUMBER("limit", request->copies_per_document)),
		    &changes, error))
		return FALSE;
	miyin_ledger_touch(reg, "documents", dossier->id);
	if (changes != 1)
		return refuse_over_limit(reg, request, dossier, error);
	if (!miyin_store_number(
		    reg,
		    "SELECT last_serial FROM documents WHERE id = :document",
		    VALUES(NUMBER("document", dossier->id)), &last, error))
		return FALSE;
	dossier->last_serial = (unsigned)last - n;
	return TRUE;
}

/* Random, so that a code on paper tells neither volume nor neighbours. */
static gboolean new_copy_id(miyin_register *reg, guint64 *copy_id,
			    GError **error)
{
	gint64 taken = 1;

	while (taken) {
		unsigned char random[5];

		if (RAND_bytes(random, sizeof(random)) != 1)
			return miyin_fail(
				error, MIYIN_ERROR_SYSTEM,
				_("No random numbers for a copy id."));
		*copy_id = 0;
		for (int i = 0; i < 5; i++)
			*copy_id = *copy_id << 8 | random[i];
		if (!miyin_store_number(
			    reg,
			    "SELECT count(*) FROM copies WHERE copy_id = :id",
			    VALUES(NUMBER("id", *copy_id)), &taken, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean add_copy(miyin_register *reg, const miyin_request *request,
			 miyin_dossier *dossier, unsigned copy_no,
			 GPtrArray *copies, GError **error)
{
	g_autofree char *now = miyin_entries_now();
	g_autoptr(miyin_copy) copy = g_new0(miyin_copy, 1);
	const miyin_event issued = { .event = "issue",
				     .result = "ok",
				     .pages = request->pages,
				     .detail = request->detail };
	char code[9] = "";

	if (!new_copy_id(reg, &copy->copy_id, error))
		return FALSE;
	for (int i = 0; i < 8; i++)
		code[i] = miyin_crockford_char(copy->copy_id >> (35 - 5 * i) &
					       31);
	copy->serial = ++dossier->last_serial;
	copy->copy_no = copy_no;
	copy->holder = g_strdup(request->holders[copy_no - 1]);
	copy->state = MIYIN_COPY_RESERVED;
	if (!miyin_ledger_insert(
		    reg, "copies",
		    VALUES(NUMBER("copy_id", copy->copy_id),
			   TEXT("copy_code", code),
			   NUMBER("document", dossier->id),
			   NUMBER("job", dossier->job),
			   NUMBER("copy_no", copy_no),
			   NUMBER("serial", copy->serial),
			   TEXT("holder", copy->holder),
			   TEXT("state", miyin_copy_state_id(copy->state)),
			   TEXT("issued_at", now)),
		    &copy->row, error) ||
	    !miyin_entries_add_step(reg, copy->row, &issued, error))
		return FALSE;
	g_ptr_array_add(copies, g_steal_pointer(&copy));
	return TRUE;
}

/* The first serial of the document that an earlier job has. */
static gboolean find_original(miyin_register *reg, const miyin_dossier *dossier,
			      GPtrArray *copies, GError **error)
{
	gint64 serial;

	if (!miyin_store_number(
		    reg,
		    "SELECT coalesce(min(serial), 0) FROM copies WHERE"
		    " document = :document AND job < :job AND state <> 'void'",
		    VALUES(NUMBER("document", dossier->id),
			   NUMBER("job", dossier->job)),
		    &serial, error))
		return FALSE;
	for (unsigned i = 0; i < copies->len; i++)
		((miyin_copy *)copies->pdata[i])->original = (unsigned)serial;
	return TRUE;
}

typedef struct {
	const miyin_request *request;
	GPtrArray *copies; /* miyin_copy */
} issuing;

static gboolean issue(miyin_register *reg, gpointer data, GError **error)
{
	const miyin_request *request = ((issuing *)data)->request;
	GPtrArray *copies = ((issuing *)data)->copies;
	g_autofree gboolean *has = g_new0(gboolean, request->n_copies + 1);
	unsigned n_new = request->n_copies;
	miyin_dossier dossier;

	g_ptr_array_set_size(copies, 0);
	if (!miyin_register_is_whole(reg, error) ||
	    !miyin_dossier_find(reg, request, &dossier, error))
		return FALSE;
	if (dossier.job == 0) {
		if (!miyin_dossier_enter(reg, request, &dossier, error) ||
		    !add_job(reg, request, &dossier, error) ||
		    !miyin_dossier_enter_content(reg, request, &dossier, error))
			return FALSE;
	} else if (!miyin_jobcopies_find(reg, dossier.job, copies, error)) {
		return FALSE;
	}
	for (unsigned i = 0; i < copies->len; i++) {
		const miyin_copy *copy = copies->pdata[i];

		if (copy->copy_no <= request->n_copies) {
			has[copy->copy_no] = TRUE;
			n_new--;
		}
	}
	if (n_new > 0 && !take_budget(reg, request, &dossier, n_new, error))
		return FALSE;
	for (unsigned no = 1; no <= request->n_copies; no++)
		if (!has[no] &&
		    !add_copy(reg, request, &dossier, no, copies, error))
			return FALSE;
	return miyin_health_enter_key(reg, error) &&
	       find_original(reg, &dossier, copies, error);
}

/* Earlier than this job: a second run of it sees what the first one saw. */
gboolean miyin_register_is_reprint(miyin_register *reg,
				   const miyin_request *request,
				   gboolean *reprint, GError **error)
{
	miyin_dossier dossier;
	gint64 number;

	if (!miyin_dossier_find(reg, request, &dossier, error) ||
	    !miyin_store_number(reg,
				"SELECT EXISTS(SELECT 1 FROM copies WHERE"
				" document = :document AND state <> 'void' AND"
				" (:job = 0 OR job < :job))",
				VALUES(NUMBER("document", dossier.id),
				       NUMBER("job", dossier.job)),
				&number, error))
		return FALSE;
	*reprint = number != 0;
	return TRUE;
}

gboolean miyin_register_issue(miyin_register *reg, const miyin_request *request,
			      GPtrArray **out, GError **error)
{
	g_autoptr(GPtrArray) copies =
		g_ptr_array_new_with_free_func((GDestroyNotify)miyin_copy_free);
	issuing wanted = { request, copies };

	if (!miyin_work_do(reg, issue, &wanted, error))
		return FALSE;
	g_ptr_array_sort(copies, by_copy_no);
	*out = g_steal_pointer(&copies);
	return TRUE;
}

static gboolean enter_refusal(miyin_register *reg, gpointer event,
			      GError **error)
{
	return miyin_entries_add(reg, event, error);
}

gboolean miyin_register_refuse(miyin_register *reg,
			       const miyin_request *request, const char *reason,
			       const char *detail, GError **error)
{
	g_autofree char *why = g_steal_pointer(&reg->why);
	g_autofree char *both =
		why ? g_strdup_printf("%s [%s]", detail, why) : NULL;
	miyin_event event = miyin_entries_of(request);

	event.event = "refuse";
	event.result = "refused";
	event.reason = reason;
	event.detail = both ? both : detail;
	return miyin_work_must(reg, enter_refusal, &event, error);
}

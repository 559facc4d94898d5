/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dossier.h"
#include <miyin/crockford.h>
#include <miyin/custody.h>
#include <miyin/error.h>
#include <miyin/refusal.h>
#include <glib/gi18n.h>
#include <openssl/rand.h>

void miyin_copy_free(miyin_copy *copy)
{
	if (!copy)
		return;
	g_free(copy->holder);
	g_free(copy->verified);
	g_free(copy);
}

static int by_copy_no(gconstpointer a, gconstpointer b)
{
	const miyin_copy *const *left = a, *const *right = b;

	return (int)(*left)->copy_no - (int)(*right)->copy_no;
}

static gboolean add_job(miyin_register *reg, const miyin_request *request,
			miyin_dossier *dossier, GError **error)
{
	g_autofree char *now = miyin_store_now();
	const char *identity = request->identity;

	if (!miyin_store_run(reg, NULL, error,
			     "INSERT INTO jobs(uuid, document_no, document,"
			     " content_hash, identity, job_id, user, uid, host,"
			     " printer, title, scheme, level, period, pages,"
			     " n_copies, at)"
			     " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
			     "silssisissssssiis", request->job_uuid,
			     (int)request->document_no, dossier->id,
			     request->content_hash, identity ? identity : "",
			     request->job_id, request->user, request->uid,
			     request->host, request->printer, request->title,
			     request->scheme, request->level, request->period,
			     (int)request->pages, (int)request->n_copies, now))
		return FALSE;
	dossier->job = sqlite3_last_insert_rowid(reg->db);
	return TRUE;
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
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT holder, count(*) FROM copies WHERE document = ? AND"
		" state <> 'void' GROUP BY holder ORDER BY min(serial)",
		"l", dossier->id);
	unsigned used = 0;
	gboolean row;

	while (statement && miyin_store_step(reg, statement, &row, error)) {
		unsigned n = row ? sqlite3_column_int(statement, 1) : 0;

		if (row) {
			g_string_append_printf(
				why, "%s %s (%u)", used > 0 ? "," : "",
				miyin_store_text(statement, 0), n);
			used += n;
			continue;
		}
		if (used > 0)
			reg->why = g_string_free(g_steal_pointer(&why), FALSE);
		left = g_strdup_printf("%u", limit > used ? limit - used : 0);
		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_OVER_LIMIT,
						      request->level_text,
						      allowed, left));
	}
	return FALSE;
}

/* The race for the last copy is decided by this one UPDATE. */
static gboolean take_budget(miyin_register *reg, const miyin_request *request,
			    miyin_dossier *dossier, unsigned n, GError **error)
{
	gint64 last;
	int changes;

	if (!miyin_store_run(reg, &changes, error,
			     "UPDATE documents SET used = used + ?,"
			     " last_serial = last_serial + ? WHERE id = ?"
			     " AND used + ? <= ?",
			     "iilii", (int)n, (int)n, dossier->id, (int)n,
			     (int)request->copies_per_document))
		return FALSE;
	if (changes != 1)
		return refuse_over_limit(reg, request, dossier, error);
	if (!miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT last_serial FROM documents"
				       " WHERE id = ?",
				       "l", dossier->id),
		    &last, error))
		return FALSE;
	dossier->last_serial = (unsigned)last - n;
	return TRUE;
}

static miyin_copy *read_copy(sqlite3_stmt *row)
{
	miyin_copy *copy = g_new0(miyin_copy, 1);

	copy->row = sqlite3_column_int64(row, 0);
	copy->copy_id = (guint64)sqlite3_column_int64(row, 1);
	copy->serial = (unsigned)sqlite3_column_int(row, 2);
	copy->copy_no = (unsigned)sqlite3_column_int(row, 3);
	copy->holder = g_strdup(miyin_store_text(row, 4));
	copy->state = miyin_copy_state_find(miyin_store_text(row, 5));
	copy->device_job = sqlite3_column_int(row, 6);
	return copy;
}

static gboolean find_copies(miyin_register *reg, gint64 job, GPtrArray *copies,
			    GError **error)
{
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT id, copy_id, serial, copy_no, holder, state,"
		" device_job FROM copies WHERE job = ? AND state <> 'void'",
		"l", job);
	gboolean row;

	if (!statement)
		return FALSE;
	for (;;) {
		if (!miyin_store_step(reg, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		g_ptr_array_add(copies, read_copy(statement));
	}
}

/* Random, so that a code on paper tells neither volume nor neighbours. */
static gboolean new_copy_id(miyin_register *reg, guint64 *copy_id,
			    GError **error)
{
	gint64 taken = 1;

	while (taken) {
		unsigned char random[5];

		if (RAND_bytes(random, sizeof(random)) != 1) {
			g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
				    _("No random numbers for a copy id."));
			return FALSE;
		}
		*copy_id = 0;
		for (int i = 0; i < 5; i++)
			*copy_id = *copy_id << 8 | random[i];
		if (!miyin_store_number(
			    reg,
			    miyin_store_select(reg, error,
					       "SELECT count(*) FROM copies"
					       " WHERE copy_id = ?",
					       "l", (gint64)*copy_id),
			    &taken, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean add_copy(miyin_register *reg, const miyin_request *request,
			 miyin_dossier *dossier, unsigned copy_no,
			 GPtrArray *copies, GError **error)
{
	g_autofree char *now = miyin_store_now();
	g_autoptr(miyin_copy) copy = g_new0(miyin_copy, 1);
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
	if (!miyin_store_run(reg, NULL, error,
			     "INSERT INTO copies(copy_id, copy_code, document,"
			     " job, copy_no, serial, holder, state, issued_at)"
			     " VALUES(?,?,?,?,?,?,?,'reserved',?)",
			     "lslliiss", (gint64)copy->copy_id, code,
			     dossier->id, dossier->job, (int)copy_no,
			     (int)copy->serial, copy->holder, now))
		return FALSE;
	copy->row = sqlite3_last_insert_rowid(reg->db);
	if (!miyin_store_copy_event(reg, copy->row, "issue", "ok",
				    request->pages, request->detail, error))
		return FALSE;
	g_ptr_array_add(copies, g_steal_pointer(&copy));
	return TRUE;
}

static gboolean find_originals(miyin_register *reg, GPtrArray *copies,
			       GError **error)
{
	for (unsigned i = 0; i < copies->len; i++) {
		miyin_copy *copy = copies->pdata[i];
		gint64 serial;

		if (!miyin_store_number(
			    reg,
			    miyin_store_select(
				    reg, error,
				    "SELECT coalesce(min(o.serial), 0) FROM"
				    " copies c JOIN copies o ON o.document ="
				    " c.document AND o.job < c.job AND"
				    " o.state <> 'void' WHERE c.id = ?",
				    "l", copy->row),
			    &serial, error))
			return FALSE;
		copy->original = (unsigned)serial;
	}
	return TRUE;
}

static gboolean issue(miyin_register *reg, const miyin_request *request,
		      GPtrArray *copies, GError **error)
{
	g_autofree gboolean *has = g_new0(gboolean, request->n_copies + 1);
	unsigned n_new = request->n_copies;
	miyin_dossier dossier;

	if (!miyin_register_is_whole(reg, error) ||
	    !miyin_dossier_find(reg, request, &dossier, error))
		return FALSE;
	if (dossier.job == 0) {
		if (!miyin_dossier_enter(reg, request, &dossier, error) ||
		    !add_job(reg, request, &dossier, error) ||
		    !miyin_dossier_enter_content(reg, request, &dossier, error))
			return FALSE;
	} else if (!find_copies(reg, dossier.job, copies, error)) {
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
	return miyin_store_new_key(reg, error) &&
	       find_originals(reg, copies, error);
}

/* Earlier than this job: a second run of it sees what the first one saw. */
gboolean miyin_register_is_reprint(miyin_register *reg,
				   const miyin_request *request,
				   gboolean *reprint, GError **error)
{
	miyin_dossier dossier;
	gint64 number;

	if (!miyin_dossier_find(reg, request, &dossier, error) ||
	    !miyin_store_number(
		    reg,
		    miyin_store_select(
			    reg, error,
			    "SELECT EXISTS(SELECT 1 FROM copies"
			    " WHERE document = ?1 AND state <> 'void'"
			    " AND (?2 = 0 OR job < ?2))",
			    "ll", dossier.id, dossier.job),
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

	if (!miyin_store_begin(reg, error))
		return FALSE;
	if (!issue(reg, request, copies, error)) {
		miyin_store_rollback(reg);
		return FALSE;
	}
	if (!miyin_store_commit(reg, error))
		return FALSE;
	g_ptr_array_sort(copies, by_copy_no);
	*out = g_steal_pointer(&copies);
	return TRUE;
}

gboolean miyin_register_refuse(miyin_register *reg,
			       const miyin_request *request, const char *reason,
			       const char *detail, GError **error)
{
	g_autofree char *why = g_steal_pointer(&reg->why);
	g_autofree char *both =
		why ? g_strdup_printf("%s [%s]", detail, why) : NULL;
	const miyin_event event = {
		.event = "refuse",
		.result = "refused",
		.reason = reason,
		.detail = both ? both : detail,
		.user = request->user,
		.host = request->host,
		.printer = request->printer,
		.job_id = request->job_id,
		.level = request->level,
		.period = request->period,
		.reference = request->reference,
		.title = request->title,
		.pages = request->pages,
	};

	return miyin_store_enter(reg, &event, error);
}

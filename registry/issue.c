/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"
#include <miyin/crockford.h>
#include <miyin/custody.h>
#include <miyin/error.h>
#include <miyin/refusal.h>
#include <openssl/rand.h>

typedef struct {
	gint64 id;
	unsigned last_serial;
} document_row;

static gboolean issue(miyin_register *reg, const miyin_request *request,
		      GPtrArray *copies, GError **error);
static gboolean find_job(miyin_register *reg, const miyin_request *request,
			 gint64 *job, document_row *document, GError **error);
static gboolean find_document(miyin_register *reg,
			      const miyin_request *request,
			      document_row *document, GError **error);
static char *identity_of(const miyin_request *request);
static gboolean select_document(miyin_register *reg, const char *sql,
				const char *key, document_row *document,
				const miyin_request *request, GError **error);
static gboolean add_document(miyin_register *reg, const char *identity,
			     const miyin_request *request,
			     document_row *document, GError **error);
static gboolean add_job(miyin_register *reg, const miyin_request *request,
			const document_row *document, gint64 *job,
			GError **error);
static gboolean take_budget(miyin_register *reg, const miyin_request *request,
			    document_row *document, unsigned n, GError **error);
static gboolean refuse_over_limit(miyin_register *reg,
				  const miyin_request *request,
				  const document_row *document,
				  GError **error);
static gboolean find_copies(miyin_register *reg, gint64 job, GPtrArray *copies,
			    GError **error);
static gboolean add_copy(miyin_register *reg, const miyin_request *request,
			 const document_row *document, gint64 job,
			 unsigned serial, unsigned copy_no, GPtrArray *copies,
			 GError **error);
static gboolean new_copy_id(miyin_register *reg, guint64 *copy_id,
			    GError **error);
static gboolean find_originals(miyin_register *reg, GPtrArray *copies,
			       GError **error);
static int by_copy_no(gconstpointer a, gconstpointer b);
static gboolean change_state(miyin_register *reg, miyin_copy *copy,
			     miyin_act act, unsigned pages_done,
			     const char *detail, GError **error);
static gboolean write_state(miyin_register *reg, const miyin_copy *copy,
			    miyin_act act, miyin_copy_state to,
			    unsigned pages_done, GError **error);

void miyin_copy_free(miyin_copy *copy)
{
	if (!copy)
		return;
	g_free(copy->holder);
	g_free(copy->verified);
	g_free(copy);
}

/* Earlier than this job: a second run of it sees what the first one saw. */
gboolean miyin_register_is_reprint(miyin_register *reg,
				   const miyin_request *request,
				   gboolean *reprint, GError **error)
{
	g_autofree char *identity = identity_of(request);
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT EXISTS(SELECT 1 FROM copies c WHERE c.document IN"
		" (SELECT id FROM documents WHERE identity = ?1 UNION"
		" SELECT document FROM jobs WHERE content_hash = ?2 AND"
		" ?1 NOT LIKE 'ref:%') AND c.state <> 'void' AND"
		" c.job < coalesce((SELECT id FROM jobs WHERE uuid = ?3 AND"
		" document_no = ?4), c.job + 1))",
		"sssi", identity, request->content_hash, request->job_uuid,
		(int)request->document_no);
	gint64 number;

	if (!miyin_store_number(reg, statement, &number, error))
		return FALSE;
	*reprint = number != 0;
	return TRUE;
}

gboolean miyin_register_issue(miyin_register *reg,
			      const miyin_request *request, GPtrArray **out,
			      GError **error)
{
	g_autoptr(GPtrArray) copies = g_ptr_array_new_with_free_func(
		(GDestroyNotify)miyin_copy_free);

	if (!miyin_store_begin(reg, error))
		return FALSE;
	if (!issue(reg, request, copies, error)) {
		miyin_store_rollback(reg);
		return FALSE;
	}
	if (!miyin_store_commit(reg, error) ||
	    !find_originals(reg, copies, error))
		return FALSE;
	g_ptr_array_sort(copies, by_copy_no);
	*out = g_steal_pointer(&copies);
	return TRUE;
}

gboolean miyin_register_claim(miyin_register *reg, miyin_copy *copy,
			      int device_job, GError **error)
{
	int before = copy->device_job;
	g_autofree char *detail =
		copy->verified ? g_strconcat("verified ", copy->verified, NULL)
			       : NULL;

	copy->device_job = device_job;
	if (change_state(reg, copy, MIYIN_ACT_CLAIM, 0, detail, error))
		return TRUE;
	copy->device_job = before;
	return FALSE;
}

gboolean miyin_register_start_device(miyin_register *reg, int device_job,
				     GError **error)
{
	int changes;

	if (!miyin_store_run(reg, &changes, error,
			     "UPDATE copies SET device_started = 1 WHERE"
			     " device_job = ? AND state = 'sending' AND"
			     " device_started = 0", "i", device_job))
		return FALSE;
	if (changes != 1) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    "The register has no copy that this job may "
			    "print.");
		return FALSE;
	}
	return TRUE;
}

gboolean miyin_register_settle(miyin_register *reg, miyin_copy *copy,
			       miyin_copy_state state, unsigned pages_done,
			       const char *detail, GError **error)
{
	int act = miyin_custody_act(state);

	if (act < 0 || act == MIYIN_ACT_CLAIM || act == MIYIN_ACT_VOID) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    "A copy cannot be settled as %s.",
			    miyin_copy_state_id(state));
		return FALSE;
	}
	return change_state(reg, copy, act, pages_done, detail, error);
}

gboolean miyin_register_void(miyin_register *reg, miyin_copy *copy,
			     const char *detail, GError **error)
{
	return change_state(reg, copy,
			    copy->state == MIYIN_COPY_SENDING
				    ? MIYIN_ACT_UNSENT
				    : MIYIN_ACT_VOID,
			    0, detail, error);
}

gboolean miyin_register_refuse(miyin_register *reg,
			       const miyin_request *request,
			       const char *reason, const char *detail,
			       GError **error)
{
	const miyin_event event = {
		.event = "refuse",
		.result = "refused",
		.reason = reason,
		.detail = detail,
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

	return miyin_store_event(reg, &event, error);
}

static gboolean issue(miyin_register *reg, const miyin_request *request,
		      GPtrArray *copies, GError **error)
{
	document_row document = { 0, 0 };
	g_autofree gboolean *has = g_new0(gboolean, request->n_copies + 1);
	unsigned n_new = request->n_copies;
	gint64 job = 0;

	if (!find_job(reg, request, &job, &document, error))
		return FALSE;
	if (job == 0) {
		if (!find_document(reg, request, &document, error) ||
		    !add_job(reg, request, &document, &job, error))
			return FALSE;
	} else if (!find_copies(reg, job, copies, error)) {
		return FALSE;
	}
	for (unsigned i = 0; i < copies->len; i++) {
		const miyin_copy *copy = copies->pdata[i];

		if (copy->copy_no <= request->n_copies) {
			has[copy->copy_no] = TRUE;
			n_new--;
		}
	}
	if (n_new > 0 && !take_budget(reg, request, &document, n_new, error))
		return FALSE;
	for (unsigned no = 1; no <= request->n_copies; no++)
		if (!has[no] &&
		    !add_copy(reg, request, &document, job,
			      ++document.last_serial, no, copies, error))
			return FALSE;
	return TRUE;
}

/* *job stays 0 when this is the first run. */
static gboolean find_job(miyin_register *reg, const miyin_request *request,
			 gint64 *job, document_row *document, GError **error)
{
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT id, document FROM jobs WHERE uuid = ? AND"
		" document_no = ?", "si", request->job_uuid,
		(int)request->document_no);

	if (!statement)
		return FALSE;
	if (sqlite3_step(statement) == SQLITE_ROW) {
		*job = sqlite3_column_int64(statement, 0);
		document->id = sqlite3_column_int64(statement, 1);
	}
	sqlite3_finalize(statement);
	return TRUE;
}

/*
 * A document is its reference, else its content. A text first printed under a
 * reference stays that document when it is printed again without one: the
 * limit would else be twice as high.
 */
static gboolean find_document(miyin_register *reg,
			      const miyin_request *request,
			      document_row *document, GError **error)
{
	gboolean named = request->reference && *request->reference;
	g_autofree char *identity = identity_of(request);

	if (!select_document(reg,
			     "SELECT id, last_serial, level_rank, level_text"
			     " FROM documents WHERE identity = ?",
			     identity, document, request, error))
		return FALSE;
	if (document->id == 0 && !named &&
	    !select_document(reg,
			     "SELECT d.id, d.last_serial, d.level_rank,"
			     " d.level_text FROM jobs j JOIN documents d"
			     " ON d.id = j.document WHERE j.content_hash = ?"
			     " ORDER BY j.id LIMIT 1",
			     request->content_hash, document, request, error))
		return FALSE;
	if (document->id == 0)
		return add_document(reg, identity, request, document, error);
	/* A copy may raise a document's level, never lower it. */
	return miyin_store_run(reg, NULL, error,
			       "UPDATE documents SET level = ?,"
			       " level_text = ?, level_rank = ? WHERE id = ?"
			       " AND level_rank < ?", "ssili", request->level,
			       request->level_text, (int)request->level_rank,
			       document->id, (int)request->level_rank);
}

static char *identity_of(const miyin_request *request)
{
	return request->reference && *request->reference
		       ? g_strconcat("ref:", request->reference, NULL)
		       : g_strconcat("sha256:", request->content_hash, NULL);
}

static gboolean select_document(miyin_register *reg, const char *sql,
				const char *key, document_row *document,
				const miyin_request *request, GError **error)
{
	sqlite3_stmt *statement =
		miyin_store_select(reg, error, sql, "s", key);
	gboolean ok = TRUE;

	if (!statement)
		return FALSE;
	if (sqlite3_step(statement) == SQLITE_ROW) {
		document->id = sqlite3_column_int64(statement, 0);
		document->last_serial = sqlite3_column_int(statement, 1);
		if (sqlite3_column_int(statement, 2) >
		    (int)request->level_rank) {
			const char *level = miyin_store_text(statement, 3);

			ok = miyin_refuse(
				error, miyin_refusal_new(
					       MIYIN_REFUSAL_LEVEL_LOWERED,
					       level, request->level_text,
					       level));
		}
	}
	sqlite3_finalize(statement);
	return ok;
}

static gboolean add_document(miyin_register *reg, const char *identity,
			     const miyin_request *request,
			     document_row *document, GError **error)
{
	g_autofree char *now = miyin_store_now();
	gboolean named = request->reference && *request->reference;

	if (!miyin_store_run(reg, NULL, error,
			     "INSERT INTO documents(identity, reference,"
			     " title, level, level_text, level_rank,"
			     " created_at) VALUES(?,?,?,?,?,?,?)", "sssssis",
			     identity, named ? request->reference : NULL,
			     request->title, request->level,
			     request->level_text, (int)request->level_rank,
			     now))
		return FALSE;
	document->id = sqlite3_last_insert_rowid(reg->db);
	document->last_serial = 0;
	return TRUE;
}

static gboolean add_job(miyin_register *reg, const miyin_request *request,
			const document_row *document, gint64 *job,
			GError **error)
{
	g_autofree char *now = miyin_store_now();

	if (!miyin_store_run(reg, NULL, error,
			     "INSERT INTO jobs(uuid, document_no, document,"
			     " content_hash, job_id, user, uid, host, printer,"
			     " title, scheme, level, period, pages, n_copies,"
			     " at) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
			     "silsisissssssiis", request->job_uuid,
			     (int)request->document_no, document->id,
			     request->content_hash, request->job_id,
			     request->user, request->uid, request->host,
			     request->printer, request->title, request->scheme,
			     request->level, request->period,
			     (int)request->pages, (int)request->n_copies, now))
		return FALSE;
	*job = sqlite3_last_insert_rowid(reg->db);
	return TRUE;
}

/* The race for the last copy is decided by this one UPDATE. */
static gboolean take_budget(miyin_register *reg, const miyin_request *request,
			    document_row *document, unsigned n, GError **error)
{
	sqlite3_stmt *statement;
	int changes;

	if (!miyin_store_run(reg, &changes, error,
			     "UPDATE documents SET used = used + ?,"
			     " last_serial = last_serial + ? WHERE id = ?"
			     " AND used + ? <= ?", "iilii", (int)n, (int)n,
			     document->id, (int)n,
			     (int)request->copies_per_document))
		return FALSE;
	if (changes != 1)
		return refuse_over_limit(reg, request, document, error);
	statement = miyin_store_select(
		reg, error, "SELECT last_serial FROM documents WHERE id = ?",
		"l", document->id);
	if (!statement)
		return FALSE;
	sqlite3_step(statement);
	document->last_serial = sqlite3_column_int(statement, 0) - n;
	sqlite3_finalize(statement);
	return TRUE;
}

/* Say how many are left and who has the others. */
static gboolean refuse_over_limit(miyin_register *reg,
				  const miyin_request *request,
				  const document_row *document, GError **error)
{
	g_autoptr(GString) holders = g_string_new(NULL);
	g_autofree char *limit = NULL, *left = NULL;
	unsigned used = 0;
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT holder, count(*) FROM copies WHERE document = ? AND"
		" state <> 'void' GROUP BY holder ORDER BY min(serial)", "l",
		document->id);

	if (!statement)
		return FALSE;
	while (sqlite3_step(statement) == SQLITE_ROW) {
		unsigned n = sqlite3_column_int(statement, 1);

		used += n;
		g_string_append_printf(holders, "%s%s (%u)",
				       holders->len > 0 ? ", " : "",
				       miyin_store_text(statement, 0), n);
	}
	sqlite3_finalize(statement);
	limit = g_strdup_printf("%u", request->copies_per_document);
	left = g_strdup_printf("%u", request->copies_per_document > used
					     ? request->copies_per_document -
						       used
					     : 0);
	return miyin_refuse(error,
			    miyin_refusal_new(MIYIN_REFUSAL_OVER_LIMIT,
					      request->level_text, limit, left,
					      used > 0 ? holders->str : "-"));
}

static gboolean find_copies(miyin_register *reg, gint64 job, GPtrArray *copies,
			    GError **error)
{
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT id, copy_id, serial, copy_no, holder, state,"
		" device_job FROM copies WHERE job = ? AND state <> 'void'",
		"l", job);

	if (!statement)
		return FALSE;
	while (sqlite3_step(statement) == SQLITE_ROW) {
		miyin_copy *copy = g_new0(miyin_copy, 1);

		copy->row = sqlite3_column_int64(statement, 0);
		copy->copy_id = sqlite3_column_int64(statement, 1);
		copy->serial = sqlite3_column_int(statement, 2);
		copy->copy_no = sqlite3_column_int(statement, 3);
		copy->holder = g_strdup(miyin_store_text(statement, 4));
		copy->state =
			miyin_copy_state_find(miyin_store_text(statement, 5));
		copy->device_job = sqlite3_column_int(statement, 6);
		g_ptr_array_add(copies, copy);
	}
	sqlite3_finalize(statement);
	return TRUE;
}

static gboolean add_copy(miyin_register *reg, const miyin_request *request,
			 const document_row *document, gint64 job,
			 unsigned serial, unsigned copy_no, GPtrArray *copies,
			 GError **error)
{
	g_autofree char *now = miyin_store_now();
	g_autoptr(miyin_copy) copy = g_new0(miyin_copy, 1);
	char code[9] = "";

	if (!new_copy_id(reg, &copy->copy_id, error))
		return FALSE;
	for (int i = 0; i < 8; i++)
		code[i] = miyin_crockford_char(copy->copy_id >> (35 - 5 * i) &
					       31);
	copy->serial = serial;
	copy->copy_no = copy_no;
	copy->holder = g_strdup(request->holders[copy_no - 1]);
	copy->state = MIYIN_COPY_RESERVED;
	if (!miyin_store_run(reg, NULL, error,
			     "INSERT INTO copies(copy_id, copy_code, document,"
			     " job, copy_no, serial, holder, state, issued_at)"
			     " VALUES(?,?,?,?,?,?,?,'reserved',?)", "lslliiss",
			     (gint64)copy->copy_id, code, document->id, job,
			     (int)copy_no, (int)serial, copy->holder, now))
		return FALSE;
	copy->row = sqlite3_last_insert_rowid(reg->db);
	if (!miyin_store_copy_event(reg, copy->row, "issue", "ok",
				    request->pages, request->detail, error))
		return FALSE;
	g_ptr_array_add(copies, g_steal_pointer(&copy));
	return TRUE;
}

/* Random, so that a code on paper tells neither volume nor neighbours. */
static gboolean new_copy_id(miyin_register *reg, guint64 *copy_id,
			    GError **error)
{
	for (;;) {
		unsigned char random[5];
		guint64 id = 0;
		sqlite3_stmt *statement;
		int status;

		if (RAND_bytes(random, sizeof(random)) != 1) {
			g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
				    "No random numbers for a copy id.");
			return FALSE;
		}
		for (int i = 0; i < 5; i++)
			id = id << 8 | random[i];
		statement = miyin_store_select(
			reg, error, "SELECT 1 FROM copies WHERE copy_id = ?",
			"l", (gint64)id);
		if (!statement)
			return FALSE;
		status = sqlite3_step(statement);
		sqlite3_finalize(statement);
		if (status == SQLITE_DONE) {
			*copy_id = id;
			return TRUE;
		}
		if (status != SQLITE_ROW)
			return miyin_store_fail(reg, error);
	}
}

static gboolean find_originals(miyin_register *reg, GPtrArray *copies,
			       GError **error)
{
	for (unsigned i = 0; i < copies->len; i++) {
		miyin_copy *copy = copies->pdata[i];
		sqlite3_stmt *statement = miyin_store_select(
			reg, error,
			"SELECT coalesce(min(o.serial), 0) FROM copies c"
			" JOIN copies o ON o.document = c.document AND"
			" o.job < c.job AND o.state <> 'void' WHERE c.id = ?",
			"l", copy->row);

		if (!statement)
			return FALSE;
		if (sqlite3_step(statement) == SQLITE_ROW)
			copy->original = sqlite3_column_int(statement, 0);
		sqlite3_finalize(statement);
	}
	return TRUE;
}

static int by_copy_no(gconstpointer a, gconstpointer b)
{
	const miyin_copy *const *left = a, *const *right = b;

	return (int)(*left)->copy_no - (int)(*right)->copy_no;
}

static gboolean change_state(miyin_register *reg, miyin_copy *copy,
			     miyin_act act, unsigned pages_done,
			     const char *detail, GError **error)
{
	static const char *const names[] = {
		[MIYIN_ACT_CLAIM] = "claim",	 [MIYIN_ACT_PRINTED] = "printed",
		[MIYIN_ACT_PARTIAL] = "partial", [MIYIN_ACT_DOUBT] = "doubt",
		[MIYIN_ACT_VOID] = "void",	 [MIYIN_ACT_UNSENT] = "void",
	};
	gboolean good = act == MIYIN_ACT_CLAIM || act == MIYIN_ACT_PRINTED;
	int to = miyin_custody_next(copy->state, act);

	if (to < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    "A copy that is %s cannot become %s.",
			    miyin_copy_state_id(copy->state), names[act]);
		return FALSE;
	}
	if (!miyin_store_begin(reg, error))
		return FALSE;
	if (!write_state(reg, copy, act, to, pages_done, error) ||
	    !miyin_store_copy_event(reg, copy->row, names[act],
				    good ? "ok" : "failed", pages_done, detail,
				    error)) {
		miyin_store_rollback(reg);
		return FALSE;
	}
	if (!miyin_store_commit(reg, error))
		return FALSE;
	copy->state = to;
	return TRUE;
}

static gboolean write_state(miyin_register *reg, const miyin_copy *copy,
			    miyin_act act, miyin_copy_state to,
			    unsigned pages_done, GError **error)
{
	/* One statement, so that the device starts before it or never. */
	const gboolean unsent = act == MIYIN_ACT_UNSENT;
	g_autofree char *now = miyin_store_now();
	int changes;

	if (!miyin_store_run(reg, &changes, error,
			     "UPDATE copies SET state = ?, device_job = ?,"
			     " pages_done = ?, settled_at = CASE WHEN ? ="
			     " 'sending' THEN NULL ELSE ? END WHERE id = ? AND"
			     " state = ? AND NOT (? AND device_started)",
			     "siisslsi", miyin_copy_state_id(to),
			     copy->device_job, (int)pages_done,
			     miyin_copy_state_id(to), now, copy->row,
			     miyin_copy_state_id(copy->state), unsent))
		return FALSE;
	if (changes != 1) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    "The copy changed in the register meanwhile.");
		return FALSE;
	}
	if (to != MIYIN_COPY_VOID)
		return TRUE;
	return miyin_store_run(reg, NULL, error,
			       "UPDATE documents SET used = used - 1 WHERE"
			       " id = (SELECT document FROM copies WHERE"
			       " id = ?)", "l", copy->row);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dossier.h"
#include <miyin/error.h>
#include <miyin/naming.h>
#include <miyin/refusal.h>
#include <glib/gi18n.h>
#include <string.h>

/* What is compared of a content: of the bytes, sha256:..., of what they paint,
 * page:..., of how it looks, shown:..., of the letters on it, words:.... One
 * that is unknown is sha256:... again. */
#define N_KEYS 4

typedef struct {
	char *key[N_KEYS];
} content_keys;

/* Two that share one of these are the same. */
#define SAME "(?1, ?2, ?3)"
/* Who has the same words has the same document to hide, but may have put them
 * where nobody sees them: they open no door. */
#define ALIKE "(?1, ?2, ?3, ?4)"
#define KEYS(k) (k).key[0], (k).key[1], (k).key[2], (k).key[3]

static void content_keys_clear(content_keys *keys)
{
	for (unsigned i = 0; i < N_KEYS; i++)
		g_free(keys->key[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(content_keys, content_keys_clear)

static content_keys keys_of(const miyin_request *request)
{
	const char *const known[N_KEYS][2] = {
		{ "sha256:", request->content_hash },
		{ "page:", request->identity },
		{ "shown:", request->shown },
		{ "words:", request->words },
	};
	content_keys keys;

	for (unsigned i = 0; i < N_KEYS; i++) {
		const char *hash = known[i][1];
		const unsigned at = hash && *hash ? i : 0;

		keys.key[i] = g_strconcat(known[at][0], known[at][1], NULL);
	}
	return keys;
}

static gboolean is_named(const miyin_request *request)
{
	return request->reference && *request->reference;
}

static gboolean is_owner(const miyin_request *request, const char *owner)
{
	return request->owners
		       ? g_strv_contains((const char *const *)request->owners,
					 owner)
		       : g_strcmp0(request->user, owner) == 0;
}

/* ---- finding ---------------------------------------------------------- */

/* The scheduler's numbers may begin again, and a client may say its job's uuid:
 * another job is not the second run of the first. */
static gboolean is_same_job(const miyin_request *request, sqlite3_stmt *row)
{
	return g_strcmp0(miyin_store_text(row, 5), request->user) == 0 &&
	       g_strcmp0(miyin_store_text(row, 6), request->content_hash) ==
		       0 &&
	       g_strcmp0(miyin_store_text(row, 7), request->level) == 0;
}

static gboolean find_job(miyin_register *reg, const miyin_request *request,
			 miyin_dossier *dossier, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT j.id, d.id, d.last_serial, d.level_rank, d.owner,"
		" j.user, j.content_hash, j.level"
		" FROM jobs j JOIN documents d ON d.id = j.document WHERE"
		" j.uuid = ? AND j.document_no = ?",
		"si", request->job_uuid, (int)request->document_no);
	gboolean row;

	if (!statement || !miyin_store_step(reg, statement, &row, error))
		return FALSE;
	if (!row)
		return TRUE;
	if (!is_same_job(request, statement)) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    _("The register has another job %s."),
			    request->job_uuid);
		return FALSE;
	}
	dossier->job = sqlite3_column_int64(statement, 0);
	dossier->id = sqlite3_column_int64(statement, 1);
	dossier->last_serial = (unsigned)sqlite3_column_int(statement, 2);
	dossier->level_rank = (unsigned)sqlite3_column_int(statement, 3);
	dossier->owned = is_owner(request, miyin_store_text(statement, 4));
	return TRUE;
}

static gboolean has_content(miyin_register *reg, const miyin_request *request,
			    gint64 document, gboolean *has, GError **error)
{
	g_auto(content_keys) keys = keys_of(request);
	gint64 number;

	if (!miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT count(*) FROM contents WHERE"
				       " content IN " SAME " AND document = ?5",
				       "ssssl", KEYS(keys), document),
		    &number, error))
		return FALSE;
	*has = number > 0;
	return TRUE;
}

/* The user learns that he may not use it, and nothing of what is there. */
static gboolean refuse_reference(miyin_register *reg,
				 const miyin_request *request,
				 const char *owner, const char *level,
				 gboolean same, GError **error)
{
	reg->why = g_strdup_printf("it belongs to %s, %s, %s", owner, level,
				   same ? "the same content" : "other content");
	return miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_REFERENCE,
						     request->reference));
}

static gboolean refuse_level(miyin_register *reg, const miyin_request *request,
			     const char *document, const char *owner,
			     const char *level, GError **error)
{
	reg->why = g_strdup_printf("%s of %s is registered as %s", document,
				   owner, level);
	return miyin_refuse(error,
			    miyin_refusal_new(MIYIN_REFUSAL_LEVEL_LOWERED,
					      request->level_text));
}

/* By what it looks like; by its letters too, for what ICU calls alike may
 * change with its release. */
static gboolean find_named(miyin_register *reg, const miyin_request *request,
			   miyin_dossier *dossier, GError **error)
{
	g_autofree char *identity =
		g_strconcat("ref:", request->reference, NULL);
	g_autofree char *skeleton =
		miyin_reference_skeleton(request->reference);
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT id, last_serial, level_rank, owner, level_text FROM"
		" documents WHERE skeleton = ?1 OR identity = ?2 ORDER BY"
		" identity = ?2 DESC LIMIT 1",
		"ss", skeleton, identity);
	gboolean row, same = FALSE;
	const char *owner, *level;

	if (!statement || !miyin_store_step(reg, statement, &row, error))
		return FALSE;
	if (!row)
		return TRUE;
	dossier->id = sqlite3_column_int64(statement, 0);
	dossier->last_serial = (unsigned)sqlite3_column_int(statement, 1);
	dossier->level_rank = (unsigned)sqlite3_column_int(statement, 2);
	owner = miyin_store_text(statement, 3);
	level = miyin_store_text(statement, 4);
	dossier->owned = is_owner(request, owner);
	if (dossier->owned)
		return dossier->level_rank <= request->level_rank ||
		       refuse_level(reg, request, request->reference, owner,
				    level, error);
	if (!has_content(reg, request, dossier->id, &same, error))
		return FALSE;
	return (same && dossier->level_rank == request->level_rank) ||
	       refuse_reference(reg, request, owner, level, same, error);
}

/* One document that has the request's content, in the order of first print. */
static gboolean weigh(miyin_register *reg, const miyin_request *request,
		      sqlite3_stmt *row, char **first_owner,
		      miyin_dossier *dossier, GError **error)
{
	const char *owner = miyin_store_text(row, 3);
	const unsigned rank = (unsigned)sqlite3_column_int(row, 2);
	const gboolean common = sqlite3_column_int(row, 5) != 0;
	const gboolean own = is_owner(request, owner);

	if (own && dossier->id == 0 && !is_named(request)) {
		dossier->id = sqlite3_column_int64(row, 0);
		dossier->last_serial = (unsigned)sqlite3_column_int(row, 1);
		dossier->level_rank = rank;
		dossier->owned = TRUE;
	}
	if (!common && !*first_owner)
		*first_owner = g_strdup(owner);
	if (rank <= request->level_rank ||
	    !(own || (!common && g_str_equal(owner, *first_owner))))
		return TRUE;
	return refuse_level(reg, request, miyin_store_text(row, 6), owner,
			    miyin_store_text(row, 4), error);
}

static gboolean find_by_content(miyin_register *reg,
				const miyin_request *request,
				miyin_dossier *dossier, GError **error)
{
	g_auto(content_keys) keys = keys_of(request);
	g_autofree char *first_owner = NULL;
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT d.id, d.last_serial, d.level_rank, d.owner,"
		" d.level_text, d.common, coalesce(d.reference, d.identity)"
		" FROM contents c JOIN documents d ON d.id = c.document"
		" WHERE c.content IN " ALIKE " ORDER BY c.job",
		"ssss", KEYS(keys));
	gboolean row;

	if (!statement)
		return FALSE;
	for (;;) {
		if (!miyin_store_step(reg, statement, &row, error))
			return FALSE;
		if (!row)
			return TRUE;
		if (!weigh(reg, request, statement, &first_owner, dossier,
			   error))
			return FALSE;
	}
}

gboolean miyin_dossier_find(miyin_register *reg, const miyin_request *request,
			    miyin_dossier *dossier, GError **error)
{
	memset(dossier, 0, sizeof(*dossier));
	g_clear_pointer(&reg->why, g_free);
	if (!find_job(reg, request, dossier, error))
		return FALSE;
	if (dossier->job != 0)
		return TRUE;
	if (is_named(request) && !find_named(reg, request, dossier, error))
		return FALSE;
	return find_by_content(reg, request, dossier, error);
}

/* ---- entering --------------------------------------------------------- */

/* Its name in the table. The content of several owners is several documents:
 * sha256:..., sha256:.../2 ... */
static char *new_identity(miyin_register *reg, const miyin_request *request,
			  GError **error)
{
	g_autofree char *first = NULL;
	gint64 n = 0;

	if (is_named(request))
		return g_strconcat("ref:", request->reference, NULL);
	first = g_strconcat("sha256:", request->content_hash, NULL);
	if (!miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT count(*) FROM contents WHERE"
				       " content = ?",
				       "s", first),
		    &n, error))
		return NULL;
	for (;; n++) {
		g_autofree char *name =
			n == 0 ? g_strdup(first)
			       : g_strdup_printf("%s/%" G_GINT64_FORMAT, first,
						 n + 1);
		gint64 taken;

		if (!miyin_store_number(
			    reg,
			    miyin_store_select(reg, error,
					       "SELECT count(*) FROM documents"
					       " WHERE identity = ?",
					       "s", name),
			    &taken, error))
			return NULL;
		if (!taken)
			return g_steal_pointer(&name);
	}
}

static gboolean add(miyin_register *reg, const miyin_request *request,
		    miyin_dossier *dossier, GError **error)
{
	g_autofree char *now = miyin_store_now();
	g_autofree char *identity = new_identity(reg, request, error);
	g_autofree char *skeleton =
		is_named(request) ? miyin_reference_skeleton(request->reference)
				  : NULL;

	if (!identity ||
	    !miyin_store_run(
		    reg, NULL, error,
		    "INSERT INTO documents(identity, reference,"
		    " skeleton, owner, title, level, level_text,"
		    " level_rank, created_at)"
		    " VALUES(?,?,?,?,?,?,?,?,?)",
		    "sssssssis", identity,
		    is_named(request) ? request->reference : NULL, skeleton,
		    request->owners ? request->owners[0] : request->user,
		    request->title, request->level, request->level_text,
		    (int)request->level_rank, now))
		return FALSE;
	dossier->id = sqlite3_last_insert_rowid(reg->db);
	dossier->is_new = dossier->owned = TRUE;
	return TRUE;
}

gboolean miyin_dossier_enter(miyin_register *reg, const miyin_request *request,
			     miyin_dossier *dossier, GError **error)
{
	if (dossier->id == 0)
		return add(reg, request, dossier, error);
	if (!dossier->owned)
		return TRUE;
	return miyin_store_run(reg, NULL, error,
			       "UPDATE documents SET level = ?,"
			       " level_text = ?, level_rank = ? WHERE id = ?"
			       " AND level_rank < ?",
			       "ssili", request->level, request->level_text,
			       (int)request->level_rank, dossier->id,
			       (int)request->level_rank);
}

/* An event about the request's document. */
static gboolean enter_event(miyin_register *reg, const miyin_request *request,
			    const char *name, const char *detail,
			    GError **error)
{
	const miyin_event event = {
		.event = name,
		.result = "ok",
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

static gboolean tell_of_others(miyin_register *reg,
			       const miyin_request *request,
			       const content_keys *keys, gint64 document,
			       GError **error)
{
	g_autofree char *detail = NULL;
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT coalesce(d.reference, d.identity), d.owner,"
		" d.level_text, count(*) OVER (), min(c.content LIKE 'words:%')"
		" FROM contents c JOIN documents"
		" d ON d.id = c.document WHERE c.content IN " ALIKE " AND"
		" d.id <> ?5 GROUP BY d.id ORDER BY min(c.job) LIMIT 1",
		"ssssl", KEYS(*keys), document);
	gboolean row;

	if (!statement || !miyin_store_step(reg, statement, &row, error))
		return FALSE;
	if (!row)
		return TRUE;
	detail = g_strdup_printf(
		"same %s as %s of %s, %s (%d in all)",
		sqlite3_column_int(statement, 4) ? "words" : "content",
		miyin_store_text(statement, 0), miyin_store_text(statement, 1),
		miyin_store_text(statement, 2),
		sqlite3_column_int(statement, 3));
	g_clear_pointer(&statement, sqlite3_finalize);
	return enter_event(reg, request, "same-content", detail, error);
}

static gboolean add_content(miyin_register *reg, const char *content,
			    const miyin_dossier *dossier, int *changes,
			    GError **error)
{
	return miyin_store_run(reg, changes, error,
			       "INSERT OR IGNORE INTO contents(content,"
			       " document, job) VALUES(?,?,?)",
			       "sll", content, dossier->id, dossier->job);
}

gboolean miyin_dossier_enter_content(miyin_register *reg,
				     const miyin_request *request,
				     const miyin_dossier *dossier,
				     GError **error)
{
	g_auto(content_keys) keys = keys_of(request);
	gboolean known;
	int changes;

	if (!has_content(reg, request, dossier->id, &known, error))
		return FALSE;
	for (unsigned i = 0; i < N_KEYS; i++)
		if (!add_content(reg, keys.key[i], dossier, &changes, error))
			return FALSE;
	if (known)
		return TRUE;
	if (!dossier->is_new &&
	    !enter_event(reg, request, "version", "other content than before",
			 error))
		return FALSE;
	return tell_of_others(reg, request, &keys, dossier->id, error);
}

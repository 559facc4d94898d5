/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dossier.h"
#include "entries.h"
#include "ledger.h"
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
#define SAME "(:bytes, :painted, :shown)"
#define SAME_VALUES(k)                                                         \
	TEXT("bytes", (k).key[0]), TEXT("painted", (k).key[1]),                \
		TEXT("shown", (k).key[2])
/* Who has the same words has the same document to hide, but may have put them
 * where nobody sees them: they open no door. */
#define ALIKE "(:bytes, :painted, :shown, :words)"
#define ALIKE_VALUES(k) SAME_VALUES(k), TEXT("words", (k).key[3])

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
static gboolean is_same_job(const miyin_request *request, miyin_rows *row)
{
	return g_strcmp0(miyin_rows_text(row, "user"), request->user) == 0 &&
	       g_strcmp0(miyin_rows_text(row, "content_hash"),
			 request->content_hash) == 0 &&
	       g_strcmp0(miyin_rows_text(row, "level"), request->level) == 0;
}

/* Of a row with these columns of documents. */
static void take(miyin_rows *row, const miyin_request *request,
		 miyin_dossier *dossier)
{
	dossier->id = miyin_rows_number(row, "id");
	dossier->last_serial = (unsigned)miyin_rows_number(row, "last_serial");
	dossier->level_rank = (unsigned)miyin_rows_number(row, "level_rank");
	dossier->owned = is_owner(request, miyin_rows_text(row, "owner"));
}

static gboolean find_job(miyin_register *reg, const miyin_request *request,
			 miyin_dossier *dossier, GError **error)
{
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT j.id AS job, d.id, d.last_serial, d.level_rank,"
		" d.owner, j.user, j.content_hash, j.level"
		" FROM jobs j JOIN documents d ON d.id = j.document WHERE"
		" j.uuid = :uuid AND j.document_no = :number",
		VALUES(TEXT("uuid", request->job_uuid),
		       NUMBER("number", request->document_no)),
		error);

	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error);
	if (!is_same_job(request, row))
		return miyin_fail(error, MIYIN_ERROR_STATE,
				  _("The register has another job %s."),
				  request->job_uuid);
	take(row, request, dossier);
	dossier->job = miyin_rows_number(row, "job");
	return TRUE;
}

static gboolean has_content(miyin_register *reg, const miyin_request *request,
			    gint64 document, gboolean *has, GError **error)
{
	g_auto(content_keys) keys = keys_of(request);
	gint64 number;

	if (!miyin_store_number(
		    reg,
		    "SELECT count(*) FROM contents WHERE content IN " SAME
		    " AND document = :document",
		    VALUES(SAME_VALUES(keys), NUMBER("document", document)),
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
	return miyin_refuse_for(error, MIYIN_REFUSAL_REFERENCE,
				request->reference);
}

static gboolean refuse_level(miyin_register *reg, const miyin_request *request,
			     const char *document, const char *owner,
			     const char *level, GError **error)
{
	reg->why = g_strdup_printf("%s of %s is registered as %s", document,
				   owner, level);
	return miyin_refuse_for(error, MIYIN_REFUSAL_LEVEL_LOWERED,
				request->level_text);
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
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT id, last_serial, level_rank, owner, level_text FROM"
		" documents WHERE skeleton = :skeleton OR identity = :identity"
		" ORDER BY identity = :identity DESC LIMIT 1",
		VALUES(TEXT("skeleton", skeleton), TEXT("identity", identity)),
		error);
	const char *owner, *level;
	gboolean same = FALSE;

	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error);
	take(row, request, dossier);
	owner = miyin_rows_text(row, "owner");
	level = miyin_rows_text(row, "level_text");
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
		      miyin_rows *row, char **first_owner,
		      miyin_dossier *dossier, GError **error)
{
	const char *owner = miyin_rows_text(row, "owner");
	const unsigned rank = (unsigned)miyin_rows_number(row, "level_rank");
	const gboolean common = miyin_rows_number(row, "common") != 0;
	const gboolean own = is_owner(request, owner);

	if (own && dossier->id == 0 && !is_named(request))
		take(row, request, dossier);
	if (!common && !*first_owner)
		*first_owner = g_strdup(owner);
	if (rank <= request->level_rank ||
	    !(own || (!common && g_str_equal(owner, *first_owner))))
		return TRUE;
	return refuse_level(reg, request, miyin_rows_text(row, "name"), owner,
			    miyin_rows_text(row, "level_text"), error);
}

static gboolean find_by_content(miyin_register *reg,
				const miyin_request *request,
				miyin_dossier *dossier, GError **error)
{
	g_auto(content_keys) keys = keys_of(request);
	g_autofree char *first_owner = NULL;
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT d.id, d.last_serial, d.level_rank, d.owner,"
		" d.level_text, d.common, coalesce(d.reference, d.identity)"
		" AS name FROM contents c JOIN documents d ON d.id = c.document"
		" WHERE c.content IN " ALIKE " ORDER BY c.job",
		VALUES(ALIKE_VALUES(keys)), error);

	while (miyin_rows_next(row))
		if (!weigh(reg, request, row, &first_owner, dossier, error))
			return FALSE;
	return miyin_rows_end(row, error);
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
		    "SELECT count(*) FROM contents WHERE content = :content",
		    VALUES(TEXT("content", first)), &n, error))
		return NULL;
	for (;; n++) {
		g_autofree char *name =
			n == 0 ? g_strdup(first)
			       : g_strdup_printf("%s/%" G_GINT64_FORMAT, first,
						 n + 1);
		gint64 taken;

		if (!miyin_store_number(
			    reg,
			    "SELECT count(*) FROM documents WHERE identity ="
			    " :identity",
			    VALUES(TEXT("identity", name)), &taken, error))
			return NULL;
		if (!taken)
			return g_steal_pointer(&name);
	}
}

static gboolean add(miyin_register *reg, const miyin_request *request,
		    miyin_dossier *dossier, GError **error)
{
	const char *reference = is_named(request) ? request->reference : NULL;
	g_autofree char *now = miyin_entries_now();
	g_autofree char *identity = new_identity(reg, request, error);
	g_autofree char *skeleton =
		reference ? miyin_reference_skeleton(reference) : NULL;

	if (!identity ||
	    !miyin_ledger_insert(
		    reg, "documents",
		    VALUES(TEXT("identity", identity),
			   TEXT("reference", reference),
			   TEXT("skeleton", skeleton),
			   TEXT("owner", request->owners ? request->owners[0]
							 : request->user),
			   TEXT("title", request->title),
			   TEXT("level", request->level),
			   TEXT("level_text", request->level_text),
			   NUMBER("level_rank", request->level_rank),
			   TEXT("created_at", now)),
		    &dossier->id, error))
		return FALSE;
	dossier->is_new = dossier->owned = TRUE;
	return TRUE;
}

gboolean miyin_dossier_enter(miyin_register *reg, const miyin_request *request,
			     miyin_dossier *dossier, GError **error)
{
	if (dossier->id == 0)
		return add(reg, request, dossier, error);
	miyin_ledger_touch(reg, "documents", dossier->id);
	return !dossier->owned ||
	       miyin_store_run(
		       reg,
		       "UPDATE documents SET level = :level,"
		       " level_text = :text, level_rank = :rank WHERE id = :id"
		       " AND level_rank < :rank",
		       VALUES(TEXT("level", request->level),
			      TEXT("text", request->level_text),
			      NUMBER("rank", request->level_rank),
			      NUMBER("id", dossier->id)),
		       NULL, error);
}

/* An event about the request's document. */
static gboolean enter_event(miyin_register *reg, const miyin_request *request,
			    const char *name, const char *detail,
			    GError **error)
{
	miyin_event event = miyin_entries_of(request);

	event.event = name;
	event.result = "ok";
	event.detail = detail;
	return miyin_entries_add(reg, &event, error);
}

static gboolean tell_of_others(miyin_register *reg,
			       const miyin_request *request,
			       const content_keys *keys, gint64 document,
			       GError **error)
{
	g_autofree char *detail = NULL;
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT coalesce(d.reference, d.identity) AS name, d.owner,"
		" d.level_text, count(*) OVER () AS n,"
		" min(c.content LIKE 'words:%') AS only_words"
		" FROM contents c JOIN documents"
		" d ON d.id = c.document WHERE c.content IN " ALIKE " AND"
		" d.id <> :document GROUP BY d.id ORDER BY min(c.job) LIMIT 1",
		VALUES(ALIKE_VALUES(*keys), NUMBER("document", document)),
		error);

	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error);
	detail = g_strdup_printf(
		miyin_rows_number(row, "only_words")
			? "same words as %s of %s, %s (%d in all)"
			: "same content as %s of %s, %s (%d in all)",
		miyin_rows_text(row, "name"), miyin_rows_text(row, "owner"),
		miyin_rows_text(row, "level_text"),
		(int)miyin_rows_number(row, "n"));
	return enter_event(reg, request, "same-content", detail, error);
}

static gboolean add_content(miyin_register *reg, const char *content,
			    const miyin_dossier *dossier, GError **error)
{
	int changes;

	if (!miyin_store_run(
		    reg,
		    "INSERT OR IGNORE INTO contents(content, document, job)"
		    " VALUES(:content, :document, :job)",
		    VALUES(TEXT("content", content),
			   NUMBER("document", dossier->id),
			   NUMBER("job", dossier->job)),
		    &changes, error))
		return FALSE;
	if (changes > 0)
		miyin_ledger_touch_content(reg, dossier->id, content);
	return TRUE;
}

gboolean miyin_dossier_enter_content(miyin_register *reg,
				     const miyin_request *request,
				     const miyin_dossier *dossier,
				     GError **error)
{
	g_auto(content_keys) keys = keys_of(request);
	gboolean known;

	if (!has_content(reg, request, dossier->id, &known, error))
		return FALSE;
	for (unsigned i = 0; i < N_KEYS; i++)
		if (!add_content(reg, keys.key[i], dossier, error))
			return FALSE;
	if (known)
		return TRUE;
	if (!dossier->is_new &&
	    !enter_event(reg, request, "version", "other content than before",
			 error))
		return FALSE;
	return tell_of_others(reg, request, &keys, dossier->id, error);
}

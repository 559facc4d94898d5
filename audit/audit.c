/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page by page while others may write; the last entries, the heads and the
 * tables together, for the tables are what the log says at one moment only.
 */
#include <miyin/audit.h>

#include <glib/gi18n.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include <miyin/error.h>

#include "chain.h"
#include "file.h"
#include "rows.h"

#define PAGE 1000
#define PAGE_TEXT "1000"

/* Of each the first is told, and of each table. */
typedef enum {
	GROUP_CHAIN,
	GROUP_END,
	GROUP_FORK,
	GROUP_OTHER,
	N_GROUPS
} group;

typedef struct {
	const miyin_audit_order *order;
	miyin_audit *audit;
	file_database *db;
	chain chain;
	EVP_PKEY *public;
	char *suite_name, *origin; /* that log_state says */
	guint64 size;		   /* ... and how many entries */
	gboolean wrong_key;	   /* the first one is that of another log */
	GHashTable *rows;
	GHashTable *heads; /* size -> text, of this page */
	GArray *anchors;   /* pieces_anchor */
	guint64 good;	   /* the last head or anchor that holds */
	gboolean known;	   /* what is damaged here is so since before */
	gboolean told[N_GROUPS];
	GHashTable *told_tables;
} reading;

static void clear(reading *r)
{
	g_clear_pointer(&r->db, file_close);
	miyin_suite_close(r->chain.suite);
	EVP_PKEY_free(r->public);
	g_free(r->suite_name);
	g_free(r->origin);
	g_hash_table_unref(r->rows);
	g_hash_table_unref(r->heads);
	g_hash_table_unref(r->told_tables);
	g_array_unref(r->anchors);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(reading, clear)

/* ---- faults ------------------------------------------------------------- */

static void free_fault(gpointer data)
{
	miyin_fault *fault = data;

	g_free(fault->what);
	g_free(fault);
}

static void tell(reading *r, group of, miyin_damage kind, guint64 number,
		 const char *what)
{
	miyin_fault *fault;

	if (r->known || (of != GROUP_OTHER && r->told[of]))
		return;
	r->told[of] = TRUE;
	fault = g_new0(miyin_fault, 1);
	fault->kind = kind;
	fault->number = number;
	fault->what = g_strdup(what);
	g_ptr_array_add(r->audit->faults, fault);
}

/* The first that does not hold of those that another head is of. */
static void tell_fork(reading *r, const char *what)
{
	tell(r, GROUP_FORK, MIYIN_DAMAGE_FORK, r->good + 1, what);
}

/* ---- one entry ---------------------------------------------------------- */

static gboolean is_column(file_rows *row, int column, const void *bytes,
			  gsize length)
{
	return (gsize)sqlite3_column_bytes(row, column) == length &&
	       (length == 0 ||
		memcmp(sqlite3_column_blob(row, column), bytes, length) == 0);
}

/* What the entry at a place says of itself; FALSE: nothing, or there is none. */
static gboolean peek(reading *r, guint64 place, pieces_head *head)
{
	g_autoptr(file_rows) row =
		file_select(r->db, "SELECT entry FROM log WHERE number = ?",
			    (gint64)place, 0, NULL);
	pieces p = { 0 };

	*head = (pieces_head){ 0 };
	if (!file_next(row, NULL))
		return FALSE;
	p.at = sqlite3_column_blob(row, 0);
	p.left = (gsize)sqlite3_column_bytes(row, 0);
	return p.at && pieces_take_head(&p, head);
}

/* Whether what follows says that an entry is as it was. */
static gboolean is_whole(reading *r, guint64 place, const guint8 hash[HASH])
{
	g_autoptr(file_rows) row = NULL;
	pieces_head next;
	gboolean same;

	if (peek(r, place + 1, &next)) {
		same = memcmp(next.before, hash, HASH) == 0;
		g_free(next.at);
		return same;
	}
	g_free(next.at);
	row = file_select(r->db, "SELECT chained FROM log_state WHERE id = 1",
			  0, 0, NULL);
	return file_next(row, NULL) && is_column(row, 0, hash, HASH);
}

/* Two in the place of each other are both there. */
static void tell_number(reading *r, guint64 place, const pieces_head *head,
			const guint8 hash[HASH])
{
	const guint64 expected = r->chain.own + 1;
	pieces_head next;
	const gboolean swapped = peek(r, place + 1, &next) &&
				 head->number > expected &&
				 next.number == expected;

	g_free(next.at);
	if (swapped || (!is_whole(r, place, hash) && r->size >= expected))
		tell(r, GROUP_CHAIN, MIYIN_DAMAGE_CHANGED, expected, "");
	else if (head->number < expected)
		tell(r, GROUP_CHAIN, MIYIN_DAMAGE_INSERTED, MAX(r->chain.n, 1),
		     "");
	else
		tell(r, GROUP_CHAIN, MIYIN_DAMAGE_REMOVED, expected, "");
}

/* The number under which an entry stands, and what it says of those before. */
static void check_place(reading *r, guint64 place, const pieces_head *head,
			const guint8 hash[HASH])
{
	const guint64 number = r->chain.n + 1;

	if (head->number != r->chain.own + 1)
		tell_number(r, place, head, hash);
	else if (memcmp(head->before, r->chain.chained, HASH) != 0)
		tell(r, GROUP_CHAIN, MIYIN_DAMAGE_CHANGED,
		     number > 1 && is_whole(r, place, hash) ? number - 1
							    : number,
		     "");
	else if (place != head->number ||
		 (head->key != r->chain.next_key && !is_whole(r, place, hash)))
		tell(r, GROUP_CHAIN, MIYIN_DAMAGE_CHANGED, number, "");
	else if (head->key > r->chain.next_key)
		tell(r, GROUP_END, MIYIN_DAMAGE_OLDER, number, "");
	else if (head->key < r->chain.next_key)
		tell(r, GROUP_CHAIN, MIYIN_DAMAGE_INSERTED, number, "");
}

/* ---- the first entry ---------------------------------------------------- */

static char *take_column(pieces *p, const char *name)
{
	g_autofree char *column = pieces_take_text(p);
	g_autofree char *value = pieces_take_text(p);

	return column && value && g_str_equal(column, name) && *value == 't'
		       ? g_strdup(value + 1)
		       : NULL;
}

static EVP_PKEY *read_public(reading *r, const char *hex)
{
	guint8 bytes[65];
	const gsize n = strlen(hex) / 2;

	return n <= sizeof(bytes) && pieces_unhex(hex, bytes, n)
		       ? miyin_suite_read_public(r->chain.suite, bytes, n)
		       : NULL;
}

/* Another key than the first one's is that of another log. */
static void use_first_key(reading *r, const guint8 first[HASH])
{
	guint8 key[HASH];

	if (!r->order->first_key ||
	    !pieces_unhex(r->order->first_key, key, HASH))
		return;
	r->wrong_key = !chain_use_key(&r->chain, key, first);
	r->audit->sealed = r->chain.sealed;
}

static gboolean take_keys(reading *r, const guint8 *image, gsize length)
{
	pieces p = { image, length };
	g_autofree char *origin = take_column(&p, "origin");
	g_autofree char *suite = take_column(&p, "suite");
	g_autofree char *public = take_column(&p, "public");
	g_autofree char *first = take_column(&p, "first");
	guint8 commitment[HASH];

	if (!origin || !suite || !public || !first || p.left > 0 ||
	    !g_str_equal(origin, r->origin) ||
	    !g_str_equal(suite, r->suite_name) ||
	    !pieces_unhex(first, commitment, HASH))
		return FALSE;
	if (!r->public)
		r->public = read_public(r, public);
	use_first_key(r, commitment);
	return r->public != NULL;
}

/* ---- the rows of an entry ------------------------------------------------ */

static gboolean take_row(reading *r, pieces *p)
{
	g_autofree char *table = pieces_take_text(p);
	g_autofree char *key = table ? pieces_take_text(p) : NULL;
	const guint8 *image;
	gsize length;

	if (!key || !pieces_take(p, &image, &length))
		return FALSE;
	if (g_str_equal(table, "log"))
		return r->chain.n == 0 && take_keys(r, image, length);
	return rows_enter(r->rows, r->chain.suite, table, key, image, length,
			  r->chain.n + 1);
}

static gboolean take_rows(reading *r, pieces *p)
{
	gboolean any = FALSE;

	for (; p->left > 0; any = TRUE)
		if (!take_row(r, p))
			return FALSE;
	return any && (r->chain.n > 0 || r->public);
}

/* ---- heads -------------------------------------------------------------- */

static gboolean has_root(const pieces_anchor *anchor, const guint8 root[HASH])
{
	g_autofree char *hex = pieces_hex(root, HASH);

	return g_str_has_prefix(hex, anchor->root);
}

/* One signature, and nothing behind it. */
static gboolean is_plain(const char *text)
{
	const char *line = strstr(text, "\n\n");
	const char *end = line ? strchr(line + 2, '\n') : NULL;

	return end && !end[1];
}

/* A head of the register itself; size: what it stands for there. */
static void check_head(reading *r, const char *text, guint64 size,
		       const char *what)
{
	g_auto(pieces_anchor) head = { 0 };
	guint8 root[HASH];

	if (!pieces_read_anchor(text, &head) || !head.text ||
	    head.size != size || !is_plain(text) || !r->public ||
	    !g_str_has_prefix(text, r->origin) ||
	    text[strlen(r->origin)] != '\n' ||
	    !pieces_is_signed(&head, r->chain.suite, r->public)) {
		tell(r, GROUP_OTHER, MIYIN_DAMAGE_TABLE, size, what);
		return;
	}
	chain_root(&r->chain, root);
	if (has_root(&head, root))
		r->good = size;
	else if (!r->told[GROUP_CHAIN])
		tell_fork(r, what);
}

static void check_anchor(reading *r, const pieces_anchor *anchor,
			 const char *at)
{
	guint8 root[HASH];

	chain_root(&r->chain, root);
	if (!has_root(anchor, root) ||
	    (anchor->text &&
	     (!r->public ||
	      !pieces_is_signed(anchor, r->chain.suite, r->public)))) {
		tell_fork(r, anchor->words);
		return;
	}
	r->good = r->audit->anchored = r->chain.n;
	g_free(r->audit->anchored_at);
	r->audit->anchored_at = g_strdup(at);
}

static void check_heads(reading *r, const char *at)
{
	const char *text = g_hash_table_lookup(r->heads, &r->chain.n);

	if (text) {
		g_autofree char *what =
			g_strdup_printf("heads %" G_GUINT64_FORMAT, r->chain.n);

		check_head(r, text, r->chain.n, what);
	}
	for (unsigned i = 0; i < r->anchors->len; i++) {
		const pieces_anchor *anchor =
			&g_array_index(r->anchors, pieces_anchor, i);

		if (anchor->size == r->chain.n)
			check_anchor(r, anchor, at);
	}
}

/* ---- entries ------------------------------------------------------------ */

static void read_entry(reading *r, file_rows *row)
{
	const guint64 place = (guint64)sqlite3_column_int64(row, 0);
	const gsize length = (gsize)sqlite3_column_bytes(row, 1);
	const void *entry = sqlite3_column_blob(row, 1);
	const gsize n_seal = (gsize)sqlite3_column_bytes(row, 2);
	const void *seal = sqlite3_column_blob(row, 2);
	pieces p = { entry ? entry : (const guint8 *)"", length };
	pieces_head head = { 0 };
	guint8 hash[HASH];
	const gboolean is_one = pieces_take_head(&p, &head);

	r->known = r->order->since &&
		   g_strcmp0(head.at ? head.at : "", r->order->since) < 0;
	chain_hash(&r->chain, is_one ? head.before : r->chain.chained,
		   entry ? entry : "", length, hash);
	if (is_one)
		check_place(r, place, &head, hash);
	if (!is_one || !take_rows(r, &p) ||
	    !chain_seal_holds(&r->chain, head.key, hash, seal ? seal : "",
			      n_seal))
		tell(r, GROUP_CHAIN, MIYIN_DAMAGE_CHANGED, r->chain.n + 1, "");
	if (r->wrong_key && r->chain.n == 0 && is_whole(r, place, hash))
		tell(r, GROUP_FORK, MIYIN_DAMAGE_FORK, 1, _("the first key"));
	r->chain.own = is_one ? head.number : r->chain.own + 1;
	r->chain.next_key = is_one ? head.key + 1 : r->chain.next_key + 1;
	chain_append(&r->chain, entry ? entry : "", length, hash);
	check_heads(r, head.at ? head.at : "");
	g_free(r->audit->until);
	r->audit->until = g_strdup(head.at ? head.at : "");
	g_free(head.at);
}

static gboolean load_heads(reading *r, GError **error)
{
	g_autoptr(file_rows) row =
		file_select(r->db,
			    "SELECT size, note FROM heads WHERE size > ? AND"
			    " size <= ? + " PAGE_TEXT,
			    (gint64)r->chain.n, (gint64)r->chain.n, error);
	GError *reason = NULL;

	g_hash_table_remove_all(r->heads);
	while (row && file_next(row, &reason)) {
		guint64 *size = g_new(guint64, 1);

		*size = (guint64)sqlite3_column_int64(row, 0);
		g_hash_table_insert(r->heads, size,
				    g_strdup(file_text(row, 1, NULL)));
	}
	if (reason)
		g_propagate_error(error, reason);
	return row && !reason;
}

/* From place on; last: where the next page begins, or 0 when there is none. */
static gboolean read_page(reading *r, gint64 *place, gboolean *more,
			  GError **error)
{
	g_autoptr(file_rows) row = NULL;
	GError *reason = NULL;
	unsigned n = 0;

	if (!load_heads(r, error))
		return FALSE;
	row = file_select(r->db,
			  "SELECT number, entry, seal FROM log WHERE"
			  " number > ? ORDER BY number LIMIT " PAGE_TEXT,
			  *place, 0, error);
	if (!row)
		return FALSE;
	while (file_next(row, &reason)) {
		*place = sqlite3_column_int64(row, 0);
		read_entry(r, row);
		n++;
	}
	*more = n == PAGE;
	if (reason)
		g_propagate_error(error, reason);
	return reason == NULL;
}

static gboolean read_entries(reading *r, GError **error)
{
	gint64 place = G_MININT64;
	gboolean more = TRUE;

	while (more)
		if (!read_page(r, &place, &more, error))
			return FALSE;
	if (!file_hold(r->db, error))
		return FALSE;
	for (more = TRUE; more;)
		if (!read_page(r, &place, &more, error))
			return FALSE;
	r->known = FALSE;
	return TRUE;
}

/* ---- the end ------------------------------------------------------------ */

#define STATE                                                                  \
	"SELECT origin, suite, size, next_key, chained, roots, note"           \
	" FROM log_state WHERE id = 1"

/* What the next entry would be made from. */
static gboolean check_state(reading *r, GError **error)
{
	g_autoptr(file_rows) row = file_select(r->db, STATE, 0, 0, error);
	const chain *c = &r->chain;
	guint64 size;

	if (!row)
		return FALSE;
	if (!file_next(row, error)) {
		tell(r, GROUP_OTHER, MIYIN_DAMAGE_TABLE, 0, "log_state");
		return TRUE;
	}
	size = (guint64)sqlite3_column_int64(row, 2);
	if (size > c->n)
		tell(r, GROUP_END, MIYIN_DAMAGE_CUT, c->n + 1, "");
	else if (size < c->n)
		tell(r, GROUP_CHAIN, MIYIN_DAMAGE_INSERTED, size + 1, "");
	else if (!is_column(row, 4, c->chained, HASH))
		tell(r, GROUP_CHAIN, MIYIN_DAMAGE_CHANGED, c->n, "");
	if (size != c->n || r->told[GROUP_CHAIN])
		return TRUE;
	if ((guint64)sqlite3_column_int64(row, 3) != c->next_key ||
	    !is_column(row, 5, c->roots, chain_n_roots(c) * HASH) ||
	    g_strcmp0(file_text(row, 0, NULL), r->origin) != 0)
		tell(r, GROUP_OTHER, MIYIN_DAMAGE_TABLE, 0, "log_state");
	check_head(r, file_text(row, 6, NULL), c->n, "log_state");
	return TRUE;
}

/* Heads of entries that are not there. */
static gboolean check_last_heads(reading *r, GError **error)
{
	g_autoptr(file_rows) row =
		file_select(r->db,
			    "SELECT size, note FROM heads WHERE size > ?"
			    " OR size < 1 ORDER BY size LIMIT 1",
			    (gint64)r->chain.n, 0, error);
	g_auto(pieces_anchor) head = { 0 };

	if (!row)
		return FALSE;
	if (!file_next(row, error))
		return TRUE;
	if (pieces_read_anchor(file_text(row, 1, NULL), &head) && head.text &&
	    r->public && pieces_is_signed(&head, r->chain.suite, r->public))
		tell(r, GROUP_END, MIYIN_DAMAGE_CUT, r->chain.n + 1, "");
	else
		tell(r, GROUP_OTHER, MIYIN_DAMAGE_TABLE, 0, "heads");
	return TRUE;
}

static void check_last_anchors(reading *r)
{
	for (unsigned i = 0; i < r->anchors->len; i++) {
		const pieces_anchor *anchor =
			&g_array_index(r->anchors, pieces_anchor, i);

		if (anchor->size > r->chain.n)
			tell(r, GROUP_END, MIYIN_DAMAGE_OLDER, r->chain.n + 1,
			     anchor->words);
	}
}

/* The files beside the register that no copy of it brings back. */
static gboolean check_beside(reading *r, GError **error)
{
	g_autoptr(file_rows) row = NULL;
	static const char *const files[][2] = {
		{ "seal-key", "miyin-seal 1 " },
		{ "last-event", "last " },
	};

	row = file_select(r->db, "SELECT coalesce(max(seq), 0) FROM events", 0,
			  0, error);
	if (!row || !file_next(row, error))
		return FALSE;
	for (unsigned i = 0; r->order->dir && i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_build_filename(r->order->dir, files[i][0], NULL);
		g_autofree char *text = NULL;
		const guint64 here =
			i == 0 ? r->chain.next_key
			       : (guint64)sqlite3_column_int64(row, 0);

		if (g_file_get_contents(path, &text, NULL, NULL) &&
		    g_str_has_prefix(text, files[i][1]) &&
		    g_ascii_strtoull(text + strlen(files[i][1]), NULL, 10) >
			    here)
			tell(r, GROUP_END, MIYIN_DAMAGE_OLDER, r->chain.n + 1,
			     files[i][0]);
	}
	return TRUE;
}

/* ---- tables ------------------------------------------------------------- */

static void tell_row(const char *table, const char *name, guint64 number,
		     gpointer data)
{
	reading *r = data;

	r->audit->n_rows++;
	if (g_hash_table_add(r->told_tables, g_strdup(table)))
		tell(r, GROUP_OTHER, MIYIN_DAMAGE_TABLE, number, name);
}

/* What SQLite itself finds broken: an index that leads elsewhere hides rows. */
static gboolean check_file(reading *r, GError **error)
{
	g_autoptr(file_rows) row =
		file_select(r->db, "PRAGMA integrity_check(1)", 0, 0, error);

	if (!row || !file_next(row, error))
		return FALSE;
	if (g_strcmp0(file_text(row, 0, NULL), "ok") != 0)
		tell(r, GROUP_OTHER, MIYIN_DAMAGE_TABLE, 0,
		     file_text(row, 0, NULL));
	return TRUE;
}

/* ---- the whole ---------------------------------------------------------- */

static void clear_anchor(gpointer data)
{
	pieces_anchor_clear(data);
}

static gboolean read_anchors(reading *r, GError **error)
{
	char *const *texts = r->order->anchors;

	for (unsigned i = 0; texts && texts[i]; i++) {
		pieces_anchor anchor;

		if (!pieces_read_anchor(texts[i], &anchor)) {
			pieces_anchor_clear(&anchor);
			return miyin_fail(error, MIYIN_ERROR_INPUT,
					  _("This is no head of a log."));
		}
		g_array_append_val(r->anchors, anchor);
	}
	return TRUE;
}

static gboolean begin(reading *r, GError **error)
{
	g_autoptr(file_rows) row = NULL;
	guint8 key[HASH];

	r->rows = rows_new();
	r->heads = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
					 g_free);
	r->told_tables =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	r->anchors = g_array_new(FALSE, FALSE, sizeof(pieces_anchor));
	g_array_set_clear_func(r->anchors, clear_anchor);
	if (r->order->first_key &&
	    !pieces_unhex(r->order->first_key, key, HASH))
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("A sealing key is 64 hexadecimal "
				    "digits."));
	if (!read_anchors(r, error) ||
	    !(r->db = file_open(r->order->path, error)) ||
	    !(row = file_select(r->db, STATE, 0, 0, error)))
		return FALSE;
	if (!file_next(row, error))
		return *error ? FALSE
			      : miyin_fail(error, MIYIN_ERROR_INPUT,
					   _("The register has lost its "
					     "log."));
	r->origin = g_strdup(file_text(row, 0, NULL));
	r->suite_name = g_strdup(file_text(row, 1, NULL));
	r->size = (guint64)sqlite3_column_int64(row, 2);
	r->chain.suite = miyin_suite_open(r->suite_name, error);
	return r->chain.suite != NULL;
}

static gboolean read_all(reading *r, GError **error)
{
	return read_entries(r, error) && check_state(r, error) &&
	       check_last_heads(r, error) && check_beside(r, error) &&
	       rows_compare(r->rows, r->chain.suite, r->db, tell_row, r,
			    error) &&
	       check_file(r, error);
}

miyin_audit *miyin_audit_run(const miyin_audit_order *order, GError **error)
{
	g_autoptr(miyin_audit) audit = g_new0(miyin_audit, 1);
	g_auto(reading) r = { .order = order, .audit = audit };
	g_autoptr(GError) reason = NULL;
	g_autofree char *root = NULL;
	guint8 bytes[HASH];

	audit->faults = g_ptr_array_new_with_free_func(free_fault);
	if (!begin(&r, &reason) || !read_all(&r, &reason)) {
		g_propagate_error(error, g_steal_pointer(&reason));
		return NULL;
	}
	check_last_anchors(&r);
	chain_root(&r.chain, bytes);
	root = pieces_hex(bytes, HASH);
	audit->n_entries = r.chain.n;
	audit->head =
		g_strdup_printf("%" G_GUINT64_FORMAT ":%s", r.chain.n, root);
	if (!audit->until)
		audit->until = g_strdup("");
	return g_steal_pointer(&audit);
}

void miyin_audit_free(miyin_audit *audit)
{
	if (!audit)
		return;
	g_ptr_array_unref(audit->faults);
	g_free(audit->until);
	g_free(audit->head);
	g_free(audit->anchored_at);
	g_free(audit);
}

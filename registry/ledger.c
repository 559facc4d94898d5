/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"

#include <glib/gi18n.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#include <miyin/checkpoint.h>
#include <miyin/error.h>
#include <miyin/logentry.h>
#include <miyin/memfile.h>

#include "entries.h"
#include "ledgerkeys.h"

#define ENTRY_FULL (1024 * 1024) /* bytes; the next row begins another */
#define HEAD_EVERY 64		 /* entries; these heads are kept */

/* Whose rows are entered, and how one is found and named. */
static const struct {
	const char *name, *statement, *key;
} tables[] = {
	{ "documents", "SELECT * FROM documents WHERE id = :id", "id" },
	{ "jobs", "SELECT * FROM jobs WHERE id = :id", "id" },
	{ "contents",
	  "SELECT * FROM contents WHERE document = :id AND content = :content",
	  "document || ' ' || content" },
	{ "copies", "SELECT * FROM copies WHERE id = :id", "id" },
	{ "devices", "SELECT * FROM devices WHERE copy = :id", "copy" },
	{ "keys", "SELECT * FROM keys WHERE id = :id", "id" },
};

/* What of a unit of work is to be entered. */
typedef struct {
	const char *table;
	gint64 id;
	char *content; /* of contents alone */
	GBytes *event; /* of events alone */
} change;

struct miyin_ledger {
	char *dir, *origin, *suite_name;
	GPtrArray *changes;
	GHashTable *touched; /* its rows, each once */
	/* Once something was entered: */
	miyin_suite *suite;
	EVP_PKEY *head_key;
	int seal_fd;
	miyin_seal seal;
	/* While it is: */
	miyin_tree tree;
	miyin_hash chained;
	guint64 next_key;
	GByteArray *entry;
	gboolean entered;
};

static void free_change(gpointer data)
{
	change *c = data;

	g_free(c->content);
	g_clear_pointer(&c->event, g_bytes_unref);
	g_free(c);
}

miyin_ledger *miyin_ledger_new(const miyin_config *config)
{
	miyin_ledger *ledger = g_new0(miyin_ledger, 1);

	ledger->dir = g_path_get_dirname(config->register_path);
	ledger->origin = g_strdup_printf("miyin/site-%u", config->site);
	ledger->suite_name = g_strdup(config->suite ? config->suite : "sha256");
	ledger->changes = g_ptr_array_new_with_free_func(free_change);
	ledger->touched =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	ledger->seal_fd = -1;
	return ledger;
}

void miyin_ledger_free(miyin_ledger *ledger)
{
	if (!ledger)
		return;
	g_clear_pointer(&ledger->entry, g_byte_array_unref);
	g_ptr_array_unref(ledger->changes);
	g_hash_table_unref(ledger->touched);
	miyin_suite_close(ledger->suite);
	EVP_PKEY_free(ledger->head_key);
	miyin_fd_clear(&ledger->seal_fd);
	miyin_seal_clear(&ledger->seal);
	g_free(ledger->dir);
	g_free(ledger->origin);
	g_free(ledger->suite_name);
	g_free(ledger);
}

/* ---- what changed ------------------------------------------------------- */

static char *name_row(const change *c)
{
	return c->content ? g_strdup_printf("%" G_GINT64_FORMAT " %s", c->id,
					    c->content)
			  : g_strdup_printf("%" G_GINT64_FORMAT, c->id);
}

/* Takes it. */
static void add_change(miyin_ledger *ledger, change *c)
{
	g_autofree char *key = name_row(c);
	char *row = g_strconcat(c->table, " ", key, NULL);

	if (g_hash_table_add(ledger->touched, row))
		g_ptr_array_add(ledger->changes, c);
	else
		free_change(c);
}

void miyin_ledger_touch(miyin_register *reg, const char *table, gint64 id)
{
	change *c = g_new0(change, 1);

	c->table = table;
	c->id = id;
	add_change(reg->ledger, c);
}

void miyin_ledger_touch_content(miyin_register *reg, gint64 document,
				const char *content)
{
	change *c = g_new0(change, 1);

	c->table = "contents";
	c->id = document;
	c->content = g_strdup(content);
	add_change(reg->ledger, c);
}

void miyin_ledger_enter(miyin_register *reg, gint64 seq, GBytes *event)
{
	change *c = g_new0(change, 1);

	c->table = "events";
	c->id = seq;
	c->event = g_bytes_ref(event);
	add_change(reg->ledger, c);
}

gboolean miyin_ledger_insert(miyin_register *reg, const char *table,
			     const miyin_value *values, gint64 *id,
			     GError **error)
{
	gint64 new;

	if (!miyin_store_insert(reg, table, values, &new, error))
		return FALSE;
	miyin_ledger_touch(reg, table, new);
	if (id)
		*id = new;
	return TRUE;
}

void miyin_ledger_drop(miyin_register *reg)
{
	miyin_ledger *ledger = reg->ledger;

	g_ptr_array_set_size(ledger->changes, 0);
	g_hash_table_remove_all(ledger->touched);
	g_clear_pointer(&ledger->entry, g_byte_array_unref);
	ledger->entered = FALSE;
}

/* ---- its state ---------------------------------------------------------- */

static gboolean take_hashes(miyin_rows *row, const char *column,
			    miyin_hash *hashes, unsigned n)
{
	gsize length;
	const void *bytes = miyin_rows_bytes(row, column, &length);

	if (length != n * sizeof(*hashes))
		return FALSE;
	memcpy(hashes, bytes, length);
	return TRUE;
}

static gboolean read_state(miyin_register *reg, GError **error)
{
	miyin_ledger *ledger = reg->ledger;
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg, "SELECT * FROM log_state WHERE id = 1", NULL, error);

	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error) &&
		       miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The register has lost its log."));
	ledger->tree.size = (guint64)MAX(miyin_rows_number(row, "size"), 0);
	ledger->next_key = (guint64)miyin_rows_number(row, "next_key");
	g_free(ledger->suite_name);
	ledger->suite_name = g_strdup(miyin_rows_text(row, "suite"));
	g_free(ledger->origin);
	ledger->origin = g_strdup(miyin_rows_text(row, "origin"));
	if (take_hashes(row, "roots", ledger->tree.roots,
			miyin_tree_n_roots(&ledger->tree)) &&
	    take_hashes(row, "chained", &ledger->chained, 1))
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("The register has lost its log."));
}

static gboolean write_state(miyin_register *reg, const char *note,
			    GError **error)
{
	const miyin_ledger *ledger = reg->ledger;
	const miyin_tree *tree = &ledger->tree;

	return miyin_store_run(
		reg,
		"UPDATE log_state SET size = :size, next_key = :next_key,"
		" chained = :chained, roots = :roots, note = :note"
		" WHERE id = 1",
		VALUES(NUMBER("size", tree->size),
		       NUMBER("next_key", ledger->next_key),
		       BYTES("chained", &ledger->chained,
			     sizeof(ledger->chained)),
		       BYTES("roots", tree->roots,
			     miyin_tree_n_roots(tree) * sizeof(miyin_hash)),
		       TEXT("note", note)),
		NULL, error);
}

static gboolean open_keys(miyin_ledger *ledger, GError **error)
{
	if (!ledger->suite)
		ledger->suite = miyin_suite_open(ledger->suite_name, error);
	if (ledger->suite && !ledger->head_key)
		ledger->head_key = miyin_ledgerkeys_open_head(
			ledger->suite, ledger->dir, error);
	if (!ledger->head_key)
		return FALSE;
	if (ledger->seal_fd < 0)
		ledger->seal_fd =
			miyin_ledgerkeys_open_seal(ledger->dir, error);
	return ledger->seal_fd >= 0;
}

/* One that was put back has fewer entries than keys were used. */
static gboolean load(miyin_register *reg, GError **error)
{
	miyin_ledger *ledger = reg->ledger;

	if (!read_state(reg, error) || !open_keys(ledger, error) ||
	    !miyin_ledgerkeys_read_seal(ledger->seal_fd, ledger->dir,
					&ledger->seal, error))
		return FALSE;
	ledger->next_key = MAX(ledger->next_key, ledger->seal.index);
	return TRUE;
}

/* ---- entries ------------------------------------------------------------ */

static gboolean end_entry(miyin_register *reg, GError **error)
{
	miyin_ledger *ledger = reg->ledger;
	g_autoptr(GByteArray) entry = g_steal_pointer(&ledger->entry);
	miyin_hash seal;

	if (!entry)
		return TRUE;
	miyin_logentry_chain(ledger->suite, &ledger->chained, entry->data,
			     entry->len, &ledger->chained);
	miyin_tree_append(&ledger->tree, ledger->suite, entry->data,
			  entry->len);
	miyin_seal_evolve(&ledger->seal, ledger->suite, ledger->next_key);
	miyin_seal_make(&ledger->seal, ledger->suite, &ledger->chained, &seal);
	ledger->next_key++;
	ledger->entered = TRUE;
	return miyin_store_insert(
		reg, "log",
		VALUES(NUMBER("number", ledger->tree.size),
		       BYTES("entry", entry->data, entry->len),
		       BYTES("seal", &seal, sizeof(seal))),
		NULL, error);
}

static gboolean add_image(miyin_register *reg, const char *table,
			  const char *key, const void *image, gsize length,
			  GError **error)
{
	miyin_ledger *ledger = reg->ledger;
	miyin_logentry head = { .number = ledger->tree.size + 1,
				.key = ledger->next_key,
				.before = ledger->chained };

	if (!ledger->entry) {
		g_autofree char *now = miyin_entries_now();

		g_strlcpy(head.at, now, sizeof(head.at));
		ledger->entry = miyin_logentry_begin(&head);
	}
	miyin_logentry_add(ledger->entry, table, key, image, length);
	return ledger->entry->len < ENTRY_FULL || end_entry(reg, error);
}

/* Its columns from this one on. */
static gboolean add_row(miyin_register *reg, const char *table, const char *key,
			miyin_rows *row, int first, GError **error)
{
	g_autoptr(GByteArray) image = g_byte_array_new();
	miyin_value value;

	for (int i = first; miyin_rows_value(row, i, &value); i++)
		if (value.kind == MIYIN_VALUE_NUMBER)
			miyin_logentry_add_number(image, value.name,
						  value.number);
		else
			miyin_logentry_add_text(image, value.name, value.bytes);
	return add_image(reg, table, key, image->data, image->len, error);
}

static const char *statement_for(const char *table)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
		if (g_str_equal(tables[i].name, table))
			return tables[i].statement;
	g_error("%s is no table of the log", table);
}

static gboolean add_touched(miyin_register *reg, const change *c,
			    GError **error)
{
	g_autofree char *key = name_row(c);
	g_autoptr(miyin_rows) row = NULL;

	if (c->event)
		return add_image(reg, c->table, key,
				 g_bytes_get_data(c->event, NULL),
				 g_bytes_get_size(c->event), error);
	row = miyin_store_select(reg, statement_for(c->table),
				 c->content
					 ? VALUES(NUMBER("id", c->id),
						  TEXT("content", c->content))
					 : VALUES(NUMBER("id", c->id)),
				 error);
	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error) &&
		       miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The register has lost its log."));
	return add_row(reg, c->table, key, row, 0, error);
}

static gboolean keep_head(miyin_register *reg, guint64 before, const char *note,
			  GError **error)
{
	const guint64 size = reg->ledger->tree.size;

	return before / HEAD_EVERY == size / HEAD_EVERY ||
	       miyin_store_insert(
		       reg, "heads",
		       VALUES(NUMBER("size", size), TEXT("note", note)), NULL,
		       error);
}

/* What is under way, and the head of all. */
static gboolean finish(miyin_register *reg, guint64 before, GError **error)
{
	miyin_ledger *ledger = reg->ledger;
	miyin_checkpoint head = { .origin = ledger->origin };
	g_autofree char *note = NULL;

	for (unsigned i = 0; i < ledger->changes->len; i++)
		if (!add_touched(reg, ledger->changes->pdata[i], error))
			return FALSE;
	if (!end_entry(reg, error))
		return FALSE;
	head.size = ledger->tree.size;
	miyin_tree_root(&ledger->tree, ledger->suite, &head.root);
	note = miyin_checkpoint_format(ledger->suite, ledger->head_key, &head,
				       error);
	return note && keep_head(reg, before, note, error) &&
	       write_state(reg, note, error);
}

gboolean miyin_ledger_commit(miyin_register *reg, GError **error)
{
	miyin_ledger *ledger = reg->ledger;

	if (ledger->changes->len == 0)
		return TRUE;
	return load(reg, error) && finish(reg, ledger->tree.size, error);
}

/* The next key, over the last one. */
void miyin_ledger_done(miyin_register *reg)
{
	miyin_ledger *ledger = reg->ledger;

	if (!ledger->entered)
		return;
	miyin_seal_evolve(&ledger->seal, ledger->suite, ledger->next_key);
	miyin_ledgerkeys_write_seal(ledger->seal_fd, &ledger->seal);
	miyin_seal_clear(&ledger->seal);
	miyin_ledger_drop(reg);
}

/* ---- its beginning ------------------------------------------------------ */

static char *to_hex(const guint8 *bytes, gsize length)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < length; i++)
		g_string_append_printf(text, "%02x", bytes[i]);
	return g_string_free(text, FALSE);
}

/* What its heads and its seals are checked with. */
static gboolean add_keys(miyin_register *reg, GError **error)
{
	miyin_ledger *ledger = reg->ledger;
	g_autoptr(GByteArray) image = g_byte_array_new();
	g_autoptr(GBytes) raw = miyin_suite_public(ledger->head_key);
	g_autofree char *public = NULL, *first = NULL;
	const miyin_hash nothing = { 0 };
	miyin_hash made;

	if (!raw)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The key has no public half."));
	miyin_seal_make(&ledger->seal, ledger->suite, &nothing, &made);
	public = to_hex(g_bytes_get_data(raw, NULL), g_bytes_get_size(raw));
	first = to_hex(made.bytes, sizeof(made.bytes));
	miyin_logentry_add_text(image, "origin", ledger->origin);
	miyin_logentry_add_text(image, "suite", ledger->suite_name);
	miyin_logentry_add_text(image, "public", public);
	miyin_logentry_add_text(image, "first", first);
	return add_image(reg, "log", "1", image->data, image->len, error);
}

/* All rows of a table of before there was a log. */
static gboolean adopt(miyin_register *reg, const char *table, const char *key,
		      GError **error)
{
	g_autofree char *sql =
		g_strdup_printf("SELECT %s AS miyin_key, t.* FROM %s t ORDER BY"
				" %s",
				key, table, key);
	g_autoptr(miyin_rows) row = miyin_store_select(reg, sql, NULL, error);

	while (miyin_rows_next(row)) {
		g_autofree char *name =
			g_strdup(miyin_rows_text(row, "miyin_key"));

		if (!add_row(reg, table, name, row, 1, error))
			return FALSE;
	}
	return miyin_rows_end(row, error);
}

static gboolean adopt_events(miyin_register *reg, GError **error)
{
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg, "SELECT * FROM events ORDER BY seq", NULL, error);

	while (miyin_rows_next(row)) {
		g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
		g_autoptr(GBytes) bytes = NULL;
		g_autofree char *key = NULL;
		miyin_event event;

		miyin_entries_read(row, &event, text);
		key = g_strdup_printf("%" G_GINT64_FORMAT, event.seq);
		bytes = miyin_event_format(&event, error);
		if (!bytes || !add_image(reg, "events", key,
					 g_bytes_get_data(bytes, NULL),
					 g_bytes_get_size(bytes), error))
			return FALSE;
	}
	return miyin_rows_end(row, error);
}

static gboolean adopt_all(miyin_register *reg, GError **error)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
		if (!adopt(reg, tables[i].name, tables[i].key, error))
			return FALSE;
	return adopt_events(reg, error);
}

gboolean miyin_ledger_begin(miyin_register *reg, GError **error)
{
	miyin_ledger *ledger = reg->ledger;
	const miyin_hash nothing = { 0 };

	/* It may be the second time, after a commit that failed. */
	g_clear_pointer(&ledger->head_key, EVP_PKEY_free);
	miyin_fd_clear(&ledger->seal_fd);
	if (!ledger->suite)
		ledger->suite = miyin_suite_open(ledger->suite_name, error);
	if (!ledger->suite ||
	    !miyin_ledgerkeys_create(ledger->suite, ledger->dir, error) ||
	    !miyin_store_insert(
		    reg, "log_state",
		    VALUES(NUMBER("id", 1), TEXT("origin", ledger->origin),
			   TEXT("suite", ledger->suite_name), NUMBER("size", 0),
			   NUMBER("next_key", 0),
			   BYTES("chained", &nothing, sizeof(nothing)),
			   BYTES("roots", "", 0), TEXT("note", "")),
		    NULL, error))
		return FALSE;
	return load(reg, error) && add_keys(reg, error) &&
	       adopt_all(reg, error) && finish(reg, 0, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who owns the register's file changes it, in every way that we know of: miyin
 * verify names the entry, or says from where on nobody can tell.
 */
#include "register-file.h"
#include <glib/gstdio.h>
#include <miyin/audit.h>
#include <miyin/checkpoint.h>
#include <miyin/logentry.h>
#include <miyin/seal.h>
#include <openssl/evp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_PRINTS 4
#define FILE_STEP 97 /* of each byte of the file; 1 takes ten minutes */

static char *first_key, *kept; /* a copy of the register */
static char *first_dir;	       /* of the register that all begin with */

static void print_many(const char *name, int n)
{
	g_autoptr(miyin_register) reg = open_register();

	for (int i = 0; i < n; i++) {
		g_autofree char *uuid = g_strdup_printf("%s-%d", name, i);

		print_one(reg, uuid, 100 + i);
	}
}

/* Not to disk, as g_file_set_contents does. */
static void write_file(const char *to, const char *bytes, gsize length)
{
	FILE *file = fopen(to, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
}

static void copy_file(const char *from, const char *to)
{
	g_autofree char *bytes = NULL;
	gsize length;

	ck_assert(g_file_get_contents(from, &bytes, &length, NULL));
	write_file(to, bytes, length);
}

static void make_first(void)
{
	g_autoptr(miyin_register) reg = NULL;
	const miyin_request other = new_request("refused", 1, 1);
	g_autofree char *file = NULL;

	make_dir();
	print_many("job", N_PRINTS);
	reg = open_register();
	ck_assert(miyin_register_refuse(reg, &other, "over-limit", "no", NULL));
	ck_assert(miyin_register_use_key(reg, 1, "abc", NULL));
	g_clear_pointer(&reg, miyin_register_close);
	reg = open_register();
	ck_assert(miyin_register_use_key(reg, 1, "abc", NULL));
	g_ptr_array_unref(issue(reg, "key", 1, 99));
	file = g_build_filename(dir, "first-key", NULL);
	ck_assert(g_file_get_contents(file, &first_key, NULL, NULL));
	g_strchomp(first_key);
	first_dir = g_steal_pointer(&dir);
	g_free(path);
}

static void unmake_first(void)
{
	dir = g_steal_pointer(&first_dir);
	path = NULL;
	g_free(first_key);
	remove_dir();
}

static void make(void)
{
	g_autofree char *command = NULL;

	make_dir();
	command = g_strdup_printf("cp -p %s/* %s", first_dir, dir);
	ck_assert_int_eq(system(command), 0);
	kept = g_build_filename(dir, "kept.db", NULL);
	copy_file(path, kept);
}

static void unmake(void)
{
	g_free(kept);
	remove_dir();
}

/* ---- asking ------------------------------------------------------------- */

static miyin_audit *verify(const char *key, const char *beside,
			   const char *anchor)
{
	char *const anchors[] = { (char *)anchor, NULL };
	const miyin_audit_order order = { .path = path,
					  .dir = beside,
					  .first_key = key,
					  .anchors = anchors };

	return miyin_audit_run(&order, NULL);
}

#define NONE ((miyin_damage)-1)

static const miyin_fault *first_of(const miyin_audit *audit)
{
	static const miyin_fault none = { .kind = NONE, .what = (char *)"" };

	return audit && audit->faults->len > 0 ? audit->faults->pdata[0]
					       : &none;
}

static void assert_fault(const char *key, miyin_damage kind, guint64 number,
			 const char *what)
{
	g_autoptr(miyin_audit) audit = verify(key, NULL, NULL);
	const miyin_fault *fault;

	ck_assert_msg(audit != NULL, "%s: cannot be read", what);
	fault = first_of(audit);
	ck_assert_msg(fault->kind != NONE, "%s: nothing found", what);
	ck_assert_msg(fault->kind == kind && fault->number == number,
		      "%s: damage %d of entry %d [%s]", what, fault->kind,
		      (int)fault->number, fault->what);
}

static void assert_sound_log(const char *beside)
{
	g_autoptr(GError) error = NULL;
	const miyin_audit_order order = { .path = path,
					  .dir = beside,
					  .first_key = first_key };
	g_autoptr(miyin_audit) audit = miyin_audit_run(&order, &error);
	const miyin_fault *fault;

	ck_assert_msg(audit != NULL, "%s", error ? error->message : "");
	fault = first_of(audit);
	ck_assert_msg(fault->kind == NONE, "damage %d of entry %d: %s",
		      fault->kind, (int)fault->number, fault->what);
}

/* ---- changing ----------------------------------------------------------- */

/* Who can write the file drops what is against him first. */
static sqlite3 *open_file(void)
{
	static const char *const all[] = {
		"log_no_update",	"log_no_delete",
		"log_no_replace",	"heads_no_update",
		"heads_no_delete",	"heads_no_replace",
		"copies_no_delete",	"copies_no_replace",
		"copies_no_renumber",	"documents_no_delete",
		"documents_no_replace", "documents_no_reuse",
		"events_no_update",	"events_no_delete",
		"events_no_replace",	"devices_no_update",
		"devices_no_delete",	"devices_no_replace",
		"keys_no_update",	"keys_no_delete",
		"keys_no_replace",
	};
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db,
		     "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;"
		     " PRAGMA ignore_check_constraints=ON",
		     NULL, NULL, NULL);
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *sql =
			g_strconcat("DROP TRIGGER IF EXISTS ", all[i], NULL);

		ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL),
				 SQLITE_OK);
	}
	return db;
}

static gboolean try_change(const char *sql)
{
	sqlite3 *db = open_file();
	const gboolean ok =
		sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;

	sqlite3_close(db);
	return ok;
}

static void change(const char *sql)
{
	ck_assert_msg(try_change(sql), "%s", sql);
}

static void put_back(void)
{
	copy_file(kept, path);
}

static int n_log(void)
{
	return get_number("SELECT count(*) FROM log");
}

static GBytes *read_column(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	GBytes *bytes;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	bytes = g_bytes_new(sqlite3_column_blob(statement, 0),
			    (gsize)sqlite3_column_bytes(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return bytes;
}

static GBytes *read_entry(guint64 number)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT entry FROM log WHERE number = %d", (int)number);

	return read_column(sql);
}

static void write_bytes(sqlite3 *db, const char *sql, int number,
			const void *bytes, gsize length)
{
	sqlite3_stmt *statement;

	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
			 SQLITE_OK);
	sqlite3_bind_blob(statement, 1, bytes, (int)length, SQLITE_STATIC);
	if (sqlite3_bind_parameter_count(statement) > 1)
		sqlite3_bind_int(statement, 2, number);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_DONE);
	sqlite3_finalize(statement);
}

/* ---- sound -------------------------------------------------------------- */

START_TEST(sound)
{
	g_autoptr(miyin_audit) audit = NULL;

	assert_sound_log(dir);
	audit = verify(first_key, dir, NULL);
	ck_assert_uint_eq(audit->n_entries, (guint64)n_log());
	ck_assert(audit->sealed);
	ck_assert_uint_eq(audit->anchored, 0);
	audit = verify(NULL, dir, NULL);
	ck_assert(!audit->sealed);
}
END_TEST

/* Also over many pages of entries, and of the other suite. */
START_TEST(sound_long)
{
	miyin_config config = { .suite = "sm3" };
	g_autoptr(miyin_register) reg = NULL;
	g_autoptr(miyin_audit) audit = NULL;

	remove_dir();
	make_dir();
	config.register_path = path;
	reg = miyin_register_open(&config, TRUE, NULL);
	for (int i = 0; i < 1020; i++)
		ck_assert(miyin_register_note(
			reg, NOTE("trace", "wang", NULL, "found"), 0, NULL));
	first_key = NULL;
	assert_sound_log(dir);
	audit = verify(NULL, dir, NULL);
	ck_assert_uint_eq(audit->n_entries, 1021);
}
END_TEST

/* Others print meanwhile. */
START_TEST(sound_while_printing)
{
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		print_many("meanwhile", 40);
		_exit(0);
	}
	do {
		g_autoptr(miyin_audit) audit = verify(first_key, dir, NULL);

		ck_assert_ptr_nonnull(audit);
		ck_assert_uint_eq(audit->faults->len, 0);
	} while (waitpid(child, &status, WNOHANG) == 0);
	ck_assert_int_eq(status, 0);
	ck_assert_int_gt(n_log(), 200);
	assert_sound_log(dir);
}
END_TEST

static const char *const versions[] = { "1", "2", "3", "4" };

START_TEST(sound_upgraded)
{
	g_autofree char *file = g_strdup_printf(
		"samples/register/version-%s.sql", versions[_i]);
	g_autofree char *sql = NULL;
	g_autoptr(miyin_register) reg = NULL;
	g_autoptr(miyin_audit) audit = NULL;
	sqlite3 *db;

	g_unlink(path);
	ck_assert(g_file_get_contents(file, &sql, NULL, NULL));
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	reg = miyin_register_open(CONFIG(path), FALSE, NULL);
	ck_assert(miyin_register_recover(reg, NULL, NULL));
	audit = verify(NULL, NULL, NULL);
	ck_assert_ptr_nonnull(audit);
	ck_assert_uint_eq(audit->faults->len, 0);
}
END_TEST

/* Who wrote was killed in the middle: what is half there is taken back. */
START_TEST(sound_after_crash)
{
	g_autofree char *journal = g_strconcat(path, "-journal", NULL);
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		sqlite3 *db = open_file();

		sqlite3_exec(db,
			     "PRAGMA cache_size=1; PRAGMA synchronous=FULL;"
			     " BEGIN; UPDATE events SET user = 'x';"
			     " CREATE TABLE big AS SELECT zeroblob(1000000)",
			     NULL, NULL, NULL);
		kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(g_file_test(journal, G_FILE_TEST_EXISTS));
	assert_sound_log(dir);
	ck_assert(!g_file_test(journal, G_FILE_TEST_EXISTS));
}
END_TEST

/* ---- entries ------------------------------------------------------------ */

/* Whatever byte, with the seals and without. */
START_TEST(each_byte)
{
	const int number = 1 + _i;
	g_autoptr(GBytes) entry = NULL;
	g_autofree guint8 *bytes = NULL;
	sqlite3 *db;
	gsize length;

	ck_assert_int_le(number, n_log());
	entry = read_entry((guint64)number);
	length = g_bytes_get_size(entry);
	bytes = g_memdup2(g_bytes_get_data(entry, NULL), length);
	db = open_file();
	for (gsize i = 0; i < length; i++) {
		g_autofree char *what = g_strdup_printf("byte %zu", i);

		bytes[i] ^= 1;
		write_bytes(db, "UPDATE log SET entry = ? WHERE number = ?",
			    number, bytes, length);
		assert_fault(i % 2 ? first_key : NULL, MIYIN_DAMAGE_CHANGED,
			     (guint64)number, what);
		bytes[i] ^= 1;
	}
	write_bytes(db, "UPDATE log SET entry = ? WHERE number = ?", number,
		    bytes, length);
	sqlite3_close(db);
	assert_sound_log(NULL);
}
END_TEST

START_TEST(each_seal)
{
	for (int number = 1; number <= n_log(); number++) {
		g_autofree char *sql = g_strdup_printf(
			"UPDATE log SET seal = zeroblob(32) WHERE number = %d",
			number);

		change(sql);
		assert_fault(first_key, MIYIN_DAMAGE_CHANGED, (guint64)number,
			     sql);
		put_back();
	}
}
END_TEST

/* As it is, and with the numbers of those behind closed up. */
START_TEST(each_removed)
{
	const int n = n_log();

	for (int number = 1; number < n; number++) {
		g_autofree char *sql = g_strdup_printf(
			"DELETE FROM log WHERE number = %d", number);
		g_autofree char *close_up = g_strdup_printf(
			"%s; UPDATE log SET number = -number WHERE number > %d;"
			" UPDATE log SET number = -number - 1 WHERE number < 0",
			sql, number);

		change(sql);
		assert_fault(NULL, MIYIN_DAMAGE_REMOVED, (guint64)number, sql);
		put_back();
		change(close_up);
		assert_fault(first_key, MIYIN_DAMAGE_REMOVED, (guint64)number,
			     close_up);
		put_back();
	}
}
END_TEST

START_TEST(each_cut)
{
	const int n = n_log();

	for (int number = 1; number <= n; number++) {
		g_autofree char *sql = g_strdup_printf(
			"DELETE FROM log WHERE number >= %d", number);

		change(sql);
		assert_fault(NULL, MIYIN_DAMAGE_CUT, (guint64)number, sql);
		put_back();
	}
}
END_TEST

START_TEST(each_swapped)
{
	const int n = n_log();

	for (int number = 1; number < n; number++) {
		g_autofree char *sql = g_strdup_printf(
			"UPDATE log SET number = -1 WHERE number = %d;"
			" UPDATE log SET number = %d WHERE number = %d;"
			" UPDATE log SET number = %d WHERE number = -1",
			number, number, number + 1, number + 1);

		change(sql);
		assert_fault(NULL, MIYIN_DAMAGE_CHANGED, (guint64)number, sql);
		put_back();
	}
}
END_TEST

/* A second one of it, and those behind moved on. */
START_TEST(each_inserted)
{
	const int n = n_log();

	for (int number = 1; number <= n; number++) {
		g_autofree char *sql = g_strdup_printf(
			"UPDATE log SET number = -number WHERE number > %d;"
			" UPDATE log SET number = -number + 1 WHERE number < 0;"
			" INSERT INTO log SELECT number + 1, entry, seal FROM"
			" log WHERE number = %d",
			number, number);

		change(sql);
		assert_fault(NULL, MIYIN_DAMAGE_INSERTED, (guint64)number, sql);
		put_back();
	}
}
END_TEST

START_TEST(state_and_heads)
{
	static const char *const changes[] = {
		"UPDATE log_state SET origin = 'miyin/site-9'",
		"UPDATE log_state SET size = size - 1",
		"UPDATE log_state SET size = size + 1",
		"UPDATE log_state SET next_key = next_key + 1",
		"UPDATE log_state SET chained = zeroblob(32)",
		"UPDATE log_state SET roots = zeroblob(length(roots))",
		"UPDATE log_state SET note = ''",
		"UPDATE log_state SET note = replace(note, '—', '-')",
		"INSERT INTO heads SELECT 3, note FROM log_state",
		"INSERT INTO heads VALUES(3, 'x')",
		"INSERT INTO heads VALUES(1000, 'x')",
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autoptr(miyin_audit) audit = NULL;

		change(changes[i]);
		audit = verify(first_key, NULL, NULL);
		ck_assert_msg(audit && audit->faults->len > 0, "%s",
			      changes[i]);
		put_back();
	}
	change("DELETE FROM log_state");
	ck_assert_ptr_null(verify(first_key, NULL, NULL));
}
END_TEST

/* ---- tables ------------------------------------------------------------- */

static const struct {
	const char *name, *key;
} tables[] = {
	{ "documents", "id" }, { "jobs", "id" }, { "copies", "id" },
	{ "devices", "copy" }, { "keys", "id" }, { "contents", "content" },
	{ "events", "seq" },
};

static void assert_table(const char *sql, const char *table)
{
	g_autoptr(miyin_audit) audit = verify(NULL, NULL, NULL);
	gboolean found = FALSE;

	ck_assert_ptr_nonnull(audit);
	for (unsigned i = 0; i < audit->faults->len; i++) {
		const miyin_fault *fault = audit->faults->pdata[i];

		found |= fault->kind == MIYIN_DAMAGE_TABLE &&
			 g_str_has_prefix(fault->what, table);
	}
	ck_assert_msg(found, "%s", sql);
}

/* Each column of each row, triggers dropped. */
START_TEST(each_column)
{
	const char *table = tables[_i].name;
	g_autofree char *columns = g_strdup_printf(
		"SELECT group_concat(name) FROM pragma_table_info('%s')",
		table);
	g_autoptr(GBytes) list = read_column(columns);
	g_autofree char *names =
		g_strndup(g_bytes_get_data(list, NULL), g_bytes_get_size(list));
	g_auto(GStrv) name = g_strsplit(names, ",", -1);
	g_autofree char *count =
		g_strdup_printf("SELECT count(*) FROM %s", table);
	const int n = get_number(count);
	unsigned n_changed = 0;

	ck_assert_int_gt(n, 0);
	for (int row = 0; row < n; row++)
		for (unsigned i = 0; name[i]; i++) {
			g_autofree char *sql = g_strdup_printf(
				"UPDATE %s SET \"%s\" = CASE typeof(\"%s\")"
				" WHEN 'integer' THEN \"%s\" + 1000 ELSE"
				" coalesce(\"%s\", '') || 'x' END WHERE %s ="
				" (SELECT %s FROM %s LIMIT 1 OFFSET %d)",
				table, name[i], name[i], name[i], name[i],
				tables[_i].key, tables[_i].key, table, row);

			if (!try_change(sql))
				continue; /* of an integer that is NULL */
			n_changed++;
			assert_table(sql, table);
			put_back();
		}
	ck_assert_uint_ge(n_changed, (unsigned)n);
}
END_TEST

START_TEST(each_row_deleted)
{
	const char *table = tables[_i].name;
	g_autofree char *count =
		g_strdup_printf("SELECT count(*) FROM %s", table);
	const int n = get_number(count);

	for (int row = 0; row < n; row++) {
		g_autofree char *sql = g_strdup_printf(
			"DELETE FROM %s WHERE %s = (SELECT %s FROM %s LIMIT 1"
			" OFFSET %d)",
			table, tables[_i].key, tables[_i].key, table, row);

		change(sql);
		assert_table(sql, table);
		put_back();
	}
}
END_TEST

static const char *const inserted[] = {
	"INSERT INTO keys VALUES(9, 'x', 'y')",
	"INSERT INTO contents VALUES('sha256:x', 1, 1)",
	"INSERT INTO events SELECT seq + 100, at, event, result, reason, detail,"
	" user, host, printer, job_id, level, period, reference, title, serial,"
	" holder, pages, copy_code, server FROM events WHERE event = 'refuse'",
	"INSERT INTO devices SELECT copy + 100, end, reached, bytes, pages,"
	" detail, at FROM devices WHERE copy = 1",
};

START_TEST(row_inserted)
{
	const char *table = strchr(inserted[_i], 'O') + 2;
	g_autofree char *name = g_strndup(table, strcspn(table, " "));

	change(inserted[_i]);
	assert_table(inserted[_i], name);
}
END_TEST

/* ---- the whole file ------------------------------------------------------ */

/* All that the register says. NULL: it cannot be read. */
static char *read_all(const char *file)
{
	static const char *const sets[] = {
		"log",	  "heads",    "log_state", "documents", "jobs",
		"copies", "contents", "devices",   "keys",	"events",
	};
	g_autoptr(GString) all = g_string_new(NULL);
	gboolean ok = TRUE;
	sqlite3 *db = NULL;

	ok = sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL) ==
	     SQLITE_OK;
	for (unsigned i = 0; ok && i < G_N_ELEMENTS(sets); i++) {
		g_autofree char *sql =
			g_strdup_printf("SELECT * FROM %s", sets[i]);
		sqlite3_stmt *rows = NULL;
		int status = SQLITE_ERROR;

		if (sqlite3_prepare_v2(db, sql, -1, &rows, NULL) == SQLITE_OK)
			while ((status = sqlite3_step(rows)) == SQLITE_ROW)
				for (int c = 0; c < sqlite3_column_count(rows);
				     c++) {
					const char *bytes =
						sqlite3_column_blob(rows, c);

					g_string_append_printf(
						all, "%d:",
						sqlite3_column_type(rows, c));
					g_string_append_len(
						all, bytes ? bytes : "",
						sqlite3_column_bytes(rows, c));
				}
		ok = status == SQLITE_DONE;
		sqlite3_finalize(rows);
	}
	sqlite3_close(db);
	if (!ok)
		return NULL;
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256,
					   (const guchar *)all->str, all->len);
}

/* What is not found changes nothing of what the register says. */
START_TEST(each_byte_of_file)
{
	g_autofree char *before = read_all(path);
	g_autofree char *bytes = NULL;
	unsigned n_found = 0, n_nothing = 0;
	gsize length;

	ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
	for (gsize i = 0; i < length; i += FILE_STEP) {
		g_autoptr(miyin_audit) audit = NULL;

		bytes[i] ^= 1 << (i % 8);
		write_file(path, bytes, length);
		audit = verify(first_key, NULL, NULL);
		if (!audit || audit->faults->len > 0) {
			n_found++;
		} else {
			g_autofree char *after = read_all(path);

			ck_assert_msg(g_strcmp0(before, after) == 0,
				      "byte %zu of %zu", i, length);
			n_nothing++;
		}
		bytes[i] ^= 1 << (i % 8);
	}
	printf("%u bytes of the file changed: %u found, %u say nothing\n",
	       n_found + n_nothing, n_found, n_nothing);
	ck_assert_uint_gt(n_found, 0);
}
END_TEST

/* An older copy in its place: by what is beside it, or by an anchor; else it is
 * in the window. */
START_TEST(rolled_back)
{
	g_autoptr(miyin_audit) audit = verify(first_key, dir, NULL);
	g_autofree char *before = g_strdup(audit->head);
	g_autofree char *anchor = NULL;
	guint64 n = audit->n_entries;

	print_many("later", 1);
	g_clear_pointer(&audit, miyin_audit_free);
	audit = verify(first_key, dir, before);
	ck_assert_uint_eq(audit->faults->len, 0);
	ck_assert_uint_eq(audit->anchored, n);
	anchor = g_strdup(audit->head);
	put_back();
	g_clear_pointer(&audit, miyin_audit_free);
	audit = verify(first_key, dir, NULL);
	ck_assert_uint_eq(first_of(audit)->kind, MIYIN_DAMAGE_OLDER);
	ck_assert_uint_eq(first_of(audit)->number, n + 1);
	g_clear_pointer(&audit, miyin_audit_free);
	audit = verify(first_key, NULL, anchor);
	ck_assert_uint_eq(first_of(audit)->kind, MIYIN_DAMAGE_OLDER);
	ck_assert_str_eq(first_of(audit)->what, anchor);
	g_clear_pointer(&audit, miyin_audit_free);
	audit = verify(first_key, NULL, before);
	ck_assert_uint_eq(audit->faults->len, 0);
	ck_assert_uint_eq(audit->anchored, n);
	ck_assert_uint_eq(audit->n_entries, n);
}
END_TEST

/* Put back and gone on with: seen for ever, by the keys that are left out. */
START_TEST(goes_on_after)
{
	g_autoptr(miyin_register) reg = NULL;
	g_autoptr(miyin_audit) audit = NULL;
	const int n = n_log();
	miyin_register_gap gap;

	print_many("later", 1);
	put_back();
	reg = open_register();
	ck_assert(miyin_register_accept(reg, "root", &gap, NULL));
	ck_assert_int_gt(gap.last, 0);
	g_clear_pointer(&reg, miyin_register_close);
	print_many("after", 1);
	audit = verify(first_key, dir, NULL);
	ck_assert_ptr_nonnull(audit);
	ck_assert_uint_eq(audit->faults->len, 1);
	ck_assert_uint_eq(first_of(audit)->kind, MIYIN_DAMAGE_OLDER);
	ck_assert_uint_eq(first_of(audit)->number, (guint64)n + 1);
	/* What is known is not told again. */
	miyin_audit_free(audit);
	audit = miyin_audit_run(
		&(const miyin_audit_order){ .path = path,
					    .dir = dir,
					    .first_key = first_key,
					    .since = "9999-01-01" },
		NULL);
	ck_assert_uint_eq(audit->faults->len, 0);
}
END_TEST

/* Two go on from the same: each auditor has the other's head. */
START_TEST(forked)
{
	g_autofree char *one = g_build_filename(dir, "one.db", NULL);
	g_autofree char *key = g_build_filename(dir, "seal-key", NULL);
	g_autofree char *old = g_build_filename(dir, "old-key", NULL);
	g_autofree char *last = g_build_filename(dir, "last-event", NULL);
	g_autoptr(miyin_audit) audit = verify(first_key, NULL, NULL);
	g_autoptr(GBytes) note = NULL;
	g_autofree char *head = NULL, *text = NULL;
	guint64 n = audit->n_entries;

	copy_file(key, old);
	print_many("one", 1);
	miyin_audit_free(audit);
	audit = verify(first_key, NULL, NULL);
	head = g_strdup(audit->head);
	note = read_column("SELECT note FROM log_state");
	text = g_strndup(g_bytes_get_data(note, NULL), g_bytes_get_size(note));
	copy_file(path, one);
	put_back();
	copy_file(old, key);
	g_unlink(last);
	print_many("two", 1);
	for (int i = 0; i < 2; i++) {
		miyin_audit_free(audit);
		audit = verify(first_key, NULL, i ? text : head);
		ck_assert(first_of(audit)->kind != NONE);
		ck_assert_uint_eq(first_of(audit)->kind, MIYIN_DAMAGE_FORK);
		ck_assert_uint_eq(first_of(audit)->number, 1);
	}
	miyin_audit_free(audit);
	copy_file(one, path);
	audit = verify(first_key, NULL, text);
	ck_assert_uint_eq(audit->faults->len, 0);
	ck_assert_uint_eq(audit->anchored, n + 5);
}
END_TEST

/* ---- all made anew ------------------------------------------------------- */

/* Another holder in an entry and in the tables, and all behind it as it would
 * be; signed when he has that key, too. */
static void forge(guint64 number, const char *old, const char *new,
		  gboolean sign)
{
	g_autoptr(miyin_suite) suite = miyin_suite_open("sha256", NULL);
	g_autofree char *pem_path = g_build_filename(dir, "head-key", NULL);
	g_autofree char *pem = NULL, *note = NULL, *sql = NULL;
	const guint64 n = (guint64)n_log();
	miyin_checkpoint head = { .origin = (char *)"miyin/site-0" };
	miyin_hash chained = { 0 };
	miyin_tree tree = { 0 };
	sqlite3 *db = open_file();
	EVP_PKEY *key;

	for (guint64 i = 1; i <= n; i++) {
		g_autoptr(GBytes) entry = read_entry(i);
		gsize length = g_bytes_get_size(entry);
		g_autofree guint8 *bytes =
			g_memdup2(g_bytes_get_data(entry, NULL), length);
		g_autoptr(GByteArray) made = NULL;
		g_autoptr(GArray) rows = NULL;
		miyin_logentry said;
		guint8 *at;

		if (i == number)
			while ((at = memmem(bytes, length, old, strlen(old))))
				memcpy(at, new, strlen(new));
		ck_assert(miyin_logentry_parse(bytes, length, &said, &rows,
					       NULL));
		said.before = chained;
		made = miyin_logentry_begin(&said);
		g_byte_array_append(made, bytes + made->len,
				    (guint)(length - made->len));
		write_bytes(db, "UPDATE log SET entry = ? WHERE number = ?",
			    (int)i, made->data, made->len);
		miyin_logentry_chain(suite, &chained, made->data, made->len,
				     &chained);
		miyin_tree_append(&tree, suite, made->data, made->len);
	}
	write_bytes(db, "UPDATE log_state SET chained = ?", 0, &chained,
		    sizeof(chained));
	write_bytes(db, "UPDATE log_state SET roots = ?", 0, tree.roots,
		    miyin_tree_n_roots(&tree) * sizeof(miyin_hash));
	head.size = n;
	miyin_tree_root(&tree, suite, &head.root);
	ck_assert(g_file_get_contents(pem_path, &pem, NULL, NULL));
	key = sign ? miyin_suite_read_key(suite, pem, NULL)
		   : miyin_suite_new_key(suite, NULL);
	note = miyin_checkpoint_format(suite, key, &head, NULL);
	write_bytes(db, "UPDATE log_state SET note = CAST(? AS TEXT)", 0, note,
		    strlen(note));
	sql = g_strdup_printf("UPDATE events SET holder = replace(holder, '%s',"
			      " '%s'); UPDATE copies SET holder ="
			      " replace(holder, '%s', '%s') WHERE id = 1",
			      old, new, old, new);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	EVP_PKEY_free(key);
}

START_TEST(made_anew)
{
	g_autoptr(miyin_audit) audit = verify(NULL, NULL, NULL);
	g_autofree char *anchor = g_strdup(audit->head);
	const miyin_fault *fault;

	/* With the register alone: no signature. */
	forge(2, "张三", "赵六", FALSE);
	miyin_audit_free(audit);
	audit = verify(NULL, NULL, NULL);
	ck_assert(first_of(audit)->kind != NONE);
	put_back();
	/* With all keys that are there: the seals of before. */
	forge(2, "张三", "赵六", TRUE);
	miyin_audit_free(audit);
	audit = verify(first_key, NULL, NULL);
	fault = first_of(audit);
	ck_assert(fault->kind != NONE);
	ck_assert_uint_eq(fault->kind, MIYIN_DAMAGE_CHANGED);
	ck_assert_uint_eq(fault->number, 2);
	/* Without the first key, an anchor. */
	miyin_audit_free(audit);
	audit = verify(NULL, NULL, anchor);
	fault = first_of(audit);
	ck_assert(fault->kind != NONE);
	ck_assert_uint_eq(fault->kind, MIYIN_DAMAGE_FORK);
	ck_assert_str_eq(fault->what, anchor);
}
END_TEST

/* ---- what is brought ----------------------------------------------------- */

static const char *const no_anchors[] = {
	"",
	"x",
	"5",
	"5:",
	"5:1234567",
	"0:12345678",
	"-1:12345678",
	"5:xxxxxxxxxxxx",
	"a\n1\nx\n\n— a b\n",
};

START_TEST(no_anchor)
{
	ck_assert_ptr_null(verify(NULL, NULL, no_anchors[_i]));
}
END_TEST

START_TEST(no_register)
{
	ck_assert_int_eq(g_unlink(path), 0);
	ck_assert_ptr_null(verify(NULL, NULL, NULL));
	ck_assert(g_file_set_contents(path, "no database", -1, NULL));
	ck_assert_ptr_null(verify(NULL, NULL, NULL));
	ck_assert_ptr_null(verify("no key", NULL, NULL));
}
END_TEST

START_TEST(another_first_key)
{
	g_autofree char *other = g_strnfill(64, 'a');

	assert_fault(other, MIYIN_DAMAGE_FORK, 1, "another first key");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("audit");
	TCase *tcase = tcase_create("audit");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_first, unmake_first);
	tcase_add_checked_fixture(tcase, make, unmake);
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, sound);
	tcase_add_test(tcase, sound_long);
	tcase_add_test(tcase, sound_while_printing);
	tcase_add_test(tcase, sound_after_crash);
	tcase_add_loop_test(tcase, sound_upgraded, 0, G_N_ELEMENTS(versions));
	tcase_add_loop_test(tcase, each_byte, 0, 5 * N_PRINTS + 3);
	tcase_add_test(tcase, each_seal);
	tcase_add_test(tcase, each_removed);
	tcase_add_test(tcase, each_cut);
	tcase_add_test(tcase, each_swapped);
	tcase_add_test(tcase, each_inserted);
	tcase_add_test(tcase, state_and_heads);
	tcase_add_loop_test(tcase, each_column, 0, G_N_ELEMENTS(tables));
	tcase_add_loop_test(tcase, each_row_deleted, 0, G_N_ELEMENTS(tables));
	tcase_add_loop_test(tcase, row_inserted, 0, G_N_ELEMENTS(inserted));
	tcase_add_test(tcase, each_byte_of_file);
	tcase_add_test(tcase, rolled_back);
	tcase_add_test(tcase, goes_on_after);
	tcase_add_test(tcase, forked);
	tcase_add_test(tcase, made_anew);
	tcase_add_loop_test(tcase, no_anchor, 0, G_N_ELEMENTS(no_anchors));
	tcase_add_test(tcase, no_register);
	tcase_add_test(tcase, another_first_key);
	return run_suite(suite);
}

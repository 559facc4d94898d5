/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register's tables, version by version: a new register goes through all
 * of them, one of an older version through those it lacks. What has been in a
 * release is never edited. CHECK and UNIQUE say again what the code does, so
 * that a fault of the code stops printing instead of forging the register.
 */
#ifndef MIYIN_SCHEMA_SQL_H
#define MIYIN_SCHEMA_SQL_H

#include "schema.h"

#define MIYIN_APPLICATION_ID 0x4d495949 /* "MIYI" */

static const char miyin_schema_1[] =
	"CREATE TABLE documents("
	" id INTEGER PRIMARY KEY,"
	" identity TEXT NOT NULL UNIQUE," /* ref:... or sha256:... */
	" reference TEXT,"
	" title TEXT NOT NULL,"
	" level TEXT NOT NULL,"
	" level_text TEXT NOT NULL,"
	" level_rank INTEGER NOT NULL,"
	" used INTEGER NOT NULL DEFAULT 0,"
	" last_serial INTEGER NOT NULL DEFAULT 0,"
	" created_at TEXT NOT NULL,"
	" CHECK(used >= 0 AND used <= last_serial)) STRICT;"

	"CREATE TABLE jobs("
	" id INTEGER PRIMARY KEY,"
	" uuid TEXT NOT NULL,"
	" document_no INTEGER NOT NULL,"
	" document INTEGER NOT NULL REFERENCES documents(id),"
	" content_hash TEXT NOT NULL,"
	" job_id INTEGER NOT NULL,"
	" user TEXT NOT NULL CHECK(user <> ''),"
	" uid INTEGER NOT NULL,"
	" host TEXT NOT NULL,"
	" printer TEXT NOT NULL,"
	" title TEXT NOT NULL,"
	" scheme TEXT NOT NULL,"
	" level TEXT NOT NULL,"
	" period TEXT NOT NULL,"
	" pages INTEGER NOT NULL CHECK(pages > 0),"
	" n_copies INTEGER NOT NULL CHECK(n_copies > 0),"
	" at TEXT NOT NULL,"
	" UNIQUE(uuid, document_no)) STRICT;"
	"CREATE INDEX jobs_by_content ON jobs(content_hash);"

	"CREATE TABLE copies("
	" id INTEGER PRIMARY KEY,"
	" copy_id INTEGER NOT NULL UNIQUE"
	"  CHECK(copy_id BETWEEN 0 AND 1099511627775),"
	" copy_code TEXT NOT NULL UNIQUE,"
	" document INTEGER NOT NULL REFERENCES documents(id),"
	" job INTEGER NOT NULL REFERENCES jobs(id),"
	" copy_no INTEGER NOT NULL,"
	" serial INTEGER NOT NULL CHECK(serial > 0),"
	" holder TEXT NOT NULL CHECK(holder <> ''),"
	" state TEXT NOT NULL CHECK(state IN ('reserved', 'sending',"
	"  'printed', 'partial', 'doubt', 'void')),"
	" device_job INTEGER NOT NULL DEFAULT 0,"
	" device_started INTEGER NOT NULL DEFAULT 0,"
	" pages_done INTEGER NOT NULL DEFAULT 0,"
	" issued_at TEXT NOT NULL,"
	" settled_at TEXT,"
	" UNIQUE(document, serial)) STRICT;"
	"CREATE UNIQUE INDEX copies_of_job ON copies(job, copy_no)"
	" WHERE state <> 'void';"
	"CREATE INDEX copies_open ON copies(state)"
	" WHERE state IN ('reserved', 'sending');"

	"CREATE TABLE events("
	" seq INTEGER PRIMARY KEY,"
	" at TEXT NOT NULL,"
	" event TEXT NOT NULL,"
	" result TEXT NOT NULL CHECK(result IN ('ok', 'refused', 'failed')),"
	" reason TEXT NOT NULL,"
	" detail TEXT NOT NULL,"
	" user TEXT NOT NULL,"
	" host TEXT NOT NULL,"
	" printer TEXT NOT NULL,"
	" job_id INTEGER NOT NULL,"
	" level TEXT NOT NULL,"
	" period TEXT NOT NULL,"
	" reference TEXT NOT NULL,"
	" title TEXT NOT NULL,"
	" serial INTEGER NOT NULL,"
	" holder TEXT NOT NULL,"
	" pages INTEGER NOT NULL,"
	" copy_code TEXT NOT NULL) STRICT;"
	"CREATE UNIQUE INDEX claims ON events(copy_code) WHERE event = 'claim';"

	/* Stops mistakes, not the file's owner. */
	"CREATE TRIGGER events_no_update BEFORE UPDATE ON events"
	" BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;"
	"CREATE TRIGGER events_no_delete BEFORE DELETE ON events"
	" BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;"
	"CREATE TRIGGER events_no_replace BEFORE INSERT ON events"
	" WHEN EXISTS(SELECT 1 FROM events WHERE seq = NEW.seq)"
	" BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;"
	"CREATE TRIGGER copies_no_delete BEFORE DELETE ON copies"
	" BEGIN SELECT RAISE(ABORT, 'copies are kept'); END;"
	/* REPLACE deletes without the triggers of DELETE. */
	"CREATE TRIGGER copies_no_replace BEFORE INSERT ON copies"
	" WHEN EXISTS(SELECT 1 FROM copies WHERE id = NEW.id OR"
	" copy_id = NEW.copy_id OR copy_code = NEW.copy_code OR"
	" (document = NEW.document AND serial = NEW.serial) OR"
	" (job = NEW.job AND copy_no = NEW.copy_no AND state <> 'void'))"
	" BEGIN SELECT RAISE(ABORT, 'copies are kept'); END;"
	"CREATE TRIGGER copies_no_renumber BEFORE UPDATE OF copy_id, copy_code,"
	" document, job, copy_no, serial, holder ON copies"
	" BEGIN SELECT RAISE(ABORT, 'a copy keeps its numbers'); END;"
	"CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents"
	" BEGIN SELECT RAISE(ABORT, 'documents are kept'); END;"
	"CREATE TRIGGER documents_no_replace BEFORE INSERT ON documents"
	" WHEN EXISTS(SELECT 1 FROM documents WHERE id = NEW.id OR"
	" identity = NEW.identity)"
	" BEGIN SELECT RAISE(ABORT, 'documents are kept'); END;"
	"CREATE TRIGGER documents_no_reuse BEFORE UPDATE OF last_serial ON"
	" documents WHEN NEW.last_serial < OLD.last_serial"
	" BEGIN SELECT RAISE(ABORT, 'serials are never used twice'); END;";

/* miyin_skeleton(text) is a function of our own, there while it is changed. */
static const char miyin_schema_2[] =
	/* Who may raise it and print other content under its reference: a user,
	 * or @group. common: an officer said that its content is everybody's.
	 */
	"ALTER TABLE documents ADD COLUMN owner TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE documents ADD COLUMN common INTEGER NOT NULL DEFAULT 0"
	" CHECK(common IN (0, 1));"
	/* References that look alike are one. */
	"ALTER TABLE documents ADD COLUMN skeleton TEXT;"
	"CREATE UNIQUE INDEX documents_by_skeleton ON documents(skeleton);"
	"CREATE INDEX jobs_by_document ON jobs(document);"
	"UPDATE documents SET owner = coalesce((SELECT user FROM jobs WHERE"
	" document = documents.id ORDER BY id LIMIT 1), '');"
	"UPDATE OR IGNORE documents SET skeleton = miyin_skeleton(reference)"
	" WHERE reference IS NOT NULL;"
	"INSERT INTO events(at, event, result, reason, detail, user, host,"
	" printer, job_id, level, period, reference, title, serial, holder,"
	" pages, copy_code) SELECT strftime('%Y-%m-%dT%H:%M:%S+00:00'),"
	" 'look-alike', 'failed', '', 'looks like an earlier reference', owner,"
	" '', '', 0, level, '', reference, title, 0, '', 0, '' FROM documents"
	" WHERE reference IS NOT NULL AND skeleton IS NULL ORDER BY id;"

	/* Of the parsed document; '' when nobody parsed it. */
	"ALTER TABLE jobs ADD COLUMN identity TEXT NOT NULL DEFAULT '';"
	/* Each content that a document was printed with, once, and the first
	 * job that did: see dossier.c. */
	"CREATE TABLE contents("
	" content TEXT NOT NULL,"
	" document INTEGER NOT NULL REFERENCES documents(id),"
	" job INTEGER NOT NULL REFERENCES jobs(id),"
	" PRIMARY KEY(content, document)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX contents_of_document ON contents(document);"
	"INSERT INTO contents SELECT 'sha256:' || content_hash, document,"
	" min(id) FROM jobs GROUP BY 1, 2;"
	"DROP INDEX jobs_by_content;"

	/* What the guard saw of a copy. Evidence: written once. */
	"CREATE INDEX copies_of_device ON copies(device_job)"
	" WHERE device_job <> 0;"
	"CREATE TABLE devices("
	" copy INTEGER PRIMARY KEY REFERENCES copies(id),"
	" end TEXT NOT NULL CHECK(end IN ('done', 'failed', 'killed')),"
	" reached INTEGER NOT NULL CHECK(reached IN (0, 1)),"
	" bytes INTEGER NOT NULL CHECK(bytes >= 0),"
	" pages INTEGER NOT NULL CHECK(pages >= 0),"
	" detail TEXT NOT NULL,"
	" at TEXT NOT NULL) STRICT;"

	/* Which master key an id stands for, without the key. */
	"CREATE TABLE keys("
	" id INTEGER PRIMARY KEY CHECK(id BETWEEN 0 AND 15),"
	" fingerprint TEXT NOT NULL,"
	" at TEXT NOT NULL) STRICT;"

	/* Some of version 1 are older than this index. */
	"CREATE UNIQUE INDEX IF NOT EXISTS claims ON events(copy_code)"
	" WHERE event = 'claim';"
	"CREATE INDEX events_of_office ON events(event)"
	" WHERE event IN ('backup', 'counter');"

	"DROP TRIGGER documents_no_replace;"
	"CREATE TRIGGER documents_no_replace BEFORE INSERT ON documents"
	" WHEN EXISTS(SELECT 1 FROM documents WHERE id = NEW.id OR"
	" identity = NEW.identity OR skeleton = NEW.skeleton)"
	" BEGIN SELECT RAISE(ABORT, 'documents are kept'); END;"
	"CREATE TRIGGER devices_no_update BEFORE UPDATE ON devices"
	" BEGIN SELECT RAISE(ABORT, 'what a device did stands'); END;"
	"CREATE TRIGGER devices_no_delete BEFORE DELETE ON devices"
	" BEGIN SELECT RAISE(ABORT, 'what a device did stands'); END;"
	"CREATE TRIGGER devices_no_replace BEFORE INSERT ON devices"
	" WHEN EXISTS(SELECT 1 FROM devices WHERE copy = NEW.copy)"
	" BEGIN SELECT RAISE(ABORT, 'what a device did stands'); END;"
	"CREATE TRIGGER keys_no_update BEFORE UPDATE ON keys"
	" BEGIN SELECT RAISE(ABORT, 'a key keeps its number'); END;"
	"CREATE TRIGGER keys_no_delete BEFORE DELETE ON keys"
	" BEGIN SELECT RAISE(ABORT, 'a key keeps its number'); END;"
	"CREATE TRIGGER keys_no_replace BEFORE INSERT ON keys"
	" WHEN EXISTS(SELECT 1 FROM keys WHERE id = NEW.id)"
	" BEGIN SELECT RAISE(ABORT, 'a key keeps its number'); END;";

/* More references look alike than in version 2: 012号 is 12号. Each keeps its
 * document, its owner finds it by its letters; of those that look alike now the
 * first has the look, and the officer reads of the others, but for those that
 * he read of before. */
static const char miyin_schema_3[] =
	"UPDATE documents SET skeleton = NULL;"
	"UPDATE OR IGNORE documents SET skeleton = miyin_skeleton(reference)"
	" WHERE reference IS NOT NULL;"
	"INSERT INTO events(at, event, result, reason, detail, user, host,"
	" printer, job_id, level, period, reference, title, serial, holder,"
	" pages, copy_code) SELECT strftime('%Y-%m-%dT%H:%M:%S+00:00'),"
	" 'look-alike', 'failed', '', 'looks like an earlier reference', owner,"
	" '', '', 0, level, '', reference, title, 0, '', 0, '' FROM documents d"
	" WHERE reference IS NOT NULL AND skeleton IS NULL AND NOT EXISTS("
	"SELECT 1 FROM events e WHERE e.event = 'look-alike' AND"
	" e.reference = d.reference) ORDER BY id;";

/* Events are bytes before they are rows (doc/format-event.md); those of before
 * are in the log of version 5. What a server did says which one. */
static const char miyin_schema_4[] =
	"CREATE TABLE entries("
	" seq INTEGER PRIMARY KEY,"
	" entry BLOB NOT NULL) STRICT;"
	"CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries"
	" BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;"
	"CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries"
	" BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;"
	"CREATE TRIGGER entries_no_replace BEFORE INSERT ON entries"
	" WHEN EXISTS(SELECT 1 FROM entries WHERE seq = NEW.seq)"
	" BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;"
	"ALTER TABLE events ADD COLUMN server TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE jobs ADD COLUMN server TEXT NOT NULL DEFAULT '';";

/* All that is written is an entry of the log first (doc/format-log.md); what was
 * there before is entered by miyin_ledger_begin. */
static const char miyin_schema_5[] =
	"DROP TABLE entries;"
	"CREATE TABLE log("
	" number INTEGER PRIMARY KEY,"
	" entry BLOB NOT NULL,"
	" seal BLOB NOT NULL) STRICT;"
	/* Its heads, of which every 64th entry or so has one. */
	"CREATE TABLE heads("
	" size INTEGER PRIMARY KEY,"
	" note TEXT NOT NULL) STRICT;"
	/* How far it is, with what the next entry is made from; one row. */
	"CREATE TABLE log_state("
	" id INTEGER PRIMARY KEY CHECK(id = 1),"
	" origin TEXT NOT NULL,"
	" suite TEXT NOT NULL,"
	" size INTEGER NOT NULL CHECK(size >= 0),"
	" next_key INTEGER NOT NULL CHECK(next_key >= 0),"
	" chained BLOB NOT NULL,"
	" roots BLOB NOT NULL,"
	" note TEXT NOT NULL) STRICT;"
	"CREATE TRIGGER log_no_update BEFORE UPDATE ON log"
	" BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;"
	"CREATE TRIGGER log_no_delete BEFORE DELETE ON log"
	" BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;"
	"CREATE TRIGGER log_no_replace BEFORE INSERT ON log"
	" WHEN EXISTS(SELECT 1 FROM log WHERE number = NEW.number)"
	" BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;"
	"CREATE TRIGGER heads_no_update BEFORE UPDATE ON heads"
	" BEGIN SELECT RAISE(ABORT, 'heads are kept'); END;"
	"CREATE TRIGGER heads_no_delete BEFORE DELETE ON heads"
	" BEGIN SELECT RAISE(ABORT, 'heads are kept'); END;"
	"CREATE TRIGGER heads_no_replace BEFORE INSERT ON heads"
	" WHEN EXISTS(SELECT 1 FROM heads WHERE size = NEW.size)"
	" BEGIN SELECT RAISE(ABORT, 'heads are kept'); END;";

static const char *const miyin_schema[MIYIN_SCHEMA_VERSION] = {
	miyin_schema_1, miyin_schema_2, miyin_schema_3,
	miyin_schema_4, miyin_schema_5,
};

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register's tables. CHECK and UNIQUE say again what the code does, so
 * that a fault of the code stops printing instead of forging the register.
 */
#ifndef MIYIN_SCHEMA_H
#define MIYIN_SCHEMA_H

#define MIYIN_SCHEMA_VERSION 1
#define MIYIN_APPLICATION_ID 0x4d495949	/* "MIYI" */

static const char miyin_schema[] =
	"CREATE TABLE documents("
	" id INTEGER PRIMARY KEY,"
	" identity TEXT NOT NULL UNIQUE,"	/* ref:... or sha256:... */
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
	"CREATE TRIGGER copies_no_renumber BEFORE UPDATE OF copy_id, copy_code,"
	" document, job, copy_no, serial, holder ON copies"
	" BEGIN SELECT RAISE(ABORT, 'a copy keeps its numbers'); END;"
	"CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents"
	" BEGIN SELECT RAISE(ABORT, 'documents are kept'); END;"
	"CREATE TRIGGER documents_no_reuse BEFORE UPDATE OF last_serial ON"
	" documents WHEN NEW.last_serial < OLD.last_serial"
	" BEGIN SELECT RAISE(ABORT, 'serials are never used twice'); END;";

#endif

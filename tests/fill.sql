-- Fill a new register: @N@ jobs of one printed copy each, a document for a
-- hundred of them. For test_readers.c and readers.sh.
PRAGMA synchronous=OFF;
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
  WHERE i < (@N@ + 99) / 100)
INSERT INTO documents(identity, title, level, level_text, level_rank, used,
  last_serial, created_at, owner)
SELECT 'sha256:' || i, 'Plan ' || i, 'mimi', '秘密', 2, 100, 100,
  '2026-01-01T00:00:00+00:00', 'user' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
  WHERE i < @N@ - 1)
INSERT INTO jobs(uuid, document_no, document, content_hash, job_id, user, uid,
  host, printer, title, scheme, level, period, pages, n_copies, at)
SELECT 'fill-' || i, 1, i / 100 + 1, i / 100 + 1, i, 'user', 1000, 'localhost',
  'Office', '关于印发的通知', 'cn-gb9704', 'mimi', '10年', 3, 1,
  '2026-01-01T00:00:00+00:00' FROM n;
INSERT INTO copies(copy_id, copy_code, document, job, copy_no, serial, holder,
  state, issued_at)
SELECT id, 'C' || id, document, id, 1, (id - 1) % 100 + 1, '张三', 'printed',
  '2026-01-01T00:00:00+00:00' FROM jobs WHERE uuid LIKE 'fill-%';
INSERT INTO events(at, event, result, reason, detail, user, host, printer,
  job_id, level, period, reference, title, serial, holder, pages, copy_code)
SELECT j.at, e.column1, 'ok', '', '', 'user', 'localhost', 'Office', j.job_id,
  'mimi', '10年', '', j.title, c.serial, '张三', 3, c.copy_code
FROM copies c JOIN jobs j ON j.id = c.job,
  (VALUES ('issue'), ('claim'), ('printed')) e WHERE j.uuid LIKE 'fill-%';
COMMIT;

-- Schema 2: what reviewers decided. Rows are only ever added: undoing is a row, too.

CREATE TABLE decisions (
  decision INTEGER PRIMARY KEY AUTOINCREMENT,
  time TEXT NOT NULL,       -- RFC 3339, UTC
  reviewer TEXT NOT NULL CHECK (reviewer <> ''),
  item TEXT NOT NULL,       -- what was looked at: key of a pair of records, or of a record alone
  record TEXT NOT NULL,     -- id of the record
  document TEXT,            -- hash of the document that it was judged by
  removal INTEGER NOT NULL DEFAULT 0 CHECK (removal IN (0, 1)), -- 1: the judged record is one that the newer run no longer has
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'skip', 'undo', 'edit', 'note')),
  fields TEXT CHECK (fields IS NULL OR json_type(fields) = 'object'), -- of an edit: what the fields should say
  note TEXT,
  judged TEXT CHECK (judged IS NULL OR json_type(judged) = 'object'), -- the record as it was judged
  CHECK (verdict <> 'edit' OR fields IS NOT NULL),
  CHECK (verdict <> 'note' OR note IS NOT NULL)
) STRICT;
CREATE INDEX decisions_record ON decisions (record);
CREATE INDEX decisions_item ON decisions (item);

CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions
BEGIN SELECT raise(ABORT, 'decisions are only ever added; undo one by another'); END;
CREATE TRIGGER decisions_are_not_removed BEFORE DELETE ON decisions
BEGIN SELECT raise(ABORT, 'decisions are only ever added; undo one by another'); END;

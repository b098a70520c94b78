-- Schema 1: runs, documents, readings, records.
-- Text that did not change is kept once: a reading is a document with its records, and runs share readings.

CREATE TABLE runs (
  run INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
  started TEXT NOT NULL,                 -- RFC 3339, UTC
  written TEXT NOT NULL,                 -- when something was written last
  finished TEXT,                         -- null: still at work, or broken off
  program TEXT NOT NULL,                 -- program and version
  rules TEXT NOT NULL,                   -- hash of the rules
  inputs TEXT NOT NULL CHECK (json_type(inputs) = 'array'),    -- paths as given
  settings TEXT NOT NULL CHECK (json_type(settings) = 'object'),
  summary TEXT NOT NULL CHECK (json_type(summary) = 'object'), -- documents, records, faults … so far
  position TEXT CHECK (position IS NULL OR json_type(position) = 'object') -- how far the inputs were taken
) STRICT;

CREATE TABLE documents (
  document TEXT PRIMARY KEY,  -- hash of all that follows
  name TEXT NOT NULL,         -- `document` of its records
  title TEXT,
  published TEXT,             -- ISO date
  url TEXT,
  text TEXT NOT NULL          -- spans of records point into it
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
  record_no INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,  -- of the body
  id TEXT NOT NULL,           -- the same for the same document, place in it and figure, in every run
  body TEXT NOT NULL,         -- the whole record as JSON, as `solieu schema` describes it
  quote TEXT GENERATED ALWAYS AS (body ->> '$.quote') VIRTUAL,
  kind TEXT GENERATED ALWAYS AS (body ->> '$.kind') VIRTUAL,
  amount TEXT GENERATED ALWAYS AS (body ->> '$.value.amount') VIRTUAL, -- exact decimal
  amount_upper TEXT GENERATED ALWAYS AS (body ->> '$.value.upper') VIRTUAL,
  amount_of TEXT GENERATED ALWAYS AS (body ->> '$.value.of') VIRTUAL,
  unit TEXT GENERATED ALWAYS AS (body ->> '$.unit') VIRTUAL,
  qualifier TEXT GENERATED ALWAYS AS (body ->> '$.qualifier') VIRTUAL,
  change TEXT GENERATED ALWAYS AS (body ->> '$.change') VIRTUAL,
  status TEXT GENERATED ALWAYS AS (body ->> '$.status') VIRTUAL,
  subject TEXT GENERATED ALWAYS AS (body ->> '$.subject') VIRTUAL,
  basis TEXT GENERATED ALWAYS AS (body ->> '$.basis') VIRTUAL,
  indicator TEXT GENERATED ALWAYS AS (body ->> '$.indicator.id') VIRTUAL,
  programme TEXT GENERATED ALWAYS AS (body ->> '$.indicator.programme') VIRTUAL,
  place TEXT GENERATED ALWAYS AS (body ->> '$.place.name') VIRTUAL,
  place_code TEXT GENERATED ALWAYS AS (body ->> '$.place.code') VIRTUAL,
  place_level TEXT GENERATED ALWAYS AS (body ->> '$.place.level') VIRTUAL,
  period_start TEXT GENERATED ALWAYS AS (body ->> '$.period.start') VIRTUAL,
  period_end TEXT GENERATED ALWAYS AS (body ->> '$.period.end') VIRTUAL,
  rule TEXT GENERATED ALWAYS AS (body ->> '$.rule') VIRTUAL,
  link TEXT GENERATED ALWAYS AS (body ->> '$.link') VIRTUAL
) STRICT;
CREATE INDEX records_id ON records (id);
CREATE INDEX records_indicator ON records (indicator) WHERE indicator IS NOT NULL;

CREATE TABLE readings (
  reading INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,  -- of the document and of all its records
  document TEXT NOT NULL REFERENCES documents (document),
  figures INTEGER NOT NULL
) STRICT;
CREATE INDEX readings_document ON readings (document);

CREATE TABLE reading_records (
  reading INTEGER NOT NULL REFERENCES readings (reading) ON DELETE CASCADE,
  figure_no INTEGER NOT NULL, -- place of the figure in its document, from 1
  record_no INTEGER NOT NULL REFERENCES records (record_no),
  PRIMARY KEY (reading, figure_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX reading_records_record ON reading_records (record_no);

CREATE TABLE run_documents (
  run INTEGER NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  document_no INTEGER NOT NULL, -- place among all inputs of the run, from 1
  reading INTEGER NOT NULL REFERENCES readings (reading),
  PRIMARY KEY (run, document_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_documents_reading ON run_documents (reading);

CREATE TABLE run_skips (
  run INTEGER NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  path TEXT NOT NULL,
  line INTEGER,
  reason TEXT NOT NULL,
  advice TEXT NOT NULL
) STRICT;
CREATE INDEX run_skips_run ON run_skips (run);

-- What most questions ask for: one row a figure of a run.
CREATE VIEW figures AS
SELECT run, document_no, figure_no, records.id, documents.name AS document, documents.title, documents.published, documents.url,
  quote, kind, amount, amount_upper, amount_of, unit, qualifier, change, status, subject, basis, indicator, programme,
  place, place_code, place_level, period_start, period_end, rule, link, body, documents.document AS document_hash, record_no
FROM run_documents JOIN readings USING (reading) JOIN documents USING (document)
JOIN reading_records USING (reading) JOIN records USING (record_no);

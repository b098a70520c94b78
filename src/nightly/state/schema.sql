-- What the nightly job knows of portals, beside the runs of the store. Times are seconds since 1970, UTC.

CREATE TABLE nightly_nights (
  night INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,       -- the run of the store that holds what was new or changed
  began INTEGER NOT NULL,
  ended INTEGER,              -- null: at work, or broken off
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'broken'))
) STRICT;

-- Every address that is known.
CREATE TABLE nightly_pages (
  page INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,   -- the same for all writings of the address
  url TEXT NOT NULL,          -- what is asked for
  host TEXT NOT NULL,         -- scheme, host and port
  portal TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('article', 'list', 'feed', 'sitemap')),
  state TEXT NOT NULL CHECK (state IN ('new', 'known', 'gone', 'moved')),
  found INTEGER NOT NULL,     -- the night
  told INTEGER,               -- when it was published or changed, by feed or sitemap
  checked INTEGER,            -- the last answer
  changed INTEGER,            -- the last answer with another text
  checks INTEGER NOT NULL DEFAULT 0,   -- answers since then
  failures INTEGER NOT NULL DEFAULT 0, -- nights in a row without an answer
  due INTEGER,                -- when to look again
  etag TEXT,
  modified TEXT,
  body TEXT,                  -- digest of the body, without chunks
  payload TEXT,               -- digest of the body as archived
  response TEXT,              -- record of the archive that holds it, …
  response_date TEXT,         -- … and its date
  reading TEXT,               -- hash of title, date and text
  document TEXT,              -- hash of the document in the store
  run INTEGER                 -- the run that holds it
) STRICT;
CREATE INDEX nightly_pages_due ON nightly_pages (kind, due);
CREATE INDEX nightly_pages_portal ON nightly_pages (portal, kind);

-- Further keys that lead to a page: redirects, canonical addresses.
CREATE TABLE nightly_aliases (key TEXT PRIMARY KEY, page INTEGER NOT NULL REFERENCES nightly_pages (page)) STRICT, WITHOUT ROWID;

-- What a night has to ask for. A task is done in the transaction that stores what came of it.
CREATE TABLE nightly_tasks (
  night INTEGER NOT NULL REFERENCES nightly_nights (night) ON DELETE CASCADE,
  page INTEGER NOT NULL REFERENCES nightly_pages (page),
  host TEXT NOT NULL,
  portal TEXT NOT NULL,
  rank INTEGER NOT NULL,      -- lower comes first
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'left')),
  tries INTEGER NOT NULL DEFAULT 0,
  after INTEGER NOT NULL DEFAULT 0,  -- not before, in milliseconds
  hops INTEGER NOT NULL DEFAULT 0,   -- redirects that led here
  depth INTEGER NOT NULL DEFAULT 0,  -- pages of the list, or indexes of sitemaps, that led here
  PRIMARY KEY (night, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX nightly_tasks_waiting ON nightly_tasks (host, rank, page) WHERE state = 'waiting';

-- Every request and what came of it.
CREATE TABLE nightly_fetches (
  fetch INTEGER PRIMARY KEY,
  night INTEGER NOT NULL REFERENCES nightly_nights (night),
  page INTEGER,               -- null for robots.txt
  portal TEXT,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  at INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  status INTEGER,             -- null: no answer
  outcome TEXT NOT NULL,
  reason TEXT,
  bytes INTEGER NOT NULL,     -- over the wire
  figures INTEGER NOT NULL DEFAULT 0,
  archive TEXT,
  start INTEGER,              -- where the request's record begins; the response follows
  before TEXT,                -- of a change: the document that was there, …
  before_run INTEGER,
  document TEXT,              -- … and the one that is there now
  final INTEGER NOT NULL DEFAULT 1 -- 0: tried again later in the night
) STRICT;
CREATE INDEX nightly_fetches_night ON nightly_fetches (night, portal);
CREATE INDEX nightly_fetches_page ON nightly_fetches (page);

-- Files of the archive, and how much of each is known.
CREATE TABLE nightly_archives (path TEXT PRIMARY KEY, night INTEGER NOT NULL, length INTEGER NOT NULL, pruned INTEGER) STRICT, WITHOUT ROWID;

CREATE TABLE nightly_robots (
  night INTEGER NOT NULL, host TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (night, host)
) STRICT, WITHOUT ROWID;

-- Each text once, and the page that had it first.
CREATE TABLE nightly_texts (text TEXT PRIMARY KEY, page INTEGER NOT NULL, document TEXT NOT NULL, run INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Fingerprints by their bands, and the pages that are near each other.
CREATE INDEX nightly_texts_page ON nightly_texts (page);
CREATE TABLE nightly_bands (band INTEGER NOT NULL, page INTEGER NOT NULL, print INTEGER NOT NULL, PRIMARY KEY (band, page)) STRICT, WITHOUT ROWID;
CREATE TABLE nightly_near (
  page INTEGER NOT NULL, -- the later one
  other INTEGER NOT NULL, bits INTEGER NOT NULL, night INTEGER NOT NULL, PRIMARY KEY (page, other)
) STRICT, WITHOUT ROWID;

-- What a portal gave in a night, for the charts of later ones; JSON.
CREATE TABLE nightly_summaries (night INTEGER NOT NULL, portal TEXT NOT NULL, summary TEXT NOT NULL, PRIMARY KEY (night, portal)) STRICT, WITHOUT ROWID;
CREATE INDEX nightly_bands_page ON nightly_bands (page);

-- Times are Unix milliseconds in UTC. Structures that nothing is searched by are JSON.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    id TEXT PRIMARY KEY,
    profile TEXT NOT NULL,          -- what is published of it, also when it is no longer configured
    state TEXT NOT NULL DEFAULT '{}',
    due INTEGER,                    -- null: at once
    claimed_by TEXT,
    claimed_until INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE host (
    origin TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cluster (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    published_id TEXT NOT NULL UNIQUE,  -- frozen
    representative INTEGER NOT NULL,
    published INTEGER NOT NULL,         -- when it was first published here
    updated INTEGER NOT NULL,           -- its last material change
    sequence INTEGER NOT NULL           -- its latest publication
) STRICT;
CREATE INDEX cluster_sequence ON cluster (sequence);

CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL REFERENCES source (id),
    cluster INTEGER REFERENCES cluster (id),  -- null while held back
    title TEXT NOT NULL,
    link TEXT NOT NULL,
    summary TEXT,
    content TEXT,
    published INTEGER NOT NULL,
    language TEXT,
    details TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    withdrawn INTEGER,
    revisions INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX entry_source ON entry (source, id);
CREATE INDEX entry_cluster ON entry (cluster);
CREATE INDEX entry_held ON entry (source) WHERE cluster IS NULL;

-- Keys under which the same entry of the same source is recognized again.
CREATE TABLE alias (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES entry (id),
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE revision (
    entry INTEGER NOT NULL REFERENCES entry (id),
    until INTEGER NOT NULL,
    title TEXT NOT NULL,
    body TEXT,
    PRIMARY KEY (entry, until)
) STRICT, WITHOUT ROWID;

-- Every publication of a cluster, first and later ones, in the order in which subscribers see them.
CREATE TABLE publication (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    cluster INTEGER NOT NULL REFERENCES cluster (id),
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE refresh (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL
) STRICT;
CREATE INDEX refresh_source ON refresh (source, at);
CREATE INDEX refresh_at ON refresh (at);

CREATE TABLE incident (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    began INTEGER NOT NULL,
    ended INTEGER
) STRICT;
CREATE INDEX incident_open ON incident (source, kind) WHERE ended IS NULL;
CREATE INDEX incident_began ON incident (began);

-- What is to be told to others, so that a refresh never talks to them itself.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_due ON outbox (due);

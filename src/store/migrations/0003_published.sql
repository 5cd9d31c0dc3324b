-- How what is published is found again: by view, by day, by words; what is sealed; what was taken down; who is told.

CREATE TABLE view (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    definition TEXT,                    -- of a feed named in the configuration; filled anew when it changes
    newest INTEGER NOT NULL DEFAULT 0,  -- the position of its latest publication
    sealed INTEGER NOT NULL DEFAULT 0,  -- the last position that a sealed document holds
    members INTEGER NOT NULL DEFAULT 0,
    UNIQUE (kind, name)
) STRICT;

-- Every publication within a view, at positions without gaps: the order of feeds and archives.
CREATE TABLE view_publication (
    view INTEGER NOT NULL REFERENCES view (id),
    position INTEGER NOT NULL,
    cluster INTEGER NOT NULL,
    PRIMARY KEY (view, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_publication_cluster ON view_publication (cluster);

-- Every cluster of a view once, by the date of the news: the order of pages for people.
CREATE TABLE view_member (
    view INTEGER NOT NULL REFERENCES view (id),
    published INTEGER NOT NULL,
    cluster INTEGER NOT NULL,
    PRIMARY KEY (view, published, cluster)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_member_cluster ON view_member (cluster, view);

-- Sealed documents (RFC 5005 section 4).
CREATE TABLE archive (
    view INTEGER NOT NULL REFERENCES view (id),
    number INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    at INTEGER NOT NULL,
    digest BLOB NOT NULL,               -- blake3 of the document before compression
    body BLOB NOT NULL,                 -- gzip
    PRIMARY KEY (view, number)
) STRICT;

-- å, ä and ö are letters of their own; `views` holds a word for each view, so that words and view meet in one index.
CREATE VIRTUAL TABLE search USING fts5 (
    title, body, views,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
);

CREATE TABLE takedown (
    entry INTEGER PRIMARY KEY REFERENCES entry (id),
    at INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- What was taken down stays down, whatever its source says later.
CREATE TRIGGER entry_taken_down
BEFORE UPDATE OF title, summary, content, link, details, withdrawn ON entry
WHEN EXISTS (SELECT 1 FROM takedown WHERE entry = old.id)
BEGIN
    SELECT raise(IGNORE);
END;

-- Who subscribed at our own hub.
CREATE TABLE hub_subscription (
    callback TEXT NOT NULL,
    topic TEXT NOT NULL,
    secret TEXT,
    expires INTEGER NOT NULL,
    PRIMARY KEY (topic, callback)
) STRICT, WITHOUT ROWID;

-- How the same news of several sources is found, and why it is held to be the same. Nothing here is ever rebuilt.

-- Postings of title, word and shingle keys; forgotten after two weeks.
CREATE TABLE dedup_key (
    hash INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (hash, entry)
) STRICT, WITHOUT ROWID;

-- Postings of address keys; kept. How many entries of one source share an address tells whether it identifies any.
CREATE TABLE dedup_address (
    hash INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (hash, entry)
) STRICT, WITHOUT ROWID;

-- In how many texts a word stands; word 0 counts the texts.
CREATE TABLE dedup_df (
    word INTEGER PRIMARY KEY,
    texts INTEGER NOT NULL,
    day INTEGER NOT NULL
) STRICT;

-- Under how many titles a source has used a sentence: what comes with every text is furniture.
CREATE TABLE dedup_furniture (
    sentence INTEGER NOT NULL,
    source INTEGER NOT NULL,
    titles INTEGER NOT NULL,
    last_title INTEGER NOT NULL,
    day INTEGER NOT NULL,
    PRIMARY KEY (sentence, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE merge_edge (
    entry INTEGER NOT NULL REFERENCES entry (id),   -- the one that joined
    other INTEGER NOT NULL REFERENCES entry (id),   -- the one that was there
    rule TEXT NOT NULL,
    score REAL NOT NULL,
    evidence TEXT NOT NULL,
    norm_version INTEGER NOT NULL,
    rules_version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    undone_at INTEGER,
    undone_by TEXT,
    PRIMARY KEY (entry, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX merge_edge_other ON merge_edge (other);

CREATE TABLE veto (
    entry INTEGER NOT NULL REFERENCES entry (id),
    other INTEGER NOT NULL REFERENCES entry (id),
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (entry, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX veto_other ON veto (other);

-- The operator's word against a merge; a < b. It wins over every rule, for good.
CREATE TABLE cannot_link (
    a INTEGER NOT NULL REFERENCES entry (id),
    b INTEGER NOT NULL REFERENCES entry (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX cannot_link_b ON cannot_link (b);

-- Entries that the flood guard held back and the operator dropped: known, never published.
CREATE TABLE dropped (
    entry INTEGER PRIMARY KEY REFERENCES entry (id),
    at INTEGER NOT NULL
) STRICT;

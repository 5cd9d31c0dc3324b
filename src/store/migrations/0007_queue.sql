-- What every refresh writes, apart from what few do: rows of some hundred octets instead of several thousand.
CREATE TABLE queue (
    source TEXT PRIMARY KEY REFERENCES source (id),
    due INTEGER,                    -- null: at once
    latest TEXT NOT NULL            -- what the last refresh changed of a source's memory
) STRICT, WITHOUT ROWID;
INSERT INTO queue (source, due, latest) SELECT id, due, state FROM source;
CREATE INDEX queue_due ON queue (due);

-- Which process refreshes a source; a row for each refresh that is under way.
CREATE TABLE claim (
    source TEXT PRIMARY KEY REFERENCES source (id),
    owner TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE source DROP COLUMN due;
ALTER TABLE source DROP COLUMN claimed_by;
ALTER TABLE source DROP COLUMN claimed_until;

-- The endings of all refreshes were kept, and never asked for: a source's memory and its incidents tell what matters.
DROP TABLE refresh;

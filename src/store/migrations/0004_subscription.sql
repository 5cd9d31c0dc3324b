-- Our subscriptions at the hubs of the feeds we read.
CREATE TABLE subscription (
    source TEXT PRIMARY KEY,
    hub TEXT NOT NULL,
    topic TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,       -- the callback is found by it
    secret TEXT NOT NULL,
    asked INTEGER NOT NULL,
    expires INTEGER                 -- null: not confirmed yet
) STRICT, WITHOUT ROWID;

-- What a retention still has to take: nothing where it has been.
CREATE INDEX entry_texts ON entry (first_seen) WHERE summary IS NOT NULL OR content IS NOT NULL OR revisions > 0;

-- What else goes in time, and the order in which incidents are shown.
CREATE INDEX veto_at ON veto (at);
CREATE INDEX incident_shown ON incident (ended IS NOT NULL, began DESC, id DESC);
DROP INDEX incident_began;

-- In how many pieces of news a source has used a sentence: the copies of one are one.
ALTER TABLE dedup_furniture ADD COLUMN news INTEGER NOT NULL DEFAULT 0;
UPDATE dedup_furniture SET news = titles;

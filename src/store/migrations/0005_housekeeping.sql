-- Up to which publication a feed named in the configuration is filled, under its definition; null while it is being filled.
ALTER TABLE view ADD COLUMN filled INTEGER;

-- Clusters that joined another one stayed among the views and the words.
CREATE TEMP TABLE joined AS SELECT id FROM cluster WHERE id NOT IN (SELECT cluster FROM entry WHERE cluster IS NOT NULL);
DELETE FROM view_member WHERE cluster IN (SELECT id FROM joined);
DELETE FROM search WHERE rowid IN (SELECT id FROM joined);
UPDATE view SET members = (SELECT count(*) FROM view_member m WHERE m.view = view.id);
DROP TABLE joined;

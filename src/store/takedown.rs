//! The operator's takedown: a cluster's text goes everywhere, its id stays as withdrawn.

use chrono::{DateTime, Utc};
use rusqlite::params;
use url::Url;

use super::{Error, Writer, to_ms};
use crate::model::ClusterId;

/// How the keys of what was taken down begin; no other key does.
const DISGUISE: &str = "digest:";

/// What stands in place of a title that was taken down.
const REMOVED: &str = "–";

/// A key that tells nothing.
pub(super) fn disguised(key: &str) -> String {
    match key.starts_with(DISGUISE) {
        true => key.to_owned(),
        false => format!("{DISGUISE}{}", blake3::hash(key.as_bytes()).to_hex()),
    }
}

impl Writer<'_> {
    /// Removes the text of a cluster's entries, revisions, reasons, keys and words, for good, and publishes the withdrawal.
    ///
    /// Sealed documents are to be sealed again by the caller, who can write them.
    pub fn take_down(
        &self,
        cluster: ClusterId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        // An address often spells the title: what stays is the site it led to.
        for (entry, link) in self.links_of(cluster)? {
            let root = link.join("/").unwrap_or(link);
            self.connection.execute(
                "UPDATE entry SET link = ?2 WHERE id = ?1",
                params![entry, root.as_str()],
            )?;
        }
        let members = "SELECT id FROM entry WHERE cluster = ?1";
        self.connection.execute(
            &format!("DELETE FROM revision WHERE entry IN ({members})"),
            [cluster.0],
        )?;
        self.connection.execute(
            "UPDATE entry SET title = ?2, summary = NULL, content = NULL, withdrawn = ?3, revisions = 0,
                    details = json_set(json_remove(details, '$.guid', '$.authors', '$.categories', '$.enclosures', '$.image', '$.rights'),
                        '$.guid_is_iri', json('false'))
             WHERE cluster = ?1",
            params![cluster.0, REMOVED, to_ms(now)],
        )?;
        self.forget_reasons(cluster)?;
        self.disguise_keys(cluster)?;
        self.connection.execute(
            "INSERT OR IGNORE INTO takedown (entry, at, reason) SELECT id, ?2, ?3 FROM entry WHERE cluster = ?1",
            params![cluster.0, to_ms(now), reason],
        )?;
        self.forget_words(cluster)?;
        self.publish_again(cluster, now)
    }

    /// Takes the words and addresses out of why its entries were merged and kept apart; that they were stays.
    fn forget_reasons(&self, cluster: ClusterId) -> Result<(), Error> {
        let members = "SELECT id FROM entry WHERE cluster = ?1";
        self.connection.execute(
            &format!(
                "UPDATE merge_edge SET evidence = json_remove(evidence, '$.title_difference', '$.address')
                 WHERE entry IN ({members}) OR other IN ({members})"
            ),
            [cluster.0],
        )?;
        self.connection.execute(
            &format!(
                "UPDATE veto SET detail = ?2 WHERE entry IN ({members}) OR other IN ({members})"
            ),
            params![cluster.0, REMOVED],
        )?;
        Ok(())
    }

    /// Leaves of the keys only what recognizes them: without them its source would tell the same again as new.
    fn disguise_keys(&self, cluster: ClusterId) -> Result<(), Error> {
        let keys = self
            .connection
            .prepare_cached(
                "SELECT a.source, a.key FROM entry e JOIN alias a ON a.source = e.source AND a.entry = e.id WHERE e.cluster = ?1",
            )?
            .query_map([cluster.0], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<Vec<(String, String)>, _>>()?;
        for (source, key) in keys {
            self.connection
                .prepare_cached("UPDATE alias SET key = ?3 WHERE source = ?1 AND key = ?2")?
                .execute([&source, &key, &disguised(&key)])?;
        }
        Ok(())
    }

    fn links_of(&self, cluster: ClusterId) -> Result<Vec<(i64, Url)>, Error> {
        let facts = self.cluster_facts(cluster)?;
        let members = facts.map(|facts| facts.members).unwrap_or_default();
        Ok(members
            .into_iter()
            .map(|member| (member.id.0, member.entry.link))
            .collect())
    }
}

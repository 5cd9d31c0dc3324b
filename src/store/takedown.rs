//! The operator's takedown: a cluster's text goes everywhere, its id stays as withdrawn.

use chrono::{DateTime, Utc};
use rusqlite::params;
use url::Url;

use super::{Error, Writer, to_ms};
use crate::model::ClusterId;

/// What stands in place of a title that was taken down.
const REMOVED: &str = "–";

impl Writer<'_> {
    /// Removes the text of a cluster's entries, revisions and words, for good, and publishes the withdrawal.
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
                    details = json_remove(details, '$.authors', '$.categories', '$.enclosures', '$.image', '$.rights')
             WHERE cluster = ?1",
            params![cluster.0, REMOVED, to_ms(now)],
        )?;
        self.connection.execute(
            "INSERT OR IGNORE INTO takedown (entry, at, reason) SELECT id, ?2, ?3 FROM entry WHERE cluster = ?1",
            params![cluster.0, to_ms(now), reason],
        )?;
        self.forget_words(cluster)?;
        self.publish_again(cluster, now)
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

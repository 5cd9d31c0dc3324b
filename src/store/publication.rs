//! Clusters as they are published: frozen ids and the sequence in which subscribers see them.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::{Error, Reader, Writer, to_ms};
use crate::model::{ClusterId, EntryId, StoredEntry};

const FEED_UUID: &str = "feed-uuid";

impl Reader<'_> {
    /// A value of the service's own memory.
    pub fn meta(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }

    /// A cluster's published id and the sources that carry it, by arrival.
    pub fn carriers(&self, cluster: ClusterId) -> Result<(Option<String>, Vec<String>), Error> {
        let published_id = self
            .connection
            .prepare_cached("SELECT published_id FROM cluster WHERE id = ?1")?
            .query_row([cluster.0], |row| row.get(0))
            .optional()?;
        let carriers = self
            .connection
            .prepare_cached(
                "SELECT source FROM entry WHERE cluster = ?1 GROUP BY source ORDER BY min(id)",
            )?
            .query_map([cluster.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok((published_id, carriers))
    }

    fn is_published_id_taken(&self, id: &str) -> Result<bool, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM cluster WHERE published_id = ?1")?
            .exists([id])?)
    }
}

impl Writer<'_> {
    /// Keeps a value in the service's own memory.
    pub fn put_meta(&self, key: &str, value: &str) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute([key, value])?;
        Ok(())
    }

    /// The merged feed's own id, minted once.
    pub fn feed_uuid(&self) -> Result<Uuid, Error> {
        if let Some(uuid) = self
            .meta(FEED_UUID)?
            .and_then(|text| Uuid::parse_str(&text).ok())
        {
            return Ok(uuid);
        }
        let uuid = Uuid::new_v4();
        self.put_meta(FEED_UUID, &uuid.to_string())?;
        Ok(uuid)
    }

    /// Publishes an entry as a cluster of its own, under an id that is frozen from here on. Its `updated` is what its
    /// source says, so that old news of a new source is not dated today.
    ///
    /// The source's own id is kept where it is an absolute IRI that no other cluster has (RFC 4287 section 4.2.6);
    /// otherwise one is minted: a `tag:` URI under `tag_authority` (RFC 4151), or a `urn:uuid:`.
    pub fn publish_alone(
        &self,
        entry: &StoredEntry,
        tag_authority: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<ClusterId, Error> {
        let own = entry
            .entry
            .guid
            .as_deref()
            .filter(|_| entry.entry.guid_is_iri);
        let published_id = match own {
            Some(id) if !self.is_published_id_taken(id)? => id.to_owned(),
            _ => self.mint_id(entry, tag_authority)?,
        };
        self.connection
            .prepare_cached(
                "INSERT INTO cluster (published_id, representative, published, updated, sequence) VALUES (?1, ?2, ?3, ?4, 0)",
            )?
            .execute(params![published_id, entry.id.0, to_ms(now), to_ms(first_updated(entry, now))])?;
        let cluster = ClusterId(self.connection.last_insert_rowid());
        self.put_cluster(entry.id, cluster)?;
        self.next_place(cluster, now)?;
        Ok(cluster)
    }

    /// Gives a cluster the next place in the sequence that subscribers see, and a new `updated`.
    pub fn publish_again(&self, cluster: ClusterId, now: DateTime<Utc>) -> Result<(), Error> {
        self.next_place(cluster, now)?;
        self.connection
            .prepare_cached("UPDATE cluster SET updated = max(updated, ?2) WHERE id = ?1")?
            .execute([cluster.0, to_ms(now)])?;
        Ok(())
    }

    fn next_place(&self, cluster: ClusterId, now: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached("INSERT INTO publication (cluster, at) VALUES (?1, ?2)")?
            .execute([cluster.0, to_ms(now)])?;
        self.connection
            .prepare_cached("UPDATE cluster SET sequence = ?2 WHERE id = ?1")?
            .execute([cluster.0, self.connection.last_insert_rowid()])?;
        Ok(())
    }

    pub(super) fn put_cluster(&self, entry: EntryId, cluster: ClusterId) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE entry SET cluster = ?2 WHERE id = ?1")?
            .execute([entry.0, cluster.0])?;
        Ok(())
    }

    fn mint_id(&self, entry: &StoredEntry, tag_authority: Option<&str>) -> Result<String, Error> {
        let mut attempt = 0;
        loop {
            let id = match tag_authority {
                Some(authority) if attempt == 0 => {
                    format!("tag:{authority}:{}/{}", entry.source, entry.id.0)
                }
                Some(authority) => {
                    format!("tag:{authority}:{}/{}/{attempt}", entry.source, entry.id.0)
                }
                None => self.derived_uuid(entry.id, attempt)?.urn().to_string(),
            };
            if !self.is_published_id_taken(&id)? {
                return Ok(id);
            }
            attempt += 1;
        }
    }

    /// A UUID (RFC 9562, version 8) that follows from the feed's own and the entry's number.
    fn derived_uuid(&self, entry: EntryId, attempt: u32) -> Result<Uuid, Error> {
        let mut hash = blake3::Hasher::new();
        hash.update(self.feed_uuid()?.as_bytes());
        hash.update(&entry.0.to_be_bytes());
        hash.update(&attempt.to_be_bytes());
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&hash.finalize().as_bytes()[..16]);
        Ok(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// When the source last changed an entry that is published for the first time at `now`; never later than that.
fn first_updated(entry: &StoredEntry, now: DateTime<Utc>) -> DateTime<Utc> {
    let said = entry.entry.updated.unwrap_or(entry.entry.published);
    said.utc().min(now)
}

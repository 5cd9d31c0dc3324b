//! The operator's takedown, sealed documents included.

use chrono::{DateTime, Utc};

use super::{Error, Site, seal};
use crate::model::ClusterId;

/// Why nothing was taken down.
#[derive(Debug, thiserror::Error)]
pub enum TakedownError {
    /// No such cluster.
    #[error("there is no published entry `{0}`")]
    Unknown(String),
    /// The site could not be brought up to date.
    #[error("the takedown did not go through")]
    Site(#[from] Error),
}

impl Site {
    /// Removes an entry's text everywhere, by its published id or its number; its title as it was, for the log.
    pub async fn take_down(
        &self,
        id: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(ClusterId, String), TakedownError> {
        let (cluster, title) = self
            .find_published(id)
            .await?
            .ok_or_else(|| TakedownError::Unknown(id.to_owned()))?;
        let why = reason.to_owned();
        self.store()
            .write(move |writer| writer.take_down(cluster, &why, now))
            .await
            .map_err(Error::from)?;
        self.seal_again(cluster, now).await?;
        {
            let mut cache = self.inner.cache.lock().unwrap_or_else(|e| e.into_inner());
            cache.clear();
        }
        self.refresh(now).await?;
        Ok((cluster, title))
    }

    async fn find_published(&self, id: &str) -> Result<Option<(ClusterId, String)>, Error> {
        let id = id.to_owned();
        let found = self
            .store()
            .read(move |reader| {
                let by_number = id.parse().ok().map(ClusterId);
                let cluster = match reader.cluster_of(&id)? {
                    Some(cluster) => Some(cluster),
                    None => by_number,
                };
                let Some(cluster) = cluster else {
                    return Ok(None);
                };
                let facts = reader.cluster_facts(cluster)?;
                Ok(facts.map(|facts| {
                    let title = facts.members.first().map(|m| m.entry.title.clone());
                    (cluster, title.unwrap_or_default())
                }))
            })
            .await?;
        Ok(found)
    }

    async fn seal_again(&self, cluster: ClusterId, now: DateTime<Utc>) -> Result<(), Error> {
        let scope = self.scope();
        let again = self
            .store()
            .read(move |reader| {
                let mut again = Vec::new();
                for (view, run) in reader.runs_with(cluster.0)? {
                    if let Some(view) = reader.view_by_id(view)? {
                        again.push((view.id, seal::make(reader, &scope, &view, run, now)));
                    }
                }
                Ok(again)
            })
            .await?;
        for (view, sealed) in again {
            let sealed = sealed?;
            self.store()
                .write(move |writer| writer.seal(view, &sealed))
                .await?;
        }
        Ok(())
    }
}

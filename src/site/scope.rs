//! What every document is made with: the settings, the sources by name, the feed's own id.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::model::{Settings, Source, SourceId};
use crate::publish::SourceInfo;
use crate::publish::view::ViewKey;
use crate::store::{Error, SourceRow, Store};

const BORN: &str = "born";

/// What every document is made with.
#[derive(Debug, Clone)]
pub struct Scope {
    /// All settings.
    pub settings: Settings,
    /// The configured sources.
    pub sources: Vec<Source>,
    /// Every source that ever was, as it is published.
    pub infos: HashMap<SourceId, SourceInfo>,
    /// The merged feed's own id.
    pub uuid: Uuid,
    /// When the store was first published from.
    pub born: DateTime<Utc>,
}

impl Scope {
    pub(super) async fn load(
        settings: Settings,
        sources: Vec<Source>,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let (uuid, born, infos) = store
            .write(move |writer| {
                let born = match writer.meta(BORN)?.and_then(|text| text.parse().ok()) {
                    Some(born) => born,
                    None => {
                        writer.put_meta(BORN, &now.to_rfc3339())?;
                        now
                    }
                };
                let rows = writer.sources()?;
                let infos = rows.iter().map(info).collect();
                Ok((writer.feed_uuid()?, born, infos))
            })
            .await?;
        Ok(Self {
            settings,
            sources,
            infos,
            uuid,
            born,
        })
    }

    /// An absolute address below `base_url`, the only place links come from.
    pub fn address(&self, path: &str) -> String {
        let base = &self.settings.site.base_url;
        base.join(path).unwrap_or_else(|_| base.clone()).into()
    }

    /// The id of a view's feed: the same for ever, without being kept anywhere.
    pub(super) fn feed_id(&self, key: &ViewKey) -> String {
        if *key == ViewKey::merged() {
            return self.uuid.urn().to_string();
        }
        self.derived_id(&key.path())
    }

    /// A UUID (RFC 9562, version 8) that follows from the merged feed's and a name.
    pub(super) fn derived_id(&self, name: &str) -> String {
        let mut hash = blake3::Hasher::new();
        hash.update(self.uuid.as_bytes());
        hash.update(name.as_bytes());
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&hash.finalize().as_bytes()[..16]);
        let uuid = uuid::Builder::from_custom_bytes(bytes).into_uuid();
        uuid.urn().to_string()
    }

    /// The hubs that are told of changes, our own among them.
    pub fn hubs(&self) -> Vec<String> {
        let websub = &self.settings.websub;
        let own = websub.own_hub.then(|| self.address("hub"));
        own.into_iter()
            .chain(websub.hubs.iter().map(ToString::to_string))
            .collect()
    }
}

/// A source as it is published, with its name.
pub(super) fn info(row: &SourceRow) -> (SourceId, SourceInfo) {
    let info = SourceInfo::new(&row.profile, &row.state);
    (row.profile.id.clone(), info)
}

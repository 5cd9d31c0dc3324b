//! What the last export knew, so that the next one does only what is new; beside the site, not part of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::folder::{Unwritten, write};
use crate::server::DayCounts;
use crate::site::Scope;

/// Its file.
pub(super) const FILE: &str = ".samflode-export.json";

/// How far the last export came.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Mark {
    /// What everything was made with: where that is another, every file is compared.
    made_with: String,
    /// Up to which publication the pages of entries are written.
    pub(super) sequence: i64,
    /// When: documents that were sealed again since are not as they were.
    pub(super) at: i64,
    /// Days that something new belongs to, whose pages are not made yet: there are some where an export was broken off.
    pub(super) days: BTreeSet<NaiveDate>,
    /// How much news each day held whose page is made.
    pub(super) counts: DayCounts,
    /// By the path of a view, up to which of its publications its feeds are written.
    pub(super) views: BTreeMap<String, i64>,
}

impl Mark {
    /// The mark of a first export.
    pub(super) fn fresh(scope: &Scope) -> Self {
        Self {
            made_with: made_with(scope),
            ..Self::default()
        }
    }

    /// The mark in a folder; a fresh one where there is none, or where all was made with something else.
    pub(super) fn read(path: &Path, scope: &Scope) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let fresh = Self::fresh(scope);
        match serde_json::from_str::<Self>(&text) {
            Ok(mark) if mark.made_with == fresh.made_with => mark,
            _ => fresh,
        }
    }

    /// Keeps it for the next time.
    pub(super) fn keep(&self, path: &Path) -> Result<(), Unwritten> {
        write(path, &serde_json::to_vec(self).unwrap_or_default())
    }
}

/// A digest of the program, the settings that show, and what is said of the sources.
fn made_with(scope: &Scope) -> String {
    let settings = &scope.settings;
    let shown = (
        &settings.site,
        &settings.publish,
        &settings.websub,
        &settings.feeds,
    );
    let mut hash = blake3::Hasher::new();
    hash.update(env!("CARGO_PKG_VERSION").as_bytes());
    hash.update(format!("{shown:?}").as_bytes());
    let mut sources: Vec<_> = scope.infos.iter().collect();
    sources.sort_by_key(|(id, _)| id.as_str());
    for (id, info) in sources {
        // Not `updated`, which moves with every piece of news.
        let told = (&info.title, &info.page, &info.feed, &info.rights);
        hash.update(format!("{id} {told:?} {:?}", info.extent).as_bytes());
    }
    hash.finalize().to_hex()[..20].to_owned()
}

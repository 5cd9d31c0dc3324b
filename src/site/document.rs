//! Which entries a document holds and what it says of itself: from a view of the store over a [`Draft`] to a
//! [`FeedDocument`].

use chrono::{DateTime, Utc};

use super::Scope;
use crate::publish::archive::Run;
use crate::publish::view::{ViewKey, ViewKind};
use crate::publish::{ClusterFacts, FeedDocument, Place, PublishedEntry};
use crate::store::{Error, Reader, View};

/// Octets of full texts in one document: validators and some readers refuse more than 2 MB in all. Entries past it keep
/// their summary and link.
const MAX_TEXT: usize = 1_700_000;

/// A document as read from the store: what it holds is not composed yet.
#[derive(Debug, PartialEq)]
pub(super) struct Draft {
    key: ViewKey,
    title: String,
    place: Place,
    clusters: Vec<ClusterFacts>,
}

impl Draft {
    fn empty(key: &ViewKey, title: String) -> Self {
        Self {
            key: key.clone(),
            title,
            place: Place::Live { prev_archive: None },
            clusters: Vec::new(),
        }
    }

    /// The document, composed.
    pub(super) fn document(self, scope: &Scope) -> FeedDocument {
        let entries = compose(scope, &self.clusters);
        document(scope, &self.key, &self.title, (self.place, entries))
    }
}

/// The live document of the merged feed, which exists even where nothing was ever published.
pub(super) fn merged(reader: &Reader<'_>, scope: &Scope) -> Result<Draft, Error> {
    let key = ViewKey::merged();
    let draft = live(reader, scope, &key)?;
    Ok(draft.unwrap_or_else(|| Draft::empty(&key, title(scope, &key, ""))))
}

/// The live document of a view; `None` where there is no such view.
pub(super) fn live(
    reader: &Reader<'_>,
    scope: &Scope,
    key: &ViewKey,
) -> Result<Option<Draft>, Error> {
    let Some(view) = reader.view(key)? else {
        return Ok(is_configured(scope, key).then(|| Draft::empty(key, title(scope, key, ""))));
    };
    let wanted = scope.settings.publish.feed_size;
    let sealed = reader.last_sealed(view.id)?;
    let last = unsealed_after(&view, sealed, scope);
    let clusters = reader.live(&view, wanted, last)?;
    let place = Place::Live {
        prev_archive: sealed.map(|run| archive_address(scope, key, run.number)),
    };
    Ok(Some(Draft {
        key: key.clone(),
        title: title(scope, key, &view.label),
        place,
        clusters,
    }))
}

/// Up to which position the live document may leave out: the last sealed one, and a whole backlog beyond one run.
fn unsealed_after(view: &View, sealed: Option<Run>, scope: &Scope) -> i64 {
    let publish = &scope.settings.publish;
    let length = crate::publish::archive::live_length(
        sealed,
        view.newest,
        publish.feed_size,
        publish.archive_size,
    );
    let backlog_end = view.newest - i64::try_from(length).unwrap_or(i64::MAX);
    sealed.map_or(0, |run| run.last).max(backlog_end)
}

/// An archive document of a view, as it is to be sealed.
pub(super) fn archive(
    reader: &Reader<'_>,
    scope: &Scope,
    view: &View,
    run: Run,
) -> Result<FeedDocument, Error> {
    let key = &view.key;
    let place = Place::Archive {
        current: scope.address(&format!("{}.atom", key.path())),
        prev_archive: (run.number > 1).then(|| archive_address(scope, key, run.number - 1)),
    };
    let draft = Draft {
        key: key.clone(),
        title: title(scope, key, &view.label),
        place,
        clusters: reader.run(view.id, run.first, run.last)?,
    };
    let mut sealed = draft.document(scope);
    sealed.stem = scope.address(&format!("{}/{}", key.archive_path(), run.number));
    sealed.hubs.clear();
    Ok(sealed)
}

fn archive_address(scope: &Scope, key: &ViewKey, number: i64) -> String {
    scope.address(&format!("{}/{number}.atom", key.archive_path()))
}

/// What is published of clusters.
pub(super) fn compose(scope: &Scope, clusters: &[ClusterFacts]) -> Vec<PublishedEntry> {
    let length = scope.settings.publish.summary_length;
    let entries = clusters
        .iter()
        .filter_map(|facts| PublishedEntry::compose(facts, &scope.infos, length));
    let mut room = MAX_TEXT;
    entries
        .map(|mut entry| {
            let text = entry.content.as_deref().map_or(0, escaped_length);
            match room.checked_sub(text) {
                Some(rest) => room = rest,
                None => entry.content = None,
            }
            entry
        })
        .collect()
}

/// How long markup is once it stands in XML as text.
fn escaped_length(markup: &str) -> usize {
    let escaped = memchr::memchr3_iter(b'<', b'>', b'&', markup.as_bytes());
    markup.len() + escaped.count() * "amp;".len()
}

/// A document that says of itself what the settings say.
pub(super) fn document(
    scope: &Scope,
    key: &ViewKey,
    title: &str,
    (place, entries): (Place, Vec<PublishedEntry>),
) -> FeedDocument {
    let site = &scope.settings.site;
    FeedDocument {
        id: scope.feed_id(key),
        title: title.to_owned(),
        subtitle: site.subtitle.clone(),
        author: site.author.clone(),
        language: site.language.clone(),
        rights: site.rights.clone(),
        logo: site.logo.as_ref().map(ToString::to_string),
        icon: site.icon.as_ref().map(ToString::to_string),
        born: scope.born,
        stem: scope.address(&key.path()),
        query: String::new(),
        page: page(scope, key),
        // Hubs tell of the merged feed; a view's subscribers poll.
        hubs: if *key == ViewKey::merged() {
            scope.hubs()
        } else {
            Vec::new()
        },
        place,
        entries,
    }
}

fn is_configured(scope: &Scope, key: &ViewKey) -> bool {
    match key.kind {
        ViewKind::Source => scope.sources.iter().any(|s| s.id.as_str() == key.name),
        ViewKind::Named => scope.settings.feeds.iter().any(|f| f.name == key.name),
        _ => false,
    }
}

fn page(scope: &Scope, key: &ViewKey) -> String {
    let mut url = scope.settings.site.base_url.clone();
    let parameter = match key.kind {
        ViewKind::Merged => return url.into(),
        ViewKind::Source => "source",
        ViewKind::Category => "category",
        ViewKind::Language => "language",
        ViewKind::Named => "feed",
    };
    url.query_pairs_mut().append_pair(parameter, &key.name);
    url.into()
}

/// The title of a view's documents: its label before the site's title.
pub(super) fn title(scope: &Scope, key: &ViewKey, label: &str) -> String {
    let site = &scope.settings.site.title;
    let configured = match key.kind {
        ViewKind::Merged => return site.clone(),
        ViewKind::Source => scope
            .sources
            .iter()
            .find(|s| s.id.as_str() == key.name)
            .map(|s| s.title.clone()),
        ViewKind::Named => scope
            .settings
            .feeds
            .iter()
            .find(|f| f.name == key.name)
            .and_then(|f| f.title.clone()),
        _ => None,
    };
    let label = configured.unwrap_or_else(|| label.to_owned());
    let label = if label.is_empty() {
        key.name.clone()
    } else {
        label
    };
    format!("{label} – {site}")
}

/// The newest moment that a document may call its own.
pub(super) fn modified(document: &FeedDocument, now: DateTime<Utc>) -> DateTime<Utc> {
    document.updated().min(now)
}

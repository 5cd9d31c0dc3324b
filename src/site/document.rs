//! Which entries a document holds and what it says of itself: from a view of the store to a [`FeedDocument`].

use chrono::{DateTime, Utc};

use super::Scope;
use crate::publish::archive::Run;
use crate::publish::view::{ViewKey, ViewKind};
use crate::publish::{ClusterFacts, FeedDocument, Place, PublishedEntry};
use crate::store::{Error, Reader, View};

/// The live document of a view; `None` where there is no such view, but the merged one, which always is.
pub(super) fn live(
    reader: &Reader<'_>,
    scope: &Scope,
    key: &ViewKey,
) -> Result<Option<FeedDocument>, Error> {
    let Some(view) = reader.view(key)? else {
        let is_known = *key == ViewKey::merged() || is_configured(scope, key);
        return Ok(is_known.then(|| document(scope, key, &title(scope, key, ""), nothing())));
    };
    let wanted = scope.settings.publish.feed_size;
    let sealed = reader.last_sealed(view.id)?;
    let last = unsealed_after(&view, sealed, scope);
    let entries = compose(scope, &reader.live(&view, wanted, last)?);
    let place = Place::Live {
        prev_archive: sealed.map(|run| archive_address(scope, key, run.number)),
    };
    let title = title(scope, key, &view.label);
    Ok(Some(document(scope, key, &title, (place, entries))))
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
    let entries = compose(scope, &reader.run(view.id, run.first, run.last)?);
    let key = &view.key;
    let place = Place::Archive {
        current: scope.address(&format!("{}.atom", key.path())),
        prev_archive: (run.number > 1).then(|| archive_address(scope, key, run.number - 1)),
    };
    let title = title(scope, key, &view.label);
    let mut sealed = document(scope, key, &title, (place, entries));
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
    clusters
        .iter()
        .filter_map(|facts| PublishedEntry::compose(facts, &scope.infos, length))
        .collect()
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

fn nothing() -> (Place, Vec<PublishedEntry>) {
    (Place::Live { prev_archive: None }, Vec::new())
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

//! Documents that are rendered when asked for: views, sealed documents, searches, deltas.

use std::io::Read;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use flate2::read::GzDecoder;

use super::cache::Format;
use super::{Error, Ready, Scope, Site, document};
use crate::publish::view::{ViewKey, ViewKind};
use crate::publish::{FeedDocument, Place};
use crate::store::Sealed;

/// Entries of a search as a feed.
const SEARCH_SIZE: usize = 50;

impl Site {
    /// A view's live document; `None` where there is no such view.
    pub async fn view(&self, key: &ViewKey, format: Format) -> Result<Option<Arc<Ready>>, Error> {
        let standing = self.standing();
        if *key == ViewKey::merged() {
            return Ok(Some(standing.feed(format).clone()));
        }
        let path = format!("{}.{}", key.path(), format.ending());
        if let Some(known) = self.cached(standing.sequence, &path) {
            return Ok(Some(known));
        }
        let (scope, key) = (self.scope(), key.clone());
        let known = scope.clone();
        let draft = self
            .store()
            .read(move |reader| document::live(reader, &known, &key))
            .await?;
        let Some(draft) = draft else { return Ok(None) };
        let make = move || made_ready(&draft.document(&scope), format);
        let ready = Arc::new(self.inner.press.run(make).await?);
        self.keep(standing.sequence, path, &ready);
        Ok(Some(ready))
    }

    /// A sealed document; `None` where there is none of that number.
    pub async fn sealed(&self, key: &ViewKey, number: i64) -> Result<Option<Arc<Ready>>, Error> {
        let key = key.clone();
        let sealed = self
            .store()
            .read(move |reader| match reader.view(&key)? {
                Some(view) => reader.sealed(view.id, number),
                None => Ok(None),
            })
            .await?;
        sealed
            .map(|sealed| Ok(Arc::new(unsealed(sealed)?)))
            .transpose()
    }

    /// A search as a feed; `None` where the query has no word to look for.
    pub async fn search(&self, query: &str, format: Format) -> Result<Option<Ready>, Error> {
        let words = query.to_owned();
        let found = self
            .store()
            .read(move |reader| reader.search(&words, &[], None, SEARCH_SIZE))
            .await?;
        let Some(found) = found else { return Ok(None) };
        let (scope, words) = (self.scope(), query.to_owned());
        let make = move || {
            let entries = document::compose(&scope, &found);
            made_plain(&search_document(&scope, &words, entries), format)
        };
        Ok(Some(self.inner.press.run(make).await?))
    }

    fn cached(&self, sequence: i64, path: &str) -> Option<Arc<Ready>> {
        let cache = self.inner.cache.lock().unwrap_or_else(|e| e.into_inner());
        cache.get(sequence, path)
    }

    fn keep(&self, sequence: i64, path: String, ready: &Arc<Ready>) {
        let mut cache = self.inner.cache.lock().unwrap_or_else(|e| e.into_inner());
        cache.put(sequence, path, ready.clone());
    }
}

fn search_document(
    scope: &Scope,
    words: &str,
    entries: Vec<crate::publish::PublishedEntry>,
) -> FeedDocument {
    let key = ViewKey {
        kind: ViewKind::Merged,
        name: format!("search/{words}"),
    };
    let words = crate::publish::plain(words);
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &words)
        .finish();
    let place = Place::Live { prev_archive: None };
    let title = format!("{words} – {}", scope.settings.site.title);
    let mut feed = document::document(scope, &key, &title, (place, entries));
    feed.stem = scope.address("search");
    feed.page = scope.address(&format!("?{query}"));
    feed.query = format!("?{query}");
    feed.hubs.clear();
    feed
}

fn made_ready(feed: &FeedDocument, format: Format) -> Result<Ready, Error> {
    let ready = Ready::new(format.media_type(), format.write(feed)?, feed.updated())?;
    let topic = feed.address(format.ending());
    Ok(ready.up_to(newest(feed)).told_by(topic, &feed.hubs))
}

fn made_plain(feed: &FeedDocument, format: Format) -> Result<Ready, Error> {
    let ready = Ready::plain(format.media_type(), format.write(feed)?, feed.updated());
    Ok(ready.up_to(newest(feed)))
}

fn newest(feed: &FeedDocument) -> i64 {
    feed.entries.iter().map(|e| e.sequence).max().unwrap_or(0)
}

fn unsealed(sealed: Sealed) -> std::io::Result<Ready> {
    let mut bytes = Vec::new();
    GzDecoder::new(&sealed.body[..]).read_to_end(&mut bytes)?;
    let ready = Ready::plain(Format::Atom.media_type(), bytes, sealed.at);
    Ok(Ready {
        gzip: Some(sealed.body.into()),
        is_sealed: true,
        ..ready
    })
}

/// Only what a feed holds that is newer than a publication; `None` where that reaches beyond what the feed holds, or
/// is nothing less than the feed.
pub(super) fn delta(feed: &FeedDocument, since: i64, modified: DateTime<Utc>) -> Option<Ready> {
    let oldest = feed.entries.iter().map(|e| e.sequence).min()?;
    if since < oldest {
        return None;
    }
    let mut fresh = feed.clone();
    fresh.entries.retain(|entry| entry.sequence > since);
    if fresh.entries.is_empty() || fresh.entries.len() == feed.entries.len() {
        return None;
    }
    fresh.place = Place::Delta;
    let bytes = Format::Atom.write(&fresh).ok()?;
    Ready::new(Format::Atom.media_type(), bytes, modified).ok()
}

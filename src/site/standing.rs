//! The standing documents: rendered once per change of the store, served from memory.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};

use super::check::{Fault, check};
use super::document::{self, Draft};
use super::press::Press;
use super::{Error, Ready, Scope, cache::Format};
use crate::publish::FeedDocument;
use crate::store::Store;

/// Deltas kept ready; subscribers that poll together ask for the same ones.
const MAX_DELTAS: usize = 256;

/// The standing documents of one moment; they change together.
#[derive(Debug)]
pub struct Standing {
    /// `/feed.atom`.
    pub atom: Arc<Ready>,
    /// `/feed.rss`.
    pub rss: Arc<Ready>,
    /// `/feed.json`.
    pub json: Arc<Ready>,
    /// What they say, for deltas and the first page.
    pub document: FeedDocument,
    /// The newest publication that they show: what came while they were made is for the next time.
    pub sequence: i64,
    /// What kept a newer document from standing here.
    pub faults: Vec<Fault>,
    pub(super) deltas: Mutex<Vec<(i64, Option<Arc<Ready>>)>>,
}

impl Standing {
    /// The merged feed in one format.
    pub fn feed(&self, format: Format) -> &Arc<Ready> {
        match format {
            Format::Atom => &self.atom,
            Format::Rss => &self.rss,
            Format::Json => &self.json,
        }
    }

    /// Only what is new since a publication, as Atom (RFC 3229); `None` where the feed itself must be sent.
    pub fn delta(&self, since: i64) -> Option<Arc<Ready>> {
        let mut deltas = self.deltas.lock().unwrap_or_else(|e| e.into_inner());
        if let Some((_, known)) = deltas.iter().find(|(known, _)| *known == since) {
            return known.clone();
        }
        let made = super::view::delta(&self.document, since, self.atom.modified).map(Arc::new);
        if deltas.len() < MAX_DELTAS {
            deltas.push((since, made.clone()));
        }
        made
    }
}

/// Reads what the standing documents are to say, and renders them on the press.
pub(super) async fn make(
    store: &Store,
    press: &Press,
    scope: Arc<Scope>,
    last: Option<Arc<Standing>>,
    now: DateTime<Utc>,
) -> Result<Standing, Error> {
    let known = scope.clone();
    let (draft, sequence) = store
        .read(move |reader| {
            Ok((
                document::merged(reader, &known)?,
                reader.indexed_sequence()?,
            ))
        })
        .await?;
    let render = move || render(draft, sequence, &scope, last.as_deref(), now);
    press.run(render).await
}

/// Renders the standing documents; what does not pass the check stays as it was in `last`.
fn render(
    draft: Draft,
    sequence: i64,
    scope: &Scope,
    last: Option<&Standing>,
    now: DateTime<Utc>,
) -> Result<Standing, Error> {
    let feed = draft.document(scope);
    let newest = feed.entries.iter().map(|e| e.sequence).max().unwrap_or(0);
    let mut faults = Vec::new();
    let mut ready = |format: Format| -> Result<Arc<Ready>, Error> {
        let bytes = format.write(&feed)?;
        let before = last.map(|last| last.feed(format));
        if let Some(before) = before.filter(|before| before.identity == bytes) {
            return Ok(before.clone());
        }
        if let Err(fault) = check(format, &bytes, &feed) {
            faults.push(fault);
            if let Some(before) = before {
                return Ok(before.clone());
            }
        }
        let modified = document::modified(&feed, now);
        let modified = last.map_or(modified, |_| now);
        Ok(Arc::new(
            Ready::new(format.media_type(), bytes, modified)?
                .up_to(newest)
                .told_by(feed.address(format.ending()), &feed.hubs),
        ))
    };
    Ok(Standing {
        atom: ready(Format::Atom)?,
        rss: ready(Format::Rss)?,
        json: ready(Format::Json)?,
        document: feed,
        sequence,
        faults,
        deltas: Mutex::default(),
    })
}

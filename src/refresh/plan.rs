//! What a refresh wants written: old memory, new entries and `now` go in, a plan comes out. Pure.

use chrono::{DateTime, Utc};

use super::read::aside;
use super::verdict;
use super::{Heard, Pass};
use crate::dedupe::flood;
use crate::dedupe::identity::{Change, Recognized};
use crate::html;
use crate::model::{
    DateOrigin, Document, EntryChange, EntryId, Moment, Outcome, ParsedFeed, Plan, Precision,
    Source, SourceState, Text,
};
use crate::schedule;
use crate::watch::Sight;

/// What a pass has read.
struct Reading<'a> {
    /// What was read.
    feed: &'a ParsedFeed,
    /// From where.
    document: &'a Document,
    /// Its entries, told new from known, in document order, each with whether it is held back.
    recognized: Vec<(Recognized, bool)>,
    /// Entries that the source has taken back.
    withdrawn: Vec<EntryId>,
    /// Stored entries that are not in it and that their own pages have completed.
    late: Vec<EntryChange>,
}

impl Pass<'_> {
    /// Plans what to write of what was seen.
    pub(super) fn plan(
        &self,
        feed: &ParsedFeed,
        document: &Document,
        recognized: Vec<Recognized>,
        (withdrawn, late): (Vec<EntryId>, Vec<EntryChange>),
    ) -> Plan {
        let received = document.received;
        let held = flood::held(
            &recognized,
            self.source,
            &self.memory,
            self.waiting,
            received,
        );
        let reading = Reading {
            feed,
            document,
            recognized: recognized.into_iter().zip(held).collect(),
            withdrawn,
            late,
        };
        aside(document, || {
            plan(self.source, &self.memory, reading, &self.heard, self.now)
        })
    }
}

/// The plan of a refresh that read something.
///
/// `now` is what the schedule counts from. Entries are dated by the moment the document was received, which is another
/// one when a recording is played.
fn plan(
    source: &Source,
    memory: &SourceState,
    reading: Reading<'_>,
    heard: &Heard,
    now: DateTime<Utc>,
) -> Plan {
    let Reading {
        feed,
        document,
        recognized,
        withdrawn,
        late,
    } = reading;
    let received = document.received;
    let glance = glance(recognized.iter().map(|(one, _)| one));
    let newest = newest(recognized.iter().map(|(one, _)| one), received);
    let mut entries: Vec<EntryChange> = recognized.into_iter().map(change).collect();
    entries.reverse(); // documents tell the newest first; subscribers get the oldest first
    entries.sort_by_key(published);
    entries.extend(late);
    entries.extend(
        withdrawn
            .into_iter()
            .map(|id| EntryChange::Withdrawn { id }),
    );
    let outcome = outcome(&entries, feed);
    let mut state = remembered(memory, feed, document, newest);
    schedule::keep_pace(&mut state, &heard.hints);
    verdict::good(&mut state, source, &entries, &glance, now);
    let due = schedule::next_due(
        source,
        &state,
        &outcome,
        &heard.freshness,
        &heard.hints,
        now,
    );
    state.due = Some(due.at);
    state.due_reason = due.reason;
    state.last_outcome = Some(outcome.clone());
    Plan {
        source: source.id.clone(),
        now: received,
        state,
        entries,
        outcome,
    }
}

/// The document at a glance.
pub(super) fn glance<'a>(recognized: impl Iterator<Item = &'a Recognized>) -> Sight {
    Sight::of(recognized.map(|one| (&one.entry, one.known.is_some())))
}

fn change((recognized, held): (Recognized, bool)) -> EntryChange {
    let Recognized {
        entry,
        aliases,
        known,
        ..
    } = recognized;
    let entry = Box::new(entry);
    match known {
        None => EntryChange::New {
            entry,
            aliases,
            held,
        },
        Some((id, Change::Material)) => EntryChange::Changed { id, entry, aliases },
        Some((id, Change::Touched)) => EntryChange::Touched { id, entry, aliases },
        Some((id, Change::None)) => EntryChange::Seen { id, aliases },
    }
}

fn published(change: &EntryChange) -> Option<DateTime<Utc>> {
    match change {
        EntryChange::New { entry, .. } => Some(entry.published.utc()),
        _ => None,
    }
}

fn outcome(entries: &[EntryChange], feed: &ParsedFeed) -> Outcome {
    let count =
        |fits: fn(&EntryChange) -> bool| entries.iter().filter(|change| fits(change)).count();
    Outcome::Updated {
        new: count(|change| matches!(change, EntryChange::New { held: false, .. })),
        changed: count(|change| matches!(change, EntryChange::Changed { .. })),
        unchanged: count(|change| {
            matches!(
                change,
                EntryChange::Touched { .. } | EntryChange::Seen { .. }
            )
        }),
        held: count(|change| matches!(change, EntryChange::New { held: true, .. })),
        repairs: feed.repairs.clone(),
    }
}

/// The memory after a document was read, but for the verdict and the schedule.
fn remembered(
    memory: &SourceState,
    feed: &ParsedFeed,
    document: &Document,
    newest: Option<DateTime<Utc>>,
) -> SourceState {
    let title = |text: &Option<Text>| {
        text.as_ref()
            .map(html::title)
            .filter(|title| !title.is_empty())
    };
    SourceState {
        validators: document.validators.clone(),
        validators_since: Some(document.received),
        body_digest: Some(*blake3::hash(&document.bytes).as_bytes()),
        moved: verdict::observe_move(
            memory.moved.clone(),
            document.moved_to.as_ref(),
            document.received,
        ),
        feed_title: title(&feed.title).or_else(|| memory.feed_title.clone()),
        feed_id: feed.id.clone().or_else(|| memory.feed_id.clone()),
        feed_subtitle: title(&feed.subtitle).or_else(|| memory.feed_subtitle.clone()),
        feed_rights: title(&feed.rights).or_else(|| memory.feed_rights.clone()),
        feed_updated: newest.or(memory.feed_updated),
        topic: feed.hints.self_link.as_ref().map(|link| link.to_string()),
        hub: feed
            .hints
            .hub
            .as_ref()
            .or(document.hub.as_ref())
            .map(|hub| hub.to_string()),
        ..memory.clone()
    }
}

/// The newest moment that the document tells, days and better ones alone: a year in an address says nothing of when.
fn newest<'a>(
    recognized: impl Iterator<Item = &'a Recognized>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let is_told = |moment: &&Moment| moment.precision >= Precision::Day && moment.utc() <= now;
    recognized
        .filter(|one| one.entry.date_origin != DateOrigin::FirstSeen)
        .flat_map(|one| [Some(&one.entry.published), one.entry.updated.as_ref()])
        .flatten()
        .filter(is_told)
        .map(Moment::utc)
        .max()
}

//! Sources whose bodies or guids change at every fetch: noticed, damped, and said so in `status`.

use super::identity::{Known, Recognized};
use crate::model::SourceState;

/// Fetches in a row that make a habit.
const HABIT: u32 = 2;

/// Quiet fetches in a row that end it.
const RECOVERY: u32 = 10;

/// Fewest known entries by which a document is judged.
const FEWEST: usize = 3;

/// Takes note of one document in the source's memory: sets or clears `restless` and `rotating_guids`.
pub fn observe(recognized: &[Recognized], known: &Known, state: &mut SourceState) {
    let pairs: Vec<_> = recognized
        .iter()
        .filter_map(|found| {
            known
                .entries
                .get(&found.known?.0)
                .map(|stored| (found, stored))
        })
        .collect();
    if pairs.is_empty() {
        return;
    }
    let other_guids = pairs
        .iter()
        .filter(|(found, stored)| {
            let (now, before) = (&found.entry.guid, &stored.entry.guid);
            now.is_some() && before.is_some() && now != before
        })
        .count();
    if !state.rotating_guids {
        state.guid_changes = count(state.guid_changes, is_most(other_guids, pairs.len()));
        state.rotating_guids = state.guid_changes > HABIT;
    }
    let other_bodies = pairs
        .iter()
        .filter(|(found, _)| found.difference.is_some())
        .count();
    note_bodies(state, is_most(other_bodies, pairs.len()));
}

/// Whether a document changed the bodies of nearly all its known entries at once: a template, not news.
pub fn is_sweeping(changed: usize, known: usize) -> bool {
    known >= 5 && changed * 10 >= known * 8
}

fn is_most(changed: usize, known: usize) -> bool {
    changed * 10 >= known * 6 && (known >= FEWEST || changed == known)
}

fn count(before: u32, again: bool) -> u32 {
    if again { before.saturating_add(1) } else { 0 }
}

fn note_bodies(state: &mut SourceState, changed: bool) {
    if changed {
        state.body_changes = state.body_changes.max(0).saturating_add(1);
    } else {
        state.body_changes = state.body_changes.min(0).saturating_sub(1);
    }
    if state.body_changes >= HABIT as i32 {
        state.restless = true;
    }
    if state.body_changes <= -(RECOVERY as i32) {
        state.restless = false;
    }
}

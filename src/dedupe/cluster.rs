//! Where a new entry goes: into the cluster of its best accepted neighbour, or into one of its own.
//!
//! # Why
//!
//! One pass, in order of arrival, no look-ahead and no rebuild: what was published stays. A neighbour is not enough, or
//! chains of small differences would drift from one piece of news to the next: every veto is also held against the first
//! member of the cluster, and a source's own earlier entry in it must be a repost by the strict rule.

use super::fingerprint::Fingerprint;
use super::pair::Pair;
use super::rules::{Verdict, decide};
use super::statistics::Statistics;
use super::vetoes::veto;
use crate::model::{Edge, EntryId, Placement, Role, Rule, Veto, VetoKind};

/// Most near misses kept of one decision.
const MAX_VETOES: usize = 3;

/// A stored entry that shares keys with the new one.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub fingerprint: Fingerprint,
    /// Whether the operator has parted it from the new entry for good.
    pub is_parted: bool,
}

/// Decides where an entry goes; all candidates that are given are compared. `mates` gives the members of a candidate's
/// cluster that must agree too: its first one, and those of the entry's own source.
pub fn place(
    item: &Fingerprint,
    candidates: &[Candidate],
    mut mates: impl FnMut(EntryId) -> Vec<Fingerprint>,
    statistics: &Statistics,
) -> Placement {
    let mut accepted: Vec<Edge> = Vec::new();
    let mut vetoes: Vec<Veto> = Vec::new();
    for candidate in candidates {
        let with = candidate.fingerprint.id;
        if candidate.is_parted {
            vetoes.push(against(
                with,
                (VetoKind::Operator, "parted by the operator".to_owned()),
            ));
            continue;
        }
        match decide(&Pair::of(item, &candidate.fingerprint), statistics) {
            Verdict::Same {
                rule,
                score,
                evidence,
            } => accepted.push(Edge {
                with,
                rule,
                score,
                evidence,
            }),
            Verdict::Apart(objection) => vetoes.push(against(with, objection)),
            Verdict::Unlike => {}
        }
    }
    accepted.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.with.cmp(&b.with)));
    let mut edge = None;
    for found in accepted {
        let objection = match found.rule {
            Rule::Address => None,
            _ => objection_of(&mates(found.with), item, statistics),
        };
        match objection {
            Some(veto) => vetoes.push(veto),
            None => {
                edge = Some(found);
                break;
            }
        }
    }
    vetoes.truncate(MAX_VETOES);
    Placement { edge, vetoes }
}

fn against(from: EntryId, (kind, detail): (VetoKind, String)) -> Veto {
    Veto { from, kind, detail }
}

fn objection_of(
    mates: &[Fingerprint],
    item: &Fingerprint,
    statistics: &Statistics,
) -> Option<Veto> {
    mates.iter().find_map(|mate| {
        let pair = Pair::of(item, mate);
        if let Some(objection) = veto(&pair) {
            return Some(against(mate.id, objection));
        }
        if mate.source != item.source {
            return None;
        }
        match decide(&pair, statistics) {
            Verdict::Same { .. } => None,
            Verdict::Apart(objection) => Some(against(mate.id, objection)),
            Verdict::Unlike => Some(against(
                mate.id,
                (VetoKind::RoundUp, "told apart by its own source".to_owned()),
            )),
        }
    })
}

/// Who speaks for a cluster: the issuing body over the wire service over the press, then the earliest, then the first.
pub fn representative<'a>(
    members: impl Iterator<Item = &'a (EntryId, Role, i64)>,
) -> Option<EntryId> {
    members
        .min_by_key(|(id, role, at)| (*role, *at, *id))
        .map(|(id, _, _)| *id)
}

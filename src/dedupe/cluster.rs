//! Where a new entry goes: into the cluster of its best accepted neighbour, or into one of its own.
//!
//! # Why
//!
//! One pass, in order of arrival, no look-ahead and no rebuild: what was published stays. A neighbour is not enough, or
//! chains of small differences would drift from one piece of news to the next: every veto is also held against the first
//! member of the cluster, and a source's own earlier entry in it must be a repost by the strict rule.

use super::beside::kept;
use super::fingerprint::Fingerprint;
use super::pair::Pair;
use super::rules::{Verdict, decide};
use super::statistics::Statistics;
use super::vetoes::{Objection, veto};
use crate::model::{ClusterId, Edge, EntryId, Placement, Role, Rule, Veto, VetoKind};

/// Most near misses kept of one decision.
const MAX_VETOES: usize = 3;

/// A stored entry that the new one is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub fingerprint: Fingerprint,
    /// What it said before it changed, latest first: a copy may tell that.
    pub revisions: Vec<Fingerprint>,
    /// Its piece of news.
    pub cluster: Option<ClusterId>,
    /// Whether the operator has parted it from the new entry for good.
    pub is_parted: bool,
}

impl Candidate {
    fn states(&self) -> impl Iterator<Item = &Fingerprint> {
        std::iter::once(&self.fingerprint).chain(&self.revisions)
    }
}

/// A merge of this score is certain: nothing better can follow, so no more candidates are read.
const CERTAIN: f64 = 0.999;

/// Decides where an entry goes; candidates are compared until one is certain. `mates` gives the members of a candidate's
/// cluster that must agree too: its first one, and those of the entry's own source.
pub fn place(
    item: &Fingerprint,
    candidates: impl Iterator<Item = Candidate>,
    mut mates: impl FnMut(EntryId) -> Vec<Candidate>,
    statistics: &Statistics,
) -> Placement {
    let mut vetoes: Vec<Veto> = Vec::new();
    let mut agreed = |found: &Edge, vetoes: &mut Vec<Veto>| {
        let objection = match found.rule {
            Rule::Address => None,
            _ => objection_of(&mates(found.with), item, statistics),
        };
        let agreed = objection.is_none();
        vetoes.extend(objection);
        agreed
    };
    let (mut accepted, mut read) = (Vec::new(), Vec::new());
    for candidate in candidates {
        match compare(item, &candidate, statistics) {
            Ok(edge) if edge.score >= CERTAIN => {
                if agreed(&edge, &mut vetoes) {
                    return placement(Some(edge), vetoes);
                }
            }
            Ok(edge) => accepted.push(edge),
            Err(veto) => vetoes.extend(veto),
        }
        read.push(candidate);
    }
    accepted.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.with.cmp(&b.with)));
    let edge = accepted
        .into_iter()
        .find(|found| agreed(found, &mut vetoes))
        .filter(|found| found.rule != Rule::Sentence || is_told_once(item, found.with, &read));
    placement(edge, vetoes)
}

fn placement(edge: Option<Edge>, mut vetoes: Vec<Veto>) -> Placement {
    vetoes.truncate(MAX_VETOES);
    Placement { edge, vetoes }
}

/// Holds an entry against a candidate: a merge, or what keeps them apart where anything but their differing does.
fn compare(
    item: &Fingerprint,
    candidate: &Candidate,
    statistics: &Statistics,
) -> Result<Edge, Option<Veto>> {
    let with = candidate.fingerprint.id;
    if candidate.is_parted {
        let detail = "parted by the operator".to_owned();
        return Err(Some(against(with, (VetoKind::Operator, detail))));
    }
    match verdict(item, candidate, statistics) {
        Verdict::Same {
            rule,
            score,
            evidence,
        } => Ok(Edge {
            with,
            rule,
            score,
            evidence,
        }),
        Verdict::Apart(objection) => Err(Some(against(with, objection))),
        Verdict::Unlike => Err(None),
    }
}

/// Holds an entry against what a candidate says now, then against what it said before.
fn verdict(item: &Fingerprint, candidate: &Candidate, statistics: &Statistics) -> Verdict {
    let mut now = None;
    for state in candidate.states() {
        let mut verdict = decide(&Pair::of(item, state), statistics);
        if let Verdict::Same { evidence, .. } = &mut verdict {
            evidence.earlier = now.is_some();
            return verdict;
        }
        now = now.or(Some(verdict));
    }
    now.unwrap_or(Verdict::Unlike)
}

fn against(from: EntryId, (kind, detail): (VetoKind, String)) -> Veto {
    Veto { from, kind, detail }
}

/// Whether no news but that of `with` has a sentence in common with an entry: one of background stands in several.
fn is_told_once(item: &Fingerprint, with: EntryId, read: &[Candidate]) -> bool {
    let told = read
        .iter()
        .filter(|one| one.fingerprint.id == with || kept(item, &one.fingerprint).is_some());
    let mut news = told.map(|one| one.cluster);
    let first = news.next();
    news.all(|cluster| Some(cluster) == first)
}

/// What a mate has against an entry that agrees with none of its states.
fn objection_of(mates: &[Candidate], item: &Fingerprint, statistics: &Statistics) -> Option<Veto> {
    mates.iter().find_map(|mate| {
        let mut now = None;
        for state in mate.states() {
            let objection = objection(item, state, statistics)?;
            now = now.or(Some(objection));
        }
        now.map(|objection| against(mate.fingerprint.id, objection))
    })
}

fn objection(item: &Fingerprint, mate: &Fingerprint, statistics: &Statistics) -> Option<Objection> {
    let pair = Pair::of(item, mate);
    if let Some(objection) = veto(&pair) {
        return Some(objection);
    }
    if mate.source != item.source {
        return None;
    }
    match decide(&pair, statistics) {
        Verdict::Same { .. } => None,
        Verdict::Apart(objection) => Some(objection),
        Verdict::Unlike => Some((VetoKind::RoundUp, "told apart by its own source".to_owned())),
    }
}

/// Who speaks for a cluster: the issuing body over the wire service over the press, then the earliest, then the first.
pub fn representative<'a>(
    members: impl Iterator<Item = &'a (EntryId, Role, i64)>,
) -> Option<EntryId> {
    members
        .min_by_key(|(id, role, at)| (*role, *at, *id))
        .map(|(id, _, _)| *id)
}

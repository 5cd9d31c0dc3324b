//! Entries of several sources that tell the same thing, and why they are held to.

use serde::{Deserialize, Serialize};

use super::EntryId;

/// The number of a cluster; never reused. A cluster is what is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClusterId(pub i64);

/// The rule that held when two entries were merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The same identifying address.
    Address,
    /// The same source told it twice.
    SameSource,
    /// Equal or nearly equal titles and shared text.
    TitleAndText,
    /// Equal titles, one side without text.
    TitleOnly,
    /// An equal title that is rare in itself.
    RareTitle,
    /// Nearly the same text under another title.
    Text,
    /// A sentence that the press left as it was, under a title and a lead of its own.
    Sentence,
    /// The operator joined them.
    Operator,
}

/// What made two entries the same, in figures.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// How the titles compare: `equal`, `soft`, `contains`, `part`, `other`.
    pub titles: String,
    /// Words by which the titles differ.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub title_difference: Vec<String>,
    /// Share of the shorter text's word pairs found in the longer, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub containment: Option<f64>,
    /// Words of the shorter text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub words: Option<usize>,
    /// The address they share.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<String>,
    /// Summed rarity of shared words, in nats.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rarity: Option<f64>,
    /// Minutes between the two.
    pub minutes_apart: i64,
    /// Whether the one that was there says so no more, but did before it changed.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub earlier: bool,
}

/// A merge of two entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// The entry that was there first.
    pub with: EntryId,
    /// The rule that held.
    pub rule: Rule,
    /// 0 to 1, for ranking and for show.
    pub score: f64,
    /// The figures.
    pub evidence: Evidence,
}

/// What kept two similar entries apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VetoKind {
    /// A status word (correction, reminder, cancelled) that only one title has.
    StatusWord,
    /// A figure or a name exchanged for another in the common text.
    Substitution,
    /// Titles that differ in few words: a template, a series, a reversal.
    MinimalPair,
    /// One is a round-up that holds the other.
    RoundUp,
    /// Too far apart in time.
    Window,
    /// The operator parted them.
    Operator,
}

/// A near miss: what kept an entry apart from its nearest candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Veto {
    /// The candidate.
    pub from: EntryId,
    /// The veto.
    pub kind: VetoKind,
    /// What differs: `54 / 53`.
    pub detail: String,
}

/// Where an entry goes: into a cluster by an edge, or into one of its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placement {
    /// The merge, if there is one.
    pub edge: Option<Edge>,
    /// The nearest candidates it was kept apart from.
    pub vetoes: Vec<Veto>,
}

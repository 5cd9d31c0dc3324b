//! `samflode why`: why an entry is merged with others, and what it was kept apart from.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::report::{Exit, Report};
use super::{Global, terminal};
use crate::dedupe::explain;
use crate::model::{EntryId, StoredEntry};
use crate::store::{Error, Kept, Merge, Reader, Why};

/// Options of `why`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entry: its number in `samflode entries`, its published id or its address
    id: String,
}

/// The answer with the other entries it speaks of.
struct Answer {
    why: Why,
    others: HashMap<EntryId, StoredEntry>,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (_, store) = global.open_store()?;
    let answer = store.read(move |reader| answer(reader, &args.id)).await?;
    if global.json {
        terminal::print_json(&as_json(&answer));
    } else {
        terminal::print(&sentences(&answer));
    }
    Ok(Exit::Well)
}

fn answer(reader: &Reader<'_>, name: &str) -> Result<Answer, Error> {
    let why = reader.why(reader.find_entry(name)?)?;
    let merged = why
        .merges
        .iter()
        .flat_map(|merge| [merge.entry, merge.edge.with]);
    let kept = why
        .kept
        .iter()
        .flat_map(|kept| [kept.entry, kept.veto.from]);
    let mut others = HashMap::new();
    for id in merged.chain(kept).chain(why.parted.iter().copied()) {
        if let Some(entry) = reader.entry(id)? {
            others.insert(id, entry);
        }
    }
    Ok(Answer { why, others })
}

impl Answer {
    /// `7 (kommunen, “Bron öppnas”)`.
    fn name(&self, id: EntryId) -> String {
        match self.others.get(&id) {
            Some(entry) => format!("{} ({}, “{}”)", id.0, entry.source, entry.entry.title),
            None => id.0.to_string(),
        }
    }

    fn merge(&self, merge: &Merge) -> String {
        let mut line = explain::merged(&merge.edge, &self.name(merge.edge.with));
        if let Some(changed) = merge.changed {
            line.push_str(&format!(
                ", found when {} changed, {}",
                changed.0,
                merge.at.format("%Y-%m-%d %H:%M")
            ));
        }
        if let Some((at, by)) = &merge.undone {
            line.push_str(&format!(
                " (undone by {by}, {})",
                at.format("%Y-%m-%d %H:%M")
            ));
        }
        line
    }

    fn kept(&self, kept: &Kept) -> String {
        let other = if kept.entry == self.why.entry.id {
            kept.veto.from
        } else {
            kept.entry
        };
        let line = explain::kept_apart(&kept.veto, &self.name(other));
        match kept.changed {
            Some(changed) => format!("{line}, found when {} changed", changed.0),
            None => line,
        }
    }
}

fn sentences(answer: &Answer) -> String {
    let why = &answer.why;
    let mut lines = vec![format!(
        "{} ({}): {}",
        why.entry.id.0, why.entry.source, why.entry.entry.title
    )];
    lines.push(match &why.published_id {
        Some(id) => format!(
            "  published as {id}, told by {}",
            terminal::counted(why.members.len(), "entry", "entries")
        ),
        None if why.is_dropped => "  dropped by the operator: known, never published".to_owned(),
        None => format!(
            "  held back by the flood guard: `samflode release {} {}` publishes it",
            why.entry.source, why.entry.id.0
        ),
    });
    for merge in &why.merges {
        let line = answer.merge(merge);
        lines.push(if merge.entry == why.entry.id {
            format!("  {line}")
        } else {
            format!("  {}: {line}", answer.name(merge.entry))
        });
    }
    lines.extend(
        why.kept
            .iter()
            .map(|kept| format!("  {}", answer.kept(kept))),
    );
    lines.extend(
        why.parted
            .iter()
            .map(|id| format!("  parted for good from {}", answer.name(*id))),
    );
    if why.merges.is_empty() && why.kept.is_empty() && why.parted.is_empty() {
        lines.push("  nothing like it was found".to_owned());
    }
    lines.push(String::new());
    lines.join("\n")
}

fn as_json(answer: &Answer) -> Value {
    let why = &answer.why;
    let with_text = |mut value: Value, text: String| {
        value["text"] = text.into();
        value
    };
    json!({
        "id": why.entry.id,
        "source": why.entry.source,
        "title": why.entry.entry.title,
        "published_id": why.published_id,
        "dropped": why.is_dropped,
        "members": why.members.iter().map(|member| json!({
            "id": member.id, "source": member.source, "title": member.entry.title, "url": member.entry.link,
        })).collect::<Vec<_>>(),
        "merges": why.merges.iter().map(|merge| with_text(json!(merge), answer.merge(merge))).collect::<Vec<_>>(),
        "kept_apart": why.kept.iter().map(|kept| with_text(json!(kept), answer.kept(kept))).collect::<Vec<_>>(),
        "parted": why.parted,
    })
}

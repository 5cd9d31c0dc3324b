//! What `samflode check --live` shows, as tables and as JSON.

use serde_json::{Value, json};

use super::findings::Findings;
use super::progress::Ended;
use super::{Global, seek, terminal};
use crate::model::{Outcome, ParsedEntry, Rules, SourceId, StoredEntry};
use crate::store::Novelty;

/// What a refresh would do.
pub(super) struct Preview {
    /// Entries that are new or changed, newest first.
    pub news: Vec<News>,
    /// How each source ended.
    pub ended: Vec<Ended>,
    /// Rules that wait for approval.
    pub proposed: Vec<Proposed>,
}

/// An entry that would be published.
pub(super) struct News {
    /// The entry.
    pub stored: StoredEntry,
    /// What is new about it.
    pub novelty: Novelty,
    /// Why it is told with others.
    pub reasons: Vec<Reason>,
}

/// Why an entry is told with another.
pub(super) struct Reason {
    /// The other.
    pub with: StoredEntry,
    /// The reason, as a sentence.
    pub text: String,
}

/// New rules for a page.
pub(super) struct Proposed {
    /// Whose.
    pub source: SourceId,
    /// The rules.
    pub rules: Rules,
    /// The change, line by line.
    pub diff: String,
    /// What they find now.
    pub entries: Vec<ParsedEntry>,
}

/// `kommunen, “Bron öppnas”`: numbers of entries hold in the copy alone.
pub(super) fn name(stored: &StoredEntry) -> String {
    format!("{}, “{}”", stored.source, stored.entry.title)
}

/// Prints it in the form that is wanted.
pub(super) fn show(preview: &Preview, found: &Findings, global: &Global) {
    if global.json {
        let mut whole = json!(found);
        whole["live"] = as_json(preview);
        return terminal::print_json(&whole);
    }
    if !preview.news.is_empty() {
        terminal::print_line(&table(&preview.news));
    }
    terminal::print(&remarks(preview));
    for proposed in &preview.proposed {
        if !proposed.entries.is_empty() {
            terminal::print_line(&format!(
                "{}: the proposed rules find {} now, such as",
                proposed.source,
                terminal::counted(proposed.entries.len(), "entry", "entries")
            ));
            terminal::print_line(&seek::entries(&proposed.entries));
        }
    }
    terminal::print_line(&summary(preview));
}

fn table(news: &[News]) -> String {
    let mut table = terminal::table(&["source", "title", "date", "link", ""]);
    for one in news {
        let entry = &one.stored.entry;
        table.add_row([
            one.stored.source.to_string(),
            entry.title.clone(),
            entry.published.at.format("%Y-%m-%d").to_string(),
            entry.link.to_string(),
            novelty(one.novelty).to_owned(),
        ]);
    }
    table.to_string()
}

fn novelty(novelty: Novelty) -> &'static str {
    match novelty {
        Novelty::New => "new",
        Novelty::Held => "held back",
        Novelty::Changed => "changed",
    }
}

/// Merges with their reasons, then failures with what to do, then proposed rules.
fn remarks(preview: &Preview) -> String {
    let mut lines = Vec::new();
    for one in preview.news.iter().filter(|one| !one.reasons.is_empty()) {
        lines.push(name(&one.stored));
        let reasons = one
            .reasons
            .iter()
            .map(|reason| format!("  {}", reason.text));
        lines.extend(reasons);
    }
    for (ended, hint) in troubles(&preview.ended) {
        lines.push(format!("{}: {}", ended.source, ended.outcome));
        lines.extend(hint.map(|hint| format!("  hint: {hint}")));
    }
    for proposed in &preview.proposed {
        lines.push(format!(
            "{0}: the layout has changed; `samflode add --accept {0}` takes these rules:",
            proposed.source
        ));
        lines.extend(proposed.diff.lines().map(|line| format!("  {line}")));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Sources that were not read, with what to do.
fn troubles(ended: &[Ended]) -> impl Iterator<Item = (&Ended, Option<&'static str>)> {
    ended.iter().filter_map(|one| match &one.outcome {
        Outcome::Failed(failure) => Some((one, failure.hint())),
        Outcome::Skipped(_) => Some((one, None)),
        Outcome::Updated { .. } | Outcome::Unchanged => None,
    })
}

fn summary(preview: &Preview) -> String {
    let count = |wanted| {
        let all = preview.news.iter();
        all.filter(|one| one.novelty == wanted).count()
    };
    let merged = preview.news.iter().filter(|one| !one.reasons.is_empty());
    let failed = preview
        .ended
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::Failed(_)));
    let mut parts = vec![
        format!(
            "{}: {} new",
            terminal::counted(preview.ended.len(), "source", "sources"),
            terminal::counted(count(Novelty::New), "entry", "entries")
        ),
        format!("{} changed", count(Novelty::Changed)),
    ];
    for (count, word) in [
        (merged.count(), "merged"),
        (count(Novelty::Held), "held back"),
        (failed.count(), "failed"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    format!("{}; nothing is kept", parts.join(", "))
}

fn as_json(preview: &Preview) -> Value {
    let failures: Vec<Value> = troubles(&preview.ended)
        .map(|(ended, hint)| {
            json!({
                "source": ended.source, "result": ended.outcome, "text": ended.outcome.to_string(), "hint": hint,
            })
        })
        .collect();
    let proposed = preview.proposed.iter().map(|proposed| {
        json!({
            "source": proposed.source,
            "rules": proposed.rules,
            "diff": proposed.diff,
            "entries": proposed.entries.iter().map(seek::entry_to_json).collect::<Vec<_>>(),
        })
    });
    json!({
        "entries": preview.news.iter().map(news_as_json).collect::<Vec<_>>(),
        "failures": failures,
        "proposed": proposed.collect::<Vec<_>>(),
    })
}

fn news_as_json(news: &News) -> Value {
    let told = |stored: &StoredEntry| {
        json!({
            "source": stored.source,
            "title": stored.entry.title,
            "published": stored.entry.published.at.to_rfc3339(),
            "url": stored.entry.link,
        })
    };
    let mut whole = told(&news.stored);
    whole["novelty"] = json!(news.novelty);
    whole["merged"] = news
        .reasons
        .iter()
        .map(|reason| json!({"with": told(&reason.with), "text": reason.text}))
        .collect();
    whole
}

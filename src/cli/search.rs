//! `samflode search WORDS`: published news that hold all the words, newest first.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::global::index;
use super::report::{Exit, Report};
use super::{Global, terminal};
use crate::model::StoredEntry;
use crate::publish::ClusterFacts;

/// Options of `search`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The words; all must be there, the beginning of a word is enough
    #[arg(required = true)]
    words: Vec<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    index(config, &store, (global.clock)()).await?;
    let words = args.words.join(" ");
    let found = store
        .read(move |reader| reader.search(&words, &[], None, args.limit))
        .await?;
    let Some(mut found) = found else {
        return Err(Report::new("there is no word to search for").usage());
    };
    // Found in the order in which they came here, which for a new source is not that of its news.
    found.sort_by_key(|facts| {
        std::cmp::Reverse(speaker(facts).map(|stored| stored.entry.published.utc()))
    });
    match global.json {
        true => terminal::print_json(&found.iter().filter_map(as_json).collect::<Vec<_>>()),
        false => show(&found),
    }
    Ok(Exit::Well)
}

/// The entry that speaks for a cluster.
fn speaker(facts: &ClusterFacts) -> Option<&StoredEntry> {
    facts
        .members
        .iter()
        .find(|member| member.id == facts.representative)
}

fn carriers(facts: &ClusterFacts) -> Vec<&str> {
    let mut carriers: Vec<&str> = facts
        .members
        .iter()
        .map(|member| member.source.as_str())
        .collect();
    carriers.dedup();
    carriers
}

fn as_json(facts: &ClusterFacts) -> Option<Value> {
    let stored = speaker(facts)?;
    Some(json!({
        "id": stored.id,
        "published_id": facts.published_id,
        "title": stored.entry.title,
        "url": stored.entry.link,
        "published": stored.entry.published.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "carriers": carriers(facts),
    }))
}

fn show(found: &[ClusterFacts]) {
    let mut table = terminal::table(&["id", "published", "carried by", "title"]);
    for (facts, stored) in found
        .iter()
        .filter_map(|facts| Some((facts, speaker(facts)?)))
    {
        table.add_row([
            stored.id.0.to_string(),
            stored.entry.published.at.format("%Y-%m-%d").to_string(),
            carriers(facts).join(", "),
            stored.entry.title.clone(),
        ]);
    }
    terminal::print_line(&table.to_string());
}

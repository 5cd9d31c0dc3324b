//! `samflode status`: how each source is doing.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::report::{Exit, Report};
use super::{Global, findings, proposal, terminal};
use crate::model::{Incident, Kind, Outcome, Source, SourceProfile, SourceState};
use crate::publish::public_address;
use crate::store::{Error, Reader, SourceRow};

/// Options of `status`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The sources to show [default: all]
    source: Vec<String>,
}

struct Line {
    row: SourceRow,
    entries: usize,
    incidents: Vec<Incident>,
    activity: &'static str,
    kind: Option<Kind>,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let configured = config.sources.clone();
    let mut lines = store.read(move |reader| lines(reader, &configured)).await?;
    let is_known = |name: &&String| lines.iter().any(|line| line.is(name));
    if let Some(unknown) = args.source.iter().find(|name| !is_known(name)) {
        config
            .pick(std::slice::from_ref(unknown))
            .map_err(|error| findings::unknown_source(&error))?;
    }
    if !args.source.is_empty() {
        lines.retain(|line| args.source.iter().any(|name| line.is(name)));
    }
    match global.json {
        true => terminal::print_json(
            &json!({ "sources": lines.iter().map(as_json).collect::<Vec<_>>() }),
        ),
        false => show(&lines, (global.clock)()),
    }
    Ok(Exit::Well)
}

/// Every source that is configured or ever was, by id.
fn lines(reader: &Reader<'_>, configured: &[Source]) -> Result<Vec<Line>, Error> {
    let mut rows = reader.sources()?;
    for source in configured {
        if rows.iter().all(|row| row.profile.id != source.id) {
            rows.push(SourceRow {
                profile: SourceProfile::from(source),
                state: SourceState::default(),
            });
        }
    }
    rows.sort_by(|a, b| a.profile.id.cmp(&b.profile.id));
    rows.into_iter()
        .map(|row| {
            let id = &row.profile.id;
            let source = configured.iter().find(|source| source.id == *id);
            Ok(Line {
                entries: reader.count_entries(id)?,
                incidents: reader.open_incidents(Some(id))?,
                kind: source.map(|source| source.kind.clone()),
                activity: match source {
                    None => "not configured",
                    Some(source) if source.is_polled() => "polled",
                    Some(_) => "not polled",
                },
                row,
            })
        })
        .collect()
}

impl Line {
    fn is(&self, name: &str) -> bool {
        self.row.profile.id.as_str() == name
    }
}

fn as_json(line: &Line) -> serde_json::Value {
    let state = &line.row.state;
    json!({
        "id": line.row.profile.id,
        "title": line.row.profile.title,
        "address": public_address(&line.row.profile.address),
        "activity": line.activity,
        "entries": line.entries,
        "last_tried": state.last_tried,
        "last_good": state.last_good,
        "failures": state.failures,
        "failing_since": state.failing_since,
        "last_outcome": state.last_outcome,
        "due": state.due,
        "due_reason": state.due_reason,
        "moved": state.moved,
        "restless": state.restless,
        "proposed_rules": state.proposed_rules,
        "proposed_titles": state.proposed_titles,
        "incidents": line.incidents,
    })
}

fn show(lines: &[Line], now: DateTime<Utc>) {
    let mut table = terminal::table(&[
        "source",
        "entries",
        "last good",
        "due",
        "how the last refresh ended",
    ]);
    for line in lines {
        let state = &line.row.state;
        table.add_row([
            line.row.profile.id.to_string(),
            line.entries.to_string(),
            state
                .last_good
                .map_or_else(|| "never".into(), |at| format!("{} ago", distance(now, at))),
            due(line, now),
            last(line),
        ]);
    }
    terminal::print_line(&table.to_string());
    for line in lines {
        let row = &line.row;
        let told = proposal::told(&row.profile.id, &row.state, line.kind.as_ref());
        if let Some(told) = told {
            terminal::print_line(&told);
        }
    }
}

fn due(line: &Line, now: DateTime<Utc>) -> String {
    match (line.activity, line.row.state.due) {
        ("polled", Some(due)) if due > now => format!("in {}", distance(now, due)),
        ("polled", _) => "now".into(),
        (activity, _) => activity.into(),
    }
}

fn last(line: &Line) -> String {
    let state = &line.row.state;
    let mut words = state
        .last_outcome
        .as_ref()
        .map_or_else(|| "not refreshed yet".into(), Outcome::to_string);
    if state.failures > 1 {
        words.push_str(&format!(" ({} times in a row)", state.failures));
    }
    if let Some(moved) = &state.moved {
        let sure = if moved.confirmed {
            "has moved to"
        } else {
            "seems to move to"
        };
        words.push_str(&format!("; {sure} {}", moved.to));
    }
    if state.restless {
        words.push_str("; its texts change at every fetch: such changes no longer count");
    }
    for incident in &line.incidents {
        words.push_str(&format!("; since {}", incident.began.format("%Y-%m-%d")));
        // The trouble that the last refresh ended with is told already.
        let told = incident.detail.split(", since ").next().unwrap_or_default();
        if !words.contains(told) {
            words.push_str(&format!(": {}", incident.detail));
        }
    }
    words
}

fn distance(a: DateTime<Utc>, b: DateTime<Utc>) -> String {
    terminal::short((a - b).num_milliseconds().unsigned_abs())
}

//! `samflode next`: when a source is refreshed next, and why then.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::json;

use super::report::{Exit, Report};
use super::{Global, findings, terminal};
use crate::model::{HostState, Skip, Source};
use crate::store::SourceRow;
use crate::{link, schedule};

/// Options of `next`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The sources to look up [default: all that are polled, soonest first]
    source: Vec<String>,
}

/// When and why, for one source.
struct Next {
    id: String,
    at: Option<DateTime<Utc>>,
    why: String,
    zone: Tz,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let picked = config
        .pick(&args.source)
        .map_err(|error| findings::unknown_source(&error))?;
    let now = (global.clock)();
    let (rows, hosts) = store
        .read(|reader| Ok((reader.sources()?, reader.hosts()?)))
        .await?;
    let mut list: Vec<Next> = picked
        .into_iter()
        .filter(|source| source.is_polled() || !args.source.is_empty())
        .map(|source| {
            let row = rows.iter().find(|row| row.profile.id == source.id);
            let origin = link::origin(&source.address);
            let host = hosts
                .iter()
                .find(|(known, _)| *known == origin)
                .map(|(_, state)| state);
            next(source, row, host, now)
        })
        .collect();
    list.sort_by_key(|next| next.at);
    match global.json {
        true => {
            terminal::print_json(&json!({ "next": list.iter().map(as_json).collect::<Vec<_>>() }))
        }
        false => list
            .iter()
            .for_each(|next| terminal::print_line(&sentence(next, now))),
    }
    Ok(Exit::Well)
}

/// When a source is refreshed next by what is remembered of it and its host.
fn next(
    source: &Source,
    row: Option<&SourceRow>,
    host: Option<&HostState>,
    now: DateTime<Utc>,
) -> Next {
    let told = |at, why: String| Next {
        id: source.id.to_string(),
        at,
        why,
        zone: source.time_zone,
    };
    if !source.is_polled() {
        return told(None, Skip::NotPolled.to_string());
    }
    let Some(row) = row else {
        let due = schedule::first_due(source, now);
        return told(Some(due.at), reason(&due.reason));
    };
    if row.state.gone {
        return told(None, Skip::Gone.to_string());
    }
    let mut why = match row.state.due_reason.as_str() {
        "" => "never refreshed before".to_owned(),
        reason_given => reason(reason_given),
    };
    let mut at = row.state.due.unwrap_or(now).max(now);
    if let Some(until) = host
        .and_then(|host| host.rests_until)
        .filter(|until| *until > at)
    {
        why.push_str("; its host asked for rest");
        at = until;
    }
    told(Some(at), why)
}

/// The reason without the moment it begins with, which is told anew.
fn reason(told: &str) -> String {
    told.split_once(": ")
        .map_or(told, |(_, why)| why)
        .to_owned()
}

/// "kungsor: Thursday 26 November 08:10 (in 2 h): usually publishes on weekday mornings".
fn sentence(next: &Next, now: DateTime<Utc>) -> String {
    let Some(at) = next.at else {
        return format!("{}: never: {}", next.id, next.why);
    };
    let local = at.with_timezone(&next.zone).format("%A %-d %B %H:%M");
    let distance = match at > now {
        true => format!(
            "in {}",
            terminal::short((at - now).num_milliseconds().unsigned_abs())
        ),
        false => "now".to_owned(),
    };
    format!("{}: {local} ({distance}): {}", next.id, next.why)
}

fn as_json(next: &Next) -> serde_json::Value {
    json!({ "id": next.id, "at": next.at, "reason": next.why })
}

//! `samflode recluster`: what the present rules and the settings as they are written now would merge or part among published
//! entries; `--apply` does it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::report::{Exit, Report};
use super::{Global, terminal};
use crate::dedupe::explain;
use crate::model::{DedupeSettings, EntryId};
use crate::store::{Error, Proposal, Reader, Store};

/// Options of `recluster`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Entries first seen since this day [default: the 14 days that the index remembers]
    #[arg(long, value_name = "DAY")]
    since: Option<NaiveDate>,
    /// Carry the differences out
    #[arg(long)]
    apply: bool,
}

/// Entries looked at in one transaction: the writer is never held for long.
const STEP: usize = 200;
/// Days whose keys the index keeps.
const REMEMBERED: TimeDelta = TimeDelta::days(14);

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let now = (global.clock)();
    let since = args.since.map_or(now - REMEMBERED, |day| {
        day.and_time(chrono::NaiveTime::MIN).and_utc()
    });
    let settings = config.settings.dedupe;
    let authority = config.settings.site.tag_authority;
    if args.apply {
        store.write(move |writer| writer.demand(settings)).await?;
    }
    let apply = args.apply.then_some((authority, now));
    let found = proposals(&store, settings, since, apply).await?;
    if global.json {
        let rows: Vec<_> = found.iter().map(|(proposal, _)| proposal).collect();
        terminal::print_json(&rows);
        return Ok(Exit::Well);
    }
    for (_, line) in &found {
        terminal::print_line(line);
    }
    let what = terminal::counted(found.len(), "difference", "differences");
    terminal::print_line(&if args.apply {
        format!("{what} applied")
    } else {
        what
    });
    Ok(Exit::Well)
}

type Found = Vec<(Proposal, String)>;

async fn proposals(
    store: &Store,
    settings: DedupeSettings,
    since: DateTime<Utc>,
    apply: Option<(Option<String>, DateTime<Utc>)>,
) -> Result<Found, Report> {
    let mut after = EntryId(0);
    let mut all = Vec::new();
    loop {
        let apply = apply.clone();
        let (last, found) = match apply {
            Some((authority, now)) => {
                store
                    .write(move |writer| {
                        let (last, found) = step(writer, settings, since, after)?;
                        for (proposal, _) in &found {
                            writer.apply(proposal, authority.as_deref(), now)?;
                        }
                        Ok((last, found))
                    })
                    .await?
            }
            None => {
                store
                    .read(move |reader| step(reader, settings, since, after))
                    .await?
            }
        };
        all.extend(found);
        match last {
            Some(last) => after = last,
            None => return Ok(all),
        }
    }
}

fn step(
    reader: &Reader<'_>,
    settings: DedupeSettings,
    since: DateTime<Utc>,
    after: EntryId,
) -> Result<(Option<EntryId>, Found), Error> {
    let ids = reader.arrived_since(since, after, STEP)?;
    let mut found = Vec::new();
    for id in &ids {
        if let Some(proposal) = reader.proposal(*id, settings)? {
            let line = sentence(reader, &proposal)?;
            found.push((proposal, line));
        }
    }
    Ok((ids.last().copied(), found))
}

fn sentence(reader: &Reader<'_>, proposal: &Proposal) -> Result<String, Error> {
    let name = |id: EntryId| -> Result<String, Error> {
        let entry = reader.entry(id)?;
        Ok(entry.map_or_else(
            || id.0.to_string(),
            |entry| format!("{} ({}, “{}”)", id.0, entry.source, entry.entry.title),
        ))
    };
    Ok(match proposal {
        Proposal::Merge { entry, edge } => {
            format!(
                "{} would be {}",
                name(*entry)?,
                explain::merged(edge, &name(edge.with)?)
            )
        }
        Proposal::Part {
            entry,
            veto: Some(veto),
        } => {
            format!(
                "{} would be {}",
                name(*entry)?,
                explain::kept_apart(veto, &name(veto.from)?)
            )
        }
        Proposal::Part { entry, veto: None } => {
            format!("{} would stand alone: no rule holds", name(*entry)?)
        }
    })
}

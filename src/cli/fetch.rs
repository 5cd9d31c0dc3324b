//! `samflode fetch`: one refresh of some or all sources, now.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use tokio::sync::mpsc;

use super::global::{Access, Opened, index};
use super::progress::{self, Ended};
use super::report::{Exit, Report};
use super::serve::{Signals, listen_for_signals};
use super::{Global, findings, terminal};
use crate::daemon::{Daemon, keep_house};
use crate::model::{Outcome, Skip, Source};

/// Options of `fetch`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The sources to refresh [default: all that are polled]
    source: Vec<String>,
    /// Refresh on a copy of the database and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Write what is fetched to a folder that --replay can play
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Play a recording in place of the network, on a temporary database unless --database is given
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let access = Access {
        replay: args.replay,
        record: args.record,
        on_a_copy: args.dry_run,
    };
    let opened = global.open(&access).await?;
    let sources = chosen(&opened, &args.source)?;
    if !args.source.is_empty() {
        revive(&opened, &sources).await?;
    }
    let wanted = sources.len();
    let ended = round(&opened, sources, global).await?;
    if !args.dry_run {
        let (bench, now) = (&opened.bench, (global.clock)());
        index(opened.config.clone(), &bench.store, now).await?;
        keep_house(&bench.store, &bench.settings, now).await?;
    }
    show(&ended, global);
    whole(&ended, wanted)?;
    Ok(exit(&ended))
}

/// The sources of these names, or all that are polled.
pub(super) fn chosen(opened: &Opened, names: &[String]) -> Result<Vec<Source>, Report> {
    let picked = opened
        .config
        .pick(names)
        .map_err(|error| findings::unknown_source(&error))?;
    let wanted = |source: &&Source| !names.is_empty() || source.is_polled();
    Ok(picked.into_iter().filter(wanted).cloned().collect())
}

/// Who is fetched by name is asked even if it said before that it was gone for good.
async fn revive(opened: &Opened, sources: &[Source]) -> Result<(), Report> {
    let named: Vec<_> = sources.iter().map(|source| source.id.clone()).collect();
    let store = &opened.bench.store;
    store
        .write(move |writer| named.iter().try_for_each(|id| writer.revive(id)))
        .await?;
    Ok(())
}

/// One round over `sources`, with its progress shown. Ctrl-C or SIGTERM ends it with nothing half written.
pub(super) async fn round(
    opened: &Opened,
    sources: Vec<Source>,
    global: &Global,
) -> Result<Vec<Ended>, Report> {
    let Signals { stop, at_once, .. } = listen_for_signals()?;
    let (events, heard) = mpsc::unbounded_channel();
    let progress = tokio::spawn(progress::show(heard, sources.len()));
    let bench = Arc::clone(&opened.bench);
    let daemon = Daemon::start(
        bench,
        opened.config.sources.clone(),
        (global.clock)(),
        events,
        stop,
    )
    .await?;
    let wanted = sources.into_iter().map(Arc::new).collect();
    tokio::select! {
        rounded = daemon.round(wanted, global.clock) => rounded?,
        () = at_once.cancelled() => return Err(Report::new("stopped before all that was under way had ended")),
    }
    daemon.stop().await?;
    drop(daemon);
    progress
        .await
        .map_err(|error| Report::caused("the progress display broke", &error))
}

/// Refuses a round that was ended before all of its sources were refreshed.
pub(super) fn whole(ended: &[Ended], wanted: usize) -> Result<(), Report> {
    let refreshed = ended
        .iter()
        .filter(|one| one.outcome != Outcome::Skipped(Skip::Stopping))
        .count();
    if refreshed == wanted {
        return Ok(());
    }
    let missed = terminal::counted(wanted.saturating_sub(refreshed), "source", "sources");
    Err(
        Report::new(format!("interrupted with {missed} not refreshed"))
            .hint("what the others told is kept; `samflode fetch` refreshes the rest"),
    )
}

fn show(ended: &[Ended], global: &Global) {
    if global.json {
        let sources: Vec<_> = ended
            .iter()
            .map(|one| json!({"source": one.source, "result": one.outcome, "duration_ms": one.duration_ms}))
            .collect();
        return terminal::print_json(&json!({ "sources": sources }));
    }
    let mut table = terminal::table(&["source", "new", "changed", "time", "how it ended"]);
    let mut sorted: Vec<&Ended> = ended.iter().collect();
    sorted.sort_by(|a, b| a.source.cmp(&b.source));
    for one in sorted {
        let (new, changed) = match &one.outcome {
            Outcome::Updated { new, changed, .. } => (new.to_string(), changed.to_string()),
            _ => (String::new(), String::new()),
        };
        table.add_row([
            one.source.to_string(),
            new,
            changed,
            terminal::short(one.duration_ms),
            ending(&one.outcome),
        ]);
    }
    terminal::print_line(&table.to_string());
    terminal::print_line(&summary(ended));
}

fn ending(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Updated { held, repairs, .. } => {
            let mut words = vec!["updated".to_owned()];
            if *held > 0 {
                words.push(format!("{held} held back"));
            }
            if !repairs.is_empty() {
                words.push(terminal::counted(repairs.len(), "repair", "repairs"));
            }
            words.join(", ")
        }
        Outcome::Failed(failure) => match failure.hint() {
            Some(hint) => format!("{outcome}; {hint}"),
            None => outcome.to_string(),
        },
        other => other.to_string(),
    }
}

fn summary(ended: &[Ended]) -> String {
    let failed = ended
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::Failed(_)))
        .count();
    let (new, changed) =
        ended
            .iter()
            .fold((0, 0), |(all_new, all_changed), one| match &one.outcome {
                Outcome::Updated { new, changed, .. } => (all_new + new, all_changed + changed),
                _ => (all_new, all_changed),
            });
    let mut summary = format!(
        "{}: {} new, {changed} changed",
        terminal::counted(ended.len(), "source", "sources"),
        terminal::counted(new, "entry", "entries"),
    );
    if failed > 0 {
        summary.push_str(&format!(", {failed} failed"));
    }
    summary
}

pub(super) fn exit(ended: &[Ended]) -> Exit {
    match ended
        .iter()
        .any(|one| matches!(one.outcome, Outcome::Failed(_)))
    {
        true => Exit::SomeFailed,
        false => Exit::Well,
    }
}

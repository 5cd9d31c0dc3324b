//! Progress of a round of refreshes: a bar on a terminal, plain lines elsewhere.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc::UnboundedReceiver;

use super::terminal;
use crate::model::{Event, Outcome, SourceId};

/// How one source's refresh ended.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    /// Whose.
    pub source: SourceId,
    /// How.
    pub outcome: Outcome,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// A refresh that takes longer than this is named on the bar.
const SLOW: Duration = Duration::from_secs(2);

/// Shows a round until its events end; returns how each source ended.
pub(super) async fn show(mut events: UnboundedReceiver<Event>, sources: usize) -> Vec<Ended> {
    let is_terminal = std::io::stderr().is_terminal();
    let bar = if is_terminal {
        bar(sources)
    } else {
        ProgressBar::hidden()
    };
    let mut ended = Vec::with_capacity(sources);
    let mut under_way: HashMap<SourceId, Instant> = HashMap::new();
    let mut new = 0;
    while let Some(event) = events.recv().await {
        match event {
            Event::Started { source } => {
                under_way.insert(source, Instant::now());
            }
            Event::Ended {
                source,
                outcome,
                duration_ms,
            } => {
                under_way.remove(&source);
                if let Outcome::Updated { new: more, .. } = outcome {
                    new += more;
                }
                if !is_terminal {
                    terminal::complain(&format!(
                        "{source}: {outcome} ({})\n",
                        terminal::short(duration_ms)
                    ));
                }
                ended.push(Ended {
                    source,
                    outcome,
                    duration_ms,
                });
                bar.inc(1);
            }
        }
        bar.set_message(message(new, &under_way));
    }
    bar.finish_and_clear();
    ended
}

fn bar(sources: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} sources, {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(sources as u64).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A bar for work in several parts, each of them begun with [`begin`]; hidden where there is no terminal.
pub(super) fn counting() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = match std::io::stderr().is_terminal() {
        true => ProgressBar::no_length(),
        false => ProgressBar::hidden(),
    };
    bar.with_style(style)
}

/// Begins a part of so many steps.
pub(super) fn begin(bar: &ProgressBar, what: &'static str, steps: usize) {
    bar.reset();
    bar.set_length(steps as u64);
    bar.set_message(what);
}

fn message(new: usize, under_way: &HashMap<SourceId, Instant>) -> String {
    let mut message = format!("{new} new");
    let slowest = under_way
        .iter()
        .filter(|(_, since)| since.elapsed() > SLOW)
        .min_by_key(|(_, since)| **since);
    if let Some((source, since)) = slowest {
        message.push_str(&format!(
            ", waiting for {source} ({} s)",
            since.elapsed().as_secs()
        ));
    }
    message
}

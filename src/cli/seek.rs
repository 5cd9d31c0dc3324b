//! What `init`, `add` and `discover` share: trying addresses with the clock running, and showing what was found.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use url::Url;

use super::report::Report;
use super::{Global, findings, terminal};
use crate::config;
use crate::date;
use crate::fetch::Fetcher;
use crate::html;
use crate::model::{FetchSettings, Kind, ParsedEntry, Settings};
use crate::setup::{self, Way, Ways};

/// How often waiting requests are let go.
const STEP: Duration = Duration::from_millis(100);
/// Entries shown of each way.
const SHOWN: usize = 5;

/// The configuration folder to write to: the one that was named or is there, else `config/`.
pub(super) fn folder(global: &Global) -> PathBuf {
    let here = || PathBuf::from("config");
    global
        .config
        .clone()
        .or_else(|| config::find_dir(None).ok())
        .unwrap_or_else(here)
}

/// The settings of a folder that may not have its sources yet.
pub(super) fn settings(folder: &Path) -> Result<Settings, Report> {
    let path = folder.join("samflode.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(Report::caused(
                format!("cannot read `{}`", path.display()),
                &error,
            ));
        }
    };
    let config = config::parse(&text, "").map_err(|problems| findings::refusal(&problems))?;
    Ok(config.settings)
}

/// An address as it was typed.
pub(super) struct Wanted {
    /// What to read.
    pub(super) address: Url,
    /// The same without a safe connection, where no scheme was typed.
    plain: Option<Url>,
}

/// Reads an address as people type it.
pub(super) fn address(text: &str) -> Result<Wanted, Report> {
    let with = |scheme: &str| Url::parse(&format!("{scheme}://{text}")).ok();
    let (address, plain) = match text.contains("://") {
        true => (Url::parse(text).ok(), None),
        false => (with("https"), with("http")),
    };
    address
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .map(|address| Wanted { address, plain })
        .ok_or_else(|| {
            Report::new(format!("`{text}` is not a web address"))
                .hint("write it as in `https://www.example.se/nyheter`")
                .usage()
        })
}

/// A fetcher on the network, or on a recording.
pub(super) fn fetcher(settings: &FetchSettings, replay: Option<&Path>) -> Result<Fetcher, Report> {
    match replay {
        Some(folder) => Fetcher::replay(folder),
        None => Fetcher::live(settings),
    }
    .map_err(|error| Report::caused("cannot make ready to fetch", &error))
}

/// Tries all addresses side by side; each ends with a line on standard error.
pub(super) async fn seek(
    fetcher: &Fetcher,
    settings: &Settings,
    addresses: &[Wanted],
    global: &Global,
) -> Vec<(Url, Result<Ways, setup::Error>)> {
    let context = &context(settings, global);
    let searches = addresses
        .iter()
        .map(|Wanted { address, plain }| async move {
            let ways_in = |address| setup::find_ways_in(fetcher, &settings.fetch, address, context);
            let found = match (ways_in(address).await, plain) {
                (
                    Err(setup::Error::Unreachable {
                        is_silent: true, ..
                    }),
                    Some(plain),
                ) => ways_in(plain).await,
                (found, _) => found,
            };
            let word = match &found {
                Ok(ways) => terminal::counted(ways.ways.len(), "way in", "ways in"),
                Err(_) => "nothing to follow".to_owned(),
            };
            terminal::complain(&format!("{address}: {word}\n"));
            (address.clone(), found)
        });
    with_ticks(fetcher, global, join_all(searches)).await
}

/// Waits for work that fetches, with the clock running.
pub(super) async fn with_ticks<T>(
    fetcher: &Fetcher,
    global: &Global,
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        fetcher.tick((global.clock)());
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(STEP) => {}
        }
    }
}

pub(super) fn context(settings: &Settings, global: &Global) -> date::Context {
    date::Context {
        time_zone: settings.site.time_zone,
        language: None,
        now: Some((global.clock)()),
    }
}

/// What was found, as tables: the ways, then the entries of the best.
pub(super) fn show(ways: &Ways) {
    terminal::print_line(&format!("{}", ways.address));
    let mut table = terminal::table(&["", "sure", "entries", "what", "how found"]);
    for (at, way) in ways.ways.iter().enumerate() {
        table.add_row([
            if at == 0 {
                "→".to_owned()
            } else {
                String::new()
            },
            format!("{:.0} %", way.confidence * 100.0),
            way.entries.len().to_string(),
            what(way),
            way.how.clone(),
        ]);
    }
    terminal::print_line(&table.to_string());
    if let Some(best) = ways.ways.first() {
        terminal::print_line(&entries(&best.entries));
    }
    for vain in &ways.in_vain {
        terminal::print_line(&format!("  in vain: {vain}"));
    }
}

fn what(way: &Way) -> String {
    match &way.kind {
        Kind::Feed => format!("feed {}", way.address),
        Kind::Page(Some(rules)) => format!("page, entry = \"{}\"", rules.entry),
        Kind::Page(None) => format!("page {}, detected at each poll", way.address),
    }
}

/// The first of these entries, as a table.
pub(super) fn entries(entries: &[ParsedEntry]) -> String {
    let mut table = terminal::table(&["date", "title", "link"]);
    for entry in entries.iter().take(SHOWN) {
        let title = entry.title.as_ref().map(html::title).unwrap_or_default();
        table.add_row([
            entry
                .published
                .map(|moment| moment.at.format("%Y-%m-%d").to_string())
                .unwrap_or_default(),
            html::excerpt(&title, 80),
            entry.link.as_ref().map(Url::to_string).unwrap_or_default(),
        ]);
    }
    table.to_string()
}

/// The same as JSON.
pub(super) fn to_json(ways: &Ways) -> Value {
    let way = |way: &Way| {
        let (kind, rules) = match &way.kind {
            Kind::Feed => ("feed", None),
            Kind::Page(rules) => ("page", rules.as_ref()),
        };
        json!({
            "address": way.address.as_str(), "kind": kind, "how": way.how, "confidence": way.confidence, "rules": rules,
            "entries": way.entries.iter().map(entry_to_json).collect::<Vec<_>>(),
        })
    };
    json!({
        "address": ways.address.as_str(),
        "title": ways.title,
        "language": ways.language,
        "ways": ways.ways.iter().map(way).collect::<Vec<_>>(),
        "in_vain": ways.in_vain,
    })
}

/// An entry of a document, as JSON.
pub(super) fn entry_to_json(entry: &ParsedEntry) -> Value {
    json!({
        "title": entry.title.as_ref().map(html::title),
        "url": entry.link.as_ref().map(Url::as_str),
        "published": entry.published.map(|moment| moment.at.to_rfc3339()),
    })
}

/// A search that found nothing, for the person who must act.
pub(super) fn failed(error: &setup::Error) -> Report {
    let mut report = Report::new(error.to_string());
    if let setup::Error::Nothing { nearest, .. } = error {
        report.because = nearest.iter().map(|near| format!("tried {near}")).collect();
        report = report.hint(
            "open the page in a browser and copy the address of the page that lists its news",
        );
    }
    report
}

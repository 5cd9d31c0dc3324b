//! `samflode doctor`: checks of database, sealed documents, clock, certificates and permissions.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::report::{Exit, Report};
use super::{Global, terminal};
use crate::fetch::Fetcher;
use crate::model::Settings;
use crate::site::altered_documents;
use crate::store::Store;

/// Options of `doctor`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    /// What is wrong; `None` where nothing is.
    fault: Option<String>,
    hint: Option<&'static str>,
}

pub(super) async fn run(_args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let findings = vec![
        database(&store).await,
        words(&store).await,
        sealed(&store).await,
        clock(&store, (global.clock)()).await,
        certificates(&config.settings),
        permissions(store.path()),
    ];
    let is_well = findings.iter().all(|finding| finding.fault.is_none());
    if global.json {
        terminal::print_json(&findings);
    } else {
        for finding in &findings {
            let state = finding.fault.as_deref().unwrap_or("in order");
            terminal::print_line(&format!("{}: {state}", finding.what));
            if let (Some(_), Some(hint)) = (&finding.fault, finding.hint) {
                terminal::print_line(&format!("  hint: {hint}"));
            }
        }
    }
    Ok(if is_well { Exit::Well } else { Exit::Failed })
}

fn finding(what: &'static str, fault: Option<String>, hint: &'static str) -> Finding {
    Finding {
        what,
        fault,
        hint: Some(hint),
    }
}

async fn database(store: &Store) -> Finding {
    let fault = store
        .quick_check()
        .await
        .err()
        .map(|error| error.to_string());
    finding(
        "database",
        fault,
        "stop samflode and restore a copy made with `samflode backup`",
    )
}

async fn words(store: &Store) -> Finding {
    let checked = store.write(|writer| writer.check_words()).await;
    finding(
        "search index",
        checked.err().map(|error| error.to_string()),
        "restore a copy made with `samflode backup`",
    )
}

async fn sealed(store: &Store) -> Finding {
    let fault = match altered_documents(store).await {
        Ok(altered) if altered.is_empty() => None,
        Ok(altered) => Some(format!(
            "altered since they were sealed: {}",
            altered.join(", ")
        )),
        Err(error) => Some(error.to_string()),
    };
    finding(
        "sealed documents",
        fault,
        "restore a copy made with `samflode backup`; subscribers may have read other bytes",
    )
}

async fn clock(store: &Store, now: DateTime<Utc>) -> Finding {
    let newest = store.read(|reader| reader.newest_publication()).await;
    let fault = match newest {
        Ok(Some(newest)) if newest > now + TimeDelta::minutes(5) => Some(format!(
            "it says {}, but something was published at {}",
            now.format("%Y-%m-%d %H:%M UTC"),
            newest.format("%Y-%m-%d %H:%M UTC")
        )),
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    };
    finding("clock", fault, "let the system keep its time by NTP")
}

fn certificates(settings: &Settings) -> Finding {
    finding(
        "certificates",
        Fetcher::live(&settings.fetch)
            .err()
            .map(|error| error.to_string()),
        "install the system's certificates (package `ca-certificates`)",
    )
}

fn permissions(database: &Path) -> Finding {
    let folder = database.parent().unwrap_or(Path::new("."));
    let made = tempfile::tempfile_in(folder).map(drop);
    finding(
        "permissions",
        made.err()
            .map(|error| format!("`{}` is not writable: {error}", folder.display())),
        "let the folder of the database belong to the user that samflode runs as",
    )
}

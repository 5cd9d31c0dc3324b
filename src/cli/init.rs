//! `samflode init ADDRESS…`: from plain web addresses to a commented `sources.toml`.
//!
//! Never overwrites: a folder that has its sources already is told of `add`.

use std::path::PathBuf;

use super::report::{Exit, Report};
use super::{Global, seek, terminal};
use crate::setup::write;

/// Options of `init`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Addresses of the bodies' news pages or feeds
    #[arg(required = true, value_name = "ADDRESS")]
    address: Vec<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Play a recording in place of the network
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let folder = seek::folder(global);
    let path = folder.join("sources.toml");
    if path.exists() && !args.dry_run {
        return Err(Report::new(format!("`{}` is there already", path.display()))
            .hint("`samflode add ADDRESS` adds to it; another folder is named with `--config DIR`")
            .usage());
    }
    let addresses = args
        .address
        .iter()
        .map(|text| seek::address(text))
        .collect::<Result<Vec<_>, _>>()?;
    let settings = seek::settings(&folder)?;
    let fetcher = seek::fetcher(&settings.fetch, args.replay.as_deref())?;
    let found = seek::seek(&fetcher, &settings, &addresses, global).await;
    let mut text = String::new();
    let mut told = Vec::new();
    let mut failed = 0;
    for (_, result) in &found {
        match result {
            Ok(ways) => match with_source(&text, ways) {
                Ok(more) => {
                    text = more;
                    told.push(seek::to_json(ways));
                    if !global.json {
                        seek::show(ways);
                    }
                }
                Err(report) => {
                    failed += 1;
                    terminal::complain(&report.to_string());
                }
            },
            Err(error) => {
                failed += 1;
                terminal::complain(&seek::failed(error).to_string());
            }
        }
    }
    if global.json {
        terminal::print_json(&told);
    }
    if text.is_empty() {
        return Err(Report::new("none of the addresses gave a source"));
    }
    if args.dry_run {
        terminal::print(&text);
    } else {
        save(&path, &text)?;
        let count = terminal::counted(found.len() - failed, "source", "sources");
        terminal::complain(&format!(
            "wrote {count} to `{}`; `samflode serve` follows them\n",
            path.display()
        ));
    }
    Ok(if failed > 0 {
        Exit::SomeFailed
    } else {
        Exit::Well
    })
}

/// The text with the best of the ways appended.
pub(super) fn with_source(text: &str, ways: &crate::setup::Ways) -> Result<String, Report> {
    let Some(found) = write::found(ways, text) else {
        return Ok(text.to_owned());
    };
    write::write_source(text, &found)
        .map_err(|error| Report::caused("cannot add the source", &error))
}

/// Writes beside and renames, so that the file is never half written.
pub(super) fn save(path: &std::path::Path, text: &str) -> Result<(), Report> {
    let beside = path.with_extension("toml.new");
    let written = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(&beside, text))
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| Report::caused(format!("cannot write `{}`", path.display()), &error))
}

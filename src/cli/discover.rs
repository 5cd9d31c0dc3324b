//! `samflode discover ADDRESS|FILE`: the feeds and lists a page offers, best first. Writes nothing.

use std::path::{Path, PathBuf};

use url::Url;

use super::report::{Exit, Report};
use super::{Global, seek, terminal};
use crate::model::Document;
use crate::setup::{self, Ways};

/// Options of `discover`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An address, or a file that holds a page
    #[arg(value_name = "ADDRESS|FILE")]
    place: String,
    /// The address a file came from
    #[arg(long, value_name = "ADDRESS")]
    base_url: Option<Url>,
    /// Play a recording in place of the network
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let settings = seek::settings(&seek::folder(global))?;
    let path = Path::new(&args.place);
    let found = if path.is_file() {
        of_file(path, &args, global, &settings)?
    } else {
        let address = seek::address(&args.place)?;
        let fetcher = seek::fetcher(&settings.fetch, args.replay.as_deref())?;
        let mut found = seek::seek(&fetcher, &settings, &[address], global).await;
        found
            .pop()
            .map(|(_, result)| result)
            .ok_or_else(|| Report::new("nothing was tried"))?
    };
    let ways = found.map_err(|error| seek::failed(&error))?;
    match global.json {
        true => terminal::print_json(&seek::to_json(&ways)),
        false => seek::show(&ways),
    }
    Ok(Exit::Well)
}

fn of_file(
    path: &Path,
    args: &Args,
    global: &Global,
    settings: &crate::model::Settings,
) -> Result<Result<Ways, setup::Error>, Report> {
    let bytes = std::fs::read(path)
        .map_err(|error| Report::caused(format!("cannot read `{}`", path.display()), &error))?;
    let local = || {
        let whole = std::path::absolute(path).ok()?;
        Url::from_file_path(whole).ok()
    };
    let address = args
        .base_url
        .clone()
        .or_else(local)
        .ok_or_else(|| Report::new(format!("`{}` has no address", path.display())))?;
    let document = Document::local(address, bytes, (global.clock)());
    Ok(setup::ways_of_page(
        document,
        &seek::context(settings, global),
    ))
}

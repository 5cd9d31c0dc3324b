//! `samflode add ADDRESS`: one more source in `sources.toml`, its comments kept; `--accept` takes proposed rules.

use std::path::{Path, PathBuf};

use super::report::{Exit, Report};
use super::{Global, init, seek, terminal};
use crate::model::{Rules, SourceId};
use crate::setup::write;

/// Options of `add`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address of a body's news page or feed
    #[arg(value_name = "ADDRESS", required_unless_present = "accept")]
    address: Option<String>,
    /// Take the rules that were proposed for this source after a redesign
    #[arg(long, value_name = "SOURCE", conflicts_with = "address")]
    accept: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Play a recording in place of the network
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let path = seek::folder(global).join("sources.toml");
    let text = match (&args.address, &args.accept) {
        (_, Some(id)) => accepted(&path, id, global).await?,
        (Some(address), None) => added(&path, address, &args, global).await?,
        (None, None) => return Err(Report::new("nothing to add").usage()),
    };
    if args.dry_run {
        terminal::print(&text);
        return Ok(Exit::Well);
    }
    init::save(&path, &text)?;
    terminal::complain(&format!(
        "wrote `{}`; a running service takes it over at SIGHUP, or `systemctl reload samflode`\n",
        path.display()
    ));
    Ok(Exit::Well)
}

pub(super) fn read(path: &Path) -> Result<String, Report> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Report::caused(
            format!("cannot read `{}`", path.display()),
            &error,
        )),
    }
}

/// The text with one more source. It is read when the search is over: what was written meanwhile stays.
async fn added(path: &Path, address: &str, args: &Args, global: &Global) -> Result<String, Report> {
    let address = seek::address(address)?;
    let settings = seek::settings(&seek::folder(global))?;
    let fetcher = seek::fetcher(&settings.fetch, args.replay.as_deref())?;
    let mut found = seek::seek(&fetcher, &settings, std::slice::from_ref(&address), global).await;
    let (_, result) = found
        .pop()
        .ok_or_else(|| Report::new("nothing was tried"))?;
    let ways = result.map_err(|error| seek::failed(&error))?;
    match global.json {
        true => terminal::print_json(&seek::to_json(&ways)),
        false => seek::show(&ways),
    }
    init::with_source(&read(path)?, &ways)
}

async fn accepted(path: &Path, id: &str, global: &Global) -> Result<String, Report> {
    let (config, store) = global.open_store()?;
    config
        .pick(&[id.to_owned()])
        .map_err(|error| super::findings::unknown_source(&error))?;
    let wanted = SourceId::new(id);
    let row = store.read(move |reader| reader.source(&wanted)).await?;
    let rules = row
        .and_then(|row| row.state.proposed_rules)
        .ok_or_else(|| {
            Report::new(format!("no rules are proposed for `{id}`"))
                .hint("rules are proposed when a refresh finds that the page's layout has changed")
        })?;
    show(&rules);
    write::accept(&read(path)?, id, &rules)
        .map_err(|error| Report::caused("cannot write the rules", &error))
}

fn show(rules: &Rules) {
    for (name, selector) in rules.selectors() {
        if let Some(selector) = selector {
            terminal::print_line(&format!("{name} = \"{selector}\""));
        }
    }
}

//! `samflode backup`: a consistent copy while running.

use std::path::PathBuf;

use super::report::{Exit, Report};
use super::{Global, terminal};

/// Options of `backup`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the copy goes; must not exist
    file: PathBuf,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let name = args.file.display().to_string();
    if args.file.exists() {
        return Err(Report::new(format!("`{name}` exists already"))
            .hint("name a file that does not exist; no backup is ever overwritten")
            .usage());
    }
    let (_, store) = global.open_store()?;
    store.back_up(args.file.clone()).await.map_err(|error| {
        Report::caused(format!("cannot write `{name}`"), &error)
            .hint("see that the folder exists, is writable, and has room")
    })?;
    terminal::print_line(&format!("copied to {name}"));
    Ok(Exit::Well)
}

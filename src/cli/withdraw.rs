//! `samflode withdraw`: the operator's takedown.

use serde_json::json;

use super::report::{Exit, Report};
use super::{Global, terminal};
use crate::site::Site;

/// Options of `withdraw`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entry: its published id (`atom:id`), or the number of its page
    id: String,
    /// Why, for the log
    #[arg(long, default_value = "not given")]
    reason: String,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let now = (global.clock)();
    let site = Site::open(config.settings, config.sources, store, now)
        .await
        .map_err(|error| Report::caused("cannot read what is published", &error))?;
    let (cluster, title) = site
        .take_down(&args.id, &args.reason, now)
        .await
        .map_err(|error| {
            Report::caused(format!("cannot withdraw `{}`", args.id), &error)
                .hint("`samflode entries` and `samflode search` tell the ids of entries")
        })?;
    tracing::warn!(cluster = cluster.0, reason = %args.reason, "an entry was taken down by the operator");
    if global.json {
        terminal::print_json(&json!({"entry": cluster.0, "title": title, "reason": args.reason}));
    } else {
        terminal::print_line(&format!("withdrawn: {title} (entry {})", cluster.0));
    }
    Ok(Exit::Well)
}

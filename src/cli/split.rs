//! `samflode split`: takes an entry out of its cluster, for good.

use serde_json::json;

use super::report::{Exit, Report};
use super::{Global, terminal};

/// Options of `split`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entry: its number in `samflode entries`, its published id or its address
    id: String,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let now = (global.clock)();
    let authority = config.settings.site.tag_authority;
    let id = store
        .read(move |reader| reader.find_entry(&args.id))
        .await?;
    let published_id = store
        .write(move |writer| {
            let cluster = writer.split(id, authority.as_deref(), now)?;
            Ok(writer.carriers(cluster)?.0)
        })
        .await?;
    let published_id = published_id.unwrap_or_default();
    if global.json {
        terminal::print_json(&json!({ "id": id, "published_id": published_id }));
    } else {
        terminal::print_line(&format!(
            "{} is published on its own as {published_id}",
            id.0
        ));
    }
    Ok(Exit::Well)
}

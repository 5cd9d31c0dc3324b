//! `samflode join`: makes one of two entries and all that tell the same as either.

use serde_json::json;

use super::report::{Exit, Report};
use super::{Global, terminal};

/// Options of `join`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The one entry: its number in `samflode entries`, its published id or its address
    id: String,
    /// The other entry
    other: String,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (_, store) = global.open_store()?;
    let now = (global.clock)();
    let (id, other) = store
        .read(move |reader| {
            Ok((
                reader.find_entry(&args.id)?,
                reader.find_entry(&args.other)?,
            ))
        })
        .await?;
    let published_id = store
        .write(move |writer| {
            let cluster = writer.join(id, other, now)?;
            Ok(writer.carriers(cluster)?.0)
        })
        .await?
        .unwrap_or_default();
    if global.json {
        terminal::print_json(&json!({ "published_id": published_id }));
    } else {
        terminal::print_line(&format!("joined; published as {published_id}"));
    }
    Ok(Exit::Well)
}

//! `samflode release`: lets entries go that the flood guard holds back, or drops them.

use serde_json::json;

use super::report::{Exit, Report};
use super::{Global, terminal};
use crate::model::{EntryId, SourceId, StoredEntry};

/// Options of `release`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The source
    source: String,
    /// Only these entries; all that are held back where none is named
    #[arg(value_name = "ID")]
    ids: Vec<i64>,
    /// Keep them out for good instead of publishing them
    #[arg(long)]
    drop: bool,
    /// Only show what is held back
    #[arg(long, conflicts_with = "drop")]
    list: bool,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let id = SourceId::new(args.source.clone());
    let source = id.clone();
    let named = args.ids.clone();
    let (is_known, held, dropped) = store
        .read(move |reader| {
            let dropped = reader.dropped(&source, &named)?;
            Ok((
                reader.source(&source)?.is_some(),
                reader.held(&source)?,
                dropped,
            ))
        })
        .await?;
    if !is_known && !config.sources.iter().any(|source| source.id == id) {
        return Err(Report::new(format!("there is no source `{id}`"))
            .hint("`samflode sources` lists them")
            .usage());
    }
    let held = chosen(held, dropped, &args)?;
    if args.list {
        return Ok(list(&held, global));
    }
    let now = (global.clock)();
    let authority = config.settings.site.tag_authority;
    let ids: Vec<EntryId> = held.iter().map(|entry| entry.id).collect();
    let count = ids.len();
    store
        .write(move |writer| {
            ids.iter().try_for_each(|id| match args.drop {
                true => writer.drop_held(*id, now),
                false => writer.release(*id, authority.as_deref(), now),
            })
        })
        .await?;
    let done = if args.drop { "dropped" } else { "released" };
    if global.json {
        terminal::print_json(&json!({ "source": id, done: count }));
    } else {
        terminal::print_line(&format!(
            "{} {done}",
            terminal::counted(count, "entry", "entries")
        ));
    }
    Ok(Exit::Well)
}

/// All that are held back, or those that are named; a dropped one may be let go after all.
fn chosen(
    held: Vec<StoredEntry>,
    dropped: Vec<StoredEntry>,
    args: &Args,
) -> Result<Vec<StoredEntry>, Report> {
    if args.ids.is_empty() {
        return Ok(held);
    }
    let mut all = held;
    all.extend(dropped);
    let stray = |id: &&i64| !all.iter().any(|entry| entry.id.0 == **id);
    if let Some(id) = args.ids.iter().find(stray) {
        let error = format!("`{}` has no entry {id} that is held back", args.source);
        let hint = format!("`samflode release {} --list` shows them", args.source);
        return Err(Report::new(error).hint(hint));
    }
    all.retain(|entry| args.ids.contains(&entry.id.0));
    Ok(all)
}

fn list(held: &[StoredEntry], global: &Global) -> Exit {
    if global.json {
        let rows: Vec<_> = held
            .iter()
            .map(|entry| json!({ "id": entry.id, "title": entry.entry.title, "url": entry.entry.link, "published": entry.entry.published.at }))
            .collect();
        terminal::print_json(&rows);
        return Exit::Well;
    }
    let mut table = terminal::table(&["id", "published", "title"]);
    for entry in held {
        let day = entry.entry.published.at.format("%Y-%m-%d").to_string();
        table.add_row([entry.id.0.to_string(), day, entry.entry.title.clone()]);
    }
    terminal::print_line(&table.to_string());
    Exit::Well
}

//! `samflode entries`: what is stored, newest first, one JSON object an entry where asked.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::report::{Exit, Report};
use super::{Global, findings, terminal};
use crate::config::Config;
use crate::model::{EntryId, SourceId, StoredEntry};
use crate::store::{Error, Reader, Store};

/// Options of `entries`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only entries of this source
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// At most so many; all of them in JSON where not given
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// The form
    #[arg(long, value_enum)]
    format: Option<Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A table
    Table,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
}

/// Entries read at a time: the whole store never is in memory.
const STEP: usize = 500;
/// Rows of a table where no limit is given.
const ROWS: usize = 50;

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    if let Some(name) = &args.source {
        must_be_known(name, &config, &store).await?;
    }
    let form = args
        .format
        .unwrap_or(if global.json { Form::Json } else { Form::Table });
    let limit = args.limit.unwrap_or(if form == Form::Table {
        ROWS
    } else {
        usize::MAX
    });
    let mut before = EntryId(i64::MAX);
    let mut left = limit;
    let mut shown = Vec::new();
    while left > 0 {
        let read = move |reader: &Reader<'_>| step(reader, before);
        let Some((next, mut batch)) = store.read(read).await? else {
            break;
        };
        before = next;
        batch.retain(|(entry, ..)| {
            args.source
                .as_ref()
                .is_none_or(|wanted| entry.source.as_str() == wanted)
        });
        batch.truncate(left);
        left -= batch.len();
        match form {
            Form::Jsonl => batch
                .iter()
                .for_each(|one| terminal::print_line(&as_json(one).to_string())),
            Form::Json | Form::Table => shown.append(&mut batch),
        }
    }
    match form {
        Form::Json => terminal::print_json(&shown.iter().map(as_json).collect::<Vec<_>>()),
        Form::Table => table(&shown),
        Form::Jsonl => {}
    }
    Ok(Exit::Well)
}

/// A source that is configured, or was.
async fn must_be_known(name: &str, config: &Config, store: &Store) -> Result<(), Report> {
    let id = SourceId::new(name);
    let row = store.read(move |reader| reader.source(&id)).await?;
    if row.is_none() {
        config
            .pick(&[name.to_owned()])
            .map_err(|error| findings::unknown_source(&error))?;
    }
    Ok(())
}

/// An entry with its published id and the sources that carry it.
type Shown = (StoredEntry, Option<String>, Vec<String>);

fn step(reader: &Reader<'_>, before: EntryId) -> Result<Option<(EntryId, Vec<Shown>)>, Error> {
    let batch = reader.entries_before(before, STEP)?;
    let Some(next) = batch.last().map(|entry| entry.id) else {
        return Ok(None);
    };
    let shown = batch
        .into_iter()
        .map(|entry| {
            let (published_id, carriers) = match entry.cluster {
                Some(cluster) => reader.carriers(cluster)?,
                None => (None, Vec::new()),
            };
            Ok((entry, published_id, carriers))
        })
        .collect::<Result<_, Error>>()?;
    Ok(Some((next, shown)))
}

fn as_json((stored, published_id, carriers): &Shown) -> Value {
    let entry = &stored.entry;
    json!({
        "id": stored.id,
        "published_id": published_id,
        "cluster": stored.cluster,
        "source": stored.source,
        "carriers": carriers,
        "guid": entry.guid,
        "url": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "published": entry.published.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "precision": entry.published.precision,
        "updated": entry.updated.map(|moment| moment.at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "date_origin": entry.date_origin,
        "first_seen": stored.first_seen,
        "changed": stored.changed,
        "withdrawn": stored.withdrawn,
        "revisions": stored.revisions,
        "authors": entry.authors,
        "categories": entry.categories,
        "enclosures": entry.enclosures,
        "image": entry.image,
        "language": entry.language,
        "held": stored.cluster.is_none(),
    })
}

fn table(entries: &[Shown]) {
    let mut table = terminal::table(&["id", "published", "source", "title", "carried by"]);
    for (stored, _, carriers) in entries {
        let others: Vec<&str> = carriers
            .iter()
            .map(String::as_str)
            .filter(|carrier| *carrier != stored.source.as_str())
            .collect();
        table.add_row([
            stored.id.0.to_string(),
            stored.entry.published.at.format("%Y-%m-%d").to_string(),
            stored.source.to_string(),
            stored.entry.title.clone(),
            others.join(", "),
        ]);
    }
    terminal::print_line(&table.to_string());
}

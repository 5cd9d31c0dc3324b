//! `samflode sources`: who is followed, and how.

use comfy_table::{ContentArrangement, Table, TableStyle};
use serde::Serialize;

use super::report::{Exit, Report};
use super::{Global, findings, moves, terminal};
use crate::config::spoken;
use crate::model::{Activity, Category, Extent, Kind, Role, Rules, Schedule, Source};
use crate::publish::public_address;

/// Options of `sources`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The sources to list [default: all]
    source: Vec<String>,
    /// Write the new addresses of sources that have moved for good into sources.toml
    #[arg(long)]
    accept_moves: bool,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    if args.accept_moves {
        return moves::accept(&args.source, global).await;
    }
    let config = global.load()?;
    let picked = config
        .pick(&args.source)
        .map_err(|error| findings::unknown_source(&error))?;
    match global.json {
        true => terminal::print_json(&rows(&picked)),
        false => terminal::print_line(&table(&picked, None)),
    }
    Ok(Exit::Well)
}

/// A source as `--json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    id: String,
    title: String,
    address: String,
    former: Vec<String>,
    home: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Rules>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    time_zone: String,
    categories: Vec<Category>,
    role: Role,
    schedule: String,
    only: Vec<String>,
    not: Vec<String>,
    publish: Extent,
    state: Activity,
}

/// All of them, as `--json` prints them.
pub fn rows(sources: &[&Source]) -> Vec<Row> {
    sources.iter().map(|source| row(source)).collect()
}

fn row(source: &Source) -> Row {
    let (kind, rules) = match &source.kind {
        Kind::Feed => ("feed", None),
        Kind::Page(rules) => ("page", rules.clone()),
    };
    Row {
        id: source.id.to_string(),
        title: source.title.clone(),
        address: public_address(&source.address),
        former: source.former.iter().map(ToString::to_string).collect(),
        home: source.alternate().to_string(),
        kind,
        rules,
        language: source.language.as_ref().map(ToString::to_string),
        time_zone: source.time_zone.name().to_owned(),
        categories: source.categories.clone(),
        role: source.role,
        schedule: schedule(&source.schedule),
        only: source.only.clone(),
        not: source.not.clone(),
        publish: source.extent,
        state: source.activity,
    }
}

/// When a source is polled, in words.
pub fn schedule(schedule: &Schedule) -> String {
    match schedule {
        Schedule::Every(interval) => format!("every {}", spoken(*interval)),
        Schedule::Adaptive { floor, ceiling } => {
            format!("adaptive, {} to {}", spoken(*floor), spoken(*ceiling))
        }
        Schedule::Cron(expression) => format!("cron {expression}"),
    }
}

/// The table for people, no wider than `width` where there is one.
pub fn table(sources: &[&Source], width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(width) = width {
        table.set_width(width);
    }
    table.set_header(["SOURCE", "TITLE", "LANGUAGE", "KIND", "POLLED", "ADDRESS"]);
    for source in sources {
        table.add_row(cells(source));
    }
    table.trim_fmt()
}

fn cells(source: &Source) -> [String; 6] {
    let kind = match &source.kind {
        Kind::Feed => "feed",
        Kind::Page(Some(_)) => "page, by rules",
        Kind::Page(None) => "page",
    };
    let polled = match source.activity {
        Activity::Active => schedule(&source.schedule),
        Activity::Off => "off".to_owned(),
        Activity::Retired => "retired".to_owned(),
    };
    let language = source.language.as_ref().map(ToString::to_string);
    [
        source.id.to_string(),
        source.title.clone(),
        language.unwrap_or_default(),
        kind.to_owned(),
        polled,
        public_address(&source.address),
    ]
}

#[cfg(test)]
mod tests {
    use super::{rows, table};
    use crate::config;

    #[test]
    fn a_table_for_people_and_rows_for_machines() {
        let sources = "[[source]]\nid = \"a\"\naddress = \"https://a.example/feed\"\nlanguage = \"sv\"\n\
                       [[source]]\nid = \"b\"\naddress = \"https://b.example/\"\nkind = \"page\"\nstate = \"off\"\n";
        let config = config::parse("", sources).expect("right");
        let all = config.pick(&[]).expect("all");
        let lines: Vec<String> = table(&all, None).lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].contains("every 1 h"), "{}", lines[1]);
        assert!(lines[2].contains("off"), "{}", lines[2]);
        let json = serde_json::to_value(rows(&all)).expect("plain data");
        assert_eq!(json[0]["schedule"], "every 1 h");
        assert_eq!(json[1]["state"], "off");
        assert_eq!(json[1]["home"], "https://b.example/");
    }
}

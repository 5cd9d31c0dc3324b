//! The configuration: `samflode.toml` (what the operator decides) and `sources.toml` (whom the editor follows), read,
//! checked and completed with defaults. Only reads; what writes `sources.toml` is `setup`.
//!
//! # Why
//! Two files, because two kinds of people change them. All problems are told at once, each with its place and a hint:
//! nobody should have to run a command five times to mend five slips.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::model::{Settings, Source};

mod problem;
mod quantity;
mod schedule;
mod section;
mod settings;
mod source;
mod value;

pub use problem::{Problem, Problems};
pub use quantity::spoken;
pub use value::plain_name;

use problem::{Complaint, Log, suggestion};

/// The operator's file.
pub const SETTINGS_FILE: &str = "samflode.toml";

/// The editor's file.
pub const SOURCES_FILE: &str = "sources.toml";

/// Where the configuration of an installed service lies.
pub const SYSTEM_DIR: &str = "/etc/samflode";

/// Where the installed service keeps its state.
pub const SYSTEM_STATE_DIR: &str = "/var/lib/samflode";

/// What both files say.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `samflode.toml`, complete.
    pub settings: Settings,
    /// The sources, in the order of the file.
    pub sources: Vec<Source>,
    /// What stops nothing but should be looked at.
    pub warnings: Vec<Problem>,
}

/// There is no configuration where one was looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no configuration: there is no {}", places(.looked_in))]
pub struct NotFound {
    /// The folders that were looked for.
    pub looked_in: Vec<PathBuf>,
}

impl NotFound {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        "`samflode init ADDRESS…` makes one from the addresses of the bodies to follow"
    }
}

fn places(folders: &[PathBuf]) -> String {
    let ticked: Vec<String> = folders
        .iter()
        .map(|path| format!("`{}`", path.display()))
        .collect();
    ticked.join(" and no ")
}

/// Finds the folder: the one that was named, else `config/` here, else the system's.
pub fn find_dir(explicit: Option<&Path>) -> Result<PathBuf, NotFound> {
    match explicit {
        Some(dir) => first_with_a_file(&[dir]),
        None => first_with_a_file(&[Path::new("config"), Path::new(SYSTEM_DIR)]),
    }
}

fn first_with_a_file(folders: &[&Path]) -> Result<PathBuf, NotFound> {
    let holds_one = |dir: &&&Path| {
        [SOURCES_FILE, SETTINGS_FILE]
            .iter()
            .any(|file| dir.join(file).is_file())
    };
    let found = folders.iter().find(holds_one).map(|dir| dir.to_path_buf());
    found.ok_or_else(|| NotFound {
        looked_in: folders.iter().map(|dir| dir.join(SOURCES_FILE)).collect(),
    })
}

/// Reads the two files of a folder. Without `samflode.toml` every setting has its default. Relative paths in it are
/// taken from the folder.
pub fn load(dir: &Path) -> Result<Config, Problems> {
    let settings_path = dir.join(SETTINGS_FILE);
    let sources_path = dir.join(SOURCES_FILE);
    let settings_text = read_text(&settings_path)?.unwrap_or_default();
    let Some(sources_text) = read_text(&sources_path)? else {
        let name = sources_path.display().to_string();
        let problem = Problem::of_file(&name, "there is no such file");
        return Err(problem
            .hint("`samflode init ADDRESS…` makes one from the addresses of the bodies to follow")
            .into());
    };
    let mut config = parse_named(
        (&settings_path.display().to_string(), &settings_text),
        (&sources_path.display().to_string(), &sources_text),
    )?;
    let store = &mut config.settings.store;
    store.database = store.database.take().map(|path| dir.join(path));
    let fetch = &mut config.settings.fetch;
    fetch.ca_file = fetch.ca_file.take().map(|path| dir.join(path));
    Ok(config)
}

fn read_text(path: &Path) -> Result<Option<String>, Problem> {
    let name = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(error) => {
                let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
                Err(Problem::of_file(&name, format!("line {line} is not UTF-8"))
                    .hint("save the file as UTF-8"))
            }
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::of_file(&name, error.to_string())),
    }
}

/// A source was named that is not configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no source is named `{name}`")]
pub struct UnknownSource {
    /// The name that was given.
    pub name: String,
    /// The name that was meant, or the list of names.
    pub hint: String,
}

impl Config {
    /// The sources of these names, in the order of the file; all of them where none is named.
    pub fn pick(&self, names: &[String]) -> Result<Vec<&Source>, UnknownSource> {
        let known: Vec<&str> = self
            .sources
            .iter()
            .map(|source| source.id.as_str())
            .collect();
        if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(UnknownSource {
                name: name.clone(),
                hint: suggestion(name, &known, "the sources are"),
            });
        }
        let is_named = |source: &&Source| {
            names.is_empty() || names.iter().any(|name| name == source.id.as_str())
        };
        Ok(self.sources.iter().filter(is_named).collect())
    }
}

/// Reads the texts of the two files.
pub fn parse(samflode_toml: &str, sources_toml: &str) -> Result<Config, Problems> {
    parse_named((SETTINGS_FILE, samflode_toml), (SOURCES_FILE, sources_toml))
}

fn parse_named(settings: (&str, &str), sources: (&str, &str)) -> Result<Config, Problems> {
    let mut settings_log = Log::new(settings.0, settings.1);
    let mut sources_log = Log::new(sources.0, sources.1);
    let settings_table = tables(settings.1, &mut settings_log);
    let sources_table = tables(sources.1, &mut sources_log);
    let read = settings::read(&settings_table, &mut settings_log);
    let config = Config {
        sources: source::read(&sources_table, &read, &mut sources_log),
        settings: read,
        warnings: Vec::new(),
    };
    if sources_log.problems.is_empty() {
        tell_unknown_sources(&config, &settings_table, &mut settings_log);
    }
    conclude(config, settings_log, sources_log)
}

/// The tables of a file, as far as it can be read; what cannot is noted.
fn tables<'i>(text: &'i str, log: &mut Log) -> DeTable<'i> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let complaint = Complaint::new(error.message().trim().replace('\n', "; "));
        log.problem(&error.span().unwrap_or(0..0), complaint);
    }
    table.into_inner()
}

/// Named feeds may only name sources that exist.
fn tell_unknown_sources(config: &Config, table: &DeTable<'_>, log: &mut Log) {
    let known: Vec<&str> = config
        .sources
        .iter()
        .map(|source| source.id.as_str())
        .collect();
    for feed in &config.settings.feeds {
        let span = table
            .get("feeds")
            .and_then(|feeds| feeds.get_ref().get(feed.name.as_str()))
            .and_then(|feed| feed.get_ref().get("sources"))
            .map_or(0..0, toml::Spanned::span);
        for id in &feed.sources {
            if !known.contains(&id.as_str()) {
                let complaint = Complaint::new(format!("no source is named `{id}`"))
                    .hint(suggestion(id.as_str(), &known, "the sources are"));
                log.problem(&span, complaint);
            }
        }
    }
}

fn conclude(mut config: Config, settings: Log, sources: Log) -> Result<Config, Problems> {
    let sorted = |mut first: Vec<Problem>, second: Vec<Problem>| {
        first.extend(second);
        first.sort();
        first
    };
    let problems = sorted(settings.problems, sources.problems);
    let warnings = sorted(settings.warnings, sources.warnings);
    if !problems.is_empty() {
        return Err(Problems { problems, warnings });
    }
    config.warnings = warnings;
    Ok(config)
}

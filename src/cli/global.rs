//! What every command starts from: options, configuration, the place of the database, the network or a recording.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tempfile::TempDir;

use super::report::Report;
use super::{findings, log};
use crate::config::{self, Config};
use crate::fetch::{self, Fetcher};
use crate::model::Settings;
use crate::refresh::Bench;
use crate::site::Site;
use crate::store::{self, Store};

/// How commands learn of the time.
pub type Clock = fn() -> DateTime<Utc>;

/// Options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// The folder with samflode.toml and sources.toml [default: config/, then the system's]
    #[arg(long, global = true, value_name = "DIR")]
    config: Option<PathBuf>,
    /// The database [default: from the configuration, $STATE_DIRECTORY, or data/ beside it; /var/lib/samflode for the system's]
    #[arg(long, global = true, value_name = "FILE")]
    database: Option<PathBuf>,
    /// Print JSON instead of a table
    #[arg(long, global = true)]
    json: bool,
    /// The form of the log [default: text on a terminal, journald under systemd, else JSON]
    #[arg(long, global = true, value_name = "FORM")]
    pub(super) log: Option<log::Form>,
}

/// The options with the clock.
#[derive(Debug, Clone)]
pub struct Global {
    /// The configuration folder that was named.
    pub config: Option<PathBuf>,
    /// The database that was named.
    pub database: Option<PathBuf>,
    /// Whether JSON is wanted instead of tables.
    pub json: bool,
    /// The clock.
    pub clock: Clock,
}

/// Which network and which database a command works on.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Plays this recording in place of the network, on a temporary database unless one was named.
    pub replay: Option<PathBuf>,
    /// Writes what is fetched to this folder.
    pub record: Option<PathBuf>,
    /// Works on a copy of the database that is removed in the end.
    pub on_a_copy: bool,
}

/// A configuration with its database open and its way to the network.
pub struct Opened {
    /// What refreshes work with.
    pub bench: Arc<Bench>,
    /// The configuration.
    pub config: Config,
    /// Removed when dropped: the database of a replay, or a copy.
    _temporary: Option<TempDir>,
}

impl Global {
    pub(super) fn new(options: Options, clock: Clock) -> Self {
        Self {
            config: options.config,
            database: options.database,
            json: options.json,
            clock,
        }
    }

    /// The configuration folder.
    pub fn config_dir(&self) -> Result<PathBuf, Report> {
        config::find_dir(self.config.as_deref()).map_err(|error| findings::not_found(&error))
    }

    /// Reads the configuration.
    pub fn load(&self) -> Result<Config, Report> {
        config::load(&self.config_dir()?).map_err(|problems| findings::refusal(&problems))
    }

    /// Where the database is.
    pub fn database_path(&self, settings: &Settings) -> Result<PathBuf, Report> {
        if let Some(path) = self
            .database
            .clone()
            .or_else(|| settings.store.database.clone())
        {
            return Ok(path);
        }
        let folder = match std::env::var_os("STATE_DIRECTORY") {
            Some(folder) => PathBuf::from(folder),
            None => state_dir(&self.config_dir()?),
        };
        Ok(folder.join("samflode.db"))
    }

    /// Opens the database of the configuration for commands that do not fetch. They never make one: an empty one in a
    /// wrong place would answer every question with nothing.
    pub fn open_store(&self) -> Result<(Config, Store), Report> {
        let config = self.load()?;
        let path = self.database_path(&config.settings)?;
        must_exist(&path)?;
        Ok((config, Store::open(&path)?))
    }

    /// Opens everything for commands that fetch.
    pub async fn open(&self, access: &Access) -> Result<Opened, Report> {
        let config = self.load()?;
        let settings = config.settings.clone();
        let fetcher = fetcher(&settings, access)
            .map_err(|error| Report::caused("cannot make ready to fetch", &error))?;
        let is_invented = (access.replay.is_some() && self.database.is_none())
            || (access.on_a_copy && !self.database_path(&settings)?.exists());
        let (store, temporary) = if is_invented {
            let folder = temporary_folder()?;
            (
                Store::open(&folder.path().join("samflode.db"))?,
                Some(folder),
            )
        } else if access.on_a_copy {
            let folder = temporary_folder()?;
            let copy = folder.path().join("samflode.db");
            Store::open(&self.database_path(&settings)?)?
                .back_up(copy.clone())
                .await?;
            (Store::open(&copy)?, Some(folder))
        } else {
            (Store::open(&self.database_path(&settings)?)?, None)
        };
        Ok(Opened {
            bench: Arc::new(Bench {
                store,
                fetcher,
                settings,
                owner: store::owner(),
            }),
            config,
            _temporary: temporary,
        })
    }
}

/// Brings the index of what is published up to date, as the daemon does at every beat: so that `serve` after `fetch`
/// answers with all of it at once, and `search` finds it.
pub(super) async fn index(config: Config, store: &Store, now: DateTime<Utc>) -> Result<(), Report> {
    let failed = |error| Report::caused("cannot bring the index up to date", &error);
    let site = Site::open(config.settings, config.sources, store.clone(), now);
    site.await
        .map_err(failed)?
        .refresh(now)
        .await
        .map_err(failed)?;
    Ok(())
}

/// The folder of the state that belongs to a configuration: that of the installed service, or `data/` beside it.
fn state_dir(config: &Path) -> PathBuf {
    match config == Path::new(config::SYSTEM_DIR) {
        true => PathBuf::from(config::SYSTEM_STATE_DIR),
        false => config.parent().unwrap_or(Path::new("")).join("data"),
    }
}

fn must_exist(database: &Path) -> Result<(), Report> {
    match database.try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Report::new(format!(
            "there is no database `{}`",
            database.display()
        ))
        .hint("`samflode serve` and `samflode fetch` make it; name another one with `--database FILE`")),
        Err(error) => Err(Report::caused(
            format!("cannot look for the database `{}`", database.display()),
            &error,
        )
        .hint("the installed service's own is open to root alone; name another one with `--database FILE`")),
    }
}

fn fetcher(settings: &Settings, access: &Access) -> Result<Fetcher, fetch::Error> {
    let fetcher = match &access.replay {
        Some(recording) => Fetcher::replay(recording)?,
        None => Fetcher::live(&settings.fetch)?,
    };
    match &access.record {
        Some(folder) => fetcher.recording_to(folder),
        None => Ok(fetcher),
    }
}

fn temporary_folder() -> Result<TempDir, Report> {
    tempfile::tempdir().map_err(|error| Report::caused("cannot make a temporary folder", &error))
}

impl From<store::Error> for Report {
    fn from(error: store::Error) -> Self {
        let report = match std::error::Error::source(&error) {
            Some(cause) => Report::caused(error.to_string(), cause),
            None => Report::new(error.to_string()),
        };
        match error.hint() {
            Some(hint) => report.hint(hint),
            None => report,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_lies_where_the_service_keeps_it_or_beside_the_configuration() {
        for (config, state) in [
            ("/etc/samflode", "/var/lib/samflode"),
            ("/etc/samflode/", "/var/lib/samflode"),
            ("/srv/news/config", "/srv/news/data"),
            ("config", "data"),
        ] {
            assert_eq!(state_dir(Path::new(config)), Path::new(state), "{config}");
        }
    }
}

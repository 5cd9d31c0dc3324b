//! `samflode check`: what is wrong with the configuration, all of it, and what should be looked at.
//!
//! Reads the two files, and rules that are proposed in a database that exists; no network, unless `--live` asks for more.

use std::path::PathBuf;

use super::findings::{Findings, unknown_source};
use super::report::{Exit, Report};
use super::{Global, live, proposal, terminal};
use crate::config;
use crate::model::{Activity, Source};

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The sources to look at [default: all; with --live all that are polled]
    source: Vec<String>,
    /// Refresh on a copy of the database and show what would be published, with merges and their reasons; nothing is kept
    #[arg(long)]
    live: bool,
    /// Play a recording in place of the network
    #[arg(long, value_name = "DIR", requires = "live")]
    replay: Option<PathBuf>,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let read = config::load(&global.config_dir()?);
    let found = Findings::of(&read);
    if !global.json {
        terminal::complain(&found.told());
    }
    let picked = match &read {
        Ok(config) => Some(
            config
                .pick(&args.source)
                .map_err(|error| unknown_source(&error))?,
        ),
        Err(_) => None,
    };
    match (picked, global.json) {
        (Some(_), _) if args.live => {
            return live::run(&args.source, args.replay, &found, global).await;
        }
        (_, true) => terminal::print_json(&found),
        (Some(picked), false) => {
            terminal::print_line(&summary(&picked));
            for told in proposals(&picked, global).await {
                terminal::print_line(&told);
            }
        }
        (None, false) => {}
    }
    Ok(found.exit())
}

/// Rules that wait for approval, where there is a database that knows of any.
async fn proposals(sources: &[&Source], global: &Global) -> Vec<String> {
    let Ok((_, store)) = global.open_store() else {
        return Vec::new();
    };
    let rows = store.read(|reader| reader.sources()).await;
    let rows = rows.unwrap_or_default();
    let told = sources.iter().filter_map(|source| {
        let row = rows.iter().find(|row| row.profile.id == source.id)?;
        proposal::told(&source.id, &row.state, Some(&source.kind))
    });
    told.collect()
}

/// One line on a configuration that is right: "26 sources: 12 polled, 13 off, 1 retired".
pub fn summary(sources: &[&Source]) -> String {
    let count = |activity| {
        sources
            .iter()
            .filter(|source| source.activity == activity)
            .count()
    };
    let parts = [
        (count(Activity::Active), "polled"),
        (count(Activity::Off), "off"),
        (count(Activity::Retired), "retired"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    match (sources.len(), parts.is_empty()) {
        (_, true) => "no sources".to_owned(),
        (1, _) => format!("1 source: {}", parts.join(", ")),
        (all, _) => format!("{all} sources: {}", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::summary;
    use crate::config;

    #[test]
    fn a_right_configuration_is_one_line() {
        let right = "[[source]]\nid = \"a\"\naddress = \"https://a.example/\"\n";
        let config = config::parse("", right).expect("right");
        let all = config.pick(&[]).expect("all");
        assert_eq!(summary(&all), "1 source: 1 polled");
        assert_eq!(summary(&[]), "no sources");
    }
}

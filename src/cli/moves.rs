//! `samflode sources --accept-moves`: bodies that have moved for good get their new address in `sources.toml`.

use serde_json::json;
use url::Url;

use super::report::{Exit, Report};
use super::{Global, add, findings, init, terminal};
use crate::setup::moves::{self, Moved};

/// Writes the confirmed moves of these sources, or of all, and prints what it changed.
pub(super) async fn accept(names: &[String], global: &Global) -> Result<Exit, Report> {
    let (config, store) = global.open_store()?;
    let picked = config
        .pick(names)
        .map_err(|error| findings::unknown_source(&error))?;
    let rows = store.read(|reader| reader.sources()).await?;
    let confirmed: Vec<(String, Url)> = rows
        .into_iter()
        .filter(|row| picked.iter().any(|source| source.id == row.profile.id))
        .filter_map(|row| {
            let moved = row.state.moved.filter(|moved| moved.confirmed)?;
            Some((row.profile.id.to_string(), Url::parse(&moved.to).ok()?))
        })
        .collect();
    let path = global.config_dir()?.join("sources.toml");
    let (text, done) = moves::accept_moves(&add::read(&path)?, &confirmed)
        .map_err(|error| Report::caused("cannot write the new addresses", &error))?;
    if !done.is_empty() {
        init::save(&path, &text)?;
    }
    show(&done, global);
    terminal::complain(&match done.is_empty() {
        true => "no confirmed move that is not configured already\n".to_owned(),
        false => format!(
            "wrote `{}`; a running service takes it over at SIGHUP, or `systemctl reload samflode`\n",
            path.display()
        ),
    });
    Ok(Exit::Well)
}

fn show(done: &[Moved], global: &Global) {
    if global.json {
        let moves: Vec<_> = done
            .iter()
            .map(|moved| json!({"source": moved.id, "from": moved.from, "to": moved.to}))
            .collect();
        return terminal::print_json(&moves);
    }
    for Moved { id, from, to } in done {
        terminal::print_line(&format!("{id}: {from} → {to}"));
    }
}

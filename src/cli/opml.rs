//! `samflode opml`: subscriptions in and out.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::report::{Exit, Report};
use super::{Global, terminal};
use crate::config;
use crate::model::Source;
use crate::parse::opml::{self, Subscription};
use crate::publish::view::slug;
use crate::site::subscriptions;

/// Options of `opml`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    way: Way,
}

#[derive(Debug, clap::Subcommand)]
enum Way {
    /// Appends the subscriptions of a list to sources.toml
    Import {
        /// The list; `-` for standard input
        file: PathBuf,
    },
    /// Writes the sources as a subscription list
    Export {
        /// Where to; `-` for standard output
        file: PathBuf,
    },
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    match args.way {
        Way::Import { file } => import(&file, global),
        Way::Export { file } => export(&file, global),
    }
}

fn export(file: &Path, global: &Global) -> Result<Exit, Report> {
    let config = global.load()?;
    let text = subscriptions(
        &config.settings.site.title,
        &config.sources,
        (global.clock)(),
    );
    if file == Path::new("-") {
        terminal::print(&text);
        return Ok(Exit::Well);
    }
    std::fs::write(file, text)
        .map_err(|error| Report::caused(format!("cannot write `{}`", file.display()), &error))?;
    Ok(Exit::Well)
}

fn import(file: &Path, global: &Global) -> Result<Exit, Report> {
    let list = opml::read(&text_of(file)?);
    if !list.is_opml {
        return Err(
            Report::new(format!("`{}` is not a subscription list", file.display()))
                .hint("export the list as OPML from the program that has it")
                .usage(),
        );
    }
    for (name, address) in &list.unusable {
        terminal::complain(&format!(
            "warning: left out `{name}`: `{address}` is no address that can be asked\n"
        ));
    }
    let config = global.load()?;
    let added = appended(&list.subscriptions, &config.sources);
    let count = terminal::counted(added.len(), "source", "sources");
    if added.is_empty() {
        terminal::print_line("nothing to add: every subscription is followed already");
        return Ok(Exit::Well);
    }
    append(&global.config_dir()?, &added.concat())?;
    terminal::print_line(&format!("added {count} to sources.toml"));
    Ok(Exit::Well)
}

fn text_of(file: &Path) -> Result<String, Report> {
    let read = match file == Path::new("-") {
        true => std::io::read_to_string(std::io::stdin()).map(String::into_bytes),
        false => std::fs::read(file),
    };
    let bytes =
        read.map_err(|error| Report::caused(format!("cannot read `{}`", file.display()), &error))?;
    Ok(crate::encoding::decode_xml(&bytes, None).text)
}

/// The lines for each subscription that is not followed yet.
fn appended(subscriptions: &[Subscription], sources: &[Source]) -> Vec<String> {
    let mut addresses: HashSet<String> = sources
        .iter()
        .flat_map(|source| std::iter::once(&source.address).chain(&source.former))
        .map(ToString::to_string)
        .collect();
    let mut ids: HashSet<String> = sources.iter().map(|source| source.id.to_string()).collect();
    subscriptions
        .iter()
        .filter_map(|subscription| {
            let address = subscription.feed.as_ref().or(subscription.page.as_ref())?;
            addresses
                .insert(address.to_string())
                .then(|| lines(subscription, address.as_str(), &mut ids))
        })
        .collect()
}

fn lines(subscription: &Subscription, address: &str, ids: &mut HashSet<String>) -> String {
    let host = url::Url::parse(address)
        .ok()
        .and_then(|url| {
            url.host_str()
                .map(|host| host.trim_start_matches("www.").to_owned())
        })
        .unwrap_or_default();
    let title = subscription.title.clone().unwrap_or_else(|| host.clone());
    let id = fresh_id(&title, &host, ids);
    // A JSON string is a basic string of TOML, too.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut out = format!(
        "\n[[source]]\nid = {}\ntitle = {}\naddress = {}\n",
        quoted(&id),
        quoted(&title),
        quoted(address)
    );
    if subscription.feed.is_none() {
        out.push_str("kind = \"page\"\n");
    }
    if let Some(language) = &subscription.language {
        out.push_str(&format!("language = {}\n", quoted(language.as_str())));
    }
    if !subscription.groups.is_empty() {
        let groups: Vec<String> = subscription
            .groups
            .iter()
            .map(|group| quoted(group))
            .collect();
        out.push_str(&format!("categories = [{}]\n", groups.join(", ")));
    }
    out
}

/// A name of the letters an id may have, not taken yet.
fn fresh_id(title: &str, host: &str, ids: &mut HashSet<String>) -> String {
    let plain: String = slug(title)
        .chars()
        .map(|c| match c {
            'å' | 'ä' | 'æ' => 'a',
            'ö' | 'ø' => 'o',
            'é' | 'è' | 'ü' => 'e',
            other => other,
        })
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(40)
        .collect();
    let stem = match plain.trim_matches('-') {
        "" => slug(host),
        stem => stem.to_owned(),
    };
    let stem = if stem.is_empty() {
        "source".to_owned()
    } else {
        stem
    };
    let mut id = stem.clone();
    let mut number = 2;
    while !ids.insert(id.clone()) {
        id = format!("{stem}-{number}");
        number += 1;
    }
    id
}

/// Appends to sources.toml, whole or not at all, and only what the configuration then still accepts.
fn append(folder: &Path, lines: &str) -> Result<(), Report> {
    let path = folder.join("sources.toml");
    let cannot = |error: std::io::Error| {
        Report::caused(format!("cannot write `{}`", path.display()), &error)
    };
    let before = std::fs::read_to_string(&path).map_err(cannot)?;
    let settings = std::fs::read_to_string(folder.join("samflode.toml")).unwrap_or_default();
    let after = format!("{}\n{lines}", before.trim_end());
    config::parse(&settings, &after).map_err(|problems| super::findings::refusal(&problems))?;
    let temporary = folder.join(".sources.toml.new");
    std::fs::write(&temporary, after).map_err(cannot)?;
    std::fs::rename(&temporary, &path).map_err(cannot)
}

#[cfg(test)]
mod tests {
    use super::appended;
    use crate::config;
    use crate::parse::opml;

    #[test]
    fn a_list_becomes_sources_that_the_configuration_accepts() {
        let list = opml::read(
            "<opml version='2.0'><body><outline text='Miljö'>\
             <outline text='Räddningen &quot;Väst&quot;' type='rss' xmlUrl='https://a.example/feed'/>\
             <outline text='Räddningen &quot;Väst&quot;' type='rss' xmlUrl='https://b.example/feed'/>\
             <outline text='Doubled' type='rss' xmlUrl='https://a.example/feed'/>\
             </outline></body></opml>",
        );
        let text = appended(&list.subscriptions, &[]).concat();
        let config = config::parse("", &text).expect("it is accepted");
        let ids: Vec<&str> = config.sources.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["raddningen-vast", "raddningen-vast-2"]);
        assert_eq!(config.sources[0].title, "Räddningen \"Väst\"");
        assert_eq!(config.sources[0].categories[0].term, "Miljö");
        assert!(appended(&list.subscriptions, &config.sources).is_empty());
    }
}

//! The text of `sources.toml` with a source more, or with new rules; everything else in it stays as people wrote it.

use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};
use url::Url;

use super::{Way, Ways};
use crate::link;
use crate::model::{Kind, Language, Rules};

/// A source as it will be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its short name.
    pub id: String,
    /// Its name for people.
    pub title: Option<String>,
    /// What is polled.
    pub address: Url,
    /// The page for people, where it is another one.
    pub home: Option<Url>,
    /// Feed or page.
    pub kind: Kind,
    /// Its language.
    pub language: Option<Language>,
    /// Lines of comment above it.
    pub comment: Vec<String>,
}

/// Why a text cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is not TOML, or not of the expected shape.
    #[error("cannot read the sources: {reason}")]
    Unreadable {
        /// What is wrong.
        reason: String,
    },
    /// No source has that name.
    #[error("no source is named `{id}`")]
    Unknown {
        /// The name.
        id: String,
    },
    /// The address is one of a source already.
    #[error("`{address}` is followed already, as `{id}`")]
    Followed {
        /// The address.
        address: String,
        /// The source.
        id: String,
    },
}

const HEAD: &str = "# The bodies we follow. `samflode add ADDRESS` appends one, `samflode check` tells what is wrong here.\n";

/// What is to be written for the best of the ways.
pub fn found(ways: &Ways, existing: &str) -> Option<Found> {
    let best = ways.ways.first()?;
    let home =
        (best.kind == Kind::Feed && best.address != ways.address).then(|| ways.address.clone());
    Some(Found {
        id: free_id(&ways.address, ways.title.as_deref(), existing),
        title: ways.title.clone(),
        address: best.address.clone(),
        home,
        kind: best.kind.clone(),
        language: ways.language.clone(),
        comment: comment(best),
    })
}

/// How it was found and what it gave, as an editor wants to see it above the rules.
fn comment(way: &Way) -> Vec<String> {
    let sure = (way.confidence * 100.0).round();
    let mut lines = vec![format!(
        "{}; {sure} % sure; {} entries when it was added, such as",
        way.how,
        way.entries.len()
    )];
    lines.extend(way.entries.iter().take(2).filter_map(|entry| {
        let title = crate::html::title(entry.title.as_ref()?);
        let day = entry
            .published
            .map(|moment| format!("{} ", moment.at.format("%Y-%m-%d")));
        Some(format!(
            "  {}{}",
            day.unwrap_or_default(),
            crate::html::excerpt(&title, 80)
        ))
    }));
    lines
}

/// Folders that say what is listed, and not who lists it.
const SECTIONS: [&str; 16] = [
    "nyheter", "nyhet", "aktuellt", "aktuelt", "nyheder", "news", "press", "rss", "feed", "arkiv",
    "archive", "artiklar", "index", "start", "home", "pressrum",
];
/// Hosts of many bodies.
const SHARED: [&str; 5] = ["mynewsdesk", "cision", "tt", "wordpress", "example"];
/// What stands between a body's name and its country or the Union: `verket.gov.uk`, `echa.europa.eu`.
const REGISTRIES: [&str; 7] = ["co", "com", "gov", "org", "ac", "europa", "idg"];

/// A short name from a host, free in the existing text; an address in figures goes by the place's name, or its folder.
fn free_id(address: &Url, title: Option<&str>, existing: &str) -> String {
    let own = match address.host() {
        Some(url::Host::Domain(host)) if host.contains('.') => of_host(host, address),
        _ => title
            .map(link::fold_slug)
            .filter(|slug| !slug.is_empty())
            .or_else(|| folder(address))
            .or_else(|| address.domain().map(str::to_owned)),
    };
    let own = own.unwrap_or_default().to_lowercase();
    let id: String = own
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(48)
        .collect();
    let id = match id.trim_matches('-') {
        "" => "source".to_owned(),
        id => id.to_owned(),
    };
    let taken = ids(existing);
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    std::iter::once(id.clone())
        .chain(numbered)
        .find(|id| !taken.contains(id))
        .unwrap_or(id)
}

/// The body's own label of its host.
fn of_host(host: &str, address: &Url) -> Option<String> {
    let labels: Vec<&str> = host.split('.').filter(|label| *label != "www").collect();
    let name = match labels.as_slice() {
        [] => return None,
        [only] => only,
        [.., above, name, _] if REGISTRIES.contains(name) => above,
        [.., name, _] => name,
    };
    let own = SHARED.contains(name).then(|| folder(address)).flatten();
    own.or_else(|| Some((*name).to_owned()))
}

/// The first folder of an address that says whose it is.
fn folder(address: &Url) -> Option<String> {
    let mut segments = address.path_segments()?;
    let own = segments.find(|segment| {
        let name = segment.split('.').next().unwrap_or_default();
        name.len() > 2 && !SECTIONS.contains(&name)
    });
    own.map(str::to_owned)
}

fn ids(existing: &str) -> Vec<String> {
    let Ok(document) = existing.parse::<DocumentMut>() else {
        return Vec::new();
    };
    let Some(sources) = document.get("source").and_then(Item::as_array_of_tables) else {
        return Vec::new();
    };
    sources
        .iter()
        .filter_map(|source| Some(source.get("id")?.as_str()?.to_owned()))
        .collect()
}

/// The existing text with a source appended.
pub fn write_source(existing: &str, found: &Found) -> Result<String, Error> {
    let mut document = read(existing)?;
    let sources = document
        .entry("source")
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or_else(|| Error::Unreadable {
            reason: "`source` is not written as `[[source]]`".into(),
        })?;
    let address = link::key(&found.address);
    let same = sources.iter().find(|source| {
        let known = source.get("address").and_then(Item::as_str);
        known.is_some_and(|known| {
            known
                .parse()
                .is_ok_and(|known| link::key(&known) == address)
        })
    });
    if let Some(same) = same {
        let id = same.get("id").and_then(Item::as_str).unwrap_or_default();
        return Err(Error::Followed {
            address: found.address.to_string(),
            id: id.to_owned(),
        });
    }
    let mut table = Table::new();
    let comment: String = found
        .comment
        .iter()
        .map(|line| format!("# {}\n", one_line(line)))
        .collect();
    table.decor_mut().set_prefix(format!("\n{comment}"));
    table["id"] = value(&found.id);
    if let Some(title) = &found.title {
        table["title"] = value(one_line(title));
    }
    table["address"] = value(found.address.as_str());
    if let Some(home) = &found.home {
        table["home"] = value(home.as_str());
    }
    if let Some(language) = &found.language {
        table["language"] = value(language.as_str());
    }
    if let Kind::Page(rules) = &found.kind {
        set_rules(&mut table, rules.as_ref());
    }
    sources.push(table);
    let is_first = existing.trim().is_empty();
    Ok(format!("{}{document}", if is_first { HEAD } else { "" }))
}

/// Control characters would end a comment or a string early.
fn one_line(text: &str) -> String {
    text.split(char::is_control).collect::<Vec<_>>().join(" ")
}

/// The existing text with new rules for one source.
pub fn accept(existing: &str, id: &str, rules: &Rules) -> Result<String, Error> {
    let mut document = read(existing)?;
    let source = document
        .get_mut("source")
        .and_then(Item::as_array_of_tables_mut)
        .and_then(|sources| {
            sources
                .iter_mut()
                .find(|source| source.get("id").and_then(Item::as_str) == Some(id))
        })
        .ok_or_else(|| Error::Unknown { id: id.to_owned() })?;
    set_rules(source, Some(rules));
    Ok(document.to_string())
}

fn set_rules(source: &mut Table, rules: Option<&Rules>) {
    source["kind"] = value("page");
    let Some(rules) = rules else { return };
    let mut inline = InlineTable::new();
    for (name, selector) in rules.selectors() {
        if let Some(selector) = selector {
            inline.insert(name, Value::from(selector));
        }
    }
    source["rules"] = value(inline);
}

pub(super) fn read(text: &str) -> Result<DocumentMut, Error> {
    text.parse()
        .map_err(|error: toml_edit::TomlError| Error::Unreadable {
            reason: error.message().to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::{Error, Found, accept, free_id, write_source};
    use crate::model::{Kind, Language, Rules};
    use url::Url;

    fn rules(entry: &str) -> Rules {
        Rules {
            entry: entry.into(),
            title: Some("h2".into()),
            ..Rules::default()
        }
    }

    fn page() -> Found {
        Found {
            id: "verket".into(),
            title: Some("Verket".into()),
            address: Url::parse("https://verket.example/nyheter").expect("address"),
            home: None,
            kind: Kind::Page(Some(rules("li.nyhet"))),
            language: Language::new("sv"),
            comment: vec!["the list of the page".into()],
        }
    }

    #[test]
    fn a_source_is_appended_and_all_else_stays() {
        let existing =
            "# ours\n[[source]]\nid = \"a\" # the first\naddress = \"https://a.example/\"\n";
        let text = write_source(existing, &page()).expect("written");
        assert!(text.starts_with(existing), "{text}");
        assert!(text.ends_with(
            "\n# the list of the page\n[[source]]\nid = \"verket\"\ntitle = \"Verket\"\naddress = \"https://verket.example/nyheter\"\n\
             language = \"sv\"\nkind = \"page\"\nrules = { entry = \"li.nyhet\", title = \"h2\" }\n"
        ), "{text}");
        assert!(crate::config::parse("", &text).is_ok(), "{text}");
    }

    #[test]
    fn accepted_rules_replace_the_old_ones_of_one_source() {
        let before = write_source(
            &write_source("", &page()).expect("one"),
            &Found {
                id: "b".into(),
                address: Url::parse("https://verket.example/press").expect("address"),
                ..page()
            },
        )
        .expect("two");
        let twice = write_source(&before, &page());
        assert!(matches!(twice, Err(Error::Followed { id, .. }) if id == "verket"));
        let after = accept(&before, "b", &rules("article")).expect("accepted");
        assert_eq!(after.matches("entry = \"li.nyhet\"").count(), 1);
        assert_eq!(after.matches("entry = \"article\"").count(), 1);
        assert!(accept(&before, "c", &rules("article")).is_err());
    }

    #[test]
    fn names_are_short_and_free() {
        let id = |address: &str, existing: &str| {
            free_id(
                &Url::parse(address).expect("address"),
                Some("Nyheter | Verket"),
                existing,
            )
        };
        assert_eq!(
            id("https://www.upphandlingsmyndigheten.se/nyheter/", ""),
            "upphandlingsmyndigheten"
        );
        assert_eq!(id("https://www.mynewsdesk.com/se/verket/", ""), "verket");
        assert_eq!(
            id(
                "https://a.se/",
                "[[source]]\nid = \"a\"\n[[source]]\nid = \"a-2\"\n"
            ),
            "a-3"
        );
        assert_eq!(id("http://127.0.0.1:8080/nyheter/", ""), "nyheter-verket");
        assert_eq!(id("https://echa.europa.eu/news", ""), "echa");
        assert_eq!(id("https://www.defra.gov.uk/news", ""), "defra");
    }
}

//! Authors, categories, enclosures and first sources, cleaned and bounded.

use std::collections::HashSet;

use url::Url;

use crate::html;
use crate::link;
use crate::model::{Category, Enclosure, Person, SourceRef};

/// More of them on one entry are a fault of its feed.
const MOST: usize = 50;

/// No name or term is longer.
const LONGEST_NAME: usize = 200;

/// What systems write where they know no author (Joomla's `feed_email` is `none` by default).
const NOBODY: [&str; 14] = [
    "none",
    "null",
    "nil",
    "undefined",
    "n/a",
    "-",
    "unknown",
    "anonymous",
    "okänd",
    "ukjent",
    "admin",
    "administrator",
    "super user",
    "webmaster",
];

/// Categories that say there is none.
const UNCATEGORIZED: [&str; 7] = [
    "uncategorized",
    "uncategorised",
    "okategoriserade",
    "okategoriserad",
    "ukategorisert",
    "ikke kategoriseret",
    "allmänt-uncategorized",
];

/// Authors with a name or an e-mail address, each once.
pub(super) fn authors(given: &[Person]) -> Vec<Person> {
    let mut seen = HashSet::new();
    given
        .iter()
        .take(MOST)
        .filter_map(author)
        .filter(|author| seen.insert(author.clone()))
        .collect()
}

fn author(given: &Person) -> Option<Person> {
    let told = |text: &Option<String>| {
        let text = html::excerpt(&html::visible(text.as_deref()?), LONGEST_NAME);
        let is_nobody = text.is_empty() || NOBODY.contains(&text.to_lowercase().as_str());
        (!is_nobody).then_some(text)
    };
    let email = told(&given.email).filter(|email| email.contains('@') && !email.contains(' '));
    let name = told(&given.name);
    let url = told(&given.url)
        .filter(|url| Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")));
    let author = Person { name, email, url };
    (author.name.is_some() || author.email.is_some()).then_some(author)
}

/// Categories with a term, each once.
pub(super) fn categories(given: &[Category]) -> Vec<Category> {
    let mut seen = HashSet::new();
    given
        .iter()
        .filter_map(category)
        .filter(|category| seen.insert((category.term.to_lowercase(), category.scheme.clone())))
        .take(MOST)
        .collect()
}

fn category(given: &Category) -> Option<Category> {
    let plain = |text: &str| html::excerpt(&html::visible(text), LONGEST_NAME);
    let term = plain(&given.term);
    let is_none = term.is_empty() || UNCATEGORIZED.contains(&term.to_lowercase().as_str());
    let told = |text: &Option<String>| text.as_deref().map(plain).filter(|text| !text.is_empty());
    (!is_none).then(|| Category {
        term,
        scheme: told(&given.scheme),
        label: told(&given.label),
    })
}

/// Enclosures with an address of the web, each once.
pub(super) fn enclosures(given: &[Enclosure], base: &Url) -> Vec<Enclosure> {
    let mut seen = HashSet::new();
    let absolute = |enclosure: &Enclosure| {
        let url =
            link::resolve(base, &enclosure.url).filter(|_| !enclosure.url.trim().is_empty())?;
        let media_type = enclosure
            .media_type
            .as_deref()
            .map(html::visible)
            .filter(|kind| kind.contains('/') && kind.len() <= LONGEST_NAME);
        Some(Enclosure {
            url: url.to_string(),
            media_type,
            length: enclosure.length,
        })
    };
    given
        .iter()
        .filter_map(absolute)
        .filter(|enclosure| seen.insert(enclosure.url.clone()))
        .take(MOST)
        .collect()
}

/// The first source of an entry that was aggregated before, where it names one at all.
pub(super) fn first_source(given: Option<&SourceRef>, base: &Url) -> Option<SourceRef> {
    let given = given?;
    let plain = |text: &Option<String>| {
        text.as_deref()
            .map(|text| html::excerpt(&html::visible(text), LONGEST_NAME))
            .filter(|text| !text.is_empty())
    };
    let source = SourceRef {
        id: given
            .id
            .as_deref()
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(str::to_owned),
        title: plain(&given.title),
        url: given
            .url
            .as_deref()
            .filter(|url| !url.trim().is_empty())
            .and_then(|url| link::resolve(base, url))
            .map(String::from),
        updated: given.updated,
    };
    (source.id.is_some() || source.title.is_some() || source.url.is_some()).then_some(source)
}

//! JSON-LD of schema.org: `NewsArticle` and its kin, alone, in `@graph`, `ItemList`, `Blog` or `CollectionPage`.

use serde_json::Value;

use crate::date;
use crate::html;
use crate::model::{DateOrigin, ParsedEntry, Person, Text};
use crate::scrape::page::Page;

/// More objects than this are no list.
const MAX_OBJECTS: usize = 5_000;

/// An article, and whether it stands as a member of a list.
struct Article {
    entry: ParsedEntry,
    is_member: bool,
}

/// The articles that a page lists.
pub(crate) fn members(page: &Page) -> Vec<ParsedEntry> {
    let articles = articles(page);
    let has_members = articles.iter().any(|article| article.is_member);
    articles
        .into_iter()
        .filter(|article| article.is_member || !has_members)
        .map(|article| article.entry)
        .filter(|entry| entry.title.is_some() && entry.link.is_some())
        .collect()
}

/// The article that the page itself is.
pub(crate) fn own(page: &Page) -> Option<ParsedEntry> {
    let mut articles: Vec<ParsedEntry> = articles(page)
        .into_iter()
        .filter(|article| !article.is_member)
        .map(|article| article.entry)
        .collect();
    let own = articles.iter().position(|entry| {
        entry
            .link
            .as_ref()
            .is_some_and(|link| crate::link::key(link) == crate::link::key(&page.address))
    });
    match own {
        Some(at) => Some(articles.swap_remove(at)),
        None if articles.len() == 1 => articles.pop(),
        None => None,
    }
}

fn articles(page: &Page) -> Vec<Article> {
    let tree = &page.tree;
    let mut out = Vec::new();
    for id in tree.all("script") {
        let kind = tree.attribute(id, "type").unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/ld+json") {
            continue;
        }
        let raw = tree.raw_text(id);
        let text = raw
            .trim()
            .trim_start_matches("<!--")
            .trim_end_matches("-->")
            .trim();
        let text = text
            .trim_start_matches("//<![CDATA[")
            .trim_end_matches("//]]>")
            .trim_end_matches(';');
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            collect(page, &value, &mut out);
        }
    }
    out
}

/// Walks the containers that schema.org has for articles.
fn collect(page: &Page, value: &Value, out: &mut Vec<Article>) {
    let mut waiting = vec![(value, false)];
    let mut seen = 0;
    while let Some((value, is_member)) = waiting.pop() {
        seen += 1;
        if seen > MAX_OBJECTS {
            return;
        }
        match value {
            Value::Array(all) => waiting.extend(all.iter().rev().map(|value| (value, is_member))),
            Value::Object(object) => {
                if is_type(
                    value,
                    &[
                        "BreadcrumbList",
                        "SiteNavigationElement",
                        "WebSite",
                        "Organization",
                    ],
                ) {
                    continue;
                }
                if is_article(value) {
                    out.push(Article {
                        entry: entry(page, value),
                        is_member,
                    });
                    continue;
                }
                if is_type(value, &["ListItem"]) && object.get("item").is_none_or(Value::is_string)
                {
                    out.push(Article {
                        entry: entry(page, value),
                        is_member: true,
                    });
                    continue;
                }
                for (name, is_list) in [
                    ("@graph", is_member),
                    ("mainEntity", is_member),
                    ("item", is_member),
                    ("itemListElement", true),
                    ("hasPart", true),
                    ("blogPost", true),
                    ("blogPosts", true),
                ] {
                    if let Some(inner) = object.get(name) {
                        waiting.push((inner, is_list));
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_type(value: &Value, wanted: &[&str]) -> bool {
    let matches = |name: &Value| {
        name.as_str()
            .is_some_and(|name| wanted.contains(&name.rsplit(['/', ':']).next().unwrap_or(name)))
    };
    match value.get("@type") {
        Some(Value::Array(all)) => all.iter().any(matches),
        Some(name) => matches(name),
        None => false,
    }
}

fn is_article(value: &Value) -> bool {
    is_type(
        value,
        &[
            "NewsArticle",
            "Article",
            "BlogPosting",
            "Report",
            "AnalysisNewsArticle",
            "OpinionNewsArticle",
            "ReportageNewsArticle",
            "LiveBlogPosting",
            "AdvertiserContentArticle",
            "BackgroundNewsArticle",
            "ReviewNewsArticle",
            "SocialMediaPosting",
            "SpecialAnnouncement",
            "TechArticle",
            "ScholarlyArticle",
        ],
    )
}

fn entry(page: &Page, value: &Value) -> ParsedEntry {
    let text = |name: &str| {
        value
            .get(name)
            .and_then(string)
            .filter(|s| !s.trim().is_empty())
    };
    let moment = |name: &str| text(name).and_then(|said| date::parse(said, &page.context));
    let link = ["url", "mainEntityOfPage", "item", "@id"]
        .iter()
        .filter_map(|name| address(value.get(*name)?))
        .find_map(|href| page.resolve(href));
    let published = moment("datePublished").or_else(|| moment("dateCreated"));
    let plain = |said: &str| html::to_text(said);
    ParsedEntry {
        link,
        title: text("headline")
            .or_else(|| text("name"))
            .map(|said| Text::plain(plain(said))),
        summary: text("description")
            .or_else(|| text("abstract"))
            .map(|said| Text::plain(plain(said))),
        published,
        updated: moment("dateModified"),
        date_origin: published.map(|_| DateOrigin::Page),
        authors: value.get("author").map(authors).unwrap_or_default(),
        image: value
            .get("image")
            .or_else(|| value.get("thumbnailUrl"))
            .and_then(address)
            .and_then(|src| page.resolve(src)),
        ..ParsedEntry::default()
    }
}

fn string(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(all) => all.first().and_then(Value::as_str),
        Value::Object(object) => object.get("@value").and_then(Value::as_str),
        _ => None,
    }
}

fn address(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(all) => all
            .first()
            .and_then(|first| first.as_str().or_else(|| first.get("url")?.as_str())),
        Value::Object(object) => ["url", "@id", "contentUrl"]
            .iter()
            .find_map(|name| object.get(*name)?.as_str()),
        _ => None,
    }
}

fn authors(value: &Value) -> Vec<Person> {
    let one = |value: &Value| {
        let name = value.as_str().or_else(|| value.get("name")?.as_str())?;
        Some(Person {
            name: Some(html::to_text(name)),
            ..Person::default()
        })
    };
    match value {
        Value::Array(all) => all.iter().take(20).filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

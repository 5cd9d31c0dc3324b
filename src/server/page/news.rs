//! `/`: the news by day, with filter and search.

use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use chrono_tz::Tz;

use super::selection::{Selection, select};
use super::{Asking, Shell, answer};
use crate::model::Precision;
use crate::publish::PublishedEntry;
use crate::publish::view::{ViewKey, ViewKind};
use crate::server::feed::{failed, search_refusal};
use crate::server::{App, Client, not_found};
use crate::site::Scope;
use crate::store::View;

const MAX_QUERY: usize = 500;

#[derive(Template)]
#[template(path = "news.html")]
struct NewsPage {
    shell: Shell,
    asking: Asking,
    sources: Vec<Choice>,
    categories: Vec<Choice>,
    days: Vec<Day>,
    older: Option<String>,
    /// The selection as a feed, without its ending, and the query after it.
    feed: Option<(String, String)>,
}

struct Choice {
    name: String,
    label: String,
    is_chosen: bool,
}

struct Day {
    heading: String,
    cards: Vec<Card>,
}

/// One piece of news in a list.
pub(super) struct Card {
    pub(super) title: String,
    pub(super) link: String,
    pub(super) lang: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) body: String,
    pub(super) body_page: String,
    pub(super) also: Vec<(String, String)>,
    pub(super) datetime: String,
    pub(super) time: Option<String>,
    pub(super) details: String,
    pub(super) gone: Option<&'static str>,
}

pub(in crate::server) async fn news(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response<Body> {
    let asking = Asking::read(request.uri().query());
    let headers = request.headers();
    if asking.words.len() > MAX_QUERY {
        return not_found::message(&app, headers, StatusCode::BAD_REQUEST);
    }
    if !asking.words.is_empty()
        && let Some(refusal) = search_refusal(&app, client)
    {
        return not_found::dressed(&app, headers, &refusal);
    }
    let selection = match select(app.site(), &asking).await {
        Ok(selection) => selection,
        Err(error) => return failed(&error),
    };
    let plain_query = Asking {
        tongue: None,
        ..asking.clone()
    }
    .query(asking.before);
    let shell = Shell::new(&app, headers, &asking, &after_mark(&plain_query));
    let page = page(&app.site().scope(), shell, asking, selection);
    answer(&app, (request.method(), headers), &page)
}

fn page(scope: &Scope, shell: Shell, asking: Asking, selection: Selection) -> NewsPage {
    let zone = scope.settings.site.time_zone;
    let title = if selection.label.is_empty() {
        shell.words.news.to_owned()
    } else {
        format!("{}: {}", shell.words.found, selection.label)
    };
    NewsPage {
        sources: choices(&selection.sources, &asking.source),
        categories: choices(
            &selection.categories,
            &ViewKey::new(ViewKind::Category, &asking.category).name,
        ),
        older: selection
            .older
            .map(|place| shell.file(&after_mark(&asking.query(Some(place))))),
        days: days(&selection, &shell, zone),
        feed: feed(&asking),
        shell: shell.titled(title),
        asking,
    }
}

fn after_mark(query: &str) -> String {
    if query.is_empty() {
        return String::new();
    }
    format!("?{query}")
}

fn choices(views: &[View], chosen: &str) -> Vec<Choice> {
    views
        .iter()
        .map(|view| Choice {
            name: view.key.name.clone(),
            label: format!("{} ({})", view.label, view.members),
            is_chosen: view.key.name == chosen,
        })
        .collect()
}

/// The selection as a feed, where it is one: a single view, or words alone.
fn feed(asking: &Asking) -> Option<(String, String)> {
    let views = [
        (ViewKind::Source, &asking.source),
        (ViewKind::Category, &asking.category),
        (ViewKind::Language, &asking.language),
        (ViewKind::Named, &asking.feed),
    ];
    let mut set = views.iter().filter(|(_, name)| !name.is_empty());
    match (set.next(), set.next(), asking.words.is_empty()) {
        (Some((kind, name)), None, true) => Some((ViewKey::new(*kind, name).path(), String::new())),
        (None, None, false) => {
            let words = Asking {
                words: asking.words.clone(),
                ..Asking::default()
            };
            Some(("search".into(), after_mark(&words.query(None))))
        }
        _ => None,
    }
}

fn days(selection: &Selection, shell: &Shell, zone: Tz) -> Vec<Day> {
    let mut entries: Vec<&PublishedEntry> = selection.entries.iter().map(|(_, e)| e).collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.published.at));
    let mut days: Vec<Day> = Vec::new();
    for entry in entries {
        let heading = capitalized(&shell.tongue.heading(&entry.published, zone));
        if days.last().is_none_or(|day| day.heading != heading) {
            days.push(Day {
                heading,
                cards: Vec::new(),
            });
        }
        if let Some(day) = days.last_mut() {
            day.cards.push(card(entry, shell, zone));
        }
    }
    days
}

pub(super) fn card(entry: &PublishedEntry, shell: &Shell, zone: Tz) -> Card {
    let (first, others) = match entry.carriers.split_first() {
        Some((first, others)) => (Some(first), others),
        None => (None, &[][..]),
    };
    let is_timed = matches!(
        entry.published.precision,
        Precision::Minute | Precision::Second
    );
    let local = entry.published.at.with_timezone(&zone);
    let source = first.map_or("", |carrier| carrier.source.as_str());
    Card {
        title: entry.title.clone(),
        link: entry.link.clone(),
        lang: foreign(entry, shell),
        summary: entry.summary.clone(),
        body: first
            .map(|carrier| carrier.name.clone())
            .unwrap_or_default(),
        body_page: shell.to(&format!("?source={source}")),
        also: others
            .iter()
            .map(|c| (c.name.clone(), c.link.clone()))
            .collect(),
        datetime: match is_timed {
            true => local.to_rfc3339(),
            false => local.format("%Y-%m-%d").to_string(),
        },
        time: is_timed.then(|| local.format("%H:%M").to_string()),
        details: shell.to(&format!("entries/{}", entry.cluster.0)),
        gone: shell.words.gone(entry),
    }
}

/// The language of an entry where it is not that of the page (WCAG 2.1, 3.1.2).
pub(super) fn foreign(entry: &PublishedEntry, shell: &Shell) -> Option<String> {
    let language = entry.language.as_ref()?;
    (language.primary() != shell.tongue.tag()).then(|| language.to_string())
}

pub(super) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

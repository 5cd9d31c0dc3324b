//! The page of a single entry: what it says of itself, structured data before text.

use super::dates;
use super::detect::List;
use super::page::Page;
use super::structured::json_ld;
use super::tree::Id;
use super::{hollow, text, words};
use crate::date;
use crate::link;
use crate::model::{DateOrigin, Document, Moment, ParsedEntry, Text};

/// Paragraphs with less are no running text.
const MIN_PARAGRAPH: usize = 60;

/// Reads the page of one entry; `None` where it says nothing of one.
pub fn entry_page(document: &Document, context: &date::Context) -> Option<ParsedEntry> {
    let page = Page::read(document, context);
    if hollow::recognize(&page).is_some() {
        return None;
    }
    read(&page)
}

/// Reads a page as that of one entry.
pub(super) fn read(page: &Page) -> Option<ParsedEntry> {
    let told = json_ld::own(page).unwrap_or_default();
    let heading = main_heading(page);
    let title = title(page, heading, &told)?;
    let dated = told
        .published
        .map(|at| (at, DateOrigin::EntryPage))
        .or_else(|| published(page, heading));
    Some(ParsedEntry {
        link: Some(own_address(page)),
        summary: summary(page, heading, &title)
            .or(told.summary)
            .map(|t| Text::plain(t.value)),
        title: Some(Text::plain(title)),
        published: dated.map(|(at, _)| at),
        date_origin: dated.map(|(_, origin)| origin),
        updated: told.updated.or_else(|| meta_moment(page, &MODIFIED)),
        authors: told.authors,
        image: page
            .meta("og:image")
            .and_then(|src| page.resolve(src))
            .or(told.image),
        language: page.context.language.clone(),
        ..ParsedEntry::default()
    })
}

/// How a page looks like one entry rather than a list: a headline with running text under it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Likeness {
    /// From 0 to about 1.
    pub(super) weight: f32,
    /// Whether the headline and the text under it leave no doubt, whatever list stands beside them.
    pub(super) is_plain: bool,
}

/// Running text of this length under a headline is an article.
const FULL_TEXT: usize = 1_000;
/// So is this little, where the address too says that the page is about its headline.
const LITTLE_TEXT: usize = 150;
/// So is this much, where the page says of itself that it is one.
const SOME_TEXT: usize = 400;

/// Weighs what speaks for an entry.
pub(super) fn likeness(page: &Page, list: Option<&List>) -> Likeness {
    let mut weight: f32 = 0.0;
    let says_so = json_ld::own(page).is_some();
    let has_time = page.meta("article:published_time").is_some();
    if says_so {
        weight += 0.4;
    }
    if page
        .meta("og:type")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("article"))
    {
        weight += 0.3;
    }
    if has_time {
        weight += 0.2;
    }
    let unsure = |weight| Likeness {
        weight,
        is_plain: false,
    };
    let Some(heading) = main_heading(page) else {
        return unsure(weight);
    };
    let title = page.tree.text(heading);
    if is_page_title(page, &title) && is_named_by_address(page, &title) {
        let text: usize = paragraphs(page, heading)
            .map(|(_, text)| text.chars().count())
            .sum();
        return Likeness {
            weight: (weight + 0.6).min(1.0),
            is_plain: text >= LITTLE_TEXT,
        };
    }
    if list.is_some_and(|list| list.holds(heading)) {
        return unsure(weight);
    }
    if title.split(' ').count() >= 4 {
        weight += 0.15;
    }
    let is_headline = title.split(' ').count() >= 3 && is_page_title(page, &title);
    if is_headline {
        weight += 0.15;
    }
    let body: usize = paragraphs(page, heading)
        .filter(|(id, _)| list.is_none_or(|list| !list.holds(*id)))
        .map(|(_, text)| text.chars().count())
        .sum();
    let is_plain = is_headline
        && (body >= FULL_TEXT || body >= SOME_TEXT && (says_so || has_time))
        && words::heading_weight(&title) <= 1.0;
    weight += match body {
        1500.. => 0.4,
        700.. => 0.3,
        300.. => 0.15,
        120.. => 0.1,
        _ => 0.0,
    };
    let first = list
        .and_then(|list| list.spans.first())
        .map_or(page.tree.len(), |span| span.start);
    if first > heading && near(page, heading, first).is_some() {
        weight += 0.15;
    }
    Likeness { weight, is_plain }
}

/// Whether the last part of the page's address is its headline, as the addresses of entries are and those of lists are not.
fn is_named_by_address(page: &Page, title: &str) -> bool {
    const MIN_WORDS: usize = 4;
    let folded = link::fold_slug(title);
    let words: Vec<&str> = folded.split('-').filter(|word| !word.is_empty()).collect();
    let path = link::fold_slug(page.address.path().trim_end_matches('/'));
    let slug: Vec<&str> = path.split(|c: char| !c.is_alphanumeric()).collect();
    let named = words.iter().filter(|word| slug.contains(word)).count();
    words.len() >= MIN_WORDS && named * 10 >= words.len() * 8
}

/// Whether the page as a whole is called as its headline is.
fn is_page_title(page: &Page, headline: &str) -> bool {
    let told = page.meta("og:title").map(str::to_owned);
    told.into_iter()
        .chain(page.title())
        .any(|whole| same_letters(&whole).starts_with(&same_letters(headline)))
}

fn same_letters(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The paragraphs after the headline that are running text: hardly linked, not in lists.
fn paragraphs(page: &Page, heading: Id) -> impl Iterator<Item = (Id, String)> {
    let tree = &page.tree;
    (heading..tree.len())
        .filter(|id| tree.name(*id) == "p")
        .filter(|id| {
            !tree
                .ancestors(*id)
                .any(|above| matches!(tree.name(above), "li" | "footer" | "nav" | "aside" | "a"))
        })
        .filter(|id| {
            !tree.subtree(*id).any(|inner| {
                tree.name(inner) == "a" && tree.text(inner).len() * 2 > tree.text(*id).len()
            })
        })
        .map(|id| (id, tree.text(id)))
        .filter(|(_, text)| text.chars().count() >= MIN_PARAGRAPH && !words::is_decoration(text))
        .take(200)
}

/// The headline: the first `h1` outside the page's own header, else the first at all.
fn main_heading(page: &Page) -> Option<Id> {
    let tree = &page.tree;
    let in_main = |id: &Id| {
        !tree.ancestors(*id).any(|above| {
            matches!(tree.name(above), "nav" | "footer" | "aside")
                || (tree.name(above) == "header"
                    && !tree
                        .ancestors(above)
                        .any(|id| matches!(tree.name(id), "main" | "article")))
        })
    };
    let all: Vec<Id> = tree
        .all("h1")
        .filter(|id| !tree.text(*id).is_empty())
        .collect();
    all.iter()
        .copied()
        .find(in_main)
        .or_else(|| all.first().copied())
        .or_else(|| {
            tree.all("h2")
                .filter(|id| !tree.text(*id).is_empty())
                .find(in_main)
        })
}

fn title(page: &Page, heading: Option<Id>, told: &ParsedEntry) -> Option<String> {
    let visible = heading
        .map(|id| super::detect::title_text(page, id))
        .filter(|t| t.chars().count() >= 4);
    let machine = told
        .title
        .as_ref()
        .map(|t| t.value.clone())
        .or_else(|| page.meta("og:title").map(str::to_owned));
    // A headline that the page's own title does not know is the site's name.
    let known = machine
        .clone()
        .or_else(|| page.title())
        .unwrap_or_default()
        .to_lowercase();
    let visible = visible.filter(|text| {
        known.is_empty() || known.contains(&text.to_lowercase()) || machine.is_none()
    });
    visible
        .or(machine)
        .or_else(|| page.title())
        .map(|title| text::without_date(&title, &page.context))
        .filter(|title| !title.is_empty())
}

const PUBLISHED: [&str; 14] = [
    "article:published_time",
    "og:published_time",
    "datePublished",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dc.date.created",
    "publishdate",
    "pubdate",
    "date",
    "sailthru.date",
    "parsely-pub-date",
    "article.published",
];
const MODIFIED: [&str; 6] = [
    "article:modified_time",
    "og:updated_time",
    "dateModified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
];

fn meta_moment(page: &Page, names: &[&str]) -> Option<Moment> {
    names
        .iter()
        .filter_map(|name| page.meta(name))
        .find_map(|said| date::parse(said, &page.context))
}

fn published(page: &Page, heading: Option<Id>) -> Option<(Moment, DateOrigin)> {
    if let Some(moment) = meta_moment(page, &PUBLISHED) {
        return Some((moment, DateOrigin::EntryPage));
    }
    let near = heading.and_then(|heading| near(page, heading, page.tree.len()));
    let shown = |is_yearless: bool| {
        let dated = near.filter(|dated| dated.is_yearless == is_yearless)?;
        let moment = dated.published.or(dated.updated)?;
        Some((moment, DateOrigin::EntryPage))
    };
    let told = || {
        let moment = date::in_address(&page.address, &page.context)?;
        Some((moment, DateOrigin::Address))
    };
    shown(false).or_else(told).or_else(|| shown(true))
}

/// The date in the article around a headline: not one of a list further down.
fn near(page: &Page, heading: Id, limit: Id) -> Option<dates::Dated> {
    let tree = &page.tree;
    let around = tree
        .ancestors(heading)
        .take(4)
        .find(|above| matches!(tree.name(*above), "article" | "main"))
        .or_else(|| tree.ancestors(heading).nth(1));
    let end = around
        .map_or(tree.len(), |above| tree.node(above).end)
        .min(limit);
    let start = around.map_or(0, |above| above);
    let from = heading.saturating_sub(25).max(start);
    // What stands close to the headline before what further news under the article show.
    let close = [from..end.min(heading + 12), from..end.min(heading + 60)];
    let near = close.iter().find_map(|span| dates::of_span(page, span));
    near.or_else(|| {
        let tail = end.saturating_sub(40).max(heading)..end;
        dates::of_labeled(page, &tail)
    })
}

fn summary(page: &Page, heading: Option<Id>, title: &str) -> Option<Text> {
    let meta = [
        "og:description",
        "description",
        "dc.description",
        "twitter:description",
    ]
    .iter()
    .filter_map(|name| page.meta(name))
    .find_map(|said| text::lead(said, title, &page.context));
    let first = || {
        let heading = heading?;
        marked_lead(page, heading, title).or_else(|| {
            let (_, text) = paragraphs(page, heading).next()?;
            text::lead(&text, title, &page.context)
        })
    };
    meta.or_else(first).map(Text::plain)
}

/// The lead that is marked as one, close under the headline.
fn marked_lead(page: &Page, heading: Id, title: &str) -> Option<String> {
    const MARKS: [&str; 10] = [
        "ingress",
        "intro",
        "lead",
        "preamble",
        "summary",
        "excerpt",
        "manchet",
        "introduction",
        "standfirst",
        "abstract",
    ];
    let tree = &page.tree;
    let end = tree.len().min(heading + 80);
    (heading..end)
        .filter(|id| {
            words::marks(tree, *id).any(|mark| {
                words::class_words(mark)
                    .iter()
                    .any(|word| MARKS.contains(&word.as_str()))
            })
        })
        .map(|id| tree.text(id))
        .filter(|text| text.chars().count() <= 1_200)
        .find_map(|text| text::lead(&text, title, &page.context))
}

fn own_address(page: &Page) -> url::Url {
    let tree = &page.tree;
    let canonical = tree
        .all("link")
        .find(|id| {
            tree.attribute(*id, "rel")
                .is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"))
        })
        .and_then(|id| page.link(id));
    // A canonical address that is the site's front page is a template's mistake.
    canonical
        .filter(|link| link.path() != "/" && link.host_str() == page.address.host_str())
        .unwrap_or_else(|| page.address.clone())
}

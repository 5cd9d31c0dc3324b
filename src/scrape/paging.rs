//! Where a list goes on: the address of its next page.
//!
//! Never a remembered page number: lists drift under their numbers (sources differ by what was published meanwhile), so
//! the next page is always the one that the present page links to.

use url::Url;

use super::page::Page;
use super::tree::Id;
use crate::date;
use crate::model::Document;

/// Names of parameters that number pages or entries.
const PARAMETERS: [&str; 14] = [
    "page",
    "start",
    "paged",
    "p",
    "sida",
    "side",
    "offset",
    "after",
    "pageix",
    "pagenr",
    "pagenumber",
    "pagenum",
    "from",
    "skip",
];

/// The page on which the list goes on, where the document links to it.
pub fn next_page(document: &Document) -> Option<Url> {
    let page = Page::read(document, &date::Context::default());
    let next = by_relation(&page)
        .or_else(|| by_words(&page))
        .or_else(|| by_number(&page))?;
    let same_host = next.host_str() == page.address.host_str();
    (same_host && next != page.address).then_some(next)
}

/// `rel="next"` on a link.
fn by_relation(page: &Page) -> Option<Url> {
    let tree = &page.tree;
    (0..tree.len())
        .filter(|id| matches!(tree.name(*id), "a" | "link"))
        .filter(|id| {
            tree.attribute(*id, "rel").is_some_and(|rel| {
                rel.split_ascii_whitespace()
                    .any(|word| word.eq_ignore_ascii_case("next"))
            })
        })
        .find_map(|id| page.link(id))
}

/// A link that says so, and whose address looks like a page of the same list.
fn by_words(page: &Page) -> Option<Url> {
    let tree = &page.tree;
    tree.all("a")
        .filter(|id| says_next(page, *id))
        .filter_map(|id| page.link(id))
        .find(|url| number(page, url).is_some())
}

fn says_next(page: &Page, id: Id) -> bool {
    const WORDS: [&str; 34] = [
        "nästa",
        "nästa sida",
        "äldre",
        "äldre nyheter",
        "äldre inlägg",
        "visa fler",
        "fler nyheter",
        "ladda fler",
        "visa mer",
        "neste",
        "neste side",
        "eldre",
        "vis flere",
        "næste",
        "næste side",
        "ældre",
        "next",
        "next page",
        "older",
        "older posts",
        "load more",
        "show more",
        "nächste",
        "nächste seite",
        "weiter",
        "ältere beiträge",
        "mehr laden",
        "suivant",
        "page suivante",
        "voir plus",
        "seuraava",
        "seuraava sivu",
        "vanhemmat",
        "näytä lisää",
    ];
    let tree = &page.tree;
    let said = [
        Some(tree.text(id)),
        tree.attribute(id, "aria-label").map(str::to_owned),
        tree.attribute(id, "title").map(str::to_owned),
    ];
    let has_mark = |text: &str| matches!(text.trim(), "»" | "›" | ">" | "→" | ">>");
    said.into_iter().flatten().any(|text| {
        let lower = text.to_lowercase();
        let words = lower.trim_matches(|c: char| !c.is_alphabetic());
        WORDS.contains(&words) || has_mark(&text)
    })
}

/// The page number right after the present one.
fn by_number(page: &Page) -> Option<Url> {
    let tree = &page.tree;
    let present = number(page, &page.address);
    let numbered: Vec<(u64, Url)> = tree
        .all("a")
        .filter(|id| {
            let text = tree.text(*id);
            text.len() <= 5 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
        })
        .filter_map(|id| {
            let url = page.link(id)?;
            Some((number(page, &url)?, url))
        })
        .collect();
    numbered
        .into_iter()
        .filter(|(number, _)| present.is_none_or(|present| *number > present) && *number > 0)
        .min_by_key(|(number, _)| *number)
        .map(|(_, url)| url)
}

/// The number by which an address names a page of a list.
fn number(page: &Page, url: &Url) -> Option<u64> {
    let digits = |text: &str| -> Option<u64> {
        let digits: String = text
            .chars()
            .take_while(char::is_ascii_digit)
            .take(15)
            .collect();
        digits.parse().ok()
    };
    let by_query = url.query_pairs().find_map(|(name, value)| {
        let name = name.to_lowercase();
        let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
        PARAMETERS
            .contains(&name.as_str())
            .then(|| digits(&value))
            .flatten()
    });
    let by_path = || {
        let segments: Vec<&str> = url.path().trim_end_matches('/').split('/').collect();
        match segments.as_slice() {
            [.., "page" | "sida" | "side" | "seite", last] => digits(last),
            [.., last] => last
                .strip_prefix("page-")
                .or_else(|| last.strip_prefix("sida-"))
                .and_then(digits),
            [] => None,
        }
    };
    let _ = page;
    by_query.or_else(by_path)
}

#[cfg(test)]
mod tests {
    use super::next_page;
    use crate::model::Document;
    use chrono::DateTime;
    use url::Url;

    fn next(address: &str, markup: &str) -> Option<String> {
        let address = Url::parse(address).expect("address");
        let document = Document::local(address, markup.to_owned(), DateTime::UNIX_EPOCH);
        next_page(&document).map(String::from)
    }

    #[test]
    fn every_platform_s_way_of_paging_is_followed() {
        let base = "https://a.example/nyheter/";
        for (markup, wanted) in [
            (
                "<link rel=next href='?page=2'>",
                Some("https://a.example/nyheter/?page=2"),
            ),
            (
                "<a href='/nyheter?start=20'>3</a><a href='/nyheter?start=10'>2</a>",
                Some("https://a.example/nyheter?start=10"),
            ),
            (
                "<a href='/nyheter/page/2/'>Äldre inlägg</a>",
                Some("https://a.example/nyheter/page/2/"),
            ),
            (
                "<a href='latest_news?after=1674118930248_3--News'>Visa fler</a>",
                Some("https://a.example/nyheter/latest_news?after=1674118930248_3--News"),
            ),
            (
                "<a href='?block886.page=1'>Next »</a>",
                Some("https://a.example/nyheter/?block886.page=1"),
            ),
            ("<a href='/nyheter/nasta-steg/'>Nästa</a>", None),
            ("<a href='https://b.example/?page=2' rel=next>2</a>", None),
        ] {
            assert_eq!(next(base, markup).as_deref(), wanted, "{markup}");
        }
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert_eq!(
            next(
                "https://a.example/n?page=3",
                "<a href='/n?page=1'>1</a><a href='/n?page=2'>2</a>"
            ),
            None
        );
    }
}

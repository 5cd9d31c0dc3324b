//! Where else a page's news may be had: feeds it links to, and addresses its platform serves by convention.
//!
//! The pure part: it only reads the page and proposes. Nothing is believed before it was fetched and parsed (`setup`).

mod linked;
mod platform;
pub mod sitemap;
pub mod wordpress;

use url::Url;

pub use platform::Platform;

use super::page::Page;
use crate::date;
use crate::link;
use crate::model::Document;

/// How an address was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// `link rel="alternate"` in the page's head (RSS Advisory Board: autodiscovery; HTML Standard, section 4.6.7.1).
    Declared,
    /// A link of the page that looks like a feed's.
    Linked,
    /// The platform serves a feed there unless someone turned it off.
    Convention(Platform),
    /// WordPress tells its posts there as JSON.
    RestList,
    /// A sitemap of news.
    NewsSitemap,
}

impl Found {
    /// How it was found, for people.
    pub fn said(self) -> String {
        match self {
            Self::Declared => "the page names it as its feed".into(),
            Self::Linked => "the page links to it".into(),
            Self::Convention(platform) => format!("{platform} serves it there by convention"),
            Self::RestList => "WordPress tells its posts there".into(),
            Self::NewsSitemap => "a sitemap of news".into(),
        }
    }
}

/// An address worth trying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where.
    pub address: Url,
    /// How it was come by.
    pub found: Found,
    /// What the page calls it.
    pub title: Option<String>,
}

/// Candidates of a page, best first, each address once.
pub fn candidates(document: &Document) -> Vec<Candidate> {
    let page = Page::read(document, &date::Context::default());
    let mut all = linked::declared(&page);
    all.extend(linked::anchors(&page));
    all.extend(platform::guesses(&page));
    let mut seen = std::collections::HashSet::new();
    let (usual, doubtful): (Vec<Candidate>, Vec<Candidate>) = all
        .into_iter()
        .filter(|candidate| seen.insert(link::canonicalize(&candidate.address)))
        .partition(|candidate| !linked::is_of_comments(candidate));
    usual.into_iter().chain(doubtful).collect()
}

/// What the page is built with, where that is plain.
pub fn platform(document: &Document) -> Option<Platform> {
    platform::recognize(&Page::read(document, &date::Context::default()))
}

#[cfg(test)]
mod tests {
    use super::candidates;
    use crate::model::Document;
    use chrono::DateTime;
    use url::Url;

    fn addresses(address: &str, markup: &str) -> Vec<String> {
        let address = Url::parse(address).expect("address");
        let document = Document::local(address, markup.to_owned(), DateTime::UNIX_EPOCH);
        candidates(&document)
            .into_iter()
            .map(|c| c.address.into())
            .collect()
    }

    #[test]
    fn declared_feeds_come_first_and_those_of_comments_last() {
        let markup = "<link rel='ALTERNATE home' type='application/rss+xml' title='Comments' href='/comments/feed/'>\
             <link rel=alternate type='application/atom+xml' href='nytt.atom'>\
             <link rel=alternate hreflang=en href='/en/'><a href='https://b.example/rss'>RSS</a>";
        assert_eq!(
            addresses("https://a.example/nyheter/", markup),
            [
                "https://a.example/nyheter/nytt.atom",
                "https://b.example/rss",
                "https://a.example/comments/feed/"
            ]
        );
    }

    #[test]
    fn platforms_are_known_by_their_marks() {
        for (address, markup, wanted) in [
            (
                "https://a.example/nyheter",
                "<meta name=generator content='Joomla! - Open Source Content Management'>",
                "https://a.example/nyheter?format=feed&type=rss",
            ),
            (
                "https://a.example/",
                "<img src='/wp-content/uploads/x.png'>",
                "https://a.example/feed/",
            ),
            (
                "https://a.example/post",
                "<meta name=generator content='Wix.com Website Builder'>",
                "https://a.example/blog-feed.xml",
            ),
            (
                "https://a.example/",
                "<meta name=generator content='Ghost 5.2'>",
                "https://a.example/rss/",
            ),
            (
                "https://a.example/news",
                "<meta name=Generator content='Drupal 10 (https://www.drupal.org)'>",
                "https://a.example/rss.xml",
            ),
            (
                "https://www.mynewsdesk.com/se/verket/latest_news",
                "<div data-pressroom-id='51204'></div>",
                "https://www.mynewsdesk.com/se/rss/current_news/51204",
            ),
            (
                "https://news.cision.com/se/verket",
                "",
                "https://news.cision.com/se/verket/ListItems?format=rss",
            ),
            (
                "https://via.tt.se/pressrum/verket?publisherId=3235474",
                "",
                "https://via.tt.se/rss/releases/latest?publisherId=3235474",
            ),
        ] {
            assert!(
                addresses(address, markup).contains(&wanted.to_owned()),
                "{address}: {:?}",
                addresses(address, markup)
            );
        }
    }

    #[test]
    fn a_page_of_no_known_platform_gives_no_guesses() {
        assert!(
            addresses(
                "https://a.example/",
                "<p>Hej</p><a href='/rssbesked/'>x</a>"
            )
            .is_empty()
        );
    }
}

//! Sitemaps of news (`news:news` in sitemaps.org's `urlset`), which press sites keep for two days of articles.

use crate::date;
use crate::encoding;
use crate::link;
use crate::model::{Document, ParsedEntry, ParsedFeed, Text};
use crate::scrape::tree::{Id, Tree, fold};

/// Reads a sitemap of news; `None` where the document is none, or names no article.
pub fn read(document: &Document, context: &date::Context) -> Option<ParsedFeed> {
    let start = &document.bytes[..document.bytes.len().min(2_000)];
    memchr::memmem::find(start, b"<urlset")?;
    let decoded = encoding::decode_xml(&document.bytes, document.charset.as_deref());
    // The tree is one of HTML, to which a CDATA section is a comment.
    let tree = Tree::parse(&decoded.text.replace("<![CDATA[", "").replace("]]>", ""));
    let entries: Vec<ParsedEntry> = tree
        .all("url")
        .filter_map(|id| entry(&tree, id, document, context))
        .collect();
    (!entries.is_empty()).then(|| ParsedFeed {
        link: document.address.join("/").ok(),
        entries,
        ..ParsedFeed::default()
    })
}

fn entry(
    tree: &Tree,
    url: Id,
    document: &Document,
    context: &date::Context,
) -> Option<ParsedEntry> {
    let told = |name: &str| {
        let id = tree.subtree(url).find(|id| tree.name(*id) == name)?;
        Some(fold(&tree.raw_text(id))).filter(|text| !text.is_empty())
    };
    Some(ParsedEntry {
        link: Some(link::resolve(&document.address, &told("loc")?)?),
        title: Some(Text::plain(told("news:title")?)),
        published: told("news:publication_date").and_then(|said| date::parse(&said, context)),
        ..ParsedEntry::default()
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::date::Context;
    use crate::model::Document;
    use chrono::DateTime;
    use url::Url;

    fn entries(xml: &str) -> Option<Vec<(String, Option<String>)>> {
        let address = Url::parse("https://a.example/news-sitemap.xml").expect("address");
        let document = Document::local(address, xml.to_owned(), DateTime::UNIX_EPOCH);
        let feed = read(&document, &Context::default())?;
        let pair = |entry: &crate::model::ParsedEntry| {
            let title = entry
                .title
                .as_ref()
                .map_or(String::new(), |t| t.value.clone());
            (
                title,
                entry.published.map(|m| m.at.date_naive().to_string()),
            )
        };
        Some(feed.entries.iter().map(pair).collect())
    }

    #[test]
    fn articles_are_read_and_plain_sitemaps_are_not() {
        let xml = "<?xml version='1.0'?><urlset xmlns:news='x'><url><loc>https://a.example/1</loc><news:news>\
             <news:publication_date>2026-11-12T08:00:00+01:00</news:publication_date><news:title><![CDATA[Nytt & nyttigt]]></news:title>\
             </news:news></url></urlset>";
        assert_eq!(
            entries(xml),
            Some(vec![("Nytt & nyttigt".into(), Some("2026-11-12".into()))])
        );
        assert_eq!(
            entries("<urlset><url><loc>https://a.example/1</loc></url></urlset>"),
            None
        );
        assert_eq!(entries("<html></html>"), None);
    }
}

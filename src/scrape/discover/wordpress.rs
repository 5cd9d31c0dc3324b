//! The list of posts that WordPress tells as JSON (REST API handbook, "Posts": `/wp-json/wp/v2/posts`).

use serde_json::Value;
use url::Url;

use crate::date;
use crate::model::{Document, ParsedEntry, ParsedFeed, Text};

/// Reads the list; `None` where the document is none.
pub fn read(document: &Document, context: &date::Context) -> Option<ParsedFeed> {
    let posts: Vec<Value> = serde_json::from_slice(&document.bytes).ok()?;
    let entries: Vec<ParsedEntry> = posts
        .iter()
        .filter_map(|post| entry(post, context))
        .collect();
    let is_list = !entries.is_empty() && entries.len() * 2 >= posts.len();
    is_list.then(|| ParsedFeed {
        link: document.address.join("/").ok(),
        generator: Some("WordPress".into()),
        entries,
        ..ParsedFeed::default()
    })
}

fn entry(post: &Value, context: &date::Context) -> Option<ParsedEntry> {
    let rendered = |name: &str| {
        let text = post.get(name)?.get("rendered")?.as_str()?.trim();
        (!text.is_empty()).then(|| Text::html(text))
    };
    // `date_gmt` lacks its offset; `date` is told in the site's own zone.
    let moment = |utc: &str, local: &str| {
        let universal = post
            .get(utc)
            .and_then(Value::as_str)
            .map(|said| format!("{said}Z"));
        universal
            .and_then(|said| date::parse(&said, context))
            .or_else(|| date::parse(post.get(local)?.as_str()?, context))
    };
    Some(ParsedEntry {
        id: post
            .get("guid")
            .and_then(|guid| Some(guid.get("rendered")?.as_str()?.to_owned())),
        link: Url::parse(post.get("link")?.as_str()?).ok(),
        title: Some(rendered("title")?),
        summary: rendered("excerpt"),
        published: moment("date_gmt", "date"),
        updated: moment("modified_gmt", "modified"),
        ..ParsedEntry::default()
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::date::Context;
    use crate::html;
    use crate::model::Document;
    use chrono::DateTime;
    use url::Url;

    fn document(json: &str) -> Document {
        let address = Url::parse("https://a.example/wp-json/wp/v2/posts").expect("address");
        Document::local(address, json.to_owned(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn posts_become_entries() {
        let json = r#"[{"id":7,"date":"2026-11-12T08:00:00","date_gmt":"2026-11-12T07:00:00","link":"https://a.example/nytt/",
            "guid":{"rendered":"https://a.example/?p=7"},"title":{"rendered":"M&#246;te &amp; mingel"},"excerpt":{"rendered":"<p>Kort.</p>"}}]"#;
        let feed = read(&document(json), &Context::default()).expect("a list");
        let entry = &feed.entries[0];
        assert_eq!(
            entry.title.as_ref().map(html::title).as_deref(),
            Some("Möte & mingel")
        );
        assert_eq!(
            entry.published.map(|m| m.utc().to_rfc3339()).as_deref(),
            Some("2026-11-12T07:00:00+00:00")
        );
    }

    #[test]
    fn other_json_is_no_list() {
        for json in ["", "{}", "[]", "[1,2]", "[{\"title\":\"x\"}]"] {
            assert!(
                read(&document(json), &Context::default()).is_none(),
                "{json}"
            );
        }
    }
}

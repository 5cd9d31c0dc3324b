//! A subscriber who comes back after a long time: walks a feed's archives with our own reader, and merges by id.

use std::collections::HashMap;

use samflode::date::Context;
use samflode::model::{Document, ParsedFeed};
use samflode::parse;
use samflode::publish::view::ViewKey;
use samflode::site::{Ready, Site};

/// What a walk found.
#[derive(Default)]
pub struct Walked {
    /// By id, the title that the latest document gives it; what the latest document withdraws is left out.
    pub titles: HashMap<String, String>,
    /// Ids that a document held twice.
    pub twice: Vec<String>,
    /// Digests of the sealed documents, oldest first.
    pub documents: Vec<String>,
}

/// Reads a document as a subscriber does.
pub fn read(ready: &Ready) -> ParsedFeed {
    let address = "https://news.example/feed.atom".parse().unwrap();
    let document = Document::local(address, ready.identity.to_vec(), ready.modified);
    parse::feed(&document, &Context::default()).unwrap()
}

/// Walks as RFC 5005 section 4.2 says: from the live feed back, and the later document wins.
pub async fn walk(site: &Site, key: &ViewKey) -> Walked {
    let mut walked = Walked::default();
    let mut known: HashMap<String, Option<String>> = HashMap::new();
    let format = samflode::site::Format::Atom;
    let mut document = site.view(key, format).await.unwrap().unwrap();
    loop {
        let feed = read(&document);
        let mut here = Vec::new();
        for entry in &feed.entries {
            let (id, title) = (entry.id.clone().unwrap(), entry.title.as_ref().unwrap());
            here.push(id.clone());
            known.entry(id).or_insert_with(|| Some(title.value.clone()));
        }
        for deleted in &feed.deleted {
            known.entry(deleted.reference.clone()).or_insert(None);
        }
        here.sort();
        let doubled = here.windows(2).filter(|pair| pair[0] == pair[1]);
        walked.twice.extend(doubled.map(|pair| pair[0].clone()));
        let Some(previous) = feed.hints.prev_archive else {
            break;
        };
        let name = previous.path_segments().unwrap().next_back().unwrap();
        let number = name.strip_suffix(".atom").unwrap().parse().unwrap();
        document = site.sealed(key, number).await.unwrap().unwrap();
        let text = std::str::from_utf8(&document.identity).unwrap();
        assert!(text.contains("<fh:archive"), "{previous}");
        assert!(text.contains("rel=\"current\""), "{previous}");
        walked.documents.insert(0, document.digest.clone());
    }
    let living = known.into_iter();
    walked.titles = living
        .filter_map(|(id, title)| Some((id, title?)))
        .collect();
    walked
}

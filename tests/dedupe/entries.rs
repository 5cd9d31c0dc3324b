//! Entries made by hand.

use chrono::{DateTime, Utc};
use samflode::model::{DateOrigin, Entry, Moment};
use url::Url;

/// An entry with an address of its own and a told date.
pub fn entry(link: &str, title: &str, text: &str, published: DateTime<Utc>) -> Entry {
    Entry {
        guid: None,
        guid_is_iri: false,
        link: Url::parse(link).unwrap(),
        link_is_own: true,
        title: title.to_owned(),
        summary: (!text.is_empty()).then(|| text.to_owned()),
        content: None,
        published: Moment::exact(published),
        updated: None,
        date_origin: DateOrigin::Feed,
        authors: Vec::new(),
        categories: Vec::new(),
        enclosures: Vec::new(),
        image: None,
        language: None,
        rights: None,
        first_source: None,
    }
}

/// A number for a source's name.
pub fn number(source: &str) -> i64 {
    source.bytes().fold(7, |number: i64, byte| {
        number.wrapping_mul(31).wrapping_add(i64::from(byte))
    })
}

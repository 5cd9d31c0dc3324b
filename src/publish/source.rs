//! What is published of a source: its name, its page, its feed; never a secret of its address.

use chrono::{DateTime, Utc};
use url::Url;

use super::text::{MAX_TITLE, plain, spelled};
use crate::html;
use crate::link;
use crate::model::{Category, Extent, Language, SourceId, SourceProfile, SourceState};

/// Query parameters whose value lets somebody in.
const SECRETS: [&str; 13] = [
    "access_token",
    "api-key",
    "api_key",
    "apikey",
    "auth",
    "code",
    "key",
    "pass",
    "password",
    "secret",
    "sig",
    "signature",
    "token",
];

/// A source as its entries are published with it.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceInfo {
    /// Which.
    pub id: SourceId,
    /// Its name for people.
    pub title: String,
    /// The polled feed, secrets masked; `None` where a page is polled.
    pub feed: Option<String>,
    /// Its page for people.
    pub page: String,
    /// The feed's own `atom:id`, or its address.
    pub feed_id: String,
    /// The newest moment any of its entries tells.
    pub updated: Option<DateTime<Utc>>,
    /// Its language.
    pub language: Option<Language>,
    /// Its rights statement.
    pub rights: Option<String>,
    /// Categories added to each of its entries.
    pub categories: Vec<Category>,
    /// How much is republished.
    pub extent: Extent,
}

impl SourceInfo {
    /// A source by what is published of it and what its feed said of itself.
    pub fn new(profile: &SourceProfile, state: &SourceState) -> Self {
        let masked = public_address(&profile.address);
        let own_id = state.feed_id.as_deref().and_then(absolute_iri);
        Self {
            id: profile.id.clone(),
            title: title(profile, state),
            feed_id: own_id.unwrap_or_else(|| masked.clone()),
            feed: profile.is_feed.then_some(masked),
            page: public_address(&profile.alternate),
            updated: state.feed_updated,
            language: profile.language.clone(),
            rights: state.feed_rights.as_deref().map(plain),
            categories: profile.categories.clone(),
            extent: profile.extent,
        }
    }

    /// A source that nobody knows anything of: its entries stay, under its short name.
    pub fn forgotten(id: &SourceId, link: &Url) -> Self {
        let page = public_address(&link.join("/").unwrap_or_else(|_| link.clone()));
        Self {
            id: id.clone(),
            title: id.to_string(),
            feed: None,
            feed_id: page.clone(),
            page,
            updated: None,
            language: None,
            rights: None,
            categories: Vec::new(),
            extent: Extent::Summary,
        }
    }
}

/// What the configuration calls it; else what its feed calls itself; else its host.
fn title(profile: &SourceProfile, state: &SourceState) -> String {
    let host = profile.address.host_str().unwrap_or_default();
    let is_named = ![host, host.trim_start_matches("www.")].contains(&profile.title.as_str());
    let own = state.feed_title.as_deref().map(plain).unwrap_or_default();
    if is_named || own.is_empty() {
        return plain(&profile.title);
    }
    html::excerpt(&own, MAX_TITLE)
}

/// The address as strangers may see it: no user, no password, no token.
pub fn public_address(url: &Url) -> String {
    let mut url = url.clone();
    let is_secret = |name: &str| SECRETS.contains(&name.to_ascii_lowercase().as_str());
    if url.query_pairs().any(|(name, _)| is_secret(&name)) {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !is_secret(name))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    spelled(url)
}

/// An id that may stand as `atom:id`; one that is an address without what lets somebody in.
pub(super) fn absolute_iri(id: &str) -> Option<String> {
    if let Ok(url) = Url::parse(id)
        && url.has_host()
        && id.contains(['@', '?'])
    {
        return Some(public_address(&url)).filter(|id| link::is_id(id));
    }
    link::is_id(id).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{absolute_iri, public_address};
    use url::Url;

    #[test]
    fn addresses_lose_their_secrets() {
        let masked = |text: &str| public_address(&Url::parse(text).expect("an address"));
        assert_eq!(
            masked("https://kim:word@a.example/feed?token=1&lang=sv"),
            "https://a.example/feed?lang=sv"
        );
        assert_eq!(masked("https://a.example/?KEY=x"), "https://a.example/");
        assert_eq!(
            masked("https://a.example/feed?x=%2F"),
            "https://a.example/feed?x=%2F"
        );
    }

    #[test]
    fn only_absolute_ids_name_a_feed() {
        assert!(absolute_iri("tag:a.example,2020:feed").is_some());
        assert_eq!(absolute_iri("urn:uuid:1"), None);
        assert_eq!(
            absolute_iri("https://kim:word@a.example/?p=1").as_deref(),
            Some("https://a.example/?p=1")
        );
        for other in ["feed", "a b:c", "x:y z"] {
            assert_eq!(absolute_iri(other), None, "{other}");
        }
    }
}

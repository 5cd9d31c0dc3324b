//! Conditional requests: what is asked with (RFC 9110 section 13), what is kept of the answer, and deltas (RFC 3229 with "feed").
//!
//! Validators go back byte for byte. They are held as text with one character for each octet, so that octets outside of
//! ASCII survive too.

use http::header::{
    ACCEPT, CONTENT_LOCATION, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    LINK,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::model::{RequestKind, Validators};

const ACCEPT_FEED: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.3, */*;q=0.1";
const ACCEPT_PAGE: &str = "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.1";
const A_IM: HeaderName = HeaderName::from_static("a-im");
/// Validators longer than this are not kept: they would be sent back with every request.
const MAX_VALIDATOR_LENGTH: usize = 1024;

/// The headers of a request.
pub(super) fn ask(kind: RequestKind, validators: &Validators) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let accept = match kind {
        RequestKind::Feed => ACCEPT_FEED,
        RequestKind::Page | RequestKind::EntryPage => ACCEPT_PAGE,
    };
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    if let Some(tag) = validators.entity_tag.as_deref().and_then(to_value) {
        if kind == RequestKind::Feed {
            headers.insert(A_IM, HeaderValue::from_static("feed"));
        }
        headers.insert(IF_NONE_MATCH, tag);
    }
    if let Some(date) = validators.last_modified.as_deref().and_then(to_value) {
        headers.insert(IF_MODIFIED_SINCE, date);
    }
    headers
}

/// The validators of an answer.
pub(super) fn validators(headers: &HeaderMap) -> Validators {
    let keep = |name| {
        let value = headers.get(name).map(from_value)?;
        (!value.is_empty() && value.len() <= MAX_VALIDATOR_LENGTH).then_some(value)
    };
    Validators {
        entity_tag: keep(ETAG),
        last_modified: keep(LAST_MODIFIED),
    }
}

/// Whether an answer with these headers is the one that the validators were taken from (weak comparison, RFC 9110 section 8.8.3.2).
pub(super) fn matches(headers: &HeaderMap, asked: &Validators) -> bool {
    let own = validators(headers);
    match (&asked.entity_tag, &own.entity_tag) {
        (Some(asked), Some(own)) => opaque(asked) == opaque(own),
        (Some(_), None) | (None, Some(_)) | (None, None) => {
            own.last_modified.is_some() && own.last_modified == asked.last_modified
        }
    }
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// The media type, lower case, and its charset.
pub(super) fn media_type(headers: &HeaderMap) -> (Option<String>, Option<String>) {
    let Some(text) = headers.get(CONTENT_TYPE).map(from_value) else {
        return (None, None);
    };
    let mut parts = text.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).to_owned();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    });
    (Some(kind).filter(|kind| !kind.is_empty()), charset)
}

/// `Content-Location`, absolute.
pub(super) fn content_location(headers: &HeaderMap, base: &Url) -> Option<Url> {
    base.join(headers.get(CONTENT_LOCATION)?.to_str().ok()?)
        .ok()
}

/// The hub named by a `Link` header (WebSub section 4, RFC 8288).
pub(super) fn hub(headers: &HeaderMap, base: &Url) -> Option<Url> {
    headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|value| linked(value, "hub"))
        .and_then(|target| base.join(target).ok())
}

/// The target of the first link with that relation in one `Link` header.
fn linked<'a>(value: &'a str, relation: &str) -> Option<&'a str> {
    let mut rest = value;
    while let Some(start) = rest.find('<') {
        let (target, parameters) = rest[start + 1..].split_once('>')?;
        let end = parameters.find('<').unwrap_or(parameters.len());
        if relates(&parameters[..end], relation) {
            return Some(target.trim());
        }
        rest = &parameters[end..];
    }
    None
}

fn relates(parameters: &str, relation: &str) -> bool {
    parameters.split([';', ',']).any(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else {
            return false;
        };
        let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
        name.trim().eq_ignore_ascii_case("rel")
            && relations.any(|rel| rel.eq_ignore_ascii_case(relation))
    })
}

fn to_value(text: &str) -> Option<HeaderValue> {
    let octets: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    HeaderValue::from_bytes(&octets?).ok()
}

pub(super) fn from_value(value: &HeaderValue) -> String {
    value
        .as_bytes()
        .iter()
        .map(|octet| char::from(*octet))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &[u8])]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, HeaderValue::from_bytes(value).expect("a value"));
        }
        map
    }

    #[test]
    fn validators_go_back_byte_for_byte() {
        for tag in [
            &b"\"abc\""[..],
            b"W/\"x\"",
            b"unquoted",
            b"\"\xe5\xe4\xf6\"",
            b"\"a, b\"",
        ] {
            let received = headers(&[
                ("etag", tag),
                ("last-modified", b"Mon, 2 Nov 2026 8:00 whenever"),
            ]);
            let asked = ask(RequestKind::Feed, &validators(&received));
            assert_eq!(asked[IF_NONE_MATCH].as_bytes(), tag);
            assert_eq!(asked[IF_MODIFIED_SINCE], "Mon, 2 Nov 2026 8:00 whenever");
            assert_eq!(asked[A_IM], "feed");
        }
    }

    #[test]
    fn a_plain_request_has_no_conditions() {
        let asked = ask(RequestKind::Page, &Validators::default());
        assert_eq!(asked.len(), 1);
    }

    #[test]
    fn an_endless_validator_is_not_kept() {
        assert!(validators(&headers(&[("etag", &[b'x'; 2000])])).is_empty());
    }

    #[test]
    fn media_types_are_read_leniently() {
        let read = |value: &'static [u8]| media_type(&headers(&[("content-type", value)]));
        assert_eq!(
            read(b"Text/XML; Charset=\"ISO-8859-1\""),
            (Some("text/xml".into()), Some("ISO-8859-1".into()))
        );
        assert_eq!(read(b" ; charset="), (None, None));
        assert_eq!(
            read(b"text/html;q;charset='utf-8'"),
            (Some("text/html".into()), Some("utf-8".into()))
        );
    }

    #[test]
    fn the_hub_is_found_among_links() {
        let base = Url::parse("https://example.org/feed").expect("an address");
        let found = hub(
            &headers(&[(
                "link",
                b"</self>; rel=\"self\", <https://hub.example.org/?a=1,2>; rel=\"x hub\"",
            )]),
            &base,
        );
        assert_eq!(
            found.map(String::from).as_deref(),
            Some("https://hub.example.org/?a=1,2")
        );
        assert_eq!(hub(&headers(&[("link", b"<<<>; rel")]), &base), None);
    }
}

//! What RFC 3986 and 3987 allow to stand in a document: the URL standard, which addresses are read by, allows more.

use url::{Position, Url};

/// An address as RFC 3986 spells it: what may not stand there is percent-encoded, what is encoded already stays.
pub fn spelled(url: &Url) -> String {
    let text = url.as_str();
    let (start, rest) = text.split_at(url[..Position::BeforePath].len());
    let mut out = String::with_capacity(text.len());
    out.push_str(start);
    let mut has_fragment = false;
    for (at, character) in rest.char_indices() {
        let is_fit = match character {
            '%' => is_encoded(&rest[at..]),
            '#' => !std::mem::replace(&mut has_fragment, true),
            _ => is_of_a_uri(character),
        };
        match is_fit {
            true => out.push(character),
            false => out.extend(percent_encoding::utf8_percent_encode(
                character.encode_utf8(&mut [0; 4]),
                percent_encoding::NON_ALPHANUMERIC,
            )),
        }
    }
    out
}

/// Whether an id may stand as `atom:id` and wherever else an absolute IRI is wanted (RFC 4287 section 4.2.6).
///
/// Stricter than RFC 3987, since validators are: ASCII alone, and of the usual schemes only what their own
/// specifications allow. An id that lets somebody in is none.
pub fn is_id(id: &str) -> bool {
    let Some((scheme, rest)) = id.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let is_spelled = rest.char_indices().all(|(at, character)| match character {
        '%' => is_encoded(&rest[at..]),
        '#' => !rest[..at].contains('#'),
        _ => is_of_a_uri(character),
    });
    is_scheme && !rest.is_empty() && is_spelled && is_of_scheme(scheme, rest, id)
}

fn is_of_scheme(scheme: &str, rest: &str, id: &str) -> bool {
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => {
            rest.starts_with("//")
                && !rest.starts_with("///")
                && Url::parse(id).is_ok_and(|url| url.username().is_empty() && url.has_host())
        }
        "urn" => is_urn(rest),
        "tag" => is_tag(rest),
        _ => true,
    }
}

/// RFC 8141, and RFC 9562 section 4 for `uuid`.
fn is_urn(rest: &str) -> bool {
    let Some((space, name)) = rest.split_once(':') else {
        return false;
    };
    let is_space = (2..=32).contains(&space.len())
        && space
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !space.starts_with('-');
    is_space && !name.is_empty() && (!space.eq_ignore_ascii_case("uuid") || is_uuid(name))
}

fn is_uuid(text: &str) -> bool {
    let parts = text.split('-').map(str::len);
    parts.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// RFC 4151 section 2.1.
fn is_tag(rest: &str) -> bool {
    let Some((authority, date)) = rest
        .split_once(':')
        .and_then(|(entity, _)| entity.split_once(','))
    else {
        return false;
    };
    let is_authority = !authority.is_empty()
        && authority
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'@'));
    let is_date = matches!(date.len(), 4 | 7 | 10)
        && date.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    is_authority && is_date
}

/// Whether a percent sign begins an encoded octet.
fn is_encoded(text: &str) -> bool {
    let digits = text.as_bytes().get(1..3);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// Unreserved and reserved characters of RFC 3986 section 2, brackets left out: they stand in hosts alone.
fn is_of_a_uri(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=".contains(character)
}

#[cfg(test)]
mod tests {
    use super::{is_id, spelled};
    use url::Url;

    #[test]
    fn addresses_are_spelled_as_rfc_3986_wants() {
        for (address, expected) in [
            (
                "https://a.example/?x[n]=1|2",
                "https://a.example/?x%5Bn%5D=1%7C2",
            ),
            (
                "https://a.example/100%/x%zz%41",
                "https://a.example/100%25/x%25zz%41",
            ),
            ("https://a.example/x#a#b", "https://a.example/x#a%23b"),
            ("http://[::1]:8080/å", "http://[::1]:8080/%C3%A5"),
        ] {
            let url = Url::parse(address).expect("an address");
            assert_eq!(spelled(&url), expected);
            assert_eq!(
                spelled(&Url::parse(expected).expect("an address")),
                expected
            );
        }
    }

    #[test]
    fn only_what_every_reader_takes_for_an_id_is_one() {
        for id in [
            "https://a.example/?p=1",
            "tag:a.example,2020-01-31:feed/1",
            "tag:kim@a.example,2020:x",
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "urn:isbn:9783161484100",
            "doi:10.1000/182",
        ] {
            assert!(is_id(id), "{id}");
        }
        for id in [
            "",
            "feed",
            "a b:c",
            ":x",
            "tag:",
            "http:///x",
            "http://a.example/x[1]",
            "http://a.example/100%",
            "http://a.example/x#a#b",
            "http://kim:word@a.example/",
            "urn:uuid:1",
            "urn:x",
            "tag:X.example,2020:1",
            "tag:a.example:1",
            "tag:a.example,20:1",
            "https://a.example/å",
        ] {
            assert!(!is_id(id), "{id}");
        }
    }
}

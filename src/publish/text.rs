//! The last gate for text: what XML 1.0 section 2.2 forbids never passes, whatever the store holds.

use url::Url;

use crate::html;
use crate::link;
use crate::model::Person;

/// A title longer than this is cut at a word: feed readers choke on a megabyte.
pub(super) const MAX_TITLE: usize = 600;

/// One line of plain text: forbidden and invisible characters gone, white space folded.
pub fn plain(text: &str) -> String {
    html::visible(text)
}

/// Markup without the characters that XML forbids; white space stays, for `pre`.
pub(super) fn markup(text: &str) -> String {
    text.chars().filter(|c| is_allowed(*c)).collect()
}

/// An address as it may stand in a document, without a user's name and password; `None` unless it is http or https.
pub(super) fn address(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| spelled(url))
}

/// An address as it may stand in a document, without a user's name and password.
pub(super) fn spelled(mut url: Url) -> String {
    // Both fail only for addresses that cannot have a user, which then have none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    link::spelled(&url)
}

/// A person with a name, since RFC 4287 section 3.2.1 wants one; an e-mail address must look like one.
pub(super) fn person(person: &Person) -> Option<Person> {
    let filled = |text: &Option<String>| {
        let text = plain(text.as_deref().unwrap_or_default());
        (!text.is_empty()).then_some(text)
    };
    let email = filled(&person.email).filter(|email| looks_like_email(email));
    let name = filled(&person.name).or_else(|| email.clone())?;
    Some(Person {
        name: Some(html::excerpt(&name, MAX_TITLE)),
        email,
        url: person.url.as_deref().and_then(address),
    })
}

/// The plain form that every validator takes: RFC 5322's without quotes, at a host with a dot.
fn looks_like_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let is_made_of = |part: &str, marks: &[u8]| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || marks.contains(&byte))
    };
    is_made_of(local, b"_.+'-")
        && host.contains('.')
        && host.split('.').all(|label| is_made_of(label, b"-"))
}

fn is_allowed(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' => false,
        // Noncharacters: the last two of each plane are legal in XML but for the first plane, and of no use in any.
        '\u{fdd0}'..='\u{fdef}' => false,
        _ => (c as u32) & 0xfffe != 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::{address, markup, person};
    use crate::model::Person;

    #[test]
    fn forbidden_characters_never_pass_and_white_space_stays() {
        assert_eq!(
            markup("<pre>a\u{0}\u{b}\n\tb\u{fffe}\u{1f4e2}</pre>"),
            "<pre>a\n\tb\u{1f4e2}</pre>"
        );
    }

    #[test]
    fn only_web_addresses_are_links() {
        assert_eq!(
            address(" https://a.example/å ").as_deref(),
            Some("https://a.example/%C3%A5")
        );
        assert_eq!(
            address("https://kim:word@a.example/f[1].pdf").as_deref(),
            Some("https://a.example/f%5B1%5D.pdf")
        );
        for other in ["javascript:alert(1)", "data:text/html,x", "/relative", ""] {
            assert_eq!(address(other), None, "{other}");
        }
    }

    #[test]
    fn a_person_needs_a_name_and_a_real_email() {
        let unnamed = Person {
            email: Some("press@a.example".into()),
            ..Person::default()
        };
        assert_eq!(
            person(&unnamed).and_then(|p| p.name).as_deref(),
            Some("press@a.example")
        );
        let vague = Person {
            name: Some("Kim".into()),
            email: Some("kim@@desk.example".into()),
            url: Some("about:blank".into()),
        };
        let written = person(&vague).expect("it has a name");
        assert_eq!((written.email, written.url), (None, None));
        assert_eq!(person(&Person::default()), None);
    }
}

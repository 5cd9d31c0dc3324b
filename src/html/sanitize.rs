//! Markup made safe to publish, by ammonia on the tame form of it.

use std::borrow::Cow;
use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::element::KEPT;
use super::tame::tame;
use super::text::{escape, to_text};
use super::visible::without_forbidden;

/// Where links may lead.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Cleaned markup is the same when cleaned again after this many times, or is given up as plain text.
const MOST_ROUNDS: usize = 4;

/// Makes markup safe to publish: no script, handler, frame, form, style, `svg` or `math`, no address but of http, https,
/// mail and telephone; addresses absolute where a base is known; tracking pixels gone; all text kept. Idempotent.
pub fn sanitize(html: &str, base: Option<&Url>) -> String {
    if !html.contains(['<', '&', '\r']) && matches!(without_forbidden(html), Cow::Borrowed(_)) {
        return html.replace('>', "&gt;").replace('\u{a0}', "&nbsp;");
    }
    let builder = builder(base);
    let mut clean = round(html, &builder);
    for _ in 1..MOST_ROUNDS {
        let again = round(&clean, &builder);
        if again == clean {
            return clean;
        }
        clean = again;
    }
    escape(&to_text(&clean))
}

fn round(html: &str, builder: &Builder<'_>) -> String {
    let tame = tame(&without_forbidden(html));
    let clean = builder.clean(&tame).to_string();
    // References such as `&#11;` come out as what no XML document may hold.
    match without_forbidden(&clean) {
        Cow::Borrowed(_) => clean,
        Cow::Owned(allowed) => allowed,
    }
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

//! Markup made safe by ammonia.

use ammonia::{Builder, UrlRelative};
use url::Url;

/// Makes markup safe to publish: nothing active, addresses absolute, no tracking pixels. Idempotent.
pub fn sanitize(html: &str, base: Option<&Url>) -> String {
    let mut builder = Builder::default();
    if let Some(base) = base {
        builder.url_relative(UrlRelative::RewriteWithBase(base.clone()));
    }
    builder.clean(html).to_string()
}

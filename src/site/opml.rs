//! The subscription list (OPML 2.0): the configured sources, secrets of their addresses masked.

use chrono::{DateTime, Utc};

use super::{Error, Ready, Site};
use crate::model::{Kind, Source};
use crate::publish::{plain, public_address};

impl Site {
    /// `/sources.opml`.
    pub fn opml(&self) -> Result<Ready, Error> {
        let scope = self.scope();
        let bytes = write(&scope.settings.site.title, &scope.sources, scope.born);
        Ok(Ready::new("text/x-opml; charset=utf-8", bytes, scope.born)?)
    }
}

fn write(title: &str, sources: &[Source], born: DateTime<Utc>) -> Vec<u8> {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head>\n<title>{}</title>\n\
         <dateCreated>{}</dateCreated>\n</head>\n<body>\n",
        escape(title),
        born.to_rfc2822()
    );
    for source in sources {
        let title = escape(&source.title);
        let page = escape(&public_address(&source.alternate()));
        let kind = match source.kind {
            Kind::Feed => format!(
                "type=\"rss\" xmlUrl=\"{}\" htmlUrl=\"{page}\"",
                escape(&public_address(&source.address))
            ),
            // A page has no feed of its own: the subscription is to what we make of it.
            Kind::Page(_) => format!("type=\"link\" url=\"{page}\""),
        };
        out.push_str(&format!(
            "<outline text=\"{title}\" title=\"{title}\" {kind}/>\n"
        ));
    }
    out.push_str("</body>\n</opml>\n");
    out.into_bytes()
}

fn escape(text: &str) -> String {
    plain(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

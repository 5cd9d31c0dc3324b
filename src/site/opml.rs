//! The subscription list (OPML 2.0): the configured sources, secrets of their addresses masked.

use chrono::{DateTime, Utc};
use url::Url;

use super::{Error, Ready, Site};
use crate::model::{Kind, Source};
use crate::parse::opml::{self, Opml, Subscription};
use crate::publish::{plain, public_address};

impl Site {
    /// `/sources.opml`.
    pub fn opml(&self) -> Result<Ready, Error> {
        let scope = self.scope();
        let text = subscriptions(&scope.settings.site.title, &scope.sources, scope.born);
        Ok(Ready::new(
            "text/x-opml; charset=utf-8",
            text.into_bytes(),
            scope.born,
        )?)
    }
}

/// The configured sources as a subscription list.
pub fn subscriptions(title: &str, sources: &[Source], created: DateTime<Utc>) -> String {
    opml::write(&Opml {
        is_opml: true,
        title: Some(plain(title)),
        created: Some(created),
        subscriptions: sources.iter().map(subscription).collect(),
        unusable: Vec::new(),
    })
}

fn subscription(source: &Source) -> Subscription {
    let masked = |url: &Url| Url::parse(&public_address(url)).ok();
    Subscription {
        title: Some(plain(&source.title)),
        feed: match source.kind {
            Kind::Feed => masked(&source.address),
            Kind::Page(_) => None,
        },
        page: masked(&source.alternate()),
        description: None,
        language: source.language.clone(),
        groups: Vec::new(),
    }
}

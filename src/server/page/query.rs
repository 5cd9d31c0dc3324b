//! What the query of a page's address asks for. Whatever it holds, something sensible is meant by it.

use crate::model::ClusterId;
use crate::store::Before;

/// What the query of a page's address asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asking {
    /// Words to search for.
    pub(crate) words: String,
    /// One body.
    pub(crate) source: String,
    /// One category.
    pub(crate) category: String,
    /// One language of the news.
    pub(crate) language: String,
    /// A feed named in the configuration.
    pub(crate) feed: String,
    /// From which place on.
    pub(crate) before: Option<Before>,
    /// The language of the page.
    pub(crate) tongue: Option<String>,
}

impl Asking {
    /// Reads a query; the last of two values counts, unknown names do not.
    pub(crate) fn read(query: Option<&str>) -> Self {
        let mut asking = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let value = value.trim();
            match name.as_ref() {
                "q" => asking.words = value.to_owned(),
                "source" => asking.source = value.to_owned(),
                "category" => asking.category = value.to_owned(),
                "language" => asking.language = value.to_owned(),
                "feed" => asking.feed = value.to_owned(),
                "before" => asking.before = place(value),
                "lang" => asking.tongue = Some(value.to_owned()),
                _ => {}
            }
        }
        asking
    }

    /// Whether all news are asked for.
    pub(crate) fn is_everything(&self) -> bool {
        [
            &self.words,
            &self.source,
            &self.category,
            &self.language,
            &self.feed,
        ]
        .iter()
        .all(|part| part.is_empty())
    }

    /// The same selection from another place on, as a query without its question mark.
    pub(crate) fn query(&self, before: Option<Before>) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("q", &self.words),
            ("source", &self.source),
            ("category", &self.category),
            ("language", &self.language),
            ("feed", &self.feed),
        ] {
            if !value.is_empty() {
                out.append_pair(name, value);
            }
        }
        if let Some(before) = before {
            let place = format!("{}.{}", before.published, before.cluster);
            out.append_pair("before", &place);
        }
        if let Some(tongue) = &self.tongue {
            out.append_pair("lang", tongue);
        }
        out.finish()
    }

    /// The cluster that the place names, for searches, which go by cluster alone.
    pub(crate) fn before_cluster(&self) -> Option<ClusterId> {
        self.before.map(|before| ClusterId(before.cluster))
    }
}

fn place(text: &str) -> Option<Before> {
    let (published, cluster) = text.split_once('.')?;
    Some(Before {
        published: published.parse().ok()?,
        cluster: cluster.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::Asking;
    use crate::store::Before;

    #[test]
    fn a_query_says_what_it_says_and_nonsense_is_the_first_page() {
        let asking = Asking::read(Some(
            "q=textil+h%C3%A5llbar&source=a&source=b&before=12.3&x=y&lang=en",
        ));
        assert_eq!(
            (asking.words.as_str(), asking.source.as_str()),
            ("textil hållbar", "b")
        );
        let place = Before {
            published: 12,
            cluster: 3,
        };
        assert_eq!(asking.before, Some(place));
        assert_eq!(Asking::read(Some(&asking.query(asking.before))), asking);
        for nonsense in [
            "before=-1",
            "before=abc",
            "before=9223372036854775808.1",
            "%ff=%00&&=",
            "",
        ] {
            assert_eq!(Asking::read(Some(nonsense)).before, None, "{nonsense}");
        }
        assert!(Asking::read(None).is_everything());
    }
}

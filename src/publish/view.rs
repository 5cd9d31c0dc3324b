//! Views: the merged feed, one body, one category, one language, a feed named in the configuration; and which of them
//! a cluster belongs to.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::{ClusterFacts, SourceInfo, text::plain};
use crate::html;
use crate::model::SourceId;

/// Views of categories that one cluster may open: a feed that gives hundreds would fill the store with them.
const MAX_CATEGORIES: usize = 20;
/// Characters of text that a search looks through.
const MAX_SEARCHED: usize = 20_000;
const MAX_SLUG: usize = 80;

/// What kind of selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ViewKind {
    /// Everything.
    Merged,
    /// What one body told.
    Source,
    /// One category, by its slug.
    Category,
    /// One primary language.
    Language,
    /// A feed named in the configuration.
    Named,
}

impl ViewKind {
    /// The folder of its addresses; empty for the merged feed.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Merged => "",
            Self::Source => "sources",
            Self::Category => "categories",
            Self::Language => "languages",
            Self::Named => "feeds",
        }
    }
}

/// Names a view: kind, and name within the kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ViewKey {
    /// Its kind.
    pub kind: ViewKind,
    /// The last part of its address; empty for the merged feed.
    pub name: String,
}

impl ViewKey {
    /// The view of everything.
    pub fn merged() -> Self {
        Self::new(ViewKind::Merged, "")
    }

    /// A view by kind and name; a category's name may be a term as written.
    pub fn new(kind: ViewKind, name: &str) -> Self {
        let name = match kind {
            ViewKind::Category => slug(name),
            _ => name.to_owned(),
        };
        Self { kind, name }
    }

    /// The path of its documents below the site's root, without an ending: `feed`, `categories/klimat`.
    pub fn path(&self) -> String {
        match self.kind {
            ViewKind::Merged => "feed".into(),
            _ => format!("{}/{}", self.kind.folder(), self.name),
        }
    }

    /// The path of its archive documents: `archive`, `categories/klimat/archive`.
    pub fn archive_path(&self) -> String {
        match self.kind {
            ViewKind::Merged => "archive".into(),
            _ => format!("{}/archive", self.path()),
        }
    }
}

/// What a cluster is found by.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// The views it belongs to, each with its label for people.
    pub views: Vec<(ViewKey, String)>,
    /// When its news was published: the order of pages for people.
    pub published: DateTime<Utc>,
    /// Titles, for search.
    pub titles: String,
    /// Texts, for search.
    pub texts: String,
}

/// Where a cluster belongs, the feeds named in the configuration left to `site`.
pub fn membership(facts: &ClusterFacts, sources: &HashMap<SourceId, SourceInfo>) -> Membership {
    let mut views = vec![(ViewKey::merged(), String::new())];
    let mut seen = HashSet::new();
    let mut add = |key: ViewKey, label: &str| {
        if !key.name.is_empty() && seen.insert(key.clone()) {
            views.push((key, plain(label)));
        }
    };
    let mut categories = 0;
    for member in &facts.members {
        let info = sources.get(&member.source);
        let name = info.map_or(member.source.as_str(), |info| &info.title);
        add(ViewKey::new(ViewKind::Source, member.source.as_str()), name);
        let configured = info.map_or(&[][..], |info| &info.categories);
        for category in configured.iter().chain(&member.entry.categories) {
            categories += 1;
            if categories <= MAX_CATEGORIES {
                let label = category.label.as_deref().unwrap_or(&category.term);
                add(ViewKey::new(ViewKind::Category, &category.term), label);
            }
        }
        let language = member.entry.language.as_ref();
        if let Some(language) = language.or(info.and_then(|info| info.language.as_ref())) {
            let primary = language.primary();
            add(ViewKey::new(ViewKind::Language, primary), primary);
        }
    }
    Membership {
        views,
        published: news_date(facts),
        titles: titles(facts),
        texts: texts(facts),
    }
}

fn news_date(facts: &ClusterFacts) -> DateTime<Utc> {
    facts
        .members
        .iter()
        .find(|member| member.id == facts.representative)
        .or(facts.members.first())
        .map_or(facts.updated, |member| member.entry.published.utc())
}

fn titles(facts: &ClusterFacts) -> String {
    let titles: Vec<&str> = facts
        .members
        .iter()
        .map(|m| m.entry.title.as_str())
        .collect();
    plain(&titles.join(" · "))
}

fn texts(facts: &ClusterFacts) -> String {
    let mut out = String::new();
    for member in &facts.members {
        let entry = &member.entry;
        for body in [&entry.summary, &entry.content].into_iter().flatten() {
            let room = MAX_SEARCHED.saturating_sub(out.len());
            if room > 0 {
                out.push(' ');
                out.extend(html::to_text(body).chars().take(room));
            }
        }
    }
    out
}

/// The form of a category in addresses and file names: lower case, letters and digits, the rest hyphens.
pub fn slug(term: &str) -> String {
    let mut out = String::new();
    for c in term.chars().flat_map(char::to_lowercase) {
        if out.len() >= 4 * MAX_SLUG {
            break;
        }
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out: String = out.chars().take(MAX_SLUG).collect();
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ViewKey, ViewKind, slug};

    #[test]
    fn a_slug_is_a_safe_file_name_and_stays_itself() {
        for (term, expected) in [
            ("Hållbar upphandling", "hållbar-upphandling"),
            ("../../etc/passwd", "etc-passwd"),
            ("a/b\\c%2f\0", "a-b-c-2f"),
            ("  –  ", ""),
        ] {
            assert_eq!(slug(term), expected);
            assert_eq!(slug(&slug(term)), expected);
        }
        assert_eq!(slug(&"å".repeat(5000)).chars().count(), 80);
    }

    #[test]
    fn each_view_has_its_own_addresses() {
        assert_eq!(ViewKey::merged().path(), "feed");
        assert_eq!(ViewKey::merged().archive_path(), "archive");
        let category = ViewKey::new(ViewKind::Category, "Klimat & miljö");
        assert_eq!(category.path(), "categories/klimat-miljö");
        assert_eq!(category.archive_path(), "categories/klimat-miljö/archive");
    }
}

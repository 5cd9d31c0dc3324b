//! Search over titles and texts (FTS5). What people type is words, never the query language.

use rusqlite::params;

use super::{Error, Reader, Writer};
use crate::model::ClusterId;
use crate::publish::ClusterFacts;

/// Words of a query that count; more would only cost.
const MAX_WORDS: usize = 12;
const MAX_WORD: usize = 64;
/// From this length on a word also finds its longer forms: `upphandling` finds `upphandlingar`.
const PREFIX_FROM: usize = 4;

impl Reader<'_> {
    /// Clusters that hold all words of `query` and belong to all of `views`, newest first, from below a cluster on.
    /// `None` where there is neither a word nor a view to look for.
    pub fn search(
        &self,
        query: &str,
        views: &[i64],
        before: Option<ClusterId>,
        limit: usize,
    ) -> Result<Option<Vec<ClusterFacts>>, Error> {
        let words = words(query).into_iter();
        let wanted: Vec<String> = words
            .chain(views.iter().map(|view| format!("views : \"v{view}\"")))
            .collect();
        if wanted.is_empty() {
            return Ok(None);
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC",
        )?;
        let before = before.map_or(i64::MAX, |cluster| cluster.0);
        let mut rows = statement.query(params![wanted.join(" AND "), before])?;
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(row) = rows.next()?
        {
            found.extend(self.cluster_facts(ClusterId(row.get(0)?))?);
        }
        Ok(Some(found))
    }
}

impl Writer<'_> {
    /// Looks whether the index of words is whole.
    pub fn check_words(&self) -> Result<(), Error> {
        self.connection
            .execute("INSERT INTO search (search) VALUES ('integrity-check')", [])?;
        Ok(())
    }
}

/// The words of a query as an expression of FTS5: each quoted, all wanted.
fn words(query: &str) -> Option<String> {
    let words: Vec<String> = query
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .map(|word| {
            let word: String = word.chars().take(MAX_WORD).collect();
            let is_long = word.chars().count() >= PREFIX_FROM;
            format!("\"{word}\"{}", if is_long { "*" } else { "" })
        })
        .collect();
    (!words.is_empty()).then(|| format!("{{title body}} : ({})", words.join(" AND ")))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn whatever_people_type_is_words() {
        let is = |query: &str, expected: &str| {
            assert_eq!(words(query).unwrap_or_default(), expected, "{query}");
        };
        is("textil EU", "{title body} : (\"textil\"* AND \"EU\")");
        is(
            "\"AND\" NEAR(x, 2) OR title:*",
            "{title body} : (\"AND\" AND \"NEAR\"* AND \"x\" AND \"2\" AND \"OR\" AND \"title\"*)",
        );
        is(
            "'; DROP TABLE entry; --",
            "{title body} : (\"DROP\"* AND \"TABLE\"* AND \"entry\"*)",
        );
        is("📢 –– ^*{}", "");
        is("", "");
        assert!(words(&"ord ".repeat(100_000)).is_some_and(|w| w.len() < 200));
    }
}

//! The attributes of one tag, found without regard to case; their values still as written.

use quick_xml::events::BytesStart;

/// Attributes beyond this many are not looked at: none that we read comes so late.
const MOST_ATTRIBUTES: usize = 64;

/// The attributes of a tag.
#[derive(Debug, Default)]
pub(super) struct Attributes<'t>(Vec<(&'t str, &'t str)>);

impl<'t> Attributes<'t> {
    /// Reads the attributes of a tag, leniently: unquoted and valueless ones too.
    pub fn of(tag: &'t BytesStart<'_>) -> Self {
        Self::of_raw(tag.attributes_raw())
    }

    fn of_raw(raw: &'t str) -> Self {
        let mut all = Vec::new();
        let mut rest = raw.trim_start();
        while !rest.is_empty() && all.len() < MOST_ATTRIBUTES {
            let end = rest.find(|c: char| c == '=' || c.is_ascii_whitespace());
            let (key, after) = rest.split_at(end.unwrap_or(rest.len()));
            let after = after.trim_start();
            let (value, after) = match after.strip_prefix('=') {
                Some(after) => value(after.trim_start()),
                None => ("", after),
            };
            if !key.is_empty() {
                all.push((key, value));
            }
            rest = after.trim_start();
        }
        Self(all)
    }

    /// The value of an attribute by its whole name.
    pub fn get(&self, name: &str) -> Option<&'t str> {
        let found = self
            .0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }

    /// The value of an attribute by its name without prefix: `rdf:about`, `r:about`, `about`.
    pub fn local(&self, name: &str) -> Option<&'t str> {
        let found = self.0.iter().find(|(key, _)| {
            let local = key.rsplit(':').next().unwrap_or(key);
            local.eq_ignore_ascii_case(name)
        });
        found.map(|(_, value)| *value)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&'t str, &'t str)> + '_ {
        self.0.iter().copied()
    }
}

/// Splits a value, quoted or not, from what follows it.
fn value(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        _ => {
            let end = text.find(|c: char| c.is_ascii_whitespace());
            text.split_at(end.unwrap_or(text.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Attributes;

    #[test]
    fn quoted_unquoted_and_valueless_attributes_are_read() {
        let attributes = Attributes::of_raw(" HREF = 'a b' rdf:about=\"x\" bare=y flag ");
        assert_eq!(attributes.get("href"), Some("a b"));
        assert_eq!(attributes.local("about"), Some("x"));
        assert_eq!(attributes.get("bare"), Some("y"));
        assert_eq!(attributes.get("flag"), Some(""));
    }
}

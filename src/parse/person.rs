//! A person told in one line: `mail (name)`, `name <mail>`, `name (mail)`, `mail`, `name`.

use crate::model::Person;

/// Longer than any name: what is longer is cut, so that nothing here costs more than its line.
const LONGEST_LINE: usize = 512;

/// Reads a line that names a person; `None` where it is empty.
pub(super) fn read(line: &str) -> Option<Person> {
    let end = line.floor_char_boundary(LONGEST_LINE);
    let line = line[..end].trim();
    let line = line.strip_prefix("mailto:").unwrap_or(line);
    let Some((start, end)) = find_mail(line) else {
        return name_of(line).map(|name| Person {
            name: Some(name),
            ..Person::default()
        });
    };
    let rest = without_brackets(&line[..start], &line[end..]);
    Some(Person {
        name: name_of(&rest),
        email: Some(line[start..end].to_owned()),
        url: None,
    })
}

/// A person told in parts; a name that is really a line with an address in it is taken apart.
pub(super) fn completed(person: Person) -> Option<Person> {
    let is_empty = person == Person::default();
    let Some(line) = person.name.as_deref().filter(|name| name.contains('@')) else {
        return (!is_empty).then_some(person);
    };
    let told = read(line)?;
    Some(Person {
        name: told.name,
        email: person.email.or(told.email),
        url: person.url,
    })
}

/// What is left of a line as a name, once brackets and quotes around it are gone.
fn name_of(rest: &str) -> Option<String> {
    let rest = rest.replace("mailto:", " ");
    let folded = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut name = folded.trim_matches([',', ';', '-', '»', '«', ' ']);
    for (open, close) in [('(', ')'), ('<', '>'), ('"', '"'), ('[', ']')] {
        let inner = name.strip_prefix(open).and_then(|n| n.strip_suffix(close));
        name = match inner {
            Some(inner) if !inner.contains([open, close]) => inner.trim(),
            _ => name,
        };
    }
    (!name.is_empty()).then(|| name.to_owned())
}

/// What stands around an address, without the brackets that were only for it.
fn without_brackets(before: &str, after: &str) -> String {
    let (before, after) = (before.trim_end(), after.trim_start());
    let pairs = [("<", ">"), ("(", ")"), ("[", "]"), ("&lt;", "&gt;")];
    let inner = pairs
        .iter()
        .find_map(|(open, close)| Some((before.strip_suffix(open)?, after.strip_prefix(close)?)));
    let (before, after) = inner.unwrap_or((before, after));
    format!("{before} {after}")
}

/// Where an e-mail address stands in a line.
fn find_mail(line: &str) -> Option<(usize, usize)> {
    line.match_indices('@').find_map(|(at, _)| {
        let before = &line[..at];
        let local = before.rfind(|c: char| !is_local(c)).map_or(0, |i| {
            i + before[i..].chars().next().map_or(1, char::len_utf8)
        });
        let after = &line[at + 1..];
        let length = after.find(|c: char| !is_domain(c)).unwrap_or(after.len());
        let domain = after[..length].trim_end_matches(['.', '-']);
        let is_mail = local < at && domain.contains('.') && !domain.starts_with('.');
        is_mail.then_some((local, at + 1 + domain.len()))
    })
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '\'' | '%')
}

fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-')
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_person_is_read_in_all_usual_forms() {
        let both = ("Åsa Berg", "asa@example.org");
        let cases = [
            ("asa@example.org (Åsa Berg)", both),
            ("Åsa Berg <asa@example.org>", both),
            ("Åsa Berg (asa@example.org)", both),
            ("Åsa Berg,\u{a0}asa@example.org", both),
            ("\u{bb}asa@example.org\u{a0}(Åsa Berg)", both),
            ("mailto:asa@example.org", ("", "asa@example.org")),
            ("Åsa Berg", ("Åsa Berg", "")),
            ("Åsa Berg (redaktör)", ("Åsa Berg (redaktör)", "")),
            ("@asa", ("@asa", "")),
        ];
        for (line, (name, email)) in cases {
            let person = read(line).unwrap_or_default();
            assert_eq!(person.name.unwrap_or_default(), name, "{line}");
            assert_eq!(person.email.unwrap_or_default(), email, "{line}");
        }
        assert_eq!(read("  "), None);
    }
}

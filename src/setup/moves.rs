//! The text of `sources.toml` with the new addresses of bodies that have moved; all else in it stays as people wrote it.
//!
//! The new address becomes the first of a list and the old ones follow it, so that the source keeps its identity.

use toml_edit::{Array, DocumentMut, Item, Table, Value};
use url::Url;

use super::write::{self, Error};

/// A source that has moved for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its short name.
    pub id: String,
    /// The address it has left.
    pub from: Url,
    /// The address it has now.
    pub to: Url,
}

/// The existing text with the new addresses, and the moves that were not in it yet.
///
/// `moves` are of a source's name and its new address; a source that the text does not know is passed over.
pub fn accept_moves(
    existing: &str,
    moves: &[(String, Url)],
) -> Result<(String, Vec<Moved>), Error> {
    let mut document: DocumentMut = write::read(existing)?;
    let mut done = Vec::new();
    let sources = document
        .get_mut("source")
        .and_then(Item::as_array_of_tables_mut);
    for source in sources.into_iter().flat_map(|sources| sources.iter_mut()) {
        let Some(id) = source.get("id").and_then(Item::as_str).map(str::to_owned) else {
            continue;
        };
        if let Some((_, to)) = moves.iter().find(|(moved, _)| *moved == id)
            && let Some(from) = put_first(source, to)
        {
            let to = to.clone();
            done.push(Moved { id, from, to });
        }
    }
    Ok((document.to_string(), done))
}

/// Makes `to` the first address of a source; the one it takes the place of, if it was not the first already.
fn put_first(source: &mut Table, to: &Url) -> Option<Url> {
    let value = source.get_mut("address")?.as_value_mut()?;
    match value {
        Value::Array(list) => {
            let from = parsed(list.get(0)?)?;
            (from != *to).then(|| {
                list.retain(|address| parsed(address).as_ref() != Some(to));
                insert(list, to);
                from
            })
        }
        single => {
            let from = parsed(single)?;
            (from != *to).then(|| {
                let decor = single.decor().clone();
                let mut list = Array::new();
                list.push(to.as_str());
                list.push(single.as_str().unwrap_or_default());
                *single = Value::Array(list);
                *single.decor_mut() = decor;
                from
            })
        }
    }
}

/// Puts an address before the others, on a line of its own where they have such.
fn insert(list: &mut Array, to: &Url) {
    let first = list.get_mut(0);
    let before = first
        .and_then(|first| Some(first.decor().prefix()?.as_str()?.to_owned()))
        .unwrap_or_default();
    let indent = before
        .rfind('\n')
        .map(|at| before[at..].to_owned())
        .unwrap_or_default();
    if let Some(first) = list.get_mut(0)
        && before.is_empty()
    {
        first.decor_mut().set_prefix(" ");
    }
    let mut address = Value::from(to.as_str());
    address.decor_mut().set_prefix(indent);
    list.insert_formatted(0, address);
}

fn parsed(address: &Value) -> Option<Url> {
    Url::parse(address.as_str()?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::accept_moves;
    use url::Url;

    const BEFORE: &str = "# ours\n[[source]]\nid = \"a\" # the first\naddress = \"https://a.example/\" # as told\n\n\
                          # the second\n[[source]]\naddress = [\"https://b.example/now\", \"https://b.example/\"]\nid = \"b\"\n\n\
                          [[source]]\nid = \"c\"\naddress = [\n  # since 2024\n  \"https://c.example/now\", # told by them\n  \"https://c.example/\",\n]\n";

    fn moves(all: &[(&str, &str)]) -> Vec<(String, Url)> {
        all.iter()
            .map(|(id, to)| ((*id).to_owned(), Url::parse(to).expect("address")))
            .collect()
    }

    #[test]
    fn the_new_address_becomes_the_first_and_all_else_stays() {
        let wanted = moves(&[
            ("a", "https://ny.example/a"),
            ("b", "https://ny.example/b"),
            ("c", "https://ny.example/c"),
            ("gone", "https://ny.example/"),
        ]);
        let (text, done) = accept_moves(BEFORE, &wanted).expect("TOML");
        let expected = BEFORE
            .replace(
                "\"https://a.example/\"",
                "[\"https://ny.example/a\", \"https://a.example/\"]",
            )
            .replace(
                "[\"https://b.example/now\"",
                "[\"https://ny.example/b\", \"https://b.example/now\"",
            )
            .replace("[\n  # since", "[\n  \"https://ny.example/c\",\n  # since");
        assert_eq!(text, expected);
        assert_eq!(done.len(), 3);
        assert_eq!(done[0].from.as_str(), "https://a.example/");
        assert!(crate::config::parse("", &text).is_ok(), "{text}");
        let (again, done) = accept_moves(&text, &wanted).expect("TOML");
        assert_eq!((again, done), (text, Vec::new()));
    }

    #[test]
    fn a_body_that_moves_back_has_each_address_once() {
        let wanted = moves(&[("b", "https://b.example/")]);
        let (text, done) = accept_moves(BEFORE, &wanted).expect("TOML");
        assert!(
            text.contains("[\"https://b.example/\", \"https://b.example/now\"]"),
            "{text}"
        );
        assert_eq!(done.len(), 1);
    }

    #[test]
    fn a_text_that_is_no_toml_is_left_alone() {
        assert!(accept_moves("[[source", &[]).is_err());
    }
}

//! The layers of `src/lib.rs` hold: a module imports only lower ones, and some words belong to some modules alone.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The table in the head of the crate: module to layer.
fn layers() -> HashMap<String, u8> {
    let head = fs::read_to_string("src/lib.rs").unwrap();
    head.lines()
        .filter_map(|line| line.strip_prefix("//! "))
        .filter_map(|line| line.split_once("  "))
        .filter_map(|(layer, modules)| Some((layer.parse::<u8>().ok()?, modules)))
        .flat_map(|(layer, modules)| {
            modules
                .split_whitespace()
                .map(move |module| (module.to_owned(), layer))
        })
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The top-level module that a file belongs to.
fn module_of(path: &Path) -> String {
    let first = path
        .strip_prefix("src")
        .unwrap()
        .components()
        .next()
        .unwrap();
    first
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

/// The top-level modules that a text names after `crate::`, alone or in braces.
fn named(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let word = |text: &str| {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut modules = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => modules.extend(top_level(list).iter().map(|part| word(part))),
            None => modules.push(word(rest)),
        }
    }
    modules
}

/// The parts of a brace list up to its end, nested braces kept whole.
fn top_level(list: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ => {}
        }
        parts.last_mut().unwrap().push(c);
    }
    parts
        .iter()
        .map(|part| part.trim_start_matches(',').to_owned())
        .filter(|part| !part.trim().is_empty())
        .collect()
}

#[test]
fn a_module_imports_only_lower_layers() {
    let layers = layers();
    assert!(layers.len() > 20, "the table in src/lib.rs is not found");
    let mut broken = Vec::new();
    for path in sources(Path::new("src")) {
        let module = module_of(&path);
        let Some(layer) = layers.get(&module) else {
            assert!(
                ["main", "lib"].contains(&module.as_str()),
                "{module} has no layer"
            );
            continue;
        };
        for other in named(&fs::read_to_string(&path).unwrap()) {
            let is_lower = layers.get(&other).is_some_and(|other| other < layer);
            if other != module && !is_lower {
                broken.push(format!("{} uses crate::{other}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Words that must not occur outside their owners (design: each third-party library has one owner).
const OWNED: &[(&str, &[&str])] = &[
    ("feed_rs::", &["src/parse/"]),
    ("scraper::", &["src/html/", "src/scrape/"]),
    ("reqwest::", &["src/fetch/"]),
    ("rusqlite::", &["src/store/"]),
    ("atom_syndication::", &["src/publish/"]),
    ("tokio_cron_scheduler::", &["src/daemon/"]),
    ("axum::", &["src/server/"]),
    ("clap::", &["src/cli/", "src/main.rs"]),
    ("indicatif::", &["src/cli/"]),
    ("println!", &["src/cli/"]),
    ("Utc::now", &["src/main.rs", "src/daemon/", "src/server/"]),
    ("process::exit", &[]),
];

#[test]
fn libraries_and_effects_stay_with_their_owners() {
    let mut broken = Vec::new();
    for path in sources(Path::new("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let place = path.to_string_lossy();
        for (word, owners) in OWNED {
            let is_owned = owners.iter().any(|owner| place.starts_with(owner));
            let used = text
                .lines()
                .any(|line| line.contains(word) && !line.trim_start().starts_with("//"));
            if used && !is_owned {
                broken.push(format!("{place} uses {word}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

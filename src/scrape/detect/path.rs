//! Fingerprints of where an element stands: equal for the members of a list, different for everything else.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::scrape::tree::{Id, Tree};

/// For each node two fingerprints of its way from the root.
pub(super) struct Paths {
    /// By element names alone.
    pub(super) names: Vec<u64>,
    /// By names and classes.
    pub(super) classes: Vec<u64>,
}

impl Paths {
    pub(super) fn of(tree: &Tree) -> Self {
        let mut names = Vec::with_capacity(tree.len());
        let mut classes = Vec::with_capacity(tree.len());
        for id in 0..tree.len() {
            let (above_names, above_classes) = match tree.parent(id) {
                Some(parent) => (names[parent], classes[parent]),
                None => (0, 0),
            };
            let name = mix(0, tree.name(id));
            names.push(mix(above_names, &name));
            let own = stable_classes(tree, id)
                .map(|class| mix(1, class))
                .fold(name, u64::wrapping_add);
            classes.push(mix(above_classes, &own));
        }
        Self { names, classes }
    }
}

fn mix<T: Hash + ?Sized>(seed: u64, value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    seed.hash(&mut hasher);
    value.hash(&mut hasher);
    hasher.finish()
}

/// The classes that members of a list share: no counters, no states, none made for one entry.
pub(crate) fn stable_classes(tree: &Tree, id: Id) -> impl Iterator<Item = &str> {
    tree.classes(id).filter(|class| is_stable(class))
}

fn is_stable(class: &str) -> bool {
    const STATES: [&str; 22] = [
        "first",
        "last",
        "odd",
        "even",
        "active",
        "current",
        "selected",
        "alt",
        "clearfix",
        "sticky",
        "hidden",
        "visible",
        "new",
        "featured",
        "open",
        "closed",
        "left",
        "right",
        "is-new",
        "is-first",
        "is-last",
        "alternate",
    ];
    const MADE_FOR_ONE: [&str; 8] = [
        "category-",
        "tag-",
        "post_tag-",
        "author-",
        "status-",
        "format-",
        "has-post-",
        "type-",
    ];
    const TURNS: [&str; 4] = ["odd", "even", "first", "last"];
    !class.bytes().any(|b| b.is_ascii_digit())
        && !class.split(['-', '_']).any(|word| TURNS.contains(&word))
        && !STATES.contains(&class)
        && !MADE_FOR_ONE.iter().any(|start| class.starts_with(start))
}

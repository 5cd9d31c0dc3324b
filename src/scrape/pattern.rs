//! Small CSS selectors that are made from a page: at most a container and an element in it.
//!
//! Only names, ids and classes that people would write are used, so that rules stay readable and no selector needs escapes.

use std::fmt;

use super::detect::stable_classes;
use super::tree::{Id, Tree};

/// An element by name, id or class.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Step {
    name: String,
    id: Option<String>,
    class: Option<String>,
    /// A mark that the site's own tests go by, which outlives its classes.
    hook: Option<(&'static str, String)>,
}

/// A step, perhaps inside another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    within: Option<Step>,
    /// Whether the element is a child of the container, not just somewhere below it.
    is_child: bool,
    step: Step,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(id) = &self.id {
            write!(f, "#{id}")?;
        }
        if let Some(class) = &self.class {
            write!(f, ".{class}")?;
        }
        if let Some((name, value)) = &self.hook {
            write!(f, "[{name}={value}]")?;
        }
        Ok(())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(within) = &self.within {
            let joint = if self.is_child { " > " } else { " " };
            write!(f, "{within}{joint}")?;
        }
        write!(f, "{}", self.step)
    }
}

impl Step {
    fn matches(&self, tree: &Tree, id: Id) -> bool {
        tree.name(id) == self.name
            && self
                .id
                .as_deref()
                .is_none_or(|wanted| tree.attribute(id, "id") == Some(wanted))
            && self
                .hook
                .as_ref()
                .is_none_or(|(name, value)| tree.attribute(id, name) == Some(value))
            && self
                .class
                .as_deref()
                .is_none_or(|wanted| tree.classes(id).any(|class| class == wanted))
    }

    /// The steps that name an element, most telling first.
    fn of(tree: &Tree, id: Id) -> Vec<Self> {
        let name = tree.name(id).to_owned();
        let plain = Self {
            name,
            id: None,
            class: None,
            hook: None,
        };
        let named = tree
            .attribute(id, "id")
            .filter(|own| is_plain(own) && !own.bytes().any(|b| b.is_ascii_digit()))
            .map(|own| Self {
                id: Some(own.to_owned()),
                ..plain.clone()
            });
        let classed = stable_classes(tree, id)
            .filter(|class| is_plain(class))
            .take(6)
            .map(|class| Self {
                class: Some(class.to_owned()),
                ..plain.clone()
            });
        let hooked = ["data-hook", "data-testid", "data-qa"]
            .into_iter()
            .filter_map(|hook| {
                Some((
                    hook,
                    tree.attribute(id, hook)
                        .filter(|value| is_plain(value))?
                        .to_owned(),
                ))
            })
            .map(|hook| Self {
                hook: Some(hook),
                ..plain.clone()
            });
        let mut out: Vec<Self> = named.into_iter().chain(hooked).chain(classed).collect();
        out.push(plain);
        out
    }

    fn is_telling(&self) -> bool {
        self.id.is_some()
            || self.class.is_some()
            || self.hook.is_some()
            || matches!(self.name.as_str(), "main" | "article" | "section" | "tbody")
    }
}

/// Whether a class or id can stand in a selector as it is.
fn is_plain(name: &str) -> bool {
    name.len() <= 60
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

impl Pattern {
    /// Whether the pattern selects an element.
    pub(super) fn matches(&self, tree: &Tree, id: Id) -> bool {
        if !self.step.matches(tree, id) {
            return false;
        }
        let Some(within) = &self.within else {
            return true;
        };
        let depth = if self.is_child { 1 } else { usize::MAX };
        tree.ancestors(id)
            .take(depth)
            .any(|above| within.matches(tree, above))
    }

    /// All elements it selects.
    pub(super) fn all(&self, tree: &Tree) -> Vec<Id> {
        (0..tree.len())
            .filter(|id| self.matches(tree, *id))
            .collect()
    }

    /// Patterns that could name an element, plainest first.
    pub(super) fn candidates(tree: &Tree, id: Id) -> Vec<Self> {
        let steps = Step::of(tree, id);
        let alone = |step: &Step| Self {
            within: None,
            is_child: false,
            step: step.clone(),
        };
        let mut out: Vec<Self> = steps
            .iter()
            .filter(|step| step.is_telling())
            .map(alone)
            .collect();
        for (distance, above) in tree.ancestors(id).take(5).enumerate() {
            for container in Step::of(tree, above)
                .into_iter()
                .filter(Step::is_telling)
                .take(3)
            {
                for step in steps.iter().rev().take(3) {
                    out.push(Self {
                        within: Some(container.clone()),
                        is_child: distance == 0,
                        step: step.clone(),
                    });
                }
            }
        }
        out
    }

    /// Patterns for an element inside an entry: also by its bare name, or its parent's.
    pub(super) fn inner_candidates(tree: &Tree, id: Id, root: Id) -> Vec<Self> {
        let steps = Step::of(tree, id);
        let mut out: Vec<Self> = steps
            .iter()
            .map(|step| Self {
                within: None,
                is_child: false,
                step: step.clone(),
            })
            .collect();
        for above in tree.ancestors(id).take(3).take_while(|above| *above > root) {
            for container in Step::of(tree, above) {
                let step = steps.last().cloned();
                out.extend(step.map(|step| Self {
                    within: Some(container),
                    is_child: false,
                    step,
                }));
            }
        }
        out
    }
}

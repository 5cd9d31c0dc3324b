//! Reads a page by the CSS selectors of [`Rules`].
//!
//! `entry` selects where each entry begins; the others are looked up in it and, where an entry has no element of its own,
//! in the siblings up to the next one. A field without a selector is read as detection reads it.

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, ns};
use scraper::error::SelectorErrorKind;
use scraper::node::{Element, Node, Text};
use scraper::{Html, Selector};

use super::detect::{self, Fields, Record};
use super::page::Page;
use super::tree::{Id, NodeKind, Tree};
use super::{dates, text};
use crate::model::{DateOrigin, Rules};

/// Why a rule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{which}` is no selector: {reason}")]
pub struct RuleError {
    /// The field of the rules.
    pub which: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

/// What is wrong with the rules: every selector that is none.
pub fn check_rules(rules: &Rules) -> Vec<RuleError> {
    let written = rules
        .selectors()
        .into_iter()
        .filter_map(|(which, selector)| Some((which, selector?)));
    written
        .filter_map(|(which, selector)| one(which, selector).err())
        .collect()
}

struct Compiled {
    entry: Selector,
    link: Option<Selector>,
    title: Option<Selector>,
    date: Option<Selector>,
    summary: Option<Selector>,
    image: Option<Selector>,
}

fn compile(rules: &Rules) -> Result<Compiled, RuleError> {
    let optional =
        |which, selector: &Option<String>| selector.as_deref().map(|s| one(which, s)).transpose();
    Ok(Compiled {
        entry: one("entry", &rules.entry)?,
        link: optional("link", &rules.link)?,
        title: optional("title", &rules.title)?,
        date: optional("date", &rules.date)?,
        summary: optional("summary", &rules.summary)?,
        image: optional("image", &rules.image)?,
    })
}

fn one(which: &'static str, selector: &str) -> Result<Selector, RuleError> {
    if selector.trim().is_empty() {
        return Err(RuleError {
            which,
            reason: "it is empty".into(),
        });
    }
    Selector::parse(selector).map_err(|error| RuleError {
        which,
        reason: reason(&error).into(),
    })
}

/// What is wrong with a selector, for people.
fn reason(error: &SelectorErrorKind) -> &'static str {
    let kind = match error {
        SelectorErrorKind::EndOfLine => return "it ends where more is expected",
        SelectorErrorKind::UnexpectedToken => return "a character in it is out of place",
        SelectorErrorKind::ExpectedColonOnPseudoElement
        | SelectorErrorKind::ExpectedIdentityOnPseudoElement => "NoIdentForPseudo".into(),
        SelectorErrorKind::UnexpectedSelectorParseError(kind) => format!("{kind:?}"),
        _ => String::new(),
    };
    match kind.as_str() {
        "ClassNeedsIdent" => "a `.` has no name of a class after it",
        "EmptySelector" => "a part of it is empty",
        "DanglingCombinator" => "it ends where more is expected",
        "NoIdentForPseudo" => "a `:` has no name after it",
        "UnsupportedPseudoClassOrElement" => "what it asks for after `:` is not supported",
        "NoQualifiedNameInAttributeSelector"
        | "UnexpectedTokenInAttributeSelector"
        | "ExpectedBarInAttr"
        | "BadValueInAttr"
        | "InvalidQualNameInAttr" => "what stands in `[…]` is not a name with a value",
        _ => "it cannot be read",
    }
}

/// What the rules find on a page, in document order; nothing where they do not fit.
pub(super) fn read(page: &Page, rules: &Rules) -> Result<Vec<Fields>, RuleError> {
    let compiled = compile(rules)?;
    let html = html(&page.tree);
    let starts = matches(&html, &compiled.entry);
    let find = |selector: &Option<Selector>| selector.as_ref().map(|s| matches(&html, s));
    let links = find(&compiled.link);
    let titles = find(&compiled.title);
    let dates = find(&compiled.date);
    let summaries = find(&compiled.summary);
    let images = find(&compiled.image);
    let mut out = Vec::with_capacity(starts.len());
    for record in detect::records_from(&page.tree, &starts) {
        let within = |found: &Option<Vec<Id>>| -> Option<Option<Id>> {
            let found = found.as_ref()?;
            let at = found.partition_point(|id| *id < record.span.start);
            Some(found.get(at).copied().filter(|id| *id < record.span.end))
        };
        let mut fields = detect::read_fields(page, &record);
        apply_link(page, &record, within(&links), &mut fields);
        apply_title(page, within(&titles), &mut fields);
        apply_date(page, within(&dates), &mut fields);
        apply_rest(page, within(&summaries), within(&images), &mut fields);
        out.push(fields);
    }
    out.retain(|fields| !fields.title.is_empty());
    detect::without_doubles(&mut out);
    Ok(out)
}

fn apply_link(page: &Page, record: &Record, found: Option<Option<Id>>, fields: &mut Fields) {
    match found {
        Some(Some(id)) => {
            let tree = &page.tree;
            let holder = std::iter::once(id)
                .chain(tree.ancestors(id).take(4))
                .chain(tree.subtree(id))
                .find(|id| tree.attribute(*id, "href").is_some());
            fields.link = holder.and_then(|id| Some((id, page.link(id)?)));
        }
        Some(None) => fields.link = None,
        None => {}
    }
    if fields.link.is_none()
        && let Some(link) = page.link(record.root)
    {
        fields.link = Some((record.root, link));
    }
}

fn apply_title(page: &Page, found: Option<Option<Id>>, fields: &mut Fields) {
    match found {
        Some(Some(id)) => {
            fields.title = text::without_date(&detect::title_text(page, id), &page.context);
            fields.title_element = Some(id);
        }
        Some(None) => fields.title.clear(),
        None => {}
    }
}

fn apply_date(page: &Page, found: Option<Option<Id>>, fields: &mut Fields) {
    let Some(found) = found else { return };
    let dated = found.and_then(|id| dates::of_element(page, id));
    if let Some(dated) = dated {
        fields.published = dated.published.or(dated.updated);
        fields.updated = dated.updated.filter(|_| dated.published.is_some());
        fields.date_origin = Some(DateOrigin::Page);
        fields.date_element = found;
    } else if fields.date_origin == Some(DateOrigin::Page) {
        fields.published = None;
        fields.date_origin = None;
    }
}

fn apply_rest(
    page: &Page,
    summary: Option<Option<Id>>,
    image: Option<Option<Id>>,
    fields: &mut Fields,
) {
    if let Some(found) = summary {
        fields.summary = found.and_then(|id| {
            let whole = page.tree.text(id);
            text::lead(&whole, &fields.title, &page.context)
        });
        fields.summary_element = found;
    }
    if let Some(found) = image {
        fields.image = found.and_then(|id| Some((id, detect::image(page, id)?)));
    }
}

/// The attribute by which a matched element is known again.
const PLACE: &str = "samflode-place";

fn matches(html: &Html, selector: &Selector) -> Vec<Id> {
    html.select(selector)
        .filter_map(|element| element.value().attr(PLACE)?.parse().ok())
        .collect()
}

/// The tree as scraper's own, so that its selectors can be used on it.
fn html(tree: &Tree) -> Html {
    let mut html = Html::new_document();
    let root = html.tree.root().id();
    let mut places = Vec::with_capacity(tree.len());
    for id in 0..tree.len() {
        let above = tree.parent(id).map_or(root, |parent| places[parent]);
        let Some(mut parent) = html.tree.get_mut(above) else {
            break;
        };
        places.push(parent.append(node(tree, id)).id());
    }
    html
}

fn node(tree: &Tree, id: Id) -> Node {
    let attribute = |name: &str, value: &str| Attribute {
        name: QualName::new(None, ns!(), LocalName::from(name)),
        value: StrTendril::from_slice(value),
    };
    match &tree.node(id).kind {
        NodeKind::Text(text) => Node::Text(Text {
            text: text.as_str().into(),
        }),
        NodeKind::Element { name, attributes } => {
            let mut all: Vec<Attribute> = attributes.iter().map(|(n, v)| attribute(n, v)).collect();
            all.push(attribute(PLACE, &id.to_string()));
            let name = QualName::new(None, ns!(html), LocalName::from(name.as_str()));
            Node::Element(Element::new(name, all))
        }
    }
}

//! A page as a tree: nodes in document order, each knowing its parent and where its subtree ends.
//!
//! So a walk over a subtree is a walk over a slice: no recursion, and no page is too deep.

mod attribute;
mod build;

use std::sync::OnceLock;

pub(crate) use attribute::Attribute;

/// Deeper elements are left out, their text is kept: no real page comes near.
const MAX_DEPTH: usize = 256;
/// Where a page is cut: ten times the largest news pages, and some tens of megabytes.
const MAX_NODES: usize = 200_000;

/// A node's place in document order.
pub(crate) type Id = usize;

/// What a node is.
#[derive(Debug)]
pub(crate) enum NodeKind {
    /// An element: its name and attributes, names in lower case.
    Element {
        name: String,
        attributes: Vec<Attribute>,
    },
    /// Text, references decoded.
    Text(String),
}

/// A node.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) parent: Option<Id>,
    /// The first node after its subtree.
    pub(crate) end: Id,
    pub(crate) depth: usize,
    pub(crate) kind: NodeKind,
}

/// A whole page.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    /// What the marks of each element promise, worked out once (`words`).
    hints: OnceLock<Vec<u8>>,
}

impl Tree {
    /// Reads markup; every text is a page of some kind.
    pub(crate) fn parse(text: &str) -> Self {
        build::build(text)
    }

    /// The hints of an element as bits, made by `make` for all elements when first asked for.
    pub(crate) fn hints(&self, id: Id, make: impl FnOnce(&Self) -> Vec<u8>) -> u8 {
        self.hints.get_or_init(|| make(self))[id]
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// The element's name; empty for text.
    pub(crate) fn name(&self, id: Id) -> &str {
        match &self.nodes[id].kind {
            NodeKind::Element { name, .. } => name,
            NodeKind::Text(_) => "",
        }
    }

    pub(crate) fn is_element(&self, id: Id) -> bool {
        matches!(self.nodes[id].kind, NodeKind::Element { .. })
    }

    /// The text of a text node.
    pub(crate) fn own_text(&self, id: Id) -> Option<&str> {
        match &self.nodes[id].kind {
            NodeKind::Text(text) => Some(text),
            NodeKind::Element { .. } => None,
        }
    }

    /// An attribute's value, trimmed.
    pub(crate) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        self.attributes(id)
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, value)| value.trim())
    }

    pub(crate) fn attributes(&self, id: Id) -> &[Attribute] {
        match &self.nodes[id].kind {
            NodeKind::Element { attributes, .. } => attributes,
            NodeKind::Text(_) => &[],
        }
    }

    /// The words of its `class`.
    pub(crate) fn classes(&self, id: Id) -> impl Iterator<Item = &str> {
        self.attribute(id, "class")
            .unwrap_or_default()
            .split_ascii_whitespace()
    }

    pub(crate) fn parent(&self, id: Id) -> Option<Id> {
        self.nodes[id].parent
    }

    /// Its ancestors, nearest first.
    pub(crate) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.parent(id), |id| self.parent(*id))
    }

    /// The node and all below it, in document order.
    pub(crate) fn subtree(&self, id: Id) -> std::ops::Range<Id> {
        id..self.nodes[id].end
    }

    /// Its children, text included.
    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let end = self.nodes[id].end;
        let first = (id + 1 < end).then_some(id + 1);
        std::iter::successors(first, move |child| {
            Some(self.nodes[*child].end).filter(|next| *next < end)
        })
    }

    /// All elements of a name.
    pub(crate) fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = Id> + 't {
        (0..self.len()).filter(move |id| self.name(*id) == name)
    }

    /// Whether nobody sees what is in the element: scripts, styles, templates.
    pub(crate) fn is_unseen(&self, id: Id) -> bool {
        matches!(
            self.name(id),
            "script"
                | "style"
                | "template"
                | "noscript"
                | "svg"
                | "math"
                | "iframe"
                | "object"
                | "select"
                | "textarea"
                | "head"
                | "title"
                | "canvas"
                | "audio"
                | "video"
                | "datalist"
        ) || self.attribute(id, "hidden").is_some()
            || self
                .attribute(id, "style")
                .is_some_and(|style| style.replace(' ', "").contains("display:none"))
    }

    /// The text that people see of a subtree, white space folded.
    pub(crate) fn text(&self, id: Id) -> String {
        self.text_of(self.subtree(id))
    }

    /// The same for a run of nodes in document order.
    pub(crate) fn text_of(&self, range: std::ops::Range<Id>) -> String {
        let mut out = String::new();
        let mut at = range.start;
        while at < range.end {
            match &self.nodes[at].kind {
                NodeKind::Text(text) => out.push_str(text),
                NodeKind::Element { .. } if self.is_unseen(at) => {
                    at = self.nodes[at].end;
                    continue;
                }
                NodeKind::Element { name, .. } if !is_phrasing(name) => out.push(' '),
                NodeKind::Element { .. } => {}
            }
            at += 1;
            if self.ends_block(at, range.end) {
                out.push(' ');
            }
        }
        fold(&out)
    }

    /// Whether an element that stands apart from the text after it ends right before `at`.
    fn ends_block(&self, at: Id, end: Id) -> bool {
        if at >= end || at == 0 {
            return false;
        }
        let next_parent = self.nodes[at].parent;
        let mut last = Some(at - 1);
        while last != next_parent {
            let Some(id) = last else { return false };
            if self.is_element(id) && !is_phrasing(self.name(id)) {
                return self.nodes[id].end <= at;
            }
            last = self.nodes[id].parent;
        }
        false
    }

    /// The raw text of a subtree: what a script holds.
    pub(crate) fn raw_text(&self, id: Id) -> String {
        self.subtree(id)
            .filter_map(|id| self.own_text(id))
            .collect()
    }
}

/// Whether an element runs along in a line of text.
pub(crate) fn is_phrasing(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | "nobr"
            | "img"
            | "strike"
    )
}

/// Folds white space, drops soft hyphens and zero-width characters.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'
            | '\u{FEFF}' => {}
            c if c.is_whitespace() || c.is_control() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::Tree;

    fn outline(markup: &str) -> String {
        let tree = Tree::parse(markup);
        (0..tree.len())
            .map(|id| match tree.own_text(id) {
                Some(text) => format!("{}:'{}' ", tree.node(id).depth, text),
                None => format!("{}:{} ", tree.node(id).depth, tree.name(id)),
            })
            .collect::<String>()
            .trim_end()
            .to_owned()
    }

    #[test]
    fn a_page_of_more_nodes_than_any_news_page_is_cut() {
        let page = Tree::parse(&"<p>x".repeat(1 << 18));
        assert!((super::MAX_NODES..super::MAX_NODES + 8).contains(&page.len()));
    }

    #[test]
    fn end_tags_that_authors_leave_out_are_understood() {
        assert_eq!(
            outline("<ul><li>a<li>b</ul>c"),
            "0:ul 1:li 2:'a' 1:li 2:'b' 0:'c'"
        );
        assert_eq!(
            outline("<p>a<p>b<div>c</div>"),
            "0:p 1:'a' 0:p 1:'b' 0:div 1:'c'"
        );
        assert_eq!(
            outline("<table><tr><td>a<td>b<tr><td>c</table>"),
            "0:table 1:tr 2:td 3:'a' 2:td 3:'b' 1:tr 2:td 3:'c'"
        );
        assert_eq!(outline("<a href=x>a<a href=y>b</a>"), "0:a 1:'a' 0:a 1:'b'");
    }

    #[test]
    fn stray_end_tags_change_nothing() {
        assert_eq!(outline("<div>a</span></p></div>b"), "0:div 1:'a' 0:'b'");
        assert_eq!(outline("<b><i>a</b>b</i>c"), "0:b 1:i 2:'a' 0:'bc'");
    }

    #[test]
    fn any_depth_is_survived() {
        let tree = Tree::parse(&format!("{}x", "<div>".repeat(100_000)));
        assert_eq!(tree.text(0), "x");
    }

    #[test]
    fn text_keeps_blocks_apart_and_leaves_scripts_out() {
        let tree = Tree::parse("<div><b>Ny</b>tt<p>Lead</p>slut<script>no</script><br>x</div>");
        assert_eq!(tree.text(0), "Nytt Lead slut x");
    }
}

//! Tokens to a tree: end tags that authors leave out are understood, depth is bounded.
//!
//! Why not html5ever: its tree construction takes time by the square of the depth and of the number of open formatting
//! elements, so that a page of 5 MB can hold it for hours. This one gives the same tree for ordinary pages, never moves
//! a node, and is linear. Price: misnested formatting is closed where its parent closes, not taken up again.

use std::collections::HashMap;

use super::attribute::{Attribute, attributes};
use super::{MAX_DEPTH, MAX_NODES, Node, NodeKind, Tree};
use crate::html::decode;
use crate::html::token::{Token, Tokens};

/// Builds the tree of a page.
pub(super) fn build(text: &str) -> Tree {
    let mut builder = Builder::default();
    for token in Tokens::new(text) {
        if builder.nodes.len() >= MAX_NODES {
            break;
        }
        match token {
            Token::Start(tag) => {
                let name = tag.name.to_ascii_lowercase();
                builder.start(name, attributes(&tag), tag.closes_itself);
            }
            Token::End(tag) => builder.end(&tag.name.to_ascii_lowercase()),
            Token::Text(text) => builder.text(&decode(text)),
            Token::Raw("") | Token::Cut(_) => {}
            Token::Raw(text) => builder.raw(text),
        }
    }
    while builder.open.pop().is_some_and(|id| builder.close(id)) {}
    Tree {
        nodes: builder.nodes,
        hints: std::sync::OnceLock::new(),
    }
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    open: Vec<usize>,
    /// How many elements of a name are open: most searches among them end before they begin.
    counts: HashMap<String, usize>,
    /// Elements left out because of their depth, whose end tags must be left out too.
    too_deep: usize,
}

impl Builder {
    fn close(&mut self, id: usize) -> bool {
        self.nodes[id].end = self.nodes.len();
        true
    }

    fn push(&mut self, kind: NodeKind) -> usize {
        let id = self.nodes.len();
        self.nodes.push(Node {
            parent: self.open.last().copied(),
            end: id + 1,
            depth: self.open.len(),
            kind,
        });
        id
    }

    fn name_of(&self, id: usize) -> &str {
        match &self.nodes[id].kind {
            NodeKind::Element { name, .. } => name,
            NodeKind::Text(_) => "",
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(Node {
            kind: NodeKind::Text(last),
            parent,
            ..
        }) = self.nodes.last_mut()
            && *parent == self.open.last().copied()
        {
            last.push_str(text);
            return;
        }
        self.push(NodeKind::Text(text.to_owned()));
    }

    fn raw(&mut self, text: &str) {
        let is_title = self
            .open
            .last()
            .is_some_and(|id| matches!(self.name_of(*id), "title" | "textarea"));
        let text = if is_title {
            decode(text).into_owned()
        } else {
            text.to_owned()
        };
        self.push(NodeKind::Text(text));
    }

    /// Closes the nearest open element that `wanted` names, not looking past one that `bound` names.
    fn close_nearest(&mut self, wanted: &[&str], bound: &[&str]) {
        if !wanted
            .iter()
            .any(|name| self.counts.get(*name).is_some_and(|count| *count > 0))
        {
            return;
        }
        for at in (0..self.open.len()).rev() {
            let name = self.name_of(self.open[at]);
            if wanted.contains(&name) {
                self.close_from(at);
                return;
            }
            if bound.contains(&name) {
                return;
            }
        }
    }

    fn close_from(&mut self, at: usize) {
        while self.open.len() > at {
            if let Some(id) = self.open.pop() {
                self.close(id);
                let name = self.name_of(id).to_owned();
                if let Some(count) = self.counts.get_mut(&name) {
                    *count = count.saturating_sub(1);
                }
            }
        }
    }

    fn start(&mut self, name: String, attributes: Vec<Attribute>, closes_itself: bool) {
        if matches!(name.as_str(), "html" | "head" | "body") {
            return self.start_frame(name, attributes);
        }
        // At the bottom nothing is searched for any more: a page that is this deep is not worth the time.
        if self.open.len() < MAX_DEPTH {
            self.close_implied(&name);
        }
        if self.open.len() >= MAX_DEPTH {
            if !is_void(&name) && !closes_itself {
                self.too_deep += 1;
            }
            return;
        }
        let is_leaf = is_void(&name) || (closes_itself && self.is_foreign());
        let id = self.push(NodeKind::Element { name, attributes });
        if !is_leaf {
            self.opened(id);
        }
    }

    fn is_foreign(&self) -> bool {
        self.open
            .iter()
            .rev()
            .take(16)
            .any(|id| matches!(self.name_of(*id), "svg" | "math"))
    }

    fn start_frame(&mut self, name: String, attributes: Vec<Attribute>) {
        if name == "body" {
            self.close_nearest(&["head"], &["body"]);
        }
        let is_again = self.open.iter().any(|id| self.name_of(*id) == name)
            || self.open.len() > 1
            || (name == "html" && !self.open.is_empty());
        if !is_again {
            let id = self.push(NodeKind::Element { name, attributes });
            self.opened(id);
        }
    }

    fn opened(&mut self, id: usize) {
        self.open.push(id);
        let name = self.name_of(id).to_owned();
        *self.counts.entry(name).or_default() += 1;
    }

    fn close_implied(&mut self, name: &str) {
        match name {
            "li" => self.close_nearest(&["li"], &["ul", "ol", "menu", "dir", "table", "nav"]),
            "dt" | "dd" => self.close_nearest(&["dt", "dd"], &["dl", "table"]),
            "tr" => self.close_nearest(&["tr"], &["table"]),
            "td" | "th" => self.close_nearest(&["td", "th"], &["tr", "table"]),
            "thead" | "tbody" | "tfoot" => {
                self.close_nearest(&["thead", "tbody", "tfoot"], &["table"]);
            }
            "option" | "optgroup" => self.close_nearest(&["option"], &["select"]),
            "a" => self.close_nearest(&["a"], CELLS),
            _ => {}
        }
        if CLOSES_PARAGRAPH.contains(&name) {
            self.close_nearest(&["p"], CELLS);
        }
        if is_heading(name)
            && let Some(id) = self.open.last()
            && is_heading(self.name_of(*id))
        {
            self.close_from(self.open.len() - 1);
        }
    }

    fn end(&mut self, name: &str) {
        if matches!(name, "html" | "body") {
            return;
        }
        if self.too_deep > 0 && !is_void(name) {
            self.too_deep -= 1;
            return;
        }
        let bound: &[&str] = match name {
            "table" | "main" | "header" | "footer" | "nav" | "section" | "article" => &[],
            "li" => &["ul", "ol", "table"],
            "td" | "th" | "tr" | "tbody" | "thead" => &["table"],
            "p" | "a" | "span" | "b" | "i" | "em" | "strong" | "font" | "small" | "u" => {
                PHRASING_BOUND
            }
            _ => CELLS,
        };
        if is_heading(name) {
            self.close_nearest(&["h1", "h2", "h3", "h4", "h5", "h6"], CELLS);
        } else {
            self.close_nearest(&[name], bound);
        }
    }
}

const CELLS: &[&str] = &[
    "td", "th", "table", "caption", "button", "template", "object",
];
const PHRASING_BOUND: &[&str] = &[
    "td", "th", "table", "caption", "button", "template", "object", "li", "div", "section",
    "article", "main", "ul", "ol", "body",
];
const CLOSES_PARAGRAPH: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
    "li",
    "dt",
    "dd",
];

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

//! A page made ready to be read: its tree, what its addresses resolve against, its language and its moment.

use url::Url;

use super::tree::{Id, Tree};
use crate::date;
use crate::encoding;
use crate::link;
use crate::model::{Document, Language};

/// A page and all that reading it needs.
pub(super) struct Page {
    pub(super) tree: Tree,
    pub(super) address: Url,
    pub(super) base: Url,
    pub(super) context: date::Context,
}

impl Page {
    /// Decodes and parses a document; relative dates count from its receipt where the context knows no moment.
    pub(super) fn read(document: &Document, context: &date::Context) -> Self {
        let decoded = encoding::decode_html(&document.bytes, document.charset.as_deref());
        let tree = Tree::parse(&decoded.text);
        let address = document.own_address();
        let base = tree
            .all("base")
            .find_map(|id| tree.attribute(id, "href"))
            .and_then(|href| address.join(href).ok())
            .filter(|base| matches!(base.scheme(), "http" | "https"))
            .unwrap_or_else(|| address.clone());
        let mut context = context.clone();
        context.now = context.now.or(Some(document.received));
        context.language = context.language.or_else(|| language(&tree));
        Self {
            tree,
            address,
            base,
            context,
        }
    }

    /// The address an element leads to, where it leads to a page at all.
    pub(super) fn link(&self, id: Id) -> Option<Url> {
        self.resolve(self.tree.attribute(id, "href")?)
    }

    /// Resolves an address of the page; places within the page itself are none.
    pub(super) fn resolve(&self, href: &str) -> Option<Url> {
        if href.is_empty() || href.starts_with('#') {
            return None;
        }
        link::resolve(&self.base, href)
    }

    /// The page's own title: `og:site_name` is no title of the page, so `title` it is.
    pub(super) fn title(&self) -> Option<String> {
        let id = self.tree.all("title").next()?;
        let title = super::tree::fold(&self.tree.raw_text(id));
        (!title.is_empty()).then_some(title)
    }

    /// The content of a `meta` by its `name` or `property`.
    pub(super) fn meta(&self, name: &str) -> Option<&str> {
        self.tree.all("meta").find_map(|id| {
            let known = ["property", "name", "itemprop"]
                .iter()
                .find_map(|key| self.tree.attribute(id, key))?;
            if !known.eq_ignore_ascii_case(name) {
                return None;
            }
            self.tree.attribute(id, "content").filter(|c| !c.is_empty())
        })
    }
}

fn language(tree: &Tree) -> Option<Language> {
    let id = tree.all("html").next()?;
    Language::new(tree.attribute(id, "lang")?)
}

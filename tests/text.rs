//! Markup, links and entries: what they become, and what must hold for any of them.

mod entries;
mod links;
mod markup;

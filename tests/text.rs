//! Markup, links and entries.

//! Samflode gathers the news of many public bodies, tells each piece of news once, and publishes the whole as one
//! Atom feed. This page is the map of the crate.
//!
//! # Flow
//!
//! ```text
//!                 config                                                                      store, one writer
//!                   │                                                                               ▲
//!  daemon tick ──► due ──► fetch ──► parse | scrape ──► normalize ──► identity ──► complete ──► [ candidates ──► cluster ──► plan ──► save ]
//!  cli fetch   ──►  │        │             │                │            │            │                                               │
//!               SourceState Document   ParsedFeed       Vec<Entry>   new | known   entry pages                                    outbox ──► hubs, webhooks
//!                                                                                  of new ones
//!                                     each step ──► Event ──► three listeners: progress bars · log · metrics
//!
//!  the store changed ──► site: render, read back, swap ──► ready bytes ──► server: ETag, 304, br/gzip ──► client
//! ```
//!
//! The refresh of one source is one function on one screen: [`refresh`].
//!
//! # Layers
//!
//! A module imports only lower layers, never its own or a higher one; inside a folder, files may use each other.
//! `tests/layers.rs` reads this table and checks every `crate::` path.
//!
//! ```text
//! 8  cli
//! 7  daemon
//! 6  server
//! 5  websub
//! 4  refresh setup site notify
//! 3  config fetch store
//! 2  parse scrape normalize dedupe schedule watch publish
//! 1  date encoding html link
//! 0  model
//! ```
//!
//! Layers 0 to 2 do no I/O, read no clock, draw no random number, spawn nothing and log nothing: what they notice they
//! return. SQL is only in [`store`], HTTP header names only in [`fetch`] and [`server`], terminal output only in [`cli`].
//!
//! The library exists for the binary, its tests and benches; it makes no promise of stability to others.

#![forbid(unsafe_code)]

pub mod cli;
pub mod config;
pub mod daemon;
pub mod date;
pub mod dedupe;
pub mod encoding;
pub mod fetch;
pub mod html;
pub mod link;
pub mod model;
pub mod normalize;
pub mod notify;
pub mod parse;
pub mod publish;
pub mod refresh;
pub mod schedule;
pub mod scrape;
pub mod server;
pub mod setup;
pub mod site;
pub mod store;
pub mod watch;
pub mod websub;

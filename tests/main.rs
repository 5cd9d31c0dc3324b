//! The one test binary: each module here tests one subject through the library or the real binary.

mod blame;
mod bodies;
mod command;
mod configuration;
mod dates;
mod dedupe;
mod documents;
mod export;
mod faults;
mod feeds;
mod flow;
mod hubs;
mod layers;
mod live;
mod outward;
mod pages;
mod politeness;
mod processes;
mod publishing;
mod reload;
mod serving;
mod store;
mod subscribers;
mod support;
mod text;
mod tls;

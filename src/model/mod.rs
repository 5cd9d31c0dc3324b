//! The words of samflode as plain data: what a source, a document, an entry, a plan and an outcome are.
//!
//! Nothing here does anything but hold, name and compare. No I/O, no clock, no decision; every other
//! module speaks in these types. The words are RFC 4287's and RFC 9110's where those have one.

mod cluster;
mod construct;
mod document;
mod entry;
mod event;
mod feed;
mod host;
mod incident;
mod language;
mod moment;
mod outcome;
mod plan;
mod settings;
mod source;
mod state;

pub use cluster::{ClusterId, Edge, Evidence, Placement, Rule, Veto, VetoKind};
pub use construct::{Category, Enclosure, Link, Person, Text, TextKind};
pub use document::{Answer, Document, Freshness, Request, RequestKind, Validators};
pub use entry::{DateOrigin, Entry, EntryId, SourceRef, StoredEntry};
pub use event::Event;
pub use feed::{DeletedEntry, Hints, ParsedEntry, ParsedFeed, Repair, UpdatePeriod};
pub use host::HostState;
pub use incident::{Health, Incident, IncidentKind};
pub use language::Language;
pub use moment::{Moment, Precision};
pub use outcome::{Failure, Outcome, Skip};
pub use plan::{EntryChange, Plan, Revision};
pub use settings::{
    DedupeSettings, FetchSettings, NamedFeed, NotifySettings, PublishSettings, ServeSettings,
    Settings, SiteSettings, StoreSettings, WebSubSettings,
};
pub use source::{
    Activity, Extent, Kind, Limits, Relearn, Robots, Role, Rules, Schedule, Source, SourceId,
    SourceProfile,
};
pub use state::{Move, Pace, Rhythm, SourceState};

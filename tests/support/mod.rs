//! A small world to test in: a site on localhost, the service on a temporary store with a clock moved by hand, and the
//! real binary. Tests read as sentences; none of them sleeps or leaves this machine.

pub mod command;
pub mod feeds;
pub mod newsroom;
pub mod origin;
pub mod site;
pub mod walk;
pub mod world;

pub use command::{Command, Service};
pub use newsroom::Newsroom;
pub use site::Site;
pub use world::World;

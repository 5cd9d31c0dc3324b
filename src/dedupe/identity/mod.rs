//! The same entry of the same source again: told by its guid, its address, its platform's number or what it says.
//!
//! Whether two sources tell the same news is decided elsewhere (`cluster`). What changed in a known entry is judged by
//! `material`.
//!
//! # Why
//!
//! No key is trusted alone. Guids rotate, hosts and paths move, one address serves all entries of a page, feeds number
//! their items by position. So each key proposes, strongest first, and what both entries say must not speak against it;
//! a key that several entries of one document claim proposes nothing. A missed recognition shows news twice, a wrong
//! one hides it: in doubt an entry is new.

mod aliases;
mod doubles;
mod recognize;
mod resemblance;
mod settle;

pub use aliases::aliases;
pub use recognize::{Change, Known, Recognized, recognize};

#[cfg(test)]
mod tests;

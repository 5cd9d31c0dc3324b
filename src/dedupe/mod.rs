//! Whether an entry is the same again, and whether two entries tell the same news.
//!
//! [`identity`] recognizes an entry of one source; [`cluster`] brings entries of several sources together. Both are pure:
//! what they need to know of stored entries is handed to them, and what they decide is returned with its reasons.
//!
//! ```text
//! Entry ─► words ─► fingerprint ─► keys ──► (store: candidates) ──► pair ─► rules and vetoes ─► cluster ─► explain
//! ```

pub mod alignment;
mod beside;
pub mod cluster;
pub mod explain;
pub mod fingerprint;
pub mod flood;
pub mod identity;
pub mod keys;
pub mod material;
pub mod pair;
pub mod restless;
mod retold;
mod rewritten;
pub mod rules;
pub mod statistics;
pub mod titles;
pub mod vetoes;
pub mod words;

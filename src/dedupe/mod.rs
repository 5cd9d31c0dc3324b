//! Whether an entry is the same again, and whether two entries tell the same news.
//!
//! [`identity`] recognizes an entry of one source; [`cluster`] brings entries of several sources together. Both are pure:
//! what they need to know of stored entries is handed to them, and what they decide is returned with its reasons.

pub mod alignment;
pub mod identity;
pub mod material;
pub mod restless;
pub mod titles;
pub mod words;

//! The command line: one file per command. Terminal output is only here.

pub mod check;
pub mod report;
pub mod sources;

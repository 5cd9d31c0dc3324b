//! The command line: one file per command. Terminal output is only here.

pub mod parse;
pub mod report;

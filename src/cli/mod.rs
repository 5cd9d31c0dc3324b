//! The command line: one file per command. Terminal output is only here.

pub mod report;

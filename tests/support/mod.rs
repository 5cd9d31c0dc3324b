//! A small world to test in.

pub mod origin;

//! The pages' own words, in Swedish and English, and which of the two a reader gets.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use chrono::{Datelike, NaiveDate};

use crate::model::Language;

/// A language the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Svenska.
    Swedish,
    /// English.
    English,
}

/// One text of the pages.
macro_rules! words {
    ($($name:ident: $swedish:literal, $english:literal;)*) => {
        /// The pages' own words in one language.
        #[allow(missing_docs, reason = "each word explains itself")]
        pub struct Words { $(pub $name: &'static str,)* }
        const SWEDISH: Words = Words { $($name: $swedish,)* };
        const ENGLISH: Words = Words { $($name: $english,)* };
    };
}

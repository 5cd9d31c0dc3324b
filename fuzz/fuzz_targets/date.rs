//! Any text given to the readers of dates ends without a panic, and what is found stands where it says.

#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use samflode::date::{self, Context};

fuzz_target!(|text: &str| {
    for now in [None, DateTime::from_timestamp(1_795_374_000, 0)] {
        let context = Context {
            now,
            ..Context::default()
        };
        let _ = date::parse(text, &context);
        for found in date::find_all(text, &context) {
            assert!(!text[found.span].is_empty());
        }
        if let Ok(url) = url::Url::parse(text) {
            let _ = date::in_address(&url, &context);
        }
    }
});

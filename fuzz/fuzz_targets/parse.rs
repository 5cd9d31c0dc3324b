//! Any bytes as a feed, and what is read of them as it is printed.
#![no_main]

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use samflode::date::Context;
use samflode::model::Document;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let Ok(address) = Url::parse("https://kommun.example/feed") else { return };
    let document = Document::local(address.clone(), bytes.to_vec(), DateTime::<Utc>::UNIX_EPOCH);
    if let Ok(feed) = samflode::parse::feed(&document, &Context::default()) {
        samflode::cli::parse::to_json(&feed, &address);
    }
});

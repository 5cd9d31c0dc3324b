//! Any bytes given to the reader of feeds end without a panic.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use samflode::date::Context;
use samflode::model::Document;
use samflode::parse;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let address = Url::parse("https://example.org/feed").expect("an address");
    let document = Document::local(address, Bytes::copy_from_slice(bytes), chrono::DateTime::UNIX_EPOCH);
    let _ = parse::feed(&document, &Context::default());
});

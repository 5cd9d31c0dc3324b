//! Any text as a subscription list: what is written of it reads back, and is written again, the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use samflode::parse::opml;

fuzz_target!(|text: &str| {
    let written = opml::write(&opml::read(text));
    assert_eq!(opml::write(&opml::read(&written)), written);
});

//! Any text given to the reader of subscription lists ends without a panic, and what is read can be written.

#![no_main]

use libfuzzer_sys::fuzz_target;
use samflode::parse::opml;

fuzz_target!(|text: &str| {
    let _ = opml::write(&opml::read(text));
});

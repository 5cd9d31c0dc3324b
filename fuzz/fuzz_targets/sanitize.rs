//! Any markup is cleaned to something that is cleaned to itself, and holds nothing active.

#![no_main]

use libfuzzer_sys::fuzz_target;
use samflode::html;
use samflode::model::{Text, TextKind};
use url::Url;

fuzz_target!(|markup: &str| {
    let base = Url::parse("https://example.org/nyheter/").expect("an address");
    let once = html::sanitize(markup, Some(&base));
    assert_eq!(html::sanitize(&once, Some(&base)), once);
    let tags = once.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or(rest));
    for tag in tags {
        let name = tag.split([' ', '/']).next().unwrap_or(tag);
        assert!(!["script", "style", "svg", "math", "iframe", "form", "object"].contains(&name));
        assert!(!tag.contains("href=\"javascript:") && !tag.contains("src=\"data:"));
    }
    for kind in [TextKind::Plain, TextKind::Html, TextKind::Unknown] {
        let text = Text::new(kind, markup);
        let title = html::title(&text);
        assert_eq!(html::visible(&title), title);
        let _ = html::clean(&text, Some(&base));
    }
});

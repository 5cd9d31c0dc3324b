//! The text of one element while it is being read: what kind it is, what markup is in it, what comes out.
//!
//! Atom 1.0 says the kind by `type` (RFC 4287 section 3.1.1), Atom 0.3 by `type` and `mode`, RSS not at all. What
//! stands in the document as elements is written out again as markup, whatever the kind was said to be.

use super::base64;
use super::scope::Scope;
use crate::encoding;
use crate::model::{Text, TextKind};
use crate::parse::attribute::Attributes;
use crate::parse::reference::Entities;

/// Elements that HTML never closes.
const VOID: [&str; 14] = [
    "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "param", "source",
    "track", "wbr",
];

/// Attributes that hold an address.
const ADDRESSES: [&str; 8] = [
    "href",
    "src",
    "cite",
    "action",
    "longdesc",
    "poster",
    "background",
    "data",
];

/// Elements nested deeper are dropped, their characters kept.
const DEEPEST: usize = 200;

/// Longer attributes are dropped: no address or label is that long.
const LONGEST_ATTRIBUTE: usize = 64 * 1024;

/// Text being collected.
#[derive(Debug)]
pub(super) struct Construct {
    text: Text,
    /// Whether `text` holds markup written out, so that further text must be escaped.
    is_markup: bool,
    is_base64: bool,
    /// Whether elements inside are dropped rather than written out.
    is_bare: bool,
    base_depth: usize,
    /// Whether there were characters before the first element inside: what is inside others is then no part of it.
    has_own: bool,
    /// Elements inside that are open.
    depth: usize,
    /// How many elements there were inside.
    elements: usize,
}

impl Construct {
    /// A text that may hold markup; `kind` holds where the attributes do not say.
    pub fn new(kind: TextKind, attributes: &Attributes<'_>, scope: &Scope) -> Self {
        let said = attributes.get("type").unwrap_or_default();
        let said = said.split(';').next().unwrap_or_default().trim();
        let mode = attributes.get("mode").map(str::trim).unwrap_or_default();
        let (kind, is_base64) = kind_of(kind, &said.to_ascii_lowercase(), mode);
        Self {
            text: Text {
                kind,
                value: String::new(),
                base: Some(scope.shared_base()),
                language: scope.language().cloned(),
            },
            is_markup: kind == TextKind::Xhtml,
            is_base64,
            is_bare: false,
            base_depth: scope.base_depth(),
            has_own: false,
            depth: 0,
            elements: 0,
        }
    }

    /// A text of which only the characters count: a date, an address, a number.
    pub fn bare() -> Self {
        Self {
            text: Text::default(),
            is_markup: false,
            is_base64: false,
            is_bare: true,
            base_depth: 0,
            has_own: false,
            depth: 0,
            elements: 0,
        }
    }

    /// Whether only the characters count.
    pub fn is_bare(&self) -> bool {
        self.is_bare
    }

    /// How many elements inside are open.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Adds characters.
    pub fn push(&mut self, text: &str) {
        if self.is_bare && self.depth > 0 && self.has_own {
            return;
        }
        if self.is_markup {
            escape_into(&mut self.text.value, text);
        } else {
            self.text.value.push_str(text);
        }
    }

    /// Adds the start tag of an element inside.
    pub fn open(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        scope: &Scope,
        entities: &mut Entities,
    ) {
        self.depth += 1;
        self.elements += 1;
        if self.is_bare && self.depth == 1 {
            self.has_own = !self.text.value.trim().is_empty();
        }
        if self.is_bare || self.depth > DEEPEST {
            return;
        }
        self.become_markup();
        let value = &mut self.text.value;
        value.push('<');
        value.push_str(name);
        let base = (scope.base_depth() > self.base_depth).then(|| scope.base());
        for (key, raw) in attributes
            .iter()
            .filter(|(key, raw)| !key.starts_with("xml") && raw.len() <= LONGEST_ATTRIBUTE)
        {
            value.push(' ');
            value.push_str(key);
            value.push_str("=\"");
            let decoded = entities.decode(raw);
            match base
                .filter(|_| is_address(key))
                .and_then(|base| base.join(decoded.trim()).ok())
            {
                Some(absolute) => escape_into(value, absolute.as_str()),
                None => escape_into(value, &decoded),
            }
            value.push('"');
        }
        value.push('>');
    }

    /// Adds the end tag of an element inside.
    pub fn close(&mut self, name: &str) {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        if self.is_bare
            || depth > DEEPEST
            || VOID.iter().any(|void| void.eq_ignore_ascii_case(name))
        {
            return;
        }
        self.text.value.push_str("</");
        self.text.value.push_str(name);
        self.text.value.push('>');
    }

    /// The text, where there is any.
    pub fn finish(mut self) -> Option<Text> {
        if self.is_base64 && !self.is_markup {
            self.text.value = base64::decode(&self.text.value)?;
        }
        if self.is_markup && self.text.kind == TextKind::Html && self.elements == 1 {
            self.text.value = escaped_in_div(self.text.value);
        }
        if self.is_markup && self.text.kind != TextKind::Xhtml {
            self.text.kind = TextKind::Html;
        }
        if self.text.kind == TextKind::Xhtml {
            let inner = without_div(self.text.value.trim());
            if inner.len() < self.text.value.len() {
                self.text.value = inner.to_owned();
            }
        }
        trim(&mut self.text.value);
        if self.text.value.is_empty() {
            return None;
        }
        Some(self.text)
    }

    /// Puts characters right that were encoded twice; whether they were.
    pub fn undo_twice(&mut self) -> bool {
        let undone = encoding::undone_twice(&self.text.value);
        let was_twice = undone.is_some();
        if let Some(undone) = undone {
            self.text.value = undone;
        }
        was_twice
    }

    /// The characters alone, without white space around them.
    pub fn into_string(self) -> Option<String> {
        let mut value = self.text.value;
        trim(&mut value);
        (!value.is_empty()).then_some(value)
    }

    /// From the first element on, what is there are no longer plain characters.
    fn become_markup(&mut self) {
        if !self.is_markup {
            self.is_markup = true;
            let plain = std::mem::take(&mut self.text.value);
            escape_into(&mut self.text.value, &plain);
        }
    }
}

/// Takes the white space around a text away without copying it.
fn trim(text: &mut String) {
    text.truncate(text.trim_end().len());
    let start = text.len() - text.trim_start().len();
    if start > 0 {
        text.drain(..start);
    }
}

/// The kind that `type` and `mode` tell, and whether the text is base64.
fn kind_of(otherwise: TextKind, said: &str, mode: &str) -> (TextKind, bool) {
    let is_escaped = mode.eq_ignore_ascii_case("escaped");
    let kind = match said {
        "" => otherwise,
        "text" | "text/plain" | "plain" => TextKind::Plain,
        "html" | "text/html" => TextKind::Html,
        "xhtml" | "application/xhtml+xml" if !is_escaped => TextKind::Xhtml,
        said if said == "xml" || said.ends_with("/xml") || said.ends_with("+xml") => {
            if is_escaped {
                TextKind::Html
            } else {
                TextKind::Xhtml
            }
        }
        said if said.starts_with("text/") || !said.contains('/') => TextKind::Unknown,
        _ => return (TextKind::Unknown, true),
    };
    let is_base64 = mode.eq_ignore_ascii_case("base64");
    // Nobody takes the trouble of base64 for plain text.
    let is_told = !is_base64 || !said.is_empty();
    (if is_told { kind } else { TextKind::Unknown }, is_base64)
}

/// RFC 4287 section 3.1.1.3: the one `div` around XHTML is not part of it.
fn without_div(markup: &str) -> &str {
    let inner = markup
        .strip_prefix("<div")
        .filter(|rest| rest.starts_with(['>', ' ']))
        .and_then(|rest| rest.split_once('>'))
        .and_then(|(_, rest)| rest.strip_suffix("</div>"));
    match inner {
        Some(inner) if is_balanced(inner) => inner.trim(),
        _ => markup,
    }
}

/// Escaped HTML that stands in one inline `div` all the same, as some programs wrote it, is markup with the `div` gone.
fn escaped_in_div(markup: String) -> String {
    let inner = without_div(markup.trim());
    if inner.len() == markup.trim().len() || !inner.contains("&lt;") {
        return markup;
    }
    // What was escaped on writing it out, and nothing else.
    inner
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Whether no `</div>` in it closes a `div` that was opened outside.
fn is_balanced(inner: &str) -> bool {
    let mut depth = 0i64;
    for (at, _) in inner.match_indices("div") {
        let before = &inner[..at];
        depth += match () {
            () if before.ends_with("</") => -1,
            () if before.ends_with('<') => 1,
            () => 0,
        };
        if depth < 0 {
            return false;
        }
    }
    true
}

fn is_address(name: &str) -> bool {
    ADDRESSES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

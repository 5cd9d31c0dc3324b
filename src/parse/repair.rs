//! Named repairs: each a function that makes one kind of broken text readable, and says so only where it changed something.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// A repair: its name, and the text as it should be where it was not.
type Step = (&'static str, fn(&str) -> Option<String>);

/// The names of repairs that changed something.
pub(super) type Names = BTreeSet<&'static str>;

/// Puts right characters that no document may hold, or that mean others than they are.
pub(super) fn characters(text: &str) -> (Cow<'_, str>, Names) {
    let steps: [Step; 2] = [
        ("control-characters", control_characters),
        ("windows-1252-controls", windows_1252_controls),
    ];
    apply(Cow::Borrowed(text), &steps)
}

/// Puts right what makes even a tolerant reading go wrong without its noticing.
pub(super) fn markup(text: Cow<'_, str>) -> (Cow<'_, str>, Names) {
    apply(text, &[("stray-less-than", stray_less_than)])
}

/// Puts right what stopped a reading before the end.
pub(super) fn broken(text: Cow<'_, str>) -> (Cow<'_, str>, Names) {
    let steps: [Step; 4] = [
        ("unclosed-cdata", unclosed_cdata),
        ("unclosed-comment", unclosed_comment),
        ("truncated", cut_tag),
        ("unclosed-quote", unclosed_quote),
    ];
    apply(text, &steps)
}

fn apply<'a>(mut text: Cow<'a, str>, steps: &[Step]) -> (Cow<'a, str>, Names) {
    let mut names = Names::new();
    for (name, step) in steps {
        if let Some(mended) = step(&text) {
            text = Cow::Owned(mended);
            names.insert(*name);
        }
    }
    (text, names)
}

/// Characters that XML 1.0 forbids (section 2.2) are dropped.
fn control_characters(text: &str) -> Option<String> {
    let is_forbidden = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let is_suspect = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Whole blocks at a time, so that the usual document without any is looked over at memory's speed.
    let has_any = text
        .as_bytes()
        .chunks(256)
        .any(|block| block.iter().filter(|byte| is_suspect(byte)).count() > 0);
    has_any.then(|| text.replace(is_forbidden, ""))
}

/// C1 controls in UTF-8 are windows-1252 that was taken for ISO-8859-1 on its way.
fn windows_1252_controls(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_control = |at: usize| {
        bytes
            .get(at + 1)
            .is_some_and(|next| (0x80..0xa0).contains(next))
    };
    memchr::memchr_iter(0xc2, bytes).find(|at| is_control(*at))?;
    let character = |c: char| match c {
        '\u{80}'..='\u{9f}' => crate::encoding::from_windows_1252(c as u8),
        other => other,
    };
    Some(text.chars().map(character).collect())
}

/// A `<` that begins no tag is a less-than sign.
fn stray_less_than(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    let mut sections = Sections::default();
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        let start = at + found;
        at = start + 1;
        let rest = &bytes[at..];
        if let Some(length) = sections.skipped(rest) {
            at += length;
        } else if !begins_tag(rest) {
            let out = out.get_or_insert_with(String::new);
            out.push_str(&text[copied..start]);
            out.push_str("&lt;");
            copied = start + 1;
        }
    }
    let mut out = out?;
    out.push_str(&text[copied..]);
    Some(out)
}

/// Comments, CDATA sections and instructions, in which `<` begins nothing.
///
/// A kind of which one is not closed has no closed one after it, and is not searched for again.
#[derive(Default)]
struct Sections {
    unclosed: [bool; 3],
}

impl Sections {
    /// The length of a section after its `<`.
    fn skipped(&mut self, rest: &[u8]) -> Option<usize> {
        const KINDS: [(&[u8], &[u8]); 3] = [(b"!--", b"-->"), (b"![CDATA[", b"]]>"), (b"?", b"?>")];
        let kind = KINDS
            .iter()
            .position(|(start, _)| rest.starts_with(start))?;
        if self.unclosed[kind] {
            return None;
        }
        let end = KINDS[kind].1;
        let found = memchr::memmem::find(rest, end);
        self.unclosed[kind] = found.is_none();
        Some(found? + end.len())
    }
}

fn begins_tag(rest: &[u8]) -> bool {
    match rest {
        [b'!', next, ..] => matches!(next, b'-' | b'[' | b'D' | b'd' | b'E' | b'A' | b'N'),
        [b'/', next, ..] => is_name_start(*next),
        [b'?', ..] => true,
        [next, ..] => is_name_start(*next),
        [] => true,
    }
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80 || byte == b'_' || byte == b':'
}

/// CDATA sections that nothing closes end before the end tag they were meant to stand in, or with the document.
fn unclosed_cdata(text: &str) -> Option<String> {
    const START: &str = "<![CDATA[";
    let closed = text.rfind("]]>").map_or(0, |at| at + 3);
    let first = closed + text[closed..].find(START)?;
    let mut out = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(start) = rest.find(START) {
        let inside = start + START.len();
        let end = inside + end_of_field(&rest[inside..]);
        out.push_str(&rest[..inside]);
        out.push_str(&rest[inside..end].replace(START, ""));
        out.push_str("]]>");
        rest = &rest[end..];
    }
    out.push_str(rest);
    Some(out)
}

/// Where the first end tag of an element that holds text stands, or the end.
fn end_of_field(text: &str) -> usize {
    const NAMES: [&str; 7] = [
        "description",
        "content:encoded",
        "title",
        "content",
        "summary",
        "item",
        "entry",
    ];
    let ends = text.match_indices("</").map(|(at, _)| at);
    let is_field = |at: &usize| {
        let name = &text[at + 2..];
        NAMES.iter().any(|known| {
            name.strip_prefix(known)
                .is_some_and(|rest| rest.starts_with('>'))
        })
    };
    ends.into_iter().find(is_field).unwrap_or(text.len())
}

/// The marks of comments that nothing closes are dropped; the first of them takes the text up to the next tag along.
fn unclosed_comment(text: &str) -> Option<String> {
    let closed = text.rfind("-->").map_or(0, |at| at + 3);
    let start = closed + text[closed..].find("<!--")?;
    let inside = &text[start + 4..];
    let rest = inside.find('<').map_or("", |next| &inside[next..]);
    Some(format!("{}{}", &text[..start], rest.replace("<!--", "")))
}

/// A tag that the document's end cuts off is dropped.
fn cut_tag(text: &str) -> Option<String> {
    let start = text.rfind('<')?;
    (!text[start..].contains('>')).then(|| text[..start].to_owned())
}

/// A quote that nothing closes, and that so takes the rest of the document into its tag, is closed where the tag ends.
fn unclosed_quote(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut sections = Sections::default();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        at += found + 1;
        if let Some(length) = sections.skipped(&bytes[at..]) {
            at += length;
            continue;
        }
        loop {
            let mark = at + memchr::memchr3(b'>', b'"', b'\'', &bytes[at..])?;
            let quote = bytes[mark];
            at = mark + 1;
            if quote == b'>' {
                break;
            }
            match memchr::memchr(quote, &bytes[at..]) {
                Some(end) => at += end + 1,
                None => {
                    let end = at + memchr::memchr(b'>', &bytes[at..])?;
                    let end = end - usize::from(bytes[end - 1] == b'/');
                    return Some(format!(
                        "{}{}{}",
                        &text[..end],
                        char::from(quote),
                        &text[end..]
                    ));
                }
            }
        }
    }
    None
}

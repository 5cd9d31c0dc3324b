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
pub(super) fn markup(text: &str) -> (Cow<'_, str>, Names) {
    apply(Cow::Borrowed(text), &[("stray-less-than", stray_less_than)])
}

/// Puts right what stopped a reading before the end.
pub(super) fn broken(text: &str) -> (Cow<'_, str>, Names) {
    let steps: [Step; 3] = [
        ("unclosed-cdata", unclosed_cdata),
        ("unclosed-comment", unclosed_comment),
        ("truncated", cut_tag),
    ];
    apply(Cow::Borrowed(text), &steps)
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
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let rest = &bytes[start + 1..];
        if let Some(length) = skipped(rest) {
            at = start + 1 + length;
            continue;
        }
        if !begins_tag(rest) {
            let out = out.get_or_insert_with(String::new);
            out.push_str(&text[copied..start]);
            out.push_str("&lt;");
            copied = start + 1;
        }
        at = start + 1;
    }
    let mut out = out?;
    out.push_str(&text[copied..]);
    Some(out)
}

/// The length of a comment, CDATA section or the like after its `<`: what is in it begins no tag.
fn skipped(rest: &[u8]) -> Option<usize> {
    let end: &[u8] = match rest {
        rest if rest.starts_with(b"!--") => b"-->",
        rest if rest.starts_with(b"![CDATA[") => b"]]>",
        rest if rest.starts_with(b"?") => b"?>",
        _ => return None,
    };
    let found = memchr::memmem::find(rest, end)?;
    Some(found + end.len())
}

fn begins_tag(rest: &[u8]) -> bool {
    match rest {
        [b'!', next, ..] => matches!(next, b'-' | b'[' | b'D' | b'd' | b'E' | b'A' | b'N'),
        [b'/', next, ..] => is_name_start(*next),
        [b'?', ..] => true,
        [next, ..] => is_name_start(*next),
        [] => false,
    }
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80 || byte == b'_' || byte == b':'
}

/// A CDATA section that nothing closes ends before the end tag it was meant to stand in, or with the document.
fn unclosed_cdata(text: &str) -> Option<String> {
    let start = text.rfind("<![CDATA[")?;
    let inside = &text[start..];
    if inside.contains("]]>") {
        return None;
    }
    let ends = [
        "</description>",
        "</content:encoded>",
        "</title>",
        "</content>",
        "</summary>",
        "</item>",
        "</entry>",
    ];
    let end = ends
        .iter()
        .filter_map(|end| inside.find(end))
        .min()
        .unwrap_or(inside.len());
    Some(format!("{}]]>{}", &text[..start + end], &inside[end..]))
}

/// A comment that nothing closes is dropped up to the next tag.
fn unclosed_comment(text: &str) -> Option<String> {
    let start = text.rfind("<!--")?;
    let inside = &text[start + 4..];
    if inside.contains("-->") {
        return None;
    }
    let rest = inside.find('<').map_or("", |next| &inside[next..]);
    Some(format!("{}{rest}", &text[..start]))
}

/// A tag that the document's end cuts off is dropped.
fn cut_tag(text: &str) -> Option<String> {
    let start = text.rfind('<')?;
    (!text[start..].contains('>')).then(|| text[..start].to_owned())
}

//! Bytes to text: what encoding a document is in, and its characters.
//!
//! The order is mark, HTTP charset, declaration, UTF-8, guess (RFC 7303 section 3; HTML: WHATWG "determining the
//! character encoding"). Labels are looked up by the Encoding standard, so `iso-8859-1` means windows-1252, and after it
//! among the code pages that it leaves out. UTF-7 is in neither and is never decoded.
//!
//! # Why
//!
//! A document that calls itself UTF-8 and is not is mostly windows-1252 under another label, but sometimes UTF-8 with
//! one broken entry. Counting decides: where most of its non-ASCII characters are good UTF-8, the bad ones become
//! U+FFFD in place and the other entries stay as they are; otherwise the label is taken to be wrong.

mod code_page;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use self::code_page::CodePage;
use crate::model::Repair;

/// How far into a document its declaration is looked for.
const DECLARATION_REACH: usize = 1024;

/// No encoding has a longer name.
const LONGEST_LABEL: usize = 40;

/// How much of a document the guess looks at: enough for certainty, little enough for 20 MB.
const GUESS_REACH: usize = 256 * 1024;

/// How much text is decoded at a time.
const PIECE: usize = 16 * 1024;

/// A document's characters and how they were come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The characters.
    pub text: String,
    /// The name of the encoding by the Encoding standard.
    pub encoding: &'static str,
    /// What had to be mended: `encoding:windows-1252` where no label, or a wrong one, was given.
    pub repairs: Vec<Repair>,
}

/// The same, borrowed from the bytes wherever these are good UTF-8 as they stand.
#[derive(Debug)]
pub(crate) struct Characters<'a> {
    pub text: Cow<'a, str>,
    pub encoding: &'static str,
    pub repairs: Vec<Repair>,
}

/// Decodes an XML document (or JSON); `charset` is the parameter of its media type.
pub fn decode_xml(bytes: &[u8], charset: Option<&str>) -> Decoded {
    let characters = xml_characters(bytes, charset);
    Decoded {
        text: characters.text.into_owned(),
        encoding: characters.encoding,
        repairs: characters.repairs,
    }
}

/// Decodes an HTML document; `charset` is the parameter of its media type.
pub fn decode_html(bytes: &[u8], charset: Option<&str>) -> Decoded {
    let declared = charset
        .and_then(by_label)
        .or_else(|| declared_in_html(bytes));
    let characters = decode(bytes, declared, WINDOWS_1252);
    Decoded {
        text: characters.text.into_owned(),
        encoding: characters.encoding,
        repairs: characters.repairs,
    }
}

/// Decodes an XML document without copying what is good already.
pub(crate) fn xml_characters<'a>(bytes: &'a [u8], charset: Option<&str>) -> Characters<'a> {
    if let Some(page) = code_page(bytes, charset) {
        return in_code_page(bytes, page);
    }
    let declared = charset
        .and_then(by_label)
        .or_else(|| by_label(declared_in_xml(bytes)?));
    decode(bytes, declared, UTF_8)
}

/// The code page that a document is in, by the first label that means anything.
fn code_page(bytes: &[u8], charset: Option<&str>) -> Option<&'static CodePage> {
    if code_page::is_ebcdic(bytes) {
        let page = code_page::of_declarations();
        let head = page.decode(&bytes[..bytes.len().min(DECLARATION_REACH)]);
        let declared = declared_in_xml(head.as_bytes());
        let said = charset
            .into_iter()
            .chain(declared)
            .find_map(|label| code_page::by_label(label, true));
        return Some(said.unwrap_or(page));
    }
    let mut labels = charset.into_iter().chain(declared_in_xml(bytes));
    let page = labels.find_map(|label| match by_label(label) {
        Some(_) => Some(None),
        None => code_page::by_label(label, false).map(Some),
    })?;
    page.filter(|_| marked(bytes).is_none() && std::str::from_utf8(bytes).is_err())
}

fn in_code_page<'a>(bytes: &[u8], page: &CodePage) -> Characters<'a> {
    Characters {
        text: Cow::Owned(page.decode(bytes)),
        encoding: page.name,
        repairs: vec![Repair(format!("encoding:{}", page.name))],
    }
}

fn decode<'a>(
    bytes: &'a [u8],
    declared: Option<&'static Encoding>,
    otherwise: &'static Encoding,
) -> Characters<'a> {
    if let Some((encoding, rest)) = marked(bytes) {
        return in_encoding(rest, encoding, Vec::new());
    }
    if let Some(wide) = wide_without_mark(bytes) {
        return wide_characters(bytes, wide);
    }
    match declared {
        // Bytes that hold no NUL are not UTF-16, whatever the label says.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => guessed(bytes, otherwise),
        Some(encoding) if encoding != UTF_8 => labelled(bytes, encoding),
        _ => guessed(bytes, otherwise),
    }
}

/// Decodes by a label that is believed, unless the bytes prove it wrong.
fn labelled<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Characters<'a> {
    // What UTF-8 is made of is nothing that anybody writes in windows-1252, in which no byte is wrong.
    let is_wrong = || match encoding == WINDOWS_1252 {
        true => !bytes.is_ascii(),
        false => decoded(bytes, encoding).1,
    };
    match std::str::from_utf8(bytes) {
        Ok(text) if is_wrong() => borrowed(text, vec![named(UTF_8)]),
        _ => in_encoding(bytes, encoding, Vec::new()),
    }
}

/// Decodes what is UTF-8 by its label or by default, or ought to be.
fn guessed<'a>(bytes: &'a [u8], otherwise: &'static Encoding) -> Characters<'a> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return borrowed(text, Vec::new()),
        Err(error) => error,
    };
    if is_mostly_utf_8(bytes) {
        return in_encoding(bytes, UTF_8, vec![Repair("invalid-bytes".into())]);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let start = error.valid_up_to().saturating_sub(GUESS_REACH / 2);
    let end = bytes.len().min(start + GUESS_REACH);
    detector.feed(&bytes[start..end], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let encoding = if guess == UTF_8 { otherwise } else { guess };
    in_encoding(bytes, encoding, vec![named(encoding)])
}

fn borrowed(text: &str, repairs: Vec<Repair>) -> Characters<'_> {
    Characters {
        text: Cow::Borrowed(text),
        encoding: UTF_8.name(),
        repairs,
    }
}

fn in_encoding<'a>(
    bytes: &'a [u8],
    encoding: &'static Encoding,
    repairs: Vec<Repair>,
) -> Characters<'a> {
    Characters {
        text: decoded(bytes, encoding).0,
        encoding: encoding.name(),
        repairs,
    }
}

/// The characters of bytes, and whether any of these were wrong.
///
/// Piece by piece: the room for the worst case at once would be three times the document.
fn decoded<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> (Cow<'a, str>, bool) {
    let is_text = encoding == UTF_8 || (encoding.is_ascii_compatible() && bytes.is_ascii());
    if let Some(text) = is_text.then(|| std::str::from_utf8(bytes).ok()).flatten() {
        return (Cow::Borrowed(text), false);
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len());
    let mut piece = String::with_capacity(PIECE);
    let mut rest = bytes;
    let mut is_wrong = false;
    loop {
        let (result, read, has_replaced) = decoder.decode_to_string(rest, &mut piece, true);
        rest = &rest[read..];
        is_wrong |= has_replaced;
        text.push_str(&piece);
        piece.clear();
        if result == CoderResult::InputEmpty {
            return (Cow::Owned(text), is_wrong);
        }
    }
}

fn named(encoding: &'static Encoding) -> Repair {
    Repair(format!("encoding:{}", encoding.name().to_ascii_lowercase()))
}

/// The encoding of a label; labels the Encoding standard does not know, and those it replaces, say nothing.
fn by_label(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']);
    let known = |label: &str| Encoding::for_label_no_replacement(label.as_bytes());
    known(label)
        .or_else(|| known(&label.replace('_', "-")))
        .or_else(|| known(standard_spelling(label)?.as_str()))
}

/// The standard's spelling of a label that programs have written in their own: `windows1251`, `mac_roman`, `cp932`.
fn standard_spelling(label: &str) -> Option<String> {
    let bare: String = label
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let spelling = match bare.as_str() {
        "cp932" => "shift_jis".to_owned(),
        "cp936" => "gbk".to_owned(),
        "cp949" => "euc-kr".to_owned(),
        "cp950" => "big5".to_owned(),
        _ => match (bare.strip_prefix("windows"), bare.strip_prefix("mac")) {
            (Some(number), _) => format!("windows-{number}"),
            (_, Some(script)) => format!("x-mac-{script}"),
            _ => bare,
        },
    };
    Some(spelling).filter(|spelling| spelling.len() < LONGEST_LABEL)
}

/// Encodings told by a byte order mark, and the bytes after it.
fn marked(bytes: &[u8]) -> Option<(&'static Encoding, &[u8])> {
    if is_utf_32(bytes).is_some() {
        return None;
    }
    let (encoding, length) = Encoding::for_bom(bytes)?;
    let mut rest = &bytes[length..];
    // A mark written twice was seen where a server put its own before a file that had one.
    while encoding == UTF_8 && rest.starts_with(b"\xef\xbb\xbf") {
        rest = &rest[3..];
    }
    Some((encoding, rest))
}

/// An encoding of two or four bytes a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wide {
    TwoBig,
    TwoLittle,
    FourBig,
    FourLittle,
}

fn is_utf_32(bytes: &[u8]) -> Option<Wide> {
    match bytes {
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => Some(Wide::FourBig),
        [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, 0, ..] => Some(Wide::FourLittle),
        _ => None,
    }
}

/// Tells UTF-16 and UTF-32 by the zero bytes of a first `<` or `{` (XML 1.0 appendix F).
fn wide_without_mark(bytes: &[u8]) -> Option<Wide> {
    if let Some(wide) = is_utf_32(bytes) {
        return Some(wide);
    }
    match bytes {
        [0, b'<' | b'{' | b' ' | b'\n' | b'\r', 0, next, ..] if *next != 0 => Some(Wide::TwoBig),
        [b'<' | b'{' | b' ' | b'\n' | b'\r', 0, next, 0, ..] if *next != 0 => Some(Wide::TwoLittle),
        _ => None,
    }
}

fn wide_characters(bytes: &[u8], wide: Wide) -> Characters<'_> {
    let (text, encoding) = match wide {
        Wide::TwoBig => return in_encoding(bytes, UTF_16BE, vec![named(UTF_16BE)]),
        Wide::TwoLittle => return in_encoding(bytes, UTF_16LE, vec![named(UTF_16LE)]),
        Wide::FourBig => (utf_32(bytes, u32::from_be_bytes), "UTF-32BE"),
        Wide::FourLittle => (utf_32(bytes, u32::from_le_bytes), "UTF-32LE"),
    };
    Characters {
        text: Cow::Owned(text),
        encoding,
        repairs: vec![Repair(format!(
            "encoding:{}",
            encoding.to_ascii_lowercase()
        ))],
    }
}

/// The Encoding standard has no UTF-32; old feeds have.
fn utf_32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> String {
    let characters = bytes.chunks(4).map(|four| match <[u8; 4]>::try_from(four) {
        Ok(four) => char::from_u32(number(four)).unwrap_or(char::REPLACEMENT_CHARACTER),
        Err(_) => char::REPLACEMENT_CHARACTER,
    });
    characters.filter(|c| *c != '\u{feff}').collect()
}

/// A text that was UTF-8, was taken for windows-1252 and made UTF-8 of again, as it was at first.
pub(crate) fn undone_twice(text: &str) -> Option<String> {
    // Most texts that are not ASCII show at their first such character that they are none of these.
    let first = text.bytes().position(|byte| !byte.is_ascii())?;
    let mut start = text[first..].chars();
    if !matches!(start.next()?, '\u{c2}'..='\u{f4}') || start.next()?.is_ascii() {
        return None;
    }
    let (bytes, _, has_unmappable) = WINDOWS_1252.encode(text);
    if has_unmappable {
        return None;
    }
    String::from_utf8(bytes.into_owned()).ok()
}

/// The character that a byte is in windows-1252, which HTML takes C1 controls for.
pub(crate) fn from_windows_1252(byte: u8) -> char {
    let text = WINDOWS_1252
        .decode_without_bom_handling(&[byte])
        .0
        .chars()
        .next();
    text.unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Whether more of the non-ASCII sequences are good UTF-8 than bad.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

/// The label that an XML declaration gives, in any single-byte spelling of it.
fn declared_in_xml(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(DECLARATION_REACH)];
    let start = head.windows(5).position(|w| w == b"<?xml")?;
    let end = start + head[start..].windows(2).position(|w| w == b"?>")?;
    let declaration = std::str::from_utf8(&head[start..end]).ok()?;
    let value = declaration.split_once("encoding")?.1;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// The encoding that a `meta` element names in the first 1024 bytes.
fn declared_in_html(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_REACH)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let meta = head.split("<meta").skip(1).find_map(|tag| {
        let tag = tag.split('>').next()?;
        let value = tag.split_once("charset")?.1.trim_start();
        value.strip_prefix('=').map(str::trim_start)
    })?;
    let label = meta.trim_start_matches(['"', '\'']);
    let end = label.find(['"', '\'', ';', ' ', '/']);
    by_label(&label[..end.unwrap_or(label.len())])
}

#[cfg(test)]
mod tests {
    use super::{decode_html, decode_xml};

    fn read(bytes: &[u8], charset: Option<&str>) -> (String, &'static str) {
        let decoded = decode_xml(bytes, charset);
        (decoded.text, decoded.encoding)
    }

    #[test]
    fn the_http_charset_goes_before_the_declaration_and_a_mark_before_both() {
        let latin = b"<?xml version='1.0' encoding='utf-8'?><a>\xe5</a>";
        assert!(read(latin, Some("iso-8859-1")).0.contains("<a>å</a>"));
        let marked = b"\xef\xbb\xbf<a>\xc3\xa5</a>";
        assert_eq!(read(marked, Some("koi8-r")), ("<a>å</a>".into(), "UTF-8"));
    }

    #[test]
    fn a_label_that_fails_gives_way_to_utf_8_that_holds() {
        let (text, encoding) = read("<a>å</a>".as_bytes(), Some("us-ascii-typo"));
        assert_eq!((text.as_str(), encoding), ("<a>å</a>", "UTF-8"));
        let (text, _) = read("<a>日本å</a>".as_bytes(), Some("euc-jp"));
        assert_eq!(text, "<a>日本å</a>");
    }

    #[test]
    fn bytes_of_another_encoding_than_utf_8_are_guessed_and_told() {
        let decoded = decode_xml(b"<a>Upphandling f\xf6r alla p\xe5 \xf6n</a>", None);
        assert_eq!(decoded.text, "<a>Upphandling för alla på ön</a>");
        assert_eq!(decoded.repairs[0].0, "encoding:windows-1252");
    }

    #[test]
    fn one_broken_entry_among_good_ones_is_marked_in_its_place() {
        let bytes = [b"<a>\xff</a>".as_slice(), "<b>åäö</b>".as_bytes()].concat();
        assert_eq!(read(&bytes, None).0, "<a>\u{fffd}</a><b>åäö</b>");
    }

    #[test]
    fn utf_16_and_utf_32_are_told_by_their_zero_bytes() {
        let two: Vec<u8> = "<a>å</a>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(read(&two, None), ("<a>å</a>".into(), "UTF-16BE"));
        let four: Vec<u8> = "<a>å</a>"
            .chars()
            .flat_map(|c| (c as u32).to_le_bytes())
            .collect();
        assert_eq!(read(&four, None), ("<a>å</a>".into(), "UTF-32LE"));
    }

    #[test]
    fn utf_7_is_never_decoded() {
        let (text, _) = read(b"<?xml version='1.0' encoding='utf-7'?><a>+ADw-b</a>", None);
        assert!(text.contains("+ADw-b"));
    }

    #[test]
    fn html_names_its_encoding_in_a_meta_element() {
        let page = b"<html><meta charset=\"iso-8859-2\"><p>\xb3</p>";
        assert!(decode_html(page, None).text.contains('ł'));
        assert!(decode_html(b"<p>\xe5</p>", None).text.contains('å'));
    }
}

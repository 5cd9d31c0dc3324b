//! Content codings (RFC 9110 section 8.4), taken off while a body comes in: never more than is asked for is unpacked.
//!
//! A label is a hint and the octets are the truth, as far as they can tell: text labeled gzip is text, gzip without a label is
//! gzip, and "deflate" is with or without the wrapper of zlib, since both are sent under that name.
//!
//! # Why
//!
//! The HTTP library's own decoding stops after the first member of a gzip body (RFC 1952 section 2.2 allows several), which
//! makes a part look like the whole; it lets Zstandard ask for 128 MiB of window where RFC 9659 allows 8; and it tells a lost
//! connection as a broken coding.

use std::io::{self, Cursor};

use async_compression::tokio::bufread::{
    BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use async_compression::zstd::DParameter;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue};
use tokio::io::{AsyncBufRead, AsyncReadExt, BufReader};

use super::conditional::from_value;

/// What is asked for.
pub(super) const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip, deflate, br, zstd");
/// More layers than this are nobody's honest mistake.
const MOST_LAYERS: usize = 3;
/// 8 MiB, the largest window that RFC 9659 allows.
const ZSTD_WINDOW: u32 = 23;

/// A body on its way in.
pub(super) type Stream = Box<dyn AsyncBufRead + Send + Unpin>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Zlib,
    Deflate,
    Brotli,
    Zstd,
}

/// The codings that a body is labeled with, outermost last. They leave the headers, which then describe the body as it is read.
/// Names that are no coding of ours stay there, and nothing is taken off.
pub(super) fn labels(headers: &mut HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONTENT_ENCODING).iter().map(from_value);
    let names: Vec<String> = values
        .flat_map(|value| {
            let names = value
                .split(',')
                .map(|name| name.trim().to_ascii_lowercase());
            names.collect::<Vec<_>>()
        })
        .filter(|name| !matches!(name.as_str(), "" | "identity" | "none"))
        .collect();
    let is_ours =
        |name: &String| matches!(name.as_str(), "gzip" | "x-gzip" | "deflate" | "br" | "zstd");
    if !names.iter().all(is_ours) || names.len() > MOST_LAYERS {
        return Vec::new();
    }
    if headers.remove(CONTENT_ENCODING).is_some() {
        headers.remove(CONTENT_LENGTH);
    }
    names
}

/// A body without its codings.
pub(super) struct Unpacked {
    pub(super) body: Stream,
    /// Octets that the decoders hold, whatever comes out.
    pub(super) window: usize,
    /// Octets that they and we hold for each octet that comes out.
    pub(super) weight: usize,
}

/// Takes the codings off as the body is read.
pub(super) async fn unpacked(packed: Stream, labels: &[String]) -> io::Result<Unpacked> {
    let mut unpacked = Unpacked {
        body: packed,
        window: 0,
        weight: 1,
    };
    for label in labels.iter().rev() {
        let (head, rest) = peek(unpacked.body).await?;
        unpacked.body = rest;
        if let Some(coding) = recognize(label, &head) {
            unpacked = take_off(unpacked, coding, &head);
        }
    }
    let (head, rest) = peek(unpacked.body).await?;
    unpacked.body = rest;
    Ok(match is_gzip(&head) {
        true => take_off(unpacked, Coding::Gzip, &head),
        false => unpacked,
    })
}

fn take_off(packed: Unpacked, coding: Coding, head: &[u8]) -> Unpacked {
    let Unpacked {
        body,
        mut window,
        mut weight,
    } = packed;
    let body: Stream = match coding {
        Coding::Gzip => {
            let mut decoder = GzipDecoder::new(body);
            decoder.multiple_members(true);
            Box::new(BufReader::new(decoder))
        }
        Coding::Zlib => Box::new(BufReader::new(ZlibDecoder::new(body))),
        Coding::Deflate => Box::new(BufReader::new(DeflateDecoder::new(body))),
        Coding::Brotli => {
            // Taken whole at the start.
            window += brotli_window(head);
            Box::new(BufReader::new(BrotliDecoder::new(body)))
        }
        Coding::Zstd => {
            // Grows with what comes out.
            weight += 1;
            let largest = [DParameter::window_log_max(ZSTD_WINDOW)];
            let mut decoder = ZstdDecoder::with_params(body, &largest);
            decoder.multiple_members(true);
            Box::new(BufReader::new(decoder))
        }
    };
    Unpacked {
        body,
        window,
        weight,
    }
}

/// The size of the window that a Brotli stream asks for in its first bits (RFC 7932 section 9.1).
fn brotli_window(head: &[u8]) -> usize {
    let first = head.first().copied().unwrap_or(0);
    let bits = match (first & 1, first >> 1 & 7, first >> 4 & 7) {
        (0, ..) => 16,
        (_, 0, 0) => 17,
        (_, 0, few) => 8 + few,
        (_, many, _) => 17 + many,
    };
    1 << bits
}

/// The first octets, and the body with them back in front.
async fn peek(mut body: Stream) -> io::Result<(Vec<u8>, Stream)> {
    let mut head = Vec::with_capacity(8);
    (&mut body).take(8).read_to_end(&mut head).await?;
    let whole = Box::new(Cursor::new(head.clone()).chain(body));
    Ok((head, whole))
}

/// What a body is packed with that is labeled so and begins so; `None` for text that is not packed at all.
fn recognize(label: &str, head: &[u8]) -> Option<Coding> {
    if is_gzip(head) {
        return Some(Coding::Gzip);
    }
    if head.is_empty() || is_markup(head) {
        return None;
    }
    Some(match label {
        "deflate" if is_zlib(head) => Coding::Zlib,
        "deflate" => Coding::Deflate,
        "br" => Coding::Brotli,
        "zstd" => Coding::Zstd,
        _ => Coding::Gzip,
    })
}

fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b, 8])
}

/// RFC 1950 section 2.2: deflate with a window of 32 KiB at most, and a check.
fn is_zlib(head: &[u8]) -> bool {
    matches!(head, [method, check, ..]
        if method & 0x0f == 8 && method >> 4 <= 7 && u16::from_be_bytes([*method, *check]).is_multiple_of(31))
}

/// The beginning of a feed or page: eight octets of plain text with a bracket first. No packed body was seen to look so.
fn is_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head);
    let is_text = text
        .iter()
        .all(|octet| (0x20..0x7f).contains(octet) || b"\t\r\n".contains(octet));
    let first = text.iter().find(|octet| !octet.is_ascii_whitespace());
    is_text && matches!(first, Some(b'<' | b'{' | b'['))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labeled(values: &[&'static str]) -> (Vec<String>, HeaderMap) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
        }
        (labels(&mut headers), headers)
    }

    #[test]
    fn known_labels_leave_the_headers_and_foreign_ones_stay() {
        assert_eq!(labeled(&["GZIP", "br, identity"]).0, ["gzip", "br"]);
        assert!(!labeled(&["gzip"]).1.contains_key(CONTENT_ENCODING));
        for foreign in [&["snappy"][..], &["gzip, utf-8"], &["gzip,gzip,gzip,gzip"]] {
            let (names, headers) = labeled(foreign);
            assert!(
                names.is_empty() && headers.contains_key(CONTENT_ENCODING),
                "{foreign:?}"
            );
        }
        let (names, headers) = labeled(&["identity"]);
        assert!(names.is_empty() && !headers.contains_key(CONTENT_ENCODING));
    }

    #[test]
    fn the_window_of_brotli_is_read_from_its_first_bits() {
        for (first, bits) in [
            (0x0c, 16),
            (0x01, 17),
            (0x21, 10),
            (0x71, 15),
            (0x0b, 22),
            (0x0f, 24),
        ] {
            assert_eq!(brotli_window(&[first]), 1 << bits, "{first:#x}");
        }
    }

    #[test]
    fn octets_are_believed_before_labels() {
        for label in ["gzip", "deflate", "br", "zstd"] {
            assert_eq!(recognize(label, b"<?xml ve"), None, "{label}");
            assert_eq!(recognize(label, b"\xef\xbb\xbf <rss"), None, "{label}");
            assert_eq!(
                recognize(label, &[0x1f, 0x8b, 8, 0]),
                Some(Coding::Gzip),
                "{label}"
            );
        }
        assert_eq!(recognize("deflate", &[0x78, 0x9c]), Some(Coding::Zlib));
        assert_eq!(recognize("deflate", &[0xb3, 0xb1]), Some(Coding::Deflate));
    }
}

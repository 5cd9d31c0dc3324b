//! Base64 (RFC 4648 section 4), as Atom 0.3 and 1.0 use it for bodies; only what turns out to be text is kept.

/// The text that base64 stands for; `None` where it is not base64 or not text.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in encoded.bytes().filter(|b| !b.is_ascii_whitespace()) {
        if byte == b'=' {
            break;
        }
        bits = (bits << 6 | sextet(byte)?) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn text_comes_out_and_anything_else_does_not() {
        assert_eq!(
            decode("PHA+SMOl\n bGxiYXI8L3A+").as_deref(),
            Some("<p>Hållbar</p>")
        );
        assert_eq!(decode("not base64!"), None);
        assert_eq!(decode("/////w=="), None);
    }
}

//! Percent-encoding in one form (RFC 3986 section 6.2.2): what need not be encoded is not, and digits are upper case.

/// A path or query in that form. Idempotent: what is decoded is never a percent sign.
pub(super) fn normalize(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'%', rest.as_bytes()) {
        normal.push_str(&rest[..at]);
        rest = &rest[at..];
        let code = rest
            .get(1..3)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(byte)
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') =>
            {
                normal.push(char::from(byte));
                rest = &rest[3..];
            }
            Some(_) => {
                normal.push_str(&rest[..3].to_ascii_uppercase());
                rest = &rest[3..];
            }
            None => {
                normal.push('%');
                rest = &rest[1..];
            }
        }
    }
    normal.push_str(rest);
    normal
}

//! Named repairs of JSON: control characters in strings, commas too many, and a document cut short.

/// The parser goes no deeper.
const DEEPEST: usize = 128;

/// The text with its faults mended, and the name of the repair; `None` where nothing was found to mend.
pub(super) fn mended(text: &str) -> Option<(String, &'static str)> {
    let mut mender = Mender {
        out: String::with_capacity(text.len()),
        open: Vec::new(),
        is_in_string: false,
        is_escaped: false,
        whole: None,
        has_mended: false,
    };
    let paired = without_lone_surrogates(text);
    mender.has_mended = paired.is_some();
    for c in paired.as_deref().unwrap_or(text).chars() {
        mender.take(c);
        if mender.open.len() > DEEPEST {
            return None;
        }
    }
    mender.finish()
}

/// Half a character, which no text can hold, becomes U+FFFD.
fn without_lone_surrogates(text: &str) -> Option<String> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut out: Option<String> = None;
    let (mut at, mut copied) = (0, 0);
    while let Some(found) = memchr::memchr(b'\\', text.as_bytes().get(at..).unwrap_or_default()) {
        let start = at + found;
        at = start + 2;
        match unit(start) {
            Some(0xd800..=0xdbff) if matches!(unit(start + 6), Some(0xdc00..=0xdfff)) => {
                at = start + 12;
            }
            Some(0xd800..=0xdfff) => {
                let out = out.get_or_insert_with(String::new);
                out.push_str(&text[copied..start]);
                out.push_str("\\ufffd");
                (at, copied) = (start + 6, start + 6);
            }
            _ => {}
        }
    }
    let mut out = out?;
    out.push_str(&text[copied..]);
    Some(out)
}

struct Mender {
    out: String,
    /// Closing marks of what is open.
    open: Vec<char>,
    is_in_string: bool,
    is_escaped: bool,
    /// The length of `out` up to the last whole item.
    whole: Option<usize>,
    has_mended: bool,
}

impl Mender {
    fn take(&mut self, c: char) {
        if self.is_in_string {
            return self.in_string(c);
        }
        match c {
            '"' => self.is_in_string = true,
            '{' => self.open.push('}'),
            '[' => self.open.push(']'),
            '}' | ']' => return self.close(c),
            _ => {}
        }
        self.out.push(c);
    }

    fn in_string(&mut self, c: char) {
        match c {
            '\n' | '\r' | '\t' => {
                self.has_mended = true;
                self.out.push_str(if c == '\t' { "\\t" } else { "\\n" });
                self.is_escaped = false;
                return;
            }
            c if c < ' ' => {
                self.has_mended = true;
                return;
            }
            _ if self.is_escaped => self.is_escaped = false,
            '\\' => self.is_escaped = true,
            '"' => self.is_in_string = false,
            _ => {}
        }
        self.out.push(c);
    }

    fn close(&mut self, c: char) {
        let kept = self.out.trim_end().len();
        if self.out[..kept].ends_with(',') {
            self.out.truncate(kept - 1);
            self.has_mended = true;
        }
        if self.open.last() == Some(&c) {
            self.open.pop();
        }
        self.out.push(c);
        if self.open == ['}', ']'] && c == '}' {
            self.whole = Some(self.out.len());
        }
    }

    fn finish(mut self) -> Option<(String, &'static str)> {
        if self.open.is_empty() && !self.is_in_string {
            return self.has_mended.then_some((self.out, "json-syntax"));
        }
        self.out.truncate(self.whole?);
        self.out.push_str("]}");
        Some((self.out, "truncated"))
    }
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn faults_are_mended_and_good_text_is_left_alone() {
        let of = |text| mended(text).map(|(text, name)| format!("{name} {text}"));
        assert_eq!(of("{\"a\":[1]}"), None);
        assert_eq!(
            of("{\"a\":[1, ],}").as_deref(),
            Some("json-syntax {\"a\":[1]}")
        );
        assert_eq!(
            of("{\"a\":\"x\ty\"}").as_deref(),
            Some("json-syntax {\"a\":\"x\\ty\"}")
        );
        let half = of(r#"{"a":"\ud83d \ud83d\ude00 \\ud83d \udc00\"#);
        assert_eq!(half, None, "it does not end");
        let half = of(r#"{"a":"\ud83d \ud83d\ude00 \\ud83d \udc00"}"#);
        let whole = r#"json-syntax {"a":"\ufffd \ud83d\ude00 \\ud83d \ufffd"}"#;
        assert_eq!(half.as_deref(), Some(whole));
        let cut = of("{\"items\":[{\"id\":\"1\"},{\"id\":\"2");
        assert_eq!(
            cut.as_deref(),
            Some("truncated {\"items\":[{\"id\":\"1\"}]}")
        );
    }
}

//! What a document that is no feed looks like, in words for people.

/// Describes bytes that are no feed.
pub(super) fn like(bytes: &[u8], text: &str, root: Option<&str>) -> String {
    if let Some(kind) = binary(bytes) {
        return kind.to_owned();
    }
    let head = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let start: String = head
        .chars()
        .take(512)
        .collect::<String>()
        .to_ascii_lowercase();
    let is_page = start.starts_with("<!doctype html") || start.contains("<html");
    if is_page || root.is_some_and(is_of_html) {
        return "an HTML page".to_owned();
    }
    if let Some(root) = root {
        let root: String = root.chars().take(60).collect();
        return format!("a foreign XML document `<{root}>`");
    }
    if start.starts_with(['{', '[']) {
        return "JSON that is not a JSON Feed".to_owned();
    }
    if start.starts_with('<') {
        return "broken markup without a feed in it".to_owned();
    }
    "plain text".to_owned()
}

/// Whether a page, or a part of one that is sent alone, begins with such an element.
fn is_of_html(name: &str) -> bool {
    const NAMES: [&str; 36] = [
        "a", "article", "aside", "b", "base", "body", "br", "center", "div", "dl", "figure",
        "font", "footer", "form", "h1", "h2", "h3", "h4", "head", "header", "hr", "img", "li",
        "main", "meta", "nav", "ol", "p", "script", "section", "span", "strong", "style", "table",
        "tr", "ul",
    ];
    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Kinds of file that tell themselves by their first bytes.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    let marks: [(&[u8], &str); 9] = [
        (b"\x89PNG", "an image"),
        (b"\xff\xd8\xff", "an image"),
        (b"GIF8", "an image"),
        (b"RIFF", "an image or a sound"),
        (b"%PDF", "a PDF"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\x1f\x8b", "compressed data"),
        (b"\x00\x00\x01\x00", "an icon"),
        (b"ID3", "a sound"),
    ];
    let found = marks.iter().find(|(mark, _)| bytes.starts_with(mark));
    found.map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn each_kind_has_its_name() {
        let named = |bytes: &[u8]| like(bytes, &String::from_utf8_lossy(bytes), None);
        assert_eq!(named(b"\x89PNG\r\n"), "an image");
        assert_eq!(named(b"%PDF-1.7"), "a PDF");
        assert_eq!(named(b"\n<!DOCTYPE HTML><p>"), "an HTML page");
        assert_eq!(like(b"<li>", "<li>", Some("li")), "an HTML page");
        assert_eq!(named(b"{\"a\": 1}"), "JSON that is not a JSON Feed");
        assert_eq!(
            like(b"<svg/>", "<svg/>", Some("svg")),
            "a foreign XML document `<svg>`"
        );
    }
}

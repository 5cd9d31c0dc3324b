//! Markup brought into a shape that a parser reads in one way and in bounded time: well nested, not deep, no more
//! attributes than people write, and nothing but elements that are kept.
//!
//! # Why
//!
//! An HTML parser repairs bad nesting by rules that look back over all open elements and repeat open formatting; a
//! hostile page makes that quadratic (100,000 nested elements, 100,000 unclosed `<font>`, 100,000 attributes). And it
//! does not always read its own output back as the same tree, so cleaning twice would change something. Text is never
//! lost here, except that of scripts and their like.

use super::element;
use super::entity;
use super::pixel;
use super::token::{LONGEST_VALUE, MOST_ATTRIBUTES, Tag, Token, Tokens};

/// Browsers allow 512; no text needs a fraction of it.
const DEEPEST: usize = 100;

/// Text is parted after so many bytes: what writes it out again looks from each `&` to the end of its piece.
const LONGEST_PIECE: usize = 1024;

/// Parts two pieces of text and leaves nothing behind.
const SEAM: &str = "<!---->";

/// Markup in that shape.
pub(super) fn tame(html: &str) -> String {
    let mut shape = Shape {
        out: String::with_capacity(html.len() + html.len() / 8),
        piece_start: 0,
        open: Vec::new(),
    };
    let mut inside_raw = String::new();
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => shape.text(text),
            Token::Start(tag) => {
                inside_raw = tag.name.to_ascii_lowercase();
                shape.start(&tag, &inside_raw);
            }
            Token::End(tag) => shape.end(&tag.name.to_ascii_lowercase()),
            Token::Raw(text) if matches!(inside_raw.as_str(), "textarea" | "title" | "xmp") => {
                shape.text(text)
            }
            Token::Raw(_) => {}
            Token::Cut(text) => shape.cut(text),
        }
    }
    shape.close_to(0);
    shape.out
}

/// Where a text is to be parted: not inside of a character reference.
fn seam(text: &str, room: usize) -> Option<usize> {
    let from = text.ceil_char_boundary(room);
    let ends_reference =
        |character: char| character.is_whitespace() || character == '&' || !character.is_ascii();
    let at = from + text.get(from..)?.find(ends_reference)?;
    (at < text.len()).then_some(at)
}

struct Shape {
    out: String,
    /// Where in `out` the present piece of text began, at the latest.
    piece_start: usize,
    open: Vec<String>,
}

impl Shape {
    fn text(&mut self, text: &str) {
        // Between the parts of a table there is no text; a parser would move it before the table.
        let is_between = self.open.last().is_some_and(|name| {
            matches!(
                name.as_str(),
                "table" | "tbody" | "thead" | "tfoot" | "tr" | "colgroup"
            )
        });
        if is_between && !text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            self.enter_cell();
        }
        let mut rest = text;
        while let Some(at) = seam(rest, self.room()) {
            self.piece(&rest[..at]);
            self.out.push_str(SEAM);
            self.piece_start = self.out.len();
            rest = &rest[at..];
        }
        self.piece(rest);
    }

    /// How much more text the present piece takes.
    fn room(&self) -> usize {
        LONGEST_PIECE.saturating_sub(self.out.len() - self.piece_start)
    }

    fn piece(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
            self.out.push_str(&rest[..at]);
            self.out.push_str("&lt;");
            rest = &rest[at + 1..];
        }
        self.out.push_str(rest);
    }

    fn start(&mut self, tag: &Tag<'_>, name: &str) {
        let name = if name == "image" { "img" } else { name };
        if !element::is_kept(name) {
            return self.part(name);
        }
        if pixel::is_pixel(name, tag) {
            return;
        }
        if element::is_table_part(name) {
            if !self.make_place(name) {
                return;
            }
        } else {
            self.leave_what_ends(name);
        }
        if element::is_void(name) {
            return self.write(tag, name);
        }
        if self.open.len() >= DEEPEST {
            return;
        }
        self.write(tag, name);
        if tag.closes_itself {
            self.write_end(name);
        } else {
            self.open.push(name.to_owned());
        }
    }

    /// Parts the text of a block that is not kept from the next.
    fn part(&mut self, name: &str) {
        let is_part_of_line = element::is_inline(name) || matches!(name, "script" | "style");
        if element::is_known(name) && !is_part_of_line && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    /// Ends what a start tag outside tables' structure ends, and opens a cell where it needs one.
    fn leave_what_ends(&mut self, name: &str) {
        if element::ends_paragraph(name) {
            self.close_nearest(&["p"], &[]);
        }
        let (ended, walls) = element::ends(name);
        if !ended.is_empty() {
            self.close_nearest(ended, walls);
        }
        let is_between = self.open.last().is_some_and(|open| {
            matches!(
                open.as_str(),
                "table" | "tbody" | "thead" | "tfoot" | "tr" | "colgroup"
            )
        });
        if is_between {
            self.enter_cell();
        }
    }

    /// Brings the open elements to where a part of a table may stand; `false` where there is no table.
    fn make_place(&mut self, name: &str) -> bool {
        let Some(table) = self.open.iter().rposition(|open| open == "table") else {
            return false;
        };
        let keep: &[&str] = match name {
            "td" | "th" => &["tbody", "thead", "tfoot", "tr"],
            "tr" => &["tbody", "thead", "tfoot"],
            "col" => &["colgroup"],
            _ => &[],
        };
        let kept = self.open[table + 1..]
            .iter()
            .take_while(|open| keep.contains(&open.as_str()))
            .count();
        self.close_to(table + 1 + kept);
        let above = self.open.last().map_or("", String::as_str).to_owned();
        match name {
            "td" | "th" if above == "table" => self.open_bare(&["tbody", "tr"]),
            "td" | "th" if above != "tr" => self.open_bare(&["tr"]),
            "tr" if above == "table" => self.open_bare(&["tbody"]),
            "col" if above == "table" => self.open_bare(&["colgroup"]),
            _ => {}
        }
        true
    }

    fn enter_cell(&mut self) {
        match self.open.last().map_or("", String::as_str) {
            "table" => self.open_bare(&["tbody", "tr", "td"]),
            "tbody" | "thead" | "tfoot" => self.open_bare(&["tr", "td"]),
            "tr" => self.open_bare(&["td"]),
            "colgroup" => {
                self.close_to(self.open.len() - 1);
                self.open_bare(&["tbody", "tr", "td"]);
            }
            _ => {}
        }
    }

    fn open_bare(&mut self, names: &[&str]) {
        for name in names {
            self.out.push('<');
            self.out.push_str(name);
            self.out.push('>');
            self.open.push((*name).to_owned());
        }
    }

    fn end(&mut self, name: &str) {
        if !element::is_kept(name) {
            return self.part(name);
        }
        let is_structure = element::is_boundary(name) || element::is_table_part(name);
        let place = self.open.iter().rposition(|open| {
            open == name
                || !is_structure && element::is_boundary(open)
                || is_structure && open == "table"
        });
        if let Some(place) = place.filter(|&place| self.open[place] == name) {
            self.close_to(place);
        }
    }

    /// A tag that the text breaks off in is dropped; what only looks like one is text.
    fn cut(&mut self, text: &str) {
        let name = text.trim_start_matches(['<', '/']);
        let end = name
            .find(|character: char| !character.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        if !element::is_known(&name[..end].to_ascii_lowercase()) {
            self.text(text);
        }
    }

    fn close_nearest(&mut self, names: &[&str], walls: &[&str]) {
        for place in (0..self.open.len()).rev() {
            let open = self.open[place].as_str();
            if names.contains(&open) {
                return self.close_to(place);
            }
            if element::is_boundary(open) || walls.contains(&open) {
                return;
            }
        }
    }

    fn close_to(&mut self, length: usize) {
        while self.open.len() > length
            && let Some(name) = self.open.pop()
        {
            self.write_end(&name);
        }
    }

    fn write_end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        self.piece_start = self.out.len();
    }

    fn write(&mut self, tag: &Tag<'_>, name: &str) {
        if tag.is_tame() {
            self.out.push_str(tag.raw);
            self.piece_start = self.out.len();
            return;
        }
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in tag.attributes().take(MOST_ATTRIBUTES) {
            if value.len() <= LONGEST_VALUE {
                self.out.push(' ');
                self.out.push_str(attribute);
                self.out.push_str("=\"");
                self.out.push_str(
                    &entity::decode(value)
                        .replace('&', "&amp;")
                        .replace('"', "&quot;"),
                );
                self.out.push('"');
            }
        }
        self.out.push('>');
        self.piece_start = self.out.len();
    }
}

//! One look at the tags of a document: whether feed-rs would keep all that is in it, and what it drops that is easily kept.
//!
//! Known to be kept are RSS 0.91, 0.92 and 2.0 and Atom 1.0 made of the elements listed here. What is not listed, and
//! bases, languages and namespaces below the root, document types, undeclared entities, deep nesting and long tags, is
//! left to the tolerant reader.
//!
//! # Why
//!
//! feed-rs drops `source`, `skipHours`, `isPermaLink`, `xml:lang`, `rdf:about` and more without a word, and takes
//! `media:title` for the title. A list of what is kept fails safe;
//! a list of what is lost would have to be complete. The walk costs about a twentieth of feed-rs.

use memchr::{memchr, memchr2, memmem};

const DEEPEST: usize = 16;
const LONGEST_TAG: usize = 4096;

/// More tags an entry than this, and feed-rs would take many times the document's memory.
const MOST_TAGS: usize = 40;

/// feed-rs has all it reads in memory before the first entry can be made ours: longer documents are read as they come.
const LONGEST_DOCUMENT: usize = 4 * 1024 * 1024;

/// feed-rs has longer texts in memory several times.
const LONGEST_TEXT: usize = 256 * 1024;

const ATOM: &str = "http://www.w3.org/2005/Atom";

/// Elements of these prefixes say nothing that either reader keeps.
const IDLE: [&str; 6] = ["slash:", "thr:", "georss:", "geo:", "gml:", "openSearch:"];

/// What the tolerant reader and feed-rs call a document's dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Rss,
    Atom,
}

/// What was seen.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Survey {
    pub dialect: Dialect,
    /// How many entries begin.
    pub entries: usize,
    /// Of each entry in order: whether its guid says that it is no address.
    pub is_opaque: Vec<bool>,
    pub update_period: Option<String>,
    pub update_frequency: Option<String>,
    /// The attribute `xml:lang` of the root element.
    pub language: Option<String>,
}

/// Surveys a document; `None` where feed-rs would lose or refuse something.
pub(super) fn survey(text: &str) -> Option<Survey> {
    if text.len() > LONGEST_DOCUMENT || is_encoded_twice(text) {
        return None;
    }
    let mut walk = Walk {
        text,
        at: 0,
        depth: 0,
        dialect: None,
        seen: 0,
        tags: 0,
        has_dublin_core: false,
        has_content: false,
        has_atom: false,
        has_wfw: false,
        survey: Survey {
            dialect: Dialect::Rss,
            entries: 0,
            is_opaque: Vec::new(),
            update_period: None,
            update_frequency: None,
            language: None,
        },
    };
    while walk.step()? {}
    let is_whole = walk.depth == 0 && walk.dialect.is_some();
    let is_bounded = walk.survey.entries <= super::reader::MOST_ENTRIES;
    (is_whole && is_bounded).then_some(walk.survey)
}

/// Whether there is anything that looks as if it had been encoded twice, which feed-rs does not mend.
fn is_encoded_twice(text: &str) -> bool {
    ["Ã", "Â", "â€"]
        .iter()
        .any(|sign| memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    dialect: Option<Dialect>,
    /// Elements of the present entry of which feed-rs keeps the last and we the first.
    seen: u16,
    tags: usize,
    has_dublin_core: bool,
    has_content: bool,
    has_atom: bool,
    has_wfw: bool,
    survey: Survey,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Goes on to the next mark and past it; false at the end, `None` where the document is not for feed-rs.
    fn step(&mut self) -> Option<bool> {
        let rest = self.rest();
        let Some(found) = memchr2(b'<', b'&', rest) else {
            return self.is_blank_here(rest).then_some(false);
        };
        if found > LONGEST_TEXT || !self.is_blank_here(&rest[..found]) {
            return None;
        }
        self.at += found + 1;
        let rest = self.rest();
        if self.text.as_bytes()[self.at - 1] == b'&' {
            self.at += reference(rest)?;
            return (self.depth > 0).then_some(true);
        }
        match rest.first()? {
            b'!' | b'?' => self.skip(rest)?,
            b'/' => {
                self.at += memchr(b'>', rest)? + 1;
                self.depth = self.depth.checked_sub(1)?;
            }
            _ => self.tag(rest)?,
        }
        Some(true)
    }

    /// Outside of the root element there is only white space.
    fn is_blank_here(&self, between: &[u8]) -> bool {
        self.depth > 0 || between.iter().all(u8::is_ascii_whitespace)
    }

    fn skip(&mut self, rest: &[u8]) -> Option<()> {
        let end: &[u8] = match rest {
            rest if rest.starts_with(b"!--") => b"-->",
            rest if rest.starts_with(b"![CDATA[") && self.depth > 0 => b"]]>",
            rest if rest.starts_with(b"?") => b"?>",
            _ => return None,
        };
        let length = memmem::find(rest, end)?;
        self.at += length + end.len();
        (length <= LONGEST_TEXT).then_some(())
    }

    fn tag(&mut self, rest: &[u8]) -> Option<()> {
        let length = tag_length(rest)?;
        let start = self.at;
        self.at += length + 1;
        let tag = self.text.get(start..start + length)?;
        let (tag, is_empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let (name, attributes) = match tag.find(|c: char| c.is_ascii_whitespace()) {
            Some(end) => tag.split_at(end),
            None => (tag, ""),
        };
        if self.is_repeated(name) || !has_plain_references(attributes) {
            return None;
        }
        match self.dialect {
            None => self.root(name, attributes)?,
            Some(_) if has_scope(attributes) => return None,
            Some(Dialect::Rss) => self.rss(name, attributes)?,
            Some(Dialect::Atom) => self.atom(name, attributes)?,
        }
        self.depth += usize::from(!is_empty);
        self.tags += 1;
        let most = MOST_TAGS * (self.survey.entries + 10);
        (self.depth <= DEEPEST && self.tags <= most).then_some(())
    }

    fn root(&mut self, name: &str, attributes: &str) -> Option<()> {
        let dialect = match name {
            "rss" if has_current_version(attributes) => Dialect::Rss,
            "feed" if value_of(attributes, "xmlns") == Some(ATOM) => Dialect::Atom,
            _ => return None,
        };
        let has_default = attributes.contains("xmlns=");
        if attributes.contains("xml:base") || (dialect == Dialect::Rss && has_default) {
            return None;
        }
        self.has_dublin_core =
            is_bound(attributes, "xmlns:dc", "http://purl.org/dc/elements/1.1/")?;
        self.has_content = is_bound(
            attributes,
            "xmlns:content",
            "http://purl.org/rss/1.0/modules/content/",
        )?;
        self.has_wfw = is_bound(
            attributes,
            "xmlns:wfw",
            "http://wellformedweb.org/CommentAPI/",
        )?;
        self.has_atom = is_bound(attributes, "xmlns:atom", ATOM)?;
        self.survey.language = value_of(attributes, "xml:lang").map(str::to_owned);
        self.survey.dialect = dialect;
        self.dialect = Some(dialect);
        Some(())
    }

    fn begin_entry(&mut self) {
        self.survey.entries += 1;
        self.seen = 0;
    }

    fn is_repeated(&mut self, name: &str) -> bool {
        const SINGLE: [&str; 10] = [
            "title",
            "description",
            "guid",
            "pubDate",
            "id",
            "updated",
            "published",
            "summary",
            "content",
            "content:encoded",
        ];
        let Some(at) = SINGLE.iter().position(|single| *single == name) else {
            return false;
        };
        let bit = 1 << at;
        let is_repeated = self.seen & bit != 0;
        self.seen |= bit;
        is_repeated
    }

    fn rss(&mut self, name: &str, attributes: &str) -> Option<()> {
        match name {
            "item" => {
                self.begin_entry();
                self.survey.is_opaque.push(false);
            }
            "guid" => {
                let is_opaque = value_of(attributes, "isPermaLink").is_some_and(|v| v != "true");
                *self.survey.is_opaque.last_mut()? = is_opaque;
            }
            "sy:updatePeriod" => self.survey.update_period = Some(self.value()?.to_owned()),
            "sy:updateFrequency" => self.survey.update_frequency = Some(self.value()?.to_owned()),
            "category" | "cloud" => {}
            "enclosure" => {
                return value_of(attributes, "url")?
                    .starts_with("http")
                    .then_some(());
            }
            // feed-rs reads the links of the feed alone.
            "atom:link" => return (self.has_atom && self.survey.entries == 0).then_some(()),
            _ if !attributes.trim().is_empty() => return None,
            "author" | "managingEditor" => self.person()?,
            "dc:creator" if self.has_dublin_core => self.person()?,
            "content:encoded" if self.has_content => {}
            "channel" | "title" | "link" | "description" | "pubDate" | "language" | "copyright"
            | "lastBuildDate" | "generator" | "docs" | "ttl" | "webMaster" | "comments" => {}
            "wfw:commentRss" if self.has_wfw => {}
            "image" => self.image()?,
            _ if is_idle(name) => {}
            _ => return None,
        }
        Some(())
    }

    fn atom(&mut self, name: &str, attributes: &str) -> Option<()> {
        match name {
            "entry" => self.begin_entry(),
            "author" => self.named_person()?,
            "title" | "subtitle" | "summary" | "content" | "rights" => {
                let is_text = matches!(value_of(attributes, "type"), None | Some("text" | "html"));
                let is_here = value_of(attributes, "src").is_none();
                return (is_text && is_here).then_some(());
            }
            "id" | "updated" | "published" | "name" | "uri" | "email" | "link" | "category"
            | "generator" | "icon" | "logo" => {}
            _ if is_idle(name) => {}
            _ => return None,
        }
        Some(())
    }

    /// The characters up to the next tag.
    fn value(&self) -> Option<&'a str> {
        let end = memchr(b'<', self.rest())?;
        self.text.get(self.at..self.at + end)
    }

    /// Goes past the image of a channel: what is in it is no part of the channel itself.
    fn image(&mut self) -> Option<()> {
        let rest = self.rest();
        let rest = &rest[..rest.len().min(LONGEST_TAG)];
        let end = memmem::find(rest, b"</image>").filter(|_| self.survey.entries == 0)?;
        let inside = self.text.get(self.at..self.at + end)?;
        let is_plain = !inside.contains("<!") && has_plain_references(inside);
        self.at += end;
        is_plain.then_some(())
    }

    /// feed-rs drops a person without a name, and one that is told in a line.
    fn named_person(&self) -> Option<()> {
        let rest = self.rest();
        let rest = &rest[..rest.len().min(LONGEST_TAG)];
        let end = memmem::find(rest, b"</author>")?;
        let has_name = memmem::find(&rest[..end], b"<name>").is_some();
        (has_name && self.value()?.trim().is_empty()).then_some(())
    }

    /// feed-rs takes a line with a mail address apart in its own way, and may panic over it.
    fn person(&self) -> Option<()> {
        let rest = self.rest();
        let rest = &rest[..rest.len().min(LONGEST_TAG)];
        let end = memmem::find(rest, b"</")?;
        memchr(b'@', &rest[..end]).is_none().then_some(())
    }
}

/// The length of a tag up to its `>`, which does not count inside of quotes.
fn tag_length(rest: &[u8]) -> Option<usize> {
    let reach = &rest[..rest.len().min(LONGEST_TAG)];
    let mut at = 0;
    loop {
        let found = at + memchr::memchr3(b'>', b'"', b'\'', &reach[at..])?;
        let byte = reach[found];
        if byte == b'>' {
            let has_stray = memchr(b'<', &reach[..found]).is_some();
            return (!has_stray).then_some(found);
        }
        at = found + 1 + memchr(byte, &reach[found + 1..])? + 1;
    }
}

/// Whether a base, a language or a namespace begins at a tag.
fn has_scope(attributes: &str) -> bool {
    !attributes.is_empty() && (attributes.contains("xml:") || attributes.contains("xmlns"))
}

fn is_idle(name: &str) -> bool {
    IDLE.iter().any(|prefix| name.starts_with(prefix))
}

/// The length of a reference that XML itself knows.
fn reference(rest: &[u8]) -> Option<usize> {
    let known: [&[u8]; 5] = [b"lt;", b"gt;", b"amp;", b"quot;", b"apos;"];
    if let Some(name) = known.iter().find(|name| rest.starts_with(name)) {
        return Some(name.len());
    }
    let digits = rest.strip_prefix(b"#")?;
    let end = memchr(b';', &digits[..digits.len().min(8)])?;
    let number: u32 = std::str::from_utf8(&digits[..end]).ok()?.parse().ok()?;
    // Windows-1252 numbers and forbidden ones need more than feed-rs does.
    let is_plain = matches!(number, 9 | 10 | 13 | 32..=126 | 160..=0xd7ff | 0xe000..=0xfffd);
    is_plain.then_some(end + 2)
}

/// feed-rs leaves all references of a value as they are where it does not know one of them.
fn has_plain_references(attributes: &str) -> bool {
    let bytes = attributes.as_bytes();
    memchr::memchr_iter(b'&', bytes).all(|at| reference(&bytes[at + 1..]).is_some())
}

fn has_current_version(attributes: &str) -> bool {
    matches!(
        value_of(attributes, "version"),
        Some("2.0" | "0.91" | "0.92")
    )
}

/// The value of a double-quoted attribute, as written.
fn value_of<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let start = memmem::find_iter(attributes.as_bytes(), name).find(|at| {
        let before = attributes.as_bytes().get(at.wrapping_sub(1));
        let after = attributes.as_bytes().get(at + name.len());
        before.is_none_or(u8::is_ascii_whitespace)
            && after.is_some_and(|b| matches!(b, b'=' | b' '))
    })?;
    let rest = attributes[start + name.len()..]
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next()
}

/// Whether a prefix is bound; `None` where it is bound to another namespace than the one feed-rs knows.
fn is_bound(attributes: &str, prefix: &str, namespace: &str) -> Option<bool> {
    match value_of(attributes, prefix) {
        None => Some(false),
        Some(bound) => (bound == namespace).then_some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::survey;

    const ITEM: &str = "<item><title>A &amp; B</title><guid isPermaLink=\"false\">1</guid></item>";

    fn rss(inside: &str) -> String {
        format!("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel>{inside}</channel></rss>\n")
    }

    #[test]
    fn a_usual_feed_is_for_feed_rs_and_its_entries_are_counted() {
        let survey = survey(&rss(&format!("{ITEM}{ITEM}"))).map(|s| (s.entries, s.is_opaque));
        assert_eq!(survey, Some((2, vec![true, true])));
    }

    #[test]
    fn a_long_document_is_not() {
        assert!(survey(&rss(&ITEM.repeat(1_000))).is_some());
        assert!(survey(&rss(&ITEM.repeat(70_000))).is_none());
        let long = format!("{}{}", ITEM, " ".repeat(super::LONGEST_DOCUMENT));
        assert_eq!(survey(&rss(&long)), None);
    }

    #[test]
    fn what_feed_rs_would_lose_is_not() {
        for inside in [
            "<skipHours/>",
            "<item><source url=\"x\">y</source></item>",
            "<item xml:lang=\"sv\"/>",
            "<title>&aring;</title>",
            "<title>a < b</title>",
            "<author>a@example.org</author>",
            "<item>",
        ] {
            assert_eq!(survey(&rss(inside)), None, "{inside}");
        }
    }
}

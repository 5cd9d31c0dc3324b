//! Subscription lists in OPML 1.0 and 2.0: read leniently, written strictly.
//!
//! Outlines that name a feed or a page become subscriptions with the groups they stand in; doubles become one. What is
//! written reads back the same. Passwords in addresses are never written (OPML is passed around).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use super::attribute::Attributes;
use super::reference::Entities;
use crate::link;
use crate::model::Language;

/// More unusable addresses than this are not told of.
const MOST_UNUSABLE: usize = 100;

/// Groups deeper than this belong to the last of them.
const DEEPEST_GROUP: usize = 8;

/// The longest name of a group, in octets.
const LONGEST_GROUP: usize = 200;

/// A subscription list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Opml {
    /// Whether the document was OPML at all.
    pub is_opml: bool,
    /// The title in its head.
    pub title: Option<String>,
    /// When it was made; written where given.
    pub created: Option<DateTime<Utc>>,
    /// What it lists, in its order.
    pub subscriptions: Vec<Subscription>,
    /// Addresses in it that nobody can ask, as written, each with the name it stands under; the first of them.
    pub unusable: Vec<(String, String)>,
}

/// One feed or page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subscription {
    /// Its name.
    pub title: Option<String>,
    /// The feed's address.
    pub feed: Option<Url>,
    /// The page for people.
    pub page: Option<Url>,
    /// What it is about.
    pub description: Option<String>,
    /// Its language.
    pub language: Option<Language>,
    /// The groups it stands in, outermost first.
    pub groups: Vec<String>,
}

/// Reads a list whose addresses are absolute.
pub fn read(text: &str) -> Opml {
    read_from(text, None)
}

/// Reads a list; relative addresses in it resolve against `base`.
pub fn read_from(text: &str, base: Option<&Url>) -> Opml {
    let mut reader = Reader {
        base,
        ..Reader::default()
    };
    let mut xml = quick_xml::Reader::from_str(text);
    let config = xml.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    loop {
        match xml.read_event() {
            Ok(Event::Start(tag)) => reader.start(&tag, Form::Open),
            Ok(Event::Empty(tag)) => reader.start(&tag, Form::Empty),
            Ok(Event::End(tag)) => reader.end(tag.local_name().as_ref()),
            Ok(Event::Text(text)) => reader.characters(&text),
            Ok(Event::CData(text)) => reader.characters(&text),
            Ok(Event::GeneralRef(name)) => reader.reference(&name),
            Ok(Event::Eof) | Err(_) => return reader.opml,
            Ok(_) => {}
        }
    }
}

/// Whether a tag has something inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Open,
    Empty,
}

#[derive(Default)]
struct Reader<'a> {
    base: Option<&'a Url>,
    entities: Entities,
    opml: Opml,
    /// Names of the open outlines.
    groups: Vec<String>,
    /// Open outlines beyond the deepest group.
    deeper: usize,
    /// Where each address stands in the list.
    known: HashMap<String, usize>,
    title: Option<String>,
}

impl Reader<'_> {
    fn start(&mut self, tag: &BytesStart<'_>, form: Form) {
        match tag.local_name().as_ref().to_ascii_lowercase().as_str() {
            "opml" => self.opml.is_opml = true,
            "title" if self.opml.title.is_none() && form == Form::Open => {
                self.title = Some(String::new())
            }
            "outline" => self.outline(&Attributes::of(tag), form),
            _ => {}
        }
    }

    fn outline(&mut self, attributes: &Attributes<'_>, form: Form) {
        self.opml.is_opml = true;
        let subscription = self.subscription(attributes);
        let name = subscription.title.clone().unwrap_or_default();
        if subscription.feed.is_some() || subscription.page.is_some() {
            self.add(subscription);
        } else if let Some(address) = self.text(attributes, "xmlUrl")
            && self.opml.unusable.len() < MOST_UNUSABLE
        {
            self.opml.unusable.push((name.clone(), address));
        }
        if form == Form::Open {
            match self.groups.len() < DEEPEST_GROUP {
                true => self.groups.push(
                    name[..name.floor_char_boundary(LONGEST_GROUP)]
                        .trim_end()
                        .to_owned(),
                ),
                false => self.deeper += 1,
            }
        }
    }

    fn subscription(&mut self, attributes: &Attributes<'_>) -> Subscription {
        let kind = self.text(attributes, "type").unwrap_or_default();
        // An inclusion names another list, not a feed.
        let is_inclusion = kind.eq_ignore_ascii_case("include");
        let other = self.text(attributes, "url").filter(|_| !is_inclusion);
        let feed = self.text(attributes, "xmlUrl");
        let page = self.text(attributes, "htmlUrl").or(other);
        let page = page.and_then(|page| self.resolve(&page));
        let feed = feed.and_then(|feed| {
            // In a list without an address of its own, a relative one is meant beside its page.
            let beside = || link::resolve(page.as_ref()?, &feed);
            self.resolve(&feed).or_else(beside)
        });
        Subscription {
            title: self
                .text(attributes, "title")
                .or_else(|| self.text(attributes, "text")),
            feed,
            page,
            description: self.text(attributes, "description"),
            language: self
                .text(attributes, "language")
                .and_then(|tag| Language::new(&tag)),
            groups: self
                .groups
                .iter()
                .filter(|name| !name.is_empty())
                .cloned()
                .collect(),
        }
    }

    /// Adds a subscription, or what it says more than the one of the same address.
    fn add(&mut self, subscription: Subscription) {
        let address = subscription.feed.as_ref().or(subscription.page.as_ref());
        // Those that differ in their passwords alone would be written as one and the same.
        let Some(key) = address.map(|address| link::key(&anonymous(address))) else {
            return;
        };
        match self
            .known
            .get(&key)
            .and_then(|at| self.opml.subscriptions.get_mut(*at))
        {
            Some(known) => {
                known.title = known.title.take().or(subscription.title);
                known.page = known.page.take().or(subscription.page);
                known.language = known.language.take().or(subscription.language);
            }
            None => {
                self.known.insert(key, self.opml.subscriptions.len());
                self.opml.subscriptions.push(subscription);
            }
        }
    }

    fn end(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("title") {
            let title = self.title.take().unwrap_or_default();
            let title = folded(&title);
            self.opml.title = self
                .opml
                .title
                .take()
                .or(Some(title).filter(|title| !title.is_empty()));
        }
        if name.eq_ignore_ascii_case("outline") {
            match self.deeper.checked_sub(1) {
                Some(deeper) => self.deeper = deeper,
                None => drop(self.groups.pop()),
            }
        }
    }

    fn characters(&mut self, text: &str) {
        if let Some(title) = &mut self.title {
            title.push_str(text);
        }
    }

    fn reference(&mut self, name: &str) {
        match self.entities.resolve(name) {
            Some(text) => self.characters(&text),
            None => self.characters(&format!("&{name};")),
        }
    }

    fn text(&mut self, attributes: &Attributes<'_>, name: &str) -> Option<String> {
        let value = self.entities.decode(attributes.get(name)?);
        let value = folded(&value);
        (!value.is_empty()).then_some(value)
    }

    /// `feed:` before an address was a way to make browsers open a feed reader.
    fn resolve(&self, address: &str) -> Option<Url> {
        let address = match address.strip_prefix("feed:") {
            Some(rest) if rest.starts_with("//") => format!("http:{rest}"),
            Some(rest) => rest.to_owned(),
            None => address.to_owned(),
        };
        match self.base {
            Some(base) => link::resolve(base, &address),
            None => Url::parse(&address)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https")),
        }
    }
}

/// Writes a list as OPML 2.0.
pub fn write(opml: &Opml) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n",
    );
    if let Some(title) = &opml.title {
        out.push_str(&format!("    <title>{}</title>\n", escaped(title)));
    }
    if let Some(created) = &opml.created {
        out.push_str(&format!(
            "    <dateCreated>{}</dateCreated>\n",
            created.to_rfc2822()
        ));
    }
    out.push_str("  </head>\n  <body>\n");
    let mut open: &[String] = &[];
    for subscription in &opml.subscriptions {
        change_groups(&mut out, open, &subscription.groups);
        open = &subscription.groups;
        write_subscription(&mut out, subscription);
    }
    change_groups(&mut out, open, &[]);
    out.push_str("  </body>\n</opml>\n");
    out
}

/// Closes the groups that end and opens those that begin.
fn change_groups(out: &mut String, from: &[String], to: &[String]) {
    let common = from.iter().zip(to).take_while(|(a, b)| a == b).count();
    for depth in (common..from.len()).rev() {
        out.push_str(&format!("{}</outline>\n", indent(depth)));
    }
    for (depth, name) in to.iter().enumerate().skip(common) {
        out.push_str(&format!(
            "{}<outline text=\"{}\">\n",
            indent(depth),
            escaped(name)
        ));
    }
}

fn write_subscription(out: &mut String, subscription: &Subscription) {
    let address = |url: &Option<Url>| url.as_ref().map(|url| String::from(anonymous(url)));
    let feed = address(&subscription.feed);
    let page = address(&subscription.page);
    let title = subscription
        .title
        .clone()
        .or_else(|| feed.clone())
        .or_else(|| page.clone());
    let kind = if feed.is_some() { "rss" } else { "link" };
    let page_name = if feed.is_some() { "htmlUrl" } else { "url" };
    let attributes = [
        ("text", title.clone()),
        ("title", title),
        ("type", Some(kind.to_owned())),
        ("xmlUrl", feed),
        (page_name, page),
        ("description", subscription.description.clone()),
        (
            "language",
            subscription.language.as_ref().map(ToString::to_string),
        ),
    ];
    out.push_str(&indent(subscription.groups.len()));
    out.push_str("<outline");
    for (name, value) in attributes {
        if let Some(value) = value {
            out.push_str(&format!(" {name}=\"{}\"", escaped(&value)));
        }
    }
    out.push_str("/>\n");
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth + 2)
}

/// An address without the name and the password in it.
fn anonymous(url: &Url) -> Url {
    let mut url = url.clone();
    // Only addresses without a host refuse this, and those hold no password.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url
}

/// Text in one line, characters that XML forbids left out first: the space on both sides of one is one space.
fn folded(text: &str) -> String {
    let allowed = |c: char| match c {
        '\u{fffe}' | '\u{ffff}' => false,
        _ => c.is_whitespace() || !c.is_control(),
    };
    let allowed: String = text.chars().filter(|c| allowed(*c)).collect();
    allowed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text that is well-formed in an attribute.
fn escaped(text: &str) -> String {
    escape(folded(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Opml, read, read_from, write};
    use url::Url;

    fn feeds(opml: &Opml) -> Vec<(&str, String)> {
        let name =
            |s: &super::Subscription| s.feed.as_ref().or(s.page.as_ref()).map(Url::to_string);
        let line = |s| {
            (
                super::Subscription::title_of(s),
                name(s).unwrap_or_default(),
            )
        };
        opml.subscriptions.iter().map(line).collect()
    }

    impl super::Subscription {
        fn title_of(&self) -> &str {
            self.title.as_deref().unwrap_or_default()
        }
    }

    #[test]
    fn nested_groups_relative_and_broken_lists_are_read() {
        let text = "<opml version='1.1'><head><title>Våra &amp; andras</title></head><body>
            <outline text='Myndigheter'><outline text='Stat'>
            <outline text='A & B' xmlUrl='https://a.example/rss?x=1&y=2' htmlUrl='https://a.example/'/>
            <outline title='Relativ' xmlurl='/c.xml'></outline></outline>
            <outline text='Dubbel' xmlUrl='http://www.a.example/rss?x=1&amp;y=2'/>
            <outline text='Gammal' xmlUrl='feed://d.example/rss'/>
            <outline text='Lista' type='include' url='https://e.example/lista.opml'/>";
        let base = Url::parse("https://b.example/x/").ok();
        let opml = read_from(text, base.as_ref());
        assert_eq!(opml.title.as_deref(), Some("Våra & andras"));
        let expected = [
            ("A & B", "https://a.example/rss?x=1&y=2"),
            ("Relativ", "https://b.example/c.xml"),
            ("Gammal", "http://d.example/rss"),
        ];
        assert_eq!(
            feeds(&opml),
            expected.map(|(title, url)| (title, url.to_owned()))
        );
        let alone = read(
            "<opml><outline text='A' xmlUrl='rss.xml' htmlUrl='https://a.example/nytt/'/>
            <outline text='B' xmlUrl='/rss.xml'/><outline text='C' xmlUrl='ht!tp://c'/>",
        );
        let found = [("A", "https://a.example/nytt/rss.xml".to_owned())];
        assert_eq!(feeds(&alone), found);
        let unusable = [("B", "/rss.xml"), ("C", "ht!tp://c")];
        assert_eq!(
            alone.unusable,
            unusable.map(|(name, address)| (name.into(), address.into()))
        );
        assert_eq!(opml.subscriptions[1].groups, ["Myndigheter", "Stat"]);
        assert_eq!(opml.subscriptions[2].groups, ["Myndigheter"]);
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let text = "<opml><body><outline text='G &quot;1&quot;'><outline text='x' xmlUrl='https://u:p@x.example/' language='sv'/>
            <outline text='H'><outline text='sida' type='link' url='https://y.example/'/></outline></outline></body></opml>";
        let first = write(&read(text));
        assert!(!first.contains("u:p@"), "{first}");
        assert_eq!(write(&read(&first)), first);
        assert_eq!(read(&first).subscriptions.len(), 2);
        let long = "lång ".repeat(60);
        let odd = format!(
            "<opml><head><title>a \u{1} b</title></head><body><outline text='{long}'>
            <outline text='&#7; x &#8; y' xmlUrl='https://anna@x.example/'/>
            <outline xmlUrl='https://bo@x.example/'/></outline></body></opml>"
        );
        let first = write(&read(&odd));
        assert!(first.contains("<title>a b</title>") && first.contains("\"x y\""));
        assert_eq!(write(&read(&first)), first);
    }

    #[test]
    fn many_and_deep_outlines_are_no_burden() {
        let many: String = (0..10_000)
            .map(|n| format!("<outline text='{n}' xmlUrl='https://x.example/{n}'/>"))
            .collect();
        assert_eq!(
            read(&format!("<opml><body>{many}")).subscriptions.len(),
            10_000
        );
        let deep = format!(
            "<opml>{}<outline text='x' xmlUrl='https://x.example/'/>",
            "<outline text='g'>".repeat(1_000)
        );
        assert_eq!(read(&deep).subscriptions[0].groups.len(), 8);
        assert!(!read("<html>").is_opml);
    }
}

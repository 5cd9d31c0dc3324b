//! What an element's name means: its vocabulary by namespace or, failing that, by prefix, and the field it fills.
//!
//! # Why
//!
//! RSS in all its versions, Atom 0.3 and 1.0 and CDF share one vocabulary here, as their names agree wherever they mean
//! the same thing. A feed that mixes them, uses another dialect's namespace or none at all is read all the same.

/// Longer than any namespace that we know.
const LONGEST_NAMESPACE: usize = 200;

/// Longer than any prefix in use.
pub(super) const LONGEST_PREFIX: usize = 64;

/// A namespace that feeds use, whatever it is called in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// RSS, Atom, CDF and whatever is the default namespace of the document.
    Core,
    Content,
    DublinCore,
    Terms,
    Media,
    Itunes,
    Feedburner,
    Syndication,
    Wfw,
    Tombstone,
    Xhtml,
    /// Known or unknown, but nothing that we read.
    Other,
}

impl Vocabulary {
    /// The vocabulary of a namespace name; these are told apart without regard to case or a last slash.
    pub fn of_namespace(name: &str) -> Option<Self> {
        let name = Some(name).filter(|name| name.len() <= LONGEST_NAMESPACE)?;
        let name = name
            .trim()
            .trim_end_matches(['/', '#'])
            .to_ascii_lowercase();
        let rest = name
            .strip_prefix("http://")
            .or_else(|| name.strip_prefix("https://"))
            .unwrap_or(&name);
        Some(match rest {
            "www.w3.org/2005/atom"
            | "purl.org/atom/ns"
            | "purl.org/rss/1.0"
            | "backend.userland.com/rss"
            | "backend.userland.com/rss2"
            | "blogs.law.harvard.edu/tech/rss"
            | "cyber.law.harvard.edu/rss"
            | "my.netscape.com/rdf/simple/0.9"
            | "channel.netscape.com/rdf/simple/0.9"
            | "purl.org/rss/1.0/modules/rss091"
            | "purl.org/net/rss1.1"
            | "example.com/newformat"
            | "example.com/necho"
            | "purl.org/echo"
            | "uri/of/echo/namespace"
            | "purl.org/pie" => Self::Core,
            "purl.org/rss/1.0/modules/content" => Self::Content,
            "purl.org/dc/elements/1.1"
            | "purl.org/dc/elements/1.0"
            | "purl.org/metadata/dublin_core" => Self::DublinCore,
            "purl.org/dc/terms" => Self::Terms,
            "search.yahoo.com/mrss" | "video.search.yahoo.com/mrss" => Self::Media,
            "www.itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => {
                Self::Itunes
            }
            "rssnamespace.org/feedburner/ext/1.0" => Self::Feedburner,
            "purl.org/rss/1.0/modules/syndication" => Self::Syndication,
            "wellformedweb.org/commentapi" => Self::Wfw,
            "purl.org/atompub/tombstones/1.0" => Self::Tombstone,
            "www.w3.org/1999/xhtml" => Self::Xhtml,
            "www.w3.org/1999/02/22-rdf-syntax-ns" => Self::Core,
            "purl.org/rss/1.0/modules/slash"
            | "purl.org/syndication/thread/1.0"
            | "purl.org/syndication/history/1.0"
            | "webns.net/mvcb"
            | "www.georss.org/georss"
            | "www.w3.org/2000/svg"
            | "www.w3.org/1998/math/mathml" => Self::Other,
            _ => return None,
        })
    }

    /// The vocabulary that a prefix stands for by custom, where its namespace is missing or unknown.
    pub fn of_prefix(prefix: &str) -> Self {
        if prefix.len() > LONGEST_PREFIX {
            return Self::Other;
        }
        match prefix.to_ascii_lowercase().as_str() {
            "" | "rss" | "atom" | "atom10" | "atom03" | "rdf" | "a10" | "cdf" => Self::Core,
            "content" => Self::Content,
            "dc" => Self::DublinCore,
            "dcterms" | "dct" => Self::Terms,
            "media" => Self::Media,
            "itunes" => Self::Itunes,
            "feedburner" => Self::Feedburner,
            "sy" => Self::Syndication,
            "wfw" => Self::Wfw,
            "at" => Self::Tombstone,
            "xhtml" | "html" => Self::Xhtml,
            _ => Self::Other,
        }
    }
}

/// What an element is for. Where two names mean the same, the number tells which goes before: 0 is the proper one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// `rss` and `rdf:RDF`.
    Root,
    /// What is in them is read as if they were not there.
    Wrapper,
    Feed,
    Entry,
    Title(u8),
    Link,
    Guid,
    Id,
    OriginalLink,
    /// A short text; markup unless it says otherwise.
    Description(u8),
    /// A short text by Atom's rules.
    Summary(u8),
    Subtitle(u8),
    /// A body by Atom's rules.
    Content,
    /// A body that is escaped markup.
    Encoded(u8),
    /// A body of inline XHTML.
    Body(u8),
    Published(u8),
    Updated(u8),
    /// `dc:date`: the only date in RSS 1.0, a later one beside `pubDate`.
    Date,
    Author,
    /// A person's name alone.
    Creator,
    /// A person who is not the author: read past.
    OtherPerson,
    Category,
    Keywords,
    /// The same, in no scheme.
    Words,
    /// A category told in the attribute `text`.
    CategoryByText,
    Enclosure,
    Source,
    Comments,
    CommentFeed,
    Image,
    ImageByHref,
    Thumbnail,
    MediaContent,
    MediaGroup,
    Logo(u8),
    Rights(u8),
    Language(u8),
    Generator,
    Ttl,
    SkipHours,
    SkipDays,
    Hour,
    Day,
    UpdatePeriod,
    UpdateFrequency,
    TextInput,
    Deleted,
    Name,
    Email,
    Uri,
    /// Nothing that we read.
    Other,
}

/// The field that an element fills.
pub(super) fn field(vocabulary: Vocabulary, local: &str) -> Field {
    let mut buffer = [0u8; 20];
    let Some(lower) = buffer.get_mut(..local.len()) else {
        return Field::Other;
    };
    lower.copy_from_slice(local.as_bytes());
    lower.make_ascii_lowercase();
    let lower: &[u8] = lower;
    match vocabulary {
        Vocabulary::Core => core(lower),
        Vocabulary::DublinCore => dublin_core(lower),
        Vocabulary::Terms => terms(lower),
        Vocabulary::Media => media(lower),
        Vocabulary::Itunes => itunes(lower),
        _ => rest(vocabulary, lower),
    }
}

fn core(local: &[u8]) -> Field {
    match local {
        b"rss" | b"rdf" => Field::Root,
        b"items" | b"seq" | b"li" => Field::Wrapper,
        b"feed" | b"channel" => Field::Feed,
        b"item" | b"entry" | b"product" => Field::Entry,
        b"title" => Field::Title(0),
        b"link" => Field::Link,
        b"guid" => Field::Guid,
        b"id" => Field::Id,
        b"description" => Field::Description(0),
        b"abstract" => Field::Description(1),
        b"summary" => Field::Summary(0),
        b"subtitle" | b"tagline" => Field::Subtitle(0),
        b"info" => Field::Subtitle(4),
        b"content" => Field::Content,
        b"fullitem" => Field::Encoded(2),
        b"body" => Field::Body(3),
        b"pubdate" | b"published" | b"issued" => Field::Published(0),
        b"created" => Field::Published(4),
        b"updated" | b"modified" | b"lastbuilddate" | b"lastmod" => Field::Updated(0),
        b"author" | b"managingeditor" => Field::Author,
        b"contributor" | b"webmaster" => Field::OtherPerson,
        b"category" => Field::Category,
        b"keywords" | b"tags" => Field::Words,
        b"enclosure" => Field::Enclosure,
        b"source" => Field::Source,
        b"comments" => Field::Comments,
        b"image" => Field::Image,
        b"logo" => Field::Logo(0),
        b"icon" => Field::Logo(2),
        b"rights" | b"copyright" => Field::Rights(0),
        b"language" => Field::Language(0),
        b"generator" => Field::Generator,
        b"ttl" => Field::Ttl,
        b"skiphours" => Field::SkipHours,
        b"skipdays" => Field::SkipDays,
        b"hour" => Field::Hour,
        b"day" => Field::Day,
        b"textinput" => Field::TextInput,
        b"deleted-entry" => Field::Deleted,
        b"name" => Field::Name,
        b"email" => Field::Email,
        b"uri" | b"url" | b"homepage" => Field::Uri,
        _ => Field::Other,
    }
}

fn dublin_core(local: &[u8]) -> Field {
    match local {
        b"title" => Field::Title(1),
        b"description" => Field::Description(2),
        b"creator" | b"author" => Field::Creator,
        b"date" => Field::Date,
        b"subject" => Field::Category,
        b"rights" => Field::Rights(1),
        b"language" => Field::Language(1),
        _ => Field::Other,
    }
}

fn terms(local: &[u8]) -> Field {
    match local {
        b"issued" => Field::Published(1),
        b"created" => Field::Published(3),
        b"modified" => Field::Updated(1),
        b"abstract" => Field::Description(4),
        other => match dublin_core(other) {
            Field::Date => Field::Other,
            field => field,
        },
    }
}

fn media(local: &[u8]) -> Field {
    match local {
        b"title" => Field::Title(3),
        b"description" => Field::Description(5),
        b"thumbnail" => Field::Thumbnail,
        b"content" => Field::MediaContent,
        b"group" => Field::MediaGroup,
        b"category" => Field::Category,
        b"keywords" => Field::Keywords,
        _ => Field::Other,
    }
}

fn itunes(local: &[u8]) -> Field {
    match local {
        b"title" => Field::Title(2),
        b"summary" => Field::Description(3),
        b"subtitle" => Field::Description(6),
        b"author" => Field::Creator,
        b"owner" => Field::OtherPerson,
        b"image" => Field::ImageByHref,
        b"category" => Field::CategoryByText,
        b"keywords" => Field::Keywords,
        _ => Field::Other,
    }
}

fn rest(vocabulary: Vocabulary, local: &[u8]) -> Field {
    match (vocabulary, local) {
        (Vocabulary::Content, b"encoded") => Field::Encoded(0),
        (Vocabulary::Xhtml, b"body") => Field::Body(1),
        (Vocabulary::Xhtml, b"div") => Field::Body(4),
        (Vocabulary::Feedburner, b"origlink") => Field::OriginalLink,
        (Vocabulary::Syndication, b"updateperiod") => Field::UpdatePeriod,
        (Vocabulary::Syndication, b"updatefrequency") => Field::UpdateFrequency,
        (Vocabulary::Wfw, b"commentrss") => Field::CommentFeed,
        (Vocabulary::Tombstone, b"deleted-entry") => Field::Deleted,
        _ => Field::Other,
    }
}

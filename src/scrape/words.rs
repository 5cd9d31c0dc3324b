//! The vocabulary of news pages: what is decoration, what class names and headings promise.
//!
//! Swedish, Norwegian, Danish and English, and the commonest German, French and Finnish. Words are compared in lower
//! case; class names are cut into their words first.

use super::tree::{Id, Tree};

/// What a class name or a heading promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    Title,
    Date,
    Summary,
    Label,
    Photo,
}

const HINTS: &[(Hint, &[&str])] = &[
    (
        Hint::Date,
        &[
            "date",
            "datum",
            "dato",
            "time",
            "timestamp",
            "pubdate",
            "published",
            "publicerad",
            "publisert",
            "tid",
            "postdate",
            "datetime",
            "day",
        ],
    ),
    (
        Hint::Photo,
        &[
            "caption",
            "credit",
            "credits",
            "photo",
            "photographer",
            "fotograf",
            "foto",
            "bildtext",
            "byline",
            "image",
            "img",
            "media",
            "figure",
            "bild",
            "bilde",
            "picture",
            "thumb",
            "thumbnail",
            "icon",
            "ikon",
        ],
    ),
    (
        Hint::Label,
        &[
            "label",
            "tag",
            "tags",
            "category",
            "categories",
            "kategori",
            "kategorier",
            "badge",
            "type",
            "etikett",
            "kicker",
            "eyebrow",
            "topic",
            "topics",
            "meta",
            "author",
            "user",
            "writer",
            "views",
            "share",
            "readmore",
            "more",
            "cta",
            "button",
            "btn",
            "comments",
            "footer",
            "subject",
            "pill",
            "chip",
            "amne",
            "tema",
        ],
    ),
    (
        Hint::Title,
        &[
            "title",
            "rubrik",
            "heading",
            "headline",
            "tittel",
            "overskrift",
            "titel",
            "hdl",
        ],
    ),
    (
        Hint::Summary,
        &[
            "summary",
            "lead",
            "ingress",
            "excerpt",
            "intro",
            "preamble",
            "description",
            "abstract",
            "desc",
            "manchet",
            "teaser",
            "text",
            "body",
            "content",
            "dek",
            "puff",
        ],
    ),
];

/// The hint that a class gives by its words; the last word says most.
pub(super) fn hint(class: &str) -> Option<Hint> {
    let words = class_words(class);
    words.iter().rev().find_map(|word| {
        HINTS
            .iter()
            .find(|(_, names)| names.contains(&word.as_str()))
            .map(|(hint, _)| *hint)
    })
}

/// The marks of an element that people write for their own use: classes, test hooks, properties.
pub(super) fn marks(tree: &Tree, id: Id) -> impl Iterator<Item = &str> {
    ["data-hook", "data-testid", "data-qa", "itemprop"]
        .iter()
        .filter_map(move |name| tree.attribute(id, name))
        .flat_map(str::split_ascii_whitespace)
        .chain(tree.classes(id))
}

/// Whether a mark of the element gives one of the hints.
pub(super) fn is_marked(tree: &Tree, id: Id, hints: &[Hint]) -> bool {
    marks(tree, id).any(|mark| hint(mark).is_some_and(|hint| hints.contains(&hint)))
}

/// The words of a class name: `newsItem__title--big` is `news item title big`.
pub(super) fn class_words(class: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in class.chars().take(80) {
        let starts_word = !c.is_alphabetic() || (c.is_uppercase() && was_lower);
        if starts_word && words.last().is_some_and(|w| !w.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

const DECORATION: &[&str] = &[
    "press",
    "pressmeddelande",
    "pressmeddelanden",
    "pressemelding",
    "pressemelding",
    "pressemeddelelse",
    "press release",
    "nyhet",
    "nyheter",
    "nyhed",
    "nyheder",
    "news",
    "artikel",
    "artikkel",
    "aktuellt",
    "aktuelt",
    "blogg",
    "blog",
    "debatt",
    "debattartikel",
    "kalender",
    "event",
    "rapport",
    "publikation",
    "news-icon",
    "news icon",
    "icon",
    "ikon",
    "arkiv",
    "archive",
    "rss",
    "rss-flöde",
    "rss-feed",
    "flödesposter",
    "feed-image",
    "feed-image flödesposter",
    "prenumerera",
    "dela",
    "share",
    "skriv ut",
    "print",
    "lyssna",
    "foto",
    "photo",
    "bild",
    "ny",
    "new",
    "läs",
    "les",
    "video",
    "pdf",
    "extern länk",
    "external link",
    "öppnas i nytt fönster",
    "notis",
    "pressmelding",
    "kommentera",
    "facebook",
    "twitter",
    "linkedin",
    "e-post",
    "mail",
    "fler nyheter",
    "alla nyheter",
    "visa fler",
    "till toppen",
    "tillbaka",
    "back",
    "publicerad",
    "publisert",
    "published",
    "senast uppdaterad",
    "updated",
    "–",
    "|",
    "·",
    "•",
    "»",
    "›",
    "→",
    ">",
    "-",
    "/",
];

const MORE: &[&str] = &[
    "läs mer",
    "läs hela",
    "läs vidare",
    "läs artikel",
    "läs nyhet",
    "läs pressmeddelande",
    "läs om",
    "les mer",
    "les meir",
    "les hele",
    "les heile",
    "les videre",
    "les artikkel",
    "les saken",
    "læs mere",
    "læs hele",
    "læs videre",
    "read more",
    "read the",
    "read full",
    "read article",
    "read on",
    "continue reading",
    "fortsätt läs",
    "fortsett å lese",
    "fortsæt",
    "visa mer",
    "visa fler",
    "vis mer",
    "vis flere",
    "show more",
    "see more",
    "learn more",
    "more info",
    "view more",
    "weiterlesen",
    "mehr lesen",
    "mehr erfahren",
    "lire la suite",
    "lire plus",
    "en savoir plus",
    "lue lisää",
    "mer information",
    "mer info",
    "till artikeln",
    "till nyheten",
    "gå till",
    "gå til",
    "se mer",
    "mer om",
    "more about",
    "full story",
];

/// Whether a text is no news but decoration: a label, "Läs mer", an icon's name.
pub(super) fn is_decoration(text: &str) -> bool {
    if text.chars().count() > 60 {
        return false;
    }
    let text = text.to_lowercase();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    text.is_empty() || DECORATION.contains(&text) || is_more_folded(text)
}

/// Whether a text is the name of a kind of news, as labels carry it.
pub(super) fn is_label(text: &str) -> bool {
    text.chars().count() <= 30 && !text.trim().is_empty() && is_decoration(text)
}

/// What follows the call to read on: "Läs mer: Nya krav" is about "Nya krav"; a text without a call is all of it.
pub(super) fn without_more(text: &str) -> String {
    let lower = text.to_lowercase();
    let call = MORE
        .iter()
        .filter(|more| lower.starts_with(**more))
        .max_by_key(|more| more.len());
    let Some(call) = call.filter(|_| lower.len() == text.len()) else {
        return text.to_owned();
    };
    let rest = text[call.len()..].trim_start_matches([' ', ':', '-', '–', '…', '.', '»', '"', '”']);
    let rest = ["om ", "about "]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
        .unwrap_or(rest);
    rest.trim_matches([' ', '"', '”', '»']).to_owned()
}

/// Whether a link's text only asks to read on.
pub(super) fn is_more(text: &str) -> bool {
    if text.chars().count() > 120 {
        return false;
    }
    let text = text.to_lowercase();
    is_more_folded(text.trim_matches(|c: char| !c.is_alphanumeric()))
}

fn is_more_folded(text: &str) -> bool {
    matches!(
        text,
        "mer"
            | "mera"
            | "more"
            | "mehr"
            | "lue"
            | "här"
            | "her"
            | "here"
            | "länk"
            | "link"
            | "lenke"
            | "öppna"
            | "visa"
            | "vis"
    ) || (MORE.iter().any(|more| text.starts_with(more)) && text.split(' ').count() <= 14)
}

const FOREIGN_REGION: &[&str] = &[
    "calendar",
    "kalender",
    "kalendarium",
    "event",
    "events",
    "evenemang",
    "arrangement",
    "arrangementer",
    "kurser",
    "courses",
    "kurs",
    "nav",
    "navigation",
    "navbar",
    "menu",
    "meny",
    "menubar",
    "footer",
    "sidfot",
    "header",
    "sidhuvud",
    "breadcrumb",
    "breadcrumbs",
    "brodsmulor",
    "brodsmula",
    "cookie",
    "cookies",
    "consent",
    "gdpr",
    "toolbar",
    "topbar",
    "share",
    "sharing",
    "social",
    "pagination",
    "pager",
    "paginering",
    "paging",
    "search",
    "filter",
    "filters",
    "facet",
    "facets",
    "language",
    "languages",
    "sitemap",
    "skip",
    "login",
    "tagcloud",
    "tags",
    "submenu",
    "dropdown",
    "modal",
    "popup",
    "ad",
    "ads",
    "advert",
    "annons",
    "banner",
    "genvagar",
    "shortcuts",
    "quicklinks",
    "lankar",
    "snabblankar",
    "kontakt",
    "contact",
    "toc",
];

const WEAK_REGION: &[&str] = &[
    "sidebar",
    "aside",
    "related",
    "relaterat",
    "relaterade",
    "relatert",
    "popular",
    "populart",
    "mostread",
    "trending",
    "mest",
    "toplist",
    "recommended",
    "promo",
    "widget",
    "jobs",
    "jobb",
    "faq",
    "comment",
    "comments",
    "kommentarer",
    "gallery",
    "slideshow",
    "partners",
    "staff",
    "personal",
    "people",
    "medarbetare",
    "twitter",
    "tweets",
    "newsletter",
    "right",
    "secondary",
    "complementary",
];

const NEWS_REGION: &[&str] = &[
    "news",
    "nyhet",
    "nyheter",
    "nyhetslista",
    "newslist",
    "aktuellt",
    "aktuelt",
    "press",
    "pressmeddelanden",
    "post",
    "posts",
    "article",
    "articles",
    "artikel",
    "artiklar",
    "artikler",
    "blog",
    "blogg",
    "teaser",
    "listing",
    "archive",
    "arkiv",
    "pressreleases",
    "releases",
    "feed",
    "hentry",
    "stories",
    "story",
    "nyheder",
    "entries",
    "latest",
    "senaste",
    "puff",
];

/// How much an element's name, role or class speaks for news: below one against, above one for.
pub(super) fn region_weight(words: &[String]) -> f32 {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(NEWS_REGION) {
        return 1.25;
    }
    if has(FOREIGN_REGION) {
        return 0.3;
    }
    if has(WEAK_REGION) {
        return 0.55;
    }
    1.0
}

const NEWS_HEADINGS: &[&str] = &[
    "nyhet",
    "nyheter",
    "nytt",
    "aktuellt",
    "aktuelt",
    "news",
    "press",
    "pressmeddelande",
    "pressmeddelanden",
    "pressemeldinger",
    "pressemelding",
    "pressrum",
    "senaste",
    "siste",
    "seneste",
    "latest",
    "releases",
    "nyheder",
    "saker",
    "artiklar",
    "artikler",
    "stories",
    "updates",
    "blogg",
    "blog",
    "insights",
    "neuigkeiten",
    "aktuelles",
    "meldungen",
    "nachrichten",
    "actualités",
    "uutiset",
    "ajankohtaista",
    "nyhetsarkiv",
    "arkiv",
];
const OTHER_HEADINGS: &[&str] = &[
    "mest",
    "populärt",
    "populært",
    "populära",
    "most",
    "popular",
    "kalender",
    "kalendarium",
    "evenemang",
    "arrangementer",
    "arrangementet",
    "event",
    "events",
    "kurser",
    "kurs",
    "courses",
    "webbinarier",
    "seminarier",
    "jobb",
    "jobs",
    "lediga",
    "ledige",
    "vacancies",
    "genvägar",
    "snarveier",
    "länkar",
    "lenker",
    "links",
    "shortcuts",
    "relaterat",
    "relaterade",
    "relatert",
    "relaterte",
    "related",
    "kontakt",
    "contact",
    "kontakta",
    "följ",
    "följs",
    "follow",
    "om",
    "about",
    "tjänster",
    "tjenester",
    "services",
    "publikationer",
    "publikasjoner",
    "publications",
    "rapporter",
    "rapporter",
    "reports",
    "veiledere",
    "vägledningar",
    "dokument",
    "documents",
    "nedladdningar",
    "downloads",
    "frågor",
    "faq",
    "självservice",
    "meny",
    "menu",
    "cookies",
    "kakor",
    "partner",
    "partners",
    "ämnen",
    "emner",
    "topics",
    "kategorier",
    "categories",
    "taggar",
    "tags",
    "filtrera",
    "filter",
    "kommande",
    "kommende",
    "upcoming",
    "anbefalt",
    "anbefalte",
    "rekommenderat",
    "recommended",
    "läs",
    "les",
    "också",
    "også",
    "see",
    "twitter",
    "facebook",
    "nyhetsbrev",
    "newsletter",
    "prenumerera",
    "abonner",
    "sök",
    "søk",
    "search",
    "hitta",
    "finn",
];

/// How much the heading above a list speaks for news.
pub(super) fn heading_weight(heading: &str) -> f32 {
    let heading = heading.to_lowercase();
    let words: Vec<&str> = heading
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(12)
        .collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    match (has(OTHER_HEADINGS), has(NEWS_HEADINGS)) {
        (true, false) => 0.45,
        (true, true) => 0.8,
        (false, true) => 1.3,
        (false, false) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Hint, class_words, hint, is_decoration, is_more};

    #[test]
    fn class_names_are_cut_into_words() {
        assert_eq!(
            class_words("newsItem__title--big2"),
            ["news", "item", "title", "big"]
        );
        assert_eq!(hint("news-item__title"), Some(Hint::Title));
        assert_eq!(hint("update"), None);
    }

    #[test]
    fn decoration_is_known_and_news_is_not_taken_for_it() {
        for text in [
            "Press",
            "Läs mer",
            "news-icon",
            "Läs mer om avtalet »",
            "Les mer",
            "",
        ] {
            assert!(is_decoration(text), "{text}");
        }
        for text in ["Press mot hållbara krav ökar", "Ny rapport om hållbarhet"] {
            assert!(!is_decoration(text), "{text}");
        }
        assert!(is_more("Read more about our new standard"));
    }
}

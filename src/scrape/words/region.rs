//! What the names of a page's parts, and the headings over its lists, say for and against news.

use super::{Words, set};

/// Words of a title or an address that are looked at.
const MAX_NAMING: usize = 40;

/// Parts that hold no news.
static FOREIGN_REGION: Words = Words::new(|| {
    set(
        "calendar|kalender|kalendarium|event|events|evenemang|arrangement|arrangementer|kurser|courses|kurs|nav|\
     navigation|navbar|menu|meny|menubar|footer|sidfot|header|sidhuvud|breadcrumb|breadcrumbs|brodsmulor|\
     brodsmula|cookie|cookies|consent|gdpr|toolbar|topbar|share|sharing|social|pagination|pager|paginering|\
     paging|search|filter|filters|facet|facets|language|languages|sitemap|skip|login|tagcloud|tags|submenu|\
     dropdown|modal|popup|ad|ads|advert|annons|banner|genvagar|shortcuts|quicklinks|lankar|snabblankar|kontakt|\
     contact|toc",
    )
});

/// Parts that seldom hold the news.
static WEAK_REGION: Words = Words::new(|| {
    set(
        "sidebar|aside|related|relaterat|relaterade|relatert|popular|populart|mostread|trending|mest|toplist|\
     recommended|promo|widget|jobs|jobb|faq|comment|comments|kommentarer|gallery|slideshow|partners|staff|\
     personal|people|medarbetare|twitter|tweets|newsletter|right|secondary|complementary",
    )
});

/// Parts made for news.
static NEWS_REGION: Words = Words::new(|| {
    set(
        "news|nyhet|nyheter|nyhetslista|newslist|aktuellt|aktuelt|press|pressmeddelanden|post|posts|article|articles|\
     artikel|artiklar|artikler|blog|blogg|teaser|listing|archive|arkiv|pressreleases|releases|feed|hentry|\
     stories|story|nyheder|entries|latest|senaste|puff",
    )
});

/// Headings over news.
static NEWS_HEADINGS: Words = Words::new(|| {
    set(
        "nyhet|nyheter|nytt|aktuellt|aktuelt|news|press|pressmeddelande|pressmeddelanden|pressemeldinger|\
     pressemelding|pressrum|senaste|siste|seneste|latest|releases|nyheder|saker|artiklar|artikler|stories|\
     updates|blogg|blog|insights|neuigkeiten|aktuelles|meldungen|nachrichten|actualités|uutiset|ajankohtaista|\
     nyhetsarkiv|arkiv|presse|pressemitteilungen|pressemeldungen|mitteilungen|pressearchiv|newsroom|nyhetsrum|\
     communiqués|communiques|actualites|nouvelles|tiedotteet|pressemeddelelser|notiser|meddelanden",
    )
});

/// Headings over other lists.
static OTHER_HEADINGS: Words = Words::new(|| {
    set(
        "mest|populärt|populært|populära|most|popular|kalender|kalendarium|evenemang|arrangementer|arrangementet|\
     event|events|kurser|kurs|courses|webbinarier|seminarier|jobb|jobs|lediga|ledige|vacancies|genvägar|\
     snarveier|länkar|lenker|links|shortcuts|relaterat|relaterade|relatert|relaterte|related|kontakt|contact|\
     kontakta|följ|följs|follow|om|about|tjänster|tjenester|services|publikationer|publikasjoner|publications|\
     rapporter|reports|veiledere|vägledningar|dokument|documents|nedladdningar|downloads|frågor|faq|självservice|\
     meny|menu|cookies|kakor|partner|partners|ämnen|emner|topics|kategorier|categories|taggar|tags|filtrera|\
     filter|kommande|kommende|upcoming|anbefalt|anbefalte|rekommenderat|recommended|läs|les|också|også|see|\
     twitter|facebook|nyhetsbrev|newsletter|prenumerera|abonner|sök|søk|search|hitta|finn",
    )
});

/// How much an element's name, role or class speaks for news: below one against, above one for.
pub(in crate::scrape) fn region_weight(words: &[String]) -> f32 {
    let has = |list: &Words| words.iter().any(|word| list.contains(word.as_str()));
    if has(&NEWS_REGION) {
        return 1.25;
    }
    if has(&FOREIGN_REGION) {
        return 0.3;
    }
    if has(&WEAK_REGION) {
        return 0.55;
    }
    1.0
}

/// Whether a title, a headline or an address has a word for news in it.
pub(in crate::scrape) fn names_news(said: &str) -> bool {
    said.split(|c: char| !c.is_alphanumeric())
        .take(MAX_NAMING)
        .any(|word| NEWS_HEADINGS.contains(word.to_lowercase().as_str()))
}

/// How much the heading above a list speaks for news.
pub(in crate::scrape) fn heading_weight(heading: &str) -> f32 {
    let heading = heading.to_lowercase();
    let words: Vec<&str> = heading
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(12)
        .collect();
    let has = |list: &Words| words.iter().any(|word| list.contains(word));
    match (has(&OTHER_HEADINGS), has(&NEWS_HEADINGS)) {
        (true, false) => 0.45,
        (true, true) => 0.8,
        (false, true) => 1.3,
        (false, false) => 1.0,
    }
}

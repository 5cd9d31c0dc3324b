//! Words that belong to a page and not to its news: kinds, calls to read on, names of icons.

use super::{Words, set};

/// Labels, icons and links that are no titles.
static DECORATION: Words = Words::new(|| {
    set(
        "press|pressmeddelande|pressmeddelanden|pressemelding|pressemeddelelse|press release|nyhet|nyheter|nyhed|\
     nyheder|news|artikel|artikkel|aktuellt|aktuelt|blogg|blog|debatt|debattartikel|kalender|event|rapport|\
     publikation|news-icon|news icon|icon|ikon|arkiv|archive|rss|rss-flöde|rss-feed|flödesposter|feed-image|\
     feed-image flödesposter|prenumerera|dela|share|skriv ut|print|lyssna|foto|photo|bild|ny|new|läs|les|video|\
     pdf|extern länk|external link|öppnas i nytt fönster|notis|pressmelding|kommentera|facebook|twitter|linkedin|\
     e-post|mail|fler nyheter|alla nyheter|visa fler|till toppen|tillbaka|back|publicerad|publisert|published|\
     senast uppdaterad|updated|–|||·|•|»|›|→|>|-|/",
    )
});

/// Calls to read on, alone or before a title.
static MORE: Words = Words::new(|| {
    set(
        "läs mer|läs hela|läs vidare|läs artikel|läs nyhet|läs pressmeddelande|läs om|les mer|les meir|les hele|\
     les heile|les videre|les artikkel|les saken|læs mere|læs hele|læs videre|read more|read the|read full|\
     read article|read on|continue reading|fortsätt läs|fortsett å lese|fortsæt|visa mer|visa fler|vis mer|\
     vis flere|show more|see more|learn more|more info|view more|weiterlesen|mehr lesen|mehr erfahren|\
     lire la suite|lire plus|en savoir plus|lue lisää|mer information|mer info|till artikeln|till nyheten|\
     ladda ner som|ladda ner pdf|ladda ned|last ned som|last ned pdf|download pdf|download as|download the pdf|\
     télécharger le|herunterladen|lataa pdf|gå till|gå til|se mer|mer om|more about|full story",
    )
});

/// Whether a text is no news but decoration: a label, "Läs mer", an icon's name.
pub(in crate::scrape) fn is_decoration(text: &str) -> bool {
    if text.chars().count() > 60 {
        return false;
    }
    let text = text.to_lowercase();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    text.is_empty() || DECORATION.contains(text) || is_more_folded(text)
}

/// Whether a text is the name of a kind of news, as labels carry it.
pub(in crate::scrape) fn is_label(text: &str) -> bool {
    text.chars().count() <= 30 && !text.trim().is_empty() && is_decoration(text)
}

/// What follows the call to read on: "Läs mer: Nya krav" is about "Nya krav"; a text without a call is all of it.
pub(in crate::scrape) fn without_more(text: &str) -> String {
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
pub(in crate::scrape) fn is_more(text: &str) -> bool {
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

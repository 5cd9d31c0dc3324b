//! What a page adds to every text: share bars, counters, time stamps, "read more", "first appeared on".

use super::Word;

/// Phrases that start the tail of a text: nothing after them is news.
const TAILS: [&str; 18] = [
    "läs mer",
    "läs hela",
    "läs vidare",
    "läs även",
    "les mer",
    "les hele",
    "les saken",
    "læs mere",
    "læs hele",
    "read more",
    "read the full",
    "continue reading",
    "fortsätt läsa",
    "fortsett å lese",
    "inlägget",
    "innlegget",
    "indlægget",
    "the post",
];

/// Endings by which a WordPress feed names itself after each text.
const APPEARED: [&str; 6] = [
    "dök först upp",
    "först publicerat",
    "dukket først opp",
    "dukkede først op",
    "blev først udgivet",
    "appeared first",
];

/// Starts of sentences that belong to the page and not to its text.
const LABELS: [&str; 44] = [
    "dela på",
    "dela den",
    "dela artikeln",
    "dela sidan",
    "dela via",
    "dela inlägg",
    "del på",
    "del artikkelen",
    "del siden",
    "del saken",
    "share this",
    "share on",
    "share via",
    "tweet this",
    "tipsa en vän",
    "skriv ut",
    "skriv ut sidan",
    "print this",
    "senast uppdaterad",
    "senast ändrad",
    "sist oppdatert",
    "sist endret",
    "senest opdateret",
    "last updated",
    "last modified",
    "sidan uppdaterad",
    "följ oss",
    "følg oss",
    "følg os",
    "follow us",
    "lyssna på sidan",
    "prenumerera på",
    "prenumerera här",
    "bli prenumerant",
    "anmäl dig till vårt nyhetsbrev",
    "abonner på",
    "abonnér på",
    "bli abonnent",
    "bliv abonnent",
    "meld deg på nyhetsbrevet",
    "meld deg på vårt nyhetsbrev",
    "tilmeld dig vores nyhedsbrev",
    "subscribe to",
    "sign up for our newsletter",
];

/// Words of counters; with a figure and few other words they count readers, not news.
const COUNTED: [&str; 27] = [
    "visningar",
    "visning",
    "visninger",
    "läsningar",
    "läst",
    "lest",
    "læst",
    "views",
    "reads",
    "kommentarer",
    "kommentar",
    "comments",
    "comment",
    "delningar",
    "delinger",
    "shares",
    "gillar",
    "gilla",
    "likes",
    "liker",
    "gillningar",
    "nedladdningar",
    "downloads",
    "min",
    "minuters",
    "minutters",
    "lästid",
];

/// Labels that, with figures alone, are a time stamp.
const STAMPS: [&str; 16] = [
    "publicerad",
    "publicerades",
    "publisert",
    "publiceret",
    "offentliggjort",
    "published",
    "uppdaterad",
    "uppdaterades",
    "oppdatert",
    "opdateret",
    "updated",
    "posted",
    "skapad",
    "ändrad",
    "endret",
    "hämtad",
];

/// Whether a sentence belongs to the page around a text.
pub fn is_boilerplate(sentence: &[Word]) -> bool {
    sentence.len() <= 14 && starts_with_any(sentence, &LABELS)
        || is_counter(sentence)
        || is_stamp(sentence)
        || is_share_bar(sentence)
}

/// Whether the text ends before this sentence.
pub(super) fn starts_tail(sentence: &[Word]) -> bool {
    if sentence.len() > 40 || !starts_with_any(sentence, &TAILS) {
        return false;
    }
    let is_post = starts_with_any(sentence, &TAILS[14..]);
    if is_post {
        let line = join(sentence, sentence.len());
        return APPEARED.iter().any(|phrase| line.contains(phrase));
    }
    // A wire puts the address behind: `Læs hele pressemeddelelsen på Via Ritzau her: https://…`.
    let is_address = |word: &Word| matches!(&*word.text, "http" | "https" | "www");
    let said = sentence.iter().position(is_address);
    said.unwrap_or(sentence.len()) <= 8
}

fn starts_with_any(sentence: &[Word], phrases: &[&str]) -> bool {
    // Most sentences begin otherwise, and are told apart by the first word without being written out.
    let begins = |phrase: &&str| {
        sentence
            .first()
            .is_some_and(|word| phrase.starts_with(&*word.text))
    };
    if !phrases.iter().any(begins) {
        return false;
    }
    let line = join(sentence, 6);
    phrases.iter().any(|phrase| {
        line.strip_prefix(phrase)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

fn join(sentence: &[Word], count: usize) -> String {
    let mut line = String::new();
    for word in sentence.iter().take(count) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word.text);
    }
    line
}

fn is_counter(sentence: &[Word]) -> bool {
    sentence.len() <= 5
        && sentence.iter().any(Word::has_digit)
        && sentence.iter().any(|word| COUNTED.contains(&&*word.text))
}

fn is_stamp(sentence: &[Word]) -> bool {
    let Some((first, rest)) = sentence.split_first() else {
        return false;
    };
    STAMPS.contains(&&*first.text)
        && sentence.len() <= 10
        && rest.iter().any(Word::has_digit)
        && rest
            .iter()
            .filter(|word| word.is_content() && word.kind != super::Kind::Figure)
            .count()
            <= 1
}

/// `Facebook Twitter LinkedIn E-post` in a row.
fn is_share_bar(sentence: &[Word]) -> bool {
    const PLACES: [&str; 14] = [
        "facebook", "twitter", "x", "linkedin", "e", "post", "epost", "mail", "mejla", "whatsapp",
        "dela", "del", "share", "mastodon",
    ];
    (1..=8).contains(&sentence.len()) && sentence.iter().all(|word| PLACES.contains(&&*word.text))
}

#[cfg(test)]
mod tests {
    use super::super::read;

    #[test]
    fn what_the_page_adds_goes_and_news_stays() {
        let kept = |text: &str| read(text, 200).sentences.len();
        assert_eq!(
            kept(
                "<p>Bron öppnar i dag.</p><p>Dela på Facebook</p><p>Läst 1 234 gånger</p><p>5 kommentarer</p>"
            ),
            1
        );
        assert_eq!(
            kept(
                "Bron öppnar i dag.\nSenast uppdaterad: 2026-11-17 10:22\nPublicerad 17 november 2026"
            ),
            1
        );
        assert_eq!(
            kept("Bron öppnar. Inlägget Bron öppnar dök först upp på Kommunen."),
            1
        );
        assert_eq!(
            kept(
                "Broen åbner. Læs hele pressemeddelelsen på Wire her: https://wire.example/p/418502/broen-aabner-for-trafik"
            ),
            1
        );
        assert_eq!(
            kept("Kommunen publicerade 45 beslut om skolan under 2026."),
            1
        );
        assert_eq!(kept("5 000 läsare har svarat på enkäten om bron."), 1);
    }
}

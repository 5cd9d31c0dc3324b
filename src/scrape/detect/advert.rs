//! Advertisements that stand among the news in the markup of news. The law makes them say what they are.

use url::Url;

use crate::scrape::tree::{Id, Tree};
use crate::scrape::words;

/// Names of elements that hold advertisements.
const NAMES: [&str; 12] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "annons",
    "annonse",
    "annonce",
    "sponsor",
    "sponsored",
    "reklam",
    "reklame",
    "anzeige",
];
/// What advertisements call themselves.
const LABELS: [&str; 21] = [
    "ad",
    "advert",
    "advertisement",
    "advertorial",
    "sponsored",
    "paid content",
    "annons",
    "annonsinnehåll",
    "reklam",
    "sponsrat",
    "sponsrat innehåll",
    "kommersiellt samarbete",
    "annonse",
    "annonsørinnhold",
    "reklame",
    "sponset innhold",
    "annonce",
    "sponsoreret",
    "sponsoreret indhold",
    "anzeige",
    "publicité",
];
/// Nodes of a record in which the label stands.
const MAX_NODES: usize = 24;

/// Whether a record's element is an advertisement, by its name, its label or the relation of its link.
pub(super) fn is_advert(tree: &Tree, root: Id) -> bool {
    let is_named = words::marks(tree, root)
        .flat_map(words::class_words)
        .any(|word| NAMES.contains(&word.as_str()));
    is_named
        || is_label(tree.attribute(root, "aria-label").unwrap_or_default())
        || tree.subtree(root).take(MAX_NODES).any(|id| {
            let relation = tree.attribute(id, "rel").unwrap_or_default();
            relation
                .split_ascii_whitespace()
                .any(|word| word == "sponsored")
                || tree.own_text(id).is_some_and(is_label)
        })
}

/// Whether a link asks to subscribe or to join: a card that stands among the news and is none.
pub(super) fn is_appeal(link: &Url) -> bool {
    const APPEALS: [&str; 14] = [
        "prenumerera",
        "prenumeration",
        "nyhetsbrev",
        "nyhetsbrevet",
        "newsletter",
        "newsletters",
        "subscribe",
        "abonner",
        "abonnement",
        "abonnieren",
        "tilmeld",
        "uutiskirje",
        "bli-medlem",
        "blimedlem",
    ];
    let mut folders = link.path().trim_end_matches('/').rsplit('/');
    let last = folders.next().unwrap_or_default().to_lowercase();
    APPEALS.contains(&last.split('.').next().unwrap_or_default())
}

/// A label alone, or before what is advertised: "Annonse: Nye møbler".
fn is_label(text: &str) -> bool {
    let label = text.split_once(':').map_or(text, |(label, _)| label);
    let text = label.trim_matches(|c: char| !c.is_alphanumeric());
    text.len() <= 40 && LABELS.contains(&text.to_lowercase().as_str())
}

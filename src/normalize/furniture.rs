//! Sentences that the platform adds to every text: they tell nothing, and make different texts alike.

use crate::html;

/// What WordPress puts after each text, in the languages of the bodies: how it begins and what it says further on.
const FOOTERS: [(&str, &str); 6] = [
    ("The post ", " appeared first on "),
    ("Inlägget ", " dök först upp på "),
    ("Innlegget ", " dukket først opp på "),
    ("Innlegget ", " dukka først opp på "),
    ("Indlægget ", " blev først udgivet på "),
    ("Der Beitrag ", " erschien zuerst auf "),
];

/// What Joomla shows instead of an e-mail address, in the languages of the bodies: how it begins.
const CLOAKS: [&str; 4] = [
    "Den här e-postadressen skyddas mot spambots",
    "This email address is being protected from spambots",
    "Denne e-postadressen er beskyttet mot programmer som samler e-postadresser",
    "Denne e-mail adresse bliver beskyttet mod spambots",
];

/// Clean markup without such sentences.
pub(super) fn without(clean: &str) -> String {
    let kept = without_footer(clean).to_owned();
    CLOAKS
        .iter()
        .fold(kept, |kept, cloak| without_cloak(&kept, cloak))
}

/// Two sentences: that the address is protected, and that one needs JavaScript to see it. They end with the text
/// around them.
fn without_cloak(clean: &str, cloak: &str) -> String {
    let mut kept = String::with_capacity(clean.len());
    let mut rest = clean;
    while let Some(start) = rest.find(cloak) {
        kept.push_str(&rest[..start]);
        let length = rest[start..].find('<').unwrap_or(rest.len() - start);
        rest = &rest[start + length..];
    }
    kept.push_str(rest);
    kept
}

/// The last paragraph left off, where it is the platform's.
fn without_footer(clean: &str) -> &str {
    let Some(start) = clean
        .rfind("<p")
        .filter(|&start| clean[start + 2..].starts_with(['>', ' ']))
    else {
        return clean;
    };
    let last = html::to_text(&clean[start..]);
    let is_footer = FOOTERS
        .iter()
        .any(|(beginning, further)| last.starts_with(beginning) && last.contains(further));
    if is_footer {
        clean[..start].trim_end()
    } else {
        clean
    }
}

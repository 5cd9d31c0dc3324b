//! Pages that answer well and hold nothing: bot walls, logins, consent pages, script shells, soft 404s.

use super::page::Page;
use super::tree::{Id, fold};
use super::words;

/// A page with more text than this has something to say, whatever its title is.
const MAX_WALL: usize = 2_500;
/// Shorter paragraphs are no running text.
const MIN_PARAGRAPH: usize = 60;
/// A page that is not there says less than this about it.
const MAX_REGRET: usize = 900;
/// Names of the boxes that ask for consent.
const BOXES: [&str; 10] = [
    "consent",
    "cookie",
    "cookies",
    "gdpr",
    "didomi",
    "onetrust",
    "cookiebot",
    "usercentrics",
    "cmp",
    "cookiewall",
];
/// A page with less says nothing.
const MIN_TEXT: usize = 250;

/// What an empty page is instead of a list, where that is plain before looking for one.
pub(super) fn recognize(page: &Page) -> Option<&'static str> {
    let face = face(page);
    let text = visible(page);
    if (has(&face, NOT_FOUND) || is_numbered_404(&face)) && !is_told_at_length(page) {
        return Some("soft 404");
    }
    if text.len() <= MAX_WALL
        && (has(&face, BOT_WALL) || has(&face, REFUSED) || has(&text.to_lowercase(), BOT_WALL))
    {
        return Some("bot wall");
    }
    if text.len() <= MAX_WALL && has(&face, LOGIN) {
        return Some("login");
    }
    if text.len() <= 2 * MAX_WALL && has(&face, CONSENT) {
        return Some("cookie wall");
    }
    if is_all_consent(page, text.len()) {
        return Some("cookie wall");
    }
    None
}

/// Whether there is running text as articles have it: one about a page that was not found is none that is missing.
fn is_told_at_length(page: &Page) -> bool {
    let tree = &page.tree;
    let told = tree.all("p").map(|id| tree.text(id).chars().count());
    told.filter(|length| *length >= MIN_PARAGRAPH)
        .sum::<usize>()
        >= MAX_REGRET
}

/// Whether nearly all that is on the page stands in a box that asks for consent.
fn is_all_consent(page: &Page, whole: usize) -> bool {
    let tree = &page.tree;
    let is_box = |id: &Id| {
        let names = tree.classes(*id).chain(tree.attribute(*id, "id"));
        let is_named = names
            .flat_map(words::class_words)
            .any(|word| BOXES.contains(&word.as_str()));
        let is_dialog = matches!(tree.attribute(*id, "role"), Some("dialog" | "alertdialog"));
        !matches!(tree.name(*id), "html" | "body") && (is_named || is_dialog)
    };
    let Some(found) = (0..tree.len()).find(is_box) else {
        return false;
    };
    let text = tree.text(found);
    text.len() * 10 >= whole * 9 && has(&text.to_lowercase(), COOKIES)
}

/// What a page without any list is.
pub(super) fn explain(page: &Page) -> Option<&'static str> {
    if let Some(plain) = recognize(page) {
        return Some(plain);
    }
    let text = visible(page);
    let lower = text.to_lowercase();
    let consents = COOKIES
        .iter()
        .map(|word| lower.matches(word).count())
        .sum::<usize>();
    if text.len() <= MAX_WALL && consents >= 2 && text.len() < 400 * consents {
        return Some("cookie wall");
    }
    let scripts = page.tree.all("script").count();
    if text.len() < MIN_TEXT && (scripts > 0 || asks_for_script(page))
        || (asks_for_script(page) && text.len() < 1_000)
    {
        return Some("script shell");
    }
    if has_password(page) {
        return Some("login");
    }
    None
}

/// The page's title and headline, in lower case.
fn face(page: &Page) -> String {
    let tree = &page.tree;
    let of = |name: &'static str| {
        tree.all(name)
            .map(|id| tree.text(id))
            .find(|text| !text.is_empty())
    };
    let headline = of("h1").or_else(|| of("h2")).unwrap_or_default();
    format!("{} | {headline}", page.title().unwrap_or_default()).to_lowercase()
}

fn visible(page: &Page) -> String {
    page.tree.text_of(0..page.tree.len())
}

fn has(text: &str, signs: &[&str]) -> bool {
    signs.iter().any(|sign| text.contains(sign))
}

fn is_numbered_404(face: &str) -> bool {
    face.split(|c: char| !c.is_alphanumeric())
        .any(|word| word == "404")
        && face.len() < 160
}

fn has_password(page: &Page) -> bool {
    page.tree.all("input").any(|id| {
        page.tree
            .attribute(id, "type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("password"))
    })
}

fn asks_for_script(page: &Page) -> bool {
    let tree = &page.tree;
    let noscript: String = tree
        .all("noscript")
        .map(|id| fold(&tree.raw_text(id)))
        .collect::<Vec<_>>()
        .join(" ");
    let said = format!("{noscript} {}", visible(page)).to_lowercase();
    said.len() < 3_000 && said.contains("javascript")
}

const NOT_FOUND: &[&str] = &[
    "sidan hittades inte",
    "sidan kunde inte hittas",
    "sidan kan inte hittas",
    "hittar inte sidan",
    "hittade inte sidan",
    "sidan finns inte",
    "sidan saknas",
    "kunde inte hitta sidan",
    "kan inte hitta sidan",
    "hittades inte",
    "page not found",
    "not found",
    "page cannot be found",
    "page doesn't exist",
    "page does not exist",
    "siden finnes ikke",
    "siden ble ikke funnet",
    "fant ikke siden",
    "finner ikke siden",
    "fann ikkje sida",
    "finn ikkje sida",
    "sida finst ikkje",
    "siden findes ikke",
    "siden blev ikke fundet",
    "siden kunne ikke findes",
    "nicht gefunden",
    "page introuvable",
    "page non trouvée",
    "sivua ei löy",
    "existiert nicht",
    "n'existe pas",
    "n’existe pas",
    "niet gevonden",
    "no encontrada",
    "pagina non trovata",
    "siden eksisterer ikke",
    "sida eksisterer ikke",
    "sidan är borttagen",
    "sidan har flyttats",
    "we can't find",
    "we can’t find",
    "can’t find that page",
    "couldn’t find",
    "doesn’t exist",
    "sidan du söker finns inte",
    "the page you requested",
    "could not find that page",
    "couldn't find",
    "could not find the page",
    "can't find that page",
    "no longer exists",
    "oops",
    "hoppsan",
    "ojdå",
    "nothing here",
];
const BOT_WALL: &[&str] = &[
    "just a moment",
    "checking your browser",
    "attention required",
    "verify you are human",
    "verifying you are human",
    "are you a robot",
    "not a robot",
    "i'm not a robot",
    "captcha",
    "access denied",
    "zugriff verweigert",
    "accès refusé",
    "pääsy estetty",
    "tilgang nektet",
    "adgang nægtet",
    "checking if the site connection is secure",
    "enable javascript and cookies to continue",
    "request blocked",
    "ddos protection",
    "unusual traffic",
    "pardon our interruption",
    "you have been blocked",
    "security check",
    "bot detection",
    "incapsula",
    "imperva",
    "akamai reference",
    "är människa",
    "är en människa",
    "inte är en robot",
    "inte en robot",
    "ikke en robot",
    "er et menneske",
    "säkerhetskontroll",
    "sikkerhetskontroll",
    "sikkerhetssjekk",
    "automatiserad trafik",
    "automatisert trafikk",
    "ovanlig trafik",
    "uvanlig trafikk",
    "kontrollerar din webbläsare",
    "kontrollerer nettleseren",
    "human verification",
    "request unsuccessful",
    "ray id",
    "åtkomst nekad",
];
/// Refusals, believed where a page's title says them.
const REFUSED: &[&str] = &[
    "request rejected",
    "forbidden",
    "access to this page has been denied",
    "åtkomst nekad",
    "adgang nektet",
    "adgang nægtet",
    "ingen tilgang",
    "blocked",
    "403",
];
const CONSENT: &[&str] = &[
    "samtyck",
    "samtykk",
    "consent",
    "cookies",
    "kakor",
    "informasjonskapsler",
    "evästee",
    "votre vie privée",
    "privatsphäre",
    "before you continue",
    "innan du fortsätter",
    "før du fortsetter",
    "før du fortsætter",
];
const LOGIN: &[&str] = &[
    "logga in",
    "inloggning",
    "logg inn",
    "innlogging",
    "log ind",
    "log in",
    "login",
    "sign in",
    "anmelden",
    "connexion",
    "kirjaudu",
];
const COOKIES: &[&str] = &[
    "cookie",
    "kakor",
    "informasjonskapsl",
    "informationskapsl",
    "evästee",
    "samtyck",
    "samtykk",
    "consent",
    "gdpr",
];

//! Pages that answer well and hold nothing: bot walls, logins, consent pages, script shells, soft 404s.

use std::collections::HashSet;
use std::ops::Range;

use super::page::Page;
use super::tree::{Id, fold};
use super::words;

/// A page with more text than this has something to say, whatever its title is.
const MAX_WALL: usize = 2_500;
/// A wall that does not say what it is in its title says hardly anything else: more text only mentions it.
const MAX_BARE_WALL: usize = 1_200;
/// A wall leads nowhere but to who put it up; a page with more links only mentions it.
const MAX_WALL_LINKS: usize = 8;
/// A page that leads to so many others by what reads like titles is none that stands before them.
const MIN_TITLES: usize = 3;
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
    let boxes = boxes(page);
    let face = face(page, &boxes);
    let text = visible(page);
    if (has(&face, NOT_FOUND) || is_numbered_404(&face)) && !is_told_at_length(page) {
        return Some("soft 404");
    }
    let leads = Leads::of(page, &boxes);
    let is_before_others = text.len() <= MAX_WALL && leads.titles < MIN_TITLES;
    let says_so = || has(&face, BOT_WALL) || has(&face, REFUSED);
    let is_bare = text.len() <= MAX_BARE_WALL && leads.links <= MAX_WALL_LINKS;
    if is_before_others && (says_so() || is_bare && has(&text.to_lowercase(), BOT_WALL)) {
        return Some("bot wall");
    }
    if is_before_others && has(&face, LOGIN) {
        return Some("login");
    }
    if text.len() <= 2 * MAX_WALL && leads.titles < MIN_TITLES && has(&face, CONSENT) {
        return Some("cookie wall");
    }
    if is_all_consent(page, &boxes, text.len()) {
        return Some("cookie wall");
    }
    None
}

/// Where a page leads.
struct Leads {
    /// Links to other pages.
    links: usize,
    /// Different pages that it links to by what reads like a title; none in a box that asks for consent.
    titles: usize,
}

impl Leads {
    fn of(page: &Page, boxes: &[Range<Id>]) -> Self {
        let tree = &page.tree;
        let mut titled = HashSet::new();
        let mut links = 0;
        for id in tree.all("a").filter(|id| !is_boxed(boxes, *id)) {
            let Some(link) = page.link(id).filter(|link| link.path() != "/") else {
                continue;
            };
            links += 1;
            let text = tree.text(id);
            if text.split(' ').count() >= 4 && text.chars().count() >= 20 {
                titled.insert(link);
            }
        }
        Self {
            links,
            titles: titled.len(),
        }
    }
}

/// Whether there is running text as articles have it: one about a page that was not found is none that is missing.
fn is_told_at_length(page: &Page) -> bool {
    let tree = &page.tree;
    let told = tree.all("p").map(|id| tree.text(id).chars().count());
    told.filter(|length| *length >= MIN_PARAGRAPH)
        .sum::<usize>()
        >= MAX_REGRET
}

/// The boxes that ask for consent, and other dialogs: none within another.
fn boxes(page: &Page) -> Vec<Range<Id>> {
    let tree = &page.tree;
    let is_box = |id: Id| {
        let names = tree.classes(id).chain(tree.attribute(id, "id"));
        let is_named = names
            .flat_map(words::class_words)
            .any(|word| BOXES.contains(&word.as_str()));
        let is_dialog = matches!(tree.attribute(id, "role"), Some("dialog" | "alertdialog"))
            || tree.name(id) == "dialog";
        !matches!(tree.name(id), "html" | "body") && (is_named || is_dialog)
    };
    let mut out = Vec::new();
    let mut id = 0;
    while id < tree.len() {
        if tree.is_element(id) && is_box(id) {
            out.push(tree.subtree(id));
            id = tree.node(id).end;
        } else {
            id += 1;
        }
    }
    out
}

fn is_boxed(boxes: &[Range<Id>], id: Id) -> bool {
    let at = boxes.partition_point(|held| held.end <= id);
    boxes.get(at).is_some_and(|held| held.contains(&id))
}

/// Whether nearly all that is on the page stands in a box that asks for consent.
fn is_all_consent(page: &Page, boxes: &[Range<Id>], whole: usize) -> bool {
    boxes.iter().any(|held| {
        let text = page.tree.text_of(held.clone());
        text.len() * 10 >= whole * 9 && has(&text.to_lowercase(), COOKIES)
    })
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

/// The page's title and headline, in lower case; the heading of a box over the page is only that where there is no other.
fn face(page: &Page, boxes: &[Range<Id>]) -> String {
    let tree = &page.tree;
    let headings = || {
        ["h1", "h2"]
            .into_iter()
            .flat_map(|name| tree.all(name))
            .filter(|id| !tree.text(*id).is_empty())
    };
    let headline = headings()
        .find(|id| !is_boxed(boxes, *id))
        .or_else(|| headings().next())
        .map(|id| tree.text(id))
        .unwrap_or_default();
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

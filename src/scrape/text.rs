//! Stretches of a page as blocks of text, and what titles and leads are made of them.

use std::ops::Range;

use super::tree::{Id, Tree, fold, is_phrasing};
use super::words;
use crate::date;

/// A derived title is cut at a word before this many characters.
const MAX_DERIVED_TITLE: usize = 120;
/// Words that may stand beside a date that is all of a text.
const MAX_BESIDE: usize = 4;
/// Shorter text is no lead.
const MIN_LEAD: usize = 25;

/// Text that stands as one block.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    /// Its first text node.
    pub(super) first: Id,
    /// The element that holds it.
    pub(super) element: Option<Id>,
    pub(super) text: String,
}

/// The blocks of a stretch of the page: text up to the next block element, line break, `time` or classed `span`.
pub(super) fn blocks(tree: &Tree, span: &Range<Id>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut holder: Option<(Option<Id>, usize)> = None;
    let mut breaks = 0;
    let mut id = span.start;
    while id < span.end {
        match tree.own_text(id) {
            Some(text) => {
                let key = (block_of(tree, id, span.start), breaks);
                if holder == Some(key)
                    && let Some(block) = out.last_mut()
                {
                    block.text.push_str(text);
                } else if !text.trim().is_empty() {
                    out.push(Block {
                        first: id,
                        element: key.0,
                        text: text.to_owned(),
                    });
                    holder = Some(key);
                }
            }
            None if tree.is_unseen(id) => {
                id = tree.node(id).end;
                continue;
            }
            None if is_set_label(tree, id) => {
                id = tree.node(id).end;
                continue;
            }
            None if matches!(tree.name(id), "br" | "hr") => breaks += 1,
            None => {}
        }
        id += 1;
    }
    for block in &mut out {
        block.text = fold(&block.text);
    }
    out.retain(|block| !block.text.is_empty());
    out
}

/// A kind set into a line of text: `<em>Press</em>Rapporten går igenom …`.
fn is_set_label(tree: &Tree, id: Id) -> bool {
    matches!(
        tree.name(id),
        "em" | "span" | "strong" | "b" | "i" | "small" | "label" | "mark"
    ) && words::is_label(&tree.text(id))
}

/// The nearest element around a text that stands for itself.
fn block_of(tree: &Tree, id: Id, floor: Id) -> Option<Id> {
    let mut above = tree.parent(id);
    while let Some(element) = above {
        let name = tree.name(element);
        let stands = !is_phrasing(name)
            || matches!(name, "time")
            || (name == "span" && tree.classes(element).next().is_some());
        if stands || element <= floor {
            return Some(element);
        }
        above = tree.parent(element);
    }
    None
}

/// The first sentence of a text, or as much of it as a title may hold.
pub(super) fn first_sentence(text: &str) -> String {
    let mut end = text.len();
    let mut characters = text.char_indices().peekable();
    let mut word_start = 0;
    while let Some((at, c)) = characters.next() {
        if c == ' ' {
            word_start = at + 1;
        }
        let ends = matches!(c, '.' | '!' | '?')
            && characters.peek().is_none_or(|(_, next)| *next == ' ')
            && !is_abbreviation(&text[word_start..at]);
        if ends && at >= 15 {
            end = if c == '.' { at } else { at + c.len_utf8() };
            break;
        }
    }
    cut(
        text[..end]
            .trim_end_matches([' ', '.', '\u{a0}'])
            .trim_start(),
        MAX_DERIVED_TITLE,
    )
}

/// Whether a full stop after this word does not end the sentence: "bl.a.", "kl.", "nr.", "13.".
fn is_abbreviation(word: &str) -> bool {
    let word = word.to_lowercase();
    word.contains('.')
        || word.chars().count() <= 1
        || word.bytes().all(|b| b.is_ascii_digit())
        || matches!(
            word.as_str(),
            "kl" | "nr"
                | "ca"
                | "dr"
                | "st"
                | "bl"
                | "jan"
                | "feb"
                | "aug"
                | "sep"
                | "okt"
                | "oct"
                | "nov"
                | "dec"
                | "des"
                | "mr"
                | "ms"
                | "mrs"
                | "prof"
                | "resp"
                | "inkl"
                | "exkl"
                | "pkt"
                | "mkr"
        )
}

/// Cuts a text at a word.
fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let end = text
        .char_indices()
        .take(max)
        .filter(|(_, c)| *c == ' ')
        .last()
        .map_or(text.len(), |(at, _)| at);
    format!(
        "{}…",
        text[..end].trim_end_matches([',', ';', ':', ' ', '–', '-'])
    )
}

/// A date told in figures. Looking for one is dear, so texts without figures are left alone.
fn find_date(text: &str, context: &date::Context) -> Option<date::Found> {
    has_digit(text).then(|| date::find(text, context)).flatten()
}

/// Whether a text has a figure in it, as every date but a relative one has.
pub(super) fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a text is a date, a label and a kind beside it: a headline with a date in it is none.
pub(super) fn is_date(text: &str, context: &date::Context) -> bool {
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words
            .filter(|word| word.chars().any(char::is_alphabetic))
            .count()
    };
    if !has_digit(text) || text.len() > 100 {
        return false;
    }
    match date::find(text, context).filter(|found| !found.relative) {
        Some(found) => {
            let beside = words(&text[..found.span.start]) + words(&text[found.span.end..]);
            beside <= MAX_BESIDE
        }
        None => words(text) <= MAX_BESIDE && date::parse(text, context).is_some(),
    }
}

/// The part of a text in which a date may lead it.
fn head(text: &str) -> &str {
    const LENGTH: usize = 96;
    let end = (0..=LENGTH.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

/// A title without a date at its edge.
pub(super) fn without_date(text: &str, context: &date::Context) -> String {
    let found = find_date(text, context).or_else(|| date::leading(text, context));
    let Some(found) = found.filter(|found| !found.relative) else {
        return text.to_owned();
    };
    let before = text[..found.span.start].trim_end();
    let after = text[found.span.end..].trim_start();
    let is_label = before.len() <= 24
        && before.trim_end_matches([':', ' ']).split(' ').count() <= 2
        && date_label(before)
        || matches!(before, "(" | "[");
    const JUNK: [char; 13] = [
        ' ', '-', '–', '—', '|', ':', '·', '•', ',', '/', '.', ')', ']',
    ];
    let is_joined = |c: Option<char>| {
        c.is_some_and(|c| matches!(c, '-' | '–' | '—' | '|' | ':' | '·' | '•' | '/' | ')' | ']'))
    };
    if (before.is_empty() || is_label) && after.chars().count() >= 8 {
        let starts = after.trim_start_matches(JUNK);
        // "2026 kommer att bli" begins with a number of its own, not with a date set before the title.
        let fits = is_joined(after.chars().next())
            || starts.chars().next().is_some_and(char::is_uppercase);
        return if fits {
            starts.to_owned()
        } else {
            text.to_owned()
        };
    }
    let encloses = before.ends_with('(') && after.starts_with(')');
    if after.trim_matches(JUNK).is_empty()
        && before.chars().count() >= 8
        && (encloses || is_joined(before.chars().last()))
    {
        return before
            .trim_end_matches([
                ' ', '-', '–', '—', '|', ':', '·', '•', ',', '/', '.', '(', '[',
            ])
            .to_owned();
    }
    text.to_owned()
}

/// Whether what stands before a date at the beginning of a text belongs to the date: nothing, a bracket, a label.
fn leads_to_date(before: &str) -> bool {
    let before = before.trim_start_matches(['(', '[', ' ']);
    before.is_empty() || date_label(before)
}

fn date_label(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "publi", "uppdat", "oppdat", "opdat", "sist", "senast", "updated", "date", "datum", "dato",
        "posted", "julkais", "päivi", "veröff", "erstellt", "stand", "paru", "mis ",
    ]
    .iter()
    .any(|label| text.starts_with(label))
}

/// A block as a lead: without the date and kind glued to its front; `None` where nothing is left.
pub(super) fn lead(text: &str, title: &str, context: &date::Context) -> Option<String> {
    if is_mostly_date(text, context) {
        return None;
    }
    let mut rest = text;
    let mut had_date = false;
    if let Some(found) = find_date(head(text), context)
        && !found.relative
        && found.span.start <= 24
        && leads_to_date(&text[..found.span.start])
    {
        had_date = true;
        rest = text[found.span.end..]
            .trim_start_matches([' ', ',', '-', '–', '—', '|', ':', '·', '•', '/', ')', ']']);
    }
    rest = without_kind(rest, had_date);
    rest = strip_more(rest);
    let rest = rest.trim_matches([' ', '|', '·', '•', '»', '›', '→']);
    let is_title = rest == title;
    (rest.chars().count() >= MIN_LEAD && !is_title && !words::is_more(rest))
        .then(|| rest.to_owned())
}

/// Whether a text is a label and a date: "KO har ordet: 16 februari 2021".
fn is_mostly_date(text: &str, context: &date::Context) -> bool {
    text.chars().count() <= 80
        && find_date(text, context)
            .is_some_and(|found| text.len() - (found.span.end - found.span.start) <= 30)
}

/// Drops a kind set before a lead: "PRESSMEDDELANDE Ny statistik …", "Press Värdet av …".
fn without_kind(text: &str, had_date: bool) -> &str {
    let Some((first, rest)) = text.split_once(' ') else {
        return text;
    };
    let is_kind = matches!(
        first.to_lowercase().trim_end_matches(':'),
        "press"
            | "pressmeddelande"
            | "pressmeddelanden"
            | "pressemelding"
            | "nyhet"
            | "nyheter"
            | "news"
            | "artikel"
            | "rapport"
            | "pressrelease"
            | "debatt"
            | "debattartikel"
            | "yttrande"
            | "remissvar"
            | "krönika"
            | "intervju"
            | "pressemeddelelse"
            | "nyhed"
    );
    // After a date a word in capitals is a kind too: "2022-09-29 DEBATT Här kan du läsa …".
    let is_shouted =
        had_date && first.chars().count() >= 4 && first.chars().all(char::is_uppercase);
    let follows = rest.chars().next().is_some_and(char::is_uppercase);
    if (is_kind || is_shouted) && follows {
        rest
    } else {
        text
    }
}

fn strip_more(text: &str) -> &str {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return text;
    }
    for more in [
        "läs mer",
        "les mer",
        "læs mere her",
        "læs mere",
        "read more",
        "läs hela nyheten",
        "läs vidare",
        "les hele saken",
        "continue reading",
    ] {
        let trimmed = lower.trim_end_matches([' ', '»', '›', '→', '.', '>', '…']);
        if let Some(start) = trimmed.strip_suffix(more)
            && start.len() > MIN_LEAD
            && text.is_char_boundary(start.len())
        {
            return text[..start.len()].trim_end();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{first_sentence, lead, without_date};
    use crate::date::Context;

    #[test]
    fn a_title_is_made_of_the_first_sentence() {
        assert_eq!(
            first_sentence("I tisdags kl. 10 samlades vi bl.a. i Lund. Sedan åkte vi hem."),
            "I tisdags kl. 10 samlades vi bl.a. i Lund"
        );
        assert!(first_sentence(&"ord ".repeat(80)).chars().count() <= 120);
    }

    #[test]
    fn kinds_and_calls_to_read_on_are_no_part_of_a_lead() {
        let context = Context::default();
        assert_eq!(
            lead(
                "2022-09-29 PRESSMEDDELANDE Utsläppen minskar i hela landet. Läs mer",
                "x",
                &context
            )
            .as_deref(),
            Some("Utsläppen minskar i hela landet.")
        );
        assert_eq!(lead("Läs mer om detta på vår sida", "x", &context), None);
    }

    #[test]
    fn a_date_at_the_edge_of_a_title_is_dropped() {
        let context = Context::default();
        assert_eq!(
            without_date("2021-02-05 Nya krav på tyg", &context),
            "Nya krav på tyg"
        );
        assert_eq!(without_date("Nya krav på tyg", &context), "Nya krav på tyg");
    }
}

//! The ladder: by which rule two entries tell the same news, if by any. The first rule that holds decides; every rule
//! but the address rule is subject to the vetoes.

use super::alignment::containment;
use super::beside;
use super::fingerprint::Fingerprint;
use super::pair::Pair;
use super::retold;
use super::rewritten;
use super::statistics::Statistics;
use super::titles::Likeness;
use super::vetoes::{Objection, digest_name, round_up, veto};
use super::words::{Word, is_digest, is_status};
use crate::model::{Evidence, Rule, VetoKind};

/// The version of the rules; stored with each merge so that old decisions stay explainable.
pub const RULES_VERSION: u32 = 5;

/// Hours within which copies appear at other sources.
const WINDOW: i64 = 72;
/// Hours within which a source posts the same again: less than a week, or weekly notices would merge.
const REPOST_WINDOW: i64 = 130;
/// Hours within which a source posts the same twice by mistake.
const DOUBLE_WINDOW: i64 = 6;
/// Hours within which a rare title alone is enough.
const RARE_WINDOW: i64 = 24;
/// Hours within which the press tells a release in its own words; what it tells later is what happened next.
const REWRITTEN_WINDOW: i64 = 48;
/// Share of words that are exchanged where a text is told again: `found` for `discovered`.
const REWORDED: f64 = 0.04;
/// Words of a sentence that is more than a mark.
const LEAST_OPENING: usize = 3;
/// Words that titles and what stands beside a common text share, where they tell the same.
const COMMON_BESIDE: usize = 3;
/// Hours within which one address is one piece of news.
const ADDRESS_WINDOW: i64 = 30 * 24;

/// What comes of comparing two entries.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// They tell the same.
    Same {
        /// The rule that holds.
        rule: Rule,
        /// 0 to 1.
        score: f64,
        /// The figures.
        evidence: Evidence,
    },
    /// They would, but something speaks against it.
    Apart(Objection),
    /// They have too little in common.
    Unlike,
}

/// Compares two entries.
pub fn decide(pair: &Pair, statistics: &Statistics) -> Verdict {
    if is_one_address(pair) {
        return same(pair, Rule::Address, None);
    }
    let found = if pair.item.source == pair.other.source {
        same_source(pair).map(|hours| (Rule::SameSource, hours, None))
    } else {
        other_source(pair, statistics)
    };
    let Some((rule, hours, rarity)) = found else {
        return if is_near(pair) {
            veto(pair).map_or(Verdict::Unlike, Verdict::Apart)
        } else {
            Verdict::Unlike
        };
    };
    let is_late = !pair.is_within(hours) || !is_in_window(pair, rule, statistics);
    let objection = veto(pair)
        .or_else(|| (rule == Rule::Text).then(|| round_up(pair)).flatten())
        .or_else(|| is_late.then(|| (VetoKind::Window, apart(pair))));
    match objection {
        Some(objection) => Verdict::Apart(objection),
        None => same(pair, rule, rarity),
    }
}

/// Whether two sources told it as near to each other as the operator demands.
fn is_in_window(pair: &Pair, rule: Rule, statistics: &Statistics) -> bool {
    rule == Rule::SameSource || pair.is_within_minutes(statistics.settings.window_minutes)
}

/// The same identifying address told by two sources, with anything else that agrees.
fn is_one_address(pair: &Pair) -> bool {
    pair.item.source != pair.other.source
        && pair.item.address.is_some()
        && pair.item.address == pair.other.address
        && pair.is_within(ADDRESS_WINDOW)
        && (pair.titles.likeness <= Likeness::Part || pair.containment() >= 0.5)
}

/// A repost or a double post; the hours within which it may be one.
fn same_source(pair: &Pair) -> Option<i64> {
    let textless = pair.item.is_textless() && pair.other.is_textless();
    let speaking = pair.item.title.words.len() >= 4 && pair.item.title_length >= 30;
    let same_slug = pair.item.slug == pair.other.slug && pair.item.slug.len() > 3
        || is_nameless(pair.item) && is_nameless(pair.other) && speaking && is_as_long(pair, 0);
    let is_repost = pair.same_title()
        && same_slug
        && !pair
            .item
            .title
            .words
            .iter()
            .any(|word| is_digest(&word.text))
        && (textless && speaking
            || pair.containment() >= 0.9 && says_enough(pair) && substituted(pair) <= REWORDED);
    if is_repost {
        return Some(REPOST_WINDOW);
    }
    let is_double = pair.titles.likeness == Likeness::Equal
        && pair.containment() >= 0.99
        && pair.words() >= 5
        && is_as_long(pair, 2);
    is_double.then_some(DOUBLE_WINDOW)
}

/// An address that is a number and tells nothing: `?p=3404416`, `/node/3028`.
fn is_nameless(item: &Fingerprint) -> bool {
    const NAMES: [&str; 4] = ["", "artikel", "artikkel", "article"];
    NAMES.contains(&&*item.slug)
}

/// Enough words for a repost: those of the text, or a few of the text under a title that says something itself.
fn says_enough(pair: &Pair) -> bool {
    pair.words() >= 12 || pair.words() >= 8 && pair.item.title.words.len() >= 5
}

/// Double posts are whole: a template that holds a shorter one is none.
fn is_as_long(pair: &Pair, but_for: usize) -> bool {
    pair.overlap
        .as_ref()
        .is_some_and(|overlap| overlap.left.len().abs_diff(overlap.right.len()) <= but_for)
}

type Found = (Rule, i64, Option<f64>);

fn other_source(pair: &Pair, statistics: &Statistics) -> Option<Found> {
    let least = f64::from(statistics.settings.shared) / 100.0;
    title_and_text(pair, least)
        .or_else(|| title_only(pair, statistics))
        .or_else(|| retold(pair, statistics))
        .or_else(|| rare_title(pair, statistics))
        .or_else(|| text(pair, least, statistics))
        .or_else(|| same_sentences(pair, statistics))
        .or_else(|| one_sentence(pair, statistics))
}

fn title_and_text(pair: &Pair, least: f64) -> Option<Found> {
    // `Driftstörning` stands over many a notice: there the text alone tells.
    let is_mute = pair.titles.shared.len() < 3;
    if is_mute && (pair.containment() < 0.9 || substituted(pair) > REWORDED) {
        return None;
    }
    let shares = pair.containment() >= least && pair.words() >= 6 && substituted(pair) <= 0.1
        || pair.containment() >= 0.99 && pair.words() >= 4
        || is_one_letter(pair)
        || pair.same_title() && pair.containment() >= 0.85 && substituted(pair) <= 0.2;
    (pair.titles.likeness <= Likeness::Contains && shares).then_some((
        Rule::TitleAndText,
        WINDOW,
        None,
    ))
}

/// A letter that says the same every week, but for its title: both whole texts are equal, furniture and all.
fn is_one_letter<'a>(pair: &Pair<'a>) -> bool {
    let whole = |item: &'a Fingerprint| item.furniture.first().or(item.texts.first());
    let is_furniture = pair.item.is_textless() || pair.other.is_textless();
    match (is_furniture, whole(pair.item), whole(pair.other)) {
        (true, Some(a), Some(b)) => {
            a.words.len().min(b.words.len()) >= 6 && containment(&a.words, &b.words) >= 0.99
        }
        _ => false,
    }
}

fn title_only(pair: &Pair, statistics: &Statistics) -> Option<Found> {
    let textless = pair.item.is_textless() || pair.other.is_textless();
    let length = pair.item.title_length.min(pair.other.title_length);
    if !textless || length < 18 || pair.titles.likeness > Likeness::Contains {
        return None;
    }
    let needed = if pair.same_title() { 18.0 } else { 22.0 };
    let rarity = statistics.sum(pair.titles.shared.iter(), f64::INFINITY);
    (rarity >= needed).then_some((Rule::TitleOnly, WINDOW, Some(rarity)))
}

/// One rare title over a text written anew.
fn retold(pair: &Pair, statistics: &Statistics) -> Option<Found> {
    let rarity = retold::by_title(pair, statistics)?;
    Some((Rule::RareTitle, WINDOW, Some(rarity)))
}

/// Title and lead written anew over sentences that were left as they were.
fn same_sentences(pair: &Pair, statistics: &Statistics) -> Option<Found> {
    if is_notice(pair.item) || is_notice(pair.other) {
        return None;
    }
    let rarity = retold::by_sentences(pair, statistics)?;
    Some((Rule::Text, WINDOW, Some(rarity)))
}

/// Written anew by the press, but for a sentence.
fn one_sentence(pair: &Pair, statistics: &Statistics) -> Option<Found> {
    let holds_more = |item| is_notice(item) || digest_name(item).is_some();
    if holds_more(pair.item) || holds_more(pair.other) {
        return None;
    }
    let rarity = rewritten::by_one_sentence(pair, statistics)?;
    Some((Rule::Sentence, REWRITTEN_WINDOW, Some(rarity)))
}

fn rare_title(pair: &Pair, statistics: &Statistics) -> Option<Found> {
    let title = &pair.item.title.words;
    if pair.titles.likeness != Likeness::Equal
        || title.len() < 5
        || title.iter().any(Word::has_digit)
    {
        return None;
    }
    let rarity = statistics.sum(title.iter(), f64::INFINITY);
    (rarity >= 27.0).then_some((Rule::RareTitle, RARE_WINDOW, Some(rarity)))
}

fn text(pair: &Pair, least: f64, statistics: &Statistics) -> Option<Found> {
    let overlap = pair.overlap.as_ref()?;
    if is_notice(pair.item) && is_notice(pair.other) {
        return None;
    }
    let least_words = if overlap.containment >= 0.99 { 8 } else { 9 };
    if overlap.containment < least.max(0.8)
        || overlap.words < least_words
        || overlap.substituted() > 0.03
    {
        return None;
    }
    if begins_otherwise(pair) && beside::common_beside(pair) < COMMON_BESIDE {
        return None;
    }
    let rarity = statistics.sum(overlap.shared().take(200), 60.0);
    let is_whole = overlap.containment >= 0.98 && overlap.words >= 12;
    let needed = if is_lead(pair) {
        32.0
    } else if is_whole {
        40.0
    } else {
        48.0
    };
    (rarity >= needed).then_some((Rule::Text, WINDOW, Some(rarity)))
}

/// Whether the shorter text is the first sentence of the longer, word for word, with nothing before it.
fn is_lead(pair: &Pair) -> bool {
    let lead = |item: &Fingerprint| item.longest()?.sentences.first().copied();
    let (Some(left), Some(right)) = (lead(pair.item), lead(pair.other)) else {
        return false;
    };
    left.hash == right.hash && left.end - left.start >= 9
}

/// Whether either text begins with a sentence of its own: an answer that quotes the other, news that repeats it as background.
fn begins_otherwise(pair: &Pair) -> bool {
    let opens = |item: &Fingerprint, other: &Fingerprint| {
        let (Some(text), Some(other)) = (item.longest(), other.longest()) else {
            return false;
        };
        text.sentences.first().is_some_and(|first| {
            let words = text.of(first);
            words.len() >= LEAST_OPENING && containment(words, &other.words) < 0.5
        })
    };
    opens(pair.item, pair.other) || opens(pair.other, pair.item)
}

/// Corrections and cancellations all say much the same.
fn is_notice(item: &Fingerprint) -> bool {
    item.title.words.iter().any(|word| is_status(&word.text))
}

fn substituted(pair: &Pair) -> f64 {
    pair.overlap
        .as_ref()
        .map_or(0.0, |overlap| overlap.substituted())
}

/// Near enough for an operator to ask why the two are not one.
fn is_near(pair: &Pair) -> bool {
    pair.is_within(WINDOW)
        && (pair.containment() >= 0.7 && pair.words() >= 6 || pair.titles.shared.len() >= 4)
}

fn same(pair: &Pair, rule: Rule, rarity: Option<f64>) -> Verdict {
    let base = match rule {
        Rule::Address => 0.9,
        Rule::SameSource | Rule::TitleAndText => 0.6,
        Rule::Text => 0.4,
        Rule::Sentence => 0.3,
        _ => 0.5,
    };
    let title = if pair.same_title() { 0.1 } else { 0.0 };
    Verdict::Same {
        rule,
        score: (base + title + 0.3 * pair.containment()).min(1.0),
        evidence: evidence(pair, rule, rarity),
    }
}

/// The figures of a pair.
pub fn evidence(pair: &Pair, rule: Rule, rarity: Option<f64>) -> Evidence {
    let only = pair.titles.only_left.iter().chain(&pair.titles.only_right);
    Evidence {
        titles: pair.titles.likeness.name().to_owned(),
        title_difference: only.take(12).map(|word| word.text.to_string()).collect(),
        containment: pair.overlap.as_ref().map(|overlap| overlap.containment),
        words: pair.overlap.as_ref().map(|overlap| overlap.words),
        address: (rule == Rule::Address)
            .then(|| pair.item.address.clone())
            .flatten(),
        rarity,
        minutes_apart: pair.minutes_apart,
        earlier: false,
    }
}

fn apart(pair: &Pair) -> String {
    let hours = pair.minutes_apart / 60;
    if hours < 72 {
        format!("{hours} h apart")
    } else {
        format!("{} days apart", hours / 24)
    }
}

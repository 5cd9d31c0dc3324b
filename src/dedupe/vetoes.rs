//! What keeps two entries apart however alike they are. The vetoes carry the precision: a template with another town,
//! another figure or another outcome looks more like its neighbour than a true copy does.

use std::collections::HashSet;

use super::alignment::align;
use super::fingerprint::Fingerprint;
use super::pair::Pair;
use super::titles::{Likeness, is_mistyped, is_one_letter_off, is_slip, without_label};
use super::words::{
    Kind, Word, are_opposite, is_calendar, is_denial, is_digest, is_digest_name, is_status,
    is_unlisted,
};
use crate::model::VetoKind;

/// Longest run on either side that is still an exchange of one thing for another.
const MAX_RUN: usize = 8;

/// Content words by which both titles may differ and still be one template.
const MAX_MINIMAL: usize = 2;

/// Words of a name in a title.
const MAX_RENAMED: usize = 4;

/// Longest run in which a figure stands for a name.
const MAX_MIXED: usize = 3;

/// Words of a name at the start of a sentence.
const MAX_OPENING: usize = 3;

/// Words before the shorter text begins in the longer, beyond which the longer one holds it among others.
const MAX_DEPTH: usize = 15;

/// A veto with what differs.
pub type Objection = (VetoKind, String);

/// The first veto that holds against a pair, for every rule but the address rule.
pub fn veto(pair: &Pair) -> Option<Objection> {
    status(pair)
        .or_else(|| reversal(pair))
        .or_else(|| minimal(pair))
        .or_else(|| exchange(pair))
}

/// A correction, reminder or cancellation is other news than what it corrects: it says so in front, or anywhere in a
/// title that is otherwise much the same.
fn status(pair: &Pair) -> Option<Objection> {
    let (left, right) = (&pair.item.title.words, &pair.other.title.words);
    let looked_at = if is_half_shared(pair) { usize::MAX } else { 3 };
    let first = |words: &[Word], other: &[Word]| {
        without_label(words)
            .iter()
            .take(looked_at)
            .find(|word| {
                is_status(&word.text) && !other.iter().any(|other| other.hash == word.hash)
            })
            .map(|word| word.text.to_string())
    };
    first(left, right)
        .or_else(|| first(right, left))
        .map(|word| (VetoKind::StatusWord, word))
}

/// Titles of which one denies what the other says, or says it the other way round.
fn reversal(pair: &Pair) -> Option<Objection> {
    let (left, right) = (&pair.titles.only_left, &pair.titles.only_right);
    if !is_half_shared(pair) {
        return None;
    }
    let turned = left.iter().find_map(|a| {
        let b = right.iter().find(|b| are_opposite(&a.text, &b.text))?;
        Some(shown(&a.text, &b.text))
    });
    let denied = |words: &[Word]| {
        words
            .iter()
            .find(|word| is_denial(&word.text))
            .map(|word| format!("'{}'", word.text))
    };
    turned
        .or_else(|| denied(left))
        .or_else(|| denied(right))
        .map(|detail| (VetoKind::MinimalPair, detail))
}

/// Whether the titles share half the words of the shorter one.
fn is_half_shared(pair: &Pair) -> bool {
    let (left, right) = (&pair.item.title.words, &pair.other.title.words);
    pair.titles.shared.len() * 2 >= left.len().min(right.len())
}

/// Titles that differ in a word or two on both sides, or in a figure: a template, a series.
fn minimal(pair: &Pair) -> Option<Objection> {
    let (left, right) = (&pair.titles.only_left, &pair.titles.only_right);
    if pair.titles.likeness <= Likeness::Soft {
        return None;
    }
    let told_alike = pair.containment() >= 0.95 && pair.words() >= 10;
    let (mut a, mut b) = (figures(left), figures(right));
    if !a.is_empty() && !b.is_empty() && is_template(pair, told_alike) {
        return Some((VetoKind::MinimalPair, shown(&joined(&a), &joined(&b))));
    }
    if !is_half_shared(pair) || told_alike && (is_rearranged(pair) || is_rewritten(pair)) {
        return None;
    }
    if told_alike && pair.titles.likeness <= Likeness::Part {
        a.retain(|word| !is_year(word)); // `Kalmar river dammen senast 2032`, without its end
        b.retain(|word| !is_year(word));
    }
    let beside = |words: &[Word]| spoken(words).count();
    if beside(left) <= MAX_MINIMAL && beside(right) <= MAX_MINIMAL {
        let added = added_figure(&a, pair.other).or_else(|| added_figure(&b, pair.item));
        if let Some(figure) = added {
            return Some((VetoKind::MinimalPair, figure));
        }
    }
    let is_same = |word: &Word, other: &Word| {
        is_slip(word, other)
            || told_alike && (is_mistyped(word, other) || is_misspelled(word, other, pair))
    };
    let slips = |word: &Word, others: &[Word]| others.iter().any(|other| is_same(word, other));
    let content = |words: &[Word], others: &[Word]| {
        words
            .iter()
            .filter(|word| word.is_content() && !slips(word, others))
            .count()
    };
    let (only_left, only_right) = (content(left, right), content(right, left));
    let few = (1..=MAX_MINIMAL).contains(&only_left) && (1..=MAX_MINIMAL).contains(&only_right);
    // `får` is a small word, but not where it stands for `mister`.
    let one_for_one = left.len() == 1 && right.len() == 1 && only_left + only_right > 0;
    let is_minimal = few || one_for_one || is_renamed(pair);
    is_minimal.then(|| (VetoKind::MinimalPair, shown(&told(left), &told(right))))
}

/// Whether the titles share a third of what is said around their figures, half where the texts are one; under other
/// headlines each has its own.
fn is_template(pair: &Pair, told_alike: bool) -> bool {
    let around = |words: &[Word]| spoken(words).count();
    let shorter = around(&pair.item.title.words).min(around(&pair.other.title.words));
    around(&pair.titles.shared) * if told_alike { 2 } else { 3 } >= shorter
}

/// Whether what both titles say stands in another order: a headline written anew, where a template keeps its words in place.
fn is_rearranged(pair: &Pair) -> bool {
    let others = &pair.other.title.words;
    let shared = pair.titles.shared.iter().filter(|word| word.is_content());
    let place = |word: &Word| others.iter().position(|other| other.hash == word.hash);
    !shared.filter_map(place).is_sorted()
}

/// Whether the titles differ in several places, in one of them by what the other has nothing for, or say with a phrase
/// what the other says with a word or two: no template does, and the texts are one.
fn is_rewritten(pair: &Pair) -> bool {
    let left = without_label(&pair.item.title.words);
    let right = without_label(&pair.other.title.words);
    let alignment = align(left, right);
    let (mut from, mut places, mut is_uneven, mut is_phrased) = ((0, 0), 0, false, false);
    for (a, b) in alignment
        .matches
        .into_iter()
        .chain([(left.len(), right.len())])
    {
        let (one, other) = (&left[from.0..a], &right[from.1..b]);
        from = (a + 1, b + 1);
        let is_name = |word: &Word| pair.is_name(word) || word.capital && is_unlisted(&word.text);
        let is_figure = |word: &Word| word.kind == Kind::Figure;
        if one.iter().any(is_name) && other.iter().any(is_name)
            || one.iter().any(is_figure) && other.iter().any(is_figure)
        {
            return false;
        }
        let says = |run: &[Word]| run.iter().filter(|word| word.is_content()).count();
        let (one_says, other_says) = (says(one), says(other));
        places += usize::from(one_says + other_says > 0);
        is_uneven |= (one_says == 0) != (other_says == 0);
        let is_told = one_says.min(other_says) > 0 && one_says != other_says;
        is_phrased |= is_told && one.len().abs_diff(other.len()) >= 2;
    }
    let is_one = pair.containment() >= 0.98;
    (places > 1 && is_uneven || is_phrased) && is_one && pair.words() >= 15
        || places > 2 && is_uneven && is_one
}

/// Whether a name of several words stands for another in one place: `Anna Berg leder`, `Kari-Mette Dahl leder`.
fn is_renamed(pair: &Pair) -> bool {
    let left = without_label(&pair.item.title.words);
    let right = without_label(&pair.other.title.words);
    let is_same = |(a, b): &(&Word, &Word)| a.hash == b.hash;
    let start = left.iter().zip(right).take_while(is_same).count();
    let ((head, left), right) = (left.split_at(start), &right[start..]);
    let ends = left.iter().rev().zip(right.iter().rev());
    let end = ends.take_while(is_same).count();
    let (left, tail) = left.split_at(left.len() - end);
    let right = &right[..right.len() - end];
    let is_name = |run: &[Word]| {
        run.len() <= MAX_RENAMED
            && run.iter().all(|word| {
                word.capital && (start > 0 || is_unlisted(&word.text)) && !word.has_digit()
            })
    };
    let is_several = !left.is_empty() && !right.is_empty() && left.len() + right.len() > 2;
    // In Titles Spelled So every word looks like a name.
    let is_spoken = |words: &[Word]| words.iter().any(|word| word.is_content() && !word.capital);
    is_several && is_name(left) && is_name(right) && (is_spoken(head) || is_spoken(tail))
}

fn is_year(word: &Word) -> bool {
    word.text.len() == 4 && (word.text.starts_with("19") || word.text.starts_with("20"))
}

/// One letter for another in a name, of which both texts tell how it is spelled.
fn is_misspelled(word: &Word, other: &Word, pair: &Pair) -> bool {
    let Some(overlap) = &pair.overlap else {
        return false;
    };
    let is_told = |word: &Word, text: &[Word]| text.iter().any(|told| told.hash == word.hash);
    let [left, right] =
        [word, other].map(|word| [overlap.left, overlap.right].map(|text| is_told(word, text)));
    is_one_letter_off(word, other)
        && matches!(
            (left, right),
            ([true, true], [false, false]) | ([false, false], [true, true])
        )
}

/// Words with a meaning, figures left out.
fn spoken(words: &[Word]) -> impl Iterator<Item = &Word> {
    words
        .iter()
        .filter(|word| word.is_content() && word.kind != Kind::Figure)
}

fn figures(words: &[Word]) -> Vec<&Word> {
    words
        .iter()
        .filter(|word| word.kind == Kind::Figure)
        .collect()
}

/// A figure in one title that the other entry says nowhere: the next part, another year.
fn added_figure(figures: &[&Word], other: &Fingerprint) -> Option<String> {
    let mut said = other
        .title
        .words
        .iter()
        .chain(other.texts.iter().flat_map(|text| &text.words))
        .map(|word| word.hash);
    let figure = figures.iter().find(|figure| figure.has_digit())?;
    (!other.is_textless() && !said.any(|hash| hash == figure.hash)).then(|| figure.text.to_string())
}

/// A figure for another figure, or a name for another name, in the text that both share.
fn exchange(pair: &Pair) -> Option<Objection> {
    let overlap = pair.overlap.as_ref()?;
    if overlap.alignment.exchanges.is_empty() && overlap.alignment.head.is_none() {
        return None;
    }
    let all = |words: &[Word]| -> HashSet<u64> { words.iter().map(|word| word.hash).collect() };
    let (all_left, all_right) = (all(overlap.left), all(overlap.right));
    let exchanges = overlap.alignment.exchanges.iter();
    exchanges
        .chain(&overlap.alignment.head)
        .find_map(|exchange| {
            let (left, right) = (
                &overlap.left[exchange.left.clone()],
                &overlap.right[exchange.right.clone()],
            );
            if left.len() > MAX_RUN || right.len() > MAX_RUN {
                return None;
            }
            if let ([left], [right]) = (left, right)
                && is_mistyped(left, right)
            {
                return None;
            }
            let is_figure = |word: &Word| word.kind == Kind::Figure;
            let named_alike = are_openings(left, right);
            let is_end = exchange.left.end == overlap.left.len()
                || exchange.right.end == overlap.right.len();
            let is_name = |word: &Word| named_alike || pair.is_name(word);
            // `riksväg 58` and `Kyrkbacken` are two places.
            let is_short = left.len().max(right.len()) <= MAX_MIXED;
            let is_either = |word: &Word| is_short && (is_figure(word) || is_name(word));
            [&is_figure as &dyn Fn(&Word) -> bool, &is_name, &is_either]
                .into_iter()
                .find_map(|is_kind| {
                    let a: Vec<&Word> = left.iter().filter(|word| is_kind(word)).collect();
                    let b: Vec<&Word> = right.iter().filter(|word| is_kind(word)).collect();
                    let is_same = |a: &Word, b: &Word| a.hash == b.hash || is_genitive(a, b);
                    let apart = !a.is_empty()
                        && !b.is_empty()
                        && !a.iter().any(|a| b.iter().any(|b| is_same(a, b)));
                    let left_moved = a.iter().all(|word| all_right.contains(&word.hash));
                    let right_moved = b.iter().all(|word| all_left.contains(&word.hash));
                    let is_guess = named_alike || is_end || is_time(&a) != is_time(&b);
                    let moved = if is_guess {
                        left_moved || right_moved
                    } else {
                        left_moved && right_moved
                    };
                    (apart && !moved)
                        .then(|| (VetoKind::Substitution, shown(&joined(&a), &joined(&b))))
                })
        })
}

/// One name and its genitive.
fn is_genitive(left: &Word, right: &Word) -> bool {
    let (a, b) = (&*left.text, &*right.text);
    let is_of = |long: &str, short: &str| {
        short.chars().count() > 3 && long.strip_suffix('s').is_some_and(|name| name == short)
    };
    is_of(a, b) || is_of(b, a)
}

/// Whether all of these tell a day or a month, and no amount.
fn is_time(words: &[&Word]) -> bool {
    words.iter().all(|word| is_calendar(&word.text))
}

/// Unknown words for others at the start of a sentence, where every word has a capital: taken for names, unless they are
/// forms of one word.
fn are_openings(left: &[Word], right: &[Word]) -> bool {
    let is_name = |run: &[Word]| {
        run.len() <= MAX_OPENING
            && run[0].text.chars().count() > 3
            && run
                .iter()
                .all(|word| word.capital && word.kind != Kind::Figure && is_unlisted(&word.text))
    };
    let letters = left[0].text.chars().zip(right[0].text.chars());
    is_name(left) && is_name(right) && letters.take_while(|(a, b)| a == b).count() < 4
}

/// One holds the other among others, or says in its title that it does; for the text rule.
pub fn round_up(pair: &Pair) -> Option<Objection> {
    let digest = [pair.item, pair.other].into_iter().find_map(digest_name);
    if let Some(name) = digest {
        return Some((VetoKind::RoundUp, name));
    }
    let depth = pair.overlap.as_ref().map_or(0, |overlap| overlap.depth());
    (depth > MAX_DEPTH).then(|| {
        (
            VetoKind::RoundUp,
            format!("begins {depth} words into the other"),
        )
    })
}

/// What in a title says that it is a round-up: `Dagens notiser`, `News in brief`.
fn digest_name(item: &Fingerprint) -> Option<String> {
    let words = &item.title.words;
    let pairs = words.windows(2).map(|pair| (&pair[0], &pair[1]));
    let mut named = pairs.filter(|(a, b)| is_digest_name(&a.text, &b.text));
    let named = named.next().map(|(a, b)| format!("{} {}", a.text, b.text));
    named.or_else(|| {
        let at = words.iter().position(|word| is_digest(&word.text))?;
        // `Døgnet rundt` is a time and no round-up.
        let is_clock = words
            .get(at + 1)
            .is_some_and(|next| matches!(&*next.text, "rundt" | "runt"));
        (!is_clock).then(|| words[at].text.to_string())
    })
}

fn shown(left: &str, right: &str) -> String {
    format!("{left} / {right}")
}

fn joined(words: &[&Word]) -> String {
    words
        .iter()
        .map(|word| &*word.text)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The words that matter of those by which a title differs; all of them where none does.
fn told(words: &[Word]) -> String {
    let content: Vec<&Word> = words.iter().filter(|word| word.is_content()).collect();
    if content.is_empty() {
        joined(&words.iter().collect::<Vec<_>>())
    } else {
        joined(&content)
    }
}

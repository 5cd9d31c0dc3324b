//! Titles that are one template: they differ in a word or two, a figure or a name, however equal the texts are.

use super::super::alignment::align;
use super::super::fingerprint::Fingerprint;
use super::super::pair::Pair;
use super::super::titles::{Likeness, is_mistyped, is_one_letter_off, is_slip, without_label};
use super::super::words::{Kind, Word, is_unlisted};
use super::{Objection, is_half_shared, joined, shown};
use crate::model::VetoKind;

/// Content words by which both titles may differ and still be one template.
const MAX_MINIMAL: usize = 2;

/// Words of a name in a title.
const MAX_RENAMED: usize = 4;

/// Titles that differ in a word or two on both sides, or in a figure: a template, a series.
pub(super) fn minimal(pair: &Pair) -> Option<Objection> {
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
            || told_alike
                && (is_mistyped(word, other)
                    || is_misspelled(word, other, pair)
                    || is_compound(word, other))
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
    let (mut said, mut is_uneven, mut is_phrased) = (0, false, false);
    for (one, other) in places(left, right) {
        let is_name = |word: &Word| pair.is_name(word) || word.capital && is_unlisted(&word.text);
        let is_figure = |word: &Word| word.kind == Kind::Figure;
        if one.iter().any(is_name) && other.iter().any(is_name)
            || one.iter().any(is_figure) && other.iter().any(is_figure)
        {
            return false;
        }
        let says = |run: &[Word]| run.iter().filter(|word| word.is_content()).count();
        let (one_says, other_says) = (says(one), says(other));
        said += usize::from(one_says + other_says > 0);
        is_uneven |= (one_says == 0) != (other_says == 0);
        let is_told = one_says.min(other_says) > 0 && one_says != other_says;
        is_phrased |= is_told && one.len().abs_diff(other.len()) >= 2;
    }
    let is_one = pair.containment() >= 0.98;
    (said > 1 && is_uneven || is_phrased) && is_one && pair.words() >= 15
        || said > 2 && is_uneven && is_one
}

/// Where titles differ: what one says in a place, and what the other says there.
fn places<'a>(left: &'a [Word], right: &'a [Word]) -> Vec<(&'a [Word], &'a [Word])> {
    let (mut from, mut places) = ((0, 0), Vec::new());
    let matches = align(left, right).matches;
    for (a, b) in matches.into_iter().chain([(left.len(), right.len())]) {
        let (one, other) = (&left[from.0..a], &right[from.1..b]);
        from = (a + 1, b + 1);
        if !one.is_empty() || !other.is_empty() {
            places.push((one, other));
        }
    }
    places
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

/// Whether one is the other with more before or behind it that does not turn it round: `riskkarta` and `karta`, `akut` and
/// `akutmottagning`, of a name no more than its ending.
fn is_compound(word: &Word, other: &Word) -> bool {
    const TURNING: [&str; 26] = [
        "anti", "miss", "mis", "icke", "ikke", "ikkje", "under", "över", "over", "av", "af", "dis",
        "un", "in", "im", "non", "de", "ut", "ud", "inn", "ind", "upp", "opp", "ned", "för", "for",
    ];
    const ENDINGS: [&str; 8] = ["et", "en", "t", "n", "a", "na", "ne", "ene"];
    let is_of = |long: &Word, short: &Word| {
        let letters = short.text.chars().count();
        let before = long.text.strip_suffix(&*short.text);
        let behind = long.text.strip_prefix(&*short.text);
        before.is_some_and(|before| {
            letters >= 5 && before.chars().count() >= 2 && !TURNING.contains(&before)
        }) || behind.is_some_and(|behind| {
            letters >= 4 && !long.capital && !short.capital
                || letters >= 6 && ENDINGS.contains(&behind)
        })
    };
    let is_figure = word.kind == Kind::Figure || other.kind == Kind::Figure;
    !is_figure && (is_of(word, other) || is_of(other, word))
}

fn is_year(word: &Word) -> bool {
    word.text.len() == 4
        && word.text.bytes().all(|b| b.is_ascii_digit())
        && (word.text.starts_with("19") || word.text.starts_with("20"))
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

/// The words that matter of those by which a title differs; all of them where none does.
fn told(words: &[Word]) -> String {
    let content: Vec<&Word> = words.iter().filter(|word| word.is_content()).collect();
    if content.is_empty() {
        joined(&words.iter().collect::<Vec<_>>())
    } else {
        joined(&content)
    }
}

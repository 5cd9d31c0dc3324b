//! Two texts laid side by side: how much of the shorter is in the longer, and what stands exchanged in what they share.
//!
//! Words that occur once in both are anchors (patience diff); small gaps between anchors are aligned exactly. So the
//! work is near linear in the words, whatever a stranger writes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::words::{Word, combine};

/// Greatest gap aligned word by word; a greater one without anchors is other text.
const MAX_GAP: usize = 24;

/// A run of words of one text that stands where another run stands in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Words of the first text.
    pub left: Range<usize>,
    /// Words of the second text.
    pub right: Range<usize>,
}

/// Two texts side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alignment {
    /// Pairs of equal words, both rising.
    pub matches: Vec<(usize, usize)>,
    /// What stands exchanged between the first and the last match, and in a short tail.
    pub exchanges: Vec<Exchange>,
    /// What stands exchanged at the start of the sentence in which the common part begins: no byline, no added lead.
    pub head: Option<Exchange>,
}

/// Share of the shorter text's word pairs that the longer has, 0 to 1; of single words where the shorter is one word.
pub fn containment(left: &[Word], right: &[Word]) -> f64 {
    let (shorter, longer) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    if shorter.is_empty() {
        return 0.0;
    }
    if shorter.len() == 1 {
        let found = longer.iter().any(|word| word.hash == shorter[0].hash);
        return if found && longer.len() < 4 { 1.0 } else { 0.0 };
    }
    let known: HashSet<u64> = pairs(longer).collect();
    let found = pairs(shorter).filter(|pair| known.contains(pair)).count();
    found as f64 / (shorter.len() - 1) as f64
}

fn pairs(words: &[Word]) -> impl Iterator<Item = u64> {
    words
        .windows(2)
        .map(|pair| combine(pair[0].hash, pair[1].hash))
}

/// Lays two texts side by side.
pub fn align(left: &[Word], right: &[Word]) -> Alignment {
    let mut matches = Vec::new();
    let mut work = vec![(0..left.len(), 0..right.len())];
    while let Some((a, b)) = work.pop() {
        let (a, b) = trim(left, right, a, b, &mut matches);
        if a.is_empty() || b.is_empty() {
            continue;
        }
        let anchors = anchors(left, right, &a, &b);
        if anchors.is_empty() {
            if a.len() <= MAX_GAP && b.len() <= MAX_GAP {
                align_gap(left, right, a, b, &mut matches);
            }
            continue;
        }
        let (mut from_a, mut from_b) = (a.start, b.start);
        for (at_a, at_b) in anchors {
            matches.push((at_a, at_b));
            work.push((from_a..at_a, from_b..at_b));
            (from_a, from_b) = (at_a + 1, at_b + 1);
        }
        work.push((from_a..a.end, from_b..b.end));
    }
    matches.sort_unstable();
    Alignment {
        exchanges: exchanges(&matches, left.len(), right.len()),
        head: head(&matches, left, right),
        matches,
    }
}

/// Longest run at the start of both texts that is an exchange: a name, a figure with its noun.
const MAX_HEAD: usize = 4;

/// `Anna Berg leder`, `Ulborg Kommune leder`; not `OSLO (NTB) Kommunen`, since there a sentence begins with what is shared.
fn head(matches: &[(usize, usize)], left: &[Word], right: &[Word]) -> Option<Exchange> {
    let (a, b) = *matches.first()?;
    let goes_on = [&left[a], &right[b]]
        .iter()
        .all(|word| !word.capital || !word.marked);
    let fits = |at: usize| (1..=MAX_HEAD).contains(&at);
    (goes_on && fits(a) && fits(b)).then_some(Exchange {
        left: 0..a,
        right: 0..b,
    })
}

/// Takes equal words off both ends.
fn trim(
    left: &[Word],
    right: &[Word],
    mut a: Range<usize>,
    mut b: Range<usize>,
    matches: &mut Vec<(usize, usize)>,
) -> (Range<usize>, Range<usize>) {
    while !a.is_empty() && !b.is_empty() && left[a.start].hash == right[b.start].hash {
        matches.push((a.start, b.start));
        a.start += 1;
        b.start += 1;
    }
    while !a.is_empty() && !b.is_empty() && left[a.end - 1].hash == right[b.end - 1].hash {
        matches.push((a.end - 1, b.end - 1));
        a.end -= 1;
        b.end -= 1;
    }
    (a, b)
}

/// Words that occur once in both ranges, in the longest run that rises in both.
fn anchors(
    left: &[Word],
    right: &[Word],
    a: &Range<usize>,
    b: &Range<usize>,
) -> Vec<(usize, usize)> {
    let mut places: HashMap<u64, (u32, usize, u32, usize)> = HashMap::with_capacity(a.len());
    for at in a.clone() {
        let place = places.entry(left[at].hash).or_default();
        (place.0, place.1) = (place.0 + 1, at);
    }
    for at in b.clone() {
        if let Some(place) = places.get_mut(&right[at].hash) {
            (place.2, place.3) = (place.2 + 1, at);
        }
    }
    let mut unique: Vec<(usize, usize)> = places
        .into_values()
        .filter(|place| place.0 == 1 && place.2 == 1)
        .map(|place| (place.1, place.3))
        .collect();
    unique.sort_unstable();
    longest_rise(&unique)
}

fn longest_rise(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (index, pair) in pairs.iter().enumerate() {
        let pile = tops.partition_point(|top| pairs[*top].1 < pair.1);
        before[index] = pile.checked_sub(1).map(|pile| tops[pile]);
        if pile == tops.len() {
            tops.push(index);
        } else {
            tops[pile] = index;
        }
    }
    let mut rise = Vec::with_capacity(tops.len());
    let mut next = tops.last().copied();
    while let Some(index) = next {
        rise.push(pairs[index]);
        next = before[index];
    }
    rise.reverse();
    rise
}

/// The longest common run of a small gap.
fn align_gap(
    left: &[Word],
    right: &[Word],
    a: Range<usize>,
    b: Range<usize>,
    matches: &mut Vec<(usize, usize)>,
) {
    let width = b.len() + 1;
    let mut lengths = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if left[a.start + i].hash == right[b.start + j].hash {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if left[a.start + i].hash == right[b.start + j].hash {
            matches.push((a.start + i, b.start + j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// A tail longer than this is another ending, not an exchange.
const MAX_TAIL: usize = 3;

fn exchanges(matches: &[(usize, usize)], left: usize, right: usize) -> Vec<Exchange> {
    let mut found: Vec<Exchange> = matches
        .windows(2)
        .map(|pair| Exchange {
            left: pair[0].0 + 1..pair[1].0,
            right: pair[0].1 + 1..pair[1].1,
        })
        .collect();
    if let Some((a, b)) = matches.last() {
        let tail = Exchange {
            left: a + 1..left,
            right: b + 1..right,
        };
        if tail.left.len() <= MAX_TAIL && tail.right.len() <= MAX_TAIL {
            found.push(tail);
        }
    }
    found.retain(|exchange| !exchange.left.is_empty() && !exchange.right.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::super::words::read;
    use super::{align, containment};

    #[test]
    fn exchanged_words_are_found_between_what_is_shared() {
        let left = read(
            "Sammanlagt 54 personer deltog i mötet i Kalmar om den nya bron",
            99,
        )
        .words;
        let right = read(
            "Byline. Sammanlagt 53 personer deltog i mötet om den nya bron, säger hon",
            99,
        )
        .words;
        let alignment = align(&left, &right);
        assert_eq!(alignment.exchanges.len(), 1);
        assert_eq!(&*left[alignment.exchanges[0].left.start].text, "54");
        assert_eq!(&*right[alignment.exchanges[0].right.start].text, "53");
        assert!(containment(&left, &right) > 0.5);
    }

    #[test]
    fn texts_of_one_repeated_word_align_without_quadratic_work() {
        let left = read(&"samma ".repeat(5000), 5000).words;
        let right = read(&"samma andra ".repeat(2500), 5000).words;
        assert!(!align(&left, &right).matches.is_empty());
    }
}

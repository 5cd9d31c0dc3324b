//! How two titles compare: equal, equal but for small words and slips, one inside the other, or different.

use std::collections::HashMap;

use super::words::{Kind, Word, Words, is_alarm, is_label, is_small};

/// Content words that the longer title may have besides the shorter one.
const MAX_ADDED: usize = 4;

/// Words of a name that stands before a title in one place and after it in another.
const MAX_TURNED: usize = 4;

/// How two titles stand to each other, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same words in the same order.
    Equal,
    /// The same but for small words, labels and one-letter slips.
    Soft,
    /// One is a contiguous part of the other, at most four content words longer.
    Contains,
    /// One is a contiguous part of the other, however long that is.
    Part,
    /// None of these.
    Other,
}

impl Likeness {
    /// The word for it in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Soft => "soft",
            Self::Contains => "contains",
            Self::Part => "part",
            Self::Other => "other",
        }
    }
}

/// Two titles side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titles {
    /// How they stand to each other.
    pub likeness: Likeness,
    /// Words only the first has, in order.
    pub only_left: Vec<Word>,
    /// Words only the second has, in order.
    pub only_right: Vec<Word>,
    /// Words of the first that the second has too.
    pub shared: Vec<Word>,
}

/// Compares two titles.
pub fn compare(left: &Words, right: &Words) -> Titles {
    let (left, right) = (without_label(&left.words), without_label(&right.words));
    let (only_left, shared) = difference(left, right);
    let (only_right, _) = difference(right, left);
    Titles {
        likeness: likeness(left, right, &only_left, &only_right),
        only_left,
        only_right,
        shared,
    }
}

fn likeness(left: &[Word], right: &[Word], only_left: &[Word], only_right: &[Word]) -> Likeness {
    if left.is_empty() || right.is_empty() {
        return Likeness::Other;
    }
    if left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a.hash == b.hash) {
        return Likeness::Equal;
    }
    if is_soft(left, right) {
        return Likeness::Soft;
    }
    if is_turned(left, right) || is_turned(right, left) {
        return Likeness::Soft;
    }
    if contains(left, right) || contains(right, left) {
        let added = only_left
            .iter()
            .chain(only_right)
            .filter(|word| word.is_content())
            .count();
        return if added <= MAX_ADDED {
            Likeness::Contains
        } else {
            Likeness::Part
        };
    }
    Likeness::Other
}

/// The title without the label that names its kind: `Pressmeddelande: Bron öppnar`.
pub fn without_label(words: &[Word]) -> &[Word] {
    let mut rest = words;
    while let Some(skipped) = label(rest) {
        rest = &rest[skipped..];
    }
    if rest.is_empty() { words } else { rest }
}

/// How many words of a label stand in front: `Nyhet`, `Just nu`.
fn label(words: &[Word]) -> Option<usize> {
    let first = words.first()?;
    let is_alarm = words
        .get(1)
        .is_some_and(|next| is_alarm(&first.text, &next.text));
    if is_alarm {
        Some(2)
    } else {
        is_label(&first.text).then_some(1)
    }
}

/// Words of the first beyond what the second has, and those that both have, as multisets.
fn difference(left: &[Word], right: &[Word]) -> (Vec<Word>, Vec<Word>) {
    let mut stock: HashMap<u64, usize> = HashMap::new();
    for word in right {
        *stock.entry(word.hash).or_default() += 1;
    }
    let mut only = Vec::new();
    let mut shared = Vec::new();
    for word in left {
        match stock.get_mut(&word.hash) {
            Some(count) if *count > 0 => {
                *count -= 1;
                shared.push(word.clone());
            }
            _ => only.push(word.clone()),
        }
    }
    (only, shared)
}

/// The same words with the first few of them last: `Region Syd: Bron öppnar` and `Bron öppnar - Region Syd`.
fn is_turned(left: &[Word], right: &[Word]) -> bool {
    left.len() == right.len()
        && (1..=MAX_TURNED.min(left.len().saturating_sub(3))).any(|lead| {
            let turned = left[lead..].iter().chain(&left[..lead]);
            turned.zip(right).all(|(a, b)| a.hash == b.hash)
        })
}

/// The same content words in the same order, at most one of them with a slip.
fn is_soft(left: &[Word], right: &[Word]) -> bool {
    let content = |words: &[Word]| -> Vec<usize> {
        (0..words.len())
            .filter(|at| !is_small(&words[*at].text) && !is_label(&words[*at].text))
            .collect()
    };
    let (a, b) = (content(left), content(right));
    if a.len() != b.len() || a.is_empty() {
        return false;
    }
    let mut slips = 0;
    for (a, b) in a.iter().zip(&b) {
        let (a, b) = (&left[*a], &right[*b]);
        if a.hash == b.hash {
            continue;
        }
        if !is_slip(a, b) {
            return false;
        }
        slips += 1;
    }
    slips <= 1 + a.len() / 8
}

/// One letter more, less or other in a longer word, or another ending of it; never in a figure. In a name two letters that
/// stand the wrong way round are the only slip that makes no other name.
pub fn is_slip(left: &Word, right: &Word) -> bool {
    if is_transposed(left, right) {
        return true;
    }
    // In Titles Spelled So every word looks like a name; a small letter on the other side tells that it is none.
    let is_plain = match (left.kind, right.kind) {
        (Kind::Plain, Kind::Plain) => true,
        (Kind::Plain, Kind::Name) => !left.capital,
        (Kind::Name, Kind::Plain) => !right.capital,
        _ => false,
    };
    if !is_plain {
        return false;
    }
    let (a, b) = (&*left.text, &*right.text);
    let (letters_a, letters_b) = (a.chars().count(), b.chars().count());
    let is_longer = letters_a.min(letters_b) >= 5 && letters_a.abs_diff(letters_b) <= 1;
    is_longer && a.chars().next() == b.chars().next() && differs_by_one(a, b) || is_inflected(a, b)
}

/// Two neighbouring letters the wrong way round in a long word: `Univesritetet`.
fn is_transposed(left: &Word, right: &Word) -> bool {
    let (a, b): (Vec<char>, Vec<char>) =
        (left.text.chars().collect(), right.text.chars().collect());
    if a.len() != b.len() || a.len() < 7 || left.kind == Kind::Figure || right.kind == Kind::Figure
    {
        return false;
    }
    let apart: Vec<usize> = (0..a.len()).filter(|at| a[*at] != b[*at]).collect();
    matches!(apart[..], [x, y] if x > 0 && y == x + 1 && a[x] == b[y] && a[y] == b[x])
}

/// A letter dropped, doubled or swapped inside a longer name, or its genitive; a letter for another makes another name.
pub fn is_mistyped(left: &Word, right: &Word) -> bool {
    let (a, b) = (&*left.text, &*right.text);
    let (letters_a, letters_b) = (a.chars().count(), b.chars().count());
    if left.has_digit() || right.has_digit() || letters_a.min(letters_b) < 5 {
        return false;
    }
    let (shorter, longer) = if letters_a < letters_b {
        (a, b)
    } else {
        (b, a)
    };
    if let Some(ending) = longer.strip_prefix(shorter) {
        return ending == "s";
    }
    let is_replaced =
        letters_a == letters_b && a.chars().zip(b.chars()).filter(|(a, b)| a != b).count() == 1;
    a.chars().next() == b.chars().next()
        && letters_a.abs_diff(letters_b) <= 1
        && !is_replaced
        && differs_by_one(a, b)
}

/// One letter more, less or other in a longer word, a name as well.
pub fn is_one_letter_off(left: &Word, right: &Word) -> bool {
    let (a, b) = (&*left.text, &*right.text);
    let is_longer = a.chars().count().min(b.chars().count()) >= 5;
    is_longer && !left.has_digit() && !right.has_digit() && differs_by_one(a, b)
}

/// Another grammatical ending of one stem: `stränga` and `strängare`, `fee` and `fees`.
fn is_inflected(a: &str, b: &str) -> bool {
    let stem = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (a.chars().count() - stem, b.chars().count() - stem);
    let is_plural = stem >= 3
        && (rest_a == 0 && b.ends_with('s') || rest_b == 0 && a.ends_with('s'))
        && rest_a + rest_b == 1;
    is_plural || stem >= 6 && rest_a.max(rest_b) <= 3 && rest_a.min(rest_b) <= 1
}

fn differs_by_one(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let tail = |text: &str, skip: usize| text.chars().skip(common + skip).collect::<String>();
    let is_swap = {
        let (x, y): (Vec<char>, Vec<char>) = (
            a.chars().skip(common).take(2).collect(),
            b.chars().skip(common).take(2).collect(),
        );
        x.len() == 2 && y.len() == 2 && x[0] == y[1] && x[1] == y[0] && tail(a, 2) == tail(b, 2)
    };
    is_swap || tail(a, 1) == tail(b, 1) || tail(a, 1) == tail(b, 0) || tail(a, 0) == tail(b, 1)
}

/// Whether the shorter stands in the longer as it is. Titles are short, so the plain search is enough.
fn contains(longer: &[Word], shorter: &[Word]) -> bool {
    let content = shorter.iter().filter(|word| word.is_content()).count();
    shorter.len() < longer.len()
        && content >= 2
        && longer
            .windows(shorter.len())
            .any(|window| window.iter().zip(shorter).all(|(a, b)| a.hash == b.hash))
}

#[cfg(test)]
mod tests {
    use super::super::words::read;
    use super::{Likeness, compare};

    fn like(left: &str, right: &str) -> Likeness {
        compare(&read(left, 60), &read(right, 60)).likeness
    }

    #[test]
    fn titles_stand_to_each_other_as_they_should() {
        assert_eq!(
            like("Ny bro öppnas i Kalmar", "NY BRO ÖPPNAS I KALMAR!"),
            Likeness::Equal
        );
        assert_eq!(
            like("Pressmeddelande: Bron öppnas", "Bron öppnas"),
            Likeness::Equal
        );
        assert_eq!(
            like("Bron öppnas för trafiken", "Nu öppnas bron"),
            Likeness::Other
        );
        assert_eq!(
            like("Bron över älven öppnas", "Den bron över älven öppnas"),
            Likeness::Soft
        );
        assert_eq!(
            like("Kommunen öppnar broen", "Kommunen öppnar bron"),
            Likeness::Other
        );
        assert_eq!(
            like("Kommunen uphandlar mat", "Kommunen upphandlar mat"),
            Likeness::Soft
        );
        assert_eq!(
            like(
                "Nytt avtal för livsmedel",
                "Nytt avtal för livsmedel klart i Växjö"
            ),
            Likeness::Contains
        );
        assert_eq!(like("Väg 41 stängs", "Väg 47 stängs"), Likeness::Other);
    }
}

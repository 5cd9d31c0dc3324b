//! Text as it is compared: lower-case words with what kind of word each is, in sentences.
//!
//! Nothing here decides anything. Markup, soft hyphens, zero-width characters, case, Unicode form and the spelling of
//! figures (`1 200`, `1.200`, `10:00`) are levelled out; what a word says is kept.
//!
//! # Why
//!
//! News items are one to three sentences long, so every stray label counts: "read more", the half word before an
//! ellipsis and the "first appeared on" line of WordPress go here, once, before any rule sees the text.

mod figures;
mod lists;
mod markup;
mod read;
mod tail;

pub use lists::{
    are_opposite, is_alarm, is_calendar, is_denial, is_digest, is_digest_name, is_label, is_none,
    is_small, is_status, is_unlisted, may_be_number, prior,
};
pub use markup::strip;
pub use read::read;
pub use tail::is_boilerplate;

/// The version of this reading; stored with each merge so that old decisions stay explainable.
pub const NORM_VERSION: u32 = 5;

/// Most words read of one text when two entries are compared: news says what it is about in its first screenful.
pub const MAX_WORDS: usize = 800;

/// What a word is, as far as spelling tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any other word.
    Plain,
    /// Digits, a number word, a weekday or a month: exchanged for another it tells other news.
    Figure,
    /// Spelled with a capital inside a sentence.
    Name,
}

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its letters, lower case.
    pub text: Box<str>,
    /// Its hash, the same on every machine and in every version; that of the figure or unit which it spells in words.
    pub hash: u64,
    /// What it is.
    pub kind: Kind,
    /// Whether it was spelled with a capital first.
    pub capital: bool,
    /// Whether it begins a sentence or stands after a mark: `(NTB) Kommunen`.
    pub marked: bool,
}

impl Word {
    /// Whether the word carries digits.
    pub fn has_digit(&self) -> bool {
        self.text.bytes().any(|b| b.is_ascii_digit())
    }

    /// Whether it says a place in an order in words: `första`, `third`.
    pub fn is_ordinal(&self) -> bool {
        self.kind == Kind::Figure && !self.has_digit() && figures::number(&self.text).is_none()
    }

    /// Whether the word carries meaning of its own: neither a small word nor a single letter.
    pub fn is_content(&self) -> bool {
        self.kind == Kind::Figure || (!is_small(&self.text) && self.text.chars().nth(1).is_some())
    }
}

/// A sentence: a run of words of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Index of its first word.
    pub start: usize,
    /// Index after its last word.
    pub end: usize,
    /// The hash of its words in order.
    pub hash: u64,
}

/// A text as words and sentences.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// All words in order.
    pub words: Vec<Word>,
    /// Its sentences in order, covering all words.
    pub sentences: Vec<Sentence>,
    /// Whether the text ended in an ellipsis.
    pub cut: bool,
}

impl Words {
    /// The words of one sentence.
    pub fn of(&self, sentence: &Sentence) -> &[Word] {
        &self.words[sentence.start..sentence.end]
    }

    /// The same text without the sentences that `drop` picks.
    pub fn without(&self, drop: impl Fn(&Sentence) -> bool) -> Self {
        let mut kept = Self {
            cut: self.cut,
            ..Self::default()
        };
        for sentence in self.sentences.iter().filter(|sentence| !drop(sentence)) {
            let start = kept.words.len();
            kept.words.extend_from_slice(self.of(sentence));
            kept.sentences.push(Sentence {
                start,
                end: kept.words.len(),
                hash: sentence.hash,
            });
        }
        kept
    }
}

/// A hash that is the same on every machine and in every version: FNV-1a, then mixed.
pub fn hash(bytes: &[u8]) -> u64 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in bytes {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(state)
}

/// One hash from two, order kept.
pub fn combine(left: u64, right: u64) -> u64 {
    mix(left.rotate_left(23) ^ right.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// One hash of a run of words.
pub fn hash_words(words: &[Word]) -> u64 {
    words
        .iter()
        .fold(words.len() as u64, |state, word| combine(state, word.hash))
}

fn mix(mut state: u64) -> u64 {
    state ^= state >> 33;
    state = state.wrapping_mul(0xff51_afd7_ed55_8ccd);
    state ^= state >> 33;
    state = state.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    state ^ (state >> 33)
}

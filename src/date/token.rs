//! Running text cut into numbers, words and marks: all that the readers of dates look at.
//!
//! A change between letters and digits is a cut too, so that `19th`, `T07:00Z` and `Publicerad2021-02-05` come apart.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words name neither month nor weekday, and are not worth folding.
const LONGEST_WORD: usize = 40;

/// What a [`Token`] is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// ASCII digits.
    Number,
    /// Letters.
    Word,
    /// One character of anything else.
    Mark,
}

/// A piece of text between white space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
    /// Whether white space (or the beginning) is before it.
    pub(super) spaced: bool,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The tokens of a text, with positions counted from `offset`.
pub(super) fn tokens(text: &str, offset: usize) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut spaced = true;
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if is_blank(first) {
            spaced = true;
            continue;
        }
        let kind = kind_of(first);
        let mut end = start + first.len_utf8();
        while kind != Kind::Mark
            && let Some((at, next)) = rest.next_if(|&(_, next)| kind_of(next) == kind)
        {
            end = at + next.len_utf8();
        }
        tokens.push(Token {
            kind,
            text: &text[start..end],
            start: start + offset,
            spaced,
        });
        spaced = false;
    }
    tokens
}

fn kind_of(character: char) -> Kind {
    match character {
        '0'..='9' => Kind::Number,
        _ if character.is_alphabetic() || is_combining_mark(character) => Kind::Word,
        _ => Kind::Mark,
    }
}

/// White space, and what is invisible: a soft hyphen or a direction mark parts nothing that matters.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

/// A word without case and diacritics: `Août` is `aout`, `sist på lørdag` is `sist pa lordag`.
pub(super) fn fold(word: &str) -> Cow<'_, str> {
    if word.len() > LONGEST_WORD {
        return Cow::Borrowed("");
    }
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    let mut folded = String::with_capacity(word.len());
    for character in word
        .nfd()
        .filter(|&c| !is_combining_mark(c))
        .flat_map(char::to_lowercase)
    {
        match character {
            'ø' => folded.push('o'),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ς' => folded.push('σ'),
            _ => folded.push(character),
        }
    }
    Cow::Owned(folded)
}

/// Tokens as the readers walk them: by index, and never past the end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tokens<'a> {
    all: &'a [Token<'a>],
    words: &'a [Cow<'a, str>],
}

impl<'a> Tokens<'a> {
    /// Walks `all`, of which `words` holds the folded form.
    pub(super) fn new(all: &'a [Token<'a>], words: &'a [Cow<'a, str>]) -> Self {
        Self { all, words }
    }

    pub(super) fn get(&self, at: usize) -> Option<&'a Token<'a>> {
        self.all.get(at)
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The folded word at a place, `""` where there is none.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| word)
    }

    /// The number at a place, with how many digits it has.
    pub(super) fn number(&self, at: usize) -> Option<(u32, usize)> {
        let token = self.get(at).filter(|token| token.kind == Kind::Number)?;
        let value = token.text.parse().ok()?;
        Some((value, token.text.len()))
    }

    /// The mark at a place.
    pub(super) fn mark(&self, at: usize) -> Option<char> {
        let token = self.get(at).filter(|token| token.kind == Kind::Mark)?;
        token.text.chars().next()
    }

    /// Whether the mark at a place is one of these.
    pub(super) fn is_mark(&self, at: usize, marks: &[char]) -> bool {
        self.mark(at).is_some_and(|mark| marks.contains(&mark))
    }

    /// Whether nothing parts the token at a place from the one before.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| !token.spaced)
    }
}

/// The folded words of tokens, `""` for numbers and marks.
pub(super) fn folded<'a>(tokens: &[Token<'a>]) -> Vec<Cow<'a, str>> {
    let fold_word = |token: &Token<'a>| match token.kind {
        Kind::Word => fold(token.text),
        _ => Cow::Borrowed(""),
    };
    tokens.iter().map(fold_word).collect()
}

/// The hyphens and dashes that part the numbers of a date.
pub(super) const DASHES: [char; 7] = ['-', '\u{2010}', '\u{2011}', '\u{2012}', '–', '—', '−'];

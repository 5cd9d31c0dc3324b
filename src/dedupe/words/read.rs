//! Plain text to words and sentences, in one pass.

use std::borrow::Cow;
use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::tail::{is_boilerplate, starts_tail};
use super::{Kind, Sentence, Word, Words, figures, hash, hash_words, lists, strip};

/// Octets of text looked at for a given number of words: longer words than these are not news.
const OCTETS_PER_WORD: usize = 24;

/// Longest word kept; a stranger's 5 MB word must not become 5 MB of key.
const MAX_WORD: usize = 64;

/// Reads markup or plain text, at most `limit` words of it.
pub fn read(text: &str, limit: usize) -> Words {
    let most = limit.saturating_mul(OCTETS_PER_WORD);
    let stripped = strip(text, most);
    let end = stripped.char_indices().nth(most);
    let folded = leveled(&stripped[..end.map_or(stripped.len(), |(at, _)| at)]);
    let trimmed = folded.trim_end();
    let (kept, cut) = without_ellipsis(trimmed);
    let mut reader = Reader::new(limit);
    reader.run(kept);
    reader.finish(cut)
}

/// The text under NFKC, without what is not seen, one space between words.
fn leveled(text: &str) -> Cow<'_, str> {
    let is_space = |c: char| c.is_whitespace() && c != '\n';
    let mut was_space = false;
    let is_level = text.chars().all(|c| {
        let doubled = was_space && is_space(c);
        was_space = is_space(c);
        !doubled && is_normal(c)
    });
    if is_level {
        return Cow::Borrowed(text);
    }
    let mut level = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_invisible(*c)).nfkc() {
        if !(is_space(c) && level.ends_with(is_space)) {
            level.push(c);
        }
    }
    Cow::Owned(level)
}

/// Whether a character stays as it is under NFKC, whatever stands beside it: nearly all that Nordic news are written in.
fn is_normal(c: char) -> bool {
    const MARKS: [char; 14] = [
        '«', '»', '§', '£', '©', '°', '·', '\u{2010}', '–', '—', '‘', '’', '“', '”',
    ];
    c.is_ascii() || matches!(c, 'À'..='ÿ') || MARKS.contains(&c)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

/// The text without the ellipsis at its end and the half word before it.
fn without_ellipsis(text: &str) -> (&str, bool) {
    let bare = text.trim_end_matches([' ', ']', '[', '\n']);
    let cut = bare.ends_with('…') || bare.ends_with("...");
    if !cut {
        return (text, false);
    }
    // Some cut between words, and some put a space after half of one: the last is not worth the doubt.
    let kept = bare.trim_end_matches(['…', '.', '[', ' ']);
    if kept.ends_with(char::is_alphanumeric) {
        return (kept.trim_end_matches(|c: char| !c.is_whitespace()), true);
    }
    (kept, true)
}

struct Reader {
    limit: usize,
    words: Vec<Word>,
    sentences: Vec<Sentence>,
    start: usize,
    /// Whether a mark stood before what comes next.
    marked: bool,
    /// Whether a sign of money stood before the figure that comes next.
    priced: bool,
    /// How many words there were when an ellipsis came inside a sentence.
    cut: usize,
}

impl Reader {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            words: Vec::new(),
            sentences: Vec::new(),
            start: 0,
            marked: true,
            priced: false,
            cut: 0,
        }
    }

    fn run(&mut self, text: &str) {
        let mut rest = text;
        while self.words.len() < self.limit {
            let Some(c) = rest.chars().next() else { break };
            if c.is_alphanumeric() {
                let (word, after) = take_word(rest);
                self.take(word);
                rest = after;
            } else {
                rest = &rest[c.len_utf8()..];
                self.priced |= matches!(c, '£' | '€' | '$');
                let is_open = self.words.len() > self.start;
                if is_open && (c == '…' || c == '.' && rest.starts_with("..")) {
                    self.cut = self.words.len();
                }
                let follows_figure = |reader: &Self| {
                    let last = reader.words.last();
                    last.is_some_and(|word| word.kind == Kind::Figure)
                };
                if c == '%' && follows_figure(self) {
                    self.push("%", "procent");
                }
                let is_hyphen = c == '-' && rest.starts_with(char::is_alphabetic);
                self.marked |= !(is_hyphen || c.is_whitespace());
                if self.ends_sentence(c, rest) {
                    self.end_sentence();
                }
            }
        }
        self.end_sentence();
    }

    /// Takes a word in: a figure apart from the unit tied to it, `per cent` as one.
    fn take(&mut self, spelled: &str) {
        let priced = std::mem::take(&mut self.priced);
        let text = spelled.to_lowercase();
        if let Some(at) = figures::tied_unit(&text) {
            self.take(&text[..at]);
            let level = figures::unit(&text[at..]);
            let level = level.or(priced.then_some("million"));
            self.push(&text[at..], level.unwrap_or(&text[at..]));
            return;
        }
        if text == "cent" && self.words.last().is_some_and(|word| &*word.text == "per") {
            self.words.pop();
            self.push("percent", "procent");
            return;
        }
        let text = figures::level_figure(text);
        let level = figures::number(&text)
            .or_else(|| figures::unit(&text))
            .or_else(|| (priced && text == "m").then_some("million"));
        let is_figure = figures::number(&text).is_some()
            || text.bytes().any(|b| b.is_ascii_digit())
            || lists::is_number_word(&text);
        let capital = spelled.chars().next().is_some_and(char::is_uppercase);
        let before = self.words.len();
        self.push(&text, level.unwrap_or(&text));
        if self.words.len() == before {
            return; // part of the figure before it
        }
        let inside = self.words.len() > self.start + 1;
        if let Some(word) = self.words.last_mut() {
            word.capital = capital;
            if is_figure {
                word.kind = Kind::Figure;
            } else if capital && inside && is_name_shape(spelled) {
                word.kind = Kind::Name;
            }
        }
        self.priced = priced && is_figure;
    }

    /// Puts a plain word down that is known as `level`; one that multiplies the figure before it becomes part of that.
    fn push(&mut self, text: &str, level: &str) {
        for word in figures::units(level) {
            if self.scale(text, word) {
                continue;
            }
            self.words.push(Word {
                hash: hash(word.as_bytes()),
                text: text.into(),
                kind: Kind::Plain,
                capital: false,
                marked: std::mem::take(&mut self.marked),
            });
        }
    }

    /// Whether the word before is a figure that this one multiplies, as it now does: `1,2 miljoner`.
    fn scale(&mut self, text: &str, level: &str) -> bool {
        let is_behind = self.words.len() > self.start && !self.marked;
        let last = self.words.last_mut().filter(|_| is_behind);
        let Some(figure) = last.filter(|_| !text.starts_with(|c: char| c.is_ascii_digit())) else {
            return false;
        };
        let Some((spelled, value)) = figures::scaled(&figure.text, level) else {
            return false;
        };
        figure.hash = hash(value.as_bytes());
        figure.text = format!("{spelled} {text}").into();
        true
    }

    /// A full stop ends a sentence only before white space and a capital, and not after an abbreviation.
    fn ends_sentence(&self, c: char, rest: &str) -> bool {
        match c {
            '\n' => true,
            '!' | '?' => rest.starts_with(char::is_whitespace) || rest.is_empty(),
            '.' => {
                let mut after = rest.chars();
                let gap = after.next().is_none_or(char::is_whitespace);
                let next = after.find(|c| !c.is_whitespace());
                let is_short = self
                    .words
                    .last()
                    .is_some_and(|word| is_abbreviation(&word.text));
                gap && !is_short && next.is_none_or(|c| !c.is_lowercase() && !c.is_ascii_digit())
            }
            '…' | ']' if self.cut == self.words.len() => {
                let mut after = rest.chars();
                after.next().is_some_and(char::is_whitespace)
                    && after.next().is_some_and(char::is_uppercase)
            }
            _ => false,
        }
    }

    fn end_sentence(&mut self) {
        let (start, end) = (self.start, self.words.len());
        if start == end {
            return;
        }
        self.sentences.push(Sentence {
            start,
            end,
            hash: hash_words(&self.words[start..end]),
        });
        self.start = end;
        self.marked = true;
    }

    /// Names at the start of a sentence are known by their other places; boilerplate goes.
    fn finish(mut self, cut: bool) -> Words {
        let names: HashSet<u64> = self
            .words
            .iter()
            .filter(|word| word.kind == Kind::Name)
            .map(|word| word.hash)
            .collect();
        for word in &mut self.words {
            if word.kind == Kind::Plain && word.capital && names.contains(&word.hash) {
                word.kind = Kind::Name;
            }
        }
        let words = Words {
            words: self.words,
            sentences: self.sentences,
            cut: false,
        };
        let tail = words
            .sentences
            .iter()
            .find(|sentence| starts_tail(words.of(sentence)));
        let end = tail.map_or(usize::MAX, |sentence| sentence.start);
        let mut kept =
            words.without(|sentence| sentence.start >= end || is_boilerplate(words.of(sentence)));
        let is_cut_before_tail = end == self.cut;
        kept.cut = cut || is_cut_before_tail;
        if is_cut_before_tail {
            drop_last_word(&mut kept);
        }
        if kept.cut && kept.words.last().is_some_and(Word::has_digit) {
            drop_last_word(&mut kept); // `380` of `380 miljoner` is half a figure
        }
        kept
    }
}

fn drop_last_word(text: &mut Words) {
    text.words.pop();
    if let Some(mut last) = text.sentences.pop() {
        last.end -= 1;
        if last.end > last.start {
            last.hash = hash_words(text.of(&last));
            text.sentences.push(last);
        }
    }
}

/// An initial, or one of the abbreviations that stand before capitals: `kl. Ett`, `nr. A`, `St. Olav`.
fn is_abbreviation(word: &str) -> bool {
    const SHORT: [&str; 23] = [
        "kl", "nr", "st", "dr", "mr", "ms", "ca", "bl", "ev", "jr", "sr", "fr", "hr", "pr", "tel",
        "mrs", "prof", "osv", "mio", "mill", "mdr", "pct", "adm",
    ];
    let mut letters = word.chars();
    let is_initial = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
    is_initial || SHORT.contains(&word)
}

/// Long words in capitals are shouted labels, not names.
fn is_name_shape(spelled: &str) -> bool {
    let letters = spelled.chars().count();
    letters > 1 && (letters < 7 || spelled.chars().any(char::is_lowercase))
}

/// The word that `text` starts with, and what follows it.
fn take_word(text: &str) -> (&str, &str) {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    let mut digits_only = true;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let joins = match c {
            '.' | ',' | ':' => {
                digits_only
                    && text[..at].ends_with(|c: char| c.is_ascii_digit())
                    && next.is_some_and(|c| c.is_ascii_digit())
            }
            ' ' | '\u{a0}' => {
                digits_only
                    && at <= 3 * (1 + at / 4)
                    && groups_on(&text[..at], &text[at + c.len_utf8()..])
            }
            '\'' | '’' => !digits_only && next.is_some_and(char::is_alphabetic),
            '\u{300}'..='\u{36f}' => true,
            c => c.is_alphanumeric(),
        };
        if !joins {
            break;
        }
        digits_only &= !c.is_alphabetic();
        end = at + c.len_utf8();
    }
    let word = &text[..end];
    let mut kept = word.len().min(MAX_WORD);
    while !word.is_char_boundary(kept) {
        kept -= 1;
    }
    (&word[..kept], &text[end..])
}

/// Whether a space stands inside a figure: `1 200`, `12 345 678`.
fn groups_on(before: &str, after: &str) -> bool {
    let lead = before.rsplit([' ', '\u{a0}']).next().unwrap_or(before);
    let is_first = lead.len() == before.len();
    let lead_fits = lead.bytes().all(|b| b.is_ascii_digit())
        && if is_first {
            (1..=3).contains(&lead.len())
        } else {
            lead.len() == 3
        };
    let group = after.bytes().take_while(u8::is_ascii_digit).count();
    lead_fits && group == 3
}

#[cfg(test)]
mod tests {
    use super::{Kind, read};

    fn words(text: &str) -> Vec<String> {
        read(text, 100)
            .words
            .iter()
            .map(|word| word.text.to_string())
            .collect()
    }

    #[test]
    fn spellings_of_one_text_become_one() {
        assert_eq!(
            words("Kommu\u{ad}nen  sa\u{308}ljer <b>1 200</b> hus"),
            words("kommunen säljer 1.200 hus")
        );
        assert_eq!(words("Klockan 10:00"), words("Klockan 10.00"));
        assert_eq!(words("Bygget är klart…"), ["bygget", "är"]);
        assert_eq!(words("Bygget är klart [...]"), ["bygget", "är"]);
        assert_eq!(words("Hon bor i Åk […]"), words("Hon bor i"));
        assert_eq!(words("Skador för 380 miljoner…"), words("Skador för"));
        assert_eq!(
            words("Prøvetida er 131 [...] Innlegget Prøvetida dukket først opp på Avisa."),
            words("Prøvetida er")
        );
        assert_eq!(
            words("Provet är klart. Hon bor i Åk […] Läs mer"),
            words("Provet är klart. Hon bor i")
        );
        assert_eq!(words("Provet är… klart. Läs mer"), words("Provet är klart"));
        assert_eq!(words("624  000 kroner"), words("624 000 kroner"));
        assert_eq!(
            words("Fem nya hus byggs. Läs mer på vår sida"),
            ["fem", "nya", "hus", "byggs"]
        );
    }

    #[test]
    fn names_and_figures_are_known() {
        let read = read("Invigning i Malmö på fredag. Malmö bjuder 12 gäster.", 100);
        let of = |text: &str| {
            read.words
                .iter()
                .filter(|word| &*word.text == text)
                .map(|word| word.kind)
                .collect::<Vec<_>>()
        };
        assert_eq!(of("malmö"), [Kind::Name, Kind::Name]);
        assert_eq!(of("12"), [Kind::Figure]);
        assert_eq!(of("fredag"), [Kind::Figure]);
        assert_eq!(of("invigning"), [Kind::Plain]);
        assert_eq!(read.sentences.len(), 2);
    }

    #[test]
    fn five_megabytes_and_one_long_word_are_bounded() {
        assert!(read(&"ord ".repeat(1_300_000), 800).words.len() <= 800);
        assert!(read(&"o".repeat(5_000_000), 800).words[0].text.len() <= 64);
        assert!(read(&"9".repeat(5_000_000), 800).words.len() == 1);
    }
}

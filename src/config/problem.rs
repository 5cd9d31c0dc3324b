//! What is wrong with a configuration: where, what, and how to mend it.
//!
//! All problems are told at once, in the order of the file. A warning is the same thing, but stops nothing.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// One thing that is wrong, or worth a warning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file, as a person would name it.
    pub file: String,
    /// Its line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The column in characters, from 1; 0 where the whole file is meant.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem of a whole file.
    pub fn of_file(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            column: 0,
            message: message.into(),
            hint: None,
        }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return f.write_str(&self.message);
        }
        let Self {
            line,
            column,
            message,
            ..
        } = self;
        write!(f, "line {line}, column {column}: {message}")
    }
}

/// Everything that is wrong with a configuration, and what would have been warned of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("the configuration has {}", counted(.problems.len()))]
pub struct Problems {
    /// What must be mended; never empty.
    pub problems: Vec<Problem>,
    /// What should be looked at.
    pub warnings: Vec<Problem>,
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
            warnings: Vec::new(),
        }
    }
}

fn counted(count: usize) -> String {
    match count {
        1 => "1 problem".to_owned(),
        _ => format!("{count} problems"),
    }
}

/// A complaint about one value, before anyone knows where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub message: String,
    pub hint: Option<String>,
}

impl Complaint {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
        }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Collects the problems of one file and knows its lines.
pub(super) struct Log {
    file: String,
    text: String,
    line_starts: Vec<usize>,
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

impl Log {
    pub fn new(file: &str, text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            line_starts: std::iter::once(0).chain(after_breaks).collect(),
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Notes a problem at the start of a span.
    pub fn problem(&mut self, span: &Range<usize>, complaint: Complaint) {
        let problem = self.placed(span, complaint);
        self.problems.push(problem);
    }

    /// Notes a warning at the start of a span.
    pub fn warning(&mut self, span: &Range<usize>, complaint: Complaint) {
        let warning = self.placed(span, complaint);
        self.warnings.push(warning);
    }

    /// The line that an offset lies on, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    fn placed(&self, span: &Range<usize>, complaint: Complaint) -> Problem {
        let line = self.line(span.start);
        let start = self.line_starts[line - 1];
        let before = self.text.get(start..span.start).unwrap_or_default();
        Problem {
            file: self.file.clone(),
            line,
            column: before.chars().count() + 1,
            message: complaint.message,
            hint: complaint.hint,
        }
    }
}

/// The candidate that a person most likely meant, if any is near.
pub(super) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    // Jaro-Winkler alone calls `cron` near `concurrency`; the distance keeps out what shares only a beginning.
    let folded = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let known = candidate.to_lowercase();
            let near = strsim::normalized_damerau_levenshtein(&folded, &known);
            (
                near.max(strsim::jaro_winkler(&folded, &known) - 0.25),
                candidate,
            )
        })
        .filter(|(score, _)| *score >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// "did you mean …", or the list of what is known.
pub(super) fn suggestion(word: &str, candidates: &[&str], what: &str) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("{what}: {}", ticked(candidates)),
    }
}

/// "`a`, `b` and `c`".
pub(super) fn ticked(words: &[&str]) -> String {
    let ticks: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match ticks.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Complaint, Log, nearest, ticked};

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let mut log = Log::new("x.toml", "a = 1\nå = \"ö\" # b\n");
        let at = "a = 1\nå = ".len();
        log.problem(&(at..at + 1), Complaint::new("here"));
        assert_eq!(log.problems[0].to_string(), "line 2, column 5: here");
    }

    #[test]
    fn slips_are_understood_and_other_words_are_not() {
        let known = ["address", "interval", "time_zone", "id", "title"];
        let near = |word| nearest(word, known);
        assert_eq!(near("adress"), Some("address"));
        assert_eq!(near("Titel"), Some("title"));
        assert_eq!(near("timezone"), Some("time_zone"));
        assert_eq!(near("intervall"), Some("interval"));
        assert_eq!(near("colour"), None);
        assert_eq!(near(""), None);
    }

    #[test]
    fn lists_have_an_and() {
        assert_eq!(ticked(&["a"]), "`a`");
        assert_eq!(ticked(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}

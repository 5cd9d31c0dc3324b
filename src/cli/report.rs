//! The one form in which a command speaks of what went wrong: `error:`, `because:`, `hint:`; and the exit codes.

use std::error::Error;
use std::fmt;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All went well.
    Well = 0,
    /// It failed.
    Failed = 1,
    /// It was called, or configured, wrongly.
    Usage = 2,
    /// It is done, but some sources failed.
    SomeFailed = 3,
}

/// An error written for the person who must act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What did not work.
    pub error: String,
    /// Why, outermost cause first.
    pub because: Vec<String>,
    /// What to do.
    pub hint: Option<String>,
    /// What the process ends with.
    pub exit: Exit,
}

impl Report {
    /// A failure with no cause given.
    pub fn new(error: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            because: Vec::new(),
            hint: None,
            exit: Exit::Failed,
        }
    }

    /// A failure with its chain of causes.
    pub fn caused(error: impl Into<String>, cause: &dyn Error) -> Self {
        let mut report = Self::new(error);
        let mut next = Some(cause);
        while let Some(cause) = next {
            report.because.push(cause.to_string());
            next = cause.source();
        }
        report
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, as wrong usage.
    pub fn usage(mut self) -> Self {
        self.exit = Exit::Usage;
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.error)?;
        for cause in &self.because {
            writeln!(f, "  because: {cause}")?;
        }
        if let Some(hint) = &self.hint {
            writeln!(f, "hint: {hint}")?;
        }
        Ok(())
    }
}

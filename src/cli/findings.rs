//! What reading the configuration found, as it is printed: problems, warnings, and refusals to begin.

use serde::Serialize;

use super::report::{Exit, Report};
use crate::config::{Config, NotFound, Problem, Problems, UnknownSource};

/// What `--json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Whether the configuration can be used.
    pub ok: bool,
    /// Sources that could be read; none where there are problems.
    pub sources: usize,
    /// What must be mended.
    pub problems: Vec<Problem>,
    /// What should be looked at.
    pub warnings: Vec<Problem>,
}

impl Findings {
    /// What reading the configuration gave.
    pub fn of(read: &Result<Config, Problems>) -> Self {
        match read {
            Ok(config) => Self {
                ok: true,
                sources: config.sources.len(),
                problems: Vec::new(),
                warnings: config.warnings.clone(),
            },
            Err(found) => Self {
                ok: false,
                sources: 0,
                problems: found.problems.clone(),
                warnings: found.warnings.clone(),
            },
        }
    }

    /// What the process ends with.
    pub fn exit(&self) -> Exit {
        match self.ok {
            true => Exit::Well,
            false => Exit::Usage,
        }
    }

    /// All problems and warnings, each in the one form of [`Report`].
    pub fn told(&self) -> String {
        let problems = self
            .problems
            .iter()
            .map(|problem| report(problem).to_string());
        let warnings = self.warnings.iter().map(warning);
        problems.chain(warnings).collect::<Vec<_>>().join("\n")
    }
}

/// One problem, as it is printed.
pub fn report(problem: &Problem) -> Report {
    let report = Report {
        because: vec![problem.to_string()],
        ..Report::new(format!("cannot use `{}`", problem.file)).usage()
    };
    match &problem.hint {
        Some(hint) => report.hint(hint.clone()),
        None => report,
    }
}

fn warning(problem: &Problem) -> String {
    let report = Report {
        error: format!("look at `{}`", problem.file),
        ..report(problem)
    };
    let text = report.to_string();
    text.replacen("error:", "warning:", 1)
}

/// All problems in one report, for commands that cannot begin because of them.
pub fn refusal(found: &Problems) -> Report {
    if let [problem] = found.problems.as_slice() {
        return report(problem);
    }
    let line = |problem: &Problem| {
        let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})"));
        format!("`{}`: {problem}{}", problem.file, hint.unwrap_or_default())
    };
    Report {
        because: found.problems.iter().map(line).collect(),
        ..Report::new(found.to_string()).usage()
    }
}

/// No configuration, as it is printed.
pub fn not_found(error: &NotFound) -> Report {
    Report::new(error.to_string()).hint(error.hint()).usage()
}

/// A source that is not configured, as it is printed.
pub fn unknown_source(error: &UnknownSource) -> Report {
    Report::new(error.to_string())
        .hint(error.hint.clone())
        .usage()
}

#[cfg(test)]
mod tests {
    use super::{Findings, refusal};
    use crate::config;

    const WRONG: &str = "[[source]]\nid = \"a\"\nadress = \"https://a.example/\"\n";

    #[test]
    fn a_problem_is_told_with_cause_and_hint() {
        let found = Findings::of(&config::parse("[site]\ncontact = \"a@a.example\"\n", WRONG));
        assert_eq!(
            found.told(),
            "error: cannot use `sources.toml`\n  \
             because: line 1, column 1: a source without `address`\n\n\
             error: cannot use `sources.toml`\n  \
             because: line 3, column 1: unknown key `adress`\n\
             hint: did you mean `address`?\n"
        );
        assert_eq!(found.exit() as i32, 2);
    }

    #[test]
    fn a_command_is_refused_with_all_problems_in_one_report() {
        let found = config::parse("", WRONG).expect_err("two problems");
        assert_eq!(
            refusal(&found).to_string(),
            "error: the configuration has 2 problems\n  \
             because: `sources.toml`: line 1, column 1: a source without `address`\n  \
             because: `sources.toml`: line 3, column 1: unknown key `adress` (did you mean `address`?)\n"
        );
    }

    #[test]
    fn a_warning_stops_nothing() {
        let right = "[[source]]\nid = \"a\"\naddress = \"https://a.example/\"\n";
        let read = config::parse("", right);
        let found = Findings::of(&read);
        assert_eq!(found.exit() as i32, 0);
        assert!(
            found
                .told()
                .starts_with("warning: look at `samflode.toml`\n  because: ")
        );
    }
}

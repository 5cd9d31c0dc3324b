//! The configuration: the shipped reference is true and whole, and what is wrong is told with place and mend.

use std::collections::BTreeSet;
use std::path::Path;

use samflode::config::{self, Problem};
use samflode::model::Settings;

const REFERENCE: &str = include_str!("../config/samflode.toml");

const ONE_SOURCE: &str = r#"
[[source]]
id = "a"
address = "https://a.example/feed"
"#;

fn problems(settings: &str, sources: &str) -> Vec<Problem> {
    match config::parse(settings, sources) {
        Ok(config) => panic!("no problem was found: {config:?}"),
        Err(problems) => problems.problems,
    }
}

/// Problems as a person sees them, one line each.
fn told(settings: &str, sources: &str) -> Vec<String> {
    let tell = |problem: Problem| match &problem.hint {
        Some(hint) => format!("{problem} ({hint})"),
        None => problem.to_string(),
    };
    problems(settings, sources).into_iter().map(tell).collect()
}

/// The keys that a table knows, as it lists them itself when asked for one that is like none of them.
fn known_keys(table: &str) -> BTreeSet<String> {
    let settings = format!("[{table}]\nqqqqqqqq = 1\n");
    let problem = problems(&settings, ONE_SOURCE).remove(0);
    let hint = problem.hint.expect("the known keys");
    let ticked = hint.split('`').skip(1).step_by(2).map(str::to_owned);
    ticked.filter(|word| !word.starts_with('[')).collect()
}

/// The reference with its settings without default switched on.
fn reference_with_all_switched_on() -> String {
    let is_setting = |line: &str| line.starts_with('#') && !line.starts_with("# ");
    let switch = |line: &str| match is_setting(line) {
        true => line[1..].to_owned() + "\n",
        false => line.to_owned() + "\n",
    };
    REFERENCE.lines().map(switch).collect()
}

#[test]
fn the_reference_says_the_defaults() {
    let read = config::parse(REFERENCE, ONE_SOURCE).expect("the reference is right");
    assert_eq!(read.settings, Settings::default());
    let nothing = config::parse("", ONE_SOURCE).expect("no setting is needed");
    assert_eq!(nothing.settings, Settings::default());
}

#[test]
fn every_key_stands_in_the_reference() {
    let whole: toml::Table = reference_with_all_switched_on().parse().expect("TOML");
    for (table, content) in &whole {
        let (name, content) = match table.as_str() {
            "feeds" => ("feeds.textiles", &content["textiles"]),
            name => (name, content),
        };
        let keys: BTreeSet<String> = content
            .as_table()
            .expect("a table")
            .keys()
            .cloned()
            .collect();
        assert_eq!(keys, known_keys(name), "[{name}]");
    }
    let hint = problems("qqqqqqqq = 1", ONE_SOURCE)
        .remove(0)
        .hint
        .expect("the known tables");
    for table in hint.split('`').skip(1).step_by(2) {
        assert!(whole.contains_key(table), "[{table}]");
    }
}

#[test]
fn what_the_reference_has_switched_off_is_right_too() {
    let sources = ["upphandlingsmyndigheten", "adda"]
        .map(|id| format!("[[source]]\nid = \"{id}\"\naddress = \"https://{id}.example/\"\n"))
        .concat();
    let read = config::parse(&reference_with_all_switched_on(), &sources).expect("all is right");
    assert_eq!(read.warnings, []);
    assert_eq!(read.settings.feeds[0].name, "textiles");
    assert_eq!(
        read.settings.site.contact.as_deref(),
        Some("mailto:news@example.org")
    );
}

#[test]
fn every_line_of_the_reference_is_explained() {
    // A setting is explained by a comment above its group or behind it.
    let mut is_explained = false;
    for line in REFERENCE.lines() {
        let is_switched_off = line.starts_with('#') && !line.starts_with("# ") && line.len() > 1;
        match line {
            "" => is_explained = false,
            _ if line.starts_with('[') => assert!(line.contains(" # "), "{line}"),
            _ if line.starts_with('#') && !is_switched_off => is_explained = true,
            _ => {
                let speaks_for_itself = line.contains("title = ");
                assert!(is_explained || speaks_for_itself, "{line}");
            }
        }
    }
}

#[test]
fn a_slip_is_told_with_its_place_and_what_was_meant() {
    let sources = "[[source]]\nid = \"a\"\nadress = \"https://a.example/feed\"\n";
    assert_eq!(
        told("", sources),
        [
            "line 1, column 1: a source without `address`",
            "line 3, column 1: unknown key `adress` (did you mean `address`?)",
        ]
    );
}

#[test]
fn all_problems_of_both_files_are_told_at_once() {
    let settings = r#"[site]
titel = "Nyheter"
base_url = "example.org"
language = "svenska"
time_zone = "Europe/Stokholm"

[fetch]
interval = 3600
max_body = "8 megs"
concurrency = 0

[serv]
"#;
    let sources = r#"[[source]]
id = "Kungsörs kommun"
address = "https://kungsor.example/"
interval = "ofta"
cron = "0 25 * * *"
only = ["*"]
role = "presss"
"#;
    assert_eq!(
        told(settings, sources),
        [
            "line 2, column 1: unknown key `titel` (did you mean `title`?)",
            "line 3, column 12: `example.org` is not a web address (write the whole address: `https://example.org`)",
            "line 4, column 12: `svenska` is not a language tag (did you mean `sv`?)",
            "line 5, column 13: unknown time zone `Europe/Stokholm` (did you mean `Europe/Stockholm`?)",
            "line 8, column 12: `interval` must be a string, found an integer (write the unit as well: `3600 s`, `3600 min`)",
            "line 9, column 12: `8 megs` is not a size (write a number and a unit, such as `500 kB`, `8 MiB` or `1 GiB`)",
            "line 10, column 15: `concurrency` must be between 1 and 1024",
            "line 12, column 2: unknown key `serv` (did you mean `serve`?)",
            "line 2, column 6: `Kungsörs kommun` is not a name (write `kungsors-kommun`)",
            "line 4, column 12: `ofta` is not a duration (write a number and a unit, such as `45 s`, `30 min`, `1 h`, `2 d` or `1 week`)",
            "line 5, column 8: `0 25 * * *` is not a cron expression: component error: number out of bounds (five fields: minute, hour, day of the month, month, weekday; `0 6 * * mon-fri` is 06:00 on weekdays)",
            "line 5, column 8: both `interval` and `cron` say when to poll (keep one of them)",
            "line 6, column 9: the pattern `*` matches everything (write a word, with `*` where it may go on: `upphandl*`)",
            "line 7, column 8: `role` cannot be `presss` (did you mean `press`?)",
        ]
    );
}

#[test]
fn what_two_places_say_together_is_told_too() {
    let settings = "[feeds.textiles]\nsources = [\"a\", \"kungsr\"]\n";
    let sources = r#"
[[source]]
id = "kungsor"
address = "https://kungsor.example/nyheter"

[[source]]
id = "adda"
address = ["https://adda.example/", "http://www.kungsor.example/nyheter/"]
"#;
    assert_eq!(
        told(settings, sources),
        [
            "line 2, column 11: no source is named `a` (the sources are: `kungsor` and `adda`)",
            "line 2, column 11: no source is named `kungsr` (did you mean `kungsor`?)",
        ]
    );
    let config = config::parse("[site]\ncontact = \"a@a.example\"\n", sources).expect("right");
    let warnings: Vec<String> = config.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["line 8, column 11: `adda` and `kungsor` have the address \
             http://www.kungsor.example/nyheter/"]
    );
    let doubled = sources.replace("adda", "kungsor");
    assert_eq!(
        told("", &doubled),
        ["line 7, column 6: a second source is named `kungsor` \
             (the first is on line 3; names are unique)"]
    );
}

#[test]
fn wrong_selectors_are_refused_when_the_file_is_read() {
    let sources = r#"
[[source]]
id = "a"
address = "https://a.example/"
kind = "page"
rules = { entry = "main article", date = "..date", link = "a[" }

[[source]]
id = "b"
address = "https://b.example/"
rules = { titel = "h2" }

[[source]]
id = "c"
address = "https://c.example/feed"
kind = "feed"
rules = { entry = "li" }
"#;
    let told = told("", sources);
    let shown = "(such as `main article` or `.news-list > li`; `samflode discover` proposes some)";
    assert_eq!(
        told,
        [
            &format!(
                "line 6, column 42: `..date` is not a CSS selector: a `.` has no name of a class after it {shown}"
            ),
            &format!(
                "line 6, column 59: `a[` is not a CSS selector: it ends where more is expected {shown}"
            ),
            "line 11, column 9: rules without `entry` (`entry` selects each entry of the list; \
             leave the rules out to have the list detected)",
            "line 11, column 11: unknown key `titel` (did you mean `title`?)",
            "line 17, column 9: `rules` are for pages, and this source is a feed \
             (write `kind = \"page\"`, or leave the rules out)",
        ]
    );
}

#[test]
fn broken_toml_is_told_with_what_else_is_wrong() {
    let told = told("", "[[source]]\nid = \"a\"\naddress = \nrol = \"press\"\n");
    assert!(
        told.iter().any(|line| line.starts_with("line 3, column ")),
        "{told:?}"
    );
}

#[test]
fn a_missing_folder_names_init() {
    let missing = Path::new("no-such-folder-anywhere");
    let error = config::find_dir(Some(missing)).expect_err("there is none");
    assert_eq!(
        error.to_string(),
        "no configuration: there is no `no-such-folder-anywhere/sources.toml`"
    );
    assert!(error.hint().contains("samflode init"));
}

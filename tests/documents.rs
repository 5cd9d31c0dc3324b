//! The README says what is true: its commands are the binary's, its layers are the crate's, what it names exists.

use std::fs;

use crate::support::Command;

fn readme() -> String {
    fs::read_to_string("README.md").unwrap()
}

#[test]
fn the_commands_are_those_of_the_binary() {
    let help = Command::in_an_empty_folder().run(&["--help"]).out;
    let listed = help
        .split("Commands:\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let commands: Vec<(&str, &str)> = listed
        .lines()
        .filter_map(|line| line.trim().split_once("  "))
        .map(|(name, about)| (name, about.trim()))
        .filter(|(name, _)| *name != "help")
        .collect();
    assert!(commands.len() > 8, "{listed}");
    let readme = readme();
    for (name, about) in &commands {
        let row = format!("| `{name}` | {about} |");
        assert!(readme.contains(&row), "the README lacks: {row}");
    }
    let rows = readme
        .split("## Commands")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let told = rows.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(
        told,
        commands.len(),
        "the README tells of commands that are not there"
    );
}

#[test]
fn the_layers_are_those_of_the_crate() {
    let table = |text: &str, prefix: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(prefix));
        lines
            .filter(|line| {
                line.starts_with(|c: char| c.is_ascii_digit()) && line[1..].starts_with("  ")
            })
            .map(str::to_owned)
            .collect()
    };
    let head = fs::read_to_string("src/lib.rs").unwrap();
    let layers = table(&head, "//! ");
    assert_eq!(layers.len(), 9);
    assert_eq!(table(&readme(), ""), layers);
}

#[test]
fn every_file_that_the_readme_names_is_there() {
    let readme = readme();
    let mut named = 0;
    for link in readme.split("](").skip(1) {
        let target = link.split(')').next().unwrap();
        if !target.contains("://") {
            assert!(fs::exists(target).unwrap(), "{target}");
            named += 1;
        }
    }
    for place in readme.split('`').skip(1).step_by(2) {
        if ["src/", "fixtures/", "config/"]
            .iter()
            .any(|top| place.starts_with(top))
        {
            assert!(fs::exists(place).unwrap(), "{place}");
            named += 1;
        }
    }
    assert!(named > 10);
}

#[test]
fn the_five_line_source_of_the_readme_is_right() {
    let readme = readme();
    let source = readme
        .split("```toml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    assert_eq!(source.lines().count(), 5);
    let config = samflode::config::parse("", source).unwrap();
    assert_eq!(config.sources.len(), 1);
}

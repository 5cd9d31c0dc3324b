//! The command line: one file per command. Terminal output is only here.
//!
//! Data goes to standard output, everything else to standard error; `--json` wherever a table is printed.

mod add;
mod backup;
mod check;
mod discover;
mod doctor;
mod entries;
mod export;
mod fetch;
mod findings;
mod global;
mod init;
mod join;
mod live;
mod log;
mod moves;
mod next;
mod opml;
pub mod parse;
mod preview;
mod progress;
mod proposal;
mod recluster;
mod release;
mod reload;
pub mod report;
mod search;
mod seek;
mod serve;
mod sources;
mod split;
mod status;
mod terminal;
mod why;
mod withdraw;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

pub use global::{Access, Clock, Global, Opened};
pub use log::start as start_log;
use report::{Exit, Report};

/// Gathers the news of many public bodies, tells each piece of news once, and publishes the whole as one Atom feed.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 110)]
pub struct Cli {
    #[command(flatten)]
    options: global::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service: refresh by schedule, publish, serve
    Serve(serve::Args),
    /// Refresh sources once, now
    Fetch(fetch::Args),
    /// All problems of the configuration at once, each with its place and a hint
    Check(check::Args),
    /// What is configured
    Sources(sources::Args),
    /// Turn web addresses into a commented sources.toml
    Init(init::Args),
    /// Add one more source, or take proposed rules
    Add(add::Args),
    /// The feeds and lists a page offers, best first
    Discover(discover::Args),
    /// Any feed or page as a refresh would read it, as JSON
    Parse(parse::Args),
    /// How each source is doing
    Status(status::Args),
    /// When a source is refreshed next, and why then
    Next(next::Args),
    /// What is stored
    Entries(entries::Args),
    /// Published news that hold all the words
    Search(search::Args),
    /// Take an entry down: its text goes everywhere, sealed documents included
    Withdraw(withdraw::Args),
    /// The whole published site as files, for any static host
    Export(export::Args),
    /// Subscriptions in and out
    Opml(opml::Args),
    /// A consistent copy of the database, while running
    Backup(backup::Args),
    /// Checks of database, sealed documents, clock, certificates and permissions
    Doctor(doctor::Args),
    /// Why entries are merged, and what was kept apart
    Why(why::Args),
    /// Take an entry out of its cluster, for good
    Split(split::Args),
    /// Make one of two entries, whatever the rules say
    Join(join::Args),
    /// What the present rules and settings would merge or part
    Recluster(recluster::Args),
    /// Let held-back entries go, or drop them
    Release(release::Args),
}

/// Runs one command. `clock` is the only way in which commands learn of the time.
pub async fn run(cli: Cli, clock: fn() -> DateTime<Utc>) -> Exit {
    let global = Global::new(cli.options, clock);
    let done = match cli.command {
        Command::Serve(args) => serve::run(args, &global).await,
        Command::Fetch(args) => fetch::run(args, &global).await,
        Command::Check(args) => check::run(args, &global).await,
        Command::Sources(args) => sources::run(args, &global).await,
        Command::Init(args) => init::run(args, &global).await,
        Command::Add(args) => add::run(args, &global).await,
        Command::Discover(args) => discover::run(args, &global).await,
        Command::Parse(args) => parse::run(args, &global).await,
        Command::Status(args) => status::run(args, &global).await,
        Command::Next(args) => next::run(args, &global).await,
        Command::Entries(args) => entries::run(args, &global).await,
        Command::Search(args) => search::run(args, &global).await,
        Command::Withdraw(args) => withdraw::run(args, &global).await,
        Command::Export(args) => export::run(args, &global).await,
        Command::Opml(args) => opml::run(args, &global).await,
        Command::Backup(args) => backup::run(args, &global).await,
        Command::Doctor(args) => doctor::run(args, &global).await,
        Command::Why(args) => why::run(args, &global).await,
        Command::Split(args) => split::run(args, &global).await,
        Command::Join(args) => join::run(args, &global).await,
        Command::Recluster(args) => recluster::run(args, &global).await,
        Command::Release(args) => release::run(args, &global).await,
    };
    done.unwrap_or_else(|report| fail(&report))
}

fn fail(report: &Report) -> Exit {
    terminal::complain(&report.to_string());
    report.exit
}

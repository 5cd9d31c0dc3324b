//! The log: text for a terminal, JSON or journald for the service.

use std::io::IsTerminal;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use super::Cli;

/// The variable that names what is logged, as `info` or `samflode=debug,warn`.
const FILTER: &str = "SAMFLODE_LOG";
/// Libraries that speak too much.
const QUIET: &str = "tokio_cron_scheduler=warn,rusqlite_migration=warn,hyper=warn,h2=warn,rustls=warn,reqwest=warn,selectors=warn,html5ever=warn";

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
    /// Fields for the systemd journal.
    Journald,
}

/// Starts the log for a command, and sends contained panics there instead of to the terminal.
pub fn start(cli: &Cli) {
    let default = if cli.is_service() { "info" } else { "error" };
    let wanted = std::env::var(FILTER).unwrap_or_else(|_| default.to_owned());
    let filter =
        EnvFilter::try_new(format!("{QUIET},{wanted}")).unwrap_or_else(|_| EnvFilter::new(default));
    let layer: Box<dyn Layer<Registry> + Send + Sync> = match cli.log_form() {
        Form::Text => Box::new(
            tracing_subscriber::fmt::layer()
                .with_target(false)
                .with_ansi(
                    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
                )
                .with_writer(std::io::stderr),
        ),
        Form::Json => Box::new(
            tracing_subscriber::fmt::layer()
                .json()
                .with_writer(std::io::stderr),
        ),
        Form::Journald => match tracing_journald::layer() {
            Ok(layer) => Box::new(layer),
            Err(_) => Box::new(
                tracing_subscriber::fmt::layer()
                    .json()
                    .with_writer(std::io::stderr),
            ),
        },
    };
    let _ = Registry::default()
        .with(layer.with_filter(filter))
        .try_init();
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(
            at = panic.location().map(ToString::to_string),
            "panicked: {}",
            panic.payload_as_str().unwrap_or("?")
        );
    }));
}

impl Cli {
    fn log_form(&self) -> Form {
        self.options.log.unwrap_or_else(|| {
            if std::env::var_os("JOURNAL_STREAM").is_some() {
                Form::Journald
            } else if self.is_service() && !std::io::stderr().is_terminal() {
                Form::Json
            } else {
                Form::Text
            }
        })
    }

    fn is_service(&self) -> bool {
        matches!(self.command, super::Command::Serve(_))
    }
}

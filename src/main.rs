//! The binary: arguments, the log, the clock; and from an error to a report and an exit code.

use std::process::ExitCode;

use clap::Parser;
use samflode::cli::{self, Cli};

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli::start_log(&cli);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprint!("{}", cli::report::Report::caused("cannot start", &error));
            return ExitCode::FAILURE;
        }
    };
    let exit = runtime.block_on(cli::run(cli, chrono::Utc::now));
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    ExitCode::from(exit as u8)
}

//! The binary `touchline`: arguments, environment, wiring. Decisions are the engine's.

mod commands;
mod config;
mod failure;
mod output;
mod progress;

use config::{Cli, Invocation};

fn main() -> std::process::ExitCode {
    let (cli, invocation) = Invocation::parse::<Cli>();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(&cli.global.log))
        .with_ansi(output::is_watched())
        .with_writer(std::io::stderr)
        // It would say so on standard error, where nobody reads any more.
        .log_internal_errors(false)
        .init();
    let json = cli.global.json;
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::report(&anyhow::Error::new(error), json),
    };
    match runtime.block_on(commands::run(cli, invocation)) {
        Ok(code) => code,
        Err(error) => failure::report(&error, json),
    }
}

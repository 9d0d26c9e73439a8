//! `touchline sync`: pulls what is new, shows it, ends with the receipt.

use std::process::ExitCode;

use engine::clock::Clock;
use engine::db::Database;
use engine::demo;
use engine::sources::instantly::{Client, Instantly as Source, Settings};
use engine::sync::{self, Options, Report, State, Stop};
use jiff::Timestamp;

use super::open;
use crate::config::{Global, Instantly, Sync};
use crate::failure::STOPPED;
use crate::output;
use crate::progress::{self, Progress};

pub(super) async fn run(global: &Global, instantly: &Instantly, options: &Sync) -> anyhow::Result<ExitCode> {
    tracing::debug!(source = options.source, "sync");
    let settings = instantly.settings()?;
    let database = open::for_writing(global).await?;
    demo::refuse_real_data(database.pool()).await?;
    let options = Options {
        streams: options.streams.clone(),
        full: options.full,
        allow_gone: options.allow_gone,
        raw_only: options.raw_only,
    };
    let report = pull(global, &database, settings, &options, system_clock()).await?;
    if global.json {
        output::json(&report)?;
    } else {
        output::print(&summary(&report));
    }
    database.close().await?;
    Ok(exit_code(&report))
}

/// The machine's clock.
pub(super) fn system_clock() -> Clock {
    Clock::new(Timestamp::now)
}

/// One run with progress; Ctrl-C ends it after the page at hand, a second one at once.
pub(super) async fn pull(
    global: &Global,
    database: &Database,
    settings: Settings,
    options: &Options,
    clock: Clock,
) -> engine::Result<Report> {
    let source = Source::new(Client::new(settings, clock.clone())?);
    let (handle, stop) = Stop::new();
    let quiet = global.json;
    let signals = tokio::spawn(async move {
        interrupted().await;
        if !quiet {
            eprintln!("stopping after the page at hand; what came is kept. Again to stop at once.");
        }
        handle.ask();
        interrupted().await;
        std::process::exit(130);
    });
    let report = sync::sync(database, &source, options, &clock, stop, &Progress::new(global)).await;
    signals.abort();
    report
}

/// Ctrl-C, or being told to end by the system.
pub(super) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

/// 0: everything the vendor has is here; 1: something failed; 3: stopped, and the next run goes on.
pub(super) fn exit_code(report: &Report) -> ExitCode {
    match report.state {
        State::Finished => ExitCode::SUCCESS,
        State::Stopped | State::Running => ExitCode::from(STOPPED),
        State::Failed => ExitCode::FAILURE,
    }
}

/// The run in a few lines, and what to do about what did not go well.
pub(super) fn summary(report: &Report) -> String {
    let seconds = report.ended_at.duration_since(report.started_at).as_secs_f64();
    let total = |pick: fn(&sync::Receipt) -> u64| report.streams.iter().map(pick).sum::<u64>();
    let mut lines = vec![format!(
        "{}: {} in {seconds:.1} s. {} records on {} pages ({} requests): {} new, {} changed, {} unchanged, {} gone.",
        report.source,
        match report.state {
            State::Finished => "in sync",
            State::Failed => "not in sync",
            State::Stopped | State::Running => "stopped",
        },
        output::count(total(|r| r.items)),
        output::count(total(|r| r.pages)),
        output::count(total(|r| r.requests)),
        output::count(total(|r| r.new)),
        output::count(total(|r| r.changed)),
        output::count(total(|r| r.unchanged)),
        output::count(total(|r| r.gone)),
    )];
    for receipt in report.streams.iter().filter(|r| r.state != State::Finished) {
        lines.push(format!("  {:<18} {}", receipt.stream, progress::told(receipt)));
        if let Some(hint) = &receipt.hint {
            lines.push(format!("  hint: {hint}"));
        }
    }
    if report.streams.iter().all(|r| r.reason.is_none())
        && let Some(reason) = &report.reason
    {
        lines.push(format!("  {reason}"));
    }
    lines.join("\n")
}

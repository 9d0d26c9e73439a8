//! `touchline sync`: pulls what is new, shows it, ends with the receipt.

use std::process::ExitCode;

use engine::clock::Clock;
use engine::db::Database;
use engine::source::Source;
use engine::sources::{instantly, vapi};
use engine::sync::{self, Options, Report, State, Stop};
use engine::{demo, reconcile};
use jiff::Timestamp;

use crate::config::{Global, Instantly, Sync, Vapi};
use crate::failure::STOPPED;
use crate::output;
use crate::progress::{self, Progress};

pub(super) async fn run(
    global: &Global,
    database: &Database,
    instantly: &Instantly,
    vapi: &Vapi,
    asked: &Sync,
) -> anyhow::Result<ExitCode> {
    let sources = chosen(asked, instantly, vapi)?;
    demo::refuse_real_data(database.pool()).await?;
    let options = Options {
        streams: asked.streams.clone(),
        full: asked.full,
        allow_gone: asked.allow_gone,
        raw_only: asked.raw_only,
    };
    let mut reports = Vec::with_capacity(sources.len());
    for source in &sources {
        let report = pull_from(global, database, &**source, &options, &system_clock()).await?;
        if !global.json {
            output::print(&summary(&report));
        }
        let stopped = report.state == State::Stopped;
        reports.push(report);
        if stopped {
            break;
        }
    }
    if !global.json && !asked.raw_only && reports.iter().all(|report| report.state == State::Finished) {
        output::print(&totals(database).await?);
    }
    if global.json {
        match reports.as_slice() {
            [report] => output::json(report)?,
            reports => output::json(&reports)?,
        }
    }
    // The worst of them: failed, else stopped.
    let code = |state: State| reports.iter().find(|report| report.state == state).map(exit_code);
    Ok(code(State::Failed).or_else(|| code(State::Stopped)).unwrap_or(ExitCode::SUCCESS))
}

/// Whether ours and the vendors' totals agree, in a sentence.
pub(super) async fn totals(database: &Database) -> engine::Result<String> {
    let found = reconcile::compare(database.pool(), Timestamp::now()).await?;
    let why =
        if found.different + found.not_comparable > 0 { " `touchline reconcile` says why." } else { "" };
    Ok(format!("{}{why}", found.sentence()))
}

/// The source that was named, else each whose key is set. A stream that was named chooses by itself.
fn chosen(asked: &Sync, instantly: &Instantly, vapi: &Vapi) -> anyhow::Result<Vec<Box<dyn Source>>> {
    let of_calls = |name: &String| vapi::STREAMS.iter().any(|stream| stream.name == name);
    let streams_of_calls = !asked.streams.is_empty() && asked.streams.iter().all(of_calls);
    let wants = |name: &str, has_key: bool| match asked.source.as_deref() {
        Some(source) => source == name,
        None if !asked.streams.is_empty() => (name == vapi::NAME) == streams_of_calls,
        None => has_key,
    };
    let mut sources: Vec<Box<dyn Source>> = Vec::new();
    // Without any key the error names the one of most people.
    let no_key =
        !instantly.has_key() && !vapi.has_key() && asked.source.is_none() && asked.streams.is_empty();
    if wants(instantly::NAME, instantly.has_key()) || no_key {
        sources.push(Box::new(instantly::Instantly::new(instantly::Client::new(
            instantly.settings()?,
            system_clock(),
        )?)));
    }
    if wants(vapi::NAME, vapi.has_key()) {
        sources.push(Box::new(vapi::Vapi::new(vapi::Client::new(vapi.settings()?, system_clock())?)));
    }
    Ok(sources)
}

/// The machine's clock.
pub(super) fn system_clock() -> Clock {
    Clock::new(Timestamp::now)
}

/// One run of Instantly with progress.
pub(super) async fn pull(
    global: &Global,
    database: &Database,
    settings: instantly::Settings,
    options: &Options,
    clock: Clock,
) -> engine::Result<Report> {
    let source = instantly::Instantly::new(instantly::Client::new(settings, clock.clone())?);
    pull_from(global, database, &source, options, &clock).await
}

/// One run with progress; Ctrl-C ends it after the page at hand, a second one at once.
pub(super) async fn pull_from(
    global: &Global,
    database: &Database,
    source: &dyn Source,
    options: &Options,
    clock: &Clock,
) -> engine::Result<Report> {
    let (handle, stop) = Stop::new();
    let quiet = global.json;
    let signals = tokio::spawn(async move {
        interrupted().await;
        if !quiet {
            output::aside("stopping after the page at hand; what came is kept. Again to stop at once.");
        }
        handle.ask();
        interrupted().await;
        std::process::exit(130);
    });
    let report = sync::sync(database, source, options, clock, stop, &Progress::new(global)).await;
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
    }
    let mut hints: Vec<&String> = report.streams.iter().filter_map(|receipt| receipt.hint.as_ref()).collect();
    hints.dedup();
    lines.extend(hints.into_iter().map(|hint| format!("hint: {hint}")));
    if report.streams.iter().all(|r| r.reason.is_none())
        && let Some(reason) = &report.reason
    {
        lines.push(format!("  {reason}"));
        if report.state == State::Stopped {
            lines.push("  hint: run `touchline sync` again; it goes on where it stopped".into());
        }
    }
    lines.join("\n")
}

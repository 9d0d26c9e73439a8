//! `touchline import --touches`: a list of LinkedIn touches, with sums that add up.

use std::process::ExitCode;

use engine::db::Database;
use engine::import::Refusal;
use engine::sync::Stop;
use engine::touch_lists::{self, Options, Reject, Report};

use super::{import, sync};
use crate::config::{Global, Import};
use crate::failure::STOPPED;
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Import) -> anyhow::Result<ExitCode> {
    let options = Options { event: asked.event, dry_run: asked.dry_run };
    let (handle, stop) = Stop::new();
    let signals = tokio::spawn(async move {
        sync::interrupted().await;
        handle.ask();
        sync::interrupted().await;
        std::process::exit(130);
    });
    let (mut code, mut reports) = (ExitCode::SUCCESS, Vec::new());
    for path in &asked.files {
        let clock = sync::system_clock();
        let report = touch_lists::import(database.pool(), import::input(path), &options, &clock, &stop).await;
        let report = report.map_err(|error| import::named(error, path))?;
        if report.refusal.is_some() {
            code = ExitCode::FAILURE;
        } else if report.stopped {
            code = ExitCode::from(STOPPED);
        }
        if !global.json {
            output::print(&told(&report, &path.display().to_string()));
        }
        let stopped = report.stopped;
        reports.push(report);
        if stopped {
            break;
        }
    }
    signals.abort();
    if global.json {
        match reports.as_slice() {
            [one] => output::json(one)?,
            several => output::json(&several)?,
        }
    }
    Ok(code)
}

fn told(report: &Report, path: &str) -> String {
    if let Some(code) = report.refusal {
        let refusal = Refusal::named(code);
        let words = refusal.map_or("refused", Refusal::words);
        let hint = refusal.map(|refusal| format!("\nhint: {}", refusal.hint())).unwrap_or_default();
        return format!("{path}: not read, {words}{hint}");
    }
    let mut lines = vec![format!(
        "{}: {} rows (touches) = {} stored + {} repeated + {} rejected",
        report.file_name,
        output::count(report.rows),
        output::count(report.stored),
        output::count(report.repeated),
        output::count(report.rejected)
    )];
    let columns = report.columns.iter().map(|(header, meaning)| format!("`{header}` {meaning}"));
    lines.push(format!("  columns: {}", columns.collect::<Vec<_>>().join(", ")));
    for (reason, count) in &report.reasons {
        let of = report.rejects.iter().filter(|reject| reject.reason == *reason);
        let named: Vec<String> = of.take(5).map(|reject| reject.line.to_string()).collect();
        let more = if *count > 5 { ", …" } else { "" };
        lines.push(format!(
            "  rejected: {} {reason} (line {}{more}): {}",
            output::count(*count),
            named.join(", "),
            Reject::words(reason)
        ));
    }
    if report.dry_run {
        lines.push("dry run: nothing was changed.".into());
    } else if report.stopped {
        lines.push("stopped: run the same command again and it goes on.".into());
    }
    lines.join("\n")
}

//! `touchline imports`: what was imported, the refused rows, and the way back.

use std::io::Write as _;
use std::process::ExitCode;

use engine::db::Database;
use engine::import::{self, State};
use engine::sync::Stop;
use engine::{Error, Result};
use jiff::Timestamp;
use serde_json::json;

use super::import::{Bar, sums};
use super::sync;
use crate::config::Global;
use crate::output;

pub(super) async fn list(global: &Global, database: &Database, limit: i64) -> anyhow::Result<ExitCode> {
    let reports = import::list(database.pool(), None, limit).await?;
    if global.json {
        output::json(&reports)?;
    } else if reports.is_empty() {
        output::print("Nothing was imported yet. next: `touchline import FILE.csv`");
    } else {
        let rows: Vec<Vec<String>> = reports
            .iter()
            .map(|report| {
                vec![
                    report.id.to_string(),
                    output::instant(report.started_at),
                    state(report.state).into(),
                    super::import::rows(report.rows),
                    format!("{} new", output::count(report.new_rows.unsigned_abs())),
                    format!("{} rejected", output::count(report.rejected.unsigned_abs())),
                    output::words(&report.file_name),
                ]
            })
            .collect();
        output::print(&output::table(&rows));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn show(
    global: &Global,
    database: &Database,
    id: &str,
    outcome: Option<&str>,
    limit: i64,
) -> anyhow::Result<ExitCode> {
    let report = found(database, id).await?;
    let verdicts = import::rows(database.pool(), report.id, outcome, 0, limit).await?;
    if global.json {
        let mut document = serde_json::to_value(&report)?;
        document["verdicts"] = json!(verdicts);
        output::json(&document)?;
    } else {
        output::print(&format!("{}  {}", report.id, state(report.state)));
        output::print(&sums(&report));
        let columns: Vec<Vec<String>> = report
            .columns
            .iter()
            .map(|column| {
                let field = column.field.map_or("apollo_data only", import::Field::name);
                vec![format!("  {}", output::excerpt(&column.key, 40)), field.into(), column.reason.clone()]
            })
            .collect();
        output::print(&format!("\ncolumns:\n{}", output::table(&columns)));
        let rows: Vec<Vec<String>> = verdicts
            .iter()
            .map(|verdict| {
                let mut why: Vec<String> = verdict.reason.iter().cloned().collect();
                why.extend(verdict.joins_line.map(|line| format!("joins line {line}")));
                why.extend(verdict.notes.iter().flatten().cloned());
                vec![format!("  line {}", verdict.line), verdict.outcome.clone(), why.join(", ")]
            })
            .collect();
        output::print(&format!("\nrows:\n{}", output::table(&rows)));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn rejects(global: &Global, database: &Database, id: &str) -> anyhow::Result<ExitCode> {
    let report = found(database, id).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let count = import::rejects(database.pool(), report.id, &mut out).await?;
    out.flush()?;
    output::note(global, &super::import::rows(count as i64));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn undo(global: &Global, database: &Database, id: &str) -> anyhow::Result<ExitCode> {
    let report = found(database, id).await?;
    let undone = import::undo(database.pool(), report.id, Timestamp::now()).await?;
    let n = |number: i64| output::count(number.unsigned_abs());
    if global.json {
        output::json(&undone)?;
    } else if undone.was_undone {
        output::print("It was taken back before; nothing was done.");
    } else {
        output::print(&format!(
            "Taken back: {} leads and {} companies removed, {} fields as they were before.",
            n(undone.leads_removed),
            n(undone.companies_removed),
            n(undone.fields_restored)
        ));
        if undone.leads_kept + undone.companies_kept + undone.fields_kept > 0 {
            output::print(&format!(
                "Kept, because they were touched since: {} leads, {} companies, {} fields.",
                n(undone.leads_kept),
                n(undone.companies_kept),
                n(undone.fields_kept)
            ));
        }
        output::print(&format!("to do it again: `touchline imports redo {}`", report.id));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn redo(global: &Global, database: &Database, id: &str) -> anyhow::Result<ExitCode> {
    let report = found(database, id).await?;
    let bar = Bar::new(global);
    let clock = sync::system_clock();
    let imported = import::redo(database.pool(), report.id, &clock, &Stop::never(), &bar).await?;
    bar.0.finish_and_clear();
    if global.json {
        output::json(&imported.report)?;
    } else {
        output::print(&sums(&imported.report));
    }
    Ok(ExitCode::SUCCESS)
}

/// An import by its id, or by the beginning or the end of it where only one has that.
pub(super) async fn found(database: &Database, id: &str) -> Result<import::Report> {
    let reports = import::list(database.pool(), None, 10_000).await?;
    let mut fits = reports
        .into_iter()
        .filter(|report| report.id.to_string().starts_with(id) || report.id.to_string().ends_with(id));
    match (fits.next(), fits.next()) {
        (Some(report), None) => Ok(report),
        (Some(_), Some(_)) => Err(Error::invalid(
            format!("several imports have `{id}` in their id"),
            "give more of it; `touchline imports list` shows them",
        )),
        (None, _) => {
            Err(Error::not_found(format!("there is no import `{id}`"), "`touchline imports list` shows them"))
        }
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::Refused => "refused",
        State::Reading => "cut off",
        State::Completed => "completed",
        State::Undone => "undone",
    }
}

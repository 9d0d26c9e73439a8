//! `touchline import`: files in, a verdict for every row, sums that add up.

use std::path::Path;
use std::process::ExitCode;

use engine::db::Database;
use engine::import::{self, Column, Imported, Input, Options, Progress, Report, State, Watch};
use engine::sync::Stop;
use indicatif::ProgressBar;
use serde_json::json;

use super::{sync, touch_list};
use crate::config::{Global, Import};
use crate::failure::STOPPED;
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Import) -> anyhow::Result<ExitCode> {
    if asked.touches {
        return touch_list::run(global, database, asked).await;
    }
    let options = Options {
        dry_run: asked.dry_run,
        again: asked.again,
        mapping: asked.mapping,
        map: asked.map,
        overwrite: asked.overwrite,
        first_rows: 0,
    };
    let (handle, stop) = Stop::new();
    let quiet = global.json;
    let signals = tokio::spawn(async move {
        sync::interrupted().await;
        if !quiet {
            eprintln!("stopping after the part at hand; the same command goes on. Again to stop at once.");
        }
        handle.ask();
        sync::interrupted().await;
        std::process::exit(130);
    });
    let (mut code, mut documents) = (ExitCode::SUCCESS, Vec::new());
    for path in &asked.files {
        if !global.json && !options.dry_run {
            announce(database, path, &options).await?;
        }
        let bar = Bar::new(global);
        let clock = sync::system_clock();
        let imported = import::import(database.pool(), input(path), &options, &clock, &stop, &bar).await;
        bar.0.finish_and_clear();
        let imported = imported.map_err(|error| named(error, path))?;
        match imported.report.state {
            State::Refused => code = ExitCode::FAILURE,
            State::Reading if !imported.dry_run => code = ExitCode::from(STOPPED),
            _ => {}
        }
        if global.json {
            documents.push(document(&imported)?);
        } else {
            output::print(&told(&imported));
        }
        if stop.is_asked() {
            break;
        }
    }
    signals.abort();
    if global.json {
        match <[_; 1]>::try_from(documents) {
            Ok([one]) => output::json(&one)?,
            Err(several) => output::json(&several)?,
        }
    }
    Ok(code)
}

pub(super) fn named(error: engine::Error, path: &Path) -> engine::Error {
    match error {
        engine::Error::Invalid { what, hint, field } => {
            engine::Error::Invalid { what: format!("`{}`: {what}", path.display()), hint, field }
        }
        other => other,
    }
}

/// What the columns are taken for, before a row is stored. What can be read once is shown in the report only.
async fn announce(database: &Database, path: &Path, options: &Options) -> anyhow::Result<()> {
    let Input::File { name, path: file } = input(path) else { return Ok(()) };
    let input = Input::File { name, path: file };
    let preview =
        import::preview(database.pool(), input, options).await.map_err(|error| named(error, path))?;
    if preview.refusal.is_none() {
        output::print(&columns(preview.columns.iter().map(|column| &column.column)));
    }
    Ok(())
}

/// Which column is which field, and why; those that are kept only as they are, as a number.
fn columns<'a>(columns: impl Iterator<Item = &'a Column>) -> String {
    let (mut rows, mut others) = (Vec::new(), 0_u64);
    for column in columns {
        match column.field {
            Some(field) => rows.push(vec![
                format!("  {}", output::excerpt(&column.key, 40)),
                field.name().into(),
                column.reason.clone(),
            ]),
            None => others += 1,
        }
    }
    format!(
        "columns:\n{}\n  {} more are kept in apollo_data only; to correct one: --map 'Header=field'",
        output::table(&rows),
        output::count(others)
    )
}

pub(super) fn input(path: &Path) -> Input {
    if path == Path::new("-") {
        return Input::Stream { name: "standard input".into(), source: Box::new(std::io::stdin()) };
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
        && let Ok(source) = std::fs::File::open(path)
    {
        return Input::Stream { name, source: Box::new(source) }; // a pipe: it can be read once
    }
    Input::File { name, path: path.into() }
}

/// The report, and what the run was.
fn document(imported: &Imported) -> anyhow::Result<serde_json::Value> {
    let mut document = serde_json::to_value(&imported.report)?;
    document["known"] = imported.known.into();
    document["resumed"] = imported.resumed.into();
    document["dry_run"] = imported.dry_run.into();
    document["adds_up"] = json!(imported.report.adds_up());
    Ok(document)
}

pub(super) fn told(imported: &Imported) -> String {
    let report = &imported.report;
    let mut lines = Vec::new();
    if report.state == State::Refused {
        let refusal = import::Refusal::named(report.refusal.as_deref().unwrap_or(""));
        lines.push(format!(
            "{}: not imported, {}",
            report.file_name,
            refusal.map_or("refused", import::Refusal::words)
        ));
        if let Some(refusal) = refusal {
            lines.push(format!("hint: {}", refusal.hint()));
        }
        return lines.join("\n");
    }
    if imported.known {
        lines.push(format!(
            "{}: these bytes were imported before ({}); nothing was done. --again reads them once more.",
            report.file_name,
            output::instant(report.started_at)
        ));
    } else if imported.resumed {
        lines.push(format!("{}: went on where an earlier run was cut off.", report.file_name));
    }
    if imported.offered {
        let name = report.mapping_name.as_deref().unwrap_or("");
        lines.push(format!("columns as in the mapping `{name}`, saved for a file of this shape"));
    }
    if imported.dry_run {
        lines.push(columns(report.columns.iter()));
    }
    lines.push(sums(report));
    if imported.dry_run {
        lines.push("dry run: nothing was changed.".into());
    } else if report.state == State::Reading {
        lines.push("stopped: run the same command again and it goes on.".into());
    } else if report.rejected > 0 && !imported.known {
        lines.push(format!("the refused rows: `touchline imports rejects {}`", report.id));
    }
    if !imported.dry_run && report.state == State::Completed {
        lines.push(format!("to take it back: `touchline imports undo {}`", report.id));
    }
    lines.join("\n")
}

/// An import's sums in a few lines.
pub(super) fn sums(report: &Report) -> String {
    let n = |number: i64| output::count(number.unsigned_abs());
    let what = if report.companies_only { "companies, no people" } else { "people" };
    let mut lines = vec![format!(
        "{}: {} ({what}) = {} new + {} updated + {} unchanged + {} duplicate + {} rejected",
        report.file_name,
        rows(report.rows),
        n(report.new_rows),
        n(report.updated),
        n(report.unchanged),
        n(report.duplicate),
        n(report.rejected)
    )];
    lines.push(format!(
        "  companies: {} new, {} filled; {} repaired; {} blank lines",
        n(report.companies_new),
        n(report.companies_filled),
        rows(report.repaired),
        n(report.blank_rows)
    ));
    if report.must_not_be_contacted() > 0 {
        lines.push(format!(
            "  must not be contacted: {}; nothing was lifted",
            rows(report.must_not_be_contacted())
        ));
    }
    let counted = |counts: &std::collections::BTreeMap<String, i64>| {
        counts.iter().map(|(code, count)| format!("{code} {}", n(*count))).collect::<Vec<_>>().join(", ")
    };
    if !report.reasons.is_empty() {
        lines.push(format!("  rejected: {}", counted(&report.reasons)));
    }
    if !report.notes.is_empty() {
        lines.push(format!("  notes: {}", counted(&report.notes)));
    }
    if !report.file_notes.is_empty() {
        lines.push(format!("  file: {}", report.file_notes.join(", ")));
    }
    lines.join("\n")
}

/// `1 row`, `3 rows`
pub(super) fn rows(number: i64) -> String {
    format!("{} {}", output::count(number.unsigned_abs()), if number == 1 { "row" } else { "rows" })
}

/// Rows so far, on a terminal.
pub(super) struct Bar(pub(super) ProgressBar);

impl Bar {
    pub(super) fn new(global: &Global) -> Self {
        let watched = !global.json && output::is_watched();
        Self(if watched { ProgressBar::new_spinner() } else { ProgressBar::hidden() })
    }
}

impl Watch for Bar {
    fn part(&self, progress: Progress) {
        self.0.set_message(rows(progress.rows as i64));
        self.0.tick();
    }
}

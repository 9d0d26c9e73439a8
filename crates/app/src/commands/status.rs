//! `touchline status`: how fresh each stream is, what a back-fill still needs, what the key cannot see.

use std::process::ExitCode;

use engine::schedule::Scheduled;
use engine::sync::{self, Status, StreamStatus};
use jiff::Timestamp;

use crate::config::{Global, Instantly};
use crate::output;
use engine::db::Database;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    instantly: &Instantly,
) -> anyhow::Result<ExitCode> {
    let status = sync::status(database.pool(), instantly.emails_per_minute).await?;
    if global.json {
        let mut document = serde_json::to_value(&status)?;
        document["database"] = database.describe().into();
        output::json(&document)?;
    } else {
        output::print(&text(&status, &database.describe(), Timestamp::now()));
    }
    Ok(ExitCode::SUCCESS)
}

fn text(status: &Status, place: &str, now: Timestamp) -> String {
    let mut lines = vec![place.to_owned(), String::new()];
    if status.streams.iter().all(|stream| stream.last_state.is_none()) {
        lines.push("Nothing has been synced yet.".into());
        lines.push(
            "next: set INSTANTLY_API_KEY and run `touchline sync`, or `touchline demo` to look around".into(),
        );
        return lines.join("\n");
    }
    let rows: Vec<Vec<String>> = status.streams.iter().map(|stream| row(stream, now)).collect();
    lines.push(output::table(&rows));
    for stream in &status.streams {
        if let Some(without) = stream.cannot_see {
            lines.push(format!("\n{}: the key cannot see {without}", stream.stream));
        }
        if let Some(hint) = &stream.last_hint {
            lines.push(format!("hint ({}): {hint}", stream.stream));
        }
    }
    if !status.schedule.is_empty() {
        lines.push("\nby itself, while `touchline serve` runs:".into());
        lines.push(output::table(&status.schedule.iter().map(|job| job_row(job, now)).collect::<Vec<_>>()));
    }
    if status.unmatched > 0 {
        lines.push(format!(
            "\n{} replies from people nobody knows: `touchline replies --unmatched`",
            output::count(status.unmatched.unsigned_abs())
        ));
    }
    if !status.problems.is_empty() {
        lines.push("\nneeds a look (touchline.problems):".into());
        for problem in &status.problems {
            lines.push(format!(
                "  {} {}: {} ({} times)",
                problem.stream, problem.kind, problem.detail, problem.occurrences
            ));
        }
    }
    if status.waiting_to_be_normalised > 0 {
        lines.push(
            "\nsome records are mirrored but not worked out yet; the next `touchline sync` does it".into(),
        );
    }
    lines.join("\n")
}

fn row(stream: &StreamStatus, now: Timestamp) -> Vec<String> {
    let fresh = match stream.walked_to_end_at {
        Some(at) => format!("complete {}", output::ago(at, now)),
        None => "never complete".into(),
    };
    let mut last = stream.last_state.clone().unwrap_or_else(|| "never run".into());
    if let Some(reason) = &stream.last_reason {
        last.push_str(&format!(": {reason}"));
    }
    if let Some(backfill) = &stream.backfill {
        last.push_str(&format!(
            "; back-fill: {} messages so far",
            output::count(backfill.stored.unsigned_abs())
        ));
        if let (Some(expected), Some(minutes)) = (backfill.expected, backfill.minutes_left) {
            last.push_str(&format!(
                " of about {}, {} at the vendor's limit",
                output::count(expected.max(backfill.stored).unsigned_abs()),
                if minutes < 1.0 { "less than a minute".into() } else { format!("about {minutes:.0} min") }
            ));
        }
    }
    vec![stream.stream.into(), fresh, last]
}

fn job_row(job: &Scheduled, now: Timestamp) -> Vec<String> {
    let every = match job.every_seconds {
        seconds if seconds % 3600 == 0 => format!("every {} h", seconds / 3600),
        seconds if seconds % 60 == 0 => format!("every {} min", seconds / 60),
        seconds => format!("every {seconds} s"),
    };
    let last = match (&job.last_state, job.last_ended_at) {
        (Some(state), Some(at)) => format!("{state} {}", output::ago(at, now)),
        _ => "never run".into(),
    };
    let next = match () {
        () if job.is_running(now) => "runs now".into(),
        () if job.is_overdue(now) => "overdue: no server is up that does it".into(),
        () if job.next_run_at <= now => "due now".into(),
        () => format!("next in {}", output::soon(job.next_run_at, now)),
    };
    let next = match &job.last_reason {
        Some(reason) => format!("{next}; {}", engine::words::excerpt(reason, 100)),
        None => next,
    };
    vec![format!("  {}", job.name), every, last, next]
}

//! The refused rows as a CSV that can be mended and imported again: the original columns, and why. Safe to open in a
//! spreadsheet.

use std::io::Write;

use futures::TryStreamExt as _;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::report;
use crate::{Error, Result};

/// Writes the refused rows; how many there were.
pub async fn rejects(pool: &PgPool, id: Uuid, out: &mut (dyn Write + Send)) -> Result<u64> {
    let report = report::show(pool, id).await?;
    let written = |error: std::io::Error| {
        Error::invalid(
            format!("the rows cannot be written: {error}"),
            "is there room, and is the reader still there?",
        )
    };
    let keys: Vec<&str> = report.columns.iter().map(|column| column.key.as_str()).collect();
    let ours = ["_row", "_outcome", "_reason", "_notes"];
    line(out, keys.iter().copied().chain(ours)).map_err(written)?;
    let mut rows = sqlx::query_as::<_, (i64, String, Option<String>, Option<Vec<String>>, Value)>(
        include_str!("rejects.sql"),
    )
    .bind(id)
    .fetch(pool);
    let mut count = 0;
    while let Some((number, outcome, reason, notes, item)) = rows.try_next().await? {
        let cell = |key: &&str| item.get(*key).and_then(Value::as_str).unwrap_or("").to_owned();
        let mut cells: Vec<String> = keys.iter().map(cell).collect();
        cells.push(number.to_string());
        cells.push(outcome);
        cells.push(reason.unwrap_or_default());
        cells.push(notes.unwrap_or_default().join(" "));
        if let Some(Value::Array(extra)) = item.get("_extra") {
            cells.extend(extra.iter().map(|value| value.as_str().unwrap_or("").to_owned()));
        }
        line(out, cells.iter().map(String::as_str)).map_err(written)?;
        count += 1;
    }
    Ok(count)
}

fn line<'a>(out: &mut (dyn Write + Send), cells: impl Iterator<Item = &'a str>) -> std::io::Result<()> {
    let mut text = String::new();
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(',');
        }
        safe(cell, &mut text);
    }
    text.push_str("\r\n");
    out.write_all(text.as_bytes())
}

/// A cell that no spreadsheet computes: what looks like a formula gets an apostrophe, a phone number quotes only.
fn safe(cell: &str, out: &mut String) {
    let phone = cell.strip_prefix('+').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || " -().".contains(c))
    });
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && !phone;
    if !(formula || phone || cell.contains([',', '"', '\n', '\r', ';', '\t'])) {
        out.push_str(cell);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&cell.replace('"', "\"\""));
    out.push('"');
}

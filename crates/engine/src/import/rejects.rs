//! The refused rows as a CSV that can be mended and imported again: the original columns, and why. Safe to open in a
//! spreadsheet.

use std::io::Write;

use futures::TryStreamExt as _;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::report;
use crate::{Error, Result, spreadsheet};

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
    let head = spreadsheet::line(keys.iter().copied().chain(ours));
    out.write_all(head.as_bytes()).map_err(written)?;
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
        let line = spreadsheet::line(cells.iter().map(String::as_str));
        out.write_all(line.as_bytes()).map_err(written)?;
        count += 1;
    }
    Ok(count)
}

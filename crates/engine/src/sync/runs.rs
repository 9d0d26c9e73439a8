//! Receipts of runs that were, for people who check. Leaves runs under way to `sync`, freshness to `status`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::{Error, Result};

/// One run, with the sums of its receipt.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RunHead {
    pub id: Uuid,
    pub source: String,
    /// running, finished, stopped, failed
    pub state: String,
    pub reason: Option<String>,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub streams: i64,
    pub items: i64,
    pub new_records: i64,
    pub changed: i64,
    pub requests: i64,
    pub bytes: i64,
}

/// One line of a receipt, as it is kept.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReceiptLine {
    pub stream: String,
    pub state: String,
    pub reason: Option<String>,
    pub hint: Option<String>,
    pub pages: i64,
    pub items: i64,
    pub bytes: i64,
    pub new_records: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub stale: i64,
    pub gone: i64,
    pub returned: i64,
    pub set_aside: i64,
    pub repeated: i64,
    pub requests: i64,
    pub retries: i64,
    pub waited_seconds: f64,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// Runs, newest first, older than `after`.
pub async fn runs(pool: &PgPool, after: Option<(Timestamp, Uuid)>, limit: i64) -> Result<Vec<RunHead>> {
    let rows = sqlx::query(include_str!("runs.sql"))
        .bind(after.map(|(at, _)| at.to_sqlx()))
        .bind(after.map(|(_, id)| id))
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(RunHead {
                id: row.try_get("id")?,
                source: row.try_get("source")?,
                state: row.try_get("state")?,
                reason: row.try_get("reason")?,
                started_at: row.try_get::<jiff_sqlx::Timestamp, _>("started_at")?.to_jiff(),
                ended_at: row.try_get::<Option<jiff_sqlx::Timestamp>, _>("ended_at")?.map(|at| at.to_jiff()),
                streams: row.try_get("streams")?,
                items: row.try_get("items")?,
                new_records: row.try_get("new_records")?,
                changed: row.try_get("changed")?,
                requests: row.try_get("requests")?,
                bytes: row.try_get("bytes")?,
            })
        })
        .collect()
}

/// The receipt of one run, a line a stream.
pub async fn receipt_of(pool: &PgPool, run_id: Uuid) -> Result<Vec<ReceiptLine>> {
    let rows = sqlx::query(include_str!("lines.sql")).bind(run_id).fetch_all(pool).await?;
    if rows.is_empty() {
        return Err(Error::not_found(
            format!("there is no receipt of a run `{run_id}`"),
            "the list of runs has those that are kept",
        ));
    }
    rows.iter()
        .map(|row| {
            Ok(ReceiptLine {
                stream: row.try_get("stream")?,
                state: row.try_get("state")?,
                reason: row.try_get("reason")?,
                hint: row.try_get("hint")?,
                pages: row.try_get("pages")?,
                items: row.try_get("items")?,
                bytes: row.try_get("bytes")?,
                new_records: row.try_get("new_records")?,
                changed: row.try_get("changed")?,
                unchanged: row.try_get("unchanged")?,
                stale: row.try_get("stale")?,
                gone: row.try_get("gone")?,
                returned: row.try_get("returned")?,
                set_aside: row.try_get("set_aside")?,
                repeated: row.try_get("repeated")?,
                requests: row.try_get("requests")?,
                retries: row.try_get("retries")?,
                waited_seconds: row.try_get("waited_seconds")?,
                started_at: row.try_get::<jiff_sqlx::Timestamp, _>("started_at")?.to_jiff(),
                ended_at: row.try_get::<Option<jiff_sqlx::Timestamp>, _>("ended_at")?.map(|at| at.to_jiff()),
            })
        })
        .collect()
}

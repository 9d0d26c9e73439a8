//! What was decided about the queue since an instant: the tally of a day. Leaves deciding to `decide`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgPool, Row};

use crate::Result;

/// How many lines were decided, and how. What was taken back does not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = QueueTally)]
pub struct Tally {
    pub done: i64,
    pub skipped: i64,
    pub snoozed: i64,
}

/// What was decided since then.
pub async fn tally(pool: &PgPool, since: Timestamp) -> Result<Tally> {
    let row = sqlx::query(include_str!("tally.sql")).bind(since.to_sqlx()).fetch_one(pool).await?;
    Ok(Tally {
        done: row.try_get("done")?,
        skipped: row.try_get("skipped")?,
        snoozed: row.try_get("snoozed")?,
    })
}

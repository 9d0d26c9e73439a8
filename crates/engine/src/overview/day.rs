//! The last hours on one line: what went out, what came back and from whom.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::Result;

/// A touch as a mark on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moment {
    pub id: Uuid,
    pub event_type: String,
    pub contact_kind: String,
    pub call_outcome: Option<String>,
    pub event_timestamp: Timestamp,
    pub lead_id: Option<Uuid>,
    /// Name or address of who came back; null: we sent it.
    pub who: Option<String>,
}

/// Touches since an instant, oldest first.
pub async fn since(pool: &PgPool, since: Timestamp) -> Result<Vec<Moment>> {
    let rows = sqlx::query(include_str!("day.sql")).bind(since.to_sqlx()).fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            Ok(Moment {
                id: row.try_get("id")?,
                event_type: row.try_get("event_type")?,
                contact_kind: row.try_get("contact_kind")?,
                call_outcome: row.try_get("call_outcome")?,
                event_timestamp: row.try_get::<jiff_sqlx::Timestamp, _>("event_timestamp")?.to_jiff(),
                lead_id: row.try_get("lead_id")?,
                who: row.try_get("who")?,
            })
        })
        .collect()
}

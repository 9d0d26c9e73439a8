//! How much there is of each kind. Leaves who answered to `replies`, freshness and receipts to `sync::status`.

mod day;
mod pulse;

use serde::Serialize;
use sqlx::{PgPool, Row};

pub use self::day::{Moment, since};
pub use self::pulse::{Freshness, MANY, Pulse, pulse};
use crate::Result;

/// Rows per kind. Counts what is there; not for tables of millions on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub campaigns: i64,
    pub companies: i64,
    pub leads: i64,
    pub enrollments: i64,
    pub events: i64,
    pub messages: i64,
    pub accounts: i64,
    /// Inbound events whose person is unknown.
    pub unmatched: i64,
}

/// How much there is.
pub async fn counts(pool: &PgPool) -> Result<Counts> {
    let row = sqlx::query(include_str!("overview/counts.sql")).fetch_one(pool).await?;
    Ok(Counts {
        campaigns: row.try_get("campaigns")?,
        companies: row.try_get("companies")?,
        leads: row.try_get("leads")?,
        enrollments: row.try_get("enrollments")?,
        events: row.try_get("events")?,
        messages: row.try_get("messages")?,
        accounts: row.try_get("accounts")?,
        unmatched: row.try_get("unmatched")?,
    })
}

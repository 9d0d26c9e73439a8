//! What is in the mirror and what needs a person: counts, who answered, replies nobody is known for.
//! Leaves freshness and receipts to `sync::status`.

mod pulse;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};

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

/// A human reply.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reply {
    pub event_timestamp: Timestamp,
    pub contact_address: Option<String>,
    /// Null: nobody is known by that address.
    pub lead_email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company_name: Option<String>,
    pub campaign_name: Option<String>,
    pub email_subject: Option<String>,
    pub email_body: Option<String>,
}

/// Human replies, newest first; only those nobody is known for where `unmatched` says so.
pub async fn replies(pool: &PgPool, unmatched: bool, limit: i64) -> Result<Vec<Reply>> {
    let rows =
        sqlx::query(include_str!("overview/replies.sql")).bind(unmatched).bind(limit).fetch_all(pool).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Reply {
                event_timestamp: row.try_get::<jiff_sqlx::Timestamp, _>("event_timestamp")?.to_jiff(),
                contact_address: row.try_get("contact_address")?,
                lead_email: row.try_get("lead_email")?,
                first_name: row.try_get("first_name")?,
                last_name: row.try_get("last_name")?,
                company_name: row.try_get("company_name")?,
                campaign_name: row.try_get("campaign_name")?,
                email_subject: row.try_get("email_subject")?,
                email_body: row.try_get("email_body")?,
            })
        })
        .collect()
}

//! What was done to many, as people read it: newest first, with the way back while it holds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::edit;
use crate::keyset::After;
use crate::{Error, Result};

/// Something done to many.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = BulkAction)]
pub struct Done {
    pub id: Uuid,
    /// add_to_campaign, remove_from_campaign, set_status, suppress.
    pub action: String,
    pub campaign_id: Option<Uuid>,
    pub campaign_name: Option<String>,
    pub lead_status: Option<String>,
    pub channel: Option<String>,
    pub reason: Option<String>,
    pub note: Option<String>,
    /// Filter whose leads were meant; null: they were chosen one by one.
    pub filter: Option<serde_json::Value>,
    /// How many were meant.
    pub leads: i64,
    /// With how many something was done.
    pub changed: i64,
    /// How many of each verdict.
    pub verdicts: BTreeMap<String, i64>,
    pub performed_by: Option<Uuid>,
    pub performed_by_name: Option<String>,
    pub performed_at: Timestamp,
    pub undone_by: Option<Uuid>,
    /// Null: it holds.
    pub undone_at: Option<Timestamp>,
}

/// What became of one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = BulkVerdict)]
pub struct Verdict {
    pub lead_id: Uuid,
    pub who: Option<String>,
    /// added, back_in, already_in, suppressed; removed, not_in; changed, same.
    pub verdict: Option<String>,
    pub why: Option<String>,
}

/// What was done to many, newest first, older than `after`.
pub async fn list(pool: &PgPool, after: Option<After>, limit: i64) -> Result<Vec<Done>> {
    read(pool, None, after, limit).await
}

/// One of them.
pub async fn show(pool: &PgPool, id: Uuid) -> Result<Done> {
    read(pool, Some(id), None, 1).await?.pop().ok_or_else(|| {
        Error::not_found(
            format!("there is no action `{id}`"),
            "`touchline bulk list` has their ids, and so has the list of what was done to many",
        )
    })
}

/// Whom it was about, behind the lead `after`.
pub async fn leads(pool: &PgPool, id: Uuid, after: Option<Uuid>, limit: i64) -> Result<Vec<Verdict>> {
    let rows =
        sqlx::query(include_str!("leads.sql")).bind(id).bind(after).bind(limit).fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            Ok(Verdict {
                lead_id: row.try_get("lead_id")?,
                who: row.try_get("who")?,
                verdict: row.try_get("verdict")?,
                why: row.try_get("why")?,
            })
        })
        .collect()
}

async fn read(pool: &PgPool, id: Option<Uuid>, after: Option<After>, limit: i64) -> Result<Vec<Done>> {
    let rows = sqlx::query(include_str!("list.sql"))
        .bind(id)
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter().map(done).collect()
}

fn done(row: &PgRow) -> Result<Done> {
    Ok(Done {
        id: row.try_get("id")?,
        action: row.try_get("action")?,
        campaign_id: row.try_get("campaign_id")?,
        campaign_name: row.try_get("campaign_name")?,
        lead_status: row.try_get("lead_status")?,
        channel: row.try_get("channel")?,
        reason: row.try_get("reason")?,
        note: row.try_get("note")?,
        filter: row.try_get("filter")?,
        leads: row.try_get("leads")?,
        changed: row.try_get("changed")?,
        verdicts: serde_json::from_str(row.try_get("verdicts")?).unwrap_or_default(),
        performed_by: row.try_get("performed_by")?,
        performed_by_name: row.try_get("performed_by_name")?,
        performed_at: edit::at(row, "performed_at")?,
        undone_by: row.try_get("undone_by")?,
        undone_at: edit::instant(row, "undone_at")?,
    })
}

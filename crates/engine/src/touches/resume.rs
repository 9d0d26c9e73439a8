//! A person's word that somebody goes on in spite of what stopped them. Suppressions stay: they are lifted one by one.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;

use super::follow::{self, Stopped};
use super::log::campaign_named;
use super::who::{self, Person};
use crate::Result;

/// What going on did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Resumed {
    /// By which it can be taken back; null: nothing was stopped.
    pub event_id: Option<Uuid>,
    pub lead: Person,
    /// Enrollments that go on, as they stand now.
    pub enrollments: Vec<Stopped>,
}

/// Lets a person go on, in one campaign or in all that stopped. What they say from now on stops them again.
pub async fn resume(
    pool: &PgPool,
    who: &str,
    campaign: Option<&str>,
    note: Option<&str>,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Resumed> {
    let mut tx = pool.begin().await?;
    follow::begin(&mut tx).await?;
    let lead = who::find(&mut tx, who).await?;
    let campaign = match campaign {
        Some(named) => Some(campaign_named(&mut tx, named).await?),
        None => None,
    };
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "update campaign_leads set resumed_at = $3, updated_at = $3
          where lead_id = $1 and ($2::uuid is null or campaign_id = $2) and stopped_at is not null
         returning id",
    )
    .bind(lead.lead_id)
    .bind(campaign)
    .bind(now.to_sqlx())
    .fetch_all(&mut *tx)
    .await?;
    if ids.is_empty() {
        return Ok(Resumed { event_id: None, lead, enrollments: Vec::new() });
    }
    let id = Uuid::now_v7();
    sqlx::query(include_str!("resume.sql"))
        .bind(id)
        .bind(lead.lead_id)
        .bind(campaign)
        .bind(note)
        .bind(by)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    follow::fold(&mut tx, &[lead.lead_id], now).await?;
    let enrollments = follow::enrollments(&mut tx, &ids).await?;
    tx.commit().await?;
    Ok(Resumed { event_id: Some(id), lead, enrollments })
}

//! What follows from a touch: who was folded anew, what stopped, what is suppressed, what was told where. One transaction
//! with the touch itself, under the lock of normalisation.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::states::stops::{self, Receipt};
use crate::suppressions::{self, Suppression};
use crate::{Result, normalise, states};

/// An enrollment that a touch stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = StoppedEnrollment)]
pub struct Stopped {
    pub campaign_lead_id: Uuid,
    pub lead_id: Uuid,
    pub campaign_name: String,
    pub stop_reason: Option<String>,
    pub stopped_at: Option<Timestamp>,
    pub overall_status: String,
}

/// What followed from a touch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Followed {
    /// Enrollments that it stopped; a colleague's, too, where the whole company stops.
    pub stopped: Vec<Stopped>,
    pub suppressions: Vec<Suppression>,
    pub receipts: Vec<Receipt>,
}

/// Begins a transaction that is about to change touches: one at a time, with the tables that the fold reads.
pub(crate) async fn begin(tx: &mut PgConnection) -> Result<()> {
    normalise::begin(tx).await
}

/// Folds these people anew.
pub(crate) async fn fold(tx: &mut PgConnection, leads: &[Uuid], now: Timestamp) -> Result<()> {
    states::of(tx, leads, now).await?;
    Ok(())
}

/// What rests on an event.
pub(super) async fn of(tx: &mut PgConnection, event_id: Uuid) -> Result<Followed> {
    Ok(Followed {
        stopped: stopped(tx, event_id).await?,
        suppressions: suppressions::by_event(tx, event_id).await?,
        receipts: stops::of_event(tx, event_id).await?,
    })
}

async fn stopped(tx: &mut PgConnection, event_id: Uuid) -> Result<Vec<Stopped>> {
    let rows =
        sqlx::query(include_str!("stopped.sql")).bind(event_id).bind(None::<Vec<Uuid>>).fetch_all(tx).await?;
    rows.iter().map(read).collect()
}

/// How these enrollments stand.
pub(super) async fn enrollments(tx: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Stopped>> {
    let rows = sqlx::query(include_str!("stopped.sql")).bind(None::<Uuid>).bind(ids).fetch_all(tx).await?;
    rows.iter().map(read).collect()
}

fn read(row: &sqlx::postgres::PgRow) -> Result<Stopped> {
    Ok(Stopped {
        campaign_lead_id: row.try_get("campaign_lead_id")?,
        lead_id: row.try_get("lead_id")?,
        campaign_name: row.try_get("campaign_name")?,
        stop_reason: row.try_get("stop_reason")?,
        stopped_at: row.try_get::<Option<jiff_sqlx::Timestamp>, _>("stopped_at")?.map(|at| at.to_jiff()),
        overall_status: row.try_get("overall_status")?,
    })
}

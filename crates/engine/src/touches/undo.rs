//! Taking a logged touch back, and with it everything that followed from it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use super::follow::{self, Stopped};
use super::who::{self, Named, Person};
use crate::suppressions::{self, Suppression};
use crate::{Error, Result};

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = TouchUndone)]
pub struct Undone {
    pub event_id: Uuid,
    pub event_type: String,
    pub event_timestamp: Timestamp,
    /// It had been taken back before; nothing was done.
    pub was_undone: bool,
    pub lead: Option<Person>,
    /// Enrollments that it had stopped, as they stand now: without a reason they go on.
    pub enrollments: Vec<Stopped>,
    /// Suppressions that rested on it, and are lifted.
    pub lifted: Vec<Suppression>,
}

/// Takes a logged touch back; None: the one logged last. Twice changes nothing.
pub async fn undo(pool: &PgPool, touch: Option<Uuid>, by: Option<Uuid>, now: Timestamp) -> Result<Undone> {
    let mut tx = pool.begin().await?;
    follow::begin(&mut tx).await?;
    let (id, source, lead_id, was_undone) = meant(&mut tx, touch).await?;
    if source != "manual" {
        return Err(Error::conflict(
            format!("touch `{id}` was told by {source}, not logged by a person"),
            "only what was logged can be taken back; what a vendor tells is corrected there",
        ));
    }
    let row = sqlx::query("select event_type, event_timestamp from events where id = $1")
        .bind(id)
        .fetch_one(&mut *tx)
        .await?;
    let (mut enrollments, mut lifted) = (Vec::new(), Vec::new());
    if !was_undone {
        let before = follow::of(&mut tx, id).await?;
        sqlx::query("update events set withdrawn_at = $2, withdrawn_by = $3, updated_at = $2 where id = $1")
            .bind(id)
            .bind(now.to_sqlx())
            .bind(by)
            .execute(&mut *tx)
            .await?;
        // One that let somebody go on: what had stopped them stops them again.
        sqlx::query(
            "update campaign_leads m set resumed_at = null, updated_at = $2
               from events e where e.id = $1 and e.event_type = 'resumed' and m.lead_id = e.lead_id and m.resumed_at = e.event_timestamp",
        )
        .bind(id)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
        lifted = suppressions::lift_with_event(&mut tx, id, by, now).await?;
        let mut people: Vec<Uuid> = before.stopped.iter().map(|stopped| stopped.lead_id).collect();
        people.extend(lead_id);
        follow::fold(&mut tx, &people, now).await?;
        let ids: Vec<Uuid> = before.stopped.iter().map(|stopped| stopped.campaign_lead_id).collect();
        enrollments = follow::enrollments(&mut tx, &ids).await?;
    }
    let lead = match lead_id {
        Some(id) => who::known_by(&mut tx, &Named::Lead(id)).await?.into_iter().next(),
        None => None,
    };
    tx.commit().await?;
    Ok(Undone {
        event_id: id,
        event_type: row.try_get("event_type")?,
        event_timestamp: row.try_get::<jiff_sqlx::Timestamp, _>("event_timestamp")?.to_jiff(),
        was_undone,
        lead,
        enrollments,
        lifted,
    })
}

/// The touch that is meant: its source, person, and whether it was taken back before.
async fn meant(tx: &mut PgConnection, touch: Option<Uuid>) -> Result<(Uuid, String, Option<Uuid>, bool)> {
    let row = sqlx::query(include_str!("undo.sql")).bind(touch).fetch_optional(tx).await?;
    let Some(row) = row else {
        return Err(match touch {
            Some(id) => Error::not_found(
                format!("there is no touch `{id}`"),
                "`touchline timeline LEAD --json` shows the id of each touch",
            ),
            None => Error::not_found(
                "nothing has been logged yet",
                "`touchline log call LEAD --outcome …` logs a touch",
            ),
        });
    };
    Ok((
        row.try_get("id")?,
        row.try_get("event_source")?,
        row.try_get("lead_id")?,
        row.try_get("was_undone")?,
    ))
}

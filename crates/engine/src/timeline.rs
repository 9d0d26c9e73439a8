//! One person's touches over all channels, newest first. Leaves who the person is to `leads`.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::Result;

/// One touch.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Touch {
    pub id: Uuid,
    pub event_source: String,
    pub event_type: String,
    pub event_timestamp: Timestamp,
    pub campaign_name: Option<String>,
    pub sequence_step: Option<i32>,
    pub email_subject: Option<String>,
    pub email_body: Option<String>,
    pub call_duration_seconds: Option<i32>,
    pub call_transcript: Option<String>,
    pub linkedin_message_text: Option<String>,
    pub note_text: Option<String>,
    /// Address the touch came from or went to, where it is not the lead's main one.
    pub contact_address: Option<String>,
}

/// Where a page of the timeline ends: the last touch on it.
pub type After = (Timestamp, Uuid);

/// Touches of a lead, newest first, at most `limit` of them, older than `after` where it is given.
pub async fn of_lead(pool: &PgPool, lead_id: Uuid, after: Option<After>, limit: i64) -> Result<Vec<Touch>> {
    let rows = sqlx::query(include_str!("timeline.sql"))
        .bind(lead_id)
        .bind(after.map(|(instant, _)| jiff_sqlx::ToSqlx::to_sqlx(instant)))
        .bind(after.map(|(_, id)| id))
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Touch {
                id: row.try_get("id")?,
                event_source: row.try_get("event_source")?,
                event_type: row.try_get("event_type")?,
                event_timestamp: row.try_get::<jiff_sqlx::Timestamp, _>("event_timestamp")?.to_jiff(),
                campaign_name: row.try_get("campaign_name")?,
                sequence_step: row.try_get("sequence_step")?,
                email_subject: row.try_get("email_subject")?,
                email_body: row.try_get("email_body")?,
                call_duration_seconds: row.try_get("call_duration_seconds")?,
                call_transcript: row.try_get("call_transcript")?,
                linkedin_message_text: row.try_get("linkedin_message_text")?,
                note_text: row.try_get("note_text")?,
                contact_address: row.try_get("contact_address")?,
            })
        })
        .collect()
}

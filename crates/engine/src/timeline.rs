//! One person's touches over all channels, newest first. Leaves who the person is to `leads`.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::{Error, Result};

/// One touch.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Touch {
    pub id: Uuid,
    pub event_source: String,
    pub event_type: String,
    pub event_timestamp: Timestamp,
    /// When we learned of it.
    pub observed_at: Timestamp,
    pub campaign_id: Option<Uuid>,
    pub campaign_name: Option<String>,
    pub sequence_step: Option<i32>,
    pub email_subject: Option<String>,
    pub email_body: Option<String>,
    pub call_duration_seconds: Option<i32>,
    pub has_recording: bool,
    /// Soft link to the vendor's call.
    pub vapi_call_id: Option<String>,
    pub call_transcript: Option<String>,
    pub call_summary: Option<String>,
    pub call_outcome: Option<String>,
    pub call_ended_reason: Option<String>,
    pub linkedin_message_text: Option<String>,
    pub note_text: Option<String>,
    pub contact_kind: String,
    /// Address the touch came from or went to, where it is not the lead's main one.
    pub contact_address: Option<String>,
    /// Interest it set, a vendor code; null: it set none.
    pub interest_status: Option<i32>,
    /// A person took it back; it no longer counts.
    pub withdrawn_at: Option<Timestamp>,
    /// The event as its source gave it is kept.
    pub has_raw: bool,
    pub performed_by_name: Option<String>,
}

/// A stretch of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    /// What they said.
    Them,
    Email,
    Call,
    Linkedin,
    Note,
}

impl Only {
    pub const ALL: &[Self] = &[Self::Them, Self::Email, Self::Call, Self::Linkedin, Self::Note];

    /// Its word: argument, JSON, address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Them => "them",
            Self::Email => "email",
            Self::Call => "call",
            Self::Linkedin => "linkedin",
            Self::Note => "note",
        }
    }

    /// The one of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }
}

impl Touch {
    /// email, call, linkedin, note, system.
    pub fn channel(&self) -> &'static str {
        channel(&self.event_type, &self.contact_kind)
    }

    /// They did it, a person or a machine of theirs.
    pub fn from_them(&self) -> bool {
        from_them(&self.event_type, self.call_outcome.as_deref())
    }
}

/// The channel of an event: email, call, linkedin, note, system.
pub fn channel(event_type: &str, contact_kind: &str) -> &'static str {
    match event_type.split_once('_').map(|(head, _)| head) {
        Some("email") => "email",
        Some("call") => "call",
        Some("connection" | "message" | "profile") => "linkedin",
        Some("note") => "note",
        Some("status" | "interest" | "queue" | "lead" | "account") => "system",
        _ if contact_kind == "phone" => "call",
        _ if contact_kind == "linkedin" => "linkedin",
        _ => "system",
    }
}

/// Whether they did it: a word, an accepted request, a call that was talked.
pub fn from_them(event_type: &str, call_outcome: Option<&str>) -> bool {
    match event_type {
        "email_replied"
        | "email_received"
        | "email_auto_replied"
        | "message_replied"
        | "connection_accepted" => true,
        "call_completed" => {
            !matches!(call_outcome, Some("voicemail" | "no_answer" | "busy" | "failed" | "wrong_number"))
        }
        _ => false,
    }
}

/// Where a page of the timeline ends: the last touch on it.
pub type After = (Timestamp, Uuid);

/// Touches of a lead, newest first, at most `limit` of them, older than `after` where it is given.
pub async fn of_lead(pool: &PgPool, lead_id: Uuid, after: Option<After>, limit: i64) -> Result<Vec<Touch>> {
    only(pool, lead_id, None, after, limit).await
}

/// The same, of one stretch only.
pub async fn only(
    pool: &PgPool,
    lead_id: Uuid,
    only: Option<Only>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Touch>> {
    let rows = sqlx::query(include_str!("timeline.sql"))
        .bind(lead_id)
        .bind(after.map(|(instant, _)| jiff_sqlx::ToSqlx::to_sqlx(instant)))
        .bind(after.map(|(_, id)| id))
        .bind(limit)
        .bind(only.map(Only::word))
        .fetch_all(pool)
        .await?;
    read(rows)
}

/// What came from the sender of an event whom nobody knows, newest first.
pub async fn of_sender(pool: &PgPool, event_id: Uuid, limit: i64) -> Result<Vec<Touch>> {
    let text = include_str!("timeline.sql").replace("e.lead_id = $1", OF_SENDER);
    let rows = sqlx::query(sqlx::AssertSqlSafe(text))
        .bind(event_id)
        .bind(None::<jiff_sqlx::Timestamp>)
        .bind(None::<Uuid>)
        .bind(limit)
        .bind(None::<&str>)
        .fetch_all(pool)
        .await?;
    read(rows)
}

/// The event, and what else came from its address.
const OF_SENDER: &str = "e.lead_id is null and (e.id = $1 or (e.contact_kind, e.contact_address) = (select s.contact_kind, s.contact_address from events s where s.id = $1))";

fn read(rows: Vec<sqlx::postgres::PgRow>) -> Result<Vec<Touch>> {
    rows.into_iter()
        .map(|row| {
            Ok(Touch {
                id: row.try_get("id")?,
                event_source: row.try_get("event_source")?,
                event_type: row.try_get("event_type")?,
                event_timestamp: row.try_get::<jiff_sqlx::Timestamp, _>("event_timestamp")?.to_jiff(),
                observed_at: row.try_get::<jiff_sqlx::Timestamp, _>("observed_at")?.to_jiff(),
                campaign_id: row.try_get("campaign_id")?,
                campaign_name: row.try_get("campaign_name")?,
                sequence_step: row.try_get("sequence_step")?,
                email_subject: row.try_get("email_subject")?,
                email_body: row.try_get("email_body")?,
                call_duration_seconds: row.try_get("call_duration_seconds")?,
                has_recording: row.try_get("has_recording")?,
                vapi_call_id: row.try_get("vapi_call_id")?,
                call_transcript: row.try_get("call_transcript")?,
                call_summary: row.try_get("call_summary")?,
                call_outcome: row.try_get("call_outcome")?,
                call_ended_reason: row.try_get("call_ended_reason")?,
                linkedin_message_text: row.try_get("linkedin_message_text")?,
                note_text: row.try_get("note_text")?,
                contact_kind: row.try_get("contact_kind")?,
                contact_address: row.try_get("contact_address")?,
                interest_status: row.try_get("interest_status")?,
                withdrawn_at: row
                    .try_get::<Option<jiff_sqlx::Timestamp>, _>("withdrawn_at")?
                    .map(|at| at.to_jiff()),
                has_raw: row.try_get("has_raw")?,
                performed_by_name: row.try_get("performed_by_name")?,
            })
        })
        .collect()
}

/// A mail as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Mail {
    pub email_subject: Option<String>,
    /// Outside markup, as it came: never shown unless cleaned.
    pub html: Option<String>,
    pub text: Option<String>,
}

/// The mail of an event.
pub async fn mail(pool: &PgPool, event_id: Uuid) -> Result<Mail> {
    let row = sqlx::query(include_str!("timeline_mail.sql")).bind(event_id).fetch_optional(pool).await?;
    let Some(row) = row else { return Err(no_event(event_id)) };
    Ok(Mail {
        email_subject: row.try_get("email_subject")?,
        html: row.try_get("html")?,
        text: row.try_get("email_body")?,
    })
}

/// An event as its source gave it; None: it was written by a person here.
pub async fn raw(pool: &PgPool, event_id: Uuid) -> Result<Option<serde_json::Value>> {
    sqlx::query_scalar("select raw_data from events where id = $1")
        .bind(event_id)
        .fetch_optional(pool)
        .await?
        .ok_or_else(|| no_event(event_id))
}

fn no_event(event_id: Uuid) -> Error {
    Error::not_found(format!("there is no event {event_id}"), "take its id from a timeline")
}

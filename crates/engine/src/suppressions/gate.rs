//! The gate: every touch that we send goes through here, and a stop wins. A touch is queued once by its key, claimed once
//! under the lock that a stop takes, and given to the vendor at most once.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::Channel;
use crate::Result;

/// A touch that is to go out.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub lead_id: Uuid,
    pub campaign_id: Option<Uuid>,
    /// Email, call or LinkedIn.
    pub channel: Channel,
    pub sequence_step: Option<i32>,
    /// Canonical address it goes to; None: the vendor knows.
    pub contact_address: Option<String>,
    /// What makes it one touch, e.g. campaign, person and step.
    pub dedup_key: String,
    /// A person sends it knowingly: stops let it pass, suppressions do not.
    pub by_hand: bool,
}

/// What the gate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is ours to send, now, once.
    Go,
    /// It must not go: why.
    Blocked(String),
    /// Another touch of this person on this channel is under way, or its outcome is unclear.
    Busy,
    /// It is not waiting: somebody else has it, or it is settled.
    None,
}

/// How a touch that went out ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// No answer: it is looked up at the vendor, and never sent again by itself.
    Unknown,
    Failed,
}

/// Queues a touch; the same key again is the same touch.
pub async fn enqueue(pool: &PgPool, outgoing: &Outgoing, now: Timestamp) -> Result<Uuid> {
    let id = sqlx::query_scalar(include_str!("enqueue.sql"))
        .bind(Uuid::now_v7())
        .bind(outgoing.lead_id)
        .bind(outgoing.campaign_id)
        .bind(outgoing.channel.word())
        .bind(outgoing.sequence_step)
        .bind(&outgoing.contact_address)
        .bind(&outgoing.dedup_key)
        .bind(outgoing.by_hand)
        .bind(now.to_sqlx())
        .fetch_one(pool)
        .await?;
    Ok(id)
}

/// Asks for a touch, just before the vendor is called. A transaction of its own.
pub async fn claim(pool: &PgPool, id: Uuid, now: Timestamp) -> Result<Answer> {
    let answer: String = sqlx::query_scalar("select touchline.claim($1, $2)")
        .bind(id)
        .bind(now.to_sqlx())
        .fetch_one(pool)
        .await?;
    Ok(match answer.as_str() {
        "go" => Answer::Go,
        "busy" => Answer::Busy,
        "blocked" => {
            let why: Option<String> =
                sqlx::query_scalar("select block_reason from touchline.outbox where id = $1")
                    .bind(id)
                    .fetch_one(pool)
                    .await?;
            Answer::Blocked(why.unwrap_or_default())
        }
        _ => Answer::None,
    })
}

/// Writes down how a claimed touch ended; a second word on a settled one changes nothing.
pub async fn settle(pool: &PgPool, id: Uuid, outcome: Outcome, answer: &str, now: Timestamp) -> Result<bool> {
    let row = sqlx::query(include_str!("settle.sql"))
        .bind(id)
        .bind(match outcome {
            Outcome::Sent => "sent",
            Outcome::Unknown => "unknown",
            Outcome::Failed => "failed",
        })
        .bind(answer)
        .bind(now.to_sqlx())
        .fetch_optional(pool)
        .await?;
    Ok(row.map(|row| row.try_get::<Uuid, _>("id")).transpose()?.is_some())
}

//! What stands at the edge of every page: how much waits, how fresh each source is, and a token that moves when
//! something new is in. Cheap at any size; counts stop at a hundred.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};

use crate::{Result, replies};

/// Where a count stops: more is "99+".
pub const MANY: i64 = 100;

/// The state of things in a few words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Pulse {
    /// Another value than before: something was written that people look at.
    pub token: String,
    /// Replies that need an answer, those of unknown senders too.
    pub replies: i64,
    /// Of these, from senders nobody knows.
    pub unmatched: i64,
    /// What the queue has for today, [`MANY`] at most.
    pub due: i64,
    pub sources: Vec<Freshness>,
    /// Zone of the workspace.
    pub time_zone: String,
    /// It holds the demo's made-up people.
    pub demo: bool,
}

/// How far one source reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Freshness {
    pub source: String,
    /// Everything the vendor had then is here; null: never walked to the end.
    pub walked_to_end_at: Option<Timestamp>,
    /// A run is under way.
    pub running: bool,
    /// A stream failed in its last run.
    pub failed: bool,
    /// A first walk is under way.
    pub filling: bool,
}

/// How things stand.
pub async fn pulse(pool: &PgPool, now: Timestamp) -> Result<Pulse> {
    let row =
        sqlx::query(include_str!("pulse.sql")).bind(jiff_sqlx::ToSqlx::to_sqlx(now)).fetch_one(pool).await?;
    let waiting = replies::waiting(pool, now).await?;
    let sources = sqlx::query(include_str!("freshness.sql")).fetch_all(pool).await?;
    Ok(Pulse {
        token: row.try_get("token")?,
        replies: waiting.needs_answer,
        unmatched: waiting.unmatched,
        due: 0,
        time_zone: row.try_get("time_zone")?,
        demo: row.try_get("demo")?,
        sources: sources
            .into_iter()
            .map(|row| {
                Ok(Freshness {
                    source: row.try_get("source")?,
                    walked_to_end_at: row
                        .try_get::<Option<jiff_sqlx::Timestamp>, _>("walked_to_end_at")?
                        .map(|at| at.to_jiff()),
                    running: row.try_get::<Option<bool>, _>("running")?.unwrap_or(false),
                    failed: row.try_get::<Option<bool>, _>("failed")?.unwrap_or(false),
                    filling: row.try_get::<Option<bool>, _>("filling")?.unwrap_or(false),
                })
            })
            .collect::<Result<_>>()?,
    })
}

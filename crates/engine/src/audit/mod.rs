//! Who did what: an entry for every write, committed before it begins, so that none is missing; the outcome is added
//! once. Leaves what may be written to `actor`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgPool, Row};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Result;
use crate::actor::Actor;

/// A write that is about to begin.
#[derive(Debug, Clone)]
pub struct Write<'a> {
    /// Method and route, or the command.
    pub action: &'a str,
    /// Ids or names it is about.
    pub subject: Option<&'a str>,
    /// Fields that were given; values only where they say nothing about a lead and are no secret.
    pub details: Value,
    pub request_id: Uuid,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Nothing was changed.
    Refused,
    Failed,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// An entry that waits for its outcome.
#[derive(Debug, Clone, Copy)]
pub struct Begun(i64);

/// Notes a write before it begins.
pub async fn begin(pool: &PgPool, actor: &Actor, write: &Write<'_>, now: Timestamp) -> Result<Begun> {
    let id = sqlx::query_scalar(include_str!("begin.sql"))
        .bind(now.to_sqlx())
        .bind(actor.way.as_str())
        .bind(actor.user_id)
        .bind(actor.key_id)
        .bind(&actor.label)
        .bind(storable(write.action))
        .bind(write.subject.map(storable))
        .bind(&write.details)
        .bind(write.request_id)
        .fetch_one(pool)
        .await?;
    Ok(Begun(id))
}

/// Adds the outcome.
pub async fn settle(
    pool: &PgPool,
    begun: Begun,
    outcome: Outcome,
    status: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "update touchline.audit set outcome = $2, status = $3, settled_at = $4 where id = $1 and outcome is null",
    )
    .bind(begun.0)
    .bind(outcome.as_str())
    .bind(status)
    .bind(now.to_sqlx())
    .execute(pool)
    .await?;
    Ok(())
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Entry {
    pub id: i64,
    /// When it was begun.
    pub at: Timestamp,
    /// owner, user, key, command or system.
    pub actor: String,
    pub user_id: Option<Uuid>,
    pub key_id: Option<Uuid>,
    /// How the actor was called then.
    pub actor_label: String,
    /// What was asked: method and route, or the command.
    pub action: String,
    pub subject: Option<String>,
    pub details: Value,
    pub request_id: Uuid,
    /// done, refused, failed; null: under way, or the process ended in the middle.
    pub outcome: Option<String>,
    /// HTTP status or exit code.
    pub status: Option<String>,
    pub settled_at: Option<Timestamp>,
}

/// Which entries.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    pub user_id: Option<Uuid>,
    pub key_id: Option<Uuid>,
    /// About this id or name.
    pub subject: Option<&'a str>,
    pub since: Option<Timestamp>,
    /// Older than this entry: where a page goes on.
    pub before: Option<i64>,
}

/// Entries, newest first, at most `limit` of them.
pub async fn list(pool: &PgPool, filter: &Filter<'_>, limit: i64) -> Result<Vec<Entry>> {
    let rows = sqlx::query(include_str!("list.sql"))
        .bind(filter.user_id)
        .bind(filter.key_id)
        .bind(filter.subject.map(storable))
        .bind(filter.since.map(ToSqlx::to_sqlx))
        .bind(filter.before)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Entry {
                id: row.try_get("id")?,
                at: row.try_get::<jiff_sqlx::Timestamp, _>("at")?.to_jiff(),
                actor: row.try_get("actor")?,
                user_id: row.try_get("user_id")?,
                key_id: row.try_get("key_id")?,
                actor_label: row.try_get("actor_label")?,
                action: row.try_get("action")?,
                subject: row.try_get("subject")?,
                details: row.try_get("details")?,
                request_id: row.try_get("request_id")?,
                outcome: row.try_get("outcome")?,
                status: row.try_get("status")?,
                settled_at: row
                    .try_get::<Option<jiff_sqlx::Timestamp>, _>("settled_at")?
                    .map(|at| at.to_jiff()),
            })
        })
        .collect()
}

/// Text that PostgreSQL takes, of a length that nobody can fill a disk with.
fn storable(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(500).collect()
}

//! A write that is asked for twice under one key is done once: the first claims the key, the others get its answer.
//! What became of a write whose process ended in the middle is not known, and it is not done again by itself.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::{Error, Result};

/// How long a key is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a write may take; one that has no answer by then was interrupted.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// The answer to a write.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: i32,
    pub headers: Value,
    pub body: Vec<u8>,
}

/// Whether to do it.
#[derive(Debug)]
pub enum Claim {
    /// It is this request's to do, and to settle.
    Mine(Claimed),
    /// It was done: this was the answer.
    Answered(Answer),
    /// Another request is doing it right now.
    UnderWay,
}

/// A key that this request holds.
#[derive(Debug, Clone)]
pub struct Claimed {
    actor: String,
    key: String,
    request_id: Uuid,
}

/// What tells one request from another.
pub fn fingerprint(method: &str, target: &str, body: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in [method.as_bytes(), target.as_bytes(), body] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// Claims a key for a request.
pub async fn claim(
    pool: &PgPool,
    (actor, key): (&str, &str),
    request: [u8; 32],
    request_id: Uuid,
    now: Timestamp,
) -> Result<Claim> {
    if key.is_empty() || key.len() > 255 || !key.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Err(Error::invalid_field(
            "Idempotency-Key",
            "that idempotency key cannot be kept",
            "give 1 to 255 plain characters, e.g. a random UUID",
        ));
    }
    sqlx::query(include_str!("forget.sql"))
        .bind(now.checked_sub(KEPT).unwrap_or(Timestamp::MIN).to_sqlx())
        .execute(pool)
        .await?;
    let claimed = sqlx::query(
        "insert into touchline.idempotency_keys (actor, key, request, request_id, begun_at) values ($1, $2, $3, $4, $5)
         on conflict (actor, key) do nothing",
    )
    .bind(actor)
    .bind(key)
    .bind(&request[..])
    .bind(request_id)
    .bind(now.to_sqlx())
    .execute(pool)
    .await?;
    if claimed.rows_affected() == 1 {
        return Ok(Claim::Mine(Claimed { actor: actor.into(), key: key.into(), request_id }));
    }
    let found = sqlx::query(include_str!("find.sql")).bind(actor).bind(key).fetch_optional(pool).await?;
    // Given back between the two statements.
    let Some(row) = found else { return Ok(Claim::UnderWay) };
    if row.try_get::<&[u8], _>("request")? != request {
        return Err(Error::invalid_field(
            "Idempotency-Key",
            "that idempotency key was used for another request",
            "take a fresh key for every request, and the same one only to repeat a request word for word",
        ));
    }
    if let Some(status) = row.try_get::<Option<i32>, _>("status")? {
        let (headers, body) = (row.try_get("headers")?, row.try_get("body")?);
        return Ok(Claim::Answered(Answer { status, headers, body }));
    }
    let begun_at = row.try_get::<jiff_sqlx::Timestamp, _>("begun_at")?.to_jiff();
    if now.duration_since(begun_at) < LONGEST {
        return Ok(Claim::UnderWay);
    }
    Err(Error::conflict(
        "the first request under this key was interrupted, and whether it was done is not known",
        "look whether it was done; if not, ask again with a fresh key",
    ))
}

impl Claimed {
    /// Keeps the answer.
    pub async fn settle(&self, pool: &PgPool, answer: &Answer, now: Timestamp) -> Result<()> {
        sqlx::query(include_str!("settle.sql"))
            .bind(&self.actor)
            .bind(&self.key)
            .bind(self.request_id)
            .bind(answer.status)
            .bind(&answer.headers)
            .bind(&answer.body)
            .bind(now.to_sqlx())
            .execute(pool)
            .await?;
        Ok(())
    }

    /// Gives the key back: nothing was done.
    pub async fn release(&self, pool: &PgPool) -> Result<()> {
        sqlx::query(
            "delete from touchline.idempotency_keys
              where actor = $1 and key = $2 and request_id = $3 and answered_at is null",
        )
        .bind(&self.actor)
        .bind(&self.key)
        .bind(self.request_id)
        .execute(pool)
        .await?;
        Ok(())
    }
}

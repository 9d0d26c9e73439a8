//! Browsers that are signed in: who it is, until when, and ending it. Leaves cookies to `web`, who may try a password
//! how often to `limit`.

mod limit;
mod sign_in;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgPool, Row};
use utoipa::ToSchema;
use uuid::Uuid;

pub use sign_in::{Begun, Browser, begin, sign_in};

use crate::actor::{Actor, Role, Way};
use crate::connections::digest;
use crate::{Error, Result};

/// How long a session lives without being used.
const IDLE: SignedDuration = SignedDuration::from_hours(24 * 14);
/// How long it lives at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 90);

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Session {
    pub id: Uuid,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// Network address it began from.
    pub address: String,
    /// Browser it began in, as it names itself.
    pub user_agent: String,
}

/// Who the cookie belongs to; None: it is not accepted any more.
pub async fn find(pool: &PgPool, token: &str, now: Timestamp) -> Result<Option<Actor>> {
    let found = sqlx::query(include_str!("find.sql"))
        .bind(&digest(token.as_bytes())[..])
        .bind(now.to_sqlx())
        .fetch_optional(pool)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let id: Uuid = row.try_get("id")?;
    if row.try_get("is_to_be_noted")? {
        sqlx::query(include_str!("seen.sql"))
            .bind(id)
            .bind(now.to_sqlx())
            .bind(now.checked_add(IDLE).unwrap_or(Timestamp::MAX).to_sqlx())
            .bind(now.checked_sub(LONGEST).unwrap_or(Timestamp::MIN).to_sqlx())
            .execute(pool)
            .await?;
    }
    Ok(Some(Actor {
        way: Way::User,
        user_id: Some(row.try_get("user_id")?),
        key_id: None,
        session_id: Some(id),
        label: row.try_get("label")?,
        role: Role::named(row.try_get("role")?)?,
        scopes: None,
    }))
}

/// A user's live sessions, newest first.
pub async fn list(pool: &PgPool, user_id: Uuid, now: Timestamp) -> Result<Vec<Session>> {
    let rows =
        sqlx::query(include_str!("list.sql")).bind(user_id).bind(now.to_sqlx()).fetch_all(pool).await?;
    rows.into_iter()
        .map(|row| {
            let instant = |name: &str| -> Result<Timestamp> {
                Ok(row.try_get::<jiff_sqlx::Timestamp, _>(name)?.to_jiff())
            };
            Ok(Session {
                id: row.try_get("id")?,
                created_at: instant("created_at")?,
                last_seen_at: instant("last_seen_at")?,
                expires_at: instant("expires_at")?,
                address: row.try_get("address")?,
                user_agent: row.try_get("user_agent")?,
            })
        })
        .collect()
}

/// Ends one session of a user; again changes nothing.
pub async fn end(pool: &PgPool, user_id: Uuid, id: Uuid, now: Timestamp) -> Result<()> {
    let known: Option<Uuid> = sqlx::query_scalar(
        "update touchline.sessions set ended_at = coalesce(ended_at, $3) where id = $1 and user_id = $2 returning id",
    )
    .bind(id)
    .bind(user_id)
    .bind(now.to_sqlx())
    .fetch_optional(pool)
    .await?;
    known.map(|_| ()).ok_or_else(|| Error::not_found("that session is not known", "the list shows yours"))
}

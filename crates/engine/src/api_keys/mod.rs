//! Keys by which programs enter the API: shown once, kept as digests, revoked at once. Leaves headers to `web`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::actor::{Actor, Role, SCOPES, Scope, Way};
use crate::connections::{Secret, digest};
use crate::{Error, Result};

/// What every key begins with, so that one that leaks is known for what it is.
const BEGINNING: &str = "tlk_";

/// A key, without what it opens with.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ApiKey {
    pub id: Uuid,
    pub label: String,
    /// Its beginning, to tell keys apart.
    pub hint: String,
    pub scopes: Vec<Scope>,
    /// In whose name it acts; null: the database's owner.
    pub user_id: Option<Uuid>,
    pub user_email: Option<String>,
    pub created_at: Timestamp,
    /// Until when it is accepted; null: no end.
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// To about a minute; null: never used.
    pub last_used_at: Option<Timestamp>,
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct New<'a> {
    pub label: &'a str,
    pub scopes: &'a [Scope],
    /// In whose name it acts; None: the database's owner.
    pub user_id: Option<Uuid>,
    pub expires_at: Option<Timestamp>,
}

/// Makes a key. The secret is in what is returned, and nowhere else in clear.
pub async fn add(pool: &PgPool, new: New<'_>, now: Timestamp) -> Result<(ApiKey, Secret)> {
    let label = new.label.trim();
    if label.is_empty() || label.chars().count() > 100 || label.chars().any(char::is_control) {
        return Err(Error::invalid_field(
            "label",
            "a key needs a name, by which it is found again",
            "give up to 100 letters, e.g. `crm export`",
        ));
    }
    if new.scopes.is_empty() {
        let known: Vec<&str> = SCOPES.iter().map(|(name, _)| *name).collect();
        return Err(Error::invalid_field(
            "scopes",
            "a key without a scope opens nothing",
            format!("give one or more of: {}", known.join(", ")),
        ));
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid_field("expires_at", "that time has passed", "give one to come, or none"));
    }
    let id = Uuid::now_v7();
    let secret = Secret::given(&format!("{BEGINNING}{}", Secret::fresh()?.reveal()))?;
    let mut scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let row = sqlx::query(include_str!("add.sql"))
        .bind(id)
        .bind(new.user_id)
        .bind(label)
        .bind(secret.reveal().chars().take(BEGINNING.len() + 6).collect::<String>())
        .bind(&secret.digest()[..])
        .bind(scopes)
        .bind(now.to_sqlx())
        .bind(new.expires_at.map(ToSqlx::to_sqlx))
        .fetch_one(pool)
        .await?;
    Ok((read(&row)?, secret))
}

/// Keys, live ones first; one user's where one is given.
pub async fn list(pool: &PgPool, user_id: Option<Uuid>) -> Result<Vec<ApiKey>> {
    let rows = sqlx::query(include_str!("list.sql")).bind(user_id).fetch_all(pool).await?;
    rows.iter().map(read).collect()
}

/// Refuses a key from now on; again changes nothing.
pub async fn revoke(pool: &PgPool, named: &str, now: Timestamp) -> Result<ApiKey> {
    let key = find(pool, named).await?;
    let row =
        sqlx::query(include_str!("revoke.sql")).bind(key.id).bind(now.to_sqlx()).fetch_one(pool).await?;
    read(&row)
}

/// The key of that label, that beginning or that id.
pub async fn find(pool: &PgPool, named: &str) -> Result<ApiKey> {
    let named = named.trim();
    let is_meant = |key: &ApiKey| {
        key.label == named
            || named.len() >= 4 && (key.id.to_string().starts_with(named) || key.hint.starts_with(named))
    };
    let mut found: Vec<ApiKey> = list(pool, None).await?.into_iter().filter(is_meant).collect();
    // A label may be used again once its key is revoked.
    if found.len() > 1 {
        found.retain(|key| key.revoked_at.is_none());
    }
    match (found.len(), found.pop()) {
        (1, Some(key)) => Ok(key),
        (0, _) => {
            Err(Error::not_found(format!("there is no key `{named}`"), "`touchline key list` shows them"))
        }
        _ => Err(Error::invalid(
            format!("more than one key is meant by `{named}`"),
            "give its id; `touchline key list` shows it",
        )),
    }
}

/// Who comes with that key; None: it is not accepted. Asked for every request, so that revoking holds at once.
pub async fn actor(pool: &PgPool, secret: &str, now: Timestamp) -> Result<Option<Actor>> {
    if !secret.starts_with(BEGINNING) {
        return Ok(None);
    }
    let found = sqlx::query(include_str!("actor.sql"))
        .bind(&digest(secret.as_bytes())[..])
        .bind(now.to_sqlx())
        .fetch_optional(pool)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let id: Uuid = row.try_get("id")?;
    if row.try_get("is_to_be_noted")? {
        sqlx::query("update touchline.api_keys set last_used_at = $2 where id = $1")
            .bind(id)
            .bind(now.to_sqlx())
            .execute(pool)
            .await?;
    }
    Ok(Some(Actor {
        way: Way::Key,
        user_id: row.try_get("user_id")?,
        key_id: Some(id),
        session_id: None,
        label: row.try_get("label")?,
        role: row.try_get::<Option<&str>, _>("role")?.map_or(Ok(Role::Admin), Role::named)?,
        scopes: Some(scopes(&row)?),
    }))
}

fn scopes(row: &PgRow) -> Result<Vec<Scope>> {
    // A scope that a later Touchline gave out opens nothing here.
    Ok(row.try_get::<Vec<String>, _>("scopes")?.iter().filter_map(|name| Scope::named(name).ok()).collect())
}

fn read(row: &PgRow) -> Result<ApiKey> {
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    Ok(ApiKey {
        id: row.try_get("id")?,
        label: row.try_get("label")?,
        hint: row.try_get("hint")?,
        scopes: scopes(row)?,
        user_id: row.try_get("user_id")?,
        user_email: row.try_get("user_email")?,
        created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
        expires_at: instant("expires_at")?,
        revoked_at: instant("revoked_at")?,
        last_used_at: instant("last_used_at")?,
    })
}

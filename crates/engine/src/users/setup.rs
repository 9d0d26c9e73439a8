//! Set-up links: by one a person chooses a password, once; the first one makes the first admin. A used link is closed
//! for good. Leaves the page to `web` and printing the link to `app`.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::{New, User, insert, one, password, shut_out};
use crate::actor::Role;
use crate::connections::{Secret, digest};
use crate::{Error, Result};

/// How long a link opens.
const VALID: SignedDuration = SignedDuration::from_hours(72);

/// A link that opens.
#[derive(Debug, Clone)]
pub struct Link {
    id: Uuid,
    /// Whose password is chosen; None: it makes the first admin.
    pub user: Option<User>,
    pub expires_at: Timestamp,
}

/// A fresh link for somebody to choose a password by; the ones before are closed.
pub async fn give(pool: &PgPool, user: &User, now: Timestamp) -> Result<Secret> {
    if user.disabled_at.is_some() {
        return Err(Error::conflict(
            format!("{} may not enter any more", user.name()),
            "`touchline user enable EMAIL` lets them in again",
        ));
    }
    replace(pool, Some(user.id), now).await
}

/// A fresh link that makes the first admin, while nobody can sign in as one.
pub async fn give_first(pool: &PgPool, now: Timestamp) -> Result<Option<Secret>> {
    if has_admin(pool).await? {
        return Ok(None);
    }
    replace(pool, None, now).await.map(Some)
}

/// Whether an admin can sign in.
pub async fn has_admin(pool: &PgPool) -> Result<bool> {
    Ok(sqlx::query_scalar(include_str!("has_admin.sql")).fetch_one(pool).await?)
}

async fn replace(pool: &PgPool, user_id: Option<Uuid>, now: Timestamp) -> Result<Secret> {
    let secret = Secret::fresh()?;
    let mut tx = pool.begin().await?;
    sqlx::query(
        "update touchline.setup_links set closed_at = $2 where user_id is not distinct from $1 and closed_at is null",
    )
    .bind(user_id)
    .bind(now.to_sqlx())
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "insert into touchline.setup_links (id, sha256, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(Uuid::now_v7())
    .bind(&secret.digest()[..])
    .bind(user_id)
    .bind(now.to_sqlx())
    .bind(now.checked_add(VALID).unwrap_or(Timestamp::MAX).to_sqlx())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(secret)
}

/// The link of that secret, if it still opens.
pub async fn open(pool: &PgPool, secret: &str, now: Timestamp) -> Result<Link> {
    let mut connection = pool.acquire().await?;
    let found = sqlx::query(include_str!("open_link.sql"))
        .bind(&digest(secret.as_bytes())[..])
        .bind(now.to_sqlx())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = found else { return Err(closed()) };
    let user = match row.try_get::<Option<Uuid>, _>("user_id")? {
        Some(id) => Some(one(&mut connection, id).await?),
        None => None,
    };
    let expires_at = row.try_get::<jiff_sqlx::Timestamp, _>("expires_at")?.to_jiff();
    Ok(Link { id: row.try_get("id")?, user, expires_at })
}

/// Chooses the password and closes the link, both or neither. Other sessions of the person end.
pub async fn choose(
    pool: &PgPool,
    secret: &str,
    (email, full_name): (&str, Option<&str>),
    password: &str,
    now: Timestamp,
) -> Result<User> {
    let link = open(pool, secret, now).await?;
    let address = match link.user.as_ref().and_then(|user| user.email.clone()) {
        Some(known) => known,
        None => super::address(email)?,
    };
    password::check(password, &address)?;
    let hash = password::hash(password).await?;

    let mut tx = pool.begin().await?;
    // Of two who use it at once, one waits here and then finds it closed.
    let closing = sqlx::query(include_str!("close_link.sql"))
        .bind(link.id)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    if closing.rows_affected() == 0 {
        return Err(closed());
    }
    let user = match link.user {
        Some(user) => user,
        None => first_admin(&mut tx, &address, full_name, now).await?,
    };
    keep(&mut tx, user.id, &hash, now).await?;
    let user = one(&mut tx, user.id).await?;
    tx.commit().await?;
    Ok(user)
}

/// Adds somebody with a password, both or neither.
pub async fn add_with_password(pool: &PgPool, new: New<'_>, password: &str, now: Timestamp) -> Result<User> {
    password::check(password, new.email)?;
    let hash = password::hash(password).await?;
    let mut tx = pool.begin().await?;
    let user = insert(&mut tx, new, now).await?;
    keep(&mut tx, user.id, &hash, now).await?;
    let user = one(&mut tx, user.id).await?;
    tx.commit().await?;
    Ok(user)
}

/// Sets a password by command. The person's sessions end.
pub async fn set_password(pool: &PgPool, user: &User, password: &str, now: Timestamp) -> Result<User> {
    password::check(password, user.email.as_deref().unwrap_or_default())?;
    let hash = password::hash(password).await?;
    let mut tx = pool.begin().await?;
    keep(&mut tx, user.id, &hash, now).await?;
    let user = one(&mut tx, user.id).await?;
    tx.commit().await?;
    Ok(user)
}

/// Somebody who worked here alone becomes the first admin where the address is theirs.
async fn first_admin(
    connection: &mut sqlx::PgConnection,
    address: &str,
    full_name: Option<&str>,
    now: Timestamp,
) -> Result<User> {
    let known: Option<Uuid> = sqlx::query_scalar(
        "update users set role = 'admin', disabled_at = null, updated_at = $2 where lower(email) = $1 returning id",
    )
    .bind(address)
    .bind(now.to_sqlx())
    .fetch_optional(&mut *connection)
    .await?;
    match known {
        Some(id) => one(connection, id).await,
        None => insert(connection, New { email: address, full_name, role: Role::Admin }, now).await,
    }
}

async fn keep(connection: &mut sqlx::PgConnection, user_id: Uuid, hash: &str, now: Timestamp) -> Result<()> {
    sqlx::query(
        "insert into touchline.passwords (user_id, argon2, set_at) values ($1, $2, $3)
         on conflict (user_id) do update set argon2 = excluded.argon2, set_at = excluded.set_at",
    )
    .bind(user_id)
    .bind(hash)
    .bind(now.to_sqlx())
    .execute(&mut *connection)
    .await?;
    shut_out(connection, user_id, now).await
}

fn closed() -> Error {
    Error::not_found(
        "this link does not open any more",
        "each is used once and for three days; `touchline user password EMAIL` makes a new one",
    )
}

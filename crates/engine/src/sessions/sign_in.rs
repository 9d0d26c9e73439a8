//! Signing in: an address and a password become a session. Who the account belongs to, or whether there is one, is told
//! to nobody who does not know the password.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use uuid::Uuid;

use super::{IDLE, limit};
use crate::connections::Secret;
use crate::users::password;
use crate::{Error, Result, identity};

/// Where a session begins.
#[derive(Debug, Clone, Copy, Default)]
pub struct Browser<'a> {
    /// Network address.
    pub address: &'a str,
    /// As it names itself.
    pub user_agent: &'a str,
}

/// A session that has just begun.
#[derive(Debug)]
pub struct Begun {
    pub id: Uuid,
    pub user_id: Uuid,
    /// For the cookie; kept nowhere in clear.
    pub token: Secret,
    pub expires_at: Timestamp,
}

/// Begins a session for whoever knows the password of that address.
pub async fn sign_in(
    pool: &PgPool,
    email: &str,
    given: &str,
    browser: Browser<'_>,
    now: Timestamp,
) -> Result<Begun> {
    // What is no address is counted, too.
    let account = identity::email::key(email).unwrap_or_else(|| email.trim().to_lowercase());
    limit::count(pool, &account, browser.address, now).await?;
    let found: Option<(Uuid, String)> =
        sqlx::query_as(include_str!("password.sql")).bind(&account).fetch_optional(pool).await?;
    let (user_id, kept) = found.unzip();
    let is_right = password::is_right(given, kept).await?;
    let Some(user_id) = user_id.filter(|_| is_right) else {
        return Err(Error::unproven(
            "address and password do not belong together",
            "check both; an admin makes a new password with `touchline user password EMAIL`",
        ));
    };
    limit::forgive(pool, &account, browser.address).await?;
    begin(pool, user_id, browser, now).await
}

/// Begins a session for somebody who has just proven who they are.
pub async fn begin(pool: &PgPool, user_id: Uuid, browser: Browser<'_>, now: Timestamp) -> Result<Begun> {
    let (id, token) = (Uuid::now_v7(), Secret::fresh()?);
    let expires_at = now.checked_add(IDLE).unwrap_or(Timestamp::MAX);
    sqlx::query(include_str!("begin.sql"))
        .bind(id)
        .bind(user_id)
        .bind(&token.digest()[..])
        .bind(now.to_sqlx())
        .bind(expires_at.to_sqlx())
        .bind(short(browser.address))
        .bind(short(browser.user_agent))
        .execute(pool)
        .await?;
    Ok(Begun { id, user_id, token, expires_at })
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

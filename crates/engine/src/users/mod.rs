//! People who work in Touchline: who they are, what they may do, whether they may still enter.
//! Leaves choosing a password to `setup`, hashing it to `password`, being signed in to `sessions`.

pub mod password;
pub mod setup;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::actor::Role;
use crate::identity;
use crate::{Error, Result};

/// A person who works in Touchline.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct User {
    pub id: Uuid,
    pub email: Option<String>,
    pub full_name: Option<String>,
    pub role: Role,
    /// From when on the person can no longer enter; null: may enter.
    pub disabled_at: Option<Timestamp>,
    pub last_sign_in_at: Option<Timestamp>,
    /// Whether a password was chosen, so that the person can sign in.
    pub has_password: bool,
    pub created_at: Timestamp,
}

impl User {
    /// Name, or address, or nothing known.
    pub fn name(&self) -> String {
        let named = self.full_name.clone().filter(|name| !name.trim().is_empty());
        named.or_else(|| self.email.clone()).unwrap_or_else(|| "(no name)".into())
    }
}

/// Somebody to be added.
#[derive(Debug, Clone)]
pub struct New<'a> {
    pub email: &'a str,
    pub full_name: Option<&'a str>,
    pub role: Role,
}

/// Everybody, those who may enter first.
pub async fn list(pool: &PgPool) -> Result<Vec<User>> {
    let rows = sqlx::query(include_str!("list.sql")).bind(None::<Uuid>).fetch_all(pool).await?;
    rows.iter().map(read).collect()
}

/// The user of that address, that id, or an id that begins so.
pub async fn find(pool: &PgPool, named: &str) -> Result<User> {
    let named = named.trim();
    let address = identity::email::key(named);
    let mut found: Vec<User> = list(pool)
        .await?
        .into_iter()
        .filter(|user| {
            let is_addressed = user.email.as_deref().and_then(identity::email::key);
            (address.is_some() && is_addressed == address)
                || (named.len() >= 4 && user.id.to_string().starts_with(named))
        })
        .collect();
    match (found.len(), found.pop()) {
        (1, Some(user)) => Ok(user),
        (0, _) => Err(Error::not_found(
            format!("there is no user `{named}`"),
            "`touchline user list` shows everybody; `touchline user add` adds somebody",
        )),
        _ => Err(Error::invalid(
            format!("more than one user is meant by `{named}`"),
            "give more of the id; `touchline user list` shows it",
        )),
    }
}

/// Adds somebody, without a password yet: `setup::give` makes the link by which one is chosen.
pub async fn add(pool: &PgPool, new: New<'_>, now: Timestamp) -> Result<User> {
    let mut connection = pool.acquire().await?;
    insert(&mut connection, new, now).await
}

async fn insert(connection: &mut PgConnection, new: New<'_>, now: Timestamp) -> Result<User> {
    let email = address(new.email)?;
    let full_name = name(new.full_name)?;
    let id = Uuid::now_v7();
    let added = sqlx::query(include_str!("add.sql"))
        .bind(id)
        .bind(&email)
        .bind(full_name)
        .bind(new.role.as_str())
        .bind(now.to_sqlx())
        .execute(&mut *connection)
        .await?;
    if added.rows_affected() == 0 {
        return Err(Error::Conflict {
            what: format!("{email} is a user already"),
            hint: "change the role with `touchline user role`, or give a new link with `touchline user password`"
                .into(),
        });
    }
    one(connection, id).await
}

/// Gives somebody another role. The last admin who can enter stays one.
pub async fn set_role(pool: &PgPool, named: &str, role: Role, now: Timestamp) -> Result<User> {
    let user = find(pool, named).await?;
    let mut tx = pool.begin().await?;
    if role != Role::Admin {
        keep_an_admin(&mut tx, &user).await?;
    }
    sqlx::query("update users set role = $2, updated_at = $3 where id = $1 and role <> $2")
        .bind(user.id)
        .bind(role.as_str())
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    let user = one(&mut tx, user.id).await?;
    tx.commit().await?;
    Ok(user)
}

/// Closes the door: sessions end, keys are refused, set-up links close. What the person did stays.
pub async fn disable(pool: &PgPool, named: &str, now: Timestamp) -> Result<User> {
    let user = find(pool, named).await?;
    let mut tx = pool.begin().await?;
    keep_an_admin(&mut tx, &user).await?;
    sqlx::query("update users set disabled_at = $2, updated_at = $2 where id = $1 and disabled_at is null")
        .bind(user.id)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    shut_out(&mut tx, user.id, now).await?;
    let user = one(&mut tx, user.id).await?;
    tx.commit().await?;
    Ok(user)
}

/// Lets somebody in again, who signs in anew.
pub async fn enable(pool: &PgPool, named: &str, now: Timestamp) -> Result<User> {
    let user = find(pool, named).await?;
    let mut connection = pool.acquire().await?;
    sqlx::query(
        "update users set disabled_at = null, updated_at = $2 where id = $1 and disabled_at is not null",
    )
    .bind(user.id)
    .bind(now.to_sqlx())
    .execute(&mut *connection)
    .await?;
    one(&mut connection, user.id).await
}

/// The one user of a workspace without sign-in: the only one there is, if there is only one.
pub async fn sole(pool: &PgPool) -> Result<Option<Uuid>> {
    let ids: Vec<Uuid> = sqlx::query_scalar("select id from users limit 2").fetch_all(pool).await?;
    Ok(match ids[..] {
        [id] => Some(id),
        _ => None,
    })
}

/// Ends every session and closes every set-up link of a user.
async fn shut_out(connection: &mut PgConnection, user_id: Uuid, now: Timestamp) -> Result<()> {
    for statement in [
        "update touchline.sessions set ended_at = $2 where user_id = $1 and ended_at is null",
        "update touchline.setup_links set closed_at = $2 where user_id = $1 and closed_at is null",
    ] {
        sqlx::query(statement).bind(user_id).bind(now.to_sqlx()).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Refuses to take the last admin's keys of the house. Locks all admins, so that two who do it at once do not both
/// see the other.
async fn keep_an_admin(connection: &mut PgConnection, user: &User) -> Result<()> {
    let admins: Vec<Uuid> = sqlx::query_scalar(
        "select id from users where role = 'admin' and disabled_at is null order by id for update",
    )
    .fetch_all(connection)
    .await?;
    if admins == [user.id] {
        return Err(Error::conflict(
            format!("{} is the only admin who can enter", user.name()),
            "make somebody else an admin first: `touchline user role EMAIL admin`",
        ));
    }
    Ok(())
}

async fn one(connection: &mut PgConnection, id: Uuid) -> Result<User> {
    read(&sqlx::query(include_str!("list.sql")).bind(Some(id)).fetch_one(connection).await?)
}

fn read(row: &PgRow) -> Result<User> {
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    Ok(User {
        id: row.try_get("id")?,
        email: row.try_get("email")?,
        full_name: row.try_get("full_name")?,
        role: Role::named(row.try_get("role")?)?,
        disabled_at: instant("disabled_at")?,
        last_sign_in_at: instant("last_sign_in_at")?,
        has_password: row.try_get("has_password")?,
        created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
    })
}

fn address(given: &str) -> Result<String> {
    identity::email::key(given).ok_or_else(|| {
        Error::invalid_field(
            "email",
            format!("`{given}` is no e-mail address"),
            "give one like jane@acme.example",
        )
    })
}

fn name(given: Option<&str>) -> Result<Option<&str>> {
    let Some(given) = given.map(str::trim).filter(|name| !name.is_empty()) else { return Ok(None) };
    if given.chars().count() > 200 || given.chars().any(char::is_control) {
        let hint = "give up to 200 letters on one line";
        return Err(Error::invalid_field("full_name", "that name cannot be kept", hint));
    }
    Ok(Some(given))
}

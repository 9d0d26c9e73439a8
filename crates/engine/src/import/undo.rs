//! Takes an import back: what it made goes, what it filled is blank again; what was touched since stays, and is named.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{Connection, PgPool};
use uuid::Uuid;

use super::report::{self, State};
use crate::{Error, Result};

/// What an undo did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ImportUndone)]
pub struct Undone {
    pub import_id: Uuid,
    /// It had been undone before; nothing was done.
    pub was_undone: bool,
    pub leads_removed: i64,
    /// Made by this import and kept: edited, contacted, or named by another import since.
    pub leads_kept: i64,
    pub companies_removed: i64,
    pub companies_kept: i64,
    /// Fields of leads and companies that are as they were before.
    pub fields_restored: i64,
    /// Filled fields left alone, because they hold something else by now.
    pub fields_kept: i64,
}

/// Takes an import back, in one transaction.
pub async fn undo(pool: &PgPool, id: Uuid, now: Timestamp) -> Result<Undone> {
    let mut connection = pool.acquire().await?;
    let mut tx = connection.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('touchline normalise', 0))")
        .execute(&mut *tx)
        .await?;
    let report = report::show(&mut *tx, id).await?;
    match report.state {
        State::Undone => return Ok(Undone { import_id: id, was_undone: true, ..Undone::default() }),
        State::Refused => {
            return Err(Error::conflict(
                format!("import `{id}` was refused: there is nothing to take back"),
                "`touchline imports list` shows the others",
            ));
        }
        State::Reading | State::Completed => {}
    }
    let is_free: bool = sqlx::query_scalar(
        "select pg_try_advisory_xact_lock(hashtextextended('touchline import ' || encode(file_sha256, 'hex'), 0))
            and pg_try_advisory_xact_lock(hashtextextended('touchline import beside ' || id, 0))
           from touchline.imports where id = $1",
    )
    .bind(id)
    .fetch_one(&mut *tx)
    .await?;
    if !is_free {
        return Err(Error::conflict(format!("import `{id}` is under way"), "stop it first, then undo it"));
    }
    let mut undone = Undone { import_id: id, ..Undone::default() };
    for statement in [include_str!("undo/lead_fields.sql"), include_str!("undo/company_fields.sql")] {
        let (restored, kept): (i64, i64) =
            sqlx::query_as(statement).bind(id).bind(now.to_sqlx()).fetch_one(&mut *tx).await?;
        undone.fields_restored += restored;
        undone.fields_kept += kept;
    }
    sqlx::query(include_str!("undo/identities.sql")).bind(id).execute(&mut *tx).await?;
    (undone.leads_removed, undone.leads_kept) =
        sqlx::query_as(include_str!("undo/leads.sql")).bind(id).fetch_one(&mut *tx).await?;
    (undone.companies_removed, undone.companies_kept) =
        sqlx::query_as(include_str!("undo/companies.sql")).bind(id).fetch_one(&mut *tx).await?;
    sqlx::query("update touchline.imports set state = 'undone', undone_at = $2, ended_at = coalesce(ended_at, $2) where id = $1")
        .bind(id)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(undone)
}

//! `touchline.migrations`: which migrations this database has, and that they are the ones we know.
//! Leaves applying them to `migrate`.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::migrations::{MIGRATIONS, Migration};
use crate::{Error, Result};

const LEDGER: &str = include_str!("ledger.sql");

/// How a migration came to be part of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Applied,
    Adopted,
}

/// The migrations this database does not have yet, in order.
pub(super) async fn pending(connection: &mut PgConnection) -> Result<Vec<&'static Migration>> {
    let recorded = recorded(connection).await?;
    check(&recorded)?;
    Ok(MIGRATIONS.iter().filter(|migration| !recorded.contains_key(&migration.version)).collect())
}

/// Makes the table; does nothing where it is already there.
pub(super) async fn prepare(connection: &mut PgConnection) -> Result<()> {
    if !exists(connection).await? {
        sqlx::raw_sql(LEDGER).execute(connection).await?;
    }
    Ok(())
}

pub(super) async fn record(connection: &mut PgConnection, migration: &Migration, how: How) -> Result<()> {
    let how = match how {
        How::Applied => "applied",
        How::Adopted => "adopted",
    };
    sqlx::query("insert into touchline.migrations (version, name, sha256, how) values ($1, $2, $3, $4)")
        .bind(migration.version)
        .bind(migration.name)
        .bind(checksum(migration))
        .bind(how)
        .execute(connection)
        .await?;
    Ok(())
}

type Recorded = BTreeMap<i32, (String, Vec<u8>)>;

async fn recorded(connection: &mut PgConnection) -> Result<Recorded> {
    if !exists(connection).await? {
        return Ok(Recorded::new());
    }
    let rows: Vec<(i32, String, Vec<u8>)> =
        sqlx::query_as("select version, name, sha256 from touchline.migrations order by version")
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(|(version, name, sha256)| (version, (name, sha256))).collect())
}

async fn exists(connection: &mut PgConnection) -> Result<bool> {
    // pg_class, not to_regclass(): the latter needs USAGE on the schema and errors without it.
    let sql = "select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                               where n.nspname = 'touchline' and c.relname = 'migrations')";
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}

/// A database from a newer Touchline, or a file that was changed after it was applied, is nothing to guess about.
fn check(recorded: &Recorded) -> Result<()> {
    for (version, (name, sha256)) in recorded {
        let Some(known) = MIGRATIONS.iter().find(|migration| migration.version == *version) else {
            return Err(Error::conflict(
                format!("this database is newer than this Touchline: it has migration `{name}`"),
                "update Touchline to the version that was used last, or a later one; nothing was changed",
            ));
        };
        if *sha256 != checksum(known) {
            return Err(Error::conflict(
                format!("migration `{}` was changed after it was applied to this database", known.name),
                "migrations are forward-only: restore the file as it was and put the change into a new one; \
                 nothing was changed",
            ));
        }
    }
    Ok(())
}

fn checksum(migration: &Migration) -> Vec<u8> {
    Sha256::digest(migration.sql).to_vec()
}

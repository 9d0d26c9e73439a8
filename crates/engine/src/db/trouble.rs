//! Running a statement of a migration, and saying in words for people what was the matter when it fails.

use sqlx::{AssertSqlSafe, PgConnection};

use crate::{Error, Result};

/// Runs SQL as it is; `doing` names what it is part of.
pub(super) async fn run(connection: &mut PgConnection, doing: &str, sql: &str) -> Result<()> {
    match sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await {
        Ok(_) => Ok(()),
        Err(error) => Err(explain(doing, error)),
    }
}

fn explain(doing: &str, error: sqlx::Error) -> Error {
    let Some(told) = error.as_database_error() else { return Error::Database(error) };
    let hint = match told.code().as_deref() {
        // lock_not_available
        Some("55P03") => {
            "another session holds a lock on the table: let syncs, imports and open editors finish (`select pid, state, \
             query from pg_stat_activity where state <> 'idle'` shows them), then run `touchline migrate` again; it \
             goes on where it stopped"
        }
        // insufficient_privilege
        Some("42501") => {
            "run `touchline migrate` as the role that owns these tables, or give this role the right; what was done \
             before stays, and the next run goes on from there"
        }
        _ => "this step was taken back; what was done before it stays, and the next run goes on from there",
    };
    Error::conflict(format!("{doing} failed: {}", told.message()), hint)
}

/// What a migration needs, asked before it starts: the right to make schema `touchline` and tables in the workspace.
pub(super) async fn check_rights(connection: &mut PgConnection) -> Result<()> {
    let (role, database, schema, in_database, in_schema): (String, String, Option<String>, bool, bool) =
        sqlx::query_as(
            "select quote_ident(current_user), quote_ident(current_database()), quote_ident(current_schema()),
                    has_database_privilege(current_database(), 'create'),
                    coalesce(has_schema_privilege(current_schema(), 'create'), false)",
        )
        .fetch_one(connection)
        .await?;
    let Some(schema) = schema else {
        return Err(Error::conflict(
            "the connection's search_path names no schema that exists",
            "make it with `create schema`, or set search_path to one that is there, e.g. public",
        ));
    };
    if !in_database {
        return Err(Error::conflict(
            format!("role {role} may not make schema touchline in database {database}"),
            format!(
                "as the owner of the database or a superuser run `grant create on database {database} to {role}`"
            ),
        ));
    }
    if !in_schema {
        return Err(Error::conflict(
            format!("role {role} may not make tables in schema {schema}"),
            format!(
                "as the owner of the schema or a superuser run `grant usage, create on schema {schema} to {role}`"
            ),
        ));
    }
    Ok(())
}

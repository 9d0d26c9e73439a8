//! A part in a transaction of its own, and what to do where the database refuses it: ask again where somebody was
//! quicker, set aside the row that a rule of the database does not take.

use jiff_sqlx::Timestamp;
use sqlx::{Connection, PgConnection};

use super::merge::{self, Filled, Task};
use super::part::Part;
use crate::{Error, Result};

/// Rows of one part set aside before the whole file is given up: more of them are no accident.
const MOST_REFUSED: usize = 50;

/// Stores a part. Within a transaction of the caller's it becomes a savepoint.
pub(super) async fn store(
    connection: &mut PgConnection,
    task: &Task,
    filled: &mut Filled,
    part: &Part,
    number: i32,
    now: Timestamp,
) -> Result<()> {
    let mut tries = 0;
    loop {
        match attempt(connection, task, filled, part, number, now, true).await {
            Err(Error::Database(error)) if tries < 3 && is_collision(&error) => tries += 1,
            Err(Error::Database(error)) if refuses_a_row(&error) => {
                tracing::warn!(%error, part = number, "the database refuses a row; looking for it");
                let sound =
                    Box::pin(without_refused(connection, task, filled, part, number, now, error)).await?;
                return attempt(connection, task, filled, &sound, number, now, true).await;
            }
            done => return done,
        }
    }
}

async fn attempt(
    connection: &mut PgConnection,
    task: &Task,
    filled: &mut Filled,
    part: &Part,
    number: i32,
    now: Timestamp,
    keep: bool,
) -> Result<()> {
    let mut tx = connection.begin().await?;
    settle_for_later(&mut tx, part).await?;
    let done = merge::part(&mut tx, task, filled, part, number, now).await;
    if keep && done.is_ok() {
        tx.commit().await?;
    } else {
        filled.forget();
        tx.rollback().await?;
    }
    done
}

/// What a crash of the server takes with it is read again; the last commit waits for the disk for all of them.
pub(super) async fn settle_for_later(tx: &mut PgConnection, part: &Part) -> Result<()> {
    if !part.last {
        sqlx::query("set local synchronous_commit = off").execute(tx).await?;
    }
    Ok(())
}

/// The part with the rows refused that the database does not take, found by halves.
async fn without_refused(
    connection: &mut PgConnection,
    task: &Task,
    filled: &mut Filled,
    part: &Part,
    number: i32,
    now: Timestamp,
    error: sqlx::Error,
) -> Result<Part> {
    let mut ranges: Vec<_> = std::iter::once(0..part.rows.len()).collect();
    let mut refused = Vec::new();
    while let Some(range) = ranges.pop() {
        let some = part.only(|index| range.contains(&index), "not_tried");
        match attempt(connection, task, filled, &some, number, now, false).await {
            Ok(()) => {}
            Err(Error::Database(found)) if refuses_a_row(&found) => {
                let middle = range.start + range.len() / 2;
                if range.len() <= 1 {
                    refused.push(range.start);
                } else {
                    ranges.extend([middle..range.end, range.start..middle]);
                }
            }
            Err(other) => return Err(other),
        }
        if refused.len() > MOST_REFUSED {
            return Err(Error::Database(error));
        }
    }
    Ok(part.only(|index| !refused.contains(&index), "refused_by_database"))
}

/// Somebody typed the same company or address in at the same moment.
fn is_collision(error: &sqlx::Error) -> bool {
    matches!(code(error).as_deref(), Some("23505" | "40001" | "40P01" | "23503"))
}

/// A value that a type, constraint or trigger does not take.
fn refuses_a_row(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| code.starts_with("22") || code.starts_with("23") || code == "P0001")
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned())
}

//! Records gone at the vendor: after a provably complete walk, what the walk did not see gets a tombstone.
//! Leaves the proof that the walk was complete to `sync`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use uuid::Uuid;

use super::RawTable;
use crate::Result;

/// More than this share of the records at once is taken for a fault until a person says otherwise.
const BRAKE: f64 = 0.05;

/// What the end of a walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bury {
    /// These records got a tombstone (none, most of the time).
    Done { keys: Vec<String> },
    /// Nothing was written: too many records would go at once.
    Braked { missing: u64, of: u64 },
}

/// Marks records of `table` that the walk did not see. `scope` is SQL over `t` that says which records the walk was
/// bound to show; `allow_many` is a person's word that more than 5 % may go.
pub async fn bury(
    connection: &mut PgConnection,
    table: &RawTable,
    scope: &str,
    walk_id: Uuid,
    walk_started_at: Timestamp,
    now: Timestamp,
    allow_many: bool,
) -> Result<Bury> {
    let fill = |sql: &str| {
        AssertSqlSafe(
            sql.replace("{table}", table.name).replace("{key}", table.key).replace("{scope}", scope),
        )
    };
    let row = sqlx::query(fill(include_str!("missing.sql")))
        .bind(walk_id)
        .bind(walk_started_at.to_sqlx())
        .fetch_one(&mut *connection)
        .await?;
    let keys: Vec<String> = row.try_get("missing_keys")?;
    let of = row.try_get::<i64, _>("live")?.unsigned_abs();
    let missing = keys.len() as u64;
    if !allow_many && missing as f64 > of as f64 * BRAKE {
        return Ok(Bury::Braked { missing, of });
    }
    if !keys.is_empty() {
        sqlx::query(fill(include_str!("bury.sql")))
            .bind(&keys)
            .bind(now.to_sqlx())
            .execute(connection)
            .await?;
    }
    Ok(Bury::Done { keys })
}

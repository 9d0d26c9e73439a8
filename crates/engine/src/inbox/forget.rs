//! Lets deliveries go whose records have stood in the raw tables for long: what the vendor said is kept there, with history.
//! What waits and what was set aside is never let go; nor are the raw tables.

use jiff::{SignedDuration, Timestamp};
use sqlx::PgPool;
use uuid::Uuid;

use crate::Result;

/// How long a delivery is kept after it was understood: long enough to look up what a vendor sent, and to refuse replays of
/// signed ones; a replay later than that finds its records there and changes nothing.
pub const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// How many in one transaction.
const PIECE: i64 = 5_000;

/// Lets those go that are older than [`KEPT`]; how many there were.
pub async fn forget(pool: &PgPool, now: Timestamp) -> Result<u64> {
    let until = now.checked_sub(KEPT).unwrap_or(Timestamp::UNIX_EPOCH);
    // Ids are UUIDv7: in the order of receipt, so that old ones stand at one end of the index.
    let milliseconds = u128::try_from(until.as_millisecond()).unwrap_or(0);
    let before = Uuid::from_u128(milliseconds << 80);
    let mut gone = 0;
    loop {
        let piece = sqlx::query(include_str!("forget.sql"))
            .bind(before)
            .bind(PIECE)
            .execute(pool)
            .await?
            .rows_affected();
        gone += piece;
        if piece < PIECE as u64 {
            return Ok(gone);
        }
    }
}

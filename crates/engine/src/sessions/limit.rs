//! How often a password may be tried: counted per account and per network address, in rows that are taken out again.
//! An attempt is counted before it is made, so that a hundred at once are a hundred.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use crate::connections::digest;
use crate::{Error, Result};

/// The window in which attempts are counted.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Failures an account may have; more than an address, so that one stranger does not lock somebody out so easily.
const PER_ACCOUNT: i32 = 30;
/// Failures an address may have.
const PER_ADDRESS: i32 = 10;

/// Counts an attempt, or refuses it. An address that tries too often is refused before it is counted against the account:
/// else one stranger could lock anybody out.
pub(super) async fn count(pool: &PgPool, account: &str, address: &str, now: Timestamp) -> Result<()> {
    for (kind, given, most) in [("address", address, PER_ADDRESS), ("account", account, PER_ACCOUNT)] {
        let (failed, seconds): (i32, i64) = sqlx::query_as(include_str!("count_attempt.sql"))
            .bind(kind)
            .bind(key(given))
            .bind(now.to_sqlx())
            .bind(now.checked_sub(WINDOW).unwrap_or(Timestamp::MIN).to_sqlx())
            .fetch_one(pool)
            .await?;
        if failed > most {
            let seconds = seconds.max(1);
            return Err(Error::TooOften {
                what: "too many sign-ins failed in a row".into(),
                hint: format!("try again in {} minutes", seconds.div_euclid(60) + 1),
                seconds,
            });
        }
    }
    Ok(())
}

/// Takes a count back: the attempt succeeded.
pub(super) async fn forgive(pool: &PgPool, account: &str, address: &str) -> Result<()> {
    sqlx::query(include_str!("forgive_attempt.sql"))
        .bind(vec!["account", "address"])
        .bind(vec![key(account), key(address)])
        .execute(pool)
        .await?;
    Ok(())
}

fn key(given: &str) -> Vec<u8> {
    digest(given.as_bytes()).to_vec()
}

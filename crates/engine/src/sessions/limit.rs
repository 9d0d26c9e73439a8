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

/// Counts an attempt, or refuses it.
pub(super) async fn count(pool: &PgPool, account: &str, address: &str, now: Timestamp) -> Result<()> {
    let began = now.checked_sub(WINDOW).unwrap_or(Timestamp::MIN);
    let counted: Vec<(String, i32, i64)> = sqlx::query_as(include_str!("count_attempt.sql"))
        .bind(["account", "address"])
        .bind(keys(account, address))
        .bind(now.to_sqlx())
        .bind(began.to_sqlx())
        .fetch_all(pool)
        .await?;
    let over = |(kind, failed, seconds): (String, i32, i64)| {
        let most = if kind == "account" { PER_ACCOUNT } else { PER_ADDRESS };
        (failed > most).then_some(seconds)
    };
    match counted.into_iter().filter_map(over).max() {
        None => Ok(()),
        Some(seconds) => Err(Error::TooOften {
            what: "too many sign-ins failed in a row".into(),
            hint: format!("try again in {} minutes", seconds.max(1).div_euclid(60) + 1),
            seconds: seconds.max(1),
        }),
    }
}

/// Takes a count back: the attempt succeeded.
pub(super) async fn forgive(pool: &PgPool, account: &str, address: &str) -> Result<()> {
    sqlx::query(include_str!("forgive_attempt.sql"))
        .bind(["account", "address"])
        .bind(keys(account, address))
        .execute(pool)
        .await?;
    Ok(())
}

fn keys(account: &str, address: &str) -> Vec<Vec<u8>> {
    [account, address].map(|key| digest(key.as_bytes()).to_vec()).into()
}

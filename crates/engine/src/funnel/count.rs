//! Keeps the sums: counts the days and people again whose events changed. Runs within a normalisation, so that one
//! counts at a time. Leaves what an event counts for to the view `touchline.counted_touches`.

use sqlx::PgConnection;

use crate::Result;
use crate::normalise::Written;

/// Counts again what changed since the last time.
pub(crate) async fn recount(tx: &mut PgConnection) -> Result<Vec<Written>> {
    let taken = sqlx::query(include_str!("take.sql")).execute(&mut *tx).await?.rows_affected();
    if taken == 0 {
        return Ok(Vec::new());
    }
    sqlx::query("analyze counted_again").execute(&mut *tx).await?;
    let people = sqlx::query(include_str!("people.sql")).execute(&mut *tx).await?.rows_affected();
    let touches = sqlx::query(include_str!("touches.sql")).execute(&mut *tx).await?.rows_affected();
    sqlx::query("truncate counted_again").execute(&mut *tx).await?;
    Ok(vec![
        Written { step: "funnel: people by stage and day", rows: people },
        Written { step: "funnel: touches by stage and day", rows: touches },
    ])
}

/// Puts everything on the list; the next count sees to it.
pub(crate) async fn count_everything_again(tx: &mut PgConnection) -> Result<()> {
    sqlx::query(include_str!("again.sql")).execute(tx).await?;
    Ok(())
}

/// Puts the sums of people right where they do not follow from who reached what.
pub(crate) async fn check_sums(tx: &mut PgConnection) -> Result<Written> {
    let rows: i64 = sqlx::query_scalar(include_str!("sums.sql")).fetch_one(tx).await?;
    Ok(Written { step: "funnel: sums of people", rows: rows.unsigned_abs() })
}

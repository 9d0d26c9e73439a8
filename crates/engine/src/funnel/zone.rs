//! The zone in which days begin for figures.

use jiff::Timestamp;
use serde_json::json;
use sqlx::PgPool;

use crate::{Error, Result, settings};

/// The zone figures are counted in; UTC unless set.
pub async fn time_zone(pool: &PgPool) -> Result<String> {
    Ok(sqlx::query_scalar("select touchline.time_zone()").fetch_one(pool).await?)
}

/// Every zone that can be chosen, by name.
pub async fn time_zones(pool: &PgPool) -> Result<Vec<String>> {
    let zones = "select name from pg_timezone_names
                  where name = 'UTC' or name ~ '^(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/'
                  order by name";
    Ok(sqlx::query_scalar(zones).fetch_all(pool).await?)
}

/// Counts every figure in another zone: all days are counted again by the next normalisation.
pub async fn set_time_zone(pool: &PgPool, zone: &str, now: Timestamp) -> Result<()> {
    let known: bool = sqlx::query_scalar("select exists (select from pg_timezone_names where name = $1)")
        .bind(zone)
        .fetch_one(pool)
        .await?;
    if !known {
        return Err(Error::invalid(
            format!("there is no time zone `{zone}`"),
            "name it like `Europe/Berlin` or `America/New_York`",
        ));
    }
    let mut tx = pool.begin().await?;
    settings::set(&mut *tx, settings::TIME_ZONE, &json!(zone), now).await?;
    super::count_everything_again(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

//! Facts about this database that outlive a process, by name. Leaves configuration to `app`.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::{PgExecutor, PgPool};

use crate::Result;

/// This database holds the demo's simulated workspace.
pub const DEMO: &str = "demo";

/// The zone in which days begin for figures.
pub const TIME_ZONE: &str = "time_zone";

/// A stop of one person stops everybody of the company, unless a campaign says otherwise.
pub const STOP_COMPANY: &str = "stop_company";

/// Whether a stop of one person stops everybody of the company.
pub async fn stops_company(pool: &PgPool) -> Result<bool> {
    Ok(get(pool, STOP_COMPANY).await? == Some(Value::Bool(true)))
}

/// The fact of that name, where it was ever set.
pub async fn get(pool: &PgPool, name: &str) -> Result<Option<Value>> {
    Ok(sqlx::query_scalar("select value from touchline.settings where name = $1")
        .bind(name)
        .fetch_optional(pool)
        .await?)
}

/// Sets a fact; again replaces it.
pub async fn set(connection: impl PgExecutor<'_>, name: &str, value: &Value, now: Timestamp) -> Result<()> {
    sqlx::query(
        "insert into touchline.settings (name, value, updated_at) values ($1, $2, $3)
         on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at",
    )
    .bind(name)
    .bind(value)
    .bind(jiff_sqlx::ToSqlx::to_sqlx(now))
    .execute(connection)
    .await?;
    Ok(())
}

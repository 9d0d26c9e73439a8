//! Facts about this database that outlive a process, by name. Leaves configuration to `app`.

use serde_json::Value;
use sqlx::{PgExecutor, PgPool};

use crate::Result;

/// This database holds the demo's simulated workspace.
pub const DEMO: &str = "demo";

/// The fact of that name, where it was ever set.
pub async fn get(pool: &PgPool, name: &str) -> Result<Option<Value>> {
    Ok(sqlx::query_scalar("select value from touchline.settings where name = $1")
        .bind(name)
        .fetch_optional(pool)
        .await?)
}

/// Sets a fact; again replaces it.
pub async fn set(connection: impl PgExecutor<'_>, name: &str, value: &Value) -> Result<()> {
    sqlx::query(
        "insert into touchline.settings (name, value) values ($1, $2)
         on conflict (name) do update set value = excluded.value, updated_at = now()",
    )
    .bind(name)
    .bind(value)
    .execute(connection)
    .await?;
    Ok(())
}

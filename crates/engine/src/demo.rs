//! A database that holds the demo: simulated data must not mix with real data. Leaves the simulator to `app`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::settings;
use crate::{Error, Result};

/// When the demo's world began, where this database holds the demo.
pub async fn began_at(pool: &PgPool) -> Result<Option<Timestamp>> {
    let value = settings::get(pool, settings::DEMO).await?;
    Ok(value.and_then(|value| value.get("began_at")?.as_str()?.parse().ok()))
}

/// Marks the database as the demo's. Refuses one that holds other data, unless a person says it may; such a database
/// is never emptied by us.
pub async fn mark(pool: &PgPool, began_at: Timestamp, into_existing: bool) -> Result<()> {
    let holds_data: bool = sqlx::query_scalar(include_str!("demo/holds_data.sql")).fetch_one(pool).await?;
    if holds_data && !into_existing {
        return Err(Error::conflict(
            "this database holds data already, and the demo would mix simulated people into it",
            "point DATABASE_URL at an empty database, or unset it; `touchline demo --into-existing` mixes all the same",
        ));
    }
    let value: Value = json!({ "began_at": began_at.to_string(), "alone": !holds_data });
    settings::set(pool, settings::DEMO, &value, began_at).await
}

/// Refuses a real sync into the demo's database.
pub async fn refuse_real_data(pool: &PgPool) -> Result<()> {
    if began_at(pool).await?.is_none() {
        return Ok(());
    }
    Err(Error::conflict(
        "this database holds the demo, and real data would mix with simulated people",
        "point DATABASE_URL at another database, or empty this one with `touchline demo --clear`",
    ))
}

/// Empties the demo's database. Refuses one that does not hold the demo, or in which the demo was mixed into other
/// data.
pub async fn clear(pool: &PgPool) -> Result<()> {
    let Some(mark) = settings::get(pool, settings::DEMO).await? else {
        return Err(Error::conflict(
            "this database does not hold the demo, so nothing was emptied",
            "drop it with your database's own tools if you mean to",
        ));
    };
    if mark.get("alone") != Some(&Value::Bool(true)) {
        return Err(Error::conflict(
            "the demo was mixed into other data here, so nothing was emptied",
            "go on with an empty database, and take what you need over with pg_dump",
        ));
    }
    sqlx::raw_sql(include_str!("demo/clear.sql")).execute(pool).await?;
    Ok(())
}

/// Sets up around the mirrored campaigns what a team would have: offers, and the channels beside the mail. Once.
pub async fn furnish(pool: &PgPool, vapi_campaign_id: Option<&str>, now: Timestamp) -> Result<()> {
    sqlx::query(include_str!("demo/furnish.sql"))
        .bind(now.to_sqlx())
        .bind(vapi_campaign_id)
        .execute(pool)
        .await?;
    Ok(())
}

/// A touch that became known just now.
#[derive(Debug, Clone, Serialize)]
pub struct Arrival {
    pub id: Uuid,
    /// When it was last written; the next look begins here.
    pub known_at: Timestamp,
    pub event_timestamp: Timestamp,
    pub event_source: String,
    pub event_type: String,
    /// Null: nobody is known by the address.
    pub lead_name: Option<String>,
    pub lead_email: Option<String>,
    pub contact_address: Option<String>,
    pub campaign_name: Option<String>,
    pub call_outcome: Option<String>,
    pub words: Option<String>,
}

/// What happened since an instant and became known after another, oldest first.
pub async fn arrivals(pool: &PgPool, since: Timestamp, after: Timestamp, limit: i64) -> Result<Vec<Arrival>> {
    let rows = sqlx::query(include_str!("demo/arrivals.sql"))
        .bind(after.to_sqlx())
        .bind(limit)
        .bind(since.to_sqlx())
        .fetch_all(pool)
        .await?;
    rows.into_iter()
        .map(|row| {
            let instant = |name: &str| -> Result<Timestamp> {
                Ok(row.try_get::<jiff_sqlx::Timestamp, _>(name)?.to_jiff())
            };
            Ok(Arrival {
                id: row.try_get("id")?,
                known_at: instant("known_at")?,
                event_timestamp: instant("event_timestamp")?,
                event_source: row.try_get("event_source")?,
                event_type: row.try_get("event_type")?,
                lead_name: row.try_get("lead_name")?,
                lead_email: row.try_get("lead_email")?,
                contact_address: row.try_get("contact_address")?,
                campaign_name: row.try_get("campaign_name")?,
                call_outcome: row.try_get("call_outcome")?,
                words: row.try_get("words")?,
            })
        })
        .collect()
}

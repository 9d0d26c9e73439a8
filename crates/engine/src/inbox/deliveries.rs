//! Deliveries for people: which were set aside and why, one as it came, and trying again after an upgrade.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::{Error, Result};

/// A delivery without its body.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DeliveryHead {
    pub id: Uuid,
    pub connection_id: Uuid,
    /// What people call the connection.
    pub label: Option<String>,
    pub source: String,
    pub provider: String,
    /// As the address names it, else the body.
    pub event: Option<String>,
    pub received_at: Timestamp,
    /// waiting, understood, set_aside
    pub state: String,
    pub reason: Option<String>,
    pub attempts: i32,
    pub bytes: i32,
}

/// A delivery as it came.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DeliveryWhole {
    #[serde(flatten)]
    pub head: DeliveryHead,
    pub headers: Value,
    /// As text; bytes that are none are replaced.
    pub body: String,
    pub settled_at: Option<Timestamp>,
}

/// What waits and what was set aside.
#[derive(Debug, Clone, Serialize)]
pub struct Overview {
    pub waiting: i64,
    /// By source and reason, most first.
    pub set_aside: Vec<SetAside>,
}

/// Deliveries that were set aside for one reason.
#[derive(Debug, Clone, Serialize)]
pub struct SetAside {
    pub source: String,
    pub reason: String,
    pub deliveries: i64,
    pub last_received_at: Timestamp,
}

/// Deliveries, newest first; of one state only, where one is named.
pub async fn list(
    pool: &PgPool,
    state: Option<&str>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<DeliveryHead>> {
    let rows = sqlx::query(include_str!("list.sql"))
        .bind(state)
        .bind(limit.max(0))
        .bind(after)
        .fetch_all(pool)
        .await?;
    let named = |row: &PgRow| {
        let mut one = head(row)?;
        one.event = one.event.or(row.try_get::<Option<&[u8]>, _>("names_it")?.and_then(event_in));
        Ok(one)
    };
    rows.iter().map(named).collect()
}

/// What a body calls its event, under the keys that are usual for it.
fn event_in(body: &[u8]) -> Option<String> {
    const KEYS: [&str; 6] = ["/event_type", "/eventType", "/event", "/hook/event", "/message/type", "/type"];
    let body: Value = serde_json::from_slice(body).ok()?;
    let one = body.get(0).unwrap_or(&body);
    let name = KEYS.iter().find_map(|key| one.pointer(key)?.as_str())?.trim();
    Some(crate::words::excerpt(name, 60)).filter(|name| !name.is_empty())
}

/// One delivery, by its id or the end of it (ids of one moment begin alike).
pub async fn show(pool: &PgPool, id: &str) -> Result<DeliveryWhole> {
    let named = id.trim().to_ascii_lowercase();
    let rows = sqlx::query(include_str!("show.sql")).bind(&named).fetch_all(pool).await?;
    let [row] = rows.as_slice() else {
        return Err(match rows.len() {
            0 => Error::not_found(
                format!("there is no delivery `{id}`"),
                "`touchline deliveries list` shows them",
            ),
            _ => Error::invalid(format!("more than one delivery ends in `{id}`"), "give its whole id"),
        });
    };
    let body: &[u8] = row.try_get("body")?;
    let mut head = head(row)?;
    head.event = head.event.or_else(|| event_in(body));
    Ok(DeliveryWhole {
        head,
        headers: row.try_get("headers")?,
        body: String::from_utf8_lossy(body).into_owned(),
        settled_at: row.try_get::<Option<jiff_sqlx::Timestamp>, _>("settled_at")?.map(|at| at.to_jiff()),
    })
}

/// Puts deliveries that were set aside back into the queue: all, or one. Returns how many.
pub async fn retry(pool: &PgPool, id: Option<&str>) -> Result<u64> {
    let one = match id {
        Some(id) => Some(show(pool, id).await?.head.id),
        None => None,
    };
    let put_back = sqlx::query(include_str!("retry.sql")).bind(one).execute(pool).await?;
    Ok(put_back.rows_affected())
}

/// What waits and what was set aside.
pub async fn overview(pool: &PgPool) -> Result<Overview> {
    let waiting = sqlx::query_scalar("select count(*) from touchline.deliveries where state = 'waiting'")
        .fetch_one(pool)
        .await?;
    let rows = sqlx::query(include_str!("set_aside.sql")).fetch_all(pool).await?;
    let set_aside = rows
        .into_iter()
        .map(|row| {
            Ok(SetAside {
                source: row.try_get("source")?,
                reason: row.try_get("reason")?,
                deliveries: row.try_get("deliveries")?,
                last_received_at: row.try_get::<jiff_sqlx::Timestamp, _>("last_received_at")?.to_jiff(),
            })
        })
        .collect::<Result<_>>()?;
    Ok(Overview { waiting, set_aside })
}

fn head(row: &PgRow) -> Result<DeliveryHead> {
    Ok(DeliveryHead {
        id: row.try_get("id")?,
        connection_id: row.try_get("connection_id")?,
        label: row.try_get("label")?,
        source: row.try_get("source")?,
        provider: row.try_get("provider")?,
        event: row.try_get("event")?,
        received_at: row.try_get::<jiff_sqlx::Timestamp, _>("received_at")?.to_jiff(),
        state: row.try_get("state")?,
        reason: row.try_get("reason")?,
        attempts: row.try_get("attempts")?,
        bytes: row.try_get("bytes")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_called_what_its_body_calls_it() {
        let named = |body: &str| event_in(body.as_bytes());
        assert_eq!(named(r#"{"event_type":"follow_sent"}"#).as_deref(), Some("follow_sent"));
        assert_eq!(named(r#"[{"event":"message_replied"}]"#).as_deref(), Some("message_replied"));
        assert_eq!(
            named(r#"{"message":{"type":"end-of-call-report"}}"#).as_deref(),
            Some("end-of-call-report")
        );
        assert_eq!(named(r#"{"event":7}"#), None);
        assert_eq!(named("no JSON"), None);
    }
}

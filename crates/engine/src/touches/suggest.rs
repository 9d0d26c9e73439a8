//! Who an unknown sender might be: the same address written elsewhere, a thread they are in, their name at the company's
//! domain.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::Result;

/// A person whom an unknown sender might be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Suggested {
    pub lead_id: Uuid,
    pub full_name: Option<String>,
    pub email: Option<String>,
    pub company_name: Option<String>,
    /// Why, in words.
    pub why: String,
}

/// Who the sender of an event might be, the likeliest first.
pub async fn suggest(pool: &PgPool, event_id: Uuid) -> Result<Vec<Suggested>> {
    Ok(suggest_all(pool, &[event_id]).await?.remove(&event_id).unwrap_or_default())
}

/// The same for several events, at most three people each.
pub async fn suggest_all(pool: &PgPool, events: &[Uuid]) -> Result<HashMap<Uuid, Vec<Suggested>>> {
    let mut found: HashMap<Uuid, Vec<Suggested>> = HashMap::new();
    for row in sqlx::query(include_str!("suggest.sql")).bind(events).fetch_all(pool).await? {
        found.entry(row.try_get("event_id")?).or_default().push(Suggested {
            lead_id: row.try_get("lead_id")?,
            full_name: row.try_get("full_name")?,
            email: row.try_get("email")?,
            company_name: row.try_get("company_name")?,
            why: row.try_get("why")?,
        });
    }
    Ok(found)
}

//! What a person types to get somewhere: people, companies and campaigns that begin so. Leaves pages and actions to the
//! palette.

use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::filter::{Filter, Sort, begins};
use crate::Result;

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Hit {
    /// lead, company, campaign.
    pub kind: String,
    pub id: Uuid,
    pub label: String,
    /// Company of a person, industry of a company, state of a campaign.
    pub hint: Option<String>,
}

/// A handful of each kind.
pub async fn search(pool: &PgPool, text: &str, limit: i64, now: jiff::Timestamp) -> Result<Vec<Hit>> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(include_str!("search.sql"))
        .bind(begins(&text))
        .bind(limit)
        .persistent(false)
        .fetch_all(pool)
        .await?;
    let mut hits = Vec::new();
    // Several words: people by each of them.
    if text.contains(' ') {
        let filter = Filter { search: Some(text), ..Filter::default() };
        for lead in super::list(pool, &filter, Sort::LastTouch, None, limit, now).await?.leads {
            let label = lead.name().or(lead.email).unwrap_or_else(|| "(no name)".into());
            let hint = lead.company_name.or(lead.company_domain);
            hits.push(Hit { kind: "lead".into(), id: lead.id, label, hint });
        }
    }
    for row in rows {
        let (label, address): (Option<String>, String) = (row.try_get("label")?, row.try_get("address")?);
        let label = label.unwrap_or(address);
        let hit =
            Hit { kind: row.try_get("kind")?, id: row.try_get("id")?, label, hint: row.try_get("hint")? };
        if !hits.iter().any(|known: &Hit| known.id == hit.id) {
            hits.push(hit);
        }
    }
    Ok(hits)
}

//! The words of a campaign's steps, as the vendor holds them, and what each step did.

use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::Result;

/// One step of a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Step {
    /// From 1.
    pub sequence_step: i32,
    /// Days after the step before, by the vendor's configuration.
    pub delay_days: Option<i32>,
    pub variants: Vec<Variant>,
    /// Touches of this step, and human answers to it, as the funnel counts them.
    pub contacted: i64,
    pub answered: i64,
}

/// One wording of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Variant {
    /// A, B, …
    pub letter: String,
    pub subject: Option<String>,
    /// HTML, as the vendor holds it; outside text.
    pub body: Option<String>,
    pub is_off: bool,
}

/// Steps of a campaign that is linked to an Instantly campaign; empty where it is not, or has none.
pub async fn steps(pool: &PgPool, campaign_id: Uuid) -> Result<Vec<Step>> {
    let rows = sqlx::query(include_str!("steps.sql")).bind(campaign_id).fetch_all(pool).await?;
    let mut steps: Vec<Step> = Vec::new();
    for row in rows {
        let sequence_step: i32 = row.try_get("sequence_step")?;
        if steps.last().is_none_or(|step| step.sequence_step != sequence_step) {
            steps.push(Step {
                sequence_step,
                delay_days: row.try_get("delay_days")?,
                variants: Vec::new(),
                contacted: row.try_get("contacted")?,
                answered: row.try_get("answered")?,
            });
        }
        let place: Option<i32> = row.try_get("variant_place")?;
        if let (Some(place), Some(step)) = (place, steps.last_mut()) {
            let letter =
                u8::try_from(place).ok().filter(|place| *place < 26).map(|place| char::from(b'A' + place));
            step.variants.push(Variant {
                letter: letter.map_or_else(|| (place + 1).to_string(), String::from),
                subject: row.try_get("subject")?,
                body: row.try_get("body")?,
                is_off: row.try_get("is_off")?,
            });
        }
    }
    Ok(steps)
}

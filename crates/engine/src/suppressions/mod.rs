//! Who must not be contacted: one list over all channels, and the gate that every send passes. Anything may add to it;
//! only a person takes something off. Leaves which events do so to `states`.

mod add;
pub mod gate;
mod list;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

pub use add::{Ask, suppress};
pub use list::{Asked, Page, WhyNot, lift, list, why_not};
pub(crate) use list::{by_event, lift_with_event};

use crate::Result;

/// On which channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SuppressedChannel)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    All,
    Email,
    Call,
    Linkedin,
}

impl Channel {
    pub const ALL: &[Self] = &[Self::All, Self::Email, Self::Call, Self::Linkedin];

    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Email => "email",
            Self::Call => "call",
            Self::Linkedin => "linkedin",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|channel| channel.word() == word)
    }
}

/// Someone, or an address, that must not be contacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Suppression {
    pub id: Uuid,
    pub lead_id: Option<Uuid>,
    pub full_name: Option<String>,
    pub contact_kind: Option<String>,
    pub contact_address: Option<String>,
    pub company_id: Option<Uuid>,
    pub company_name: Option<String>,
    pub channel: String,
    pub reason: String,
    pub scope: String,
    pub evidence_event_id: Option<Uuid>,
    pub note: Option<String>,
    pub source: String,
    pub performed_by: Option<Uuid>,
    pub suppressed_at: Timestamp,
    /// Null: it holds.
    pub lifted_at: Option<Timestamp>,
    pub lifted_by: Option<Uuid>,
    pub lifted_why: Option<String>,
}

impl Suppression {
    /// Name, address or company: whom it is about.
    pub fn who(&self) -> String {
        let by_name = if self.scope == "company" { &self.company_name } else { &self.full_name };
        match (by_name, &self.contact_address) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (Some(name), None) => name.clone(),
            (None, Some(address)) => address.clone(),
            (None, None) => self.lead_id.map_or_else(|| "(erased)".into(), |id| id.to_string()),
        }
    }
}

fn read(row: &PgRow) -> Result<Suppression> {
    Ok(Suppression {
        id: row.try_get("id")?,
        lead_id: row.try_get("lead_id")?,
        full_name: row.try_get("full_name")?,
        contact_kind: row.try_get("contact_kind")?,
        contact_address: row.try_get("contact_address")?,
        company_id: row.try_get("company_id")?,
        company_name: row.try_get("company_name")?,
        channel: row.try_get("channel")?,
        reason: row.try_get("reason")?,
        scope: row.try_get("scope")?,
        evidence_event_id: row.try_get("evidence_event_id")?,
        note: row.try_get("note")?,
        source: row.try_get("source")?,
        performed_by: row.try_get("performed_by")?,
        suppressed_at: row.try_get::<jiff_sqlx::Timestamp, _>("suppressed_at")?.to_jiff(),
        lifted_at: row.try_get::<Option<jiff_sqlx::Timestamp>, _>("lifted_at")?.map(|at| at.to_jiff()),
        lifted_by: row.try_get("lifted_by")?,
        lifted_why: row.try_get("lifted_why")?,
    })
}

/// Those of a list of ids, newest first.
async fn by_ids(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Suppression>> {
    let rows = sqlx::query(include_str!("by_ids.sql")).bind(ids).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

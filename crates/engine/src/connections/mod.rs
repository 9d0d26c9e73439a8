//! Who may send us webhook deliveries: addresses that were given out, and the secrets that prove a sender.
//! Leaves receiving to `inbox`, HTTP to `web`, and what a delivery means to the sources.

mod heal;
mod hmac;
mod kinds;
mod known;
mod manage;
mod paste;
mod proof;
mod seal;
mod secret;
mod trial;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

pub use heal::{Healed, heal, resume};
pub use hmac::{Algorithm, Encoding, Hmac, Signed};
pub use kinds::{KINDS, Kind};
pub use known::{Known, KnownConnection};
pub use manage::{New, add, remove, rotate, set_webhook};
pub use paste::{Issued, Setting};
pub use proof::{Proof, Unproven};
pub use seal::{Keys, SealKey};
pub use secret::Secret;
pub(crate) use secret::digest;
pub use trial::{Tested, test};

use crate::{Error, Result};

/// An address that was given out to a vendor.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Connection {
    pub id: Uuid,
    pub source: String,
    /// The tool behind the source where it stands for several; empty: none is named.
    pub provider: String,
    pub label: String,
    pub proof: Proof,
    /// The vendor's id of the webhook, where we made it there.
    pub webhook_id: Option<String>,
    /// How that webhook stood when we last looked: active, disabled, missing.
    pub webhook_state: Option<String>,
    pub webhook_checked_at: Option<Timestamp>,
    /// When we last switched it on again after the vendor had switched it off.
    pub webhook_resumed_at: Option<Timestamp>,
    /// When the newest delivery that has been worked through came.
    pub last_delivery_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// Until when the secrets before the last change are accepted, too.
    pub rotating_until: Option<Timestamp>,
    /// Deliveries that are not worked through yet.
    pub waiting: i64,
    pub set_aside: i64,
}

/// Live connections, oldest first.
pub async fn list(pool: &PgPool, now: Timestamp) -> Result<Vec<Connection>> {
    let rows =
        sqlx::query(include_str!("list.sql")).bind(jiff_sqlx::ToSqlx::to_sqlx(now)).fetch_all(pool).await?;
    rows.into_iter()
        .map(|row| {
            let instant = |name: &str| -> Result<Option<Timestamp>> {
                Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
            };
            let sqlx::types::Json(proof) = row.try_get("proof")?;
            Ok(Connection {
                id: row.try_get("id")?,
                source: row.try_get("source")?,
                provider: row.try_get("provider")?,
                label: row.try_get("label")?,
                proof,
                webhook_id: row.try_get("webhook_id")?,
                webhook_state: row.try_get("webhook_state")?,
                webhook_checked_at: instant("webhook_checked_at")?,
                webhook_resumed_at: instant("webhook_resumed_at")?,
                last_delivery_at: instant("last_delivery_at")?,
                created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
                rotating_until: instant("rotating_until")?,
                waiting: row.try_get("waiting")?,
                set_aside: row.try_get("set_aside")?,
            })
        })
        .collect()
}

/// The live connection of that id, of an id that begins so, or of that label.
pub async fn find(pool: &PgPool, named: &str, now: Timestamp) -> Result<Connection> {
    let named = named.trim();
    let live = list(pool, now).await?;
    let mut found: Vec<Connection> = live
        .into_iter()
        .filter(|one| one.label == named || (!named.is_empty() && one.id.to_string().starts_with(named)))
        .collect();
    match (found.len(), found.pop()) {
        (1, Some(one)) => Ok(one),
        (0, _) => Err(Error::not_found(
            format!("there is no connection `{named}`"),
            "`touchline connections list` shows them",
        )),
        _ => Err(Error::invalid(
            format!("more than one connection is meant by `{named}`"),
            "give more of its id; `touchline connections list` shows them",
        )),
    }
}

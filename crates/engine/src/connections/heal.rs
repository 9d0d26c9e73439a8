//! Looks after the webhooks at a vendor: one that it switched off is switched on again, one that is not there any more is
//! told. Leaves fetching what was missed meanwhile to the streams.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::secret::digest;
use super::{Connection, list};
use crate::source::{Source, Webhook};
use crate::sync::problem::{self, Found};
use crate::{Error, Result};

/// How a connection's webhooks stand at the vendor.
#[derive(Debug, Clone, Serialize)]
pub struct Healed {
    pub connection_id: Uuid,
    pub label: String,
    /// The vendor's ids of those that lead to us.
    pub webhook_ids: Vec<String>,
    /// active, disabled, missing; null: none was ever made there that we know of.
    pub webhook_state: Option<&'static str>,
    /// How many were switched on again just now.
    pub resumed: usize,
    /// Why one could not be.
    pub reason: Option<String>,
}

/// Looks at every live connection of a source. Nothing is said of a source that cannot be asked.
pub async fn heal(pool: &PgPool, source: &dyn Source, now: Timestamp) -> Result<Vec<Healed>> {
    let ours: Vec<Connection> =
        list(pool, now).await?.into_iter().filter(|one| one.source == source.name()).collect();
    look_after(pool, source, ours, now).await
}

/// Looks at one connection, for a person who asks.
pub async fn resume(pool: &PgPool, source: &dyn Source, named: &str, now: Timestamp) -> Result<Healed> {
    let connection = super::find(pool, named, now).await?;
    if connection.source != source.name() {
        return Err(Error::invalid(
            format!(
                "`{}` is a connection of {}, whose webhooks cannot be asked for",
                connection.label, connection.source
            ),
            "look at it in that tool's own settings",
        ));
    }
    let label = connection.label.clone();
    let healed = look_after(pool, source, vec![connection], now).await?.pop();
    match healed {
        Some(healed) if healed.reason.is_some() => Err(Error::conflict(
            format!("`{label}` could not be resumed: {}", healed.reason.unwrap_or_default()),
            "resume it in the vendor's own settings, or give the key the right to (webhooks:update)",
        )),
        Some(healed) if healed.webhook_state.is_some_and(|state| state != "missing") => Ok(healed),
        _ => Err(Error::not_found(
            format!("the vendor has no webhook that leads to `{label}`"),
            format!(
                "`touchline connections rotate {label}` gives an address to paste there, `touchline connections add {} \
                 --create` makes a webhook by API",
                source.name()
            ),
        )),
    }
}

async fn look_after(
    pool: &PgPool,
    source: &dyn Source,
    ours: Vec<Connection>,
    now: Timestamp,
) -> Result<Vec<Healed>> {
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let Some(there) = source.webhooks().await? else { return Ok(Vec::new()) };
    let owners = owners(pool, now).await?;
    let mut all = Vec::with_capacity(ours.len());
    for connection in ours {
        let leads_here = |webhook: &&Webhook| {
            connection.webhook_id.as_deref() == Some(&webhook.id)
                || secret_in(&webhook.target_url, source.name())
                    .and_then(|secret| owners.get(&digest(secret.as_bytes())))
                    == Some(&connection.id)
        };
        let mine: Vec<&Webhook> = there.iter().filter(leads_here).collect();
        let mut healed = Healed {
            connection_id: connection.id,
            label: connection.label,
            webhook_ids: mine.iter().map(|webhook| webhook.id.clone()).collect(),
            webhook_state: (!mine.is_empty()).then_some("active"),
            resumed: 0,
            reason: None,
        };
        let mut told: Vec<(&str, String)> = Vec::new();
        for webhook in mine.iter().filter(|webhook| webhook.is_disabled) {
            match source.resume_webhook(&webhook.id).await {
                Ok(resumed) if !resumed.is_disabled => {
                    healed.resumed += 1;
                    told.push((
                        "webhook_resumed",
                        format!(
                            "webhook {} had been switched off after delivery failures; it is on again",
                            webhook.id
                        ),
                    ));
                }
                outcome => {
                    let why = outcome.map_or_else(|error| error.to_string(), |_| "it stayed off".into());
                    told.push(("webhook_disabled", format!("webhook {} is switched off: {why}", webhook.id)));
                    healed.webhook_state = Some("disabled");
                    healed.reason = Some(why);
                }
            }
        }
        if let (None, Some(lost)) = (healed.webhook_state, &connection.webhook_id) {
            healed.webhook_state = Some("missing");
            told.push((
                "webhook_missing",
                format!("webhook {lost} is not there any more; nothing is delivered"),
            ));
        }
        for (kind, detail) in &told {
            tracing::warn!(source = source.name(), kind, detail, "a webhook needed care");
        }
        keep(pool, source.name(), &healed, &told, now).await?;
        all.push(healed);
    }
    Ok(all)
}

/// Writes how it stands, and what needs a look.
async fn keep(
    pool: &PgPool,
    source: &str,
    healed: &Healed,
    told: &[(&str, String)],
    now: Timestamp,
) -> Result<()> {
    let mut tx = pool.begin().await?;
    sqlx::query(include_str!("healed.sql"))
        .bind(healed.connection_id)
        .bind(healed.webhook_state)
        .bind(healed.webhook_ids.first())
        .bind(healed.resumed > 0)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    for (kind, detail) in told {
        let found = Found { source, stream: "webhooks", kind, detail, payload: None, occurrences: 1 };
        problem::note(&mut tx, found, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Whose address it is, by the digest of the secret in it.
async fn owners(pool: &PgPool, now: Timestamp) -> Result<HashMap<[u8; 32], Uuid>> {
    let rows = sqlx::query(include_str!("known.sql")).bind(now.to_sqlx()).fetch_all(pool).await?;
    let mut owners = HashMap::new();
    for row in rows {
        if row.try_get::<&str, _>("kind")? == "path"
            && let Ok(sha256) = <[u8; 32]>::try_from(row.try_get::<&[u8], _>("sha256")?)
        {
            owners.insert(sha256, row.try_get("id")?);
        }
    }
    Ok(owners)
}

/// The secret in an address of ours.
fn secret_in<'a>(url: &'a str, source: &str) -> Option<&'a str> {
    let rest = url.split_once(&format!("/hooks/{source}/"))?.1;
    rest.split(['/', '?', '#']).next().filter(|secret| !secret.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_an_address_is_found_whatever_stands_around_it() {
        assert_eq!(
            secret_in("https://h.example.com/in/hooks/instantly/abc/sent?x=1", "instantly"),
            Some("abc")
        );
        assert_eq!(secret_in("https://h.example.com/hooks/instantly/abc", "instantly"), Some("abc"));
        assert_eq!(secret_in("https://h.example.com/hooks/instantly/", "instantly"), None);
        assert_eq!(secret_in("https://h.example.com/hooks/vapi/abc", "instantly"), None);
    }
}

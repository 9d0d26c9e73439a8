//! Who an unknown sender is: an event and everything from its address, now and later, becomes a lead's.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use super::follow::{self, Followed};
use super::who::{self, Named, Person};
use crate::identity::domain;
use crate::{Error, Result};

/// What linking did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Linked {
    pub event_id: Uuid,
    pub lead: Person,
    /// The lead was made for it.
    pub is_new_lead: bool,
    /// It was that lead's already; nothing was done.
    pub was_linked: bool,
    pub contact_kind: String,
    /// Null: the event names no address, so that nothing else follows it.
    pub contact_address: Option<String>,
    /// Events that found their person by it, this one included.
    pub events: i64,
    #[serde(flatten)]
    pub followed: Followed,
}

/// What unlinking did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Unlinked {
    pub event_id: Uuid,
    pub lead_id: Option<Uuid>,
    /// Nobody had linked it; nothing was done.
    pub was_unlinked: bool,
    pub events: i64,
}

struct Sender {
    lead_id: Option<Uuid>,
    kind: String,
    address: Option<String>,
}

/// Links an event to a lead that is known.
pub async fn link(pool: &PgPool, event_id: Uuid, who: &str, now: Timestamp) -> Result<Linked> {
    let mut tx = pool.begin().await?;
    follow::begin(&mut tx).await?;
    let lead = who::find(&mut tx, who).await?;
    let linked = join(&mut tx, event_id, lead, false, now).await?;
    tx.commit().await?;
    Ok(linked)
}

/// Links an event to a new lead, who is known by its address alone.
pub async fn link_new(pool: &PgPool, event_id: Uuid, now: Timestamp) -> Result<Linked> {
    let mut tx = pool.begin().await?;
    follow::begin(&mut tx).await?;
    let sender = sender(&mut tx, event_id).await?;
    if let Some(known) = sender.lead_id {
        let lead = person(&mut tx, known).await?;
        return join(&mut tx, event_id, lead, false, now).await;
    }
    let Some(address) = &sender.address else {
        return Err(Error::conflict(
            "the event names no address, so that a new lead would be nobody",
            format!("link it to somebody who is known: `touchline link {event_id} LEAD`"),
        ));
    };
    let company =
        (sender.kind == "email").then(|| domain::company_domain(None, Some(address)).domain).flatten();
    let id: Uuid = sqlx::query_scalar(include_str!("new_lead.sql"))
        .bind(&sender.kind)
        .bind(address)
        .bind(company)
        .bind(now.to_sqlx())
        .fetch_one(&mut *tx)
        .await?;
    let lead = person(&mut tx, id).await?;
    let linked = join(&mut tx, event_id, lead, true, now).await?;
    tx.commit().await?;
    Ok(linked)
}

async fn join(
    tx: &mut PgConnection,
    event_id: Uuid,
    lead: Person,
    is_new_lead: bool,
    now: Timestamp,
) -> Result<Linked> {
    let sender = sender(tx, event_id).await?;
    if let Some(other) = sender.lead_id.filter(|known| *known != lead.lead_id) {
        let other = person(tx, other).await?;
        return Err(Error::conflict(
            format!("the event is {}'s", other.who()),
            format!("take that back first: `touchline unlink {event_id}`"),
        ));
    }
    let was_linked = sender.lead_id.is_some();
    let mut events = 0;
    if !was_linked {
        if let Some(address) = &sender.address {
            owned_by_nobody_else(tx, &sender.kind, address, &lead).await?;
            sqlx::query(
                "insert into lead_identities (identity_kind, identity_value, lead_id, linked_by_event, created_at)
                 values ($1, $2, $3, $4, $5) on conflict do nothing",
            )
            .bind(&sender.kind)
            .bind(address)
            .bind(lead.lead_id)
            .bind(event_id)
            .bind(now.to_sqlx())
            .execute(&mut *tx)
            .await?;
        }
        events = sqlx::query(include_str!("link.sql"))
            .bind(event_id)
            .bind(lead.lead_id)
            .bind(&sender.kind)
            .bind(&sender.address)
            .bind(now.to_sqlx())
            .execute(&mut *tx)
            .await?
            .rows_affected() as i64;
        follow::fold(tx, &[lead.lead_id], now).await?;
    }
    let followed = follow::of(tx, event_id).await?;
    Ok(Linked {
        event_id,
        lead,
        is_new_lead,
        was_linked,
        contact_kind: sender.kind,
        contact_address: sender.address,
        events,
        followed,
    })
}

/// Takes a link back: the address is nobody's again, and what came from it waits for its person.
pub async fn unlink(pool: &PgPool, event_id: Uuid, now: Timestamp) -> Result<Unlinked> {
    let mut tx = pool.begin().await?;
    follow::begin(&mut tx).await?;
    let sender = sender(&mut tx, event_id).await?;
    let Some(lead_id) = sender.lead_id else {
        return Ok(Unlinked { event_id, lead_id: None, was_unlinked: true, events: 0 });
    };
    if let Some(address) = &sender.address {
        let gone = sqlx::query(
            "delete from lead_identities where identity_kind = $1 and identity_value = $2 and lead_id = $3 and linked_by_event is not null",
        )
        .bind(&sender.kind)
        .bind(address)
        .bind(lead_id)
        .execute(&mut *tx)
        .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::conflict(
                format!("`{address}` is the lead's own address: nobody linked it by hand"),
                "what a vendor or a list says of a person is corrected there",
            ));
        }
    }
    let events = sqlx::query(include_str!("unlink.sql"))
        .bind(event_id)
        .bind(lead_id)
        .bind(&sender.kind)
        .bind(&sender.address)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?
        .rows_affected() as i64;
    follow::fold(&mut tx, &[lead_id], now).await?;
    tx.commit().await?;
    Ok(Unlinked { event_id, lead_id: Some(lead_id), was_unlinked: false, events })
}

async fn sender(tx: &mut PgConnection, event_id: Uuid) -> Result<Sender> {
    let row = sqlx::query("select lead_id, contact_kind, contact_address from events where id = $1")
        .bind(event_id)
        .fetch_optional(tx)
        .await?;
    let Some(row) = row else {
        return Err(Error::not_found(
            format!("there is no event `{event_id}`"),
            "`touchline replies --unmatched --json` shows the id of each",
        ));
    };
    Ok(Sender {
        lead_id: row.try_get("lead_id")?,
        kind: row.try_get("contact_kind")?,
        address: row.try_get("contact_address")?,
    })
}

async fn person(tx: &mut PgConnection, id: Uuid) -> Result<Person> {
    let found = who::known_by(tx, &Named::Lead(id)).await?.into_iter().next();
    found
        .ok_or_else(|| Error::not_found(format!("there is no lead `{id}`"), "it may have been removed since"))
}

async fn owned_by_nobody_else(tx: &mut PgConnection, kind: &str, address: &str, lead: &Person) -> Result<()> {
    let owner: Option<Uuid> = sqlx::query_scalar(
        "select lead_id from lead_identities where identity_kind = $1 and identity_value = $2 and lead_id <> $3",
    )
    .bind(kind)
    .bind(address)
    .bind(lead.lead_id)
    .fetch_optional(&mut *tx)
    .await?;
    let Some(owner) = owner else { return Ok(()) };
    let owner = person(tx, owner).await?;
    Err(Error::conflict(
        format!("`{address}` is {}'s already", owner.who()),
        format!("link it to them: `touchline link EVENT {}`", owner.lead_id),
    ))
}

//! The list: what holds, why a person must not be touched, and taking something off it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use super::{Channel, Suppression, by_ids, read};
use crate::touches::{Named, Person};
use crate::{Error, Result, keyset, touches};

/// Which suppressions; those that hold, where nothing is set.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// About this person or address.
    pub who: Option<String>,
    pub channel: Option<Channel>,
    pub reason: Option<String>,
    /// Lifted ones, too.
    pub lifted: bool,
    /// Where the page before ended.
    pub after: Option<(Timestamp, Uuid)>,
}

/// A page of suppressions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    pub suppressions: Vec<Suppression>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<(Timestamp, Uuid)>,
}

/// A page of the list.
pub async fn list(pool: &PgPool, asked: &Asked, limit: i64) -> Result<Page> {
    let limit = limit.clamp(1, 500);
    let mut connection = pool.acquire().await?;
    let (lead_id, kind, address) = match &asked.who {
        Some(who) => subject(&mut connection, who).await?,
        None => (None, None, None),
    };
    let rows = sqlx::query(include_str!("list.sql"))
        .bind(asked.who.is_some())
        .bind(lead_id)
        .bind(kind)
        .bind(address)
        .bind(asked.channel.map(Channel::word))
        .bind(&asked.reason)
        .bind(asked.lifted)
        .bind(asked.after.map(|(at, _)| at.to_sqlx()))
        .bind(asked.after.map(|(_, id)| id))
        .bind(limit + 1)
        .fetch_all(&mut *connection)
        .await?;
    let mut suppressions = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let next = keyset::cut(&mut suppressions, limit, |last| (last.suppressed_at, last.id));
    Ok(Page { suppressions, next })
}

/// The lead behind a name, or the address where nobody is known by it.
async fn subject(
    connection: &mut PgConnection,
    who: &str,
) -> Result<(Option<Uuid>, Option<&'static str>, Option<String>)> {
    let named = super::add::subject(who)?;
    let lead = touches::known(connection, &named).await?.into_iter().next();
    let (kind, address) = match named {
        Named::Lead(_) => (None, None),
        Named::Address(kind, address) => (Some(kind), Some(address)),
    };
    Ok((lead.map(|lead: Person| lead.lead_id), kind, address))
}

/// Takes a suppression off the list; only a person does. Twice changes nothing.
pub async fn lift(
    pool: &PgPool,
    id: Uuid,
    why: &str,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Suppression> {
    let mut tx = pool.begin().await?;
    sqlx::query(
        "update suppressions set lifted_at = $2, lifted_by = $3, lifted_why = $4, updated_at = $2 where id = $1 and lifted_at is null",
    )
    .bind(id)
    .bind(now.to_sqlx())
    .bind(by)
    .bind(why)
    .execute(&mut *tx)
    .await?;
    let found = by_ids(&mut tx, &[id]).await?.pop();
    let found = found.ok_or_else(|| {
        Error::not_found(
            format!("there is no suppression `{id}`"),
            "`touchline suppressions list` shows the id of each",
        )
    })?;
    tx.commit().await?;
    Ok(found)
}

/// One reason why a person must not be touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyNot {
    pub channel: String,
    /// suppressed: never, until a person lifts it; stopped: nothing by itself, a person may answer.
    pub kind: String,
    pub reason: String,
    pub words: String,
    pub since: Timestamp,
    pub suppression_id: Option<Uuid>,
    pub event_id: Option<Uuid>,
    pub note: Option<String>,
}

/// Why a person must not be touched on a channel (None: on any); empty: nothing is known against it.
pub async fn why_not(pool: &PgPool, lead_id: Uuid, channel: Option<Channel>) -> Result<Vec<WhyNot>> {
    let rows = sqlx::query(include_str!("why_not.sql"))
        .bind(lead_id)
        .bind(channel.filter(|channel| *channel != Channel::All).map(Channel::word))
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(WhyNot {
                channel: row.try_get("channel")?,
                kind: row.try_get("kind")?,
                reason: row.try_get("reason")?,
                words: row.try_get("words")?,
                since: row.try_get::<jiff_sqlx::Timestamp, _>("since")?.to_jiff(),
                suppression_id: row.try_get("suppression_id")?,
                event_id: row.try_get("event_id")?,
                note: row.try_get("note")?,
            })
        })
        .collect()
}

/// Those that rest on an event.
pub(crate) async fn by_event(tx: &mut PgConnection, event_id: Uuid) -> Result<Vec<Suppression>> {
    let ids: Vec<Uuid> =
        sqlx::query_scalar("select id from suppressions where evidence_event_id = $1 and lifted_at is null")
            .bind(event_id)
            .fetch_all(&mut *tx)
            .await?;
    by_ids(tx, &ids).await
}

/// Lifts what rests on a touch that is taken back.
pub(crate) async fn lift_with_event(
    tx: &mut PgConnection,
    event_id: Uuid,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<Suppression>> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "update suppressions
            set lifted_at = $2, lifted_by = $3, lifted_why = 'the touch it rests on was taken back', updated_at = $2
          where evidence_event_id = $1 and lifted_at is null
         returning id",
    )
    .bind(event_id)
    .bind(now.to_sqlx())
    .bind(by)
    .fetch_all(&mut *tx)
    .await?;
    by_ids(tx, &ids).await
}

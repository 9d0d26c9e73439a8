//! The ledger of stops: what stopped whom, what was told where, and the hand-over to whoever tells the vendors.
//! Leaves which events stop somebody to the steps.
//!
//! Whoever calls a vendor takes the next waiting receipt with [`next`], tells the vendor, and writes its answer with
//! [`answered`]. Between the two a receipt is `unknown`: if the process dies there, the receipt stays red and is taken
//! again after a while, since telling a vendor twice to stop does no harm.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use crate::{Error, Result, keyset};

/// What one target was told of one stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = StopReceipt)]
pub struct Receipt {
    pub id: Uuid,
    pub lead_id: Uuid,
    pub full_name: Option<String>,
    pub email: Option<String>,
    pub reason: String,
    pub words: String,
    pub event_id: Option<Uuid>,
    /// When what stopped them happened.
    pub since: Timestamp,
    pub target_kind: String,
    pub target_id: String,
    pub campaign_id: Option<Uuid>,
    pub campaign_name: Option<String>,
    pub contact_address: Option<String>,
    pub state: String,
    /// Not acknowledged: somebody has to look.
    pub red: bool,
    pub asked_at: Timestamp,
    pub told_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    pub milliseconds: Option<i32>,
    pub answer: Option<String>,
    pub attempts: i32,
}

impl Receipt {
    /// The target in words.
    pub fn target(&self) -> String {
        match (self.target_kind.as_str(), &self.campaign_name) {
            ("touchline", _) => "our own gate".into(),
            (kind, Some(campaign)) => format!("{kind}, campaign {campaign}"),
            (kind, None) => kind.into(),
        }
    }
}

/// Which receipts; red ones where nothing is set.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Acknowledged ones, too.
    pub all: bool,
    pub lead_id: Option<Uuid>,
    /// Where the page before ended.
    pub after: Option<(bool, Timestamp, Uuid)>,
}

/// A page of receipts: red first, then the newest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    pub receipts: Vec<Receipt>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<(bool, Timestamp, Uuid)>,
}

/// A page of the ledger.
pub async fn list(pool: &PgPool, asked: &Asked, limit: i64) -> Result<Page> {
    let limit = limit.clamp(1, 500);
    let rows = sqlx::query(include_str!("stops/list.sql"))
        .bind(asked.all)
        .bind(asked.lead_id)
        .bind(asked.after.map(|(red, ..)| red))
        .bind(asked.after.map(|(_, at, _)| at.to_sqlx()))
        .bind(asked.after.map(|(.., id)| id))
        .bind(limit + 1)
        .fetch_all(pool)
        .await?;
    let mut receipts = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let next = keyset::cut(&mut receipts, limit, |last| (last.red, last.asked_at, last.id));
    Ok(Page { receipts, next })
}

/// How many are red; counts to a thousand.
pub async fn red(pool: &PgPool) -> Result<i64> {
    let red = "select count(*) from (select from touchline.stop_receipts where state in ('waiting', 'failed', 'unknown') limit 1000) r";
    Ok(sqlx::query_scalar(red).fetch_one(pool).await?)
}

/// What those of an event were told.
pub(crate) async fn of_event(tx: &mut PgConnection, event_id: Uuid) -> Result<Vec<Receipt>> {
    let rows = sqlx::query(include_str!("stops/of_event.sql")).bind(event_id).fetch_all(tx).await?;
    rows.iter().map(read).collect()
}

/// The hand-over: the receipt of a kind that has waited longest, marked as told. Several may ask at once; each gets
/// another one. One whose teller died is given out again after five minutes, one that failed after one more each time.
pub async fn next(pool: &PgPool, target_kind: &str, now: Timestamp) -> Result<Option<Receipt>> {
    let mut tx = pool.begin().await?;
    let id: Option<Uuid> = sqlx::query_scalar(include_str!("stops/next.sql"))
        .bind(target_kind)
        .bind(now.to_sqlx())
        .fetch_optional(&mut *tx)
        .await?;
    let receipt = match id {
        Some(id) => Some(one(&mut tx, id).await?),
        None => None,
    };
    tx.commit().await?;
    Ok(receipt)
}

/// The hand-over: what the target said. A second answer changes nothing once it is acknowledged, and none does once the
/// stop was called off.
pub async fn answered(
    pool: &PgPool,
    id: Uuid,
    acknowledged: bool,
    answer: &str,
    now: Timestamp,
) -> Result<Receipt> {
    let mut tx = pool.begin().await?;
    sqlx::query(include_str!("stops/answered.sql"))
        .bind(id)
        .bind(if acknowledged { "acknowledged" } else { "failed" })
        .bind(answer)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    let receipt = one(&mut tx, id).await?;
    tx.commit().await?;
    Ok(receipt)
}

async fn one(tx: &mut PgConnection, id: Uuid) -> Result<Receipt> {
    let row = sqlx::query(include_str!("stops/one.sql")).bind(id).fetch_optional(tx).await?;
    let row = row.ok_or_else(|| {
        Error::not_found(
            format!("there is no receipt `{id}`"),
            "`touchline stops --json` shows the id of each",
        )
    })?;
    read(&row)
}

fn read(row: &PgRow) -> Result<Receipt> {
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    let state: String = row.try_get("state")?;
    Ok(Receipt {
        id: row.try_get("id")?,
        lead_id: row.try_get("lead_id")?,
        full_name: row.try_get("full_name")?,
        email: row.try_get("email")?,
        reason: row.try_get("reason")?,
        words: row.try_get("words")?,
        event_id: row.try_get("event_id")?,
        since: row.try_get::<jiff_sqlx::Timestamp, _>("since")?.to_jiff(),
        target_kind: row.try_get("target_kind")?,
        target_id: row.try_get("target_id")?,
        campaign_id: row.try_get("campaign_id")?,
        campaign_name: row.try_get("campaign_name")?,
        contact_address: row.try_get("contact_address")?,
        red: matches!(state.as_str(), "waiting" | "failed" | "unknown"),
        state,
        asked_at: row.try_get::<jiff_sqlx::Timestamp, _>("asked_at")?.to_jiff(),
        told_at: instant("told_at")?,
        answered_at: instant("answered_at")?,
        milliseconds: row.try_get("milliseconds")?,
        answer: row.try_get("answer")?,
        attempts: row.try_get("attempts")?,
    })
}

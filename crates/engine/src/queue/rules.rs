//! The rules of a campaign, as rows: when it calls and writes on LinkedIn. What a campaign leaves open is as the default
//! has it. Leaves what follows from them to the queue's SQL.

mod change;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgExecutor, PgPool, Row};
use uuid::Uuid;

pub use change::{Change, Field};

use crate::{Error, Result};

/// The rules that hold for a campaign on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = CampaignRules)]
pub struct Rules {
    /// Null: the default of all campaigns.
    pub campaign_id: Option<Uuid>,
    pub campaign_name: Option<String>,
    /// call, linkedin.
    pub channel: String,
    /// Days without an answer after our last message on another channel.
    pub after_days: i32,
    pub between_days: i32,
    pub max_attempts: i32,
    pub daily_limit: i32,
    /// In the zone of the lead.
    #[schema(value_type = String)]
    pub opens_at: Time,
    #[schema(value_type = String)]
    pub closes_at: Time,
    /// 1 Monday to 7 Sunday.
    pub weekdays: Vec<i16>,
    /// What the campaign sets itself; the rest is the default.
    pub own: Vec<String>,
}

/// The rules of a campaign, or the default ones: a line for each channel.
pub async fn show(pool: &PgPool, campaign_id: Option<Uuid>) -> Result<Vec<Rules>> {
    stand(pool, campaign_id).await
}

async fn stand(executor: impl PgExecutor<'_>, campaign_id: Option<Uuid>) -> Result<Vec<Rules>> {
    let rows = sqlx::query(include_str!("rules/show.sql")).bind(campaign_id).fetch_all(executor).await?;
    if rows.is_empty() {
        return Err(no_campaign(campaign_id));
    }
    rows.iter().map(read).collect()
}

/// Sets rules of a campaign, or of the default, and says how they stand then.
pub async fn set(
    pool: &PgPool,
    campaign_id: Option<Uuid>,
    changes: &[Change],
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<Rules>> {
    set_if(pool, campaign_id, changes, |_| Ok::<_, Error>(()), by, now).await
}

/// The same, where `fits` says of the rules that stand at that moment that they may be changed.
pub async fn set_if<E: From<Error>>(
    pool: &PgPool,
    campaign_id: Option<Uuid>,
    changes: &[Change],
    fits: impl Fn(Vec<Rules>) -> Result<(), E>,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<Rules>, E> {
    let mut tx = pool.begin().await.map_err(Error::from)?;
    // A campaign's rules are the default's where it has none: all rules change one after the other.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('touchline rules', 0))")
        .execute(&mut *tx)
        .await
        .map_err(Error::from)?;
    fits(stand(&mut *tx, campaign_id).await?)?;
    write(&mut tx, campaign_id, changes, by, now).await?;
    let stands = stand(&mut *tx, campaign_id).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(stands)
}

async fn write(
    tx: &mut PgConnection,
    campaign_id: Option<Uuid>,
    changes: &[Change],
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<()> {
    for change in changes {
        if campaign_id.is_none() && change.is_default() {
            return Err(Error::invalid(
                format!("{}: the default itself needs a value", change.name()),
                "give one, such as call.after_days=3",
            ));
        }
        let row = sqlx::query(include_str!("rules/set.sql"))
            .bind(campaign_id)
            .bind(change.channel.word())
            .bind(change.field.word())
            .bind(change.number())
            .bind(change.hours().map(|(opens, _)| opens.to_sqlx()))
            .bind(change.hours().map(|(_, closes)| closes.to_sqlx()))
            .bind(change.weekdays())
            .bind(by)
            .bind(now.to_sqlx())
            .execute(&mut *tx)
            .await;
        if let Err(sqlx::Error::Database(error)) = &row
            && error.constraint() == Some("campaign_rules_campaign_id_fkey")
        {
            return Err(no_campaign(campaign_id));
        }
        row?;
    }
    Ok(())
}

fn read(row: &PgRow) -> Result<Rules> {
    Ok(Rules {
        campaign_id: row.try_get("campaign_id")?,
        campaign_name: row.try_get("campaign_name")?,
        channel: row.try_get("channel")?,
        after_days: row.try_get("after_days")?,
        between_days: row.try_get("between_days")?,
        max_attempts: row.try_get("max_attempts")?,
        daily_limit: row.try_get("daily_limit")?,
        opens_at: row.try_get::<jiff_sqlx::Time, _>("opens_at")?.to_jiff(),
        closes_at: row.try_get::<jiff_sqlx::Time, _>("closes_at")?.to_jiff(),
        weekdays: row.try_get("weekdays")?,
        own: row.try_get("own")?,
    })
}

fn no_campaign(campaign_id: Option<Uuid>) -> Error {
    let id = campaign_id.map(|id| id.to_string()).unwrap_or_default();
    Error::not_found(
        format!("there is no campaign {id}"),
        "`touchline campaign list` shows them with their ids",
    )
}

//! The same done to many leads at once: added to a campaign or taken out, a status set, put on the list of those not to be
//! contacted. One transaction with a verdict for each lead, and taken back as a whole. Leaves what each of it means to
//! `campaigns`, `suppressions` and `states`.

mod read;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use uuid::Uuid;

pub use read::{Done, Verdict, leads, list, show};

use crate::leads::{Filter, LeadStatus, bind};
use crate::suppressions::Channel;
use crate::{Error, Result, campaigns, normalise, states};

/// Most leads of one action: its transaction holds up whatever else changes people.
pub const MOST: i64 = 50_000;

/// To whom it is done.
#[derive(Debug, Clone)]
pub enum Whom {
    Leads(Vec<Uuid>),
    /// Everybody who matches when it is done.
    Filter(Filter),
}

/// What is done.
#[derive(Debug, Clone)]
pub enum Action {
    AddToCampaign(Uuid),
    RemoveFromCampaign(Uuid),
    SetStatus(LeadStatus),
    Suppress { channel: Channel, reason: String, note: Option<String> },
}

impl Action {
    /// Its word: column, JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::AddToCampaign(_) => "add_to_campaign",
            Self::RemoveFromCampaign(_) => "remove_from_campaign",
            Self::SetStatus(_) => "set_status",
            Self::Suppress { .. } => "suppress",
        }
    }

    const fn campaign(&self) -> Option<Uuid> {
        match self {
            Self::AddToCampaign(id) | Self::RemoveFromCampaign(id) => Some(*id),
            _ => None,
        }
    }
}

/// Does something to many.
pub async fn act(
    pool: &PgPool,
    whom: &Whom,
    action: &Action,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Done> {
    if let Some(campaign) = action.campaign() {
        campaigns::show(pool, campaign).await?;
    }
    let action = &worded(action)?;
    let id = Uuid::now_v7();
    let mut tx = pool.begin().await?;
    normalise::begin(&mut tx).await?;
    begin(&mut tx, id, whom, action, by, now).await?;
    let leads = choose(&mut tx, id, whom, now).await?;
    match action {
        Action::AddToCampaign(campaign) => {
            let verdicts = campaigns::add_leads(&mut tx, *campaign, &leads, by, now).await?;
            judge(&mut tx, id, &verdicts).await?;
        }
        Action::RemoveFromCampaign(campaign) => {
            let verdicts = campaigns::remove_leads(&mut tx, *campaign, &leads, by, now).await?;
            judge(&mut tx, id, &verdicts).await?;
        }
        Action::SetStatus(status) => {
            sqlx::query(include_str!("status.sql"))
                .bind(id)
                .bind(status.word())
                .bind(by)
                .bind(now.to_sqlx())
                .execute(&mut *tx)
                .await?;
        }
        Action::Suppress { channel, reason, note } => {
            sqlx::query(include_str!("suppress.sql"))
                .bind(id)
                .bind(channel.word())
                .bind(reason)
                .bind(note)
                .bind(by)
                .bind(now.to_sqlx())
                .execute(&mut *tx)
                .await?;
            let changed = changed(&mut tx, id).await?;
            states::of(&mut tx, &changed, now).await?;
        }
    }
    sqlx::query(include_str!("settle.sql")).bind(id).execute(&mut *tx).await?;
    tx.commit().await?;
    show(pool, id).await
}

/// Takes an action back, for everybody it changed something for: what was done to somebody since stays. Twice changes nothing.
pub async fn undo(pool: &PgPool, id: Uuid, by: Option<Uuid>, now: Timestamp) -> Result<Done> {
    let done = show(pool, id).await?;
    let mut tx = pool.begin().await?;
    normalise::begin(&mut tx).await?;
    let taken = sqlx::query(
        "update touchline.bulk_actions set undone_at = $2, undone_by = $3 where id = $1 and undone_at is null",
    )
    .bind(id)
    .bind(now.to_sqlx())
    .bind(by)
    .execute(&mut *tx)
    .await?;
    if taken.rows_affected() == 0 {
        return Ok(done);
    }
    let leads = changed(&mut tx, id).await?;
    match (done.action.as_str(), done.campaign_id) {
        ("add_to_campaign", Some(campaign)) => {
            campaigns::remove_leads(&mut tx, campaign, &leads, by, now).await?;
        }
        ("remove_from_campaign", Some(campaign)) => {
            campaigns::add_leads(&mut tx, campaign, &leads, by, now).await?;
        }
        _ => {}
    }
    sqlx::query(include_str!("undo_status.sql"))
        .bind(id)
        .bind(&done.lead_status)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    sqlx::query(include_str!("withdraw.sql")).bind(id).bind(by).bind(now.to_sqlx()).execute(&mut *tx).await?;
    states::of(&mut tx, &leads, now).await?;
    tx.commit().await?;
    show(pool, id).await
}

/// A reason as one word, as it is kept.
fn worded(action: &Action) -> Result<Action> {
    let Action::Suppress { channel, reason, note } = action else { return Ok(action.clone()) };
    let reason = reason.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    if reason.is_empty() || reason.len() > 100 {
        return Err(Error::invalid(
            "reason: it is empty or too long",
            "give one word, such as opt-out or manual",
        ));
    }
    let note = note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
    Ok(Action::Suppress { channel: *channel, reason, note })
}

async fn begin(
    tx: &mut PgConnection,
    id: Uuid,
    whom: &Whom,
    action: &Action,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<()> {
    let filter: Option<Value> = match whom {
        Whom::Filter(filter) => serde_json::to_value(filter).ok(),
        Whom::Leads(_) => None,
    };
    let status = if let Action::SetStatus(status) = action { Some(status.word()) } else { None };
    let (channel, reason, note) = match action {
        Action::Suppress { channel, reason, note } => {
            (Some(channel.word()), Some(reason.as_str()), note.as_deref())
        }
        _ => (None, None, None),
    };
    sqlx::query(include_str!("begin.sql"))
        .bind(id)
        .bind(action.word())
        .bind(action.campaign())
        .bind(status)
        .bind(channel)
        .bind(reason)
        .bind(note)
        .bind(filter)
        .bind(by)
        .bind(now.to_sqlx())
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes whom it is about; refused where that is nobody, or too many.
async fn choose(tx: &mut PgConnection, id: Uuid, whom: &Whom, now: Timestamp) -> Result<Vec<Uuid>> {
    let found = match whom {
        Whom::Leads(ids) => {
            sqlx::query(include_str!("chosen.sql")).bind(id).bind(ids).execute(&mut *tx).await?
        }
        Whom::Filter(filter) => {
            let conditions = filter.conditions(3, now);
            let sql = include_str!("filtered.sql").replace("/* filters */", &conditions.sql);
            let query = sqlx::query(AssertSqlSafe(sql)).bind(id).bind(MOST + 1);
            bind(query, conditions).persistent(false).execute(&mut *tx).await?
        }
    }
    .rows_affected();
    if found == 0 {
        return Err(Error::invalid(
            "leads: nobody is meant",
            "choose leads, or a filter that somebody matches",
        ));
    }
    if found > MOST as u64 {
        return Err(Error::invalid(
            format!("leads: more than {MOST} at once"),
            "narrow the filter, for example by status or import, and do it in parts",
        ));
    }
    Ok(sqlx::query_scalar("select lead_id from touchline.bulk_leads where action_id = $1 order by lead_id")
        .bind(id)
        .fetch_all(tx)
        .await?)
}

async fn judge(tx: &mut PgConnection, id: Uuid, verdicts: &[campaigns::Verdict]) -> Result<()> {
    sqlx::query(include_str!("judge.sql"))
        .bind(id)
        .bind(verdicts.iter().map(|one| one.lead_id).collect::<Vec<_>>())
        .bind(verdicts.iter().map(|one| one.verdict.as_str()).collect::<Vec<_>>())
        .bind(verdicts.iter().map(|one| one.why.as_deref()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

async fn changed(tx: &mut PgConnection, id: Uuid) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(include_str!("changed.sql")).bind(id).fetch_all(tx).await?)
}

//! A decision about something due: done, skipped, later. A row that says who, when and why, and an event on the person's
//! timeline. Twice is once; taking it back makes it due again.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use super::item::{Item, ItemKind};
use super::touch;
use crate::touches::{self, Logged};
use crate::{Error, Result};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Done,
    /// Not this time; it counts as an attempt.
    Skip,
    /// Ask again then.
    Snooze(Timestamp),
}

impl Decision {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Skip => "skip",
            Self::Snooze(_) => "snooze",
        }
    }

    const fn event_type(self) -> &'static str {
        match self {
            Self::Done => "queue_done",
            Self::Skip => "queue_skipped",
            Self::Snooze(_) => "queue_snoozed",
        }
    }
}

/// What a person says with a decision.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub note: Option<String>,
    /// What came of what was done: `touches::Outcome`. The touch is logged with it, and what follows follows.
    pub outcome: Option<String>,
    /// When the person is due again, as agreed; with an outcome.
    pub follow_up_at: Option<Timestamp>,
}

/// A decision as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Decided {
    pub id: Uuid,
    pub item: String,
    pub decision: String,
    pub until: Option<Timestamp>,
    pub note: Option<String>,
    pub outcome: Option<String>,
    pub lead_id: Option<Uuid>,
    /// Name or address of the person.
    pub who: Option<String>,
    /// The event by which it stands on the timeline.
    pub touch_id: Option<Uuid>,
    pub decided_at: Timestamp,
    pub taken_back_at: Option<Timestamp>,
    /// False: it had been decided before, and nothing was changed.
    pub is_new: bool,
    /// The touch that was logged with it, and what it stopped; null: none was.
    pub logged: Option<Logged>,
}

/// Decides about something due. Done or skipped again answers with the decision that stands.
pub async fn decide(
    pool: &PgPool,
    item: Item,
    decision: Decision,
    words: &Words,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Decided> {
    if let Decision::Snooze(until) = decision
        && until <= now
    {
        return Err(Error::invalid(
            "until: it lies in the past",
            "give a time to come, such as 3d or 2026-12-01",
        ));
    }
    let said = touch::Said::of(decision == Decision::Done, words)?;
    let mut logged = None;
    if said.outcome.is_some() {
        let mut connection = pool.acquire().await?;
        let is_open = standing(&mut connection, item).await?.is_none();
        drop(connection);
        if is_open {
            logged = touch::log(pool, item, said, by, now).await?;
        }
    }
    let mut tx = pool.begin().await?;
    // Two who decide at once take turns.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(item.to_string())
        .execute(&mut *tx)
        .await?;
    if let Some(stands) = standing(&mut tx, item).await? {
        if stands.decision == decision.word() {
            return Ok(stands);
        }
        return Err(Error::conflict(
            format!("this is {} already", if stands.decision == "skip" { "skipped" } else { "done" }),
            format!("take that back first: `touchline queue undo {}`", stands.id),
        ));
    }
    let id = Uuid::now_v7();
    let written = sqlx::query(include_str!("decide.sql"))
        .bind(id)
        .bind(item.to_string())
        .bind(item.kind.word())
        .bind(item.subject)
        .bind(decision.word())
        .bind(match decision {
            Decision::Snooze(until) => Some(until.to_sqlx()),
            Decision::Done | Decision::Skip => None,
        })
        .bind(filled(words.note.as_deref()))
        .bind(said.outcome.map(touches::Outcome::word))
        .bind(by)
        .bind(now.to_sqlx())
        .bind(decision.event_type())
        .bind(what(item.kind))
        .bind(logged.as_ref().map(|logged| logged.event_id))
        .execute(&mut *tx)
        .await?
        .rows_affected();
    if written == 0 {
        return Err(Error::not_found(
            format!("there is nothing to decide at `{item}`"),
            "look at `touchline queue` again; it may have been taken out since",
        ));
    }
    let decided = by_id(&mut tx, id).await?.ok_or_else(|| gone(id))?;
    tx.commit().await?;
    Ok(Decided { logged, ..decided })
}

/// Takes a decision back, the latest one where none is named; what was due is due again. Twice changes nothing.
pub async fn undo(pool: &PgPool, id: Option<Uuid>, by: Option<Uuid>, now: Timestamp) -> Result<Decided> {
    let mut tx = pool.begin().await?;
    let id = match id {
        Some(id) => id,
        None => {
            let latest = "select id from queue_decisions where taken_back_at is null order by decided_at desc, id desc limit 1";
            let latest: Option<Uuid> = sqlx::query_scalar(latest).fetch_optional(&mut *tx).await?;
            latest.ok_or_else(|| {
                Error::not_found("nothing has been decided yet", "`touchline queue` shows what is due")
            })?
        }
    };
    // What was logged with it goes first: should we end here, the decision has lapsed with its touch.
    if let Some(touch) = touch::logged_with(&mut tx, id).await? {
        tx.commit().await?;
        touches::undo(pool, Some(touch), by, now).await?;
        tx = pool.begin().await?;
    }
    let taken =
        sqlx::query(include_str!("undo.sql")).bind(id).bind(by).bind(now.to_sqlx()).execute(&mut *tx).await?;
    let mut decided = by_id(&mut tx, id).await?.ok_or_else(|| gone(id))?;
    decided.is_new = taken.rows_affected() > 0;
    tx.commit().await?;
    Ok(decided)
}

/// Done or skipped, and not taken back.
async fn standing(tx: &mut PgConnection, item: Item) -> Result<Option<Decided>> {
    // A touch that was taken back takes its decision with it.
    sqlx::query(include_str!("lapsed.sql")).bind(item.to_string()).execute(&mut *tx).await?;
    let id =
        "select id from queue_decisions where item = $1 and decision <> 'snooze' and taken_back_at is null";
    let id: Option<Uuid> = sqlx::query_scalar(id).bind(item.to_string()).fetch_optional(&mut *tx).await?;
    let Some(id) = id else { return Ok(None) };
    Ok(by_id(tx, id).await?.map(|decided| Decided { is_new: false, ..decided }))
}

async fn by_id(tx: &mut PgConnection, id: Uuid) -> Result<Option<Decided>> {
    let row = sqlx::query(include_str!("decided.sql")).bind(id).fetch_optional(tx).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &PgRow) -> Result<Decided> {
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    Ok(Decided {
        id: row.try_get("id")?,
        item: row.try_get("item")?,
        decision: row.try_get("decision")?,
        until: instant("until")?,
        note: row.try_get("note")?,
        outcome: row.try_get("outcome")?,
        lead_id: row.try_get("lead_id")?,
        who: row.try_get("who")?,
        touch_id: row.try_get("touch_id")?,
        decided_at: row.try_get::<jiff_sqlx::Timestamp, _>("decided_at")?.to_jiff(),
        taken_back_at: instant("taken_back_at")?,
        is_new: true,
        logged: None,
    })
}

fn gone(id: Uuid) -> Error {
    Error::not_found(
        format!("there is no decision {id}"),
        "the id stands in what `touchline queue done` printed",
    )
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// What an item is, for the timeline.
const fn what(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Answer => "Their reply",
        ItemKind::FollowUp => "Follow-up",
        ItemKind::Call => "Call",
        ItemKind::Connect => "Connection on LinkedIn",
        ItemKind::Message => "Message on LinkedIn",
    }
}

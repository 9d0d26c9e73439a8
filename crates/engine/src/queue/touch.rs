//! The touch that is logged together with a decision: somebody was called, somebody's reply was judged. Leaves what follows
//! from it to `touches`.

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use super::decide::Words;
use super::item::{Item, ItemKind};
use crate::touches::{self, Interest, Kind, Log, Logged, Outcome};
use crate::{Error, Result};

/// What was said with a decision, understood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'w> {
    note: Option<&'w str>,
    pub(super) outcome: Option<Outcome>,
    follow_up_at: Option<Timestamp>,
}

impl<'w> Said<'w> {
    pub(super) fn of(is_done: bool, words: &'w Words) -> Result<Self> {
        let outcome = words.outcome.as_deref().map(str::trim).filter(|word| !word.is_empty());
        let known = outcome.and_then(Outcome::named);
        if let (Some(word), None) = (outcome, known) {
            let words: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.word()).collect();
            return Err(Error::invalid(
                format!("outcome: there is no `{word}`"),
                format!("one of: {}", words.join(", ")),
            ));
        }
        if known.is_some() && !is_done {
            return Err(Error::invalid("outcome: only what is done has one", "leave it out, or say `done`"));
        }
        if words.follow_up_at.is_some() && known.is_none() {
            return Err(Error::invalid(
                "follow_up_at: it stands with an outcome",
                "say what came of it too, such as callback",
            ));
        }
        Ok(Self { note: words.note.as_deref(), outcome: known, follow_up_at: words.follow_up_at })
    }
}

/// Logs what was done; None: nothing to log.
pub(super) async fn log(
    pool: &PgPool,
    item: Item,
    said: Said<'_>,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Option<Logged>> {
    let Some(outcome) = said.outcome else { return Ok(None) };
    let row = sqlx::query(include_str!("subject.sql"))
        .bind(item.kind.word())
        .bind(item.subject)
        .fetch_optional(pool)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(lead_id) = row.try_get::<Option<Uuid>, _>("lead_id")? else {
        return Err(Error::conflict(
            "nobody is known by this address, so nothing can be logged for them",
            "link it first: `touchline link EVENT LEAD`, or `--create`",
        ));
    };
    let campaign = row.try_get::<Option<Uuid>, _>("campaign_id")?.map(|id| id.to_string());
    let who = lead_id.to_string();
    let channel: &str = row.try_get("channel")?;
    // Their reply is an event already: what is new is how somebody reads it.
    if item.kind == ItemKind::Answer
        && said.follow_up_at.is_none()
        && let Some(interest) = Interest::named(outcome.word())
    {
        let logged = touches::interest(pool, &who, interest, campaign.as_deref(), said.note, by, now).await?;
        return Ok(Some(logged));
    }
    let kind = match (item.kind, channel) {
        (ItemKind::Call, _) | (_, "call") => Kind::Call,
        (ItemKind::Connect | ItemKind::Message, _) | (_, "linkedin") => Kind::Linkedin,
        _ => Kind::Email,
    };
    let log = Log {
        kind,
        who,
        text: said.note.map(str::to_owned),
        at: None,
        outcome: Some(outcome),
        reply: false,
        stop: false,
        follow_up_at: said.follow_up_at,
        campaign,
    };
    Ok(Some(touches::log(pool, &log, by, now).await?))
}

/// The touch that was logged with a decision that stands; a decision's own event is none.
pub(super) async fn logged_with(tx: &mut PgConnection, decision: Uuid) -> Result<Option<Uuid>> {
    let touch = "select touch_id from touchline.decisions_in_force where id = $1 and has_touch";
    Ok(sqlx::query_scalar(touch).bind(decision).fetch_optional(tx).await?)
}

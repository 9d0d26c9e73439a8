//! Logging a touch that people made: a call, a note, a message.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::follow::{self, Followed};
use super::outcome::Outcome;
use super::who::{self, Person};
use crate::{Error, Result};

/// On which road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = TouchKind)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Call,
    Note,
    Linkedin,
    Email,
}

/// A touch to log.
#[derive(Debug, Clone)]
pub struct Log {
    pub kind: Kind,
    /// E-mail address, phone, LinkedIn profile or id of the lead.
    pub who: String,
    pub text: Option<String>,
    /// When it happened; None: now.
    pub at: Option<Timestamp>,
    pub outcome: Option<Outcome>,
    /// They wrote it, not we (e-mail and LinkedIn).
    pub reply: bool,
    /// Stop everything, whatever came of it.
    pub stop: bool,
    pub follow_up_at: Option<Timestamp>,
    /// Name or id; None: the only one that it can be.
    pub campaign: Option<String>,
}

/// A touch as it was logged, and what followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Logged {
    pub event_id: Uuid,
    pub event_type: String,
    pub event_timestamp: Timestamp,
    pub call_outcome: Option<String>,
    pub interest_status: Option<i32>,
    pub lead: Person,
    pub campaign_name: Option<String>,
    pub follow_up_at: Option<Timestamp>,
    #[serde(flatten)]
    pub followed: Followed,
}

/// Logs a touch; what follows from it has followed when this returns.
pub async fn log(pool: &PgPool, asked: &Log, by: Option<Uuid>, now: Timestamp) -> Result<Logged> {
    let at = asked.at.unwrap_or(now);
    if at > now + SignedDuration::from_mins(5) {
        return Err(Error::invalid(
            "at: a touch cannot lie ahead",
            "leave `--at` out for now; what is planned is `--follow-up`",
        ));
    }
    if asked.follow_up_at.is_some_and(|follow_up| follow_up < at) {
        return Err(Error::invalid(
            "follow-up: it lies before the touch itself",
            "give a date to come, such as 2026-12-01 or 3d",
        ));
    }
    let new = New {
        event_type: event_type(asked),
        kind: match asked.kind {
            Kind::Call => "phone",
            Kind::Linkedin => "linkedin",
            Kind::Note | Kind::Email => "email",
        },
        channel: match asked.kind {
            Kind::Call => Some("call"),
            Kind::Linkedin => Some("linkedin"),
            Kind::Email => Some("email"),
            Kind::Note => None,
        },
        who: &asked.who,
        text: asked.text.as_deref(),
        at,
        outcome: asked.outcome.map(Outcome::word),
        interest: None,
        stops: asked.stop.then_some(true),
        follow_up_at: asked.follow_up_at,
        campaign: asked.campaign.as_deref(),
    };
    write(pool, &new, by, now).await
}

/// A person's word on how a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Interest(Option<i32>);

impl Interest {
    /// Words and codes; `none` sets it back to none, which is not out of office.
    pub fn named(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        Some(Self(Some(match word.as_str() {
            "none" | "neutral" | "lead" => return Some(Self(None)),
            "out_of_office" => 0,
            "interested" => 1,
            "meeting" | "meeting_booked" => 2,
            "meeting_completed" => 3,
            "won" | "closed" => 4,
            "not_interested" => -1,
            "wrong_person" => -2,
            "lost" => -3,
            "no_show" => -4,
            other => other.parse().ok()?,
        })))
    }
}

/// Says how a person stands, in one campaign or in all; it beats what vendors say, whenever they say it.
pub async fn interest(
    pool: &PgPool,
    who: &str,
    interest: Interest,
    campaign: Option<&str>,
    note: Option<&str>,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Logged> {
    if interest.0.is_none() && note.is_some() {
        return Err(Error::invalid(
            "note: interest that is set back to none takes no words",
            "log them: `touchline log note LEAD TEXT`",
        ));
    }
    let new = New {
        event_type: "interest_changed",
        kind: "email",
        channel: None,
        who,
        text: note,
        at: now,
        outcome: None,
        interest: interest.0,
        stops: None,
        follow_up_at: None,
        campaign,
    };
    write(pool, &new, by, now).await
}

/// What becomes a row of `events`.
struct New<'a> {
    event_type: &'static str,
    kind: &'static str,
    /// Channel by which the campaign is guessed; None: any.
    channel: Option<&'static str>,
    who: &'a str,
    text: Option<&'a str>,
    at: Timestamp,
    outcome: Option<&'static str>,
    interest: Option<i32>,
    stops: Option<bool>,
    follow_up_at: Option<Timestamp>,
    campaign: Option<&'a str>,
}

fn event_type(asked: &Log) -> &'static str {
    let heard = asked.reply || asked.outcome.is_some_and(Outcome::is_an_answer);
    match (asked.kind, asked.outcome) {
        (Kind::Call, Some(Outcome::Voicemail)) => "call_voicemail",
        (Kind::Call, Some(Outcome::NoAnswer | Outcome::Busy)) => "call_no_answer",
        (Kind::Call, Some(Outcome::Failed)) => "call_failed",
        (Kind::Call, _) => "call_completed",
        (Kind::Note, _) => "note_added",
        (Kind::Email, Some(Outcome::OptOut)) => "email_unsubscribed",
        (Kind::Email, _) if heard => "email_replied",
        (Kind::Email, _) => "email_sent",
        (Kind::Linkedin, _) if heard => "message_replied",
        (Kind::Linkedin, _) => "message_sent",
    }
}

async fn write(pool: &PgPool, new: &New<'_>, by: Option<Uuid>, now: Timestamp) -> Result<Logged> {
    let mut tx = pool.begin().await?;
    follow::begin(&mut tx).await?;
    let lead = who::find(&mut tx, new.who).await?;
    let campaign = match new.campaign {
        Some(named) => Some(campaign_named(&mut tx, named).await?),
        None => None,
    };
    let id = Uuid::now_v7();
    let text = new.text.map(str::trim).filter(|text| !text.is_empty());
    sqlx::query(include_str!("log.sql"))
        .bind(id)
        .bind(new.event_type)
        .bind(lead.lead_id)
        .bind(campaign)
        .bind(new.channel)
        .bind(new.at.to_sqlx())
        .bind(new.kind)
        .bind(text)
        .bind(new.outcome)
        .bind(new.interest)
        .bind(new.stops)
        .bind(new.follow_up_at.map(ToSqlx::to_sqlx))
        .bind(by)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    follow::fold(&mut tx, &[lead.lead_id], now).await?;
    let campaign_name: Option<String> = sqlx::query_scalar(
        "select c.campaign_name from events e join campaigns c on c.id = e.campaign_id where e.id = $1",
    )
    .bind(id)
    .fetch_optional(&mut *tx)
    .await?;
    let followed = follow::of(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Logged {
        event_id: id,
        event_type: new.event_type.into(),
        event_timestamp: new.at,
        call_outcome: new.outcome.map(str::to_owned),
        interest_status: new.interest,
        lead,
        campaign_name,
        follow_up_at: new.follow_up_at,
        followed,
    })
}

/// A campaign by its id or its name.
pub(crate) async fn campaign_named(tx: &mut PgConnection, named: &str) -> Result<Uuid> {
    let found: Vec<Uuid> = sqlx::query_scalar(
        "select id from campaigns where id::text = $1 or lower(btrim(campaign_name)) = lower(btrim($1)) order by created_at, id limit 2",
    )
    .bind(named)
    .fetch_all(tx)
    .await?;
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Error::not_found(
            format!("there is no campaign `{named}`"),
            "give its name as it is written, or its id",
        )),
        _ => Err(Error::conflict(
            format!("several campaigns are called `{named}`"),
            format!(
                "give the id of one: {}",
                found.iter().map(Uuid::to_string).collect::<Vec<_>>().join(", ")
            ),
        )),
    }
}

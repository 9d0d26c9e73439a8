//! Who answered, on every channel: one list, what needs a person first. Leaves deciding about a reply to `queue`, who a
//! sender is to whoever links it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::funnel::Channel;
use crate::keyset::{self, After};
use crate::touches::{self, Suggested};
use crate::words;
use crate::{Error, Result, edit};

/// How a reply stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ReplyState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has answered it, and nobody has said that it needs no answer.
    NeedsAnswer,
    /// Somebody said: later.
    Snoozed,
    /// Somebody said that it is done with.
    Handled,
    /// They said no, or everything with them is over: nothing is owed.
    Closed,
    /// They wrote again; the newer one stands for it.
    Followed,
    Answered,
    /// A machine wrote it.
    Automatic,
}

impl State {
    pub const ALL: &[Self] = &[
        Self::NeedsAnswer,
        Self::Snoozed,
        Self::Handled,
        Self::Closed,
        Self::Followed,
        Self::Answered,
        Self::Automatic,
    ];

    /// Its word: argument, JSON, URL.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NeedsAnswer => "needs_answer",
            Self::Snoozed => "snoozed",
            Self::Handled => "handled",
            Self::Closed => "closed",
            Self::Followed => "followed",
            Self::Answered => "answered",
            Self::Automatic => "automatic",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// In words, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NeedsAnswer => "needs an answer",
            Self::Snoozed => "snoozed",
            Self::Handled => "handled",
            Self::Closed => "closed",
            Self::Followed => "wrote again",
            Self::Answered => "answered",
            Self::Automatic => "automatic",
        }
    }
}

/// Something somebody said to us.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Reply {
    pub event_id: Uuid,
    pub event_timestamp: Timestamp,
    pub event_type: String,
    pub event_source: String,
    pub channel: String,
    pub state: State,
    /// Since when they wait for a word of ours; null: nothing is owed.
    pub waiting_since: Option<Timestamp>,
    /// Our first word after it.
    pub answered_at: Option<Timestamp>,
    pub decision_id: Option<Uuid>,
    pub decision_note: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub snoozed_until: Option<Timestamp>,
    pub contact_kind: String,
    pub contact_address: Option<String>,
    /// Null: nobody is known by that address.
    pub lead_id: Option<Uuid>,
    pub lead_email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub job_title: Option<String>,
    pub company_id: Option<Uuid>,
    pub company_name: Option<String>,
    pub campaign_id: Option<Uuid>,
    pub campaign_name: Option<String>,
    /// The step they answered.
    pub sequence_step: Option<i32>,
    /// Vendor code; null: never set.
    pub interest_status: Option<i32>,
    pub call_outcome: Option<String>,
    pub call_duration_seconds: Option<i32>,
    pub email_subject: Option<String>,
    /// The first of their words, without tags and without what they answered.
    pub snippet: String,
    /// Whom an unknown sender might be.
    pub might_be: Vec<Suggested>,
}

impl Reply {
    /// Their name, else their address.
    pub fn who(&self) -> String {
        let names: Vec<&str> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        if names.is_empty() {
            self.lead_email.clone().or(self.contact_address.clone()).unwrap_or_else(|| "(no address)".into())
        } else {
            names.join(" ")
        }
    }

    /// The item of the queue that this reply is; `queue::decide` takes it.
    pub fn item(&self) -> String {
        format!("answer-{}", self.event_id)
    }
}

/// Which replies; all of the last 30 days, and every unknown sender, where nothing is set.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Asked {
    pub since: Option<Timestamp>,
    /// Only unknown senders.
    pub unmatched: bool,
    pub channel: Option<Channel>,
    /// Automatic replies, too.
    pub automatic: bool,
    /// Only those that stand so.
    pub state: Option<State>,
    /// Else newest first.
    pub longest_waiting_first: bool,
}

/// A page of replies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    pub replies: Vec<Reply>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<After>,
}

/// A page of what was asked for.
pub async fn list(
    pool: &PgPool,
    asked: Asked,
    after: Option<After>,
    limit: i64,
    now: Timestamp,
) -> Result<Page> {
    let limit = limit.clamp(1, 500);
    let mut rows = query(asked, after, limit + 1, None, now).fetch_all(pool).await?;
    let next = keyset::cut(&mut rows, limit, ends_at).transpose()?;
    let mut replies = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    suggest(pool, &mut replies).await?;
    Ok(Page { replies, next })
}

fn ends_at(last: &PgRow) -> Result<After> {
    Ok(After {
        rank: last.try_get("rank")?,
        at: edit::at(last, "event_timestamp")?,
        id: last.try_get("event_id")?,
    })
}

/// One reply, by its event.
pub async fn one(pool: &PgPool, event_id: Uuid, now: Timestamp) -> Result<Reply> {
    let row = query(Asked::default(), None, 1, Some(event_id), now).fetch_optional(pool).await?;
    let Some(row) = row else {
        return Err(Error::not_found(
            format!("there is no reply {event_id}"),
            "take `event_id` of a line of `touchline replies --json`",
        ));
    };
    let mut replies = vec![read(&row)?];
    suggest(pool, &mut replies).await?;
    Ok(replies.remove(0))
}

/// How many need a person, for a badge; counts to a thousand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Replies of the last 30 days that nobody has answered, and those of unknown senders whatever their age.
    pub needs_answer: i64,
    /// Of these, from senders nobody knows.
    pub unmatched: i64,
}

/// How many need a person.
pub async fn waiting(pool: &PgPool, now: Timestamp) -> Result<Waiting> {
    let asked = Asked { state: Some(State::NeedsAnswer), ..Asked::default() };
    let rows = query(asked, None, 1000, None, now).fetch_all(pool).await?;
    let unmatched =
        rows.iter().filter(|row| matches!(row.try_get::<Option<Uuid>, _>("lead_id"), Ok(None))).count();
    Ok(Waiting { needs_answer: rows.len() as i64, unmatched: unmatched as i64 })
}

type Query = sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn query(asked: Asked, after: Option<After>, limit: i64, event_id: Option<Uuid>, now: Timestamp) -> Query {
    sqlx::query(include_str!("replies/page.sql"))
        .bind(now.to_sqlx())
        .bind(asked.since.map(ToSqlx::to_sqlx))
        .bind(asked.unmatched)
        .bind(asked.channel.map(Channel::word))
        .bind(asked.automatic)
        .bind(asked.state.map(State::word))
        .bind(asked.longest_waiting_first)
        .bind(after.map(|after| after.rank))
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .bind(event_id)
}

fn read(row: &PgRow) -> Result<Reply> {
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    let text: Option<String> = row.try_get("words")?;
    Ok(Reply {
        event_id: row.try_get("event_id")?,
        event_timestamp: row.try_get::<jiff_sqlx::Timestamp, _>("event_timestamp")?.to_jiff(),
        event_type: row.try_get("event_type")?,
        event_source: row.try_get("event_source")?,
        channel: row.try_get("channel")?,
        state: State::named(row.try_get("state")?).unwrap_or(State::NeedsAnswer),
        waiting_since: instant("waiting_since")?,
        answered_at: instant("answered_at")?,
        decision_id: row.try_get("decision_id")?,
        decision_note: row.try_get("decision_note")?,
        decided_at: instant("decided_at")?,
        snoozed_until: instant("snoozed_until")?,
        contact_kind: row.try_get("contact_kind")?,
        contact_address: row.try_get("contact_address")?,
        lead_id: row.try_get("lead_id")?,
        lead_email: row.try_get("lead_email")?,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        job_title: row.try_get("job_title")?,
        company_id: row.try_get("company_id")?,
        company_name: row.try_get("company_name")?,
        campaign_id: row.try_get("campaign_id")?,
        campaign_name: row.try_get("campaign_name")?,
        sequence_step: row.try_get("sequence_step")?,
        interest_status: row.try_get("interest_status")?,
        call_outcome: row.try_get("call_outcome")?,
        call_duration_seconds: row.try_get("call_duration_seconds")?,
        email_subject: row.try_get("email_subject")?,
        snippet: words::snippet(text.as_deref().unwrap_or_default(), 240),
        might_be: Vec::new(),
    })
}

/// Says whom the unknown senders of a page might be.
async fn suggest(pool: &PgPool, replies: &mut [Reply]) -> Result<()> {
    let unknown: Vec<Uuid> = replies.iter().filter(|r| r.lead_id.is_none()).map(|r| r.event_id).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let mut found = touches::suggest_all(pool, &unknown).await?;
    for reply in replies {
        reply.might_be = found.remove(&reply.event_id).unwrap_or_default();
    }
    Ok(())
}

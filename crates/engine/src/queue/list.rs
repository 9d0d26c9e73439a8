//! A page of the queue: replies to answer first, then what was promised, then calls and LinkedIn in the order they fell due.
//! Or the others, and what each of them waits for. Leaves the words to `why`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use super::item::{Item, ItemKind};
use super::why::{self, Facts, WaitsFor};
use crate::Result;
use crate::funnel::{self, Channel};
use crate::keyset::{self, After};
use crate::overview::MANY;
use crate::replies::{self, Reply, State};
use crate::touches::Suggested;

/// What is asked of the queue.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Asked {
    /// Due until then: now, the end of a day.
    pub until: Timestamp,
    pub channel: Option<Channel>,
    pub campaign_id: Option<Uuid>,
    /// Those that are not due, and why.
    pub waiting: bool,
}

/// One line: somebody, a channel, and why.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = QueueItem)]
pub struct Line {
    /// What `decide` takes.
    #[schema(value_type = String)]
    pub item: Item,
    pub kind: ItemKind,
    pub channel: String,
    /// What to do, in a word: Answer, Call, Connect …
    pub action: &'static str,
    /// Why now; in the list of those that wait, why not.
    pub why: String,
    /// What it waits for; null: it is due.
    pub waits_for: Option<WaitsFor>,
    /// When it fell or falls due; null: not before something else happens.
    pub due_at: Option<Timestamp>,
    /// The first moment within the hours of the campaign, where the person lives; null: no hours are kept.
    pub opens_at: Option<Timestamp>,
    pub time_zone: Option<String>,
    /// Where the zone is from: person, state, phone, country, workspace.
    pub zone_told_by: Option<String>,
    /// What a clock there says.
    pub local_time: Option<String>,
    /// Which try it is, and of how many.
    pub attempt: Option<i64>,
    pub max_attempts: Option<i32>,
    pub snoozed_until: Option<Timestamp>,
    pub campaign_id: Option<Uuid>,
    pub campaign_name: Option<String>,
    pub campaign_lead_id: Option<Uuid>,
    /// Null: nobody is known by that address.
    pub lead_id: Option<Uuid>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub linkedin_url: Option<String>,
    pub job_title: Option<String>,
    pub company_id: Option<Uuid>,
    pub company_name: Option<String>,
    /// The reply to answer, or what promised it.
    pub event_id: Option<Uuid>,
    /// Their words, or what was promised.
    pub snippet: Option<String>,
    /// Whom an unknown sender might be.
    pub might_be: Vec<Suggested>,
}

impl Line {
    /// Their name, else their address.
    pub fn who(&self) -> String {
        let names: Vec<&str> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        if names.is_empty() {
            self.email.clone().or(self.phone.clone()).unwrap_or_else(|| "(no name)".into())
        } else {
            names.join(" ")
        }
    }
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    pub items: Vec<Line>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<After>,
}

/// The place of what falls due only after something else; as in `page.sql`.
const LAST: Timestamp = Timestamp::constant(221_845_392_000, 0);
/// Ranks of replies; what comes of campaigns has higher ones.
const LAST_RANK_OF_ANSWERS: i16 = 1;

/// A page of what is due, or of what waits. The same order each time, whatever the clock says meanwhile.
pub async fn list(
    pool: &PgPool,
    asked: Asked,
    after: Option<After>,
    limit: i64,
    now: Timestamp,
) -> Result<Page> {
    let limit = limit.clamp(1, 500);
    let mut lines: Vec<(After, Line)> = Vec::new();
    if asked.campaign_id.is_none() && after.is_none_or(|after| after.rank <= LAST_RANK_OF_ANSWERS) {
        let state = if asked.waiting { State::Snoozed } else { State::NeedsAnswer };
        let those = replies::Asked {
            state: Some(state),
            channel: asked.channel,
            longest_waiting_first: true,
            ..replies::Asked::default()
        };
        let page = replies::list(pool, those, after, limit + 1, now).await?;
        lines.extend(page.replies.into_iter().map(|reply| answer(reply, now)));
    }
    let room = limit + 1 - lines.len() as i64;
    if room > 0 {
        let after = after.filter(|after| after.rank > LAST_RANK_OF_ANSWERS);
        lines.extend(members(pool, asked, after, room, now).await?);
    }
    let next = keyset::cut(&mut lines, limit, |(place, _)| *place);
    Ok(Page { items: lines.into_iter().map(|(_, line)| line).collect(), next })
}

/// How many lines are due until the end of the day in the zone of figures; counting stops at [`MANY`].
pub async fn due_today(pool: &PgPool, now: Timestamp) -> Result<i64> {
    let zone = TimeZone::get(&funnel::time_zone(pool).await?).unwrap_or(TimeZone::UTC);
    let day = now.to_zoned(zone.clone()).date();
    let until = day.tomorrow().unwrap_or(day).to_zoned(zone).map_or(now, |at| at.timestamp());
    let asked = Asked { until, channel: None, campaign_id: None, waiting: false };
    Ok(list(pool, asked, None, MANY, now).await?.items.len() as i64)
}

/// What comes of campaigns and of promises.
async fn members(
    pool: &PgPool,
    asked: Asked,
    after: Option<After>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<(After, Line)>> {
    let mut tx = pool.begin().await?;
    // Compiling so long a statement takes longer than running it.
    sqlx::query("set local jit = off").execute(&mut *tx).await?;
    // Kept beside the leads, because thousands of them are asked for at once.
    zones(&mut tx, None).await?;
    let mut rows = page(&mut tx, asked, after, limit, now).await?;
    let mut found = details(&mut tx, &rows).await?;
    // Who changed since their zone was worked out is looked at again as soon as they come up.
    let stale = found.iter().filter(|row| row.try_get("zone_is_stale").unwrap_or(false));
    let stale: Vec<Uuid> = stale.map(|row| row.try_get("lead_id")).collect::<sqlx::Result<_>>()?;
    if !stale.is_empty() {
        zones(&mut tx, Some(&stale)).await?;
        rows = page(&mut tx, asked, after, limit, now).await?;
        found = details(&mut tx, &rows).await?;
    }
    tx.commit().await?;
    rows.iter().zip(&found).map(|(row, details)| line(row, details, now)).collect()
}

async fn zones(tx: &mut PgConnection, leads: Option<&[Uuid]>) -> Result<()> {
    sqlx::query(include_str!("zones.sql")).bind(leads).execute(tx).await?;
    Ok(())
}

async fn page(
    tx: &mut PgConnection,
    asked: Asked,
    after: Option<After>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<PgRow>> {
    let untried: Vec<Uuid> = match asked.waiting {
        true => Vec::new(),
        false => {
            sqlx::query_scalar(include_str!("untried.sql"))
                .bind(now.to_sqlx())
                .bind(asked.until.to_sqlx())
                .bind(asked.channel.map(Channel::word))
                .bind(asked.campaign_id)
                .fetch_all(&mut *tx)
                .await?
        }
    };
    Ok(sqlx::query(include_str!("page.sql"))
        .bind(now.to_sqlx())
        .bind(asked.until.to_sqlx())
        .bind(asked.channel.map(Channel::word))
        .bind(asked.campaign_id)
        .bind(asked.waiting)
        .bind(after.map(|after| after.rank))
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .bind(untried)
        .fetch_all(tx)
        .await?)
}

async fn details(tx: &mut PgConnection, rows: &[PgRow]) -> Result<Vec<PgRow>> {
    fn column<'r, T>(rows: &'r [PgRow], name: &str) -> Result<Vec<Option<T>>>
    where
        T: sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        rows.iter().map(|row| Ok(row.try_get::<Option<T>, _>(name)?)).collect()
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query(include_str!("details.sql"))
        .bind(column::<Uuid>(rows, "lead_id")?)
        .bind(column::<Uuid>(rows, "campaign_id")?)
        .bind(column::<Uuid>(rows, "campaign_lead_id")?)
        .bind(column::<Uuid>(rows, "stop_event_id")?)
        .bind(column::<Uuid>(rows, "event_id")?)
        .bind(column::<String>(rows, "channel")?)
        .bind(column::<String>(rows, "stop_reason")?)
        .fetch_all(tx)
        .await?)
}

fn line(row: &PgRow, details: &PgRow, now: Timestamp) -> Result<(After, Line)> {
    let instant = |row: &PgRow, name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    let kind = ItemKind::named(row.try_get("kind")?).unwrap_or(ItemKind::FollowUp);
    let waits_for = row.try_get::<Option<&str>, _>("waits_for")?.and_then(WaitsFor::named);
    let subject: Uuid = row.try_get("subject")?;
    let due_at = instant(row, "due_at")?;
    let attempt = (kind != ItemKind::FollowUp).then_some(row.try_get::<i64, _>("tries")? + 1);
    let promise: Option<String> = details.try_get("promise_words")?;
    let facts = Facts {
        kind,
        channel: row.try_get("channel")?,
        waits_for,
        due_at,
        opens_at: instant(row, "opens_at")?,
        local_time: row.try_get("local_time")?,
        time_zone: row.try_get("time_zone")?,
        attempt: attempt.unwrap_or(1),
        max_attempts: row.try_get("max_attempts")?,
        after_days: row.try_get("after_days")?,
        daily_limit: row.try_get("daily_limit")?,
        used_today: row.try_get("used_today")?,
        snoozed_until: instant(row, "snoozed_until")?,
        stop_reason: row.try_get("stop_reason")?,
        stop_words: details.try_get("stop_words")?,
        stop_event_type: details.try_get("stop_event_type")?,
        stopped_since: instant(row, "stopped_since")?,
        mails_sent: details.try_get("mails_sent")?,
        last_mail_at: instant(details, "last_mail_at")?,
        mails_opened: details.try_get("mails_opened")?,
        last_try_type: details.try_get("last_try_type")?,
        last_try_outcome: details.try_get("last_try_outcome")?,
        last_try_at: instant(details, "last_try_at")?,
        promise_type: details.try_get("promise_type")?,
        promised_at: instant(details, "promised_at")?,
        promise_words: promise.clone(),
    };
    let place = After { rank: row.try_get("rank")?, at: due_at.unwrap_or(LAST), id: subject };
    let line = Line {
        item: Item { kind, subject, number: Some(row.try_get("number")?) },
        kind,
        action: why::action(kind, facts.channel),
        why: why::told(&facts, now),
        channel: facts.channel.to_owned(),
        waits_for,
        due_at,
        opens_at: facts.opens_at,
        time_zone: Some(facts.time_zone.to_owned()),
        zone_told_by: row.try_get("zone_told_by")?,
        local_time: Some(facts.local_time.to_owned()),
        attempt,
        max_attempts: facts.max_attempts,
        snoozed_until: facts.snoozed_until,
        campaign_id: row.try_get("campaign_id")?,
        campaign_name: details.try_get("campaign_name")?,
        campaign_lead_id: row.try_get("campaign_lead_id")?,
        lead_id: row.try_get("lead_id")?,
        first_name: details.try_get("first_name")?,
        last_name: details.try_get("last_name")?,
        email: details.try_get("email")?,
        phone: details.try_get("phone")?,
        linkedin_url: details.try_get("linkedin_url")?,
        job_title: details.try_get("job_title")?,
        company_id: details.try_get("company_id")?,
        company_name: details.try_get("company_name")?,
        event_id: row.try_get("event_id")?,
        snippet: promise,
        might_be: Vec::new(),
    };
    Ok((place, line))
}

/// A reply as a line of the queue.
fn answer(reply: Reply, now: Timestamp) -> (After, Line) {
    let waits_for = (reply.state == State::Snoozed).then_some(WaitsFor::Snoozed);
    let place = After {
        rank: i16::from(reply.lead_id.is_some() || waits_for.is_some()),
        at: reply.event_timestamp,
        id: reply.event_id,
    };
    let line = Line {
        item: Item { kind: ItemKind::Answer, subject: reply.event_id, number: None },
        kind: ItemKind::Answer,
        action: if reply.lead_id.is_some() { "Answer" } else { "Link and answer" },
        why: why::answer(&reply, now),
        channel: reply.channel.clone(),
        waits_for,
        due_at: reply.waiting_since.or(Some(reply.event_timestamp)),
        opens_at: None,
        time_zone: None,
        zone_told_by: None,
        local_time: None,
        attempt: None,
        max_attempts: None,
        snoozed_until: reply.snoozed_until,
        campaign_id: reply.campaign_id,
        campaign_name: reply.campaign_name,
        campaign_lead_id: None,
        lead_id: reply.lead_id,
        first_name: reply.first_name,
        last_name: reply.last_name,
        email: reply
            .lead_email
            .or_else(|| (reply.contact_kind == "email").then_some(reply.contact_address.clone())?),
        phone: (reply.contact_kind == "phone").then_some(reply.contact_address).flatten(),
        linkedin_url: None,
        job_title: reply.job_title,
        company_id: reply.company_id,
        company_name: reply.company_name,
        event_id: Some(reply.event_id),
        snippet: Some(reply.snippet).filter(|text| !text.is_empty()),
        might_be: reply.might_be,
    };
    (place, line)
}

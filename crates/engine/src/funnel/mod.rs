//! Which campaign, offer, step, channel and week works: contacted → delivered → opened → answered → positive → meeting →
//! converted, in people or in touches, read from sums that `count` keeps. Leaves drawing to pages and commands.
//!
//! People count once a stage, on the day they first got there, so that days add up. Touches count on their day.

mod count;
mod rows;
mod zone;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use uuid::Uuid;

pub(crate) use count::{check_sums, count_everything_again, recount};
pub use rows::{After, Behind, rows};
pub use zone::{set_time_zone, time_zone, time_zones};

use crate::{Error, Result};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = FunnelUnit)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    People,
    Touches,
}

/// What it is grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = FunnelBy)]
#[serde(rename_all = "lowercase")]
pub enum By {
    Campaign,
    Offer,
    /// Of the sequence; in touches only.
    Step,
    Channel,
    Week,
}

/// A way to reach people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = FunnelChannel)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Email,
    Call,
    Linkedin,
}

/// How far it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    Contacted,
    Bounced,
    /// Contacted, and no bounce came back: of people none at all, of touches none of that mail.
    Delivered,
    Opened,
    Answered,
    Positive,
    Meeting,
    Converted,
}

macro_rules! words {
    ($kind:ident: $($variant:ident $word:literal),*) => {
        impl $kind {
            /// Every one, in the order people read them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its word: argument, JSON, URL.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The one of that word.
            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}
words!(Unit: People "people", Touches "touches");
words!(By: Campaign "campaign", Offer "offer", Step "step", Channel "channel", Week "week");
words!(Channel: Email "email", Call "call", Linkedin "linkedin");
words!(Stage: Contacted "contacted", Bounced "bounced", Delivered "delivered", Opened "opened", Answered "answered", Positive "positive", Meeting "meeting", Converted "converted");

/// What is looked at; everything where nothing is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = FunnelSelection)]
pub struct Selection {
    /// First day, in the zone of figures.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    pub campaign_id: Option<Uuid>,
    pub offer_id: Option<Uuid>,
    pub channel: Option<Channel>,
}

/// How many got how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = FunnelCounts)]
pub struct Counts {
    pub contacted: i64,
    pub bounced: i64,
    /// Contacted, and no bounce came back: People, ever; touches, of that mail.
    pub delivered: i64,
    pub opened: i64,
    pub answered: i64,
    pub positive: i64,
    pub meeting: i64,
    pub converted: i64,
}

/// One line of a funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = FunnelLine)]
pub struct Line {
    /// Id of the campaign or offer, step, channel, Monday of the week; null: has none.
    pub key: Option<String>,
    pub label: String,
    #[serde(flatten)]
    pub counts: Counts,
}

/// A funnel, with all that its numbers need to be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Funnel {
    pub unit: Unit,
    pub by: By,
    #[serde(flatten)]
    pub selection: Selection,
    /// Zone in which days begin.
    pub time_zone: String,
    /// Over the whole selection; in people each counts once, so that lines may add up to more.
    pub total: Counts,
    pub lines: Vec<Line>,
}

/// What one channel did on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = FunnelDay)]
pub struct Day {
    pub day: Date,
    pub channel: String,
    pub contacted: i64,
    pub answered: i64,
}

/// The funnel of a selection.
pub async fn funnel(pool: &PgPool, unit: Unit, by: By, selection: Selection) -> Result<Funnel> {
    if unit == Unit::People && by == By::Step {
        return Err(Error::invalid(
            "steps are counted in touches: a person is in several of them",
            "count in touches, or group by campaign, offer, channel or week",
        ));
    }
    let (lines, total) = match unit {
        Unit::People => (include_str!("by_people.sql"), include_str!("total_people.sql")),
        Unit::Touches => (include_str!("by_touches.sql"), include_str!("total_touches.sql")),
    };
    let mut lines = selected(sqlx::query(lines).bind(by.word()), selection)
        .fetch_all(pool)
        .await?
        .iter()
        .map(|row| Ok(Line { key: row.try_get("key")?, label: row.try_get("label")?, counts: counts(row)? }))
        .collect::<Result<Vec<_>>>()?;
    if matches!(by, By::Week | By::Step) {
        lines.sort_by_key(|line| match &line.key {
            // what has no step comes last
            Some(key) => (0, key.parse().unwrap_or(0), key.clone()),
            None => (1, 0_i64, String::new()),
        });
    }
    let total = counts(&selected(sqlx::query(total), selection).fetch_one(pool).await?)?;
    Ok(Funnel { unit, by, selection, time_zone: time_zone(pool).await?, total, lines })
}

/// Day by day; days on which nothing happened are left out.
pub async fn days(pool: &PgPool, unit: Unit, selection: Selection) -> Result<Vec<Day>> {
    let rows = selected(sqlx::query(include_str!("days.sql")).bind(unit.word()), selection);
    rows.fetch_all(pool)
        .await?
        .iter()
        .map(|row| {
            Ok(Day {
                day: row.try_get::<jiff_sqlx::Date, _>("on_day")?.to_jiff(),
                channel: row.try_get("channel")?,
                contacted: row.try_get("contacted")?,
                answered: row.try_get("answered")?,
            })
        })
        .collect()
}

type Query = sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// Binds a selection: days, campaign, offer, channel.
fn selected(query: Query, selection: Selection) -> Query {
    query
        .bind(selection.since.map(ToSqlx::to_sqlx))
        .bind(selection.until.map(ToSqlx::to_sqlx))
        .bind(selection.campaign_id)
        .bind(selection.offer_id)
        .bind(selection.channel.map(Channel::word))
}

fn counts(row: &PgRow) -> Result<Counts> {
    Ok(Counts {
        contacted: row.try_get("contacted")?,
        bounced: row.try_get("bounced")?,
        delivered: row.try_get("delivered")?,
        opened: row.try_get("opened")?,
        answered: row.try_get("answered")?,
        positive: row.try_get("positive")?,
        meeting: row.try_get("meeting")?,
        converted: row.try_get("converted")?,
    })
}

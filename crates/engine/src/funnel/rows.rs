//! The rows behind a figure of the funnel: every number opens what it is made of.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::{By, Channel, Selection, Stage, Unit};
use crate::{Error, Result};

/// One event behind a figure; in people, the one by which the person first got there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Behind {
    pub event_id: Uuid,
    pub event_timestamp: Timestamp,
    pub event_type: String,
    pub channel: String,
    pub sequence_step: Option<i32>,
    /// Null: nobody is known by that address.
    pub lead_id: Option<Uuid>,
    pub address: Option<String>,
    pub full_name: Option<String>,
    pub campaign_name: Option<String>,
}

/// Where a page of rows ends: the last one on it.
pub type After = (Timestamp, Uuid);

/// The rows behind one figure: a stage of a line (`by` and its key; the key None is the line that has none), or of the
/// total (`line` None). Newest first, at most `limit`, older than `after`.
pub async fn rows(
    pool: &PgPool,
    unit: Unit,
    stage: Stage,
    selection: Selection,
    line: Option<(By, Option<&str>)>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Behind>> {
    let narrowed =
        line.map_or(Ok(Narrowed::of(selection)), |(by, key)| Narrowed::of(selection).to(by, key))?;
    let Narrowed { selection, step, without } = narrowed;
    let query = match unit {
        Unit::People => sqlx::query(include_str!("rows_of_people.sql")),
        Unit::Touches => sqlx::query(include_str!("rows_of_touches.sql")),
    };
    let query = super::selected(query.bind(stage.word()), selection);
    let query = match unit {
        Unit::People => query.bind(without.is_some()),
        Unit::Touches => query.bind(step).bind(without),
    };
    query
        .bind(after.map(|(instant, _)| instant.to_sqlx()))
        .bind(after.map(|(_, id)| id))
        .bind(limit)
        .fetch_all(pool)
        .await?
        .iter()
        .map(|row| {
            Ok(Behind {
                event_id: row.try_get("id")?,
                event_timestamp: row.try_get::<jiff_sqlx::Timestamp, _>("event_timestamp")?.to_jiff(),
                event_type: row.try_get("event_type")?,
                channel: row.try_get("channel")?,
                sequence_step: row.try_get("sequence_step")?,
                lead_id: row.try_get("lead_id")?,
                address: row.try_get("address")?,
                full_name: row.try_get("full_name")?,
                campaign_name: row.try_get("campaign_name")?,
            })
        })
        .collect()
}

/// A selection, and what a line adds to it.
struct Narrowed {
    selection: Selection,
    step: Option<i32>,
    /// The line of what has no campaign, offer or step.
    without: Option<&'static str>,
}

impl Narrowed {
    fn of(selection: Selection) -> Self {
        Self { selection, step: None, without: None }
    }

    fn to(mut self, by: By, key: Option<&str>) -> Result<Self> {
        let Some(key) = key else {
            self.without = Some(by.word());
            return Ok(self);
        };
        let unreadable = || {
            Error::invalid(
                format!("there is no {} `{key}`", by.word()),
                "take the key from a line of the funnel (`touchline funnel --json`)",
            )
        };
        match by {
            By::Campaign => self.selection.campaign_id = Some(key.parse().map_err(|_| unreadable())?),
            By::Offer => self.selection.offer_id = Some(key.parse().map_err(|_| unreadable())?),
            By::Step => self.step = Some(key.parse().map_err(|_| unreadable())?),
            By::Channel => self.selection.channel = Some(Channel::named(key).ok_or_else(unreadable)?),
            By::Week => {
                let monday: jiff::civil::Date = key.parse().map_err(|_| unreadable())?;
                let sunday = monday.checked_add(jiff::Span::new().days(6)).map_err(|_| unreadable())?;
                let Selection { since, until, .. } = self.selection;
                self.selection.since = Some(since.map_or(monday, |since| since.max(monday)));
                self.selection.until = Some(until.map_or(sunday, |until| until.min(sunday)));
            }
        }
        Ok(self)
    }
}

//! The rows behind a figure of the funnel, page by page, and all of them as CSV.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::response::Response;
use engine::funnel::{self, Behind, By, Stage, Unit};
use engine::{Error, spreadsheet};
use futures::stream;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use uuid::Uuid;

use super::analytics::{self, Chosen};
use super::{asked, page};
use crate::address::Address;
use crate::error::Result;
use crate::parts;
use crate::say;
use crate::shell::Shell;
use crate::state::App;

/// Rows of a page, and of a piece of the CSV.
const ROWS: i64 = 50;
const PIECE: i64 = 1000;

/// What stands in the address besides the selection.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Asked {
    stage: Option<String>,
    /// Key of a line; `none`: the line of what has none.
    of: Option<String>,
    /// Where the page before ends.
    after: Option<String>,
}

/// What was asked, understood.
#[derive(Clone)]
struct Behold {
    chosen: Chosen,
    stage: Stage,
    of: Option<Option<String>>,
    after: Option<funnel::After>,
}

impl Behold {
    fn line(&self) -> Option<(By, Option<&str>)> {
        self.of.as_ref().map(|key| (self.chosen.by, key.as_deref()))
    }

    fn address(&self, path: &str) -> Address {
        let address = self.chosen.rows(self.stage).at(path);
        match &self.of {
            None => address.with("by", ""),
            Some(key) => {
                address.with("by", self.chosen.by.word()).with("of", key.as_deref().unwrap_or("none"))
            }
        }
    }

    async fn rows(&self, app: &App, limit: i64) -> Result<Vec<Behind>> {
        let Chosen { unit, selection, .. } = self.chosen;
        Ok(funnel::rows(&app.pool, unit, self.stage, selection, self.line(), self.after, limit).await?)
    }
}

async fn behold(shell: &Shell, app: &App, selection: &analytics::Asked, asked: &Asked) -> Result<Behold> {
    let zone = funnel::time_zone(&app.pool).await?;
    let today = shell.now.to_zoned(TimeZone::get(&zone).unwrap_or(TimeZone::UTC)).date();
    let stage = asked::word("stage", &asked.stage, Stage::ALL, Stage::word)?.unwrap_or(Stage::Answered);
    let of = asked::filled(&asked.of).map(|key| (key != "none").then(|| key.to_owned()));
    let after =
        match asked::filled(&asked.after) {
            None => None,
            Some(text) => Some(after(text).ok_or_else(|| {
                Error::invalid("that is not where a page ends", "go back to the first page")
            })?),
        };
    Ok(Behold { chosen: selection.chosen(today)?, stage, of, after })
}

fn after(text: &str) -> Option<(Timestamp, Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}

fn ends(row: &Behind) -> String {
    format!("{}.{}", row.event_timestamp.as_microsecond(), row.event_id)
}

#[derive(Template)]
#[template(path = "analytics_rows.html")]
struct Page {
    shell: Shell,
    behold: Behold,
    rows: Vec<Behind>,
    next: Option<String>,
    first: Option<String>,
    csv: String,
    back: String,
}

pub(crate) async fn rows(
    shell: Shell,
    State(app): State<App>,
    Query(selection): Query<analytics::Asked>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let behold = behold(&shell, &app, &selection, &asked).await?;
    let mut rows = behold.rows(&app, ROWS + 1).await?;
    let more = rows.len() as i64 > ROWS;
    rows.truncate(ROWS as usize);
    let here = behold.address("/analytics/rows");
    let next = rows.last().filter(|_| more).map(|last| here.clone().with("after", ends(last)).text());
    let first = behold.after.map(|_| here.text());
    let csv = behold.address("/analytics/rows.csv").text();
    let back = behold.chosen.address("/analytics").text();
    Ok(page(&shell.clone(), &Page { shell, behold, rows, next, first, csv, back }))
}

/// `GET /analytics/rows.csv`: every row behind the figure, as it is read.
pub(crate) async fn csv(
    shell: Shell,
    State(app): State<App>,
    Query(selection): Query<analytics::Asked>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let mut behold = behold(&shell, &app, &selection, &asked).await?;
    behold.after = None;
    let name = format!("touchline-{}.csv", behold.stage.word());
    let head = spreadsheet::line([
        "event_timestamp",
        "event_type",
        "channel",
        "sequence_step",
        "lead_id",
        "full_name",
        "address",
        "campaign_name",
        "event_id",
    ]);
    let pieces = stream::try_unfold((behold, Some(head)), move |(mut behold, head)| {
        let app = app.clone();
        async move {
            if head.is_none() && behold.after.is_none() {
                return Ok::<_, std::io::Error>(None);
            }
            let rows = behold
                .rows(&app, PIECE)
                .await
                .map_err(|_| std::io::Error::other("the rows could not be read to their end"))?;
            behold.after = rows
                .last()
                .filter(|_| rows.len() as i64 == PIECE)
                .map(|last| (last.event_timestamp, last.event_id));
            let mut text = head.unwrap_or_default();
            rows.iter().for_each(|row| text.push_str(&line(row)));
            Ok(Some((Bytes::from(text), (behold, None))))
        }
    });
    Ok(analytics::attached(&name, Body::from_stream(pieces)))
}

fn line(row: &Behind) -> String {
    let step = row.sequence_step.map(|step| step.to_string()).unwrap_or_default();
    let lead = row.lead_id.map(|id| id.to_string()).unwrap_or_default();
    spreadsheet::line([
        row.event_timestamp.to_string().as_str(),
        &row.event_type,
        &row.channel,
        &step,
        &lead,
        row.full_name.as_deref().unwrap_or(""),
        row.address.as_deref().unwrap_or(""),
        row.campaign_name.as_deref().unwrap_or(""),
        &row.event_id.to_string(),
    ])
}

//! Analytics: what was sent, what came back, which campaign, offer, step works. Every number opens its rows.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use engine::Error;
use engine::funnel::{self, By, Channel, Counts, Funnel, Line, Selection, Stage, Unit};
use engine::spreadsheet;
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use uuid::Uuid;

use super::{asked, page};
use crate::address::Address;
use crate::chart::Chart;
use crate::error::Result;
use crate::parts;
use crate::say::{self, Given};
use crate::shell::Shell;
use crate::state::App;

/// Ranges that are offered, in days.
const RANGES: [(&str, &str, i32); 4] =
    [("7d", "7 days", 7), ("30d", "30 days", 30), ("90d", "90 days", 90), ("365d", "A year", 365)];

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    unit: Option<String>,
    by: Option<String>,
    range: Option<String>,
    since: Option<String>,
    until: Option<String>,
    campaign: Option<String>,
    offer: Option<String>,
    channel: Option<String>,
}

/// What was asked, understood.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub(crate) unit: Unit,
    pub(crate) by: By,
    /// `7d`, `all`, or `dates`.
    pub(crate) range: String,
    pub(crate) selection: Selection,
}

impl Asked {
    /// Reads it strictly; `today` in the zone of figures.
    pub(crate) fn chosen(&self, today: Date) -> Result<Chosen> {
        let by = asked::word("grouping", &self.by, By::ALL, By::word)?.unwrap_or(By::Campaign);
        let unit = asked::word("unit", &self.unit, Unit::ALL, Unit::word)?.unwrap_or(Unit::People);
        let dates = (asked::filled(&self.since), asked::filled(&self.until));
        let range = match (dates, asked::filled(&self.range)) {
            ((None, None), None) => "30d",
            ((None, None), Some(range)) => range,
            _ => "dates",
        };
        let (since, until) = match range {
            "all" => (None, None),
            "dates" => (date(dates.0)?, date(dates.1)?),
            range => {
                let days = RANGES.iter().find(|(word, ..)| *word == range).map(|(.., days)| *days);
                let days = days.ok_or_else(|| {
                    Error::invalid(format!("there is no range `{range}`"), "7d, 30d, 90d, 365d or all")
                })?;
                (Some(today.saturating_sub(Span::new().days(days - 1))), Some(today))
            }
        };
        if let (Some(since), Some(until)) = (since, until)
            && since > until
        {
            return Err(Error::invalid("the first day is after the last", "swap the two dates").into());
        }
        let selection = Selection {
            since,
            until,
            campaign_id: asked::id("campaign", &self.campaign)?,
            offer_id: asked::id("offer", &self.offer)?,
            channel: asked::word("channel", &self.channel, Channel::ALL, Channel::word)?,
        };
        // A person is in several steps: those are counted in touches.
        let unit = if by == By::Step { Unit::Touches } else { unit };
        Ok(Chosen { unit, by, range: range.into(), selection })
    }
}

fn date(text: Option<&str>) -> Result<Option<Date>> {
    let Some(text) = text else { return Ok(None) };
    let unreadable = |_| Error::invalid(format!("`{text}` is no date"), "write it like 2026-11-01");
    Ok(Some(text.parse().map_err(unreadable)?))
}

impl Chosen {
    /// People over all time.
    pub(crate) fn of_all() -> Self {
        Self { unit: Unit::People, by: By::Campaign, range: "all".into(), selection: Selection::default() }
    }

    /// The same question as an address at a page of figures.
    pub(crate) fn address(&self, path: &str) -> Address {
        let Selection { since, until, campaign_id, offer_id, channel } = self.selection;
        let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let address = Address::of(path)
            .with("unit", if self.unit == Unit::People { "" } else { self.unit.word() })
            .with("by", if self.by == By::Campaign { "" } else { self.by.word() })
            .with("campaign", campaign_id.map(|id| id.to_string()).unwrap_or_default())
            .with("offer", offer_id.map(|id| id.to_string()).unwrap_or_default())
            .with("channel", channel.map_or("", Channel::word));
        match self.range.as_str() {
            "dates" => address.with("since", text(since)).with("until", text(until)),
            "30d" => address,
            range => address.with("range", range),
        }
    }

    /// The address of the rows behind a figure, with the days as they are now: tomorrow it shows the same.
    pub(crate) fn rows(&self, stage: Stage) -> Address {
        let dated = Self { range: "dates".into(), ..self.clone() };
        let address = dated.address("/analytics/rows").with("stage", stage.word());
        if self.selection.since.is_none() && self.selection.until.is_none() {
            return address.with("range", "all");
        }
        address
    }

    /// What is counted: `people`, `touches`.
    pub(crate) fn noun(&self) -> &'static str {
        self.unit.word()
    }

    /// `18 May to 16 June 2026`
    pub(crate) fn days(&self) -> String {
        let day = |day: Date| day.strftime("%-d %B %Y").to_string();
        match (self.selection.since, self.selection.until) {
            (None, None) => "all time".into(),
            (Some(since), None) => format!("since {}", day(since)),
            (None, Some(until)) => format!("until {}", day(until)),
            (Some(since), Some(until)) if since == until => day(since),
            (Some(since), Some(until)) => format!("{} to {}", day(since), day(until)),
        }
    }
}

#[derive(Template)]
#[template(path = "analytics.html")]
struct Page {
    shell: Shell,
    chosen: Chosen,
    funnel: Funnel,
    /// Of the time of the same length before.
    before: Option<Counts>,
    chart: Chart,
    campaigns: Vec<(String, String)>,
    offers: Vec<(String, String)>,
    steps: Vec<Bar>,
}

/// One bar of the funnel.
pub(crate) struct Bar {
    pub(crate) name: &'static str,
    pub(crate) number: i64,
    /// None: worked out of two others.
    pub(crate) link: Option<String>,
    /// Percent of the first bar.
    pub(crate) width: f64,
    /// Share of the bar before.
    pub(crate) rate: String,
}

impl Page {
    fn is(&self, chosen: &Option<Uuid>, id: &str) -> bool {
        chosen.is_some_and(|chosen| chosen.to_string() == id)
    }

    fn cell(&self, line: &Line, stage: Stage, number: impl Given<i64>) -> parts::Html {
        let of = line.key.as_deref().unwrap_or("none");
        figure(
            &self.chosen.rows(stage).with("by", self.chosen.by.word()).with("of", of).text(),
            number.given(),
        )
    }

    fn total(&self, stage: Stage, number: impl Given<i64>) -> parts::Html {
        figure(&self.chosen.rows(stage).with("by", "").text(), number.given())
    }

    fn day_cell(
        &self,
        begin: &Date,
        end: &Date,
        at: i32,
        stage: Stage,
        number: impl Given<i64>,
    ) -> parts::Html {
        let channel = Channel::ALL[at as usize];
        let selection = Selection {
            since: Some(*begin),
            until: Some(*end),
            channel: Some(channel),
            ..self.chosen.selection
        };
        let chosen = Chosen { selection, ..self.chosen.clone() };
        figure(&chosen.rows(stage).with("by", "").text(), number.given())
    }

    /// Points more or less than the time before, in words.
    fn change(&self) -> Option<String> {
        let before = self.before.filter(|before| before.contacted > 0)?;
        let now = self.funnel.total;
        let share = |counts: Counts| 100.0 * counts.answered as f64 / counts.contacted as f64;
        let points = share(now) - share(before);
        let days = self.chosen.selection.since?.until(self.chosen.selection.until?).ok()?.get_days() + 1;
        let than = format!("than the {days} days before");
        Some(match points {
            _ if points.abs() < 0.05 => format!("as in the {days} days before"),
            _ if points > 0.0 => format!("{points:.1} points more {than}"),
            _ => format!("{:.1} points less {than}", -points),
        })
    }

    fn line_link(&self, line: &Line) -> Option<String> {
        let key = line.key.as_deref()?;
        match self.chosen.by {
            By::Campaign => Some(format!("/campaigns/{key}")),
            By::Offer => Some(format!("/offers/{key}")),
            By::Step | By::Channel | By::Week => None,
        }
    }
}

/// A number that opens its rows; nought opens nothing.
pub(crate) fn figure(address: &str, number: i64) -> parts::Html {
    if number == 0 {
        return parts::Html::trusted("<span class=\"muted\">0</span>".into());
    }
    parts::Html::trusted(format!(
        "<a class=\"figure\" href=\"{}\">{}</a>",
        parts::escape(address),
        parts::number(&number)
    ))
}

/// The bars of a funnel, one scale for all.
pub(crate) fn bars(counts: &Counts, rows: impl Fn(Stage) -> String) -> Vec<Bar> {
    let steps = [
        (Stage::Contacted, "Contacted", counts.contacted),
        (Stage::Delivered, "Delivered", counts.delivered),
        (Stage::Opened, "Opened", counts.opened),
        (Stage::Answered, "Answered", counts.answered),
        (Stage::Positive, "Positive", counts.positive),
        (Stage::Meeting, "Meeting", counts.meeting),
        (Stage::Converted, "Converted", counts.converted),
    ];
    let whole = steps.iter().map(|(.., number)| *number).max().unwrap_or(0).max(1) as f64;
    let mut before: Option<i64> = None;
    steps
        .into_iter()
        .map(|(stage, name, number)| Bar {
            name,
            number,
            link: (number > 0).then(|| rows(stage)),
            width: 100.0 * number as f64 / whole,
            rate: before.replace(number).map(|before| parts::percent(&number, &before)).unwrap_or_default(),
        })
        .collect()
}

pub(crate) async fn analytics(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let zone = funnel::time_zone(&app.pool).await?;
    let today = shell.now.to_zoned(TimeZone::get(&zone).unwrap_or(TimeZone::UTC)).date();
    let chosen = asked.chosen(today)?;
    let funnel = funnel::funnel(&app.pool, chosen.unit, chosen.by, chosen.selection).await?;
    let before = match (chosen.selection.since, chosen.selection.until) {
        (Some(since), Some(until)) => {
            let days = since.until(until).map_or(0, |span| span.get_days()) + 1;
            let back = Span::new().days(days);
            let selection = Selection {
                since: Some(since.saturating_sub(back)),
                until: Some(until.saturating_sub(back)),
                ..chosen.selection
            };
            let by = if chosen.unit == Unit::People { By::Channel } else { chosen.by };
            Some(funnel::funnel(&app.pool, chosen.unit, by, selection).await?.total)
        }
        _ => None,
    };
    let days = funnel::days(&app.pool, chosen.unit, chosen.selection).await?;
    let first = chosen.selection.since.or_else(|| days.first().map(|day| day.day)).unwrap_or(today);
    let chart = Chart::new(&days, first, chosen.selection.until.unwrap_or(today).max(first));
    let (campaigns, offers) = choices(&app, &chosen).await?;
    let steps = bars(&funnel.total, |stage| chosen.rows(stage).with("by", "").text());
    Ok(page(&shell.clone(), &Page { shell, chosen, funnel, before, chart, campaigns, offers, steps }))
}

/// Campaigns and offers that something was counted for, by id and name.
async fn choices(app: &App, chosen: &Chosen) -> Result<(Vec<(String, String)>, Vec<(String, String)>)> {
    let named = |funnel: Funnel| {
        funnel.lines.into_iter().filter_map(|line| Some((line.key?, line.label))).collect::<Vec<_>>()
    };
    let all = Selection::default();
    let campaigns = funnel::funnel(&app.pool, chosen.unit, By::Campaign, all).await?;
    let offers = funnel::funnel(&app.pool, chosen.unit, By::Offer, all).await?;
    Ok((named(campaigns), named(offers)))
}

/// `GET /analytics.csv`: the lines of the table.
pub(crate) async fn csv(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let zone = funnel::time_zone(&app.pool).await?;
    let today = shell.now.to_zoned(TimeZone::get(&zone).unwrap_or(TimeZone::UTC)).date();
    let chosen = asked.chosen(today)?;
    let funnel = funnel::funnel(&app.pool, chosen.unit, chosen.by, chosen.selection).await?;
    let head = [
        chosen.by.word(),
        "key",
        "contacted",
        "bounced",
        "delivered",
        "opened",
        "answered",
        "positive",
        "meeting",
        "converted",
    ];
    let mut text = spreadsheet::line(head);
    for line in &funnel.lines {
        let Counts { contacted, bounced, delivered, opened, answered, positive, meeting, converted } =
            line.counts;
        let numbers = [contacted, bounced, delivered, opened, answered, positive, meeting, converted];
        let numbers = numbers.map(|number| number.to_string());
        let words = [line.label.as_str(), line.key.as_deref().unwrap_or("")];
        text.push_str(&spreadsheet::line(words.into_iter().chain(numbers.iter().map(String::as_str))));
    }
    Ok(attached(&format!("touchline-{}-{}.csv", chosen.by.word(), chosen.unit.word()), text))
}

/// A CSV as a download.
pub(crate) fn attached(name: &str, body: impl Into<axum::body::Body>) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, body.into()).into_response()
}

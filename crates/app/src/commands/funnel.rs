//! `touchline funnel`: which campaign, offer, step works, and the rows behind each number.

use std::process::ExitCode;

use engine::db::Database;
use engine::funnel::{self, Behind, By, Counts, Day, Selection, Unit};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::config::{Funnel, Global, Since};
use crate::output::{self, count};

pub(super) async fn run(global: &Global, database: &Database, asked: &Funnel) -> anyhow::Result<ExitCode> {
    let pool = database.pool();
    let zone = funnel::time_zone(pool).await?;
    let selection = Selection {
        since: match asked.since {
            None => None,
            Some(Since::Day(day)) => Some(day),
            Some(Since::DaysBack(days)) => {
                let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
                Some(Timestamp::now().to_zoned(zone).date().checked_sub(Span::new().days(days))?)
            }
        },
        until: asked.until,
        campaign_id: asked.campaign,
        offer_id: asked.offer,
        channel: asked.channel,
    };
    let unit = asked.unit.unwrap_or(if asked.by == By::Step { Unit::Touches } else { Unit::People });
    if let Some(stage) = asked.rows {
        let line = asked.of.as_deref().map(|key| (asked.by, (key != "none").then_some(key)));
        let rows = funnel::rows(pool, unit, stage, selection, line, None, asked.limit.max(1)).await?;
        if global.json {
            output::json(&rows)?;
        } else {
            output::print(&rows_told(&rows));
        }
    } else if asked.days {
        let days = funnel::days(pool, unit, selection).await?;
        if global.json {
            output::json(&days)?;
        } else {
            output::print(&days_told(&days));
        }
    } else {
        let funnel = funnel::funnel(pool, unit, asked.by, selection).await?;
        if global.json {
            output::json(&funnel)?;
        } else {
            output::print(&told(&funnel));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A sentence, then the lines.
fn told(funnel: &funnel::Funnel) -> String {
    if funnel.total == Counts::default() {
        return "Nobody was contacted in this time. `touchline funnel` without `--since` looks at everything.".into();
    }
    let mut rows = vec![
        ["", "contacted", "delivered", "opened", "answered", "rate", "positive", "meeting", "converted"]
            .map(String::from)
            .to_vec(),
    ];
    rows.extend(funnel.lines.iter().map(|line| cells(&line.label, &line.counts)));
    rows.push(cells("All", &funnel.total));
    let what = match funnel.unit {
        Unit::People => "people",
        Unit::Touches => "touches",
    };
    format!(
        "{} of {} {what} answered. Days begin in {}.\n\n{}",
        count(funnel.total.answered.unsigned_abs()),
        count(funnel.total.contacted.unsigned_abs()),
        funnel.time_zone,
        output::table(&rows)
    )
}

fn cells(label: &str, counts: &Counts) -> Vec<String> {
    let n = |number: i64| count(number.unsigned_abs());
    let rate = if counts.contacted == 0 {
        "–".into()
    } else {
        format!("{:.1} %", counts.answered as f64 * 100.0 / counts.contacted as f64)
    };
    vec![
        output::excerpt(label, 40),
        n(counts.contacted),
        n(counts.delivered),
        n(counts.opened),
        n(counts.answered),
        rate,
        n(counts.positive),
        n(counts.meeting),
        n(counts.converted),
    ]
}

fn days_told(days: &[Day]) -> String {
    if days.is_empty() {
        return "Nothing happened in this time.".into();
    }
    let mut rows = vec![["day", "channel", "sent", "answered"].map(String::from).to_vec()];
    rows.extend(days.iter().map(|day| {
        let n = |number: i64| count(number.unsigned_abs());
        vec![day.day.to_string(), day.channel.clone(), n(day.contacted), n(day.answered)]
    }));
    output::table(&rows)
}

fn rows_told(rows: &[Behind]) -> String {
    if rows.is_empty() {
        return "No row: the figure is 0.".into();
    }
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                output::instant(row.event_timestamp),
                row.event_type.clone(),
                output::plain(row.address.as_deref().unwrap_or("(no address)")),
                output::plain(row.full_name.as_deref().unwrap_or("")),
                output::excerpt(row.campaign_name.as_deref().unwrap_or(""), 40),
            ]
        })
        .collect();
    output::table(&lines)
}

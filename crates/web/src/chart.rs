//! The daily chart as the touchline: answers stand above it, what we sent hangs below. Percent across, pixels down, so
//! that text never scales. Leaves the table behind it to the page.

use std::collections::BTreeMap;
use std::fmt::Write;

use engine::funnel::Day;
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use crate::parts::{self, Html};

/// Most columns that can be told apart.
const COLUMNS: i32 = 92;
const CHANNELS: [&str; 3] = ["email", "call", "linkedin"];

/// Where the line runs, and how far it goes up and down, in pixels.
const LINE: f64 = 124.0;
const UP: f64 = 96.0;
const DOWN: f64 = 108.0;
/// Where columns begin, in percent; before it stand the scales.
const LEFT: f64 = 4.5;

/// What one column holds: answered and contacted of each channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) answered: [i64; 3],
    pub(crate) contacted: [i64; 3],
}

impl Column {
    pub(crate) fn answers(&self) -> i64 {
        self.answered.iter().sum()
    }

    pub(crate) fn sent(&self) -> i64 {
        self.contacted.iter().sum()
    }
}

/// Columns from the first day to the last: of a day, of a week where there are many, of four weeks where there are more.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    pub(crate) columns: Vec<(Date, Date, Column)>,
    pub(crate) days_a_column: i32,
}

impl Chart {
    pub(crate) fn new(days: &[Day], first: Date, last: Date) -> Self {
        let number = (first.until(last).map_or(0, |span| span.get_days()) + 1).max(1);
        let days_a_column = match number {
            ..=COLUMNS => 1,
            93..=644 => 7,
            _ => 28,
        };
        let first = if days_a_column == 1 { first } else { monday(first) };
        let mut by_day: BTreeMap<Date, Column> = BTreeMap::new();
        for day in days {
            let Some(at) = CHANNELS.iter().position(|channel| *channel == day.channel) else { continue };
            let column = by_day.entry(day.day).or_default();
            column.answered[at] += day.answered;
            column.contacted[at] += day.contacted;
        }
        let mut columns = Vec::new();
        let mut begin = first;
        while begin <= last {
            let end = begin.saturating_add((days_a_column - 1).days());
            let mut sum = Column::default();
            for column in by_day.range(begin..=end).map(|(_, column)| column) {
                for at in 0..3 {
                    sum.answered[at] += column.answered[at];
                    sum.contacted[at] += column.contacted[at];
                }
            }
            columns.push((begin, end.min(last), sum));
            begin = begin.saturating_add(days_a_column.days());
        }
        Self { columns, days_a_column }
    }

    #[cfg(test)]
    fn sums(&self) -> (i64, i64) {
        let sum = |of: fn(&Column) -> i64| self.columns.iter().map(|(.., column)| of(column)).sum();
        (sum(Column::sent), sum(Column::answers))
    }

    /// How many of what we sent are drawn as tall as one answer.
    pub(crate) fn ratio(&self) -> String {
        let (up, down) = self.tops();
        let ratio = (down / DOWN) / (up / UP);
        if ratio < 3.0 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
    }

    /// The tops of both scales.
    fn tops(&self) -> (f64, f64) {
        let most = |of: fn(&Column) -> i64| self.columns.iter().map(|(.., c)| of(c)).max().unwrap_or(0);
        (nice(most(Column::answers)), nice(most(Column::sent)))
    }

    /// The drawing.
    pub(crate) fn svg(&self, title: &str) -> Html {
        let (up, down) = self.tops();
        let mut svg = format!(
            "<svg width=\"100%\" height=\"278\" role=\"img\" aria-label=\"{}\">",
            parts::escape(title)
        );
        let line = |svg: &mut String, y: f64, value: f64| {
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}%\" x2=\"100%\" y1=\"{y:.0}\" y2=\"{y:.0}\"/><text x=\"4%\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
                y + 4.0,
                short(value)
            );
        };
        for step in 1..=ticks(up) {
            let value = up * f64::from(step) / f64::from(ticks(up));
            line(&mut svg, LINE - value / up * UP, value);
        }
        for step in 1..=ticks(down) {
            let value = down * f64::from(step) / f64::from(ticks(down));
            line(&mut svg, LINE + value / down * DOWN, value);
        }
        svg.push_str("<text x=\"0\" y=\"14\" class=\"lab\">Answers</text><text x=\"0\" y=\"274\" class=\"lab\">Sent</text>");
        let width = (100.0 - LEFT - 0.5) / self.columns.len().max(1) as f64;
        let every = (self.columns.len() / 5).max(1);
        for (at, (begin, end, column)) in self.columns.iter().enumerate() {
            let x = LEFT + 0.5 + width * at as f64;
            self.column(&mut svg, x, width, (*begin, *end, column), (up, down));
            if at % every == 0 && at + every / 2 <= self.columns.len() {
                let fine = if (at / every) % 2 == 1 { " class=\"fine\"" } else { "" };
                let _ = write!(
                    svg,
                    "<text x=\"{x:.2}%\" y=\"256\"{fine}>{}</text>",
                    begin.strftime(if self.days_a_column == 28 { "%b %Y" } else { "%-d %b" })
                );
            }
        }
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}%\" x2=\"100%\" y1=\"{LINE}\" y2=\"{LINE}\"/></svg>"
        );
        Html::trusted(svg)
    }

    fn column(
        &self,
        svg: &mut String,
        x: f64,
        width: f64,
        (begin, end, column): (Date, Date, &Column),
        (up, down): (f64, f64),
    ) {
        let weekend =
            self.days_a_column == 1 && matches!(begin.weekday(), Weekday::Saturday | Weekday::Sunday);
        let class = if weekend { "off" } else { "hit" };
        let _ = write!(
            svg,
            "<g><rect class=\"{class}\" x=\"{x:.2}%\" width=\"{width:.2}%\" y=\"24\" height=\"216\"/>"
        );
        let (bar_x, bar) = (x + width * 0.2, width * 0.6);
        let mut y = LINE - 1.0;
        for (at, number) in column.answered.iter().enumerate().filter(|(_, number)| **number > 0) {
            let height = *number as f64 / up * UP;
            y -= height;
            let _ = write!(
                svg,
                "<rect class=\"bar {}\" x=\"{bar_x:.2}%\" width=\"{bar:.2}%\" y=\"{y:.1}\" height=\"{:.1}\"/>",
                CHANNELS[at],
                (height - 1.0).max(0.75)
            );
        }
        let mut y = LINE + 1.0;
        for (at, number) in column.contacted.iter().enumerate().filter(|(_, number)| **number > 0) {
            let height = *number as f64 / down * DOWN;
            let _ = write!(
                svg,
                "<rect class=\"sent {}\" x=\"{bar_x:.2}%\" width=\"{bar:.2}%\" y=\"{y:.1}\" height=\"{:.1}\"/>",
                CHANNELS[at],
                (height - 0.75).max(0.75)
            );
            y += height;
        }
        let when = match self.days_a_column {
            1 => begin.strftime("%a %-d %b").to_string(),
            _ => format!("{} to {}", begin.strftime("%-d %b"), end.strftime("%-d %b")),
        };
        let answers = parts::count(&column.answers(), "answer", "answers");
        let _ = write!(svg, "<title>{when}: {answers}, {} sent</title></g>", parts::number(&column.sent()));
    }
}

fn monday(day: Date) -> Date {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.saturating_sub(Span::new().days(back))
}

/// The next round number that is not below: 1, 2, 4, 6, 8, 10, 20, …
fn nice(most: i64) -> f64 {
    let most = most.max(1) as f64;
    let power = 10_f64.powf(most.log10().floor());
    let step = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0].into_iter().find(|step| step * power >= most);
    step.unwrap_or(10.0) * power
}

/// How many lines a scale gets.
fn ticks(top: f64) -> i32 {
    match (top / 10_f64.powf(top.log10().floor())).round() as i32 {
        3 | 6 => 3,
        4 | 8 => 4,
        _ if top <= 1.0 => 1,
        _ => 2,
    }
}

fn short(value: f64) -> String {
    if value >= 1000.0 { format!("{} k", value / 1000.0) } else { format!("{value}") }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn day(on: Date, channel: &str, contacted: i64, answered: i64) -> Day {
        Day { day: on, channel: channel.into(), contacted, answered }
    }

    #[test]
    fn every_day_has_a_column_and_scales_end_at_round_numbers() {
        let days = [
            day(date(2026, 6, 2), "email", 57, 3),
            day(date(2026, 6, 2), "call", 4, 1),
            day(date(2026, 6, 4), "email", 1, 0),
        ];
        let chart = Chart::new(&days, date(2026, 6, 1), date(2026, 6, 5));
        assert_eq!((chart.columns.len(), chart.sums()), (5, (62, 4)));
        assert_eq!(chart.columns[1].2, Column { answered: [3, 1, 0], contacted: [57, 4, 0] });
        assert_eq!(chart.tops(), (4.0, 80.0));
    }

    #[test]
    fn long_times_are_drawn_in_weeks_from_mondays_and_lose_nothing() {
        let days: Vec<Day> =
            (0..400).map(|n| day(date(2025, 3, 5).saturating_add(n.days()), "linkedin", 2, n % 2)).collect();
        let chart = Chart::new(&days, date(2025, 3, 5), date(2025, 3, 5).saturating_add(399.days()));
        assert_eq!((chart.days_a_column, chart.sums()), (7, (800, 200)));
        assert_eq!(chart.columns[0].0.weekday(), Weekday::Monday);
        assert!(chart.svg("x").to_string().contains("class=\"sent linkedin\""));
    }
}

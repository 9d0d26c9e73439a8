//! The touchline: time runs along a line; what we sent hangs below, what came back stands above. Geometry is attributes,
//! colour is classes. Leaves what is drawn to the pages.

use std::fmt::Write;

use engine::leads::{DRAWN, Drawn};
use engine::timeline;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::assets;
use crate::parts::{self, Html};

/// A touch as a mark.
pub(crate) struct Mark {
    pub(crate) at: Timestamp,
    pub(crate) channel: &'static str,
    /// They did it.
    pub(crate) back: bool,
    /// What stands beside it; None: nothing.
    pub(crate) words: Option<String>,
    /// Where it leads; None: nowhere.
    pub(crate) href: Option<String>,
}

impl Mark {
    pub(crate) fn of(touch: &Drawn) -> Self {
        Self {
            at: touch.event_timestamp,
            channel: timeline::channel(&touch.event_type, &touch.contact_kind),
            back: timeline::from_them(&touch.event_type, touch.call_outcome.as_deref()),
            words: None,
            href: None,
        }
    }
}

/// Six weeks in the width of a table's cell.
pub(crate) fn mini(touches: &[Drawn], now: Timestamp) -> Html {
    let mut svg = String::from("<svg class=\"strip mini\" viewBox=\"0 0 120 20\" role=\"img\" aria-label=\"");
    let back = touches.iter().filter(|touch| Mark::of(touch).back).count();
    let _ = match touches.len() {
        0 => write!(svg, "No touch in six weeks"),
        all => write!(svg, "{} sent, {back} back", all - back),
    };
    svg.push_str("\"><path class=\"base\" d=\"M0 12.5h120\"/>");
    for mark in touches.iter().map(Mark::of) {
        let x = 2.0 + 116.0 * share(mark.at, now - DRAWN, now);
        let channel = mark.channel;
        let _ = if mark.back {
            write!(
                svg,
                "<g class=\"{channel}\"><path class=\"back\" d=\"M{x:.1} 12V5.5\"/><circle class=\"head\" cx=\"{x:.1}\" cy=\"4.5\" r=\"2\"/></g>"
            )
        } else {
            write!(svg, "<path class=\"out {channel}\" d=\"M{x:.1} 13v4.5\"/>")
        };
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
}

/// An empty touchline, for states in which there is nothing yet.
pub(crate) fn empty() -> Html {
    Html::trusted(
        "<svg class=\"strip\" viewBox=\"0 0 144 32\" width=\"144\" height=\"32\" aria-hidden=\"true\"><line class=\"base\" x1=\"0\" x2=\"144\" y1=\"20\" y2=\"20\"/></svg>"
            .into(),
    )
}

/// What a line of lanes shows.
pub(crate) struct Lanes<'a> {
    pub(crate) marks: &'a [Mark],
    pub(crate) from: Timestamp,
    pub(crate) now: Timestamp,
    pub(crate) zone: &'a TimeZone,
    /// Days (else hours) between the lines of the grid.
    pub(crate) every: Grid,
    /// In words, for those who do not see it.
    pub(crate) label: &'a str,
}

/// How the time is divided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grid {
    Weeks,
    Hours(i32),
}

const LEFT: f64 = 8.0;
const RIGHT: f64 = 98.0;
/// Names of two marks of a lane need this much room, in percent.
const ROOM: f64 = 11.0;

/// One lane a channel, time across.
pub(crate) fn lanes(lanes: &Lanes<'_>) -> Html {
    const CHANNELS: [&str; 3] = ["email", "call", "linkedin"];
    let height = 20 + 46 * CHANNELS.len();
    let mut svg = String::with_capacity(8192);
    let linked = lanes.marks.iter().any(|mark| mark.href.is_some());
    let role = if linked { "group" } else { "img" };
    let _ = write!(
        svg,
        "<svg class=\"strip\" width=\"100%\" height=\"{height}\" role=\"{role}\" aria-label=\"{}\">",
        parts::escape(lanes.label)
    );
    grid(&mut svg, lanes, height);
    for (row, channel) in CHANNELS.into_iter().enumerate() {
        lane(&mut svg, lanes, channel, 46 * row + 48);
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
}

fn grid(svg: &mut String, lanes: &Lanes<'_>, height: usize) {
    let bottom = height - 8;
    for (nth, (at, words)) in divisions(lanes).into_iter().enumerate() {
        let x = across(at, lanes);
        if !(LEFT..=RIGHT - 4.0).contains(&x) {
            continue;
        }
        let fine = if nth % 2 == 1 { " class=\"fine\"" } else { "" };
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"14\" y2=\"{bottom}\"/><text x=\"{x:.2}%\" y=\"10\" text-anchor=\"middle\"{fine}>{}</text>",
            parts::escape(&words)
        );
    }
    let x = across(lanes.now, lanes);
    let word = if lanes.every == Grid::Weeks { "today" } else { "now" };
    let _ = write!(
        svg,
        "<line class=\"now\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"14\" y2=\"{bottom}\"/><text x=\"{x:.2}%\" y=\"10\" text-anchor=\"middle\">{word}</text>"
    );
}

/// Where lines of the grid stand, and what is written at them.
fn divisions(lanes: &Lanes<'_>) -> Vec<(Timestamp, String)> {
    let begin = lanes.from.to_zoned(lanes.zone.clone());
    let (step, mut at) = match lanes.every {
        Grid::Weeks => (jiff::Span::new().days(7), begin.start_of_day()),
        Grid::Hours(hours) => (jiff::Span::new().hours(hours), begin.start_of_day()),
    };
    let at = &mut at;
    let mut found = Vec::new();
    while let Ok(day) = at {
        if day.timestamp() > lanes.now || found.len() > 60 {
            break;
        }
        let words = match lanes.every {
            Grid::Hours(_) if day.hour() != 0 => day.strftime("%H:%M").to_string(),
            Grid::Hours(_) => day.strftime("%a %-d %b").to_string(),
            Grid::Weeks => day.strftime("%-d %b").to_string(),
        };
        if day.timestamp() >= lanes.from {
            found.push((day.timestamp(), words));
        }
        *at = day.checked_add(step);
    }
    found
}

fn lane(svg: &mut String, lanes: &Lanes<'_>, channel: &'static str, y: usize) {
    let sprite = assets::url("icons/sprite.svg");
    let name = parts::channel_name(channel);
    let _ = write!(
        svg,
        "<g class=\"lead\"><text x=\"0\" y=\"{}\" class=\"who\">{name}</text></g><svg class=\"phone {channel}\" x=\"0\" y=\"{}\" width=\"16\" height=\"16\" overflow=\"visible\"><use href=\"{sprite}#{channel}\" width=\"16\" height=\"16\" class=\"glyph\"/></svg><line class=\"base\" x1=\"{LEFT}%\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>",
        y + 4,
        y - 8
    );
    let of_lane = || lanes.marks.iter().filter(|mark| mark.channel == channel && mark.at >= lanes.from);
    svg.push_str(&format!("<g class=\"{channel}\">"));
    for mark in of_lane().filter(|mark| !mark.back) {
        let x = across(mark.at, lanes);
        let _ = write!(
            svg,
            "<line class=\"out\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"{}\" y2=\"{}\"/>",
            y + 1,
            y + 9
        );
    }
    svg.push_str("</g>");
    let answers: Vec<&Mark> = of_lane().filter(|mark| mark.back).collect();
    // From the latest on: a name is written where it has room, so that the newest are never the ones left out.
    let mut taken = f64::MAX;
    let mut named = vec![false; answers.len()];
    for (nth, mark) in answers.iter().enumerate().rev() {
        let x = across(mark.at, lanes);
        if mark.words.is_some() && taken - x > ROOM {
            named[nth] = true;
            taken = x;
        }
    }
    for (mark, named) in answers.into_iter().zip(named) {
        answer(svg, lanes, mark, y, named);
    }
}

fn answer(svg: &mut String, lanes: &Lanes<'_>, mark: &Mark, y: usize, named: bool) {
    let x = across(mark.at, lanes);
    let (top, channel) = (y - 18, mark.channel);
    let words = mark.words.as_deref().unwrap_or("They");
    let name = parts::channel_name(channel);
    let clock = parts::format("%a %H:%M", mark.at, lanes.zone);
    let open = match &mark.href {
        Some(href) => format!(
            "<a href=\"{}\" class=\"{channel}\" aria-label=\"{}, {name}, {clock}\">",
            parts::escape(href),
            parts::escape(words)
        ),
        None => format!("<g class=\"{channel}\">"),
    };
    let close = if mark.href.is_some() { "</a>" } else { "</g>" };
    let _ = write!(
        svg,
        "{open}<line class=\"back\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"{y}\" y2=\"{top}\"/><circle class=\"head\" cx=\"{x:.2}%\" cy=\"{top}\" r=\"3.5\"/>"
    );
    if named {
        let (dx, anchor) = if x > 70.0 { (-7, "end") } else { (7, "start") };
        let _ = write!(
            svg,
            "<text class=\"who lead\" x=\"{x:.2}%\" dx=\"{dx}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            top + 4,
            parts::escape(&clip(words, 28))
        );
    }
    svg.push_str(close);
}

fn clip(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.into();
    }
    let cut: String = text.chars().take(limit).collect();
    format!("{}…", cut.trim_end())
}

/// Place in percent.
fn across(at: Timestamp, lanes: &Lanes<'_>) -> f64 {
    LEFT + (RIGHT - LEFT) * share(at, lanes.from, lanes.now)
}

fn share(at: Timestamp, from: Timestamp, until: Timestamp) -> f64 {
    let whole: SignedDuration = until.duration_since(from);
    (at.duration_since(from).as_secs_f64() / whole.as_secs_f64().max(1.0)).clamp(0.0, 1.0)
}

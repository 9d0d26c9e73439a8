//! The arguments of `touchline funnel`.

use clap::Args;
use engine::funnel::{By, Channel, Stage, Unit};
use jiff::civil::Date;
use uuid::Uuid;

#[derive(Args)]
pub(crate) struct Funnel {
    /// Group by: campaign, offer, step, channel, week
    #[arg(long, default_value = "campaign", value_parser = by)]
    pub(crate) by: By,
    /// Count in people (each once a stage, on the day they first got there) or touches; steps are counted in touches
    #[arg(long, value_parser = unit)]
    pub(crate) unit: Option<Unit>,
    /// First day: a date, or so many days back, e.g. 30d
    #[arg(long, value_parser = first_day)]
    pub(crate) since: Option<Since>,
    /// Last day: a date
    #[arg(long)]
    pub(crate) until: Option<Date>,
    /// Only this campaign, by its id
    #[arg(long)]
    pub(crate) campaign: Option<Uuid>,
    /// Only this offer, by its id
    #[arg(long)]
    pub(crate) offer: Option<Uuid>,
    /// Only this channel: email, call, linkedin
    #[arg(long, value_parser = channel)]
    pub(crate) channel: Option<Channel>,
    /// Day by day instead
    #[arg(long, conflicts_with = "rows")]
    pub(crate) days: bool,
    /// The rows behind a figure: contacted, bounced, opened, answered, positive, meeting, converted
    #[arg(long, value_name = "STAGE", value_parser = stage)]
    pub(crate) rows: Option<Stage>,
    /// Which line the figure is of: its key as `--json` shows it, or `none`; left out: the total
    #[arg(long, value_name = "KEY", requires = "rows")]
    pub(crate) of: Option<String>,
    /// At most so many rows
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: i64,
}

/// Where a selection begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Since {
    Day(Date),
    DaysBack(i32),
}

fn first_day(text: &str) -> Result<Since, String> {
    let wrong = || "write a date like 2026-11-01, or days like 30d".to_owned();
    match text.strip_suffix('d') {
        Some(days) => {
            let days: u16 = days.parse().map_err(|_| wrong())?;
            Ok(Since::DaysBack(days.into()))
        }
        None => text.parse().map(Since::Day).map_err(|_| wrong()),
    }
}

/// A word of a closed list, or the list.
fn word<T: Copy>(text: &str, all: &[T], word: fn(T) -> &'static str) -> Result<T, String> {
    all.iter()
        .copied()
        .find(|one| word(*one) == text)
        .ok_or_else(|| format!("one of: {}", all.iter().map(|one| word(*one)).collect::<Vec<_>>().join(", ")))
}

fn by(text: &str) -> Result<By, String> {
    word(text, By::ALL, By::word)
}

fn unit(text: &str) -> Result<Unit, String> {
    word(text, Unit::ALL, Unit::word)
}

fn channel(text: &str) -> Result<Channel, String> {
    word(text, Channel::ALL, Channel::word)
}

fn stage(text: &str) -> Result<Stage, String> {
    word(text, Stage::ALL, Stage::word)
}

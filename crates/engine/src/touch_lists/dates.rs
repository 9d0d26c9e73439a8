//! Days as lists write them: `05/01/2026` may be May or January. One list writes one way, so a day that can only be read
//! one way tells for all of them; where none does, such a day is turned away rather than guessed.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::sources::linkedin::instant;

/// Which of two numbers is the day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum DateOrder {
    DayFirst,
    MonthFirst,
    #[default]
    Unknown,
}

/// How a list may write the time of a day.
const TIMES: &[&str] = &["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p"];

impl DateOrder {
    /// What the cells of a list tell.
    pub(super) fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let (mut day_first, mut month_first) = (false, false);
        for (first, second, ..) in cells.filter_map(numbers) {
            day_first |= first > 12;
            month_first |= second > 12;
        }
        match (day_first, month_first) {
            (true, false) => Self::DayFirst,
            (false, true) => Self::MonthFirst,
            _ => Self::Unknown,
        }
    }

    /// The instant a cell names, or the code of why it names none.
    pub(super) fn instant(self, cell: &str) -> Result<Timestamp, &'static str> {
        let Some((first, second, year, time)) = numbers(cell) else {
            return instant(cell, false).ok_or("date_unreadable");
        };
        let (day, month) = match self {
            _ if first > 12 => (first, second),
            _ if second > 12 || first == second => (second, first),
            Self::DayFirst => (first, second),
            Self::MonthFirst => (second, first),
            Self::Unknown => return Err("date_unclear"),
        };
        let date = Date::new(year, month, day).map_err(|_| "date_unreadable")?;
        let time = match time.trim().trim_end_matches("UTC").trim() {
            "" => Time::midnight(),
            text => TIMES
                .iter()
                .find_map(|form| Time::strptime(form, text.to_uppercase()).ok())
                .ok_or("date_unreadable")?,
        };
        let at = date.to_datetime(time).to_zoned(TimeZone::UTC).map_err(|_| "date_unreadable")?;
        instant(&at.timestamp().to_string(), false).ok_or("date_unreadable")
    }
}

/// `1/2/2026 …`, `1.2.2026`, `1-2-2026`: two numbers, the year, and what follows.
fn numbers(cell: &str) -> Option<(i8, i8, i16, &str)> {
    let cell = cell.trim();
    let end = cell.find([' ', ',', 'T']).unwrap_or(cell.len());
    let (date, rest) = cell.split_at(end);
    let mut parts = date.split(['/', '.', '-']);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_date = parts.next().is_none() && year.len() == 4 && first.len() <= 2 && second.len() <= 2;
    let rest = rest.trim_start_matches([',', 'T', ' ']);
    is_date.then(|| Some((first.parse().ok()?, second.parse().ok()?, year.parse().ok()?, rest)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_tells_by_its_clear_days_how_the_others_are_meant() {
        let day_first = DateOrder::of(["05/01/2026", "", "31/01/2026"].into_iter());
        let month_first = DateOrder::of(["05/01/2026", "01/31/2026 9:30 PM"].into_iter());
        let at = |order: DateOrder, cell: &str| order.instant(cell).map(|at| at.to_string());
        assert_eq!(at(day_first, "05/01/2026").unwrap(), "2026-01-05T00:00:00Z");
        assert_eq!(at(month_first, "05/01/2026").unwrap(), "2026-05-01T00:00:00Z");
        assert_eq!(at(month_first, "01/31/2026 9:30 PM").unwrap(), "2026-01-31T21:30:00Z");
        assert_eq!(at(DateOrder::Unknown, "05/01/2026"), Err("date_unclear"));
        assert_eq!(at(DateOrder::Unknown, "05/05/2026 07:00").unwrap(), "2026-05-05T07:00:00Z");
        assert_eq!(at(DateOrder::Unknown, "01 May 2026").unwrap(), "2026-05-01T00:00:00Z");
        assert_eq!(at(DateOrder::Unknown, "2026-05-01T09:30:00Z").unwrap(), "2026-05-01T09:30:00Z");
        assert_eq!(at(DateOrder::Unknown, "2026-05-01 09:30").unwrap(), "2026-05-01T09:30:00Z");
        assert_eq!(at(DateOrder::Unknown, "soon"), Err("date_unreadable"));
        assert_eq!(at(DateOrder::Unknown, "99/99/2026"), Err("date_unreadable"));
    }
}

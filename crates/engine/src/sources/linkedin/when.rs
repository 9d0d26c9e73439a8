//! When a touch happened, however a tool or a list writes it. A day without a time is its midnight, UTC.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::raw::parse_timestamp;

/// How a text may be a day: names of months as in LinkedIn's own export, German dots.
const DAYS: &[&str] = &["%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d.%m.%Y", "%Y/%m/%d"];

/// An instant of this trade; None where the text is none, or may be two.
pub(crate) fn instant(text: &str, day_first: bool) -> Option<Timestamp> {
    let text = text.trim();
    parse_timestamp(text)
        .or_else(|| epoch(text))
        .or_else(|| day(text, day_first)?.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp()))
        .filter(|at| (946_684_800..7_258_118_400).contains(&at.as_second()))
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Timestamp> {
    let number: i64 = text.parse().ok()?;
    match number.to_string().len() {
        9 | 10 => Timestamp::from_second(number).ok(),
        12 | 13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

fn day(text: &str, day_first: bool) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    if let Some(date) = DAYS.iter().find_map(|form| Date::strptime(form, text).ok()) {
        return Some(date);
    }
    let parts: Vec<i16> = text.split('/').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let &[first, second, year] = parts.as_slice() else { return None };
    let (day, month) = match (first, second) {
        _ if day_first => (first, second),
        (13.., 1..=12) => (first, second),
        (1..=12, 13..) => (second, first),
        // 05/05: the same either way
        _ if first == second => (first, second),
        _ => return None,
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_tools_and_lists_write_it() {
        let at = |text: &str| instant(text, false).map(|at| at.to_string());
        for text in [
            "2026-05-21",
            "21 May 2026",
            "May 21, 2026",
            "21.05.2026",
            "21/05/2026",
            "5/21/2026",
            "2026-05-21T02:00:00+02:00",
            "1779321600",
            "1779321600000",
        ] {
            assert_eq!(at(text).as_deref(), Some("2026-05-21T00:00:00Z"), "{text}");
        }
        assert_eq!(at("01/05/2026"), None, "may be January or May");
        assert_eq!(
            instant("01/05/2026", true).map(|at| at.to_string()).as_deref(),
            Some("2026-05-01T00:00:00Z")
        );
        for text in ["", "soon", "0001-01-01", "99/99/2026", "12345"] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}

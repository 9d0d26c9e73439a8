//! Times as people type them: 24h, 7d, today, tomorrow, 2026-11-20, an instant.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

/// A time as it was typed; which instant it means depends on now and on the zone of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// So long before or after now.
    Away(SignedDuration),
    /// So many days from today.
    Days(i32),
    Day(Date),
    At(Timestamp),
}

impl When {
    /// Now or an instant ago.
    pub(crate) fn back(self, now: Timestamp, zone: &TimeZone) -> anyhow::Result<Timestamp> {
        Ok(match self {
            Self::Away(away) => now.checked_sub(away)?,
            _ => self.first(now, zone)?,
        })
    }

    /// Now or an instant to come; of a day, its first moment.
    pub(crate) fn ahead(self, now: Timestamp, zone: &TimeZone) -> anyhow::Result<Timestamp> {
        Ok(match self {
            Self::Away(away) => now.checked_add(away)?,
            _ => self.first(now, zone)?,
        })
    }

    /// The last moment: of a day, its end.
    pub(crate) fn end(self, now: Timestamp, zone: &TimeZone) -> anyhow::Result<Timestamp> {
        Ok(match self {
            Self::Away(away) => now.checked_add(away)?,
            Self::At(at) => at,
            Self::Days(_) | Self::Day(_) => {
                let next = self.day(now, zone)?.checked_add(Span::new().days(1))?;
                next.to_zoned(zone.clone())?.timestamp().checked_sub(SignedDuration::from_micros(1))?
            }
        })
    }

    fn first(self, now: Timestamp, zone: &TimeZone) -> anyhow::Result<Timestamp> {
        Ok(match self {
            Self::At(at) => at,
            _ => self.day(now, zone)?.to_zoned(zone.clone())?.timestamp(),
        })
    }

    fn day(self, now: Timestamp, zone: &TimeZone) -> anyhow::Result<Date> {
        Ok(match self {
            Self::Day(day) => day,
            Self::Days(days) => now.to_zoned(zone.clone()).date().checked_add(Span::new().days(days))?,
            Self::Away(_) | Self::At(_) => now.to_zoned(zone.clone()).date(),
        })
    }
}

/// Reads one.
pub(crate) fn when(text: &str) -> Result<When, String> {
    let wrong = || {
        "write 24h, 7d, today, tomorrow, a date like 2026-11-20 or a time like 2026-11-20T09:30:00Z"
            .to_owned()
    };
    match text {
        "now" => return Ok(When::Away(SignedDuration::ZERO)),
        "today" => return Ok(When::Days(0)),
        "tomorrow" => return Ok(When::Days(1)),
        "yesterday" => return Ok(When::Days(-1)),
        "week" => return Ok(When::Days(6)),
        _ => {}
    }
    let units = [("min", 60_i64), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)];
    for (unit, seconds) in units {
        if let Some(number) = text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok()) {
            let away = i64::from(number).checked_mul(seconds).filter(|away| *away <= 100 * 366 * 86_400);
            return away.map(|away| When::Away(SignedDuration::from_secs(away))).ok_or_else(wrong);
        }
    }
    if let Ok(at) = text.parse() {
        return Ok(When::At(at));
    }
    text.parse().map(When::Day).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_type_them() {
        let now = Timestamp::constant(1_795_400_000, 0); // 2026-11-23T03:33:20Z
        let zone = TimeZone::get("America/New_York").unwrap();
        let told = |text: &str| when(text).unwrap();
        assert_eq!(told("24h").back(now, &zone).unwrap().to_string(), "2026-11-22T02:13:20Z");
        assert_eq!(told("tomorrow").ahead(now, &zone).unwrap().to_string(), "2026-11-23T05:00:00Z");
        assert_eq!(told("today").end(now, &zone).unwrap().to_string(), "2026-11-23T04:59:59.999999Z");
        assert_eq!(
            told("2026-11-20T09:30:00Z").ahead(now, &zone).unwrap().to_string(),
            "2026-11-20T09:30:00Z"
        );
        for wrong in ["", "soon", "7x", "2026-13-01", "99999999999d", "-3d"] {
            assert!(when(wrong).is_err(), "{wrong}");
        }
    }
}

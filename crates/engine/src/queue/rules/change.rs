//! One change of a rule, as people write it: `call.after_days=3`, `call.hours=09:00-17:00`, `linkedin.weekdays=mon-fri`,
//! `call.daily_limit=default`.

use jiff::civil::Time;

use crate::Error;
use crate::funnel::Channel;

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    AfterDays,
    BetweenDays,
    MaxAttempts,
    DailyLimit,
    Hours,
    Weekdays,
}

impl Field {
    pub const ALL: &[Self] = &[
        Self::AfterDays,
        Self::BetweenDays,
        Self::MaxAttempts,
        Self::DailyLimit,
        Self::Hours,
        Self::Weekdays,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::AfterDays => "after_days",
            Self::BetweenDays => "between_days",
            Self::MaxAttempts => "max_attempts",
            Self::DailyLimit => "daily_limit",
            Self::Hours => "hours",
            Self::Weekdays => "weekdays",
        }
    }

    /// The largest number that makes sense.
    const fn most(self) -> i32 {
        match self {
            Self::AfterDays | Self::BetweenDays => 365,
            Self::MaxAttempts => 100,
            _ => 100_000,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    /// As the default has it.
    Default,
    Number(i32),
    Hours(Time, Time),
    Weekdays(Vec<i16>),
}

/// One change of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub channel: Channel,
    pub field: Field,
    value: Value,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Change {
    /// A change of one field, with its value as text.
    pub fn of(channel: Channel, field: Field, text: &str) -> Result<Self, Error> {
        if channel == Channel::Email {
            return Err(Error::invalid(
                "email: Instantly sends by its own schedule, so there is nothing to set",
                "rules are of call and linkedin",
            ));
        }
        let text = text.trim();
        let value = match field {
            _ if text == "default" => Some(Value::Default),
            Field::Hours => hours(text),
            Field::Weekdays => weekdays(text),
            _ => text.parse().ok().filter(|number| (0..=field.most()).contains(number)).map(Value::Number),
        };
        let Some(value) = value else {
            let wanted = match field {
                Field::Hours => "two times of a day, such as 09:00-17:00".into(),
                Field::Weekdays => "days, such as mon-fri or mon,wed".into(),
                _ => format!("a whole number from 0 to {}", field.most()),
            };
            let name = format!("{}.{}", channel.word(), field.word());
            return Err(Error::invalid_field(
                name.clone(),
                format!("{name}: `{text}` cannot be used"),
                format!("give {wanted}, or `default`"),
            ));
        };
        Ok(Self { channel, field, value })
    }

    /// Reads `call.after_days=3`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let names = || Field::ALL.iter().map(|field| field.word()).collect::<Vec<_>>().join(", ");
        let unreadable = || {
            Error::invalid(
                format!("`{text}` is no rule"),
                format!("write CHANNEL.RULE=VALUE, such as call.after_days=3; rules are {}", names()),
            )
        };
        let (name, value) = text.split_once('=').ok_or_else(unreadable)?;
        let (channel, field) = name.trim().split_once('.').ok_or_else(unreadable)?;
        let channel = Channel::named(channel).ok_or_else(unreadable)?;
        let field = Field::ALL.iter().copied().find(|known| known.word() == field).ok_or_else(unreadable)?;
        Self::of(channel, field, value)
    }

    pub(super) fn name(&self) -> String {
        format!("{}.{}", self.channel.word(), self.field.word())
    }

    pub(super) fn is_default(&self) -> bool {
        self.value == Value::Default
    }

    pub(super) fn number(&self) -> Option<i32> {
        if let Value::Number(number) = self.value { Some(number) } else { None }
    }

    pub(super) fn hours(&self) -> Option<(Time, Time)> {
        if let Value::Hours(opens, closes) = self.value { Some((opens, closes)) } else { None }
    }

    pub(super) fn weekdays(&self) -> Option<&[i16]> {
        if let Value::Weekdays(days) = &self.value { Some(days) } else { None }
    }
}

impl std::str::FromStr for Change {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// Two times of a day, the first before the second.
fn hours(text: &str) -> Option<Value> {
    let (opens, closes) = text.split_once(['-', '–'])?;
    let time = |text: &str| {
        let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
        Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
    };
    let (opens, closes) = (time(opens)?, time(closes)?);
    (opens < closes).then_some(Value::Hours(opens, closes))
}

/// Days of the week, each once, in order.
fn weekdays(text: &str) -> Option<Value> {
    let day = |text: &str| {
        let text = text.trim().to_lowercase();
        let place = DAYS.iter().position(|day| text.get(..3) == Some(*day)).or_else(|| {
            text.parse::<usize>().ok().filter(|number| (1..=7).contains(number)).map(|number| number - 1)
        })?;
        Some(place as i16 + 1)
    };
    let mut days = Vec::new();
    for part in text.split(',') {
        match part.split_once('-') {
            Some((first, last)) => {
                let (first, last) = (day(first)?, day(last)?);
                (first <= last).then(|| days.extend(first..=last))?;
            }
            None => days.push(day(part)?),
        }
    }
    days.sort_unstable();
    days.dedup();
    Some(Value::Weekdays(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_people_write_them() {
        let days = |text: &str| Change::parse(text).unwrap().weekdays().unwrap().to_vec();
        assert_eq!(days("call.weekdays=mon-fri"), [1, 2, 3, 4, 5]);
        assert_eq!(days("call.weekdays=Friday, mon,1"), [1, 5]);
        let change = Change::parse("linkedin.hours=9-17:30").unwrap();
        assert_eq!(change.hours().unwrap(), ("09:00".parse().unwrap(), "17:30".parse().unwrap()));
        assert_eq!(Change::parse("call.daily_limit=0").unwrap().number(), Some(0));
        assert!(Change::parse("call.after_days=default").unwrap().is_default());
    }

    #[test]
    fn what_is_no_rule_is_refused_by_its_name() {
        for wrong in ["", "call", "call.after_days", "fax.after_days=1", "call.colour=1"] {
            assert!(Change::parse(wrong).unwrap_err().to_string().contains("is no rule"), "{wrong}");
        }
        for wrong in [
            "call.after_days=-1",
            "call.after_days=366",
            "call.hours=17-9",
            "call.hours=9",
            "call.weekdays=",
            "call.weekdays=fri-mon",
            "call.weekdays=8",
            "call.daily_limit=1.5",
        ] {
            let error = Change::parse(wrong).unwrap_err().to_string();
            assert!(error.starts_with("call."), "{error}");
        }
        assert!(Change::parse("email.after_days=1").unwrap_err().to_string().starts_with("email"));
    }
}

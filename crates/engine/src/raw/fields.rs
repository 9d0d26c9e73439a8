//! Reads single fields of a payload, forgiving about how the vendor writes them: numbers as strings, flags as
//! 0/1/true/"1", missing keys. Leaves the meaning of a field to the vendor's folder.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The top-level fields of one JSON object, unread until asked for. A repeated key gives its last value, as JSONB does.
#[derive(Debug, Default)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// Reads an object; anything else has no fields.
    pub fn of(json: &'a str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// The field as written, where it is there and not null.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.0.iter().rfind(|(key, _)| key == name)?;
        Some(value.get()).filter(|text| *text != "null")
    }

    /// The field as text: strings unquoted, numbers and flags as written, objects and arrays not at all.
    pub fn text(&self, name: &str) -> Option<String> {
        let raw = self.raw(name)?;
        match raw.as_bytes().first()? {
            b'"' => serde_json::from_str::<String>(raw).ok(),
            b'{' | b'[' => None,
            _ => Some(raw.to_owned()),
        }
    }

    /// The field as text, where it is not blank.
    pub fn filled(&self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.trim().is_empty())
    }

    /// The field as a number that PostgreSQL's `integer` holds; anything else is left to the payload.
    pub fn integer(&self, name: &str) -> Option<i32> {
        let text = self.text(name)?;
        let text = text.trim();
        text.parse().ok().or_else(|| {
            let number = text.parse::<f64>().ok()?;
            (number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX)).then_some(number as i32)
        })
    }

    /// The field as a flag: true/false, 0/1, "0"/"1", "true"/"false".
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.text(name)?.trim() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// The field as an instant: RFC 3339, with a space for `T`, or without a zone (then UTC).
    pub fn timestamp(&self, name: &str) -> Option<Timestamp> {
        parse_timestamp(self.text(name)?.trim())
    }
}

/// Reads an instant as vendors write them; without a zone it is UTC.
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut fields = Vec::with_capacity(48);
                while let Some(Key(key)) = map.next_key()? {
                    fields.push((key, map.next_value()?));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_however_the_vendor_writes_them() {
        let fields = Fields::of(
            r#"{"n": "12", "m": 12.0, "x": 12.5, "flag": "1", "off": false, "nil": null, "o": {}, "k\u0061": "v"}"#,
        );
        assert_eq!(fields.integer("n"), Some(12));
        assert_eq!(fields.integer("m"), Some(12));
        assert_eq!(fields.integer("x"), None);
        assert_eq!(fields.flag("flag"), Some(true));
        assert_eq!(fields.flag("off"), Some(false));
        assert_eq!(fields.text("nil"), None);
        assert_eq!(fields.text("o"), None);
        assert_eq!(fields.text("ka").as_deref(), Some("v"));
    }

    #[test]
    fn timestamps_are_read_with_and_without_zone() {
        for text in [
            "2026-11-20T12:00:02.000Z",
            "2026-11-20T12:00:02Z",
            "2026-11-20 12:00:02",
            "2026-11-20T13:00:02+01:00",
        ] {
            assert_eq!(parse_timestamp(text).map(|t| t.as_second()), Some(1_795_176_002), "{text}");
        }
        assert_eq!(parse_timestamp("yesterday"), None);
    }
}

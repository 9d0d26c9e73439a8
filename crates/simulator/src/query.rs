//! Reads what a request asks for: path, query and body, with the vendor's messages where they are wrong.

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::clock;
use crate::world::journal::Selection;

/// One request, read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Call {
    /// The variable part of the path, decoded.
    pub(crate) id: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// The host that was asked, as its client names it.
    pub(crate) host: String,
}

impl Call {
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some("true" | "1"))
    }

    /// The page size: 10 unless told, 100 at most.
    pub(crate) fn limit(&self) -> Result<usize, Answer> {
        let Some(text) = self.get("limit") else { return Ok(10) };
        let number =
            text.parse::<i64>().map_err(|_| Answer::error(400, "querystring/limit must be integer"))?;
        limit("querystring", number)
    }

    /// The body as an object.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, Answer> {
        if self.body.is_empty() {
            let message = "Body cannot be empty when content-type is set to 'application/json'";
            return Err(Answer::error(400, message));
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err(Answer::error(400, "body must be object")),
            Err(_) => Err(Answer::error(
                400,
                "Body is not valid JSON but content-type is set to 'application/json'",
            )),
        }
    }

    /// The days of an analytics question; a bare end date means that whole day.
    pub(crate) fn days(&self) -> Result<Selection, Answer> {
        let read = |key: &str| match self.get(key) {
            None => Ok(None),
            Some(text) => {
                clock::parse(text).map(Some).ok_or_else(|| Answer::refused(&format!("Invalid {key}")))
            }
        };
        let (from, to) = (read("start_date")?, read("end_date")?);
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(Answer::refused("Start Date must be earlier than End Date"));
        }
        Ok(Selection { campaigns: None, from: from.map(clock::day), to: to.map(clock::day) })
    }
}

pub(crate) fn limit(place: &str, number: i64) -> Result<usize, Answer> {
    match number {
        1..=100 => Ok(number as usize),
        101.. => Err(Answer::error(400, &format!("{place}/limit must be <= 100"))),
        _ => Err(Answer::error(400, &format!("{place}/limit must be >= 1"))),
    }
}

/// Undoes percent-encoding in a path, where `+` is itself.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let code = text.get(place + 1..place + 3).filter(|_| bytes[place] == b'%');
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            out.push(byte);
            place += 3;
        } else {
            out.push(bytes[place]);
            place += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

//! Reads answers of the API: lists, bare arrays, single records, and the errors that hide in them.
//! Leaves what a record means to `tables`.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::raw::Fields;
use crate::source::VendorError;

/// A list page.
#[derive(Debug, Deserialize)]
pub(super) struct List<'a> {
    #[serde(borrow)]
    pub items: Vec<&'a RawValue>,
    /// Opaque; None: the list ends here.
    #[serde(default, rename = "next_starting_after")]
    pub next: Option<String>,
}

/// The body as text; an answer that is not UTF-8 is not JSON.
pub(super) fn text(body: Vec<u8>) -> Result<String, VendorError> {
    String::from_utf8(body).map_err(|_| unreadable("it is not UTF-8 text"))
}

/// `{items: […], next_starting_after?}`.
pub(super) fn list(text: &str) -> Result<List<'_>, VendorError> {
    // Read once where it is as promised; else a second time, to say what is wrong with it.
    if let Ok(list) = serde_json::from_str::<List>(text) {
        return Ok(List { next: list.next.filter(|cursor| !cursor.is_empty()), ..list });
    }
    let fields = object(text)?;
    let Some(items) = fields.raw("items") else { return Err(hidden_error(&fields, "it has no items")) };
    let items = serde_json::from_str(items).map_err(|_| unreadable("its items are no list"))?;
    let next = fields.text("next_starting_after").filter(|cursor| !cursor.is_empty());
    Ok(List { items, next })
}

/// A bare array.
pub(super) fn array(text: &str) -> Result<Vec<&RawValue>, VendorError> {
    if text.trim_start().starts_with('{') {
        return Err(hidden_error(&object(text)?, "it is an object where a list was due"));
    }
    serde_json::from_str(text).map_err(|error| broken(text, &error))
}

/// One record.
pub(super) fn record(text: &str) -> Result<&RawValue, VendorError> {
    let fields = object(text)?;
    if fields.raw("id").is_none() {
        return Err(hidden_error(&fields, "it has no id"));
    }
    serde_json::from_str(text).map_err(|error| broken(text, &error))
}

fn object(text: &str) -> Result<Fields<'_>, VendorError> {
    serde_json::from_str(text).map_err(|error| broken(text, &error))
}

/// Why a text is no JSON: cut off, or another thing altogether.
fn broken(text: &str, error: &serde_json::Error) -> VendorError {
    if text.trim_start().starts_with('<') {
        unreadable("it is an HTML page")
    } else if text.trim().is_empty() {
        unreadable("it is empty")
    } else if error.is_eof() {
        unreadable("it breaks off in the middle")
    } else {
        unreadable("it is not the JSON this endpoint promises")
    }
}

/// 200 with an error inside (fact sheet 1.3).
fn hidden_error(fields: &Fields<'_>, otherwise: &str) -> VendorError {
    let told = fields.filled("message").or_else(|| fields.filled("error"));
    unreadable(&told.map_or_else(
        || otherwise.to_owned(),
        |told| format!("an error inside a good answer: {}", short(&told)),
    ))
}

fn unreadable(message: &str) -> VendorError {
    VendorError::Unreadable { message: message.to_owned() }
}

/// What the vendor says in an error body, short, in one line.
pub(super) fn message(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let fields = Fields::of(&text);
    match fields.filled("message").or_else(|| fields.filled("error")) {
        Some(told) => short(&told),
        None if text.trim_start().starts_with('<') => "an HTML error page".into(),
        None if text.trim().is_empty() => "no message".into(),
        None => short(&text),
    }
}

fn short(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 200 {
        format!("{}…", line.chars().take(200).collect::<String>())
    } else {
        line
    }
}

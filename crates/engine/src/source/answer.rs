//! Reads answers of APIs: text, bare arrays, and the errors that hide in them. Leaves the shape of a list to the vendors,
//! what a record means to their tables.

use serde_json::value::RawValue;

use super::VendorError;
use crate::raw::Fields;

/// The body as text; an answer that is not UTF-8 is not JSON.
pub(crate) fn text(body: Vec<u8>) -> Result<String, VendorError> {
    String::from_utf8(body).map_err(|_| unreadable("it is not UTF-8 text"))
}

/// A bare array.
pub(crate) fn array(text: &str) -> Result<Vec<&RawValue>, VendorError> {
    if text.trim_start().starts_with('{') {
        return Err(hidden_error(&object(text)?, "it is an object where a list was due"));
    }
    serde_json::from_str(text).map_err(|error| broken(text, &error))
}

/// An object's fields.
pub(crate) fn object(text: &str) -> Result<Fields<'_>, VendorError> {
    serde_json::from_str(text).map_err(|error| broken(text, &error))
}

/// Why a text is no JSON: cut off, or another thing altogether.
pub(crate) fn broken(text: &str, error: &serde_json::Error) -> VendorError {
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

/// 200 with an error inside.
pub(crate) fn hidden_error(fields: &Fields<'_>, otherwise: &str) -> VendorError {
    let told = fields.filled("message").or_else(|| fields.filled("error"));
    unreadable(&told.map_or_else(
        || otherwise.to_owned(),
        |told| format!("an error inside a good answer: {}", short(&told)),
    ))
}

/// Not what the endpoint promises.
pub(crate) fn unreadable(message: &str) -> VendorError {
    VendorError::Unreadable { message: message.to_owned() }
}

/// What the vendor says in an error body, short, in one line.
pub(crate) fn message(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let fields = Fields::of(&text);
    // One message, or a list of them.
    let several =
        || serde_json::from_str::<Vec<String>>(fields.raw("message")?).ok().map(|all| all.join("; "));
    match fields.filled("message").or_else(several).or_else(|| fields.filled("error")) {
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

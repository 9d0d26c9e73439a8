//! The shapes of this API's answers: cursor lists and single records. Leaves what all APIs share to `source`, what a
//! record means to `tables`.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::source::VendorError;
pub(super) use crate::source::answer::{array, message};
use crate::source::answer::{broken, hidden_error, object, unreadable};

/// A list page.
#[derive(Debug, Deserialize)]
pub(super) struct List<'a> {
    #[serde(borrow)]
    pub items: Vec<&'a RawValue>,
    /// Opaque; None: the list ends here.
    #[serde(default, rename = "next_starting_after")]
    pub next: Option<String>,
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

/// One record.
pub(super) fn record(text: &str) -> Result<&RawValue, VendorError> {
    let fields = object(text)?;
    if fields.raw("id").is_none() {
        return Err(hidden_error(&fields, "it has no id"));
    }
    serde_json::from_str(text).map_err(|error| broken(text, &error))
}

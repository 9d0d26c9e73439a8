//! An answer's items as a page of records. Leaves where the walk goes on to `walks` and the feeds.

use serde_json::value::RawValue;

use super::client::Answer;
use super::codes::{self, Codes};
use crate::raw::Fields;
use crate::source::{Extracted, Page, page_of};

/// Each item read once: kept whole, its columns extracted; what has no usable key is set aside.
pub(super) fn of(
    answer: &Answer,
    items: &[&RawValue],
    extract: impl Fn(&Fields) -> Option<Extracted>,
    codes: Codes,
) -> Page {
    page_of(answer, items, |fields, _| extract(fields), |fields| codes::unknown(fields, codes).collect())
}

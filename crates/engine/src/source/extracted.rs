//! An answer's items as a page of records, each read once. Leaves where a walk goes on to the vendors.

use serde_json::value::RawValue;

use super::{Answer, Page};
use crate::raw::{Fields, Payload, Record};

/// What a payload fills the columns with.
pub(crate) struct Extracted {
    pub(crate) key: String,
    pub(crate) values: Vec<Option<String>>,
}

/// Each item kept whole, its columns extracted by `extract` from its fields and its JSON; what has no usable key is set
/// aside. `unknown` names codes that nobody has explained.
pub(crate) fn page_of(
    answer: &Answer,
    items: &[&RawValue],
    extract: impl Fn(&Fields, &str) -> Option<Extracted>,
    unknown: impl Fn(&Fields) -> Vec<String>,
) -> Page {
    let mut page = Page {
        records: Vec::with_capacity(items.len()),
        set_aside: Vec::new(),
        unknown_codes: Vec::new(),
        bytes: answer.text.len() as u64,
        requested_at: answer.requested_at,
        cursor: None,
        watermark: None,
        subject: None,
        part_of_whole: true,
    };
    for item in items {
        let payload = Payload::new(item.get());
        let fields = Fields::of(&payload.json);
        page.unknown_codes.extend(unknown(&fields));
        match extract(&fields, &payload.json) {
            Some(Extracted { key, values }) => page.records.push(Record { key, values, payload }),
            None => page.set_aside.push(item.get().to_owned()),
        }
    }
    page
}

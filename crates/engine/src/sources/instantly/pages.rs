//! An answer's items as a page of records. Leaves where the walk goes on to `walks` and `emails`.

use serde_json::value::RawValue;

use super::client::Answer;
use super::codes::{self, Codes};
use super::tables::Extracted;
use crate::raw::{Fields, Payload, Record};
use crate::source::Page;

/// Each item read once: kept whole, its columns extracted; what has no usable key is set aside.
pub(super) fn of(
    answer: &Answer,
    items: &[&RawValue],
    extract: impl Fn(&Fields) -> Option<Extracted>,
    codes: Codes,
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
        page.unknown_codes.extend(codes::unknown(&fields, codes));
        match extract(&fields) {
            Some(Extracted { key, values }) => page.records.push(Record { key, values, payload }),
            None => page.set_aside.push(item.get().to_owned()),
        }
    }
    page
}

//! Campaigns of the vendor: a list in numbered pages, within an envelope.

use futures::stream::{self, Stream};
use serde_json::json;
use serde_json::value::RawValue;

use super::client::{Client, Question};
use super::{tables, windows};
use crate::raw::Fields;
use crate::source::{Answer, Page, VendorError, Walk, answer, page_of};

/// Campaigns a page asks for.
const PAGE_SIZE: usize = 100;
/// No account has as many pages.
const MAX_PAGES: u64 = 100_000;

const STATUSES: &[&str] = &["scheduled", "in-progress", "ended", "cancelled", "archived"];

/// Walks the list from the stored page to its end.
pub(super) fn walk(client: &Client, walk: Walk) -> impl Stream<Item = Result<Page, VendorError>> + '_ {
    let start = walk.cursor.as_ref().and_then(|cursor| cursor["page"].as_u64()).unwrap_or(1);
    stream::try_unfold((Some(start), walk), move |(number, walk)| async move {
        let Some(number) = number else { return Ok(None) };
        if number > MAX_PAGES {
            return Err(VendorError::Endless { message: "the list never ends".into() });
        }
        let question = Question::new("/v2/campaign")
            .query("limit", PAGE_SIZE.to_string())
            .query("page", number.to_string())
            .query("sortOrder", "ASC");
        let (mut page, more) = client.ask(&question, &walk.usage, read).await?;
        let next = more.then_some(number + 1);
        page.cursor = next.map(|next| json!({ "page": next }));
        Ok(Some((page, (next, walk))))
    })
}

/// The page, and whether another follows.
fn read(answer: &Answer) -> Result<(Page, bool), VendorError> {
    let fields = answer::object(&answer.text)?;
    let Some(results) = fields.raw("results") else {
        return Err(answer::hidden_error(&fields, "it has no results"));
    };
    let items: Vec<&RawValue> =
        serde_json::from_str(results).map_err(|_| answer::unreadable("its results are no list"))?;
    let metadata = Fields::of(fields.raw("metadata").unwrap_or("{}"));
    let page = page_of(answer, &items, tables::campaign, |fields| windows::unknown(fields, STATUSES));
    // A page that says nothing is followed while it is full.
    let more = metadata.flag("hasNextPage").unwrap_or(items.len() >= PAGE_SIZE);
    Ok((page, more && !items.is_empty()))
}

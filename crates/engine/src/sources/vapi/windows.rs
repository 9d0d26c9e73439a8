//! Lists without a cursor, walked by windows of time: `createdAt` between two instants, both included. A window whose
//! page is full is cut where the page ended; in which order the vendor lists is not promised, so the page itself tells.
//! Records on a border come twice, which storing makes one. Leaves which list to `mod`, when to begin again to `calls`.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::client::{Client, Question};
use super::tables::Extract;
use crate::raw::Fields;
use crate::source::{Answer, Page, VendorError, answer, page_of};
use crate::usage::Usage;

/// Records a page asks for: calls come with all their words.
const PAGE_SIZE: usize = 100;
/// Most the vendor gives, where that many of one instant do not fit.
const LARGEST_PAGE: usize = 1000;
/// No account has as many pages.
const MAX_PAGES: u32 = 100_000;

/// A list of the API.
#[derive(Clone, Copy)]
pub(super) struct ListOf {
    pub(super) path: &'static str,
    pub(super) extract: Extract,
    /// Values of `status` that are explained.
    pub(super) statuses: &'static [&'static str],
}

/// A stretch of `createdAt`, both ends included; None: open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Window {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

/// Where a walk stands; kept as part of the stream's cursor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pass {
    /// What is still to be asked for, the next one last.
    windows: Vec<Window>,
    /// Only what was changed at or after this; None: all.
    pub(super) since: Option<Timestamp>,
    /// Newest `updatedAt` seen.
    pub(super) high: Option<Timestamp>,
    /// Pages so far.
    pages: u32,
}

impl Pass {
    /// Over everything, or over what was changed since then.
    pub(super) fn new(since: Option<Timestamp>) -> Self {
        Self { windows: vec![Window::default()], since, high: None, pages: 0 }
    }

    pub(super) fn is_done(&self) -> bool {
        self.windows.is_empty()
    }

    /// No page has been asked for yet.
    pub(super) fn is_new(&self) -> bool {
        self.pages == 0
    }

    /// The next page, and the pass goes on behind it.
    pub(super) async fn page(
        &mut self,
        client: &Client,
        list: ListOf,
        usage: &Usage,
    ) -> Result<Page, VendorError> {
        let window = self.windows.pop().unwrap_or_default();
        let mut fetched = fetch(client, list, window, self.since, PAGE_SIZE, usage).await?;
        if fetched.page.records.is_empty() && fetched.page.set_aside.is_empty() && window != Window::default()
        {
            // A window begins at a record that was there a moment ago: an empty one is looked at twice.
            fetched = fetch(client, list, window, self.since, PAGE_SIZE, usage).await?;
        }
        if fetched.is_full && fetched.earliest == fetched.latest {
            fetched = fetch(client, list, window, self.since, LARGEST_PAGE, usage).await?;
        }
        self.pages += 1;
        if self.pages > MAX_PAGES {
            return Err(VendorError::Endless { message: "the list never ends".into() });
        }
        self.high = self.high.max(fetched.newest_change);
        self.windows.extend(fetched.rest(window)?);
        Ok(fetched.page)
    }
}

/// A page as fetched.
struct Fetched {
    page: Page,
    is_full: bool,
    order: Order,
    earliest: Option<Timestamp>,
    latest: Option<Timestamp>,
    newest_change: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    NewestFirst,
    OldestFirst,
    None,
}

impl Fetched {
    /// What the page left of its window, the next one last.
    fn rest(&self, window: Window) -> Result<Vec<Window>, VendorError> {
        if !self.is_full {
            return Ok(Vec::new());
        }
        let endless = |message: &str| Err(VendorError::Endless { message: message.into() });
        let (Some(earliest), Some(latest)) = (self.earliest, self.latest) else {
            return endless("a full page whose records do not say when they were made");
        };
        if earliest == latest {
            return endless("more records of one instant than a page holds");
        }
        let before = |to: Timestamp| Window { to: Some(to), ..window };
        let after = |from: Timestamp| Window { from: Some(from), ..window };
        Ok(match self.order {
            Order::NewestFirst => vec![before(earliest)],
            Order::OldestFirst => vec![after(latest)],
            Order::None => {
                let half = latest.duration_since(earliest).as_millis() / 2;
                let middle = earliest + SignedDuration::from_millis(half as i64);
                vec![before(middle), after(middle)]
            }
        })
    }
}

async fn fetch(
    client: &Client,
    list: ListOf,
    window: Window,
    since: Option<Timestamp>,
    limit: usize,
    usage: &Usage,
) -> Result<Fetched, VendorError> {
    let mut question = Question::new(list.path).query("limit", limit.to_string());
    let bounds = [("createdAtGe", window.from), ("createdAtLe", window.to), ("updatedAtGe", since)];
    for (name, bound) in bounds {
        if let Some(bound) = bound {
            question = question.query(name, format!("{bound:.3}"));
        }
    }
    let read = move |answer: &Answer| {
        let items = answer::array(&answer.text)?;
        let times = Times::default();
        let extract = |fields: &Fields, json: &str| {
            times.note(fields);
            (list.extract)(fields, json)
        };
        let page = page_of(answer, &items, extract, |fields| unknown(fields, list.statuses));
        Ok(Fetched {
            is_full: items.len() >= limit,
            order: times.order(),
            earliest: times.earliest.get(),
            latest: times.latest.get(),
            newest_change: times.newest_change.get(),
            page,
        })
    };
    client.ask(&question, usage, read).await
}

/// The times of a page's records, in the order they come.
#[derive(Default)]
struct Times {
    before: Cell<Option<Timestamp>>,
    earliest: Cell<Option<Timestamp>>,
    latest: Cell<Option<Timestamp>>,
    newest_change: Cell<Option<Timestamp>>,
    rises: Cell<bool>,
    falls: Cell<bool>,
}

impl Times {
    fn note(&self, fields: &Fields) {
        self.newest_change.set(self.newest_change.get().max(fields.timestamp("updatedAt")));
        let Some(made) = fields.timestamp("createdAt") else { return };
        if let Some(before) = self.before.replace(Some(made)) {
            self.rises.set(self.rises.get() || made > before);
            self.falls.set(self.falls.get() || made < before);
        }
        self.earliest.set(Some(self.earliest.get().map_or(made, |earliest| earliest.min(made))));
        self.latest.set(self.latest.get().max(Some(made)));
    }

    fn order(&self) -> Order {
        match (self.rises.get(), self.falls.get()) {
            (false, _) => Order::NewestFirst,
            (true, false) => Order::OldestFirst,
            (true, true) => Order::None,
        }
    }
}

/// A status that nobody has explained to us.
pub(super) fn unknown(fields: &Fields, statuses: &[&str]) -> Vec<String> {
    let status =
        fields.text("status").filter(|status| !statuses.is_empty() && !statuses.contains(&status.as_str()));
    status
        .map(|status| format!("status={}", status.chars().take(40).collect::<String>()))
        .into_iter()
        .collect()
}

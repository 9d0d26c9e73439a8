//! Lists that only grow, as a feed: newest first once (the tail), and what is new since (the head) at every run before
//! that. Leaves the scarce limit to `client` and storing to `sync`.
//!
//! A first back-fill takes an hour per 100,000 messages. New mail must not wait for it, so the head goes first in
//! every run, and again every so often while the tail is long.

use std::cell::Cell;

use futures::stream::{self, Stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::client::{Answer, Client, Request};
use super::codes::{self, Codes};
use super::tables::Extract;
use super::walks::{Circling, PAGE_SIZE};
use super::{answer, pages, tables, webhook};
use crate::raw::Fields;
use crate::source::{Page, VendorError, Walk};

/// How far before the watermark the head begins: rows of the vendor may become visible late.
const OVERLAP: SignedDuration = SignedDuration::from_hours(1);
/// Pages of the tail between two looks at the head: about a minute and a half at the vendor's limit.
const TAIL_PAGES: u32 = 25;

/// A list of the API that only grows.
#[derive(Clone, Copy)]
pub(super) struct FeedOf {
    path: &'static str,
    /// The parameter by which it can be asked for what is new, and how it is written.
    since: (&'static str, fn(Timestamp) -> String),
    /// Said of a parameter that takes days: the head ends at the first page that is older than what it asked for.
    coarse: bool,
    /// Mail that cannot be seen any more and no new mail look the same: a look at the newest page tells.
    probes: bool,
    /// The record within an item of the list; None: the item itself.
    within: Option<&'static str>,
    extract: Extract,
    codes: Codes,
}

pub(super) const EMAILS: FeedOf = FeedOf {
    path: "/emails",
    since: ("min_timestamp_created", |at| format!("{at:.3}")),
    coarse: false,
    probes: true,
    within: None,
    extract: tables::email,
    codes: codes::EMAIL,
};
/// The vendor's log of deliveries: each attempt holds the body we were sent, or should have been.
pub(super) const WEBHOOK_EVENTS: FeedOf = FeedOf {
    path: "/webhook-events",
    since: ("from", |at| at.strftime("%Y-%m-%d").to_string()),
    coarse: true,
    probes: false,
    within: Some("payload"),
    extract: webhook::logged,
    codes: codes::NONE,
};

/// Where the feed stands; kept as the stream's cursor.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Position {
    /// The walk from the newest message to the oldest; None: done.
    tail: Option<Pass>,
    /// The walk over what is new; None: not begun in this round.
    head: Option<Pass>,
}

/// One walk, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Pass {
    /// Only messages created at or after this; None: all.
    since: Option<Timestamp>,
    /// Cursor of the next page; None: the first.
    after: Option<String>,
    /// Newest `timestamp_created` seen.
    high: Option<Timestamp>,
}

/// What one run knows beyond the position.
struct Run<'a> {
    client: &'a Client,
    feed: FeedOf,
    walk: Walk,
    position: Position,
    head_done: bool,
    tail_pages: u32,
    /// The head found nothing: one look at the newest page tells whether any mail can be seen at all.
    probe: bool,
    /// The head goes on from an earlier run, so what is newer than that run needs a head of its own.
    resumed_head: bool,
    head_circling: Circling,
    tail_circling: Circling,
}

/// A page as fetched.
struct Fetched {
    page: Page,
    /// Cursor after it; None: the list ends here.
    next: Option<String>,
    /// Newest creation time on it.
    newest: Option<Timestamp>,
}

/// Pages of the feed: head first, then the tail where one is under way.
pub(super) fn feed(
    client: &Client,
    walk: Walk,
    feed: FeedOf,
) -> impl Stream<Item = Result<Page, VendorError>> + '_ {
    let mut position: Position =
        walk.cursor.clone().and_then(|cursor| serde_json::from_value(cursor).ok()).unwrap_or_default();
    if walk.watermark.is_none() && position.tail.is_none() {
        position.tail = Some(Pass::default());
    }
    let run = Run {
        client,
        feed,
        walk,
        head_done: false,
        tail_pages: 0,
        probe: false,
        resumed_head: position.head.is_some(),
        position,
        head_circling: Circling::default(),
        tail_circling: Circling::default(),
    };
    stream::try_unfold(run, |mut run| async move { Ok(run.next().await?.map(|page| (page, run))) })
}

/// The cursor that makes the next run walk everything again.
pub(crate) fn fresh_cursor() -> Value {
    serde_json::json!({ "tail": { "since": null, "after": null, "high": null }, "head": null })
}

impl Run<'_> {
    async fn next(&mut self) -> Result<Option<Page>, VendorError> {
        if self.probe {
            self.probe = false;
            let Fetched { mut page, .. } = self.fetch(&Pass::default(), &Circling::default()).await?;
            page.part_of_whole = false;
            page.cursor = self.cursor();
            return Ok(Some(page));
        }
        match self.walk.watermark {
            Some(watermark) if !self.head_done => self.head(watermark).await.map(Some),
            _ if self.position.tail.is_some() => self.tail().await.map(Some),
            _ => Ok(None),
        }
    }

    async fn head(&mut self, watermark: Timestamp) -> Result<Page, VendorError> {
        let mut pass = self.position.head.take().unwrap_or_else(|| {
            self.head_circling = Circling::default();
            Pass { since: watermark.checked_sub(OVERLAP).ok(), ..Pass::default() }
        });
        let Fetched { mut page, next, newest } = self.fetch(&pass, &self.head_circling).await?;
        let next = self.head_circling.check(&page, pass.after.as_deref(), next)?;
        pass.high = pass.high.max(newest);
        self.probe = self.feed.probes && page.records.is_empty() && pass.after.is_none();
        page.part_of_whole = self.position.tail.is_some();
        match next {
            Some(next) => self.position.head = Some(Pass { after: Some(next), ..pass }),
            None => {
                self.head_done = !std::mem::take(&mut self.resumed_head);
                self.tail_pages = 0;
                self.settle(&mut page, pass.high);
            }
        }
        page.cursor = self.cursor();
        Ok(page)
    }

    async fn tail(&mut self) -> Result<Page, VendorError> {
        let mut pass = self.position.tail.take().unwrap_or_default();
        let Fetched { mut page, next, newest } = self.fetch(&pass, &self.tail_circling).await?;
        let next = self.tail_circling.check(&page, pass.after.as_deref(), next)?;
        pass.high = pass.high.max(newest);
        if pass.after.is_none() || self.walk.watermark.is_none() {
            // From here on the head follows what is new.
            self.settle(&mut page, pass.high);
        }
        self.tail_pages += 1;
        if self.tail_pages >= TAIL_PAGES {
            self.head_done = false;
            self.tail_pages = 0;
        } else {
            self.head_done = true;
        }
        if let Some(next) = next {
            self.position.tail = Some(Pass { after: Some(next), ..pass });
        }
        page.cursor = self.cursor();
        Ok(page)
    }

    /// Moves the watermark forward, never back.
    fn settle(&mut self, page: &mut Page, high: Option<Timestamp>) {
        self.walk.watermark = self.walk.watermark.max(high);
        page.watermark = self.walk.watermark;
    }

    fn cursor(&self) -> Option<Value> {
        let under_way = self.position.tail.is_some() || self.position.head.is_some();
        under_way.then(|| serde_json::to_value(&self.position).unwrap_or_default())
    }

    /// One page of a pass, looked at twice where it is doubtful.
    async fn fetch(&self, pass: &Pass, circling: &Circling) -> Result<Fetched, VendorError> {
        let mut after = pass.after.as_deref();
        let mut fetched = match self.page(pass.since, after).await {
            // A message that served as cursor may be gone: this pass begins again, nothing is lost by it.
            Err(VendorError::Rejected { .. } | VendorError::NotFound { .. })
                if circling.is_new() && after.is_some() =>
            {
                after = None;
                self.page(pass.since, after).await?
            }
            fetched => fetched?,
        };
        if circling.doubts(&fetched.page, after, fetched.next.as_deref()) {
            fetched = self.page(pass.since, after).await?;
        }
        Ok(fetched)
    }

    async fn page(&self, since: Option<Timestamp>, after: Option<&str>) -> Result<Fetched, VendorError> {
        let feed = self.feed;
        let mut request = Request::get(feed.path).query("limit", PAGE_SIZE.to_string());
        if let Some(since) = since {
            request = request.query(feed.since.0, feed.since.1(since));
        }
        if let Some(after) = after {
            request = request.query("starting_after", after);
        }
        let read = move |answer: &Answer| {
            let list = answer::list(&answer.text)?;
            // No record is newer than the moment it was asked for: a wrong clock must not move the watermark ahead.
            let created = |fields: &Fields| {
                fields.timestamp("timestamp_created").filter(|at| *at <= answer.requested_at)
            };
            let Some(within) = feed.within else {
                let newest = Cell::new(None);
                let extract = |fields: &Fields| {
                    newest.set(newest.get().max(created(fields)));
                    (feed.extract)(fields)
                };
                let page = pages::of(answer, &list.items, extract, feed.codes);
                return Ok(Fetched { page, next: list.next, newest: newest.get() });
            };
            let envelopes: Vec<Fields> = list.items.iter().map(|item| Fields::of(item.get())).collect();
            let times: Vec<Option<Timestamp>> = envelopes.iter().map(created).collect();
            // An attempt whose payload the vendor no longer has says nothing of what happened.
            let inner: Vec<&RawValue> = envelopes
                .iter()
                .filter_map(|fields| serde_json::from_str(fields.raw(within)?).ok())
                .filter(|inner: &&RawValue| inner.get() != "null")
                .collect();
            let page = pages::of(answer, &inner, feed.extract, feed.codes);
            // Newest first is what it has always been, and nowhere promised: only then is the rest older still.
            let falls = times.windows(2).all(|pair| pair[0] >= pair[1]);
            let is_older = since.is_some_and(|since| {
                feed.coarse && falls && times.iter().all(|at| at.is_some_and(|at| at < since))
            });
            let next = list.next.filter(|_| !is_older);
            Ok(Fetched { page, next, newest: times.into_iter().flatten().max() })
        };
        self.client.ask(&request, &self.walk.usage, read).await
    }
}

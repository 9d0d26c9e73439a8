//! Calls as a feed: all that the vendor still has, newest first, once (the tail); then, in every run, what was changed
//! since (the head), with an overlap, because analysis and costs come after a call's end.
//! Leaves windows and pages to `windows`. The vendor keeps calls for 14 days unless one pays for more.

use futures::stream::{self, Stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::CALLS;
use super::client::Client;
use super::windows::Pass;
use crate::source::{Page, VendorError, Walk};

/// How far before the watermark the head begins.
const OVERLAP: SignedDuration = SignedDuration::from_mins(15);

/// Where the feed stands; kept as the stream's cursor.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Position {
    /// The walk over everything; None: done.
    tail: Option<Pass>,
    /// The walk over what was changed; None: not begun in this round.
    head: Option<Pass>,
}

struct Run<'a> {
    client: &'a Client,
    walk: Walk,
    position: Position,
    head_done: bool,
    /// The head found nothing: one look at the newest calls tells whether any can be seen at all.
    probe: bool,
    /// The head goes on from an earlier run, so what changed since that run needs a head of its own.
    resumed_head: bool,
}

/// Pages of the feed: head first, then the tail where one is under way.
pub(super) fn feed(client: &Client, walk: Walk) -> impl Stream<Item = Result<Page, VendorError>> + '_ {
    let mut position: Position =
        walk.cursor.clone().and_then(|cursor| serde_json::from_value(cursor).ok()).unwrap_or_default();
    if walk.watermark.is_none() && position.tail.is_none() {
        position.tail = Some(Pass::new(None));
    }
    let resumed_head = position.head.is_some();
    let run = Run { client, walk, position, head_done: false, probe: false, resumed_head };
    stream::try_unfold(run, |mut run| async move { Ok(run.next().await?.map(|page| (page, run))) })
}

/// The cursor that makes the next run walk everything again.
pub(super) fn fresh_cursor() -> Value {
    serde_json::to_value(Position { tail: Some(Pass::new(None)), head: None }).unwrap_or_default()
}

impl Run<'_> {
    async fn next(&mut self) -> Result<Option<Page>, VendorError> {
        if std::mem::take(&mut self.probe) {
            let mut page = Pass::new(None).page(self.client, CALLS, &self.walk.usage).await?;
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
        let mut pass =
            self.position.head.take().unwrap_or_else(|| Pass::new(watermark.checked_sub(OVERLAP).ok()));
        let is_first = pass.is_new();
        let mut page = pass.page(self.client, CALLS, &self.walk.usage).await?;
        self.probe = is_first && page.records.is_empty() && self.position.tail.is_none();
        page.part_of_whole = self.position.tail.is_some();
        if pass.is_done() {
            self.head_done = !std::mem::take(&mut self.resumed_head);
            self.settle(&mut page, pass.high);
        } else {
            self.position.head = Some(pass);
        }
        page.cursor = self.cursor();
        Ok(page)
    }

    async fn tail(&mut self) -> Result<Page, VendorError> {
        let mut pass = self.position.tail.take().unwrap_or_else(|| Pass::new(None));
        let is_first = pass.is_new();
        let mut page = pass.page(self.client, CALLS, &self.walk.usage).await?;
        if is_first || self.walk.watermark.is_none() {
            // From here on the head follows what is new.
            self.settle(&mut page, pass.high);
        }
        self.head_done = true;
        if !pass.is_done() {
            self.position.tail = Some(pass);
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
}

//! How streams are paged: cursor lists, single answers, one request per subject.
//! Leaves what grows at one end, mail and deliveries, to `feed`.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use futures::stream::{self, Stream, StreamExt};
use reqwest::Method;
use serde_json::json;

use super::client::{Answer, Client, Request};
use super::codes::{self, Codes};
use super::tables::{self, Extract};
use super::{answer, pages};
use crate::source::{Page, Subject, VendorError, Walk};
use crate::usage::Usage;

type Paged = Result<Page, VendorError>;

/// Records a page may hold: the vendor refuses more, or answers with nothing (fact sheet, 1.2).
pub(super) const PAGE_SIZE: usize = 100;
/// Subjects asked for at the same time; six to eight calls at once is what clients of the vendor do.
const SUBJECTS_AT_ONCE: usize = 6;
/// Pages in a row that bring nothing this walk has not seen: the cursor runs in circles.
const CIRCLING_PAGES: usize = 10;
/// No workspace has as many pages (ten million records).
const MAX_PAGES: usize = 100_000;

/// A cursor-paged list of the API.
#[derive(Clone, Copy)]
pub(super) struct ListOf {
    path: &'static str,
    method: fn() -> Method,
    extract: Extract,
    codes: Codes,
}

pub(super) const CAMPAIGNS: ListOf = ListOf {
    path: "/campaigns",
    method: || Method::GET,
    extract: tables::campaign_config,
    codes: codes::CAMPAIGN,
};
pub(super) const ACCOUNTS: ListOf =
    ListOf { path: "/accounts", method: || Method::GET, extract: tables::account, codes: codes::ACCOUNT };
pub(super) const LEADS: ListOf =
    ListOf { path: "/leads/list", method: || Method::POST, extract: tables::lead, codes: codes::LEAD };
/// The path is spelled with both words in the plural (fact sheet, 4.7).
pub(super) const BLOCK_LIST: ListOf = ListOf {
    path: "/block-lists-entries",
    method: || Method::GET,
    extract: tables::blocked,
    codes: codes::NONE,
};

impl ListOf {
    fn request(&self, after: Option<&str>) -> Request {
        if (self.method)() == Method::POST {
            let mut body = json!({ "limit": PAGE_SIZE });
            if let Some(after) = after {
                body["starting_after"] = after.into();
            }
            return Request::post(self.path, body);
        }
        let request = Request::get(self.path).query("limit", PAGE_SIZE.to_string());
        match after {
            Some(after) => request.query("starting_after", after),
            None => request,
        }
    }
}

/// Walks a list from the stored cursor to its end.
pub(super) fn list(client: &Client, walk: Walk, list: ListOf) -> impl Stream<Item = Paged> + '_ {
    let start = walk.cursor.as_ref().and_then(|cursor| cursor.get("after")?.as_str().map(str::to_owned));
    let resumed = start.is_some();
    let state = Some((start, resumed, Circling::default()));
    stream::try_unfold((state, walk), move |(state, walk)| async move {
        let Some((mut after, resumed, mut circling)) = state else { return Ok(None) };
        let fetch = async |after: Option<&str>| {
            let read = move |answer: &Answer| {
                let items = answer::list(&answer.text)?;
                Ok((pages::of(answer, &items.items, list.extract, list.codes), items.next))
            };
            client.ask(&list.request(after), &walk.usage, read).await
        };
        let (mut page, mut next) = match fetch(after.as_deref()).await {
            // A cursor kept from an earlier run may have expired: the walk begins again, nothing is lost by it.
            Err(VendorError::Rejected { .. } | VendorError::NotFound { .. }) if resumed => {
                after = None;
                fetch(None).await?
            }
            fetched => fetched?,
        };
        if circling.doubts(&page, after.as_deref(), next.as_deref()) {
            (page, next) = fetch(after.as_deref()).await?;
        }
        let next = circling.check(&page, after.as_deref(), next)?;
        page.cursor = next.as_ref().map(|next| json!({ "after": next }));
        Ok(Some((page, (next.map(|next| (Some(next), false, circling)), walk))))
    })
}

/// Guards a walk against cursors that repeat or never end.
#[derive(Default)]
pub(super) struct Circling {
    cursors: HashSet<String>,
    keys: HashSet<u64>,
    hasher: RandomState,
    without_news: usize,
}

impl Circling {
    /// No page has passed yet.
    pub(super) fn is_new(&self) -> bool {
        self.cursors.is_empty()
    }

    /// Whether a page deserves a second look before it is believed: it is empty, leads back to itself, or holds only
    /// what this walk has seen. Vendors answer so by mistake, and an end that is none loses all that follows.
    pub(super) fn doubts(&self, page: &Page, asked: Option<&str>, next: Option<&str>) -> bool {
        let leads_back = next.is_some_and(|next| asked == Some(next) || self.cursors.contains(next));
        leads_back || !self.hashes(page).any(|hash| !self.keys.contains(&hash))
    }

    /// What the page holds, also what has no usable key.
    fn hashes(&self, page: &Page) -> impl Iterator<Item = u64> {
        let keys = page.records.iter().map(|record| self.hasher.hash_one(&record.key));
        keys.chain(page.set_aside.iter().map(|payload| self.hasher.hash_one(payload)))
    }

    /// Passes the next cursor on, unless it shows that the walk runs in circles.
    pub(super) fn check(
        &mut self,
        page: &Page,
        asked: Option<&str>,
        next: Option<String>,
    ) -> Result<Option<String>, VendorError> {
        let circles = |message: &str| VendorError::Endless { message: message.into() };
        let mut news = false;
        for hash in self.hashes(page).collect::<Vec<_>>() {
            news |= self.keys.insert(hash);
        }
        self.without_news = if news { 0 } else { self.without_news + 1 };
        let Some(next) = next else { return Ok(None) };
        if asked == Some(next.as_str()) || !self.cursors.insert(next.clone()) {
            return Err(circles("the list's cursor repeats"));
        }
        if self.without_news >= CIRCLING_PAGES || self.cursors.len() >= MAX_PAGES {
            return Err(circles("the list never ends: its pages repeat"));
        }
        Ok(Some(next))
    }
}

/// Lifetime counters of every campaign that ever sent, in one answer.
pub(super) fn campaign_analytics(client: &Client, walk: Walk) -> impl Stream<Item = Paged> + '_ {
    stream::once(async move {
        let read = |answer: &Answer| {
            let items = answer::array(&answer.text)?;
            Ok(pages::of(answer, &items, tables::campaign, codes::CAMPAIGN_ANALYTICS))
        };
        client.ask(&Request::get("/campaigns/analytics"), &walk.usage, read).await
    })
}

/// One request per subject, several at once, pages in the order of the subjects.
pub(super) fn per_subject<'a, F>(
    client: &'a Client,
    walk: Walk,
    ask: fn(&'a Client, Subject, Arc<Usage>) -> F,
) -> impl Stream<Item = Paged> + 'a
where
    F: Future<Output = Paged> + 'a,
{
    let usage = walk.usage;
    stream::iter(walk.subjects)
        .map(move |subject| ask(client, subject, usage.clone()))
        .buffered(SUBJECTS_AT_ONCE)
}

/// Counters per UTC day. The selector is `campaign_id`: `id` would quietly give the whole workspace (fact sheet, 4.1).
pub(super) async fn daily(client: &Client, subject: Subject, usage: Arc<Usage>) -> Paged {
    let mut request = Request::get("/campaigns/analytics/daily");
    if !subject.id.is_empty() {
        request = request.query("campaign_id", &subject.id);
    }
    if let Some((first, last)) = subject.days {
        request = request.query("start_date", first.to_string()).query("end_date", last.to_string());
    }
    let id = subject.id.clone();
    let read = move |answer: &Answer| {
        let items = answer::array(&answer.text)?;
        Ok(pages::of(answer, &items, |fields| tables::day(fields, &id), codes::NONE))
    };
    let page = client.ask(&request, &usage, read).await?;
    Ok(Page { subject: Some(subject), ..page })
}

/// Counters per step and variant of one campaign.
pub(super) async fn steps(client: &Client, subject: Subject, usage: Arc<Usage>) -> Paged {
    let request = Request::get("/campaigns/analytics/steps")
        .query("campaign_id", &subject.id)
        .query("include_opportunities_count", "true");
    let id = subject.id.clone();
    let read = move |answer: &Answer| {
        let items = answer::array(&answer.text)?;
        Ok(pages::of(answer, &items, |fields| tables::step(fields, &id), codes::NONE))
    };
    let page = client.ask(&request, &usage, read).await?;
    Ok(Page { subject: Some(subject), ..page })
}

/// One message by itself. One that is no longer there is an answer, too.
pub(super) async fn email_detail(client: &Client, subject: Subject, usage: Arc<Usage>) -> Paged {
    let request = Request::get(format!("/emails/{}", path_segment(&subject.id)));
    let read = |answer: &Answer| {
        Ok(pages::of(answer, &[answer::record(&answer.text)?], tables::email_detail, codes::NONE))
    };
    let page = match client.ask(&request, &usage, read).await {
        Err(VendorError::NotFound { .. }) => {
            let nothing = Answer { text: String::new(), requested_at: client.now() };
            pages::of(&nothing, &[], tables::email_detail, codes::NONE)
        }
        page => page?,
    };
    Ok(Page { subject: Some(subject), ..page })
}

/// An id as one segment of a path.
pub(super) fn path_segment(id: &str) -> String {
    id.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                (b as char).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

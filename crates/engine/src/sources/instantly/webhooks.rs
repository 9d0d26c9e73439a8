//! Webhook subscriptions at the vendor: made, listed, tried out, resumed. Source: the fact sheet, 4.8 and 5.
//! Leaves what is delivered to `webhook`, and when to look to `heal`. Header values come back in clear: they are not
//! read here.

use serde_json::json;
use serde_json::value::RawValue;

use super::answer;
use super::client::{Answer, Client, Request};
use super::walks::{PAGE_SIZE, path_segment};
use crate::raw::Fields;
use crate::source::{VendorError, Webhook};
use crate::usage::Usage;

/// No workspace has as many subscriptions as this many pages hold.
const MAX_PAGES: usize = 100;

/// One subscription as the vendor holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub id: String,
    pub name: Option<String>,
    pub target_url: String,
    /// `all_events` or one type; None: a custom label.
    pub event_type: Option<String>,
    /// 1 active, -1 disabled after delivery failures; an open set.
    pub status: Option<i32>,
    /// When it was disabled, as the vendor writes it.
    pub failed_at: Option<String>,
}

impl Subscription {
    /// Switched off by the vendor after delivery failures; nothing is delivered until it is resumed.
    pub fn is_disabled(&self) -> bool {
        self.status == Some(-1)
    }

    fn read(fields: &Fields) -> Option<Self> {
        Some(Self {
            id: fields.filled("id")?,
            name: fields.filled("name"),
            target_url: fields.text("target_hook_url").unwrap_or_default(),
            event_type: fields.filled("event_type"),
            status: fields.integer("status"),
            failed_at: fields.filled("timestamp_error"),
        })
    }
}

impl From<Subscription> for Webhook {
    fn from(there: Subscription) -> Self {
        let is_disabled = there.is_disabled();
        Self { id: there.id, target_url: there.target_url, is_disabled, failed_at: there.failed_at }
    }
}

/// What came of a trial delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    pub success: bool,
    /// The status our endpoint answered with, where the vendor says.
    pub status_code: Option<i32>,
    /// The vendor's words.
    pub message: Option<String>,
}

/// Subscribes an address to everything; `header` is sent along with each delivery, the only authentication there is.
/// Only `all_events` brings automatic replies and clicks under their delivered names. An address that is subscribed
/// already is left as it is: the vendor has no idempotency key, so that a repeated call would double every delivery.
pub async fn create(
    client: &Client,
    name: &str,
    target_url: &str,
    header: Option<(&str, &str)>,
    usage: &Usage,
) -> Result<Subscription, VendorError> {
    if let Some(there) = by_address(client, target_url, usage).await? {
        return Ok(there);
    }
    let mut body = json!({ "name": name, "target_hook_url": target_url, "event_type": "all_events" });
    if let Some((header, value)) = header {
        body["headers"] = json!({ header: value });
    }
    match client.ask_once(&Request::post("/webhooks", body), usage, one).await {
        // It may have happened all the same.
        Err(error) if error.is_retryable() => by_address(client, target_url, usage).await?.ok_or(error),
        outcome => outcome,
    }
}

/// Every subscription of the workspace.
pub async fn list(client: &Client, usage: &Usage) -> Result<Vec<Subscription>, VendorError> {
    let mut found: Vec<Subscription> = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let mut request = Request::get("/webhooks").query("limit", PAGE_SIZE.to_string());
        if let Some(after) = &after {
            request = request.query("starting_after", after);
        }
        let read = |answer: &Answer| {
            let list = answer::list(&answer.text)?;
            let read = |item: &&RawValue| Subscription::read(&Fields::of(item.get()));
            Ok((list.items.iter().filter_map(read).collect::<Vec<_>>(), list.next))
        };
        let (page, next) = client.ask(&request, usage, read).await?;
        let before = found.len();
        for subscription in page {
            if !found.iter().any(|there| there.id == subscription.id) {
                found.push(subscription);
            }
        }
        if next.is_none() || found.len() == before {
            return Ok(found);
        }
        after = next;
    }
    Err(VendorError::Endless { message: "the list of webhooks never ends".into() })
}

/// Switches a disabled subscription on again; one that is on stays on.
pub async fn resume(client: &Client, id: &str, usage: &Usage) -> Result<Subscription, VendorError> {
    let request = Request::post_bare(format!("/webhooks/{}/resume", path_segment(id)));
    client.ask(&request, usage, one).await
}

/// Has the vendor send a trial delivery. The vendor answers 200 also when it failed.
pub async fn test(client: &Client, id: &str, usage: &Usage) -> Result<Trial, VendorError> {
    let request = Request::post_bare(format!("/webhooks/{}/test", path_segment(id)));
    let read = |answer: &Answer| {
        let fields = Fields::of(&answer.text);
        let success = fields.flag("success").ok_or_else(unreadable)?;
        let message = fields.filled("error").or_else(|| fields.filled("message"));
        Ok(Trial { success, status_code: fields.integer("status_code"), message })
    };
    client.ask_once(&request, usage, read).await
}

async fn by_address(
    client: &Client,
    target_url: &str,
    usage: &Usage,
) -> Result<Option<Subscription>, VendorError> {
    let all = list(client, usage).await?;
    let takes_all = |there: &Subscription| there.event_type.as_deref() == Some("all_events");
    Ok(all.into_iter().find(|there| there.target_url == target_url && takes_all(there)))
}

fn one(answer: &Answer) -> Result<Subscription, VendorError> {
    Subscription::read(&Fields::of(&answer.text)).ok_or_else(unreadable)
}

fn unreadable() -> VendorError {
    VendorError::Unreadable { message: "it is not the subscription this endpoint promises".into() }
}

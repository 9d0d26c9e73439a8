//! Every path the simulator answers, on one page. A handler reads its call, asks the world, and shapes the answer.

use bytes::Bytes;
use serde_json::Value;

use crate::answer::Answer;
use crate::query::Call;
use crate::world::World;

mod accounts;
mod analytics;
mod block_list;
mod campaigns;
mod emails;
mod leads;
pub(crate) mod vapi;
mod webhooks;
mod workspace;

type Handler = fn(&mut World, &Call) -> Result<Answer, Answer>;

/// Method, path (`*` stands for one id), the scope that is needed (`read` where none is named), and who answers.
const ROUTES: &[(&str, &str, &str, Handler)] = &[
    ("GET", "/api/v2/campaigns", "campaigns", campaigns::list),
    ("GET", "/api/v2/campaigns/analytics", "campaigns", analytics::lifetime),
    ("GET", "/api/v2/campaigns/analytics/overview", "campaigns", analytics::overview),
    ("GET", "/api/v2/campaigns/analytics/daily", "campaigns", analytics::daily),
    ("GET", "/api/v2/campaigns/analytics/steps", "campaigns", analytics::steps),
    ("GET", "/api/v2/campaigns/*", "campaigns", campaigns::one),
    ("GET", "/api/v2/accounts", "accounts", accounts::list),
    ("GET", "/api/v2/accounts/*", "accounts", accounts::one),
    ("GET", "/api/v2/emails", "emails", emails::list),
    ("GET", "/api/v2/emails/unread/count", "emails", emails::unread),
    ("GET", "/api/v2/emails/*", "emails", emails::one),
    ("POST", "/api/v2/leads/list", "leads", leads::list),
    ("GET", "/api/v2/leads/*", "leads", leads::one),
    ("GET", "/api/v2/block-lists-entries", "block_list_entries", block_list::list),
    ("GET", "/api/v2/workspaces/current", "workspaces", workspace::current),
    ("GET", "/api/v2/lead-labels", "lead-labels", workspace::labels),
    ("GET", "/api/v2/webhooks", "webhooks", webhooks::list),
    ("POST", "/api/v2/webhooks", "webhooks:create", webhooks::create),
    ("GET", "/api/v2/webhooks/event-types", "webhooks", webhooks::event_types),
    ("PATCH", "/api/v2/webhooks/*", "webhooks:update", webhooks::change),
    ("DELETE", "/api/v2/webhooks/*", "webhooks:delete", webhooks::delete),
    ("POST", "/api/v2/webhooks/*/resume", "webhooks:update", webhooks::resume),
    ("POST", TEST, "webhooks", webhooks::test),
    ("GET", "/api/v2/webhook-events", "webhook_events", webhooks::events),
];

/// Has a delivery sent, which a handler cannot.
pub(crate) const TEST: &str = "/api/v2/webhooks/*/test";

/// A path that exists: the scope it needs and its handler.
pub(crate) struct Found {
    pub(crate) pattern: &'static str,
    /// Resource and action.
    pub(crate) scope: (&'static str, &'static str),
    pub(crate) id: String,
    pub(crate) handler: Handler,
}

pub(crate) fn find(method: &str, path: &str) -> Option<Found> {
    ROUTES.iter().find_map(|(verb, pattern, scope, handler)| {
        let id = match pattern.split_once('*') {
            None => (path == *pattern).then(String::new),
            Some((start, end)) => path
                .strip_prefix(start)
                .and_then(|rest| rest.strip_suffix(end))
                .filter(|id| !id.is_empty() && !id.contains('/'))
                .map(crate::query::decode),
        };
        let scope = scope.split_once(':').unwrap_or((scope, "read"));
        id.filter(|_| *verb == method).map(|id| Found { pattern, scope, id, handler: *handler })
    })
}

/// One page of records that are kept in order.
fn page<'a>(
    records: impl Iterator<Item = &'a Value>,
    limit: usize,
    cursor: impl Fn(&Value) -> String,
) -> Answer {
    let records: Vec<&Value> = records.take(limit).collect();
    let rows: Vec<Bytes> = records.iter().map(|record| Bytes::from(record.to_string())).collect();
    Answer::page(&rows, limit, records.last().map(|record| cursor(record)))
}

/// The cursor of most lists.
fn id(record: &Value) -> String {
    record["id"].as_str().unwrap_or_default().to_owned()
}

/// Whether a field contains the text, in any case.
fn contains(record: &Value, fields: &[&str], text: Option<&str>) -> bool {
    let Some(text) = text.map(str::to_lowercase) else { return true };
    fields
        .iter()
        .any(|field| record[*field].as_str().is_some_and(|value| value.to_lowercase().contains(&text)))
}

//! What a key may see, asked before a first pull: a small request for each scope. Leaves what to do about it to people.

use serde::Serialize;
use serde_json::json;

use super::STREAMS;
use super::client::{Answer, Client, Request};
use crate::source::VendorError;
use crate::usage::Usage;

/// A scope, and whether the key has it.
#[derive(Debug, Clone, Serialize)]
pub struct Access {
    pub scope: &'static str,
    /// What people cannot see without it.
    pub without: &'static str,
    pub allowed: bool,
}

/// Asks once for each scope that streams need. An error where the key is not accepted at all, or the vendor is away.
pub async fn access(client: &Client) -> Result<Vec<Access>, VendorError> {
    let usage = Usage::default();
    let mut all: Vec<Access> = Vec::new();
    for stream in STREAMS.iter().filter(|stream| !stream.scope.is_empty()) {
        if all.iter().any(|known| known.scope == stream.scope) {
            continue;
        }
        let request = match stream.name {
            "leads" => Request::post("/leads/list", json!({ "limit": 1 })),
            "webhook_events" => Request::get("/webhook-events").query("limit", "1"),
            name => Request::get(format!("/{name}")).query("limit", "1"),
        };
        let allowed = match client.ask(&request, &usage, |_: &Answer| Ok(())).await {
            Ok(()) => true,
            Err(VendorError::MissingScope { .. }) => false,
            Err(error) => return Err(error),
        };
        all.push(Access { scope: stream.scope, without: stream.without, allowed });
    }
    Ok(all)
}

//! Webhook deliveries of Vapi: what a message is, and what makes it one. Source: the fact sheet, 5.
//! Leaves what a call amounts to to the normalise steps.

use jiff::Timestamp;
use serde_json::Value;

use super::facts::{Facts, in_range};
use super::redact::redact;
use super::tables::MESSAGES;
use crate::raw::{Payload, RawTable, Record};
use crate::source::{self, Delivery, Understood};

/// Messages that tell of a call.
const OF_CALLS: &[&str] = &["status-update", "end-of-call-report"];
/// Known, and nothing to conclude from them.
const KEPT: &[&str] = &[
    "assistant.started",
    "transcript",
    "transfer-update",
    "phone-call-control",
    "call.deleted",
    "call.delete.failed",
    "call.artifact.upload",
    "chat.created",
    "chat.deleted",
    "session.created",
    "session.updated",
    "session.deleted",
    "campaign.started",
    "campaign.cancelled",
    "campaign.ended",
    "campaign.archived",
    "campaign.unarchived",
    "campaign.job.continued",
    "contact.dispatched",
    "contact.completed",
    "contact.failed",
    "contact.skipped",
    "contact.predial-failed",
];
/// The vendor waits for an answer; ours is an empty object, as for all others.
const REQUESTS: &[&str] = &[
    "assistant-request",
    "tool-calls",
    "function-call",
    "transfer-destination-request",
    "handoff-destination-request",
    "knowledge-base-request",
    "voice-request",
    "call.endpointing.request",
    "campaign.predial",
];
/// Hundreds a call, all of it again in the report at its end. The deliveries keep them; no rows are made of them.
const CHATTER: &[&str] = &[
    "conversation-update",
    "speech-update",
    "user-interrupted",
    "hang",
    "model-output",
    "voice-input",
    "assistant.speechStarted",
    "language-change-detected",
    "language-changed",
];

/// Longest type and id that go into a key.
const LONGEST: usize = 200;

/// Reads a delivery: one message, or a list of them.
pub fn understand(delivery: &Delivery) -> Understood {
    // Done by the receiver already; a delivery that an older version stored must not bring its secrets into raw either.
    let body = redact(delivery.body);
    let objects = match source::objects(&body) {
        Ok(objects) => objects,
        Err(reason) => return Understood::SetAside(reason),
    };
    let mut records: Vec<(&'static RawTable, Record)> = Vec::new();
    let mut refused = None;
    for object in objects {
        match record(object.get()) {
            Ok(Some(record)) => records.push((&MESSAGES, record)),
            Ok(None) => {}
            Err(reason) => refused = Some(reason),
        }
    }
    match refused {
        Some(reason) if records.is_empty() => Understood::SetAside(reason.into()),
        _ => Understood::Records(records),
    }
}

/// One message as a record; None: chatter.
fn record(json: &str) -> Result<Option<Record>, &'static str> {
    let payload = Payload::new(json);
    let value: Value = serde_json::from_str(&payload.json).map_err(|_| "it cannot be read")?;
    let message = &value["message"];
    let named = message["type"].as_str().map(str::trim).filter(|name| !name.is_empty()).ok_or(
        "it has no `message` with a `type`: not the wrapped form in which Vapi sends its server messages",
    )?;
    // transcript[transcriptType="final"]: the subscription's name arrives as the type.
    let name = cut(named.split('[').next().unwrap_or(named));
    let is_partial = name == "transcript" && message["transcriptType"] == "partial";
    let knows = |names: &[&str]| names.contains(&name.as_str());
    let call_id = message["call"]["id"].as_str().map(str::trim).filter(|id| !id.is_empty()).map(cut);
    let meaning = match () {
        () if is_partial || knows(CHATTER) => return Ok(None),
        () if knows(OF_CALLS) && call_id.is_some() => "call",
        () if knows(OF_CALLS) => return Err("it does not say which call it is about"),
        () if knows(KEPT) => "kept",
        () if knows(REQUESTS) => "request",
        () => "unknown",
    };
    let status = match name.as_str() {
        "status-update" => message["status"].as_str(),
        "end-of-call-report" => Some("ended"),
        _ => None,
    };
    // The same thing told again is the same row; anything that differs is one of its own, and the step reads all of them.
    let hash: String = payload.sha256[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |part: Option<&str>| part.map(cut).unwrap_or_default();
    let key = format!("{}:{name}:{}:{hash}", part(call_id.as_deref()), part(status));
    let at = message["timestamp"].as_f64().and_then(|ms| Timestamp::from_millisecond(ms as i64).ok());
    let mut values = vec![
        Some(key.clone()),
        Some(name.clone()),
        Some(meaning.to_owned()),
        at.filter(in_range).map(|at| at.to_string()),
        call_id,
    ];
    values.extend(Facts::of_message(message, status).columns());
    Ok(Some(Record { key, values, payload }))
}

fn cut(text: &str) -> String {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace('\0', "\u{FFFD}")
}

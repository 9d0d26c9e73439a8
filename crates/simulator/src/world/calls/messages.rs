//! What Vapi tells of a call by webhook: each change of its status, and a report at its end.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Calls;
use super::plan::{Moments, Plan};
use super::render;
use crate::clock::{SECOND, stamp};

/// One message, as it is posted to the server's address.
#[derive(Debug, Clone)]
pub struct CallMessage {
    /// When it is sent.
    pub at: Timestamp,
    pub call_id: String,
    /// `status-update`, `end-of-call-report`.
    pub kind: &'static str,
    /// The body.
    pub body: Value,
}

impl CallMessage {
    /// The body as a retry has it: the signed addresses are other ones each time.
    pub fn again(&self, attempt: u32) -> Value {
        let mut body = self.body.clone();
        let artifact = &mut body["message"]["artifact"];
        for field in ["presignedMonoUrl", "presignedStereoUrl"] {
            if let Some(url) = artifact[field].as_str() {
                artifact[field] = json!(format!("{url}-retry-{attempt}"));
            }
        }
        if artifact["presignedUrlsExpiresAt"].is_string() {
            let expires = self.at.as_millisecond() + 900_000 + i64::from(attempt) * SECOND;
            artifact["presignedUrlsExpiresAt"] = json!(stamp(expires));
        }
        body
    }
}

/// Everything that is told of a call, from its making to its end.
pub(super) fn of(calls: &Calls, plan: &Plan) -> Vec<CallMessage> {
    let moments = plan.moments();
    let mut told = Vec::new();
    let mut status = |at: i64, status: &str, more: Value| {
        let mut fields = json!({"status": status});
        super::super::merge(&mut fields, more);
        told.push(message(calls, plan, at, "status-update", fields));
    };
    if plan.waits > 0 {
        status(plan.created + 300, "scheduled", json!({}));
    }
    status(moments.dialled + 380, "queued", json!({}));
    if moments.ringing < moments.ended {
        status(moments.ringing, "ringing", json!({}));
    }
    if let Some(answered) = moments.answered {
        status(answered, "in-progress", json!({}));
    }
    status(moments.ended, "ended", json!({"endedReason": plan.outcome.reason()}));
    told.push(report(calls, plan, &moments));
    told
}

fn report(calls: &Calls, plan: &Plan, moments: &Moments) -> CallMessage {
    let (cost, breakdown, costs) = render::costs(plan, moments);
    let (messages, transcript) = render::words(plan, moments);
    let mut fields = json!({
        "analysis": render::analysis(plan), "artifact": render::artifact(plan, moments, 0),
        "endedReason": plan.outcome.reason(), "cost": cost, "costBreakdown": breakdown, "costs": costs,
        "endedAt": stamp(moments.ended), "messages": messages, "transcript": transcript,
    });
    if let Some(answered) = moments.answered {
        let length = moments.ended - answered;
        fields["startedAt"] = json!(stamp(answered));
        fields["durationMs"] = json!(length);
        fields["durationSeconds"] = json!(length as f64 / 1000.0);
    }
    message(calls, plan, moments.settled, "end-of-call-report", fields)
}

fn message(calls: &Calls, plan: &Plan, at: i64, kind: &'static str, more: Value) -> CallMessage {
    let mut message = json!({
        "timestamp": at, "type": kind, "call": render::snapshot(calls, plan), "customer": render::customer(plan),
        "phoneNumber": calls.numbers.get(&calls.line), "assistant": calls.assistants.get(&calls.assistant),
    });
    super::super::merge(&mut message, more);
    CallMessage {
        at: Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH),
        call_id: plan.id.clone(),
        kind,
        body: json!({"message": message}),
    }
}

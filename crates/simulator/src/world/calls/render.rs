//! A call as the vendor shows it at some instant.

use serde_json::{Value, json};

use super::Calls;
use super::plan::{Moments, Plan};
use crate::clock::stamp;
use crate::material::calls::CallOutcome;

/// The call's record; None before it was made. `answer` numbers what is signed anew with each answer.
pub(super) fn call(calls: &Calls, plan: &Plan, now: i64, answer: u64) -> Option<Value> {
    if now < plan.created {
        return None;
    }
    let moments = plan.moments();
    let status = match () {
        () if now < moments.dialled => "scheduled",
        () if now < moments.ringing.min(moments.ended) => "queued",
        () if now < moments.answered.unwrap_or(moments.ended) => "ringing",
        () if now < moments.ended => "in-progress",
        () => "ended",
    };
    let passed =
        [moments.dialled, moments.ringing, moments.answered.unwrap_or(0), moments.ended, moments.settled];
    let updated = passed.into_iter().filter(|at| *at <= now).max().unwrap_or(plan.created);
    let mut call = snapshot(calls, plan);
    call["status"] = json!(status);
    call["updatedAt"] = json!(stamp(updated.max(plan.created)));
    if let Some(answered) = moments.answered.filter(|at| *at <= now) {
        call["startedAt"] = json!(stamp(answered));
    }
    if status == "ended" {
        call["endedAt"] = json!(stamp(moments.ended));
        call["endedReason"] = json!(plan.outcome.reason());
        call["artifact"] = artifact(plan, &moments, answer);
        call["analysis"] = json!({});
    }
    if now >= moments.settled {
        let (cost, breakdown, costs) = costs(plan, &moments);
        call["cost"] = json!(cost);
        call["costBreakdown"] = breakdown;
        call["costs"] = costs;
        call["analysis"] = analysis(plan);
    }
    Some(call)
}

/// The call as it was made: what webhooks carry whatever has happened since.
pub(super) fn snapshot(calls: &Calls, plan: &Plan) -> Value {
    let mut call = json!({
        "id": plan.id, "orgId": calls.organization, "createdAt": stamp(plan.created),
        "updatedAt": stamp(plan.created), "type": "outboundPhoneCall",
        "status": if plan.waits > 0 { "scheduled" } else { "queued" }, "cost": 0,
        "assistantId": calls.assistant, "phoneNumberId": calls.line, "phoneCallProvider": "twilio",
        "phoneCallTransport": "pstn", "customer": customer(plan),
        "assistantOverrides": {"variableValues": {"first_name": plan.first, "company": plan.company}},
        "monitor": {
            "listenUrl": format!("wss://phone-call-websocket.example.com/{}/listen", plan.id),
            "controlUrl": format!("https://phone-call-websocket.example.com/{}/control", plan.id),
        },
        "transport": {"conversationType": "voice", "provider": "twilio", "accountSid": "AC00000000000000000000000000000000"},
    });
    if let Some(campaign) = &plan.campaign {
        call["campaignId"] = json!(campaign);
    }
    if plan.waits > 0 {
        call["schedulePlan"] = json!({"earliestAt": stamp(plan.created + plan.waits)});
    }
    call
}

pub(super) fn customer(plan: &Plan) -> Value {
    let mut customer = json!({"number": plan.number, "name": plan.first});
    if let Some(reference) = &plan.reference {
        customer["externalId"] = json!(reference);
    }
    customer
}

/// Words, recordings and signed addresses.
pub(super) fn artifact(plan: &Plan, moments: &Moments, answer: u64) -> Value {
    let (messages, transcript) = words(plan, moments);
    let mut artifact = json!({
        "messages": messages, "transcript": transcript,
        "variableValues": {"first_name": plan.first, "company": plan.company},
    });
    if moments.answered.is_some() {
        let at = |what: &str| format!("https://storage.vapi.ai/{}-{what}.wav", plan.id);
        let signed = |what: &str| {
            format!(
                "https://artifacts.example.com/{}/{what}.wav?X-Amz-Expires=900&X-Amz-Signature=made-up-{answer}",
                plan.id
            )
        };
        artifact["recordingUrl"] = json!(at("mono"));
        artifact["stereoRecordingUrl"] = json!(at("stereo"));
        artifact["recording"] = json!({"stereoUrl": at("stereo"), "mono": {"combinedUrl": at("mono"),
            "assistantUrl": at("assistant"), "customerUrl": at("customer")}});
        artifact["presignedMonoUrl"] = json!(signed("mono"));
        artifact["presignedStereoUrl"] = json!(signed("stereo"));
        artifact["presignedUrlsExpiresAt"] = json!(stamp(moments.settled + 900_000 + answer as i64));
    }
    artifact
}

/// What was said: as messages with their times, and as a transcript.
pub(super) fn words(plan: &Plan, moments: &Moments) -> (Value, String) {
    let start = moments.answered.unwrap_or(moments.ended);
    let mut messages =
        vec![json!({"role": "system", "message": "You call on behalf of Lotse.", "time": start,
        "secondsFromStart": 0})];
    let (mut at, mut transcript) = (start + 800, String::new());
    for (turn, line) in plan.lines().iter().enumerate() {
        // A mailbox speaks first.
        let theirs = (turn % 2 == 1) != (plan.outcome == CallOutcome::Voicemail);
        let (role, who) = if theirs { ("user", "User") } else { ("bot", "AI") };
        let duration = 60 * line.chars().count() as i64;
        messages.push(json!({
            "role": role, "message": line, "time": at, "endTime": at + duration,
            "secondsFromStart": (at - start) as f64 / 1000.0, "duration": duration,
        }));
        transcript.push_str(&format!("{who}: {line}\n"));
        at += duration + 900;
    }
    (json!(messages), transcript)
}

pub(super) fn analysis(plan: &Plan) -> Value {
    let Some(script) = plan.outcome.script() else { return json!({}) };
    json!({
        "summary": plan.fill(script.summary),
        "successEvaluation": matches!(plan.outcome, CallOutcome::Meeting | CallOutcome::Interested).to_string(),
        "structuredData": {"outcome": script.word},
    })
}

/// Total, breakdown and parts, in US dollars.
pub(super) fn costs(plan: &Plan, moments: &Moments) -> (f64, Value, Value) {
    let minutes = moments.answered.map_or(0.0, |at| (moments.ended - at) as f64 / 60_000.0);
    let cents = |part: f64| (part * minutes * 10_000.0).round() / 10_000.0;
    let (transport, voice) = (cents(0.014), cents(0.091));
    let total = ((transport + voice) * 10_000.0).round() / 10_000.0;
    let breakdown = json!({
        "transport": transport, "vapi": voice, "total": total,
        "ttsCharacters": plan.lines().iter().map(|line| line.len()).sum::<usize>(),
    });
    let parts = json!([
        {"type": "transport", "provider": "twilio", "minutes": minutes, "cost": transport},
        {"type": "vapi", "subType": "normal", "minutes": minutes, "cost": voice},
    ]);
    (total, breakdown, parts)
}

//! Vapi's API: bare arrays of records under paths of their own, and recordings behind signed addresses. It has no
//! cursors: lists are windows of time.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::clock;
use crate::query::Call;
use crate::world::{VapiKind, World};

/// Parameters every list takes.
const PARAMETERS: &[&str] = &[
    "id",
    "assistantId",
    "phoneNumberId",
    "limit",
    "createdAtGt",
    "createdAtLt",
    "createdAtGe",
    "createdAtLe",
    "updatedAtGt",
    "updatedAtLt",
    "updatedAtGe",
    "updatedAtLe",
];

/// Where signed addresses lead; no key belongs there.
pub(crate) const STORAGE: &str = "/recordings/";

/// Answers a request, or says that there is no such path.
pub(crate) fn answer(world: &mut World, method: &str, path: &str, call: &Call) -> Answer {
    if method != "GET" {
        return Answer::error(404, &format!("Cannot {method} {path}"));
    }
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let answered = match parts.as_slice() {
        ["call"] => list(world.calls(), call),
        ["call", id] => Ok(one(world.call(id).as_ref())),
        ["call", id, "mono-recording" | "stereo-recording"] => Ok(recording(world, id, call)),
        ["assistant"] => list(world.vapi(VapiKind::Assistant).values().cloned().collect(), call),
        ["assistant", id] => Ok(one(world.vapi(VapiKind::Assistant).get(*id))),
        ["phone-number"] => list(world.vapi(VapiKind::PhoneNumber).values().cloned().collect(), call),
        ["v2", "campaign"] => campaigns(world, call),
        _ => Err(Answer::error(404, &format!("Cannot {method} {path}"))),
    };
    answered.unwrap_or_else(|refusal| refusal)
}

/// The bytes behind a signed address: a second of silence. Storage refuses a second kind of proof.
pub(crate) fn stored(authorization: Option<&str>) -> Answer {
    if authorization.is_some() {
        return Answer::text(400, "application/xml", "<Error><Code>InvalidArgument</Code></Error>");
    }
    let mut wave =
        b"RIFF\x64\x1f\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x40\x1f\0\0"
            .to_vec();
    wave.resize(wave.len() + 8_000, 0x80);
    Answer { content_type: "audio/wav", ..Answer::bytes(wave.into()) }
}

/// Newest first; at most `limit`, 100 unless told.
fn list(mut records: Vec<Value>, call: &Call) -> Result<Answer, Answer> {
    let unknown: Vec<String> = call
        .query
        .iter()
        .filter(|(name, _)| !PARAMETERS.contains(&name.as_str()))
        .map(|(name, _)| format!("property {name} should not exist"))
        .collect();
    if !unknown.is_empty() {
        let body = json!({"message": unknown, "error": "Bad Request", "statusCode": 400});
        return Err(Answer { status: 400, ..Answer::json(&body) });
    }
    let limit = limit(call)?;
    for field in ["createdAt", "updatedAt"] {
        for (end, holds) in BOUNDS {
            let Some(text) = call.get(&format!("{field}{end}")) else { continue };
            let Some(bound) = clock::parse(text) else {
                return Err(Answer::error(
                    400,
                    &format!("{field}{end} must be a valid ISO 8601 date string"),
                ));
            };
            records.retain(|record| time(record, field).is_some_and(|at| holds(at, bound)));
        }
    }
    for (parameter, field) in
        [("id", "id"), ("assistantId", "assistantId"), ("phoneNumberId", "phoneNumberId")]
    {
        if let Some(wanted) = call.get(parameter) {
            records.retain(|record| record[field] == wanted);
        }
    }
    records.sort_by_key(|record| std::cmp::Reverse((time(record, "createdAt"), record["id"].to_string())));
    records.truncate(limit);
    Ok(Answer::json(&Value::Array(records)))
}

type Holds = fn(i64, i64) -> bool;

const BOUNDS: [(&str, Holds); 4] = [
    ("Gt", |at, bound| at > bound),
    ("Lt", |at, bound| at < bound),
    ("Ge", |at, bound| at >= bound),
    ("Le", |at, bound| at <= bound),
];

fn time(record: &Value, field: &str) -> Option<i64> {
    clock::parse(record[field].as_str()?)
}

fn limit(call: &Call) -> Result<usize, Answer> {
    match call.get("limit").map(str::parse::<usize>) {
        None => Ok(100),
        Some(Ok(limit @ 0..=1000)) => Ok(limit),
        Some(_) => Err(Answer::error(400, "limit must not be greater than 1000")),
    }
}

fn one(record: Option<&Value>) -> Answer {
    record.map_or_else(|| Answer::error(404, "Not Found"), Answer::json)
}

/// Pages by number, within an envelope.
fn campaigns(world: &mut World, call: &Call) -> Result<Answer, Answer> {
    let (limit, page) =
        (limit(call)?.max(1), call.get("page").and_then(|page| page.parse().ok()).unwrap_or(1_usize));
    let all: Vec<Value> = world.vapi(VapiKind::Campaign).values().rev().cloned().collect();
    let pages = all.len().div_ceil(limit);
    let results: Vec<Value> = all.iter().skip((page.max(1) - 1) * limit).take(limit).cloned().collect();
    Ok(Answer::json(&json!({
        "results": results,
        "metadata": {"itemsPerPage": limit, "totalItems": all.len(), "currentPage": page, "totalPages": pages,
            "hasNextPage": page < pages, "sortOrder": "DESC"},
    })))
}

/// A redirect to an address that is good for a while.
fn recording(world: &mut World, id: &str, call: &Call) -> Answer {
    let recorded = world.call(id).is_some_and(|call| call["artifact"]["recordingUrl"].is_string());
    if !recorded {
        return Answer::error(404, "Recording not found");
    }
    let location = format!("http://{}{STORAGE}{id}.wav?X-Amz-Expires=900&X-Amz-Signature=made-up", call.host);
    Answer { status: 302, location: Some(location), ..Answer::text(302, "text/plain", "") }
}

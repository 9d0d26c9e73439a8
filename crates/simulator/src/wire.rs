//! Puts an answer on the wire, whole or as a fault wants it.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use futures::stream;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::faults::Fault;
use crate::line::Cutter;
use crate::prng::Prng;

/// Pieces of a slow body.
const PIECES: usize = 8;

/// The answer a fault gives instead of the real one; `None` if the real one is still needed.
pub(crate) fn instead(fault: &Fault, path: &str, scopes: &str) -> Option<Answer> {
    Some(match fault {
        Fault::TooManyRequests { .. } => Answer::error(429, "Rate limit exceeded"),
        Fault::ServerError(status) => Answer::error(*status, "Internal server error"),
        Fault::Html502 => Answer::text(
            502,
            "text/html",
            "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><center><h1>502 Bad Gateway</h1></center></body>\n</html>\n",
        ),
        Fault::RevokedKey => Answer::error(401, "Invalid API key"),
        Fault::MissingScope(scope) => missing_scope(scope, scopes),
        Fault::ErrorInside => Answer::json(&json!({"error": "Something went wrong, please try again later"})),
        Fault::EmptyItems if is_vapi(path) => Answer::json(&json!([])),
        Fault::EmptyItems => Answer::json(&json!({"items": []})),
        Fault::NotJson => {
            Answer::text(200, "application/json; charset=utf-8", "{\"items\": [{\"id\": \"019a")
        }
        Fault::Reset => Answer { status: 0, ..Answer::text(200, "text/plain", "") },
        Fault::Truncated | Fault::SlowBody { .. } | Fault::RepeatedCursor | Fault::EndlessCursor => {
            return None;
        }
    })
}

/// Whether a path is of Vapi's API, whose lists are bare arrays.
pub(crate) fn is_vapi(path: &str) -> bool {
    !path.starts_with("/api/v2")
}

/// A missing scope is 401 here, not 403.
pub(crate) fn missing_scope(required: &str, found: &str) -> Answer {
    Answer::error(401, &format!("Invalid scope. Required: {required}. Found: {found}"))
}

/// Gives a page another cursor.
pub(crate) fn with_cursor(answer: Answer, cursor: &str) -> Answer {
    let Ok(mut page) = serde_json::from_slice::<Value>(&answer.body) else { return answer };
    if !page.is_object() {
        return answer;
    }
    page["next_starting_after"] = json!(cursor);
    Answer { body: page.to_string().into(), ..answer }
}

/// A cursor never given before: an id later than all.
pub(crate) fn fresh_cursor(prng: &mut Prng) -> String {
    prng.uuid(0xffff_ffff_ffff).to_string()
}

pub(crate) fn respond(answer: Answer, fault: Option<&Fault>, cutter: &Cutter) -> Response<Body> {
    let length = answer.body.len();
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = match fault {
        Some(Fault::Truncated) => truncated(answer.body),
        Some(Fault::SlowBody { chunk_every }) => slow(answer.body, *chunk_every),
        Some(Fault::Reset) => {
            cutter.cut();
            Body::empty()
        }
        _ => Body::from(answer.body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(location) = answer.location.and_then(|location| HeaderValue::try_from(location).ok()) {
        headers.insert(header::LOCATION, location);
    }
    if let Some(Fault::TooManyRequests { retry_after: Some(seconds) }) = fault {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// Half of the body, a moment for it to leave, and the end of the connection.
fn truncated(body: Bytes) -> Body {
    let half = body.slice(..body.len() / 2);
    Body::from_stream(stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) if !half.is_empty() => Some((Ok(half), Some(Bytes::new()))),
            _ => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
        }
    }))
}

fn slow(body: Bytes, chunk_every: Duration) -> Body {
    let size = body.len().div_ceil(PIECES).max(1);
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(chunk_every).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    }))
}

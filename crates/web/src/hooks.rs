//! Webhooks in: `POST /hooks/{source}/{connection-secret}[/{event}]`. Reads HTTP within limits, answers with a status.
//! Leaves who may send, storing and understanding to the engine.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use engine::inbox::{self, Headers, Inbox, Refused};
use futures::StreamExt;

/// How long a sender may take for its body.
const PATIENCE: Duration = Duration::from_secs(30);

/// The routes of this room.
pub(crate) fn routes(inbox: Inbox) -> Router {
    Router::new()
        .route("/hooks/{source}/{secret}", post(receive))
        .route("/hooks/{source}/{secret}/{event}", post(receive_event))
        .with_state(inbox)
}

async fn receive(
    State(inbox): State<Inbox>,
    Path((source, secret)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answer(take(&inbox, (&source, &secret, None), &method, &uri, &headers, body).await)
}

async fn receive_event(
    State(inbox): State<Inbox>,
    Path((source, secret, event)): Path<(String, String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answer(take(&inbox, (&source, &secret, Some(&event)), &method, &uri, &headers, body).await)
}

async fn take(
    inbox: &Inbox,
    (source, secret, event): (&str, &str, Option<&str>),
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<(), Refusal> {
    let headers = headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
    let request = inbox::Request {
        source,
        secret,
        event,
        method: method.as_str(),
        target: uri.path_and_query().map_or("", |target| target.as_str()),
        headers: Headers::new(headers),
    };
    let admitted = inbox.admit(request).await?;
    let body = match tokio::time::timeout(PATIENCE, read(inbox, body)).await {
        Ok(Ok(body)) => body,
        Ok(Err(Refusal::Engine(refused))) => {
            inbox.gave_up(&admitted, refused);
            return Err(Refusal::Engine(refused));
        }
        Ok(Err(refusal)) => return Err(refusal),
        Err(_) => return Err(Refusal::Status(StatusCode::REQUEST_TIMEOUT)),
    };
    inbox.receive(admitted, body).await?;
    Ok(())
}

async fn read(inbox: &Inbox, body: Body) -> Result<inbox::Body, Refusal> {
    let mut whole = inbox.body();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        // Cut off, or not what its headers promise.
        let chunk = chunk.map_err(|_| Refusal::Status(StatusCode::BAD_REQUEST))?;
        whole.push(&chunk)?;
    }
    Ok(whole)
}

/// Why the answer is not 2xx.
enum Refusal {
    Engine(Refused),
    Status(StatusCode),
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::Engine(refused)
    }
}

/// The status alone: a vendor reads nothing else, and a stranger should learn nothing.
fn answer(outcome: Result<(), Refusal>) -> Response {
    let status = match outcome {
        // Vapi takes an empty object where it expects none of its answers.
        Ok(()) => return (StatusCode::OK, axum::Json(serde_json::json!({}))).into_response(),
        Err(Refusal::Status(status)) => status,
        Err(Refusal::Engine(Refused::Unknown)) => StatusCode::NOT_FOUND,
        Err(Refusal::Engine(Refused::Unproven(_))) => StatusCode::UNAUTHORIZED,
        Err(Refusal::Engine(Refused::TooLarge)) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(Refusal::Engine(Refused::Busy | Refused::Unavailable)) => {
            return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "2")]).into_response();
        }
    };
    status.into_response()
}

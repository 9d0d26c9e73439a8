//! `Idempotency-Key`: a POST that is repeated word for word is done once and answered alike. Leaves keys to
//! `engine::idempotency`.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::Error;
use engine::idempotency::{self, Answer, Claim, Claimed, fingerprint};
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use crate::error::{Failure, Said};
use crate::session::Actor;
use crate::state::App;

/// How long a repeated request waits for the answer of the first.
const PATIENCE: Duration = Duration::from_secs(20);
const AGAIN: Duration = Duration::from_millis(100);

/// Told of every POST in the document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "only described")]
pub(crate) struct OnceKey {
    /// The same again gets the same answer, and is done once.
    #[param(rename = "Idempotency-Key", required = false)]
    key: Option<String>,
}

/// Put into an answer that shows a secret, which is shown this once: it is not kept to be given again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShownOnce;

pub(crate) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    let key = request.headers().get("idempotency-key").cloned();
    let (Some(key), &Method::POST) = (key, request.method()) else { return next.run(request).await };
    let key = String::from_utf8_lossy(key.as_bytes()).into_owned();
    let (parts, body) = request.into_parts();
    let actor = parts.extensions.get::<Actor>().map(|actor| actor.who.id()).unwrap_or_default();
    let is_file =
        parts.headers.get(CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"application/json"));
    // A file goes through as it comes; equal files are one import anyway.
    let (body, whole) = if is_file && parts.uri.path().ends_with("/imports") {
        let size = parts.headers.get(CONTENT_LENGTH).map(|size| size.as_bytes().to_vec()).unwrap_or_default();
        (body, size)
    } else {
        match to_bytes(body, super::LARGEST_BODY).await {
            Ok(whole) => (Body::from(whole.clone()), whole.to_vec()),
            Err(_) => {
                return Said::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large, or broke off", None)
                    .into_response();
            }
        }
    };
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    let request_is = fingerprint(parts.method.as_str(), target, &whole);
    match claim(&app, &actor, &key, request_is).await {
        Ok(Claim::Mine(claimed)) => {
            let response = next.run(Request::from_parts(parts, body)).await;
            kept(&app, &claimed, response).await
        }
        Ok(Claim::Answered(answer)) => again(answer),
        Ok(Claim::UnderWay) => Failure::Engine(Error::conflict(
            "the same request is being done right now",
            "ask again in a moment with the same key; it is not done twice",
        ))
        .into_response(),
        Err(error) => Failure::Engine(error).into_response(),
    }
}

/// The key, or the answer of whoever holds it.
async fn claim(app: &App, actor: &str, key: &str, request: [u8; 32]) -> engine::Result<Claim> {
    let (until, id) = (Instant::now() + PATIENCE, Uuid::now_v7());
    loop {
        let claim = idempotency::claim(&app.pool, (actor, key), request, id, app.clock.now()).await?;
        if !matches!(claim, Claim::UnderWay) || Instant::now() >= until {
            return Ok(claim);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Keeps the answer to a request that was done or refused for good; gives the key back where asking again may end otherwise.
async fn kept(app: &App, claimed: &Claimed, response: Response) -> Response {
    let status = response.status();
    let passing = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS];
    if status.is_server_error() || passing.contains(&status) {
        return released(app, claimed, response).await;
    }
    // What was refused has no words yet: they are given on the way out.
    if let Some(said) = response.extensions().get::<Said>().cloned() {
        let answer = Answer {
            status: i32::from(status.as_u16()),
            headers: json!({ "said": { "what": said.what, "hint": said.hint, "field": said.field } }),
            body: Vec::new(),
        };
        return settled(app, claimed, &answer, response).await;
    }
    let once = response.extensions().get::<ShownOnce>().is_some();
    let headers = [CONTENT_TYPE, LOCATION].map(|name| {
        let value = response.headers().get(&name).and_then(|value| value.to_str().ok());
        (name.to_string(), value.map_or(Value::Null, |value| value.into()))
    });
    let (head, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let answer = if once {
        let what = "it was made, and its secret was shown that once";
        let hint = "revoke it and make another, under a fresh key";
        Answer { status: 409, headers: json!({ "said": { "what": what, "hint": hint } }), body: Vec::new() }
    } else {
        Answer {
            status: i32::from(status.as_u16()),
            headers: Value::Object(headers.into_iter().collect()),
            body: body.to_vec(),
        }
    };
    settled(app, claimed, &answer, Response::from_parts(head, Body::from(body))).await
}

async fn settled(app: &App, claimed: &Claimed, answer: &Answer, response: Response) -> Response {
    if let Err(error) = claimed.settle(&app.pool, answer, app.clock.now()).await {
        tracing::warn!(%error, "an answer could not be kept; its key stays taken");
    }
    response
}

async fn released(app: &App, claimed: &Claimed, response: Response) -> Response {
    if let Err(error) = claimed.release(&app.pool).await {
        tracing::warn!(%error, "a key could not be given back");
    }
    response
}

fn again(answer: Answer) -> Response {
    let status = u16::try_from(answer.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.unwrap_or(StatusCode::OK);
    let mut response = match answer.headers.get("said") {
        Some(said) => {
            let text = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
            let mut words = Said::new(status, text("what").unwrap_or_default(), text("hint"));
            words.field = text("field");
            words.into_response()
        }
        None => {
            let mut response = (status, answer.body).into_response();
            response.headers_mut().remove(CONTENT_TYPE);
            for (name, value) in answer.headers.as_object().into_iter().flatten() {
                let name = HeaderName::try_from(name);
                let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
                if let (Ok(name), Some(value)) = (name, value) {
                    response.headers_mut().insert(name, value);
                }
            }
            response
        }
    };
    response
        .headers_mut()
        .insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
    response
}

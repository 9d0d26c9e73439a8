//! The door: who it is, whether they may, and the note of what they do. Every request of a page or the API goes through
//! here; webhooks, assets and `/health` do not.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::actor::Actor as Who;
use engine::{Error, api_keys, sessions, users};

use super::address::host;
use super::rules::{is_safe, needed};
use super::{Actor, cookie, is_loopback_host, lost, sent, written};
use crate::error::{Failure, Said};
use crate::state::App;

/// Lets a request in as somebody, or answers why not.
pub(crate) async fn enter(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(refusal) = called_by_another_name(&app, &parts) {
        return refusal.into_response();
    }
    let path = parts.uri.path();
    // Here people come in; what they show is proven there.
    if app.tools.entry.sign_in && (path == "/sign-in" || path.starts_with("/setup/")) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let is_read = is_safe(&parts.method);
    if is_read || path.starts_with("/api/") {
        return let_in(app, Request::from_parts(parts, body), next).await;
    }
    // Should the database be away, what was being sent is on the page that says so.
    let (request, sent) = sent::of(Request::from_parts(parts, body)).await;
    let mut response = let_in(app, request, next).await;
    if let Some(sent) = sent {
        response.extensions_mut().insert(sent);
    }
    response
}

async fn let_in(app: App, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path();
    let who = match who(&app, &parts).await {
        Ok(Some(who)) => who,
        Ok(None) => return lost::answer(&app, Request::from_parts(parts, body)).await,
        Err(failure) => return failure,
    };
    if let Err(refusal) = who.check(needed(&parts.method, path)) {
        return Failure::Engine(refusal).into_response();
    }
    parts.extensions.insert(Actor::from(who.clone()));
    let request = Request::from_parts(parts, body);
    if is_safe(request.method()) {
        return next.run(request).await;
    }
    written::noted(app, who, request, next).await
}

/// Without a sign-in, a page of somebody else could reach us by a name that it lets lead here: only names that are known to
/// mean this machine are answered.
fn called_by_another_name(app: &App, parts: &Parts) -> Option<Said> {
    if app.tools.entry.sign_in {
        return None;
    }
    let name = host(&parts.headers, &parts.uri).unwrap_or_default();
    if is_loopback_host(&name) || app.tools.entry.hosts.contains(&name) {
        return None;
    }
    Some(Said::new(
        StatusCode::MISDIRECTED_REQUEST,
        "this server answers to the names of its own machine only",
        Some(
            "open it at http://127.0.0.1 with its port; to reach it by another name, start it with `--sign-in`".into(),
        ),
    ))
}

/// Who it is; None: nobody has signed in.
async fn who(app: &App, parts: &Parts) -> Result<Option<Who>, Response> {
    let now = app.clock.now();
    if let Some(shown) = parts.headers.get(AUTHORIZATION) {
        return by_key(app, shown).await.map(Some);
    }
    let failed = |error: Error| Failure::Engine(error).into_response();
    if !app.tools.entry.sign_in {
        // Only what is written needs a name.
        let user =
            if is_safe(&parts.method) { None } else { users::sole(&app.pool).await.map_err(failed)? };
        return Ok(Some(Who::owner(user)));
    }
    match cookie::token(&parts.headers, &parts.uri, &app.tools.entry) {
        Some(token) => sessions::find(&app.pool, token, now).await.map_err(failed),
        None => Ok(None),
    }
}

async fn by_key(app: &App, shown: &HeaderValue) -> Result<Who, Response> {
    let bearer = shown.to_str().ok().and_then(|text| {
        let (scheme, key) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
    });
    let found = match bearer {
        Some(key) => api_keys::actor(&app.pool, key, app.clock.now()).await,
        None => Ok(None),
    };
    let who = found.map_err(|error| Failure::Engine(error).into_response())?.ok_or_else(|| {
        refused(
            "that key is not accepted",
            "it may be mistyped, revoked or expired; `touchline key list` tells",
        )
    })?;
    if who.key_id.is_some_and(|key| !app.key_limit.take(key, Instant::now())) {
        let error = Error::TooOften {
            what: "this key asks too often".into(),
            hint: "at most 100 requests a second, 300 at once".into(),
            seconds: 1,
        };
        return Err(Failure::Engine(error).into_response());
    }
    Ok(who)
}

/// A program that has not proven itself.
pub(super) fn refused(what: &str, hint: &str) -> Response {
    let mut response = Failure::Engine(Error::unproven(what, hint)).into_response();
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"touchline\""));
    response
}

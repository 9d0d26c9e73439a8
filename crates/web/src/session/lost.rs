//! Nobody is signed in (any more). A page is asked for again after signing in; a form that was being sent is kept, and is
//! there again. Nothing is remembered here: it travels in the sign-in form.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::enter::refused;
use super::rules::is_safe;
use super::sent;
use crate::pages::sign_in::{self, Kept};
use crate::state::App;
use crate::toast;

pub(super) async fn answer(app: &App, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path == "/metrics" {
        return refused(
            "this needs a key",
            "send `Authorization: Bearer …` with a key from `touchline key add LABEL --scope read`",
        );
    }
    let is_swapped = request.headers().contains_key("hx-request");
    if path == "/live" {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if is_safe(request.method()) {
        let next = if is_swapped { sent::page_before(request.headers()) } else { sent::whole(request.uri()) };
        let to = format!("/sign-in?next={}", utf8_percent_encode(&next, NON_ALPHANUMERIC));
        if is_swapped {
            let value = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/sign-in"));
            return (StatusCode::OK, [(HeaderName::from_static("hx-redirect"), value)]).into_response();
        }
        return toast::on_to(&to);
    }
    let next = sent::page_before(request.headers());
    let (resume_to, resume) = match sent::of(request).await.1 {
        Some(sent) => (Some(sent.to), Some(sent.form)),
        None => (None, None),
    };
    let kept = Kept { next, resume_to, resume };
    let mut response = sign_in::page_of(app, kept, None, StatusCode::UNAUTHORIZED);
    if is_swapped {
        // The page's script takes only what it asked for, and nothing of a refusal.
        *response.status_mut() = StatusCode::OK;
        for (name, value) in [("hx-retarget", "body"), ("hx-reswap", "innerHTML"), ("hx-reselect", "body")] {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    response
}

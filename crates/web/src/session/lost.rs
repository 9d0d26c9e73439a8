//! Nobody is signed in (any more). A page is asked for again after signing in; a form that was being sent is kept, and is
//! there again. Nothing is remembered here: it travels in the sign-in form.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, REFERER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::enter::refused;
use super::ours;
use super::rules::is_safe;
use crate::pages::sign_in::{self, Kept};
use crate::state::App;
use crate::toast;

/// Forms up to this size are kept.
const LARGEST_FORM: usize = 512 * 1024;

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
        let next = if is_swapped { page_before(request.headers()) } else { whole(request.uri()) };
        let to = format!("/sign-in?next={}", utf8_percent_encode(&next, NON_ALPHANUMERIC));
        if is_swapped {
            let value = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/sign-in"));
            return (StatusCode::OK, [(HeaderName::from_static("hx-redirect"), value)]).into_response();
        }
        return toast::on_to(&to);
    }
    let next = page_before(request.headers());
    let resume_to = whole(request.uri());
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    let body = request.into_body();
    let resume = match is_form {
        true => to_bytes(body, LARGEST_FORM).await.ok().and_then(|body| String::from_utf8(body.into()).ok()),
        false => None,
    };
    let kept = Kept { next, resume_to: resume.as_ref().map(|_| resume_to), resume };
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

fn whole(uri: &Uri) -> String {
    ours(uri.path_and_query().map_or("/", |whole| whole.as_str())).to_owned()
}

/// The page the form stood on.
fn page_before(headers: &HeaderMap) -> String {
    let before = headers
        .get("hx-current-url")
        .or_else(|| headers.get(REFERER))
        .and_then(|value| value.to_str().ok()?.parse::<Uri>().ok());
    before.map_or_else(|| "/".into(), |uri| whole(&uri))
}

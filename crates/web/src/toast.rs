//! What was just done, in the past tense, with the way back: said once, on the page that follows. It travels in a cookie,
//! so that it survives the redirect and needs no memory here.

use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderName, HeaderValue, LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::shell::cookie;

const NAME: &str = "toast";

/// What was just done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Toast {
    pub(crate) words: String,
    /// Address that takes it back, by POST.
    pub(crate) undo: Option<String>,
    /// It did not work out, or not wholly.
    pub(crate) failed: bool,
}

impl Toast {
    pub(crate) fn done(words: impl Into<String>) -> Self {
        Self { words: words.into(), undo: None, failed: false }
    }

    pub(crate) fn failed(words: impl Into<String>) -> Self {
        Self { words: words.into(), undo: None, failed: true }
    }

    /// With the address that takes it back; it ends in `/undo`.
    pub(crate) fn undo(self, address: impl Into<String>) -> Self {
        Self { undo: Some(address.into()), ..self }
    }

    /// The page that follows, with this on it.
    pub(crate) fn then(self, page: &str) -> Response {
        (StatusCode::SEE_OTHER, [see(page), self.cookie()]).into_response()
    }

    fn cookie(&self) -> (HeaderName, HeaderValue) {
        // Cookies hold about four thousand bytes; words on a toast are few.
        let mut short = self.clone();
        short.words = short.words.chars().take(300).collect();
        let text = serde_json::to_string(&short).unwrap_or_default();
        let text = utf8_percent_encode(&text, NON_ALPHANUMERIC);
        let line = format!("{NAME}={text}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
        (SET_COOKIE, HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static("toast=; Max-Age=0")))
    }
}

/// Goes on to a page, without words.
pub(crate) fn on_to(page: &str) -> Response {
    (StatusCode::SEE_OTHER, [see(page)]).into_response()
}

/// A page of ours to go on to; anything else leads home.
fn see(page: &str) -> (HeaderName, HeaderValue) {
    let ours = page.starts_with('/') && !page.starts_with("//") && !page.contains('\\');
    let page = if ours { page } else { "/" };
    (LOCATION, HeaderValue::from_str(page).unwrap_or(HeaderValue::from_static("/")))
}

/// What the page before left to say.
pub(crate) fn of_request(headers: &HeaderMap) -> Option<Toast> {
    let text = percent_decode_str(cookie(headers, NAME)?).decode_utf8().ok()?;
    let toast: Toast = serde_json::from_str(&text).ok()?;
    // A cookie may be anybody's on this host: an address that only takes something back is all it may name.
    let fit = toast.undo.as_deref().is_none_or(|undo| undo.starts_with('/') && undo.ends_with("/undo"));
    fit.then_some(toast)
}

/// Said once: the answer that showed it forgets it.
pub(crate) fn forget() -> (HeaderName, HeaderValue) {
    (SET_COOKIE, HeaderValue::from_static("toast=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"))
}

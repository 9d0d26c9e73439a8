//! The cookie of a session. `__Host-` keeps neighbours on other names or ports of a domain from setting it; browsers take
//! that only over an encrypted connection, so the loopback has a plain name.

use axum::http::HeaderMap;
use axum::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use jiff::Timestamp;

use super::Entry;
use super::address::{host, is_loopback_host};
use crate::shell::cookie;

const SECURE: &str = "__Host-touchline";
const PLAIN: &str = "touchline";

/// The session's token, as the browser shows it.
pub(crate) fn token<'a>(headers: &'a HeaderMap, uri: &axum::http::Uri, entry: &Entry) -> Option<&'a str> {
    let is_plain = entry.plain_http || host(headers, uri).is_some_and(|name| is_loopback_host(&name));
    // A proxy on this machine may keep the outer name to itself; then the browser has the secure one.
    cookie(headers, SECURE).or_else(|| cookie(headers, PLAIN).filter(|_| is_plain))
}

/// Hands the token to the browser.
pub(crate) fn set(
    parts: &Parts,
    entry: &Entry,
    token: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> (HeaderName, HeaderValue) {
    let seconds = expires_at.duration_since(now).as_secs().max(0);
    line(parts, entry, token, seconds)
}

/// Takes it away.
pub(crate) fn clear(parts: &Parts, entry: &Entry) -> (HeaderName, HeaderValue) {
    line(parts, entry, "", 0)
}

fn line(parts: &Parts, entry: &Entry, token: &str, seconds: i64) -> (HeaderName, HeaderValue) {
    let is_plain =
        entry.plain_http || host(&parts.headers, &parts.uri).is_some_and(|name| is_loopback_host(&name));
    let (name, secure) = if is_plain { (PLAIN, "") } else { (SECURE, "; Secure") };
    let text = format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    (SET_COOKIE, HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("touchline=; Max-Age=0")))
}

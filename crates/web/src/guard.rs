//! What every answer carries, and what no request from elsewhere may do.

use axum::extract::Request;
use axum::http::header::{
    AUTHORIZATION, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Said;

/// Nothing comes from elsewhere, nothing stands in the page itself, nobody frames us.
const POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Writes only from our own pages, or from what is no browser.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    // A key is nothing that a browser sends by itself.
    let has_key = request.headers().contains_key(AUTHORIZATION);
    if !safe && !has_key && comes_from_elsewhere(request.headers()) {
        return Said::new(
            StatusCode::FORBIDDEN,
            "this request came from another site, so nothing was changed",
            Some("open Touchline itself and do it there".into()),
        )
        .into_response();
    }
    next.run(request).await
}

fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        // none: typed or opened by the person, never a page of somebody else.
        return site != "same-origin" && site != "none";
    }
    // Old browsers send where it came from; what is no browser sends neither.
    text(&ORIGIN).is_some_and(|origin| origin.split_once("://").map(|(_, host)| host) != text(&HOST))
}

/// Headers that say to browsers what they must not do.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A page with a policy of its own, such as a mail, keeps it.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    response
}

//! The recording of a call, passed through from the vendor: whoever listens sees neither key nor signed address.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::error::{Result, Said};
use crate::state::App;

/// `GET /api/v1/calls/{id}/recording`; `Range` is passed on, so that a player can seek.
pub(crate) async fn recording(
    State(app): State<App>,
    Path(call): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let recording = app.tools.recordings.open(&app.pool, &call, range).await?;
    let status = if recording.part.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut response = Response::builder()
        .status(status)
        .header(CONTENT_TYPE, recording.content_type)
        .header(CONTENT_DISPOSITION, "inline")
        .header(ACCEPT_RANGES, "bytes")
        // Sound is packed already, and a packed answer cannot be sought in.
        .header(CONTENT_ENCODING, "identity")
        .header(CACHE_CONTROL, "private, no-store")
        // Whatever the bytes are, no browser runs them.
        .header(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    if let Some(length) = recording.length {
        response = response.header(CONTENT_LENGTH, length);
    }
    if let Some(part) = recording.part {
        response = response.header(CONTENT_RANGE, part);
    }
    let unsayable =
        |_| Said::new(StatusCode::BAD_GATEWAY, "the vendor's answer could not be passed on", None).into();
    response.body(Body::from_stream(recording.bytes)).map_err(unsayable)
}

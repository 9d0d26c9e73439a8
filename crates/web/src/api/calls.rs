//! The recording of a call, passed through from the vendor: whoever listens sees neither key nor signed address.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::Asked;
use super::problem::{Refusals, VendorRefusals};
use crate::error::{Result, Said};
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(recording))
}

/// The recording of a call, as sound; with `Range` a part of it, so that a player can seek.
#[utoipa::path(get, path = "/calls/{id}/recording", tag = "leads", operation_id = "call_recording",
    params(("id" = String, Path, description = "The vendor's id of the call: `vapi_call_id` of a touch"),
           ("Range" = Option<String>, Header, description = "Which part, e.g. bytes=0-65535")),
    responses((status = 200, description = "The sound", body = String, content_type = "audio/*"),
              (status = 206, description = "The part that was asked for", body = String, content_type = "audio/*"),
              Refusals, VendorRefusals))]
async fn recording(
    State(app): State<App>,
    Path(call): Path<String>,
    Asked(()): Asked<()>,
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

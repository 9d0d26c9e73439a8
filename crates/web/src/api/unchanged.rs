//! `If-Match`: an edit of something that somebody else has changed meanwhile is refused, so that nobody writes over what
//! they have not seen.

use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::answer::tag_of;
use crate::error::{Failure, Said};

/// Refuses where `If-Match` names another state than the present one.
pub(super) fn unchanged(headers: &HeaderMap, present: &impl Serialize) -> Result<(), Failure> {
    let Some(given) = headers.get(IF_MATCH).and_then(|given| given.to_str().ok()) else { return Ok(()) };
    let tag = serde_json::to_vec(present).map(|body| tag_of(&body)).unwrap_or_default();
    if given.split(',').map(str::trim).any(|known| known == "*" || known == tag) {
        return Ok(());
    }
    let hint = "read it again, and send the edit with the new `ETag` as `If-Match`";
    Err(Said::new(StatusCode::PRECONDITION_FAILED, "somebody changed this meanwhile", Some(hint.into()))
        .into())
}

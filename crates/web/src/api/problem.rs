//! What a refusal looks like (RFC 9457), and which there are everywhere. Leaves deciding to `error`.

use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

/// Why it was not done, and what to do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: the title says it.
    r#type: String,
    /// What happened.
    title: String,
    status: u16,
    /// What to do next.
    hint: Option<String>,
    /// The field or parameter it stands in, where it is one.
    field: Option<String>,
}

/// Refusals that any request may meet.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "only described")]
pub(crate) enum Refusals {
    /// The address or its parameters cannot be read; unknown parameters are refused.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(#[to_schema] Problem),
    /// No key, or one that is not accepted.
    #[response(status = 401, content_type = "application/problem+json")]
    Unproven(#[to_schema] Problem),
    /// The key's scopes or its owner's role do not allow it.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] Problem),
    /// There is no such thing.
    #[response(status = 404, content_type = "application/problem+json")]
    Absent(#[to_schema] Problem),
    /// It does not fit how things stand, or the same Idempotency-Key is under way.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// A field cannot be used as given, or the Idempotency-Key was used for another request.
    #[response(status = 422, content_type = "application/problem+json")]
    Unusable(#[to_schema] Problem),
    /// Too fast; `Retry-After` says when again.
    #[response(status = 429, content_type = "application/problem+json")]
    TooFast(#[to_schema] Problem),
    /// The database does not answer; nothing is lost, ask again.
    #[response(status = 503, content_type = "application/problem+json")]
    Away(#[to_schema] Problem),
}

/// Refusals of what a vendor has to be asked for.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "only described")]
pub(crate) enum VendorRefusals {
    /// The vendor refused, or did not answer.
    #[response(status = 502, content_type = "application/problem+json")]
    Vendor(#[to_schema] Problem),
}

/// Refusals of edits that say what they have seen.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "only described")]
pub(crate) enum EditRefusals {
    /// Somebody changed it meanwhile: `If-Match` names another state.
    #[response(status = 412, content_type = "application/problem+json")]
    Changed(#[to_schema] Problem),
}

/// Refusals of whatever takes a body, besides those of every request.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "only described")]
pub(crate) enum BodyRefusals {
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] Problem),
    /// The body is no JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    OtherKind(#[to_schema] Problem),
}

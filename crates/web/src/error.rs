//! What went wrong, as a page or as problem+json: decided once, here. A handler returns the engine's error; what was
//! asked for decides the form.

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::Error;
use engine::source::VendorError;
use serde_json::json;

use crate::pages::problem;
use crate::session::sent::{Sent, page_before};
use crate::shell::Shell;
use crate::state::App;

/// What a handler returns where it cannot do what was asked.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// The engine's error, or a refusal of our own, on its way to a person.
#[derive(Debug)]
pub(crate) enum Failure {
    Engine(Error),
    Said(Said),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Said> for Failure {
    fn from(said: Said) -> Self {
        Self::Said(said)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Said(said) => return said.into_response(),
            Self::Engine(error) => error,
        };
        let status = match &error {
            Error::NotFound { .. } => StatusCode::NOT_FOUND,
            Error::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict { .. } => StatusCode::CONFLICT,
            Error::Unproven { .. } => StatusCode::UNAUTHORIZED,
            Error::Forbidden { .. } => StatusCode::FORBIDDEN,
            Error::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::Vendor(VendorError::RateLimited { .. }) => StatusCode::TOO_MANY_REQUESTS,
            Error::Vendor(_) => StatusCode::BAD_GATEWAY,
            Error::Database(_) if error.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
            Error::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        if error.is_unwritable() {
            let hint = "leave it out; no name, address or id has one";
            let what = "something that was given holds a NUL character";
            return Said::new(StatusCode::UNPROCESSABLE_ENTITY, what, Some(hint.into())).into_response();
        }
        if !matches!(error, Error::Database(_)) {
            let mut said = Said::new(status, error.to_string(), error.hint());
            match &error {
                Error::Invalid { field, .. } => said.field.clone_from(field),
                Error::TooOften { seconds, .. } => said.again_in_seconds = Some(*seconds),
                _ => {}
            }
            return said.into_response();
        }
        // Words of PostgreSQL may hold what a row holds: they go to the log, not to a page.
        tracing::error!(%error, "a statement failed");
        let (what, hint) = if error.is_outage() {
            (
                "the database does not answer",
                "nothing is lost; this page tries again by itself until the database is back",
            )
        } else {
            (
                "this could not be answered, and nothing was changed",
                "try again; the reason stands in the log of `touchline serve`",
            )
        };
        let mut said = Said::new(status, what, Some(hint.into()));
        said.again_in_seconds = error.is_outage().then_some(3);
        said.into_response()
    }
}

/// A refusal in words, before it has a form.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    pub(crate) what: String,
    pub(crate) hint: Option<String>,
    /// The field it stands in, by its name in the request.
    pub(crate) field: Option<String>,
    /// When asking again makes sense.
    pub(crate) again_in_seconds: Option<i64>,
}

impl Said {
    pub(crate) fn new(status: StatusCode, what: impl Into<String>, hint: Option<String>) -> Self {
        Self { status, what: what.into(), hint, field: None, again_in_seconds: None }
    }
}

impl IntoResponse for Said {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every refusal its form: problem+json under `/api` and for those who ask for JSON, else a page.
pub(crate) async fn in_its_form(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let wants_json = path.starts_with("/api/")
        || request
            .headers()
            .get(ACCEPT)
            .is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    let (parts, body) = request.into_parts();
    let shell = Shell::bare(&parts, &app);
    let before = (!parts.method.is_safe()).then(|| page_before(&parts.headers));
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(said) = response.extensions().get::<Said>().cloned().or_else(|| unsaid(&response, &path)) else {
        return response;
    };
    let mut formed = if wants_json {
        let problem = json!({
            "type": "about:blank",
            "title": said.what,
            "status": said.status.as_u16(),
            "hint": said.hint,
            "field": said.field,
        });
        (said.status, [(CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
    } else {
        let sent = response.extensions().get::<Sent>();
        (said.status, problem::page_of(shell, &said, sent, before)).into_response()
    };
    if let Some(seconds) = said.again_in_seconds {
        formed.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    // What was said in headers still holds: how to prove oneself, what is allowed here.
    for (name, value) in response.headers() {
        if ![CONTENT_TYPE, CONTENT_LENGTH].contains(name) && !formed.headers().contains_key(name) {
            formed.headers_mut().append(name, value.clone());
        }
    }
    formed
}

/// What axum itself refuses has a status and no words.
fn unsaid(response: &Response, path: &str) -> Option<Said> {
    // Webhooks and assets are answered to programs.
    if path.starts_with("/hooks/")
        || path.starts_with("/assets/")
        || response.headers().contains_key(CONTENT_TYPE)
    {
        return None;
    }
    let (what, hint) = match response.status() {
        StatusCode::NOT_FOUND => {
            ("there is no such page", "the address may be mistyped, or what it showed is gone")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            ("this address does not take that", "go back to the page and use its buttons")
        }
        _ => return None,
    };
    Some(Said::new(response.status(), what, Some(hint.into())))
}

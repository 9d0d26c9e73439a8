//! What a program may send, read strictly: an unknown parameter or field is refused by name, and the refusal says which
//! there are.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use uuid::Uuid;

use crate::error::{Failure, Said};

/// Parameters of the address. `fields` is everywhere, and read by `answer`.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or("");
        if query.contains("%00") {
            return Err(refused(StatusCode::BAD_REQUEST, "", "a parameter holds a NUL character"));
        }
        let own: Vec<&str> =
            query.split('&').filter(|pair| pair.split('=').next() != Some("fields")).collect();
        let uri: Uri = format!("/?{}", own.join("&"))
            .parse()
            .map_err(|_| refused(StatusCode::BAD_REQUEST, "", "the address cannot be read"))?;
        match Query::<T>::try_from_uri(&uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(refused(
                StatusCode::BAD_REQUEST,
                "Failed to deserialize query string: ",
                &rejection.body_text(),
            )),
        }
    }
}

/// A body in JSON.
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let whole = axum::body::to_bytes(body, super::LARGEST_BODY).await.map_err(|_| {
            let hint = format!("send at most {} bytes", super::LARGEST_BODY);
            Said::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large, or broke off", Some(hint))
        })?;
        if holds_nul(&whole) {
            return Err(refused(
                StatusCode::UNPROCESSABLE_ENTITY,
                "",
                "a text holds a NUL character (\\u0000)",
            ));
        }
        if whole.trim_ascii_start().starts_with(b"[") {
            return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, "", NO_LIST));
        }
        let request = Request::from_parts(parts, whole.into());
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(sent)) => Ok(Self(sent)),
            Err(JsonRejection::JsonDataError(error)) => Err(refused(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Failed to deserialize the JSON body into the target type: ",
                &error.body_text(),
            )),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Said::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body must be JSON",
                Some("send it with `Content-Type: application/json`".into()),
            )
            .into()),
            Err(other) => Err(refused(
                StatusCode::BAD_REQUEST,
                "Failed to parse the request body as JSON: ",
                &other.body_text(),
            )),
        }
    }
}

/// A list would be taken for the fields in their order, and nobody means that.
const NO_LIST: &str = "a list stands where named fields are meant";

/// An object of a body: by names only.
pub(crate) fn by_name<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<T, D::Error> {
    match Value::deserialize(from)? {
        Value::Array(_) => Err(D::Error::custom(NO_LIST)),
        other => T::deserialize(other).map_err(D::Error::custom),
    }
}

/// PostgreSQL's text cannot hold it.
fn holds_nul(json: &[u8]) -> bool {
    let text = String::from_utf8_lossy(json);
    text.match_indices("\\u0000").any(|(at, _)| {
        let before = text[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        before % 2 == 0
    })
}

/// An id in the address.
pub(crate) struct Id(pub(crate) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::<Uuid>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Failure::Engine(engine::Error::invalid_field(
                "id",
                "the id in the address is none",
                "ids look like 0198f3c2-7d1e-7000-8000-000000000000; take one from a list",
            ))),
        }
    }
}

/// A refusal with the reader's own words; where they begin with a field, it is named.
fn refused(status: StatusCode, opening: &str, words: &str) -> Failure {
    let words = words.strip_prefix(opening).unwrap_or(words);
    let field = words
        .split_once(": ")
        .map(|(field, _)| field)
        .or_else(|| words.split_once('`').and_then(|(_, rest)| rest.split_once('`')).map(|(field, _)| field))
        .filter(|field| field.chars().all(|c| c.is_ascii_alphanumeric() || "_[].".contains(c)))
        .map(str::to_owned);
    let hint = "see /api/v1/docs for what this takes";
    let mut said = Said::new(status, words, Some(hint.into()));
    said.field = field;
    said.into()
}

/// A word from a closed set, or a refusal that names them.
pub(crate) fn word<T>(
    field: &'static str,
    given: Option<&str>,
    named: impl Fn(&str) -> Option<T>,
    known: &[&str],
) -> Result<Option<T>, Failure> {
    let Some(given) = given else { return Ok(None) };
    named(given).map(Some).ok_or_else(|| {
        let mut said = Said::new(
            StatusCode::BAD_REQUEST,
            format!("`{field}` cannot be `{given}`"),
            Some(format!("one of: {}", known.join(", "))),
        );
        said.field = Some(field.into());
        said.into()
    })
}

/// The same where the word is kept as it is.
pub(crate) fn one_of(
    field: &'static str,
    given: Option<String>,
    known: &[&str],
) -> Result<Option<String>, Failure> {
    let named = |given: &str| known.contains(&given).then(|| given.to_owned());
    word(field, given.as_deref(), named, known)
}

/// How many a page holds.
pub(crate) fn limit(given: Option<i64>) -> Result<i64, Failure> {
    let limit = given.unwrap_or(50);
    if (1..=500).contains(&limit) {
        return Ok(limit);
    }
    let mut said = Said::new(
        StatusCode::BAD_REQUEST,
        format!("`limit` cannot be {limit}"),
        Some("give 1 to 500".into()),
    );
    said.field = Some("limit".into());
    Err(said.into())
}

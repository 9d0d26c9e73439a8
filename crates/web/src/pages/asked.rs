//! What a page was asked for, read strictly: a word that no filter knows is told, not passed over.

use axum::http::StatusCode;
use uuid::Uuid;

use crate::error::{Result, Said};

/// An empty field of a form is no answer.
pub(crate) fn filled(value: &Option<String>) -> Option<&str> {
    value.as_deref().map(str::trim).filter(|value| !value.is_empty())
}

/// One word of a closed set.
pub(crate) fn word<T: Copy>(
    name: &str,
    value: &Option<String>,
    all: &[T],
    to_word: impl Fn(T) -> &'static str,
) -> Result<Option<T>> {
    let Some(value) = filled(value) else { return Ok(None) };
    if let Some(found) = all.iter().copied().find(|one| to_word(*one) == value) {
        return Ok(Some(found));
    }
    let known: Vec<&str> = all.iter().map(|one| to_word(*one)).collect();
    Err(unknown(name, value, &format!("it is one of {}", known.join(", "))))
}

/// An id, where one is asked for.
pub(crate) fn id(name: &str, value: &Option<String>) -> Result<Option<Uuid>> {
    let Some(value) = filled(value) else { return Ok(None) };
    value.parse().map(Some).map_err(|_| unknown(name, value, "follow a link to it instead"))
}

fn unknown(name: &str, value: &str, hint: &str) -> crate::error::Failure {
    let shown: String = value.chars().take(40).collect();
    Said::new(StatusCode::BAD_REQUEST, format!("there is no {name} `{shown}`"), Some(hint.into())).into()
}

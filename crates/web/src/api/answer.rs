//! What every answer to a GET can do: leave fields out (`fields=id,email`), and say that nothing changed (`If-None-Match`).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::Said;

pub(crate) async fn answer(request: Request, next: Next) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return next.run(request).await;
    }
    let fields = request.uri().query().and_then(fields);
    let known = request.headers().clone();
    let response = next.run(request).await;
    let is_json = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if response.status() != StatusCode::OK || !is_json {
        return response;
    }
    let (mut head, body) = response.into_parts();
    // Our own handlers made it, from memory.
    let Ok(mut body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Some(fields) = fields {
        match only(&body, &fields) {
            Ok(fewer) => body = fewer.into(),
            Err(said) => return said.into_response(),
        }
    }
    let tag = tag_of(&body);
    if let Ok(value) = HeaderValue::from_str(&tag) {
        head.headers.insert(ETAG, value);
    }
    head.headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    head.headers.remove(CONTENT_LENGTH);
    if is_known(&known, &tag) {
        head.headers.remove(CONTENT_TYPE);
        head.status = StatusCode::NOT_MODIFIED;
        return Response::from_parts(head, Body::empty());
    }
    Response::from_parts(head, Body::from(body))
}

/// What names a state of something: a digest of its JSON.
pub(super) fn tag_of(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let tag: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{tag}\"")
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let tags = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

/// The fields that were asked for; None: all.
fn fields(query: &str) -> Option<Vec<String>> {
    let given: Vec<String> = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("fields="))
        .flat_map(|value| {
            let plain = percent_decode_str(value).decode_utf8_lossy().into_owned();
            plain.split(',').map(|field| field.trim().to_owned()).collect::<Vec<_>>()
        })
        .filter(|field| !field.is_empty())
        .collect();
    (!given.is_empty()).then_some(given)
}

/// The document with these fields of what it is about: of every item, where it is a list.
fn only(body: &[u8], fields: &[String]) -> Result<Vec<u8>, Said> {
    let broken = || Said::new(StatusCode::INTERNAL_SERVER_ERROR, "the answer could not be written", None);
    let mut document: Value = serde_json::from_slice(body).map_err(|_| broken())?;
    let things: Vec<&mut Value> = match &mut document {
        Value::Object(whole) if whole.contains_key("items") => whole
            .get_mut("items")
            .and_then(Value::as_array_mut)
            .map(|items| items.iter_mut().collect())
            .unwrap_or_default(),
        Value::Array(items) => items.iter_mut().collect(),
        other => vec![other],
    };
    for thing in things {
        let Value::Object(thing) = thing else { continue };
        if let Some(unknown) = fields.iter().find(|field| !thing.contains_key(*field)) {
            let known: Vec<&str> = thing.keys().map(String::as_str).collect();
            let mut said = Said::new(
                StatusCode::BAD_REQUEST,
                format!("there is no field `{unknown}` here"),
                Some(format!("`fields` takes: {}", known.join(", "))),
            );
            said.field = Some("fields".into());
            return Err(said);
        }
        thing.retain(|name, _| fields.iter().any(|field| field == name));
    }
    serde_json::to_vec(&document).map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_cut_from_every_item_and_unknown_ones_are_named() {
        let list = br#"{"items":[{"id":1,"email":"a"},{"id":2,"email":null}],"next":null}"#;
        let cut = only(list, &["id".into()]).unwrap();
        assert_eq!(cut, br#"{"items":[{"id":1},{"id":2}],"next":null}"#);
        assert_eq!(only(br#"{"id":1,"a":2}"#, &["a".into()]).unwrap(), br#"{"a":2}"#);
        let refused = only(list, &["phone".into()]).unwrap_err();
        assert!(refused.hint.unwrap().contains("email, id"));
        assert_eq!(
            fields("limit=1&fields=id%2Cemail,,x"),
            Some(vec!["id".into(), "email".into(), "x".into()])
        );
        assert_eq!(fields("fields="), None);
    }
}

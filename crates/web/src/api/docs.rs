//! The OpenAPI document, and a page to read it on that needs no other host.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Extension;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::openapi::OpenApi;

use crate::pages::page;
use crate::parts;
use crate::shell::Shell;
use crate::state::App;
use crate::toast;

/// The document as it is served.
struct Served {
    json: String,
    tag: String,
    chapters: Vec<Chapter>,
}

/// Operations about one thing.
struct Chapter {
    name: String,
    about: String,
    operations: Vec<Operation>,
}

struct Operation {
    method: String,
    path: String,
    id: String,
    about: String,
    parameters: Vec<Part>,
    body: Vec<Part>,
    answer: Vec<Part>,
}

/// A parameter or field.
struct Part {
    name: String,
    kind: String,
    about: String,
    required: bool,
}

#[derive(Template)]
#[template(path = "api.html")]
struct Page {
    shell: Shell,
    served: Arc<Served>,
}

pub(super) fn routes(document: OpenApi) -> Router<App> {
    let json = document.to_json().unwrap_or_default();
    let tag: String = Sha256::digest(&json).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let chapters = serde_json::from_str(&json).map(|document: Value| chapters(&document)).unwrap_or_default();
    let served = Arc::new(Served { json, tag: format!("\"{tag}\""), chapters });
    Router::new()
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/v1/docs", get(docs))
        .layer(Extension(served))
}

pub(super) async fn there() -> Response {
    toast::on_to("/api/v1/docs")
}

async fn openapi(Extension(served): Extension<Arc<Served>>, headers: HeaderMap) -> Response {
    let known = headers.get(IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
    if known.is_some_and(|known| known.contains(&served.tag)) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, served.tag.clone())]).into_response();
    }
    ([(CONTENT_TYPE, "application/json".to_owned()), (ETAG, served.tag.clone())], served.json.clone())
        .into_response()
}

async fn docs(shell: Shell, Extension(served): Extension<Arc<Served>>) -> Response {
    page(&shell.clone(), &Page { shell, served })
}

fn chapters(document: &Value) -> Vec<Chapter> {
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let mut chapters: Vec<Chapter> = document["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|tag| Chapter {
            name: text(tag, "name"),
            about: text(tag, "description"),
            operations: Vec::new(),
        })
        .collect();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = operation["tags"][0].as_str().unwrap_or_default();
            let Some(chapter) = chapters.iter_mut().find(|chapter| chapter.name == tag) else { continue };
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            let success = operation["responses"]
                .as_object()
                .into_iter()
                .flatten()
                .find(|(code, _)| code.starts_with('2'));
            let answer = success.map(|(_, answer)| &answer["content"]["application/json"]["schema"]);
            chapter.operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                id: text(operation, "operationId"),
                about: [text(operation, "summary"), text(operation, "description")]
                    .join(" ")
                    .trim()
                    .to_owned(),
                parameters: parameters.map(parameter).collect(),
                body: parts_of(document, body),
                answer: answer.map(|schema| parts_of(document, schema)).unwrap_or_default(),
            });
        }
    }
    chapters
}

fn parameter(parameter: &Value) -> Part {
    Part {
        name: parameter["name"].as_str().unwrap_or_default().into(),
        kind: kind(&parameter["schema"]),
        about: parameter["description"].as_str().unwrap_or_default().into(),
        required: parameter["required"].as_bool().unwrap_or(false),
    }
}

/// The fields of an object, of the items of a page, or of what is put together of several.
fn parts_of(document: &Value, schema: &Value) -> Vec<Part> {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        return parts_of(document, &document["components"]["schemas"][name]);
    }
    if let Some(several) = schema["allOf"].as_array() {
        return several.iter().flat_map(|one| parts_of(document, one)).collect();
    }
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, field)| Part {
            name: name.clone(),
            kind: kind(field),
            about: field["description"].as_str().unwrap_or_default().into(),
            required: required.contains(&name.as_str()),
        })
        .collect()
}

/// A type in words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().into();
    }
    if let Some(words) = schema["enum"].as_array() {
        return words
            .iter()
            .map(|word| word.as_str().unwrap_or("null").to_owned())
            .collect::<Vec<_>>()
            .join(" | ");
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(each) = schema[several].as_array() {
            return each.iter().map(kind).collect::<Vec<_>>().join(" | ");
        }
    }
    let name = match &schema["type"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        Value::String(name) => name.clone(),
        _ => "any".into(),
    };
    match schema["items"].is_object() {
        true => format!("{name} of {}", kind(&schema["items"])),
        false => schema["format"].as_str().map_or(name.clone(), |format| format!("{name}, {format}")),
    }
}

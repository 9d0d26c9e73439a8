//! Every write leaves an entry in the audit log, before it begins, and is finished even when the browser that asked is gone.
//! Leaves what an entry is to `engine::audit`.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::actor::Actor as Who;
use engine::audit::{self, Outcome, Write};
use serde_json::json;
use uuid::Uuid;

use crate::error::{Failure, Said};
use crate::state::App;

pub(super) async fn noted(app: App, who: Who, request: Request, next: Next) -> Response {
    let request_id = Uuid::now_v7();
    let path = request.uri().path().to_owned();
    let route =
        request.extensions().get::<MatchedPath>().map_or(path.clone(), |route| route.as_str().to_owned());
    let subject = subject(&route, &path);
    let write = Write {
        action: &format!("{} {route}", request.method()),
        subject: subject.as_deref(),
        details: json!({}),
        request_id,
    };
    let begun = match audit::begin(&app.pool, &who, &write, app.clock.now()).await {
        Ok(begun) => begun,
        Err(error) => return Failure::Engine(error).into_response(),
    };
    // A task of its own: axum drops a handler whose client has gone, in the middle of whatever it does.
    let work = tokio::spawn(async move {
        let response = next.run(request).await;
        let status = response.status();
        let outcome = match status {
            status if status.is_server_error() => Outcome::Failed,
            status if status.is_client_error() => Outcome::Refused,
            _ => Outcome::Done,
        };
        if let Err(error) = audit::settle(&app.pool, begun, outcome, status.as_str(), app.clock.now()).await {
            tracing::warn!(%request_id, %error, "the outcome could not be added to the audit log");
        }
        app.live.forget().await;
        response
    });
    let mut response = work.await.unwrap_or_else(|_| {
        let hint = "look whether it was done before you try again; the reason stands in the log of `touchline serve`";
        Said::new(StatusCode::INTERNAL_SERVER_ERROR, "this went wrong in the middle", Some(hint.into())).into_response()
    });
    if let Ok(id) = HeaderValue::from_str(&request_id.to_string()) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// The parts of an address that its route leaves open.
fn subject(route: &str, path: &str) -> Option<String> {
    let open: Vec<&str> = route
        .split('/')
        .zip(path.split('/'))
        .filter(|(word, _)| word.starts_with('{'))
        .map(|(_, given)| given)
        .collect();
    (!open.is_empty()).then(|| open.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_what_the_route_leaves_open() {
        assert_eq!(subject("/leads/{id}/touches", "/leads/7/touches"), Some("7".into()));
        assert_eq!(subject("/a/{b}/{c}", "/a/1/2"), Some("1/2".into()));
        assert_eq!(subject("/leads", "/leads"), None);
    }
}

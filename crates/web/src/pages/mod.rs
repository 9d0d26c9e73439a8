//! One file a page: reads the request, calls one engine function, renders a template.

pub(crate) mod analytics;
pub(crate) mod asked;
pub(crate) mod campaigns;
pub(crate) mod companies;
pub(crate) mod connections;
pub(crate) mod event;
pub(crate) mod home;
pub(crate) mod imports;
pub(crate) mod lead;
pub(crate) mod leads;
pub(crate) mod offers;
pub(crate) mod people;
pub(crate) mod problem;
pub(crate) mod queue;
pub(crate) mod replies;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod sync;
pub(crate) mod views;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};

use crate::shell::Shell;
use crate::toast;

/// A page, rendered whole. Nothing of it is kept by the browser: it shows people's data.
pub(crate) fn page(shell: &Shell, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let mut response = ([(CACHE_CONTROL, "no-store")], Html(html)).into_response();
            if shell.toast.is_some() {
                let (name, value) = toast::forget();
                response.headers_mut().append(name, value);
            }
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// No page has that address.
pub(crate) async fn missing() -> StatusCode {
    StatusCode::NOT_FOUND
}

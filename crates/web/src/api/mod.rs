//! `/api/v1`: what pages and commands do, for programs. Every room is a file; a handler calls one engine function.
//! Who may is decided at the door (`session`); refusals get their form in `error`.

mod answer;
mod asked;
mod bulk;
mod calls;
mod campaigns;
mod companies;
mod connections;
mod docs;
mod funnel;
mod imports;
mod jobs;
mod leads;
mod offers;
mod once;
mod page;
mod people;
mod problem;
mod queue;
mod raw;
mod replies;
mod rules;
mod search;
mod suppressions;
mod sync;
mod touches;
mod unchanged;
mod upload;
mod views;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi, openapi};
use utoipa_axum::router::OpenApiRouter;

use crate::state::App;

/// Largest JSON body.
pub(crate) const LARGEST_BODY: usize = 1024 * 1024;

/// What the document says besides its routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Touchline",
        version = "1",
        description = "Every touch with every lead. Lists are pages: give `next` of one as `after` for the following. \
                       `fields=id,email` leaves the other fields out. GETs carry an `ETag` and know `If-None-Match`. A POST \
                       with an `Idempotency-Key` is done once however often it is sent within a day. Refusals are \
                       `application/problem+json` and say what to do."
    ),
    security(("key" = [])),
    modifiers(&Key),
    tags(
        (name = "leads", description = "People, and what happened with them"),
        (name = "replies", description = "Who answered"),
        (name = "queue", description = "What is due, and decisions about it"),
        (name = "campaigns", description = "Campaigns and offers: made, edited, who is in them"),
        (name = "imports", description = "Lists that were taken in"),
        (name = "funnel", description = "What works, and the rows behind every figure"),
        (name = "sync", description = "The mirror: freshness, deliveries, records as they came"),
        (name = "connections", description = "Who may send webhooks"),
        (name = "people", description = "Users, keys, sessions, the audit log, settings"),
    )
)]
struct Document;

struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

fn rooms() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi()).nest(
        "/api/v1",
        OpenApiRouter::new()
            .merge(leads::routes())
            .merge(bulk::routes())
            .merge(touches::routes())
            .merge(suppressions::routes())
            .merge(companies::routes())
            .merge(campaigns::routes())
            .merge(offers::routes())
            .merge(rules::routes())
            .merge(replies::routes())
            .merge(calls::routes())
            .merge(queue::routes())
            .merge(imports::routes())
            .merge(funnel::routes())
            .merge(views::routes())
            .merge(search::routes())
            .merge(sync::routes())
            .merge(jobs::routes())
            .merge(raw::routes())
            .merge(connections::routes())
            .merge(people::routes()),
    )
}

/// Every route of the API, and the document made of them.
pub(crate) fn routes(app: &App) -> Router<App> {
    let (routes, document) = rooms().split_for_parts();
    routes
        .layer(from_fn(answer::answer))
        .layer(from_fn_with_state(app.clone(), once::once))
        .layer(DefaultBodyLimit::disable())
        .merge(docs::routes(document))
        .route("/api", get(docs::there))
        .route("/api/v1", get(docs::there))
}

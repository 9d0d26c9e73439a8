//! Finding, as the palette does, and an event as its source gave it.

use axum::Json;
use axum::extract::State;
use engine::leads::{self, Hit};
use engine::timeline::{self, Mail};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, limit};
use super::page::Page;
use super::problem::Refusals;
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(mail)).routes(routes!(raw))
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SearchAsked {
    /// How a name, an address, a company, its domain or a campaign begins.
    q: String,
    /// Of each kind; 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// People, companies and campaigns that begin so.
#[utoipa::path(get, path = "/search", tag = "leads", operation_id = "search", params(SearchAsked),
    responses((status = 200, description = "What was found", body = Page<Hit>), Refusals))]
async fn search(State(app): State<App>, Asked(asked): Asked<SearchAsked>) -> Result<Json<Page<Hit>>> {
    let text: String = asked.q.chars().take(100).collect();
    let limit = limit(asked.limit)?;
    Ok(Json(Page::whole(leads::search(&app.pool, &text, limit, app.clock.now()).await?)))
}

/// The mail of an event as it came: outside markup, to be cleaned before it is shown.
#[utoipa::path(get, path = "/events/{id}/mail", tag = "leads", operation_id = "show_mail", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The mail", body = Mail), Refusals))]
async fn mail(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Mail>> {
    Ok(Json(timeline::mail(&app.pool, id).await?))
}

/// What its source gave.
#[derive(Debug, Serialize, ToSchema)]
struct Given {
    /// Null: a person wrote it here.
    raw_data: Option<Value>,
}

/// An event as its source gave it.
#[utoipa::path(get, path = "/events/{id}/raw", tag = "leads", operation_id = "event_raw", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "As it was given", body = Given), Refusals))]
async fn raw(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Given>> {
    Ok(Json(Given { raw_data: timeline::raw(&app.pool, id).await? }))
}

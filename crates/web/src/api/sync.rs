//! The mirror: how fresh it is, and deliveries as they came.

use axum::Json;
use axum::extract::State;
use engine::inbox::{self, DeliveryHead, DeliveryWhole};
use engine::sync::{self, Status};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, limit};
use super::page::Page;
use super::problem::Refusals;
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(status))
        .routes(routes!(deliveries))
        .routes(routes!(delivery))
        .routes(routes!(retry))
        .routes(routes!(retry_one))
}

/// How fresh every stream is, and what needs a look.
#[utoipa::path(get, path = "/status", tag = "sync", operation_id = "status",
    responses((status = 200, description = "How everything stands", body = Status), Refusals))]
async fn status(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Status>> {
    Ok(Json(sync::status(&app.pool, app.tools.emails_per_minute).await?))
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DeliveryState {
    Waiting,
    Understood,
    SetAside,
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeliveriesAsked {
    #[param(inline)]
    state: Option<DeliveryState>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Webhook deliveries, newest first.
#[utoipa::path(get, path = "/deliveries", tag = "sync", operation_id = "list_deliveries", params(DeliveriesAsked),
    responses((status = 200, description = "Deliveries without their bodies", body = Page<DeliveryHead>), Refusals))]
async fn deliveries(
    State(app): State<App>,
    Asked(asked): Asked<DeliveriesAsked>,
) -> Result<Json<Page<DeliveryHead>>> {
    let state = asked.state.map(|state| match state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Understood => "understood",
        DeliveryState::SetAside => "set_aside",
    });
    Ok(Json(Page::whole(inbox::list(&app.pool, state, limit(asked.limit)?).await?)))
}

/// A delivery as it came, without its secrets.
#[utoipa::path(get, path = "/deliveries/{id}", tag = "sync", operation_id = "show_delivery", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The delivery", body = DeliveryWhole), Refusals))]
async fn delivery(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<DeliveryWhole>> {
    Ok(Json(inbox::show(&app.pool, &id.to_string()).await?))
}

/// How many were put back.
#[derive(Debug, Serialize, ToSchema)]
struct Retried {
    deliveries: u64,
}

/// Reads every delivery again that was set aside, e.g. after an upgrade.
#[utoipa::path(post, path = "/deliveries/retry", tag = "sync", operation_id = "retry_deliveries",
    responses((status = 200, description = "How many", body = Retried), Refusals))]
async fn retry(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Retried>> {
    Ok(Json(Retried { deliveries: inbox::retry(&app.pool, None).await? }))
}

/// Reads one delivery again that was set aside.
#[utoipa::path(post, path = "/deliveries/{id}/retry", tag = "sync", operation_id = "retry_delivery",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, description = "One, or none", body = Retried), Refusals))]
async fn retry_one(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Retried>> {
    Ok(Json(Retried { deliveries: inbox::retry(&app.pool, Some(&id.to_string())).await? }))
}

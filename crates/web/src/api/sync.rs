//! The mirror: how fresh it is, and deliveries as they came.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use engine::inbox::{self, DeliveryHead, DeliveryWhole};
use engine::jobs::{self, Job, Kind};
use engine::overview::Pulse;
use engine::reconcile::{self, Reconciliation};
use engine::sync::{self, Status};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, limit};
use super::once::OnceKey;
use super::page::Page;
use super::problem::Refusals;
use crate::error::Result;
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(status))
        .routes(routes!(start))
        .routes(routes!(pulse))
        .routes(routes!(reconciled, compare))
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

/// What waits for somebody, how fresh each source is, and a token that moves when something new is in.
#[utoipa::path(get, path = "/pulse", tag = "sync", operation_id = "pulse",
    responses((status = 200, description = "The state of things in a few words", body = Pulse), Refusals))]
async fn pulse(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Pulse>> {
    Ok(Json(Pulse::clone(&*app.live.pulse().await?)))
}

/// Pulls what is new at a vendor, in the background; the same asked for while it runs is the same job.
#[utoipa::path(post, path = "/sync/{source}", tag = "sync", operation_id = "start_sync",
    params(("source" = String, Path, description = "Vendor whose key is on this server, e.g. instantly"), OnceKey),
    responses((status = 202, description = "The job", body = Job), Refusals))]
async fn start(
    State(app): State<App>,
    actor: Actor,
    Path(source): Path<String>,
    Asked(()): Asked<()>,
) -> Result<(StatusCode, Json<Job>)> {
    if !app.tools.sources.contains(&source.as_str()) {
        let known = app.tools.sources.join(", ");
        let hint = if known.is_empty() {
            "start the server with the vendor's key, e.g. INSTANTLY_API_KEY".into()
        } else {
            format!("one of: {known}")
        };
        return Err(engine::Error::not_found(format!("`{source}` cannot be pulled from here"), hint).into());
    }
    let (by, now) = (actor.user_id(), app.clock.now());
    let job = jobs::ask(&app.pool, Kind::Sync, &source, &serde_json::json!({}), by, now).await?;
    app.tools.wake.up();
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// Our totals beside the vendor's, each difference with its reason: as last compared.
#[utoipa::path(get, path = "/reconcile", tag = "sync", operation_id = "reconciled",
    responses((status = 200, description = "The comparison", body = Reconciliation), Refusals))]
async fn reconciled(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Reconciliation>> {
    let latest = reconcile::latest(&app.pool).await?;
    latest.map(Json).ok_or_else(|| {
        engine::Error::not_found("nothing has been compared yet", "`touchline reconcile` compares").into()
    })
}

/// Compares our totals with the vendors' now, in the background; asked for again while it runs, it is the same job.
#[utoipa::path(post, path = "/reconcile", tag = "sync", operation_id = "start_reconcile", params(OnceKey),
    responses((status = 202, description = "The job", body = Job), Refusals))]
async fn compare(
    State(app): State<App>,
    actor: Actor,
    Asked(()): Asked<()>,
) -> Result<(StatusCode, Json<Job>)> {
    let (by, now) = (actor.user_id(), app.clock.now());
    let job = jobs::ask(&app.pool, Kind::Reconcile, "", &serde_json::json!({}), by, now).await?;
    app.tools.wake.up();
    Ok((StatusCode::ACCEPTED, Json(job)))
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
    /// `next` of the page before.
    after: Option<uuid::Uuid>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Webhook deliveries, newest first.
#[utoipa::path(get, path = "/deliveries", tag = "sync", operation_id = "list_deliveries", params(DeliveriesAsked),
    responses((status = 200, description = "A page of deliveries, without their bodies", body = Page<DeliveryHead>), Refusals))]
async fn deliveries(
    State(app): State<App>,
    Asked(asked): Asked<DeliveriesAsked>,
) -> Result<Json<Page<DeliveryHead>>> {
    let state = asked.state.map(|state| match state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Understood => "understood",
        DeliveryState::SetAside => "set_aside",
    });
    let limit = limit(asked.limit)?;
    let found = inbox::list(&app.pool, state, asked.after, limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |one| one.id.to_string())))
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
#[utoipa::path(post, path = "/deliveries/retry", tag = "sync", operation_id = "retry_deliveries", params(OnceKey),
    responses((status = 200, description = "How many", body = Retried), Refusals))]
async fn retry(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Retried>> {
    Ok(Json(Retried { deliveries: inbox::retry(&app.pool, None).await? }))
}

/// Reads one delivery again that was set aside.
#[utoipa::path(post, path = "/deliveries/{id}/retry", tag = "sync", operation_id = "retry_delivery",
    params(("id" = uuid::Uuid, Path), OnceKey), responses((status = 200, description = "One, or none", body = Retried), Refusals))]
async fn retry_one(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Retried>> {
    Ok(Json(Retried { deliveries: inbox::retry(&app.pool, Some(&id.to_string())).await? }))
}

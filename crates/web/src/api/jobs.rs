//! Long work and what came of it: jobs that somebody asked for, runs of a sync with their receipts.

use axum::Json;
use axum::extract::State;
use engine::jobs::{self, Job, Kind};
use engine::keyset::After;
use engine::sync::{self, ReceiptLine, RunHead};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, limit, word};
use super::once::OnceKey;
use super::page::{Page, PageAsked};
use super::problem::Refusals;
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(stop))
        .routes(routes!(runs))
        .routes(routes!(receipt))
}

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct JobsAsked {
    #[param(value_type = Option<Kind>, inline)]
    kind: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Long work, newest first: syncs, imports and comparisons that pages and programs began.
#[utoipa::path(get, path = "/jobs", tag = "sync", operation_id = "list_jobs", params(JobsAsked),
    responses((status = 200, description = "A page of jobs", body = Page<Job>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<JobsAsked>) -> Result<Json<Page<Job>>> {
    let limit = limit(asked.limit)?;
    let named = |given: &str| Kind::ALL.into_iter().find(|kind| kind.word() == given);
    let kind = word("kind", asked.kind.as_deref(), named, &Kind::ALL.map(Kind::word))?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let found = jobs::list(&app.pool, kind, after, limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |job| After { rank: 0, at: job.asked_at, id: job.id }.to_string())))
}

/// One job: how far it is, and what came of it.
#[utoipa::path(get, path = "/jobs/{id}", tag = "sync", operation_id = "show_job", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The job", body = Job), Refusals))]
async fn show(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Job>> {
    Ok(Json(jobs::show(&app.pool, id).await?))
}

/// Asks a job to end after the piece at hand.
#[utoipa::path(post, path = "/jobs/{id}/stop", tag = "sync", operation_id = "stop_job",
    params(("id" = uuid::Uuid, Path), OnceKey),
    responses((status = 200, description = "The job", body = Job), Refusals))]
async fn stop(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Job>> {
    jobs::show(&app.pool, id).await?;
    Ok(Json(jobs::stop(&app.pool, id, app.clock.now()).await?))
}

/// Runs of a sync, newest first.
#[utoipa::path(get, path = "/runs", tag = "sync", operation_id = "list_runs", params(PageAsked),
    responses((status = 200, description = "A page of runs", body = Page<RunHead>), Refusals))]
async fn runs(State(app): State<App>, Asked(asked): Asked<PageAsked>) -> Result<Json<Page<RunHead>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let found = sync::runs(&app.pool, after.map(|after| (after.at, after.id)), limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |run| After { rank: 0, at: run.started_at, id: run.id }.to_string())))
}

/// The receipt of a run, a line a stream: pages, records, bytes, and what they were.
#[utoipa::path(get, path = "/runs/{id}", tag = "sync", operation_id = "show_run", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The receipt", body = Page<ReceiptLine>), Refusals))]
async fn receipt(
    State(app): State<App>,
    Id(id): Id,
    Asked(()): Asked<()>,
) -> Result<Json<Page<ReceiptLine>>> {
    Ok(Json(Page::whole(sync::receipt_of(&app.pool, id).await?)))
}

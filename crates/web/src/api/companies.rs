//! Employers, their people, and what happened with them.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use engine::companies::{self, Company, Fields, Person, Touch};
use engine::keyset::After;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, Sent, limit};
use super::page::{Page, PageAsked};
use super::problem::{BodyRefusals, EditRefusals, Refusals};
use super::unchanged::unchanged;
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show, edit))
        .routes(routes!(people))
        .routes(routes!(touches))
}

/// Which companies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListAsked {
    /// Words in name or domain.
    search: Option<String>,
    industry: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Companies, latest first.
#[utoipa::path(get, path = "/companies", tag = "leads", operation_id = "list_companies", params(ListAsked),
    responses((status = 200, description = "A page of companies", body = Page<Company>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<ListAsked>) -> Result<Json<Page<Company>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let wanted = companies::Asked { search: asked.search, industry: asked.industry };
    let page = companies::list(&app.pool, &wanted, after, limit).await?;
    Ok(Json(Page { items: page.companies, next: page.next.map(|after| after.to_string()) }))
}

/// One company.
#[utoipa::path(get, path = "/companies/{id}", tag = "leads", operation_id = "show_company", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The company", body = Company), Refusals))]
async fn show(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Company>> {
    Ok(Json(companies::show(&app.pool, id).await?))
}

/// Edits a company: a field that is left out stays, an empty one is cleared.
#[utoipa::path(patch, path = "/companies/{id}", tag = "leads", operation_id = "edit_company", request_body = Fields,
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header, description = "ETag of what was seen")),
    responses((status = 200, description = "The company", body = Company), Refusals, BodyRefusals, EditRefusals))]
async fn edit(
    State(app): State<App>,
    Id(id): Id,
    Asked(()): Asked<()>,
    headers: HeaderMap,
    Sent(fields): Sent<Fields>,
) -> Result<Json<Company>> {
    let fits = |stands: &_| unchanged(&headers, stands);
    Ok(Json(companies::edit_if(&app.pool, id, &fields, fits, app.clock.now()).await?))
}

/// Who works there.
#[utoipa::path(get, path = "/companies/{id}/people", tag = "leads", operation_id = "company_people",
    params(("id" = uuid::Uuid, Path), PageAsked),
    responses((status = 200, description = "A page of people", body = Page<Person>), Refusals))]
async fn people(
    State(app): State<App>,
    Id(id): Id,
    Asked(asked): Asked<PageAsked>,
) -> Result<Json<Page<Person>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    companies::show(&app.pool, id).await?;
    let page = companies::people(&app.pool, id, after, limit).await?;
    Ok(Json(Page { items: page.people, next: page.next.map(|after| after.to_string()) }))
}

/// What happened with anybody there, newest first.
#[utoipa::path(get, path = "/companies/{id}/timeline", tag = "leads", operation_id = "company_timeline",
    params(("id" = uuid::Uuid, Path), PageAsked),
    responses((status = 200, description = "A page of touches", body = Page<Touch>), Refusals))]
async fn touches(
    State(app): State<App>,
    Id(id): Id,
    Asked(asked): Asked<PageAsked>,
) -> Result<Json<Page<Touch>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    companies::show(&app.pool, id).await?;
    let page = companies::touches(&app.pool, id, after, limit).await?;
    Ok(Json(Page { items: page.touches, next: page.next.map(|after| after.to_string()) }))
}

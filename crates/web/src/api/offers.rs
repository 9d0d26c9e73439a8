//! Offers: what campaigns sell.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use engine::keyset::After;
use engine::offers::{self, Fields, Offer};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, Sent, limit, one_of};
use super::once::OnceKey;
use super::page::Page;
use super::problem::{BodyRefusals, EditRefusals, Refusals};
use super::unchanged::unchanged;
use crate::error::Result;
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(show, edit)).routes(routes!(archive))
}

/// Which offers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListAsked {
    /// Words in the name.
    search: Option<String>,
    /// service, product, consulting or subscription
    offer_type: Option<String>,
    /// Those that were put away, instead.
    #[serde(default)]
    archived: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Offers with their results, newest first.
#[utoipa::path(get, path = "/offers", tag = "campaigns", operation_id = "list_offers", params(ListAsked),
    responses((status = 200, description = "A page of offers", body = Page<Offer>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<ListAsked>) -> Result<Json<Page<Offer>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let offer_type = one_of("offer_type", asked.offer_type, &offers::TYPES)?;
    let wanted = offers::Asked { search: asked.search, offer_type, archived: asked.archived };
    let page = offers::list(&app.pool, &wanted, after, limit).await?;
    Ok(Json(Page { items: page.offers, next: page.next.map(|after| after.to_string()) }))
}

/// Makes an offer.
#[utoipa::path(post, path = "/offers", tag = "campaigns", operation_id = "add_offer", request_body = Fields,
    params(OnceKey),
    responses((status = 201, description = "The offer", body = Offer), Refusals, BodyRefusals))]
async fn add(
    State(app): State<App>,
    actor: Actor,
    Asked(()): Asked<()>,
    Sent(fields): Sent<Fields>,
) -> Result<(StatusCode, Json<Offer>)> {
    let made = offers::add(&app.pool, &fields, actor.user_id(), app.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One offer.
#[utoipa::path(get, path = "/offers/{id}", tag = "campaigns", operation_id = "show_offer", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The offer", body = Offer), Refusals))]
async fn show(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Offer>> {
    Ok(Json(offers::show(&app.pool, id).await?))
}

/// Edits an offer: a field that is left out stays, an empty one is cleared.
#[utoipa::path(patch, path = "/offers/{id}", tag = "campaigns", operation_id = "edit_offer", request_body = Fields,
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header, description = "ETag of what was seen")),
    responses((status = 200, description = "The offer", body = Offer), Refusals, BodyRefusals, EditRefusals))]
async fn edit(
    State(app): State<App>,
    Id(id): Id,
    Asked(()): Asked<()>,
    headers: HeaderMap,
    Sent(fields): Sent<Fields>,
) -> Result<Json<Offer>> {
    let fits = |stands: &_| unchanged(&headers, stands);
    Ok(Json(offers::edit_if(&app.pool, id, &fields, fits, app.clock.now()).await?))
}

/// Whether it is put away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Archived {
    archived: bool,
}

/// Puts an offer away, or back.
#[utoipa::path(put, path = "/offers/{id}/archived", tag = "campaigns", operation_id = "archive_offer",
    params(("id" = uuid::Uuid, Path)), request_body = Archived,
    responses((status = 200, description = "The offer", body = Offer), Refusals, BodyRefusals))]
async fn archive(
    State(app): State<App>,
    Id(id): Id,
    Asked(()): Asked<()>,
    Sent(asked): Sent<Archived>,
) -> Result<Json<Offer>> {
    Ok(Json(offers::archive(&app.pool, id, asked.archived, app.clock.now()).await?))
}

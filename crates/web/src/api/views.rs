//! Views: names for addresses of lists, as pages have them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use engine::views::{self, View};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, Sent, word};
use super::once::OnceKey;
use super::page::Page;
use super::problem::{BodyRefusals, Refusals};
use crate::error::Result;
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, save)).routes(routes!(remove))
}

/// Which views.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListAsked {
    /// leads, companies, replies or queue; all where it is left out.
    page: Option<String>,
}

/// Views by name.
#[utoipa::path(get, path = "/views", tag = "leads", operation_id = "list_views", params(ListAsked),
    responses((status = 200, description = "Views", body = Page<View>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<ListAsked>) -> Result<Json<Page<View>>> {
    let known = |given: &str| views::PAGES.iter().copied().find(|page| *page == given);
    let page = word("page", asked.page.as_deref(), known, views::PAGES)?;
    Ok(Json(Page::whole(views::list(&app.pool, page).await?)))
}

/// An address to be named.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewView {
    #[schema(min_length = 1, max_length = 80)]
    view_name: String,
    /// leads, companies, replies or queue
    page: String,
    /// What stands behind the question mark of the page's address: filters, order, columns.
    #[schema(max_length = 2000)]
    query: String,
}

/// Keeps an address under a name; the same name again is moved to the new address.
#[utoipa::path(post, path = "/views", tag = "leads", operation_id = "save_view", request_body = NewView, params(OnceKey),
    responses((status = 201, description = "The view", body = View), Refusals, BodyRefusals))]
async fn save(
    State(app): State<App>,
    actor: Actor,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewView>,
) -> Result<(StatusCode, Json<View>)> {
    let (by, now) = (actor.user_id(), app.clock.now());
    let saved = views::save(&app.pool, &new.page, &new.view_name, &new.query, by, now).await?;
    Ok((StatusCode::CREATED, Json(saved)))
}

/// Takes a view away; the address itself goes on working.
#[utoipa::path(delete, path = "/views/{id}", tag = "leads", operation_id = "remove_view", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The view that was", body = View), Refusals))]
async fn remove(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<View>> {
    Ok(Json(views::remove(&app.pool, id).await?))
}

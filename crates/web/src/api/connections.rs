//! Who may send webhooks. Making one shows its secrets, once.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use engine::connections::{self, Connection, Issued, New, Secret, Tested};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Sent};
use super::once::{OnceKey, ShownOnce};
use super::page::Page;
use super::problem::{BodyRefusals, Refusals, VendorRefusals};
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(rotate))
        .routes(routes!(test))
        .routes(routes!(remove))
}

/// Live connections, oldest first.
#[utoipa::path(get, path = "/connections", tag = "connections", operation_id = "list_connections",
    responses((status = 200, description = "Connections", body = Page<Connection>), Refusals))]
async fn list(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Page<Connection>>> {
    Ok(Json(Page::whole(connections::list(&app.pool, app.clock.now()).await?)))
}

/// A connection to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConnection {
    /// instantly, vapi or linkedin
    source: String,
    /// The LinkedIn tool.
    provider: Option<String>,
    label: Option<String>,
    /// How deliveries prove themselves besides their address: path, secret, bearer, hmac; what the source does best where
    /// it is left out.
    auth: Option<String>,
    /// Another name for the header that carries the secret.
    header: Option<String>,
    /// A secret that exists at the vendor already.
    secret: Option<String>,
}

/// What to paste at the vendor. Its secrets are shown this once.
#[derive(Debug, Serialize, ToSchema)]
struct IssuedConnection {
    id: uuid::Uuid,
    source: String,
    provider: String,
    label: String,
    /// Where at the vendor.
    place: String,
    settings: Vec<PasteThis>,
}

/// One thing to paste, and into which field.
#[derive(Debug, Serialize, ToSchema)]
struct PasteThis {
    field: String,
    value: String,
}

impl IssuedConnection {
    fn of(issued: &Issued, public_url: &str) -> Self {
        let settings = issued.settings(public_url).into_iter();
        Self {
            id: issued.id,
            source: issued.source.clone(),
            provider: issued.provider.clone(),
            label: issued.label.clone(),
            place: issued.place().to_owned(),
            settings: settings.map(|one| PasteThis { field: one.field, value: one.value }).collect(),
        }
    }
}

/// Lets a vendor send webhooks: makes the address and secrets.
#[utoipa::path(post, path = "/connections", tag = "connections", operation_id = "add_connection", request_body = NewConnection,
    params(OnceKey),
    responses((status = 201, description = "What to paste where", body = IssuedConnection), Refusals, BodyRefusals))]
async fn add(
    State(app): State<App>,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewConnection>,
) -> Result<Response> {
    let new = New {
        source: new.source,
        provider: new.provider.unwrap_or_default(),
        label: new.label.unwrap_or_default(),
        way: new.auth,
        header: new.header,
        secret: new.secret.as_deref().map(Secret::given).transpose()?,
        ..New::default()
    };
    let issued = connections::add(&app.pool, &app.tools.keys, new, app.clock.now()).await?;
    Ok((
        StatusCode::CREATED,
        Extension(ShownOnce),
        Json(IssuedConnection::of(&issued, &app.tools.public_url)),
    )
        .into_response())
}

/// New secrets for a connection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rotation {
    /// How long the ones before stay valid, hours; a day where it is left out.
    #[schema(minimum = 0, maximum = 8760)]
    grace_hours: Option<u16>,
}

/// New address and secrets; the ones before stay valid for a while.
#[utoipa::path(post, path = "/connections/{id}/rotate", tag = "connections", operation_id = "rotate_connection",
    params(("id" = String, Path, description = "Its id, or its label"),
           OnceKey),
    request_body = Rotation,
    responses((status = 200, description = "What to paste where", body = IssuedConnection), Refusals, BodyRefusals))]
async fn rotate(
    State(app): State<App>,
    Path(id): Path<String>,
    Asked(()): Asked<()>,
    Sent(asked): Sent<Rotation>,
) -> Result<Response> {
    let hours = asked.grace_hours.unwrap_or(24);
    if hours > 8760 {
        let hint = "give 0 to 8760";
        return Err(engine::Error::invalid_field("grace_hours", "that is more than a year", hint).into());
    }
    let grace = SignedDuration::from_hours(i64::from(hours));
    let issued = connections::rotate(&app.pool, &app.tools.keys, &id, None, grace, app.clock.now()).await?;
    Ok((Extension(ShownOnce), Json(IssuedConnection::of(&issued, &app.tools.public_url))).into_response())
}

/// Sends a delivery of our own through a connection, and sees that it is stored.
#[utoipa::path(post, path = "/connections/{id}/test", tag = "connections", operation_id = "test_connection",
    params(("id" = String, Path, description = "Its id, or its label"), OnceKey),
    responses((status = 200, description = "It came through", body = Tested), Refusals, VendorRefusals))]
async fn test(State(app): State<App>, Path(id): Path<String>, Asked(()): Asked<()>) -> Result<Json<Tested>> {
    let (keys, url) = (&app.tools.keys, &app.tools.public_url);
    Ok(Json(connections::test(&app.pool, keys, &id, url, &app.clock).await?))
}

/// Refuses a connection's deliveries from now on; what came stays.
#[utoipa::path(delete, path = "/connections/{id}", tag = "connections", operation_id = "remove_connection",
    params(("id" = String, Path, description = "Its id, or its label")),
    responses((status = 200, description = "The connection that was", body = Connection), Refusals))]
async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    Asked(()): Asked<()>,
) -> Result<Json<Connection>> {
    Ok(Json(connections::remove(&app.pool, &id, app.clock.now()).await?))
}

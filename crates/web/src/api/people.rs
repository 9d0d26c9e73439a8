//! Who may enter: users, keys, one's sessions, the audit log, and facts about the workspace.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use engine::actor::{Role, Scope};
use engine::api_keys::{self, ApiKey};
use engine::audit::{self, Entry, Filter};
use engine::sessions::{self, Session};
use engine::users::{self, User, setup};
use engine::{Error, funnel, settings, states};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::asked::{Asked, Id, Sent, limit};
use super::once::{OnceKey, ShownOnce};
use super::page::Page;
use super::problem::{BodyRefusals, Refusals};
use crate::error::Result;
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(list_users, add_user))
        .routes(routes!(edit_user))
        .routes(routes!(new_password))
        .routes(routes!(list_keys, add_key))
        .routes(routes!(revoke_key))
        .routes(routes!(list_sessions))
        .routes(routes!(end_session))
        .routes(routes!(list_audit))
        .routes(routes!(show_settings, set_settings))
}

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// How they came in: owner, user or key.
    way: String,
    user_id: Option<Uuid>,
    key_id: Option<Uuid>,
    label: String,
    role: Role,
    /// Everything the role allows, within a key's scopes.
    scopes: Vec<Scope>,
}

/// Who asks, and what they may do.
#[utoipa::path(get, path = "/me", tag = "people", operation_id = "me",
    responses((status = 200, description = "You", body = Me), Refusals))]
async fn me(actor: Actor, Asked(()): Asked<()>) -> Json<Me> {
    let who = actor.who;
    let scopes =
        engine::actor::SCOPES.iter().map(|(_, scope)| *scope).filter(|scope| who.may(*scope)).collect();
    Json(Me {
        way: who.way.as_str().into(),
        user_id: who.user_id,
        key_id: who.key_id,
        label: who.label,
        role: who.role,
        scopes,
    })
}

/// Everybody, those who may enter first.
#[utoipa::path(get, path = "/users", tag = "people", operation_id = "list_users",
    responses((status = 200, description = "Users", body = Page<User>), Refusals))]
async fn list_users(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Page<User>>> {
    Ok(Json(Page::whole(users::list(&app.pool).await?)))
}

/// Somebody to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUser {
    email: String,
    full_name: Option<String>,
    role: Role,
}

/// A user, and the link by which they choose a password; it is shown this once.
#[derive(Debug, Serialize, ToSchema)]
struct Invited {
    user: User,
    setup_link: String,
}

/// Adds somebody.
#[utoipa::path(post, path = "/users", tag = "people", operation_id = "add_user", request_body = NewUser,
    params(OnceKey),
    responses((status = 201, description = "The user, and a link to choose a password by", body = Invited), Refusals, BodyRefusals))]
async fn add_user(
    State(app): State<App>,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewUser>,
) -> Result<Response> {
    let new = users::New { email: &new.email, full_name: new.full_name.as_deref(), role: new.role };
    let user = users::add(&app.pool, new, app.clock.now()).await?;
    Ok((StatusCode::CREATED, invited(&app, user).await?).into_response())
}

async fn invited(app: &App, user: User) -> Result<Response> {
    let secret = setup::give(&app.pool, &user, app.clock.now()).await?;
    let setup_link = format!("{}/setup/{}", app.tools.public_url.trim_end_matches('/'), secret.reveal());
    Ok((Extension(ShownOnce), Json(Invited { user, setup_link })).into_response())
}

/// What to change about a user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserChange {
    role: Option<Role>,
    /// True: may not enter any more, from now on.
    disabled: Option<bool>,
}

/// Gives a user another role, shuts them out, or lets them in again.
#[utoipa::path(patch, path = "/users/{id}", tag = "people", operation_id = "edit_user", params(("id" = Uuid, Path)),
    request_body = UserChange, responses((status = 200, description = "The user", body = User), Refusals, BodyRefusals))]
async fn edit_user(
    State(app): State<App>,
    Id(id): Id,
    Asked(()): Asked<()>,
    Sent(change): Sent<UserChange>,
) -> Result<Json<User>> {
    let (named, now) = (id.to_string(), app.clock.now());
    let mut user = users::find(&app.pool, &named).await?;
    if let Some(role) = change.role {
        user = users::set_role(&app.pool, &named, role, now).await?;
    }
    match change.disabled {
        Some(true) => user = users::disable(&app.pool, &named, now).await?,
        Some(false) => user = users::enable(&app.pool, &named, now).await?,
        None => {}
    }
    Ok(Json(user))
}

/// A fresh link by which a user chooses a password; the ones before are closed.
#[utoipa::path(post, path = "/users/{id}/password", tag = "people", operation_id = "new_password", params(("id" = Uuid, Path), OnceKey),
    responses((status = 200, description = "The user, and the link", body = Invited), Refusals))]
async fn new_password(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Response> {
    let user = users::find(&app.pool, &id.to_string()).await?;
    invited(&app, user).await
}

/// Keys, live ones first.
#[utoipa::path(get, path = "/keys", tag = "people", operation_id = "list_keys",
    responses((status = 200, description = "Keys", body = Page<ApiKey>), Refusals))]
async fn list_keys(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Page<ApiKey>>> {
    Ok(Json(Page::whole(api_keys::list(&app.pool, None).await?)))
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewKey {
    label: String,
    scopes: Vec<Scope>,
    /// In whose name it acts; yours where it is left out.
    user_id: Option<Uuid>,
    /// Until when it is accepted; null: until it is revoked.
    expires_at: Option<Timestamp>,
}

/// A key with what it opens with, shown this once.
#[derive(Debug, Serialize, ToSchema)]
struct MadeKey {
    key: ApiKey,
    /// Send it as `Authorization: Bearer …`.
    secret: String,
}

/// Makes a key. It can do no more than whoever makes it.
#[utoipa::path(post, path = "/keys", tag = "people", operation_id = "add_key", request_body = NewKey,
    params(OnceKey),
    responses((status = 201, description = "The key, shown this once", body = MadeKey), Refusals, BodyRefusals))]
async fn add_key(
    State(app): State<App>,
    actor: Actor,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewKey>,
) -> Result<Response> {
    for scope in &new.scopes {
        actor.who.check(*scope)?;
    }
    let user_id = match new.user_id {
        Some(id) => Some(users::find(&app.pool, &id.to_string()).await?.id),
        None => actor.who.user_id,
    };
    let new = api_keys::New { label: &new.label, scopes: &new.scopes, user_id, expires_at: new.expires_at };
    let (key, secret) = api_keys::add(&app.pool, new, app.clock.now()).await?;
    let made = MadeKey { key, secret: secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, Extension(ShownOnce), Json(made)).into_response())
}

/// Refuses a key from now on.
#[utoipa::path(delete, path = "/keys/{id}", tag = "people", operation_id = "revoke_key", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The key, revoked", body = ApiKey), Refusals))]
async fn revoke_key(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<ApiKey>> {
    Ok(Json(api_keys::revoke(&app.pool, &id.to_string(), app.clock.now()).await?))
}

/// Your browsers that are signed in.
#[utoipa::path(get, path = "/sessions", tag = "people", operation_id = "list_sessions",
    responses((status = 200, description = "Sessions", body = Page<Session>), Refusals))]
async fn list_sessions(
    State(app): State<App>,
    actor: Actor,
    Asked(()): Asked<()>,
) -> Result<Json<Page<Session>>> {
    Ok(Json(Page::whole(match actor.who.user_id {
        Some(user) => sessions::list(&app.pool, user, app.clock.now()).await?,
        None => Vec::new(),
    })))
}

/// Signs one of your browsers out.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "people", operation_id = "end_session", params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is over"), Refusals))]
async fn end_session(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
) -> Result<StatusCode> {
    let absent = || Error::not_found("that session is not known", "the list shows yours");
    let user = actor.who.user_id.ok_or_else(absent)?;
    sessions::end(&app.pool, user, id, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditAsked {
    user_id: Option<Uuid>,
    key_id: Option<Uuid>,
    /// About this id or name.
    subject: Option<String>,
    since: Option<Timestamp>,
    /// `next` of the page before.
    after: Option<i64>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Who did what, newest first.
#[utoipa::path(get, path = "/audit", tag = "people", operation_id = "list_audit", params(AuditAsked),
    responses((status = 200, description = "A page of entries", body = Page<Entry>), Refusals))]
async fn list_audit(State(app): State<App>, Asked(asked): Asked<AuditAsked>) -> Result<Json<Page<Entry>>> {
    let limit = limit(asked.limit)?;
    let filter = Filter {
        user_id: asked.user_id,
        key_id: asked.key_id,
        subject: asked.subject.as_deref(),
        since: asked.since,
        before: asked.after,
    };
    let entries = audit::list(&app.pool, &filter, limit + 1).await?;
    Ok(Json(Page::cut(entries, limit, |entry| entry.id.to_string())))
}

/// Facts about the workspace.
#[derive(Debug, Serialize, ToSchema)]
struct Settings {
    /// Zone in which days begin for figures, like Europe/Berlin.
    time_zone: String,
    /// Whether a stop of one person stops everybody of the company, where a campaign says nothing else.
    stops_company: bool,
}

/// Facts to set; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSettings {
    time_zone: Option<String>,
    stops_company: Option<bool>,
}

/// Facts about the workspace.
#[utoipa::path(get, path = "/settings", tag = "people", operation_id = "show_settings",
    responses((status = 200, description = "Settings", body = Settings), Refusals))]
async fn show_settings(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Settings>> {
    settings_of(&app).await
}

async fn settings_of(app: &App) -> Result<Json<Settings>> {
    let time_zone = funnel::time_zone(&app.pool).await?;
    Ok(Json(Settings { time_zone, stops_company: settings::stops_company(&app.pool).await? }))
}

/// Sets facts about the workspace; what is left out stays. Another zone counts everything again.
#[utoipa::path(patch, path = "/settings", tag = "people", operation_id = "set_settings", request_body = NewSettings,
    responses((status = 200, description = "Settings", body = Settings), Refusals, BodyRefusals))]
async fn set_settings(
    State(app): State<App>,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewSettings>,
) -> Result<Json<Settings>> {
    let now = app.clock.now();
    if let Some(zone) = &new.time_zone {
        funnel::set_time_zone(&app.pool, zone.trim(), now).await?;
        engine::normalise::normalise(&app.pool, now).await?;
    }
    if let Some(company) = new.stops_company {
        states::stop_company(&app.pool, company, now).await?;
    }
    settings_of(&app).await
}

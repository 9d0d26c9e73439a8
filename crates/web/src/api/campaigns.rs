//! Campaigns: made, edited, who is in them, the words of their steps.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use engine::campaigns::{self, Campaign, Fields, Linkables, Member, Step, Verdict};
use engine::funnel::Channel;
use engine::keyset::After;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::asked::{Asked, Id, Sent, limit, one_of, word};
use super::once::OnceKey;
use super::page::Page;
use super::problem::{BodyRefusals, EditRefusals, Refusals};
use super::unchanged::unchanged;
use crate::error::Result;
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(show, edit))
        .routes(routes!(linkable))
        .routes(routes!(members, add_members))
        .routes(routes!(remove_members))
        .routes(routes!(steps))
}

/// Which campaigns.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListAsked {
    /// Words in the name.
    search: Option<String>,
    /// draft, active, paused, completed or archived; all but archived ones where it is left out.
    status: Option<String>,
    offer_id: Option<Uuid>,
    #[param(value_type = Option<Channel>, inline)]
    channel: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Campaigns with their results, newest first.
#[utoipa::path(get, path = "/campaigns", tag = "campaigns", operation_id = "list_campaigns", params(ListAsked),
    responses((status = 200, description = "A page of campaigns", body = Page<Campaign>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<ListAsked>) -> Result<Json<Page<Campaign>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let known: Vec<&str> = Channel::ALL.iter().map(|one| one.word()).collect();
    let wanted = campaigns::Asked {
        search: asked.search,
        status: one_of("status", asked.status, &campaigns::STATUSES)?,
        offer_id: asked.offer_id,
        channel: word("channel", asked.channel.as_deref(), Channel::named, &known)?,
    };
    let page = campaigns::list(&app.pool, &wanted, after, limit).await?;
    Ok(Json(Page { items: page.campaigns, next: page.next.map(|after| after.to_string()) }))
}

/// Makes a campaign.
#[utoipa::path(post, path = "/campaigns", tag = "campaigns", operation_id = "add_campaign", request_body = Fields,
    params(OnceKey),
    responses((status = 201, description = "The campaign", body = Campaign), Refusals, BodyRefusals))]
async fn add(
    State(app): State<App>,
    actor: Actor,
    Asked(()): Asked<()>,
    Sent(fields): Sent<Fields>,
) -> Result<(StatusCode, Json<Campaign>)> {
    let made = campaigns::add(&app.pool, &fields, actor.user_id(), app.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One campaign.
#[utoipa::path(get, path = "/campaigns/{id}", tag = "campaigns", operation_id = "show_campaign",
    params(("id" = Uuid, Path)), responses((status = 200, description = "The campaign", body = Campaign), Refusals))]
async fn show(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Campaign>> {
    Ok(Json(campaigns::show(&app.pool, id).await?))
}

/// What of the vendors a campaign may be linked to.
#[utoipa::path(get, path = "/campaigns/{id}/linkable", tag = "campaigns", operation_id = "list_linkable",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "Campaigns and assistants of the vendors", body = Linkables), Refusals))]
async fn linkable(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Linkables>> {
    campaigns::show(&app.pool, id).await?;
    Ok(Json(campaigns::linkable(&app.pool, Some(id)).await?))
}

/// Edits a campaign: a field that is left out stays, an empty one is cleared.
#[utoipa::path(patch, path = "/campaigns/{id}", tag = "campaigns", operation_id = "edit_campaign", request_body = Fields,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "ETag of what was seen")),
    responses((status = 200, description = "The campaign", body = Campaign), Refusals, BodyRefusals, EditRefusals))]
async fn edit(
    State(app): State<App>,
    Id(id): Id,
    Asked(()): Asked<()>,
    headers: HeaderMap,
    Sent(fields): Sent<Fields>,
) -> Result<Json<Campaign>> {
    let fits = |stands: &_| unchanged(&headers, stands);
    Ok(Json(campaigns::edit_if(&app.pool, id, &fields, fits, app.clock.now()).await?))
}

/// Which members.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MembersAsked {
    /// active, replied, converted, disqualified, bounced or unsubscribed
    overall_status: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Who is in a campaign, and how far they came; latest first.
#[utoipa::path(get, path = "/campaigns/{id}/members", tag = "campaigns", operation_id = "list_members",
    params(("id" = Uuid, Path), MembersAsked),
    responses((status = 200, description = "A page of members", body = Page<Member>), Refusals))]
async fn members(
    State(app): State<App>,
    Id(id): Id,
    Asked(asked): Asked<MembersAsked>,
) -> Result<Json<Page<Member>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    campaigns::show(&app.pool, id).await?;
    let status = one_of("overall_status", asked.overall_status, &campaigns::OVERALL_STATUSES)?;
    let page = campaigns::members(&app.pool, id, status.as_deref(), after, limit).await?;
    Ok(Json(Page { items: page.members, next: page.next.map(|after| after.to_string()) }))
}

/// People by e-mail, phone, LinkedIn profile or id.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Whom {
    people: Vec<String>,
}

/// Adds people, with a verdict for each; nobody is added who must not be contacted.
#[utoipa::path(post, path = "/campaigns/{id}/members", tag = "campaigns", operation_id = "add_members",
    params(("id" = Uuid, Path), OnceKey),
    request_body = Whom,
    responses((status = 200, description = "A verdict for each", body = Page<Verdict>), Refusals, BodyRefusals))]
async fn add_members(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
    Sent(whom): Sent<Whom>,
) -> Result<Json<Page<Verdict>>> {
    let now = app.clock.now();
    Ok(Json(Page::whole(campaigns::add_members(&app.pool, id, &whom.people, actor.user_id(), now).await?)))
}

/// Takes people out, with a verdict for each. What happened with them stays.
#[utoipa::path(post, path = "/campaigns/{id}/members/remove", tag = "campaigns", operation_id = "remove_members",
    params(("id" = Uuid, Path), OnceKey),
    request_body = Whom,
    responses((status = 200, description = "A verdict for each", body = Page<Verdict>), Refusals, BodyRefusals))]
async fn remove_members(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
    Sent(whom): Sent<Whom>,
) -> Result<Json<Page<Verdict>>> {
    let now = app.clock.now();
    Ok(Json(Page::whole(campaigns::remove_members(&app.pool, id, &whom.people, actor.user_id(), now).await?)))
}

/// The words of every step, as they are sent.
#[utoipa::path(get, path = "/campaigns/{id}/steps", tag = "campaigns", operation_id = "list_steps",
    params(("id" = Uuid, Path)), responses((status = 200, description = "Steps", body = Page<Step>), Refusals))]
async fn steps(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Page<Step>>> {
    campaigns::show(&app.pool, id).await?;
    Ok(Json(Page::whole(campaigns::steps(&app.pool, id).await?)))
}

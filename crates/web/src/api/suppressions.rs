//! Who must not be contacted, what was told where, and whether anybody was contacted all the same.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use engine::keyset::After;
use engine::safety::{self, Report};
use engine::states::stops::{self, Receipt};
use engine::suppressions::{self, Ask, Channel, Suppression};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::asked::{Asked, Id, Sent, limit, word};
use super::once::OnceKey;
use super::page::Page;
use super::problem::{BodyRefusals, Refusals};
use crate::error::Result;
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(lift))
        .routes(routes!(list_stops))
        .routes(routes!(check))
}

/// Which suppressions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListAsked {
    /// E-mail, phone, LinkedIn profile or id of somebody.
    who: Option<String>,
    #[param(value_type = Option<Channel>, inline)]
    channel: Option<String>,
    reason: Option<String>,
    /// Lifted ones, too.
    #[serde(default)]
    lifted: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Who must not be contacted, latest first.
#[utoipa::path(get, path = "/suppressions", tag = "leads", operation_id = "list_suppressions", params(ListAsked),
    responses((status = 200, description = "A page of suppressions", body = Page<Suppression>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<ListAsked>) -> Result<Json<Page<Suppression>>> {
    let limit = limit(asked.limit)?;
    let known: Vec<&str> = Channel::ALL.iter().map(|one| one.word()).collect();
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let wanted = suppressions::Asked {
        who: asked.who,
        channel: word("channel", asked.channel.as_deref(), Channel::named, &known)?,
        reason: asked.reason,
        lifted: asked.lifted,
        after: after.map(|after| (after.at, after.id)),
    };
    let page = suppressions::list(&app.pool, &wanted, limit).await?;
    let next = page.next.map(|(at, id)| After { rank: 0, at, id }.to_string());
    Ok(Json(Page { items: page.suppressions, next }))
}

/// Whom not to contact any more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSuppression {
    /// E-mail, phone, LinkedIn profile, domain, or id of a lead.
    who: String,
    /// All where it is left out.
    #[schema(value_type = Option<Channel>)]
    channel: Option<String>,
    /// manual where it is left out.
    reason: Option<String>,
    note: Option<String>,
    /// Everybody of the company.
    #[serde(default)]
    company: bool,
}

/// Nobody contacts them from now on.
#[utoipa::path(post, path = "/suppressions", tag = "leads", operation_id = "suppress", request_body = NewSuppression,
    params(OnceKey),
    responses((status = 201, description = "The suppression", body = Suppression), Refusals, BodyRefusals))]
async fn add(
    State(app): State<App>,
    actor: Actor,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewSuppression>,
) -> Result<(StatusCode, Json<Suppression>)> {
    let known: Vec<&str> = Channel::ALL.iter().map(|one| one.word()).collect();
    let ask = Ask {
        who: new.who,
        channel: word("channel", new.channel.as_deref(), Channel::named, &known)?.unwrap_or(Channel::All),
        reason: new.reason.unwrap_or_else(|| "manual".into()),
        note: new.note,
        company: new.company,
    };
    let made = suppressions::suppress(&app.pool, &ask, actor.user_id(), app.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Why it no longer holds.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Lift {
    why: String,
}

/// Takes a suppression off the list; only a person does. Twice changes nothing.
#[utoipa::path(post, path = "/suppressions/{id}/lift", tag = "leads", operation_id = "lift_suppression",
    params(("id" = Uuid, Path), OnceKey), request_body = Lift,
    responses((status = 200, description = "The suppression, lifted", body = Suppression), Refusals, BodyRefusals))]
async fn lift(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
    Sent(asked): Sent<Lift>,
) -> Result<Json<Suppression>> {
    if asked.why.trim().is_empty() {
        return Err(engine::Error::invalid_field(
            "why",
            "lifting needs a reason",
            "say why it no longer holds",
        )
        .into());
    }
    Ok(Json(suppressions::lift(&app.pool, id, asked.why.trim(), actor.user_id(), app.clock.now()).await?))
}

/// Which receipts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StopsAsked {
    /// Acknowledged ones, too; else those that somebody has to look at.
    #[serde(default)]
    all: bool,
    lead_id: Option<Uuid>,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// What was told where when somebody was stopped; what is not acknowledged first.
#[utoipa::path(get, path = "/stops", tag = "leads", operation_id = "list_stops", params(StopsAsked),
    responses((status = 200, description = "A page of receipts", body = Page<Receipt>), Refusals))]
async fn list_stops(State(app): State<App>, Asked(asked): Asked<StopsAsked>) -> Result<Json<Page<Receipt>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let after = after.map(|after| (after.rank != 0, after.at, after.id));
    let page = stops::list(&app.pool, &stops::Asked { all: asked.all, lead_id: asked.lead_id, after }, limit)
        .await?;
    let next = page.next.map(|(red, at, id)| After { rank: red.into(), at, id }.to_string());
    Ok(Json(Page { items: page.receipts, next }))
}

/// Whether anybody was contacted twice, after an answer, or though suppressed; each case with its evidence.
#[utoipa::path(get, path = "/safety", tag = "leads", operation_id = "check_safety",
    responses((status = 200, description = "The cases", body = Report), Refusals))]
async fn check(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Report>> {
    Ok(Json(safety::check(&app.pool).await?))
}

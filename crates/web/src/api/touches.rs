//! What people log, take back and link.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use engine::touches::{
    self, Interest, Kind, Linked, Log, Logged, Outcome, Resumed, Suggested, Undone, Unlinked,
};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, Sent};
use super::once::OnceKey;
use super::page::Page;
use super::problem::{BodyRefusals, Refusals};
use crate::error::Result;
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(log))
        .routes(routes!(undo))
        .routes(routes!(interest))
        .routes(routes!(resume))
        .routes(routes!(suggestions))
        .routes(routes!(link, unlink))
}

/// A touch to be logged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTouch {
    /// call, note, linkedin or email
    #[schema(value_type = Kind)]
    kind: String,
    text: Option<String>,
    /// When it happened; now where it is left out.
    at: Option<Timestamp>,
    /// What came of it.
    #[schema(value_type = Option<Outcome>)]
    outcome: Option<String>,
    /// They wrote it, not we.
    #[serde(default)]
    reply: bool,
    /// Stop everything, whatever came of it.
    #[serde(default)]
    stop: bool,
    /// When to ask again.
    follow_up_at: Option<Timestamp>,
    /// Name or id; the only one that it can be where it is left out.
    campaign: Option<String>,
}

/// Logs a touch of a lead; what follows from it, such as stops, has followed with the answer.
#[utoipa::path(post, path = "/leads/{id}/touches", tag = "leads", operation_id = "log_touch",
    params(("id" = uuid::Uuid, Path), OnceKey),
    request_body = NewTouch,
    responses((status = 201, description = "The touch, and what followed", body = Logged), Refusals, BodyRefusals))]
async fn log(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewTouch>,
) -> Result<(StatusCode, Json<Logged>)> {
    let refused = |field: &str, given: &str, known: String| {
        engine::Error::invalid_field(
            field,
            format!("`{field}` cannot be `{given}`"),
            format!("one of: {known}"),
        )
    };
    let kind = match new.kind.as_str() {
        "call" => Kind::Call,
        "note" => Kind::Note,
        "linkedin" => Kind::Linkedin,
        "email" => Kind::Email,
        other => return Err(refused("kind", other, "call, note, linkedin, email".into()).into()),
    };
    let outcome = match new.outcome.as_deref() {
        Some(given) => Some(Outcome::named(given).ok_or_else(|| {
            let known: Vec<&str> = Outcome::ALL.iter().map(|one| one.word()).collect();
            refused("outcome", given, known.join(", "))
        })?),
        None => None,
    };
    let asked = Log {
        kind,
        who: id.to_string(),
        text: new.text,
        at: new.at,
        outcome,
        reply: new.reply,
        stop: new.stop,
        follow_up_at: new.follow_up_at,
        campaign: new.campaign,
    };
    let logged = touches::log(&app.pool, &asked, actor.user_id(), app.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(logged)))
}

/// Takes a logged touch back, and everything that followed from it. Twice changes nothing.
#[utoipa::path(post, path = "/touches/{id}/undo", tag = "leads", operation_id = "undo_touch", params(("id" = uuid::Uuid, Path), OnceKey),
    responses((status = 200, description = "What was taken back", body = Undone), Refusals))]
async fn undo(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
) -> Result<Json<Undone>> {
    Ok(Json(touches::undo(&app.pool, Some(id), actor.user_id(), app.clock.now()).await?))
}

/// How a person stands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewInterest {
    /// interested, meeting_booked, meeting_completed, won, not_interested, wrong_person, lost, no_show, out_of_office, a code
    /// of the workspace, or none.
    interest: String,
    /// Name or id; all where it is left out.
    campaign: Option<String>,
    note: Option<String>,
}

/// Says how a person stands; it beats what vendors say.
#[utoipa::path(post, path = "/leads/{id}/interest", tag = "leads", operation_id = "set_interest",
    params(("id" = uuid::Uuid, Path), OnceKey),
    request_body = NewInterest,
    responses((status = 201, description = "The word, and what followed", body = Logged), Refusals, BodyRefusals))]
async fn interest(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewInterest>,
) -> Result<(StatusCode, Json<Logged>)> {
    let said = Interest::named(&new.interest).ok_or_else(|| {
        let hint = "interested, meeting_booked, meeting_completed, won, not_interested, wrong_person, lost, no_show, \
                    out_of_office, none, or a code";
        engine::Error::invalid_field("interest", format!("`{}` is no interest", new.interest), hint)
    })?;
    let (campaign, note) = (new.campaign.as_deref(), new.note.as_deref());
    let (who, now) = (id.to_string(), app.clock.now());
    let logged = touches::interest(&app.pool, &who, said, campaign, note, actor.user_id(), now).await?;
    Ok((StatusCode::CREATED, Json(logged)))
}

/// Why somebody goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewResumption {
    /// Name or id; all that stopped where it is left out.
    campaign: Option<String>,
    note: Option<String>,
}

/// Lets a person go on who was stopped.
#[utoipa::path(post, path = "/leads/{id}/resume", tag = "leads", operation_id = "resume",
    params(("id" = uuid::Uuid, Path), OnceKey),
    request_body = NewResumption,
    responses((status = 200, description = "What goes on", body = Resumed), Refusals, BodyRefusals))]
async fn resume(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewResumption>,
) -> Result<Json<Resumed>> {
    let (who, now) = (id.to_string(), app.clock.now());
    let (campaign, note) = (new.campaign.as_deref(), new.note.as_deref());
    Ok(Json(touches::resume(&app.pool, &who, campaign, note, actor.user_id(), now).await?))
}

/// Whom an unknown sender might be.
#[utoipa::path(get, path = "/events/{id}/suggestions", tag = "replies", operation_id = "suggest", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "Leads it may be", body = Page<Suggested>), Refusals))]
async fn suggestions(
    State(app): State<App>,
    Id(id): Id,
    Asked(()): Asked<()>,
) -> Result<Json<Page<Suggested>>> {
    Ok(Json(Page::whole(touches::suggest(&app.pool, id).await?)))
}

/// Whose an event is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLink {
    /// E-mail, phone, LinkedIn profile or id of a lead; a new lead is made where it is null.
    lead: Option<String>,
}

/// Says whose an event is; everything from that address follows, also what comes later.
#[utoipa::path(put, path = "/events/{id}/lead", tag = "replies", operation_id = "link_event", params(("id" = uuid::Uuid, Path)),
    request_body = NewLink,
    responses((status = 200, description = "The lead, and what followed", body = Linked), Refusals, BodyRefusals))]
async fn link(
    State(app): State<App>,
    Id(id): Id,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewLink>,
) -> Result<Json<Linked>> {
    let now = app.clock.now();
    Ok(Json(match new.lead.as_deref() {
        Some(who) => touches::link(&app.pool, id, who, now).await?,
        None => touches::link_new(&app.pool, id, now).await?,
    }))
}

/// Takes back whose an event is.
#[utoipa::path(delete, path = "/events/{id}/lead", tag = "replies", operation_id = "unlink_event", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "What is unknown again", body = Unlinked), Refusals))]
async fn unlink(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Unlinked>> {
    Ok(Json(touches::unlink(&app.pool, id, app.clock.now()).await?))
}

//! The same done to many leads at once, and a whole list as a file.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::bulk::{self, Action, Done, Verdict, Whom};
use engine::keyset::After;
use engine::leads::LeadStatus;
use engine::suppressions::Channel;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::asked::{Asked, Id, Sent, by_name, limit, word};
use super::leads::Which;
use super::once::OnceKey;
use super::page::{Page, PageAsked};
use super::problem::{BodyRefusals, Refusals};
use crate::csv;
use crate::error::{Failure, Result};
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, act))
        .routes(routes!(show))
        .routes(routes!(leads))
        .routes(routes!(undo))
        .routes(routes!(export))
}

/// What is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BulkKind {
    AddToCampaign,
    RemoveFromCampaign,
    SetStatus,
    Suppress,
}

/// Something to do to many: to `leads`, or to everybody of `filter`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBulk {
    action: BulkKind,
    /// Ids of leads.
    #[schema(max_items = 20_000)]
    leads: Option<Vec<Uuid>>,
    #[serde(default, deserialize_with = "by_name")]
    filter: Option<Which>,
    /// To add them to, or take them out of.
    campaign_id: Option<Uuid>,
    /// To set.
    #[schema(value_type = Option<LeadStatus>)]
    lead_status: Option<String>,
    /// Of a suppression; every channel where it is left out.
    #[schema(value_type = Option<Channel>)]
    channel: Option<String>,
    /// Of a suppression; manual where it is left out.
    reason: Option<String>,
    note: Option<String>,
}

impl NewBulk {
    fn whom(&self) -> Result<Whom> {
        match (&self.leads, &self.filter) {
            (Some(leads), None) => Ok(Whom::Leads(leads.clone())),
            (None, Some(which)) => Ok(Whom::Filter(which.filter()?.0)),
            _ => Err(missing("leads", "say whom: give either `leads` or `filter`")),
        }
    }

    fn action(&self) -> Result<Action> {
        let campaign =
            || self.campaign_id.ok_or_else(|| missing("campaign_id", "take the id from /api/v1/campaigns"));
        let statuses: Vec<&str> = LeadStatus::ALL.iter().map(|one| one.word()).collect();
        let channels: Vec<&str> = Channel::ALL.iter().map(|one| one.word()).collect();
        let status = word("lead_status", self.lead_status.as_deref(), LeadStatus::named, &statuses)?;
        let channel = word("channel", self.channel.as_deref(), Channel::named, &channels)?;
        Ok(match self.action {
            BulkKind::AddToCampaign => Action::AddToCampaign(campaign()?),
            BulkKind::RemoveFromCampaign => Action::RemoveFromCampaign(campaign()?),
            BulkKind::SetStatus => {
                let hint = format!("one of: {}", statuses.join(", "));
                Action::SetStatus(status.ok_or_else(|| missing("lead_status", &hint))?)
            }
            BulkKind::Suppress => Action::Suppress {
                channel: channel.unwrap_or(Channel::All),
                reason: self.reason.clone().unwrap_or_else(|| "manual".into()),
                note: self.note.clone(),
            },
        })
    }
}

fn missing(field: &str, hint: &str) -> Failure {
    engine::Error::invalid_field(field, format!("`{field}` is missing"), hint).into()
}

/// Does something to many leads, in one piece, with a verdict for each; taken back as a whole.
#[utoipa::path(post, path = "/bulk", tag = "leads", operation_id = "bulk", request_body = NewBulk, params(OnceKey),
    responses((status = 201, description = "What was done", body = Done), Refusals, BodyRefusals))]
async fn act(
    State(app): State<App>,
    actor: Actor,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewBulk>,
) -> Result<(StatusCode, Json<Done>)> {
    let (whom, action) = (new.whom()?, new.action()?);
    let done = bulk::act(&app.pool, &whom, &action, actor.user_id(), app.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(done)))
}

/// What was done to many, newest first.
#[utoipa::path(get, path = "/bulk", tag = "leads", operation_id = "list_bulk", params(PageAsked),
    responses((status = 200, description = "A page of actions", body = Page<Done>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<PageAsked>) -> Result<Json<Page<Done>>> {
    let limit = limit(asked.limit)?;
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let found = bulk::list(&app.pool, after, limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |one| After { rank: 0, at: one.performed_at, id: one.id }.to_string())))
}

/// One action on many.
#[utoipa::path(get, path = "/bulk/{id}", tag = "leads", operation_id = "show_bulk", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The action", body = Done), Refusals))]
async fn show(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Done>> {
    Ok(Json(bulk::show(&app.pool, id).await?))
}

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LeadsAsked {
    /// `next` of the page before.
    after: Option<Uuid>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Whom an action was about, and what became of each.
#[utoipa::path(get, path = "/bulk/{id}/leads", tag = "leads", operation_id = "bulk_leads",
    params(("id" = Uuid, Path), LeadsAsked),
    responses((status = 200, description = "A page of verdicts", body = Page<Verdict>), Refusals))]
async fn leads(
    State(app): State<App>,
    Id(id): Id,
    Asked(asked): Asked<LeadsAsked>,
) -> Result<Json<Page<Verdict>>> {
    let limit = limit(asked.limit)?;
    bulk::show(&app.pool, id).await?;
    let found = bulk::leads(&app.pool, id, asked.after, limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |one| one.lead_id.to_string())))
}

/// Takes an action back for everybody it changed something for. Twice changes nothing.
#[utoipa::path(post, path = "/bulk/{id}/undo", tag = "leads", operation_id = "undo_bulk",
    params(("id" = Uuid, Path), OnceKey),
    responses((status = 200, description = "The action, taken back", body = Done), Refusals))]
async fn undo(State(app): State<App>, actor: Actor, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Done>> {
    Ok(Json(bulk::undo(&app.pool, id, actor.user_id(), app.clock.now()).await?))
}

/// Every lead of a list as CSV, however many there are, as one moment had them. Safe to open in a spreadsheet.
#[utoipa::path(get, path = "/leads/export", tag = "leads", operation_id = "export_leads", params(Which),
    responses((status = 200, description = "The leads", body = String, content_type = "text/csv"), Refusals))]
async fn export(State(app): State<App>, Asked(which): Asked<Which>) -> Result<Response> {
    let (filter, sort) = which.filter()?;
    Ok(csv::leads(app.pool.clone(), filter, sort, app.clock.now()))
}

//! Who answered.

use axum::Json;
use axum::extract::State;
use engine::funnel::Channel;
use engine::keyset::After;
use engine::replies::{self, Reply, State as ReplyState};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, limit, word};
use super::page::Page;
use super::problem::Refusals;
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// Which replies; those of the last 30 days, and every unknown sender, where nothing is said.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListAsked {
    since: Option<Timestamp>,
    /// Only unknown senders.
    #[serde(default)]
    unmatched: bool,
    #[param(value_type = Option<Channel>, inline)]
    channel: Option<String>,
    /// Automatic replies, too.
    #[serde(default)]
    automatic: bool,
    /// Only what needs an answer.
    #[serde(default)]
    needs_answer: bool,
    /// Else newest first.
    #[serde(default)]
    longest_waiting_first: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Replies on every channel in one list.
#[utoipa::path(get, path = "/replies", tag = "replies", operation_id = "list_replies", params(ListAsked),
    responses((status = 200, description = "A page of replies", body = Page<Reply>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<ListAsked>) -> Result<Json<Page<Reply>>> {
    let limit = limit(asked.limit)?;
    let known: Vec<&str> = Channel::ALL.iter().map(|one| one.word()).collect();
    let wanted = replies::Asked {
        since: asked.since,
        unmatched: asked.unmatched,
        channel: word("channel", asked.channel.as_deref(), Channel::named, &known)?,
        automatic: asked.automatic,
        state: asked.needs_answer.then_some(ReplyState::NeedsAnswer),
        longest_waiting_first: asked.longest_waiting_first,
    };
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let page = replies::list(&app.pool, wanted, after, limit, app.clock.now()).await?;
    Ok(Json(Page { items: page.replies, next: page.next.map(|after| after.to_string()) }))
}

/// One reply, by its event.
#[utoipa::path(get, path = "/replies/{id}", tag = "replies", operation_id = "show_reply", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The reply", body = Reply), Refusals))]
async fn show(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Reply>> {
    Ok(Json(replies::one(&app.pool, id, app.clock.now()).await?))
}

//! What is due, and decisions about it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use engine::funnel::Channel;
use engine::keyset::After;
use engine::queue::{self, Decided, Decision, Item, Line, Tally, Words};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Asked, Id, Sent, limit, word};
use super::once::OnceKey;
use super::page::Page;
use super::problem::{BodyRefusals, Refusals};
use crate::error::Result;
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(tally))
        .routes(routes!(decide))
        .routes(routes!(undo))
}

/// What of the queue.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListAsked {
    /// Due until then; now where it is left out.
    until: Option<Timestamp>,
    #[param(value_type = Option<Channel>, inline)]
    channel: Option<String>,
    campaign_id: Option<uuid::Uuid>,
    /// Those that are not due, and why.
    #[serde(default)]
    waiting: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// Who is due on which channel, and why now; or who is not, and why.
#[utoipa::path(get, path = "/queue", tag = "queue", operation_id = "list_queue", params(ListAsked),
    responses((status = 200, description = "A page of the queue", body = Page<Line>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<ListAsked>) -> Result<Json<Page<Line>>> {
    let (limit, now) = (limit(asked.limit)?, app.clock.now());
    let known: Vec<&str> = Channel::ALL.iter().map(|one| one.word()).collect();
    let wanted = queue::Asked {
        until: asked.until.unwrap_or(now),
        channel: word("channel", asked.channel.as_deref(), Channel::named, &known)?,
        campaign_id: asked.campaign_id,
        waiting: asked.waiting,
    };
    let after = asked.after.as_deref().map(str::parse::<After>).transpose()?;
    let page = queue::list(&app.pool, wanted, after, limit, now).await?;
    Ok(Json(Page { items: page.items, next: page.next.map(|after| after.to_string()) }))
}

/// What was decided about an item.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Verb {
    Done,
    /// Not this time; it counts as an attempt.
    Skip,
    /// Ask again at `until`.
    Snooze,
}

/// Since when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TallyAsked {
    /// E.g. the beginning of the day.
    since: Timestamp,
}

/// How many lines were decided since then, and how; what was taken back does not count.
#[utoipa::path(get, path = "/queue/tally", tag = "queue", operation_id = "queue_tally", params(TallyAsked),
    responses((status = 200, description = "The tally", body = Tally), Refusals))]
async fn tally(State(app): State<App>, Asked(asked): Asked<TallyAsked>) -> Result<Json<Tally>> {
    Ok(Json(queue::tally(&app.pool, asked.since).await?))
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDecision {
    decision: Verb,
    /// For `snooze`: when to ask again.
    until: Option<Timestamp>,
    note: Option<String>,
    /// What came of it: interested, not_interested, meeting, callback, voicemail, no_answer, busy …
    outcome: Option<String>,
}

/// Decides about something due; done or skipped again answers with the decision that stands.
#[utoipa::path(post, path = "/queue/{item}/decisions", tag = "queue", operation_id = "decide",
    params(("item" = String, Path, description = "Id of the item, as the queue and replies show it"),
           OnceKey),
    request_body = NewDecision,
    responses((status = 201, description = "The decision", body = Decided), Refusals, BodyRefusals))]
async fn decide(
    State(app): State<App>,
    actor: Actor,
    Path(item): Path<String>,
    Asked(()): Asked<()>,
    Sent(new): Sent<NewDecision>,
) -> Result<(StatusCode, Json<Decided>)> {
    let item: Item = item.parse()?;
    let decision = match (new.decision, new.until) {
        (Verb::Done, None) => Decision::Done,
        (Verb::Skip, None) => Decision::Skip,
        (Verb::Snooze, Some(until)) => Decision::Snooze(until),
        (Verb::Snooze, None) => {
            return Err(engine::Error::invalid_field(
                "until",
                "`snooze` needs a time",
                "say when to ask again",
            )
            .into());
        }
        (_, Some(_)) => {
            let hint = "leave it out, or decide `snooze`";
            return Err(engine::Error::invalid_field("until", "only `snooze` has a time", hint).into());
        }
    };
    let words = Words { note: new.note, outcome: new.outcome, ..Words::default() };
    let decided = queue::decide(&app.pool, item, decision, &words, actor.user_id(), app.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(decided)))
}

/// Takes a decision back: the item is due again.
#[utoipa::path(delete, path = "/queue/decisions/{id}", tag = "queue", operation_id = "undo_decision",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, description = "The decision, taken back", body = Decided), Refusals))]
async fn undo(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
) -> Result<Json<Decided>> {
    Ok(Json(queue::undo(&app.pool, Some(id), actor.user_id(), app.clock.now()).await?))
}

//! What works, and the rows behind every figure.

use axum::Json;
use axum::extract::State;
use engine::funnel::{self, Behind, By, Channel, Day, Funnel, Selection, Stage, Unit};
use engine::keyset::After;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::asked::{Asked, limit, word};
use super::page::Page;
use super::problem::Refusals;
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(days)).routes(routes!(rows))
}

/// Which touches count; parameters that an operation has no use for are ignored by it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FunnelAsked {
    /// People where it is left out.
    #[param(value_type = Option<Unit>, inline)]
    unit: Option<String>,
    /// Campaign where it is left out; step in touches only.
    #[param(value_type = Option<By>, inline)]
    by: Option<String>,
    /// First day, in the zone of figures.
    since: Option<Date>,
    /// Last day.
    until: Option<Date>,
    campaign_id: Option<Uuid>,
    offer_id: Option<Uuid>,
    #[param(value_type = Option<Channel>, inline)]
    channel: Option<String>,
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RowsAsked {
    /// The figure: how far it went.
    #[param(value_type = Stage, inline)]
    stage: String,
    /// People where it is left out.
    #[param(value_type = Option<Unit>, inline)]
    unit: Option<String>,
    /// Of one line of this grouping; the total where it is left out.
    #[param(value_type = Option<By>, inline)]
    by: Option<String>,
    /// `key` of the line; the line without one where it is left out.
    key: Option<String>,
    since: Option<Date>,
    until: Option<Date>,
    campaign_id: Option<Uuid>,
    offer_id: Option<Uuid>,
    #[param(value_type = Option<Channel>, inline)]
    channel: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// 50 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

macro_rules! closed {
    ($asked:ident.$field:ident: $kind:ident) => {
        word(
            stringify!($field),
            $asked.$field.as_deref(),
            $kind::named,
            &$kind::ALL.iter().map(|one| one.word()).collect::<Vec<_>>(),
        )?
    };
}

impl FunnelAsked {
    fn selection(&self) -> Result<Selection> {
        let Self { since, until, campaign_id, offer_id, .. } = *self;
        Ok(Selection { since, until, campaign_id, offer_id, channel: closed!(self.channel: Channel) })
    }
}

/// How many got how far, in total and line by line.
#[utoipa::path(get, path = "/funnel", tag = "funnel", operation_id = "funnel", params(FunnelAsked),
    responses((status = 200, description = "The funnel", body = Funnel), Refusals))]
async fn show(State(app): State<App>, Asked(asked): Asked<FunnelAsked>) -> Result<Json<Funnel>> {
    let unit = closed!(asked.unit: Unit).unwrap_or(Unit::People);
    let by = closed!(asked.by: By).unwrap_or(By::Campaign);
    Ok(Json(funnel::funnel(&app.pool, unit, by, asked.selection()?).await?))
}

/// Day by day; days on which nothing happened are left out.
#[utoipa::path(get, path = "/funnel/days", tag = "funnel", operation_id = "funnel_days", params(FunnelAsked),
    responses((status = 200, description = "Days", body = Page<Day>), Refusals))]
async fn days(State(app): State<App>, Asked(asked): Asked<FunnelAsked>) -> Result<Json<Page<Day>>> {
    let unit = closed!(asked.unit: Unit).unwrap_or(Unit::People);
    closed!(asked.by: By);
    Ok(Json(Page::whole(funnel::days(&app.pool, unit, asked.selection()?).await?)))
}

/// The rows behind one figure, newest first.
#[utoipa::path(get, path = "/funnel/rows", tag = "funnel", operation_id = "funnel_rows", params(RowsAsked),
    responses((status = 200, description = "A page of rows", body = Page<Behind>), Refusals))]
async fn rows(State(app): State<App>, Asked(asked): Asked<RowsAsked>) -> Result<Json<Page<Behind>>> {
    let limit = limit(asked.limit)?;
    let unit = closed!(asked.unit: Unit).unwrap_or(Unit::People);
    let stages: Vec<&str> = Stage::ALL.iter().map(|one| one.word()).collect();
    let stage = word("stage", Some(&asked.stage), Stage::named, &stages)?.unwrap_or(Stage::Contacted);
    let line = closed!(asked.by: By).map(|by| (by, asked.key.as_deref()));
    let selection = Selection {
        since: asked.since,
        until: asked.until,
        campaign_id: asked.campaign_id,
        offer_id: asked.offer_id,
        channel: closed!(asked.channel: Channel),
    };
    let after =
        asked.after.as_deref().map(str::parse::<After>).transpose()?.map(|after| (after.at, after.id));
    let found = funnel::rows(&app.pool, unit, stage, selection, line, after, limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |row| {
        After { rank: 0, at: row.event_timestamp, id: row.event_id }.to_string()
    })))
}

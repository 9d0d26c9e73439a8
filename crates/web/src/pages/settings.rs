//! Settings: the zone of figures, whom a stop stops.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use engine::{funnel, normalise, settings, states};
use serde::Deserialize;

use super::page;
use crate::error::Result;
use crate::parts;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::Toast;

#[derive(Template)]
#[template(path = "settings.html")]
struct Page {
    shell: Shell,
    time_zone: String,
    time_zones: Vec<String>,
    stops_company: bool,
    public_url: String,
    sources: Vec<&'static str>,
}

pub(crate) async fn settings(shell: Shell, State(app): State<App>) -> Result<Response> {
    let page_of = Page {
        shell: shell.clone(),
        time_zone: funnel::time_zone(&app.pool).await?,
        time_zones: funnel::time_zones(&app.pool).await?,
        stops_company: settings::stops_company(&app.pool).await?,
        public_url: app.tools.public_url.clone(),
        sources: app.tools.sources.clone(),
    };
    Ok(page(&shell, &page_of))
}

#[derive(Deserialize)]
pub(crate) struct Zone {
    time_zone: String,
}

/// `POST /settings/time-zone`: every figure is counted again in it.
pub(crate) async fn time_zone(_: Actor, State(app): State<App>, Form(asked): Form<Zone>) -> Result<Response> {
    let now = app.clock.now();
    funnel::set_time_zone(&app.pool, asked.time_zone.trim(), now).await?;
    normalise::normalise(&app.pool, now).await?;
    app.live.forget().await;
    Ok(Toast::done(format!("Days begin in {}; every figure was counted again.", asked.time_zone.trim()))
        .then("/settings"))
}

#[derive(Deserialize)]
pub(crate) struct Stops {
    stops_company: Option<String>,
}

/// `POST /settings/stops`: whom a stop stops from now on.
pub(crate) async fn stops(_: Actor, State(app): State<App>, Form(asked): Form<Stops>) -> Result<Response> {
    let company = asked.stops_company.is_some();
    states::stop_company(&app.pool, company, app.clock.now()).await?;
    let words = if company {
        "An answer stops everybody of the company."
    } else {
        "An answer stops that person only."
    };
    Ok(Toast::done(words).then("/settings"))
}

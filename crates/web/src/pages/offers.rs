//! Offers: what we sell, made and edited, and what came of each.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use engine::campaigns::{self, Campaign};
use engine::funnel::{By, Stage};
use engine::offers::{self, Asked, Fields, Offer, TYPES};
use serde::Deserialize;
use uuid::Uuid;

use super::analytics::{Bar, Chosen, bars, figure};
use super::page;
use crate::address::Address;
use crate::error::Result;
use crate::parts;
use crate::say;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::Toast;

const LINES: i64 = 50;

#[derive(Template)]
#[template(path = "offers.html")]
struct ListPage {
    shell: Shell,
    offers: Vec<Offer>,
    search: String,
    archived: bool,
    next: Option<String>,
    paged: bool,
}

impl ListPage {
    fn figure(&self, offer: &Offer, stage: Stage, number: &i64) -> parts::Html {
        let rows = Chosen::of_all().rows(stage).with("by", By::Offer.word()).with("of", offer.id);
        figure(&rows.text(), *number)
    }
}

#[derive(Deserialize)]
pub(crate) struct Look {
    q: Option<String>,
    archived: Option<String>,
    after: Option<String>,
}

pub(crate) async fn list(shell: Shell, State(app): State<App>, Query(look): Query<Look>) -> Result<Response> {
    let search = look.q.unwrap_or_default().trim().to_owned();
    let archived = look.archived.is_some();
    let asked = Asked { search: Some(search.clone()).filter(|q| !q.is_empty()), offer_type: None, archived };
    let after = look.after.as_deref().map(str::parse).transpose()?;
    let found = offers::list(&app.pool, &asked, after, LINES).await?;
    let here = Address::of("/offers").with("q", &search).with("archived", if archived { "1" } else { "" });
    let next = found.next.map(|after| here.with("after", after).text());
    let page_of = ListPage {
        shell: shell.clone(),
        offers: found.offers,
        search,
        archived,
        next,
        paged: after.is_some(),
    };
    Ok(page(&shell, &page_of))
}

#[derive(Template)]
#[template(path = "offer.html")]
struct OfferPage {
    shell: Shell,
    offer: Offer,
    campaigns: Vec<Campaign>,
    chosen: Chosen,
    steps: Vec<Bar>,
}

impl OfferPage {
    fn price(&self) -> Option<String> {
        match (&self.offer.price_min, &self.offer.price_max) {
            (None, None) => None,
            (Some(min), Some(max)) if min == max => Some(min.clone()),
            (Some(min), Some(max)) => Some(format!("{min} to {max}")),
            (Some(min), None) => Some(format!("from {min}")),
            (None, Some(max)) => Some(format!("up to {max}")),
        }
    }
}

pub(crate) async fn show(shell: Shell, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let offer = offers::show(&app.pool, id).await?;
    let asked = campaigns::Asked { offer_id: Some(id), ..campaigns::Asked::default() };
    let found = campaigns::list(&app.pool, &asked, None, 100).await?;
    let mut chosen = Chosen::of_all();
    chosen.selection.offer_id = Some(id);
    let steps = bars(&offer.results, |stage| chosen.rows(stage).with("by", "").text());
    let page_of = OfferPage { shell: shell.clone(), offer, campaigns: found.campaigns, chosen, steps };
    Ok(page(&shell, &page_of))
}

/// What a form says of an offer; industries stand on one line.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Written {
    #[serde(default)]
    offer_name: String,
    #[serde(default)]
    offer_type: String,
    #[serde(default)]
    price_min: String,
    #[serde(default)]
    price_max: String,
    #[serde(default)]
    target_industries: String,
    #[serde(default)]
    value_proposition: String,
}

impl From<Written> for Fields {
    fn from(written: Written) -> Self {
        let industries = written.target_industries.split(',').map(|name| name.trim().to_owned());
        Self {
            offer_name: Some(written.offer_name),
            offer_type: Some(written.offer_type),
            price_min: Some(written.price_min),
            price_max: Some(written.price_max),
            target_industries: Some(industries.filter(|name| !name.is_empty()).collect()),
            value_proposition: Some(written.value_proposition),
        }
    }
}

pub(crate) async fn add(
    actor: Actor,
    State(app): State<App>,
    Form(written): Form<Written>,
) -> Result<Response> {
    let offer = offers::add(&app.pool, &written.into(), actor.user_id(), app.clock.now()).await?;
    Ok(Toast::done(format!("{} is an offer now.", offer.offer_name)).then(&format!("/offers/{}", offer.id)))
}

pub(crate) async fn edit(
    _: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(written): Form<Written>,
) -> Result<Response> {
    let offer = offers::edit(&app.pool, id, &written.into(), app.clock.now()).await?;
    Ok(Toast::done(format!("{} was changed.", offer.offer_name)).then(&format!("/offers/{id}")))
}

/// `POST /offers/{id}/archive`: put away; its campaigns keep it.
pub(crate) async fn archive(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let offer = offers::archive(&app.pool, id, true, app.clock.now()).await?;
    let back = format!("/offers/{id}/archive/undo");
    Ok(Toast::done(format!("{} was put away.", offer.offer_name)).undo(back).then("/offers"))
}

pub(crate) async fn unarchive(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let offer = offers::archive(&app.pool, id, false, app.clock.now()).await?;
    Ok(Toast::done(format!("{} is back.", offer.offer_name)).then(&format!("/offers/{id}")))
}

//! Who is in a campaign: added with a verdict each, taken out, and taken in again. Leaves the page to the room above.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::campaigns;
use serde::Deserialize;
use uuid::Uuid;

use super::{Members, whole};
use crate::error::Result;
use crate::parts;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::Toast;

#[derive(Deserialize)]
pub(crate) struct People {
    #[serde(default)]
    people: String,
}

/// `POST /campaigns/{id}/members`: adds people, a line each, with a verdict for each.
pub(crate) async fn add_members(
    actor: Actor,
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(asked): Form<People>,
) -> Result<Response> {
    let people: Vec<String> = asked
        .people
        .split(['\n', ',', ';'])
        .map(|one| one.trim().to_owned())
        .filter(|one| !one.is_empty())
        .collect();
    let verdicts = campaigns::add_members(&app.pool, id, &people, actor.user_id(), app.clock.now()).await?;
    whole(shell, &app, id, &Members { stand: None, after: None }, verdicts).await
}

#[derive(Deserialize)]
pub(crate) struct One {
    lead_id: Uuid,
}

/// `POST /campaigns/{id}/members/remove`: takes somebody out; what happened stays.
pub(crate) async fn remove_member(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(asked): Form<One>,
) -> Result<Response> {
    let people = [asked.lead_id.to_string()];
    let verdicts =
        campaigns::remove_members(&app.pool, id, &people, actor.user_id(), app.clock.now()).await?;
    let who = verdicts.first().and_then(|one| one.who.clone()).unwrap_or_else(|| "That person".into());
    let undo = format!("/campaigns/{id}/members/{}/undo", asked.lead_id);
    Ok(Toast::done(format!("{who} is out of it; what happened stays."))
        .undo(undo)
        .then(&format!("/campaigns/{id}#mem")))
}

/// `POST /campaigns/{id}/members/{lead}/undo`: back in.
pub(crate) async fn member_back(
    actor: Actor,
    State(app): State<App>,
    Path((id, lead)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    let people = [lead.to_string()];
    let verdicts = campaigns::add_members(&app.pool, id, &people, actor.user_id(), app.clock.now()).await?;
    let words = match verdicts.first() {
        Some(one) => {
            format!("{}: {}.", one.who.as_deref().unwrap_or("That person"), parts::plain(&one.verdict))
        }
        None => "Nothing was done.".into(),
    };
    Ok(Toast::done(words).then(&format!("/campaigns/{id}#mem")))
}

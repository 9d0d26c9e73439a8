//! Views: names for addresses of lists.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::views;
use serde::Deserialize;
use uuid::Uuid;

use crate::error::Result;
use crate::session::Actor;
use crate::state::App;
use crate::toast::Toast;

#[derive(Deserialize)]
pub(crate) struct Save {
    page: String,
    name: String,
    query: String,
}

/// `POST /views`
pub(crate) async fn save(actor: Actor, State(app): State<App>, Form(save): Form<Save>) -> Result<Response> {
    views::save(&app.pool, &save.page, &save.name, &save.query, actor.user_id(), app.clock.now()).await?;
    Ok(Toast::done(format!("View “{}” saved.", save.name.trim()))
        .then(&format!("/{}?{}", save.page, save.query)))
}

/// `POST /views/{id}/remove`
pub(crate) async fn remove(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let view = views::remove(&app.pool, id).await?;
    Ok(Toast::done(format!("View “{}” removed.", view.view_name))
        .then(&format!("/{}?{}", view.page, view.query)))
}

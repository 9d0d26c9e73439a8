//! The rules of a campaign, as its form sends them.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::funnel::Channel;
use engine::queue::rules::{self, Change, Field};
use uuid::Uuid;

use crate::error::Result;
use crate::session::Actor;
use crate::state::App;
use crate::toast::Toast;

/// `POST /campaigns/{id}/rules`: fields named `call.after_days`; an empty one is as the default has it.
pub(crate) async fn set_rules(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut changes = Vec::new();
    for channel in [Channel::Call, Channel::Linkedin] {
        for field in Field::ALL {
            if let Some(text) = form.get(&format!("{}.{}", channel.word(), field.word())) {
                changes.push(Change::of(
                    channel,
                    *field,
                    if text.trim().is_empty() { "default" } else { text },
                )?);
            }
        }
    }
    rules::set(&app.pool, Some(id), &changes, actor.user_id(), app.clock.now()).await?;
    Ok(Toast::done("The rules hold from now on.").then(&format!("/campaigns/{id}#rules")))
}

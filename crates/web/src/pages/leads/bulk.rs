//! The same done to many leads: those that are ticked, or everybody of the list; what was done, and the way back.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use engine::bulk::{self, Action, Done, Whom};
use engine::keyset::After;
use engine::leads::LeadStatus;
use engine::suppressions::Channel;
use serde::Deserialize;
use uuid::Uuid;

use super::Asked;
use crate::address::Address;
use crate::error::{Failure, Result};
use crate::pages::{asked, page};
use crate::parts;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::Toast;

/// Actions of a page.
const LINES: i64 = 50;

/// `POST /leads/bulk`
pub(crate) async fn act(
    actor: Actor,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let given = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let whom = if given("all").is_some() {
        Whom::Filter(Asked::of(&pairs).filter()?)
    } else {
        let ids = pairs.iter().filter(|(name, _)| name == "id");
        let ids = ids.map(|(_, id)| asked::id("lead", &Some(id.clone())));
        Whom::Leads(ids.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    };
    let action = action(&given)?;
    let done = bulk::act(&app.pool, &whom, &action, actor.user_id(), app.clock.now()).await?;
    let back = given("back").filter(|back| !back.is_empty()).unwrap_or_else(|| "/leads".into());
    let toast = Toast::done(words(&done));
    let toast = if done.changed > 0 { toast.undo(format!("/leads/bulk/{}/undo", done.id)) } else { toast };
    Ok(toast.then(&back))
}

fn action(given: &impl Fn(&str) -> Option<String>) -> Result<Action> {
    let campaign = || -> Result<Uuid> {
        let chosen = asked::id("campaign", &given("to_campaign"))?;
        chosen.ok_or_else(|| missing("campaign", "choose a campaign"))
    };
    match given("do").as_deref() {
        Some("add_to_campaign") => Ok(Action::AddToCampaign(campaign()?)),
        Some("remove_from_campaign") => Ok(Action::RemoveFromCampaign(campaign()?)),
        Some("set_status") => {
            let status = asked::word("status", &given("set_status"), LeadStatus::ALL, LeadStatus::word)?;
            Ok(Action::SetStatus(status.ok_or_else(|| missing("status", "choose a status"))?))
        }
        Some("suppress") => Ok(Action::Suppress {
            channel: asked::word("channel", &given("channel"), Channel::ALL, Channel::word)?
                .unwrap_or(Channel::All),
            reason: given("reason").filter(|reason| !reason.is_empty()).unwrap_or_else(|| "manual".into()),
            note: given("note"),
        }),
        _ => Err(missing("do", "use the buttons of the bar below the list")),
    }
}

fn missing(field: &str, hint: &str) -> Failure {
    engine::Error::invalid_field(field, "it is not said what to do", hint).into()
}

/// What was done, in a sentence.
fn words(done: &Done) -> String {
    let people = parts::count(&done.changed, "lead", "leads");
    let campaign = done.campaign_name.as_deref().unwrap_or("a campaign");
    let what = match done.action.as_str() {
        "add_to_campaign" => format!("{people} added to {campaign}."),
        "remove_from_campaign" => format!("{people} taken out of {campaign}."),
        "set_status" => {
            format!("{people} set to {}.", parts::plain(done.lead_status.as_deref().unwrap_or_default()))
        }
        _ => format!("{people} must not be contacted from now on."),
    };
    let rest = done.leads - done.changed;
    if rest == 0 { what } else { format!("{what} {}", parts::sentence(&left(done, rest))) }
}

/// Why nothing was done with the others.
fn left(done: &Done, rest: i64) -> String {
    let of = |word: &str| done.verdicts.get(word).copied().unwrap_or(0);
    let mut why = Vec::new();
    for (count, words) in [
        (of("already_in"), "in it already"),
        (of("suppressed"), "must not be contacted"),
        (of("not_in"), "not in it"),
        (of("same"), "as before"),
    ] {
        if count > 0 {
            why.push(format!("{} {words}", parts::number(&count)));
        }
    }
    if why.is_empty() { format!("{} left as they were", parts::number(&rest)) } else { why.join(", ") }
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct Page {
    shell: Shell,
    done: Vec<Done>,
    next: Option<String>,
    paged: bool,
}

impl Page {
    fn words(&self, done: &Done) -> String {
        words(done)
    }
}

#[derive(Deserialize)]
pub(crate) struct Listed {
    after: Option<String>,
}

/// `GET /leads/bulk`: what was done to many.
pub(crate) async fn list(
    shell: Shell,
    State(app): State<App>,
    Query(listed): Query<Listed>,
) -> Result<Response> {
    let after = asked::filled(&listed.after).map(str::parse::<After>).transpose()?;
    let mut done = bulk::list(&app.pool, after, LINES + 1).await?;
    let more = done.len() as i64 > LINES;
    done.truncate(LINES as usize);
    let next = done.last().filter(|_| more).map(|last| {
        Address::of("/leads/bulk").with("after", After { rank: 0, at: last.performed_at, id: last.id }).text()
    });
    let page_of = Page { shell, done, next, paged: after.is_some() };
    Ok(page(&page_of.shell.clone(), &page_of))
}

#[derive(Deserialize)]
pub(crate) struct Back {
    back: Option<String>,
}

/// `POST /leads/bulk/{id}/undo`
pub(crate) async fn undo(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(back): Form<Back>,
) -> Result<Response> {
    let done = bulk::undo(&app.pool, id, actor.user_id(), app.clock.now()).await?;
    let back = back.back.filter(|back| !back.is_empty()).unwrap_or_else(|| "/leads/bulk".into());
    Ok(Toast::done(format!("Taken back for {}.", parts::count(&done.changed, "lead", "leads"))).then(&back))
}

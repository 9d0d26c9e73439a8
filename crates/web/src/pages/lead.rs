//! One person: where they stand, what was said on every channel, what may be done.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use engine::leads::{self, Origin, Profile};
use engine::timeline::{self, Only};
use engine::touches::{self, Interest, Kind, Log, Logged, Outcome};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::{asked, page};
use crate::error::{Failure, Result};
use crate::parts::{self, Html};
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::story::{self, Day};
use crate::strip::{self, Grid, Lanes, Mark};
use crate::toast::{Toast, on_to};

/// Touches of a page.
const TOUCHES: i64 = 50;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    only: Option<String>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "lead.html")]
struct Page {
    shell: Shell,
    lead: Profile,
    name: String,
    days: Vec<Day>,
    shown: usize,
    only: Option<Only>,
    /// Cursor of the touches before these.
    earlier: Option<String>,
}

impl Page {
    fn strip(&self) -> Html {
        let marks: Vec<Mark> = self.lead.drawn.iter().map(Mark::of).collect();
        let back = marks.iter().filter(|mark| mark.back).count();
        let label = format!("Six weeks with {}: {} sent, {back} back", self.name, marks.len() - back);
        strip::lanes(&Lanes {
            marks: &marks,
            from: self.shell.now - leads::DRAWN,
            now: self.shell.now,
            zone: &self.shell.zone,
            every: Grid::Weeks,
            label: &label,
        })
    }

    fn is(&self, word: &str) -> bool {
        self.only.map_or("", Only::word) == word
    }

    /// What stands against contacting them, most final first.
    fn suppressed(&self) -> Option<&leads::Against> {
        self.lead.stops.iter().find(|stop| stop.kind == "suppressed")
    }

    fn stopped(&self) -> Option<&leads::Against> {
        self.lead.stops.iter().find(|stop| stop.kind == "stopped")
    }

    fn is_stopped(&self) -> bool {
        self.lead.enrollments.iter().any(|standing| standing.stopped_at.is_some())
    }

    /// What is next, over all campaigns.
    fn next(&self) -> Option<(Timestamp, &str)> {
        let due = |standing: &leads::Standing| standing.next_followup_at;
        let standing =
            self.lead.enrollments.iter().filter(|s| s.next_followup_at.is_some()).min_by_key(|s| due(s))?;
        Some((due(standing)?, &standing.campaign_name))
    }

    fn field_name(&self, field: &str) -> &'static str {
        match field {
            "first_name" => "First name",
            "last_name" => "Last name",
            "job_title" => "Title",
            "seniority" => "Seniority",
            "email" => "E-mail",
            "phone" => "Phone",
            "linkedin_url" => "LinkedIn",
            _ => "Company",
        }
    }

    fn origin(&self, fact: &leads::Fact) -> String {
        match (fact.origin, &fact.list_column) {
            (Origin::Vendor, _) => "Instantly".into(),
            (Origin::List, Some(column)) => {
                format!("{}, column {column}", self.lead.file_name.as_deref().unwrap_or("imported list"))
            }
            (Origin::List, None) => "imported list".into(),
            (Origin::Edited, _) => "by hand".into(),
        }
    }
}

/// `GET /leads/{id}`
pub(crate) async fn show(
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let only = asked::word("stretch", &asked.only, Only::ALL, Only::word)?;
    let after = asked.after.as_deref().and_then(story::read_cursor);
    let (lead, mut touches) = tokio::try_join!(
        leads::profile(&app.pool, id, shell.now),
        timeline::only(&app.pool, id, only, after, TOUCHES + 1),
    )?;
    let more = touches.len() as i64 > TOUCHES;
    touches.truncate(TOUCHES as usize);
    let earlier = touches.last().filter(|_| more).map(story::cursor);
    let shown = touches.len();
    let name = lead.name();
    let days = story::days(touches, &name, shell.now, &shell.zone);
    let page_of = Page { shell, lead, name, days, shown, only, earlier };
    Ok(page(&page_of.shell.clone(), &page_of))
}

/// A touch that a person made, as a form says it.
#[derive(Debug, Deserialize)]
pub(crate) struct Made {
    kind: String,
    text: Option<String>,
    outcome: Option<String>,
    #[serde(default)]
    stop: Option<String>,
    /// Day or instant in the reader's zone.
    follow_up: Option<String>,
    campaign: Option<String>,
    back: Option<String>,
}

/// `POST /leads/{id}/touches`
pub(crate) async fn log(
    actor: Actor,
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(made): Form<Made>,
) -> Result<Response> {
    let back = made.back.clone().filter(|back| !back.is_empty()).unwrap_or_else(|| format!("/leads/{id}"));
    let kind = match made.kind.as_str() {
        "call" => Kind::Call,
        "linkedin" => Kind::Linkedin,
        "email" => Kind::Email,
        _ => Kind::Note,
    };
    let text = asked::filled(&made.text).map(str::to_owned);
    if kind == Kind::Note && text.is_none() && asked::filled(&made.outcome).is_none() {
        return Ok(on_to(&back));
    }
    let log = Log {
        kind,
        who: id.to_string(),
        text,
        at: None,
        outcome: asked::word("outcome", &made.outcome, Outcome::ALL, Outcome::word)?,
        reply: false,
        stop: made.stop.is_some(),
        follow_up_at: follow_up(&made.follow_up, &shell.zone)?,
        campaign: asked::filled(&made.campaign).map(str::to_owned),
    };
    let logged = touches::log(&app.pool, &log, actor.user_id(), shell.now).await?;
    app.live.forget().await;
    Ok(said(&logged).then(&back))
}

/// What was logged and what followed, in words, with the way back.
pub(crate) fn said(logged: &Logged) -> Toast {
    let who = logged.lead.who();
    let what = match (logged.event_type.as_str(), logged.call_outcome.as_deref()) {
        ("note_added", None) => format!("Noted for {who}."),
        (_, Some(outcome)) => format!("Logged for {who}: {}.", parts::plain(outcome)),
        (kind, None) if kind.starts_with("call") => format!("Call with {who} logged."),
        _ => format!("Logged for {who}."),
    };
    let stopped = logged.followed.stopped.len() as i64;
    let what = if stopped > 0 {
        format!("{what} Stopped in {}.", parts::count(&stopped, "campaign", "campaigns"))
    } else {
        what
    };
    Toast::done(what).undo(format!("/touches/{}/undo", logged.event_id))
}

fn follow_up(text: &Option<String>, zone: &TimeZone) -> Result<Option<Timestamp>, Failure> {
    let Some(text) = asked::filled(text) else { return Ok(None) };
    let at = text
        .parse::<jiff::civil::DateTime>()
        .ok()
        .or_else(|| text.parse::<jiff::civil::Date>().ok().map(|day| day.at(9, 0, 0, 0)))
        .and_then(|at| at.to_zoned(zone.clone()).ok());
    at.map(|at| Some(at.timestamp())).ok_or_else(|| {
        engine::Error::invalid(format!("follow-up: `{text}` is no day"), "give a day such as 2026-12-01")
            .into()
    })
}

#[derive(Debug, Deserialize)]
pub(crate) struct Stop {
    reason: String,
    note: Option<String>,
    back: Option<String>,
}

/// `POST /leads/{id}/stop`: nothing more goes out, on any channel.
pub(crate) async fn stop(
    actor: Actor,
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(stop): Form<Stop>,
) -> Result<Response> {
    let outcome = Outcome::named(&stop.reason);
    let log = Log {
        kind: Kind::Note,
        who: id.to_string(),
        text: asked::filled(&stop.note).map(str::to_owned).or_else(|| Some("Stopped everything.".into())),
        at: None,
        outcome,
        reply: false,
        stop: true,
        follow_up_at: None,
        campaign: None,
    };
    let logged = touches::log(&app.pool, &log, actor.user_id(), shell.now).await?;
    app.live.forget().await;
    let receipts = &logged.followed.receipts;
    let open = receipts.iter().filter(|receipt| receipt.state != "acknowledged").count();
    let words = match (receipts.len(), open) {
        (0, _) => format!("Stopped everything for {}.", logged.lead.who()),
        (all, 0) => format!("Stopped everything for {}; {all} of {all} confirmed.", logged.lead.who()),
        (all, open) => format!("Stopped for {}; {open} of {all} not confirmed yet.", logged.lead.who()),
    };
    let back = stop.back.filter(|back| !back.is_empty()).unwrap_or_else(|| format!("/leads/{id}"));
    Ok(Toast::done(words).undo(format!("/touches/{}/undo", logged.event_id)).then(&back))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    back: Option<String>,
}

/// `POST /leads/{id}/resume`: goes on in every campaign that stopped.
pub(crate) async fn resume(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(back): Form<Back>,
) -> Result<Response> {
    let resumed =
        touches::resume(&app.pool, &id.to_string(), None, None, actor.user_id(), app.clock.now()).await?;
    let toast = Toast::done(format!("{} goes on.", resumed.lead.who()));
    let toast = match resumed.event_id {
        Some(event) => toast.undo(format!("/touches/{event}/undo")),
        None => toast,
    };
    Ok(toast.then(&back.back.unwrap_or_else(|| format!("/leads/{id}"))))
}

#[derive(Debug, Deserialize)]
pub(crate) struct SetInterest {
    interest: String,
    back: Option<String>,
}

/// `POST /leads/{id}/interest`
pub(crate) async fn interest(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(set): Form<SetInterest>,
) -> Result<Response> {
    let Some(interest) = Interest::named(&set.interest) else {
        return Err(
            engine::Error::invalid("interest: there is no such word", "choose one of the list").into()
        );
    };
    let logged =
        touches::interest(&app.pool, &id.to_string(), interest, None, None, actor.user_id(), app.clock.now())
            .await?;
    app.live.forget().await;
    let words = format!("{}: {}.", logged.lead.who(), parts::plain(&set.interest));
    let back = set.back.filter(|back| !back.is_empty()).unwrap_or_else(|| format!("/leads/{id}"));
    Ok(Toast::done(words).undo(format!("/touches/{}/undo", logged.event_id)).then(&back))
}

/// `POST /touches/{id}/undo`
pub(crate) async fn undo(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(back): Form<Back>,
) -> Result<Response> {
    let undone = touches::undo(&app.pool, Some(id), actor.user_id(), app.clock.now()).await?;
    app.live.forget().await;
    let goes_on =
        undone.enrollments.iter().filter(|enrollment| enrollment.stop_reason.is_none()).count() as i64;
    let who = undone.lead.as_ref().map(|lead| lead.who()).unwrap_or_default();
    let words = match (undone.was_undone, goes_on) {
        (true, _) => "That was taken back before; nothing changed.".into(),
        (false, 0) => "Taken back.".into(),
        (false, n) => format!("Taken back; {who} goes on in {}.", parts::count(&n, "campaign", "campaigns")),
    };
    let page = back.back.or_else(|| undone.lead.map(|lead| format!("/leads/{}", lead.lead_id)));
    Ok(Toast::done(words).then(page.as_deref().unwrap_or("/")))
}

/// Until tomorrow at nine, in the reader's zone.
pub(crate) fn tomorrow(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let nine = now
        .to_zoned(zone.clone())
        .date()
        .tomorrow()
        .ok()
        .and_then(|day| day.at(9, 0, 0, 0).to_zoned(zone.clone()).ok());
    nine.map_or(now + SignedDuration::from_hours(24), |nine| nine.timestamp())
}

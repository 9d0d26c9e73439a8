//! Replies: the list and the thread side by side; what is done with one takes one key.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use engine::keyset::After;
use engine::replies::{self, Reply, State as Stands};
use engine::timeline;
use engine::touches::{self, Suggested};
use serde::Deserialize;
use uuid::Uuid;

use super::{asked, page};
use crate::error::Result;
use crate::parts;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::story::{self, Entry};
use crate::toast::Toast;

const LINES: i64 = 50;
/// Touches of a thread; the whole story is on the lead's page.
const THREAD: i64 = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Is {
    Needs,
    All,
    Unmatched,
    Handled,
}

impl Is {
    const ALL: &[Self] = &[Self::Needs, Self::All, Self::Unmatched, Self::Handled];

    const fn word(self) -> &'static str {
        match self {
            Self::Needs => "needs",
            Self::All => "all",
            Self::Unmatched => "unmatched",
            Self::Handled => "handled",
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    is: Option<String>,
    event: Option<String>,
    after: Option<String>,
    /// Older address of the unmatched ones.
    unmatched: Option<String>,
}

/// What is read at the side.
struct Thread {
    reply: Reply,
    entries: Vec<Entry>,
    suggested: Vec<Suggested>,
}

#[derive(Template)]
#[template(path = "replies.html")]
struct Page {
    shell: Shell,
    is: Is,
    replies: Vec<Reply>,
    automatic: Vec<Reply>,
    thread: Option<Thread>,
    /// A reply was asked for: on a phone it alone is shown.
    one: bool,
    next: Option<String>,
}

impl Page {
    fn open(&self, event: &Uuid) -> String {
        format!("/replies?is={}&event={event}", self.is.word())
    }

    fn list(&self) -> String {
        format!("/replies?is={}", self.is.word())
    }

    fn is_open(&self, event: &Uuid) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.reply.event_id == *event)
    }

    /// Why it stands there, in words.
    fn why(&self, reply: &Reply) -> parts::Html {
        if let Some(interest) = parts::interest(&reply.interest_status) {
            return interest;
        }
        match reply.state {
            Stands::NeedsAnswer => parts::status("warn", "Needs an answer"),
            Stands::Automatic => parts::status("idle", "Automatic"),
            Stands::Closed => parts::status("off", "Closed"),
            other => parts::status("idle", parts::sentence(other.words()).trim_end_matches('.')),
        }
    }
}

/// `GET /replies`
pub(crate) async fn list(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let is = match asked::word("list of replies", &asked.is, Is::ALL, Is::word)? {
        Some(is) => is,
        None if asked.unmatched.is_some() => Is::Unmatched,
        None => Is::Needs,
    };
    let wanted = replies::Asked {
        unmatched: is == Is::Unmatched,
        automatic: is == Is::All,
        state: match is {
            Is::Needs => Some(Stands::NeedsAnswer),
            Is::Handled => Some(Stands::Handled),
            Is::All | Is::Unmatched => None,
        },
        longest_waiting_first: is == Is::Needs,
        ..replies::Asked::default()
    };
    let after = asked::filled(&asked.after).map(str::parse::<After>).transpose()?;
    let found = replies::list(&app.pool, wanted, after, LINES, shell.now).await?;
    let event = asked::id("reply", &asked.event)?;
    let next = found.next.map(|next| format!("/replies?is={}&after={next}", is.word()));
    let (automatic, listed): (Vec<Reply>, Vec<Reply>) =
        found.replies.into_iter().partition(|reply| reply.state == Stands::Automatic);
    let thread = match event.or_else(|| listed.first().map(|first| first.event_id)) {
        Some(event) => Some(thread(&app, event, &shell).await?),
        None => None,
    };
    let page_of = Page { shell, is, replies: listed, automatic, thread, one: event.is_some(), next };
    Ok(page(&page_of.shell.clone(), &page_of))
}

async fn thread(app: &App, event: Uuid, shell: &Shell) -> Result<Thread> {
    let reply = replies::one(&app.pool, event, shell.now).await?;
    let touches = match reply.lead_id {
        Some(lead) => timeline::of_lead(&app.pool, lead, None, THREAD).await?,
        None => timeline::of_sender(&app.pool, event, THREAD).await?,
    };
    let suggested = match reply.lead_id {
        Some(_) => Vec::new(),
        None => touches::suggest(&app.pool, event).await?,
    };
    let mut entries = story::folded(touches, &reply.who());
    entries.reverse();
    Ok(Thread { reply, entries, suggested })
}

#[derive(Debug, Deserialize)]
pub(crate) struct Link {
    /// Address, number, profile or id; empty: a new lead.
    who: Option<String>,
    back: Option<String>,
}

/// `POST /events/{id}/link`: whose words these are; everything from that address follows.
pub(crate) async fn link(
    _: Actor,
    State(app): State<App>,
    Path(event): Path<Uuid>,
    Form(link): Form<Link>,
) -> Result<Response> {
    let now = app.clock.now();
    let linked = match asked::filled(&link.who) {
        Some(who) => touches::link(&app.pool, event, who, now).await?,
        None => touches::link_new(&app.pool, event, now).await?,
    };
    app.live.forget().await;
    let who = linked.lead.who();
    let words = match (linked.was_linked, linked.is_new_lead) {
        (true, _) => format!("It was linked to {who} already."),
        (false, true) => {
            format!("New lead {who}; {} linked.", parts::count(&linked.events, "touch", "touches"))
        }
        (false, false) => {
            format!("Linked to {who}; {} in all.", parts::count(&linked.events, "touch", "touches"))
        }
    };
    let back = link.back.unwrap_or_else(|| "/replies?is=unmatched".into());
    Ok(Toast::done(words).undo(format!("/events/{event}/undo")).then(&back))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    back: Option<String>,
}

/// `POST /events/{id}/undo`: unlinks it again.
pub(crate) async fn unlink(
    _: Actor,
    State(app): State<App>,
    Path(event): Path<Uuid>,
    Form(back): Form<Back>,
) -> Result<Response> {
    let unlinked = touches::unlink(&app.pool, event, app.clock.now()).await?;
    app.live.forget().await;
    let words = if unlinked.was_unlinked { "It was not linked." } else { "Unlinked again." };
    Ok(Toast::done(words).then(back.back.as_deref().unwrap_or("/replies?is=unmatched")))
}

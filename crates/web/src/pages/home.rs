//! Home: a sentence first, then what needs the reader, then how things stand.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use engine::PgPool;
use engine::funnel::{self, By, Funnel, Selection, Unit};
use engine::keyset::After;
use engine::leads;
use engine::overview::{self, Moment};
use engine::queue::{self, ItemKind};
use engine::replies::{self, Reply, State as Stands};
use engine::timeline;
use jiff::{SignedDuration, Timestamp};

use super::page;
use crate::error::Result;
use crate::parts::{self, Html};
use crate::shell::Shell;
use crate::state::App;
use crate::strip::{self, Grid, Lanes, Mark};

/// Replies that are shown here.
const FIRST: i64 = 5;
/// Lines of the queue that are counted here.
const DUE: i64 = 100;

/// What is due, by kind.
#[derive(Default)]
struct Plan {
    answers: i64,
    promises: i64,
    calls: i64,
    messages: i64,
    /// There are more than were counted.
    more: bool,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    shell: Shell,
    first: Vec<Reply>,
    /// Answers of the last 24 hours.
    answered: i64,
    day: Vec<Moment>,
    plan: Plan,
    funnel: Funnel,
    /// Nobody is here yet, and no tool has been pulled: what to do first is all there is to say.
    new: bool,
}

impl Page {
    fn strip(&self) -> Html {
        let marks: Vec<Mark> = self
            .day
            .iter()
            .map(|moment| Mark {
                at: moment.event_timestamp,
                channel: timeline::channel(&moment.event_type, &moment.contact_kind),
                back: timeline::from_them(&moment.event_type, moment.call_outcome.as_deref()),
                words: moment.who.clone(),
                href: moment.who.as_ref().map(|_| format!("/replies?is=all&event={}", moment.id)),
            })
            .collect();
        strip::lanes(&Lanes {
            marks: &marks,
            from: self.shell.now - SignedDuration::from_hours(24),
            now: self.shell.now,
            zone: &self.shell.zone,
            every: Grid::Hours(3),
            label: "Touches and answers of the last 24 hours, by channel",
        })
    }

    /// What is new, or what still waits where nothing is.
    fn headline(&self) -> String {
        let waiting = self.shell.pulse.replies;
        if self.new {
            return "Nobody is here yet.".into();
        }
        match (self.answered, waiting) {
            (0, 0) => "Nobody answered in 24 hours.".into(),
            (0, 1) => "One older answer waits.".into(),
            (0, _) => format!("{} older answers wait.", parts::some(&waiting)),
            (1, _) => "One person answered.".into(),
            (answers, _) => format!("{} answers came in.", parts::number(&answers)),
        }
    }

    /// Whom to look at first, in a sentence.
    fn who_first(&self) -> String {
        if self.new {
            return "Bring people in, and every touch with them stands here.".into();
        }
        let mut names: Vec<String> = Vec::new();
        for reply in self.first.iter().take(3) {
            let name =
                if reply.lead_id.is_none() { "somebody we don’t know".to_owned() } else { reply.who() };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let verb = if names.len() == 1 { "needs" } else { "need" };
        match names.split_last() {
            None => "Nobody waits for you.".into(),
            Some((one, [])) => format!("{} {verb} you first.", parts::sentence(one).trim_end_matches('.')),
            Some((last, others)) => format!(
                "{} and {last} {verb} you first.",
                parts::sentence(&others.join(", ")).trim_end_matches('.')
            ),
        }
    }

    fn waits(&self, reply: &Reply) -> String {
        let since = reply.waiting_since.unwrap_or(reply.event_timestamp);
        let waited = parts::ago(since, self.shell.now, &self.shell.zone);
        if reply.lead_id.is_none() {
            let guess = reply.might_be.first().map(|guess| format!(" · {}", guess.why)).unwrap_or_default();
            format!("{}{guess}", parts::unknown(&reply.channel))
        } else {
            format!("Nobody has answered since {}", waited.trim_end_matches(" ago"))
        }
    }
}

/// `GET /`
pub(crate) async fn home(shell: Shell, State(app): State<App>) -> Result<Response> {
    let since = shell.now - SignedDuration::from_hours(24);
    let needs = replies::Asked {
        state: Some(Stands::NeedsAnswer),
        longest_waiting_first: true,
        ..replies::Asked::default()
    };
    let due = queue::Asked {
        until: end_of_day(shell.now, &shell),
        channel: None,
        campaign_id: None,
        waiting: false,
    };
    let last_month =
        shell.now.to_zoned(shell.zone.clone()).date().checked_sub(jiff::Span::new().days(30)).ok();
    let selection = Selection { since: last_month, ..Selection::default() };
    let (first, day, due, funnel) = tokio::try_join!(
        replies::list(&app.pool, needs, None::<After>, FIRST, shell.now),
        overview::since(&app.pool, since),
        queue::list(&app.pool, due, None, DUE, shell.now),
        funnel::funnel(&app.pool, Unit::People, By::Campaign, selection),
    )?;
    let answered = day.iter().filter(|moment| moment.who.is_some()).count() as i64;
    let mut plan = Plan { more: due.next.is_some(), ..Plan::default() };
    for line in &due.items {
        *match line.kind {
            ItemKind::Answer => &mut plan.answers,
            ItemKind::FollowUp => &mut plan.promises,
            ItemKind::Call => &mut plan.calls,
            ItemKind::Connect | ItemKind::Message => &mut plan.messages,
        } += 1;
    }
    let new = shell.pulse.sources.is_empty() && day.is_empty() && first.replies.is_empty();
    let new = new && is_empty(&app.pool, shell.now).await?;
    let page_of = Page { shell, first: first.replies, answered, day, plan, funnel, new };
    Ok(page(&page_of.shell.clone(), &page_of))
}

async fn is_empty(pool: &PgPool, now: Timestamp) -> Result<bool> {
    let one = leads::list(pool, &leads::Filter::default(), leads::Sort::Added, None, 1, now).await?;
    Ok(one.leads.is_empty())
}

fn end_of_day(now: Timestamp, shell: &Shell) -> Timestamp {
    let day = now.to_zoned(shell.zone.clone()).date();
    let next = day.tomorrow().unwrap_or(day);
    next.to_zoned(shell.zone.clone()).map_or(now, |at| at.timestamp())
}

//! Queue: what is due, on which channel and why; done, skipped or put off with one key.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use engine::funnel::Channel;
use engine::keyset::After;
use engine::leads;
use engine::queue::{self, Decided, Decision, Item, ItemKind, Line, Tally, WaitsFor, Words};
use engine::touches::Outcome;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use uuid::Uuid;

use super::{asked, lead, page};
use crate::error::Result;
use crate::parts::{self, Html};
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::Toast;

const LINES: i64 = 50;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    due: Option<String>,
    channel: Option<String>,
    campaign: Option<String>,
    waiting: Option<String>,
    item: Option<String>,
    after: Option<String>,
}

/// Lines of one kind.
struct Group {
    name: &'static str,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct Page {
    shell: Shell,
    due: &'static str,
    waiting: bool,
    channel: Option<Channel>,
    campaign: Option<Uuid>,
    campaigns: Vec<leads::Choice>,
    groups: Vec<Group>,
    count: usize,
    current: Option<Line>,
    next: Option<String>,
    /// What was decided today.
    tally: Tally,
}

impl Page {
    /// This list, with something more behind it.
    fn with(&self, more: &str) -> String {
        let channel = self.channel.map(|channel| format!("&channel={}", channel.word())).unwrap_or_default();
        let campaign = self.campaign.map(|id| format!("&campaign={id}")).unwrap_or_default();
        let waiting = if self.waiting { "&waiting=1" } else { "" };
        format!("/queue?due={}{waiting}{channel}{campaign}{more}", self.due)
    }

    /// How far the day is: what was decided, of how much.
    fn so_far(&self) -> String {
        let Tally { done, skipped, snoozed } = self.tally;
        let decided = done + skipped + snoozed;
        if decided == 0 {
            return String::new();
        }
        let kinds = [(done, "done"), (skipped, "skipped"), (snoozed, "snoozed")];
        let words: Vec<String> = kinds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {word}", parts::number(count)))
            .collect();
        let (all, more) = (decided + self.count as i64, if self.next.is_some() { "+" } else { "" });
        format!("Today {} of {}{more}.", words.join(", "), parts::number(&all))
    }

    fn open(&self, line: &Line) -> String {
        self.with(&format!("&item={}", line.item))
    }

    fn is_current(&self, line: &Line) -> bool {
        self.current.as_ref().is_some_and(|current| current.item == line.item)
    }

    fn is_channel(&self, channel: &Channel) -> bool {
        self.channel.as_ref() == Some(channel)
    }

    fn is_campaign(&self, campaign: &Uuid) -> bool {
        self.campaign.as_ref() == Some(campaign)
    }

    /// Why it is here. A time somebody put it off to is a time of theirs: written in the reader's zone.
    fn why(&self, line: &Line) -> Html {
        match (line.waits_for, &line.snoozed_until) {
            (Some(WaitsFor::Snoozed), Some(until)) => {
                Html::trusted(format!("Snoozed until {}", self.shell.full(until)))
            }
            _ => Html::trusted(parts::escape(&line.why)),
        }
    }

    fn when(&self, line: &Line) -> String {
        match line.due_at {
            None => String::new(),
            Some(_) if line.kind == ItemKind::Answer && !self.waiting => "now".into(),
            Some(at) => parts::ago(at, self.shell.now, &self.shell.zone),
        }
    }
}

/// `GET /queue`
pub(crate) async fn list(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let week = asked::word("time", &asked.due, &[false, true], |week| if week { "week" } else { "today" })?
        .unwrap_or(false);
    let channel = asked::word("channel", &asked.channel, Channel::ALL, Channel::word)?;
    let campaign = asked::id("campaign", &asked.campaign)?;
    let waiting = asked.waiting.is_some();
    let wanted = queue::Asked {
        until: end_of(shell.now, &shell.zone, if week { 6 } else { 0 }),
        channel,
        campaign_id: campaign,
        waiting,
    };
    let after = asked::filled(&asked.after).map(str::parse::<After>).transpose()?;
    let midnight = end_of(shell.now, &shell.zone, -1);
    let (found, campaigns, tally) = tokio::try_join!(
        queue::list(&app.pool, wanted, after, LINES, shell.now),
        leads::campaign_choices(&app.pool),
        queue::tally(&app.pool, midnight),
    )?;
    let wanted: Option<Item> = asked::filled(&asked.item).and_then(|item| item.parse().ok());
    let current = found.items.iter().find(|line| Some(line.item) == wanted).or(found.items.first()).cloned();
    let count = found.items.len();
    let mut page_of = Page {
        shell,
        due: if week { "week" } else { "today" },
        waiting,
        channel,
        campaign,
        campaigns,
        groups: groups(found.items, waiting),
        count,
        current,
        next: None,
        tally,
    };
    page_of.next = found.next.map(|next| page_of.with(&format!("&after={next}")));
    Ok(page(&page_of.shell.clone(), &page_of))
}

fn groups(lines: Vec<Line>, waiting: bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in lines {
        let name = match line.kind {
            _ if waiting => "Waiting, and why",
            ItemKind::Answer => "Answer first",
            ItemKind::FollowUp => "Promised",
            ItemKind::Call | ItemKind::Connect | ItemKind::Message => "In sequence",
        };
        match groups.last_mut() {
            Some(group) if group.name == name => group.lines.push(line),
            _ => groups.push(Group { name, lines: vec![line] }),
        }
    }
    groups
}

fn end_of(now: Timestamp, zone: &TimeZone, days: i64) -> Timestamp {
    let day = now.to_zoned(zone.clone()).date();
    let day = day.checked_add(jiff::Span::new().days(days + 1)).unwrap_or(day);
    day.to_zoned(zone.clone()).map_or(now, |at| at.timestamp())
}

#[derive(Debug, Deserialize)]
pub(crate) struct Said {
    note: Option<String>,
    outcome: Option<String>,
    back: Option<String>,
}

/// `POST /queue/{item}/{decision}`: done, skip, or snooze until tomorrow at nine.
pub(crate) async fn decide(
    actor: Actor,
    shell: Shell,
    State(app): State<App>,
    Path((item, decision)): Path<(String, String)>,
    Form(said): Form<Said>,
) -> Result<Response> {
    let item: Item = item.parse()?;
    let decision = match decision.as_str() {
        "done" => Decision::Done,
        "skip" => Decision::Skip,
        "snooze" => Decision::Snooze(lead::tomorrow(shell.now, &shell.zone)),
        other => {
            return Err(engine::Error::not_found(
                format!("nothing is decided by `{other}`"),
                "done, skip or snooze",
            )
            .into());
        }
    };
    let outcome = asked::word("outcome", &said.outcome, Outcome::ALL, Outcome::word)?;
    let outcome = outcome.map(|outcome| outcome.word().into());
    let words = Words { note: said.note, outcome, ..Words::default() };
    let decided = queue::decide(&app.pool, item, decision, &words, actor.user_id(), shell.now).await?;
    app.live.forget().await;
    let toast = Toast::done(words_of(&decided, &shell)).undo(format!("/decisions/{}/undo", decided.id));
    Ok(toast.then(said.back.as_deref().unwrap_or("/queue")))
}

fn words_of(decided: &Decided, shell: &Shell) -> String {
    let who = decided.who.as_deref().unwrap_or("it");
    match (decided.decision.as_str(), decided.until) {
        ("snooze", Some(until)) => {
            format!("Snoozed until {}: {who}.", parts::format("%a %-d %b, %H:%M", until, &shell.zone))
        }
        ("skip", _) => format!("Skipped: {who}."),
        _ => match decided.outcome.as_deref() {
            Some(outcome) => format!("Done, {}: {who}.", parts::plain(outcome)),
            None => format!("Done: {who}."),
        },
    }
}

/// `POST /decisions/{id}/undo`
pub(crate) async fn undo(
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(said): Form<Said>,
) -> Result<Response> {
    let decided = queue::undo(&app.pool, Some(id), actor.user_id(), app.clock.now()).await?;
    app.live.forget().await;
    let words = if decided.is_new { "Taken back; it is due again." } else { "It was taken back before." };
    Ok(Toast::done(words).then(said.back.as_deref().unwrap_or("/queue")))
}

//! Campaigns: made and edited, linked to a vendor's; members, the words of each step, rules, and what came of it.

mod members;
mod rules_form;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use engine::campaigns::{
    self, Asked, Campaign, Fields, Linkable, Linkables, Member, STATUSES, Step, Verdict,
};
use engine::funnel::{self, By, Channel, Counts, Selection, Stage, Unit};
use engine::offers::{self, Offer};
use engine::queue::rules::{self, Field, Rules};
use engine::words;
use serde::Deserialize;
use uuid::Uuid;

pub(crate) use members::{add_members, member_back, remove_member};
pub(crate) use rules_form::set_rules;

use super::analytics::{Bar, Chosen, bars, figure};
use super::{asked, page};
use crate::address::Address;
use crate::error::Result;
use crate::parts;
use crate::say;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::toast::Toast;

const LINES: i64 = 50;
const MEMBERS: i64 = 50;

/// How members may stand, for the filter.
const STANDS: [&str; 6] = ["active", "replied", "converted", "disqualified", "bounced", "unsubscribed"];

#[derive(Template)]
#[template(path = "campaigns.html")]
struct ListPage {
    shell: Shell,
    campaigns: Vec<Campaign>,
    offers: Vec<Offer>,
    linkables: Linkables,
    search: String,
    status: String,
    next: Option<String>,
    paged: bool,
}

impl ListPage {
    fn figure(&self, campaign: &Campaign, stage: Stage, number: &i64) -> parts::Html {
        let rows = Chosen::of_all().rows(stage).with("by", By::Campaign.word()).with("of", campaign.id);
        figure(&rows.text(), *number)
    }
}

/// A campaign's status: tone and word.
pub(crate) fn standing(status: &str) -> (&'static str, String) {
    let tone = match status {
        "active" => "good",
        "paused" => "warn",
        "completed" => "off",
        _ => "idle",
    };
    (tone, say::capital(status))
}

#[derive(Deserialize)]
pub(crate) struct Look {
    q: Option<String>,
    status: Option<String>,
    after: Option<String>,
}

pub(crate) async fn list(shell: Shell, State(app): State<App>, Query(look): Query<Look>) -> Result<Response> {
    let search = look.q.unwrap_or_default().trim().to_owned();
    let status = asked::word("status", &look.status, &STATUSES, |word| word)?;
    let asked = Asked {
        search: Some(search.clone()).filter(|q| !q.is_empty()),
        status: status.map(str::to_owned),
        ..Asked::default()
    };
    let after = look.after.as_deref().map(str::parse).transpose()?;
    let found = campaigns::list(&app.pool, &asked, after, LINES).await?;
    let here = Address::of("/campaigns").with("q", &search).with("status", status.unwrap_or(""));
    let page_of = ListPage {
        offers: offers::list(&app.pool, &offers::Asked::default(), None, 500).await?.offers,
        linkables: campaigns::linkable(&app.pool, None).await?,
        campaigns: found.campaigns,
        search,
        status: status.unwrap_or("").to_owned(),
        next: found.next.map(|after| here.with("after", after).text()),
        paged: after.is_some(),
        shell: shell.clone(),
    };
    Ok(page(&shell, &page_of))
}

#[derive(Template)]
#[template(path = "campaign.html")]
struct CampaignPage {
    shell: Shell,
    campaign: Campaign,
    chosen: Chosen,
    steps: Vec<Bar>,
    /// What each channel did, in people.
    channels: Vec<(&'static str, Counts)>,
    words: Vec<Step>,
    rules: Vec<Rules>,
    members: Vec<Member>,
    stand: String,
    next: Option<String>,
    offers: Vec<Offer>,
    linkables: Linkables,
    verdicts: Vec<Verdict>,
}

impl CampaignPage {
    fn total(&self, stage: Stage, number: &i64) -> parts::Html {
        figure(&self.chosen.rows(stage).with("by", "").text(), *number)
    }

    fn of_channel(&self, channel: &str, stage: Stage, number: &i64) -> parts::Html {
        figure(&self.chosen.rows(stage).with("by", "").with("channel", channel).text(), *number)
    }

    fn carries(&self, offer: &Offer) -> bool {
        self.campaign.offer_id == Some(offer.id)
    }

    /// Which vendor does a channel's work.
    fn through(&self, channel: &str) -> String {
        let name = |list: &[Linkable], id: &Option<String>| {
            let id = id.as_ref()?;
            let found = list.iter().find(|one| one.id == *id);
            Some(found.map_or_else(|| id.clone(), |one| one.name.clone()))
        };
        let found = match channel {
            "email" => name(&self.linkables.instantly_campaigns, &self.campaign.instantly_campaign_id)
                .map(|name| format!("Instantly, “{name}”")),
            "call" => name(&self.linkables.vapi_assistants, &self.campaign.vapi_assistant_id)
                .map(|name| format!("Vapi, assistant “{name}”"))
                .or_else(|| {
                    name(&self.linkables.vapi_campaigns, &self.campaign.vapi_campaign_id)
                        .map(|name| format!("Vapi, “{name}”"))
                }),
            _ => None,
        };
        found.unwrap_or_else(|| "by hand".into())
    }

    /// The words of a step without markup, its variables left as they stand.
    fn letter(&self, body: &Option<String>) -> parts::Html {
        let text = words::words(body.as_deref().unwrap_or_default());
        let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
        let html: String = paragraphs.map(|paragraph| format!("<p>{}</p>", variables(paragraph))).collect();
        parts::Html::trusted(html)
    }

    fn subject(&self, subject: &Option<String>) -> parts::Html {
        let text = subject.as_deref().map(str::trim).filter(|text| !text.is_empty());
        parts::Html::trusted(variables(text.unwrap_or("In the same thread")))
    }

    fn rule(&self, rules: &Rules) -> String {
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let named: Vec<&str> = rules.weekdays.iter().filter_map(|day| nth(&days, *day)).collect();
        format!(
            "after {} days without an answer, {} days apart, at most {} times, {} a day, {} to {} in their zone, {}",
            rules.after_days,
            rules.between_days,
            rules.max_attempts,
            rules.daily_limit,
            rules.opens_at.strftime("%H:%M"),
            rules.closes_at.strftime("%H:%M"),
            named.join(" ")
        )
    }

    /// Fields of a form: word, label, how it stands, whether the campaign sets it itself.
    fn fields(&self, rules: &Rules) -> Vec<(&'static str, &'static str, String, bool)> {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let weekdays: Vec<&str> = rules.weekdays.iter().filter_map(|day| nth(&days, *day)).collect();
        let hours = format!("{}-{}", rules.opens_at.strftime("%H:%M"), rules.closes_at.strftime("%H:%M"));
        Field::ALL
            .iter()
            .map(|field| {
                let (label, now) = match field {
                    Field::AfterDays => ("Days without an answer", rules.after_days.to_string()),
                    Field::BetweenDays => ("Days between tries", rules.between_days.to_string()),
                    Field::MaxAttempts => ("Tries at most", rules.max_attempts.to_string()),
                    Field::DailyLimit => ("A day at most", rules.daily_limit.to_string()),
                    Field::Hours => ("Hours in their zone", hours.clone()),
                    Field::Weekdays => ("Weekdays", weekdays.join(",")),
                };
                let word = field.word();
                (word, label, now, rules.own.iter().any(|own| own == word))
            })
            .collect()
    }

    /// Fields of a form that link it: name, label, how it stands, what there is.
    fn links(&self) -> Vec<(&'static str, &'static str, String, Vec<Linkable>)> {
        let Linkables { instantly_campaigns, vapi_campaigns, vapi_assistants } = &self.linkables;
        let field = |name, label, now: &Option<String>, list: &[Linkable]| {
            let (now, mut list) = (now.clone().unwrap_or_default(), list.to_vec());
            // A link to something that is not here, or no more, stays.
            if !now.is_empty() && !list.iter().any(|one| one.id == now) {
                list.push(Linkable { id: now.clone(), name: format!("{now} (not here)") });
            }
            (name, label, now, list)
        };
        let of = &self.campaign;
        vec![
            field(
                "instantly_campaign_id",
                "Instantly’s campaign",
                &of.instantly_campaign_id,
                instantly_campaigns,
            ),
            field("vapi_assistant_id", "Vapi’s assistant", &of.vapi_assistant_id, vapi_assistants),
            field("vapi_campaign_id", "Vapi’s campaign", &of.vapi_campaign_id, vapi_campaigns),
        ]
    }

    fn name(&self, member: &Member) -> String {
        let parts: Vec<&str> =
            [&member.first_name, &member.last_name].into_iter().flatten().map(String::as_str).collect();
        if parts.is_empty() {
            member.email.clone().unwrap_or_else(|| "No name".into())
        } else {
            parts.join(" ")
        }
    }
}

/// The name of a weekday, 1 Monday.
fn nth(days: &[&'static str; 7], day: i16) -> Option<&'static str> {
    days.get(usize::try_from(day).ok()?.checked_sub(1)?).copied()
}

/// Text with its `{{variables}}` marked.
fn variables(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        let Some(length) = rest[open..].find("}}") else { break };
        html.push_str(&lines(&rest[..open]));
        html.push_str(&format!("<var>{}</var>", parts::escape(&rest[open..open + length + 2])));
        rest = &rest[open + length + 2..];
    }
    html.push_str(&lines(rest));
    html
}

fn lines(text: &str) -> String {
    parts::escape(text).replace('\n', "<br>")
}

#[derive(Deserialize)]
pub(crate) struct Members {
    stand: Option<String>,
    after: Option<String>,
}

pub(crate) async fn show(
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(look): Query<Members>,
) -> Result<Response> {
    whole(shell, &app, id, &look, Vec::new()).await
}

async fn whole(
    shell: Shell,
    app: &App,
    id: Uuid,
    look: &Members,
    verdicts: Vec<Verdict>,
) -> Result<Response> {
    let pool = &app.pool;
    let campaign = campaigns::show(pool, id).await?;
    let stand = asked::word("status", &look.stand, &STANDS, |word| word)?;
    let after = look.after.as_deref().map(str::parse).transpose()?;
    let found = campaigns::members(pool, id, stand, after, MEMBERS).await?;
    let mut chosen = Chosen::of_all();
    chosen.selection.campaign_id = Some(id);
    let selection = Selection { campaign_id: Some(id), ..Selection::default() };
    let by_channel = funnel::funnel(pool, Unit::People, By::Channel, selection).await?;
    let channels = Channel::ALL
        .iter()
        .map(|channel| {
            let word = channel.word();
            let line = by_channel.lines.iter().find(|line| line.key.as_deref() == Some(word));
            (word, line.map(|line| line.counts).unwrap_or_default())
        })
        .filter(|(word, counts)| match *word {
            "email" => campaign.uses_email || counts.contacted > 0,
            "call" => campaign.uses_calls || counts.contacted > 0,
            _ => campaign.uses_linkedin || counts.contacted > 0,
        })
        .collect();
    let here = Address::of(format!("/campaigns/{id}")).with("stand", stand.unwrap_or(""));
    let page_of = CampaignPage {
        steps: bars(&campaign.results, |stage| chosen.rows(stage).with("by", "").text()),
        words: campaigns::steps(pool, id).await?,
        rules: rules::show(pool, Some(id)).await?,
        offers: offers::list(pool, &offers::Asked::default(), None, 500).await?.offers,
        linkables: campaigns::linkable(pool, Some(id)).await?,
        next: found.next.map(|after| here.with("after", after).text()),
        members: found.members,
        stand: stand.unwrap_or("").to_owned(),
        campaign,
        chosen,
        channels,
        verdicts,
        shell: shell.clone(),
    };
    Ok(page(&shell, &page_of))
}

/// What a form says of a campaign; a box that is not ticked is not sent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Written {
    #[serde(default)]
    campaign_name: String,
    campaign_status: Option<String>,
    #[serde(default)]
    offer_id: String,
    uses_email: Option<String>,
    uses_calls: Option<String>,
    uses_linkedin: Option<String>,
    #[serde(default)]
    instantly_campaign_id: String,
    #[serde(default)]
    vapi_campaign_id: String,
    #[serde(default)]
    vapi_assistant_id: String,
    stops_company: Option<String>,
}

impl From<Written> for Fields {
    fn from(written: Written) -> Self {
        // Who links a vendor's campaign means that channel.
        let linked = |id: &str| !id.trim().is_empty();
        let email = written.uses_email.is_some() || linked(&written.instantly_campaign_id);
        let calls = written.uses_calls.is_some()
            || linked(&written.vapi_campaign_id)
            || linked(&written.vapi_assistant_id);
        Self {
            campaign_name: Some(written.campaign_name),
            campaign_status: written.campaign_status,
            offer_id: Some(written.offer_id),
            uses_email: Some(email),
            uses_calls: Some(calls),
            uses_linkedin: Some(written.uses_linkedin.is_some()),
            instantly_campaign_id: Some(written.instantly_campaign_id),
            vapi_campaign_id: Some(written.vapi_campaign_id),
            vapi_assistant_id: Some(written.vapi_assistant_id),
            stops_company: written.stops_company,
            email_body_template: None,
        }
    }
}

pub(crate) async fn add(
    actor: Actor,
    State(app): State<App>,
    Form(written): Form<Written>,
) -> Result<Response> {
    let campaign = campaigns::add(&app.pool, &written.into(), actor.user_id(), app.clock.now()).await?;
    let to = format!("/campaigns/{}", campaign.id);
    Ok(Toast::done(format!("{} is a campaign now.", campaign.campaign_name)).then(&to))
}

pub(crate) async fn edit(
    _: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(written): Form<Written>,
) -> Result<Response> {
    let campaign = campaigns::edit(&app.pool, id, &written.into(), app.clock.now()).await?;
    Ok(Toast::done(format!("{} was changed.", campaign.campaign_name)).then(&format!("/campaigns/{id}")))
}

//! `touchline campaign`: made, edited, linked; who is in it; the words of its steps.

use std::io::BufRead;
use std::process::ExitCode;

use engine::campaigns::{self, Asked, Member, Step, Verdict};
use engine::db::Database;
use engine::{PgPool, offers};
use jiff::Timestamp;
use uuid::Uuid;

use crate::config::{Campaign, Global};
use crate::output::{self, count};

pub(super) async fn run(global: &Global, database: &Database, command: Campaign) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    let campaign = match command {
        Campaign::List { search, status, offer, channel, page } => {
            let offer_id = match offer {
                Some(offer) => Some(offers::named(pool, &offer).await?),
                None => None,
            };
            let asked = Asked { search, status, offer_id, channel };
            let found = campaigns::list(pool, &asked, page.after, page.limit).await?;
            if global.json {
                output::json(&found)?;
            } else if found.campaigns.is_empty() {
                output::print(
                    "No campaign. `touchline campaign add NAME` makes one, `touchline sync` brings Instantly's.",
                );
            } else {
                output::print(&list(&found));
            }
            return Ok(ExitCode::SUCCESS);
        }
        Campaign::Members { campaign, add, add_import, remove, status, page } => {
            let id = campaigns::named(pool, &campaign).await?;
            let people = given(database, add, add_import).await?;
            let verdicts = match (people, remove.is_empty()) {
                (Some(people), _) => Some(in_parts(pool, id, &people, now).await?),
                (None, false) => Some(campaigns::remove_members(pool, id, &lines(remove)?, None, now).await?),
                (None, true) => None,
            };
            if let Some(verdicts) = verdicts {
                return told_verdicts(global, &verdicts);
            }
            let found = campaigns::members(pool, id, status.as_deref(), page.after, page.limit).await?;
            if global.json {
                output::json(&found)?;
            } else if found.members.is_empty() {
                output::print(
                    "Nobody. `touchline campaign members CAMPAIGN --add jane@acme.example` adds somebody.",
                );
            } else {
                let rows: Vec<Vec<String>> = found.members.iter().map(member).collect();
                let more = output::more(found.next);
                output::print(&format!("{}{more}", output::table(&rows)));
            }
            return Ok(ExitCode::SUCCESS);
        }
        Campaign::Add { name, fields } => {
            let offer = offer_id(pool, fields.offer.as_deref()).await?;
            campaigns::add(pool, &fields.into_fields(Some(name), offer), None, now).await?
        }
        Campaign::Show { campaign } => {
            campaigns::show(pool, campaigns::named(pool, &campaign).await?).await?
        }
        Campaign::Edit { campaign, name, fields } => {
            let id = campaigns::named(pool, &campaign).await?;
            let offer = offer_id(pool, fields.offer.as_deref()).await?;
            campaigns::edit(pool, id, &fields.into_fields(name, offer), now).await?
        }
        Campaign::Link { campaign, instantly, vapi_campaign, vapi_assistant } => {
            let id = campaigns::named(pool, &campaign).await?;
            let fields = campaigns::Fields {
                instantly_campaign_id: instantly,
                vapi_campaign_id: vapi_campaign,
                vapi_assistant_id: vapi_assistant,
                ..campaigns::Fields::default()
            };
            campaigns::edit(pool, id, &fields, now).await?
        }
    };
    let steps = campaigns::steps(pool, campaign.id).await?;
    if global.json {
        let mut document = serde_json::to_value(&campaign)?;
        document["steps"] = serde_json::to_value(&steps)?;
        output::json(&document)?;
    } else {
        output::print(&told(&campaign, &steps));
    }
    Ok(ExitCode::SUCCESS)
}

/// The offer's id; an empty name stays empty, which clears the field.
async fn offer_id(pool: &PgPool, offer: Option<&str>) -> anyhow::Result<Option<String>> {
    Ok(match offer {
        Some(offer) if !offer.trim().is_empty() => Some(offers::named(pool, offer).await?.to_string()),
        other => other.map(str::to_owned),
    })
}

/// Who is to be added; None: nobody was given.
async fn given(
    database: &Database,
    add: Vec<String>,
    import: Option<String>,
) -> anyhow::Result<Option<Vec<String>>> {
    let mut people = lines(add)?;
    if let Some(import) = import {
        let import = super::imports::found(database, &import).await?.id;
        people.extend(campaigns::leads_of_import(database.pool(), import).await?);
        return Ok(Some(people));
    }
    Ok((!people.is_empty()).then_some(people))
}

/// What was given, or one a line where it is `-`.
pub(super) fn lines(given: Vec<String>) -> anyhow::Result<Vec<String>> {
    let mut people = Vec::new();
    for one in given {
        if one == "-" {
            for line in std::io::stdin().lock().lines() {
                let line = line?;
                people.extend((!line.trim().is_empty()).then_some(line));
            }
        } else {
            people.push(one);
        }
    }
    Ok(people)
}

async fn in_parts(
    pool: &PgPool,
    id: Uuid,
    people: &[String],
    now: Timestamp,
) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::with_capacity(people.len());
    for part in people.chunks(5000) {
        verdicts.extend(campaigns::add_members(pool, id, part, None, now).await?);
    }
    Ok(verdicts)
}

/// A verdict for each; with sums where there are many.
fn told_verdicts(global: &Global, verdicts: &[Verdict]) -> anyhow::Result<ExitCode> {
    if global.json {
        output::json(&verdicts)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut sums: Vec<(&str, u64)> = Vec::new();
    for verdict in verdicts {
        match sums.iter_mut().find(|(word, _)| *word == verdict.verdict) {
            Some((_, sum)) => *sum += 1,
            None => sums.push((&verdict.verdict, 1)),
        }
    }
    let rows: Vec<Vec<String>> = verdicts
        .iter()
        .filter(|one| verdicts.len() <= 50 || one.why.is_some())
        .take(200)
        .map(|one| {
            vec![
                one.verdict.replace('_', " "),
                output::plain(one.who.as_deref().unwrap_or(&one.given)),
                one.why.as_deref().map(output::plain).unwrap_or_default(),
            ]
        })
        .collect();
    let sums: Vec<String> =
        sums.iter().map(|(word, sum)| format!("{} {}", count(*sum), word.replace('_', " "))).collect();
    output::print(&format!(
        "{}\n\n{} given: {}.",
        output::table(&rows),
        count(verdicts.len() as u64),
        sums.join(", ")
    ));
    Ok(ExitCode::SUCCESS)
}

fn list(page: &campaigns::Page) -> String {
    let head = ["campaign", "status", "channels", "members", "contacted", "answered", "positive", "id"];
    let mut rows = vec![head.map(String::from).to_vec()];
    rows.extend(page.campaigns.iter().map(|campaign| {
        vec![
            output::excerpt(&campaign.campaign_name, 40),
            campaign.campaign_status.clone(),
            channels(campaign),
            count(campaign.members.unsigned_abs()),
            count(campaign.results.contacted.unsigned_abs()),
            count(campaign.results.answered.unsigned_abs()),
            count(campaign.results.positive.unsigned_abs()),
            campaign.id.to_string(),
        ]
    }));
    let more = output::more(page.next);
    format!("{}{more}", output::table(&rows))
}

fn channels(campaign: &campaigns::Campaign) -> String {
    let used =
        [(campaign.uses_email, "email"), (campaign.uses_calls, "call"), (campaign.uses_linkedin, "linkedin")];
    let used: Vec<&str> = used.iter().filter(|(uses, _)| *uses).map(|(_, word)| *word).collect();
    if used.is_empty() { "none".into() } else { used.join(",") }
}

fn told(campaign: &campaigns::Campaign, steps: &[Step]) -> String {
    let mut lines = vec![
        format!("{}  ({})", output::plain(&campaign.campaign_name), campaign.id),
        format!(
            "{} · {} · {} · {} members",
            campaign.campaign_status,
            channels(campaign),
            campaign.offer_name.as_deref().map_or_else(|| "no offer".into(), output::plain),
            count(campaign.members.unsigned_abs())
        ),
    ];
    let links = [
        ("Instantly campaign", &campaign.instantly_campaign_id),
        ("Vapi campaign", &campaign.vapi_campaign_id),
        ("Vapi assistant", &campaign.vapi_assistant_id),
    ];
    lines.extend(
        links.iter().filter_map(|(what, id)| id.as_ref().map(|id| format!("{what} {}", output::plain(id)))),
    );
    lines.push(super::offer::results(&campaign.results));
    for step in steps {
        let delay =
            step.delay_days.map(|days| format!(", {days} days after the one before")).unwrap_or_default();
        lines.push(format!(
            "\nStep {}{delay}: {} sent, {} answered",
            step.sequence_step,
            count(step.contacted.unsigned_abs()),
            count(step.answered.unsigned_abs())
        ));
        for variant in &step.variants {
            let off = if variant.is_off { " (off)" } else { "" };
            let subject = output::excerpt(variant.subject.as_deref().unwrap_or(""), 90);
            lines.push(format!("  {}{off}  {subject}", variant.letter));
            lines.push(format!("     {}", output::excerpt(variant.body.as_deref().unwrap_or(""), 160)));
        }
    }
    lines.join("\n")
}

fn member(member: &Member) -> Vec<String> {
    let names: Vec<&str> =
        [&member.first_name, &member.last_name].into_iter().flatten().map(String::as_str).collect();
    let state = match (&member.stop_reason, member.next_followup_at) {
        (Some(reason), _) => format!("stopped: {}", reason.replace('_', " ")),
        (None, Some(at)) => format!("due {}", output::instant(at)),
        (None, None) => String::new(),
    };
    vec![
        output::plain(&names.join(" ")),
        output::plain(member.email.as_deref().or(member.phone.as_deref()).unwrap_or("(no address)")),
        member.overall_status.clone(),
        format!(
            "e-mail {}, call {}, LinkedIn {}",
            member.email_status, member.call_status, member.linkedin_status
        ),
        state,
    ]
}

//! `touchline lead list`, `show` and `export`, and `touchline timeline`: people, and what happened.

use std::io::Write as _;
use std::process::ExitCode;

use engine::leads::{self, Filter, Lead};
use engine::suppressions::{self, WhyNot};
use engine::timeline::{self, Touch};
use engine::{campaigns, companies};

use engine::db::Database;
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::config::{Global, List, Matching, Which};
use crate::output;

pub(super) async fn show(global: &Global, database: &Database, email: &str) -> anyhow::Result<ExitCode> {
    let lead = leads::by_email(database.pool(), email).await?;
    let touches = timeline::of_lead(database.pool(), lead.id, None, 10).await?;
    let why_not = suppressions::why_not(database.pool(), lead.id, None).await?;
    if global.json {
        let mut document = serde_json::to_value(&lead)?;
        document["timeline"] = serde_json::to_value(&touches)?;
        document["why_not"] = serde_json::to_value(&why_not)?;
        output::json(&document)?;
    } else {
        let mut head = vec![header(&lead)];
        head.extend(why_not.iter().map(against));
        output::print(&format!("{}\n\n{}", head.join("\n"), told(&touches, &lead)));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn list(global: &Global, database: &Database, asked: List) -> anyhow::Result<ExitCode> {
    let sort = asked.which.sort;
    let filter = filter(database, asked.which.matching).await?;
    let after = asked.after.as_deref();
    let page = leads::list(database.pool(), &filter, sort, after, asked.limit, Timestamp::now()).await?;
    if global.json {
        output::json(&page)?;
    } else if !page.leads.is_empty() {
        output::print(&listed(&page));
    } else if filter == Filter::default() && after.is_none() {
        output::print("No leads yet. `touchline import FILE` or `touchline sync` brings them.");
    } else {
        output::print("No lead is like that.");
    }
    Ok(ExitCode::SUCCESS)
}

fn listed(page: &leads::Page) -> String {
    let mut rows =
        vec![["lead", "address", "company", "status", "last touched", ""].map(String::from).to_vec()];
    rows.extend(page.leads.iter().map(|lead| {
        let address = [&lead.email, &lead.phone, &lead.linkedin_url].into_iter().flatten().next();
        let company = lead.company_name.as_ref().or(lead.company_domain.as_ref());
        vec![
            output::excerpt(&lead.name().unwrap_or_default(), 32),
            output::excerpt(address.map_or("", |address| address), 44),
            output::excerpt(company.map_or("", |company| company), 32),
            output::plain(&lead.lead_status),
            lead.last_touch_at.map_or_else(|| "never".into(), output::instant),
            lead.suppressed_because
                .as_deref()
                .map(|reason| format!("✗ {}", output::plain(&reason.replace('_', " "))))
                .unwrap_or_default(),
        ]
    }));
    let more = output::more(page.next.as_ref());
    format!("{}{more}", output::table(&rows))
}

/// A list as CSV, to the output as it is read.
pub(super) async fn export(database: &Database, which: Which) -> anyhow::Result<ExitCode> {
    let sort = which.sort;
    let filter = filter(database, which.matching).await?;
    let (sender, mut pieces) = mpsc::channel::<String>(4);
    let pool = database.pool().clone();
    let work =
        tokio::spawn(async move { leads::export(&pool, &filter, sort, Timestamp::now(), &sender).await });
    while let Some(piece) = pieces.recv().await {
        // Whoever read has seen enough.
        if std::io::stdout().write_all(piece.as_bytes()).is_err() {
            break;
        }
    }
    drop(pieces);
    work.await??;
    Ok(ExitCode::SUCCESS)
}

/// Who matches, as the engine looks for them.
pub(super) async fn filter(database: &Database, matching: Matching) -> anyhow::Result<Filter> {
    let campaign_id = match &matching.campaign {
        Some(name) => Some(campaigns::named(database.pool(), name).await?),
        None => None,
    };
    let company_id = match &matching.company {
        Some(name) => Some(companies::named(database.pool(), name).await?),
        None => None,
    };
    let csv_import_id = match &matching.import {
        Some(id) => Some(super::imports::found(database, id).await?.id),
        None => None,
    };
    Ok(Filter {
        // A blank one narrows nothing, and must not look as if it did.
        search: matching.search.filter(|search| !search.trim().is_empty()),
        lead_status: matching.status,
        campaign_id,
        membership: matching.membership,
        reach: matching.reach,
        touched: matching.touched,
        answered: matching.answered,
        suppressed: matching.suppressed.then_some(true).or(matching.contactable.then_some(false)),
        company_id,
        csv_import_id,
    })
}

/// What speaks against touching a person, in a line.
fn against(why: &WhyNot) -> String {
    let channel = if why.channel == "all" { String::new() } else { format!(" on {}", why.channel) };
    let note =
        why.note.as_deref().map(|note| format!(" ({})", output::excerpt(note, 60))).unwrap_or_default();
    format!(
        "  ✗ {}{channel} since {}: {}{note}",
        why.kind,
        output::instant(why.since),
        output::plain(&why.words)
    )
}

pub(super) async fn timeline(
    global: &Global,
    database: &Database,
    email: &str,
    limit: i64,
) -> anyhow::Result<ExitCode> {
    let lead = leads::by_email(database.pool(), email).await?;
    let touches = timeline::of_lead(database.pool(), lead.id, None, limit.max(1)).await?;
    if global.json {
        let lead = serde_json::to_value(&lead)?;
        output::json(&serde_json::json!({ "lead": lead, "timeline": touches }))?;
    } else {
        output::print(&format!("{}\n\n{}", header(&lead), told(&touches, &lead)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Name, company, how to reach, state per campaign.
pub(super) fn header(lead: &Lead) -> String {
    let mut first = output::plain(&lead.name());
    let company = lead.company_name.clone().or_else(|| lead.company_domain.clone());
    let place: Vec<String> =
        [lead.job_title.clone(), company].into_iter().flatten().map(|t| output::plain(&t)).collect();
    if !place.is_empty() {
        first.push_str(&format!(" · {}", place.join(", ")));
    }
    let reach: Vec<&str> =
        [&lead.email, &lead.phone, &lead.linkedin_url].into_iter().flatten().map(String::as_str).collect();
    let mut lines = vec![first, format!("{} · {}", output::plain(&reach.join(" · ")), lead.lead_status)];
    for e in &lead.enrollments {
        let step = e.sequence_step.map(|step| format!(", step {step}")).unwrap_or_default();
        let interest =
            e.interest_status.and_then(interest).map(|word| format!(", {word}")).unwrap_or_default();
        lines.push(format!(
            "  {}: {} (e-mail {}{step}{interest})",
            output::plain(&e.campaign_name),
            e.overall_status,
            e.email_status
        ));
    }
    lines.join("\n")
}

/// The vendor's interest codes in words; a custom label has only its number.
pub(super) fn interest(code: i32) -> Option<String> {
    Some(
        match code {
            0 => "out of office",
            1 => "interested",
            2 => "meeting booked",
            3 => "meeting completed",
            4 => "won",
            -1 => "not interested",
            -2 => "wrong person",
            -3 => "lost",
            -4 => "no show",
            other => return Some(format!("interest {other}")),
        }
        .into(),
    )
}

/// Touches, newest first, each with its words.
pub(super) fn told(touches: &[Touch], lead: &Lead) -> String {
    if touches.is_empty() {
        return "No touch yet.".into();
    }
    touches.iter().map(|touch| one(touch, lead)).collect::<Vec<_>>().join("\n")
}

fn one(touch: &Touch, lead: &Lead) -> String {
    let what = match touch.event_type.as_str() {
        "email_sent" => "→ sent",
        "email_replied" => "← REPLIED",
        "email_auto_replied" => "← auto-reply",
        "email_received" => "← received",
        other => other,
    };
    let mut line = format!("{}  {what}", output::instant(touch.event_timestamp));
    if let Some(step) = touch.sequence_step.filter(|_| touch.event_type == "email_sent") {
        line.push_str(&format!(" step {step}"));
    }
    if let Some(outcome) = &touch.call_outcome {
        line.push_str(&format!(" ({})", output::plain(&outcome.replace('_', " "))));
    }
    if touch.withdrawn_at.is_some() {
        line.push_str(", taken back");
    }
    if let Some(campaign) = &touch.campaign_name {
        line.push_str(&format!("  [{}]", output::excerpt(campaign, 40)));
    }
    if let Some(address) =
        touch.contact_address.as_ref().filter(|a| lead.email.as_ref().is_some_and(|e| e != *a))
    {
        line.push_str(&format!("  ({})", output::plain(address)));
    }
    for text in [
        &touch.email_subject,
        &touch.email_body,
        &touch.linkedin_message_text,
        &touch.call_transcript,
        &touch.note_text,
    ] {
        if let Some(text) = text.as_ref().filter(|text| !text.trim().is_empty()) {
            line.push_str(&format!("\n    {}", output::excerpt(text, 160)));
        }
    }
    line
}

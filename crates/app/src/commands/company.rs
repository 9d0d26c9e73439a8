//! `touchline company`: employers, their people, and what happened with them.

use std::process::ExitCode;

use engine::companies::{self, Asked};
use engine::db::Database;
use jiff::Timestamp;

use crate::config::{Company, Global};
use crate::output::{self, count};

pub(super) async fn run(global: &Global, database: &Database, command: Company) -> anyhow::Result<ExitCode> {
    let pool = database.pool();
    let id = match command {
        Company::List { search, industry, page } => {
            let found = companies::list(pool, &Asked { search, industry }, page.after, page.limit).await?;
            if global.json {
                output::json(&found)?;
            } else if found.companies.is_empty() {
                output::print(
                    "No company. Imports and syncs bring them, by the domains of people's addresses.",
                );
            } else {
                output::print(&list(&found));
            }
            return Ok(ExitCode::SUCCESS);
        }
        Company::Show { company } => companies::named(pool, &company).await?,
        Company::Edit { company, name, industry, size } => {
            let id = companies::named(pool, &company).await?;
            companies::edit(pool, id, &Company::fields(name, industry, size), Timestamp::now()).await?;
            id
        }
    };
    let company = companies::show(pool, id).await?;
    let people = companies::people(pool, id, None, 50).await?;
    let touches = companies::touches(pool, id, None, 20).await?;
    if global.json {
        let mut document = serde_json::to_value(&company)?;
        document["people_there"] = serde_json::to_value(&people)?;
        document["timeline"] = serde_json::to_value(&touches)?;
        output::json(&document)?;
    } else {
        output::print(&told(&company, &people, &touches));
    }
    Ok(ExitCode::SUCCESS)
}

fn list(page: &companies::Page) -> String {
    let mut rows =
        vec![["company", "domain", "industry", "people", "last touched"].map(String::from).to_vec()];
    rows.extend(page.companies.iter().map(|company| {
        vec![
            output::excerpt(company.name(), 40),
            output::plain(company.company_domain.as_deref().unwrap_or("")),
            output::excerpt(company.industry.as_deref().unwrap_or(""), 24),
            count(company.people.unsigned_abs()),
            company.last_touched_at.map_or_else(|| "never".into(), output::instant),
        ]
    }));
    let more = output::more(page.next);
    format!("{}{more}", output::table(&rows))
}

fn told(company: &companies::Company, people: &companies::People, touches: &companies::Touches) -> String {
    let about: Vec<String> = [&company.company_domain, &company.industry, &company.company_size]
        .into_iter()
        .flatten()
        .map(|text| output::plain(text))
        .collect();
    let mut lines = vec![
        format!("{}  ({})", output::plain(company.name()), company.id),
        about.join(" · "),
        String::new(),
    ];
    let rows: Vec<Vec<String>> = people
        .people
        .iter()
        .map(|person| {
            let names: Vec<&str> =
                [&person.first_name, &person.last_name].into_iter().flatten().map(String::as_str).collect();
            vec![
                output::plain(&names.join(" ")),
                output::plain(person.email.as_deref().unwrap_or("(no address)")),
                output::excerpt(person.job_title.as_deref().unwrap_or(""), 32),
                person.lead_status.clone(),
                person.last_touched_at.map_or_else(|| "never touched".into(), output::instant),
            ]
        })
        .collect();
    lines.push(if rows.is_empty() { "Nobody is known there.".into() } else { output::table(&rows) });
    lines.push(String::new());
    for touch in &touches.touches {
        lines.push(format!(
            "{}  {}  {}",
            output::instant(touch.event_timestamp),
            touch.event_type,
            output::plain(touch.who.as_deref().unwrap_or("(no name)"))
        ));
        if !touch.snippet.is_empty() {
            lines.push(format!("    {}", output::excerpt(&touch.snippet, 160)));
        }
    }
    lines.join("\n")
}

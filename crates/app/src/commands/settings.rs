//! `touchline settings`: facts about this database that people set.

use std::process::ExitCode;

use engine::db::Database;
use engine::{funnel, normalise, settings, states};
use jiff::Timestamp;

use crate::config::{Global, Settings};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Settings) -> anyhow::Result<ExitCode> {
    match asked {
        Settings::TimeZone { zone } => time_zone(global, database, zone.as_deref()).await?,
        Settings::StopCompany { whole_company } => stop_company(global, database, whole_company).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn stop_company(global: &Global, database: &Database, asked: Option<bool>) -> anyhow::Result<()> {
    if let Some(whole_company) = asked {
        states::stop_company(database.pool(), whole_company, Timestamp::now()).await?;
    }
    let whole_company = settings::stops_company(database.pool()).await?;
    if global.json {
        return output::json(&serde_json::json!({ "stop_company": whole_company }));
    }
    let whom = if whole_company { "everybody of the company" } else { "that person only" };
    output::print(&format!("A stop stops {whom}."));
    Ok(())
}

async fn time_zone(global: &Global, database: &Database, asked: Option<&str>) -> anyhow::Result<()> {
    if let Some(zone) = asked {
        let now = Timestamp::now();
        funnel::set_time_zone(database.pool(), zone, now).await?;
        normalise::normalise(database.pool(), now).await?;
    }
    let zone = funnel::time_zone(database.pool()).await?;
    if global.json {
        output::json(&serde_json::json!({ "time_zone": zone }))?;
    } else {
        output::print(&format!("Days begin in {zone}."));
    }
    Ok(())
}

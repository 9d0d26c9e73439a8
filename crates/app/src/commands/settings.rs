//! `touchline settings`: facts about this database that people set.

use std::process::ExitCode;

use engine::db::Database;
use engine::{funnel, normalise, states};
use jiff::Timestamp;

use crate::config::{Global, Settings};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Settings) -> anyhow::Result<ExitCode> {
    let pool = database.pool();
    let zone = match asked {
        Settings::TimeZone { zone } => zone,
        Settings::StopCompany { whole_company } => {
            states::stop_company(pool, whole_company, Timestamp::now()).await?;
            if global.json {
                output::json(&serde_json::json!({ "stop_company": whole_company }))?;
            } else {
                let whom = if whole_company { "everybody of the company" } else { "that person only" };
                output::print(&format!("A stop stops {whom}."));
            }
            return Ok(ExitCode::SUCCESS);
        }
    };
    if let Some(zone) = &zone {
        let now = Timestamp::now();
        funnel::set_time_zone(pool, zone, now).await?;
        normalise::normalise(pool, now).await?;
    }
    let zone = funnel::time_zone(pool).await?;
    if global.json {
        output::json(&serde_json::json!({ "time_zone": zone }))?;
    } else {
        output::print(&format!("Days begin in {zone}."));
    }
    Ok(ExitCode::SUCCESS)
}

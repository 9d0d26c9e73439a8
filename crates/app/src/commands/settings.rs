//! `touchline settings`: facts about this database that people set.

use std::process::ExitCode;

use engine::db::Database;
use engine::{funnel, normalise};
use jiff::Timestamp;

use crate::config::{Global, Settings};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, asked: Settings) -> anyhow::Result<ExitCode> {
    let Settings::TimeZone { zone } = asked;
    let pool = database.pool();
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

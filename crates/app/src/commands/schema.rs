//! `touchline schema`: docs/schema.md, from the comments in the database.

use std::process::ExitCode;

use engine::db;

use super::open;
use crate::config::Global;
use crate::output;

pub(super) async fn run(global: &Global) -> anyhow::Result<ExitCode> {
    let database = open::for_reading(global).await?;
    let page = db::schema_markdown(database.pool()).await?;
    if global.json {
        output::json(&serde_json::json!({ "markdown": page }))?;
    } else {
        output::print(page.trim_end());
    }
    database.close().await?;
    Ok(ExitCode::SUCCESS)
}

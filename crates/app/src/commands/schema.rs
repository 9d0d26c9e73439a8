//! `touchline schema`: docs/schema.md, from the comments in the database.

use std::process::ExitCode;

use engine::db::{self, Database};

use crate::config::Global;
use crate::output;

pub(super) async fn run(global: &Global, database: &Database) -> anyhow::Result<ExitCode> {
    let page = db::schema_markdown(database.pool()).await?;
    if global.json {
        output::json(&serde_json::json!({ "markdown": page }))?;
    } else {
        output::print(page.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

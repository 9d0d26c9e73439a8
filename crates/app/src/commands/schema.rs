//! `touchline schema`: docs/schema.md, from the comments in the database.

use std::process::ExitCode;

use engine::db;

use crate::output;
use engine::db::Database;

pub(super) async fn run(database: &Database) -> anyhow::Result<ExitCode> {
    output::print(db::schema_markdown(database.pool()).await?.trim_end());
    Ok(ExitCode::SUCCESS)
}

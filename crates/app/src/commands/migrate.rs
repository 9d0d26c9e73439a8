//! `touchline migrate`: brings the database to the current schema, or prints what that would do.

use std::process::ExitCode;

use engine::db::{self, Database};

use crate::config::Global;
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, dry_run: bool) -> anyhow::Result<ExitCode> {
    let plan = if dry_run { db::plan(database.pool()).await? } else { db::migrate(database.pool()).await? };
    if global.json {
        output::json(&plan)?;
    } else if plan.steps.is_empty() {
        output::print("The database is up to date; nothing to do.");
    } else {
        output::print(&plan.to_string());
        if dry_run {
            output::print("Nothing was changed. `touchline migrate` does it.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

//! `touchline jobs`: long work that pages and programs asked for.

use std::process::ExitCode;

use engine::db::Database;
use engine::jobs;

use crate::config::Global;
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, limit: i64) -> anyhow::Result<ExitCode> {
    let found = jobs::list(database.pool(), None, None, limit).await?;
    if global.json {
        output::json(&found)?;
    } else if found.is_empty() {
        output::print("Nothing was asked for yet. Pages ask: `touchline serve`");
    } else {
        let rows: Vec<Vec<String>> = found
            .iter()
            .map(|job| {
                let told = job.error.clone().or_else(|| job.note.clone()).unwrap_or_default();
                vec![
                    output::instant(job.asked_at),
                    job.kind.word().into(),
                    job.state.word().into(),
                    job.id.to_string(),
                    output::plain(&told),
                ]
            })
            .collect();
        output::print(&output::table(&rows));
    }
    Ok(ExitCode::SUCCESS)
}

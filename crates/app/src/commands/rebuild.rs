//! `touchline rebuild`: the normalised layer from raw alone, and whether anything came out differently.

use std::process::ExitCode;

use engine::normalise;
use jiff::Timestamp;

use crate::config::Global;
use crate::output;
use engine::db::Database;

pub(super) async fn run(global: &Global, database: &Database, dry_run: bool) -> anyhow::Result<ExitCode> {
    let rebuilt = normalise::rebuild(database.pool(), Timestamp::now(), dry_run).await?;
    if global.json {
        let mut document = serde_json::to_value(&rebuilt)?;
        document["rows"] = rebuilt.rows().into();
        output::json(&document)?;
    } else if rebuilt.differences.is_empty() {
        output::print(&format!(
            "Rebuilt from {} raw records: nothing differs.",
            output::count(rebuilt.records)
        ));
    } else {
        let rows = output::count(rebuilt.rows());
        let what = if dry_run { "would be put right" } else { "were put right" };
        output::print(&format!(
            "Rebuilt from {} raw records: {rows} rows differed and {what}.",
            output::count(rebuilt.records)
        ));
        for difference in &rebuilt.differences {
            output::print(&format!("  {:<36} {}", difference.step, output::count(difference.rows)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

//! `touchline reconcile`: our totals beside the vendor's own, and why they differ.

use std::process::ExitCode;

use engine::db::Database;
use engine::reconcile::{self, Reconciliation, Verdict};
use jiff::Timestamp;

use crate::config::Global;
use crate::output::{self, count};

pub(super) async fn run(global: &Global, database: &Database, all: bool) -> anyhow::Result<ExitCode> {
    let found = reconcile::compare(database.pool(), Timestamp::now()).await?;
    if global.json {
        output::json(&found)?;
    } else {
        output::print(&told(&found, all));
    }
    Ok(if found.different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(found: &Reconciliation, all: bool) -> String {
    let shown: Vec<_> = found.totals.iter().filter(|total| all || total.verdict != Verdict::Same).collect();
    if shown.is_empty() {
        return found.sentence();
    }
    let mut rows =
        vec![["", "metric", "ours", "vendor", "delta", "comparable?", "why"].map(String::from).to_vec()];
    rows.extend(shown.iter().map(|total| {
        vec![
            output::excerpt(&total.place, 30),
            total.label.clone(),
            signed(total.ours),
            signed(total.vendor),
            signed(total.delta),
            if total.comparable { "yes" } else { "no" }.into(),
            total.why.clone().unwrap_or_default(),
        ]
    }));
    let mut repairs: Vec<&String> = shown.iter().filter_map(|total| total.repair.as_ref()).collect();
    repairs.sort();
    repairs.dedup();
    let hints: String = repairs.iter().map(|repair| format!("\nhint: {repair}")).collect();
    format!("{}\n\n{}{hints}", found.sentence(), output::table(&rows))
}

fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", count(number.unsigned_abs()))
}

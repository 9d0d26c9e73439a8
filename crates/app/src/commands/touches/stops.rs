//! `touchline stops`: what was told where, red first.

use std::process::ExitCode;

use engine::db::Database;
use engine::states::stops::{self, Asked, Receipt};
use jiff::Timestamp;

use crate::config::{Global, Stops};
use crate::output;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    command: Option<Stops>,
    all: bool,
    lead: Option<&str>,
    limit: i64,
) -> anyhow::Result<ExitCode> {
    let pool = database.pool();
    if let Some(Stops::Done { id, note }) = command {
        let receipt = stops::answered(pool, id, true, &note, Timestamp::now()).await?;
        if global.json {
            output::json(&receipt)?;
        } else {
            output::print(&told(&receipt).join("  "));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let lead_id = match lead {
        Some(lead) => {
            let mut connection = pool.acquire().await?;
            Some(engine::touches::find(&mut connection, lead).await?.lead_id)
        }
        None => None,
    };
    let page = stops::list(pool, &Asked { all, lead_id, after: None }, limit).await?;
    if global.json {
        output::json(&page)?;
    } else if page.receipts.is_empty() {
        output::print(if all { "Nobody has been stopped yet." } else { "Every stop is acknowledged." });
    } else {
        output::print(&output::table(&page.receipts.iter().map(told).collect::<Vec<_>>()));
        if page.next.is_some() {
            output::note(global, "there are more: --limit");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(receipt: &Receipt) -> Vec<String> {
    let who = receipt.full_name.as_ref().or(receipt.email.as_ref());
    let took = receipt.milliseconds.map(|took| format!(" ({took} ms)")).unwrap_or_default();
    let answer = receipt.answer.as_deref().map(output::plain).unwrap_or_default();
    vec![
        if receipt.red { "✗ RED" } else { "✓" }.to_owned(),
        receipt.state.clone(),
        who.map_or_else(|| receipt.lead_id.to_string(), |who| output::plain(who)),
        receipt.words.clone(),
        output::plain(&receipt.target()),
        receipt.id.to_string(),
        format!("{answer}{took}"),
    ]
}

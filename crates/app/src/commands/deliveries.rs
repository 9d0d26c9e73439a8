//! `touchline deliveries`: webhook deliveries as they came, and reading again what was set aside.

use std::process::ExitCode;

use engine::db::Database;
use engine::inbox;
use jiff::Timestamp;
use serde_json::json;

use crate::config::Global;
use crate::output;

pub(super) async fn list(
    global: &Global,
    database: &Database,
    state: Option<&str>,
    limit: i64,
) -> anyhow::Result<ExitCode> {
    let found = inbox::list(database.pool(), state, None, limit).await?;
    if global.json {
        output::json(&found)?;
        return Ok(ExitCode::SUCCESS);
    }
    if found.is_empty() {
        output::print("no deliveries; `touchline connections add` lets a vendor send some");
        return Ok(ExitCode::SUCCESS);
    }
    let now = Timestamp::now();
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|one| {
            let told = one.reason.as_deref().unwrap_or_default();
            vec![
                one.id.to_string(),
                output::ago(one.received_at, now),
                one.label.clone().unwrap_or_else(|| one.source.clone()),
                one.state.clone(),
                output::excerpt(told, 80),
            ]
        })
        .collect();
    output::print(&output::table(&rows));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn show(global: &Global, database: &Database, id: &str) -> anyhow::Result<ExitCode> {
    let one = inbox::show(database.pool(), id).await?;
    if global.json {
        output::json(&one)?;
        return Ok(ExitCode::SUCCESS);
    }
    let head = &one.head;
    let mut lines = vec![
        format!("{} by {}", head.id, head.label.as_deref().unwrap_or(&head.source)),
        format!("received {}, {}", output::instant(head.received_at), head.state),
    ];
    lines.extend(head.reason.as_ref().map(|reason| format!("because {}", output::plain(reason))));
    lines.extend(head.event.as_ref().map(|event| format!("event in the address: {}", output::plain(event))));
    lines.push(String::new());
    for (name, value) in one.headers.as_object().into_iter().flatten() {
        lines.push(output::plain(&format!("{name}: {}", value.as_str().unwrap_or_default())));
    }
    lines.push(String::new());
    lines.push(output::plain(&one.body));
    output::print(&lines.join("\n"));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn retry(
    global: &Global,
    database: &Database,
    id: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let put_back = inbox::retry(database.pool(), id).await?;
    if global.json {
        output::json(&json!({ "put_back": put_back }))?;
    } else {
        output::print(&format!(
            "{} deliveries wait again; `touchline serve` reads them",
            output::count(put_back)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

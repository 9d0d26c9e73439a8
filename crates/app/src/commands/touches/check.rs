//! `touchline check safety`: was anybody contacted who should not have been?

use std::process::ExitCode;

use engine::db::Database;
use engine::safety::{self, Kind};

use crate::config::Global;
use crate::output;

pub(super) async fn safety(global: &Global, database: &Database, all: bool) -> anyhow::Result<ExitCode> {
    let report = safety::check(database.pool()).await?;
    let code = if report.unexplained == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if global.json {
        output::json(&report)?;
        return Ok(code);
    }
    output::print(&format!("Looked at {} touches.", output::count(report.touches)));
    for kind in Kind::ALL {
        let of_kind: Vec<_> = report.cases.iter().filter(|case| case.kind == *kind).collect();
        let unexplained = of_kind.iter().filter(|case| case.explanation.is_none()).count();
        let mark = if unexplained == 0 { "✓" } else { "✗" };
        output::print(&format!(
            "{mark} {}: {unexplained} unexplained, {} explained",
            kind.words(),
            of_kind.len() - unexplained
        ));
        let shown: Vec<Vec<String>> = of_kind
            .iter()
            .filter(|case| all || case.explanation.is_none())
            .map(|case| {
                let who = case.full_name.as_ref().or(case.email.as_ref());
                vec![
                    format!("  {}", output::instant(case.event_timestamp)),
                    who.map_or_else(|| case.lead_id.to_string(), |who| output::plain(who)),
                    case.channel.clone(),
                    case.campaign_name.as_deref().map(|name| output::excerpt(name, 40)).unwrap_or_default(),
                    format!(
                        "{} ({}){}",
                        output::plain(&case.evidence),
                        output::instant(case.evidence_at),
                        case.explanation.as_ref().map(|why| format!(": {why}")).unwrap_or_default()
                    ),
                ]
            })
            .collect();
        if !shown.is_empty() {
            output::print(&output::table(&shown));
        }
    }
    if report.more {
        output::note(global, "there are more cases of a kind than are listed");
    }
    Ok(code)
}

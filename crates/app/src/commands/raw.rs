//! `touchline raw show`: one record as the vendor told it, now, then, or what changed between.

use std::process::ExitCode;

use engine::raw::{self, RawTable};
use engine::{Error, sources};
use jiff::Timestamp;
use serde_json::Value;

use crate::config::Global;
use crate::output;
use engine::db::Database;

pub(super) async fn show(
    global: &Global,
    database: &Database,
    table: &str,
    key: &str,
    as_of: Option<Timestamp>,
    diff: Option<&[Timestamp]>,
) -> anyhow::Result<ExitCode> {
    let raw_table = named(table)?;
    let pool = database.pool();
    let first_received = raw::versions(pool, raw_table, key).await?.last().map(|version| version.valid_from);
    let absent = |when: &str| {
        let hint = match first_received {
            Some(at) => format!("it was first received {at}; times it was gone at the vendor have no version"),
            None => "the key is the vendor's id; daily rows are keyed DATE|CAMPAIGN (campaign empty: the workspace)".into(),
        };
        Error::not_found(format!("{table} had no record {key} {when}"), hint)
    };
    if let Some([before, after]) = diff {
        let version = async |at: Timestamp| -> anyhow::Result<Value> {
            let found = raw::show(pool, raw_table, key, Some(at)).await?;
            Ok(found.ok_or_else(|| absent(&format!("at {at}")))?.payload)
        };
        let found = raw::difference(&version(*before).await?, &version(*after).await?);
        if global.json {
            output::json(&found)?;
        } else if found.is_empty() {
            output::print("Nothing changed.");
        } else {
            let told = |value: &Option<Value>| value.as_ref().map_or("(absent)".into(), Value::to_string);
            let rows: Vec<Vec<String>> = found
                .iter()
                .map(|d| vec![d.path.clone(), told(&d.before), "→".into(), told(&d.after)])
                .collect();
            output::print(&output::table(&rows));
        }
    } else {
        let when = as_of.map_or("at any time".into(), |at| format!("at {at}"));
        let version = raw::show(pool, raw_table, key, as_of).await?.ok_or_else(|| absent(&when))?;
        if global.json {
            output::json(&version)?;
        } else {
            let until = match (version.valid_to, version.gone) {
                (Some(at), true) => format!("gone at the vendor since {at}"),
                (Some(at), false) => format!("until {at}"),
                (None, _) => "as it stands".into(),
            };
            let kept = match raw::versions(pool, raw_table, key).await?.len() {
                1 => "the only version".to_owned(),
                versions => format!("{versions} versions are kept"),
            };
            output::note(global, &format!("received {}, {until}; {kept}", version.valid_from));
            if version.original.is_some() {
                output::note(global, "JSONB cannot hold this payload; the original bytes are in raw_bytes");
            }
            output::json(&version.payload)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn named(name: &str) -> engine::Result<&'static RawTable> {
    sources::raw_tables().find(|table| table.name == name).ok_or_else(|| {
        let known: Vec<&str> = sources::raw_tables().map(|table| table.name).collect();
        Error::invalid(format!("there is no raw table {name}"), format!("one of: {}", known.join(", ")))
    })
}

//! Every statement of the engine pastes into psql; the query that the contract promises runs.

use std::path::{Path, PathBuf};

use engine::sources;
use simulator::Size;
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};

use super::support::{Mirror, Store};

fn statements(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            statements(&path, found);
        } else if path.extension().is_some_and(|end| end == "sql") {
            found.push(path);
        }
    }
}

/// The statement as it runs, once for each raw table where it is made for them.
fn as_run(text: &str) -> Vec<String> {
    if !text.contains('{') || !text.contains("{table}") {
        return vec![text.to_owned()];
    }
    sources::SOURCES
        .iter()
        .flat_map(|source| {
            let streams = source.streams.iter().map(|stream| (stream.table, stream.complete_over));
            streams.chain(source.further_tables.iter().map(|table| (*table, None)))
        })
        .map(|(table, complete_over)| {
            let list = |form: &dyn Fn(&str, &str) -> String| {
                table.columns.iter().map(|c| form(c.0, c.1)).collect::<Vec<_>>().join(", ")
            };
            // The extracted columns come after the parameters that every table has.
            let first = 1 + (1..10).filter(|n| text.contains(&format!("${n}::"))).count();
            let parameters: String =
                (0..table.columns.len()).map(|n| format!(", ${}::text[]", n + first)).collect();
            text.replace("{table}", table.name)
                .replace("{key}", table.key)
                .replace("{same_record}", table.same_record)
                .replace("{scope}", complete_over.unwrap_or("true"))
                .replace("{parameters}", &parameters)
                .replace("{names}", &list(&|name, _| name.to_owned()))
                .replace("{typed}", &list(&|name, kind| format!("p.{name}::{kind} as {name}")))
                .replace("{assign}", &list(&|name, _| format!("{name} = i.{name}")))
                .replace("{incoming}", &list(&|name, _| format!("i.{name}")))
        })
        .collect()
}

#[tokio::test]
async fn every_statement_prepares_against_a_migrated_database() {
    let store = Store::new().await;
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for room in [
        "raw",
        "sync",
        "normalise",
        "sources",
        "overview",
        "leads",
        "connections",
        "inbox",
        "funnel",
        "users",
        "sessions",
        "api_keys",
        "audit",
        "idempotency",
        "states",
        "suppressions",
        "safety",
        "touches",
        "replies",
        "queue",
        "bulk",
        "campaigns",
        "offers",
        "companies",
        "reconcile",
        "jobs",
        "recordings",
        "touch_lists",
    ] {
        statements(&root.join(room), &mut files);
    }
    files.push(root.join("timeline.sql"));
    assert!(files.len() > 30, "{files:?}");
    let mut connection = store.pool().acquire().await.unwrap();
    for tables in ["normalise/changed.sql", "states/temporary.sql"] {
        let tables = std::fs::read_to_string(root.join(tables)).unwrap().replace("on commit drop", "");
        sqlx::raw_sql(AssertSqlSafe(tables)).execute(&mut *connection).await.unwrap();
    }
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        // Two statements, run above; and a condition that only stands within another statement.
        if file.ends_with("normalise/changed.sql")
            || file.ends_with("states/temporary.sql")
            || file.to_string_lossy().ends_with("_scope.sql")
        {
            continue;
        }
        for sql in as_run(&text) {
            let sql = AssertSqlSafe(sql).into_sql_str();
            if let Err(error) = (&mut *connection).prepare(sql).await {
                panic!("{}: {error}", file.display());
            }
        }
    }
}

#[tokio::test]
async fn the_query_that_the_contract_promises_runs_as_it_stands() {
    let mirror =
        Mirror::of(Size { leads: 1100, campaigns: 2, accounts: 2, steps: 1, bulk: Some((10, 100)) }).await;
    mirror.stream("campaign_analytics").await;
    let query = "select campaign_name,
       (raw_json->>'leads_count')::integer as leads,
       (raw_json->>'reply_count')::integer as replies
from instantly_campaigns_raw
where (raw_json->>'leads_count')::integer > 500;";
    let rows: Vec<(String, i32, i32)> = sqlx::query_as(query).fetch_all(mirror.pool()).await.unwrap();
    let expected = mirror.sim.world(|world| {
        let rows = world.analytics();
        let rows = rows.as_array().unwrap().iter();
        rows.filter(|row| row["leads_count"].as_i64().unwrap() > 500).count()
    });
    assert!(expected > 0);
    assert_eq!(rows.len(), expected, "{rows:?}");
    assert!(rows.iter().all(|(name, leads, replies)| !name.is_empty() && *leads > 500 && *replies >= 0));
}

//! Foreign keys: the contract's and no others on its columns. Deleting a lead must not delete history, and the raw
//! layer refers to nothing.

use sqlx::{AssertSqlSafe, PgConnection};

use super::catalog::{Constraint, Table};
use crate::{
    Result,
    db::plan::{Action, PlanStep},
};

/// Steps for one table, in order. Its parents exist by now.
pub(super) async fn compare(
    connection: &mut PgConnection,
    workspace: &str,
    contract: &Table,
    live: &Table,
    steps: &mut Vec<PlanStep>,
) -> Result<()> {
    let raw = contract.name.ends_with("_raw") && contract.references().is_empty();
    let mut names: Vec<&str> = live.constraints.iter().map(|found| found.name.as_str()).collect();
    let mut add: Vec<&Constraint> = Vec::new();
    let mut rename: Vec<(&Constraint, &Constraint)> = Vec::new();
    let mut kept: Vec<&str> = Vec::new();
    for wanted in contract.references() {
        let twins = || live.references().into_iter().filter(|found| same(workspace, wanted, found));
        match twins().find(|found| found.name == wanted.name).or_else(|| twins().next()) {
            Some(found) => {
                kept.push(&found.name);
                if found.name != wanted.name {
                    rename.push((found, wanted));
                }
            }
            None => add.push(wanted),
        }
    }
    let ours = |found: &Constraint| found.columns.iter().any(|name| contract.column(name).is_some());
    for found in live.references().into_iter().filter(|found| !kept.contains(&found.name.as_str())) {
        if ours(found) || raw {
            steps.push(drop(contract, live, found, raw));
            names.retain(|name| *name != found.name);
        }
    }
    for (found, wanted) in rename {
        if !names.contains(&wanted.name.as_str()) {
            let (table, was, name) = (&live.name, &found.name, &wanted.name);
            let sql = format!("alter table {table} rename constraint {was} to {name}");
            let what = format!("foreign key `{was}` is the contract's `{name}`");
            steps.push(PlanStep::new(Action::Rename, table, what, sql));
        }
    }
    for wanted in add {
        steps.push(reference(connection, live, wanted).await?);
    }
    Ok(())
}

fn same(workspace: &str, wanted: &Constraint, found: &Constraint) -> bool {
    found.columns == wanted.columns
        && found.parent == wanted.parent
        && found.parent_schema.as_deref() == Some(workspace)
        && found.parent_columns == wanted.parent_columns
        && found.on_delete == wanted.on_delete
        && found.on_update == wanted.on_update
}

fn drop(contract: &Table, live: &Table, found: &Constraint, raw: bool) -> PlanStep {
    let (table, name, columns) = (&live.name, &found.name, found.columns.join(", "));
    let wanted = contract.references().into_iter().find(|wanted| wanted.columns == found.columns);
    let parent = found.parent.as_deref().unwrap_or_default();
    let why = match wanted {
        _ if raw => {
            "the raw layer refers to nothing: a record is kept before what it speaks of is known".into()
        }
        Some(wanted) if wanted.parent == found.parent => {
            "the contract's takes its place, with its own ON DELETE: history outlives what it speaks of"
                .into()
        }
        Some(_) => format!("it points at {parent}; the contract's takes its place"),
        None => format!("the link to {parent} is a soft one: values may come before their record"),
    };
    PlanStep::new(
        Action::Relax,
        format!("{table}.{columns}"),
        format!("foreign key `{name}` goes: {why}"),
        format!("alter table {table} drop constraint {name}"),
    )
}

/// The missing foreign key; where rows have no parent it holds for new rows only.
async fn reference(connection: &mut PgConnection, live: &Table, wanted: &Constraint) -> Result<PlanStep> {
    let (table, column, name) = (&live.name, wanted.columns.join(", "), &wanted.name);
    let parent = wanted.parent.as_deref().unwrap_or_default();
    let key = wanted.parent_columns.join(", ");
    let orphans = format!(
        "select child.{column}::text, count(*) from {table} child
          where child.{column} is not null and not exists (select from {parent} where {parent}.{key} = child.{column})
          group by 1 order by 2 desc, 1"
    );
    let orphans: Vec<(String, i64)> = sqlx::query_as(AssertSqlSafe(orphans)).fetch_all(connection).await?;
    let mut sql = format!("alter table {table} add constraint {name} {}", wanted.definition);
    let mut what = format!("foreign key to {parent}");
    if !orphans.is_empty() {
        let rows: i64 = orphans.iter().map(|(_, rows)| rows).sum();
        let examples: Vec<_> = orphans.iter().take(3).map(|(value, _)| value.as_str()).collect();
        sql += " not valid";
        what += &format!(
            ", for new rows only (not valid): {rows} rows name a record that is not there ({}{})",
            examples.join(", "),
            if orphans.len() > 3 { ", …" } else { "" }
        );
    }
    Ok(PlanStep::new(Action::Add, format!("{table}.{column}"), what, sql))
}

//! CHECK constraints: lists of allowed values are the contract's or none; every other rule of the owner stays.

use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    catalog::{Constraint, Table},
    refusal::Refusal,
};
use crate::{
    Result,
    db::plan::{Action, PlanStep},
};

/// Steps and refusals for one table, in order.
pub(super) async fn compare(
    connection: &mut PgConnection,
    contract: &Table,
    live: &Table,
    steps: &mut Vec<PlanStep>,
    refusals: &mut Vec<Refusal>,
) -> Result<()> {
    let mut kept: Vec<&str> = Vec::new();
    for wanted in contract.checks() {
        if !wanted.columns.iter().all(|column| live.fits(contract, column)) {
            continue;
        }
        let rivals = || live.checks().into_iter().filter(|found| found.columns == wanted.columns);
        let same = |found: &&Constraint| found.definition == wanted.definition;
        let twin =
            rivals().filter(same).find(|found| found.name == wanted.name).or_else(|| rivals().find(same));
        let replaced = rivals().filter(|found| twin.is_none_or(|twin| twin.name != found.name));
        for found in replaced.filter(|found| lists_values(found) || found.name == wanted.name) {
            steps.push(drop(live, found, "the contract's list of values takes its place"));
        }
        match twin {
            Some(found) => {
                kept.push(&found.name);
                if found.name != wanted.name {
                    let (table, was, name) = (&live.name, &found.name, &wanted.name);
                    let sql = format!("alter table {table} rename constraint {was} to {name}");
                    let what = format!("CHECK `{was}` is the contract's `{name}`");
                    steps.push(PlanStep::new(Action::Rename, table, what, sql));
                }
            }
            None => match breaking_rows(connection, live, wanted).await? {
                Some(refusal) => refusals.push(refusal),
                None => {
                    let (table, name) = (&live.name, &wanted.name);
                    let sql = format!("alter table {table} add constraint {name} {}", wanted.definition);
                    let what = format!("{}: {}", wanted.columns.join(", "), wanted.definition);
                    steps.push(PlanStep::new(Action::Add, table, what, sql));
                }
            },
        }
    }
    let free = live.checks().into_iter().filter(|found| {
        let checked = contract.checks().iter().any(|wanted| wanted.columns == found.columns);
        !(kept.contains(&found.name.as_str()) || checked && lists_values(found))
    });
    for found in free.filter(|found| found.columns.iter().all(|name| contract.column(name).is_some())) {
        if demands_a_value(contract, found) {
            steps.push(drop(live, found, "the contract keeps rows that do not have it"));
        } else if lists_values(found) && found.columns.len() == 1 {
            steps.push(drop(live, found, "an open set: what a vendor brings next is kept too"));
        }
    }
    Ok(())
}

/// `x in ('a', 'b')`, which PostgreSQL spells `x = ANY (ARRAY['a', 'b'])`, or `x = 'a' or x = 'b'`.
fn lists_values(check: &Constraint) -> bool {
    check.definition.contains("= ANY (") || check.definition.contains(" = '")
}

/// NOT NULL in other words, of a column that may be empty.
fn demands_a_value(contract: &Table, check: &Constraint) -> bool {
    check.definition.contains("IS NOT NULL")
        && check.columns.iter().any(|name| contract.column(name).is_some_and(|column| !column.not_null))
}

fn drop(live: &Table, found: &Constraint, why: &str) -> PlanStep {
    let (table, name) = (&live.name, &found.name);
    PlanStep::new(
        Action::Relax,
        format!("{table}.{}", found.columns.join(", ")),
        format!("CHECK `{name}` goes: {why}"),
        format!("alter table {table} drop constraint {name}"),
    )
}

/// Values that the contract's CHECK does not allow, with how many rows hold them.
async fn breaking_rows(
    connection: &mut PgConnection,
    live: &Table,
    wanted: &Constraint,
) -> Result<Option<Refusal>> {
    let table = &live.name;
    let rule = wanted.definition.trim_start_matches("CHECK ");
    let columns: Vec<_> = wanted.columns.iter().map(|column| format!("{column}::text")).collect();
    let sql = format!(
        "select concat_ws(', ', {}), count(*) from {table} where not {rule} group by 1 order by 2 desc, 1",
        columns.join(", ")
    );
    let found: Vec<(String, i64)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(connection).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let values: Vec<_> =
        found.iter().take(20).map(|(value, rows)| format!("\n    '{value}': {rows} rows")).collect();
    let more = found.len().saturating_sub(20);
    let more = if more > 0 { format!("\n    … and {more} more") } else { String::new() };
    let column = wanted.columns.join(", ");
    Ok(Some(Refusal::new(
        format!("{table}.{column}"),
        format!("holds values that the contract does not know:{}{more}", values.concat()),
        format!(
            "change them to values it knows (`update {table} set {column} = … where {column} = …`; it allows {rule}), \
             after dropping a CHECK of yours that forbids those"
        ),
    )))
}

//! Columns of a table made by hand against the contract: missing ones come, what is too strict is loosened, types
//! that hold less are widened, and a column of another type is refused. Leaves keys, checks and references to others.

use super::{
    catalog::{Column, Table},
    refusal::Refusal,
    types::{self, Fit},
    widen::{self, Narrow},
};
use crate::{
    Result,
    db::plan::{Action, PlanStep},
};
use sqlx::PgConnection;

/// Steps and refusals for one table, in order.
pub(super) async fn compare(
    connection: &mut PgConnection,
    contract: &Table,
    live: &Table,
    steps: &mut Vec<PlanStep>,
    refusals: &mut Vec<Refusal>,
) -> Result<()> {
    let has_rows = super::ask(connection, &format!("select exists (select from {})", live.name)).await?;
    let primary_key: &[String] = live.primary_key().map_or(&[], |key| &key.columns);
    let mut narrow = Vec::new();
    for wanted in &contract.columns {
        let Some(found) = live.column(&wanted.name) else {
            steps.extend(add(&live.name, wanted, has_rows));
            continue;
        };
        let refused = refusals.len();
        fit_type(&live.name, wanted, found, &mut narrow, refusals);
        if refusals.len() > refused {
            continue;
        }
        if let (Some(default), None, "") = (&wanted.default, &found.default, found.identity.as_str()) {
            steps.push(set_default(&live.name, &wanted.name, default));
        }
        if wanted.not_null && !found.not_null {
            require(connection, &live.name, wanted, has_rows, steps).await?;
        }
        // A column of the primary key cannot be null while the key stands: `keys` sees to those.
        if !wanted.not_null && found.not_null && !primary_key.contains(&found.name) {
            let why = "may be empty: the contract keeps rows that do not have it";
            steps.push(drop_not_null(&live.name, &found.name, why));
        }
    }
    widen::widen(live, &narrow, steps, refusals);
    let extra = live.columns.iter().filter(|column| contract.column(&column.name).is_none());
    for column in extra {
        if column.not_null && column.stays_null_when_left_out() && !primary_key.contains(&column.name) {
            let why = "an extra column, stays, but may be empty: rows that Touchline writes leave it out";
            steps.push(drop_not_null(&live.name, &column.name, why));
        }
    }
    Ok(())
}

fn add(table: &str, wanted: &Column, has_rows: bool) -> Vec<PlanStep> {
    let Column { name, type_name, .. } = wanted;
    let mut sql = format!("alter table {table} add column {name} {type_name}");
    if let Some(default) = &wanted.default {
        sql += &format!(" default {default}");
    }
    if wanted.identity == "a" {
        sql += " generated always as identity";
    }
    let fillable = wanted.default.is_some() || !wanted.identity.is_empty() || !has_rows;
    if wanted.not_null && fillable {
        sql += " not null";
    }
    let subject = format!("{table}.{name}");
    let mut steps = vec![PlanStep::new(Action::Add, &subject, format!("column, {type_name}"), sql)];
    if wanted.not_null && !fillable {
        let what = "new column, empty in the rows that are there: it stays optional, though the contract wants it filled";
        steps.push(PlanStep::note(subject, what));
    }
    steps
}

fn fit_type<'a>(
    table: &str,
    wanted: &'a Column,
    found: &'a Column,
    narrow: &mut Vec<Narrow<'a>>,
    refusals: &mut Vec<Refusal>,
) {
    let subject = format!("{table}.{}", found.name);
    let (name, was, will) = (&found.name, &found.type_name, &wanted.type_name);
    if !found.generated.is_empty() && wanted.generated.is_empty() {
        refusals.push(Refusal::new(
            subject,
            "is a generated column; Touchline writes it itself",
            format!("keep its present values as plain ones: `alter table {table} alter column {name} drop expression`"),
        ));
        return;
    }
    match types::fit(&wanted.type_name, found) {
        Fit::Same | Fit::Wider => {}
        Fit::Widen { harmless } => narrow.push(Narrow { wanted, found, harmless }),
        Fit::Other => refusals.push(Refusal::new(
            &subject,
            format!("is of type {was}; it must be {will}"),
            types::remedy(table, wanted, found),
        )),
    }
}

fn set_default(table: &str, column: &str, default: &str) -> PlanStep {
    PlanStep::new(
        Action::Add,
        format!("{table}.{column}"),
        format!("default {default}"),
        format!("alter table {table} alter column {column} set default {default}"),
    )
}

fn drop_not_null(table: &str, column: &str, why: &str) -> PlanStep {
    PlanStep::new(
        Action::Relax,
        format!("{table}.{column}"),
        why,
        format!("alter table {table} alter column {column} drop not null"),
    )
}

/// NOT NULL where every row has a value, or can be given the contract's default.
async fn require(
    connection: &mut PgConnection,
    table: &str,
    wanted: &Column,
    has_rows: bool,
    steps: &mut Vec<PlanStep>,
) -> Result<()> {
    let name = &wanted.name;
    let subject = format!("{table}.{name}");
    let set = format!("alter table {table} alter column {name} set not null");
    let empty = if has_rows {
        super::count(connection, &format!("select count(*) from {table} where {name} is null")).await?
    } else {
        0
    };
    match &wanted.default {
        _ if empty == 0 => {
            steps.push(PlanStep::new(
                Action::Add,
                subject,
                "is filled in every row, and must be from now on",
                set,
            ));
        }
        Some(default) => {
            let fill = format!("update {table} set {name} = {default} where {name} is null");
            let what = format!(
                "the default {default} for {empty} rows that have no value; must be filled from now on"
            );
            // A deferred trigger of the table would make the next statement fail.
            let sql = vec![fill, "set constraints all immediate".into(), set];
            steps.push(PlanStep { action: Action::Add, subject, what, sql });
        }
        None => {
            let what =
                format!("is empty in {empty} rows: it stays optional, though the contract wants it filled");
            steps.push(PlanStep::note(subject, what));
        }
    }
    Ok(())
}

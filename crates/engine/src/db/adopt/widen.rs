//! Columns that hold less than the contract are widened. PostgreSQL refuses that while a generated column reads them, so
//! such columns are made anew around it: they hold nothing of their own. A view in the way is refused by name.

use super::{
    catalog::{Column, Table},
    refusal::Refusal,
};
use crate::db::plan::{Action, PlanStep};

/// A column as the contract wants it and as it is; `harmless`: it may stay where something reads it.
pub(super) struct Narrow<'a> {
    pub(super) wanted: &'a Column,
    pub(super) found: &'a Column,
    pub(super) harmless: bool,
}

pub(super) fn widen(
    live: &Table,
    narrow: &[Narrow<'_>],
    steps: &mut Vec<PlanStep>,
    refusals: &mut Vec<Refusal>,
) {
    let table = &live.name;
    let mut together: Vec<&Narrow<'_>> = Vec::new();
    for column in narrow {
        let Narrow { wanted, found, harmless } = column;
        if found.dependents.is_empty() {
            let what =
                format!("{} becomes {}: the contract has no such limit", found.type_name, wanted.type_name);
            let sql = format!("alter table {table} {}", change(column));
            steps.push(PlanStep::new(Action::Relax, format!("{table}.{}", found.name), what, sql));
        } else if *harmless {
            // It stays: varchar without a limit holds all that text holds.
        } else if found.dependents.iter().all(|reader| can_be_made_anew(live, reader)) {
            together.push(column);
        } else {
            refusals.push(refusal(table, column));
        }
    }
    steps.extend(around_generated_columns(live, &together));
}

fn change(column: &Narrow<'_>) -> String {
    format!("alter column {} type {}", column.found.name, column.wanted.type_name)
}

/// The generated column a dependent is, where that is what it is.
fn generated<'a>(live: &'a Table, reader: &str) -> Option<&'a Column> {
    let name = reader.strip_prefix("generated column ")?.strip_prefix(&live.name)?.strip_prefix('.')?;
    live.column(name)
}

/// Nothing reads it and no constraint stands on it; plain indexes can be made anew with it.
fn can_be_made_anew(live: &Table, reader: &str) -> bool {
    generated(live, reader).is_some_and(|column| {
        column.dependents.is_empty()
            && !live.constraints.iter().any(|constraint| constraint.columns.contains(&column.name))
    })
}

fn around_generated_columns(live: &Table, narrow: &[&Narrow<'_>]) -> Option<PlanStep> {
    let table = &live.name;
    let reads = |column: &Column| {
        let mut readers = narrow.iter().flat_map(|narrow| &narrow.found.dependents);
        readers.any(|reader| generated(live, reader).is_some_and(|found| found.name == column.name))
    };
    let anew: Vec<_> = live.columns.iter().filter(|column| reads(column)).collect();
    if anew.is_empty() {
        return None;
    }
    let names: Vec<_> = anew.iter().map(|column| column.name.as_str()).collect();
    let drops: Vec<_> = names.iter().map(|name| format!("drop column {name}")).collect();
    let changes: Vec<_> = narrow.iter().map(|column| change(column)).collect();
    let mut sql = vec![
        format!("alter table {table} {}", drops.join(", ")),
        format!("alter table {table} {}", changes.join(", ")),
    ];
    for column in anew {
        sql.extend(make(table, column));
    }
    let lost = |columns: &[String]| columns.iter().any(|column| names.contains(&column.as_str()));
    sql.extend(
        live.indexes.iter().filter(|index| lost(&index.columns)).map(|index| index.definition.clone()),
    );
    let widened: Vec<_> = narrow.iter().map(|column| column.found.name.as_str()).collect();
    let what = format!(
        "{} lose their limit of length; {}, generated from them, is made anew with the same expression",
        widened.join(", "),
        names.join(", ")
    );
    Some(PlanStep { action: Action::Relax, subject: table.clone(), what, sql })
}

/// A generated column as it was, with its comment.
fn make(table: &str, column: &Column) -> Vec<String> {
    let Column { name, type_name, .. } = column;
    let expression = column.expression.as_deref().unwrap_or_default();
    let kept = if column.generated == "v" { "virtual" } else { "stored" };
    let filled = if column.not_null { " not null" } else { "" };
    let add = format!(
        "alter table {table} add column {name} {type_name} generated always as ({expression}) {kept}{filled}"
    );
    let comment = column
        .comment
        .as_ref()
        .map(|comment| format!("comment on column {table}.{name} is '{}'", comment.replace('\'', "''")));
    [Some(add), comment].into_iter().flatten().collect()
}

fn refusal(table: &str, column: &Narrow<'_>) -> Refusal {
    let (name, was, will) = (&column.found.name, &column.found.type_name, &column.wanted.type_name);
    Refusal::new(
        format!("{table}.{name}"),
        format!("is {was} and must become {will}, but {} depends on it", column.found.dependents.join(", ")),
        format!(
            "drop what depends on it, run `alter table {table} alter column {name} type {will}`, and make it anew"
        ),
    )
}

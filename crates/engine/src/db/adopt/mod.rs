//! Adoption: tables of the contract that somebody made by hand become ours, with every row and every extra column.
//! What is missing comes, what is too strict is loosened, and what stands in the way is refused by name before
//! anything changes. Leaves the migrations nobody made by hand to `migrate`.
//!
//! - [`catalog`] what is there, and what the contract wants
//! - [`columns`], [`types`], [`widen`], [`keys`], [`duplicates`], [`checks`], [`indexes`], [`references`] one kind of thing each
//! - [`refusal`] what stands in the way

mod catalog;
mod checks;
mod columns;
mod duplicates;
mod indexes;
mod keys;
mod phases;
mod references;
mod refusal;
mod types;
mod widen;

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, PgConnection};

use self::{
    catalog::Table,
    phases::{Adoption, Phase},
};
use super::{
    ledger::{self, How},
    made,
    migrations::Migration,
    plan::{Action, Plan, PlanStep},
    trouble,
};
use crate::{Error, Result};

/// Migrations up to this one make tables that a person may have made before; each file can run again unharmed.
const LAST: i32 = 12;

/// Adopts what is there of the tables of `pending`, in the transaction `connection` is in, and records it.
pub(super) async fn adopt(
    connection: &mut PgConnection,
    pending: &[&'static Migration],
    plan: &mut Plan,
) -> Result<()> {
    let files: Vec<_> = pending.iter().copied().filter(|migration| migration.version <= LAST).collect();
    let names: Vec<String> = files.iter().flat_map(|file| made::tables(file)).map(str::to_owned).collect();
    let workspace: String = sqlx::query_scalar("select current_schema()").fetch_one(&mut *connection).await?;
    let live = catalog::read(connection, &workspace, &names).await?;
    if live.is_empty() {
        return Ok(());
    }
    trouble::run(connection, "adopting tables", "set local row_security = off").await?;
    let all: Vec<_> = super::migrations::MIGRATIONS.iter().filter(|file| file.version <= LAST).collect();
    let contract = catalog::read_contract(connection, &all, &names).await?;
    let mut adoption = Adoption { workspace, names, contract, steps: Vec::new(), refusals: Vec::new() };

    let rows = adoption.admit(connection, &live).await?;
    for phase in [Phase::Columns, Phase::Loosen, Phase::Checks, Phase::ClearNames, Phase::Keys] {
        adoption.perform(connection, phase).await?;
    }
    if !adoption.refusals.is_empty() {
        return Err(refusal::error(&adoption.refusals));
    }
    plan.steps.append(&mut adoption.steps);
    run_files(connection, &files, &live, &rows, &adoption, plan).await?;
    adoption.perform(connection, Phase::References).await?;
    adoption.verify(connection).await?;
    plan.steps.append(&mut adoption.steps);
    Ok(())
}

/// The files themselves make what is still missing, comments and row-level security included.
async fn run_files(
    connection: &mut PgConnection,
    files: &[&'static Migration],
    live: &[Table],
    rows: &BTreeMap<String, i64>,
    adoption: &Adoption,
    plan: &mut Plan,
) -> Result<()> {
    let before = catalog::read(connection, &adoption.workspace, &adoption.names).await?;
    for file in files {
        trouble::run(connection, &format!("migration `{}`", file.name), file.sql).await?;
        let tables: Vec<_> = made::tables(file);
        let there: Vec<_> =
            tables.iter().filter(|name| live.iter().any(|table| table.name == **name)).collect();
        let how = if there.is_empty() { How::Applied } else { How::Adopted };
        ledger::record(connection, file, how).await?;
        if there.is_empty() {
            plan.push(PlanStep::new(Action::Apply, file.name, "none of its tables is there yet", file.sql));
            continue;
        }
        let told: Vec<_> = there
            .iter()
            .map(|name| format!("{name} ({} rows)", rows.get(**name).copied().unwrap_or_default()))
            .collect();
        let what = format!("made by hand, becomes ours with every row and extra column: {}", told.join(", "));
        plan.push(PlanStep::new(Action::Adopt, file.name, what, file.sql));
        for wanted in adoption.contract.iter().filter(|table| tables.contains(&table.name.as_str())) {
            plan.steps.extend(created(wanted, &before));
        }
    }
    Ok(())
}

/// What a file made of a table, or on it, that was not there.
fn created(wanted: &Table, before: &[Table]) -> Vec<PlanStep> {
    let Some(found) = before.iter().find(|table| table.name == wanted.name) else {
        let what = "the table, which was missing, by its migration file";
        return vec![PlanStep {
            action: Action::Create,
            subject: wanted.name.clone(),
            what: what.into(),
            sql: vec![],
        }];
    };
    wanted
        .indexes
        .iter()
        .filter(|index| {
            index.constraint.is_none() && !found.indexes.iter().any(|there| there.name == index.name)
        })
        .map(|index| {
            let what = format!("index `{}`: {}", index.name, index.shape);
            PlanStep::new(Action::Create, &wanted.name, what, index.definition_unqualified())
        })
        .collect()
}

/// A migration after the adoptable ones whose table's name is taken would skip it in silence; so it is refused.
pub(super) async fn refuse_taken_names(
    connection: &mut PgConnection,
    pending: &[&'static Migration],
) -> Result<()> {
    let names: Vec<String> = pending
        .iter()
        .filter(|file| file.version > LAST)
        .flat_map(|file| made::tables(file))
        .map(str::to_owned)
        .collect();
    let taken: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relnamespace = current_schema()::regnamespace and relname = any ($1)",
    )
    .bind(&names)
    .fetch_all(connection)
    .await?;
    if taken.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(
        format!("`{}` is there already, but Touchline did not make it", taken.join("`, `")),
        format!(
            "rename it, e.g. `alter table {0} rename to {0}_before`, then run `touchline migrate` again",
            taken[0]
        ),
    ))
}

async fn ask(connection: &mut PgConnection, sql: &str) -> Result<bool> {
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await?)
}

async fn count(connection: &mut PgConnection, sql: &str) -> Result<i64> {
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await?)
}

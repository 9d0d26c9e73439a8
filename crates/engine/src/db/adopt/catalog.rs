//! What PostgreSQL says is there: tables with their columns, constraints and indexes, as plain values to compare.
//! Leaves judging to the rooms beside it.

use serde::Deserialize;
use sqlx::{Connection, PgConnection, types::Json};

use super::types;
use crate::{
    Result,
    db::{migrations::Migration, trouble},
};

const CATALOG: &str = include_str!("catalog.sql");

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) kind_in_words: String,
    pub(super) owner: String,
    /// Who is asking.
    pub(super) role: String,
    pub(super) ours_to_change: bool,
    pub(super) columns: Vec<Column>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) indexes: Vec<Index>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Column {
    pub(super) name: String,
    /// As declared, e.g. `character varying(100)`.
    #[serde(rename = "type")]
    pub(super) type_name: String,
    /// Without length or precision, e.g. `character varying`.
    pub(super) base: String,
    /// `pg_type.typtype`: b base, e enum, d domain, …
    pub(super) kind: String,
    pub(super) not_null: bool,
    pub(super) identity: String,
    pub(super) generated: String,
    pub(super) default: Option<String>,
    /// What a generated column is made of.
    pub(super) expression: Option<String>,
    pub(super) comment: Option<String>,
    /// Views, generated columns, triggers and policies that read it.
    pub(super) dependents: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Constraint {
    pub(super) name: String,
    /// `pg_constraint.contype`: p, u, f, c.
    pub(super) kind: String,
    pub(super) columns: Vec<String>,
    pub(super) definition: String,
    pub(super) parent: Option<String>,
    pub(super) parent_schema: Option<String>,
    pub(super) parent_columns: Vec<String>,
    pub(super) on_delete: String,
    pub(super) on_update: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) primary: bool,
    pub(super) usable: bool,
    /// The constraint it stands for.
    pub(super) constraint: Option<String>,
    pub(super) keys: Vec<String>,
    pub(super) predicate: Option<String>,
    pub(super) nulls_distinct: bool,
    pub(super) shape: String,
    pub(super) definition: String,
    /// Columns only, ascending, whole table: what a constraint can stand on.
    pub(super) plain: bool,
    /// Every column it reads, predicate included.
    pub(super) columns: Vec<String>,
    /// Foreign keys that need it.
    pub(super) leaned_on_by: Vec<String>,
}

impl Table {
    /// Whether the column is there and of a type the contract can live with.
    pub(super) fn fits(&self, contract: &Self, column: &str) -> bool {
        match (contract.column(column), self.column(column)) {
            (Some(wanted), Some(found)) => types::fit(&wanted.type_name, found) != types::Fit::Other,
            _ => false,
        }
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub(super) fn checks(&self) -> Vec<&Constraint> {
        self.constraints.iter().filter(|constraint| constraint.kind == "c").collect()
    }

    pub(super) fn references(&self) -> Vec<&Constraint> {
        self.constraints.iter().filter(|constraint| constraint.kind == "f").collect()
    }

    pub(super) fn primary_key(&self) -> Option<&Index> {
        self.indexes.iter().find(|index| index.primary)
    }
}

impl Column {
    /// Our inserts leave it out; then it is null.
    pub(super) fn stays_null_when_left_out(&self) -> bool {
        self.default.is_none() && self.identity.is_empty() && self.generated.is_empty()
    }

    /// Our inserts leave it out; then it has another value in each row.
    pub(super) fn varies_when_left_out(&self) -> bool {
        let default = self.default.as_deref().unwrap_or_default();
        !self.identity.is_empty()
            || ["nextval(", "uuid", "random"].iter().any(|maker| default.contains(maker))
    }
}

impl Index {
    /// The statement that makes it in whatever schema is current.
    pub(super) fn definition_unqualified(&self) -> String {
        match self
            .definition
            .split_once(" ON ")
            .and_then(|(head, tail)| Some((head, tail.split_once('.')?.1)))
        {
            Some((head, tail)) => format!("{head} ON {tail}"),
            None => self.definition.clone(),
        }
    }

    /// Same index but for the name. Casts between kinds of text are no difference: a column that stays
    /// `citext` or `varchar` has them spelled out.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        let essence = |shape: &str| {
            shape.replace("::text", "").replace("::character varying", "").replace(['(', ')'], "")
        };
        essence(&self.shape) == essence(&other.shape)
    }
}

/// The tables of `names` that schema `schema` holds.
pub(super) async fn read(
    connection: &mut PgConnection,
    schema: &str,
    names: &[String],
) -> Result<Vec<Table>> {
    let tables: Vec<Json<Table>> =
        sqlx::query_scalar(CATALOG).bind(schema).bind(names).fetch_all(connection).await?;
    Ok(tables.into_iter().map(|Json(table)| table).collect())
}

/// What the migration files make, read off a scratch schema that is rolled back.
pub(super) async fn read_contract(
    connection: &mut PgConnection,
    migrations: &[&'static Migration],
    names: &[String],
) -> Result<Vec<Table>> {
    let mut scratch = connection.begin().await?;
    let schema: String = sqlx::query_scalar("select 'touchline_scratch_' || pg_backend_pid()")
        .fetch_one(&mut *scratch)
        .await?;
    let doing = "reading the contract";
    trouble::run(&mut scratch, doing, &format!("create schema {schema}; set local search_path = {schema}"))
        .await?;
    for migration in migrations {
        trouble::run(&mut scratch, doing, migration.sql).await?;
    }
    let mut tables = read(&mut scratch, &schema, names).await?;
    scratch.rollback().await?;
    // Parents in the scratch schema stand for parents in the workspace, whatever that is called.
    for constraint in tables.iter_mut().flat_map(|table| &mut table.constraints) {
        constraint.parent_schema = None;
    }
    Ok(tables)
}

//! Databases made by hand, and what to compare of them before and after.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, PgPool};

use crate::own_database::supabase_database;

pub(crate) const FIRST_TWO: &str = include_str!("fixtures/handmade_001_002.sql");
pub(crate) const THREE_TO_NINE: &str = include_str!("fixtures/handmade_003_009.sql");
pub(crate) const LEADS_AND_STEPS: &str = include_str!("fixtures/handmade_012_013.sql");

/// A Supabase project in which somebody ran these files by hand.
pub(crate) async fn handmade(legacy: bool, files: &[&str]) -> PgPool {
    let (_, pool) = supabase_database(legacy).await;
    for file in files {
        run(&pool, file).await;
    }
    pool
}

pub(crate) async fn run(pool: &PgPool, sql: &str) {
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await.unwrap();
    // A fixture sets its own search_path.
    sqlx::raw_sql("reset search_path").execute(&mut *connection).await.unwrap();
}

/// One value, as text; null reads `null`.
pub(crate) async fn one(pool: &PgPool, sql: &str) -> String {
    let value: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await.unwrap();
    value.unwrap_or_else(|| "null".into())
}

/// Every fact of the catalog, one a line.
pub(crate) async fn catalog(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(include_str!("fixtures/catalog_dump.sql")).fetch_all(pool).await.unwrap()
}

/// Facts of the kinds adoption brings into line: those of a fresh database must be in an adopted one.
pub(crate) async fn contract(pool: &PgPool) -> Vec<String> {
    let kinds = ["comment ", "constraint ", "index ", "trigger ", "column "];
    catalog(pool).await.into_iter().filter(|line| kinds.iter().any(|kind| line.starts_with(kind))).collect()
}

/// Table → its columns, and its rows as JSON with these columns only, in order.
pub(crate) type Contents = BTreeMap<String, (Vec<String>, Vec<String>)>;

/// Everything in schema public.
pub(crate) async fn contents(pool: &PgPool) -> Contents {
    let tables: Vec<(String, Vec<String>)> = sqlx::query_as(
        "select table_name::text, array_agg(column_name::text order by ordinal_position)
           from information_schema.columns join information_schema.tables using (table_schema, table_name)
          where table_schema = 'public' and table_type = 'BASE TABLE'
          group by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut contents = Contents::new();
    for (table, columns) in tables {
        let rows = rows(pool, &table, &columns).await;
        contents.insert(table, (columns, rows));
    }
    contents
}

/// What is in these columns of these tables now.
pub(crate) async fn contents_of_the_same(pool: &PgPool, before: &Contents) -> Contents {
    let mut after = Contents::new();
    for (table, (columns, _)) in before {
        after.insert(table.clone(), (columns.clone(), rows(pool, table, columns).await));
    }
    after
}

async fn rows(pool: &PgPool, table: &str, columns: &[String]) -> Vec<String> {
    let pairs: Vec<_> = columns.iter().map(|column| format!("'{column}', {column}")).collect();
    let sql = format!("select jsonb_build_object({})::text from {table} order by 1", pairs.join(", "));
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap()
}

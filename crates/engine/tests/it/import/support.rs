//! Imports bytes and asks what came of it.

use std::io::Cursor;
use std::path::PathBuf;

use engine::clock::Clock;
use engine::import::{self, Imported, Input, Options};
use engine::sync::Stop;
use jiff::Timestamp;
use sqlx::PgPool;

pub(super) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/csv")
}

pub(super) fn clock() -> Clock {
    Clock::new(|| "2026-11-20T09:00:00Z".parse::<Timestamp>().unwrap())
}

pub(super) fn file(name: &str) -> Input {
    Input::File { name: name.into(), path: folder().join(name) }
}

pub(super) fn stream(bytes: impl Into<Vec<u8>>) -> Input {
    Input::Stream { name: "list.csv".into(), source: Box::new(Cursor::new(bytes.into())) }
}

pub(super) async fn run(pool: &PgPool, input: Input, options: &Options) -> engine::Result<Imported> {
    import::import(pool, input, options, &clock(), &Stop::never(), &()).await
}

/// Imports bytes with the usual options.
pub(super) async fn import(pool: &PgPool, bytes: impl Into<Vec<u8>>) -> Imported {
    run(pool, stream(bytes), &Options::default()).await.unwrap()
}

/// Everything the import may write in the workspace, as text: for saying that nothing changed.
pub(super) async fn contents(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select 'lead ' || (to_jsonb(l) - 'id' - 'company_id' - 'csv_import_id' - 'updated_at' - 'created_at')::text
                  || coalesce(' at ' || coalesce(c.company_domain, c.company_name), '')
           from leads l left join companies c on c.id = l.company_id
         union all
         select 'company ' || (to_jsonb(c) - 'id' - 'first_seen_in_csv_id' - 'updated_at' - 'created_at')::text from companies c
         union all
         select 'identity ' || identity_kind || ' ' || identity_value from lead_identities
         order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

pub(super) async fn one<T>(pool: &PgPool, sql: &'static str) -> T
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

//! A database for each test, on the server that TOUCHLINE_TEST_DATABASE_URL names.

use std::{
    env,
    process::id,
    str::FromStr,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{
    AssertSqlSafe, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A new database with nothing in it, as its owner, and its address.
pub(crate) async fn empty_database() -> (PgPool, String) {
    let server = env::var("TOUCHLINE_TEST_DATABASE_URL").expect("TOUCHLINE_TEST_DATABASE_URL names a server");
    let name = format!("adopt_{}_{}", id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.unwrap();
    drop_leftovers(&mut connection).await;
    let create = format!("create database {name} template template0");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    let (address, parameters) = server.split_once('?').unwrap_or((&server, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    let url = format!("{address}/{name}?{parameters}");
    (pool(PgConnectOptions::from_str(&url).unwrap()), url)
}

/// A Supabase project's database, as superuser and as `sb_postgres`, which is none. `legacy`: the era in which new
/// tables were granted to the API roles at once.
pub(crate) async fn supabase_database(legacy: bool) -> (PgPool, PgPool) {
    let (superuser, url) = empty_database().await;
    let server = env::var("TOUCHLINE_TEST_DATABASE_URL").unwrap();
    let mut roles = PgConnection::connect(&server).await.unwrap();
    let mut roles = roles.begin().await.unwrap();
    sqlx::raw_sql("select pg_advisory_xact_lock(1)").execute(&mut *roles).await.unwrap();
    sqlx::raw_sql(include_str!("fixtures/supabase_roles.sql")).execute(&mut *roles).await.unwrap();
    roles.commit().await.unwrap();
    let grants = if legacy {
        include_str!("fixtures/supabase_legacy_grants.sql")
    } else {
        include_str!("fixtures/supabase_new_grants.sql")
    };
    sqlx::raw_sql(include_str!("fixtures/supabase_database.sql")).execute(&superuser).await.unwrap();
    sqlx::raw_sql(grants).execute(&superuser).await.unwrap();
    let options = PgConnectOptions::from_str(&url).unwrap();
    let grant = format!("grant create on database {} to sb_postgres", options.get_database().unwrap());
    sqlx::raw_sql(AssertSqlSafe(grant)).execute(&superuser).await.unwrap();
    (superuser, pool(options.username("sb_postgres")))
}

fn pool(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new().max_connections(5).connect_lazy_with(options)
}

/// Databases of test runs that are over.
async fn drop_leftovers(connection: &mut PgConnection) {
    let names: Vec<String> =
        sqlx::query_scalar("select datname from pg_database where datname like 'adopt\\_%\\_%'")
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    for name in names {
        let process = name.split('_').nth(1).unwrap_or_default();
        if !std::path::Path::new("/proc").join(process).exists() {
            let drop = format!("drop database if exists {name} with (force)");
            sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut *connection).await.ok();
        }
    }
}

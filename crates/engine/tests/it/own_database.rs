//! A database for each test of the migrations: with nothing in it, or as a Supabase project has it.
//! Short words for what `testkit` does; nothing is dropped here, a later test process removes what stays.

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testkit::Era;

/// A new database with nothing in it, as its owner, and its address.
pub(crate) async fn empty_database() -> (PgPool, String) {
    let database = testkit::empty_database().await;
    let (pool, url) = (database.pool().clone(), database.url());
    std::mem::forget(database);
    (pool, url)
}

/// A Supabase project's database, as superuser and as `sb_postgres`, which is none. `legacy`: the era in which new
/// tables were granted to the API roles at once.
pub(crate) async fn supabase_database(legacy: bool) -> (PgPool, PgPool) {
    let project = testkit::supabase(if legacy { Era::Granted } else { Era::Revoked }).await;
    let owner = PgPoolOptions::new().max_connections(5).connect_lazy(&project.url()).unwrap();
    let superuser = project.database().pool().clone();
    std::mem::forget(project);
    (superuser, owner)
}

//! Migrating a fresh database: everything is applied once, a second run does nothing.

use engine::db::{Action, migrate, migrations::MIGRATIONS, plan};

use crate::own_database::{empty_database, supabase_database};

#[tokio::test]
async fn a_fresh_database_gets_every_migration_once() {
    let (pool, _) = empty_database().await;
    let first = migrate(&pool).await.unwrap();
    let applied: Vec<_> = first
        .steps
        .iter()
        .filter(|step| step.action == Action::Apply)
        .map(|step| step.subject.as_str())
        .collect();
    assert_eq!(applied, MIGRATIONS.iter().map(|migration| migration.name).collect::<Vec<_>>());
    let second = migrate(&pool).await.unwrap();
    assert!(second.is_empty(), "{second}");
}

#[tokio::test]
async fn a_fresh_supabase_project_of_either_era_is_migrated_without_a_superuser() {
    for legacy in [false, true] {
        let (_, pool) = supabase_database(legacy).await;
        migrate(&pool).await.unwrap();
        let second = migrate(&pool).await.unwrap();
        assert!(second.is_empty(), "{second}");
    }
}

#[tokio::test]
async fn a_dry_run_of_a_fresh_database_changes_nothing() {
    let (pool, _) = empty_database().await;
    let rehearsed = plan(&pool).await.unwrap();
    let tables: i64 = sqlx::query_scalar(
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname in ('public', 'touchline')",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(tables, 0);
    assert_eq!(rehearsed, migrate(&pool).await.unwrap());
}

#[tokio::test]
async fn of_four_that_migrate_at_once_one_does_it_and_the_others_find_nothing_to_do() {
    let (pool, _) = empty_database().await;
    let (a, b, c, d) = tokio::join!(migrate(&pool), migrate(&pool), migrate(&pool), migrate(&pool));
    let plans = [a.unwrap(), b.unwrap(), c.unwrap(), d.unwrap()];
    assert_eq!(plans.iter().filter(|plan| !plan.is_empty()).count(), 1);
}

//! A kill at any moment, a failure half-way: whole migrations are there or not, and the next run goes on.

use std::{iter, time::Duration};

use engine::db::{Action, migrate};

use crate::{
    adoption_support::{FIRST_TWO, LEADS_AND_STEPS, THREE_TO_NINE, catalog, contents, handmade, one, run},
    own_database::empty_database,
};

#[tokio::test]
async fn killed_again_and_again_it_ends_where_an_undisturbed_run_ends() {
    let files = [FIRST_TWO, THREE_TO_NINE, LEADS_AND_STEPS];
    let undisturbed = handmade(true, &files).await;
    migrate(&undisturbed).await.unwrap();
    let wanted = catalog(&undisturbed).await;

    let pool = handmade(true, &files).await;
    let untouched = (catalog(&pool).await, contents(&pool).await);
    for milliseconds in iter::successors(Some(20), |last| Some(last * 4 / 3)) {
        let mut attempt = tokio::spawn({
            let pool = pool.clone();
            async move { migrate(&pool).await }
        });
        match tokio::time::timeout(Duration::from_millis(milliseconds), &mut attempt).await {
            Ok(outcome) => {
                outcome.unwrap().unwrap();
                break;
            }
            Err(_) => attempt.abort(),
        }
        // Either the adoption is there whole, with its record, or nothing of it.
        settle(&pool).await;
        let recorded = one(&pool, "select to_regclass('touchline.migrations')::text").await != "null";
        if !recorded {
            assert_eq!((catalog(&pool).await, contents(&pool).await), untouched);
        }
    }
    assert_eq!(catalog(&pool).await, wanted);
}

/// The server has noticed that the killed one is gone: its lock is free.
async fn settle(pool: &sqlx::PgPool) {
    let busy = "select count(*)::text from pg_locks
                 where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())";
    while one(pool, busy).await != "0" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn after_a_failure_the_next_run_goes_on_with_the_migration_that_failed() {
    let (pool, _) = empty_database().await;
    // Something in the way of the last one.
    run(&pool, "create schema touchline; create table touchline.streams (id integer)").await;
    let error = migrate(&pool).await.unwrap_err();
    assert!(error.to_string().contains("migration `0013_sync_state` failed"), "{error}");
    assert!(error.hint().unwrap().contains("the next run goes on from there"));
    assert_eq!(one(&pool, "select max(version)::text from touchline.migrations").await, "12");
    run(&pool, "drop table touchline.streams").await;
    let plan = migrate(&pool).await.unwrap();
    let first = plan.steps.first().unwrap();
    assert_eq!((first.action, first.subject.as_str()), (Action::Apply, "0013_sync_state"));
}

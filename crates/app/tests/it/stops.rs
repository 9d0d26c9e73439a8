//! Ctrl-C, being told to end, and a second sync beside the first.

use std::time::{Duration, Instant};

use serde_json::Value;
use simulator::{Fault, Rule};
use sqlx::PgPool;
use tokio::process::Child;

use crate::process_kills::undisturbed;
use crate::support::dump::{difference, dump};
use crate::support::{self, finished, on, reaching, run, small_world, state, sync, world};

async fn stops_after_the_page_at_hand(signal: &str) {
    let (expected, _) = undisturbed().await;
    let vendor = world().await;
    // Enough to be in the middle for some time, and little for a single page.
    vendor.faults().clear();
    vendor
        .faults()
        .push(Rule::always("/api/v2/", Fault::SlowBody { chunk_every: Duration::from_millis(25) }));
    let database = support::database().await;
    let child = sync(&database, &vendor).spawn().unwrap();
    until(database.pool(), "select exists (select from touchline.receipts where pages > 0)").await;
    send(signal, &child);
    let told = Instant::now();
    let ran = finished(child).await.expect(3);
    assert!(told.elapsed() < Duration::from_secs(10), "it took {:?} to stop", told.elapsed());

    let report = ran.json();
    assert_eq!(report["state"], "stopped");
    let stopped = of_state(&report, "stopped");
    assert!(!stopped.is_empty(), "{report}");
    for receipt in stopped {
        assert!(receipt["reason"].as_str().unwrap().ends_with("stopped by a person"), "{receipt}");
        assert!(receipt["hint"].as_str().unwrap().contains("`touchline sync`"), "{receipt}");
    }
    let kept: String =
        sqlx::query_scalar("select state from touchline.runs").fetch_one(database.pool()).await.unwrap();
    assert_eq!(kept, "stopped");

    vendor.faults().clear();
    run(&mut sync(&database, &vendor)).await.expect(0);
    assert_eq!(difference(expected, &dump(database.pool()).await, &[]), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ctrl_c_stops_after_the_page_at_hand_and_the_next_run_completes() {
    stops_after_the_page_at_hand("-INT").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn being_told_to_end_stops_after_the_page_at_hand_and_the_next_run_completes() {
    stops_after_the_page_at_hand("-TERM").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ctrl_c_between_two_streams_does_not_pass_for_the_end() {
    let (vendor, database) = (small_world().await, support::database().await);
    let mut command = on(&database, &["sync", "--json", "--stream", "campaigns", "--stream", "accounts"]);
    let barrier = barrier(database.pool(), "public.instantly_campaign_configs_raw").await;
    let child = reaching(&mut command, &vendor).spawn().unwrap();
    until(database.pool(), WAITS).await;
    // The one page of the first stream is fetched and waits to be stored; nothing of the second was asked for.
    tokio::time::sleep(Duration::from_millis(300)).await;
    send("-INT", &child);
    tokio::time::sleep(Duration::from_millis(300)).await;
    barrier.rollback().await.unwrap();

    let report = finished(child).await.expect(3).json();
    assert_eq!(report["state"], "stopped");
    assert_eq!(report["reason"], "accounts: not begun: stopped by a person");
    assert_eq!(of_state(&report, "finished").len(), 1, "the page at hand was stored: {report}");
    let asked = vendor.requests().iter().filter(|seen| seen.path.contains("/accounts")).count();
    assert_eq!(asked, 0, "the second stream was begun");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_ctrl_c_ends_it_at_once() {
    let (vendor, database) = (small_world().await, support::database().await);
    let barrier = barrier(database.pool(), "public.instantly_campaign_configs_raw").await;
    let child = sync(&database, &vendor).spawn().unwrap();
    until(database.pool(), WAITS).await;
    send("-INT", &child);
    tokio::time::sleep(Duration::from_millis(300)).await;
    send("-INT", &child);
    finished(child).await.expect(130);
    barrier.rollback().await.unwrap();
    run(&mut sync(&database, &vendor)).await.expect(0);
    assert_eq!(state::settled(database.pool()).await, 1);
    state::mirrors(database.pool(), &vendor).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_sync_beside_the_first_says_so_and_doubles_nothing() {
    let (expected, _) = undisturbed().await;
    let (vendor, database) = (world().await, support::database().await);
    let barrier = barrier(database.pool(), "public.instantly_leads_raw").await;
    let first = sync(&database, &vendor).spawn().unwrap();
    until(database.pool(), WAITS).await;
    let second = run(&mut sync(&database, &vendor)).await.expect(1);
    assert_eq!(second.stdout, "");
    let error: Value = serde_json::from_str(&second.stderr).unwrap();
    assert!(error["error"].as_str().unwrap().contains("already running"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("wait for it"), "{error}");

    barrier.rollback().await.unwrap();
    finished(first).await.expect(0);
    assert_eq!(difference(expected, &dump(database.pool()).await, &[]), "");
    assert_eq!(state::settled(database.pool()).await, 0);
    let runs: i64 =
        sqlx::query_scalar("select count(*) from touchline.runs").fetch_one(database.pool()).await.unwrap();
    assert_eq!(runs, 1, "the second left a run behind");
}

/// Somebody else's session is kept waiting.
const WAITS: &str = "select exists (select from pg_stat_activity \
                     where datname = current_database() and wait_event_type = 'Lock')";

/// Holds a table so that nothing can be stored in it until this is rolled back.
async fn barrier(pool: &PgPool, table: &str) -> sqlx::Transaction<'static, sqlx::Postgres> {
    let mut barrier = pool.begin().await.unwrap();
    let sql = format!("lock table {table} in share mode");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *barrier).await.unwrap();
    barrier
}

async fn until(pool: &PgPool, sql: &'static str) {
    let began = Instant::now();
    while !sqlx::query_scalar::<_, bool>(sql).fetch_one(pool).await.unwrap() {
        assert!(began.elapsed() < Duration::from_secs(30), "it never came to: {sql}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn send(signal: &str, child: &Child) {
    let pid = child.id().expect("it has ended by itself").to_string();
    assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
}

fn of_state<'a>(report: &'a Value, state: &str) -> Vec<&'a Value> {
    report["streams"].as_array().unwrap().iter().filter(|receipt| receipt["state"] == state).collect()
}

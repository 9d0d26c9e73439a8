//! `touchline demo`: keeps to a database of its own.

use crate::support::server::number;
use crate::support::{self, on, reaching, run, small_world};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_comes_again_keeps_real_data_out_and_goes_when_told_to() {
    let (vendor, database) = (small_world().await, support::database().await);
    let first = run(&mut on(&database, &["demo", "--json"])).await.expect(0).json();
    assert_eq!(first["run"]["state"], "finished");
    assert!(first["counts"]["leads"].as_i64().unwrap() > 100, "{}", first["counts"]);
    assert!(!first["replies"].as_array().unwrap().is_empty());
    // Every channel, an import that had something to refuse, offers on the campaigns, somebody nobody knows.
    let sql = "select count(distinct event_source) from public.events where event_source in ('instantly', 'vapi', 'linkedin')";
    assert_eq!(number(&database, sql).await, 3);
    assert!(first["counts"]["events"].as_i64().unwrap() > 5_000, "{}", first["counts"]);
    assert!(first["counts"]["unmatched"].as_i64().unwrap() > 0, "{}", first["counts"]);
    let rows = |name: &str| first["import"][name].as_i64().unwrap();
    let sum = ["new_rows", "updated", "unchanged", "duplicate", "rejected"].map(rows).iter().sum::<i64>();
    assert_eq!(rows("rows"), sum, "{}", first["import"]);
    assert!(rows("new_rows") > 10 && rows("rejected") > 0, "{}", first["import"]);
    assert_eq!(
        number(&database, "select count(*) from public.campaigns where offer_id is not null").await,
        3
    );

    let refused = run(reaching(&mut on(&database, &["sync"]), &vendor)).await.expect(1);
    assert!(refused.stderr.contains("holds the demo"), "{}", refused.stderr);
    assert!(refused.stderr.contains("empty this one with `touchline demo --clear`"), "{}", refused.stderr);

    // Some seconds later the same people are there; somebody may have answered.
    let second = run(&mut on(&database, &["demo", "--json"])).await.expect(0).json();
    assert_eq!(second["counts"]["leads"], first["counts"]["leads"]);
    assert!(second["counts"]["events"].as_i64() >= first["counts"]["events"].as_i64());

    let cleared = run(&mut on(&database, &["demo", "--clear", "--json"])).await.expect(0).json();
    assert_eq!(cleared["cleared"], true);
    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from public.leads) + (select count(*) from public.events)",
    )
    .fetch_one(database.pool())
    .await
    .unwrap();
    assert_eq!(left, 0);
    run(reaching(&mut on(&database, &["sync", "--stream", "accounts"]), &vendor)).await.expect(0);
    let refused = run(&mut on(&database, &["demo", "--clear"])).await.expect(1);
    assert!(refused.stderr.contains("does not hold the demo"), "{}", refused.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_refuses_a_database_with_other_data() {
    let database = support::database().await;
    sqlx::raw_sql("insert into public.leads (email) values ('someone@example.com')")
        .execute(database.pool())
        .await
        .unwrap();
    let refused = run(&mut on(&database, &["demo"])).await.expect(1);
    assert!(refused.stderr.contains("holds data already"), "{}", refused.stderr);
    assert!(refused.stderr.contains("hint: point DATABASE_URL at an empty database"), "{}", refused.stderr);
    let refused = run(&mut on(&database, &["demo", "--clear"])).await.expect(1);
    assert!(refused.stderr.contains("does not hold the demo"), "{}", refused.stderr);
    let leads: i64 =
        sqlx::query_scalar("select count(*) from public.leads").fetch_one(database.pool()).await.unwrap();
    assert_eq!(leads, 1, "somebody else's data");
}

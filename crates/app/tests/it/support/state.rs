//! What must hold in the tables of how we run once a sync has finished, however often it was killed before.

use simulator::{Kind, Simulator};
use sqlx::PgPool;

/// The reason that the runs of killed processes carry.
const KILLED: &str = "the process ended in the middle; the next run went on from there";

/// No walk is open, nothing waits, every run has an end. Answers how many runs say that they were killed.
pub(crate) async fn settled(pool: &PgPool) -> u64 {
    let left: Vec<(String, i64)> = sqlx::query_as(
        "select 'pages of open walks', count(*) from touchline.walk_pages
         union all
         select 'changes not normalised', count(*) from touchline.changes
         union all
         select 'streams in the middle of a walk or never complete', count(*)
           from touchline.streams
          where cursor is not null or walk_id is not null or walked_to_end_at is null
         union all
         select 'runs without an end', count(*)
           from touchline.runs
          where state in ('running', 'failed') or ended_at is null
         union all
         select 'receipts without an end', count(*)
           from touchline.receipts
          where state in ('running', 'failed') or ended_at is null
         union all
         select 'stopped receipts in finished runs', count(*)
           from touchline.receipts join touchline.runs on runs.id = receipts.run_id
          where runs.state = 'finished' and receipts.state <> 'finished'
         union all
         select 'problems', count(*) from touchline.problems",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    for (what, count) in left {
        assert_eq!(count, 0, "{what}");
    }
    let other: i64 = sqlx::query_scalar(
        "select count(*) from touchline.runs where state = 'stopped' and reason is distinct from $1",
    )
    .bind(KILLED)
    .fetch_one(pool)
    .await
    .unwrap();
    assert_eq!(other, 0, "runs that stopped for another reason than the kill");
    killed_runs(pool).await
}

/// Runs that say their process was killed.
pub(crate) async fn killed_runs(pool: &PgPool) -> u64 {
    let count: i64 =
        sqlx::query_scalar("select count(*) from touchline.runs where state = 'stopped' and reason = $1")
            .bind(KILLED)
            .fetch_one(pool)
            .await
            .unwrap();
    count.unsigned_abs()
}

/// The mirror holds what the vendor has, record by record: the yardstick itself is right.
pub(crate) async fn mirrors(pool: &PgPool, vendor: &Simulator) {
    for (kind, table) in [
        (Kind::Campaign, "instantly_campaign_configs_raw"),
        (Kind::Account, "instantly_accounts_raw"),
        (Kind::Lead, "instantly_leads_raw"),
        (Kind::Email, "instantly_emails_raw"),
    ] {
        let sql = format!(
            "select coalesce(convert_from(raw_bytes, 'UTF8'), raw_json::text) from {table} where gone_at is null"
        );
        let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
        let mut found: Vec<serde_json::Value> =
            found.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let mut expected: Vec<serde_json::Value> =
            vendor.world(|world| world.records(kind)).into_values().collect();
        for rows in [&mut found, &mut expected] {
            rows.sort_by_key(|row| row["id"].as_str().or(row["email"].as_str()).map(str::to_owned));
        }
        assert!(!expected.is_empty());
        assert_eq!(found.len(), expected.len(), "{table}");
        let other = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        assert_eq!(other, None, "{table} does not hold what the vendor has");
    }
}

/// A record's history has no payload twice in a row, and no two versions at the same time.
pub(crate) async fn history_is_a_chain(pool: &PgPool) {
    let broken: i64 = sqlx::query_scalar(
        "select count(*)
           from (
             select payload_sha256 = lag(payload_sha256) over record as same_again,
                    valid_from < lag(valid_to) over record as at_once
               from raw_history
             window record as (partition by raw_table, record_key order by valid_from)
           ) versions
          where same_again or at_once",
    )
    .fetch_one(pool)
    .await
    .unwrap();
    assert_eq!(broken, 0, "versions in raw_history that repeat or overlap");
}

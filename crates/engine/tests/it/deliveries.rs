//! How long deliveries are kept: what is understood stands in the raw tables and may go, everything else stays.

use engine::inbox;
use jiff::Timestamp;

#[tokio::test]
async fn old_deliveries_go_only_where_they_were_understood() {
    let database = testkit::database().await;
    let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    let rows = "insert into touchline.deliveries (id, connection_id, source, provider, received_at, headers, body, state)
                select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7000800' || kind || lpad(n::text, 12, '0'))::uuid,
                       gen_random_uuid(), 'instantly', '', at, '{}', 'x', state
                  from generate_series(1, 6000) n
                 cross join (values (1, '2026-08-01'::timestamptz, 'understood'), (2, '2026-08-01', 'waiting'),
                                    (3, '2026-08-01', 'set_aside'), (4, '2026-08-23', 'understood')) as given (kind, at, state)";
    sqlx::raw_sql(rows).execute(database.pool()).await.unwrap();
    assert_eq!(inbox::forget(database.pool(), now).await.unwrap(), 6000);
    assert_eq!(inbox::forget(database.pool(), now).await.unwrap(), 0, "again, nothing is left to go");
    let left: Vec<(String, i64)> =
        sqlx::query_as("select state, count(*) from touchline.deliveries group by state order by state")
            .fetch_all(database.pool())
            .await
            .unwrap();
    let expected = [("set_aside", 6000), ("understood", 6000), ("waiting", 6000)];
    assert_eq!(left, expected.map(|(state, count)| (state.to_owned(), count)));
}

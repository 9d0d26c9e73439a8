//! How long deliveries are kept: what is understood stands in the raw tables and may go, everything else stays. And that
//! one whose reading ends the process is found, without those that came beside it.

use std::time::Duration;

use engine::inbox::{self, Progress};
use engine::source::{Delivery, Understood};
use engine::sources::Listed;
use jiff::Timestamp;
use tokio::sync::Notify;

/// A source of which one delivery ends the process that reads it.
static DEADLY: &[Listed] = &[Listed {
    name: "deadly",
    streams: &[],
    further_tables: &[],
    understand: Some(|delivery: &Delivery| {
        if delivery.body == b"deadly" {
            THE_END.notify_one();
            // Long enough for the one who waits to drop the work, as the end of the process would have.
            std::thread::sleep(Duration::from_millis(300));
        }
        Understood::Records(Vec::new())
    }),
    redact: None,
    steps: &[],
    standings: &[],
}];
static THE_END: Notify = Notify::const_new();

#[tokio::test]
async fn a_delivery_that_ends_the_process_is_cornered() {
    let database = testkit::database().await;
    let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    let rows = "insert into touchline.deliveries (id, connection_id, source, provider, received_at, headers, body, state)
                select lpad(to_hex(n), 32, '0')::uuid, gen_random_uuid(), 'deadly', '', '2026-11-20', '{}',
                       case when n = 700 then 'deadly' else 'harmless' end::bytea, 'waiting'
                  from generate_series(1, 1200) n";
    sqlx::raw_sql(rows).execute(database.pool()).await.unwrap();

    let (mut ends, mut shares, mut all) = (0, 0, Progress::default());
    while all.understood + all.set_aside < 1200 {
        tokio::select! {
            biased;
            () = THE_END.notified() => ends += 1,
            progress = inbox::understand_with(database.pool(), DEADLY, now) => {
                let progress = progress.unwrap();
                shares += i32::from(progress.is_any()); // nothing: the locks of the work that ended are not gone yet
                all.understood += progress.understood;
                all.set_aside += progress.set_aside;
            }
        }
    }
    assert_eq!((ends, all.understood, all.set_aside), (5, 1199, 1));
    assert!(shares < 40, "{shares}: what was beside it is not taken up one by one");
    let (body, reason, attempts): (String, String, i32) = sqlx::query_as(
        "select convert_from(body, 'UTF8'), reason, attempts from touchline.deliveries where state = 'set_aside'",
    )
    .fetch_one(database.pool())
    .await
    .unwrap();
    assert_eq!((body.as_str(), attempts), ("deadly", 6));
    assert_eq!(reason, "it was taken up 5 times, and each time the process ended");
}

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

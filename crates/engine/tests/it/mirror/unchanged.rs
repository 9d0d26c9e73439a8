//! Looking again writes nothing.

use engine::sync::Options;
use simulator::Size;

use super::support::{Mirror, finished};

#[tokio::test]
async fn a_second_sync_writes_no_row_anywhere() {
    let mirror = Mirror::of(Size::small()).await;
    let first = mirror.sync().await;
    assert!(first.streams.iter().all(|receipt| receipt.new > 0), "{first:#?}");
    let before = mirror.rows_as_they_lie().await;
    // Nothing has a history yet, and nothing came by webhook.
    let empty: Vec<&str> =
        before.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table.as_str()).collect();
    assert_eq!(empty, ["instantly_webhook_events_raw", "linkedin_events_raw", "raw_history"]);
    let second = mirror.sync().await;
    assert!(second.streams.iter().all(|r| r.new + r.changed + r.gone + r.returned == 0), "{second:#?}");
    assert_eq!(mirror.rows_as_they_lie().await, before);
    // Nor does walking everything again, which asks for every record by itself.
    let third = finished(mirror.sync_with(&Options { full: true, ..Options::default() }).await);
    let of_first: Vec<u64> = first.streams.iter().map(|receipt| receipt.new).collect();
    // The newest mails come twice: once as what may be new, once in the walk over all.
    let of_third: Vec<u64> =
        third.streams.iter().map(|r| r.unchanged - u64::from(r.stream == "emails")).collect();
    assert_eq!(of_third, of_first);
    assert_eq!(mirror.rows_as_they_lie().await, before);
}

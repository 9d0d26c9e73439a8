//! Looking again writes nothing.

use super::support::{Mirror, finished};
use engine::sync::Options;

#[tokio::test]
async fn a_second_sync_writes_no_row_anywhere() {
    let options = simulator::Options { listened: true, ..simulator::Options::default() };
    let mirror = Mirror::start(options).await;
    let first = mirror.sync().await;
    assert!(first.streams.iter().all(|receipt| receipt.new > 0), "{first:#?}");
    let before = mirror.rows_as_they_lie().await;
    // Nothing has a history yet, no LinkedIn tool told anything, and another vendor was not asked.
    let empty: Vec<&str> =
        before.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table.as_str()).collect();
    let empty: Vec<&str> = empty.into_iter().filter(|table| !table.starts_with("vapi_")).collect();
    assert_eq!(empty, ["linkedin_events_raw", "raw_history"]);
    let second = mirror.sync().await;
    assert!(second.streams.iter().all(|r| r.new + r.changed + r.gone + r.returned == 0), "{second:#?}");
    assert_eq!(mirror.rows_as_they_lie().await, before);
    // Nor does walking everything again, which asks for every record by itself.
    let third = finished(mirror.sync_with(&Options { full: true, ..Options::default() }).await);
    for (first, third) in first.streams.iter().zip(&third.streams) {
        // What is newest comes twice: once as what may be new, once in the walk over all.
        let twice = match first.stream {
            "emails" => 1,
            "webhook_events" => third.unchanged.saturating_sub(first.new),
            _ => 0,
        };
        assert_eq!(third.unchanged - twice, first.new, "{third:?}");
        assert!(twice < 30, "{third:?}");
    }
    assert_eq!(mirror.rows_as_they_lie().await, before);
}

//! Storing records by hand: order of arrival, repeats, other spellings of the same JSON.

use engine::raw::{self, Payload, RawTable, Record, Stored};
use engine::sources;
use jiff::{SignedDuration, Timestamp};

use super::support::Store;

fn configs() -> &'static RawTable {
    sources::raw_tables().find(|table| table.name == "instantly_campaign_configs_raw").unwrap()
}

fn record(key: &str, json: &str) -> Record {
    let values = vec![Some(key.to_owned()), Some("a name".into()), Some("1".into())];
    Record { key: key.to_owned(), values, payload: Payload::new(json) }
}

fn minute(number: i64) -> Timestamp {
    Timestamp::constant(1_795_424_400, 0) + SignedDuration::from_mins(number)
}

async fn put(store: &Store, records: &[(Timestamp, Record)]) -> Stored {
    let mut tx = store.pool().begin().await.unwrap();
    let stored = raw::store(&mut tx, configs(), records).await.unwrap();
    tx.commit().await.unwrap();
    stored
}

async fn payload(store: &Store, key: &str) -> String {
    let sql =
        format!("select raw_json from instantly_campaign_configs_raw where instantly_campaign_id = '{key}'");
    store.value(&sql).await.unwrap()
}

#[tokio::test]
async fn a_page_asked_for_earlier_cannot_overwrite_a_newer_payload() {
    let store = Store::new().await;
    put(&store, &[(minute(5), record("k", r#"{"v": "new"}"#))]).await;
    let before = store.rows_as_they_lie().await;
    let late = put(&store, &[(minute(4), record("k", r#"{"v": "old"}"#))]).await;
    assert_eq!(late, Stored { stale: 1, ..Stored::default() });
    assert_eq!(payload(&store, "k").await, r#"{"v": "new"}"#);
    assert_eq!(store.rows_as_they_lie().await, before);
    let same_moment = put(&store, &[(minute(5), record("k", r#"{"v": "other"}"#))]).await;
    assert_eq!((same_moment.changed, store.count("raw_history").await), (1, 1));
}

#[tokio::test]
async fn a_page_made_of_an_older_copy_cannot_overwrite_what_just_came_but_the_vendor_has_the_last_word() {
    let store = Store::new().await;
    let newer = r#"{"v": "new", "timestamp_updated": "2026-11-20T12:00:00.000Z"}"#;
    let older = r#"{"v": "old", "timestamp_updated": "2026-11-20T11:00:00.000Z"}"#;
    let both = put(&store, &[(minute(5), record("k", newer)), (minute(6), record("k", older))]).await;
    assert_eq!((both.new, both.repeated), (1, 1));
    let late = put(&store, &[(minute(7), record("k", older))]).await;
    assert_eq!(late, Stored { stale: 1, ..Stored::default() });
    assert!(payload(&store, "k").await.contains("new"));
    let tomorrow = put(&store, &[(minute(24 * 60), record("k", older))]).await;
    assert_eq!(tomorrow.changed, 1);
}

#[tokio::test]
async fn a_clock_of_ours_that_ran_ahead_does_not_stop_the_mirror() {
    let store = Store::new().await;
    put(&store, &[(minute(24 * 60), record("k", r#"{"v": 1}"#))]).await;
    let set_right = put(&store, &[(minute(5), record("k", r#"{"v": 2}"#))]).await;
    assert_eq!(set_right.changed, 1);
    assert_eq!(payload(&store, "k").await, r#"{"v": 2}"#);
}

#[tokio::test]
async fn of_the_same_key_twice_in_a_batch_the_page_asked_for_last_wins() {
    for turned in [false, true] {
        let store = Store::new().await;
        let mut batch = vec![
            (minute(1), record("k", r#"{"v": 1}"#)),
            (minute(2), record("k", r#"{"v": 2}"#)),
            (minute(1), record("other", r#"{"v": 3}"#)),
        ];
        if turned {
            batch.reverse();
        }
        let stored = put(&store, &batch).await;
        assert_eq!((stored.new, stored.repeated), (2, 1));
        assert_eq!(payload(&store, "k").await, r#"{"v": 2}"#);
        assert_eq!(store.count("raw_history").await, 0);
    }
}

#[tokio::test]
async fn the_same_json_in_another_spelling_writes_nothing() {
    let store = Store::new().await;
    put(&store, &[(minute(1), record("k", r#"{"a": 1, "b": {"x": [1, 2], "y": "\u00e4"}, "n": 1.0}"#))])
        .await;
    let before = store.rows_as_they_lie().await;
    let again = put(&store, &[(minute(2), record("k", r#"{"n":1.0,"b":{"y":"ä","x":[1,2]},"a":1}"#))]).await;
    assert_eq!(again, Stored { unchanged: 1, ..Stored::default() });
    assert_eq!(store.rows_as_they_lie().await, before);
    let turned = put(&store, &[(minute(3), record("k", r#"{"n":1.0,"b":{"y":"ä","x":[2,1]},"a":1}"#))]).await;
    assert_eq!(turned.changed, 1, "the order of a list is part of it");
    let nul = put(&store, &[(minute(4), record("k", r#"{"a": "\u0000"}"#))]).await;
    let replacement = put(&store, &[(minute(5), record("k", "{\"a\": \"\u{fffd}\"}"))]).await;
    assert_eq!((nul.changed, replacement.changed), (1, 1), "a rendering is not the thing itself");
    assert_eq!(store.count("raw_history").await, 3);
}

#[tokio::test]
async fn a_row_from_before_touchline_is_recognised_and_its_columns_filled_without_history() {
    let store = Store::new().await;
    store
        .execute(
            r#"insert into instantly_campaign_configs_raw (instantly_campaign_id, raw_json) values ('k', '{"a": 1}')"#,
        )
        .await;
    let stored = put(&store, &[(Timestamp::now(), record("k", r#"{"a": 1}"#))]).await;
    assert_eq!((stored.unchanged, stored.changed_keys.as_slice()), (1, &["k".to_owned()][..]));
    assert_eq!(
        store
            .count(
                "instantly_campaign_configs_raw where campaign_name = 'a name' and payload_sha256 is not null"
            )
            .await,
        1
    );
    assert_eq!(store.count("raw_history").await, 0);
}

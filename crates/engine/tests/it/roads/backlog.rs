//! A backlog that is longer than one transaction takes, with a record in it that cannot be worked out.

use engine::normalise;
use serde_json::json;

use super::support::{NOW, Sent, take_in};
use crate::mirror::support::Store;

#[tokio::test]
async fn a_backlog_of_any_length_is_worked_out_and_one_bad_record_in_it_is_set_aside_alone() {
    let store = Store::new().await;
    let opened = Sent::instantly(
        json!({ "event_type": "email_opened", "timestamp": "2026-11-10T09:00:00Z", "lead_email": "p0@example.com", "email_id": "first" })
            .to_string(),
    );
    take_in(&store, &[opened], 1).await;
    store
        .execute(
            "insert into instantly_webhook_events_raw (event_key, vendor_event_type, event_type, natural_key, email_address, event_date, raw_json)
             select 'copy ' || n, vendor_event_type, event_type, 'instantly:event:copy ' || n, 'p' || n || '@example.com', event_date,
                    raw_json || jsonb_build_object('lead_email', 'p' || n || '@example.com')
               from instantly_webhook_events_raw, generate_series(1, 21000) n",
        )
        .await;
    store
        .execute(
            "insert into touchline.changes (raw_table, record_keys, run_id)
             select 'instantly_webhook_events_raw', array_agg('copy ' || n order by n), '00000000-0000-0000-0000-000000000000'
               from generate_series(1, 21000) n group by n % 420 order by n % 420",
        )
        .await;
    store
        .execute(
            "alter table events add constraint no_such_person check (contact_address <> 'p1213@example.com')",
        )
        .await;

    normalise::normalise(store.pool(), NOW).await.unwrap();
    assert_eq!(store.count("touchline.changes").await, 0);
    assert_eq!(store.count("events where event_type = 'email_opened'").await, 21_000);
    let aside = store.values("select detail from touchline.problems where kind = 'not_normalised'").await;
    assert_eq!(aside.len(), 1, "{aside:?}");
    assert!(aside[0].as_deref().unwrap().starts_with("copy 1213: "), "{aside:?}");
}

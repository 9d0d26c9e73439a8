//! Calls by every road: pulled, delivered, delivered again; faults; a list without a cursor; nothing secret kept.

use std::time::Duration;

use engine::normalise;
use engine::raw;
use engine::recordings::Recordings;
use engine::source::{Delivery, Understood};
use engine::sources;
use engine::sync::{Options, State};
use jiff::Timestamp;
use serde_json::{Value, json};
use simulator::{CallOutcome, Fault, Rule, World};

use super::support::{Mirror, Store, finished, large_vapi, like, receipt};

/// Takes webhook bodies in, one transaction each, as the inbox does.
async fn deliver(store: &Store, bodies: &[Value], at: Timestamp) {
    for body in bodies {
        let kept = sources::vapi::redact(body.to_string().as_bytes());
        let delivery = Delivery { provider: "", event: None, body: &kept, received_at: at };
        let Understood::Records(records) = sources::vapi::understand(&delivery) else { panic!("set aside") };
        let mut tx = store.pool().begin().await.unwrap();
        for (table, record) in records {
            let stored = raw::store(&mut tx, table, &[(at, record)]).await.unwrap();
            sqlx::query("insert into touchline.changes (raw_table, record_keys, run_id) values ($1, $2, $3)")
                .bind(table.name)
                .bind(&stored.changed_keys)
                .bind(uuid::Uuid::nil())
                .execute(&mut *tx)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }
    normalise::normalise(store.pool(), at).await.unwrap();
}

/// Calls as people see them.
async fn calls(store: &Store) -> Vec<String> {
    let sql = "select to_jsonb(e) - array['id', 'lead_id', 'campaign_id', 'campaign_lead_id', 'observed_at', 'created_at', 'updated_at',
                                          'raw_data']
                      || jsonb_build_object('lead', l.email, 'campaign', c.campaign_name)
                 from events e left join leads l on l.id = e.lead_id left join campaigns c on c.id = e.campaign_id
                where e.event_source = 'vapi' order by e.natural_key";
    store.values(sql).await.into_iter().flatten().collect()
}

#[tokio::test]
async fn what_is_pulled_is_what_the_vendor_holds_but_for_its_secrets() {
    let mirror = large_vapi().await;
    let report = finished(mirror.sync_vapi(&Options::default()).await);
    let there = mirror.sim.world(World::calls);
    assert_eq!(mirror.count("vapi_calls_raw").await, there.len() as i64);
    assert!(receipt(&report, "calls").pages > 2);
    for (table, count) in
        [("vapi_assistants_raw", 121), ("vapi_phone_numbers_raw", 121), ("vapi_campaigns_raw", 121)]
    {
        assert_eq!(mirror.count(table).await, count, "{table}");
    }
    let redacted = |call: &Value| -> Value {
        serde_json::from_slice(&sources::vapi::redact(call.to_string().as_bytes())).unwrap()
    };
    for call in there.iter().step_by(17) {
        let held = mirror
            .value(&format!(
                "select raw_json::text from vapi_calls_raw where vapi_call_id = '{}'",
                call["id"].as_str().unwrap()
            ))
            .await
            .unwrap();
        assert_eq!(serde_json::from_str::<Value>(&held).unwrap(), redacted(call));
    }
    let again = finished(mirror.sync_vapi(&Options::default()).await);
    let written: u64 = again.streams.iter().map(|stream| stream.new + stream.changed).sum();
    assert_eq!(written, 0, "signed addresses differ with each answer; nothing else does");
    assert_eq!(mirror.count("raw_history").await, 0);
}

#[tokio::test]
async fn pulled_delivered_repeated_and_shuffled_a_call_is_the_same_rows() {
    let mut expected: Option<Vec<String>> = None;
    for seed in 0..4_u64 {
        let mirror = Mirror::of(simulator::Size::small()).await;
        mirror.sync().await;
        let start = mirror.sim.clock().now();
        mirror.sim.world(|world| {
            let leads: Vec<String> = world
                .leads()
                .iter()
                .filter(|(_, lead)| lead["phone"].is_string())
                .map(|(id, _)| id.clone())
                .collect();
            let outcomes = [
                CallOutcome::Meeting,
                CallOutcome::Voicemail,
                CallOutcome::Busy,
                CallOutcome::DoNotCall,
                CallOutcome::Unexplained,
            ];
            for (lead, outcome) in leads.iter().zip(outcomes) {
                world.place_call(lead, outcome).unwrap();
            }
        });
        if seed == 1 {
            // A poll in the middle of the calls.
            mirror.sim.advance(Duration::from_secs(20));
            finished(mirror.sync_vapi(&Options::default()).await);
        }
        mirror.sim.advance(Duration::from_secs(300));
        let now = mirror.sim.clock().now();
        let told = mirror.sim.world(|world| world.call_messages(start, now));
        assert!(told.len() > 15);
        let mut bodies: Vec<Value> = told.iter().map(|message| message.body.clone()).collect();
        bodies.extend(told.iter().step_by(2).map(|message| message.again(1)));
        fastrand::Rng::with_seed(seed).shuffle(&mut bodies);
        match seed {
            0 => deliver(&mirror, &bodies, now).await,
            3 => {}
            _ => {
                let (some, others) = bodies.split_at(bodies.len() / 3);
                deliver(&mirror, some, now).await;
                finished(mirror.sync_vapi(&Options::default()).await);
                deliver(&mirror, others, now).await;
            }
        }
        // The last word is the same for all.
        finished(mirror.sync_vapi(&Options::default()).await);
        let rows = calls(&mirror).await;
        assert!(rows.iter().any(|row| row.contains("\"meeting\"")), "{rows:#?}");
        let expected = expected.get_or_insert_with(|| rows.clone());
        let differ: Vec<_> = rows.iter().filter(|row| !expected.contains(row)).collect();
        assert!(rows == *expected, "order {seed}: {differ:#?}");
        let rebuilt = normalise::rebuild(mirror.pool(), now, true).await.unwrap();
        assert_eq!(rebuilt.differences, [], "order {seed}");
    }
}

#[tokio::test]
async fn calls_find_the_leads_of_the_other_vendor_by_their_number() {
    let mirror = Mirror::of(simulator::Size::small()).await;
    mirror.sync().await;
    finished(mirror.sync_vapi(&Options::default()).await);
    let linked = mirror.count("events where event_source = 'vapi' and lead_id is not null").await;
    let waiting = mirror.count("events where event_source = 'vapi' and lead_id is null").await;
    assert!(linked > 20 && waiting > 0, "{linked} linked, {waiting} not");
    let states = mirror.values("select distinct call_status from campaign_leads order by 1").await;
    assert!(states.len() > 2, "{states:?}");
    assert_eq!(mirror.count("campaigns where uses_calls and vapi_campaign_id is not null").await, 1);
}

#[tokio::test]
async fn a_full_page_of_one_instant_is_asked_for_at_once() {
    let mirror = Mirror::of(simulator::Size::small()).await;
    mirror.sim.world(|world| {
        let call = world.calls()[0].clone();
        for number in 0..150 {
            let id = format!("019c0000-0000-7000-8000-{number:012}");
            world.put_call(like(&call, json!({ "id": id, "createdAt": "2026-11-20T10:00:00.000Z" })));
        }
    });
    finished(mirror.sync_vapi(&Options::default()).await);
    assert_eq!(mirror.count("vapi_calls_raw where vapi_call_id like '019c0000%'").await, 150);
}

#[tokio::test]
async fn what_changed_after_a_call_ended_is_found_again_and_what_is_old_is_no_loss() {
    let mirror = Mirror::of(simulator::Size::small()).await;
    finished(mirror.sync_vapi(&Options::default()).await);
    let id = mirror.sim.world(|world| {
        let oldest = world.calls().last().unwrap()["id"].as_str().unwrap().to_owned();
        world.edit_call(&oldest, |fields| {
            fields.insert("cost".into(), json!(7.25));
        });
        oldest
    });
    mirror.sim.clear_requests();
    finished(mirror.sync_vapi(&Options { streams: vec!["calls".into()], ..Options::default() }).await);
    let asked = mirror.sim.requests();
    assert!(asked.iter().all(|seen| seen.path.contains("updatedAtGe")), "{asked:?}");
    assert_eq!(
        mirror
            .value(&format!("select cost_usd::text from vapi_calls_raw where vapi_call_id = '{id}'"))
            .await
            .as_deref(),
        Some("7.25")
    );
    // A month later the vendor holds none of them any more: that is no deletion, and no failure.
    let held = mirror.count("vapi_calls_raw").await;
    mirror.sim.advance(Duration::from_secs(40 * 86_400));
    let whole = Options { streams: vec!["calls".into()], full: true, ..Options::default() };
    finished(mirror.sync_vapi(&whole).await);
    assert_eq!(mirror.count("vapi_calls_raw where gone_at is null").await, held);
}

#[tokio::test]
async fn a_call_that_was_deleted_is_gone_and_another_account_is_not_taken_for_an_empty_one() {
    let mirror = large_vapi().await;
    finished(mirror.sync_vapi(&Options::default()).await);
    let whole = Options { streams: vec!["calls".into()], full: true, ..Options::default() };
    let id = "019c0000-0000-7000-8000-000000000200";
    mirror.sim.world(|world| world.remove_call(id));
    let report = finished(mirror.sync_vapi(&whole).await);
    assert_eq!(receipt(&report, "calls").gone, 1);
    assert_eq!(
        mirror.count(&format!("vapi_calls_raw where vapi_call_id = '{id}' and gone_at is not null")).await,
        1
    );
    mirror.sim.faults().push(Rule::always("/call", Fault::EmptyItems));
    let report = mirror.sync_vapi(&Options { streams: vec!["calls".into()], ..Options::default() }).await;
    assert_eq!(report.state, State::Failed, "{report:?}");
    assert!(report.streams[0].reason.as_ref().unwrap().contains("nothing where"));
}

#[tokio::test]
async fn every_fault_heals_or_says_what_to_do() {
    let undisturbed = large_vapi().await;
    finished(undisturbed.sync_vapi(&Options::default()).await);
    let expected = undisturbed.raw_dump().await;
    for (fault, hint) in [
        (Fault::TooManyRequests { retry_after: None }, Some("VAPI_REQUESTS_PER_MINUTE")),
        (Fault::TooManyRequests { retry_after: Some(0) }, Some("VAPI_REQUESTS_PER_MINUTE")),
        (Fault::ServerError(500), Some("goes on where it stopped")),
        (Fault::Html502, Some("goes on where it stopped")),
        (Fault::Truncated, Some("goes on where it stopped")),
        (Fault::Reset, Some("goes on where it stopped")),
        (Fault::ErrorInside, Some("VAPI_API_URL")),
        (Fault::NotJson, Some("VAPI_API_URL")),
        (Fault::EmptyItems, None),
    ] {
        let mirror = large_vapi().await;
        for path in ["/assistant", "/phone-number", "/v2/campaign", "/call"] {
            mirror.sim.faults().push(Rule::once(path, fault.clone()).after(1));
        }
        if let Some(hint) = hint {
            mirror.sim.faults().push(Rule::always("/call", fault.clone()).after(1));
            let failed = mirror.sync_vapi(&Options::default()).await;
            assert_eq!(failed.state, State::Failed, "{fault:?}");
            assert!(receipt(&failed, "calls").hint.as_ref().unwrap().contains(hint), "{failed:?}");
            mirror.sim.faults().clear();
        }
        finished(mirror.sync_vapi(&Options::default()).await);
        assert_eq!(mirror.raw_dump().await, expected, "{fault:?}");
    }
    let mirror = large_vapi().await;
    mirror.sim.set_revoked(true);
    let failed = mirror.sync_vapi(&Options::default()).await;
    assert!(failed.streams[0].hint.as_ref().unwrap().contains("VAPI_API_KEY"), "{failed:?}");
}

#[tokio::test]
async fn no_secret_of_the_vendor_is_in_any_table() {
    let mirror = Mirror::of(simulator::Size::small()).await;
    finished(mirror.sync_vapi(&Options::default()).await);
    let now = mirror.sim.clock().now();
    let told =
        mirror.sim.world(|world| world.call_messages(now - jiff::SignedDuration::from_hours(400), now));
    let bodies: Vec<Value> = told.into_iter().map(|message| message.body).collect();
    assert!(bodies.len() > 50);
    deliver(&mirror, &bodies, now).await;
    let tables = mirror
        .values("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'touchline')")
        .await;
    let secrets = "made-up-twilio-token|made-up-path-secret|phone-call-websocket|X-Amz-Signature";
    for table in tables.into_iter().flatten() {
        assert_eq!(mirror.count(&format!("{table} t where t::text ~ '{secrets}'")).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_recording_is_passed_on_without_the_key_and_only_of_calls_we_know() {
    let mirror = Mirror::of(simulator::Size::small()).await;
    let calls = mirror.sim.world(World::calls);
    let of = |recorded: bool| {
        let call =
            calls.iter().find(|call| call["artifact"]["recordingUrl"].is_string() == recorded).unwrap();
        call["id"].as_str().unwrap().to_owned()
    };
    let recordings = Recordings::new(vec![std::sync::Arc::new(mirror.vapi())]);
    let unknown = recordings.open(mirror.pool(), &of(true), None).await.err().unwrap();
    assert!(unknown.to_string().contains("no call"), "{unknown}");
    finished(mirror.sync_vapi(&Options::default()).await);
    let recording = recordings.open(mirror.pool(), &of(true), None).await.unwrap();
    assert_eq!(recording.content_type, "audio/wav");
    let chunks: Vec<_> = futures::StreamExt::collect(recording.bytes).await;
    let bytes: usize = chunks.into_iter().map(|chunk| chunk.unwrap().len()).sum();
    assert_eq!(recording.length, Some(bytes as u64));
    let silent = recordings.open(mirror.pool(), &of(false), None).await.err().unwrap();
    assert!(silent.to_string().contains("no recording") && silent.hint().is_some(), "{silent}");
    let keyless = Recordings::default().open(mirror.pool(), &of(true), None).await.err().unwrap();
    assert!(keyless.hint().unwrap().contains("VAPI_API_KEY"), "{keyless}");
}

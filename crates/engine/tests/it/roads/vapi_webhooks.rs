//! What Vapi delivers: every message is understood, or says why not; a call is the same few rows by whatever road.

use engine::source::Understood;
use serde_json::{Value, json};

use super::support::{Sent, assert_settled, fixture, fixtures, take_in};
use crate::mirror::support::Store;

const FOLDER: &str = "vapi";
/// The secret that the vendor's own samples carry.
const SECRET: &str = "INVENTED-SECRET-MUST-BE-REDACTED-BEFORE-STORING";

fn sample(name: &str) -> Sent {
    Sent::vapi(fixture(FOLDER, name))
}

fn message(fields: &Value) -> Sent {
    Sent::vapi(json!({ "message": fields }).to_string())
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(fixtures(FOLDER))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".json").to_owned())
        .filter(|name| name.starts_with("webhook."))
        .collect();
    names.sort();
    names
}

/// What a sample tells: its meaning, and the status and bucket of the call.
const MEANINGS: &[(&str, &str, &str, &str)] = &[
    ("webhook.assistant-request", "request", "", ""),
    ("webhook.call-artifact-upload-UNCONFIRMED-items", "kept", "", ""),
    ("webhook.call-deleted", "kept", "", ""),
    ("webhook.campaign-predial", "request", "", ""),
    ("webhook.conversation-update", "chatter", "", ""),
    ("webhook.end-of-call-report.busy", "call", "ended", "busy"),
    ("webhook.end-of-call-report.completed", "call", "ended", "answered"),
    ("webhook.end-of-call-report.failed", "call", "ended", "transport"),
    ("webhook.end-of-call-report.no-answer", "call", "ended", "no_answer"),
    ("webhook.end-of-call-report.no-startedAt-unknown-reason", "call", "ended", "unknown"),
    ("webhook.end-of-call-report.voicemail", "call", "ended", "voicemail"),
    ("webhook.hang", "chatter", "", ""),
    ("webhook.speech-update", "chatter", "", ""),
    ("webhook.status-update.ended", "call", "ended", "answered"),
    ("webhook.status-update.ended-no-answer", "call", "ended", "no_answer"),
    ("webhook.status-update.forwarding", "call", "forwarding", ""),
    ("webhook.status-update.in-progress", "call", "in-progress", ""),
    ("webhook.status-update.queued", "call", "queued", ""),
    ("webhook.status-update.ringing", "call", "ringing", ""),
    ("webhook.status-update.scheduled", "call", "scheduled", ""),
    ("webhook.tool-calls", "request", "", ""),
    ("webhook.transcript.final", "kept", "", ""),
    ("webhook.transcript.final-filtered-type", "kept", "", ""),
    ("webhook.transcript.partial", "chatter", "", ""),
    ("webhook.transfer-update", "kept", "", ""),
    ("webhook.user-interrupted", "chatter", "", ""),
];

#[test]
fn every_sample_is_understood() {
    assert_eq!(names(), MEANINGS.iter().map(|(name, ..)| (*name).to_owned()).collect::<Vec<_>>());
    for (name, meaning, status, bucket) in MEANINGS {
        let sent = sample(name);
        let Understood::Records(records) = sent.understood() else { panic!("{name} is set aside") };
        if *meaning == "chatter" {
            assert!(records.is_empty(), "{name}");
            continue;
        }
        let one = |column: &str| sent.column(column).remove(0).unwrap_or_default();
        assert_eq!(
            (one("meaning").as_str(), one("call_status").as_str(), one("ended_bucket").as_str()),
            (*meaning, *status, *bucket),
            "{name}"
        );
        assert!(one("customer_number").starts_with("+1202555010"), "{name}");
        assert!(!format!("{records:?}").contains(SECRET), "{name}");
    }
    assert_eq!(
        sample("webhook.transcript.final-filtered-type").column("message_type"),
        [Some("transcript".into())]
    );
}

#[test]
fn what_is_no_message_says_why() {
    for (body, reason) in [
        (json!({"type": "status-update", "call": {"id": "a"}}), "no `message`"),
        (json!({"message": {"timestamp": 1}}), "no `message`"),
        (json!({"message": {"type": "status-update", "status": "ended"}}), "which call"),
        (json!("status-update"), "neither a JSON object"),
    ] {
        let refusal = Sent::vapi(body.to_string()).refusal();
        assert!(refusal.contains(reason), "{body}: {refusal}");
    }
    let unheard_of = message(&json!({"type": "call.telepathy", "call": {"id": "a"}}));
    assert_eq!(unheard_of.column("meaning"), [Some("unknown".into())]);
}

/// The five customers of the samples as leads; the first is enrolled, too.
async fn with_people() -> Store {
    let store = Store::new().await;
    for number in 1..=5 {
        store
            .execute(&format!(
                "insert into leads (id, email, phone) values
                 ('0a51e1f2-0001-4000-8000-00000000000{number}', 'person{number}@example.com', '+1 (202) 555-010{number}')"
            ))
            .await;
    }
    store
}

async fn events(store: &Store) -> Vec<String> {
    let sql = "select concat_ws(' ', right(vapi_call_id, 2), event_type, call_outcome, call_duration_seconds, call_cost_usd,
                      right(lead_id::text, 1), event_timestamp at time zone 'UTC')
                 from events order by vapi_call_id, event_timestamp, event_type";
    store.values(sql).await.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_call_comes_out_as_its_reason_says() {
    let store = with_people().await;
    // Two of the samples are of one call.
    let unheard_of = |name: &str| match fixture(FOLDER, name) {
        report if name.contains("unknown-reason") => Sent::vapi(report.replace("4e05\"", "4e06\"")),
        report => Sent::vapi(report),
    };
    let reports: Vec<Sent> =
        names().iter().filter(|name| name.contains("report")).map(|name| unheard_of(name)).collect();
    take_in(&store, &reports, 1).await;
    assert_eq!(
        events(&store).await,
        [
            "01 call_initiated 1 2026-11-02 15:04:05.12",
            "01 call_answered 1 2026-11-02 15:04:21.3",
            "01 call_completed 102 0.18 1 2026-11-02 15:06:03.7",
            "02 call_initiated 2 2026-11-02 15:04:05.12",
            "02 call_voicemail voicemail 28 0.0502 2 2026-11-02 15:05:01.25",
            "03 call_initiated 3 2026-11-02 15:04:05.12",
            "03 call_no_answer no_answer 0 3 2026-11-02 15:05:04.9",
            "04 call_initiated 4 2026-11-02 15:04:05.12",
            "04 call_no_answer busy 0 4 2026-11-02 15:04:15.02",
            "05 call_initiated 5 2026-11-02 15:04:05.12",
            "05 call_failed failed 0 5 2026-11-02 15:04:07.41",
            "06 call_initiated 5 2026-11-02 15:04:05.12",
            "06 call_failed failed 0 5 2026-11-02 15:04:07.41",
        ]
    );
    let of = async |column: &str| {
        store.value(&format!("select {column} from events where event_type = 'call_completed'")).await
    };
    assert!(of("call_transcript").await.unwrap().starts_with("AI: Hi Ada"));
    assert!(of("call_summary").await.unwrap().contains("demo on Tuesday"));
    assert_eq!(of("call_ended_reason").await.as_deref(), Some("customer-ended-call"));
    assert_eq!(
        of("call_recording_url").await.as_deref(),
        Some("/api/v1/calls/019b1c10-4a2e-7c11-8d01-0a1b2c3d4e01/recording"),
        "ours, never the vendor's"
    );
    assert_eq!(of("contact_kind || ' ' || contact_address").await.as_deref(), Some("phone +12025550101"));
    assert_eq!(
        store.value("select detail || ' ' || kind from touchline.problems").await.as_deref(),
        Some("endedReason=call.in-progress.error-some-reason-added-next-month unknown_code")
    );
    assert_settled(&store).await;
}

#[tokio::test]
async fn statuses_reports_and_retries_are_one_set_of_rows_in_any_order() {
    let first_call: Vec<Sent> = names()
        .iter()
        .filter(|name| name.contains("status-update") || name.contains("completed"))
        .map(|name| sample(name))
        .filter(|sent| sent.body.contains("0a1b2c3d4e01"))
        .collect();
    assert!(first_call.len() > 5);
    let report = fixture(FOLDER, "webhook.end-of-call-report.completed");
    let retries = ["one", "two"].map(|word| {
        let retry = report.replace("invented", word).replace("15:22:10", "15:23:11");
        assert_ne!(retry, report);
        Sent::vapi(retry)
    });
    let mut sent: Vec<Sent> = first_call.into_iter().chain(retries).collect();
    let mut expected = None;
    for seed in 0..12 {
        let store = with_people().await;
        fastrand::Rng::with_seed(seed).shuffle(&mut sent);
        take_in(&store, &sent, 1 + seed as usize % 3).await;
        let rows = events(&store).await;
        assert_eq!(rows.len(), 4, "{rows:?}");
        for kind in ["call_scheduled", "call_initiated", "call_answered", "call_completed"] {
            assert!(rows.iter().any(|row| row.contains(kind)), "{kind}: {rows:?}");
        }
        assert_eq!(store.count("vapi_messages_raw where message_type = 'end-of-call-report'").await, 1);
        assert_eq!(
            store.count("raw_history").await,
            0,
            "a retry whose signed addresses differ is the same bytes"
        );
        assert_eq!(&rows, expected.get_or_insert_with(|| rows.clone()), "order {seed}");
        assert_settled(&store).await;
    }
}

#[tokio::test]
async fn a_mailbox_that_picks_up_is_no_answer_once_it_is_known() {
    let store = with_people().await;
    let at_work =
        fixture(FOLDER, "webhook.status-update.in-progress").replace("0a1b2c3d4e01", "0a1b2c3d4e02");
    take_in(&store, &[Sent::vapi(at_work)], 1).await;
    assert_eq!(store.count("events where event_type = 'call_answered'").await, 1);
    take_in(&store, &[sample("webhook.end-of-call-report.voicemail")], 1).await;
    assert_eq!(store.count("events where event_type = 'call_answered'").await, 0);
    assert_eq!(store.count("events where event_type = 'call_voicemail'").await, 1);
    assert_settled(&store).await;
}

#[tokio::test]
async fn a_person_is_found_by_our_id_then_by_number_and_an_ambiguous_number_is_nobodys() {
    let store = with_people().await;
    store
        .execute(
            "insert into campaigns (id, campaign_name, vapi_campaign_id, uses_calls)
             values ('ca000000-0000-4000-8000-000000000001', 'Ours', 'b0a4c9d2-1e2f-4c3d-8e5f-6a7b8c9d0e11', true)",
        )
        .await;
    store
        .execute(
            "insert into campaign_leads (id, campaign_id, lead_id) values
             ('9c0d0000-0000-4000-8000-000000000005', 'ca000000-0000-4000-8000-000000000001', '0a51e1f2-0001-4000-8000-000000000005')",
        )
        .await;
    store.execute("insert into leads (email, phone) values ('twin@example.com', '+12025550104')").await;
    let ended = |id: &str, call: Value| {
        let mut call = call;
        call["id"] = json!(id);
        call["type"] = json!("outboundPhoneCall");
        message(&json!({"type": "status-update", "status": "ended", "endedReason": "customer-did-not-answer",
            "timestamp": 1_795_000_000_000_i64, "call": call}))
    };
    let stranger = "11111111-1111-4111-8111-111111111111";
    let sent = [
        // an enrollment's id, in the customer's own reference
        ended(
            "a",
            json!({"customer": {"number": "+12025550101", "externalId": "9c0d0000-0000-4000-8000-000000000005"}}),
        ),
        // an id of somebody else's books: our id in the variables is next
        ended(
            "b",
            json!({"customer": {"number": "+12025550101", "externalId": stranger},
            "assistantOverrides": {"variableValues": {"lead_id": "0a51e1f2-0001-4000-8000-000000000003"}}}),
        ),
        // no id that is ours: the number
        ended(
            "c",
            json!({"customer": {"number": "+12025550102", "externalId": "crm-17"},
            "campaignId": "b0a4c9d2-1e2f-4c3d-8e5f-6a7b8c9d0e11"}),
        ),
        // a number that two have, and one that nobody has
        ended("d", json!({"customer": {"number": "+12025550104"}})),
        ended("e", json!({"customer": {"number": "+12025550177"}})),
        // a trial in the browser is nobody's touch
        message(&json!({"type": "status-update", "status": "ended", "call": {"id": "f", "type": "webCall"}})),
    ];
    take_in(&store, &sent, 2).await;
    let who = "select concat_ws(' ', vapi_call_id, right(lead_id::text, 1), left(campaign_id::text, 4))
                 from events where event_type = 'call_no_answer' order by 1";
    let who_now: Vec<String> = store.values(who).await.into_iter().flatten().collect();
    assert_eq!(who_now, ["a 5 ca00", "b 3", "c 2 ca00", "d", "e"]);
    assert_eq!(store.value("select event_type from events where vapi_call_id = 'f'").await, None);
    // The twin goes, and somebody with the other number comes: what waited finds its people.
    store.execute("delete from leads where email = 'twin@example.com'").await;
    store
        .execute("insert into leads (id, email, phone) values ('0a51e1f2-0001-4000-8000-000000000007', 'seven@example.com', '0012025550177')")
        .await;
    take_in(&store, &[ended("g", json!({"customer": {"number": "+12025550103"}}))], 1).await;
    let who_now: Vec<String> = store.values(who).await.into_iter().flatten().collect();
    assert_eq!(who_now, ["a 5 ca00", "b 3", "c 2 ca00", "d 4", "e 7", "g 3"]);
    // A second owner makes the number nobody's again, but for what a person said.
    store.execute("insert into leads (email, phone) values ('another@example.com', '+12025550103')").await;
    take_in(&store, &[ended("h", json!({"customer": {"number": "+12025550103"}}))], 1).await;
    assert_eq!(
        store
            .value(
                "select lead_id::text from events where vapi_call_id = 'h' and event_type = 'call_no_answer'"
            )
            .await,
        None
    );
    assert_settled(&store).await;
}

#[tokio::test]
async fn no_secret_of_the_vendor_reaches_any_table() {
    let store = with_people().await;
    let all: Vec<Sent> = names().iter().map(|name| sample(name)).collect();
    take_in(&store, &all, 5).await;
    for table in ["vapi_messages_raw", "events", "raw_history"] {
        let held =
            format!("{table} t where t::text ~ '{SECRET}|X-Amz-Signature|phone-call-websocket|hooks/vapi'");
        assert_eq!(store.count(&held).await, 0, "{table}");
        let redacted = format!("{table} t where t::text like '%[redacted]%'");
        assert!(table == "raw_history" || store.count(&redacted).await > 0, "{table}");
    }
    let unanswered = store.values("select split_part(detail, ':', 1) from touchline.problems where kind = 'unanswered_request' order by 1");
    let unanswered: Vec<String> = unanswered.await.into_iter().flatten().collect();
    assert_eq!(unanswered, ["type=assistant-request", "type=campaign.predial", "type=tool-calls"]);
}

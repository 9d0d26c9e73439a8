//! What Instantly delivers by webhook: understood, one row a touch, the same whatever the order.

use engine::raw::{Payload, Record};
use serde_json::{Value, json};

use super::support::{Sent, assert_settled, fixture, fixtures, polled, take_in, with};
use crate::mirror::support::Store;

const FOLDER: &str = "instantly_webhooks";

/// Each sample, and what it means: our event, its interest.
const SAMPLES: &[(&str, Option<&str>, Option<&str>)] = &[
    ("account_error", None, None),
    ("auto_reply_received", Some("email_auto_replied"), None),
    ("campaign_completed", None, None),
    ("custom_label", Some("interest_changed"), None),
    ("email_bounced", Some("email_bounced"), None),
    ("email_opened", Some("email_opened"), None),
    ("email_opened_repeat", Some("email_opened"), None),
    ("email_sent", Some("email_sent"), None),
    ("lead_closed", Some("interest_changed"), Some("4")),
    ("lead_interested", Some("interest_changed"), Some("1")),
    ("lead_meeting_booked", Some("interest_changed"), Some("2")),
    ("lead_meeting_completed", Some("interest_changed"), Some("3")),
    ("lead_neutral", Some("interest_changed"), None),
    ("lead_no_show", Some("interest_changed"), Some("-4")),
    ("lead_not_interested", Some("interest_changed"), Some("-1")),
    ("lead_out_of_office", Some("interest_changed"), Some("0")),
    ("lead_unsubscribed", Some("email_unsubscribed"), None),
    ("lead_wrong_person", Some("interest_changed"), Some("-2")),
    ("link_clicked", Some("email_clicked"), None),
    ("reply_received", Some("email_replied"), None),
    ("reply_received_min", Some("email_replied"), None),
    ("reply_received_retry_duplicate", Some("email_replied"), None),
    ("reply_received_second_reply_same_thread", Some("email_replied"), None),
    ("reply_received_strings", Some("email_replied"), None),
    ("supersearch_enrichment_completed", None, None),
    ("test_delivery", None, None),
    ("unknown_event", Some("other"), None),
];

fn sample(name: &str) -> Sent {
    Sent::instantly(fixture(FOLDER, name))
}

fn reply(fields: Value) -> Sent {
    Sent::instantly(with(&fixture(FOLDER, "reply_received"), &fields))
}

/// The polled message of the reply sample.
fn mail(fields: Value) -> Record {
    let mail = json!({
        "id": "019ab002-0000-78b0-addc-e7c35c56a1f3", "ue_type": 2, "lead": "nadia.okafor+ops@example.com",
        "timestamp_created": "2026-11-20T11:42:31.900Z", "timestamp_email": "2026-11-20T11:42:03.000Z",
        "from_address_email": "n@other.example.com", "eaccount": "mira@outreach.example.com", "step": "0_0_0",
        "subject": "Re: Nadia, quick question", "body": { "text": "the polled words" },
        "campaign_id": "019a1000-0001-743d-9448-c82ed573edfe",
    });
    let mail = with(&mail.to_string(), &fields);
    let kind = if mail.contains("\"ue_type\":1") { "sent" } else { "replied" };
    let text = |text: &str| Some(text.to_owned());
    Record {
        key: "019ab002-0000-78b0-addc-e7c35c56a1f3".into(),
        values: vec![
            text("019ab002-0000-78b0-addc-e7c35c56a1f3"),
            text("019a1000-0001-743d-9448-c82ed573edfe"),
            text("nadia.okafor+ops@example.com"),
            text(kind),
            text("2026-11-20T11:42:03Z"),
        ],
        payload: Payload::new(&mail),
    }
}

async fn events(store: &Store) -> Vec<String> {
    let sql = "select event_type || ' ' || coalesce(left(email_body, 20), '') from events order by event_timestamp, 1";
    store.values(sql).await.into_iter().flatten().collect()
}

#[test]
fn every_sample_is_understood() {
    let mut names: Vec<String> = std::fs::read_dir(fixtures(FOLDER))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, SAMPLES.iter().map(|(name, ..)| (*name).to_owned()).collect::<Vec<_>>());
    for (name, event, interest) in SAMPLES {
        let sent = sample(name);
        let one = |column: &str| sent.column(column).remove(0);
        assert_eq!(one("event_type").as_deref(), *event, "{name}");
        assert_eq!(one("interest_code").as_deref(), *interest, "{name}");
        assert!(one("event_date").is_some(), "{name}");
    }
    let key = |name: &str| sample(name).column("event_key");
    assert_eq!(key("reply_received"), key("reply_received_retry_duplicate"));
    assert_ne!(key("email_opened"), key("email_opened_repeat"), "a second open is no repetition");
    assert_eq!(sample("reply_received_strings").column("sequence_step"), [Some("1".to_owned())]);
}

#[test]
fn what_cannot_be_read_says_why() {
    for (body, reason) in [
        ("", "empty"),
        ("hello", "not JSON"),
        ("[1, 2]", "list without objects"),
        ("{\"timestamp\": \"2026-11-20T11:42:39.104Z\"}", "event_type"),
        ("{\"event_type\": \"reply", "breaks off"),
    ] {
        let told = Sent::instantly(body).refusal();
        assert!(told.contains(reason), "{body}: {told}");
    }
    let list = format!("[{}, {}]", fixture(FOLDER, "email_sent"), fixture(FOLDER, "email_opened"));
    assert_eq!(Sent::instantly(list).column("event_key").len(), 2, "a list of events is several");
}

#[tokio::test]
async fn deliveries_doubled_and_in_any_order_end_in_the_same_rows() {
    let mut sent: Vec<Sent> = SAMPLES.iter().map(|(name, ..)| sample(name)).collect();
    // A second subscription, by the name under which clicks are subscribed.
    sent.push(Sent::instantly(with(
        &fixture(FOLDER, "link_clicked"),
        &json!({ "event_type": "email_link_clicked" }),
    )));
    let mut expected: Option<Vec<String>> = None;
    for seed in 0..3 {
        let store = Store::new().await;
        let mut sent: Vec<Sent> = sent.iter().chain(&sent).cloned().collect();
        if seed > 0 {
            fastrand::Rng::with_seed(seed).shuffle(&mut sent);
        }
        take_in(&store, &sent, if seed == 2 { 1 } else { 20 }).await;
        let dump = store.normalised_dump().await;
        assert_eq!(dump, *expected.get_or_insert_with(|| dump.clone()), "order {seed}");
        assert_settled(&store).await;
        // Six mails and answers become four: the reply came in three spellings. No event of a campaign alone.
        assert_eq!(store.count("events where email_body is not null").await, 4);
        assert_eq!(store.count("events where event_type = 'email_clicked'").await, 1);
        assert_eq!(store.count("events where event_type = 'email_opened'").await, 2);
        let label =
            "select note_text from events where event_type = 'interest_changed' and note_text is not null";
        assert_eq!(store.value(label).await.as_deref(), Some("Send pricing – später"));
        let codes = "select interest_status from events where event_type = 'interest_changed' and interest_status is not null order by 1";
        let codes: Vec<String> = store.values(codes).await.into_iter().flatten().collect();
        assert_eq!(
            codes,
            ["-4", "-2", "-1", "0", "1", "2", "3", "4"],
            "neutral and words are none, which is not 0"
        );
        let troubles =
            "select kind || ' ' || detail || ' ' || occurrences from touchline.problems order by 1";
        let troubles: Vec<String> = store.values(troubles).await.into_iter().flatten().collect();
        assert_eq!(
            troubles,
            ["account_error mailbox jonas@try.example.org 1", "unknown_code event_type=lead_future_thing 1"]
        );
        assert_eq!(store.count("events where lead_id is not null or contact_address is null").await, 0);
    }
}

#[tokio::test]
async fn a_reply_by_webhook_and_by_poll_is_one_row_whichever_comes_first() {
    let mut dumps = Vec::new();
    for webhook_first in [true, false] {
        let store = Store::new().await;
        if webhook_first {
            take_in(&store, &[sample("reply_received")], 1).await;
            assert_eq!(
                events(&store).await,
                ["email_replied Hi Mira,\n\nwriting fr"],
                "its words are kept meanwhile"
            );
        }
        polled(&store, "instantly_emails_raw", mail(json!({}))).await;
        if !webhook_first {
            take_in(&store, &[sample("reply_received")], 1).await;
        }
        assert_eq!(events(&store).await, ["email_replied the polled words"]);
        assert_settled(&store).await;
        dumps.push(store.normalised_dump().await);
    }
    assert_eq!(dumps[0], dumps[1]);
}

#[tokio::test]
async fn several_replies_under_one_id_are_several_rows() {
    let first = reply(json!({}));
    let second = reply(json!({ "timestamp": "2026-11-20T15:00:00.000Z", "reply_text": "One more thing" }));
    for order in [[&first, &second], [&second, &first]] {
        let store = Store::new().await;
        take_in(&store, &order.map(Clone::clone), 1).await;
        assert_eq!(
            events(&store).await,
            ["email_replied Hi Mira,\n\nwriting fr", "email_replied One more thing"]
        );
        assert_settled(&store).await;
        polled(&store, "instantly_emails_raw", mail(json!({}))).await;
        assert_eq!(events(&store).await, ["email_replied the polled words", "email_replied One more thing"]);
        assert_settled(&store).await;
    }
    // The id may also be that of the message that was answered.
    let store = Store::new().await;
    take_in(&store, &[first, second], 1).await;
    polled(&store, "instantly_emails_raw", mail(json!({ "ue_type": 1 }))).await;
    let found = events(&store).await;
    assert_eq!(found.len(), 3, "{found:?}");
    assert_settled(&store).await;
}

#[tokio::test]
async fn a_delivery_as_an_automatic_reply_counts_until_the_vendor_gives_its_verdict() {
    for webhook_first in [true, false] {
        let store = Store::new().await;
        let automatic = reply(json!({ "event_type": "auto_reply_received" }));
        if webhook_first {
            take_in(&store, std::slice::from_ref(&automatic), 1).await;
            polled(&store, "instantly_emails_raw", mail(json!({}))).await;
        } else {
            polled(&store, "instantly_emails_raw", mail(json!({}))).await;
            take_in(&store, &[automatic], 1).await;
        }
        assert_eq!(events(&store).await, ["email_auto_replied the polled words"]);
        assert_settled(&store).await;
        let id = "019ab002-0000-78b0-addc-e7c35c56a1f3".to_owned();
        let verdict = Record {
            key: id.clone(),
            values: vec![Some(id.clone()), Some("false".into())],
            payload: Payload::new(&json!({ "id": id, "is_auto_reply": 0 }).to_string()),
        };
        polled(&store, "instantly_email_details_raw", verdict).await;
        assert_eq!(events(&store).await, ["email_replied the polled words"]);
        assert_settled(&store).await;
    }
}

#[tokio::test]
async fn a_known_person_is_linked_and_an_unknown_one_is_kept_with_the_address() {
    let store = Store::new().await;
    store.execute("insert into leads (email) values ('Nadia.Okafor+ops@example.com')").await;
    store
        .execute(
            "insert into campaigns (campaign_name, instantly_campaign_id, uses_email)
             values ('Ours', '019a1000-0001-743d-9448-c82ed573edfe', true)",
        )
        .await;
    take_in(&store, &[sample("email_opened"), sample("email_bounced")], 1).await;
    let line = "select event_type || ' ' || (lead_id is not null) || ' ' || (campaign_lead_id is not null) || ' ' || contact_address
                  from events order by 1";
    let found: Vec<String> = store.values(line).await.into_iter().flatten().collect();
    assert_eq!(
        found,
        [
            "email_bounced false false no.such.user@example.org",
            "email_opened true true nadia.okafor+ops@example.com"
        ]
    );
    let key = store.value("select natural_key from events where event_type = 'email_bounced'").await.unwrap();
    assert_eq!(key, "instantly:bounced:019a1000-0001-743d-9448-c82ed573edfe:no.such.user@example.org");
    assert_settled(&store).await;
}

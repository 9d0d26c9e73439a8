//! What LinkedIn tools deliver: every shape is understood, or set aside with a reason; one row a touch.

use serde_json::json;

use super::support::{Sent, assert_settled, fixture, fixtures, take_in, with};
use crate::mirror::support::Store;

const FOLDER: &str = "linkedin";
const ADA: Option<&str> = Some("in/fixture-ada-quill");

fn sample(provider: &'static str, name: &str) -> Sent {
    Sent::linkedin(provider, fixture(FOLDER, name))
}

fn generic(fields: serde_json::Value) -> Sent {
    Sent::linkedin("", with(&fixture(FOLDER, "generic"), &fields))
}

/// Each sample: what it is by, its event, when.
const SAMPLES: &[(&str, &str, &str, &str)] = &[
    ("dripify", "dripify", "message_replied", "2026-05-01T00:00:00Z"),
    ("expandi", "expandi", "message_replied", "2026-05-01T09:29:58Z"),
    ("generic", "generic", "connection_accepted", "2026-05-01T09:30:00Z"),
    ("heyreach_camel", "heyreach", "connection_accepted", "2026-05-01T08:00:00Z"),
    ("heyreach_every_reply", "heyreach", "message_replied", "2026-05-01T09:29:58Z"),
    ("heyreach_no_event", "heyreach", "message_replied", "2026-05-01T09:29:58Z"),
    ("heyreach_snake", "heyreach", "message_replied", "2026-05-01T09:29:58Z"),
    ("lemlist", "lemlist", "connection_accepted", "2026-05-01T09:30:00Z"),
    ("phantombuster", "phantombuster", "connection_sent", "2026-05-01T09:30:00Z"),
    ("prosp", "prosp", "message_replied", "2026-05-01T09:30:00Z"),
    ("unipile", "unipile", "connection_accepted", ""),
];

#[test]
fn every_sample_is_understood_or_says_why_not() {
    let mut names: Vec<String> = std::fs::read_dir(fixtures(FOLDER))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "phantombuster_no_result")
        .collect();
    names.sort();
    assert_eq!(names, SAMPLES.iter().map(|(name, ..)| (*name).to_owned()).collect::<Vec<_>>());
    for (name, provider, event, when) in SAMPLES {
        // Dripify names no event in its body: each trigger has an address of its own.
        let sent = sample(provider, name);
        let sent = if *provider == "dripify" { sent.to("reply_received") } else { sent };
        let one = |column: &str| sent.column(column).remove(0).unwrap_or_default();
        assert_eq!((one("event_type").as_str(), one("event_date").as_str()), (*event, *when), "{name}");
        assert_eq!(Some(one("linkedin_profile").as_str()), ADA, "{name}");
    }
    assert_eq!(
        sample("", "phantombuster").column("event_key").len(),
        2,
        "a row for each of a run; one names nobody"
    );
    for (name, provider) in [("heyreach_snake", "heyreach"), ("expandi", "expandi"), ("unipile", "unipile")] {
        assert_eq!(sample("", name).column("provider"), [Some(provider.to_owned())], "known by its shape");
    }
    assert!(sample("", "phantombuster_no_result").refusal().contains("resultObject"));
    assert!(sample("", "dripify").refusal().contains("no event"));
}

#[test]
fn our_own_address_says_what_is_missing() {
    let refusal = |body: &str| Sent::linkedin("", body).refusal();
    assert!(refusal(r#"{"linkedin_url": "https://linkedin.com/in/a"}"#).contains("`event`"));
    assert!(
        refusal(r#"{"event": "connection_sent", "email": "nobody"}"#).contains("`linkedin_url` or `email`")
    );
    assert!(refusal("a=b").contains("not JSON"));
    let list = r#"[{"event": "connection_sent", "email": "a@example.com"}, {"event": "message_sent", "email": "a@example.com"}]"#;
    assert_eq!(Sent::linkedin("", list).column("event_type").len(), 2);
    let member = r#"{"event": "connection_sent", "linkedin_url": "https://www.linkedin.com/sales/lead/ACwAABCDEFGH,NAME"}"#;
    assert_eq!(Sent::linkedin("", member).column("linkedin_profile"), [Some("in/ACwAABCDEFGH".to_owned())]);
    assert_eq!(
        generic(json!({ "event": "InMail_Replied" })).column("event_type"),
        [Some("message_replied".to_owned())]
    );
}

#[tokio::test]
async fn retries_second_subscriptions_and_a_second_name_are_one_row_in_any_order() {
    let sent: Vec<Sent> = SAMPLES
        .iter()
        // Dripify needs an address, and a touch without a time is as old as its first delivery.
        .filter(|(name, ..)| !matches!(*name, "dripify" | "unipile"))
        .map(|(name, provider, ..)| sample(provider, name))
        .collect();
    let mut expected: Option<Vec<String>> = None;
    for seed in 0..3 {
        let store = Store::new().await;
        store.execute("insert into leads (email, first_name) values ('ada.quill@example.com', 'Ada')").await;
        store.execute("insert into campaigns (campaign_name, uses_linkedin) values ('Q2 Founders', true), ('Q2 founders', false)").await;
        let mut sent: Vec<Sent> = sent.iter().chain(&sent).cloned().collect();
        if seed > 0 {
            fastrand::Rng::with_seed(seed).shuffle(&mut sent);
        }
        take_in(&store, &sent, if seed == 2 { 1 } else { 50 }).await;
        assert_eq!(
            store
                .count(
                    "events where natural_key like 'linkedin:heyreach:%' and event_type = 'message_replied'"
                )
                .await,
            1
        );
        let reply = "select c.campaign_name || ' ' || e.linkedin_message_text from events e join campaigns c on c.id = e.campaign_id
                      where natural_key like 'linkedin:heyreach:%' and event_type = 'message_replied'";
        assert_eq!(store.value(reply).await.as_deref(), Some("Q2 Founders Sounds good"));
        assert_eq!(
            store.value("select linkedin_url from leads").await.as_deref(),
            Some("https://www.linkedin.com/in/fixture-ada-quill")
        );
        assert_eq!(
            store.count("events where lead_id is null").await,
            1,
            "the other row of the phantom's run"
        );
        let dump = store.normalised_dump().await;
        assert_eq!(dump, *expected.get_or_insert_with(|| dump.clone()), "order {seed}");
    }
}

#[tokio::test]
async fn a_touch_waits_for_its_person_and_finds_them_by_address_or_profile() {
    let store = Store::new().await;
    take_in(&store, &[generic(json!({})), sample("phantombuster", "phantombuster")], 1).await;
    assert_eq!(store.count("events where lead_id is null and contact_kind = 'linkedin'").await, 3);
    store.execute("insert into leads (email, linkedin_url) values ('ada.quill@example.com', 'hers')").await;
    take_in(&store, &[generic(json!({ "event": "message_sent", "external_id": "abc-2" }))], 1).await;
    assert_eq!(
        store.count("events where lead_id is null").await,
        1,
        "all of hers, also those without an address"
    );
    assert_eq!(
        store.value("select linkedin_url from leads").await.as_deref(),
        Some("hers"),
        "what stands there stays"
    );
    assert_settled(&store).await;
}

#[tokio::test]
async fn an_event_nobody_has_explained_is_kept_and_reported() {
    let store = Store::new().await;
    take_in(
        &store,
        &[generic(json!({ "event": "sent_a_gift" })), generic(json!({ "event": "sent_a_gift" }))],
        1,
    )
    .await;
    assert_eq!(
        store.value("select event_type || ' ' || note_text from events").await.as_deref(),
        Some("other sent_a_gift")
    );
    let problem = "select kind || ' ' || detail || ' ' || occurrences from touchline.problems";
    assert_eq!(store.value(problem).await.as_deref(), Some("unknown_code event=sent_a_gift (generic) 1"));
    assert_settled(&store).await;
}

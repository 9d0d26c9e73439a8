//! Records no vendor should send: they are kept, they harm nobody else, and they are told to people.

use engine::sync::{self, State};
use serde_json::{Value, json};
use simulator::Size;

use super::support::{Mirror, like};

fn uuid(number: usize) -> String {
    format!("019c0000-0000-7000-8000-{number:012}")
}

async fn small() -> (Mirror, Value, Value, Value) {
    let mirror = Mirror::of(Size { campaigns: 1, leads: 6, accounts: 1, steps: 1, bulk: None }).await;
    let (lead, mail, campaign) = mirror.sim.world(|world| {
        let campaign = world.campaigns().values().find(|campaign| campaign["status"] == 1).unwrap().clone();
        (world.leads().values().next().unwrap().clone(), world.emails().next().unwrap(), campaign)
    });
    (mirror, lead, mail, campaign)
}

#[tokio::test]
async fn strange_leads_are_kept_and_understood_as_far_as_they_go() {
    let (mirror, lead, _, campaign) = small().await;
    let long = format!("{}@example.com", "x".repeat(5_000));
    let strange = [
        json!({"email": long}),
        json!({"email": "not an address", "first_name": ["a", "list"], "company_name": {"an": "object"}}),
        json!({"email": 12, "status": "-2", "lt_interest_status": "4"}),
        json!({"email": null, "status": 99, "lt_interest_status": 1e30}),
        json!({"email": "A.Person@Example.ORG ", "timestamp_last_contact": "2026-02-30T25:61:00Z"}),
        json!({"email": "a.person@example.org", "timestamp_last_contact": "2026-13-45T10:00:00Z", "email_reply_count": 1,
               "timestamp_last_reply": "2026-11-31T10:00:00.000Z"}),
        json!({"email": "b@example.org", "timestamp_created": "soon", "payload": "no object", "status": "active"}),
        json!({"email": "c@example.org", "campaign": 7, "website": "http://[", "company_domain": "ex\u{0}ample.org"}),
        json!({"email": "d@example.org", "first_name": "n\u{0}l", "last_name": "y".repeat(10_000), "company_name": "z".repeat(10_000)}),
    ];
    mirror.sim.world(|world| {
        for (number, fields) in strange.iter().enumerate() {
            let fields = like(fields, json!({"id": uuid(number)}));
            world.put_lead(like(&lead, fields)).unwrap();
        }
        for number in 0..200 {
            let same = json!({"id": uuid(1_000 + number), "email": "Everybody@example.net", "campaign": campaign["id"]});
            world.put_lead(like(&lead, same)).unwrap();
        }
    });
    mirror.sync().await;
    assert_eq!(mirror.count("instantly_leads_raw").await, (6 + strange.len() + 200) as i64);
    assert_eq!(mirror.count("leads where email = 'everybody@example.net'").await, 1);
    assert_eq!(mirror.count("leads where email = 'a.person@example.org'").await, 1);
    assert_eq!(
        mirror
            .count(
                "lead_identities where identity_kind = 'instantly_lead' and identity_value like '019c0000-%'"
            )
            .await,
        4
    );
    let unsubscribed = "campaign_leads m join lead_identities i using (lead_id) \
                        where i.identity_value = '019c0000-0000-7000-8000-000000000002' and m.overall_status = 'unsubscribed'";
    assert_eq!(mirror.count(unsubscribed).await, 1, "a code as text is the code");
    assert_eq!(mirror.count("touchline.changes").await, 0, "everything was understood");
    let status = sync::status(mirror.pool(), 17).await.unwrap();
    let codes: Vec<&str> = status.problems.iter().map(|problem| problem.detail.as_str()).collect();
    assert!(codes.contains(&"status=99") && codes.contains(&"status=active"), "{codes:?}");
    let before = mirror.rows_as_they_lie().await;
    mirror.sync().await;
    assert_eq!(mirror.rows_as_they_lie().await, before);
}

#[tokio::test]
async fn strange_campaigns_and_mailboxes_are_kept() {
    let (mirror, _, _, campaign) = small().await;
    let strange = [
        json!({"name": "n".repeat(10_000), "status": "1"}),
        json!({"name": "", "sequences": "none", "status": 77}),
        json!({"name": null, "sequences": [{"steps": [{"variants": ["text", {"body": 5}]}]}], "timestamp_created": "2026-02-31"}),
        json!({"name": 5, "sequences": [[]], "campaign_schedule": null, "timestamp_created": 12}),
    ];
    mirror.sim.world(|world| {
        for (number, fields) in strange.iter().enumerate() {
            world.put_campaign(like(&campaign, like(fields, json!({"id": uuid(number)})))).unwrap();
        }
        world.put_campaign(json!({"id": uuid(50)})).unwrap();
        let address = world.accounts().keys().next().unwrap().clone();
        world.edit_account(&address, |fields| {
            fields.insert("stat_warmup_score".into(), json!("97.0"));
            fields.insert("status".into(), json!("-1"));
            fields.insert("first_name".into(), json!({"not": "text"}));
        });
    });
    mirror.sync().await;
    assert_eq!(
        mirror.count("campaigns where length(campaign_name) = 10000 and campaign_status = 'active'").await,
        1
    );
    assert_eq!(mirror.count("campaigns where campaign_name = 'Campaign 019c0000'").await, 3);
    assert_eq!(mirror.count("campaigns where campaign_name = '5'").await, 1);
    assert_eq!(
        mirror.count("instantly_accounts_raw where account_status = -1 and warmup_score = 97 and first_name is null").await,
        1
    );
    let before = mirror.rows_as_they_lie().await;
    mirror.sync().await;
    assert_eq!(mirror.rows_as_they_lie().await, before);
}

#[tokio::test]
async fn strange_mails_are_kept_and_no_reply_is_lost() {
    let (mirror, _, mail, _) = small().await;
    let lead = mail["lead"].as_str().unwrap().to_owned();
    let strange = [
        (json!({"ue_type": 2, "body": "just text", "step": "x_y"}), Some("email_replied")),
        (
            json!({"ue_type": 2, "body": ["a", "list"], "step": {"a": 1}, "subject": {"b": 2}}),
            Some("email_replied"),
        ),
        (
            json!({"ue_type": "2", "body": null, "step": 99_999_999_999_i64, "subject": null}),
            Some("email_replied"),
        ),
        (
            json!({"ue_type": 9, "from_address_email": lead, "eaccount": "us@sender.example.com"}),
            Some("email_received"),
        ),
        (
            json!({"ue_type": 9, "from_address_email": "us@sender.example.com", "eaccount": "us@sender.example.com"}),
            None,
        ),
        (json!({"ue_type": null, "from_address_email": lead, "eaccount": null}), Some("email_received")),
        (json!({"ue_type": 2, "timestamp_email": "0001-01-01T00:00:00Z"}), Some("email_replied")),
        (
            json!({"ue_type": 2, "timestamp_email": "not a time", "campaign_id": "unknown"}),
            Some("email_replied"),
        ),
        (
            json!({"ue_type": 1, "step": "0_999999999999_0", "subject": "s".repeat(100_000)}),
            Some("email_sent"),
        ),
        (json!({"ue_type": 2, "lead": 5, "from_address_email": ["x"]}), Some("email_replied")),
        (
            json!({"ue_type": 2, "subject": "nul \u{0}", "body": {"text": "\u{0}", "html": 5}}),
            Some("email_replied"),
        ),
        (json!({"ue_type": 4, "timestamp_email": "2027-01-01T00:00:00Z"}), None),
    ];
    mirror.sim.world(|world| {
        for (number, (fields, _)) in strange.iter().enumerate() {
            world.put_email(like(&mail, like(fields, json!({"id": uuid(number)}))), false).unwrap();
        }
    });
    mirror.sync().await;
    for (number, (fields, kind)) in strange.iter().enumerate() {
        let event =
            format!("select event_type from events where natural_key = 'instantly:email:{}'", uuid(number));
        assert_eq!(mirror.value(&event).await.as_deref(), *kind, "{fields}");
        let kept = format!("instantly_emails_raw where instantly_email_id = '{}'", uuid(number));
        assert_eq!(mirror.count(&kept).await, 1, "{fields}");
    }
    assert_eq!(mirror.count("touchline.changes").await, 0);
    let before = mirror.rows_as_they_lie().await;
    mirror.sync().await;
    assert_eq!(mirror.rows_as_they_lie().await, before);
}

#[tokio::test]
async fn items_without_a_usable_id_are_set_aside_with_their_bytes_and_block_nothing() {
    let items: Vec<String> = (0..1_250)
        .map(|number| format!(r#"{{"name": "nobody {number}"}}"#))
        .chain([
            r#"{"id": 7, "email": "seven@example.com"}"#.to_owned(),
            r#""text""#.to_owned(),
            "[]".to_owned(),
        ])
        .chain([format!(r#"{{"id": "{}"}}"#, "k".repeat(5_000)), r#"{"id": {"o": 1}}"#.to_owned()])
        .collect();
    let url =
        super::exact::vendor(vec![("/api/v2/leads/list", format!(r#"{{"items":[{}]}}"#, items.join(",")))])
            .await;
    let mut mirror = Mirror::of(Size::small()).await;
    mirror.settings.api_url = url;
    let walked = mirror.stream("leads").await;
    assert_eq!((walked.state, walked.set_aside, walked.new), (State::Finished, 1_254, 1), "{walked:?}");
    assert_eq!(
        mirror.count("instantly_leads_raw where instantly_lead_id = '7'").await,
        1,
        "a number is an id"
    );
    assert_eq!(mirror.count("touchline.problems where kind = 'unkeyed_record'").await, 1_254);
    let kept = r#"touchline.problems where payload = convert_to('{"name": "nobody 3"}', 'utf8')"#;
    assert_eq!(mirror.count(kept).await, 1);
    mirror.stream("leads").await;
    assert_eq!(
        mirror.count("touchline.problems where occurrences = 2").await,
        1_254,
        "counted up, not doubled"
    );
}

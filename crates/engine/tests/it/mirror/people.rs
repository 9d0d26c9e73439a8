//! Who is who: companies by domain, leads by address, and people who come before or after their mail.

use engine::sync::Options;
use serde_json::{Value, json};
use simulator::Size;

use super::support::{Mirror, finished, like};

struct Scene {
    mirror: Mirror,
    lead: Value,
    mail: Value,
    campaigns: Vec<String>,
}

/// A world of two campaigns, and records to make others of.
async fn scene() -> Scene {
    let mirror = Mirror::of(Size { campaigns: 2, leads: 6, accounts: 1, steps: 1, bulk: None }).await;
    let (lead, mail, campaigns) = mirror.sim.world(|world| {
        let running = world.campaigns().values().filter(|campaign| campaign["status"] != 0);
        let ids = running.map(|campaign| campaign["id"].as_str().unwrap().to_owned()).collect();
        let mail = world.emails().find(|mail| mail["ue_type"] == 1).unwrap();
        (world.leads().values().next().unwrap().clone(), mail, ids)
    });
    Scene { mirror, lead, mail, campaigns }
}

fn id(number: usize) -> Value {
    json!(format!("019c0000-0000-7000-8000-{number:012}"))
}

impl Scene {
    fn lead(&self, number: usize, fields: Value) {
        let plain = json!({
            "id": id(number), "campaign": self.campaigns[0], "status": 1, "website": null, "company_domain": null,
            "company_name": null, "first_name": null, "last_name": null, "job_title": null, "phone": null, "payload": {},
            "lt_interest_status": null, "email_reply_count": 0, "email_open_count": 0, "email_click_count": 0,
            "timestamp_last_reply": null, "timestamp_last_contact": null,
            "timestamp_created": format!("2026-11-0{}T00:00:00.000Z", number % 9 + 1),
        });
        self.mirror.sim.world(|world| world.put_lead(like(&like(&self.lead, plain), fields)).unwrap());
    }

    fn mail(&self, number: usize, fields: Value) {
        let plain = json!({"id": id(number), "timestamp_created": "2026-11-23T08:00:00.000Z",
            "timestamp_email": "2026-11-23T08:00:00.000Z", "i_status": null});
        self.mirror
            .sim
            .world(|world| world.put_email(like(&like(&self.mail, plain), fields), false).unwrap());
    }

    /// What a query about the lead with this address says.
    async fn of(&self, address: &str, column: &str) -> Option<String> {
        let sql = format!("select {column} from leads l where email = '{address}'");
        self.mirror.value(&sql).await
    }
}

#[tokio::test]
async fn a_company_is_its_domain_and_free_mail_makes_none() {
    let scene = scene().await;
    scene.lead(1, json!({"email": "a@mail.acme.example.com", "company_name": "Acme"}));
    scene.lead(
        2,
        json!({"email": "b@gmail.com", "website": "https://www.acme.co.uk/about", "company_name": "Acme UK"}),
    );
    scene.lead(3, json!({"email": "c@acme.co.uk", "company_name": "ACME United Kingdom"}));
    scene.lead(4, json!({"email": "d@gmail.com", "company_name": "No Website Ltd"}));
    scene.lead(5, json!({"email": "e@outlook.com", "company_name": " no website ltd "}));
    scene.lead(6, json!({"email": "f@gmail.com"}));
    scene.lead(7, json!({"email": "g@gmail.com", "website": "https://www.linkedin.com/in/g"}));
    scene.mirror.sync().await;
    let company = "(select coalesce(company_domain, '-') || ' ' || coalesce(company_name, '-') from companies c where c.id = l.company_id)";
    for (address, expected) in [
        ("a@mail.acme.example.com", Some("example.com Acme")),
        ("b@gmail.com", Some("acme.co.uk Acme UK")),
        ("c@acme.co.uk", Some("acme.co.uk Acme UK")),
        ("d@gmail.com", Some("- No Website Ltd")),
        ("e@outlook.com", Some("- No Website Ltd")),
        ("f@gmail.com", None),
        ("g@gmail.com", None),
    ] {
        assert_eq!(scene.of(address, company).await.as_deref(), expected, "{address}");
    }
    let never = "companies where company_domain in ('gmail.com', 'outlook.com', 'linkedin.com')";
    assert_eq!(scene.mirror.count(never).await, 0);
}

#[tokio::test]
async fn a_person_in_two_campaigns_is_one_lead_with_two_enrollments() {
    let scene = scene().await;
    scene.lead(1, json!({"email": "Ann@Example.com", "first_name": "Ann", "status": 3}));
    scene.lead(2, json!({"email": " ann@example.COM", "last_name": "Lee", "campaign": scene.campaigns[1], "status": -2}));
    scene.lead(3, json!({"email": null, "first_name": "Nobody"}));
    scene.lead(4, json!({"email": "", "first_name": "Nobody"}));
    scene.mirror.sync().await;
    assert_eq!(
        scene.of("ann@example.com", "first_name || ' ' || last_name").await.as_deref(),
        Some("Ann Lee")
    );
    let states = "select string_agg(overall_status, ' ' order by overall_status) from campaign_leads m \
                  join leads l on l.id = m.lead_id where l.email = 'ann@example.com'";
    let opted_out = Some("unsubscribed unsubscribed");
    assert_eq!(
        scene.mirror.value(states).await.as_deref(),
        opted_out,
        "an opt-out stops every campaign of the person"
    );
    let mails = "select string_agg(email_status, ' ' order by email_status) from campaign_leads m \
                 join leads l on l.id = m.lead_id where l.email = 'ann@example.com'";
    assert_eq!(scene.mirror.value(mails).await.as_deref(), Some("pending unsubscribed"));
    let nameless = "leads where first_name = 'Nobody' and email is null";
    assert_eq!(scene.mirror.count(nameless).await, 2, "without an address two leads are two people");
}

#[tokio::test]
async fn a_lead_typed_in_by_hand_is_used_and_not_doubled() {
    let scene = scene().await;
    scene
        .mirror
        .execute("insert into leads (email, first_name, job_title) values ('Ann@Example.com', 'Annie', null), ('ann@example.com', 'Second', null)")
        .await;
    scene.lead(
        1,
        json!({"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee", "job_title": "CEO"}),
    );
    scene.mirror.sync().await;
    let leads = scene
        .mirror
        .values(
            "select first_name || ' ' || coalesce(last_name, '-') || ' ' || coalesce(job_title, '-')
        from leads where lower(email) = 'ann@example.com' order by 1",
        )
        .await;
    let leads: Vec<&str> = leads.iter().flatten().map(String::as_str).collect();
    assert!(
        leads == ["Annie Lee CEO", "Second - -"] || leads == ["Annie - -", "Second Lee CEO"],
        "{leads:?}"
    );
    let enrolled =
        "campaign_leads m join leads l on l.id = m.lead_id where lower(l.email) = 'ann@example.com'";
    assert_eq!(scene.mirror.count(enrolled).await, 1);
}

#[tokio::test]
async fn a_strangers_reply_waits_unmatched_until_its_address_is_a_leads() {
    let scene = scene().await;
    for (number, from) in [(1, "Stranger@Example.net"), (2, "typed@example.net"), (3, "never@example.net")] {
        scene.mail(number, json!({"ue_type": 2, "lead": null, "lead_id": null, "campaign_id": null, "from_address_email": from}));
    }
    scene.mirror.sync().await;
    let unmatched =
        "events where lead_id is null and event_type = 'email_replied' and natural_key like '%019c0000%'";
    assert_eq!(scene.mirror.count(unmatched).await, 3, "no reply is unstorable");
    assert_eq!(
        scene.mirror.count("leads where email like '%@example.net'").await,
        0,
        "writing to us makes no lead"
    );

    scene.lead(4, json!({"email": "stranger@example.net"}));
    scene.mirror.execute("insert into leads (email) values ('Typed@example.net')").await;
    scene.mirror.sync().await;
    assert_eq!(scene.mirror.count(unmatched).await, 1);
    assert_eq!(scene.of("stranger@example.net", "lead_status").await.as_deref(), Some("replied"));
    assert_eq!(scene.of("Typed@example.net", "lead_status").await.as_deref(), Some("replied"));
}

#[tokio::test]
async fn people_the_vendor_has_purged_stay_known_by_their_mail() {
    let scene = scene().await;
    let gone = json!({"lead": "purged@example.net", "campaign_id": scene.campaigns[1], "lead_id": id(77)});
    scene.mail(1, like(&gone, json!({"ue_type": 1, "step": "0_1_0"})));
    scene.mail(2, like(&gone, json!({"ue_type": 2, "from_address_email": "purged@example.net"})));
    scene.mirror.sync().await;
    assert_eq!(scene.of("purged@example.net", "lead_status").await.as_deref(), Some("replied"));
    let enrollment = "select email_status || ' ' || overall_status || ' ' || sequence_step from campaign_leads m \
                      join leads l on l.id = m.lead_id where l.email = 'purged@example.net'";
    assert_eq!(scene.mirror.value(enrollment).await.as_deref(), Some("replied replied 2"));

    // A lead that is purged later keeps its row, its enrollment and its history.
    let before = scene.mirror.normalised_dump().await;
    let ids: Vec<String> = scene.mirror.sim.world(|world| world.leads().keys().cloned().collect());
    scene.mirror.sim.world(|world| ids.iter().for_each(|id| assert!(world.delete_lead(id))));
    let leads = Options { streams: vec!["leads".into()], allow_gone: true, ..Options::default() };
    finished(scene.mirror.sync_with(&leads).await);
    assert_eq!(scene.mirror.count("instantly_leads_raw where gone_at is null").await, 0);
    assert_eq!(scene.mirror.normalised_dump().await, before);
}

#[tokio::test]
async fn a_campaign_without_its_configuration_and_one_without_counters_both_stand() {
    let scene = scene().await;
    let running = scene.campaigns[0].clone();
    let counters = Options { streams: vec!["campaign_analytics".into()], ..Options::default() };
    finished(scene.mirror.sync_with(&counters).await);
    let name = format!("select campaign_name from campaigns where instantly_campaign_id = '{running}'");
    let by_counters = scene.mirror.value(&name).await;
    assert!(by_counters.is_some());
    scene.mirror.sync().await;
    assert_eq!(scene.mirror.value(&name).await, by_counters);
    assert_eq!(
        scene.mirror.count("campaigns where campaign_status = 'draft'").await,
        1,
        "a draft has no counters"
    );
    scene.mirror.sim.world(|world| world.delete_campaign(&running));
    finished(scene.mirror.sync_with(&Options { allow_gone: true, ..Options::default() }).await);
    let status = format!("select campaign_status from campaigns where instantly_campaign_id = '{running}'");
    assert_eq!(scene.mirror.value(&status).await.as_deref(), Some("archived"));
}

//! What a person wrote stays, through syncs and rebuilds; what nobody touched follows the vendor.

use engine::normalise;
use serde_json::json;
use simulator::Size;

use super::support::Mirror;

#[tokio::test]
async fn a_persons_edits_survive_syncs_and_rebuilds() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    let (lead, campaign) = mirror.sim.world(|world| {
        let lead =
            world.leads().values().find(|lead| lead["email"].is_string() && lead["status"] == 1).unwrap();
        (lead.clone(), lead["campaign"].as_str().unwrap().to_owned())
    });
    let address = lead["email"].as_str().unwrap().trim().to_lowercase();
    let mine = format!("from leads where email = '{address}'");
    for edit in [
        format!(
            "update leads set first_name = 'Mine', lead_status = 'qualified', phone = null, job_title = 'By hand' where email = '{address}'"
        ),
        format!(
            "update campaigns set campaign_name = 'Our own name', campaign_status = 'archived' where instantly_campaign_id = '{campaign}'"
        ),
        format!("update campaign_leads set overall_status = 'converted' where lead_id = (select id {mine})"),
    ] {
        assert_eq!(mirror.execute(&edit).await, 1, "{edit}");
    }
    let look = format!(
        "select jsonb_build_array(l.first_name, l.lead_status, l.job_title, c.campaign_name, c.campaign_status, m.overall_status)
           from leads l join campaign_leads m on m.lead_id = l.id join campaigns c on c.id = m.campaign_id where l.email = '{address}'"
    );
    let expected = r#"["Mine", "qualified", "By hand", "Our own name", "archived", "converted"]"#;
    let edited = mirror.value(&look).await;
    assert_eq!(edited.as_deref(), Some(expected));

    mirror.sim.world(|world| {
        world.edit_lead(lead["id"].as_str().unwrap(), |fields| {
            for (name, value) in
                [("first_name", json!("Theirs")), ("last_name", json!("Renamed")), ("status", json!(-2))]
            {
                fields.insert(name.into(), value);
            }
        });
        world.edit_campaign(&campaign, |fields| {
            fields.insert("name".into(), json!("Their new name"));
            fields.insert("status".into(), json!(2));
        });
    });
    mirror.sync().await;
    assert_eq!(mirror.value(&look).await, edited, "the sync leaves what a person wrote");
    let rest = format!("select last_name {mine}");
    assert_eq!(
        mirror.value(&rest).await.as_deref(),
        Some("Renamed"),
        "what nobody touched follows the vendor"
    );
    let email_status = format!("select email_status from campaign_leads where lead_id = (select id {mine})");
    assert_eq!(mirror.value(&email_status).await.as_deref(), Some("unsubscribed"));

    let rebuilt = normalise::rebuild(mirror.pool(), mirror.clock.now(), false).await.unwrap();
    assert_eq!(rebuilt.differences, []);
    assert_eq!(mirror.value(&look).await, edited, "and so does a rebuild");
}

#[tokio::test]
async fn a_reply_that_a_person_gave_to_another_lead_stays_there() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    let moved = "update events set lead_id = (select id from leads where email is not null order by email limit 1)
                  where natural_key = (select natural_key from events where event_type = 'email_replied' and lead_id is not null
                                        order by natural_key desc limit 1)";
    mirror.execute(moved).await;
    let linked =
        "select string_agg(natural_key || coalesce(lead_id::text, ''), ',' order by natural_key) from events";
    let before = mirror.value(linked).await;
    normalise::rebuild(mirror.pool(), mirror.clock.now(), false).await.unwrap();
    assert_eq!(mirror.value(linked).await, before);
}

#[tokio::test]
async fn a_campaign_of_ours_that_a_person_linked_is_used_and_not_doubled() {
    let mirror = Mirror::of(Size { campaigns: 1, leads: 6, accounts: 1, steps: 1, bulk: None }).await;
    let id = mirror.sim.world(|world| {
        world.campaigns().values().find(|campaign| campaign["status"] != 0).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    });
    mirror
        .execute(&format!("insert into campaigns (campaign_name, uses_calls, instantly_campaign_id) values ('Spring', true, '{id}')"))
        .await;
    mirror.sync().await;
    let rows = mirror
        .values(&format!("select campaign_name || ' ' || uses_email || ' ' || uses_calls from campaigns where instantly_campaign_id = '{id}'"))
        .await;
    assert_eq!(rows, [Some("Spring true true".to_owned())]);
    assert!(mirror.count("campaign_leads").await > 0);
}

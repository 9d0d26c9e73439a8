//! Every list, walked to its end, answers exactly the records the world holds.

use serde_json::json;
use simulator::{Kind, Options, Size};

use crate::support::{by, start};

#[tokio::test]
async fn each_list_ends_with_every_record_seen_once() {
    let api = start(Options::default()).await;
    for (path, kind, key) in [
        ("/api/v2/campaigns", Kind::Campaign, "id"),
        ("/api/v2/accounts", Kind::Account, "email"),
        ("/api/v2/leads/list", Kind::Lead, "id"),
        ("/api/v2/emails", Kind::Email, "id"),
        ("/api/v2/lead-labels", Kind::Label, "id"),
    ] {
        let held = api.sim.world(|world| world.records(kind));
        for limit in [1, 2, 7, 100] {
            let rows = api.walk(path, &[], limit).await;
            assert_eq!(rows.len(), held.len(), "{path} in pages of {limit}");
            assert_eq!(by(key, &rows), held, "{path} in pages of {limit}");
        }
    }
}

#[tokio::test]
async fn emails_come_newest_first_and_the_last_full_page_has_a_cursor() {
    let api = start(Options::default()).await;
    let rows = api.walk("/api/v2/emails", &[], 10).await;
    let times: Vec<&str> = rows.iter().map(|row| row["timestamp_created"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
    assert!(rows.iter().all(|row| row.get("is_auto_reply").is_none()));
    let backwards = api.walk("/api/v2/emails", &[("sort_order", "asc")], 10).await;
    assert!(backwards.iter().rev().eq(rows.iter()));

    let labels = api.ok("/api/v2/lead-labels?limit=3").await;
    let cursor = labels["next_starting_after"].as_str().expect("a full last page carries a cursor");
    assert_eq!(
        api.ok(&format!("/api/v2/lead-labels?limit=3&starting_after={cursor}")).await,
        json!({"items": []})
    );
    assert_eq!(api.ok("/api/v2/emails").await["items"].as_array().unwrap().len(), 10, "the default page");
}

#[tokio::test]
async fn filters_are_the_vendors_own() {
    let api = start(Options::default()).await;
    let (campaign, lead) = api.sim.world(|world| {
        let lead = world.leads().values().find(|lead| lead["status"] == 3).unwrap();
        (lead["campaign"].as_str().unwrap().to_owned(), lead["email"].as_str().unwrap().to_owned())
    });
    let of_campaign = api.walk("/api/v2/leads/list", &[("campaign", &campaign)], 100).await;
    assert!(!of_campaign.is_empty() && of_campaign.iter().all(|row| row["campaign"] == campaign.as_str()));
    let ignored = api.post("/api/v2/leads/list", &json!({"campaign_ids": [campaign], "limit": 100})).await.1;
    assert_eq!(ignored["items"].as_array().unwrap().len(), 40, "campaign_ids is silently ignored");

    for filter in [("lead", lead.as_str()), ("campaign_id", campaign.as_str()), ("email_type", "received")] {
        let rows = api.walk("/api/v2/emails", &[filter], 100).await;
        assert!(!rows.is_empty() && rows.len() < api.sim.world(|world| world.email_count()), "{filter:?}");
    }
    let some =
        api.walk("/api/v2/emails", &[], 100).await[20]["timestamp_created"].as_str().unwrap().to_owned();
    let newer = api.walk("/api/v2/emails", &[("min_timestamp_created", &some)], 3).await;
    assert_eq!(newer.len(), 21, "the bound is included");
    let exact = [("min_timestamp_created", some.as_str()), ("max_timestamp_created", some.as_str())];
    assert_eq!(api.walk("/api/v2/emails", &exact, 3).await.len(), 1);
}

#[tokio::test]
async fn single_records_answer_by_id_and_a_mail_tells_whether_it_is_automatic() {
    let api = start(Options::default()).await;
    let automatic = api.sim.world(|world| {
        let ids: Vec<String> = world.records(Kind::Email).into_keys().collect();
        ids.into_iter().filter(|id| world.email(id).unwrap()["is_auto_reply"] == 1).collect::<Vec<_>>()
    });
    assert!(automatic.len() > 2);
    assert_eq!(api.ok(&format!("/api/v2/emails/{}", automatic[0])).await["is_auto_reply"], 1);
    let lead = api.sim.world(|world| world.leads().keys().next().unwrap().clone());
    assert_eq!(api.ok(&format!("/api/v2/leads/{lead}")).await["id"], lead.as_str());
    assert_eq!(api.ok("/api/v2/accounts/mira%40outreach.example.com").await["first_name"], "Mira");
    assert!(api.ok("/api/v2/emails/unread/count").await["count"].is_number());
    assert_eq!(api.ok("/api/v2/workspaces/current").await["name"], "Lotse Outbound");
    let missing = "019a0000-0000-7000-8000-000000000000";
    for path in ["campaigns", "leads", "emails", "accounts"] {
        assert_eq!(api.get(&format!("/api/v2/{path}/{missing}")).await.0, 404);
    }
}

#[tokio::test]
async fn pages_shift_while_someone_walks() {
    let api = start(Options { page_shift: true, ..Options::default() }).await;
    let before = api.sim.world(|world| world.email_count());
    let rows = api.walk("/api/v2/emails", &[], 20).await;
    let after = api.sim.world(|world| world.email_count());
    assert_eq!(rows.len(), before, "the walk sees what was there");
    assert!(after > before + 2, "and more has come meanwhile");
    let newest = api.ok("/api/v2/emails?limit=1").await["items"][0]["id"].clone();
    assert!(rows.iter().all(|row| row["id"] != newest));
}

#[tokio::test]
async fn many_bulk_mails_are_walked_quickly() {
    let api = start(Options { size: Size::mails(5_000, 3_000), ..Options::default() }).await;
    let began = std::time::Instant::now();
    let rows = api.walk("/api/v2/emails", &[], 100).await;
    println!("5,000 mails of 3 kB in {:?}", began.elapsed());
    assert_eq!(rows.len(), 5_000);
}

//! Webhooks that went wrong are healed: the receiver was down, the subscription switched off.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use simulator::{Manners, Simulator};
use testkit::TestDatabase;

use crate::support::server::{Place, becomes, end, number};
use crate::support::{self, reaching, run};

const EVENTS: &str = "select count(*) from public.instantly_webhook_events_raw";

/// Different events that the vendor ever had to tell.
fn told(vendor: &Simulator) -> i64 {
    let log = vendor.world(|world| world.delivery_log());
    log.iter().map(|row| row["payload"].to_string()).collect::<BTreeSet<_>>().len() as i64
}

fn somebody(vendor: &Simulator) -> String {
    vendor.world(|world| {
        let mut written = world.leads().iter().filter(|(_, lead)| lead["last_step_id"].is_string());
        written.next().unwrap().0.clone()
    })
}

/// A minute in which people open, click and answer, and the vendor tries to tell.
async fn minute(vendor: &Simulator, lead: &str) {
    vendor.advance(Duration::from_secs(60));
    vendor.world(|world| {
        world.add_open(lead);
        world.set_interest(lead, 1);
        world.add_reply_from_stranger();
    });
    vendor.deliver().await;
}

fn subscription(vendor: &Simulator) -> Value {
    vendor.world(|world| world.subscriptions().values().next().unwrap().clone())
}

async fn serving(place: &Place, database: &TestDatabase, vendor: &Simulator) -> tokio::process::Child {
    let mut command = place.command(database, &["serve"]);
    let child = reaching(&mut command, vendor).spawn().unwrap();
    place.is_up().await;
    child
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_ten_minutes_without_a_receiver_one_healing_pass_brings_what_is_missing() {
    let options = simulator::Options { manners: Manners::live(), ..simulator::Options::default() };
    let (vendor, database) = (Simulator::start(options).await.unwrap(), support::database().await);
    let place = Place::new();
    let arguments = ["connections", "add", "instantly", "--create", "--json"];
    let mut add = place.command(&database, &arguments);
    let added = run(reaching(&mut add, &vendor)).await.expect(0).json();
    assert_eq!(subscription(&vendor)["target_hook_url"], added["url"]);

    let lead = somebody(&vendor);
    let server = serving(&place, &database, &vendor).await;
    becomes(&database, "select count(*) from touchline.schedule where last_state = 'finished'", 4).await;
    for _ in 0..3 {
        minute(&vendor, &lead).await;
    }
    becomes(&database, "select count(*) from touchline.deliveries where state = 'waiting'", 0).await;
    assert!(number(&database, "select count(*) from touchline.deliveries").await > 0);
    end(server).await.expect(0);

    for _ in 0..10 {
        minute(&vendor, &lead).await;
    }
    assert_eq!(subscription(&vendor)["status"], -1, "switched off by now");
    assert!(number(&database, EVENTS).await < told(&vendor));

    // Down for ten minutes of the simulated time: the next look is due.
    sqlx::query("update touchline.schedule set next_run_at = now() where name = 'instantly_heal'")
        .execute(database.pool())
        .await
        .unwrap();
    let server = serving(&place, &database, &vendor).await;
    becomes(&database, EVENTS, told(&vendor)).await;
    assert_eq!(subscription(&vendor)["status"], 1, "on again");
    let listed = place.run(&database, &["connections", "list", "--json"]).await.expect(0).json();
    assert_eq!(listed[0]["webhook_state"], "active");
    assert!(listed[0]["webhook_resumed_at"].is_string(), "{listed}");
    let status = place.run(&database, &["status"]).await.expect(0).stdout;
    assert!(status.contains("webhook_resumed") && status.contains("instantly_heal"), "{status}");

    // It delivers again, and what both roads tell is one row.
    minute(&vendor, &lead).await;
    becomes(&database, "select count(*) from touchline.deliveries where state = 'waiting'", 0).await;
    sqlx::query("update touchline.schedule set next_run_at = now() where name = 'instantly_heal'")
        .execute(database.pool())
        .await
        .unwrap();
    becomes(&database, EVENTS, told(&vendor)).await;
    end(server).await.expect(0);
    let doubled =
        "select count(*) - count(distinct natural_key) from public.events where natural_key is not null";
    assert_eq!(number(&database, doubled).await, 0);
    assert_eq!(
        number(
            &database,
            "select count(*) from public.raw_history where raw_table = 'instantly_webhook_events_raw'"
        )
        .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_resumes_a_webhook_that_was_switched_off() {
    let (vendor, database) = (support::small_world().await, support::database().await);
    let place = Place::new();
    let lead = somebody(&vendor);
    let added = place.connect(&database, &["instantly"]).await;
    let nowhere = place.command(&database, &["connections", "resume", "instantly"]);
    let mut nowhere = nowhere;
    let refused = run(reaching(&mut nowhere, &vendor)).await.expect(1);
    assert!(refused.stderr.contains("has no webhook that leads to `instantly`"), "{}", refused.stderr);

    // Pasted by hand: found by its address.
    let url = added["url"].as_str().unwrap().to_owned();
    vendor.world(|world| world.subscribe(&url, None));
    for _ in 0..8 {
        minute(&vendor, &lead).await;
    }
    assert_eq!(subscription(&vendor)["status"], -1);
    let mut resume = place.command(&database, &["connections", "resume", "instantly"]);
    let told = run(reaching(&mut resume, &vendor)).await.expect(0).stdout;
    assert!(told.contains("it is on again"), "{told}");
    assert_eq!(subscription(&vendor)["status"], 1);
    let mut again = place.command(&database, &["connections", "resume", "instantly", "--json"]);
    assert_eq!(run(reaching(&mut again, &vendor)).await.expect(0).json()["resumed"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_of_every_kind_can_be_tried_out_and_leaves_no_touch() {
    let database = support::database().await;
    let place = Place::new();
    let kinds: [&[&str]; 5] = [
        &["instantly", "--label", "mail"],
        &["vapi", "--label", "calls"],
        &["vapi", "--label", "bearer", "--auth", "bearer"],
        &["vapi", "--label", "signed", "--auth", "hmac"],
        &["linkedin", "--label", "profiles"],
    ];
    for kind in kinds {
        place.connect(&database, kind).await;
    }
    let down = place.run(&database, &["connections", "test", "mail"]).await.expect(1);
    assert!(
        down.stderr.contains("cannot be reached") && down.stderr.contains("hint: start `touchline serve`"),
        "{}",
        down.stderr
    );

    let server = place.command(&database, &["serve"]).spawn().unwrap();
    place.is_up().await;
    for kind in kinds {
        let tested = place.run(&database, &["connections", "test", kind[2], "--json"]).await.expect(0).json();
        assert_eq!(tested["status"], 200, "{tested}");
        let shown = place
            .run(&database, &["deliveries", "show", tested["delivery_id"].as_str().unwrap(), "--json"])
            .await;
        assert!(shown.expect(0).stdout.contains("touchline_trial"));
    }
    becomes(
        &database,
        "select count(*) from touchline.deliveries where is_trial and state = 'understood'",
        5,
    )
    .await;
    assert_eq!(number(&database, "select count(*) from public.events").await, 0);
    assert_eq!(
        number(&database, "select count(*) from touchline.connections where last_delivery_at is not null")
            .await,
        0
    );
    assert_eq!(
        number(&database, "select count(*) from touchline.connection_secrets where is_trial").await,
        0
    );
    end(server).await.expect(0);
}

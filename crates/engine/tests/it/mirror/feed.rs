//! E-mail as a feed: newest first, new mail before old, nothing lost and nothing doubled.

use std::time::Duration;

use engine::sync::{Options, State};
use serde_json::json;
use simulator::{Fault, Rule, Size};

use super::support::{Mirror, like};

const EMAILS: &str = "/api/v2/emails";

fn feed() -> Options {
    Options { streams: vec!["emails".into()], raw_only: true, ..Options::default() }
}

/// A mailbox of 550 mails: six pages.
async fn mailbox() -> Mirror {
    Mirror::of(Size::mails(550, 300)).await
}

fn asked(mirror: &Mirror) -> Vec<String> {
    mirror.sim.requests().into_iter().map(|seen| seen.path).collect()
}

/// A mail that the vendor makes now, and its id.
fn new_mail(mirror: &Mirror) -> String {
    mirror.sim.advance(Duration::from_secs(60));
    mirror.sim.world(|world| world.add_reply_from_stranger().unwrap())
}

async fn has(mirror: &Mirror, id: &str) -> bool {
    mirror.count(&format!("instantly_emails_raw where instantly_email_id = '{id}'")).await == 1
}

async fn is_complete(mirror: &Mirror) {
    let there: Vec<String> = mirror
        .sim
        .world(|world| world.emails().map(|mail| mail["id"].as_str().unwrap().to_owned()).collect());
    assert_eq!(mirror.count("instantly_emails_raw").await, there.len() as i64);
    for id in there {
        assert!(has(mirror, &id).await, "{id}");
    }
}

#[tokio::test]
async fn an_interrupted_backfill_goes_on_from_its_page_and_new_mail_comes_first() {
    let mirror = mailbox().await;
    mirror.sim.faults().push(Rule::always(EMAILS, Fault::ServerError(503)).after(2));
    let broken = mirror.sync_with(&feed()).await;
    assert_eq!((broken.state, broken.streams[0].items), (State::Failed, 200));
    let newest: Option<String> =
        mirror.value("select max(raw_json ->> 'timestamp_created') from instantly_emails_raw").await;
    let in_world = mirror.sim.world(|world| world.emails().next().unwrap()["timestamp_created"].clone());
    assert_eq!(newest.as_deref(), in_world.as_str(), "newest first");

    // A reply arrives while the back-fill lies still; the next run fails again after two more requests.
    let reply = new_mail(&mirror);
    mirror.sim.faults().clear();
    mirror.sim.faults().push(Rule::always(EMAILS, Fault::ServerError(503)).after(2));
    mirror.sim.clear_requests();
    let broken = mirror.sync_with(&feed()).await;
    assert_eq!(broken.state, State::Failed);
    assert!(has(&mirror, &reply).await, "the reply does not wait for the back-fill");
    let paths = asked(&mirror);
    assert!(paths[0].contains("min_timestamp_created") && !paths[0].contains("starting_after"), "{paths:?}");
    assert!(paths[1].contains("starting_after") && !paths[1].contains("min_timestamp"), "{paths:?}");

    mirror.sim.faults().clear();
    mirror.sim.clear_requests();
    let rest = mirror.sync_with(&feed()).await;
    assert_eq!(rest.state, State::Finished);
    assert_eq!(asked(&mirror).len(), 4, "the head, and three pages that were missing: {:?}", asked(&mirror));
    is_complete(&mirror).await;
    assert_eq!(mirror.count("raw_history").await, 0);

    mirror.sim.clear_requests();
    let again = mirror.sync_with(&feed()).await;
    assert_eq!((again.state, again.streams[0].requests, again.streams[0].new), (State::Finished, 1, 0));
}

#[tokio::test]
async fn full_asks_for_every_page_again_and_survives_an_interruption() {
    let mirror = mailbox().await;
    mirror.sync_with(&feed()).await;
    mirror.sim.faults().push(Rule::always(EMAILS, Fault::Reset).after(3));
    let full = Options { full: true, ..feed() };
    assert_eq!(mirror.sync_with(&full).await.state, State::Failed);
    mirror.sim.faults().clear();
    mirror.sim.clear_requests();
    let rest = mirror.sync_with(&feed()).await;
    assert_eq!((rest.state, rest.streams[0].new, rest.streams[0].gone), (State::Finished, 0, 0));
    assert_eq!(asked(&mirror).len(), 5, "the head and the four pages left: {:?}", asked(&mirror));
}

#[tokio::test]
async fn mail_that_arrives_while_the_list_is_walked_neither_hides_nor_doubles_any() {
    let options = simulator::Options { page_shift: true, size: Size::mails(550, 300), ..Default::default() };
    let mirror = Mirror::start(options).await;
    assert_eq!(mirror.sync_with(&feed()).await.state, State::Finished);
    let report = mirror.sync_with(&feed()).await;
    assert!(report.streams[0].new > 0, "what came during the walk: {report:?}");
    is_complete(&mirror).await;
    assert_eq!(mirror.count("raw_history").await, 0);
}

#[tokio::test]
async fn a_long_head_that_breaks_off_loses_nothing() {
    let mirror = mailbox().await;
    mirror.sync_with(&feed()).await;
    mirror.sim.advance(Duration::from_secs(7200));
    mirror.sim.world(|world| {
        for _ in 0..250 {
            world.add_reply_from_stranger().unwrap();
        }
    });
    mirror.sim.faults().push(Rule::always(EMAILS, Fault::Truncated).after(1));
    assert_eq!(mirror.sync_with(&feed()).await.state, State::Failed);
    mirror.sim.faults().clear();
    let later = new_mail(&mirror);
    assert_eq!(mirror.sync_with(&feed()).await.state, State::Finished);
    assert!(has(&mirror, &later).await, "newer than the head that went on");
    is_complete(&mirror).await;
}

#[tokio::test]
async fn a_forged_record_time_in_the_future_hides_no_later_mail() {
    let mirror = mailbox().await;
    let real = mirror.sim.world(|world| world.emails().next().unwrap());
    mirror.sim.world(|world| {
        for (number, time) in ["2031-01-01T00:00:00.000Z", "2199-12-31T00:00:00.000Z"].iter().enumerate() {
            let id = format!("019c0000-0000-7000-8000-00000000000{number}");
            let forged = like(&real, json!({"id": id, "timestamp_created": time, "timestamp_email": time}));
            world.put_email(forged, false).unwrap();
        }
    });
    for _ in 0..3 {
        assert_eq!(mirror.sync_with(&feed()).await.state, State::Finished);
        // Our clock may be ahead of the vendor's by hours.
        let id = mirror.sim.world(|world| {
            let created = mirror.sim.clock().now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
            let id = uuid::Uuid::now_v7().to_string();
            let mail = like(&real, json!({"id": id, "timestamp_created": created}));
            world.put_email(mail, false).unwrap()
        });
        assert_eq!(mirror.sync_with(&feed()).await.state, State::Finished);
        assert!(has(&mirror, &id).await);
        mirror.sim.advance(Duration::from_secs(600));
    }
    is_complete(&mirror).await;
}

#[tokio::test]
async fn a_clock_of_ours_that_is_hours_ahead_hides_no_mail_behind_a_forged_time() {
    let mut mirror = mailbox().await;
    let right = mirror.clock.clone();
    mirror.clock = engine::clock::Clock::new(move || right.now() + jiff::SignedDuration::from_hours(5));
    let real = mirror.sim.world(|world| world.emails().next().unwrap());
    mirror.sim.world(|world| {
        let id = "019c0000-0000-7000-8000-000000000000";
        let time = "2031-01-01T00:00:00.000Z";
        world.put_email(like(&real, json!({"id": id, "timestamp_created": time})), false).unwrap();
    });
    mirror.sync_with(&feed()).await;
    let reply = new_mail(&mirror);
    mirror.sync_with(&feed()).await;
    assert!(has(&mirror, &reply).await);
}

#[tokio::test]
async fn a_backfill_that_ran_in_circles_begins_anew_and_comes_to_its_end() {
    let mirror = mailbox().await;
    mirror.sim.faults().push(Rule::always(EMAILS, Fault::RepeatedCursor).after(2));
    let circles = mirror.sync_with(&feed()).await;
    assert_eq!(circles.state, State::Failed);
    mirror.sim.faults().clear();
    assert_eq!(mirror.sync_with(&feed()).await.state, State::Finished);
    is_complete(&mirror).await;
}

#[tokio::test]
async fn a_cursor_whose_message_is_gone_starts_its_pass_again() {
    let mirror = mailbox().await;
    mirror.sim.faults().push(Rule::always(EMAILS, Fault::ServerError(500)).after(3));
    mirror.sync_with(&feed()).await;
    mirror.sim.faults().clear();
    // The head, then the tail with the old cursor, which the vendor refuses.
    mirror.sim.faults().push(Rule::once(EMAILS, Fault::ServerError(400)).after(1));
    let report = mirror.sync_with(&feed()).await;
    assert_eq!(report.state, State::Finished, "{report:?}");
    is_complete(&mirror).await;
}

//! What is gone at the vendor: marked only after a provably complete walk, and never much at once without a word.

use std::time::Duration;

use engine::sync::{Options, Receipt, State, Stop};
use simulator::{Fault, Rule, Size};

use super::support::{Mirror, finished, receipt};

const LEADS: &str = "/api/v2/leads/list";

fn only(stream: &str) -> Options {
    Options { streams: vec![stream.to_owned()], raw_only: true, ..Options::default() }
}

async fn leads(mirror: &Mirror) -> Receipt {
    mirror.sync_with(&only("leads")).await.streams.remove(0)
}

async fn many_leads() -> Mirror {
    let mirror = Mirror::of(Size { campaigns: 1, leads: 230, accounts: 2, steps: 1, bulk: None }).await;
    finished(mirror.sync_with(&only("leads")).await);
    mirror
}

fn delete_leads(mirror: &Mirror, count: usize) -> Vec<serde_json::Value> {
    mirror.sim.world(|world| {
        let ids: Vec<String> = world.leads().keys().step_by(7).take(count).cloned().collect();
        ids.iter()
            .map(|id| {
                let record = world.leads()[id].clone();
                assert!(world.delete_lead(id));
                record
            })
            .collect()
    })
}

const GONE: &str = "instantly_leads_raw where gone_at is not null";

#[tokio::test]
async fn a_deleted_lead_gets_a_tombstone_and_comes_back_with_its_history() {
    let mirror = many_leads().await;
    let deleted = delete_leads(&mirror, 5);
    let walked = leads(&mirror).await;
    assert_eq!((walked.state, walked.gone), (State::Finished, 5));
    assert_eq!(mirror.count(GONE).await, 5);
    let key = deleted[0]["id"].as_str().unwrap();
    let table = engine::sources::raw_tables().find(|raw| raw.name == "instantly_leads_raw").unwrap();
    let then = engine::raw::show(mirror.pool(), table, key, None).await.unwrap().unwrap();
    assert!(then.gone && then.payload == deleted[0]);
    let gone_at = then.valid_to.unwrap();
    assert_eq!(engine::raw::show(mirror.pool(), table, key, Some(gone_at)).await.unwrap(), None);

    assert_eq!(leads(&mirror).await.gone, 0, "gone once is gone");
    mirror.sim.world(|world| {
        world.put_lead(deleted[0].clone());
        world.put_lead(deleted[1].clone());
    });
    let back = leads(&mirror).await;
    assert_eq!((back.returned, back.new, back.changed), (2, 0, 0));
    assert_eq!(mirror.count(GONE).await, 3);
    let versions = engine::raw::versions(mirror.pool(), table, key).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[1].valid_to, Some(gone_at), "history knows the time it was away");
    assert!(versions[0].valid_from > gone_at && versions[0].valid_to.is_none());
}

#[tokio::test]
async fn more_than_five_percent_at_once_stops_and_asks_a_person() {
    let mirror = many_leads().await;
    delete_leads(&mirror, 12);
    for _ in 0..2 {
        let report = mirror.sync_with(&only("leads")).await;
        let walked = receipt(&report, "leads");
        assert_eq!((report.state, walked.state, walked.gone), (State::Stopped, State::Stopped, 0));
        assert!(walked.reason.as_ref().unwrap().contains("12 of 230"), "{walked:?}");
        assert!(walked.hint.as_ref().unwrap().contains("--stream leads --allow-gone"), "{walked:?}");
        assert_eq!(mirror.count(GONE).await, 0);
    }
    let report = finished(mirror.sync_with(&Options { allow_gone: true, ..only("leads") }).await);
    assert_eq!(report.streams[0].gone, 12);
    assert_eq!(mirror.count(GONE).await, 12);
}

#[tokio::test]
async fn a_walk_that_fails_or_is_stopped_buries_nothing_and_its_continuation_still_proves() {
    let mirror = many_leads().await;
    delete_leads(&mirror, 4);
    mirror.sim.faults().push(Rule::always(LEADS, Fault::ServerError(500)).after(1));
    let failed = leads(&mirror).await;
    assert_eq!((failed.state, failed.pages), (State::Failed, 1));
    assert_eq!(mirror.count(GONE).await, 0);
    mirror.sim.faults().clear();
    mirror.sim.clear_requests();
    let rest = leads(&mirror).await;
    assert_eq!((rest.state, rest.gone), (State::Finished, 4), "the first page counts, it was seen before");
    assert!(mirror.sim.requests()[0].body.contains("starting_after"), "it goes on where it stopped");
    assert_eq!(mirror.count(GONE).await, 4);

    delete_leads(&mirror, 2);
    let (handle, stop) = Stop::new();
    handle.ask();
    let stopped = mirror.sync_until(&only("leads"), stop).await;
    assert_eq!(stopped.state, State::Stopped);
    assert_eq!(mirror.count(GONE).await, 4);
}

#[tokio::test]
async fn a_record_that_came_while_the_walk_paused_is_not_taken_for_gone() {
    let mirror = many_leads().await;
    mirror.sim.faults().push(Rule::always(LEADS, Fault::Reset).after(2));
    assert_eq!(leads(&mirror).await.state, State::Failed);
    mirror.sim.faults().clear();
    mirror.sim.advance(Duration::from_secs(3600));
    let added = mirror.sim.world(|world| {
        let campaign = world.campaigns().keys().next().unwrap().clone();
        world.add_lead(&campaign).unwrap()
    });
    let rest = leads(&mirror).await;
    assert_eq!((rest.state, rest.gone), (State::Finished, 0));
    let here = format!("instantly_leads_raw where instantly_lead_id = '{added}'");
    if mirror.count(&here).await == 0 {
        assert_eq!(leads(&mirror).await.new, 1);
    }
    assert_eq!(mirror.count(&here).await, 1);
}

#[tokio::test]
async fn nothing_where_much_was_before_is_a_failure_and_not_a_success() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    mirror.sim.world(|world| {
        for id in world.leads().keys().cloned().collect::<Vec<_>>() {
            world.delete_lead(&id);
        }
        for mail in world.emails().collect::<Vec<_>>() {
            world.remove_email(mail["id"].as_str().unwrap());
        }
    });
    for _ in 0..2 {
        let report = mirror.sync_with(&Options::default()).await;
        for stream in ["leads", "emails"] {
            let walked = receipt(&report, stream);
            assert_eq!(walked.state, State::Failed, "{walked:?}");
            assert!(walked.reason.as_ref().unwrap().contains("nothing where"), "{walked:?}");
            assert!(walked.hint.as_ref().unwrap().contains("--allow-gone"), "{walked:?}");
        }
        assert_eq!(report.state, State::Failed);
        assert_eq!(mirror.count(GONE).await, 0);
    }
    // The word that the hint of each names.
    for stream in ["leads", "emails"] {
        let report = mirror.sync_with(&only(stream)).await;
        let hint = report.streams[0].hint.clone().unwrap();
        let options = Options { allow_gone: true, full: hint.contains("--full"), ..only(stream) };
        finished(mirror.sync_with(&options).await);
    }
    assert_eq!(mirror.count("instantly_leads_raw where gone_at is null").await, 0);
    assert_eq!(mirror.count("instantly_emails_raw where gone_at is null").await, 0);
    assert!(mirror.count("events").await > 0, "what happened, happened");
}

#[tokio::test]
async fn an_empty_page_in_the_middle_buries_nothing() {
    let mirror = many_leads().await;
    for (times, gone_on) in [(1, State::Finished), (usize::MAX, State::Stopped)] {
        let rule =
            Rule { times: simulator::Times::Count(times), ..Rule::once(LEADS, Fault::EmptyItems).after(1) };
        mirror.sim.faults().push(rule);
        let walked = leads(&mirror).await;
        assert_eq!((walked.state, walked.gone), (gone_on, 0), "{walked:?}");
        assert_eq!(mirror.count(GONE).await, 0);
        mirror.sim.faults().clear();
    }
    let walked = leads(&mirror).await;
    assert_eq!((walked.state, walked.unchanged), (State::Finished, 230));
}

#[tokio::test]
async fn deleted_mail_is_found_by_a_full_walk_and_asks_when_it_is_much() {
    let mirror = Mirror::of(Size { campaigns: 1, leads: 60, accounts: 2, steps: 2, bulk: None }).await;
    mirror.sync().await;
    let remove = |count: usize| {
        mirror.sim.world(|world| {
            let mails: Vec<_> = world.emails().skip(20).take(count).collect();
            for mail in mails {
                assert!(world.remove_email(mail["id"].as_str().unwrap()));
            }
        });
    };
    remove(2);
    let full = Options { full: true, ..only("emails") };
    assert_eq!(finished(mirror.sync_with(&only("emails")).await).streams[0].gone, 0);
    assert_eq!(finished(mirror.sync_with(&full).await).streams[0].gone, 2);
    remove(30);
    let braked = mirror.sync_with(&full).await;
    assert_eq!(braked.state, State::Stopped);
    let hint = braked.streams[0].hint.clone().unwrap();
    assert!(hint.contains("--full"), "without it nothing is walked that could be found gone: {hint}");
    let report = finished(mirror.sync_with(&Options { allow_gone: true, ..full }).await);
    assert_eq!(report.streams[0].gone, 30);
}

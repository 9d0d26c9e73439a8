//! What every source has to keep, for each entry of the list: a new vendor adds its stand-in to `stand_in` and is held
//! to the same.

use std::collections::BTreeSet;

use engine::source::{Shape, Source};
use engine::sources::{self, Listed};
use engine::sync::{self, Options, Report, State, Stop, Unwatched};
use serde_json::{Map, Value, json};
use simulator::{Fault, Rule, VapiKind};

use super::support::{Mirror, finished, large_mirror, large_vapi};

/// Sources with something to pull; the others only send.
fn pulled() -> impl Iterator<Item = &'static Listed> {
    sources::SOURCES.iter().filter(|source| !source.streams.is_empty())
}

/// A vendor that answers as this source's does, with several pages of everything.
async fn stand_in(source: &Listed) -> Mirror {
    match source.name {
        "instantly" => large_mirror().await,
        "vapi" => large_vapi().await,
        other => panic!("{other} needs a stand-in here"),
    }
}

/// The source's client, against its stand-in.
fn source_of(listed: &Listed, mirror: &Mirror) -> Box<dyn Source> {
    match listed.name {
        "vapi" => Box::new(mirror.vapi()),
        _ => Box::new(mirror.source()),
    }
}

async fn sync(listed: &Listed, mirror: &Mirror, options: &Options, stop: Stop) -> Report {
    let source = source_of(listed, mirror);
    sync::sync(&mirror.database, &*source, options, &mirror.clock, stop, &Unwatched).await.unwrap()
}

#[test]
fn every_source_describes_itself_soundly() {
    let mut names = BTreeSet::new();
    for source in sources::SOURCES {
        assert!(names.insert(source.name), "{} twice", source.name);
        assert!(!source.steps.is_empty());
        let mut seen = BTreeSet::new();
        for stream in source.streams {
            assert!(seen.insert(stream.name), "{} twice", stream.name);
            assert!(!stream.without.is_empty(), "{}: people must be told what they miss", stream.name);
            assert!(stream.table.name.starts_with(source.name), "{}", stream.table.name);
        }
    }
}

#[tokio::test]
async fn every_source_goes_on_from_each_page_and_ends_as_if_undisturbed() {
    for listed in pulled() {
        let undisturbed = stand_in(listed).await;
        finished(sync(listed, &undisturbed, &Options::default(), Stop::never()).await);
        let mut mirror = stand_in(listed).await;
        mirror.settings.retries = 0;
        for stream in listed.streams {
            // Each run breaks off after a few requests, and the next goes on. A little later each time: a walk that was
            // broken off is followed by one from the beginning, which has to come to its end, too.
            let requests = match stream.shape {
                Shape::Whole => 1,
                // The head comes first each time.
                Shape::Feed => 2,
                Shape::PerSubject(_) => 9,
            };
            let only = Options { streams: vec![stream.name.into()], raw_only: true, ..Options::default() };
            let mut runs = 0;
            loop {
                mirror.sim.faults().push(Rule::always("/", Fault::Reset).after(requests + runs / 2));
                let report = sync(listed, &mirror, &only, Stop::never()).await;
                mirror.sim.faults().clear();
                runs += 1;
                if report.state == State::Finished {
                    break;
                }
                assert!(runs < 40, "{}: a walk that goes on comes to its end", stream.name);
            }
            let short = ["campaign_analytics", "daily_analytics", "step_analytics"].contains(&stream.name);
            assert!(short || runs > 1, "{} was never interrupted", stream.name);
        }
        finished(sync(listed, &mirror, &Options::default(), Stop::never()).await);
        assert_eq!(mirror.raw_dump().await, undisturbed.raw_dump().await);
        assert_eq!(mirror.normalised_dump().await, undisturbed.normalised_dump().await);
        assert_eq!(mirror.count("raw_history").await, 0, "repeats change nothing");
    }
}

#[tokio::test]
async fn every_source_keeps_fields_nobody_has_heard_of() {
    for listed in pulled() {
        let mirror = stand_in(listed).await;
        let unknown = json!({"nested": [1, {"deep": null}], "grown": true});
        for table in invent(listed, &mirror, &unknown) {
            finished(sync(listed, &mirror, &Options::default(), Stop::never()).await);
            let kept = format!("{table} where raw_json -> 'invented_tomorrow' = '{unknown}'");
            assert_eq!(mirror.count(&kept).await, 1, "{table}");
        }
    }
}

/// Gives one record of each kind a field nobody has heard of, and names the tables they go to.
fn invent(listed: &Listed, mirror: &Mirror, unknown: &Value) -> &'static [&'static str] {
    let put = |fields: &mut Map<String, Value>| {
        fields.insert("invented_tomorrow".into(), unknown.clone());
    };
    mirror.sim.world(|world| match listed.name {
        "vapi" => {
            let call = world.calls()[0]["id"].as_str().unwrap().to_owned();
            world.edit_call(&call, put);
            let mut assistant = world.vapi(VapiKind::Assistant).values().next().unwrap().clone();
            assistant["invented_tomorrow"] = unknown.clone();
            world.put_vapi(VapiKind::Assistant, assistant);
            &["vapi_calls_raw", "vapi_assistants_raw"][..]
        }
        _ => {
            let lead = world.leads().keys().next().unwrap().clone();
            world.edit_lead(&lead, put);
            let campaign = world.campaigns().keys().next().unwrap().clone();
            world.edit_campaign(&campaign, put);
            let mail = world.emails().next().unwrap()["id"].as_str().unwrap().to_owned();
            world.edit_email(&mail, put);
            &["instantly_leads_raw", "instantly_campaign_configs_raw", "instantly_emails_raw"][..]
        }
    })
}

#[tokio::test]
async fn every_source_stops_when_a_person_asks_and_says_so() {
    for listed in pulled() {
        let mirror = stand_in(listed).await;
        let (handle, stop) = Stop::new();
        handle.ask();
        let report = sync(listed, &mirror, &Options::default(), stop).await;
        assert_eq!(report.state, State::Stopped);
        for receipt in &report.streams {
            assert!(receipt.reason.as_deref().unwrap().ends_with("stopped by a person"));
            assert!(receipt.hint.as_ref().unwrap().contains("goes on where it stopped"));
        }
    }
}

#[tokio::test]
async fn two_runs_at_once_are_refused_and_an_unknown_stream_is_named() {
    let mirror = large_mirror().await;
    let (one, two) = (mirror.source(), mirror.source());
    mirror.sim.faults().push(Rule::once(
        "/api/v2/emails",
        Fault::SlowBody { chunk_every: std::time::Duration::from_millis(700) },
    ));
    let only = Options { streams: vec!["emails".into()], raw_only: true, ..Options::default() };
    let first = sync::sync(&mirror.database, &one, &only, &mirror.clock, Stop::never(), &Unwatched);
    let second = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        sync::sync(&mirror.database, &two, &only, &mirror.clock, Stop::never(), &Unwatched).await
    };
    let (first, second) = tokio::join!(first, second);
    finished(first.unwrap());
    let refused = second.unwrap_err();
    assert!(refused.to_string().contains("already running"), "{refused}");
    assert!(refused.hint().unwrap().contains("touchline status"));
    let unknown = Options { streams: vec!["letters".into()], ..Options::default() };
    let refused =
        sync::sync(&mirror.database, &one, &unknown, &mirror.clock, Stop::never(), &Unwatched).await;
    assert!(refused.unwrap_err().hint().unwrap().contains("emails"));
}

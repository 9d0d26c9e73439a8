//! The vendor's limits, in a shortened minute: our pace stays below them, and retries keep the pace too.

use std::time::Duration;

use engine::sync::{Options, State};
use simulator::{Fault, Limits, Rule, Size};

use super::support::{Mirror, finished};

const EMAILS: &str = "/api/v2/emails";

/// The vendor's limits where a minute lasts two seconds.
fn short() -> Limits {
    Limits { minute: Duration::from_secs(2), ..Limits::vendor() }
}

fn emails() -> Options {
    Options { streams: vec!["emails".into()], raw_only: true, ..Options::default() }
}

fn refused(mirror: &Mirror) -> usize {
    mirror.sim.requests().iter().filter(|seen| seen.status == 429).count()
}

#[tokio::test]
async fn the_pace_of_the_settings_meets_no_limit_and_the_mirror_is_complete() {
    let mut mirror = Mirror::start(simulator::Options {
        size: Size::mails(2400, 200),
        limits: short(),
        ..simulator::Options::default()
    })
    .await;
    // Thirty times the vendor's pace, for a minute thirty times as short.
    mirror.settings.emails_per_minute = 17 * 30;
    let report = finished(mirror.sync_with(&emails()).await);
    assert_eq!(report.streams[0].new, 2400);
    assert!(refused(&mirror) <= 2, "a busy machine may bunch a few: {}", refused(&mirror));
    let seen = mirror.sim.requests();
    let took = seen.last().unwrap().at - seen[0].at;
    assert!(took > Duration::from_secs_f64(2.5), "24 pages do not fit into a minute: {took:?}");
}

#[tokio::test]
async fn without_a_pace_of_ours_the_limit_is_met_waited_out_and_nothing_is_missing() {
    let mut mirror = Mirror::start(simulator::Options {
        size: Size::mails(2400, 200),
        limits: short(),
        ..simulator::Options::default()
    })
    .await;
    mirror.settings.retry_pause = Duration::from_millis(300);
    mirror.settings.retries = 8;
    let report = finished(mirror.sync_with(&emails()).await);
    assert_eq!(report.streams[0].new, 2400);
    assert!(refused(&mirror) > 0 && refused(&mirror) < 12, "{}", refused(&mirror));
}

#[tokio::test]
async fn retries_keep_the_pace() {
    let mut mirror = Mirror::of(Size::small()).await;
    mirror.settings.emails_per_minute = 600;
    mirror.sim.faults().push(Rule::always(EMAILS, Fault::ServerError(500)));
    let report = mirror.sync_with(&emails()).await;
    assert_eq!((report.state, report.streams[0].requests, report.streams[0].retries), (State::Failed, 4, 3));
    let seen = mirror.sim.requests();
    let took = seen[3].at - seen[0].at;
    assert!(took > Duration::from_millis(250), "three retries in {took:?}, 100 ms each is the pace");
}

#[tokio::test]
async fn a_retry_after_is_waited_out_and_an_absurd_one_is_a_failure() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sim.faults().push(Rule::once(EMAILS, Fault::TooManyRequests { retry_after: Some(1) }));
    finished(mirror.sync_with(&emails()).await);
    let seen = mirror.sim.requests();
    assert!(seen[1].at - seen[0].at >= Duration::from_millis(980));
    mirror.sim.faults().push(Rule::once(EMAILS, Fault::TooManyRequests { retry_after: Some(86_400) }));
    let report = mirror.sync_with(&emails()).await;
    assert_eq!((report.state, report.streams[0].requests), (State::Failed, 1));
}

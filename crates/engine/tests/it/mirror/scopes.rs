//! A key that may not see everything: the rest is mirrored, and the status says what is missing.

use engine::sync::{self, Options, State};
use simulator::Size;

use super::support::{Mirror, finished, receipt};

#[tokio::test]
async fn what_the_key_may_not_see_is_said_and_the_rest_is_mirrored() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sim.set_scopes(&["campaigns:all", "leads:read"]);
    let report = mirror.sync_with(&Options::default()).await;
    assert_eq!(report.state, State::Failed);
    for stream in ["campaigns", "campaign_analytics", "leads", "daily_analytics", "step_analytics"] {
        let walked = receipt(&report, stream);
        assert!(walked.state == State::Finished && walked.new > 0, "{walked:?}");
    }
    for (stream, scope) in [
        ("accounts", "accounts:read"),
        ("block_list", "block_list_entries:read"),
        ("emails", "emails:read"),
        ("webhook_events", "webhook_events:read"),
    ] {
        let walked = receipt(&report, stream);
        assert_eq!(walked.state, State::Failed);
        assert!(walked.reason.as_ref().unwrap().contains(scope), "{walked:?}");
        assert_eq!(walked.requests, 1, "a missing scope is not tried again");
    }
    assert!(mirror.count("leads").await > 0 && mirror.count("campaign_leads").await > 0);
    let status = sync::status(mirror.pool(), 17).await.unwrap();
    for stream in &status.streams {
        let hidden = ["accounts", "block_list", "emails", "webhook_events"].contains(&stream.stream);
        assert_eq!(stream.cannot_see.is_some(), hidden, "{stream:?}");
        assert!(!hidden || stream.walked_to_end_at.is_none(), "{stream:?}");
    }

    mirror.sim.set_scopes(&["all:read"]);
    finished(mirror.sync_with(&Options::default()).await);
    let status = sync::status(mirror.pool(), 17).await.unwrap();
    assert!(
        status.streams.iter().all(|s| s.cannot_see.is_none() && s.walked_to_end_at.is_some()),
        "{status:#?}"
    );
}

#[tokio::test]
async fn a_dead_key_is_asked_once_in_each_lane_and_the_mirror_stays() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    let before = mirror.rows_as_they_lie().await;
    mirror.sim.set_revoked(true);
    mirror.sim.clear_requests();
    let report = mirror.sync_with(&Options::default()).await;
    assert_eq!(report.state, State::Failed);
    assert!(report.reason.unwrap().contains("does not accept the key"));
    assert_eq!(mirror.sim.requests().len(), 2);
    assert_eq!(mirror.rows_as_they_lie().await, before);
    mirror.sim.set_revoked(false);
    mirror.sync().await;
    assert_eq!(mirror.rows_as_they_lie().await, before);
}

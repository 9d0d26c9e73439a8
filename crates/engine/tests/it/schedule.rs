//! What runs by itself: due once, in one process, again after a failure, and from where a process stopped.

use std::sync::Mutex;
use std::time::Duration;

use engine::schedule::{self, Schedule, Scheduled, Told};
use engine::source::Source;
use engine::sync::{Stop, Unwatched};
use simulator::{Fault, Rule, Size};

use crate::mirror::support::Mirror;

/// Runs what is due, and says what ended how.
async fn due(mirror: &Mirror) -> Vec<(&'static str, &'static str)> {
    let (source, ended) = (mirror.source(), Mutex::new(Vec::new()));
    let told = |told: &Told| ended.lock().unwrap().push((told.job, told.state));
    let schedule = Schedule {
        database: &mirror.database,
        sources: vec![&source as &dyn Source],
        clock: &mirror.clock,
        watch: &Unwatched,
        haste: 1,
        told: &told,
    };
    schedule.run_due(&Stop::never()).await.unwrap();
    ended.into_inner().unwrap()
}

async fn job(mirror: &Mirror, name: &str) -> Scheduled {
    let all = schedule::list(mirror.pool()).await.unwrap();
    all.into_iter().find(|job| job.name == name).unwrap()
}

#[tokio::test]
async fn everything_runs_at_first_and_then_when_it_is_due() {
    let mirror = Mirror::of(Size::small()).await;
    let first = due(&mirror).await;
    let names: Vec<&str> = first.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["instantly_lists", "instantly_mail", "instantly_heal", "instantly_counters"]);
    assert!(first.iter().all(|(_, state)| *state == "finished"), "{first:?}");
    assert!(mirror.count("leads").await > 0 && mirror.count("events").await > 0);

    // A restart is nothing to begin anew for.
    assert_eq!(due(&mirror).await, []);
    mirror.sim.advance(Duration::from_secs(5 * 60));
    assert_eq!(due(&mirror).await, [("instantly_mail", "finished"), ("instantly_heal", "finished")]);
    mirror.sim.advance(Duration::from_secs(55 * 60));
    assert_eq!(due(&mirror).await.len(), 3, "the counters, too");
    let lists = job(&mirror, "instantly_lists").await;
    let ran = lists.last_started_at.unwrap();
    assert_eq!(lists.next_run_at.duration_since(ran), jiff::SignedDuration::from_hours(24));
}

#[tokio::test]
async fn of_two_servers_one_does_it() {
    let mirror = Mirror::of(Size::small()).await;
    let (one, two) = tokio::join!(due(&mirror), due(&mirror));
    let mut both = [one, two].concat();
    both.sort_unstable();
    // One may find the other's run under way, and then it waits.
    both.retain(|(_, state)| *state != "waiting");
    both.dedup();
    let finished = both.iter().filter(|(_, state)| *state == "finished").count();
    assert_eq!(finished, both.len(), "{both:?}");
    let runs = mirror.count("touchline.runs where state = 'finished'").await;
    assert_eq!(runs, finished as i64, "nothing ran twice: {both:?}");
}

#[tokio::test]
async fn a_failure_is_written_down_and_tried_again_later_and_later() {
    let mut mirror = Mirror::of(Size::small()).await;
    mirror.settings.retries = 0;
    due(&mirror).await;
    mirror.sim.faults().push(Rule::always("/api/v2/emails", Fault::ServerError(500)));
    mirror.sim.advance(Duration::from_secs(5 * 60));
    assert!(due(&mirror).await.contains(&("instantly_mail", "failed")));
    let failed = job(&mirror, "instantly_mail").await;
    assert!(failed.last_reason.as_ref().unwrap().contains("could not answer"), "{failed:?}");
    let pause = |job: &Scheduled| job.next_run_at.duration_since(job.last_ended_at.unwrap()).as_secs();
    assert_eq!(pause(&failed), 30);
    mirror.sim.advance(Duration::from_secs(31));
    assert_eq!(due(&mirror).await, [("instantly_mail", "failed")]);
    assert_eq!(pause(&job(&mirror, "instantly_mail").await), 60);
    mirror.sim.faults().clear();
    mirror.sim.advance(Duration::from_secs(61));
    assert_eq!(due(&mirror).await, [("instantly_mail", "finished")]);
    let healed = job(&mirror, "instantly_mail").await;
    assert_eq!((healed.last_reason, healed.last_state.as_deref()), (None, Some("finished")));
}

#[tokio::test]
async fn what_a_killed_process_had_begun_is_due_again_soon() {
    let mirror = Mirror::of(Size::small()).await;
    due(&mirror).await;
    mirror.sim.advance(Duration::from_secs(24 * 3600));
    // As a process leaves it that was killed in the middle of the daily walk.
    mirror
        .execute(
            "update touchline.schedule
                set last_started_at = next_run_at, next_run_at = next_run_at + interval '10 minutes'
              where name = 'instantly_lists'",
        )
        .await;
    assert!(!due(&mirror).await.iter().any(|(name, _)| *name == "instantly_lists"));
    mirror.sim.advance(Duration::from_secs(11 * 60));
    assert!(due(&mirror).await.contains(&("instantly_lists", "finished")));
}

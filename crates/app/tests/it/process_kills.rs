//! `kill -9` of our process, again and again, while the world stands still.

use std::time::{Duration, Instant};

use simulator::Simulator;
use testkit::TestDatabase;
use tokio::sync::OnceCell;

use crate::support::dump::{Dump, difference, dump};
use crate::support::{self, moment, run, setting, state, sync, world};

/// Kills on one database: enough to hit the first walk several times, and what comes after it.
const KILLS_A_DATABASE: u64 = 6;

/// How long runs take that nobody disturbs.
pub(crate) struct Pace {
    pub(crate) first: Duration,
    pub(crate) again: Duration,
}

/// Kills so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) kills: u64,
    /// The process had not ended by itself.
    pub(crate) in_the_middle: u64,
    /// The run had begun, and the next one found it without an end.
    pub(crate) of_runs: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_killed_at_any_moment_ends_where_an_undisturbed_one_ends() {
    let mut dice = support::dice();
    let wanted = setting("TOUCHLINE_KILLS", 25) * 3 / 5;
    let began = Instant::now();
    let vendor = world().await;
    let (expected, pace) = undisturbed().await;

    let mut tally = Tally::default();
    while tally.kills < wanted {
        // Each fifth is empty, so that kills fall into the making of its tables as well.
        let empty = (tally.kills / KILLS_A_DATABASE) % 5 == 4;
        let database = if empty { testkit::empty_database().await } else { support::database().await };
        let mut end = pace.first;
        for _ in 0..KILLS_A_DATABASE.min(wanted - tally.kills) {
            if !killed(&database, &vendor, moment(&mut dice, end), &mut tally).await {
                end = pace.again;
            }
        }
        run(&mut sync(&database, &vendor)).await.expect(0);
        let found = dump(database.pool()).await;
        assert_eq!(difference(expected, &found, &[]), "");
        assert_eq!(found["raw_history"].len(), 0, "the world stood still");
        tally.of_runs += state::settled(database.pool()).await;
    }
    eprintln!("{tally:?}, {:.1} s, a run takes {:?}", began.elapsed().as_secs_f64(), pace.first);
    assert!(tally.in_the_middle * 2 >= tally.kills, "the kills came too late: {tally:?}");
    assert!(tally.of_runs * 3 >= tally.kills, "the kills came too early: {tally:?}");
}

/// The yardstick, the same for every test.
pub(crate) async fn undisturbed() -> &'static (Dump, Pace) {
    static YARDSTICK: OnceCell<(Dump, Pace)> = OnceCell::const_new();
    YARDSTICK.get_or_init(measure).await
}

/// One run to the end on a database of its own, and another that finds nothing new.
async fn measure() -> (Dump, Pace) {
    let vendor = &world().await;
    let database = support::database().await;
    let began = Instant::now();
    run(&mut sync(&database, vendor)).await.expect(0);
    let first = began.elapsed();
    let expected = dump(database.pool()).await;
    state::mirrors(database.pool(), vendor).await;

    let began = Instant::now();
    run(&mut sync(&database, vendor)).await.expect(0);
    let again = began.elapsed();
    assert_eq!(
        difference(&expected, &dump(database.pool()).await, &[]),
        "",
        "a second run changed something"
    );
    assert_eq!(state::settled(database.pool()).await, 0);
    (expected, Pace { first, again })
}

/// Starts a sync and kills it after a while; false when it had ended by itself.
pub(crate) async fn killed(
    database: &TestDatabase,
    vendor: &Simulator,
    after: Duration,
    tally: &mut Tally,
) -> bool {
    let mut child = sync(database, vendor).spawn().unwrap();
    tokio::time::sleep(after).await;
    let in_the_middle = child.try_wait().unwrap().is_none();
    child.kill().await.unwrap();
    tally.kills += 1;
    tally.in_the_middle += u64::from(in_the_middle);
    in_the_middle
}

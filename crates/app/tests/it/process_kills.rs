//! `kill -9` of our process, again and again, while the world stands still.

use std::ops::Add;
use std::sync::Arc;
use std::time::{Duration, Instant};

use simulator::Simulator;
use testkit::TestDatabase;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

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

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            kills: self.kills + other.kills,
            in_the_middle: self.in_the_middle + other.in_the_middle,
            of_runs: self.of_runs + other.of_runs,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sync_killed_at_any_moment_ends_where_an_undisturbed_one_ends() {
    let mut dice = support::dice();
    let wanted = setting("TOUCHLINE_KILLS", 25) * 3 / 5;
    let began = Instant::now();
    let vendor = Arc::new(world().await);
    let (expected, pace) = undisturbed().await;

    // Three databases at a time: most of a run is waiting for the vendor.
    let mut barrages = JoinSet::new();
    for empty in [false, false, true] {
        let (vendor, dice) = (vendor.clone(), dice.fork());
        let barrage = Barrage { vendor, expected, pace, dice, wanted: wanted.div_ceil(3), empty };
        barrages.spawn(barrage.under_fire());
    }
    let tally = barrages.join_all().await.into_iter().fold(Tally::default(), Add::add);
    eprintln!("{tally:?}, {:.1} s, a run takes {:?}", began.elapsed().as_secs_f64(), pace.first);
    assert!(tally.in_the_middle * 2 >= tally.kills, "the kills came too late: {tally:?}");
    assert!(tally.of_runs * 3 >= tally.kills, "the kills came too early: {tally:?}");
}

/// One database after the other, each killed a few times.
struct Barrage {
    vendor: Arc<Simulator>,
    expected: &'static Dump,
    pace: &'static Pace,
    dice: fastrand::Rng,
    wanted: u64,
    /// Kills fall into the making of the tables as well.
    empty: bool,
}

impl Barrage {
    async fn under_fire(mut self) -> Tally {
        let mut tally = Tally::default();
        while tally.kills < self.wanted {
            let database =
                if self.empty { testkit::empty_database().await } else { support::database().await };
            let mut end = self.pace.first;
            for _ in 0..KILLS_A_DATABASE.min(self.wanted - tally.kills) {
                if !killed(&database, &self.vendor, moment(&mut self.dice, end), &mut tally).await {
                    end = self.pace.again;
                }
            }
            run(&mut sync(&database, &self.vendor)).await.expect(0);
            let found = dump(database.pool()).await;
            assert_eq!(difference(self.expected, &found, &[]), "");
            assert_eq!(found["raw_history"].len(), 0, "the world stood still");
            tally.of_runs += state::settled(database.pool()).await;
            // Dropping waits for the server, which may wait for a client of this very runtime.
            tokio::task::spawn_blocking(move || drop(database)).await.unwrap();
        }
        tally
    }
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

//! Parts are merged on two connections, so that the server stores one on one processor and the next on another: while a
//! part is being stored, whose the rows of the next are is said already. Both hold one lock between them; a part ends
//! after the part before it, so that an import is cut off in one place only. What goes wrong on the lanes is done once
//! more by [`store`], part by part.

use jiff_sqlx::{Timestamp, ToSqlx};
use sqlx::{Connection, PgConnection};
use tokio::sync::{Mutex, MutexGuard, mpsc, oneshot};

use super::{Progress, Run, SETTINGS};
use crate::import::merge::{self, Filled, Names, Owner, Task, keep_raw, leave_out_for_long};
use crate::import::part::Part;
use crate::import::store;
use crate::{Error, Result};

/// After so many parts the lanes look whether somebody else waits for the lock, and let them have it.
const LOOK_EVERY: usize = 16;
/// Rounds of the lanes that may go wrong before there is one lane for the rest.
const MOST_FAILURES: usize = 3;

/// An import whose parts are on their way.
pub(super) struct Merging<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) task: Task,
    pub(super) owner: Owner,
    pub(super) filled: Filled,
    pub(super) feed: Feed,
    /// Parts that are done go back where their memory was taken.
    pub(super) spent: Spent,
    /// There is one transaction around everything, and so one lane.
    pub(super) rehearses: bool,
}

type Spent = std::sync::mpsc::Sender<Part>;

/// Parts as they come.
pub(super) struct Feed {
    pub(super) receiver: mpsc::Receiver<Result<Part>>,
    /// The part that came last, from 1.
    pub(super) number: i32,
    /// Rows of this run so far.
    pub(super) rows: u64,
}

/// A part with its number, and the rows up to its end.
struct Taken {
    part: Part,
    number: i32,
    rows: u64,
}

impl Feed {
    async fn next(&mut self) -> Result<Option<Taken>> {
        let Some(message) = self.receiver.recv().await else { return Ok(None) };
        let part = message?;
        self.number += 1;
        self.rows += part.rows.len() as u64;
        Ok(Some(Taken { part, number: self.number, rows: self.rows }))
    }
}

impl Merging<'_> {
    /// Merges everything that comes.
    pub(super) async fn all(mut self, connection: &mut PgConnection) -> Result<()> {
        let may_have_two = self.task.may_leave_out && !self.rehearses;
        let (mut beside, mut failures, mut is_first) = (None, 0, true);
        while let Some(taken) = self.feed.next().await? {
            let is_last = taken.part.last;
            self.alone(connection, taken).await?;
            if is_last || self.run.stop.is_asked() {
                break;
            }
            if std::mem::take(&mut is_first) && !self.rehearses {
                count(connection).await?;
            }
            if !may_have_two || failures >= MOST_FAILURES {
                continue;
            }
            let other = match &mut beside {
                Some(other) => other,
                None => beside.insert(self.second().await?),
            };
            let left = self.round(connection, other).await?;
            failures += usize::from(!left.is_empty());
            for taken in left {
                self.alone(connection, taken).await?;
            }
            if self.run.stop.is_asked() {
                break;
            }
        }
        if let Some(other) = beside {
            other.close().await.ok();
        }
        Ok(())
    }

    /// One part by itself.
    async fn alone(&mut self, connection: &mut PgConnection, mut taken: Taken) -> Result<()> {
        let (part, number) = (&mut taken.part, taken.number);
        if part.raw_id.is_none() {
            keep_raw(connection, &self.owner, part, number, self.run.clock).await?;
        }
        let now = self.run.clock.now().to_sqlx();
        store::store(connection, &self.task, &mut self.filled, part, number, now).await?;
        done(self.run, &self.spent, taken);
        Ok(())
    }

    /// The second lane. Whoever goes on with this import, or takes it back, waits for its end.
    async fn second(&self) -> Result<PgConnection> {
        let mut connection = self.run.pool.acquire().await?.detach();
        sqlx::raw_sql(SETTINGS).execute(&mut connection).await?;
        sqlx::query("select pg_advisory_lock(hashtextextended('touchline import beside ' || $1, 0))")
            .bind(self.task.import_id.to_string())
            .execute(&mut connection)
            .await?;
        Ok(connection)
    }

    /// Some parts on both lanes; those that are to be done by themselves, in their order.
    async fn round(&mut self, first: &mut PgConnection, second: &mut PgConnection) -> Result<Vec<Taken>> {
        sqlx::query("select pg_advisory_lock(hashtextextended('touchline normalise', 0))")
            .execute(&mut *first)
            .await?;
        for connection in [&mut *first, &mut *second] {
            leave_out_for_long(connection, true).await;
        }
        let round = Mutex::new(Round {
            feed: &mut self.feed,
            filled: &mut self.filled,
            names: Names::default(),
            before: None,
            taken: 0,
            is_over: false,
            left: Vec::new(),
        });
        let lane = |connection| lane(connection, &round, self.run, &self.task, &self.spent);
        let (ended, also) = tokio::join!(lane(&mut *first), lane(&mut *second));
        let mut left = round.into_inner().left;
        for connection in [&mut *first, second] {
            leave_out_for_long(connection, false).await;
        }
        sqlx::query("select pg_advisory_unlock(hashtextextended('touchline normalise', 0))")
            .execute(first)
            .await?;
        ended.and(also)?;
        if !left.is_empty() {
            self.filled.forget();
        }
        left.sort_by_key(|taken| taken.number);
        Ok(left)
    }
}

/// Tells the planner how full the pages are. Where nobody has counted since the tables were empty, it takes them for empty
/// however large they grow, and reads all of one for each row of the other.
async fn count(connection: &mut PgConnection) -> Result<()> {
    sqlx::raw_sql("analyze (skip_locked) leads, companies, lead_identities, touchline.import_rows")
        .execute(connection)
        .await?;
    Ok(())
}

fn done(run: &Run<'_>, spent: &Spent, taken: Taken) {
    let Taken { part, number, rows } = taken;
    run.watch.part(Progress { rows, parts: number, bytes: part.next.0 });
    let _ = spent.send(part);
}

/// What the lanes share.
struct Round<'a> {
    feed: &'a mut Feed,
    filled: &'a mut Filled,
    /// Who and what the part taken last stands for.
    names: Names,
    /// Says when that part is in the database, or goes without a word.
    before: Option<oneshot::Receiver<()>>,
    taken: usize,
    is_over: bool,
    left: Vec<Taken>,
}

/// Takes parts until the round is over.
async fn lane(
    connection: &mut PgConnection,
    round: &Mutex<Round<'_>>,
    run: &Run<'_>,
    task: &Task,
    spent: &Spent,
) -> Result<()> {
    loop {
        // In the file's order: nobody takes a part before it is said whose the rows of the one before are.
        let mut shared = round.lock().await;
        if shared.is_over {
            return Ok(());
        }
        let next = shared.feed.next().await;
        let Ok(Some(taken)) = next else {
            shared.is_over = true;
            return next.map(|_| ());
        };
        shared.taken += 1;
        shared.is_over = taken.part.last
            || run.stop.is_asked()
            || (shared.taken.is_multiple_of(LOOK_EVERY) && somebody_waits(connection).await);
        let (tell, told) = oneshot::channel();
        let before = shared.before.replace(told);
        let now = run.clock.now().to_sqlx();
        match store_beside(connection, task, shared, before, &taken, now).await {
            Ok(()) => {
                done(run, spent, taken);
                let _ = tell.send(());
            }
            Err(error) => {
                tracing::debug!(%error, part = taken.number, "a part is to be merged by itself");
                let mut shared = round.lock().await;
                shared.is_over = true;
                shared.left.push(taken);
                return Ok(());
            }
        }
    }
}

/// Whether somebody waits for the lock that the lanes hold. A connection that is gone shows in what comes next.
async fn somebody_waits(connection: &mut PgConnection) -> bool {
    sqlx::query_scalar(include_str!("waiting.sql")).fetch_one(connection).await.unwrap_or(true)
}

/// Stores one part while the one before may still be under way.
async fn store_beside(
    connection: &mut PgConnection,
    task: &Task,
    shared: MutexGuard<'_, Round<'_>>,
    before: Option<oneshot::Receiver<()>>,
    taken: &Taken,
    now: Timestamp,
) -> Result<()> {
    let mut tx = connection.begin().await?;
    match steps(&mut tx, task, shared, before, taken, now).await {
        Ok(()) => Ok(tx.commit().await?),
        Err(error) => {
            // At once: what it holds may be what the part by itself waits for.
            tx.rollback().await.ok();
            Err(error)
        }
    }
}

async fn steps(
    tx: &mut PgConnection,
    task: &Task,
    mut shared: MutexGuard<'_, Round<'_>>,
    before: Option<oneshot::Receiver<()>>,
    taken: &Taken,
    now: Timestamp,
) -> Result<()> {
    let part = &taken.part;
    store::settle_for_later(tx, part).await?;
    let Round { filled, names, .. } = &mut *shared;
    let mut sorted = merge::sort(tx, task, filled, part, names, now).await?;
    shared.names = sorted.names();
    drop(shared);
    merge::add(tx, part, &mut sorted, now).await?;
    if let Some(before) = before
        && before.await.is_err()
    {
        return Err(Error::conflict("the part before could not be stored", "run the same command again"));
    }
    merge::finish(tx, task, part, taken.number, sorted, now).await
}

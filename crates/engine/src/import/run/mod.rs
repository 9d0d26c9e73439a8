//! One import from its bytes to its report: recognise, keep, read, merge; go on where an earlier run was cut off. Leaves
//! what was asked to [`options`], how a file is read to [`plan`], reading and merging it to [`feed`].

mod feed;
mod lanes;
mod options;
mod plan;

use jiff_sqlx::ToSqlx;
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;

use super::input::{self, Input, Opened};
use super::keep::{self, unreadable};
use super::map;
use super::report::{self, Head, OUTCOMES, Report, State};
use super::sniff::{self, Refused};
use super::verdicts::seen;
use crate::clock::Clock;
use crate::sync::Stop;
use crate::{Error, Result, normalise};
use options::check;
pub use options::{Imported, Options, Progress, Watch};
pub(super) use plan::Chosen;
use plan::stored_plan;

/// Of the sessions that merge.
const SETTINGS: &str = "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = 0;
    -- The rows of a part in one piece. Everything else is asked for by key: no plan may read a table that grows.
    set work_mem = '32MB'; set enable_seqscan = off; set max_parallel_workers_per_gather = 0; set jit = off;
    -- Keys come by the thousand: no plan is made anew for the values of an array.
    set plan_cache_mode = force_generic_plan";

/// Imports a file.
pub async fn import(
    pool: &PgPool,
    input: Input,
    options: &Options,
    clock: &Clock,
    stop: &Stop,
    watch: &dyn Watch,
) -> Result<Imported> {
    check(options)?;
    let opened = blocking(move || input::open(input)).await?.map_err(|error| unreadable(&error))?;
    // Detached: it holds locks for long, and gives them back with its end, whatever ends it.
    let mut connection = pool.acquire().await?.detach();
    sqlx::raw_sql(SETTINGS).execute(&mut connection).await?;
    let run = Run { pool, options, clock, stop, watch };
    let done = Box::pin(run.import(&mut connection, opened)).await;
    // By name: the server may see the end of a connection after our caller has asked for the next thing.
    sqlx::query("select pg_advisory_unlock_all()").execute(&mut connection).await.ok();
    connection.close().await.ok();
    done
}

/// Imports the kept bytes of an import once more: after an undo, the way back.
pub async fn redo(
    pool: &PgPool,
    id: Uuid,
    clock: &Clock,
    stop: &Stop,
    watch: &dyn Watch,
) -> Result<Imported> {
    let before = report::show(pool, id).await?;
    if before.state != State::Undone {
        return Err(Error::conflict(
            format!("import `{id}` is not undone"),
            "only an import that was taken back can be done again",
        ));
    }
    let (sha256, overwrite): (Vec<u8>, Vec<String>) =
        sqlx::query_as("select file_sha256, overwrite from touchline.imports where id = $1")
            .bind(id)
            .fetch_one(pool)
            .await?;
    let options = Options {
        map: before.columns.iter().map(|column| (column.key.clone(), column.field)).collect(),
        overwrite,
        ..Options::default()
    };
    let input = Input::Stream { name: before.file_name, source: keep::read(pool, &sha256) };
    Box::pin(import(pool, input, &options, clock, stop, watch)).await
}

struct Run<'a> {
    pool: &'a PgPool,
    options: &'a Options,
    clock: &'a Clock,
    stop: &'a Stop,
    watch: &'a dyn Watch,
}

impl Run<'_> {
    async fn import(&self, connection: &mut PgConnection, opened: Opened) -> Result<Imported> {
        if let Some(path) = &opened.path
            && keep::has_of_size(connection, path).await?
        {
            let path = path.clone();
            let sha256 = blocking(move || keep::hash(&path)).await?.map_err(|error| unreadable(&error))?;
            lock(connection, &sha256).await?;
            if let Some(known) = self.recognise(connection, &sha256).await? {
                return self.go_on(connection, known).await;
            }
        }
        let sniffed = match sniff::sniff(&opened.head, opened.whole) {
            Ok(sniffed) => sniffed,
            Err(refused) => return self.refuse(connection, &opened.name, refused, &[]).await,
        };
        let chosen = Chosen::decide(connection, self.options, sniffed).await?;
        if let Some(refused) = chosen.refused() {
            return self.refuse(connection, &opened.name, refused, &chosen.notes).await;
        }
        if self.options.dry_run {
            return self.rehearse(connection, opened, chosen).await;
        }
        self.begin(connection, opened, chosen).await
    }

    /// An import of the same bytes: one that ended, unless it is to be read again, or one that was cut off.
    async fn recognise(&self, connection: &mut PgConnection, sha256: &[u8]) -> Result<Option<Report>> {
        let found: Option<Uuid> = sqlx::query_scalar(
            "select id from touchline.imports
              where file_sha256 = $1 and (state = 'reading' or state = 'completed')
              order by state = 'reading' desc, started_at desc
              limit 1",
        )
        .bind(sha256)
        .fetch_optional(&mut *connection)
        .await?;
        let Some(id) = found else { return Ok(None) };
        let report = report::show(&mut *connection, id).await?;
        let asks_anew =
            self.options.again || !self.options.map.is_empty() || !self.options.overwrite.is_empty();
        let asks_anew =
            asks_anew || (self.options.mapping.is_some() && self.options.mapping != report.mapping_name);
        Ok((report.state == State::Reading || !asks_anew).then_some(report))
    }

    async fn go_on(&self, connection: &mut PgConnection, known: Report) -> Result<Imported> {
        if known.state == State::Completed {
            let dry_run = self.options.dry_run;
            return Ok(Imported {
                report: known,
                known: true,
                resumed: false,
                dry_run,
                offered: false,
                rows: Vec::new(),
            });
        }
        if self.options.dry_run {
            return Err(Error::conflict(
                format!("an import of this file was cut off after {} rows", known.rows),
                "run it without --dry-run: it goes on where it was",
            ));
        }
        // The server may still be at work for a process that was killed: its second lane.
        sqlx::query("select pg_advisory_xact_lock(hashtextextended('touchline import beside ' || $1, 0))")
            .bind(known.id.to_string())
            .execute(&mut *connection)
            .await?;
        let (plan, sha256) = stored_plan(connection, known.id).await?;
        let source = keep::read(self.pool, &sha256);
        self.merge(connection, plan, source, false).await?;
        self.find_late_people().await?;
        let report = report::show(&mut *connection, known.id).await?;
        Ok(Imported { report, known: false, resumed: true, dry_run: false, offered: false, rows: Vec::new() })
    }

    /// Keeps the attempt, and nothing else.
    async fn refuse(
        &self,
        connection: &mut PgConnection,
        file_name: &str,
        refused: Refused,
        notes: &[&'static str],
    ) -> Result<Imported> {
        let id = Uuid::now_v7();
        let mut tx = connection.begin().await?;
        let head = Head {
            id,
            file_name,
            file: None,
            refusal: Some(refused.refusal.code()),
            encoding: refused.encoding,
            delimiter: refused.delimiter,
            quote: b'"',
            header_line: None,
            mapping: None,
            mapping_name: None,
            overwrite: &[],
            file_notes: notes,
            now: self.clock.now(),
        };
        report::begin(&mut *tx, head).await?;
        let report = report::show(&mut *tx, id).await?;
        if self.options.dry_run {
            tx.rollback().await?
        } else {
            tx.commit().await?
        };
        let dry_run = self.options.dry_run;
        Ok(Imported { report, known: false, resumed: false, dry_run, offered: false, rows: Vec::new() })
    }

    /// Everything in one transaction, and back.
    async fn rehearse(
        &self,
        connection: &mut PgConnection,
        opened: Opened,
        chosen: Chosen,
    ) -> Result<Imported> {
        let mut tx = connection.begin().await?;
        let import_id = Uuid::now_v7();
        report::begin(&mut *tx, chosen.head(import_id, &opened.name, None, self)).await?;
        let offered = chosen.offered;
        let plan = chosen.plan(import_id, opened.name, self.options);
        self.merge(&mut tx, plan, opened.source, true).await?;
        let report = report::show(&mut *tx, import_id).await?;
        let mut rows = Vec::new();
        if self.options.first_rows > 0 {
            for outcome in OUTCOMES {
                rows.extend(seen(&mut *tx, &report, Some(outcome), 0, self.options.first_rows).await?);
            }
            rows.sort_by_key(|row| row.verdict.line);
        }
        tx.rollback().await?;
        Ok(Imported { report, known: false, resumed: false, dry_run: true, offered, rows })
    }

    /// What came from people before they were on a list is theirs now, and a no of theirs holds: before anybody acts on the
    /// list. Where this is cut off, the next normalisation does it.
    async fn find_late_people(&self) -> Result<()> {
        normalise::normalise(self.pool, self.clock.now()).await?;
        Ok(())
    }

    /// Keeps the bytes and the plan in one transaction, then reads them from there.
    async fn begin(&self, connection: &mut PgConnection, opened: Opened, chosen: Chosen) -> Result<Imported> {
        let now = self.clock.now().to_sqlx();
        let mut tx = connection.begin().await?;
        // Nobody is told of it before the last commit, which waits for the disk.
        sqlx::query("set local synchronous_commit = off").execute(&mut *tx).await?;
        let under = Uuid::now_v7().as_bytes().to_vec();
        let kept = keep::store(&mut tx, opened.source, &under).await?;
        // Again for a file that was known before: a session may hold the lock twice.
        lock(&mut tx, &kept.sha256).await?;
        if let Some(known) = self.recognise(&mut tx, &kept.sha256).await? {
            tx.rollback().await?;
            return self.go_on(connection, known).await;
        }
        let is_kept: bool =
            sqlx::query_scalar("select exists (select from touchline.import_files where file_sha256 = $1)")
                .bind(&kept.sha256)
                .fetch_one(&mut *tx)
                .await?;
        if is_kept {
            sqlx::query("delete from touchline.import_file_parts where file_sha256 = $1")
                .bind(&under)
                .execute(&mut *tx)
                .await?;
        } else {
            keep::name(&mut tx, &kept, &under, now).await?;
        }
        let import_id = Uuid::now_v7();
        report::begin(&mut *tx, chosen.head(import_id, &opened.name, Some(&kept), self)).await?;
        if let (Some(name), false) = (&chosen.name, chosen.offered) {
            map::save(&mut tx, name, &chosen.shape, &chosen.mapping, now).await?;
        }
        tx.commit().await?;
        let offered = chosen.offered;
        let plan = chosen.plan(import_id, opened.name, self.options);
        self.merge(connection, plan, keep::read(self.pool, &kept.sha256), false).await?;
        self.find_late_people().await?;
        let report = report::show(&mut *connection, import_id).await?;
        Ok(Imported { report, known: false, resumed: false, dry_run: false, offered, rows: Vec::new() })
    }
}

/// One import of a file at a time; gone with the connection.
async fn lock(connection: &mut PgConnection, sha256: &[u8]) -> Result<()> {
    sqlx::query("select pg_advisory_lock(hashtextextended('touchline import ' || encode($1, 'hex'), 0))")
        .bind(sha256)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::conflict(format!("reading the file failed: {error}"), "run it again"))
}

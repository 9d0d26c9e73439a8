//! One import from its bytes to its report: recognise, keep, read, merge; go on where an earlier run was cut off.

use std::io::Read;

use jiff_sqlx::ToSqlx;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::input::{self, Input, Opened};
use super::keep::{self, Kept, unreadable};
use super::map::{self, Field, Kind, Mapping};
use super::merge::Task;
use super::part::{Builder, Part};
use super::read::{Dialect, Reader, Record, decoder};
use super::report::{self, Head, Report, State};
use super::sniff::{self, Refusal, Refused, Sniffed};
use super::store;
use crate::clock::Clock;
use crate::sync::Stop;
use crate::{Error, Result};

/// What a person asks of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Say what would happen, and change nothing.
    pub dry_run: bool,
    /// Read bytes that were imported before once more.
    pub again: bool,
    /// A saved mapping to use; with [`Options::map`], the name to save under.
    pub mapping: Option<String>,
    /// Corrections: header and field; none: keep the column as it is.
    pub map: Vec<(String, Option<Field>)>,
    /// Fields that replace what is there, by their names.
    pub overwrite: Vec<String>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Imported {
    pub report: Report,
    /// The same bytes were imported before; nothing was done, and this is the report of that time.
    pub known: bool,
    /// An earlier run had been cut off; this one went on.
    pub resumed: bool,
    pub dry_run: bool,
    /// A mapping saved for a file of this shape was taken.
    pub offered: bool,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub rows: u64,
    pub parts: i32,
    /// Bytes read, as UTF-8.
    pub bytes: u64,
}

/// Told after each part.
pub trait Watch: Send + Sync {
    fn part(&self, progress: Progress);
}

impl Watch for () {
    fn part(&self, _: Progress) {}
}

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
    sqlx::raw_sql(
        "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = 0",
    )
    .execute(&mut connection)
    .await?;
    let run = Run { pool, options, clock, stop, watch };
    let done = Box::pin(run.import(&mut connection, opened)).await;
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

fn check(options: &Options) -> Result<()> {
    const FIELDS: [&str; 10] = [
        "first_name",
        "last_name",
        "job_title",
        "seniority",
        "phone",
        "linkedin_url",
        "company_name",
        "industry",
        "company_size",
        "company",
    ];
    match options.overwrite.iter().find(|field| !FIELDS.contains(&field.as_str())) {
        Some(field) => Err(Error::invalid(
            format!("`{field}` cannot be overwritten by an import"),
            format!("one of: {}", FIELDS[..9].join(", ")),
        )),
        None => Ok(()),
    }
}

struct Run<'a> {
    pool: &'a PgPool,
    options: &'a Options,
    clock: &'a Clock,
    stop: &'a Stop,
    watch: &'a dyn Watch,
}

/// How a file is read, decided before its first row.
struct Plan {
    import_id: Uuid,
    encoding: &'static encoding_rs::Encoding,
    dialect: Dialect,
    header_line: u64,
    mapping: Mapping,
    file_name: String,
    overwrite: Vec<String>,
    /// Where to go on: bytes, line, and parts done.
    from: (u64, u64, i32),
}

impl Run<'_> {
    async fn import(&self, connection: &mut PgConnection, opened: Opened) -> Result<Imported> {
        let known = match &opened.path {
            Some(path) => {
                let path = path.clone();
                let (sha256, _) =
                    blocking(move || keep::hash(&path)).await?.map_err(|error| unreadable(&error))?;
                lock(connection, &sha256).await?;
                self.recognise(connection, &sha256).await?
            }
            None => None,
        };
        if let Some(known) = known {
            return self.go_on(connection, known).await;
        }
        let sniffed = match sniff::sniff(&opened.head, opened.whole) {
            Ok(sniffed) => sniffed,
            Err(refused) => return self.refuse(connection, &opened.name, refused, &[]).await,
        };
        let shape = map::shape(&sniffed.header);
        let (told, name, offered) = self.told(connection, &shape).await?;
        let mapping = Mapping::guess(&sniffed.header, &sniffed.sample, &told)?;
        let mut notes = sniffed.notes.clone();
        if mapping.has_repeated_headers(&sniffed.header) {
            notes.push("duplicate_header");
        }
        if has_unnamed(&mapping) {
            notes.push("unnamed_column");
        }
        if mapping.kind == Kind::Unusable {
            let refused = Refused {
                refusal: Refusal::NoContactColumn,
                encoding: Some(sniffed.encoding),
                delimiter: Some(sniffed.dialect.delimiter),
            };
            return self.refuse(connection, &opened.name, refused, &notes).await;
        }
        let chosen = Chosen { sniffed, mapping, name, notes, shape, offered };
        if self.options.dry_run {
            return self.rehearse(connection, opened, chosen).await;
        }
        self.begin(connection, opened, chosen).await
    }

    /// Corrections: those of the command line, else a saved mapping's; and the mapping's name.
    async fn told(&self, connection: &mut PgConnection, shape: &[u8]) -> Result<Told> {
        if !self.options.map.is_empty() {
            return Ok((self.options.map.clone(), self.options.mapping.clone(), false));
        }
        if let Some(name) = &self.options.mapping {
            let found = map::saved(connection, name).await?.ok_or_else(|| {
                Error::not_found(
                    format!("no mapping is saved as `{name}`"),
                    "save one with --map 'Header=field' --mapping NAME",
                )
            })?;
            return Ok((found, Some(name.clone()), false));
        }
        Ok(match map::offered(connection, shape).await? {
            Some((name, told)) => (told, Some(name), true),
            None => (Vec::new(), None, false),
        })
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
            return Ok(Imported { report: known, known: true, resumed: false, dry_run, offered: false });
        }
        if self.options.dry_run {
            return Err(Error::conflict(
                format!("an import of this file was cut off after {} rows", known.rows),
                "run it without --dry-run: it goes on where it was",
            ));
        }
        let (plan, sha256) = stored_plan(connection, known.id).await?;
        let source = keep::read(self.pool, &sha256);
        self.merge(connection, plan, source).await?;
        let report = report::show(&mut *connection, known.id).await?;
        Ok(Imported { report, known: false, resumed: true, dry_run: false, offered: false })
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
        Ok(Imported { report, known: false, resumed: false, dry_run, offered: false })
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
        self.merge(&mut tx, plan, opened.source).await?;
        let report = report::show(&mut *tx, import_id).await?;
        tx.rollback().await?;
        Ok(Imported { report, known: false, resumed: false, dry_run: true, offered })
    }

    /// Keeps the bytes and the plan in one transaction, then reads them from there.
    async fn begin(&self, connection: &mut PgConnection, opened: Opened, chosen: Chosen) -> Result<Imported> {
        let now = self.clock.now().to_sqlx();
        let mut tx = connection.begin().await?;
        let under = Uuid::now_v7().as_bytes().to_vec();
        let kept = keep::store(&mut tx, opened.source, &under).await?;
        if opened.path.is_none() {
            lock(&mut tx, &kept.sha256).await?;
            if let Some(known) = self.recognise(&mut tx, &kept.sha256).await? {
                tx.rollback().await?;
                return self.go_on(connection, known).await;
            }
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
        self.merge(connection, plan, keep::read(self.pool, &kept.sha256)).await?;
        let report = report::show(&mut *connection, import_id).await?;
        Ok(Imported { report, known: false, resumed: false, dry_run: false, offered })
    }

    /// Reads on another thread, merges part after part. In a rehearsal there is a transaction around it.
    async fn merge(
        &self,
        connection: &mut PgConnection,
        plan: Plan,
        source: Box<dyn Read + Send>,
    ) -> Result<()> {
        let task = Task {
            import_id: plan.import_id,
            file_name: plan.file_name.clone(),
            overwrite: plan.overwrite.clone(),
            company_keys: Vec::new(),
            company_names: plan.mapping.columns.iter().map(|column| column.key.clone()).enumerate().collect(),
            companies_only: plan.mapping.kind == Kind::CompaniesOnly,
        };
        let (sender, mut receiver) = mpsc::channel::<Result<Message>>(1);
        let (mut number, mut rows) = (plan.from.2, 0);
        let reading = tokio::task::spawn_blocking(move || {
            if let Err(error) = read_parts(plan, source, &sender) {
                let _ = sender.blocking_send(Err(unreadable(&error)));
            }
        });
        let mut task = task;
        while let Some(message) = receiver.recv().await {
            let part = match message? {
                Message::Keys(keys) => {
                    task.company_keys = keys;
                    continue;
                }
                Message::Part(part) => part,
            };
            number += 1;
            rows += part.rows.len() as u64;
            let now = self.clock.now().to_sqlx();
            store::store(connection, &task, &part, number, now).await?;
            self.watch.part(Progress { rows, parts: number, bytes: part.next.0 });
            if self.stop.is_asked() && !part.last {
                break;
            }
        }
        drop(receiver);
        reading
            .await
            .map_err(|error| Error::conflict(format!("reading the file failed: {error}"), "run it again"))
    }
}

type Told = (Vec<(String, Option<Field>)>, Option<String>, bool);

/// What was decided about a file.
struct Chosen {
    sniffed: Sniffed,
    mapping: Mapping,
    name: Option<String>,
    notes: Vec<&'static str>,
    shape: Vec<u8>,
    offered: bool,
}

impl Chosen {
    fn head<'a>(
        &'a self,
        id: Uuid,
        file_name: &'a str,
        kept: Option<&'a Kept>,
        run: &'a Run<'_>,
    ) -> Head<'a> {
        Head {
            id,
            file_name,
            file: kept.map(|kept| (kept.sha256.as_slice(), kept.size)),
            refusal: None,
            encoding: Some(self.sniffed.encoding),
            delimiter: Some(self.sniffed.dialect.delimiter),
            quote: self.sniffed.dialect.quote,
            header_line: Some(self.sniffed.header.line),
            mapping: serde_json::to_value(&self.mapping).ok(),
            mapping_name: self.name.as_deref(),
            overwrite: &run.options.overwrite,
            file_notes: &self.notes,
            now: run.clock.now(),
        }
    }

    fn plan(self, import_id: Uuid, file_name: String, options: &Options) -> Plan {
        Plan {
            import_id,
            encoding: sniff::encoding::named(self.sniffed.encoding),
            dialect: self.sniffed.dialect,
            header_line: self.sniffed.header.line,
            mapping: self.mapping,
            file_name,
            overwrite: options.overwrite.clone(),
            from: (0, 1, 0),
        }
    }
}

fn has_unnamed(mapping: &Mapping) -> bool {
    mapping.columns.iter().enumerate().any(|(index, column)| column.key == format!("column_{}", index + 1))
}

/// How an import that was cut off is read.
async fn stored_plan(connection: &mut PgConnection, id: Uuid) -> Result<(Plan, Vec<u8>)> {
    type Stored =
        (Vec<u8>, String, String, String, String, i64, serde_json::Value, Vec<String>, i64, i64, i32);
    let stored: Stored = sqlx::query_as(
        "select file_sha256, file_name, encoding, delimiter, quote, header_line, mapping, overwrite, read_bytes, next_line, parts
           from touchline.imports where id = $1",
    )
    .bind(id)
    .fetch_one(connection)
    .await?;
    let (sha256, file_name, encoding, delimiter, quote, header_line, mapping, overwrite, bytes, line, parts) =
        stored;
    let byte = |text: &str| text.bytes().next().unwrap_or(b',');
    let mapping = serde_json::from_value(mapping).map_err(|error| {
        Error::conflict(
            format!("the import's mapping cannot be read: {error}"),
            "undo it and import the file anew",
        )
    })?;
    let plan = Plan {
        import_id: id,
        encoding: sniff::encoding::named(&encoding),
        dialect: Dialect { delimiter: byte(&delimiter), quote: byte(&quote) },
        header_line: header_line.unsigned_abs(),
        mapping,
        file_name,
        overwrite,
        from: (bytes.unsigned_abs(), line.unsigned_abs(), parts),
    };
    Ok((plan, sha256))
}

enum Message {
    Keys(Vec<(usize, Vec<u8>)>),
    Part(Part),
}

/// From bytes to parts. Blocks.
fn read_parts(
    plan: Plan,
    source: Box<dyn Read + Send>,
    sender: &mpsc::Sender<Result<Message>>,
) -> std::io::Result<()> {
    let bytes = decoder(input::unpacked(source)?, plan.encoding);
    let mut reader = Reader::new(bytes, plan.dialect);
    let (mut blank, mut header): (u64, Option<Record>) = (0, None);
    while let Some(record) = reader.next()? {
        if record.line == plan.header_line {
            header = Some(record);
            break;
        }
        blank += u64::from(record.is_blank());
    }
    let Some(header) = header else { return Err(std::io::Error::other("the header is gone")) };
    reader.expect(header.len());
    let (done, line, parts) = plan.from;
    if parts > 0 {
        reader.skip_to((done, line))?;
    }
    let mut builder = Builder::new(plan.mapping, header);
    if sender.blocking_send(Ok(Message::Keys(builder.keys()))).is_err() {
        return Ok(());
    }
    if parts == 0 {
        (0..blank).for_each(|_| builder.blank());
    }
    while let Some(record) = reader.next()? {
        if record.is_blank() {
            builder.blank();
            continue;
        }
        builder.add(&record);
        if builder.is_full()
            && sender.blocking_send(Ok(Message::Part(builder.take(reader.position(), false)))).is_err()
        {
            return Ok(());
        }
    }
    let _ = sender.blocking_send(Ok(Message::Part(builder.take(reader.position(), true))));
    Ok(())
}

/// One import of a file at a time; gone with the connection.
async fn lock(connection: &mut PgConnection, sha256: &[u8]) -> Result<()> {
    sqlx::query("select pg_advisory_lock(hashtextextended('touchline import ' || encode($1, 'hex'), 0))")
        .bind(sha256)
        .execute(connection)
        .await?;
    Ok(())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::conflict(format!("reading the file failed: {error}"), "run it again"))
}

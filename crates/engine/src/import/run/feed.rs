//! From bytes to parts: a thread that reads, a connection that keeps the rows as they were. Leaves putting rows together
//! to [`crate::import::part`], merging parts to [`super::lanes`].

use std::io::Read;

use sqlx::PgConnection;
use tokio::sync::mpsc;

use super::Run;
use super::lanes::{Feed, Merging};
use super::plan::Plan;
use crate::import::input;
use crate::import::keep::unreadable;
use crate::import::map::Kind;
use crate::import::merge::{Ahead, Filled, Owner, Task, may_leave_out};
use crate::import::part::{Builder, Part, company_keys};
use crate::import::read::{Reader, Record, decoder};
use crate::{Error, Result};

impl Run<'_> {
    /// Reads on one thread, keeps parts on one connection, merges them on another. A rehearsal has one transaction around
    /// everything, and so one connection.
    pub(super) async fn merge(
        &self,
        connection: &mut PgConnection,
        plan: Plan,
        source: Box<dyn Read + Send>,
        rehearses: bool,
    ) -> Result<()> {
        let task = Task {
            import_id: plan.import_id,
            overwrite: plan.overwrite.clone(),
            company_keys: company_keys(&plan.mapping),
            companies_only: plan.mapping.kind == Kind::CompaniesOnly,
            may_leave_out: may_leave_out(connection).await,
        };
        let owner = Owner { import_id: plan.import_id, file_name: plan.file_name.clone() };
        let done = plan.from.2;
        let ahead = match rehearses {
            true => None,
            false => Some(Ahead::open(self.pool, owner.clone(), done, self.clock.clone()).await?),
        };
        let (sender, mut receiver) = mpsc::channel::<Result<Part>>(1);
        let (spent, spent_parts) = std::sync::mpsc::channel();
        let reading = tokio::task::spawn_blocking(move || {
            if let Err(error) = read_parts(plan, source, &sender, &spent_parts) {
                let _ = sender.blocking_send(Err(unreadable(&error)));
            }
        });
        let keeping = ahead.map(|ahead| {
            let (sender, parts) = mpsc::channel(1);
            let parts = std::mem::replace(&mut receiver, parts);
            tokio::spawn(keep_ahead(ahead, done, parts, sender))
        });
        let merging = Merging {
            run: self,
            rehearses,
            task,
            owner,
            filled: Filled::default(),
            feed: Feed { receiver, number: done, rows: 0 },
            spent,
        };
        let merged = Box::pin(merging.all(connection)).await;
        // Nobody may write for this import once it has returned.
        if let Some(keeping) = keeping {
            keeping.await.map_err(|error| stopped("keeping", &error))?;
        }
        reading.await.map_err(|error| stopped("reading", &error))?;
        merged
    }
}

/// Keeps parts as they come and hands them on.
async fn keep_ahead(
    mut ahead: Ahead,
    mut number: i32,
    mut parts: mpsc::Receiver<Result<Part>>,
    sender: mpsc::Sender<Result<Part>>,
) {
    while let Some(mut message) = parts.recv().await {
        if let Ok(part) = &mut message {
            number += 1;
            if let Err(error) = ahead.keep(part, number).await {
                message = Err(error);
            }
        }
        let failed = message.is_err();
        if sender.send(message).await.is_err() || failed {
            break;
        }
    }
    ahead.close().await;
}

fn stopped(what: &str, error: &tokio::task::JoinError) -> Error {
    Error::conflict(format!("{what} the file failed: {error}"), "run it again")
}

/// From bytes to parts. Blocks.
fn read_parts(
    plan: Plan,
    source: Box<dyn Read + Send>,
    sender: &mpsc::Sender<Result<Part>>,
    spent: &std::sync::mpsc::Receiver<Part>,
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
    if parts == 0 {
        (0..blank).for_each(|_| builder.blank());
    }
    while let Some(record) = reader.next()? {
        if record.is_blank() {
            builder.blank();
            continue;
        }
        builder.add(&record);
        if builder.is_full() {
            let part = builder.take(reader.position(), false);
            if sender.blocking_send(Ok(part)).is_err() {
                return Ok(());
            }
            spent.try_iter().for_each(|part| builder.reuse(part));
        }
    }
    let _ = sender.blocking_send(Ok(builder.take(reader.position(), true)));
    Ok(())
}

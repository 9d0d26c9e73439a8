//! From bytes to merged parts: a thread that reads, a connection that keeps the rows as they were, one that merges them.
//! Leaves putting rows together to [`crate::import::part`], the transaction of a part to [`store`].

use std::io::Read;

use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use tokio::sync::mpsc;

use super::plan::Plan;
use super::{Progress, Run};
use crate::import::input;
use crate::import::keep::unreadable;
use crate::import::map::Kind;
use crate::import::merge::{Ahead, Filled, Owner, Task, keep_raw, may_leave_out};
use crate::import::part::{Builder, Part};
use crate::import::read::{Reader, Record, decoder};
use crate::import::store;
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
            company_keys: Vec::new(),
            company_names: plan.mapping.columns.iter().map(|column| column.key.clone()).enumerate().collect(),
            companies_only: plan.mapping.kind == Kind::CompaniesOnly,
            filled: Filled::default(),
            may_leave_out: may_leave_out(connection).await,
        };
        let owner = Owner { import_id: plan.import_id, file_name: plan.file_name.clone() };
        let done = plan.from.2;
        let ahead = match rehearses {
            true => None,
            false => Some(Ahead::open(self.pool, owner.clone(), done, self.clock.clone()).await?),
        };
        let (sender, mut receiver) = mpsc::channel::<Result<Message>>(1);
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
        let merged = self.merge_parts(connection, task, &owner, done, receiver, &spent).await;
        // Nobody may write for this import once it has returned.
        if let Some(keeping) = keeping {
            keeping.await.map_err(|error| stopped("keeping", &error))?;
        }
        reading.await.map_err(|error| stopped("reading", &error))?;
        merged
    }

    async fn merge_parts(
        &self,
        connection: &mut PgConnection,
        mut task: Task,
        owner: &Owner,
        mut number: i32,
        mut receiver: mpsc::Receiver<Result<Message>>,
        spent: &std::sync::mpsc::Sender<Part>,
    ) -> Result<()> {
        let mut rows = 0;
        while let Some(message) = receiver.recv().await {
            let mut part = match message? {
                Message::Keys(keys) => {
                    task.company_keys = keys;
                    continue;
                }
                Message::Part(part) => part,
            };
            number += 1;
            rows += part.rows.len() as u64;
            if part.raw_id.is_none() {
                keep_raw(connection, owner, &mut part, number, self.clock).await?;
            }
            let now = self.clock.now().to_sqlx();
            store::store(connection, &mut task, &part, number, now).await?;
            self.watch.part(Progress { rows, parts: number, bytes: part.next.0 });
            if self.stop.is_asked() && !part.last {
                break;
            }
            let _ = spent.send(part); // memory is given back where it was taken
        }
        Ok(())
    }
}

/// Keeps parts as they come and hands them on.
async fn keep_ahead(
    mut ahead: Ahead,
    mut number: i32,
    mut parts: mpsc::Receiver<Result<Message>>,
    sender: mpsc::Sender<Result<Message>>,
) {
    while let Some(mut message) = parts.recv().await {
        if let Ok(Message::Part(part)) = &mut message {
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

enum Message {
    Keys(Vec<(usize, Vec<u8>)>),
    Part(Part),
}

/// From bytes to parts. Blocks.
fn read_parts(
    plan: Plan,
    source: Box<dyn Read + Send>,
    sender: &mpsc::Sender<Result<Message>>,
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
        if builder.is_full() {
            let part = builder.take(reader.position(), false);
            if sender.blocking_send(Ok(Message::Part(part))).is_err() {
                return Ok(());
            }
            spent.try_iter().for_each(|part| builder.reuse(part));
        }
    }
    let _ = sender.blocking_send(Ok(Message::Part(builder.take(reader.position(), true))));
    Ok(())
}

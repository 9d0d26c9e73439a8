//! From bytes to merged parts: a thread that reads, and the loop that stores what it sends. Leaves putting rows together
//! to [`crate::import::part`], the transaction of a part to [`store`].

use std::io::Read;

use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use tokio::sync::mpsc;

use super::plan::Plan;
use super::{Progress, Run};
use crate::import::input;
use crate::import::keep::unreadable;
use crate::import::map::Kind;
use crate::import::merge::Task;
use crate::import::part::{Builder, Part};
use crate::import::read::{Reader, Record, decoder};
use crate::import::store;
use crate::{Error, Result};

impl Run<'_> {
    /// Reads on another thread, merges part after part. In a rehearsal there is a transaction around it.
    pub(super) async fn merge(
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

//! Takes a file in as it comes, piece by piece: looked at first, then kept; once this returns, its bytes are on disk.

use std::io::{self, Read};

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, future};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{Connection, PgPool};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{Upload, show};
use crate::import::input::{self, Input, Opened};
use crate::import::keep::{self, unreadable};
use crate::import::report::{self, Head, Report};
use crate::import::sniff::{self, Refused};
use crate::{Error, Result};

/// The pieces of a file, as a connection gives them.
pub type Chunks<'a> = BoxStream<'a, io::Result<Bytes>>;

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    Kept(Box<Upload>),
    /// It is no list; only the attempt is kept.
    Refused(Box<Report>),
}

/// Receives a file.
pub async fn receive(
    pool: &PgPool,
    file_name: &str,
    chunks: Chunks<'_>,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Received> {
    let (sender, receiver) = mpsc::channel(4);
    let source = Box::new(Pieces { receiver, piece: Bytes::new() });
    // A file that is refused is read to its end all the same, so that the sender hears the answer.
    let feeding = async {
        let last = chunks.fold(Some(sender), |sender, piece| async {
            let sender = sender?;
            sender.send(piece).await.is_ok().then_some(sender)
        });
        // The reader sees the end once the sender is gone.
        drop(last.await);
    };
    let taking = take(pool, file_name, source, by, now);
    let ((), received) = future::join(feeding, taking).await;
    received
}

async fn take(
    pool: &PgPool,
    file_name: &str,
    source: Box<dyn Read + Send>,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Received> {
    let name = file_name.to_owned();
    let opened = tokio::task::spawn_blocking(move || input::open(Input::Stream { name, source }))
        .await
        .map_err(|error| Error::conflict(format!("reading the file failed: {error}"), "send it again"))?
        .map_err(|error| unreadable(&error))?;
    if let Err(refused) = sniff::sniff(&opened.head, opened.whole) {
        return refuse(pool, file_name, refused, now).await;
    }
    store(pool, opened, by, now).await
}

async fn refuse(pool: &PgPool, file_name: &str, refused: Refused, now: Timestamp) -> Result<Received> {
    let id = Uuid::now_v7();
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
        file_notes: &[],
        now,
    };
    report::begin(pool, head).await?;
    Ok(Received::Refused(Box::new(report::show(pool, id).await?)))
}

async fn store(pool: &PgPool, opened: Opened, by: Option<Uuid>, now: Timestamp) -> Result<Received> {
    // Detached: a slow sender must not run into the pool's limits on statements.
    let mut connection = pool.acquire().await?.detach();
    sqlx::raw_sql("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0")
        .execute(&mut connection)
        .await?;
    let id = Uuid::now_v7();
    let under = Uuid::now_v7().as_bytes().to_vec();
    let mut tx = connection.begin().await?;
    let kept = keep::store(&mut tx, opened.source, &under).await?;
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
        keep::name(&mut tx, &kept, &under, now.to_sqlx()).await?;
    }
    sqlx::query(
        "insert into touchline.uploads (id, file_name, file_sha256, file_bytes, uploaded_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(id)
    .bind(&opened.name)
    .bind(&kept.sha256)
    .bind(i64::try_from(kept.size).unwrap_or(i64::MAX))
    .bind(by)
    .bind(now.to_sqlx())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    connection.close().await.ok();
    Ok(Received::Kept(Box::new(show(pool, id).await?)))
}

/// Pieces as a reader for another thread.
struct Pieces {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    piece: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.receiver.blocking_recv() {
                None => return Ok(0),
                Some(piece) => self.piece = piece?,
            }
        }
        let count = out.len().min(self.piece.len());
        out[..count].copy_from_slice(&self.piece.split_to(count));
        Ok(count)
    }
}

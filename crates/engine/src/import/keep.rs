//! The bytes as they came: hashed, kept in compressed parts, and read again from there.

use std::io::{self, Read};
use std::path::Path;

use jiff_sqlx::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use tokio::sync::mpsc;

use super::copy::Copy;
use crate::{Error, Result};

/// Bytes in one part.
const PART: usize = 2 * 1024 * 1024;

/// Whether a file as large as this one is kept: only then it may be the same, and its hash is worth reading it for.
pub(super) async fn has_of_size(connection: &mut PgConnection, path: &Path) -> Result<bool> {
    let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    Ok(sqlx::query_scalar("select exists (select from touchline.import_files where size_bytes = $1)")
        .bind(i64::try_from(size).unwrap_or(i64::MAX))
        .fetch_one(connection)
        .await?)
}

/// SHA-256 of a file.
pub(super) fn hash(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finalize().to_vec());
        }
        hasher.update(&buffer[..read]);
    }
}

/// What was stored.
pub(super) struct Kept {
    pub(super) sha256: Vec<u8>,
    pub(super) size: u64,
    pub(super) parts: i32,
}

/// Stores a source to its end under a name of its own, which [`name`] replaces by the hash.
pub(super) async fn store(tx: &mut PgConnection, source: Box<dyn Read + Send>, under: &[u8]) -> Result<Kept> {
    let (sender, mut receiver) = mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || pack(source, &sender));
    let (mut size, mut parts) = (0, 0);
    while let Some(packed) = receiver.recv().await {
        let Packed { length, compressed } = packed;
        size += u64::from(length);
        parts += 1;
        let mut copy = Copy::new(
            "copy touchline.import_file_parts (file_sha256, part, size_bytes, compressed) from stdin (format binary)",
        );
        copy.row(4).bytea(Some(under)).int(parts).int(length).bytea(Some(&compressed));
        copy.send(&mut *tx).await?;
    }
    let sha256 = reading
        .await
        .map_err(|error| Error::conflict(format!("reading the file failed: {error}"), "try again"))?
        .map_err(|error| unreadable(&error))?;
    let parts = i32::try_from(parts).unwrap_or(i32::MAX);
    Ok(Kept { sha256, size, parts })
}

/// A part of the bytes, as it is kept.
struct Packed {
    length: u32,
    compressed: Vec<u8>,
}

/// Packs a source part by part while the parts before are stored, and hashes it beside; the hash of all of it.
fn pack(mut source: Box<dyn Read + Send>, sender: &mpsc::Sender<Packed>) -> io::Result<Vec<u8>> {
    let mut hasher = Sha256::new();
    let mut part = Vec::with_capacity(PART);
    loop {
        part.clear();
        (&mut source).take(PART as u64).read_to_end(&mut part)?;
        if part.is_empty() {
            return Ok(hasher.finalize().to_vec());
        }
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        let compressed = std::thread::scope(|threads| {
            threads.spawn(|| hasher.update(&part));
            lz4_flex::block::compress(&part)
        });
        let packed = Packed { length, compressed };
        if sender.blocking_send(packed).is_err() {
            return Err(io::Error::other("nobody takes the bytes any more"));
        }
    }
}

/// The parts stored under a name become those of their file.
pub(super) async fn name(tx: &mut PgConnection, kept: &Kept, under: &[u8], now: Timestamp) -> Result<()> {
    sqlx::query("insert into touchline.import_files (file_sha256, size_bytes, parts, created_at) values ($1, $2, $3, $4)")
        .bind(&kept.sha256)
        .bind(i64::try_from(kept.size).unwrap_or(i64::MAX))
        .bind(kept.parts)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    if kept.sha256 != under {
        sqlx::query("update touchline.import_file_parts set file_sha256 = $1 where file_sha256 = $2")
            .bind(&kept.sha256)
            .bind(under)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// A kept file as a reader for another thread; fed from here, a part at a time.
pub(super) fn read(pool: &PgPool, sha256: &[u8]) -> Box<dyn Read + Send> {
    let (sender, receiver) = mpsc::channel::<io::Result<Vec<u8>>>(2);
    let (pool, sha256) = (pool.clone(), sha256.to_vec());
    tokio::spawn(async move {
        for part in 1.. {
            let found: sqlx::Result<Option<(i32, Vec<u8>)>> = sqlx::query_as(
                "select size_bytes, compressed from touchline.import_file_parts where file_sha256 = $1 and part = $2",
            )
            .bind(&sha256)
            .bind(part)
            .fetch_optional(&pool)
            .await;
            let message = match found {
                Ok(None) => return,
                Ok(Some((size, bytes))) => {
                    lz4_flex::block::decompress(&bytes, usize::try_from(size).unwrap_or(0))
                        .map_err(io::Error::other)
                }
                Err(error) => Err(io::Error::other(error)),
            };
            if sender.send(message).await.is_err() {
                return;
            }
        }
    });
    Box::new(Parts { receiver, part: Vec::new(), at: 0 })
}

struct Parts {
    receiver: mpsc::Receiver<io::Result<Vec<u8>>>,
    part: Vec<u8>,
    at: usize,
}

impl Read for Parts {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.part.len() {
            match self.receiver.blocking_recv() {
                None => return Ok(0),
                Some(part) => (self.part, self.at) = (part?, 0),
            }
        }
        let count = out.len().min(self.part.len() - self.at);
        out[..count].copy_from_slice(&self.part[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// A source that failed.
pub(crate) fn unreadable(error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            "the file is damaged or was cut off on its way: get it once more, then import that"
        }
        _ => "check the path and the rights, then run it again",
    };
    Error::invalid(format!("the file cannot be read: {error}"), hint)
}

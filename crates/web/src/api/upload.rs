//! A body on its way into something that reads: chunks through a small channel, so that any size costs the same memory.

use std::io::{self, Read};

use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt;
use tokio::sync::mpsc::{Receiver, channel};

/// Chunks on their way.
const AHEAD: usize = 8;

/// Reads a body from a thread that may block.
pub(crate) struct Upload {
    chunks: Receiver<Result<Bytes, String>>,
    rest: Bytes,
}

impl Upload {
    pub(crate) fn of(body: Body) -> Self {
        let (sender, chunks) = channel(AHEAD);
        tokio::spawn(async move {
            let mut body = body.into_data_stream();
            while let Some(chunk) = body.next().await {
                if sender.send(chunk.map_err(|error| error.to_string())).await.is_err() {
                    // Whoever read has seen enough.
                    break;
                }
            }
        });
        Self { chunks, rest: Bytes::new() }
    }
}

impl Read for Upload {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.chunks.blocking_recv() {
                None => return Ok(0),
                Some(Ok(chunk)) => self.rest = chunk,
                // Cut off: what came is not the file.
                Some(Err(error)) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, error)),
            }
        }
        let size = out.len().min(self.rest.len());
        out[..size].copy_from_slice(&self.rest.split_to(size));
        Ok(size)
    }
}

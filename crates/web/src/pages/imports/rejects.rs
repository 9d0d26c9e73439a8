//! What was not taken, as a list to be mended and imported again. Leaves which rows these are to the engine.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::response::Response;
use engine::{PgPool, import};
use futures::{StreamExt, stream};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::error::Result;
use crate::pages::analytics;
use crate::session::Actor;
use crate::state::App;

/// `GET /imports/{id}/rejects.csv`: what was not taken, to be mended and imported again.
pub(crate) async fn rejects(_: Actor, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let report = import::show(&app.pool, id).await?;
    let name: String = report
        .file_name
        .trim_end_matches(".csv")
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        .collect();
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(write_rejects(app.pool.clone(), id, sender));
    // Fused: what compresses the answer asks once more after its end.
    let pieces =
        stream::unfold(receiver, |mut pieces| async move { Some((pieces.recv().await?, pieces)) }).fuse();
    Ok(analytics::attached(&format!("{name}-rejects.csv"), Body::from_stream(pieces)))
}

async fn write_rejects(pool: PgPool, id: Uuid, sender: mpsc::Sender<std::io::Result<Bytes>>) {
    let mut out = Pieces { sender: sender.clone(), piece: Vec::new() };
    if let Err(error) = import::rejects(&pool, id, &mut out).await {
        tracing::warn!(%error, "the refused rows could not be written to their end");
        let _ = sender.try_send(Err(std::io::Error::other("not whole")));
        return;
    }
    if !out.piece.is_empty() {
        let _ = sender.send(Ok(out.piece.into())).await;
    }
}

/// Hands on pieces of some kilobytes. The channel is bounded; where the reader is slower than the database, rows wait
/// in memory, never more than a part of them: what was refused is few.
struct Pieces {
    sender: mpsc::Sender<std::io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl std::io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= 64 * 1024 {
            match self.sender.try_send(Ok(Bytes::copy_from_slice(&self.piece))) {
                Ok(()) => self.piece.clear(),
                Err(mpsc::error::TrySendError::Full(_)) => {}
                Err(mpsc::error::TrySendError::Closed(_)) => {
                    return Err(std::io::ErrorKind::BrokenPipe.into());
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

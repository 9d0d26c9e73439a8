//! A list of leads as a file, piece by piece as it is read: pages and the API give the same one.

use axum::body::{Body, Bytes};
use axum::response::Response;
use engine::PgPool;
use engine::leads::{self, Filter, Sort};
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::pages::analytics;

/// Pieces that wait for the reader.
const AHEAD: usize = 4;

/// Every lead of a list, as an attachment.
pub(crate) fn leads(pool: PgPool, filter: Filter, sort: Sort, now: Timestamp) -> Response {
    let (sender, receiver) = mpsc::channel::<String>(AHEAD);
    let work = tokio::spawn(async move {
        let written = leads::export(&pool, &filter, sort, now, &sender).await;
        // Cut off in the middle, a file must not look whole: the transfer breaks off.
        written.map(|_| ()).map_err(|error| {
            tracing::warn!(%error, "a list could not be written to its end");
            std::io::Error::other("the list could not be read to its end")
        })
    });
    let pieces = stream::unfold((receiver, Some(work)), |(mut receiver, work)| async move {
        if let Some(piece) = receiver.recv().await {
            return Some((Ok(Bytes::from(piece)), (receiver, work)));
        }
        let ended = work?.await.unwrap_or_else(|_| Err(std::io::Error::other("the list broke off")));
        ended.err().map(|error| (Err(error), (receiver, None)))
    });
    analytics::attached("leads.csv", Body::from_stream(pieces.fuse()))
}

//! From a request to a committed row: who sent it, whether it is proven, and then the queue of `writer`.
//! Leaves reading HTTP to `web`.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::PgPool;
use tokio::sync::{Mutex, Notify, Semaphore, mpsc, oneshot};
use uuid::Uuid;

use super::body::Body;
use super::headers::Headers;
use super::meter::Meter;
use super::writer::{Row, WRITERS, Waiting, write};
use crate::clock::Clock;
use crate::connections::{Keys, Known, KnownConnection, Signed, Unproven};
use crate::sources::SOURCES;

/// How much may be on its way at once. Beyond it senders are told to come again.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest body, decompressed.
    pub body_bytes: usize,
    /// Bytes of all bodies that are on their way.
    pub all_bytes: usize,
    /// Deliveries that wait for their commit.
    pub waiting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 8 << 20, all_bytes: 128 << 20, waiting: 4096 }
    }
}

/// Why a delivery is not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// No such source, or nobody was given this address.
    Unknown,
    Unproven(Unproven),
    TooLarge,
    /// More is on its way than we hold at once: come again.
    Busy,
    /// The database does not answer: come again.
    Unavailable,
}

impl Refused {
    /// For counting; the sender is told less.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown_address",
            Self::Unproven(why) => why.as_str(),
            Self::TooLarge => "too_large",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
        }
    }
}

/// A request as it stands before its body is read.
#[derive(Debug)]
pub struct Request<'a> {
    pub source: &'a str,
    /// The secret in the address.
    pub secret: &'a str,
    /// The event that the address names.
    pub event: Option<&'a str>,
    pub method: &'a str,
    /// Path and query, as requested.
    pub target: &'a str,
    pub headers: Headers,
}

/// A request whose sender is known; its body may be read.
pub struct Admitted {
    connection: Arc<KnownConnection>,
    is_trial: bool,
    event: Option<String>,
    method: String,
    target: String,
    headers: Headers,
    received_at: Timestamp,
}

/// Takes deliveries in. Clones share the queue and the writers behind it, which end with the last of them.
#[derive(Clone)]
pub struct Inbox {
    known: Arc<Known>,
    queue: mpsc::Sender<Waiting>,
    room: Arc<Semaphore>,
    limits: Limits,
    clock: Clock,
    meter: Arc<Meter>,
    pub(super) arrived: Arc<Notify>,
}

impl Inbox {
    /// Starts the writers, on the runtime this is called on.
    pub fn start(pool: PgPool, keys: Keys, clock: Clock, limits: Limits) -> Self {
        let (queue, waiting) = mpsc::channel(limits.waiting);
        let meter = Arc::new(Meter::default());
        let arrived = Arc::new(Notify::new());
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..WRITERS {
            let write = write(pool.clone(), Arc::clone(&waiting), Arc::clone(&meter), Arc::clone(&arrived));
            tokio::spawn(write);
        }
        Self {
            known: Arc::new(Known::new(pool, keys, clock.clone())),
            queue,
            room: Arc::new(Semaphore::new(limits.all_bytes)),
            limits,
            clock,
            meter,
            arrived,
        }
    }

    /// What was received and refused since the start.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Deliveries on their way to a commit.
    pub fn queued(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Whether the request's sender may send. Reads no body: who is not known costs nothing.
    pub async fn admit(&self, request: Request<'_>) -> Result<Admitted, Refused> {
        let admitted = self.admit_uncounted(request).await;
        admitted.map_err(|(source, refused)| {
            self.meter.refused(&source, refused);
            refused
        })
    }

    async fn admit_uncounted(&self, request: Request<'_>) -> Result<Admitted, (String, Refused)> {
        let nobody = || "unknown".to_owned();
        let found = self.known.by_path(request.source, request.secret).await.map_err(|error| {
            tracing::error!(%error, "connections could not be looked up");
            (nobody(), Refused::Unavailable)
        })?;
        let (connection, is_trial) = found.ok_or_else(|| (nobody(), Refused::Unknown))?;
        let received_at = self.clock.now();
        connection
            .header_is_right(|name| request.headers.get(name), received_at)
            .map_err(|why| (connection.source.clone(), Refused::Unproven(why)))?;
        Ok(Admitted {
            connection,
            is_trial,
            event: request.event.map(|event| event.replace('\0', "\u{FFFD}")),
            method: request.method.to_owned(),
            target: request.target.to_owned(),
            headers: request.headers,
            received_at,
        })
    }

    /// A body to read into.
    pub fn body(&self) -> Body {
        Body::new(Arc::clone(&self.room), self.limits.body_bytes)
    }

    /// Counts a request whose body could not be taken in.
    pub fn gave_up(&self, admitted: &Admitted, refused: Refused) {
        self.meter.refused(&admitted.connection.source, refused);
    }

    /// Stores a delivery; returns once it is on disk.
    pub async fn receive(&self, admitted: Admitted, body: Body) -> Result<Uuid, Refused> {
        let connection = Arc::clone(&admitted.connection);
        let received = self.store(admitted, body).await;
        match received {
            Ok(_) => self.meter.received(&connection.source),
            Err(refused) => self.meter.refused(&connection.source, refused),
        }
        received
    }

    async fn store(&self, admitted: Admitted, mut body: Body) -> Result<Uuid, Refused> {
        let Admitted { connection, is_trial, event, method, target, headers, received_at } = admitted;
        let as_sent = body.decompress(headers.get("content-encoding"))?;
        let proven = |bytes: &[u8]| {
            let signed = Signed { method: &method, target: &target, body: bytes };
            connection.signature(|name| headers.get(name), signed, received_at)
        };
        // Who signs and compresses may do either first.
        let signature = match (proven(&body.bytes), &as_sent) {
            (Err(Unproven::Wrong), Some(as_sent)) => proven(as_sent),
            (outcome, _) => outcome,
        }
        .map_err(Refused::Unproven)?;
        drop(as_sent);
        redact(&connection.source, &mut body);
        let id = Uuid::now_v7();
        let (answer, answered) = oneshot::channel();
        let row = Row {
            id,
            connection_id: connection.id,
            source: connection.source.clone(),
            provider: connection.provider.clone(),
            event,
            received_at,
            is_trial,
            headers: headers.to_json(connection.secret_header()),
            signature,
            body,
        };
        self.queue.try_send(Waiting { row, answer }).map_err(|_| Refused::Busy)?;
        answered.await.unwrap_or(Err(Refused::Unavailable)).map(|()| id)
    }
}

/// Blacks out secrets that the vendor puts into its payload. Bytes that cannot be looked through are not kept.
fn redact(source: &str, body: &mut Body) {
    let Some(redact) = SOURCES.iter().find(|known| known.name == source).and_then(|known| known.redact)
    else {
        return;
    };
    match std::panic::catch_unwind(|| redact(&body.bytes)) {
        Ok(bytes) => body.bytes = bytes,
        Err(_) => {
            body.bytes.clear();
            tracing::error!(
                source,
                "a delivery could not be looked through for secrets; its body is not kept"
            );
        }
    }
}

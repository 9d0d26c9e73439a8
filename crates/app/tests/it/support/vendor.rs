//! A vendor that pours webhooks into a receiver which dies again and again: each delivery is sent until it is answered.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::connections::{self, Issued, Keys, New};
use jiff::Timestamp;
use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Senders at once.
const SENDERS: u64 = 8;
/// Longer than the receiver tries to store a delivery while its database is away.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the vendor knows of its deliveries.
#[derive(Default)]
struct Ledger {
    next: AtomicU64,
    over: AtomicBool,
    /// Answered with 2xx.
    acknowledged: Mutex<BTreeSet<u64>>,
    /// Answers that were neither 2xx nor "come again".
    refused: Mutex<Vec<u16>>,
}

/// The vendor at work.
pub(crate) struct Vendor {
    ledger: Arc<Ledger>,
    senders: JoinSet<()>,
}

/// An address to send to, and a port for the receiver.
pub(crate) struct Target {
    pub(crate) port: u16,
    path: String,
    header: String,
}

impl Target {
    /// A connection of Instantly's, and a port that nobody listens on.
    pub(crate) async fn new(pool: &PgPool) -> Self {
        let keys = Keys { given: None, file: "/nonexistent/key".into() };
        let new = New { source: "instantly".into(), ..New::default() };
        let issued: Issued = connections::add(pool, &keys, new, Timestamp::now()).await.unwrap();
        let (name, value) = issued.header().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            port: free.local_addr().unwrap().port(),
            path: issued.url(""),
            header: format!("{name}: {value}"),
        }
    }

    /// One request; its status.
    async fn post(&self, body: &str) -> std::io::Result<u16> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let request = format!(
            "POST {} HTTP/1.1\r\nhost: localhost\r\n{}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.path,
            self.header,
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let status =
            String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|status| status.parse().ok());
        status.ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }
}

impl Vendor {
    /// Begins to send.
    pub(crate) fn pour(target: Target) -> Self {
        let (ledger, target) = (Arc::new(Ledger::default()), Arc::new(target));
        let mut senders = JoinSet::new();
        for _ in 0..SENDERS {
            senders.spawn(send(ledger.clone(), target.clone()));
        }
        Self { ledger, senders }
    }

    /// How many were answered with 2xx so far.
    pub(crate) fn acknowledged(&self) -> usize {
        self.ledger.acknowledged.lock().unwrap().len()
    }

    /// Ends, once what is under way is answered; the numbers of all that were sent.
    pub(crate) async fn end(mut self) -> BTreeSet<u64> {
        self.ledger.over.store(true, Ordering::SeqCst);
        while let Some(ended) = self.senders.join_next().await {
            ended.unwrap();
        }
        assert_eq!(
            *self.ledger.refused.lock().unwrap(),
            Vec::<u16>::new(),
            "authentic deliveries were refused"
        );
        std::mem::take(&mut *self.ledger.acknowledged.lock().unwrap())
    }
}

/// One sender: a number after the other, each until it is in.
async fn send(ledger: Arc<Ledger>, target: Arc<Target>) {
    while !ledger.over.load(Ordering::SeqCst) {
        let number = ledger.next.fetch_add(1, Ordering::SeqCst);
        let body = body(number);
        loop {
            match tokio::time::timeout(PATIENCE, target.post(&body)).await {
                Ok(Ok(200..=299)) => break,
                // While the database is away the sender is told to come again.
                Ok(Ok(503)) | Ok(Err(_)) | Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                Ok(Ok(status)) => {
                    ledger.refused.lock().unwrap().push(status);
                    return;
                }
            }
        }
        ledger.acknowledged.lock().unwrap().insert(number);
    }
}

/// An opening by somebody nobody knows, told by the number.
fn body(number: u64) -> String {
    let at = Timestamp::from_millisecond(1_795_400_000_000 + number as i64).unwrap();
    serde_json::json!({
        "timestamp": at.to_string(),
        "event_type": "email_opened",
        "workspace": "01950000-0001-7d90-95fb-39c34dfc240b",
        "campaign_id": "019a1000-0001-743d-9448-c82ed573edfe",
        "lead_email": format!("n{number}@example.com"),
        "email_account": "mira@outreach.example.com",
        "step": 1,
    })
    .to_string()
}

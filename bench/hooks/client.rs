//! A client that costs little: requests written by hand on connections that stay open, so that the receiver is what is
//! measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use engine::connections::{self, Keys, New};
use jiff::Timestamp;
use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Where deliveries go, and what is in them.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) port: u16,
    path: String,
    header: String,
    bytes: usize,
    next: Arc<AtomicU64>,
}

impl Target {
    /// A connection of Instantly's, and a port that nobody listens on.
    pub(crate) async fn new(pool: &PgPool, bytes: usize) -> Result<Self> {
        let keys = Keys { given: None, file: "unused".into() };
        let new = New { source: "instantly".into(), ..New::default() };
        let issued = connections::add(pool, &keys, new, Timestamp::now()).await?;
        let (name, value) = issued.header().context("a header")?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let (path, header) = (issued.url(""), format!("{name}: {value}"));
        Ok(Self { port, path, header, bytes, next: Arc::default() })
    }

    /// A number that no delivery had before.
    pub(crate) fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// A reply by somebody nobody knows, told by the number, as long as was asked for.
    pub(crate) fn body(&self, number: u64) -> String {
        let at =
            Timestamp::from_millisecond(1_795_400_000_000 + number as i64).unwrap_or(Timestamp::UNIX_EPOCH);
        let start = format!(
            r#"{{"timestamp":"{at}","event_type":"reply_received","workspace":"w","campaign_id":"c","lead_email":"n{number}@example.com","email_account":"mira@outreach.example.com","step":1,"reply_text":""#
        );
        let words = "Thursday works, bring the figures. "
            .chars()
            .cycle()
            .take(self.bytes.saturating_sub(start.len() + 2));
        format!("{start}{}\"}}", words.collect::<String>())
    }

    /// The request whole.
    fn request(&self, number: u64) -> Vec<u8> {
        let body = self.body(number);
        format!(
            "POST {} HTTP/1.1\r\nhost: localhost\r\n{}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.path,
            self.header,
            body.len()
        )
        .into_bytes()
    }
}

/// A connection that stays open.
pub(crate) struct Sender {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Sender {
    pub(crate) async fn connect(port: u16) -> std::io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(1024) })
    }

    /// Sends one and waits for its answer; the status.
    pub(crate) async fn send(&mut self, target: &Target, number: u64) -> std::io::Result<u16> {
        self.stream.write_all(&target.request(number)).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(status) = whole(&self.answer) {
                return Ok(status);
            }
        }
    }
}

/// The status, once the answer is there with its body.
fn whole(answer: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
    (body.len() >= length.unwrap_or(0)).then_some(status)
}

/// So many connections, each with one delivery after the other; latencies in milliseconds, ascending.
pub(crate) async fn pour(target: &Target, clients: usize, time: Duration) -> Result<Vec<f64>> {
    let until = Instant::now() + time;
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let target = target.clone();
            tokio::spawn(async move {
                let mut sender = Sender::connect(target.port).await?;
                let mut latencies = Vec::new();
                while Instant::now() < until {
                    let began = Instant::now();
                    let status = sender.send(&target, target.number()).await?;
                    latencies.push(began.elapsed().as_secs_f64() * 1000.0);
                    ensure!((200..300).contains(&status), "a delivery was answered with {status}");
                }
                anyhow::Ok(latencies)
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await??);
    }
    all.sort_by(f64::total_cmp);
    Ok(all)
}

//! Many deliveries through a `kill -9` in the middle: every one that was answered with 2xx is there.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sqlx::PgPool;
use tokio::process::{Child, Command};

use crate::client::{Sender, Target};

/// `touchline serve`, as a process of its own.
pub(crate) struct Receiver {
    url: String,
    port: u16,
    child: Child,
}

impl Receiver {
    pub(crate) async fn start(url: &str, port: u16) -> Result<Self> {
        let program = std::env::current_exe()?.with_file_name("touchline");
        let child = Command::new(program)
            .args(["serve", "--hooks-only", "--listen", &format!("127.0.0.1:{port}")])
            .env("DATABASE_URL", url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting touchline; `bin/bench` builds it")?;
        let receiver = Self { url: url.into(), port, child };
        let began = Instant::now();
        while Sender::connect(port).await.is_err() {
            ensure!(began.elapsed() < Duration::from_secs(30), "the receiver does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(receiver)
    }

    async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.context("killing the receiver")
    }

    pub(crate) async fn stop(mut self) -> Result<()> {
        self.kill().await
    }
}

/// What the senders saw.
#[derive(Default)]
struct Seen {
    acknowledged: AtomicU64,
    /// Answers other than 2xx.
    others: AtomicU64,
    /// Connections that broke or were refused; the delivery was sent again.
    broken: AtomicU64,
}

/// Sends so many, kills the receiver when half of them are in, starts it again, and looks for every one.
pub(crate) async fn through_a_kill(
    pool: &PgPool,
    target: &Target,
    receiver: &mut Receiver,
    clients: usize,
    deliveries: u64,
) -> Result<()> {
    let (seen, began) = (Arc::new(Seen::default()), Instant::now());
    let first = target.number() + 1;
    let left = Arc::new(AtomicU64::new(0));
    let senders: Vec<_> = (0..clients)
        .map(|_| tokio::spawn(send(target.clone(), seen.clone(), left.clone(), first, deliveries)))
        .collect();
    while seen.acknowledged.load(Ordering::Relaxed) < deliveries / 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    receiver.kill().await?;
    *receiver = Receiver::start(&receiver.url, receiver.port).await?;
    for sender in senders {
        sender.await?;
    }
    let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
    let stored: i64 = sqlx::query_scalar(
        "select count(distinct substring(convert_from(body, 'UTF8') from 'lead_email\":\"n([0-9]+)@')::bigint)
           from touchline.deliveries
          where substring(convert_from(body, 'UTF8') from 'lead_email\":\"n([0-9]+)@')::bigint between $1 and $2",
    )
    .bind(first as i64)
    .bind((first + deliveries - 1) as i64)
    .fetch_one(pool)
    .await?;
    println!(
        "\n{deliveries} deliveries through a kill -9 in {:.1} s: {} answered with 2xx, {} with something else, {} connections broke; {stored} stored, {} lost",
        began.elapsed().as_secs_f64(),
        count(&seen.acknowledged),
        count(&seen.others),
        count(&seen.broken),
        deliveries as i64 - stored
    );
    ensure!(stored == deliveries as i64 && count(&seen.others) == 0, "deliveries were lost or refused");
    Ok(())
}

/// One sender: its deliveries one after the other, each until it is answered with 2xx.
async fn send(target: Target, seen: Arc<Seen>, taken: Arc<AtomicU64>, first: u64, deliveries: u64) {
    let mut sender = None;
    loop {
        let number = taken.fetch_add(1, Ordering::Relaxed);
        if number >= deliveries {
            return;
        }
        loop {
            let answer = match &mut sender {
                Some(open) => Sender::send(open, &target, first + number).await,
                None => match Sender::connect(target.port).await {
                    Ok(fresh) => sender.insert(fresh).send(&target, first + number).await,
                    Err(error) => Err(error),
                },
            };
            match answer {
                Ok(200..=299) => break,
                Ok(_) => {
                    seen.others.fetch_add(1, Ordering::Relaxed);
                }
                Err(_) => {
                    sender = None;
                    seen.broken.fetch_add(1, Ordering::Relaxed);
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        seen.acknowledged.fetch_add(1, Ordering::Relaxed);
    }
}

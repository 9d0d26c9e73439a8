//! Webhooks pour in while our process, or PostgreSQL, dies again and again: every delivery that got its 2xx is in, once.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::process::Child;

use crate::support::vendor::{Target, Vendor};
use crate::support::{self, moment, setting, touchline};

/// A receiver on a database.
struct Receiver {
    url: String,
    port: u16,
    child: Child,
}

impl Receiver {
    async fn start(url: &str, port: u16) -> Self {
        let child = touchline(&["serve", "--hooks-only", "--listen", &format!("127.0.0.1:{port}")])
            .env("DATABASE_URL", url)
            .spawn()
            .unwrap();
        let receiver = Self { url: url.into(), port, child };
        receiver.until_it_listens().await;
        receiver
    }

    async fn until_it_listens(&self) {
        let began = Instant::now();
        while tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "it does not listen");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// `kill -9`, and another one in its place.
    async fn again(mut self) -> Self {
        self.child.kill().await.unwrap();
        Self::start(&self.url, self.port).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_delivery_is_lost_or_doubled_when_our_process_is_killed() {
    let mut dice = support::dice();
    let kills = setting("TOUCHLINE_HOOK_KILLS", 6);
    let database = support::database().await;
    let target = Target::new(database.pool()).await;
    let mut receiver = Receiver::start(&support::url(&database), target.port).await;
    let vendor = Vendor::pour(target);
    let began = Instant::now();
    for _ in 0..kills {
        let before = vendor.acknowledged();
        tokio::time::sleep(moment(&mut dice, Duration::from_millis(1500))).await;
        receiver = receiver.again().await;
        // Not a row of deaths: something comes in between.
        while vendor.acknowledged() < before + 20 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let sent = vendor.end().await;
    eprintln!("{kills} kills, {} deliveries, {:.1} s", sent.len(), began.elapsed().as_secs_f64());
    settled(database.pool()).await;
    holds_each_once(database.pool(), &sent).await;
    drop(receiver);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_delivery_is_lost_or_doubled_when_postgresql_dies() {
    let mut dice = support::dice();
    let kills = setting("TOUCHLINE_HOOK_SERVER_KILLS", 2);
    let server = testkit::private_server().await;
    let url = format!("{}&options=-c%20search_path%3Dpublic", server.url("touchline"));
    support::run(touchline(&["migrate"]).env("DATABASE_URL", &url)).await.expect(0);
    let pool = PgPool::connect(&url).await.unwrap();
    let target = Target::new(&pool).await;
    pool.close().await;
    let receiver = Receiver::start(&url, target.port).await;
    let vendor = Vendor::pour(target);
    let began = Instant::now();
    for _ in 0..kills {
        let before = vendor.acknowledged();
        tokio::time::sleep(moment(&mut dice, Duration::from_millis(1500))).await;
        server.kill_all();
        tokio::time::sleep(moment(&mut dice, Duration::from_millis(500))).await;
        server.start().await;
        while vendor.acknowledged() < before + 20 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let sent = vendor.end().await;
    eprintln!("{kills} kills, {} deliveries, {:.1} s", sent.len(), began.elapsed().as_secs_f64());
    let pool = PgPool::connect(&url).await.unwrap();
    settled(&pool).await;
    holds_each_once(&pool, &sent).await;
    pool.close().await;
    drop(receiver);
}

/// Waits until everything that came is understood and worked out; as long as it takes, while it gets less.
async fn settled(pool: &PgPool) {
    let waits = "select (select count(*) from touchline.deliveries where state = 'waiting') + (select count(*) from touchline.changes)";
    let (mut least, mut since) = (i64::MAX, Instant::now());
    loop {
        let waiting: i64 = sqlx::query_scalar(waits).fetch_one(pool).await.unwrap();
        if waiting == 0 {
            return;
        }
        if waiting < least {
            (least, since) = (waiting, Instant::now());
        }
        assert!(since.elapsed() < Duration::from_secs(120), "{waiting} wait, and it does not get less");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A raw record and an event for each number, and for no other.
async fn holds_each_once(pool: &PgPool, sent: &BTreeSet<u64>) {
    assert!(sent.len() > 50, "hardly anything was sent: {}", sent.len());
    let expected: Vec<i64> = sent.iter().map(|number| *number as i64).collect();
    for table in [
        "select email_address from instantly_webhook_events_raw",
        "select contact_address from events where event_type = 'email_opened'",
    ] {
        let sql = format!("select substr(split_part(a, '@', 1), 2)::bigint from ({table}) t (a) order by 1");
        let found: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
        assert!(found == expected, "{} of {} are in: {table}", found.len(), expected.len());
    }
    let aside: i64 =
        sqlx::query_scalar("select count(*) from touchline.deliveries where state = 'set_aside'")
            .fetch_one(pool)
            .await
            .unwrap();
    assert_eq!(aside, 0);
}

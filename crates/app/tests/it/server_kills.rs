//! PostgreSQL killed with all its children in the middle of a sync, which rides it out: one that somebody else starts
//! again, and the private one, which our own process brings back.

use std::path::Path;
use std::time::{Duration, Instant};

use simulator::Simulator;
use sqlx::PgPool;
use testkit::PrivateServer;
use tokio::process::Command;

use crate::process_kills::undisturbed;
use crate::support::dump::{Dump, difference, dump};
use crate::support::{self, finished, moment, reaching, run, setting, state, touchline, world};

/// Kills in one run at most.
const KILLS_A_RUN: u64 = 3;

/// Who starts the server again.
#[derive(Clone, Copy, PartialEq)]
enum Revival {
    /// Its owner, after a while.
    Owner,
    /// The sync itself.
    Ourselves,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_rides_out_the_death_of_a_server_that_its_owner_starts_again() {
    ride_out(Revival::Owner).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_brings_the_private_server_back_by_itself() {
    ride_out(Revival::Ourselves).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_web_server_brings_the_private_server_back_by_itself() {
    let server = testkit::private_server().await;
    let place = Place::new(&server, Revival::Ourselves, 0).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("http://127.0.0.1:{port}/api/v1/status");
    let mut serve = place
        .command(&["serve", "--no-sync", "--listen", &format!("127.0.0.1:{port}")])
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    answers(&address).await;
    server.kill_all();
    answers(&address).await;
    assert!(serve.try_wait().unwrap().is_none(), "it is the same process");
    serve.kill().await.unwrap();
}

/// Waits until something good comes from there.
async fn answers(address: &str) {
    let began = Instant::now();
    loop {
        let answer = reqwest::get(address).await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{address} does not answer");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn ride_out(revival: Revival) {
    let mut dice = support::dice();
    let wanted = setting("TOUCHLINE_SERVER_KILLS", 4).div_ceil(2);
    let vendor = world().await;
    let (expected, pace) = undisturbed().await;
    let server = testkit::private_server().await;
    let began = Instant::now();
    let (mut kills, mut runs) = (0, 0);
    while kills < wanted {
        let place = Place::new(&server, revival, runs).await;
        runs += 1;
        let mut sync = place.sync(&vendor).spawn().unwrap();
        place.until_a_run_began().await;
        for _ in 0..KILLS_A_RUN.min(wanted - kills) {
            tokio::time::sleep(moment(&mut dice, pace.first / 2)).await;
            if sync.try_wait().unwrap().is_some() {
                break;
            }
            server.kill_all();
            kills += 1;
            if revival == Revival::Owner {
                tokio::time::sleep(moment(&mut dice, Duration::from_millis(500))).await;
                server.start().await;
            }
        }
        let ran = finished(sync).await.expect(0);
        assert_eq!(ran.json()["state"], "finished", "{ran:?}");
        place.holds(expected).await;
    }
    eprintln!("{kills} kills in {runs} runs, {:.1} s", began.elapsed().as_secs_f64());
}

/// A database on a server that is about to die.
struct Place<'a> {
    server: &'a PrivateServer,
    revival: Revival,
    name: String,
}

impl<'a> Place<'a> {
    async fn new(server: &'a PrivateServer, revival: Revival, number: u64) -> Self {
        let name = format!("run_{number}");
        let place = Self { server, revival, name };
        match revival {
            Revival::Owner => place.admin(&format!("create database {}", place.name)).await,
            // The private server has one database only.
            Revival::Ourselves => {
                place.admin("drop database if exists touchline with (force)").await;
                place.admin("create database touchline").await;
            }
        }
        run(&mut place.command(&["migrate"])).await.expect(0);
        place
    }

    async fn admin(&self, sql: &str) {
        let pool = PgPool::connect(&self.server.url("postgres")).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        pool.close().await;
    }

    fn url(&self) -> String {
        let name = if self.revival == Revival::Owner { self.name.as_str() } else { "touchline" };
        format!("{}&options=-c%20search_path%3Dpublic", self.server.url(name))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = touchline(arguments);
        match self.revival {
            Revival::Owner => command.env("DATABASE_URL", self.url()),
            Revival::Ourselves => command.env("TOUCHLINE_HOME", self.home()),
        };
        command
    }

    fn home(&self) -> &Path {
        self.server.home()
    }

    fn sync(&self, vendor: &Simulator) -> Command {
        let mut command = self.command(&["sync", "--json"]);
        reaching(&mut command, vendor);
        command
    }

    async fn until_a_run_began(&self) {
        let pool = PgPool::connect(&self.url()).await.unwrap();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(20) {
            let sql = "select exists (select from touchline.runs)";
            if sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap() {
                return pool.close().await;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("no run began");
    }

    async fn holds(&self, expected: &Dump) {
        let pool = PgPool::connect(&self.url()).await.unwrap();
        let found = dump(&pool).await;
        assert_eq!(difference(expected, &found, &[]), "");
        assert_eq!(state::settled(&pool).await, 0, "no process was killed");
        pool.close().await;
    }
}

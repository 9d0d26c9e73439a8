//! Measures what a browser or a program waits for among a million leads and ten million events: the API and pages over HTTP,
//! each in turns with pgbench running the same SQL at the same number of clients, in one run. Where a statement is put together
//! by the engine (the list), the engine function alone stands for it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bench::world::{self, LEAD_IN_PGBENCH, Size, World, percentile};
use bench::{load, median, pgbench};
use clap::Parser;
use engine::clock::Clock;
use engine::connections::Keys;
use engine::funnel::{self, By, Selection, Unit};
use engine::inbox::{Inbox, Limits};
use engine::jobs::Wake;
use engine::leads::{self, Filter, LeadStatus, Sort, Touched};
use jiff::Timestamp;
use tokio::net::TcpListener;

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    size: Size,
    /// Rounds
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Clients at once
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// Seconds of a measurement
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// A server that runs already, on the same database; none: one of this run
    #[arg(long)]
    server: Option<String>,
}

/// The two filters of the list, as the engine takes them and as the address says them.
fn filter() -> Filter {
    Filter { lead_status: Some(LeadStatus::New), touched: Some(Touched::Longer), ..Filter::default() }
}
const LIST: &str = "/api/v1/leads?lead_status=new&touched=longer&sort=touched&limit=50";

#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::parse();
    let world = World::open(&settings.size).await?;
    let base = match &settings.server {
        Some(base) => base.trim_end_matches('/').to_owned(),
        None => serve(&world).await?,
    };
    println!("\n{} clients, milliseconds; a warm-up round before those that count", settings.clients);
    println!("what                     round   SQL p50    p99   HTTP p50    p99   ratio of p99");
    let timeline = include_str!("../../crates/engine/src/timeline.sql")
        .replace("$1", LEAD_IN_PGBENCH)
        .replace("$2", "null")
        .replace("$3", "null")
        .replace("$4", "50")
        .replace("$5", "null");
    let profile = include_str!("../../crates/engine/src/leads/profile.sql")
        .replace("$1", LEAD_IN_PGBENCH)
        .replace("$2", "now() - interval '42 days'");
    let (size, leads) = (settings.size.clone(), settings.size.leads);
    let of_lead = move |base: &str, path: &'static str| {
        let (base, size) = (base.to_owned(), size.clone());
        move |number: u64| format!("{base}{}", path.replace("{id}", &world::lead(number, &size).to_string()))
    };
    let script = |statements: &[&String]| {
        let all: Vec<String> =
            statements.iter().map(|sql| format!("{};\n", sql.trim_end().trim_end_matches(';'))).collect();
        format!("\\set lead random(1, {leads})\n{}", all.concat())
    };
    let cases = [
        ("lead, API", script(&[&profile]), "/api/v1/leads/{id}"),
        ("timeline, API", script(&[&timeline]), "/api/v1/leads/{id}/timeline?limit=50"),
        ("lead page", script(&[&profile, &timeline]), "/leads/{id}"),
    ];
    for (name, sql, path) in cases {
        let mut ratios = Vec::new();
        for round in 0..=settings.rounds {
            let theirs = pgbench::latencies(&world.url, &sql, settings.clients, settings.seconds)?;
            let ours = load::latencies(settings.clients, settings.seconds, of_lead(&base, path)).await?;
            ratios.extend(told(name, round, &theirs, &ours));
        }
        println!("{name:<25} median {:>49.2}", median(ratios));
    }
    let mut ratios = Vec::new();
    for round in 0..=settings.rounds {
        let theirs = listed(&settings, &world).await?;
        let address = format!("{base}{LIST}");
        let ours = load::latencies(settings.clients, settings.seconds, move |_| address.clone()).await?;
        ratios.extend(told("leads list, API", round, &theirs, &ours));
    }
    println!("{:<25} median {:>49.2}", "leads list, API", median(ratios));
    funnels(&world, &base).await
}

/// A line; its ratio, where the round counts.
fn told(name: &str, round: usize, theirs: &[f64], ours: &[f64]) -> Option<f64> {
    let ratio = percentile(ours, 99) / percentile(theirs, 99);
    println!(
        "{name:<25} {round:>4} {:>9.2} {:>6.2} {:>10.2} {:>6.2} {ratio:>14.2}",
        percentile(theirs, 50),
        percentile(theirs, 99),
        percentile(ours, 50),
        percentile(ours, 99),
    );
    (round > 0).then_some(ratio)
}

/// The list by the engine alone, at the same number of clients.
async fn listed(settings: &Settings, world: &World) -> Result<Vec<f64>> {
    let until = Instant::now() + Duration::from_secs(settings.seconds);
    let tasks: Vec<_> = (0..settings.clients)
        .map(|_| {
            let pool = world.pool.clone();
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while Instant::now() < until {
                    let began = Instant::now();
                    leads::list(&pool, &filter(), Sort::LastTouch, None, 50, Timestamp::now()).await?;
                    latencies.push(began.elapsed().as_secs_f64() * 1000.0);
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

/// The funnel over all campaigns, one client: within 100 ms on a calm machine.
async fn funnels(world: &World, base: &str) -> Result<()> {
    println!("\nfunnel over all campaigns, one client, milliseconds, median and slowest of 20");
    let http = reqwest::Client::new();
    let (mut engine, mut api) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let began = Instant::now();
        funnel::funnel(&world.pool, Unit::People, By::Campaign, Selection::default()).await?;
        engine.push(began.elapsed().as_secs_f64() * 1000.0);
        let began = Instant::now();
        http.get(format!("{base}/api/v1/funnel")).send().await?.error_for_status()?.bytes().await?;
        api.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    for (name, times) in [("engine", engine), ("API", api)] {
        let slowest = times.iter().copied().fold(0.0, f64::max);
        println!("{name:<8} {:>8.1} {slowest:>8.1}", median(times));
    }
    Ok(())
}

/// The server in this process, as `touchline serve` makes it.
async fn serve(world: &World) -> Result<String> {
    let pool = engine::db::pool_options().max_connections(20).connect(&world.url).await?;
    let keys = Keys { given: None, file: PathBuf::from("no-key") };
    let clock = Clock::new(Timestamp::now);
    let inbox = Inbox::start(pool.clone(), keys.clone(), clock.clone(), Limits::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.context("listening")?;
    let base = format!("http://{}", listener.local_addr()?);
    let tools = web::Tools {
        wake: Wake::default(),
        sources: Vec::new(),
        recordings: engine::recordings::Recordings::default(),
        keys,
        public_url: base.clone(),
        emails_per_minute: 0,
        entry: web::Entry::default(),
    };
    let routes = web::routes(pool, inbox, clock, tools);
    tokio::spawn(web::serve(listener, routes, std::future::pending()));
    Ok(base)
}

//! Measures reading: 50 rows of any lead's timeline, and the funnel over all campaigns, among millions of events. The
//! timeline beside pgbench with the same query at the same number of clients, in turns.

use std::time::{Duration, Instant};

use anyhow::Result;
use bench::world::{self, LEAD_IN_PGBENCH, Size, World, percentile};
use bench::{median, pgbench};
use clap::Parser;
use engine::funnel::{self, By, Selection, Unit};
use engine::timeline;

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
}

#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::parse();
    let world = World::open(&settings.size).await?;
    println!("\n50 rows of a lead's timeline, {} clients, milliseconds", settings.clients);
    println!("round    pgbench p50    p99   Touchline p50    p99   ratio of p99");
    let mut ratios = Vec::new();
    // one more before those that count
    for round in 0..=settings.rounds {
        let theirs = by_pgbench(&settings, &world)?;
        let ours = by_engine(&settings, &world).await?;
        let ratio = percentile(&ours, 99) / percentile(&theirs, 99);
        println!(
            "{:<8} {:>11.2} {:>6.2} {:>15.2} {:>6.2} {:>14.2}",
            if round == 0 { "warm-up".into() } else { round.to_string() },
            percentile(&theirs, 50),
            percentile(&theirs, 99),
            percentile(&ours, 50),
            percentile(&ours, 99),
            ratio
        );
        if round > 0 {
            ratios.push(ratio);
        }
    }
    println!("median   {:>59.2}", median(ratios));
    funnels(&world).await
}

/// The statement as it stands, with its parameters filled in for pgbench.
fn by_pgbench(settings: &Settings, world: &World) -> Result<Vec<f64>> {
    let statement = include_str!("../../crates/engine/src/timeline.sql")
        .replace("$1", LEAD_IN_PGBENCH)
        .replace("$2", "null")
        .replace("$3", "null")
        .replace("$4", "50")
        .replace("$5", "null");
    let script = format!("\\set lead random(1, {})\n{statement};\n", settings.size.leads);
    pgbench::latencies(&world.url, &script, settings.clients, settings.seconds)
}

async fn by_engine(settings: &Settings, world: &World) -> Result<Vec<f64>> {
    let until = Instant::now() + Duration::from_secs(settings.seconds);
    let tasks: Vec<_> = (0..settings.clients)
        .map(|client| {
            let (pool, size) = (world.pool.clone(), settings.size.clone());
            tokio::spawn(async move {
                let mut random = fastrand::Rng::with_seed(client as u64 + 1);
                let mut latencies = Vec::new();
                while Instant::now() < until {
                    let lead = world::lead(random.u64(..), &size);
                    let began = Instant::now();
                    timeline::of_lead(&pool, lead, None, 50).await?;
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

async fn funnels(world: &World) -> Result<()> {
    println!("\nfunnel over all campaigns, milliseconds, median and slowest of 20");
    for unit in [Unit::People, Unit::Touches] {
        for by in [By::Campaign, By::Week] {
            let mut times = Vec::new();
            for _ in 0..20 {
                let began = Instant::now();
                funnel::funnel(&world.pool, unit, by, Selection::default()).await?;
                times.push(began.elapsed().as_secs_f64() * 1000.0);
            }
            let slowest = times.iter().copied().fold(0.0, f64::max);
            println!("{:<8} by {:<9} {:>8.1} {:>8.1}", unit.word(), by.word(), median(times), slowest);
        }
    }
    Ok(())
}

//! Measures the receiver of webhooks: durable deliveries over HTTP from many connections at once, beside pgbench inserting
//! the same row with as many clients, in turns. Then 100,000 deliveries through a `kill -9`.

mod client;
mod held;

use std::time::{Duration, Instant};

use anyhow::Result;
use bench::place::Place;
use bench::world::percentile;
use bench::{median, pgbench};
use clap::Parser;

use self::client::Target;
use self::held::Receiver;

#[derive(Parser)]
struct Settings {
    /// Rounds
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Connections, and clients of pgbench
    #[arg(long, default_value_t = 64)]
    clients: usize,
    /// Seconds of a measurement
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Bytes of a body
    #[arg(long, default_value_t = 2000)]
    bytes: usize,
    /// Deliveries that are held through a kill; 0: none
    #[arg(long, default_value_t = 100_000)]
    held: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::parse();
    let place = Place::open().await;
    let fresh = place.fresh("bench_hooks").await?;
    engine::db::migrate(&fresh.pool).await?;
    let target = Target::new(&fresh.pool, settings.bytes).await?;
    let mut receiver = Receiver::start(&fresh.url, target.port).await?;
    println!(
        "{} connections, bodies of {} bytes, each answered after its commit",
        settings.clients, settings.bytes
    );
    println!("round    pgbench rows/s  p99 ms   Touchline 2xx/s  p50 ms  p99 ms   ratio");
    let mut ratios = Vec::new();
    // one more before those that count
    for round in 0..=settings.rounds {
        let theirs = pgbench::latencies(&fresh.url, &script(&target), settings.clients, settings.seconds)?;
        let began = Instant::now();
        let ours = client::pour(&target, settings.clients, Duration::from_secs(settings.seconds)).await?;
        let taken = began.elapsed().as_secs_f64();
        let (their_rate, our_rate) =
            (theirs.len() as f64 / settings.seconds as f64, ours.len() as f64 / taken);
        println!(
            "{:<8} {:>14.0} {:>7.1} {:>17.0} {:>7.1} {:>7.1} {:>7.2}",
            if round == 0 { "warm-up".into() } else { round.to_string() },
            their_rate,
            percentile(&theirs, 99),
            our_rate,
            percentile(&ours, 50),
            percentile(&ours, 99),
            our_rate / their_rate
        );
        if round > 0 {
            ratios.push(our_rate / their_rate);
        }
    }
    println!("median   {:>56.2}", median(ratios));
    if settings.held > 0 {
        held::through_a_kill(&fresh.pool, &target, &mut receiver, settings.clients, settings.held).await?;
    }
    receiver.stop().await
}

/// The same row, as one insert and one commit.
fn script(target: &Target) -> String {
    format!(
        "insert into touchline.deliveries (id, connection_id, source, provider, event, received_at, headers, body, state)
         values (gen_random_uuid(), gen_random_uuid(), 'instantly', '', null, now(), '{}', convert_to('{}', 'UTF8'), 'understood');\n",
        r#"{"content-type": "application/json", "content-length": "2000", "host": "localhost"}"#,
        target.body(0).replace('\'', "''")
    )
}

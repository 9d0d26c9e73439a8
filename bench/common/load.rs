//! A load over HTTP: so many clients, each with one request after the other, and how long each took.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// Asks for addresses that `address` makes from a random number; latencies in milliseconds, ascending.
pub async fn latencies(
    clients: usize,
    seconds: u64,
    address: impl Fn(u64) -> String + Send + Sync + Clone + 'static,
) -> Result<Vec<f64>> {
    let until = Instant::now() + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let address = address.clone();
            tokio::spawn(async move {
                let http = reqwest::Client::builder().pool_max_idle_per_host(1).build()?;
                let mut random = fastrand::Rng::with_seed(client as u64 + 1);
                let mut latencies = Vec::new();
                while Instant::now() < until {
                    let url = address(random.u64(..));
                    let began = Instant::now();
                    let answer = http.get(&url).send().await?;
                    let status = answer.status();
                    answer.bytes().await?;
                    latencies.push(began.elapsed().as_secs_f64() * 1000.0);
                    ensure!(status.is_success(), "{url}: {status}");
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
